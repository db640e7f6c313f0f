//! What a screen reader is told: one polite region for sends, arrivals and finished answers, one assertive for errors.
//!
//! Polite words that come together are said together, at most once in five seconds. The regions themselves are drawn
//! by the `LiveRegion` component; without it nothing is said and nothing breaks.

use crate::kit::{dom, time};
use std::cell::{Cell, RefCell};

/// The id of the polite region.
pub const POLITE: &str = "live-polite";
/// The id of the assertive region.
pub const ASSERTIVE: &str = "live-assertive";

const GAP_MS: i64 = 5_000;

thread_local! {
    static WAITING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<i64> = const { Cell::new(0) };
    static PLANNED: Cell<bool> = const { Cell::new(false) };
}

/// Says something when the person is not being told anything else.
pub fn polite(text: impl AsRef<str>) {
    WAITING.with_borrow_mut(|waiting| {
        let text = text.as_ref();
        if !waiting.iter().any(|w| w == text) {
            waiting.push(text.to_owned());
        }
    });
    if PLANNED.replace(true) {
        return;
    }
    let since = time::now().0.saturating_sub(LAST.get());
    // A moment even for the first: words that arrive together belong together.
    let wait = u32::try_from((GAP_MS - since).clamp(120, GAP_MS)).unwrap_or(120);
    gloo_timers::callback::Timeout::new(wait, || {
        PLANNED.set(false);
        LAST.set(time::now().0);
        let text = WAITING.with_borrow_mut(std::mem::take).join(" ");
        say(POLITE, &text);
    })
    .forget();
}

/// Says an error at once.
pub fn assertive(text: impl AsRef<str>) {
    say(ASSERTIVE, text.as_ref());
}

fn say(region: &str, text: &str) {
    if let Some(region) = dom::by_id(region) {
        // The same words again are only said when the region was empty in between.
        region.set_text_content(None);
        region.set_text_content(Some(text));
    }
}
