//! What can be done with a whole conversation, from the list and from its own page.

use crate::prelude::*;
use hearth_api::ChatId;
use hearth_api::chat::{ChatSummary, DeleteChat, RestoreChat, UpdateChat};

fn update(id: ChatId) -> UpdateChat {
    UpdateChat {
        id,
        title: None,
        pinned: None,
        archived: None,
        model: None,
    }
}

/// Longest title of a conversation, in characters.
pub(super) const MAX_TITLE: usize = 200;

/// What is wrong with a title.
pub(super) fn title_error(title: &str) -> Option<AttrValue> {
    (title.trim().chars().count() > MAX_TITLE).then(|| t!("text-over", "max" => MAX_TITLE))
}

/// Gives a conversation a title.
pub(super) fn rename(chat: &ChatSummary, title: &str) {
    let title = title.trim();
    if title.is_empty() || title == chat.title {
        return;
    }
    optimistic(
        UpdateChat {
            title: Some(title.to_owned()),
            ..update(chat.id)
        },
        || (),
        |_| (),
    );
}

/// Pins it on top, or takes it down.
pub(super) fn set_pinned(id: ChatId, pinned: bool) {
    optimistic(
        UpdateChat {
            pinned: Some(pinned),
            ..update(id)
        },
        || (),
        |_| (),
    );
}

/// Archives it, or takes it back.
pub(super) fn set_archived(id: ChatId, archived: bool) {
    optimistic(
        UpdateChat {
            archived: Some(archived),
            ..update(id)
        },
        || (),
        move |_| {
            let undo = Callback::from(move |()| {
                optimistic(
                    UpdateChat {
                        archived: Some(!archived),
                        ..update(id)
                    },
                    || (),
                    |_| (),
                );
            });
            toasts::undo(
                if archived {
                    t!("chats-archived-done")
                } else {
                    t!("chats-unarchived-done")
                },
                undo,
            );
        },
    );
}

/// Puts it into the trash; the toast takes it out again. `gone` is called when it is there.
pub(super) fn delete(chat: &ChatSummary, gone: impl FnOnce() + 'static) {
    let (id, title) = (chat.id, chat.title.clone());
    optimistic(
        DeleteChat { id },
        || (),
        move |_| {
            gone();
            let undo = Callback::from(move |()| optimistic(RestoreChat { id, message: None }, || (), |_| ()));
            toasts::undo(t!("chats-deleted", "title" => title), undo);
        },
    );
}

/// The menu of a conversation.
pub(super) fn menu(chat: &ChatSummary, rename: Callback<()>, gone: Callback<()>) -> Vec<MenuItem> {
    let id = chat.id;
    let (pinned, archived) = (chat.pinned, chat.archived);
    let delete_it = {
        let chat = chat.clone();
        Callback::from(move |()| {
            let gone = gone.clone();
            delete(&chat, move || gone.emit(()));
        })
    };
    vec![
        MenuItem::action(t!("chats-rename"), IconName::Pencil, rename).test("chat-rename"),
        if pinned {
            MenuItem::action(
                t!("chats-unpin"),
                IconName::PinOff,
                Callback::from(move |()| set_pinned(id, false)),
            )
        } else {
            MenuItem::action(
                t!("chats-pin"),
                IconName::Pin,
                Callback::from(move |()| set_pinned(id, true)),
            )
            .test("chat-pin")
        },
        if archived {
            MenuItem::action(
                t!("chats-unarchive"),
                IconName::ArchiveRestore,
                Callback::from(move |()| set_archived(id, false)),
            )
        } else {
            MenuItem::action(
                t!("chats-archive"),
                IconName::Archive,
                Callback::from(move |()| set_archived(id, true)),
            )
            .test("chat-archive")
        },
        MenuItem::Line,
        MenuItem::danger(t!("chats-delete"), IconName::Trash2, delete_it).test("chat-delete"),
    ]
}
