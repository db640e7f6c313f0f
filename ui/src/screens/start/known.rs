//! Who signed in here before, kept in this browser: the name to sign in with and the one to show. Nothing else.

use crate::kit::dom;
use serde::{Deserialize, Serialize};

const KEY: &str = "hearth.known";
const MOST: usize = 6;

/// Somebody who signed in here before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) username: String,
    pub(super) name: String,
}

/// Everybody who signed in here before, the latest first.
pub(super) fn all() -> Vec<Known> {
    let text = dom::stored(KEY).unwrap_or_default();
    let mut known: Vec<Known> = serde_json::from_str(&text).unwrap_or_default();
    known.truncate(MOST);
    known
}

/// Remembers somebody.
pub(super) fn remember(username: &str, name: &str) {
    save(with(all(), username, name));
}

/// Forgets somebody.
pub(super) fn forget(username: &str) {
    save(all().into_iter().filter(|k| k.username != username).collect());
}

fn with(mut known: Vec<Known>, username: &str, name: &str) -> Vec<Known> {
    known.retain(|k| k.username != username);
    known.insert(
        0,
        Known {
            username: username.to_owned(),
            name: name.to_owned(),
        },
    );
    known.truncate(MOST);
    known
}

fn save(known: Vec<Known>) {
    if let Ok(text) = serde_json::to_string(&known) {
        dom::store(KEY, Some(&text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_comes_first_and_once() {
        let list = with(
            with(with(Vec::new(), "anna", "Anna"), "ben", "Ben"),
            "anna",
            "Anna K.",
        );
        assert_eq!(
            list.iter().map(|k| k.name.as_str()).collect::<Vec<_>>(),
            ["Anna K.", "Ben"]
        );
    }
}
