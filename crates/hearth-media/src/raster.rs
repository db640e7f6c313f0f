//! Pixels in memory: turning them upright and making them fewer.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::error::{MediaError, Result};

/// How a picture lies in its file (EXIF 2.32, 4.6.4, tag Orientation).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Orientation {
    /// Rows of the file are columns of the picture.
    transposed: bool,
    /// After that, left and right are to be swapped.
    mirrored: bool,
    /// After that, top and bottom are to be swapped.
    flipped: bool,
}

impl Orientation {
    /// From the value of the EXIF tag; unknown values mean upright.
    pub(crate) fn from_exif(value: u16) -> Self {
        let (transposed, mirrored, flipped) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self {
            transposed,
            mirrored,
            flipped,
        }
    }

    pub(crate) fn is_upright(self) -> bool {
        self == Self::default()
    }

    pub(crate) fn is_transposed(self) -> bool {
        self.transposed
    }

    /// The size of the upright picture, from that in the file.
    pub(crate) fn upright_size<T>(self, (width, height): (T, T)) -> (T, T) {
        if self.transposed {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Where a pixel of the upright picture lies in the file; `size` is that of the upright picture.
    pub(crate) fn source(self, (x, y): (usize, usize), (width, height): (usize, usize)) -> (usize, usize) {
        let x = if self.mirrored { width - 1 - x } else { x };
        let y = if self.flipped { height - 1 - y } else { y };
        if self.transposed { (y, x) } else { (x, y) }
    }
}

/// How many bytes a pixel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    Rgb,
    Rgba,
}

impl Channels {
    pub(crate) const fn count(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    const fn pixel_type(self) -> PixelType {
        match self {
            Self::Rgb => PixelType::U8x3,
            Self::Rgba => PixelType::U8x4,
        }
    }
}

/// Pixels, row by row, 8 bits a channel, alpha not multiplied in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    width: u32,
    height: u32,
    channels: Channels,
    data: Vec<u8>,
}

impl Raster {
    /// Takes pixels; there must be as many as the size says, and at least one.
    pub(crate) fn new(width: u32, height: u32, channels: Channels, data: Vec<u8>) -> Result<Self> {
        let expected = width as usize * height as usize * channels.count();
        if expected == 0 || data.len() != expected {
            return Err(MediaError::damaged("The pixels do not fill the picture"));
        }
        Ok(Self {
            width,
            height,
            channels,
            data,
        })
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    pub(crate) fn channels(&self) -> Channels {
        self.channels
    }

    pub(crate) fn data(&self) -> &[u8] {
        &self.data
    }

    /// Drops an alpha channel that hides nothing.
    pub(crate) fn without_idle_alpha(self) -> Self {
        let (pixels, _) = self.data.as_chunks::<4>();
        if self.channels == Channels::Rgb || pixels.iter().any(|[_, _, _, alpha]| *alpha != 255) {
            return self;
        }
        let data = pixels.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
        Self {
            channels: Channels::Rgb,
            data,
            ..self
        }
    }

    /// Turns the picture upright.
    pub(crate) fn upright(self, orientation: Orientation) -> Self {
        if orientation.is_upright() {
            return self;
        }
        let data = match self.channels {
            Channels::Rgb => turn::<3>(&self, orientation),
            Channels::Rgba => turn::<4>(&self, orientation),
        };
        let (width, height) = orientation.upright_size((self.width, self.height));
        Self {
            width,
            height,
            data,
            ..self
        }
    }

    /// Makes the longest side at most `longest` pixels, keeping the shape; never enlarges.
    pub(crate) fn fitted(&self, longest: u32, resizer: &mut Resizer) -> Result<Self> {
        let (width, height) = fit((self.width, self.height), longest);
        if (width, height) == (self.width, self.height) {
            return Ok(self.clone());
        }
        self.resized(width, height, &ResizeOptions::new(), resizer)
    }

    /// Cuts out a square, given in this raster's pixels, and makes it `side` pixels wide.
    pub(crate) fn cropped(&self, left: f64, top: f64, size: f64, side: u32) -> Result<Self> {
        let options = ResizeOptions::new().crop(left, top, size, size);
        self.resized(side, side, &options, &mut Resizer::new())
    }

    /// Averages the picture over a grid of fields.
    pub(crate) fn averaged(&self, columns: u32, rows: u32) -> Result<Self> {
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
        self.resized(columns, rows, &options, &mut Resizer::new())
    }

    fn resized(
        &self,
        width: u32,
        height: u32,
        options: &ResizeOptions,
        resizer: &mut Resizer,
    ) -> Result<Self> {
        let kind = self.channels.pixel_type();
        let source = ImageRef::new(self.width, self.height, &self.data, kind).map_err(MediaError::damaged)?;
        let mut target = Image::new(width, height, kind);
        resizer
            .resize(&source, &mut target, options)
            .map_err(MediaError::damaged)?;
        Self::new(width, height, self.channels, target.into_vec())
    }
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster({}x{} {:?})", self.width, self.height, self.channels)
    }
}

/// The size with the same shape whose longest side is at most `longest`.
pub(crate) fn fit((width, height): (u32, u32), longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    let scaled = |len: u32| {
        let rounded = (u64::from(len) * u64::from(longest) + u64::from(side) / 2) / u64::from(side);
        u32::try_from(rounded).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

fn turn<const N: usize>(raster: &Raster, orientation: Orientation) -> Vec<u8> {
    let (pixels, _) = raster.data.as_chunks::<N>();
    let stride = raster.width as usize;
    let (width, height) = orientation.upright_size((stride, raster.height as usize));
    let mut out = Vec::with_capacity(raster.data.len());
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = orientation.source((x, y), (width, height));
            out.extend(pixels.get(from_y * stride + from_x).unwrap_or(&[0; N]));
        }
    }
    out
}

/// Averages rows as they are decoded, so that a large picture never lies whole in memory.
pub(crate) struct Reducer {
    factor: u32,
    width: u32,
    channels: Channels,
    /// Sums of the fields of the current row of fields: each channel times alpha, then alpha.
    sums: Vec<[u64; 4]>,
    rows_in_sums: u32,
    rows_out: u32,
    data: Vec<u8>,
}

impl Reducer {
    /// Prepares for a picture of `width` by `height` whose longest side is to stay at least `at_least`.
    pub(crate) fn new((width, height): (u32, u32), channels: Channels, at_least: u32) -> Self {
        let factor = (width.max(height) / at_least.max(1)).max(1);
        let columns = width.div_ceil(factor) as usize;
        let rows = height.div_ceil(factor) as usize;
        let sums = if factor == 1 {
            Vec::new()
        } else {
            vec![[0; 4]; columns]
        };
        let data = Vec::with_capacity(columns * rows * channels.count());
        Self {
            factor,
            width,
            channels,
            sums,
            rows_in_sums: 0,
            rows_out: 0,
            data,
        }
    }

