//! The list of conversations: grouped by their last message, searched, renamed in place, several changed at once.

mod load;
mod row;
mod select;

use super::groups::{Group, group};
use crate::prelude::*;
use crate::state::store::{Store, use_store};
use hearth_api::ChatId;
use hearth_api::chat::ChatSummary;
use load::use_chats;
use row::{ChatPick, ChatRow};
use select::{SelectBar, Selection};

/// More rows than these are drawn only near the view.
const VIRTUAL_FROM: usize = 100;

/// What the list shows; kept while conversations are opened and closed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ListState {
    /// The words searched for.
    pub(super) query: String,
    /// Whether the archived ones are shown.
    pub(super) archived: bool,
    /// The one whose title is being changed.
    pub(super) renaming: Option<ChatId>,
    /// Those selected, while some are being selected.
    pub(super) selection: Option<Selection>,
}

impl ListState {
    /// Begins to select, perhaps with one.
    pub(super) fn begin_selecting(&mut self, first: Option<&ChatSummary>) {
        let mut selection = Selection::default();
        if let Some(chat) = first {
            selection.pick(std::slice::from_ref(chat), chat.id, true, false);
        }
        self.renaming = None;
        self.selection = Some(selection);
    }
}

thread_local! { static LIST: Store<ListState> = Store::new(ListState::default()); }

/// Changes what the list shows.
pub(super) fn change_list(change: impl FnOnce(&mut ListState)) {
    LIST.with(|list| list.update(change));
}

/// Properties of [`ChatListPane`].
#[derive(Properties, PartialEq)]
pub(super) struct ChatListPaneProps {
    /// The conversation shown beside the list.
    #[prop_or_default]
    pub(super) current: Option<ChatId>,
    /// Whether the list is the page, not a pane beside one.
    #[prop_or_default]
    pub(super) main: bool,
}

/// The list of conversations.
#[component]
pub(super) fn ChatListPane(props: &ChatListPaneProps) -> Html {
    let state = use_store(&LIST);
    let chats = use_chats(state.query.trim().to_owned(), state.archived);
    let go = use_go();
    let now = when::use_now();
    let on_query = use_callback((), |query: String, ()| change_list(|l| l.query = query));
    let archived = state.archived;
    let toggle_archived = Callback::from(move |_: MouseEvent| {
        change_list(|l| {
            l.archived = !archived;
            l.selection = None;
        });
    });
    let selecting = state.selection.is_some();
    let toggle_selecting = Callback::from(move |_: MouseEvent| {
        change_list(|l| match l.selection {
            Some(_) => l.selection = None,
            None => l.begin_selecting(None),
        });
    });
    let on_pick = {
        let rows = Rc::clone(&chats.rows);
        Callback::from(move |(id, on, range): (ChatId, bool, bool)| {
            change_list(|l| {
                if let Some(selection) = &mut l.selection {
                    selection.pick(&rows, id, on, range);
                }
            });
        })
    };

    let rows: Rc<Vec<Row>> = use_memo((Rc::clone(&chats.rows), now.0 / 60_000), |(rows, _)| {
        lines(now, rows)
    });
    let gone = {
        let (go, current) = (go.clone(), props.current);
        Callback::from(move |id: ChatId| {
            if current == Some(id) {
                go.replace(&Route::Chats);
            }
        })
    };
    let draw = {
        let (rows, current, renaming) = (Rc::clone(&rows), props.current, state.renaming);
        let (state, on_pick) = (Rc::clone(&state), on_pick.clone());
        let gone = gone.clone();
        Callback::from(move |(index, _): (usize, Rc<str>)| match rows.get(index) {
            Some(Row::Heading(group)) => html! { <div class="h-chats__group">{ group.name() }</div> },
            Some(Row::Chat(chat)) => match &state.selection {
                Some(selection) => html! {
                    <ChatPick chat={chat.clone()} checked={selection.has(chat.id)} on_pick={on_pick.clone()} />
                },
                None => html! {
                    <ChatRow chat={chat.clone()} current={current == Some(chat.id)} renaming={renaming == Some(chat.id)} gone={gone.clone()} />
                },
            },
            None => Html::default(),
        })
    };
    let keys: Rc<Vec<Rc<str>>> = use_memo(Rc::clone(&rows), |rows| rows.iter().map(Row::key).collect());
    let nothing = chats.known && rows.is_empty();
    let list = if rows.len() > VIRTUAL_FROM {
        html! {
            <VirtualList keys={keys} row={draw} label={t!("chats-list")} role={ListRole::List} estimate={52.0}
                memory={AttrValue::from(format!("chats-{archived}"))} on_near_end={chats.more.clone()} busy={chats.busy} />
        }
    } else {
        html! {
            <div class="h-chats" role="list" aria-label={t!("chats-list")} aria-busy={chats.busy.then_some("true")}>
                { for keys.iter().enumerate().map(|(index, key)| html! {
                    <div key={key.to_string()} role="listitem">{ draw.emit((index, Rc::clone(key))) }</div>
                }) }
            </div>
        }
    };
    let list_node = use_node_ref();
    let onkeydown = {
        let list_node = list_node.clone();
        Callback::from(move |event: KeyboardEvent| {
            let target = event.target_unchecked_into::<web_sys::Element>();
            let classes = target.class_list();
            if classes.contains("h-row__main") || classes.contains("h-check__box") {
                focus::rove(
                    &event,
                    &list_node,
                    ".h-chats__row :is(.h-row__main, .h-check__box)",
                    focus::Walk::Vertical,
                );
            }
            if selecting && event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                change_list(|l| l.selection = None);
            }
        })
    };
    html! {
        <Page
            title={if archived { t!("chats-archived") } else { t!("nav-assistant") }}
            main={props.main}
            test_id="chats"
            actions={html! {
                <>
                    <IconButton icon={IconName::CheckCheck} label={t!("chats-select")} pressed={selecting} on_click={toggle_selecting} test_id="chats-select" />
                    <IconLink to={Route::Models} icon={IconName::Cpu} label={t!("nav-models")} />
                    <IconLink to={Route::NewChat} icon={IconName::MessageCirclePlus} label={t!("command-new-chat")} />
                </>
            }}
            header={html! {
                <div class="h-chats__search">
                    <TextField label={t!("chats-search")} quiet_label={true} placeholder={t!("chats-search")} kind="search"
                        start={IconName::Search} value={state.query.clone()} on_input={on_query} test_id="chats-search" />
                    if let Some(selection) = &state.selection {
                        <SelectBar selection={selection.clone()} rows={Rc::clone(&chats.rows)} {archived} current={props.current} {gone} reload={chats.reload.clone()} />
                    }
                </div>
            }}
        >
            <div ref={list_node} {onkeydown} class="l-stack u-gap-8">
                if !chats.known && let Some(error) = &chats.error {
                    <ErrorPanel error={error.clone()} on_retry={chats.reload.clone()} />
                } else if !chats.known {
                    <Skeleton><SkeletonRow /><SkeletonRow /><SkeletonRow /><SkeletonRow /></Skeleton>
                } else if nothing && !state.query.trim().is_empty() {
                    <p class="u-text-2 u-pad-16">{ t!("chats-none-found", "query" => state.query.trim()) }</p>
                } else if nothing && archived {
                    <p class="u-text-2 u-pad-16">{ t!("chats-none-archived") }</p>
                } else if nothing {
                    <div class="h-chats__empty">
                        <p class="u-text-2">{ t!("chats-empty") }</p>
                        <ButtonLink to={Route::NewChat} variant={Variant::Ai} start={IconName::MessageCirclePlus}>{ t!("chats-new") }</ButtonLink>
                    </div>
                } else {
                    { list }
                }
                if chats.known {
                    <button type="button" class="h-chats__archived" aria-pressed={if archived { "true" } else { "false" }} onclick={toggle_archived} data-test="chats-archived">
                        <Icon name={if archived { IconName::ArrowLeft } else { IconName::Archive }} size={IconSize::S} />
                        { if archived { t!("chats-back-to-all") } else { t!("chats-archived") } }
                    </button>
                }
            </div>
        </Page>
    }
}

