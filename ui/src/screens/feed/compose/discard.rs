//! Throwing drafts away, with the way back.

use crate::prelude::*;
use crate::state::unsaved;
use hearth_api::DraftId;
use hearth_api::feed::{Attach, ListDrafts, SaveDraft};

/// Deletes a draft without a word: what it was is sent.
pub(super) fn forget(id: DraftId) {
    wasm_bindgen_futures::spawn_local(async move {
        let _gone = ask(hearth_api::feed::DeleteDraft { id }).await;
    });
}

/// Deletes a draft and offers the way back.
pub(super) fn throw_away(keep: SaveDraft) {
    forget(keep.id);
    unsaved::forget_draft(keep.id);
    toasts::undo(
        t!("draft-discarded"),
        Callback::from(move |()| {
            let keep = keep.clone();
            wasm_bindgen_futures::spawn_local(async move {
                match ask(keep).await {
                    Ok(_) => toasts::done(t!("draft-back")),
                    Err(error) => toasts::failed(&error),
                }
            });
        }),
    );
}

pub(super) fn delete_draft(id: DraftId) {
    wasm_bindgen_futures::spawn_local(async move {
        let kept = ask(ListDrafts {})
            .await
            .ok()
            .and_then(|all| all.into_iter().find(|d| d.id == id));
        let Some(draft) = kept else { return forget(id) };
        let media = draft
            .media
            .iter()
            .map(|m| Attach {
                media: m.hash.clone(),
                alt: m.alt.clone(),
                caption: m.caption.clone(),
            })
            .collect();
        throw_away(SaveDraft {
            id,
            place: draft.place,
            text: draft.text,
            media,
            audience: draft.audience,
        });
    });
}
