//! MP4 and QuickTime videos and M4A sound: takes out place, device, time and text without moving a byte.
//!
//! A box (ISO/IEC 14496-12, section 4.2) that players need is kept; every other one becomes a `free` box of
//! the same length, filled with zeros, so that the offsets into the media stay right. The times of creation
//! in the headers are cleared. Tracks of timed metadata, where action cameras keep their positions, are
//! emptied with their samples. Nothing is held in memory but the list of what to overwrite.
//!
//! Not here: WebM, and metadata within the coded picture or sound itself.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::cursor::Cursor;
use crate::error::{MediaError, Result};

/// A file has some dozens of boxes, a long fragmented one some thousands.
const MAX_BOXES: usize = 200_000;
/// The longest table of a metadata track: at 100 samples a second that is a day of recording.
const MAX_TABLE: u64 = 64 * 1024 * 1024;
/// Seconds from the epoch of these headers, 1904, to that of Unix.
const UNIX_EPOCH: i64 = 2_082_844_800;

/// The bytes of a video without its metadata; as many as there were.
#[derive(Debug)]
pub struct Scrubbed<R> {
    reader: R,
    at: u64,
    /// In order and apart from each other.
    zeros: Vec<Range<u64>>,
    /// Where `free` is written over the name of a box; in order.
    names: Vec<u64>,
    captured_at: Option<String>,
}

impl<R> Scrubbed<R> {
    /// When the video was taken, in UTC: `YYYY-MM-DDTHH:MM:SS`.
    #[must_use]
    pub fn captured_at(&self) -> Option<&str> {
        self.captured_at.as_deref()
    }
}

/// Finds the metadata of a file that [`crate::sniff()`] takes for MP4, QuickTime or M4A, and gives its bytes
/// without them.
///
/// # Errors
/// [`MediaError::VideoDamaged`] when the structure is broken, or reading fails.
pub fn scrub<R: Read + Seek>(mut reader: R) -> Result<Scrubbed<R>> {
    let end = reader.seek(SeekFrom::End(0))?;
    let mut walk = Walk {
        reader: &mut reader,
        boxes: 0,
        zeros: Vec::new(),
        names: Vec::new(),
        created: None,
    };
    walk.level(0..end, Level::File)?;
    let Walk {
        zeros,
        mut names,
        created,
        ..
    } = walk;
    names.sort_unstable();
    reader.seek(SeekFrom::Start(0))?;
    Ok(Scrubbed {
        reader,
        at: 0,
        zeros: merged(zeros),
        names,
        captured_at: created.and_then(date),
    })
}

impl<R: Read> Read for Scrubbed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.reader.read(buffer)?;
        let read = self.at..self.at + len as u64;
        let mut overwrite = |range: &Range<u64>, value: &dyn Fn(u64) -> u8| {
            for at in range.start.max(read.start)..range.end.min(read.end) {
                let byte = usize::try_from(at - read.start)
                    .ok()
                    .and_then(|index| buffer.get_mut(index));
                if let Some(byte) = byte {
                    *byte = value(at - range.start);
                }
            }
        };
        let first = self.zeros.partition_point(|range| range.end <= read.start);
        for range in self
            .zeros
            .iter()
            .skip(first)
            .take_while(|range| range.start < read.end)
        {
            overwrite(range, &|_| 0);
        }
        let first = self.names.partition_point(|at| at + 4 <= read.start);
        for at in self.names.iter().skip(first).take_while(|at| **at < read.end) {
            overwrite(&(*at..at + 4), &|index| {
                *b"free".get(index as usize).unwrap_or(&0)
            });
        }
        self.at = read.end;
        Ok(len)
    }
}

/// Where in the file a list of boxes stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    File,
    Movie,
    Track,
    Media,
    Fragment,
}

impl Level {
    /// What is within a box of this name, where it is looked into.
    fn below(self, name: &[u8; 4]) -> Option<Self> {
        match (self, name) {
            (Self::File, b"moov") => Some(Self::Movie),
            (Self::File, b"moof") | (Self::Fragment, b"traf") => Some(Self::Fragment),
            (Self::Movie, b"trak") => Some(Self::Track),
            (Self::Track, b"mdia") => Some(Self::Media),
            _ => None,
        }
    }

