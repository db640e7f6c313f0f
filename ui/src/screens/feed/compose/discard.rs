//! Throwing drafts away, with the way back.

use crate::prelude::*;
use crate::state::{unsaved, waiting};
use hearth_api::DraftId;
use hearth_api::feed::Draft;

/// Deletes a draft without a word: what it was is sent.
pub(super) fn forget(id: DraftId) {
    waiting::gone(id);
}

/// Deletes a draft and offers the way back.
pub(super) fn throw_away(keep: Draft) {
    forget(keep.id);
    unsaved::forget_draft(keep.id);
    toasts::undo(
        t!("draft-discarded"),
        Callback::from(move |()| {
            let keep = keep.clone();
            wasm_bindgen_futures::spawn_local(async move {
                waiting::draft(keep.clone());
                match ask(waiting::request(&keep)).await {
                    Ok(_) => {
                        waiting::settled(keep.id);
                        toasts::done(t!("draft-back"));
                    }
                    Err(error) => {
                        toasts::failed(&error);
                        waiting::refused(&keep, &error);
                    }
                }
            });
        }),
    );
}
