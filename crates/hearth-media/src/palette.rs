//! What is shown while a picture loads: a few colours, small enough to travel with every answer.

use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use crate::error::{MediaError, Result};
use crate::raster::{Channels, Raster};

/// A colour in sRGB. As text: `#rrggbb`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", HEXLOWER.encode(&self.0))
    }
}

/// The picture's colours averaged over 4 by 3 fields, row by row. As text: 72 hexadecimal digits.
///
/// Drawn as 12 rectangles and blurred, it stands for the picture until the thumbnail is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder([Colour; Placeholder::FIELDS]);

impl Placeholder {
    /// Fields in a row.
    pub const COLUMNS: usize = 4;
    /// Rows of fields.
    pub const ROWS: usize = 3;
    const FIELDS: usize = Self::COLUMNS * Self::ROWS;

    /// The colours, row by row.
    #[must_use]
    pub const fn colours(&self) -> &[Colour; 12] {
        &self.0
    }

    pub(crate) fn of(raster: &Raster) -> Result<Self> {
        let fields = raster.averaged(Self::COLUMNS as u32, Self::ROWS as u32)?;
        let mut colours = visible(&fields).map(|(colour, alpha)| over_grey(colour, alpha));
        Ok(Self(std::array::from_fn(|_| colours.next().unwrap_or_default())))
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|colour| f.write_str(&HEXLOWER.encode(&colour.0)))
    }
}

impl FromStr for Placeholder {
    type Err = MediaError;

    fn from_str(text: &str) -> Result<Self> {
        let damaged = || MediaError::damaged("A placeholder is 72 hexadecimal digits");
        if text.len() != Self::FIELDS * 6 {
            return Err(damaged());
        }
        let bytes = HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .map_err(MediaError::damaged)?;
        let (colours, _) = bytes.as_chunks::<3>();
        let mut colours = colours.iter().copied().map(Colour);
        Ok(Self(std::array::from_fn(|_| colours.next().unwrap_or_default())))
    }
}

/// The pixels with their opacity.
fn visible(raster: &Raster) -> impl Iterator<Item = ([u8; 3], u8)> + '_ {
    let has_alpha = raster.channels() == Channels::Rgba;
    raster
        .data()
        .chunks_exact(raster.channels().count())
        .filter_map(move |pixel| {
            let colour = *pixel.first_chunk::<3>()?;
            Some((colour, if has_alpha { *pixel.last()? } else { 255 }))
        })
}

/// Lays a colour over middle grey, which suits light and dark screens alike.
fn over_grey(colour: [u8; 3], alpha: u8) -> Colour {
    let alpha = u32::from(alpha);
    Colour(colour.map(|value| {
        let mixed = (u32::from(value) * alpha + 128 * (255 - alpha) + 127) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    }))
}

/// The colour that most of the picture has, lively ones before dull ones; `raster` should be small.
pub(crate) fn dominant(raster: &Raster) -> Colour {
    /// Colours are told apart by the upper 4 bits of each channel.
    const BINS: usize = 1 << 12;
    let mut bins = vec![[0u64; 4]; BINS];
    for ([r, g, b], _) in visible(raster).filter(|(_, alpha)| *alpha > 127) {
        let bin = usize::from(r >> 4) << 8 | usize::from(g >> 4) << 4 | usize::from(b >> 4);
        if let Some([red, green, blue, count]) = bins.get_mut(bin) {
            *red += u64::from(r);
            *green += u64::from(g);
            *blue += u64::from(b);
            *count += 1;
        }
    }
    let mean = |[red, green, blue, count]: [u64; 4]| {
        [red, green, blue].map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
    };
    let weight = |bin: &[u64; 4]| {
        let [r, g, b] = mean(*bin);
        let liveliness = r.max(g).max(b) - r.min(g).min(b);
        bin.last().copied().unwrap_or_default() * (64 + u64::from(liveliness))
    };
    let best = bins
        .into_iter()
        .max_by_key(weight)
        .filter(|[.., count]| *count > 0);
    best.map_or(Colour([128; 3]), |bin| Colour(mean(bin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(left: [u8; 4], right: [u8; 4], channels: Channels) -> Raster {
        let row = [left, left, left, right, right]
            .map(|pixel| pixel[..channels.count()].to_vec())
            .concat();
        Raster::new(5, 4, channels, row.repeat(4)).unwrap()
    }

    #[test]
    fn the_placeholder_has_the_colours_where_they_are() {
        let raster = halves([200, 0, 0, 255], [0, 0, 200, 255], Channels::Rgb);
        let placeholder = Placeholder::of(&raster).unwrap();
        let text = placeholder.to_string();
        assert_eq!(text.len(), 72);
        assert!(text.starts_with("c80000"), "{text}");
        assert!(text.ends_with("0000c8"), "{text}");
        assert_eq!(text.parse::<Placeholder>().unwrap(), placeholder);
        assert!("c8".parse::<Placeholder>().is_err());
        assert!("é".repeat(36).parse::<Placeholder>().is_err());
    }

    #[test]
    fn what_is_transparent_shows_grey() {
        let raster = halves([1, 2, 3, 0], [1, 2, 3, 0], Channels::Rgba);
        assert!(
            Placeholder::of(&raster)
                .unwrap()
                .to_string()
                .starts_with("808080")
        );
        assert_eq!(dominant(&raster).to_string(), "#808080");
    }

    #[test]
    fn the_dominant_colour_is_that_of_most_pixels() {
        let raster = halves([200, 30, 30, 255], [0, 0, 200, 255], Channels::Rgb);
        assert_eq!(dominant(&raster), Colour([200, 30, 30]));
    }
}
