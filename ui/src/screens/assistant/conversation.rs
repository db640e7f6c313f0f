//! A conversation, or one not begun yet: its messages, the answer that streams in, the composer.

use super::actions;
use super::chat_list::change_list;
use super::draft::use_draft;
use super::follow::use_follow;
use super::message::{copy, delete_from, selected_in, with_quote};
use super::rename::RenameDialog;
use super::stream::use_stream;
use super::thread::Thread;
use super::welcome::{Welcome, notice};
use crate::components::answer_block::plain_text;
use crate::components::model_picker::where_runs;
use crate::prelude::*;
use hearth_api::chat::{
    AnswerInfo, ContinueAnswer, GetChat, GetComposer, MAX_MESSAGE, RateAnswer, ResendMessage, SendMessage,
    StopTurn, TurnStarted, UpdateChat,
};
use hearth_api::provider::{ListProviders, Locality, ModelRef};
use hearth_api::{ApiError, ChatId, Code, MessageId};
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

/// What is going on beside the messages.
#[derive(Debug, Clone, PartialEq, Default)]
struct Doing {
    sending: Option<AttrValue>,
    stopping: bool,
    error: Option<ApiError>,
    details: Option<AnswerInfo>,
    picking: bool,
    renaming: bool,
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
    // The number of the message being written: a second try of the same is no second message.
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

    // Which model answers, and whether anything may be sent to it.
    let model = (*chosen)
        .clone()
        .or_else(|| query.data.as_ref().and_then(|c| c.model.clone()))
        .or_else(|| composer.data.as_ref().and_then(|c| c.model.clone()));
    let list = providers.data.clone().unwrap_or_default();
    let provider = model
        .as_ref()
        .and_then(|m| list.iter().find(|p| p.id == m.provider));
    let locality = match (&model, provider) {
        (Some(model), Some(provider)) => where_runs(provider, &model.model),
        _ => composer
            .data
            .as_ref()
            .and_then(|c| c.locality)
            .unwrap_or(Locality::Unknown),
    };
    let own_model = chosen.is_some() || query.data.as_ref().is_some_and(|c| c.model.is_some());
    let blocked: Option<String> = if own_model && providers.data.is_some() {
        match (&model, provider) {
            (Some(_), None) => Some("model_not_found".to_owned()),
            (_, Some(p)) if p.consent_needed => Some("consent_required".to_owned()),
            (_, Some(p)) if p.online == Some(false) => Some("provider_unreachable".to_owned()),
            _ => None,
        }
    } else {
        composer.data.as_ref().and_then(|c| c.blocked.clone())
    };
    let provider_name = provider.map(|p| p.name.clone()).unwrap_or_default();

    // A turn that was begun from here.
    let begun = {
        let (thread, after, doing) = (Rc::clone(&thread), after.clone(), doing.clone());
        move |answer: Result<TurnStarted, ApiError>, then: &dyn Fn(&TurnStarted)| match answer {
            Ok(started) => {
                let same = {
                    let thread = thread.borrow();
                    thread.of.is_none() || thread.of == Some(started.chat)
                };
                doing.set(Doing {
                    sending: None,
                    ..Doing::default()
                });
                if same {
                    let took = thread.borrow_mut().start(&started);
                    then(&started);
                    after.emit(took);
                }
            }
            Err(error) => {
                announce::assertive(error_text(&error));
                doing.set(Doing {
                    error: Some(error),
                    ..Doing::default()
                });
            }
        }
    };

    let send = {
        let (draft, doing, op, go, begun) = (
            draft.clone(),
            doing.clone(),
            Rc::clone(&op),
            go.clone(),
            begun.clone(),
        );
        let (chat, model, area, follow, expected) = (
            props.chat,
            (*chosen).clone(),
            area.clone(),
            follow.clone(),
            Rc::clone(&expected),
        );
        let hard = blocked.clone().filter(|b| b != "provider_unreachable");
        Callback::from(move |()| {
            let text = draft.text.trim().to_owned();
            let refuse = |error: ApiError| {
                announce::assertive(error_text(&error));
                doing.set(Doing {
                    error: Some(error),
                    ..(*doing).clone()
                });
                if let Some(area) = area.cast::<web_sys::HtmlElement>() {
                    let _focused = area.focus();
                }
            };
            if running {
                announce::polite(t!("chat-wait-or-stop"));
                return;
            }
            if doing.sending.is_some() {
                return;
            }
            if text.is_empty() {
                return refuse(ApiError::new(Code::EmptyInput, t!("error-empty-input").as_str()));
            }
            if text.chars().count() > MAX_MESSAGE {
                return refuse(ApiError::new(Code::TooLarge, t!("chat-too-long").as_str()));
            }
            if hard.is_some() {
                announce::assertive(t!("chat-blocked"));
                return;
            }
            let number = *op.borrow_mut().get_or_insert_with(crate::kit::ids::uuid);
            doing.set(Doing {
                sending: Some(text.clone().into()),
                ..Doing::default()
            });
            draft.take();
            follow.jump();
            let (draft, op, go, begun) = (draft.clone(), Rc::clone(&op), go.clone(), begun.clone());
            let expected = Rc::clone(&expected);
            let request = SendMessage {
                op: number,
                chat,
                text: text.clone(),
                model: model.clone(),
            };
            wasm_bindgen_futures::spawn_local(async move {
                let answer = ask(request).await;
                if answer.is_ok() {
                    op.replace(None);
                    draft.sent();
                } else {
                    // Nothing typed is lost: it goes back to where it was written.
                    draft.put_back(&text);
                }
                begun(answer, &|started| {
                    if chat.is_none() {
                        expected.replace(Some(started.chat));
                        go.replace(&Route::Chat { chat: started.chat });
                    }
                });
            });
        })
    };

