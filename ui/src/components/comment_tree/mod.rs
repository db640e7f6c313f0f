//! A talk under a post: four levels at once, deeper ones behind "continue"; every branch folds.

mod item;
mod thread;

pub use item::CommentAction;
pub use thread::{Branch, SHOWN_DEPTH, ancestors, forest};

use crate::t;
use hearth_api::feed::Comment;
use hearth_api::{CommentId, PersonId};
use item::CommentItem;
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`CommentTree`].
#[derive(Properties, PartialEq)]
pub struct CommentTreeProps {
    /// The comments, in thread order.
    pub comments: Rc<Vec<Rc<Comment>>>,
    /// Who looks.
    pub me: PersonId,
    /// The home that keeps the talk: what a pending comment waits for.
    pub home: AttrValue,
    /// The comment whose branch is shown alone.
    #[prop_or_default]
    pub root: Option<CommentId>,
    /// Branches that are folded.
    #[prop_or_default]
    pub folded: Rc<HashSet<CommentId>>,
    /// The comment that the address names.
    #[prop_or_default]
    pub flash: Option<CommentId>,
    /// The comments that are new to the reader.
    #[prop_or_default]
    pub unread: Rc<HashSet<CommentId>>,
    /// The comment that is being answered, with what is drawn under it.
    #[prop_or_default]
    pub reply: Option<(CommentId, Html)>,
    /// The comment that is being edited, with what is drawn in its place.
    #[prop_or_default]
    pub edit: Option<(CommentId, Html)>,
    /// Hears what is wanted.
    pub on_action: Callback<(Rc<Comment>, CommentAction)>,
}

/// The talk.
#[component]
pub fn CommentTree(props: &CommentTreeProps) -> Html {
    let branches = forest(&props.comments, props.root);
    html! {
        <div class="h-comments" role="list" aria-label={t!("comments")}>
            { for branches.iter().map(|branch| draw(branch, 1, props)) }
        </div>
    }
}

fn draw(branch: &Branch, level: u8, props: &CommentTreeProps) -> Html {
    let comment = &branch.comment;
    let count = branch.count();
    let folded = props.folded.contains(&comment.id);
    let deep = level >= SHOWN_DEPTH && !branch.replies.is_empty();
    let act = |action: CommentAction| {
        let (on_action, comment) = (props.on_action.clone(), Rc::clone(comment));
        Callback::from(move |_: MouseEvent| on_action.emit((Rc::clone(&comment), action.clone())))
    };
    let edit = props
        .edit
        .as_ref()
        .filter(|(id, _)| *id == comment.id)
        .map(|(_, slot)| slot.clone());
    let reply = props
        .reply
        .as_ref()
        .filter(|(id, _)| *id == comment.id)
        .map(|(_, slot)| slot.clone());
    html! {
        <div key={comment.id.to_string()} class="h-comments__branch" role="listitem" data-level={level.to_string()}>
            if branch.orphan {
                <p class="h-comments__gap">{ t!("comment-before-parent") }</p>
            }
            <CommentItem
                comment={Rc::clone(comment)}
                me={props.me}
                home={props.home.clone()}
                flash={props.flash == Some(comment.id)}
                unread={props.unread.contains(&comment.id)}
                edit={edit}
                on_action={props.on_action.clone()}
            />
            if let Some(slot) = reply { <div class="h-comments__slot">{ slot }</div> }
            if !branch.replies.is_empty() {
                <div class="h-comments__under">
                    if deep {
                        <button type="button" class="h-comments__more" onclick={act(CommentAction::Continue)}>{ t!("comment-continue", "count" => count) }</button>
                    } else if folded {
                        <button type="button" class="h-comments__more" data-do="fold" aria-expanded="false" onclick={act(CommentAction::Fold)}>{ t!("comment-unfold", "count" => count) }</button>
                    } else {
                        <button
                            type="button"
                            class="h-comments__line"
                            data-do="fold"
                            aria-expanded="true"
                            aria-label={t!("comment-fold", "count" => count)}
                            data-tip={t!("comment-fold", "count" => count)}
                            onclick={act(CommentAction::Fold)}
                        />
                        <div class="h-comments__replies" role="list">
                            { for branch.replies.iter().map(|reply| draw(reply, level + 1, props)) }
                        </div>
                    }
                </div>
            }
        </div>
    }
}
