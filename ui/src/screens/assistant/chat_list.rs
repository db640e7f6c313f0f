//! The list of conversations: grouped by their last message, searched, renamed in place.

use super::actions;
use super::groups::{Group, group};
use crate::prelude::*;
use crate::state::store::{Store, use_store};
use gloo_timers::callback::Timeout;
use hearth_api::chat::{ChatSummary, ListChats};
use hearth_api::{ApiError, ChatId};
use std::cell::RefCell;

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
}

thread_local! { static LIST: Store<ListState> = Store::new(ListState::default()); }

/// Changes what the list shows.
pub(super) fn change_list(change: impl FnOnce(&mut ListState)) {
    LIST.with(|list| list.update(change));
}

#[derive(Default)]
struct Loaded {
    key: (String, bool),
    rows: Rc<Vec<ChatSummary>>,
    cursor: Option<String>,
    pages: u32,
    known: bool,
    busy: bool,
    error: Option<ApiError>,
    turn: u32,
}

/// The words searched for and whether the archive is shown, with what was found.
type Seen = ((String, bool), Rc<Vec<ChatSummary>>);

thread_local! {
    /// The list as last seen, shown at once on return.
    static LAST: RefCell<Option<Seen>> = const { RefCell::new(None) };
}

struct Chats {
    rows: Rc<Vec<ChatSummary>>,
    known: bool,
    busy: bool,
    error: Option<ApiError>,
    more: Callback<()>,
    reload: Callback<()>,
}

