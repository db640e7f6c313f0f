//! Text that arrives in pieces: an incremental decoder from bytes to `String`.
//!
//! A piece may end within a character, and a server that escapes UTF-16 (`"\ud83d"` in one delta,
//! `"\ude00"` in the next) may even split a surrogate pair. The decoder therefore takes WTF-8,
//! which is UTF-8 that may also hold lone surrogates: halves that meet are joined, whatever never
//! becomes a character turns into U+FFFD. Splitting the input anywhere gives the same text.

/// Decodes WTF-8 that arrives in pieces.
#[derive(Debug, Default, Clone)]
pub struct TextDecoder {
    /// The start of something that the next piece may complete; at most five bytes.
    pending: Vec<u8>,
}

/// What the front of the input, which is not valid UTF-8, turned out to be.
enum Front {
    /// It may become a character with more input.
    Incomplete,
    /// A surrogate pair of six bytes.
    Joined(char),
    /// So many bytes that are no character.
    Invalid(usize),
}

impl TextDecoder {
    /// A decoder at the start of a text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece and returns the text that is certain by now.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        if self.pending.is_empty() {
            if let Ok(text) = std::str::from_utf8(bytes) {
                return text.to_owned();
            }
            self.decode(bytes)
        } else {
            let mut joined = std::mem::take(&mut self.pending);
            joined.extend_from_slice(bytes);
            self.decode(&joined)
        }
    }

    /// Ends the text: what was still incomplete becomes U+FFFD.
    pub fn finish(&mut self) -> String {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return String::new();
        }
        let mut out = String::from(char::REPLACEMENT_CHARACTER);
        // A whole lone surrogate may be followed by the start of what looked like its other half.
        if let [0xED, 0xA0..=0xBF, _, rest @ ..] = pending.as_slice()
            && !rest.is_empty()
        {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        out
    }

    fn decode(&mut self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len());
        let mut rest = bytes;
        loop {
            let error = match std::str::from_utf8(rest) {
                Ok(text) => {
                    out.push_str(text);
                    return out;
                }
                Err(error) => error,
            };
            let Some((valid, tail)) = rest.split_at_checked(error.valid_up_to()) else {
                return out;
            };
            // Valid up to here by the error itself, so nothing is replaced.
            out.push_str(&String::from_utf8_lossy(valid));
            let skip = match front(tail, error.error_len()) {
                Front::Incomplete => {
                    self.pending = tail.to_vec();
                    return out;
                }
                Front::Joined(c) => {
                    out.push(c);
                    6
                }
                Front::Invalid(len) => {
                    out.push(char::REPLACEMENT_CHARACTER);
                    len
                }
            };
            rest = tail.get(skip..).unwrap_or_default();
        }
    }
}

/// Judges the front of `bytes`, where UTF-8 decoding stopped.
fn front(bytes: &[u8], error_len: Option<usize>) -> Front {
    match *bytes {
        // A lead surrogate (ED A0..AF xx), then a trail surrogate (ED B0..BF xx), or the start of one.
        [
            0xED,
            a @ 0xA0..=0xAF,
            b @ 0x80..=0xBF,
            0xED,
            c @ 0xB0..=0xBF,
            d @ 0x80..=0xBF,
            ..,
        ] => join(&[a, b], &[c, d]).map_or(Front::Invalid(3), Front::Joined),
        [0xED, 0xA0..=0xAF, 0x80..=0xBF]
        | [0xED, 0xA0..=0xAF, 0x80..=0xBF, 0xED]
        | [0xED, 0xA0..=0xAF, 0x80..=0xBF, 0xED, 0xB0..=0xBF]
        | [0xED, 0xA0..=0xBF] => Front::Incomplete,
        [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] => Front::Invalid(3),
        _ => error_len.map_or(Front::Incomplete, |len| Front::Invalid(len.max(1))),
    }
}

fn join(lead: &[u8; 2], trail: &[u8; 2]) -> Option<char> {
    let half = |[a, b]: &[u8; 2]| (u32::from(a & 0x0F) << 6) | u32::from(b & 0x3F);
    char::from_u32(0x1_0000 + (half(lead) << 10) + (half(trail) & 0x3FF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(pieces: &[&[u8]]) -> String {
        let mut decoder = TextDecoder::new();
        let mut text: String = pieces.iter().map(|p| decoder.push(p)).collect();
        text.push_str(&decoder.finish());
        text
    }

    const LEAD: &[u8] = b"\xED\xA0\xBD"; // \ud83d
    const TRAIL: &[u8] = b"\xED\xB8\x80"; // \ude00

    #[test]
    fn a_character_split_over_pieces_is_joined() {
        let bytes = "né😀".as_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(decode(&[&bytes[..cut], &bytes[cut..]]), "né😀");
        }
    }

    #[test]
    fn surrogate_halves_meet() {
        assert_eq!(decode(&[LEAD, TRAIL]), "😀");
        assert_eq!(decode(&[&[LEAD, TRAIL].concat()]), "😀");
    }

    #[test]
    fn lone_halves_become_replacements() {
        assert_eq!(decode(&[LEAD]), "\u{FFFD}");
        assert_eq!(decode(&[TRAIL]), "\u{FFFD}");
        assert_eq!(decode(&[LEAD, b"x"]), "\u{FFFD}x");
        assert_eq!(decode(&[LEAD, LEAD, TRAIL]), "\u{FFFD}😀");
        assert_eq!(decode(&[LEAD, b"\xED"]), "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn invalid_bytes_become_replacements() {
        assert_eq!(decode(&[b"a\xFFb"]), "a\u{FFFD}b");
        assert_eq!(decode(&[b"a\xF0\x9F"]), "a\u{FFFD}");
    }

    proptest! {
        #[test]
        fn every_split_gives_the_same_text(
            parts in prop::collection::vec(prop_oneof![
                any::<String>().prop_map(String::into_bytes),
                Just(LEAD.to_vec()), Just(TRAIL.to_vec()),
                prop::collection::vec(any::<u8>(), 0..6),
            ], 0..8),
            chunk in 1usize..7,
        ) {
            let bytes = parts.concat();
            let whole = decode(&[&bytes]);
            let pieces: Vec<&[u8]> = bytes.chunks(chunk).collect();
            prop_assert_eq!(decode(&pieces), whole);
        }

        #[test]
        fn valid_text_is_unchanged(text in any::<String>()) {
            prop_assert_eq!(decode(&[text.as_bytes()]), text);
        }
    }
}
