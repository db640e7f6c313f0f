//! A conversation, or one not begun yet: its messages, the answer that streams in, the composer.

mod answering;
mod desk;

use super::actions;
use super::chat_list::change_list;
use super::draft::use_draft;
use super::follow::use_follow;
use super::parameters::{ParametersButton, ParametersSheet};
use super::rename::RenameDialog;
use super::stream::use_stream;
use super::thread::Thread;
use super::welcome::{Welcome, notice};
use crate::components::answer_block::reason;
use crate::prelude::*;
use crate::state::online::use_online;
use answering::answering;
use desk::{Desk, Doing};
use hearth_api::chat::{GetChat, GetComposer, UpdateChat};
use hearth_api::parameters::{GetParameters, ParametersOf};
use hearth_api::provider::{ListProviders, ModelRef};
use hearth_api::{ChatId, Code, MessageId};
use uuid::Uuid;

/// Properties of [`Conversation`].
#[derive(Properties, PartialEq)]
pub(super) struct ConversationProps {
    /// Which; `None` for a new one.
    #[prop_or_default]
    pub(super) chat: Option<ChatId>,
    /// Whether it is the page, not a pane beside the list.
    #[prop_or(true)]
    pub(super) main: bool,
}

/// Data that is the same only if it is the very same: comparing long conversations at each frame costs too much.
struct Same<T>(Option<Rc<T>>);

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