/// The conversations, page by page, fetched again as far as they were when something changes.
#[hook]
fn use_chats(query: String, archived: bool) -> Chats {
    let loaded = use_mut_ref(|| {
        let mut loaded = Loaded::default();
        if let Some((key, rows)) = LAST.with_borrow(Clone::clone) {
            loaded = Loaded {
                key,
                rows,
                known: true,
                ..loaded
            };
        }
        loaded
    });
    let draw = use_force_update();
    let load = {
        let (loaded, draw) = (Rc::clone(&loaded), draw.clone());
        use_callback((), move |(key, pages): ((String, bool), u32), ()| {
            let turn = {
                let mut l = loaded.borrow_mut();
                l.turn = l.turn.wrapping_add(1);
                l.busy = true;
                l.turn
            };
            let (loaded, draw) = (Rc::clone(&loaded), draw.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let mut rows: Vec<ChatSummary> = Vec::new();
                let mut cursor = None;
                let mut error = None;
                for page in 0..pages.max(1) {
                    if page > 0 && cursor.is_none() {
                        break;
                    }
                    let request = ListChats {
                        archived: key.1,
                        query: key.0.clone(),
                        cursor: cursor.take(),
                    };
                    match ask(request).await {
                        Ok(answer) => {
                            // What moved between two pages is in both.
                            let new = answer
                                .items
                                .into_iter()
                                .filter(|c| !rows.iter().any(|r| r.id == c.id));
                            let new: Vec<_> = new.collect();
                            rows.extend(new);
                            cursor = answer.next;
                        }
                        Err(problem) => {
                            error = Some(problem);
                            break;
                        }
                    }
                }
                let mut l = loaded.borrow_mut();
                if l.turn != turn {
                    return;
                }
                l.busy = false;
                if error.is_none() {
                    l.rows = Rc::new(rows);
                    l.cursor = cursor;
                    l.pages = pages.max(1);
                    l.known = true;
                    if key.0.is_empty() {
                        LAST.replace(Some((key.clone(), Rc::clone(&l.rows))));
                    }
                    l.key = key;
                }
                l.error = error;
                drop(l);
                draw.force_update();
            });
        })
    };
    {
        let (load, loaded) = (load.clone(), Rc::clone(&loaded));
        use_effect_with((query.clone(), archived), move |key| {
            let same = loaded.borrow().key == *key;
            if !same {
                loaded.borrow_mut().known = false;
            }
            // Typing is not answered letter by letter.
            let (load, key) = (load.clone(), key.clone());
            let wait = if key.0.is_empty() { 0 } else { 160 };
            let timer = Timeout::new(wait, move || load.emit((key, 1)));
            move || drop(timer)
        });
    }
    let reload = {
        let (load, loaded) = (load.clone(), Rc::clone(&loaded));
        use_callback((query.clone(), archived), move |(), key: &(String, bool)| {
            let pages = loaded.borrow().pages;
            load.emit((key.clone(), pages));
        })
    };
    {
        let planned = use_mut_ref(|| None::<Timeout>);
        let reload = reload.clone();
        let on_event = use_callback(reload, move |_event, reload: &Callback<()>| {
            let reload = reload.clone();
            planned.replace(Some(Timeout::new(80, move || reload.emit(()))));
        });
        use_live(vec![Topic::Chats], on_event);
    }
    let more = {
        let loaded = Rc::clone(&loaded);
        use_callback((query, archived), move |(), key: &(String, bool)| {
            let (pages, able) = {
                let l = loaded.borrow();
                (l.pages, !l.busy && l.cursor.is_some())
            };
            if able {
                load.emit((key.clone(), pages + 1));
            }
        })
    };
    let now = loaded.borrow();
    Chats {
        rows: Rc::clone(&now.rows),
        known: now.known,
        busy: now.busy,
        error: now.error.clone(),
        more,
        reload,
    }
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
    let toggle_archived = Callback::from(move |_: MouseEvent| change_list(|l| l.archived = !archived));

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
        Callback::from(move |(index, _): (usize, Rc<str>)| match rows.get(index) {
            Some(Row::Heading(group)) => html! { <div class="h-chats__group">{ group.name() }</div> },
            Some(Row::Chat(chat)) => html! {
                <ChatRow chat={chat.clone()} current={current == Some(chat.id)} renaming={renaming == Some(chat.id)} gone={gone.clone()} />
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
            if target.class_list().contains("h-row__main") {
                focus::rove(
                    &event,
                    &list_node,
                    ".h-chats__row .h-row__main",
                    focus::Walk::Vertical,
                );
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
                    <IconLink to={Route::Models} icon={IconName::SlidersHorizontal} label={t!("nav-models")} />
                    <IconLink to={Route::NewChat} icon={IconName::MessageCirclePlus} label={t!("command-new-chat")} />
                </>
            }}
            header={html! {
                <div class="h-chats__search">
                    <TextField label={t!("chats-search")} quiet_label={true} placeholder={t!("chats-search")} kind="search"
                        start={IconName::Search} value={state.query.clone()} on_input={on_query} test_id="chats-search" />
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

#[derive(Properties, PartialEq)]
struct ChatRowProps {
    chat: ChatSummary,
    current: bool,
    renaming: bool,
    gone: Callback<ChatId>,
}

/// A conversation in the list.
#[component]
fn ChatRow(props: &ChatRowProps) -> Html {
    let chat = &props.chat;
    let id = chat.id;
    if props.renaming {
        return html! { <RenameRow chat={chat.clone()} /> };
    }
    let begin = Callback::from(move |()| change_list(|l| l.renaming = Some(id)));
    let onkeydown = {
        let (begin, chat, gone) = (begin.clone(), chat.clone(), props.gone.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "F2" => {
                event.prevent_default();
                begin.emit(());
            }
            "Delete" => {
                event.prevent_default();
                let gone = gone.clone();
                actions::delete(&chat, move || gone.emit(id));
            }
            _ => {}
        })
    };
    let gone = props.gone.reform(move |()| id);
    html! {
        <div class="h-chats__row" {onkeydown} data-test="chat-row">
            <ListRow
                to={Route::Chat { chat: id }}
                current={props.current}
                title={html! { <span class="h-chats__title" dir="auto">{ chat.title.clone() }</span> }}
                end={html! {
                    <>
                        if chat.running { <span role="img" aria-label={t!("chats-running")} data-tip={t!("chats-running")}><Spinner /></span> }
                        if chat.has_draft { <Icon name={IconName::Pencil} size={IconSize::S} label={t!("chats-draft")} /> }
                        <span class="h-chats__menu"><Menu label={t!("chats-menu", "title" => &chat.title)} items={actions::menu(chat, begin, gone)} /></span>
                    </>
                }}
            />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RenameRowProps {
    chat: ChatSummary,
}

/// The title of a conversation, changed where it stands.
#[component]
fn RenameRow(props: &RenameRowProps) -> Html {
    let chat = props.chat.clone();
    let title = use_state_eq(|| chat.title.clone());
    let node = use_node_ref();
    let done = use_mut_ref(|| false);
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(input) = node.cast::<web_sys::HtmlInputElement>() {
                let _focused = input.focus();
                input.select();
            }
        });
    }
    let finish = {
        let (title, chat, done) = (title.clone(), chat, Rc::clone(&done));
        move |save: bool| {
            // Enter also leaves the field.
            if done.replace(true) {
                return;
            }
            if save {
                actions::rename(&chat, &title);
            }
            change_list(|l| l.renaming = None);
        }
    };
    let on_key = {
        let finish = finish.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                finish(true);
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                finish(false);
            }
            _ => {}
        })
    };
    let on_blur = Callback::from(move |_: FocusEvent| finish(true));
    let on_input = {
        let title = title.setter();
        Callback::from(move |text: String| title.set(text))
    };
    html! {
        <div class="h-chats__rename">
            <TextField label={t!("chats-title")} quiet_label={true} value={(*title).clone()} {on_input} {on_key} {on_blur} max={200} {node} test_id="chat-title" />
        </div>
    }
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
