//! The number of unread things as a picture, for Windows, which lays one over the program's icon: white on a round of ember.

use tauri::image::Image;

/// The edge of the picture, in pixels.
const EDGE: u32 = 32;
/// Red, green, blue and how much it covers.
const EMBER: [u8; 4] = [0xc4, 0x55, 0x24, 0xff];
const WHITE: [u8; 4] = [0xff, 0xff, 0xff, 0xff];

/// The digits and, last, a plus, three wide and five high: a row is three bits.
const GLYPHS: [[u8; 5]; 11] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 1, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
    [0, 2, 7, 2, 0],
];
const PLUS: usize = 10;

/// The picture of a number; above 9 it is `9+`.
pub(crate) fn drawn(count: u32) -> Image<'static> {
    let glyphs: Vec<usize> = match usize::try_from(count) {
        Ok(digit) if digit < PLUS => vec![digit],
        _ => vec![9, PLUS],
    };
    // A dot of a glyph is a square of so many pixels; there is a dot between two glyphs.
    let dot: u32 = if glyphs.len() == 1 { 4 } else { 3 };
    let wide = u32::try_from(glyphs.len()).unwrap_or(1) * 4 - 1;
    let (left, top) = ((EDGE - wide * dot) / 2, (EDGE - 5 * dot) / 2);
    let mut pixels = Vec::new();
    for y in 0..EDGE {
        for x in 0..EDGE {
            let on = x
                .checked_sub(left)
                .zip(y.checked_sub(top))
                .is_some_and(|(x, y)| is_ink(&glyphs, x / dot, y / dot));
            pixels.extend(match (on, is_inside(x, y)) {
                (true, _) => WHITE,
                (false, true) => EMBER,
                (false, false) => [0; 4],
            });
        }
    }
    Image::new_owned(pixels, EDGE, EDGE)
}

fn is_ink(glyphs: &[usize], column: u32, row: u32) -> bool {
    let (glyph, bit) = (column / 4, column % 4);
    let bits = usize::try_from(glyph)
        .ok()
        .and_then(|at| glyphs.get(at))
        .and_then(|glyph| GLYPHS.get(*glyph))
        .zip(usize::try_from(row).ok())
        .and_then(|(rows, row)| rows.get(row));
    bit < 3 && bits.is_some_and(|bits| bits & (4 >> bit) != 0)
}

/// Whether a pixel is in the round.
fn is_inside(x: u32, y: u32) -> bool {
    let off = |at: u32| i64::from(2 * at + 1) - i64::from(EDGE);
    off(x).pow(2) + off(y).pow(2) <= i64::from(EDGE).pow(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart_and_many_are_nine_and_more() {
        let pictures: Vec<Vec<u8>> = (1..=11).map(|count| drawn(count).rgba().to_vec()).collect();
        assert_eq!(pictures[9], pictures[10], "10 and 11");
        for (at, one) in pictures.iter().take(10).enumerate() {
            assert_eq!(one.len(), 32 * 32 * 4);
            assert!(!pictures[..at].contains(one), "{} looks like another", at + 1);
            assert!(
                one.chunks_exact(4).any(|pixel| pixel == WHITE),
                "there is a number"
            );
            assert_eq!(&one[..4], &[0; 4], "its corners are open");
        }
    }
}
