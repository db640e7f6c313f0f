//! Going on with a reply or an edit that a reload, or leaving the page, cut short.

use crate::prelude::*;
use crate::state::waiting::use_drafts;
use hearth_api::CommentId;
use hearth_api::feed::{Comment, Draft};

/// A comment that something was being written at.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Begun {
    /// A reply to it.
    Reply(CommentId),
    /// A change of it.
    Edit(Rc<Comment>),
}

/// Where the draft of a reply is kept.
pub(super) fn reply_place(parent: CommentId) -> AttrValue {
    AttrValue::from(format!("reply:{parent}"))
}

/// Where the draft of a change is kept.
pub(super) fn edit_place(comment: CommentId) -> AttrValue {
    AttrValue::from(format!("edit:{comment}"))
}

/// The newest draft that belongs to one of the comments.
fn newest(drafts: &[Draft], comments: &[Comment]) -> Option<Begun> {
    let of = |id: &str| {
        let id: CommentId = id.parse().ok()?;
        comments.iter().find(|c| c.id == id)
    };
    drafts.iter().find_map(|draft| {
        if let Some(parent) = draft.place.strip_prefix("reply:") {
            of(parent).map(|c| Begun::Reply(c.id))
        } else {
            let comment = of(draft.place.strip_prefix("edit:")?)?;
            comment.may.edit.then(|| Begun::Edit(Rc::new(comment.clone())))
        }
    })
}

/// Says once, when the talk is there, what was begun in it.
#[hook]
pub(super) fn use_begun(comments: Option<&Rc<Vec<Comment>>>, may_comment: bool, found: Callback<Begun>) {
    let drafts = use_drafts(true, vec![]);
    let once = use_mut_ref(|| false);
    let begun = comments
        .zip(drafts.data.as_ref().filter(|_| !drafts.busy))
        .map(|(comments, drafts)| newest(drafts, comments));
    use_effect_with(begun.is_some(), move |_| {
        let Some(begun) = begun else { return };
        if !once.replace(true)
            && may_comment
            && let Some(begun) = begun
        {
            found.emit(begun);
        }
    });
}
