//! Times.

use crate::kit::time::{absolute, countdown, iso, short, use_now, use_seconds};
use hearth_api::Timestamp;
use yew::prelude::*;

/// Properties of [`RelativeTime`].
#[derive(Properties, PartialEq)]
pub struct RelativeTimeProps {
    /// When.
    pub at: Timestamp,
}

/// A time as people say it; the exact one on hover and focus.
#[component]
pub fn RelativeTime(props: &RelativeTimeProps) -> Html {
    let now = use_now();
    let exact = absolute(props.at);
    html! { <time class="h-time" datetime={iso(props.at)} data-tip={exact}>{ short(now, props.at) }</time> }
}

/// Properties of [`Countdown`].
#[derive(Properties, PartialEq)]
pub struct CountdownProps {
    /// Until when.
    pub until: Timestamp,
    /// Called once when it is reached.
    #[prop_or_default]
    pub on_end: Callback<()>,
}

/// The minutes and seconds left.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    let over = use_state_eq(|| false);
    let now = use_seconds(!*over);
    let left = props.until.ms_since(now);
    {
        let (over, on_end) = (over.setter(), props.on_end.clone());
        use_effect_with(left <= 0, move |ended| {
            if *ended {
                over.set(true);
                on_end.emit(());
            }
        });
    }
    html! { <time class="h-time" role="timer">{ countdown(left) }</time> }
}
