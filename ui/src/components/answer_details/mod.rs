//! Everything that is kept about an answer: who gave it, asked how, its tokens and speed, and what happened on the way.

use crate::components::answer_block::{place_of, tokens};
use crate::components::{Icon, IconName, IconSize, LocalityBadge};
use crate::kit::entry;
use crate::kit::time as when;
use crate::t;
use hearth_api::chat::{AnswerInfo, TraceStep, TraceWhat};
use hearth_api::parameters::Parameters;
use yew::prelude::*;

/// Properties of [`AnswerDetails`].
#[derive(Properties, PartialEq)]
pub struct AnswerDetailsProps {
    /// What is kept.
    pub info: AnswerInfo,
    /// What went wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
}

fn row(label: AttrValue, value: Option<AttrValue>) -> Html {
    html! { if let Some(value) = value { <div class="h-facts__row"><dt>{ label }</dt><dd dir="auto">{ value }</dd></div> } }
}

fn count(number: u32) -> AttrValue {
    AttrValue::from(when::number(number.into()))
}

/// Everything that is kept about an answer.
#[component]
pub fn AnswerDetails(props: &AnswerDetailsProps) -> Html {
    let info = &props.info;
    let text = |value: &str| (!value.is_empty()).then(|| AttrValue::from(value.to_owned()));
    let usage = info.usage;
    let tenths = |speed: f32| when::number(f64::from((speed * 10.0).round() / 10.0));
    html! {
        <div class="l-stack u-gap-24">
            <dl class="h-facts">
                { row(t!("chat-info-model"), text(&info.model)) }
                { row(t!("chat-info-provider"), text(&info.provider)) }
                if let Some(place) = info.locality.and_then(|l| place_of(l, &info.provider)) {
                    <div class="h-facts__row"><dt>{ t!("chat-info-place") }</dt><dd><LocalityBadge {place} /></dd></div>
                }
                { row(t!("chat-info-prompt"), usage.map(|u| tokens(u.prompt, u.reported))) }
                { row(t!("chat-info-completion"), usage.map(|u| tokens(u.completion, u.reported))) }
                { row(t!("chat-info-reasoning"), usage.filter(|u| u.reasoning > 0).map(|u| tokens(u.reasoning, u.reported))) }
                { row(t!("chat-info-first"), info.first_token_ms.map(|ms| t!("chat-milliseconds", "count" => ms))) }
                { row(t!("chat-info-speed"), info.tokens_per_second.map(|s| t!("chat-speed", "speed" => tenths(s)))) }
                { row(t!("chat-info-error"), props.error.clone()) }
                { row(t!("chat-info-finish"), info.finish_reason.as_deref().map(finish)) }
            </dl>
            <section class="l-stack u-gap-8">
                <h3 class="h-answer-details__heading">{ t!("chat-info-parameters") }</h3>
                { parameters(&info.sent) }
                if !info.left_out.is_empty() {
                    <p class="u-sm u-text-2">{ t!("chat-info-left-out", "names" => info.left_out.iter().map(|name| name_of(name).to_string()).collect::<Vec<_>>().join(", ")) }</p>
                }
            </section>
            if !info.trace.is_empty() {
                <section class="l-stack u-gap-8">
                    <h3 class="h-answer-details__heading">{ t!("chat-trace") }</h3>
                    <ol class="h-trace" data-test="trace">
                        { for info.trace.iter().map(step) }
                    </ol>
                </section>
            }
        </div>
    }
}

/// What a parameter is called.
fn name_of(parameter: &str) -> AttrValue {
    match parameter {
        "temperature" => t!("parameters-temperature"),
        "top_p" => t!("parameters-top-p"),
        other => AttrValue::from(other.to_owned()),
    }
}

/// What was sent.
fn parameters(sent: &Parameters) -> Html {
    if sent.is_empty() {
        return html! { <p class="u-text-2">{ t!("chat-info-nothing-set") }</p> };
    }
    let number = |n: f32| AttrValue::from(n.to_string());
    html! {
        <dl class="h-facts" data-test="sent">
            { row(t!("parameters-temperature"), sent.temperature.map(number)) }
            { row(t!("parameters-top-p"), sent.top_p.map(number)) }
            { row(t!("parameters-max-tokens"), sent.max_tokens.map(count)) }
            { row(t!("parameters-stop"), (!sent.stop.is_empty()).then(|| AttrValue::from(entry::lines(&sent.stop).replace('\n', " · ")))) }
            { row(t!("parameters-context"), sent.context.map(count)) }
        </dl>
    }
}

/// Why it ended, in words; a server's own word stands as it is.
fn finish(reason: &str) -> AttrValue {
    match reason {
        "stop" => t!("chat-finish-stop"),
        "length" => t!("chat-length"),
        "stopped" => t!("chat-finish-stopped"),
        other => AttrValue::from(other.to_owned()),
    }
}

/// A step with its time.
fn step(step: &TraceStep) -> Html {
    let (icon, words) = match &step.what {
        TraceWhat::Continued => (IconName::Play, t!("chat-trace-continued")),
        TraceWhat::Prepared { messages, of, tokens } => (
            IconName::List,
            t!("chat-trace-prepared", "count" => *messages, "of" => *of, "tokens" => *tokens),
        ),
        TraceWhat::Asked => (IconName::Send, t!("chat-trace-asked")),
        TraceWhat::Retrying { after_ms } => (
            IconName::RotateCw,
            t!("chat-trace-retrying", "seconds" => seconds(*after_ms)),
        ),
        TraceWhat::LoadingModel => (IconName::Download, t!("chat-trace-loading")),
        TraceWhat::Adapted => (IconName::SlidersHorizontal, t!("chat-trace-adapted")),
        TraceWhat::Trimmed => (IconName::Minimize2, t!("chat-trace-trimmed")),
        TraceWhat::FirstToken => (IconName::MessageSquare, t!("chat-trace-first")),
        TraceWhat::LastToken => (IconName::Check, t!("chat-trace-last")),
        TraceWhat::Ended => (IconName::CircleCheck, t!("chat-trace-ended")),
        TraceWhat::Unknown => (IconName::Ellipsis, t!("chat-trace-unknown")),
    };
    html! {
        <li class="h-trace__step">
            <Icon name={icon} size={IconSize::S} />
            <span class="h-trace__words">{ words }</span>
            <span class="h-trace__time u-tabular">{ time(step.at_ms) }</span>
        </li>
    }
}

/// A time of the trace, no more exact than it is worth knowing.
fn time(ms: u64) -> AttrValue {
    if ms < 1000 {
        t!("chat-milliseconds", "count" => ms)
    } else {
        t!("chat-trace-time", "seconds" => seconds(ms))
    }
}

/// Milliseconds as seconds with two places.
fn seconds(ms: u64) -> String {
    let hundredths = u32::try_from(ms / 10).unwrap_or(u32::MAX);
    when::number(f64::from(hundredths) / 100.0)
}
