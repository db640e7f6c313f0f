//! Writing a post: to whom first, then the words and pictures. Nothing typed is ever lost.

mod begin;
mod discard;
mod drafts;
mod drop;
mod reach;
mod stale;
mod view;

pub(crate) use begin::{ComposeFor, open_draft, stored};
pub(crate) use drafts::{Saved, Snapshot, use_saver};
pub(crate) use view::Composer;

use crate::components::composer::Suggest;
use crate::prelude::*;
use hearth_api::PostId;
use hearth_api::feed::{Audience, SuggestMentions};
use hearth_api::people::PersonCard;

/// Finds people who may see a post of this audience, or the comments of a post.
pub(crate) fn suggestions(audience: Audience, post: Option<PostId>) -> Suggest {
    Callback::from(move |(query, answer): (String, Callback<Vec<PersonCard>>)| {
        wasm_bindgen_futures::spawn_local(async move {
            let people = ask(SuggestMentions {
                audience,
                post,
                query,
            })
            .await
            .unwrap_or_default();
            answer.emit(people);
        });
    })
}
