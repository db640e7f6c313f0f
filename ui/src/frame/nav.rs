//! Going places: by link, by code, back; and remembering whether a place was entered or returned to.

use crate::kit::{back, dom};
use crate::routes::Route;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

thread_local! {
    static RETURNED: Cell<bool> = const { Cell::new(false) };
    static VISITED: Cell<u32> = const { Cell::new(0) };
    static LEFT: Cell<bool> = const { Cell::new(false) };
    static REMEMBERED: RefCell<Option<String>> = const { RefCell::new(None) };
    static SCROLLS: RefCell<HashMap<String, i32>> = RefCell::default();
}

/// Hears of moves through the history, by the browser's own buttons among them, for the life of the page. Before the router does: its places
/// are drawn anew by a move, and what listens in one of them would be replaced while the move is being told.
pub(crate) fn begin() {
    back::begin();
    if let Some(window) = dom::window() {
        gloo_events::EventListener::new(&window, "popstate", |_| {
            if back::moved() {
                RETURNED.set(true);
            }
        })
        .forget();
    }
}

/// Whether the present place was returned to rather than entered.
#[must_use]
pub fn is_return() -> bool {
    RETURNED.get()
}

/// Whether the page was loaded with the present place.
#[must_use]
pub fn began_here() -> bool {
    VISITED.get() == 0
}

/// Remembers where somebody wanted to go who has to sign in, or set the home up, first.
pub(crate) fn remember(path: &str) {
    if !LEFT.replace(false) && path != "/" {
        REMEMBERED.replace(Some(path.to_owned()));
    }
}

/// Notes that the person leaves on purpose: whoever signs in next begins at the beginning.
pub(crate) fn leave() {
    LEFT.set(true);
}

/// Takes what was remembered.
pub(crate) fn take_remembered() -> Option<String> {
    REMEMBERED.take()
}

/// The address of an invite that was opened and waits.
#[must_use]
pub fn waiting_invite() -> Option<String> {
    REMEMBERED.with_borrow(|path| path.clone().filter(|p| p.starts_with("/i/")))
}

/// The scroll position that a place was left at.
pub(crate) fn scroll_of(place: &str) -> i32 {
    SCROLLS.with_borrow(|s| s.get(place).copied().unwrap_or(0))
}

/// Remembers where a place was left.
pub(crate) fn keep_scroll(place: &str, top: i32) {
    SCROLLS.with_borrow_mut(|s| s.insert(place.to_owned(), top));
}

/// The way to other places.
#[derive(Clone, PartialEq)]
pub struct Go {
    navigator: Option<Navigator>,
    query: AttrValue,
}

impl Go {
    /// The same with state in the address behind `?`.
    #[must_use]
    pub fn with_query(&self, query: &AttrValue) -> Self {
        Self {
            navigator: self.navigator.clone(),
            query: query.clone(),
        }
    }

    /// Goes to a place.
    pub fn to(&self, route: &Route) {
        let Some(navigator) = self.navigator.clone() else {
            return;
        };
        let (route, query) = (route.clone(), self.query.clone());
        back::leave(move || {
            enter();
            let below = back::below().saturating_add(1);
            if query.is_empty() {
                navigator.push(&route);
            } else {
                let _gone = navigator.push_with_query(&route, Raw(query.as_str()));
            }
            back::note_below(below);
        });
    }

    /// Goes to a place instead of the present one.
    pub fn replace(&self, route: &Route) {
        let Some(navigator) = self.navigator.clone() else {
            return;
        };
        let (route, query) = (route.clone(), self.query.clone());
        back::leave(move || {
            RETURNED.set(false);
            let below = back::below();
            if query.is_empty() {
                navigator.replace(&route);
            } else {
                let _gone = navigator.replace_with_query(&route, Raw(query.as_str()));
            }
            back::note_below(below);
        });
    }

    /// Goes to an address of this window, such as a notification's `/p/…?c=…`.
    pub fn to_path(&self, path: &str) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if let Some(route) = Route::recognize(path) {
            self.with_query(&AttrValue::from(query.to_owned())).to(&route);
        }
    }

    /// Goes to an address of this window instead of the present place.
    pub fn replace_path(&self, path: &str) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if let Some(route) = Route::recognize(path) {
            self.with_query(&AttrValue::from(query.to_owned()))
                .replace(&route);
        }
    }

    /// Goes back, or to `otherwise` when no place of this window lies before the present one; one that was entered before the page was
    /// loaded again does.
    pub fn back_or(&self, otherwise: &Route) {
        let (go, otherwise) = (self.clone(), otherwise.clone());
        // What lies before is known of the page itself, not of the entry for what is open over it.
        back::leave(move || match &go.navigator {
            Some(navigator) if back::below() > 0 => navigator.back(),
            _ => go.replace(&otherwise),
        });
    }
}

fn enter() {
    RETURNED.set(false);
    VISITED.set(VISITED.get().saturating_add(1));
}

/// The way to other places.
#[hook]
pub fn use_go() -> Go {
    Go {
        navigator: use_navigator(),
        query: AttrValue::default(),
    }
}

/// The address and the handler of a link to a place. Presses with a modifier stay the browser's.
#[must_use]
pub fn go_link(go: &Go, to: &Route) -> (AttrValue, Callback<MouseEvent>) {
    let href = AttrValue::from(to.to_path());
    let (go, to) = (go.clone(), to.clone());
    let onclick = Callback::from(move |event: MouseEvent| {
        let plain = !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key());
        if plain && event.button() == 0 {
            event.prevent_default();
            go.to(&to);
        }
    });
    (href, onclick)
}

/// A value of the address behind `?`.
#[hook]
pub fn use_query_value(name: &'static str) -> Option<String> {
    let location = use_location()?;
    value_of(location.query_str(), name)
}

fn value_of(query: &str, name: &str) -> Option<String> {
    query.trim_start_matches('?').split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| {
            js_sys::decode_uri_component(&value.replace('+', " "))
                .map_or_else(|_malformed| value.to_owned(), String::from)
        })
    })
}

/// The present place with its query, as the key of what is remembered about it.
#[hook]
pub fn use_place() -> String {
    let location = use_location();
    location
        .map(|l| format!("{}{}", l.path(), l.query_str()))
        .unwrap_or_default()
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    if let Some(document) = dom::document() {
        document.set_title(&if title.is_empty() {
            "Hearth".to_owned()
        } else {
            format!("{title} · Hearth")
        });
    }
}
