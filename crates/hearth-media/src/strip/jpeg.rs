//! JPEG (ITU-T T.81, annex B; JFIF 1.02).
//!
//! Kept: tables, the frame, its scans, the JFIF header without its preview, Adobe's colour mark, the ICC
//! profile. Gone: every other application segment, comments, what stands between segments or after the end.

use std::borrow::Cow;

use super::{Scan, cut_short};
use crate::cursor::Cursor;
use crate::error::{MediaError, Result};
use crate::exif::{self, Exif};
use crate::raster::Orientation;

/// A progressive picture has about ten scans. Many more serve only to keep a decoder busy.
const MAX_SCANS: usize = 100;

const ICC_MARK: &[u8] = b"ICC_PROFILE\0";

/// How many samples of brightness, across and down, share one of colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sampling {
    pub(crate) horizontal: u8,
    pub(crate) vertical: u8,
}

impl Sampling {
    /// The same in the upright picture.
    pub(crate) fn turned(self, orientation: Orientation) -> Self {
        let (horizontal, vertical) = orientation.upright_size((self.horizontal, self.vertical));
        Self { horizontal, vertical }
    }
}

pub(super) fn scan(bytes: &[u8]) -> Result<Scan<'_>> {
    let mut cursor = Cursor::new(bytes);
    let mut scan = Scan::default();
    let mut exif = None;
    let mut profile = Profile::default();
    let mut has_jfif = false;
    let mut scans = 0;
    if cursor.array() != Some([0xFF, 0xD8]) {
        return Err(MediaError::damaged("No JPEG file"));
    }
    scan.kept.push(Cow::Borrowed(&[0xFF, 0xD8]));
    // Decoders fill up what is missing with grey, so that only the mark for the end tells a whole picture from one that was cut off.
    let mut whole = false;
    while let Some(marker) = next_marker(&mut cursor) {
        match marker {
            0xD9 => {
                whole = true;
                break;
            }
            0x01 | 0xD0..=0xD7 => continue,
            0xD8 => return Err(MediaError::damaged("A JPEG file within a JPEG file")),
            _ => {}
        }
        let len = cursor.u16_be().ok_or_else(cut_short)?;
        let payload = usize::from(len)
            .checked_sub(2)
            .and_then(|len| cursor.take(len))
            .ok_or_else(cut_short)?;
        match marker {
            0xC0..=0xC2 if scan.sampling.is_none() => {
                frame(payload, &mut scan).ok_or_else(|| MediaError::damaged("A frame of another form"))?;
                scan.keep(marker, payload);
            }
            0xC4 | 0xDB | 0xDD => scan.keep(marker, payload),
            0xC0..=0xCF => return Err(MediaError::damaged("A JPEG coding that is not supported")),
            0xDA => {
                scans += 1;
                if scans > MAX_SCANS {
                    return Err(MediaError::damaged("Too many scans"));
                }
                scan.keep(marker, payload);
                scan.kept.push(Cow::Borrowed(entropy_coded(&mut cursor)));
            }
            0xE0 if !has_jfif => {
                if let Some([head @ .., _, _]) = payload
                    .strip_prefix(b"JFIF\0")
                    .and_then(|rest| rest.first_chunk::<9>())
                {
                    has_jfif = true;
                    scan.keep(marker, &[&b"JFIF\0"[..], head, &[0, 0][..]].concat());
                }
            }
            0xE1 if exif.is_none() => exif = payload.strip_prefix(b"Exif\0\0").map(exif::parse),
            0xE2 => {
                if let Some([number, total, data @ ..]) = payload.strip_prefix(ICC_MARK) {
                    profile.add(*number, *total, data);
                    scan.keep(marker, payload);
                }
            }
            0xEE => {
                if let Some(adobe) = payload
                    .first_chunk::<12>()
                    .filter(|adobe| adobe.starts_with(b"Adobe"))
                {
                    scan.keep(marker, adobe);
                }
            }
            _ => {}
        }
    }
    if scans == 0 || !whole {
        return Err(cut_short());
    }
    scan.kept.push(Cow::Borrowed(&[0xFF, 0xD9]));
    scan.exif = exif.unwrap_or_else(Exif::default);
    scan.icc = profile.whole();
    Ok(scan)
}

