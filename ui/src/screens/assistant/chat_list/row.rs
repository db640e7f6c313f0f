//! A conversation in the list: a link with its menu, its title being changed, or something to select.

use super::super::actions;
use super::change_list;
use crate::prelude::*;
use hearth_api::ChatId;
use hearth_api::chat::ChatSummary;

#[derive(Properties, PartialEq)]
pub(super) struct ChatRowProps {
    pub(super) chat: ChatSummary,
    pub(super) current: bool,
    pub(super) renaming: bool,
    pub(super) gone: Callback<ChatId>,
}

/// A conversation in the list.
#[component]
pub(super) fn ChatRow(props: &ChatRowProps) -> Html {
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
    let mut items = actions::menu(chat, begin, gone);
    let select = {
        let chat = chat.clone();
        Callback::from(move |()| change_list(|l| l.begin_selecting(Some(&chat))))
    };
    items.insert(
        0,
        MenuItem::action(t!("chats-select-one"), IconName::CheckCheck, select).test("chat-select"),
    );
    html! {
        <div class="h-chats__row" {onkeydown} data-chat={id.to_string()} data-test="chat-row">
            <ListRow
                to={Route::Chat { chat: id }}
                current={props.current}
                title={html! { <span class="h-chats__title" dir="auto">{ chat.title.clone() }</span> }}
                end={html! {
                    <>
                        if chat.running { <span role="img" aria-label={t!("chats-running")} data-tip={t!("chats-running")}><Spinner /></span> }
                        if chat.has_draft { <Icon name={IconName::Pencil} size={IconSize::S} label={t!("chats-draft")} /> }
                        <span class="h-chats__menu"><Menu label={t!("chats-menu", "title" => &chat.title)} {items} /></span>
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
    // Where the keyboard was before.
    let before = use_mut_ref(focus::active);
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
        move |save: bool, by_key: bool| {
            // What is too long stays in the field, which says so.
            if save && actions::title_error(&title).is_some() {
                return;
            }
            // Enter also leaves the field.
            if done.replace(true) {
                return;
            }
            if by_key {
                focus_again(before.take(), chat.id);
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
                finish(true, true);
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                finish(false, true);
            }
            _ => {}
        })
    };
    let on_blur = Callback::from(move |_: FocusEvent| finish(true, false));
    let on_input = {
        let title = title.setter();
        Callback::from(move |text: String| title.set(text))
    };
    html! {
        <div class="h-chats__rename">
            <TextField label={t!("chats-title")} quiet_label={true} value={(*title).clone()} {on_input} {on_key} {on_blur} max={actions::MAX_TITLE} error={actions::title_error(&title)} {node} test_id="chat-title" />
        </div>
    }
}

/// When the field is gone the keyboard is where it was before, or at the conversation in the list.
fn focus_again(before: Option<web_sys::HtmlElement>, chat: ChatId) {
    gloo_timers::callback::Timeout::new(0, move || {
        let before = before.filter(|e| e.is_connected() && e.tag_name() != "BODY");
        let row = || {
            let body = crate::kit::dom::document()?.body()?;
            let links = focus::all_in(&body, &format!("[data-chat='{chat}'] a[href]"));
            links.into_iter().next()
        };
        if let Some(element) = before.or_else(row) {
            focus::focus_quietly(&element);
        }
    })
    .forget();
}

#[derive(Properties, PartialEq)]
pub(super) struct ChatPickProps {
    pub(super) chat: ChatSummary,
    pub(super) checked: bool,
    /// Chosen or not; whether all between it and the last one as well.
    pub(super) on_pick: Callback<(ChatId, bool, bool)>,
}

/// A conversation that can be selected.
#[component]
pub(super) fn ChatPick(props: &ChatPickProps) -> Html {
    let chat = &props.chat;
    let onclick = {
        let (on_pick, id) = (props.on_pick.clone(), chat.id);
        Callback::from(move |event: MouseEvent| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            on_pick.emit((id, input.checked(), event.shift_key()));
        })
    };
    html! {
        <div class="h-chats__row">
            <label class="h-row h-chats__pick" data-current={props.checked.then_some("true")} data-test="chat-pick">
                <input type="checkbox" class="h-check__box" checked={props.checked} {onclick} />
                <span class="h-check__mark" aria-hidden="true"><Icon name={IconName::Check} size={IconSize::S} /></span>
                <span class="h-row__words"><span class="h-row__title h-chats__title" dir="auto">{ chat.title.clone() }</span></span>
            </label>
        </div>
    }
}
