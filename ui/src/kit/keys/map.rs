//! Which keys hold now: the table's, and those that the person chose instead.

use super::stroke::{Stroke, strokes};
use super::table::Key;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Shortcuts chosen by the person, by the name of what they do. An empty list is none at all.
pub type Chosen = BTreeMap<String, Vec<String>>;

/// How many shortcuts one thing may have.
pub const MOST: usize = 4;

thread_local! {
    static CHOSEN: RefCell<Chosen> = const { RefCell::new(Chosen::new()) };
    static DESKTOP: Cell<bool> = const { Cell::new(false) };
}

/// Takes over what the person chose.
pub fn set_chosen(chosen: &Chosen) {
    CHOSEN.with_borrow_mut(|all| all.clone_from(chosen));
}

/// Says that this is the desktop window, where no browser has keys of its own.
pub fn set_desktop(desktop: bool) {
    DESKTOP.set(desktop);
}

/// Whether this is the desktop window.
#[must_use]
pub fn is_desktop() -> bool {
    DESKTOP.get()
}

/// The shortcuts of something, as they are now.
#[must_use]
pub fn of(key: Key) -> Vec<String> {
    CHOSEN.with_borrow(|chosen| among(key, chosen, is_desktop()))
}

/// The first shortcut of something, for its button.
#[must_use]
pub fn first(key: Key) -> Option<String> {
    of(key).into_iter().next()
}

/// The shortcuts of something, given what was chosen.
#[must_use]
pub fn among(key: Key, chosen: &Chosen, desktop: bool) -> Vec<String> {
    match chosen.get(key.row().id) {
        Some(own) => own.clone(),
        None => key.usual(desktop).into_iter().map(str::to_owned).collect(),
    }
}

/// What else these keys do where they would do `this`.
#[must_use]
pub fn holder(keys: &str, this: Key, chosen: &Chosen, desktop: bool) -> Option<Key> {
    let wanted = strokes(keys);
    Key::ALL
        .iter()
        .copied()
        .filter(|key| *key != this && (desktop || !key.desktop_only()))
        .filter(|key| key.row().spots.meet(this.row().spots))
        .find(|key| {
            among(*key, chosen, desktop)
                .iter()
                .any(|other| in_the_way(&wanted, &strokes(other)))
        })
}

/// The shortcut of `other` that these keys cannot be told apart from.
#[must_use]
pub fn held(keys: &str, other: Key, chosen: &Chosen, desktop: bool) -> Option<String> {
    let wanted = strokes(keys);
    among(other, chosen, desktop)
        .into_iter()
        .find(|theirs| in_the_way(&wanted, &strokes(theirs)))
}

/// Whether two shortcuts cannot be told apart: the same, or one is how the other begins.
fn in_the_way(one: &[Stroke], other: &[Stroke]) -> bool {
    !one.is_empty() && !other.is_empty() && one.iter().zip(other).all(|(a, b)| a.matches(b))
}

/// Why keys cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The browser keeps them for itself.
    Browser,
    /// Every text field uses them.
    Fields,
    /// They write characters on many keyboards.
    Characters,
}

/// Why these keys cannot be taken, if so.
#[must_use]
pub fn refusal(keys: &str, desktop: bool) -> Option<Refusal> {
    strokes(keys).iter().find_map(|stroke| {
        let one = stroke.key.chars().count() == 1;
        match stroke.key.as_str() {
            _ if stroke.alt && one => Some(Refusal::Characters),
            "a" | "c" | "v" | "x" if stroke.main && !stroke.shift => Some(Refusal::Fields),
            "t" | "n" | "w" if stroke.main && !desktop => Some(Refusal::Browser),
            "q" | "r" if stroke.main && !stroke.shift => Some(Refusal::Browser),
            key if stroke.main && !desktop && key.chars().all(|c| c.is_ascii_digit()) => {
                Some(Refusal::Browser)
            }
            "+" | "-" | "=" if stroke.main && !desktop => Some(Refusal::Browser),
            "F5" | "F11" | "F12" if !desktop => Some(Refusal::Browser),
            _ => None,
        }
    })
}

/// Gives something these shortcuts; what held one of them before loses it. What is as usual is not kept.
#[must_use]
pub fn with(chosen: &Chosen, this: Key, keys: Vec<String>, desktop: bool) -> Chosen {
    let mut all = chosen.clone();
    for text in &keys {
        let wanted = strokes(text);
        while let Some(other) = holder(text, this, &all, desktop) {
            let left = among(other, &all, desktop)
                .into_iter()
                .filter(|held| !in_the_way(&wanted, &strokes(held)))
                .collect();
            put(&mut all, other, left, desktop);
        }
    }
    put(&mut all, this, keys, desktop);
    all
}

fn put(all: &mut Chosen, key: Key, keys: Vec<String>, desktop: bool) {
    if key.usual(desktop) == keys {
        all.remove(key.row().id);
    } else {
        all.insert(key.row().id.to_owned(), keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::keys::KeyGroup;
    use std::collections::BTreeSet;

    fn none() -> Chosen {
        Chosen::new()
    }

    #[test]
    fn every_name_is_there_once_and_every_shortcut_can_be_pressed() {
        let mut ids = BTreeSet::new();
        for key in Key::ALL {
            let row = key.row();
            assert!(ids.insert(row.id), "{} is there twice", row.id);
            assert!(KeyGroup::ALL.contains(&row.group));
            for keys in key.usual(true) {
                let count = keys.split(' ').count();
                assert_eq!(strokes(keys).len(), count, "{keys} of {}", row.id);
                assert!(count <= 2, "{keys} of {}", row.id);
                let desktop = !row.keys.contains(&keys);
                assert_eq!(refusal(keys, desktop), None, "{keys} of {}", row.id);
            }
        }
    }

    #[test]
    fn no_two_things_have_the_same_keys_where_both_can_be_done() {
        for desktop in [false, true] {
            for key in Key::ALL {
                for keys in key.usual(desktop) {
                    let other = holder(keys, *key, &none(), desktop);
                    assert_eq!(other, None, "{keys} of {key:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_that_is_taken_is_named_and_given_up() {
        assert_eq!(holder("j", Key::Reply, &none(), false), Some(Key::Next));
        assert_eq!(
            holder("g", Key::Reply, &none(), false),
            Some(Key::GoHome),
            "it begins a chord"
        );
        assert_eq!(
            held("j x", Key::Next, &none(), false).as_deref(),
            Some("j"),
            "what is named is what the other one has"
        );
        assert_eq!(
            holder("f", Key::Reply, &none(), false),
            None,
            "only the viewer has it"
        );
        let changed = with(&none(), Key::Reply, vec!["j".into(), "r".into()], false);
        assert_eq!(among(Key::Next, &changed, false), Vec::<String>::new());
        assert_eq!(among(Key::Reply, &changed, false), ["j", "r"]);
        let back = with(&changed, Key::Reply, vec!["r".into()], false);
        assert!(!back.contains_key("reply"), "as usual is not kept");
    }

    #[test]
    fn keys_that_others_need_are_refused() {
        assert_eq!(refusal("Mod+T", false), Some(Refusal::Browser));
        assert_eq!(refusal("Mod+T", true), None);
        assert_eq!(refusal("Mod+C", true), Some(Refusal::Fields));
        assert_eq!(refusal("Mod+Alt+E", true), Some(Refusal::Characters));
        assert_eq!(refusal("Mod+3", false), Some(Refusal::Browser));
        assert_eq!(refusal("Alt+Left", false), None);
        assert_eq!(refusal("q", false), None);
    }
}
