//! Keys: one registry of commands, their shortcuts and their place in the palette.
//!
//! A shortcut is written `Mod+K`, `?`, `F6`, `Alt+Left` or as a chord `g h`. `Mod` is Cmd on a Mac, else Ctrl. Plain
//! keys do nothing in fields, under an open dialog, or when the person switched them off.

use crate::components::icon::IconName;
use crate::kit::{dom, focus, time};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Something the person can do by key or from the palette.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The message id of its name; the palette finds it by its words in every language.
    pub label: &'static str,
    /// Its shortcut, or empty.
    pub keys: &'static str,
    /// Its picture in the palette; `None` keeps it out of the palette.
    pub icon: Option<IconName>,
    /// What it does.
    pub run: Callback<()>,
}

impl Command {
    /// A command of the palette, perhaps with a shortcut.
    #[must_use]
    pub fn new(label: &'static str, keys: &'static str, icon: IconName, run: Callback<()>) -> Self {
        Self {
            label,
            keys,
            icon: Some(icon),
            run,
        }
    }
    /// A shortcut that only makes sense by key.
    #[must_use]
    pub fn key(label: &'static str, keys: &'static str, run: Callback<()>) -> Self {
        Self {
            label,
            keys,
            icon: None,
            run,
        }
    }
}

type Group = (u32, Vec<Command>);

thread_local! {
    static GROUPS: RefCell<Vec<Group>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static LETTERS: Cell<bool> = const { Cell::new(true) };
    static PREFIX: RefCell<Option<(String, i64)>> = const { RefCell::new(None) };
}

/// Switches plain keys on or off.
pub fn set_letters(on: bool) {
    LETTERS.set(on);
}

/// Offers commands while the component is on screen. The latest registered wins a shortcut that two claim.
#[hook]
pub fn use_commands(commands: Vec<Command>) {
    use_effect_with(commands, |commands| {
        let id = NEXT.get();
        NEXT.set(id.wrapping_add(1));
        GROUPS.with_borrow_mut(|groups| groups.push((id, commands.clone())));
        move || GROUPS.with_borrow_mut(|groups| groups.retain(|(other, _)| *other != id))
    });
}

/// Every command on offer, latest first.
#[must_use]
pub fn offered() -> Vec<Command> {
    GROUPS.with_borrow(|groups| groups.iter().rev().flat_map(|(_, g)| g.iter().cloned()).collect())
}

/// Whether this is a Mac, where `Mod` is Cmd.
#[must_use]
pub fn is_mac() -> bool {
    thread_local! { static MAC: std::cell::OnceCell<bool> = const { std::cell::OnceCell::new() }; }
    MAC.with(|mac| {
        *mac.get_or_init(|| {
            dom::window()
                .and_then(|w| w.navigator().user_agent().ok())
                .is_some_and(|agent| {
                    agent.contains("Mac OS") || agent.contains("iPhone") || agent.contains("iPad")
                })
        })
    })
}

/// One press: the modifiers that count and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stroke {
    main: bool,
    alt: bool,
    shift: bool,
    key: String,
}

impl Stroke {
    fn parse(text: &str) -> Option<Self> {
        let mut stroke = Self {
            main: false,
            alt: false,
            shift: false,
            key: String::new(),
        };
        for part in text.split('+') {
            match part {
                "Mod" => stroke.main = true,
                "Alt" => stroke.alt = true,
                "Shift" => stroke.shift = true,
                "Left" | "Right" | "Up" | "Down" => stroke.key = format!("Arrow{part}"),
                "" => stroke.key = "+".into(),
                key if key.chars().count() == 1 => stroke.key = key.to_lowercase(),
                key => stroke.key = key.to_owned(),
            }
        }
        (!stroke.key.is_empty()).then_some(stroke)
    }

    /// A press without a modifier other than Shift: text when in a field.
    fn is_plain(&self) -> bool {
        !self.main && !self.alt && self.key.chars().count() == 1
    }

    fn matches(&self, other: &Self) -> bool {
        // Where Shift makes another character ("?"), the character says it all.
        let shift_counts = self.main || self.alt || self.key.chars().count() > 1;
        self.main == other.main
            && self.alt == other.alt
            && self.key == other.key
            && (!shift_counts || self.shift == other.shift)
    }
}

fn strokes(keys: &str) -> Vec<Stroke> {
    keys.split(' ').filter_map(Stroke::parse).collect()
}

/// What a press means among shortcuts, given the first press of a chord before it.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Run(usize),
    Begins,
    Nothing,
}

