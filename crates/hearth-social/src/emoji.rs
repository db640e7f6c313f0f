//! Whether a text is exactly one emoji, as a reader sees it: the emoji sequences of Unicode Technical Standard #51.
//!
//! The test is by form (what may be joined how) and by the blocks that emoji live in, not by the list of what fonts draw today, so
//! that next year's emoji pass.

/// Longest sequence taken, in bytes: the longest family has seven characters.
const MAX_LEN: usize = 64;

const ZWJ: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Whether `text` is exactly one emoji.
#[must_use]
pub(crate) fn is_one_emoji(text: &str) -> bool {
    if text.is_empty() || text.len() > MAX_LEN {
        return false;
    }
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        [a, b] if is_regional(*a) && is_regional(*b) => true,
        ['0'..='9' | '#' | '*', EMOJI_STYLE, KEYCAP] | ['0'..='9' | '#' | '*', KEYCAP] => true,
        ['\u{1f3f4}', tags @ .., '\u{e007f}'] if !tags.is_empty() => {
            tags.iter().all(|c| matches!(c, '\u{e0020}'..='\u{e007e}'))
        }
        chars => chars.split(|c| *c == ZWJ).all(is_element),
    }
}

/// One element of a joined sequence: a pictograph, with a skin tone or presentation selector at most.
fn is_element(chars: &[char]) -> bool {
    match chars {
        [c] => is_pictograph(*c),
        [c, EMOJI_STYLE] => is_pictograph(*c),
        [c, tone] => is_pictograph(*c) && is_skin_tone(*tone),
        _ => false,
    }
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{1f004}' | '\u{1f0cf}'
        | '\u{1f170}'..='\u{1f171}' | '\u{1f17e}'..='\u{1f17f}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}'
        | '\u{1f201}'..='\u{1f251}'
        | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{231b}' | '\u{2328}' | '\u{23cf}' | '\u{23e9}'..='\u{23fa}'
        | '\u{24c2}' | '\u{25aa}'..='\u{25ab}' | '\u{25b6}' | '\u{25c0}' | '\u{25fb}'..='\u{25fe}'
        | '\u{2934}'..='\u{2935}' | '\u{2b05}'..='\u{2b07}' | '\u{2b1b}'..='\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{00a9}' | '\u{00ae}' | '\u{203c}' | '\u{2049}'
        | '\u{2122}' | '\u{2139}')
}

#[cfg(test)]
mod tests {
    use super::is_one_emoji;

    #[test]
    fn one_emoji_is_one_however_many_characters_it_has() {
        for emoji in [
            "👍",
            "❤️",
            "❤",
            "👍🏽",
            "👩‍👩‍👧‍👦",
            "🇩🇪",
            "1️⃣",
            "🏳️‍🌈",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "🧑🏿‍🚀",
            "😶‍🌫️",
            "☕",
            "🫶",
        ] {
            assert!(is_one_emoji(emoji), "{emoji}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        let long = "👍".repeat(40);
        for text in [
            "",
            "a",
            "👍👍",
            "👍 ",
            "1",
            "ok👍",
            "‍",
            "👍‍",
            "‍👍",
            "<b>",
            "🇩",
            "🇩🇪🇫🇷",
            "\u{fe0f}",
            &long,
        ] {
            assert!(!is_one_emoji(text), "{text:?}");
        }
    }
}
