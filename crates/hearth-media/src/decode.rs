//! Reads pixels, no more of them than are wanted.
//!
//! The sizes that the file claims were checked before; the decoders get limits all the same.

use std::io::Cursor;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{MediaError, Result};
use crate::raster::{Channels, Raster, Reducer};
use crate::sniff::Kind;
use crate::strip::Scan;

/// Room for tables, rows and colour profiles, beside the pixels.
const WORKING_MEMORY: usize = 64 * 1024 * 1024;

/// What was read.
pub(crate) struct Decoded {
    pub(crate) raster: Raster,
    pub(crate) icc: Option<Vec<u8>>,
    /// Whether the file held the pixels exactly.
    pub(crate) lossless: bool,
}

/// Runs work on hostile bytes; a panic in it becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(_) => Err(MediaError::damaged("The decoder gave up")),
    }
}

/// Reads a picture, or its first frame, as it lies in the file. A longest side of more than `at_least`
/// pixels may be made smaller, but not below that.
pub(crate) fn decode(kind: Kind, bytes: &[u8], scan: &Scan<'_>, at_least: u32) -> Result<Decoded> {
    let (raster, icc, lossless) = match kind {
        Kind::Jpeg => (jpeg(bytes, scan, at_least)?, scan.icc.clone(), false),
        Kind::Png => {
            let (raster, icc) = png(bytes, at_least)?;
            (raster, icc, true)
        }
        Kind::Gif => (gif(bytes, scan, at_least)?, None, true),
        Kind::WebP => {
            let (raster, lossless) = webp(bytes, scan, at_least)?;
            (raster, scan.icc.clone(), lossless)
        }
        Kind::Heic => return Err(MediaError::HeicUnsupported),
        _ => return Err(MediaError::UnsupportedType),
    };
    Ok(Decoded {
        raster: raster.without_idle_alpha(),
        icc: crate::encode::usable_profile(icc),
        lossless,
    })
}

fn jpeg(bytes: &[u8], scan: &Scan<'_>, at_least: u32) -> Result<Raster> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(memory_for(scan));
    // Halves, quarters or eighths while reading, which spares most of the work.
    let side = u16::try_from(at_least).unwrap_or(u16::MAX);
    decoder.scale(side, side).map_err(MediaError::damaged)?;
    let pixels = decoder.decode().map_err(MediaError::damaged)?;
    let info = decoder.info().ok_or_else(|| MediaError::damaged("No frame"))?;
    let pixels = match info.pixel_format {
        jpeg_decoder::PixelFormat::RGB24 => pixels,
        jpeg_decoder::PixelFormat::L8 => pixels.into_iter().flat_map(|grey| [grey; 3]).collect(),
        jpeg_decoder::PixelFormat::CMYK32 => pixels.as_chunks().0.iter().flat_map(cmyk_to_rgb).collect(),
        jpeg_decoder::PixelFormat::L16 => return Err(MediaError::damaged("16 bits a sample")),
    };
    Raster::new(info.width.into(), info.height.into(), Channels::Rgb, pixels)
}

fn cmyk_to_rgb([c, m, y, k]: &[u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| {
        let light = u16::from(255 - ink) * u16::from(255 - k) / 255;
        u8::try_from(light).unwrap_or(u8::MAX)
    })
}