    /// Whether players need a box of this name here.
    fn keeps(self, name: &[u8; 4]) -> bool {
        match self {
            Self::File => matches!(
                name,
                b"ftyp"
                    | b"styp"
                    | b"pdin"
                    | b"moov"
                    | b"moof"
                    | b"mfra"
                    | b"mdat"
                    | b"sidx"
                    | b"ssix"
                    | b"wide"
            ),
            Self::Movie => matches!(name, b"mvhd" | b"trak" | b"mvex" | b"iods" | b"ctab" | b"clip"),
            Self::Track => {
                matches!(
                    name,
                    b"tkhd" | b"tref" | b"trgr" | b"edts" | b"mdia" | b"tapt" | b"load" | b"clip" | b"matt"
                )
            }
            Self::Media => matches!(name, b"mdhd" | b"hdlr" | b"minf" | b"elng"),
            Self::Fragment => matches!(
                name,
                b"mfhd"
                    | b"traf"
                    | b"tfhd"
                    | b"tfdt"
                    | b"trun"
                    | b"sbgp"
                    | b"sgpd"
                    | b"subs"
                    | b"saiz"
                    | b"saio"
                    | b"senc"
            ),
        }
    }
}

struct Atom {
    name: [u8; 4],
    start: u64,
    payload: Range<u64>,
}

