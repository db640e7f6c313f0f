//! The way back closes what is open: the gesture of a phone, the Back of a browser.
//!
//! While anything modal is open, the history has one entry of ours on top, at the same address. Going back takes that entry, and what is
//! open is asked to close, the topmost first. Closed in another way, the entry is taken back; and whoever goes elsewhere from there leaves
//! from the page below, so that nobody ever has to go back twice. The entry is always the last one: nothing is put on top of it.

use crate::kit::dom;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;
use web_sys::History;
use yew::Callback;

/// What the entry holds, by which it is known again, after a reload too.
const MARK: &str = "hearth-open";
/// How long an entry may take to go, in milliseconds; then what waits for it goes on.
const GONE_WITHIN: u32 = 500;

type Then = Box<dyn FnOnce()>;

thread_local! {
    /// What is open, the topmost last.
    static OPEN: RefCell<Vec<(u32, Callback<()>)>> = const { RefCell::new(Vec::new()) };
    static NUMBER: Cell<u32> = const { Cell::new(0) };
    /// What waits until the entry is gone that is being taken back.
    static GOING: RefCell<Option<Vec<Then>>> = const { RefCell::new(None) };
    static TURN: Cell<u32> = const { Cell::new(0) };
    /// Whether the entry was the present one when it was last looked.
    static WAS_ON_TOP: Cell<bool> = const { Cell::new(false) };
}

fn history() -> Option<History> {
    dom::window()?.history().ok()
}

fn state() -> Option<JsValue> {
    history().and_then(|history| history.state().ok())
}

fn is_on_top() -> bool {
    state().and_then(|state| state.as_string()).as_deref() == Some(MARK)
}

/// How many places of this window lie below the present entry of the history. The entry itself holds it, so it is as true after a reload, a
/// step back or a tab that was closed and opened again; an entry that was not made here, such as the first, holds none.
pub(crate) fn below() -> u32 {
    let held = state().and_then(|state| state.as_f64()).unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number that was put there, or nonsense that is cut to size"
    )]
    let held = held as u32;
    held
}

/// Has the present entry hold how many places of this window lie below it.
pub(crate) fn note_below(places: u32) {
    if let Some(history) = history() {
        // One that does not take it counts as the first.
        let _noted = history.replace_state(&JsValue::from_f64(f64::from(places)), "");
    }
}

/// Something modal that is open; dropped, it is not any more.
pub(crate) struct Opened(u32);

impl Drop for Opened {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|(number, _)| *number != self.0));
        settle_soon();
    }
}

/// Something modal opens; `close` is called when somebody goes back.
pub(crate) fn opened(close: Callback<()>) -> Opened {
    let number = NUMBER.get().wrapping_add(1);
    NUMBER.set(number);
    OPEN.with_borrow_mut(|open| open.push((number, close)));
    settle_soon();
    Opened(number)
}

/// Has what is open hear of the way back by another callback.
pub(crate) fn renew(opened: &Opened, close: Callback<()>) {
    OPEN.with_borrow_mut(|open| {
        if let Some(entry) = open.iter_mut().find(|(number, _)| *number == opened.0) {
            entry.1 = close;
        }
    });
}

/// Goes elsewhere: from the page below, where the entry is on top of it.
pub(crate) fn leave(then: impl FnOnce() + 'static) {
    if GOING.with_borrow(Option::is_none) && !is_on_top() {
        then();
        return;
    }
    take_back(Some(Box::new(then)));
}

/// Takes the entry back, and goes on when it is gone.
fn take_back(then: Option<Then>) {
    let begun = GOING.with_borrow_mut(|going| {
        let begun = going.is_none();
        going.get_or_insert_default().extend(then);
        begun
    });
    let Some(history) = history().filter(|_| begun) else {
        return;
    };
    let _gone = history.back();
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    // A browser that says nothing must not keep anybody where they are.
    Timeout::new(GONE_WITHIN, move || {
        if TURN.get() == turn {
            go_on();
        }
    })
    .forget();
}

/// Does what waited; `false` when nothing did.
fn go_on() -> bool {
    let Some(waiting) = GOING.take() else { return false };
    TURN.set(TURN.get().wrapping_add(1));
    for then in waiting {
        then();
    }
    WAS_ON_TOP.set(is_on_top());
    settle_soon();
    true
}

/// The history moved. `true` when it was somebody's own way, not an entry that was taken back here.
pub(crate) fn moved() -> bool {
    let (was, is) = (WAS_ON_TOP.replace(is_on_top()), is_on_top());
    if go_on() {
        return false;
    }
    if was && !is {
        match OPEN.with_borrow(|open| open.last().map(|(_, close)| close.clone())) {
            Some(close) => close.emit(()),
            // The entry outlived what was open, by a reload: the way back leads from the page below.
            None => {
                if let Some(history) = history() {
                    let _gone = history.back();
                }
            }
        }
        settle_soon();
    }
    true
}

/// The page begins: an entry may be there from before it was loaded again.
pub(crate) fn begin() {
    WAS_ON_TOP.set(is_on_top());
}

/// Has the entry there while something is open, and gone when nothing is; once all that happens now has happened, as one thing may close for
/// the next to open.
fn settle_soon() {
    Timeout::new(0, || {
        if GOING.with_borrow(Option::is_some) {
            return;
        }
        let open = OPEN.with_borrow(|open| !open.is_empty());
        match (open, is_on_top()) {
            (true, false) => {
                if let Some(history) = history() {
                    let _put = history.push_state(&JsValue::from_str(MARK), "");
                    WAS_ON_TOP.set(is_on_top());
                }
            }
            (false, true) => take_back(None),
            _ => {}
        }
    })
    .forget();
}
