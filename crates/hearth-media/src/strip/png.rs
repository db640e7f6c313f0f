//! PNG (third edition) with animation.
//!
//! Kept: what pixels, colours, size on paper and animation need. Gone: text, EXIF, the time of the last
//! change, private chunks, what follows the end.

use std::borrow::Cow;

use super::{Scan, cut_short};
use crate::cursor::Cursor;
use crate::error::{MediaError, Result};
use crate::exif;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1A\n";
const END: &[u8; 12] = b"\0\0\0\0IEND\xAE\x42\x60\x82";

pub(super) fn scan(bytes: &[u8]) -> Result<Scan<'_>> {
    let mut cursor = Cursor::new(bytes);
    let mut scan = Scan::default();
    if cursor.array() != Some(*SIGNATURE) {
        return Err(MediaError::damaged("No PNG file"));
    }
    scan.kept.push(Cow::Borrowed(SIGNATURE));
    let mut has_exif = false;
    while !cursor.is_empty() {
        let whole = cursor.rest();
        let len = cursor.u32_be().ok_or_else(cut_short)?;
        let name = cursor.array::<4>().ok_or_else(cut_short)?;
        let len = usize::try_from(len).map_err(MediaError::damaged)?;
        let data = cursor.take(len).ok_or_else(cut_short)?;
        cursor.take(4).ok_or_else(cut_short)?;
        match &name {
            b"IEND" => break,
            b"IHDR" if scan.width != 0 => return Err(MediaError::damaged("A second header")),
            b"IHDR" => {
                let mut header = Cursor::new(data);
                scan.width = header.u32_be().ok_or_else(cut_short)?;
                scan.height = header.u32_be().ok_or_else(cut_short)?;
                let (width, height) = (scan.width, scan.height);
                scan.claim(width, height);
            }
            b"acTL" => scan.animated = Cursor::new(data).u32_be().is_some_and(|frames| frames > 1),
            b"eXIf" if !has_exif => {
                has_exif = true;
                scan.exif = exif::parse(data);
            }
            _ => {}
        }
        if scan.width == 0 {
            return Err(MediaError::damaged("No header"));
        }
        if is_kept(&name) {
            scan.kept
                .push(Cow::Borrowed(whole.get(..len + 12).ok_or_else(cut_short)?));
        } else if name.first().is_some_and(u8::is_ascii_uppercase) {
            return Err(MediaError::damaged("A critical chunk that is not known"));
        }
    }
    scan.kept.push(Cow::Borrowed(END));
    Ok(scan)
}

fn is_kept(name: &[u8; 4]) -> bool {
    matches!(
        name,
        b"IHDR"
            | b"PLTE"
            | b"IDAT"
            | b"tRNS"
            | b"gAMA"
            | b"cHRM"
            | b"sRGB"
            | b"iCCP"
            | b"cICP"
            | b"mDCV"
            | b"cLLI"
            | b"sBIT"
            | b"bKGD"
            | b"pHYs"
            | b"acTL"
            | b"fcTL"
            | b"fdAT"
    )
}
