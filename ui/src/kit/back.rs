//! The way back closes what is open over the page: a picture, the composer, a sheet.
//!
//! While something is open the history has one entry more of the same place, a guard; the way back takes it off, and that closes what
//! is on top. Closed otherwise, the guard stays for the next one, and the way back passes over it.

use crate::kit::dom;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// Marks the entry of a guard in the history.
const MARK: &str = "hearth-guard";
/// After so long, what was asked to close and stays is guarded again.
const STAYS_MS: u32 = 300;

type Close = Rc<dyn Fn()>;

thread_local! {
    static OPEN: RefCell<Vec<(u32, Close)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    /// The address of the guard that is the present entry.
    static AT_GUARD: RefCell<Option<String>> = const { RefCell::new(None) };
    /// What is to be done as soon as the guard is off.
    static THEN: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

fn history() -> Option<web_sys::History> {
    dom::window()?.history().ok()
}

fn address() -> Option<String> {
    dom::window()?.location().href().ok()
}

/// Whether the present entry of the history is a guard.
#[must_use]
pub fn at_guard() -> bool {
    history()
        .and_then(|h| h.state().ok())
        .is_some_and(|state| state.as_string().as_deref() == Some(MARK))
}

fn guard() {
    if at_guard() {
        AT_GUARD.replace(address());
    } else if let Some(history) = history()
        && history.push_state(&JsValue::from_str(MARK), "").is_ok()
    {
        AT_GUARD.replace(address());
    }
}

fn open(close: Close) -> u32 {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    OPEN.with_borrow_mut(|all| all.push((id, close)));
    guard();
    id
}

fn closed(id: u32) {
    OPEN.with_borrow_mut(|all| all.retain(|(other, _)| *other != id));
}

/// Notes that another place is gone to.
pub fn left() {
    AT_GUARD.replace(None);
}

/// Takes the guard off and then does something; at once when there is none.
pub fn off_guard_then(run: impl FnOnce() + 'static) {
    match history().filter(|_| at_guard()) {
        Some(history) => {
            THEN.replace(Some(Box::new(run)));
            let _on_its_way = history.back();
        }
        None => run(),
    }
}

/// Hears of every move through the history.
pub fn moved() {
    let was = AT_GUARD.take();
    if let Some(run) = THEN.take() {
        return run();
    }
    if at_guard() {
        AT_GUARD.replace(address());
        return;
    }
    let top = OPEN.with_borrow(|all| all.last().cloned());
    match top {
        Some((_, close)) => {
            close();
            // What is below, or did not want to close, is guarded again.
            gloo_timers::callback::Timeout::new(STAYS_MS, move || {
                if OPEN.with_borrow(|all| !all.is_empty()) {
                    guard();
                }
            })
            .forget();
        }
        // The guard of something that was closed otherwise: its place was left already.
        None if was.is_some() && was == address() => {
            if let Some(history) = history() {
                let _gone = history.back();
            }
        }
        None => {}
    }
}

/// Closes with the way back while the component is there.
#[hook]
pub fn use_back(on_close: Callback<()>) {
    let latest = use_mut_ref(|| on_close.clone());
    latest.replace(on_close);
    use_effect_with((), move |()| {
        let id = open(Rc::new(move || {
            let close = latest.borrow().clone();
            close.emit(());
        }));
        move || closed(id)
    });
}