    let stop = {
        let (doing, chat) = (doing.clone(), props.chat);
        Callback::from(move |()| {
            let Some(chat) = chat else { return };
            doing.set(Doing {
                stopping: true,
                ..(*doing).clone()
            });
            let (back, doing) = (doing.clone(), doing.clone());
            optimistic(
                StopTurn { chat },
                move || back.set(Doing::default()),
                move |_| doing.set(Doing::default()),
            );
        })
    };

    let on_act = {
        let (thread, doing, draft, begun, draw) = (
            Rc::clone(&thread),
            doing.clone(),
            draft.clone(),
            begun.clone(),
            draw.clone(),
        );
        let (chat, area, follow, chosen, list) = (
            props.chat,
            area.clone(),
            follow.clone(),
            (*chosen).clone(),
            query.clone(),
        );
        Callback::from(move |(id, what): (MessageId, MessageAct)| {
            let Some(chat) = chat else { return };
            let found = thread.borrow().messages.iter().find(|m| m.id == id).cloned();
            let Some(message) = found else { return };
            match what {
                MessageAct::Copy => copy(message.text.clone()),
                MessageAct::CopyPlain => copy(plain_text(&message.text)),
                MessageAct::Quote => {
                    let words = selected_in(id).unwrap_or_else(|| message.text.clone());
                    draft.set(with_quote(&draft.text, &words));
                    if let Some(area) = area.cast::<web_sys::HtmlElement>() {
                        let _focused = area.focus();
                    }
                }
                MessageAct::Rate(rating) => {
                    let before = message.rating;
                    thread.borrow_mut().change(id, |m| m.rating = rating);
                    draw.emit(());
                    let (thread, draw) = (Rc::clone(&thread), draw.clone());
                    let back = move || {
                        thread.borrow_mut().change(id, |m| m.rating = before);
                        draw.emit(());
                    };
                    optimistic(
                        RateAnswer {
                            chat,
                            message: id,
                            rating,
                        },
                        back,
                        |_| (),
                    );
                }
                MessageAct::Delete => delete_from(chat, id, &thread, &draw, &list.refetch),
                MessageAct::Continue => {
                    follow.jump();
                    let begun = begun.clone();
                    wasm_bindgen_futures::spawn_local(async move {
                        begun(ask(ContinueAnswer { chat, message: id }).await, &|_| ());
                    });
                }
                MessageAct::Resend => {
                    follow.jump();
                    let (begun, model) = (begun.clone(), chosen.clone());
                    wasm_bindgen_futures::spawn_local(async move {
                        begun(
                            ask(ResendMessage {
                                chat,
                                message: id,
                                model,
                            })
                            .await,
                            &|_| (),
                        );
                    });
                }
                MessageAct::ChooseModel => doing.set(Doing {
                    picking: true,
                    ..(*doing).clone()
                }),
                MessageAct::Details => doing.set(Doing {
                    details: message.info.clone(),
                    ..(*doing).clone()
                }),
            }
        })
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
        let area = area.clone();
        Callback::from(move |()| {
            if let Some(area) = area.cast::<web_sys::HtmlElement>() {
                let _focused = area.focus();
            }
        })
    };
    let begin_rename = {
        let (doing, chat) = (doing.clone(), props.chat);
        Callback::from(move |()| {
            // On a wide window the list is there: the title changes where it stands.
            if wide {
                change_list(|l| l.renaming = chat);
            } else if chat.is_some() {
                doing.set(Doing {
                    renaming: true,
                    ..(*doing).clone()
                });
            }
        })
    };
    let copy_last = {
        let thread = Rc::clone(&thread);
        Callback::from(move |()| {
            let last = thread
                .borrow()
                .messages
                .iter()
                .rev()
                .find(|m| m.info.is_some() && !m.text.is_empty())
                .cloned();
            if let Some(message) = last {
                copy(message.text.clone());
            }
        })
    };
    let mut commands = vec![
        KeyCommand::key("chat-focus", "/", focus_area),
        KeyCommand::key("command-new-chat", "Mod+Shift+O", {
            let go = go.clone();
            Callback::from(move |()| go.to(&Route::NewChat))
        }),
    ];
    if props.chat.is_some() {
        commands.push(KeyCommand::key("chats-rename", "F2", begin_rename.clone()));
        commands.push(KeyCommand::key("chat-copy-last", "y", copy_last));
    }
    if running {
        commands.push(KeyCommand::key("chat-stop", "Escape", stop.clone()));
    }
    use_commands(commands);

