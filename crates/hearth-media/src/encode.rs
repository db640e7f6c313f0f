//! Writes pictures.

use std::cell::RefCell;

use jpeg_encoder::{ChromaSubsamplingMethod, ImageBuffer, JpegColorType, SamplingFactor, rgb_to_ycbcr};

use crate::error::{MediaError, Result};
use crate::raster::{Channels, Orientation, Raster};
use crate::sniff::Kind;
use crate::strip::Sampling;

/// The longest colour profile that is written along; those of cameras and screens are far shorter.
const MAX_PROFILE: usize = 64 * 1024;

/// The profile, if it describes the RGB pixels that we write.
pub(crate) fn usable_profile(icc: Option<Vec<u8>>) -> Option<Vec<u8>> {
    icc.filter(|icc| icc.len() <= MAX_PROFILE && icc.get(16..20) == Some(b"RGB "))
}

/// The longest side of pictures that are written in two passes to make them smaller.
const OPTIMISED_UP_TO: u32 = 1280;

/// Writes a small picture: JPEG where it is opaque, else PNG.
pub(crate) fn small(raster: &Raster, quality: u8, icc: Option<&[u8]>) -> Result<(Kind, Vec<u8>)> {
    match raster.channels() {
        Channels::Rgb => {
            let fine = Sampling {
                horizontal: 2,
                vertical: 2,
            };
            Ok((
                Kind::Jpeg,
                jpeg(raster, Orientation::default(), quality, Some(fine), icc)?,
            ))
        }
        Channels::Rgba => Ok((Kind::Png, png(raster, icc)?)),
    }
}

/// Writes a JPEG file of a picture, turned upright on the way; alpha is left out.
pub(crate) fn jpeg(
    raster: &Raster,
    orientation: Orientation,
    quality: u8,
    sampling: Option<Sampling>,
    icc: Option<&[u8]>,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    let factor =
        sampling.and_then(|sampling| SamplingFactor::from_factors(sampling.horizontal, sampling.vertical));
    encoder.set_sampling_factor(factor.unwrap_or(SamplingFactor::R_4_4_4));
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    // Tables of its own cost a second pass; a thumbnail is read far more often than it is written.
    encoder.set_optimized_huffman_tables(raster.width().max(raster.height()) <= OPTIMISED_UP_TO);
    if let Some(icc) = icc {
        encoder.add_icc_profile(icc).map_err(MediaError::damaged)?;
    }
    encoder
        .encode_image(Turned::new(raster, orientation)?)
        .map_err(MediaError::damaged)?;
    Ok(bytes)
}

/// Writes a PNG file.
pub(crate) fn png(raster: &Raster, icc: Option<&[u8]>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut info = png::Info::with_size(raster.width(), raster.height());
    info.icc_profile = icc.map(Into::into);
    info.color_type = match raster.channels() {
        Channels::Rgb => png::ColorType::Rgb,
        Channels::Rgba => png::ColorType::Rgba,
    };
    info.bit_depth = png::BitDepth::Eight;
    let encoder = png::Encoder::with_info(&mut bytes, info).map_err(MediaError::damaged)?;
    let mut writer = encoder.write_header().map_err(MediaError::damaged)?;
    writer
        .write_image_data(raster.data())
        .map_err(MediaError::damaged)?;
    writer.finish().map_err(MediaError::damaged)?;
    Ok(bytes)
}

/// Writes a WebP file without loss.
pub(crate) fn webp(raster: &Raster, icc: Option<&[u8]>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut bytes);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc.to_vec());
    }
    let colour = match raster.channels() {
        Channels::Rgb => image_webp::ColorType::Rgb8,
        Channels::Rgba => image_webp::ColorType::Rgba8,
    };
    encoder
        .encode(raster.data(), raster.width(), raster.height(), colour)
        .map_err(MediaError::damaged)?;
    Ok(bytes)
}

/// How many rows are turned at a time: as many pixels lie together in memory when rows become columns.
const BAND: usize = 16;

/// A picture that is turned upright while it is being written, so that it lies in memory only once.
struct Turned<'a> {
    raster: &'a Raster,
    orientation: Orientation,
    width: u16,
    height: u16,
    band: RefCell<Band>,
}

/// Upright rows, from `start` on.
struct Band {
    start: Option<usize>,
    pixels: Vec<[u8; 3]>,
}

impl<'a> Turned<'a> {
    fn new(raster: &'a Raster, orientation: Orientation) -> Result<Self> {
        let (width, height) = orientation.upright_size((raster.width(), raster.height()));
        let side = |side: u32| u16::try_from(side).map_err(MediaError::damaged);
        let (width, height) = (side(width)?, side(height)?);
        let pixels = vec![[0; 3]; usize::from(width) * BAND];
        let band = RefCell::new(Band { start: None, pixels });
        Ok(Self {
            raster,
            orientation,
            width,
            height,
            band,
        })
    }

    fn fill<const N: usize>(&self, start: usize, pixels: &mut [[u8; 3]]) {
        let (source, _) = self.raster.data().as_chunks::<N>();
        let stride = self.raster.width() as usize;
        let (width, height) = (usize::from(self.width), usize::from(self.height));
        let mut copy = |x: usize, y: usize| {
            let (from_x, from_y) = self.orientation.source((x, y), (width, height));
            let from = source
                .get(from_y * stride + from_x)
                .and_then(|pixel| pixel.first_chunk::<3>());
            if let (Some(from), Some(to)) = (from, pixels.get_mut((y - start) * width + x)) {
                *to = *from;
            }
        };
        let rows = start..(start + BAND).min(height);
        if self.orientation.is_transposed() {
            (0..width).for_each(|x| rows.clone().for_each(|y| copy(x, y)));
        } else {
            rows.for_each(|y| (0..width).for_each(|x| copy(x, y)));
        }
    }
}

impl ImageBuffer for Turned<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let (y, width) = (usize::from(y), usize::from(self.width));
        let start = y - y % BAND;
        let mut band = self.band.borrow_mut();
        if band.start != Some(start) {
            band.start = Some(start);
            match self.raster.channels() {
                Channels::Rgb => self.fill::<3>(start, &mut band.pixels),
                Channels::Rgba => self.fill::<4>(start, &mut band.pixels),
            }
        }
        let [luma, blue, red, _] = buffers;
        for [r, g, b] in band.pixels.iter().skip((y - start) * width).take(width) {
            let (y, cb, cr) = rgb_to_ycbcr(*r, *g, *b);
            luma.push(y);
            blue.push(cb);
            red.push(cr);
        }
    }
}
