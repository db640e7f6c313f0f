//! One press of a key, as it is written, pressed and drawn.

use crate::kit::i18n;
use crate::kit::keys::is_mac;
use std::rc::Rc;
use web_sys::KeyboardEvent;

/// One press: the modifiers that count and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stroke {
    pub(super) main: bool,
    pub(super) alt: bool,
    pub(super) shift: bool,
    pub(super) key: String,
}

impl Stroke {
    /// Reads `Mod+Shift+A`, `g`, `F6`, `Alt+Left`, `Space`, `Mod++`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut stroke = Self {
            main: false,
            alt: false,
            shift: false,
            key: String::new(),
        };
        let (modifiers, key) = match text.strip_suffix('+') {
            // The key is the plus itself.
            Some(before) => (before.strip_suffix('+').unwrap_or(before), "+"),
            None => text.rsplit_once('+').unwrap_or(("", text)),
        };
        for part in modifiers.split('+').filter(|p| !p.is_empty()) {
            match part {
                "Mod" => stroke.main = true,
                "Alt" => stroke.alt = true,
                "Shift" => stroke.shift = true,
                _ => return None,
            }
        }
        stroke.key = match key {
            "Left" | "Right" | "Up" | "Down" => format!("Arrow{key}"),
            "Space" => " ".into(),
            key if key.chars().count() == 1 => key.to_lowercase(),
            key => key.to_owned(),
        };
        (!stroke.key.is_empty()).then_some(stroke)
    }

    /// What was pressed; `None` for a modifier alone.
    pub(super) fn of(event: &KeyboardEvent) -> Option<Self> {
        let key = event.key();
        if matches!(
            key.as_str(),
            "Shift"
                | "Control"
                | "Alt"
                | "Meta"
                | "AltGraph"
                | "Dead"
                | "CapsLock"
                | "NumLock"
                | "Unidentified"
                | ""
        ) {
            return None;
        }
        Some(Self {
            main: if is_mac() {
                event.meta_key()
            } else {
                event.ctrl_key()
            },
            alt: event.alt_key(),
            shift: event.shift_key(),
            key: if key.chars().count() == 1 {
                key.to_lowercase()
            } else {
                key
            },
        })
    }

    /// The digit on the key where a layout writes something else on it (`&` for 1).
    pub(super) fn by_digit(&self, event: &KeyboardEvent) -> Option<Self> {
        let code = event.code();
        let digit = code.strip_prefix("Digit").filter(|d| d.len() == 1)?;
        (self.main && self.key != digit).then(|| Self {
            key: digit.to_owned(),
            ..self.clone()
        })
    }

    /// How it is written: the form that [`Stroke::parse`] reads.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        if self.main {
            out.push_str("Mod+");
        }
        if self.alt {
            out.push_str("Alt+");
        }
        if self.shift && self.shift_counts() {
            out.push_str("Shift+");
        }
        match self.key.as_str() {
            " " => out.push_str("Space"),
            key if self.main || self.alt => match key.strip_prefix("Arrow") {
                Some(way) => out.push_str(way),
                None if key.chars().count() == 1 => out.push_str(&key.to_uppercase()),
                None => out.push_str(key),
            },
            key => out.push_str(key.strip_prefix("Arrow").unwrap_or(key)),
        }
        out
    }

    /// One character without a modifier other than Shift: text when in a field.
    pub(super) fn is_plain(&self) -> bool {
        !self.main && !self.alt && self.key.chars().count() == 1
    }

    /// A key that fields and controls use themselves: a character, an arrow, Enter.
    pub(super) fn is_bare(&self) -> bool {
        !self.main && !self.alt && self.key != "Escape" && !self.is_function()
    }

    fn is_function(&self) -> bool {
        self.key
            .strip_prefix('F')
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Where Shift makes another character (`?`), the character says it all.
    fn shift_counts(&self) -> bool {
        let mut chars = self.key.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => (self.main || self.alt) && only.is_alphabetic(),
            _ => true,
        }
    }

    pub(super) fn matches(&self, other: &Self) -> bool {
        self.main == other.main
            && self.alt == other.alt
            && self.key == other.key
            && (!self.shift_counts() || self.shift == other.shift)
    }
}

/// The presses of a shortcut: one, or the two of a chord.
pub(super) fn strokes(keys: &str) -> Vec<Stroke> {
    keys.split(' ').filter_map(Stroke::parse).collect()
}

