//! Whether the home answers. Stored things stay usable; the frame shows a strip.

use crate::state::live;
use crate::state::store::{Store, use_store};
use hearth_api::{ApiResult, Code, Event};
use yew::prelude::*;

thread_local! { static ONLINE: Store<bool> = Store::new(true); }

/// Says whether the home answered. When it is back, everything shown is asked for again.
pub fn set(online: bool) {
    let was = get();
    ONLINE.with(|store| store.set(online));
    if online && !was {
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

/// Whether the home answers, drawn again when that changes.
#[hook]
pub fn use_online() -> bool {
    *use_store(&ONLINE)
}
