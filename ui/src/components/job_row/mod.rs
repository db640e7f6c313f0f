//! Something that runs: what, since when, how far, and a way to stop it.

use crate::components::Size;
use crate::components::button::{Button, Variant};
use crate::components::progress::ProgressBar;
use crate::kit::time;
use crate::t;
use hearth_api::Timestamp;
use yew::prelude::*;

/// Properties of [`JobRow`].
#[derive(Properties, PartialEq)]
pub struct JobRowProps {
    /// What is going on.
    pub label: AttrValue,
    /// When it began, when that is known.
    #[prop_or_default]
    pub began: Option<Timestamp>,
    /// The share done, 0-1; `None` when nobody knows.
    #[prop_or_default]
    pub share: Option<f64>,
    /// Stops it.
    pub on_stop: Callback<()>,
    /// Whether it is being stopped.
    #[prop_or_default]
    pub stopping: bool,
}

/// After this time it is said how long something has run, in milliseconds.
const LONG_MS: i64 = 10_000;

/// Something that runs.
#[component]
pub fn JobRow(props: &JobRowProps) -> Html {
    let now = time::use_seconds(props.began.is_some());
    let runs = props
        .began
        .map(|began| now.ms_since(began))
        .filter(|ms| *ms >= LONG_MS);
    html! {
        <div class="h-job" data-test="job">
            <div class="h-job__words">
                <ProgressBar label={props.label.clone()} value={props.share} />
                if let Some(ms) = runs {
                    <p class="u-sm u-text-2 u-tabular">{ t!("activity-for", "time" => time::countdown(ms)) }</p>
                }
            </div>
            <Button
                size={Size::S}
                variant={Variant::Quiet}
                pending={props.stopping}
                label={t!("activity-cancel", "what" => &props.label)}
                on_click={props.on_stop.reform(|_: MouseEvent| ())}
                test_id="job-stop"
            >{ t!("action-cancel") }</Button>
        </div>
    }
}
