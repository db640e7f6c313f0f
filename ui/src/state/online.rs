//! Whether the home answers. Stored things stay usable; the frame shows a strip.

use crate::state::live;
use crate::state::store::{Store, use_store};
use hearth_api::{ApiResult, Code, Event};
use yew::prelude::*;

/// How long a start of the home is waited for before its absence is told, in milliseconds.
const START_MS: u32 = 60_000;

thread_local! {
    static ONLINE: Store<bool> = Store::new(true);
    static STARTS: Store<bool> = Store::new(false);
}

/// Says that the home starts again, as it does after a restore: that it is away for a moment is no news.
pub fn starts_again() {
    STARTS.with(|store| store.set(true));
    gloo_timers::callback::Timeout::new(START_MS, || STARTS.with(|store| store.set(false))).forget();
}

/// Says whether the home answered. When it is back, everything shown is asked for again.
pub fn set(online: bool) {
    let was = get();
    ONLINE.with(|store| store.set(online));
    if online && !was {
        STARTS.with(|store| store.set(false));
        live::publish(&Event::Gap);
    }
}

/// Whether the home answered last time.
#[must_use]
pub fn get() -> bool {
    ONLINE.with(|store| *store.get())
}

/// Draws conclusions from an answer.
pub(crate) fn note<T>(answer: &ApiResult<T>) {
    set(!answer
        .as_ref()
        .is_err_and(|error| error.code == Code::Unavailable));
}

/// Whether the home answers, or is about to, drawn again when that changes.
#[hook]
pub fn use_online() -> bool {
    let (online, starts) = (*use_store(&ONLINE), *use_store(&STARTS));
    online || starts
}