fn meaning<'a>(pressed: &Stroke, before: Option<&str>, all: impl Iterator<Item = &'a str>) -> Meaning {
    let mut begins = false;
    for (index, keys) in all.enumerate() {
        match (strokes(keys).as_slice(), before) {
            ([only], None) if only.matches(pressed) => return Meaning::Run(index),
            ([first, second], Some(before)) if first.key == before && second.matches(pressed) => {
                return Meaning::Run(index);
            }
            ([first, _], None) if first.matches(pressed) => begins = true,
            _ => {}
        }
    }
    if begins { Meaning::Begins } else { Meaning::Nothing }
}

/// How long the second key of a chord may take.
const CHORD_MS: i64 = 1_500;

/// Handles a key press of the page: runs the command that it belongs to. The frame calls this once.
pub fn handle(event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() || event.repeat() {
        return;
    }
    let key = event.key();
    if matches!(key.as_str(), "Shift" | "Control" | "Alt" | "Meta" | "AltGraph") {
        return;
    }
    let pressed = Stroke {
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
    };
    let before = PREFIX
        .with_borrow_mut(Option::take)
        .filter(|(_, at)| time::now().0 - at < CHORD_MS)
        .map(|(k, _)| k);
    if pressed.is_plain() && (!LETTERS.get() || focus::in_field(event) || focus::dialog_open()) {
        return;
    }
    let commands = offered();
    match meaning(&pressed, before.as_deref(), commands.iter().map(|c| c.keys)) {
        Meaning::Run(index) => {
            if let Some(command) = commands.get(index) {
                event.prevent_default();
                command.run.emit(());
            }
        }
        Meaning::Begins => {
            PREFIX.replace(Some((pressed.key, time::now().0)));
        }
        Meaning::Nothing => {}
    }
}

/// A shortcut as keycaps: chords, then the caps of each press.
#[must_use]
pub fn caps(keys: &str) -> Vec<Vec<Rc<str>>> {
    let mac = is_mac();
    keys.split(' ').map(|stroke| stroke_caps(stroke, mac)).collect()
}

fn stroke_caps(stroke: &str, mac: bool) -> Vec<Rc<str>> {
    stroke
        .split('+')
        .map(|part| match part {
            "Mod" if mac => "⌘".into(),
            "Mod" => "Ctrl".into(),
            "Shift" => "⇧".into(),
            "Alt" if mac => "⌥".into(),
            "Enter" => "↵".into(),
            "Left" => "←".into(),
            "Right" => "→".into(),
            "Up" => "↑".into(),
            "Down" => "↓".into(),
            "Escape" => "Esc".into(),
            "" => "+".into(),
            other if other.chars().count() == 1 => other.to_uppercase().into(),
            other => other.into(),
        })
        .collect()
}

/// The form of a shortcut for `aria-keyshortcuts`.
#[must_use]
pub fn aria(keys: &str) -> Option<AttrValue> {
    if keys.is_empty() || keys.contains(' ') {
        return None;
    }
    Some(
        keys.replace("Mod", if is_mac() { "Meta" } else { "Control" })
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(text: &str) -> Stroke {
        Stroke::parse(text).unwrap()
    }

    #[test]
    fn chords_need_both_keys_and_single_keys_one() {
        let all = || ["Mod+K", "g h", "g f", "?", "Mod+Shift+O", "r"].into_iter();
        assert_eq!(meaning(&press("Mod+k"), None, all()), Meaning::Run(0));
        assert_eq!(meaning(&press("k"), None, all()), Meaning::Nothing);
        assert_eq!(meaning(&press("g"), None, all()), Meaning::Begins);
        assert_eq!(meaning(&press("f"), Some("g"), all()), Meaning::Run(2));
        assert_eq!(meaning(&press("f"), Some("c"), all()), Meaning::Nothing);
        assert_eq!(
            meaning(&press("Shift+?"), None, all()),
            Meaning::Run(3),
            "the layout may need Shift for it"
        );
        assert_eq!(meaning(&press("Mod+O"), None, all()), Meaning::Nothing);
        assert_eq!(meaning(&press("Mod+Shift+O"), None, all()), Meaning::Run(4));
        assert_eq!(meaning(&press("Alt+r"), None, all()), Meaning::Nothing);
    }

    #[test]
    fn plain_keys_are_letters_without_modifiers() {
        assert!(press("g").is_plain());
        assert!(press("?").is_plain());
        assert!(!press("Mod+K").is_plain());
        assert!(!press("F6").is_plain());
        assert_eq!(press("Alt+Left").key, "ArrowLeft");
        assert_eq!(press("Mod++").key, "+");
    }

    #[test]
    fn caps_are_drawn_for_the_machine() {
        let text = |keys: &str, mac| {
            stroke_caps(keys, mac)
                .iter()
                .map(|c| c.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(text("Mod+Shift+o", false), "Ctrl ⇧ O");
        assert_eq!(text("Mod+K", true), "⌘ K");
        assert_eq!(text("Alt+Left", false), "Alt ←");
    }
}
