//! The tiny preview that travels with every mention of a picture: its colours on a 4 by 3 grid, as a bitmap of 90 bytes in a `data:` URL.

use data_encoding::BASE64;
use hearth_media::Placeholder;

const PREFIX: &str = "data:image/bmp;base64,";
/// Longest placeholder taken from another home, in bytes.
const MAX: usize = 4096;

/// The `data:` URL of a picture's colours.
pub(super) fn data_url(placeholder: &Placeholder) -> String {
    // BITMAPFILEHEADER and BITMAPINFOHEADER; rows from the bottom up, blue before green before red, 4-byte rows.
    const HEADERS: u32 = 14 + 40;
    let pixels = placeholder.colours();
    let mut bytes = Vec::with_capacity(90);
    bytes.extend(b"BM");
    for field in [HEADERS + 36, 0, HEADERS, 40, 4, 3] {
        bytes.extend(u32::to_le_bytes(field));
    }
    bytes.extend([1, 0, 24, 0]);
    for field in [0u32, 36, 2835, 2835, 0, 0] {
        bytes.extend(field.to_le_bytes());
    }
    for row in pixels.chunks(Placeholder::COLUMNS).rev() {
        for colour in row {
            let [red, green, blue] = colour.0;
            bytes.extend([blue, green, red]);
        }
    }
    format!("{PREFIX}{}", BASE64.encode(&bytes))
}

/// A placeholder that another home sent, if it is a small picture and nothing else.
pub(super) fn checked(text: &str) -> Option<&str> {
    let data = ["bmp", "png", "jpeg", "gif", "webp"].iter().find_map(|form| {
        text.strip_prefix("data:image/")?
            .strip_prefix(form)?
            .strip_prefix(";base64,")
    })?;
    (text.len() <= MAX && !data.is_empty() && BASE64.decode(data.as_bytes()).is_ok()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_a_bitmap() {
        let colours: Placeholder = format!("ff0000{}", "0000ff".repeat(11)).parse().unwrap();
        let url = data_url(&colours);
        let bytes = BASE64
            .decode(url.strip_prefix(PREFIX).unwrap().as_bytes())
            .unwrap();
        assert_eq!(bytes.len(), 90);
        assert_eq!(bytes[2], 90, "the file's length");
        assert_eq!(
            bytes[54 + 24..54 + 27],
            [0, 0, 255],
            "above left is red, in the last row"
        );
        assert_eq!(bytes[54..57], [255, 0, 0], "the others are blue");
        assert_eq!(checked(&url), Some(url.as_str()));
    }

    #[test]
    fn only_small_pictures_are_taken_from_others() {
        for bad in [
            "",
            "javascript:alert(1)",
            "data:text/html;base64,PGI+",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/png;base64,",
            "data:image/png;base64,\"><script>",
            "https://elsewhere.example/pixel.gif",
        ] {
            assert_eq!(checked(bad), None, "{bad}");
        }
        let long = format!("data:image/png;base64,{}", "AAAA".repeat(2000));
        assert_eq!(checked(&long), None, "too long");
    }
}
