//! An answer of a model: what it does now in words, its reasoning folded, its text, how it ended and what to do then.

use crate::components::{
    Badge, Banner, Button, ButtonLink, Countdown, Icon, IconButton, IconName, IconSize, LocalityBadge,
    Markdown, Menu, MenuItem, RelativeTime, Size, Spinner, Tone, Variant, Where,
};
use crate::kit::markdown::Flavour;
use crate::kit::time as when;
use crate::routes::Route;
use crate::state::toasts::error_text;
use crate::t;
use hearth_api::chat::{ChatMessage, TurnState};
use hearth_api::provider::Locality;
use hearth_api::{ApiError, Code, MessageId, Timestamp};
use std::rc::Rc;
use yew::prelude::*;

mod plain;

pub use plain::plain_text;

/// What a person does with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageAct {
    /// Copies its Markdown.
    Copy,
    /// Copies its words.
    CopyPlain,
    /// Quotes it, or what is selected of it, into the next message.
    Quote,
    /// Deletes it and what follows.
    Delete,
    /// Rates it.
    Rate(i8),
    /// Has it go on.
    Continue,
    /// Asks again.
    Resend,
    /// Asks again with another model.
    ChooseModel,
    /// Shows what is kept about it.
    Details,
}

/// What is shown beside answers, by the person's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// Times.
    pub times: bool,
    /// Token counts.
    pub tokens: bool,
    /// Tokens per second.
    pub speed: bool,
}

/// Where a locality is, for the badge; `None` while it is not known.
#[must_use]
pub fn place_of(locality: Locality, provider: &str) -> Option<Where> {
    match locality {
        Locality::Local => Some(Where::Here),
        Locality::Lan => Some(Where::Network),
        Locality::Remote => Some(Where::Remote(AttrValue::from(provider.to_owned()))),
        Locality::Unknown => None,
    }
}

/// What a turn does, in words.
#[must_use]
pub fn phase_text(state: TurnState) -> AttrValue {
    match state {
        TurnState::Queued => t!("chat-phase-queued"),
        TurnState::Retrieving => t!("chat-phase-retrieving"),
        TurnState::LoadingModel => t!("chat-phase-loading"),
        TurnState::Waiting => t!("chat-phase-waiting"),
        TurnState::Streaming => t!("chat-phase-streaming"),
        TurnState::AwaitingApproval => t!("chat-phase-approval"),
        TurnState::Done => t!("chat-phase-done"),
        TurnState::Stopped => t!("chat-phase-stopped"),
        TurnState::Interrupted => t!("chat-phase-interrupted"),
        TurnState::Failed => t!("chat-phase-failed"),
    }
}

/// A model's id without the folder and tag that say nothing to people.
#[must_use]
pub fn model_name(id: &str) -> &str {
    id.strip_suffix(":latest").unwrap_or(id)
}

/// Properties of [`AnswerBlock`].
#[derive(Properties, PartialEq)]
pub struct AnswerBlockProps {
    /// The answer.
    pub message: Rc<ChatMessage>,
    /// Whether nothing follows it.
    #[prop_or_default]
    pub last: bool,
    /// What is shown beside it.
    #[prop_or_default]
    pub shown: Shown,
    /// When it may be tried again.
    #[prop_or_default]
    pub retry_at: Option<Timestamp>,
    /// What the person does with it.
    pub on_act: Callback<(MessageId, MessageAct)>,
}