/// A conversation.
#[component]
pub(super) fn Conversation(props: &ConversationProps) -> Html {
    let go = use_go();
    let settings = use_settings();
    let wide = use_media("(min-width: 1024px)");
    let thread = use_mut_ref(|| Thread::new(props.chat));
    let doing = use_state_eq(Doing::default);
    let chosen = use_state_eq(|| None::<ModelRef>);
    let redraw = use_force_update();
    let draw = use_callback((), move |(), ()| redraw.force_update());
    let op = use_mut_ref(|| None::<Uuid>);

    // Another conversation: what was known of the one before goes. One that began here stays.
    let expected = use_mut_ref(|| None::<ChatId>);
    let here = thread.borrow().of;
    if props.chat.is_some() {
        expected.replace(None);
    }
    if here != props.chat && (here.is_none() || *expected.borrow() != here) {
        *thread.borrow_mut() = Thread::new(props.chat);
    }
    {
        let (doing, chosen, op) = (doing.setter(), chosen.setter(), Rc::clone(&op));
        use_effect_with(props.chat, move |_| {
            doing.set(Doing::default());
            chosen.set(None);
            op.replace(None);
        });
    }

    let query = use_query_if(
        props.chat.map(|id| GetChat { id }),
        props.chat.map(|id| vec![Topic::Chat(id)]).unwrap_or_default(),
    );
    let composer = use_query(GetComposer::default(), vec![Topic::Providers]);
    let providers = use_query(ListProviders::default(), vec![Topic::Providers]);
    let mut about = vec![Topic::Chats];
    about.extend(props.chat.map(Topic::Chat));
    let parameters = use_query(GetParameters { chat: props.chat }, about);
    let after = use_stream(&thread, draw.clone(), query.refetch.clone());
    {
        let (thread, after) = (Rc::clone(&thread), after.clone());
        use_effect_with(Same(query.data.clone()), move |Same(chat)| {
            if let Some(chat) = chat
                && thread.borrow().of == Some(chat.summary.id)
            {
                let took = thread.borrow_mut().load(chat);
                after.emit(took);
            }
        });
    }

    let stored_draft = match props.chat {
        Some(_) => query.data.as_ref().map(|c| c.draft.clone()),
        None => composer.data.as_ref().map(|c| c.draft.clone()),
    };
    let draft = use_draft(props.chat, stored_draft);
    {
        // What only said that the home is away is over when it is back.
        let (doing, online) = (doing.clone(), use_online());
        use_effect_with(online, move |online| {
            let away = doing.error.as_ref().is_some_and(|e| e.code == Code::Unavailable);
            if *online && away {
                doing.set(Doing {
                    error: None,
                    ..(*doing).clone()
                });
            }
        });
    }
    // It was deleted in another window, or on another device.
    let deleted = props.chat.is_some()
        && query.data.is_none()
        && query.error.as_ref().is_some_and(|e| e.code == Code::NotFound);
    let area = use_node_ref();
    let scroller = use_node_ref();
    let now = thread.borrow();
    let follow = use_follow(&scroller, props.chat);

    let running = now.is_running();
    let summary = query
        .data
        .as_ref()
        .filter(|c| Some(c.summary.id) == props.chat)
        .map(|c| c.summary.clone());
    let title = match (&now.title, &summary, props.chat) {
        (Some(title), _, _) => AttrValue::from(title.clone()),
        (None, Some(summary), _) => AttrValue::from(summary.title.clone()),
        (None, None, Some(_)) => t!("nav-assistant"),
        (None, None, None) => t!("chat-new-title"),
    };

    let list = providers.data.clone().unwrap_or_default();
    let who = answering(
        chosen.as_ref(),
        query.data.as_deref(),
        composer.data.as_deref(),
        providers.data.as_deref().map(Vec::as_slice),
    );
    let desk = Desk {
        chat: props.chat,
        thread: Rc::clone(&thread),
        doing: doing.clone(),
        draft: draft.clone(),
        area: area.clone(),
        follow: follow.clone(),
        go: go.clone(),
        model: (*chosen).clone(),
        after,
        draw,
        refetch: query.refetch.clone(),
        op: Rc::clone(&op),
        expected,
    };
    let send = {
        let desk = desk.clone();
        let blocked = who
            .blocked
            .as_deref()
            .is_some_and(|b| b != "provider_unreachable");
        Callback::from(move |()| desk.send(running, blocked))
    };
    let stop = {
        let desk = desk.clone();
        Callback::from(move |()| desk.stop())
    };
    let on_act = {
        let desk = desk.clone();
        Callback::from(move |(id, what): (MessageId, MessageAct)| desk.act(id, what))
    };

    let choose = {
        let (chosen, chat, draw) = (chosen.setter(), props.chat, composer.refetch.clone());
        Callback::from(move |model: ModelRef| {
            chosen.set(Some(model.clone()));
            if let Some(id) = chat {
                let request = UpdateChat {
                    id,
                    title: None,
                    pinned: None,
                    archived: None,
                    model: Some(model),
                };
                optimistic(request, || (), |_| ());
            }
            draw.emit(());
        })
    };

    let focus_area = {
        let desk = desk.clone();
        Callback::from(move |()| desk.focus())
    };
    let begin_rename = {
        let (desk, chat) = (desk.clone(), props.chat);
        Callback::from(move |()| {
            // On a wide window the list is there: the title changes where it stands.
            if wide {
                change_list(|l| l.renaming = chat);
            } else if chat.is_some() {
                desk.set(|doing| doing.renaming = true);
            }
        })
    };
    let copy_last = {
        let desk = desk.clone();
        Callback::from(move |()| desk.copy_last())
    };
    let inspect_last = {
        let desk = desk.clone();
        Callback::from(move |()| {
            let last = desk
                .thread
                .borrow()
                .messages
                .iter()
                .rev()
                .find(|m| m.info.is_some())
                .cloned();
            desk.set(|doing| doing.details = last);
        })
    };
    let mut commands = vec![KeyCommand::key(Key::Reply, focus_area).named("chat-focus")];
    if props.chat.is_some() {
        commands.push(KeyCommand::key(Key::Rename, begin_rename.clone()));
        commands.push(KeyCommand::key(Key::CopyAnswer, copy_last));
        commands.push(KeyCommand::key(Key::Inspect, inspect_last));
    }
    if running {
        commands.push(KeyCommand::key(Key::Stop, stop.clone()));
    }
    use_commands(commands);

    let gone = {
        let go = go.clone();
        Callback::from(move |()| go.replace(&Route::Chats))
    };
    let on_pick = {
        let desk = desk.clone();
        Callback::from(move |picking: bool| desk.set(|doing| doing.picking = picking))
    };
    let shown = Shown {
        times: settings.chat_timestamps,
        tokens: settings.chat_tokens,
        speed: settings.chat_speed,
    };
    let retry = now
        .retry
        .map(|(id, ms)| (id, when::now().plus_ms(i64::try_from(ms).unwrap_or(i64::MAX))));
    let retry = use_memo(retry.map(|(id, _)| id), |_| retry);
    let messages = Rc::new(now.messages.clone());
    let empty = messages.is_empty() && doing.sending.is_none();
    let on_starter = {
        let desk = desk.clone();
        Callback::from(move |text: AttrValue| {
            desk.draft.set(text.to_string());
            desk.focus();
        })
    };
    let body = match (props.chat, &query.data, &query.error) {
        _ if deleted => html! {
            <EmptyState icon={IconName::Trash2} title={t!("chat-gone")} text={t!("chat-gone-text")} test_id="chat-gone">
                <ButtonLink to={Route::NewChat}>{ t!("chat-new-title") }</ButtonLink>
            </EmptyState>
        },
        (Some(_), None, Some(error)) if empty => {
            html! { <ErrorPanel error={error.clone()} on_retry={query.refetch.clone()} /> }
        }
        (Some(_), None, None) if empty => html! {
            <Skeleton><div class="l-stack u-gap-20"><SkeletonBox height="44px" width="60%" /><SkeletonBox height="140px" /><SkeletonBox height="44px" width="40%" /></div></Skeleton>
        },
        _ if empty => html! {
            <Welcome blocked={who.blocked.clone()} on_starter={on_starter} known={composer.data.is_some()} />
        },
        _ => html! {
            <ChatThread {messages} sending={doing.sending.clone()} writing={running} {shown} retry={*retry} {on_act} scroller={scroller.clone()} />
        },
    };
    let notice = notice(
        who.blocked
            .as_deref()
            .filter(|code| !empty || *code != "no_provider"),
        &who.provider,
        doing.error.as_ref(),
    );
    let over = doing
        .error
        .as_ref()
        .filter(|e| matches!(e.code, Code::EmptyInput | Code::TooLarge))
        .map(error_text);
    let on_input = {
        let desk = desk.clone();
        Callback::from(move |text: String| {
            desk.op.replace(None);
            if desk.doing.error.is_some() || desk.doing.held {
                desk.set(|doing| {
                    doing.error = None;
                    doing.held = false;
                });
            }
            desk.draft.set(text);
        })
    };
    html! {
        <Page
            title={title}
            back={Route::Chats}
            back_narrow={true}
            width={PageWidth::Medium}
            main={props.main}
            keep_scroll={false}
            scroller={scroller.clone()}
            test_id="chat"
            actions={html! {
                if let Some(summary) = &summary {
                    <Menu label={t!("chat-menu")} size={Size::M} items={actions::menu(summary, begin_rename, gone)} test_id="chat-menu" />
                }
            }}
            footer={if deleted { Html::default() } else { html! {
                <ChatComposer
                    value={draft.text.clone()}
                    {on_input}
                    on_send={send}
                    on_stop={stop}
                    on_blur={draft.on_blur()}
                    writing={running || doing.stopping}
                    pending={doing.sending.is_some()}
                    enter_sends={settings.enter_sends}
                    hint={(doing.held && running).then(|| t!("chat-wait-or-stop"))}
                    autofocus={props.main && wide}
                    error={over}
                    {notice}
                    node={area}
                    tools={html! {
                        <>
                            <ModelPicker providers={list} current={who.model} on_choose={choose} up={true} open={Some(doing.picking)} on_open={on_pick} />
                            <ParametersButton set={parameters.data.clone()} on_open={desk.setter(|d| d.parameters = true)} />
                            if let Some(place) = who.place { <LocalityBadge {place} /> }
                        </>
                    }}
                />
            } }}
        >
            { body }
            <JumpPill shown={follow.away && !empty} on_click={follow.on_jump()} />
            if let Some((message, info)) = doing.details.as_ref().and_then(|m| Some((m, m.info.clone()?))) {
                <Dialog title={t!("chat-details")} on_close={desk.setter(|d| d.details = None)} sheet={true} read_only={true} test_id="answer-details">
                    <AnswerDetails {info} error={message.error.as_ref().map(|_| reason(message))} />
                </Dialog>
            }
            if doing.parameters {
                <ParametersSheet of={ParametersOf::Chat { chat: props.chat }} ollama={who.ollama} set={parameters.clone()} on_close={desk.setter(|d| d.parameters = false)} />
            }
            if let Some(summary) = summary.filter(|_| doing.renaming) {
                <RenameDialog {summary} on_close={desk.setter(|d| d.renaming = false)} />
            }
        </Page>
    }
}
