//! Pictures drawn by the program, so that no photograph of anybody is needed.

use crate::time::Seed;
use jpeg_encoder::{ColorType, Encoder};

/// Sky at the top, sky at the horizon, far hills, near hills.
const PALETTES: [[[f32; 3]; 4]; 6] = [
    [
        [46., 92., 158.],
        [250., 205., 160.],
        [120., 120., 160.],
        [40., 62., 60.],
    ],
    [
        [96., 158., 214.],
        [226., 240., 246.],
        [126., 164., 150.],
        [52., 104., 66.],
    ],
    [
        [36., 26., 70.],
        [236., 110., 90.],
        [96., 50., 96.],
        [30., 20., 44.],
    ],
    [
        [150., 190., 214.],
        [246., 246., 240.],
        [186., 200., 206.],
        [120., 140., 150.],
    ],
    [
        [88., 140., 196.],
        [252., 226., 180.],
        [196., 150., 90.],
        [140., 84., 44.],
    ],
    [
        [16., 24., 56.],
        [70., 96., 140.],
        [34., 46., 84.],
        [12., 18., 36.],
    ],
];

/// A landscape as a JPEG: sky, a sun or moon, hills, sometimes a lake. Another number gives another landscape.
///
/// # Panics
/// When the picture has no pixels.
#[must_use]
pub fn landscape(width: u16, height: u16, number: u64) -> Vec<u8> {
    let scene = Scene::new(number, width, height);
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            pixels.extend(scene.colour(x, y));
        }
    }
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 88)
        .encode(&pixels, width, height, ColorType::Rgb)
        .expect("a picture with pixels");
    jpeg
}

struct Scene {
    palette: [[f32; 3]; 4],
    size: [f32; 2],
    sun: [f32; 2],
    sun_radius: f32,
    /// Where each range of hills begins, far to near, for each column.
    crests: Vec<[f32; 4]>,
    shore: Option<f32>,
}

impl Scene {
    fn new(number: u64, width: u16, height: u16) -> Self {
        let seed = Seed::new(&format!("landscape {number}"));
        let random = |low: f32, high: f32| low + (high - low) * (seed.below(10_000) as f32 / 10_000.0);
        // For each range of hills four waves: frequency, phase, height.
        let waves: [[[f32; 3]; 4]; 4] = std::array::from_fn(|_| {
            std::array::from_fn(|octave| {
                let frequency = 1.3 * 2.1_f32.powi(octave as i32);
                [frequency * random(0.8, 1.3), random(0.0, 6.3), 0.2 / frequency]
            })
        });
        let crest = |x: f32, range: usize| {
            let height: f32 = waves[range].iter().map(|[f, p, h]| (x * f + p).sin() * h).sum();
            0.48 + 0.13 * range as f32 + height
        };
        let size = [f32::from(width), f32::from(height)];
        Self {
            palette: PALETTES[usize::try_from(number).unwrap_or(0) % PALETTES.len()],
            sun: [random(0.2, 1.1), random(0.14, 0.4)],
            sun_radius: random(0.035, 0.075),
            crests: (0..width)
                .map(|x| std::array::from_fn(|range| crest(f32::from(x) / size[1], range)))
                .collect(),
            shore: number.is_multiple_of(2).then(|| random(0.78, 0.86)),
            size,
        }
    }

    fn colour(&self, column: u16, row: u16) -> [u8; 3] {
        let (x, y) = (f32::from(column), f32::from(row) / self.size[1]);
        let Some(shore) = self.shore.filter(|shore| y > *shore) else {
            return tone(self.land(x, y), 1.0);
        };
        // The lake shows what is above it, a little darker and in bands.
        let depth = y - shore;
        let ripple = (depth * 240.0).sin() * 0.006;
        tone(
            self.land(x + ripple * self.size[0], shore - depth * 1.6 + ripple),
            0.8 - depth,
        )
    }

    fn land(&self, x: f32, y: f32) -> [f32; 3] {
        let column = (x.max(0.0) as usize).min(self.crests.len() - 1);
        for (range, crest) in self.crests[column].iter().enumerate().rev() {
            if y > *crest {
                let colour = mix(self.palette[2], self.palette[3], range as f32 / 3.0);
                return colour.map(|c| c * (1.0 - (y - crest) * 0.5));
            }
        }
        let sky = mix(self.palette[0], self.palette[1], (y / 0.6).clamp(0.0, 1.0));
        let away = (x / self.size[1] - self.sun[0]).hypot(y - self.sun[1]) / self.sun_radius;
        if away < 1.0 {
            return [255., 244., 220.];
        }
        // The glow fades with the square of the distance.
        mix(
            sky,
            [255., 244., 220.],
            0.55 / (1.0 + (away - 1.0) * (away - 1.0)),
        )
    }
}

fn mix(a: [f32; 3], b: [f32; 3], part: f32) -> [f32; 3] {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * part)
}

fn tone(colour: [f32; 3], light: f32) -> [u8; 3] {
    colour.map(|c| (c * light).clamp(0.0, 255.0) as u8)
}

/// Somebody's picture: a round face before a plain ground, as a JPEG.
///
/// # Panics
/// Never: it has pixels.
#[must_use]
pub fn portrait(number: u64) -> Vec<u8> {
    const SIZE: u16 = 400;
    let seed = Seed::new(&format!("portrait {number}"));
    let pick = |from: &[[f32; 3]]| from[usize::try_from(seed.below(from.len() as u64)).unwrap_or(0)];
    let ground = pick(&[
        [214., 228., 216.],
        [236., 214., 190.],
        [204., 216., 234.],
        [232., 222., 238.],
        [240., 230., 190.],
    ]);
    let skin = pick(&[
        [246., 214., 188.],
        [224., 178., 142.],
        [186., 132., 96.],
        [124., 82., 58.],
    ]);
    let hair = pick(&[
        [50., 38., 32.],
        [110., 70., 40.],
        [206., 170., 110.],
        [190., 190., 190.],
        [150., 70., 36.],
    ]);
    let coat = pick(&[
        [62., 96., 140.],
        [150., 70., 60.],
        [70., 120., 90.],
        [120., 90., 140.],
    ]);
    let mut pixels = Vec::new();
    for y in 0..SIZE {
        for x in 0..SIZE {
            let (x, y) = (f32::from(x) / f32::from(SIZE), f32::from(y) / f32::from(SIZE));
            let within = |cx: f32, cy: f32, rx: f32, ry: f32| ((x - cx) / rx).hypot((y - cy) / ry) < 1.0;
            let colour = if within(0.43, 0.45, 0.018, 0.022) || within(0.57, 0.45, 0.018, 0.022) {
                [40., 34., 34.]
            } else if within(0.5, 0.53, 0.07, 0.05) && y > 0.545 {
                [170., 84., 78.]
            } else if within(0.5, 0.46, 0.17, 0.2) && y > 0.345 - (x - 0.5).abs() * 0.2 {
                skin
            } else if within(0.5, 0.41, 0.2, 0.22) {
                hair
            } else if within(0.5, 0.62, 0.07, 0.14) {
                skin.map(|c| c * 0.92)
            } else if within(0.5, 1.0, 0.34, 0.3) {
                coat
            } else {
                mix(ground, [255., 255., 255.], (1.0 - y) * 0.35)
            };
            pixels.extend(tone(colour, 1.0));
        }
    }
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 90)
        .encode(&pixels, SIZE, SIZE, ColorType::Rgb)
        .expect("a picture with pixels");
    jpeg
}