/// An answer.
#[component]
pub fn AnswerBlock(props: &AnswerBlockProps) -> Html {
    let message = &props.message;
    let act = |what: MessageAct| {
        let (on_act, id) = (props.on_act.clone(), message.id);
        Callback::from(move |()| on_act.emit((id, what.clone())))
    };
    let press = |what: MessageAct| act(what).reform(|_: MouseEvent| ());
    let writing = !message.state.is_final();
    let blank = message.text.is_empty();
    html! {
        <article
            class="h-answer"
            aria-label={t!("chat-answer")}
            aria-busy={writing.then_some("true")}
            data-state={if writing { "writing" } else { "done" }}
            data-test="answer"
            id={format!("m-{}", message.id)}
        >
            if !message.reasoning.is_empty() {
                <Reasoning text={message.reasoning.clone()} running={writing && blank} />
            }
            if writing && blank {
                <Phase state={message.state} began={message.at} reasoning={!message.reasoning.is_empty()} />
            }
            if !blank {
                <div class="h-answer__text"><Markdown text={message.text.clone()} flavour={Flavour::Chat} /></div>
            }
            if !writing { { ending(message, props.last, props.retry_at, &act) } }
            if !writing && (!blank || message.error.is_none()) {
                <footer class="h-answer__foot">
                    <span class="h-answer__actions">
                        if !blank {
                            <IconButton icon={IconName::Copy} label={t!("action-copy")} size={Size::S} on_click={press(MessageAct::Copy)} test_id="copy-answer" />
                            <IconButton icon={IconName::Quote} label={t!("chat-quote")} size={Size::S} on_click={press(MessageAct::Quote)} />
                            <IconButton
                                icon={IconName::ThumbsUp} label={t!("chat-rate-up")} size={Size::S} pressed={message.rating > 0}
                                on_click={press(MessageAct::Rate(i8::from(message.rating <= 0)))} test_id="rate-up"
                            />
                            <IconButton
                                icon={IconName::ThumbsUp} label={t!("chat-rate-down")} size={Size::S} pressed={message.rating < 0}
                                class="h-answer__down" on_click={press(MessageAct::Rate(-i8::from(message.rating >= 0)))}
                            />
                        }
                        <Menu label={t!("chat-answer-menu")} from_start={true} items={menu(message, &act)} test_id="answer-menu" />
                    </span>
                    { info_line(message, props.shown) }
                </footer>
            }
        </article>
    }
}

fn menu(message: &ChatMessage, act: &impl Fn(MessageAct) -> Callback<()>) -> Vec<MenuItem> {
    let mut items = Vec::new();
    if !message.text.is_empty() {
        items.push(MenuItem::action(
            t!("chat-copy-plain"),
            IconName::Type,
            act(MessageAct::CopyPlain),
        ));
    }
    if message.info.is_some() {
        items.push(MenuItem::action(
            t!("chat-details"),
            IconName::Info,
            act(MessageAct::Details),
        ));
    }
    items.push(MenuItem::Line);
    items.push(MenuItem::danger(
        t!("chat-delete-from-here"),
        IconName::Trash2,
        act(MessageAct::Delete),
    ));
    items
}

/// One line about how the answer came to be.
fn info_line(message: &ChatMessage, shown: Shown) -> Html {
    let info = message.info.as_ref();
    let place = info.and_then(|i| place_of(i.locality?, &i.provider));
    html! {
        <span class="h-answer__info">
            if let Some(place) = place { <LocalityBadge {place} /> }
            if let Some(info) = info {
                if !info.model.is_empty() { <span class="h-answer__model u-truncate" data-tip={info.model.clone()}>{ model_name(&info.model).to_owned() }</span> }
                if shown.tokens && let Some(usage) = info.usage {
                    <span class="u-tabular">{ tokens(usage.completion, usage.reported) }</span>
                }
                if shown.speed && let Some(speed) = info.tokens_per_second {
                    <span class="u-tabular">{ t!("chat-speed", "speed" => when::number(f64::from((speed * 10.0).round() / 10.0))) }</span>
                }
            }
            if shown.times { <RelativeTime at={message.at} /> }
        </span>
    }
}

/// A count of tokens; an estimate says so.
#[must_use]
pub fn tokens(count: u32, reported: bool) -> AttrValue {
    if reported {
        t!("chat-tokens", "count" => count)
    } else {
        t!("chat-tokens-about", "count" => count)
    }
}

