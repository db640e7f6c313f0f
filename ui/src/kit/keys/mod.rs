//! Keys: what can be done by key, which keys do it, and the place of commands in the palette.
//!
//! A shortcut is written `Mod+K`, `?`, `F6`, `Alt+Left` or as a chord `g h`. `Mod` is Cmd on a Mac, else Ctrl. What is
//! done by key is a [`Key`] of one table; the person may choose other keys for each. Plain keys do nothing in fields,
//! under an open dialog that they do not belong to, or when the person switched them off.

mod map;
mod scroll;
mod stroke;
mod table;

pub use map::{
    Chosen, MOST, Refusal, among, first, held, holder, is_desktop, of, refusal, set_chosen, set_desktop, with,
};
pub use stroke::{aria, caps};
pub use table::{Key, KeyGroup, KeyRow, Spots};

use crate::components::icon::IconName;
use crate::kit::{dom, focus, time};
use std::cell::{Cell, RefCell};
use stroke::{Stroke, strokes};
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Something the person can do by key or from the palette.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The message id of its name; the palette finds it by its words in every language.
    pub label: &'static str,
    /// The ids of further texts that the palette finds it by.
    pub words: &'static [&'static str],
    /// What its keys are those of.
    pub key: Option<Key>,
    /// Its picture in the palette; `None` keeps it out of the palette.
    pub icon: Option<IconName>,
    /// What it does.
    pub run: Callback<()>,
}

impl Command {
    /// A command of the palette without a key.
    #[must_use]
    pub fn new(label: &'static str, icon: IconName, run: Callback<()>) -> Self {
        Self {
            label,
            words: &[],
            key: None,
            icon: Some(icon),
            run,
        }
    }
    /// A command of the palette that has keys, too.
    #[must_use]
    pub fn with_key(key: Key, icon: IconName, run: Callback<()>) -> Self {
        Self {
            icon: Some(icon),
            ..Self::key(key, run)
        }
    }
    /// What only makes sense by key.
    #[must_use]
    pub fn key(key: Key, run: Callback<()>) -> Self {
        Self {
            label: key.row().label,
            words: &[],
            key: Some(key),
            icon: None,
            run,
        }
    }
    /// The same under the name that it has here.
    #[must_use]
    pub fn named(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }
    /// The same, found by more than its name.
    #[must_use]
    pub fn found_by(mut self, words: &'static [&'static str]) -> Self {
        self.words = words;
        self
    }
    /// Whether its name and its further words have every word of what is wanted.
    #[must_use]
    pub fn is_about(&self, wanted: &str) -> bool {
        let ids: Vec<&str> = std::iter::once(self.label)
            .chain(self.words.iter().copied())
            .collect();
        !self.words.is_empty() && crate::kit::i18n::say(&ids, wanted)
    }
    /// Its shortcuts, as they are now.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.key.map(of).unwrap_or_default()
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

/// Offers commands while the component is on screen. The latest registered wins what two offer.
#[hook]
pub fn use_commands(commands: Vec<Command>) {
    use_effect_with(commands, |commands| {
        let id = offer(commands, false);
        move || withdraw(id)
    });
}

/// Offers the commands of the frame: those of the screens in it win.
#[hook]
pub fn use_frame_commands(commands: Vec<Command>) {
    use_effect_with(commands, |commands| {
        let id = offer(commands, true);
        move || withdraw(id)
    });
}

fn offer(commands: &[Command], below: bool) -> u32 {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    GROUPS.with_borrow_mut(|groups| {
        let at = if below { 0 } else { groups.len() };
        groups.insert(at, (id, commands.to_vec()));
    });
    id
}

fn withdraw(id: u32) {
    GROUPS.with_borrow_mut(|groups| groups.retain(|(other, _)| *other != id));
}

/// Every command on offer, latest first.
#[must_use]
pub fn offered() -> Vec<Command> {
    GROUPS.with_borrow(|groups| groups.iter().rev().flat_map(|(_, g)| g.iter().cloned()).collect())
}

/// Does what a key does, by a button.
pub fn run(key: Key) {
    let command = offered().into_iter().find(|command| command.key == Some(key));
    if let Some(command) = command {
        command.run.emit(());
    }
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

/// Whether a press is one of the shortcuts of something; for elements that hear their keys themselves.
#[must_use]
pub fn is(key: Key, event: &KeyboardEvent) -> bool {
    let Some(pressed) = Stroke::of(event) else {
        return false;
    };
    of(key).iter().any(|keys| {
        let strokes = strokes(keys);
        matches!(strokes.as_slice(), [only] if only.matches(&pressed))
    })
}

/// A press as it is written in a shortcut; `None` for a modifier alone.
#[must_use]
pub fn pressed(event: &KeyboardEvent) -> Option<String> {
    Stroke::of(event).map(|stroke| stroke.text())
}

/// What Space and Enter press, and what arrows move in.
const PRESSED: &str =
    "a[href],button,summary,video,[role='button'],[role='option'],[role^='menuitem'],[role='tab']";
const MOVED: &str = "input,select,video,[role='slider'],[role='menu'],[role='listbox'],[role='tablist'],[role='toolbar'],[role='separator'],[role='grid']";

/// Whether what has the focus uses such a key itself.
fn used_there(pressed: &Stroke, event: &KeyboardEvent) -> bool {
    if !pressed.is_bare() {
        return false;
    }
    if focus::in_field(event) {
        return true;
    }
    let within = |selector: &str| dom::closest(event, selector).is_some();
    match pressed.key.as_str() {
        " " | "Enter" => within(PRESSED),
        key if key.chars().count() > 1 => within(MOVED),
        _ => false,
    }
}

/// Handles a key press of the page: runs the command that it belongs to, or scrolls. The frame calls this once.
pub fn handle(event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() {
        return;
    }
    obey(event);
    if !event.default_prevented() {
        scroll::by_key(event);
    }
}

/// Runs the command that a press belongs to.
fn obey(event: &KeyboardEvent) {
    let Some(pressed) = Stroke::of(event) else { return };
    let before = PREFIX
        .with_borrow_mut(Option::take)
        .filter(|(_, at)| time::now().0 - at < CHORD_MS)
        .map(|(k, _)| k);
    if (pressed.is_plain() && !LETTERS.get()) || used_there(&pressed, event) {
        return;
    }
    let (over, in_field) = (focus::dialog_open(), focus::in_field(event));
    let commands: Vec<(Command, String)> = offered()
        .into_iter()
        .filter(|command| {
            let Some(key) = command.key else { return false };
            let spots = key.row().spots;
            let here = !over || spots.in_dialog() || (!spots.page_only() && !pressed.is_bare());
            let here = here && !(in_field && key.outside_fields());
            // Only walking among pictures goes on while a key is held.
            here && (!event.repeat() || spots.in_dialog())
        })
        .flat_map(|command| {
            let all = command.keys();
            all.into_iter().map(move |keys| (command.clone(), keys))
        })
        .collect();
    let mean = |stroke: &Stroke| {
        meaning(
            stroke,
            before.as_deref(),
            commands.iter().map(|(_, keys)| keys.as_str()),
        )
    };
    let found = match mean(&pressed) {
        Meaning::Nothing => pressed
            .by_digit(event)
            .map_or(Meaning::Nothing, |digit| mean(&digit)),
        found => found,
    };
    match found {
        Meaning::Run(index) => {
            if let Some((command, _)) = commands.get(index) {
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
}
