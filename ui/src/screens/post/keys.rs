//! The keys of a talk: write or reply, edit, fold, react, walk from comment to comment and to what is new.

use crate::prelude::*;
use web_sys::{Element, HtmlElement};

/// What the keys of a talk lead to.
pub(super) struct Deeds {
    /// Opens the box for a new comment; not given where nobody may write.
    pub(super) write: Option<Callback<()>>,
    /// Edits the comment with this number, or the post without one.
    pub(super) edit: Callback<Option<String>>,
}

fn current(node: &NodeRef) -> Option<HtmlElement> {
    let here = focus::active()?;
    let all = focus::all_in(&node.cast::<Element>()?, ".h-comment");
    all.into_iter().find(|c| c.contains(Some(&here)))
}

/// The keys of a talk.
#[hook]
pub(super) fn use_keys(node: &NodeRef, deeds: Deeds) {
    let press = |selector: &'static str| {
        let node = node.clone();
        Callback::from(move |()| {
            let holder = current(&node);
            let of_branch = holder.as_ref().and_then(|c| c.parent_element());
            let within = if selector == "[data-do='fold']" {
                of_branch
            } else {
                holder.map(Into::into)
            };
            let everywhere = crate::kit::dom::by_id("main").map(Element::from);
            let button = within
                .or(everywhere)
                .and_then(|c| focus::all_in(&c, selector).into_iter().next());
            if let Some(button) = button {
                button.click();
            }
        })
    };
    let step = |forward: bool| {
        let node = node.clone();
        Callback::from(move |()| focus::step_among(&node, ".h-comment", forward))
    };
    let write = {
        let reply = press("[data-do='reply'] button");
        let node = node.clone();
        Callback::from(move |()| {
            if current(&node).is_some() {
                reply.emit(());
            } else if let Some(write) = &deeds.write {
                write.emit(());
            }
        })
    };
    let edit = {
        let node = node.clone();
        let edit = deeds.edit;
        Callback::from(move |()| edit.emit(current(&node).and_then(|c| c.get_attribute("data-comment"))))
    };
    let next_unread = {
        let node = node.clone();
        Callback::from(move |()| {
            let Some(root) = node.cast::<Element>() else {
                return;
            };
            let all = focus::all_in(&root, ".h-comment");
            let here = current(&node);
            let after = here
                .and_then(|h| all.iter().position(|c| *c == h))
                .map_or(0, |at| at + 1);
            let is_new = |c: &&HtmlElement| c.has_attribute("data-unread");
            // Round again: what is new above comes after what is new below.
            let found = all
                .iter()
                .skip(after)
                .find(is_new)
                .or_else(|| all.iter().find(is_new));
            match found {
                Some(comment) => focus::reveal(comment),
                None => announce::polite(t!("comments-none-unread")),
            }
        })
    };
    use_commands(vec![
        KeyCommand::key(Key::Next, step(true)).named("key-next-comment"),
        KeyCommand::key(Key::Previous, step(false)).named("key-previous-comment"),
        KeyCommand::key(Key::NextUnread, next_unread),
        KeyCommand::key(Key::Reply, write),
        KeyCommand::key(Key::Edit, edit),
        KeyCommand::key(Key::Fold, press("[data-do='fold']")),
        KeyCommand::key(Key::React, press("[data-test='react']")),
    ]);
}