fn png(bytes: &[u8], at_least: u32) -> Result<(Raster, Option<Vec<u8>>)> {
    let mut decoder = png::Decoder::new_with_limits(
        Cursor::new(bytes),
        png::Limits {
            bytes: WORKING_MEMORY,
        },
    );
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().map_err(MediaError::damaged)?;
    let size = reader.info().size();
    let icc = reader.info().icc_profile.as_ref().map(|icc| icc.to_vec());
    let (colour, _) = reader.output_color_type();
    let channels = match colour {
        png::ColorType::Grayscale | png::ColorType::Rgb => Channels::Rgb,
        png::ColorType::GrayscaleAlpha | png::ColorType::Rgba => Channels::Rgba,
        png::ColorType::Indexed => return Err(MediaError::damaged("No colour table")),
    };
    let mut reducer = Reducer::new(size, channels, at_least);
    let mut expanded = Vec::new();
    let mut push = |row: &[u8]| match colour {
        png::ColorType::Grayscale => {
            expanded.clear();
            expanded.extend(row.iter().flat_map(|grey| [*grey; 3]));
            reducer.push(&expanded);
        }
        png::ColorType::GrayscaleAlpha => {
            expanded.clear();
            expanded.extend(
                row.as_chunks::<2>()
                    .0
                    .iter()
                    .flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha]),
            );
            reducer.push(&expanded);
        }
        _ => reducer.push(row),
    };
    if reader.info().interlaced {
        let len = reader
            .output_buffer_size()
            .ok_or_else(|| MediaError::damaged("Too large"))?;
        let mut pixels = vec![0; len];
        let info = reader.next_frame(&mut pixels).map_err(MediaError::damaged)?;
        pixels
            .chunks_exact(info.line_size)
            .take(size.1 as usize)
            .for_each(push);
    } else {
        for _ in 0..size.1 {
            let row = reader.next_row().map_err(MediaError::damaged)?;
            push(row.ok_or_else(|| MediaError::damaged("Rows are missing"))?.data());
        }
    }
    Ok((reducer.finish()?, icc))
}

fn gif(bytes: &[u8], scan: &Scan<'_>, at_least: u32) -> Result<Raster> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let memory = NonZeroU64::new(memory_for(scan) as u64).unwrap_or(NonZeroU64::MIN);
    options.set_memory_limit(gif::MemoryLimit::Bytes(memory));
    let mut decoder = options.read_info(bytes).map_err(MediaError::damaged)?;
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    let frame = decoder.read_next_frame().map_err(MediaError::damaged)?;
    let frame = frame.ok_or_else(|| MediaError::damaged("No frame"))?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let mut lines = frame.buffer.chunks_exact(usize::from(frame.width).max(1) * 4);

    let mut reducer = Reducer::new((scan.width, scan.height), Channels::Rgba, at_least);
    let mut row = vec![0; width * 4];
    for y in 0..height {
        row.fill(0);
        if let Some(line) = (y >= top).then(|| lines.next()).flatten() {
            // What of the frame lies outside of the picture is not seen.
            let room = row.get_mut(left * 4..).unwrap_or_default();
            room.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
        }
        reducer.push(&row);
    }
    reducer.finish()
}

fn webp(bytes: &[u8], scan: &Scan<'_>, at_least: u32) -> Result<(Raster, bool)> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(MediaError::damaged)?;
    decoder.set_memory_limit(memory_for(scan));
    let size = decoder.dimensions();
    if size != (scan.width, scan.height) {
        return Err(MediaError::damaged("Two sizes in one file"));
    }
    let channels = if decoder.has_alpha() {
        Channels::Rgba
    } else {
        Channels::Rgb
    };
    let len = decoder
        .output_buffer_size()
        .ok_or_else(|| MediaError::damaged("Too large"))?;
    let mut pixels = vec![0; len];
    decoder.read_image(&mut pixels).map_err(MediaError::damaged)?;
    let lossless = !decoder.is_lossy();
    let mut reducer = Reducer::new(size, channels, at_least);
    pixels
        .chunks_exact(size.0 as usize * channels.count())
        .for_each(|row| reducer.push(row));
    Ok((reducer.finish()?, lossless))
}

/// What a decoder may use for a picture of the checked size.
fn memory_for(scan: &Scan<'_>) -> usize {
    usize::try_from(scan.pixels)
        .unwrap_or(usize::MAX)
        .saturating_mul(4)
        .saturating_add(WORKING_MEMORY)
}