/// A shortcut as keycaps: chords, then the caps of each press.
#[must_use]
pub fn caps(keys: &str) -> Vec<Vec<Rc<str>>> {
    let mac = is_mac();
    strokes(keys)
        .iter()
        .map(|stroke| stroke_caps(stroke, mac))
        .collect()
}

fn stroke_caps(stroke: &Stroke, mac: bool) -> Vec<Rc<str>> {
    let mut all: Vec<Rc<str>> = Vec::new();
    if stroke.main {
        all.push(if mac { "⌘".into() } else { cap("cap-ctrl") });
    }
    if stroke.alt {
        all.push(if mac { "⌥" } else { "Alt" }.into());
    }
    if stroke.shift {
        all.push("⇧".into());
    }
    all.push(match stroke.key.as_str() {
        "Enter" => "↵".into(),
        "ArrowLeft" => "←".into(),
        "ArrowRight" => "→".into(),
        "ArrowUp" => "↑".into(),
        "ArrowDown" => "↓".into(),
        "Escape" => "Esc".into(),
        " " => "␣".into(),
        "Delete" => cap("cap-delete"),
        "Insert" => cap("cap-insert"),
        "Home" => cap("cap-home"),
        "End" => cap("cap-end"),
        "PageUp" => cap("cap-page-up"),
        "PageDown" => cap("cap-page-down"),
        key if key.chars().count() == 1 => key.to_uppercase().into(),
        key => key.into(),
    });
    all
}

/// What is printed on a key, by language.
fn cap(id: &str) -> Rc<str> {
    Rc::from(i18n::translate(id, &[]).as_str())
}

/// The form of a shortcut for `aria-keyshortcuts`.
#[must_use]
pub fn aria(keys: &str) -> Option<String> {
    if keys.is_empty() || keys.contains(' ') {
        return None;
    }
    let mut text = keys.replace("Mod", if is_mac() { "Meta" } else { "Control" });
    for way in ["Left", "Right", "Up", "Down"] {
        if keys == way || keys.ends_with(&format!("+{way}")) {
            text = text.replace(way, &format!("Arrow{way}"));
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(text: &str) -> Stroke {
        Stroke::parse(text).unwrap()
    }

    #[test]
    fn plain_keys_are_letters_without_modifiers() {
        assert!(press("g").is_plain());
        assert!(press("?").is_plain());
        assert!(press("Space").is_plain());
        assert!(!press("Mod+K").is_plain());
        assert!(!press("F6").is_plain());
        assert_eq!(press("Alt+Left").key, "ArrowLeft");
        assert_eq!(press("Mod++").key, "+");
        assert_eq!(press("+").key, "+");
        assert!(press("Mod+Shift++").shift);
        assert!(Stroke::parse("Hyper+K").is_none());
        assert!(Stroke::parse("").is_none());
    }

    #[test]
    fn what_fields_and_controls_use_is_told_from_what_they_do_not() {
        for bare in ["g", "Enter", "Right", "Home", "Space"] {
            assert!(press(bare).is_bare(), "{bare}");
        }
        for free in ["F6", "Shift+F6", "Escape", "Mod+Enter", "Alt+Left"] {
            assert!(!press(free).is_bare(), "{free}");
        }
    }

    #[test]
    fn shortcuts_are_written_as_they_are_read() {
        for text in [
            "Mod+Shift+A",
            "g",
            "?",
            "F6",
            "Shift+F6",
            "Alt+Left",
            "Right",
            "Space",
            "Mod++",
            "+",
            "Mod+,",
        ] {
            assert_eq!(press(text).text(), text);
        }
        let shifted = Stroke {
            shift: true,
            ..press("?")
        };
        assert_eq!(shifted.text(), "?", "the layout needs Shift for it");
        assert!(press("?").matches(&shifted));
        assert!(
            press("Mod++").matches(&Stroke {
                shift: true,
                ..press("Mod++")
            }),
            "so it does for the plus"
        );
    }

    #[test]
    fn caps_are_drawn_for_the_machine() {
        let text = |keys: &str, mac| stroke_caps(&press(keys), mac).join(" ");
        assert_eq!(text("Mod+Shift+o", false), "Ctrl ⇧ O");
        assert_eq!(text("Mod+K", true), "⌘ K");
        assert_eq!(text("Alt+Left", false), "Alt ←");
        assert_eq!(text("Mod++", false), "Ctrl +");
        i18n::set_lang(i18n::Lang::De, "");
        assert_eq!(text("Mod+Delete", false), "Strg Entf");
        assert_eq!(text("Mod+Delete", true), "⌘ Entf");
        i18n::set_lang(i18n::Lang::En, "");
    }
}
