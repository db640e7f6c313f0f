//! Reading a QR code from a picture: a screenshot or a photo that somebody sent.
//!
//! The browser decodes the file, bounded by its own limits, and scales it down; what is left here are a few million grey dots.
//! What a code says is text from a stranger: bounded, and judged by whoever asked for it.

use crate::kit::dom;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// The largest file that is looked at.
const MAX_BYTES: f64 = 32.0 * 1024.0 * 1024.0;
/// The longest side that is looked at: most codes are read small; a small code on a large photo needs more.
const SIDES: [u32; 2] = [900, 2_000];
/// No code holds more letters.
const MAX_TEXT: usize = 7_089;

/// Why nothing could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// No picture, or one that this browser cannot show.
    NoPicture,
    /// A picture without a code that can be made out.
    NoCode,
}

/// Whether a file says of itself that it is a picture.
#[must_use]
pub fn is_picture(file: &web_sys::File) -> bool {
    file.type_().starts_with("image/")
}

/// What the QR code on a picture says.
///
/// # Errors
/// See [`Unread`].
pub async fn read(file: &web_sys::File) -> Result<String, Unread> {
    if file.size() > MAX_BYTES {
        return Err(Unread::NoPicture);
    }
    let bitmap = decode(file).await.ok_or(Unread::NoPicture)?;
    let found = SIDES.iter().find_map(|side| {
        let (width, height, grey) = greys(&bitmap, *side)?;
        read_greys(width, height, &grey)
    });
    bitmap.close();
    found.ok_or(Unread::NoCode)
}

async fn decode(file: &web_sys::File) -> Option<ImageBitmap> {
    let promise = dom::window()?.create_image_bitmap_with_blob(file).ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// The picture in shades of grey, at most `side` dots long.
fn greys(bitmap: &ImageBitmap, side: u32) -> Option<(usize, usize, Vec<u8>)> {
    let (width, height) = fit(bitmap.width(), bitmap.height(), side)?;
    let canvas: HtmlCanvasElement = dom::document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let paper: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let (w, h) = (f64::from(width), f64::from(height));
    // A code on nothing is meant to be one on white.
    paper.set_fill_style_str("#fff");
    paper.fill_rect(0.0, 0.0, w, h);
    paper
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, w, h)
        .ok()?;
    let dots = paper.get_image_data(0.0, 0.0, w, h).ok()?.data();
    Some((
        width as usize,
        height as usize,
        dots.chunks_exact(4).map(grey).collect(),
    ))
}

/// How bright a dot of red, green, blue and opacity is.
fn grey(dot: &[u8]) -> u8 {
    let [r, g, b, _] = dot else { return 255 };
    u8::try_from((u32::from(*r) * 77 + u32::from(*g) * 150 + u32::from(*b) * 29) >> 8).unwrap_or(255)
}

/// The size that fits into a square of `side`, never larger than it was; `None` for a picture of nothing.
fn fit(width: u32, height: u32, side: u32) -> Option<(u32, u32)> {
    let longest = width.max(height);
    if width == 0 || height == 0 {
        return None;
    }
    if longest <= side {
        return Some((width, height));
    }
    let scale = |n: u32| {
        let scaled = u64::from(n) * u64::from(side) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    Some((scale(width), scale(height)))
}

/// The text of the first code that can be made out.
fn read_greys(width: usize, height: usize, grey: &[u8]) -> Option<String> {
    if width == 0 || height == 0 || grey.len() != width.checked_mul(height)? {
        return None;
    }
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        grey.get(y * width + x).copied().unwrap_or(255)
    });
    picture
        .detect_grids()
        .into_iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .find(|text| !text.trim().is_empty() && text.len() <= MAX_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINK: &str = "hearth://i/7FQ2-LAKE?and=more%20than~an.invite_needs-to-have";

    /// A code as a picture: `dot` pixels a module, a rim of four modules, at a place on a larger sheet.
    fn drawn(text: &str, dot: usize, at: (usize, usize), sheet: (usize, usize)) -> Vec<u8> {
        let code = qrcode::QrCode::new(text).unwrap();
        let side = code.width();
        let dark = code.to_colors();
        let mut grey = vec![235_u8; sheet.0 * sheet.1];
        for y in 0..side * dot {
            for x in 0..side * dot {
                if dark[(y / dot) * side + x / dot] == qrcode::Color::Dark {
                    grey[(y + at.1 + 4 * dot) * sheet.0 + x + at.0 + 4 * dot] = 20;
                }
            }
        }
        grey
    }

    #[test]
    fn a_code_on_a_screenshot_is_read() {
        let grey = drawn(LINK, 4, (120, 60), (640, 480));
        assert_eq!(read_greys(640, 480, &grey).as_deref(), Some(LINK));
    }

    #[test]
    fn a_code_lying_on_its_side_is_read() {
        let (w, h) = (400, 400);
        let grey = drawn(LINK, 5, (30, 40), (w, h));
        let turned: Vec<u8> = (0..h)
            .flat_map(|y| (0..w).map(move |x| (x, y)))
            .map(|(x, y)| grey[(h - 1 - x) * w + y])
            .collect();
        assert_eq!(read_greys(w, h, &turned).as_deref(), Some(LINK));
    }

    #[test]
    fn pictures_are_scaled_down_and_never_up() {
        assert_eq!(fit(4_000, 3_000, 900), Some((900, 675)));
        assert_eq!(fit(40, 30, 900), Some((40, 30)));
        assert_eq!(fit(100_000, 1, 900), Some((900, 1)));
        assert_eq!(fit(0, 9, 900), None);
    }

    #[test]
    fn dots_that_are_not_there_are_no_picture() {
        assert_eq!(read_greys(10, 10, &[0; 99]), None);
        assert_eq!(read_greys(usize::MAX, 2, &[]), None);
        assert_eq!(read_greys(1, 1, &[0]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever somebody draws, the window stays alive: scribbles over a real code, strips cut off, noise.
        #[test]
        fn no_picture_breaks_the_window(
            scribbles in proptest::collection::vec((0_usize..300, 0_usize..300, 1_usize..60, 1_usize..60, any::<u8>()), 0..12),
            noise in proptest::collection::vec((0_usize..90_000, any::<u8>()), 0..400),
            cut in 1_usize..=300,
        ) {
            let mut grey = drawn(LINK, 5, (10, 10), (300, 300));
            for (x, y, w, h, tone) in scribbles {
                for row in y..(y + h).min(300) {
                    for dot in x..(x + w).min(300) {
                        grey[row * 300 + dot] = tone;
                    }
                }
            }
            for (at, tone) in noise {
                grey[at] = tone;
            }
            grey.truncate(300 * cut);
            if let Some(text) = read_greys(300, cut, &grey) {
                prop_assert!(text.len() <= MAX_TEXT);
            }
        }
    }
}