struct Walk<'a, R> {
    reader: &'a mut R,
    boxes: usize,
    zeros: Vec<Range<u64>>,
    names: Vec<u64>,
    created: Option<u64>,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn level(&mut self, range: Range<u64>, level: Level) -> Result<()> {
        for atom in self.list(range, level == Level::File)? {
            match &atom.name {
                name if !level.keeps(name) => self.empty(&atom),
                b"trak" if self.is_timed_metadata(&atom)? => {
                    self.empty_samples(&atom)?;
                    self.empty(&atom);
                }
                b"mvhd" | b"tkhd" | b"mdhd" => self.clear_times(&atom)?,
                name => {
                    if let Some(below) = level.below(name) {
                        self.level(atom.payload, below)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The boxes in a range. At the end of the file a box may be cut short.
    fn list(&mut self, range: Range<u64>, is_file: bool) -> Result<Vec<Atom>> {
        let mut found = Vec::new();
        let mut start = range.start;
        while range.end - start >= 8 {
            self.boxes += 1;
            if self.boxes > MAX_BOXES {
                return Err(damaged("Too many boxes"));
            }
            let mut header = Vec::with_capacity(16);
            self.read(start..range.end.min(start + 16), &mut header)?;
            let mut cursor = Cursor::new(&header);
            let size = cursor.u32_be().ok_or_else(|| damaged("A box is cut short"))?;
            let name = cursor.array().ok_or_else(|| damaged("A box is cut short"))?;
            let (head, size) = match size {
                0 => (8, range.end - start),
                1 => (16, cursor.array().map(u64::from_be_bytes).unwrap_or_default()),
                size => (8, size.into()),
            };
            let end = start
                .checked_add(size)
                .filter(|_| size >= head)
                .ok_or_else(|| damaged("A box too short"))?;
            if end > range.end && !is_file {
                return Err(damaged("A box that is longer than what it stands in"));
            }
            let end = end.min(range.end);
            found.push(Atom {
                name,
                start,
                payload: (start + head).min(end)..end,
            });
            start = end;
        }
        Ok(found)
    }

    fn read(&mut self, range: Range<u64>, into: &mut Vec<u8>) -> Result<()> {
        self.reader.seek(SeekFrom::Start(range.start))?;
        self.reader.take(range.end - range.start).read_to_end(into)?;
        Ok(())
    }

    /// Makes a box one that is skipped.
    fn empty(&mut self, atom: &Atom) {
        self.names.push(atom.start + 4);
        self.zeros.push(atom.payload.clone());
    }

    /// Clears the times of creation and change in a header, which stand behind version and flags.
    fn clear_times(&mut self, atom: &Atom) -> Result<()> {
        let start = atom.payload.start;
        let mut head = Vec::with_capacity(12);
        self.read(start..atom.payload.end.min(start + 12), &mut head)?;
        let mut cursor = Cursor::new(&head);
        let is_long = cursor.u8() == Some(1);
        cursor.take(3);
        let created = if is_long {
            cursor.array().map(u64::from_be_bytes)
        } else {
            cursor.u32_be().map(u64::from)
        };
        if atom.name == *b"mvhd" {
            self.created = self.created.or(created);
        }
        let len = if is_long { 16 } else { 8 };
        self.zeros
            .push((start + 4).min(atom.payload.end)..(start + 4 + len).min(atom.payload.end));
        Ok(())
    }

    /// The box that one gets to by these names.
    fn find(&mut self, within: &Atom, path: &[&[u8; 4]]) -> Result<Option<Atom>> {
        let mut range = within.payload.clone();
        let mut found = None;
        for name in path {
            found = self
                .list(range, false)?
                .into_iter()
                .find(|atom| atom.name == **name);
            match &found {
                Some(atom) => range = atom.payload.clone(),
                None => return Ok(None),
            }
        }
        Ok(found)
    }

    fn is_timed_metadata(&mut self, track: &Atom) -> Result<bool> {
        let Some(handler) = self.find(track, &[b"mdia", b"hdlr"])? else {
            return Ok(false);
        };
        let mut head = Vec::with_capacity(12);
        self.read(
            handler.payload.start..handler.payload.end.min(handler.payload.start + 12),
            &mut head,
        )?;
        Ok(matches!(head.get(8..12), Some(b"meta" | b"camm" | b"gpmd")))
    }

    /// A table of a track, without version and flags.
    fn table(&mut self, track: &Atom, name: &[u8; 4]) -> Result<Option<Vec<u8>>> {
        let Some(atom) = self.find(track, &[b"mdia", b"minf", b"stbl", name])? else {
            return Ok(None);
        };
        let range = (atom.payload.start + 4).min(atom.payload.end)..atom.payload.end;
        if range.end - range.start > MAX_TABLE {
            return Err(damaged("A table too long"));
        }
        let mut bytes = Vec::new();
        self.read(range, &mut bytes)?;
        Ok(Some(bytes))
    }

    /// Empties the samples of a track: chunk by chunk, as its tables say where they lie.
    fn empty_samples(&mut self, track: &Atom) -> Result<()> {
        let chunks: Vec<u64> = match self.table(track, b"stco")? {
            Some(table) => entries::<4>(&table, 4)
                .iter()
                .map(|at| u32::from_be_bytes(*at).into())
                .collect(),
            None => {
                let table = self.table(track, b"co64")?.unwrap_or_default();
                entries::<8>(&table, 4)
                    .iter()
                    .map(|at| u64::from_be_bytes(*at))
                    .collect()
            }
        };
        let sizes = self.table(track, b"stsz")?.unwrap_or_default();
        let same = sizes.first_chunk().map_or(0, |size| u32::from_be_bytes(*size));
        let mut sizes = entries::<4>(&sizes, 8)
            .iter()
            .map(|size| u32::from_be_bytes(*size));
        let runs = self.table(track, b"stsc")?.unwrap_or_default();
        let mut runs = entries::<12>(&runs, 4).iter().map(|run| {
            let mut cursor = Cursor::new(run);
            (
                cursor.u32_be().unwrap_or_default(),
                cursor.u32_be().unwrap_or_default(),
            )
        });
        let mut next = runs.next();
        let mut samples = 0;
        for (number, start) in (1u32..).zip(chunks) {
            while let Some((_, count)) = next.filter(|(first, _)| *first <= number) {
                samples = count;
                next = runs.next();
            }
            let len = if same > 0 {
                u64::from(same) * u64::from(samples)
            } else {
                let samples = usize::try_from(samples).unwrap_or(usize::MAX);
                sizes.by_ref().take(samples).map(u64::from).sum()
            };
            self.zeros.push(start..start.saturating_add(len));
        }
        Ok(())
    }
}

/// The entries of a table that begins with `head` bytes, their number among them.
fn entries<const N: usize>(table: &[u8], head: usize) -> &[[u8; N]] {
    table.get(head..).unwrap_or_default().as_chunks().0
}

fn merged(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<u64>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn damaged(what: &str) -> MediaError {
    MediaError::VideoDamaged(what.to_owned())
}

/// A time of these headers as text, unless a clock that was never set wrote it.
fn date(seconds_since_1904: u64) -> Option<String> {
    let seconds = i64::try_from(seconds_since_1904).ok()?.checked_sub(UNIX_EPOCH)?;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Counted in years that begin in March, so that the leap day is the last (Howard Hinnant, `civil_from_days`).
    let days = days.checked_add(719_468)?;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    (1990..=2200)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests;