    let gone = {
        let go = go.clone();
        Callback::from(move |()| go.replace(&Route::Chats))
    };
    let set_doing = |change: fn(&mut Doing)| {
        let doing = doing.clone();
        Callback::from(move |()| {
            let mut next = (*doing).clone();
            change(&mut next);
            doing.set(next);
        })
    };
    let on_pick = {
        let doing = doing.clone();
        Callback::from(move |picking: bool| {
            doing.set(Doing {
                picking,
                ..(*doing).clone()
            })
        })
    };
    let cloud = locality == Locality::Remote && provider.is_some_and(|p| p.locality != Locality::Remote);
    let place_name = if cloud {
        t!("locality-cloud", "name" => &provider_name)
    } else {
        AttrValue::from(provider_name.clone())
    };
    let place = place_of(locality, &place_name);
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
        let (draft, area) = (draft.clone(), area.clone());
        Callback::from(move |text: AttrValue| {
            draft.set(text.to_string());
            if let Some(area) = area.cast::<web_sys::HtmlElement>() {
                let _focused = area.focus();
            }
        })
    };
    let body = match (props.chat, &query.data, &query.error) {
        (Some(_), None, Some(error)) if empty => {
            html! { <ErrorPanel error={error.clone()} on_retry={query.refetch.clone()} /> }
        }
        (Some(_), None, None) if empty => html! {
            <Skeleton><div class="l-stack u-gap-20"><SkeletonBox height="44px" width="60%" /><SkeletonBox height="140px" /><SkeletonBox height="44px" width="40%" /></div></Skeleton>
        },
        _ if empty => html! {
            <Welcome blocked={blocked.clone()} on_starter={on_starter} known={composer.data.is_some()} />
        },
        _ => html! {
            <ChatThread {messages} sending={doing.sending.clone()} writing={running} {shown} retry={*retry} {on_act} scroller={scroller.clone()} />
        },
    };
    let notice = notice(
        blocked
            .as_deref()
            .filter(|_| !empty || blocked.as_deref() != Some("no_provider")),
        &provider_name,
        doing.error.as_ref(),
    );
    let over = doing
        .error
        .as_ref()
        .filter(|e| matches!(e.code, Code::EmptyInput | Code::TooLarge))
        .map(error_text);
    let on_input = {
        let (draft, doing, op) = (draft.clone(), doing.clone(), Rc::clone(&op));
        Callback::from(move |text: String| {
            op.replace(None);
            if doing.error.is_some() {
                doing.set(Doing {
                    error: None,
                    ..(*doing).clone()
                });
            }
            draft.set(text);
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
            footer={html! {
                <ChatComposer
                    value={draft.text.clone()}
                    {on_input}
                    on_send={send}
                    on_stop={stop}
                    on_blur={draft.on_blur()}
                    writing={running || doing.stopping}
                    pending={doing.sending.is_some()}
                    enter_sends={settings.enter_sends}
                    autofocus={props.main && wide}
                    error={over}
                    {notice}
                    node={area}
                    tools={html! {
                        <>
                            <ModelPicker providers={list} current={model} on_choose={choose} up={true} open={Some(doing.picking)} on_open={on_pick} />
                            if let Some(place) = place { <LocalityBadge {place} /> }
                        </>
                    }}
                />
            }}
        >
            { body }
            <JumpPill shown={follow.away && !empty} on_click={follow.on_jump()} />
            if let Some(info) = &doing.details {
                <Dialog title={t!("chat-details")} on_close={set_doing(|d| d.details = None)}><AnswerDetails info={info.clone()} /></Dialog>
            }
            if let Some(summary) = summary.filter(|_| doing.renaming) {
                <RenameDialog {summary} on_close={set_doing(|d| d.renaming = false)} />
            }
        </Page>
    }
}
