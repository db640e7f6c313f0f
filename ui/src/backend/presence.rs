//! Whether somebody looks at the page: a browser allows a home six connections over plain HTTP, all windows together, so a page
//! that nobody sees holds none open, and one that is left lets go of its own at once.

use super::events;
use crate::kit::dom;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

/// For so long a hidden page goes on listening: a short look elsewhere costs nothing.
const HIDDEN_MS: u32 = 60_000;

thread_local! {
    static LEAVING: Cell<bool> = const { Cell::new(false) };
    static HIDING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Whether the page is being left: what is sent now must arrive without it.
pub(crate) fn is_leaving() -> bool {
    LEAVING.get()
}

/// Follows the coming and going for the life of the page.
pub(crate) fn watch() {
    let (Some(window), Some(document)) = (dom::window(), dom::document()) else {
        return;
    };
    EventListener::new(&window, "pagehide", |_| {
        LEAVING.set(true);
        events::hold();
    })
    .forget();
    EventListener::new(&window, "pageshow", |event| {
        LEAVING.set(false);
        // Kept by the browser as it was left, and shown again.
        let kept = event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted);
        if kept {
            events::resume();
        }
    })
    .forget();
    EventListener::new(&document, "visibilitychange", |_| seen_or_not()).forget();
    seen_or_not();
}

fn seen_or_not() {
    if dom::document().is_some_and(|d| d.hidden()) {
        HIDING.replace(Some(Timeout::new(HIDDEN_MS, events::hold)));
    } else {
        HIDING.replace(None);
        events::resume();
    }
}
