//! The keys of a talk: write or reply, fold, react, walk from comment to comment.

use crate::prelude::*;
use web_sys::{Element, HtmlElement};

/// The keys of a talk: write or reply, fold, react.
#[hook]
pub(super) fn use_keys(node: &NodeRef, focused: UseStateHandle<u32>, may: bool) {
    let current = |node: &NodeRef| -> Option<HtmlElement> {
        let here = focus::active()?;
        let all = focus::all_in(&node.cast::<Element>()?, ".h-comment");
        all.into_iter().find(|c| c.contains(Some(&here)))
    };
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
        Callback::from(move |()| {
            let Some(root) = node.cast::<Element>() else {
                return;
            };
            let all = focus::all_in(&root, ".h-comment");
            let here = focus::active();
            let at = all
                .iter()
                .position(|c| here.as_ref().is_some_and(|h| c.contains(Some(h))));
            let to = match (at, forward) {
                (Some(at), true) => Some(at + 1),
                (Some(at), false) => at.checked_sub(1),
                (None, _) => Some(0),
            };
            if let Some(comment) = to.and_then(|to| all.get(to)) {
                focus::focus_quietly(comment);
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Center);
                comment.scroll_into_view_with_scroll_into_view_options(&options);
            }
        })
    };
    let write = {
        let reply = press("[data-do='reply'] button");
        let node = node.clone();
        Callback::from(move |()| {
            if current(&node).is_some() {
                reply.emit(());
            } else if may {
                focused.set(*focused + 1);
            }
        })
    };
    use_commands(vec![
        KeyCommand::key("key-next-comment", "j", step(true)),
        KeyCommand::key("key-previous-comment", "k", step(false)),
        KeyCommand::key("key-comment", "r", write),
        KeyCommand::key("key-fold", "e", press("[data-do='fold']")),
        KeyCommand::key("key-react", "x", press("[data-test='react']")),
    ]);
}
