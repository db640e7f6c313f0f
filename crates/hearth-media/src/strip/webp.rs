//! WebP (RFC 9649).
//!
//! Kept: frames, their transparency and timing, the ICC profile. Gone: EXIF, XMP, unknown chunks, also
//! those within frames, and what follows the end.

use std::borrow::Cow;

use super::{Scan, cut_short};
use crate::cursor::Cursor;
use crate::error::{MediaError, Result};
use crate::exif;

const HAS_EXIF_OR_XMP: u8 = 0x08 | 0x04;
const IS_ANIMATED: u8 = 0x02;

pub(super) fn scan(bytes: &[u8]) -> Result<Scan<'_>> {
    let mut cursor = Cursor::new(bytes);
    cursor.take(4).ok_or_else(cut_short)?;
    let len = cursor
        .u32_le()
        .and_then(|len| usize::try_from(len).ok())
        .ok_or_else(cut_short)?;
    let body = cursor.rest().get(..len).ok_or_else(cut_short)?;
    let mut cursor = Cursor::new(body);
    cursor.take(4).ok_or_else(cut_short)?;

    let mut scan = Scan::default();
    let mut kept = Vec::new();
    let mut has_exif = false;
    let mut frames = 0u32;
    while !cursor.is_empty() {
        let chunk = Chunk::next(&mut cursor)?;
        match &chunk.name {
            b"VP8X" if scan.width == 0 => {
                let (flags, canvas) = chunk.data.split_first().ok_or_else(cut_short)?;
                scan.animated = flags & IS_ANIMATED != 0;
                let mut canvas = Cursor::new(canvas);
                let size = |canvas: &mut Cursor<'_>| Some((canvas.u24_le()? + 1, canvas.u24_le()? + 1));
                canvas.take(3).ok_or_else(cut_short)?;
                (scan.width, scan.height) = size(&mut canvas).ok_or_else(cut_short)?;
                let (width, height) = (scan.width, scan.height);
                scan.claim(width, height);
                let header = [
                    &[flags & !HAS_EXIF_OR_XMP],
                    chunk.data.get(1..10).unwrap_or_default(),
                ]
                .concat();
                kept.push(Cow::Owned(write(b"VP8X", &header)));
            }
            b"VP8 " | b"VP8L" => {
                let (width, height) = frame_size(&chunk)?;
                if scan.width == 0 {
                    // The simple form: this one chunk is the file.
                    (scan.width, scan.height) = (width, height);
                    scan.claim(width, height);
                    kept.push(chunk.whole());
                    break;
                }
                expect((width, height), (scan.width, scan.height))?;
                frames += 1;
                kept.push(chunk.whole());
            }
            b"ANMF" => {
                frames += 1;
                kept.push(frame(&chunk)?);
            }
            b"ICCP" => {
                scan.icc = Some(chunk.data.to_vec());
                kept.push(chunk.whole());
            }
            b"ALPH" | b"ANIM" => kept.push(chunk.whole()),
            b"EXIF" if !has_exif => {
                has_exif = true;
                scan.exif = exif::parse(chunk.data);
            }
            _ => {}
        }
    }
    scan.animated &= frames > 1;
    let len = 4 + kept.iter().map(|chunk| chunk.len()).sum::<usize>();
    let len = u32::try_from(len).map_err(MediaError::damaged)?;
    scan.kept
        .push(Cow::Owned([b"RIFF", &len.to_le_bytes()[..], b"WEBP"].concat()));
    scan.kept.append(&mut kept);
    Ok(scan)
}

struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    /// With header and padding, unless the padding is missing at the end of the file.
    raw: &'a [u8],
}

impl<'a> Chunk<'a> {
    fn next(cursor: &mut Cursor<'a>) -> Result<Self> {
        let start = cursor.rest();
        let name = cursor.array().ok_or_else(cut_short)?;
        let len = cursor
            .u32_le()
            .and_then(|len| usize::try_from(len).ok())
            .ok_or_else(cut_short)?;
        let data = cursor.take(len).ok_or_else(cut_short)?;
        if !len.is_multiple_of(2) {
            cursor.take(1);
        }
        let raw = start.get(..start.len() - cursor.rest().len()).unwrap_or_default();
        Ok(Self { name, data, raw })
    }

    fn whole(&self) -> Cow<'a, [u8]> {
        let is_padded = self.raw.len().is_multiple_of(2);
        if is_padded {
            Cow::Borrowed(self.raw)
        } else {
            Cow::Owned(write(&self.name, self.data))
        }
    }
}

fn write(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let len = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let padding = if data.len() % 2 == 1 { &[0][..] } else { &[] };
    [name, &len.to_le_bytes()[..], data, padding].concat()
}

/// What is kept of one frame of an animation (2.7.1.1).
fn frame<'a>(chunk: &Chunk<'a>) -> Result<Cow<'a, [u8]>> {
    let (header, parts) = chunk.data.split_at_checked(16).ok_or_else(cut_short)?;
    let mut size = Cursor::new(header);
    let declared = size
        .take(6)
        .and_then(|_| Some((size.u24_le()? + 1, size.u24_le()? + 1)))
        .ok_or_else(cut_short)?;
    let mut kept = header.to_vec();
    let mut cursor = Cursor::new(parts);
    while !cursor.is_empty() {
        let part = Chunk::next(&mut cursor)?;
        match &part.name {
            b"VP8 " | b"VP8L" => {
                expect(frame_size(&part)?, declared)?;
                kept.extend_from_slice(&part.whole());
            }
            b"ALPH" => kept.extend_from_slice(&part.whole()),
            _ => {}
        }
    }
    Ok(Cow::Owned(write(b"ANMF", &kept)))
}

/// A decoder makes room for the size that the frame itself claims: it must be the declared one.
fn expect(found: (u32, u32), declared: (u32, u32)) -> Result<()> {
    if found == declared {
        Ok(())
    } else {
        Err(MediaError::damaged("A frame of another size than declared"))
    }
}

/// The size that a frame claims in its own header: lossy (RFC 6386, 9.1) or lossless (RFC 9649, 3.4).
fn frame_size(chunk: &Chunk<'_>) -> Result<(u32, u32)> {
    let mut cursor = Cursor::new(chunk.data);
    let size = if chunk.name == *b"VP8L" {
        cursor
            .u8()
            .filter(|mark| *mark == 0x2F)
            .and_then(|_| cursor.u32_le())
            .map(|bits| {
                let side = |bits: u32| (bits & 0x3FFF) + 1;
                (side(bits), side(bits >> 14))
            })
    } else {
        let mark = cursor.take(3).and_then(|_| cursor.array::<3>());
        mark.filter(|mark| *mark == [0x9D, 0x01, 0x2A]).and_then(|_| {
            let side = |side: u16| u32::from(side & 0x3FFF);
            Some((side(cursor.u16_le()?), side(cursor.u16_le()?)))
        })
    };
    size.ok_or_else(|| MediaError::damaged("A frame without a header"))
}
