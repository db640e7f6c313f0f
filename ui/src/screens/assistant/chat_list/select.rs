//! Selecting conversations, and what is done with several at once.

use super::change_list;
use crate::prelude::*;
use hearth_api::chat::{ChatSummary, DeleteChats, RestoreChats, UpdateChats};
use hearth_api::{ApiError, ChatId, Code, Command};
use std::collections::BTreeMap;

/// Conversations that were selected, as they were then.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in super::super) struct Selection {
    chats: BTreeMap<ChatId, ChatSummary>,
    last: Option<ChatId>,
}

impl Selection {
    /// Whether one is selected.
    pub(super) fn has(&self, id: ChatId) -> bool {
        self.chats.contains_key(&id)
    }

    /// Takes one in or out; with `range` all between it and the one before as well.
    pub(super) fn pick(&mut self, rows: &[ChatSummary], id: ChatId, on: bool, range: bool) {
        let place = |id: ChatId| rows.iter().position(|chat| chat.id == id);
        let Some(at) = place(id) else { return };
        let from = self.last.filter(|_| range).and_then(place).unwrap_or(at);
        for chat in rows.iter().take(at.max(from) + 1).skip(at.min(from)) {
            if on {
                self.chats.insert(chat.id, chat.clone());
            } else {
                self.chats.remove(&chat.id);
            }
        }
        self.last = Some(id);
    }

    /// Keeps only those that are there.
    fn retain(&mut self, rows: &[ChatSummary]) {
        self.chats.retain(|id, _| rows.iter().any(|chat| chat.id == *id));
    }

