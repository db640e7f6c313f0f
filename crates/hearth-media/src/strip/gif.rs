//! GIF (version 89a).
//!
//! Kept: colour tables, frames, their timing and transparency, and how often they repeat. Gone: comments,
//! plain text, every other application's blocks (XMP among them), what follows the end.

use std::borrow::Cow;

use super::{Scan, cut_short};
use crate::cursor::Cursor;
use crate::error::{MediaError, Result};

pub(super) fn scan(bytes: &[u8]) -> Result<Scan<'_>> {
    let mut cursor = Cursor::new(bytes);
    let mut scan = Scan::default();
    header(&mut cursor, &mut scan).ok_or_else(cut_short)?;
    scan.kept.push(Cow::Borrowed(before(bytes, &cursor)));
    let mut frames = 0u32;
    // A file that breaks off within a frame keeps the frames before.
    let mut control = None;
    loop {
        let start = cursor.rest();
        let block = match cursor.u8() {
            Some(0x2C) => frame(&mut cursor, &mut scan).map(|()| Block::Frame),
            Some(0x21) => extension(&mut cursor),
            _ => break,
        };
        let Some(block) = block else { break };
        let whole = Cow::Borrowed(before(start, &cursor));
        match block {
            Block::Control => control = Some(whole),
            Block::Frame => {
                frames += 1;
                scan.kept.extend(control.take());
                scan.kept.push(whole);
            }
            Block::Repeat => scan.kept.push(whole),
            // It would be the plain text that a control block before it is about.
            Block::Other => control = None,
        }
    }
    if frames == 0 {
        return Err(MediaError::damaged("No whole frame"));
    }
    scan.animated = frames > 1;
    scan.kept.push(Cow::Borrowed(&[0x3B]));
    Ok(scan)
}

enum Block {
    Control,
    Frame,
    Repeat,
    Other,
}

/// What `cursor` has read of `all`.
fn before<'a>(all: &'a [u8], cursor: &Cursor<'_>) -> &'a [u8] {
    all.get(..all.len() - cursor.rest().len()).unwrap_or_default()
}

fn header(cursor: &mut Cursor<'_>, scan: &mut Scan<'_>) -> Option<()> {
    cursor.take(6)?;
    scan.width = cursor.u16_le()?.into();
    scan.height = cursor.u16_le()?.into();
    let (width, height) = (scan.width, scan.height);
    scan.claim(width, height);
    let flags = cursor.u8()?;
    cursor.take(2)?;
    colour_table(cursor, flags)
}

fn colour_table(cursor: &mut Cursor<'_>, flags: u8) -> Option<()> {
    if flags & 0x80 != 0 {
        cursor.take(3 << ((flags & 7) + 1))?;
    }
    Some(())
}

fn frame(cursor: &mut Cursor<'_>, scan: &mut Scan<'_>) -> Option<()> {
    cursor.take(4)?;
    let (width, height) = (cursor.u16_le()?, cursor.u16_le()?);
    scan.claim(width.into(), height.into());
    let flags = cursor.u8()?;
    colour_table(cursor, flags)?;
    cursor.take(1)?;
    sub_blocks(cursor)
}

fn extension(cursor: &mut Cursor<'_>) -> Option<Block> {
    let block = match cursor.u8()? {
        0xF9 => Block::Control,
        0xFF => {
            let repeat = [&b"\x0BNETSCAPE2.0\x03\x01"[..], b"\x0BANIMEXTS1.0\x03\x01"];
            // Exactly the block that says how often to repeat, so that nothing rides along.
            if repeat.iter().any(|mark| cursor.rest().starts_with(mark)) && cursor.rest().get(16) == Some(&0)
            {
                Block::Repeat
            } else {
                Block::Other
            }
        }
        _ => Block::Other,
    };
    sub_blocks(cursor)?;
    Some(block)
}

fn sub_blocks(cursor: &mut Cursor<'_>) -> Option<()> {
    loop {
        match cursor.u8()? {
            0 => return Some(()),
            len => cursor.take(len.into())?,
        };
    }
}