impl Scan<'_> {
    fn keep(&mut self, marker: u8, payload: &[u8]) {
        let len = u16::try_from(payload.len() + 2).unwrap_or(u16::MAX);
        self.kept.push(Cow::Owned(
            [&[0xFF, marker], &len.to_be_bytes()[..], payload].concat(),
        ));
    }
}

/// The next marker, past anything that does not belong there.
fn next_marker(cursor: &mut Cursor<'_>) -> Option<u8> {
    loop {
        let to_mark = cursor.rest().iter().position(|byte| *byte == 0xFF)?;
        cursor.take(to_mark)?;
        let fill = cursor.rest().iter().position(|byte| *byte != 0xFF)?;
        cursor.take(fill)?;
        match cursor.u8()? {
            0x00 => {}
            marker => return Some(marker),
        }
    }
}

/// The bytes of a scan, up to the next marker that is neither a stuffed byte nor a restart.
fn entropy_coded<'a>(cursor: &mut Cursor<'a>) -> &'a [u8] {
    let rest = cursor.rest();
    let mut len = 0;
    loop {
        let tail = rest.get(len..).unwrap_or_default();
        let Some(to_mark) = tail.iter().position(|byte| *byte == 0xFF) else {
            len = rest.len();
            break;
        };
        len += to_mark;
        match tail.get(to_mark + 1) {
            Some(0x00 | 0xD0..=0xD7) => len += 2,
            Some(0xFF) => len += 1,
            _ => break,
        }
    }
    cursor.take(len).unwrap_or_default()
}

/// Reads a frame header (B.2.2): 8 bits a sample, one, three or four components.
fn frame(payload: &[u8], scan: &mut Scan<'_>) -> Option<()> {
    let mut cursor = Cursor::new(payload);
    let [8] = cursor.array()? else { return None };
    scan.height = cursor.u16_be()?.into();
    scan.width = cursor.u16_be()?.into();
    let (width, height) = (scan.width, scan.height);
    scan.claim(width, height);
    let components = usize::from(cursor.u8()?);
    if !matches!(components, 1 | 3 | 4) || cursor.rest().len() != components * 3 {
        return None;
    }
    let mut finest = [0, 0];
    let mut coarsest = [4, 4];
    for [_, factors, _] in cursor.rest().as_chunks::<3>().0 {
        for ((finest, coarsest), factor) in finest
            .iter_mut()
            .zip(&mut coarsest)
            .zip([factors >> 4, factors & 15])
        {
            if !(1..=4).contains(&factor) {
                return None;
            }
            *finest = factor.max(*finest);
            *coarsest = factor.min(*coarsest);
        }
    }
    let [[horizontal, vertical], [across, down]] = [finest, coarsest];
    scan.sampling = Some(Sampling {
        horizontal: horizontal / across,
        vertical: vertical / down,
    });
    Some(())
}

/// An ICC profile in numbered parts (ICC.1, annex B.4).
#[derive(Default)]
struct Profile {
    parts: Vec<(u8, u8, Vec<u8>)>,
}

impl Profile {
    fn add(&mut self, number: u8, total: u8, data: &[u8]) {
        self.parts.push((number, total, data.to_vec()));
    }

    fn whole(mut self) -> Option<Vec<u8>> {
        self.parts.sort_by_key(|(number, _, _)| *number);
        let total = self.parts.len();
        let in_order = |(expected, (number, of, _)): (usize, &(u8, u8, Vec<u8>))| {
            usize::from(*number) == expected && usize::from(*of) == total
        };
        let whole = total > 0 && (1..).zip(&self.parts).all(in_order);
        whole.then(|| self.parts.into_iter().flat_map(|(_, _, data)| data).collect())
    }
}