/// How it ended, when not simply well, and what to do then.
fn ending(
    message: &ChatMessage,
    last: bool,
    retry_at: Option<Timestamp>,
    act: &impl Fn(MessageAct) -> Callback<()>,
) -> Html {
    let press = |what: MessageAct| act(what).reform(|_: MouseEvent| ());
    let go_on = last && message.can_continue;
    let continue_button = html! {
        if go_on {
            <Button size={Size::S} variant={Variant::Soft} start={IconName::Play} on_click={press(MessageAct::Continue)} test_id="continue">
                { t!("action-continue") }
            </Button>
        }
    };
    let again = html! {
        if last {
            <Button size={Size::S} variant={Variant::Soft} start={IconName::RotateCw} on_click={press(MessageAct::Resend)} test_id="resend">
                { t!("chat-ask-again") }
            </Button>
        }
    };
    let length = message.info.as_ref().and_then(|i| i.finish_reason.as_deref()) == Some("length");
    match message.state {
        TurnState::Stopped => html! {
            <div class="h-answer__end">
                <Badge icon={IconName::CircleStop}>{ t!("chat-phase-stopped") }</Badge>
                { continue_button }
                if message.text.is_empty() { { again } }
            </div>
        },
        TurnState::Done if length => html! {
            <div class="h-answer__end"><Badge tone={Tone::Warn}>{ t!("chat-length") }</Badge>{ continue_button }</div>
        },
        TurnState::Failed | TurnState::Interrupted => {
            let kept = !message.text.is_empty();
            let tone = if message.state == TurnState::Failed {
                Tone::Danger
            } else {
                Tone::Warn
            };
            let next = next_step(message.error.as_deref().unwrap_or_default());
            html! {
                <Banner {tone} icon={IconName::TriangleAlert} test_id="answer-error" actions={html! {
                    <>
                        { continue_button }
                        if !go_on || !kept { { again } }
                        if last && matches!(next, Next::OtherModel) {
                            <Button size={Size::S} variant={Variant::Quiet} on_click={press(MessageAct::ChooseModel)}>{ t!("chat-other-model") }</Button>
                        }
                        if matches!(next, Next::Models) {
                            <ButtonLink to={Route::Models} size={Size::S} variant={Variant::Quiet}>{ t!("chat-to-models") }</ButtonLink>
                        }
                        // With some text, the menu under it has this.
                        if !kept && message.info.is_some() {
                            <Button size={Size::S} variant={Variant::Quiet} on_click={press(MessageAct::Details)} test_id="answer-about">{ t!("chat-details") }</Button>
                        }
                    </>
                }}>
                    <p>{ reason(message) }</p>
                    if let Some(until) = retry_at.filter(|at| at.ms_since(when::now()) > 0) {
                        <p class="u-sm">{ t!("chat-retry-in") }{ " " }<Countdown {until} /></p>
                    }
                </Banner>
            }
        }
        TurnState::Done if message.text.is_empty() => html! {
            <div class="h-answer__end"><Badge tone={Tone::Warn}>{ t!("chat-empty-answer") }</Badge></div>
        },
        _ => Html::default(),
    }
}

enum Next {
    Again,
    OtherModel,
    Models,
}

fn next_step(code: &str) -> Next {
    match code {
        "model_not_found"
        | "model_load_failed"
        | "context_overflow"
        | "unsupported_modality"
        | "content_filtered" => Next::OtherModel,
        "provider_auth"
        | "provider_unreachable"
        | "consent_required"
        | "locality_changed"
        | "no_provider"
        | "keychain_locked" => Next::Models,
        _ => Next::Again,
    }
}

/// Why it failed, in the person's language.
pub(crate) fn reason(message: &ChatMessage) -> AttrValue {
    let Some(code) = &message.error else {
        return phase_text(message.state);
    };
    let words = message.error_message.clone().unwrap_or_default();
    let code: Code = serde_json::from_value(serde_json::Value::String(code.clone())).unwrap_or(Code::Unknown);
    error_text(&ApiError::new(code, words))
}

#[derive(Properties, PartialEq)]
struct PhaseProps {
    state: TurnState,
    began: Timestamp,
    reasoning: bool,
}

/// What happens before the first word.
#[component]
fn Phase(props: &PhaseProps) -> Html {
    let now = when::use_seconds(true);
    let seconds = now.ms_since(props.began) / 1000;
    html! {
        <p class="h-answer__phase" data-test="phase">
            <Spinner />
            <span>{ if props.reasoning { t!("chat-phase-thinking") } else { phase_text(props.state) } }</span>
            // A clock that differs makes no nonsense of it.
            if (5..3_600).contains(&seconds) { <span class="u-tabular">{ when::countdown(seconds * 1000) }</span> }
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct ReasoningProps {
    text: AttrValue,
    running: bool,
}

/// The model's reasoning, folded.
#[component]
fn Reasoning(props: &ReasoningProps) -> Html {
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let element: web_sys::Element = event.target_unchecked_into();
            open.set(element.has_attribute("open"));
        })
    };
    html! {
        <details class="h-reasoning" {ontoggle}>
            <summary class="h-reasoning__head">
                <Icon name={IconName::Brain} size={IconSize::S} />
                { if props.running { t!("chat-reasoning-now") } else { t!("chat-reasoning") } }
                <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-reasoning__arrow" />
            </summary>
            // Parsed only when somebody reads it.
            if *open { <div class="h-reasoning__text"><Markdown text={props.text.clone()} flavour={Flavour::Chat} /></div> }
        </details>
    }
}