#[derive(Debug, PartialEq)]
enum Row {
    Heading(Group),
    Chat(ChatSummary),
}

impl Row {
    fn key(&self) -> Rc<str> {
        match self {
            Self::Heading(group) => format!("{group:?}").into(),
            Self::Chat(chat) => chat.id.to_string().into(),
        }
    }
}

/// Headings and conversations in the order shown.
fn lines(now: hearth_api::Timestamp, rows: &[ChatSummary]) -> Vec<Row> {
    let mut grouped: Vec<(Group, &ChatSummary)> = rows.iter().map(|chat| (group(now, chat), chat)).collect();
    grouped.sort_by_key(|(group, _)| *group);
    let mut out = Vec::with_capacity(grouped.len() + 6);
    let mut last = None;
    for (group, chat) in grouped {
        if last != Some(group) {
            out.push(Row::Heading(group));
            last = Some(group);
        }
        out.push(Row::Chat(chat.clone()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;
    use uuid::Uuid;

    #[test]
    fn pinned_ones_come_first_and_order_within_a_group_stays() {
        let chat = |n: u128, pinned: bool, at: i64| ChatSummary {
            id: ChatId(Uuid::from_u128(n)),
            title: n.to_string(),
            pinned,
            archived: false,
            last_message_at: Timestamp(at),
            running: false,
            has_draft: false,
        };
        let day = 86_400_000;
        let now = Timestamp(100 * day);
        let rows = lines(
            now,
            &[
                chat(1, false, 96 * day),
                chat(2, true, 50 * day),
                chat(3, false, 95 * day),
                chat(4, false, 10 * day),
            ],
        );
        let shown: Vec<String> = rows.iter().map(|r| r.key().to_string()).collect();
        let id = |n: u128| Uuid::from_u128(n).to_string();
        assert_eq!(
            shown,
            [
                "Pinned".to_owned(),
                id(2),
                "Week".into(),
                id(1),
                id(3),
                "Older".into(),
                id(4)
            ]
        );
    }
}
