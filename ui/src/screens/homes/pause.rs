//! Sending nothing to other homes for a while, and sending again.

use crate::prelude::*;
use hearth_api::Timestamp;
use hearth_api::homes::PauseSending;

/// How long a press pauses, in minutes.
const MINUTES: u32 = 60;

/// Properties of [`Paused`].
#[derive(Properties, PartialEq)]
pub(super) struct PausedProps {
    /// Until when nothing is sent.
    pub(super) until: Timestamp,
    /// Whether the person may end it.
    pub(super) admin: bool,
    pub(super) on_changed: Callback<()>,
}

/// That nothing is sent, until when, and the end of it.
#[component]
pub(super) fn Paused(props: &PausedProps) -> Html {
    let resume = use_mutation::<PauseSending>();
    let run = {
        let (resume, on_changed) = (resume.clone(), props.on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let on_changed = on_changed.clone();
            resume.run_or_toast(PauseSending { minutes: None }, move |_| {
                toasts::done(t!("health-resumed"));
                on_changed.emit(());
            });
        })
    };
    let actions = if props.admin {
        html! { <Button size={Size::S} variant={Variant::Filled} pending={resume.pending()} on_click={run} test_id="send-again">{ t!("health-resume") }</Button> }
    } else {
        Html::default()
    };
    html! {
        <Banner tone={Tone::Warn} icon={IconName::Pause} {actions} test_id="sending-paused">
            <p class="u-medium">{ t!("health-paused", "time" => when::clock(props.until)) }</p>
            <p class="u-sm">{ t!("health-paused-text") }</p>
        </Banner>
    }
}

/// Properties of [`PauseButton`].
#[derive(Properties, PartialEq)]
pub(super) struct PauseButtonProps {
    pub(super) on_changed: Callback<()>,
}

/// Sends nothing for an hour.
#[component]
pub(super) fn PauseButton(props: &PauseButtonProps) -> Html {
    let pause = use_mutation::<PauseSending>();
    let run = {
        let (pause, on_changed) = (pause.clone(), props.on_changed.clone());
        Callback::from(move |_: MouseEvent| {
            let on_changed = on_changed.clone();
            let request = PauseSending {
                minutes: Some(MINUTES),
            };
            pause.run_or_toast(request, move |made| {
                if let Some(until) = made.until {
                    toasts::done(t!("health-pause-said", "time" => when::clock(until)));
                }
                on_changed.emit(());
            });
        })
    };
    html! {
        <Button variant={Variant::Quiet} start={IconName::Pause} pending={pause.pending()} on_click={run} test_id="pause-sending">{ t!("health-pause") }</Button>
    }
}
