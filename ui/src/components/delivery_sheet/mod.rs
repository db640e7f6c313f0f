//! Where an own post has arrived: home by home, with a reason for every wait and a next step.

use crate::components::avatar::{Avatar, AvatarKind, AvatarSize};
use crate::components::badge::Badge;
use crate::components::button::{Button, Variant};
use crate::components::icon::IconName;
use crate::components::time::RelativeTime;
use crate::components::{Size, Tone};
use crate::kit::i18n::try_translate;
use crate::kit::time::{self, use_now};
use crate::t;
use hearth_api::feed::{Delivery, DeliveryState, SENDING_PAUSED};
use hearth_api::{HomeId, Timestamp};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`DeliverySheet`].
#[derive(Properties, PartialEq)]
pub struct DeliverySheetProps {
    /// Home by home.
    pub deliveries: Rc<Vec<Delivery>>,
    /// The home that is being tried now.
    #[prop_or_default]
    pub trying: Option<HomeId>,
    /// Tries one again.
    pub on_retry: Callback<HomeId>,
}

/// A reason in words.
#[must_use]
pub fn reason_words(reason: &str, home: &str) -> AttrValue {
    let id = reason.replace('_', "-");
    let args = [("home", home.into()), ("minutes", 0_u32.into())];
    try_translate(&format!("delivery-reason-{id}"), &args)
        .or_else(|| try_translate(&format!("error-{id}"), &args))
        .unwrap_or_else(|| t!("delivery-reason-other", "home" => home))
}

/// When the next try is, as a span from now.
fn next_words(now: Timestamp, next: Timestamp) -> AttrValue {
    let seconds = next.ms_since(now).max(0) / 1000;
    if seconds < 5 {
        t!("delivery-next-now")
    } else if seconds < 90 {
        t!("delivery-next-seconds", "count" => seconds)
    } else if seconds < 5_400 {
        t!("delivery-next-minutes", "count" => (seconds + 30) / 60)
    } else {
        t!("delivery-next-at", "time" => time::format(next, &[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")]))
    }
}

/// Where a post has arrived.
#[component]
pub fn DeliverySheet(props: &DeliverySheetProps) -> Html {
    let now = use_now();
    if props.deliveries.is_empty() {
        return html! { <p class="u-text-2">{ t!("delivery-only-here") }</p> };
    }
    html! {
        <ul class="h-deliveries">
            { for props.deliveries.iter().map(|delivery| row(delivery, now, props)) }
        </ul>
    }
}

fn row(delivery: &Delivery, now: Timestamp, props: &DeliverySheetProps) -> Html {
    let home = &delivery.home;
    let (tone, icon, state) = match delivery.state {
        DeliveryState::Delivered => (Tone::Ok, IconName::Check, t!("delivery-state-delivered")),
        DeliveryState::Waiting => (Tone::Warn, IconName::Clock, t!("delivery-state-waiting")),
        DeliveryState::Refused => (Tone::Danger, IconName::CircleAlert, t!("delivery-state-refused")),
        DeliveryState::TakingBack => (Tone::Warn, IconName::Undo2, t!("delivery-state-taking-back")),
    };
    let taking_back = delivery.state == DeliveryState::TakingBack;
    let done = delivery.state == DeliveryState::Delivered;
    // Until when this home sends nothing: trying now would not help.
    let paused = delivery
        .next_try
        .filter(|_| !done && delivery.reason.as_deref() == Some(SENDING_PAUSED));
    let trying = props.trying.as_ref() == Some(&home.id);
    let id = home.id.clone();
    let retry = props.on_retry.reform(move |_: MouseEvent| id.clone());
    html! {
        <li key={home.id.to_string()} class="h-deliveries__row" data-test="delivery">
            <Avatar name={home.name.clone()} kind={AvatarKind::Home} size={AvatarSize::M} />
            <div class="h-deliveries__words">
                <div class="l-cluster u-gap-8">
                    <bdi class="u-medium">{ home.name.clone() }</bdi>
                    <Badge {tone} icon={Some(icon)}>{ state }</Badge>
                </div>
                <p class="u-sm u-text-3">
                    <RelativeTime at={delivery.at} />
                    if !taking_back {
                        { " · " }
                        { t!("delivery-readers", "count" => delivery.readers) }
                    }
                </p>
                if let (true, Some(reason)) = (done, delivery.reason.as_deref()) {
                    <p class="u-sm u-text-2">{ reason_words(reason, &home.name) }</p>
                }
                if !done {
                    if taking_back {
                        <p class="u-sm u-text-2">{ t!("delivery-is-taken-back", "home" => home.name.clone()) }</p>
                    } else if paused.is_none() {
                        <p class="u-sm u-text-2">
                            { reason_words(delivery.reason.as_deref().unwrap_or(if delivery.state == DeliveryState::Waiting { "waiting" } else { "other" }), &home.name) }
                        </p>
                    }
                    if let Some(until) = paused {
                        <p class="u-sm u-text-2" data-test="delivery-paused">{ t!("delivery-paused", "time" => time::clock(until)) }</p>
                    } else {
                        <div class="l-cluster u-gap-8">
                            <Button size={Size::S} variant={Variant::Soft} start={IconName::RotateCw} pending={trying} on_click={retry} test_id="try-now">{ t!("delivery-try-now") }</Button>
                            if let Some(next) = delivery.next_try {
                                <span class="u-sm u-text-3">{ next_words(now, next) }</span>
                            }
                        </div>
                    }
                }
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wait_has_words() {
        // What the transport, the client and the other home answer with, as `CallError::code` has it.
        for reason in [
            "waiting",
            "waiting_there",
            "overtaken",
            "home_unreachable",
            "unreachable",
            "timeout",
            "connection_lost",
            "wrong_node",
            "no_address",
            "malformed",
            "too_large",
            "internal",
            "storage_error",
            "bad_signature",
            "clock_skew",
            "replayed",
            "wrong_destination",
            "not_connected",
            "unsupported_version",
            "version_mismatch",
            "rate_limited",
            "out_of_scope",
            "not_authorised",
            "id_not_yours",
            "too_many_strangers",
            "waited_too_long",
            "invalid_activity",
            "unsupported_type",
            "sequence_gap",
            "epoch_changed",
            "cloned",
            "not_found",
            "unavailable",
            "paused",
        ] {
            let words = reason_words(reason, "Lake House");
            assert!(
                words.len() > 12 && !words.starts_with("delivery-"),
                "{reason}: {words}"
            );
            assert_ne!(words, reason_words("other", "Lake House"), "{reason}");
        }
        let unknown = reason_words("from_the_future", "Lake House");
        assert_eq!(unknown, reason_words("other", "Lake House"));
        // What the person's own server says of a model must not be said of a home.
        assert!(reason_words("timeout", "Lake House").contains("Lake House"));
        let now = Timestamp(1_000_000);
        assert!(!next_words(now, Timestamp(1_300_000)).is_empty());
    }
}
