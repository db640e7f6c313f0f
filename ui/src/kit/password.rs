//! How strong a password is, roughly, and five random words for one that can be remembered.
//!
//! The meter only advises: the node decides (length, common passwords). It counts what an attacker who knows about
//! words, repetition and sequences would have to try.

use crate::kit::i18n::Lang;
use std::collections::HashSet;

/// English words: the BIP-39 list (MIT, Trezor and the Bitcoin developers).
const ENGLISH: &str = include_str!("words_en.txt");
/// German words, collected for Hearth.
const GERMAN: &str = include_str!("words_de.txt");

/// Advice on a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Shorter than a password may be.
    TooShort,
    /// Guessed in minutes.
    Weak,
    /// Guessed with some effort.
    Fair,
    /// Good.
    Good,
    /// Not to be guessed.
    Strong,
}

impl Strength {
    /// How much of the meter is filled, 0-4.
    #[must_use]
    pub fn steps(self) -> u8 {
        match self {
            Self::TooShort => 0,
            Self::Weak => 1,
            Self::Fair => 2,
            Self::Good => 3,
            Self::Strong => 4,
        }
    }
}

/// Advice on a password.
#[must_use]
pub fn strength(password: &str) -> Strength {
    if password.chars().count() < 8 {
        return Strength::TooShort;
    }
    match bits(password) {
        ..32.0 => Strength::Weak,
        32.0..45.0 => Strength::Fair,
        45.0..60.0 => Strength::Good,
        _ => Strength::Strong,
    }
}

/// Bits that a patient attacker has to guess: letters that repeat or follow each other count little, words count as words.
fn bits(password: &str) -> f64 {
    let lower = password.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| w.chars().count() >= 3)
        .collect();
    let known = known();
    if words.len() >= 3 && words.iter().all(|w| known.contains(w)) {
        // Repeating a word adds nothing.
        let different: HashSet<_> = words.iter().collect();
        return f64::from(u32::try_from(different.len()).unwrap_or(u32::MAX)) * 10.5;
    }
    let alphabet: f64 = [
        (password.chars().any(char::is_lowercase), 26.0),
        (password.chars().any(char::is_uppercase), 26.0),
        (password.chars().any(|c| c.is_ascii_digit()), 10.0),
        (password.chars().any(|c| !c.is_alphanumeric()), 24.0),
    ]
    .into_iter()
    .filter_map(|(present, size)| present.then_some(size))
    .sum::<f64>()
    .max(10.0);
    let mut total = 0.0;
    let mut before: Option<char> = None;
    let mut seen = HashSet::new();
    for c in lower.chars() {
        let gap = before.map(|b| i64::from(u32::from(c)) - i64::from(u32::from(b)));
        let fresh = seen.insert(c);
        total += match gap {
            Some(-1..=1) => 1.0,
            _ if !fresh => alphabet.log2() * 0.6,
            _ => alphabet.log2(),
        };
        before = Some(c);
    }
    // Letters in a row are mostly words, which are easier than letters: "password1" is not random.
    let longest = words.iter().map(|w| w.chars().count()).max().unwrap_or(0);
    if longest >= 5 {
        total -= f64::from(u32::try_from(longest.min(24)).unwrap_or(24)) * 2.6;
    }
    total.max(0.0)
}

fn known() -> HashSet<&'static str> {
    ENGLISH.lines().chain(GERMAN.lines()).collect()
}

/// Five words for numbers drawn at random, joined by hyphens.
#[must_use]
pub fn phrase(lang: Lang, random: [u32; 5]) -> String {
    let words: Vec<&str> = match lang {
        Lang::En => ENGLISH.lines().collect(),
        Lang::De => GERMAN.lines().collect(),
    };
    // Taking the remainder favours some words by less than one in four million.
    let chosen = random.map(|n| {
        words
            .get(usize::try_from(n).unwrap_or(0) % words.len().max(1))
            .copied()
            .unwrap_or("")
    });
    chosen.join("-")
}

/// Five random words by the browser's cryptographic generator; `None` without one.
#[must_use]
pub fn random_phrase(lang: Lang) -> Option<String> {
    let mut bytes = [0_u8; 20];
    web_sys::window()?
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    let mut random = [0_u32; 5];
    for (number, chunk) in random.iter_mut().zip(bytes.chunks_exact(4)) {
        *number = u32::from_le_bytes(chunk.try_into().ok()?);
    }
    Some(phrase(lang, random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_long_clean_and_without_repeats() {
        for (list, least) in [(ENGLISH, 2048), (GERMAN, 900)] {
            let words: HashSet<_> = list.lines().collect();
            assert!(words.len() >= least, "{} words", words.len());
            assert_eq!(words.len(), list.lines().count(), "no word twice");
            for word in &words {
                assert!((3..=10).contains(&word.chars().count()), "{word}");
                assert!(word.chars().all(char::is_lowercase), "{word}");
            }
        }
    }

    #[test]
    fn five_words_are_good_and_a_common_password_is_not() {
        let phrase = phrase(Lang::De, [1, 77, 500, 700, 899]);
        assert_eq!(phrase.split('-').count(), 5);
        assert!(strength(&phrase) >= Strength::Good, "{phrase}");
        assert_eq!(strength("1234567"), Strength::TooShort);
        assert_eq!(strength("12345678"), Strength::Weak);
        assert_eq!(strength("aaaaaaaaaaaa"), Strength::Weak);
        assert_eq!(strength("password1"), Strength::Weak);
        assert!(strength("gT7#kq!Wz2$mB9") == Strength::Strong);
    }
}
