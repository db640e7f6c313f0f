//! How a node id is shown to people and typed by them: thirteen groups of four and a check character, which catches
//! every single wrong character and every swap of two neighbours.

use super::{KeyError, NodeId};

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const GROUPS: usize = 13;

/// Multiplies by the generator of GF(32) with the polynomial x^5 + x^2 + 1.
const fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0x20 == 0 {
        shifted
    } else {
        shifted ^ 0x25
    }
}

fn value_of(character: u8) -> Option<u8> {
    match character {
        b'a'..=b'z' => Some(character - b'a'),
        b'2'..=b'7' => Some(character - b'2' + 26),
        _ => None,
    }
}

/// The check character's value: the word `text ‖ check` evaluates to zero at x.
fn check_value(text: &str) -> Option<u8> {
    text.bytes()
        .try_fold(0, |sum, character| Some(times_x(sum) ^ value_of(character)?))
        .map(times_x)
}

impl NodeId {
    /// The id for people: `abcd efgh … uvwx c`, the last character being the check.
    #[must_use]
    pub fn grouped(&self) -> String {
        let text = self.to_string();
        let mut out = String::with_capacity(text.len() + GROUPS + 1);
        for (index, character) in text.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                out.push(' ');
            }
            out.push(character);
        }
        let check = check_value(&text).and_then(|value| ALPHABET.get(usize::from(value)));
        if let Some(check) = check {
            out.push(' ');
            out.push(char::from(*check));
        }
        out
    }

    /// Reads what [`NodeId::grouped`] shows, as a person may type it: either case, spaces or hyphens anywhere.
    ///
    /// # Errors
    /// [`KeyError::CheckCharacter`] when it was mistyped, else as for parsing.
    pub fn parse_grouped(typed: &str) -> Result<Self, KeyError> {
        if typed.len() > 200 {
            return Err(KeyError::Text);
        }
        let mut text: String = typed
            .chars()
            .filter(|character| !matches!(character, ' ' | '-' | '\n' | '\r' | '\t'))
            .map(|character| character.to_ascii_lowercase())
            .collect();
        let check = text.pop().and_then(|character| u8::try_from(character).ok());
        if text.len() != GROUPS * 4 {
            return Err(KeyError::Text);
        }
        let expected = check_value(&text).ok_or(KeyError::Text)?;
        if check.and_then(value_of) != Some(expected) {
            return Err(KeyError::CheckCharacter);
        }
        text.parse()
    }
}