    fn ids(&self, which: impl Fn(&ChatSummary) -> bool) -> Vec<ChatId> {
        self.chats
            .values()
            .filter(|chat| which(chat))
            .map(|chat| chat.id)
            .collect()
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct SelectBarProps {
    pub(super) selection: Selection,
    /// The conversations shown.
    pub(super) rows: Rc<Vec<ChatSummary>>,
    /// Whether they are the archived ones.
    pub(super) archived: bool,
    /// The conversation beside the list.
    pub(super) current: Option<ChatId>,
    /// Called with it when it is among the deleted.
    pub(super) gone: Callback<ChatId>,
    pub(super) reload: Callback<()>,
}

/// How many are selected, and what to do with them.
#[component]
pub(super) fn SelectBar(props: &SelectBarProps) -> Html {
    let chosen = &props.selection;
    let count = chosen.chats.len();
    let all = props.rows.iter().all(|chat| chosen.has(chat.id));
    let busy = use_state_eq(|| false);
    use_effect_with(count, |count| {
        announce::polite(t!("chats-selected", "count" => *count))
    });
    let toggle_all = {
        let rows = Rc::clone(&props.rows);
        Callback::from(move |_: MouseEvent| {
            change_list(|l| {
                if let Some(selection) = &mut l.selection {
                    for chat in rows.iter() {
                        selection.pick(&rows, chat.id, !all, false);
                    }
                }
            });
        })
    };
    let close = Callback::from(move |_: MouseEvent| change_list(|l| l.selection = None));
    let failed = {
        let (busy, rows, reload) = (busy.setter(), Rc::clone(&props.rows), props.reload.clone());
        Callback::from(move |error: ApiError| {
            busy.set(false);
            toasts::failed(&error);
            // One of them went meanwhile, elsewhere.
            if error.code == Code::NotFound {
                reload.emit(());
                change_list(|l| {
                    if let Some(selection) = &mut l.selection {
                        selection.retain(&rows);
                    }
                });
            }
        })
    };
    let run = Runner {
        busy: busy.clone(),
        failed,
    };
    let unpin = count > 0 && chosen.chats.values().all(|chat| chat.pinned);
    let pin = {
        let (run, chosen) = (run.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| {
            let ids = chosen.ids(|chat| chat.pinned == unpin);
            let update = |ids: Vec<ChatId>, pinned: bool| UpdateChats {
                ids,
                pinned: Some(pinned),
                archived: None,
            };
            let words = if unpin {
                t!("chats-unpinned-many", "count" => ids.len())
            } else {
                t!("chats-pinned-many", "count" => ids.len())
            };
            let undo = update(ids.clone(), unpin);
            run.run(update(ids, !unpin), undo, words, || ());
        })
    };
    let archive = {
        let (run, chosen, archived) = (run.clone(), chosen.clone(), props.archived);
        Callback::from(move |_: MouseEvent| {
            let ids = chosen.ids(|_| true);
            let update = |ids: Vec<ChatId>, archived: bool| UpdateChats {
                ids,
                pinned: None,
                archived: Some(archived),
            };
            let words = if archived {
                t!("chats-unarchived-many", "count" => ids.len())
            } else {
                t!("chats-archived-many", "count" => ids.len())
            };
            let undo = update(ids.clone(), archived);
            run.run(update(ids, !archived), undo, words, || ());
        })
    };
    let delete = {
        let (run, chosen, current, gone) = (run.clone(), chosen.clone(), props.current, props.gone.clone());
        Callback::from(move |_: MouseEvent| {
            let ids = chosen.ids(|_| true);
            let words = t!("chats-deleted-many", "count" => ids.len());
            let beside = current.filter(|id| ids.contains(id));
            let (gone, undo) = (gone.clone(), RestoreChats { ids: ids.clone() });
            run.run(DeleteChats { ids }, undo, words, move || {
                if let Some(id) = beside {
                    gone.emit(id);
                }
            });
        })
    };
    html! {
        <div class="h-select-bar" role="toolbar" aria-label={t!("chats-select")} data-test="select-bar">
            <span class="h-select-bar__count u-sm">{ t!("chats-selected", "count" => count) }</span>
            <IconButton icon={if all { IconName::Square } else { IconName::CheckCheck }} size={Size::S} on_click={toggle_all}
                label={if all { t!("chats-select-none") } else { t!("chats-select-all") }} test_id="select-all" />
            <IconButton icon={if unpin { IconName::PinOff } else { IconName::Pin }} size={Size::S} pending={*busy} on_click={pin}
                label={if unpin { t!("chats-unpin") } else { t!("chats-pin") }} test_id="select-pin" />
            <IconButton icon={if props.archived { IconName::ArchiveRestore } else { IconName::Archive }} size={Size::S} pending={*busy} on_click={archive}
                label={if props.archived { t!("chats-unarchive") } else { t!("chats-archive") }} test_id="select-archive" />
            <IconButton icon={IconName::Trash2} size={Size::S} pending={*busy} on_click={delete} label={t!("chats-delete")} test_id="select-delete" />
            <IconButton icon={IconName::X} size={Size::S} on_click={close} label={t!("chats-select-done")} test_id="select-done" />
        </div>
    }
}

/// Does something with all that are selected, and offers the way back.
#[derive(Clone)]
struct Runner {
    busy: UseStateHandle<bool>,
    failed: Callback<ApiError>,
}

impl Runner {
    fn run<C, U>(&self, request: C, undo: U, words: AttrValue, then: impl FnOnce() + 'static)
    where
        C: Command + Selected + 'static,
        U: Command + Clone + 'static,
    {
        if request.is_empty() {
            announce::assertive(t!("chats-select-first"));
            toasts::done(t!("chats-select-first"));
            return;
        }
        self.busy.set(true);
        let (busy, failed) = (self.busy.clone(), self.failed.clone());
        wasm_bindgen_futures::spawn_local(async move {
            match ask(request).await {
                Ok(_) => {
                    busy.set(false);
                    then();
                    change_list(|l| l.selection = None);
                    toasts::undo(
                        words,
                        Callback::from(move |()| optimistic(undo.clone(), || (), |_| ())),
                    );
                }
                Err(error) => failed.emit(error),
            }
        });
    }
}

/// Something that is done with several.
trait Selected {
    fn is_empty(&self) -> bool;
}

impl Selected for UpdateChats {
    fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl Selected for DeleteChats {
    fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;
    use uuid::Uuid;

    fn chat(n: u128) -> ChatSummary {
        ChatSummary {
            id: ChatId(Uuid::from_u128(n)),
            title: n.to_string(),
            pinned: false,
            archived: false,
            last_message_at: Timestamp(0),
            running: false,
            has_draft: false,
        }
    }

    #[test]
    fn a_range_goes_from_the_one_before_in_either_direction() {
        let rows: Vec<_> = (1..=5).map(chat).collect();
        let id = |n: usize| rows[n - 1].id;
        let mut selection = Selection::default();
        selection.pick(&rows, id(4), true, true);
        assert_eq!(selection.ids(|_| true), [id(4)], "nothing was before");
        selection.pick(&rows, id(2), true, true);
        assert_eq!(selection.ids(|_| true), [id(2), id(3), id(4)]);
        selection.pick(&rows, id(3), false, false);
        assert_eq!(selection.ids(|_| true), [id(2), id(4)]);
        selection.pick(&rows, ChatId(Uuid::from_u128(9)), true, false);
        selection.retain(&rows[..2]);
        assert_eq!(
            selection.ids(|_| true),
            [id(2)],
            "what is not there is not selected"
        );
    }
}
