//! Sending a comment: it is shown before the home has it.

use super::comment_box::Comment as Draft;
use crate::prelude::*;
use crate::state::unsaved::Again;
use hearth_api::CommentId;
use hearth_api::feed::{Comment, CreateComment, Mention, Post, Rights};
use hearth_api::session::Me;
use std::cell::RefCell;

/// The comments that are on their way.
pub(super) type Sending = Rc<Vec<Rc<Comment>>>;

/// Sends a comment: it stands in the talk at once; refused, its words come back in the message.
#[hook]
pub(super) fn use_send(
    post: &Rc<Post>,
    me: &Me,
    comments: &Query<Vec<Comment>>,
    sending: &UseStateHandle<Sending>,
) -> Callback<(Draft, Option<CommentId>)> {
    let held: Rc<RefCell<Vec<Rc<Comment>>>> = use_mut_ref(Vec::new);
    let setter = sending.setter();
    let known = use_mut_ref(|| comments.clone());
    *known.borrow_mut() = comments.clone();
    use_callback(
        (post.id, me.person.clone()),
        move |(draft, parent): (Draft, Option<CommentId>), (post, me)| {
            let op = ids::uuid();
            let text = draft.written.to_wire();
            let mentions = draft
                .written
                .people()
                .into_iter()
                .map(|n| Mention {
                    person: n.person,
                    name: n.label.clone(),
                    removed: false,
                })
                .collect();
            let shown = Rc::new(Comment {
                id: CommentId(op),
                post: *post,
                parent,
                depth: 1,
                author: Some(me.clone()),
                text: text.clone(),
                mentions,
                media: Vec::new(),
                created_at: when::now(),
                edited_at: None,
                version: 1,
                reactions: Vec::new(),
                pending: true,
                refused: None,
                may: Rights::default(),
            });
            held.borrow_mut().push(shown);
            setter.set(Rc::new(held.borrow().clone()));
            let request = CreateComment {
                op,
                post: *post,
                parent,
                text,
                media: draft.media,
            };
            let begun = draft.draft;
            let remove = {
                let (held, setter) = (Rc::clone(&held), setter.clone());
                move || {
                    begun.forget();
                    held.borrow_mut().retain(|c| c.id.0 != op);
                    setter.set(Rc::new(held.borrow().clone()));
                }
            };
            let known = Rc::clone(&known);
            let done = remove.clone();
            optimistic_text(
                request,
                Again::Comment,
                draft.written.text.clone(),
                remove,
                move |comment: Comment| {
                    let comments = known.borrow().clone();
                    comments.change(|all| {
                        if !all.iter().any(|c| c.id == comment.id) {
                            all.push(comment.clone());
                        }
                    });
                    done();
                    comments.refetch.emit(());
                    announce::polite(t!("comment-sent"));
                },
            );
        },
    )
}
