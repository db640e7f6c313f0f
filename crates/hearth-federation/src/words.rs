//! Five words that two people compare aloud after a pairing, in English or German.
//!
//! They are fifty bits of a stretched hash of the pairing's transcript: somebody between the two homes would have to
//! find, while both people wait, a second pairing with the same words, and every try costs [`ROUNDS`] hashes. Both
//! lists have 1024 words; each word is chosen by the same ten bits in every language, and is not a translation.

use std::sync::LazyLock;

use crate::kdf;

/// How many words there are.
pub const WORDS: usize = 5;
/// How many words a list has: ten bits choose one.
pub const LIST_LEN: usize = 1024;
/// How many hashes one set of words costs.
pub const ROUNDS: u32 = 1 << 16;

const LABEL: &[u8] = b"hearth/1 safety words";

static ENGLISH: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("../words/en.txt").lines().collect());
static GERMAN: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("../words/de.txt").lines().collect());

/// A language that has a word list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, also for every language without a list of its own.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language for a tag such as `de-AT` (BCP 47).
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("de") => Self::German,
            _ => Self::English,
        }
    }

    fn list(self) -> &'static [&'static str] {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

/// The safety words of one pairing, in no language yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SafetyWords([u16; WORDS]);

impl SafetyWords {
    /// The words of a transcript hash.
    #[must_use]
    pub fn of(transcript: &[u8; 32]) -> Self {
        let stretched = (0..ROUNDS).fold(*transcript, |hash, _| kdf::hash(&[LABEL, &hash, transcript]));
        let [a, b, c, d, e, g, h, ..] = stretched;
        let bits = u64::from_be_bytes([0, a, b, c, d, e, g, h]) >> 6;
        let [first, second, third, fourth, fifth] = [40, 30, 20, 10, 0].map(|shift| ten_bits(bits >> shift));
        Self([first, second, third, fourth, fifth])
    }

    /// The indices into the lists.
    #[must_use]
    pub const fn indices(&self) -> &[u16; WORDS] {
        &self.0
    }

    /// The words in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> [&'static str; WORDS] {
        let list = language.list();
        self.0.map(|index| {
            list.get(usize::from(index) % LIST_LEN)
                .copied()
                .unwrap_or_default()
        })
    }
}

fn ten_bits(bits: u64) -> u16 {
    u16::try_from(bits & 0x3ff).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_list_has_1024_distinct_short_words() {
        for language in [Language::English, Language::German] {
            let list = language.list();
            assert_eq!(list.len(), LIST_LEN, "{language:?}");
            let distinct: HashSet<_> = list.iter().collect();
            assert_eq!(distinct.len(), LIST_LEN, "{language:?}");
            for word in list {
                assert!((3..=9).contains(&word.chars().count()), "{word}");
                assert!(
                    word.chars().all(|c| c.is_alphabetic() && c.is_lowercase()),
                    "{word}"
                );
            }
        }
    }

    /// Whether one replaced, added or missing letter makes one word the other.
    fn are_close(a: &str, b: &str) -> bool {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
        match long.len() - short.len() {
            0 => short.iter().zip(long).filter(|(x, y)| x != y).count() <= 1,
            1 => (0..long.len()).any(|gap| short[..gap] == long[..gap] && short[gap..] == long[gap + 1..]),
            _ => false,
        }
    }

    #[test]
    fn no_two_words_of_a_list_differ_by_one_letter_only() {
        for language in [Language::English, Language::German] {
            let list = language.list();
            for (index, word) in list.iter().enumerate() {
                let close = list[index + 1..].iter().find(|other| are_close(word, other));
                assert_eq!(close, None, "too close to {word}");
            }
        }
    }

    #[test]
    fn the_same_transcript_gives_the_same_words_and_another_gives_others() {
        let words = SafetyWords::of(&[1; 32]);
        assert_eq!(words, SafetyWords::of(&[1; 32]));
        assert_ne!(words, SafetyWords::of(&[2; 32]));
        assert_ne!(
            words.in_language(Language::English),
            words.in_language(Language::German)
        );
        assert!(
            words
                .in_language(Language::English)
                .iter()
                .all(|word| !word.is_empty())
        );
    }

    #[test]
    fn language_tags_are_understood() {
        assert_eq!(Language::from_tag("de-AT"), Language::German);
        assert_eq!(Language::from_tag("DE"), Language::German);
        assert_eq!(Language::from_tag("den"), Language::English);
        assert_eq!(Language::from_tag(""), Language::English);
    }
}