    /// Takes the next row of pixels.
    pub(crate) fn push(&mut self, row: &[u8]) {
        if self.factor == 1 {
            self.data.extend_from_slice(row);
            self.rows_out += 1;
            return;
        }
        let field = self.factor as usize * self.channels.count();
        for (sum, pixels) in self.sums.iter_mut().zip(row.chunks(field)) {
            match self.channels {
                Channels::Rgb => {
                    for [r, g, b] in pixels.as_chunks::<3>().0 {
                        add(sum, [*r, *g, *b], 1);
                    }
                }
                Channels::Rgba => {
                    for [r, g, b, a] in pixels.as_chunks::<4>().0 {
                        add(sum, [*r, *g, *b], u64::from(*a));
                    }
                }
            }
        }
        self.rows_in_sums += 1;
        if self.rows_in_sums == self.factor {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let mut left = u64::from(self.width);
        for sum in &mut self.sums {
            let columns = left.min(u64::from(self.factor));
            left -= columns;
            let [r, g, b, weight] = std::mem::take(sum);
            let mean = |total: u64| u8::try_from((total + weight / 2) / weight.max(1)).unwrap_or(u8::MAX);
            self.data.extend([mean(r), mean(g), mean(b)]);
            if self.channels == Channels::Rgba {
                let count = (columns * u64::from(self.rows_in_sums)).max(1);
                self.data
                    .push(u8::try_from((weight + count / 2) / count).unwrap_or(u8::MAX));
            }
        }
        self.rows_in_sums = 0;
        self.rows_out += 1;
    }

    /// The smaller picture.
    pub(crate) fn finish(mut self) -> Result<Raster> {
        if self.rows_in_sums > 0 {
            self.flush();
        }
        Raster::new(
            self.width.div_ceil(self.factor),
            self.rows_out,
            self.channels,
            self.data,
        )
    }
}

fn add(sum: &mut [u64; 4], colour: [u8; 3], weight: u64) {
    let [r, g, b, total] = sum;
    for (channel, value) in [r, g, b].into_iter().zip(colour) {
        *channel += u64::from(value) * weight;
    }
    *total += weight;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The picture `a b / c d / e f`, a byte a pixel, as rows.
    fn turned(value: u16) -> Vec<String> {
        let data = b"abcdef".iter().flat_map(|byte| [*byte; 3]).collect();
        let raster = Raster::new(2, 3, Channels::Rgb, data)
            .unwrap()
            .upright(Orientation::from_exif(value));
        let bytes: Vec<u8> = raster
            .data()
            .as_chunks::<3>()
            .0
            .iter()
            .map(|[byte, _, _]| *byte)
            .collect();
        bytes
            .chunks(raster.width() as usize)
            .map(|row| String::from_utf8_lossy(row).into_owned())
            .collect()
    }

    #[test]
    fn each_orientation_is_turned_upright() {
        assert_eq!(turned(1), ["ab", "cd", "ef"]);
        assert_eq!(turned(2), ["ba", "dc", "fe"]);
        assert_eq!(turned(3), ["fe", "dc", "ba"]);
        assert_eq!(turned(4), ["ef", "cd", "ab"]);
        assert_eq!(turned(5), ["ace", "bdf"]);
        assert_eq!(turned(6), ["eca", "fdb"]);
        assert_eq!(turned(7), ["fdb", "eca"]);
        assert_eq!(turned(8), ["bdf", "ace"]);
        assert_eq!(turned(0), turned(1));
    }

    #[test]
    fn sizes_keep_their_shape_and_never_grow() {
        assert_eq!(fit((6000, 4000), 1280), (1280, 853));
        assert_eq!(fit((4000, 6000), 160), (107, 160));
        assert_eq!(fit((100, 50), 160), (100, 50));
        assert_eq!(fit((50_000_000, 1), 480), (480, 1));
    }

    #[test]
    fn rows_are_averaged_with_ragged_edges_and_alpha() {
        let mut reducer = Reducer::new((3, 3), Channels::Rgb, 1);
        assert_eq!(reducer.factor, 3);
        for row in [0u8, 30, 60] {
            reducer.push(&[row; 9]);
        }
        assert_eq!(reducer.finish().unwrap().data(), [30, 30, 30]);

        let mut reducer = Reducer::new((5, 3), Channels::Rgba, 2);
        assert_eq!(reducer.factor, 2);
        let row = [
            [100, 0, 0, 255],
            [7, 7, 7, 0],
            [10, 20, 30, 255],
            [30, 40, 50, 255],
            [1, 2, 3, 4],
        ]
        .concat();
        for _ in 0..3 {
            reducer.push(&row);
        }
        let raster = reducer.finish().unwrap();
        assert_eq!((raster.width(), raster.height()), (3, 2));
        let fields = [[100, 0, 0, 128], [20, 30, 40, 255], [1, 2, 3, 4]].concat();
        assert_eq!(raster.data(), [fields.clone(), fields].concat());
    }

    #[test]
    fn alpha_that_hides_nothing_is_dropped() {
        let opaque = Raster::new(1, 1, Channels::Rgba, vec![1, 2, 3, 255])
            .unwrap()
            .without_idle_alpha();
        assert_eq!(
            (opaque.channels(), opaque.data()),
            (Channels::Rgb, &[1, 2, 3][..])
        );
        let clear = Raster::new(1, 1, Channels::Rgba, vec![1, 2, 3, 254])
            .unwrap()
            .without_idle_alpha();
        assert_eq!(clear.channels(), Channels::Rgba);
    }
}
