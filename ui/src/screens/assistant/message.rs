//! What is done with a single message: copied, quoted, deleted with the way back.

use super::thread::Thread;
use crate::kit::dom;
use crate::prelude::*;
use hearth_api::chat::{DeleteMessage, RestoreChat};
use hearth_api::{ChatId, MessageId};
use std::cell::RefCell;

/// Copies and says so.
pub(super) fn copy(text: String) {
    wasm_bindgen_futures::spawn_local(async move {
        if dom::copy_text(&text).await {
            toasts::done(t!("copied"));
        } else {
            toasts::error(t!("copy-refused"));
        }
    });
}

/// A text with another quoted under it.
pub(super) fn with_quote(text: &str, quoted: &str) -> String {
    let mut out = text.trim_end().to_owned();
    if !out.is_empty() {
        out.push_str("\n\n");
    }
    for line in quoted.trim().lines() {
        out.push_str(if line.is_empty() { ">" } else { "> " });
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
    out
}

/// What is selected within a message.
pub(super) fn selected_in(id: MessageId) -> Option<String> {
    let article = dom::by_id(&format!("m-{id}"))?;
    let selection = dom::window()?.get_selection().ok()??;
    let inside = selection
        .anchor_node()
        .is_some_and(|n| article.contains(Some(&n)));
    let text = String::from(selection.to_string());
    (inside && !text.trim().is_empty()).then_some(text)
}

/// Puts a message and what follows into the trash; the toast takes it out.
pub(super) fn delete_from(
    chat: ChatId,
    id: MessageId,
    thread: &Rc<RefCell<Thread>>,
    draw: &Callback<()>,
    refetch: &Callback<()>,
) {
    let went = thread.borrow_mut().cut(id);
    draw.emit(());
    let back = {
        let (thread, draw) = (Rc::clone(thread), draw.clone());
        move || {
            thread.borrow_mut().messages.extend(went);
            draw.emit(());
        }
    };
    let refetch = refetch.clone();
    optimistic(DeleteMessage { chat, message: id }, back, move |_| {
        let undo = Callback::from(move |()| {
            let refetch = refetch.clone();
            optimistic(
                RestoreChat {
                    id: chat,
                    message: Some(id),
                },
                || (),
                move |_| refetch.emit(()),
            );
        });
        toasts::undo(t!("chat-message-deleted"), undo);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_under_what_was_written() {
        assert_eq!(with_quote("", "a\n\nb"), "> a\n>\n> b\n\n");
        assert_eq!(with_quote("Hm\n", "a"), "Hm\n\n> a\n\n");
    }
}
