//! A new version of the app: said once above the page, told in words in a dialog, installed from there.

use crate::components::banner::Banner;
use crate::components::button::{Button, Variant};
use crate::components::dialog::{Dialog, DialogSize};
use crate::components::progress::ProgressBar;
use crate::components::{IconName, Size, Tone};
use crate::kit::links;
use crate::state::desktop::{self, use_desktop};
use crate::state::toasts::error_text;
use crate::t;
use hearth_api::desktop::{UpdateState, UpdateStep, UpdateWay};
use yew::prelude::*;

/// Says that there is a new version, until it is put off.
#[component]
pub(super) fn UpdateStrip() -> Html {
    let state = use_desktop();
    let open = use_state_eq(|| false);
    let Some(update) = state.as_ref().as_ref().map(|state| &state.update) else {
        return Html::default();
    };
    let Some(offer) = update.offer.as_ref().filter(|_| !update.put_off || *open) else {
        return Html::default();
    };
    let set = |to: bool| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(to))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let actions = html! {
        <>
            <Button size={Size::S} variant={Variant::Filled} on_click={set(true)} test_id="update-open">{ t!("update-open") }</Button>
            <Button size={Size::S} variant={Variant::Quiet} on_click={Callback::from(|_: MouseEvent| desktop::put_off_update())} test_id="update-later">{ t!("update-later") }</Button>
        </>
    };
    html! {
        <>
            <div class="h-frame__strip">
                <Banner tone={Tone::Accent} icon={IconName::Download} {actions} test_id="update-offer">{ t!("update-offer", "version" => &offer.version) }</Banner>
            </div>
            if *open { <UpdateDialog on_close={close} /> }
        </>
    }
}

/// Properties of [`UpdateDialog`].
#[derive(Properties, PartialEq)]
pub struct UpdateDialogProps {
    /// Asks to close.
    pub on_close: Callback<()>,
}

/// What is new, and installing it.
#[component]
pub fn UpdateDialog(props: &UpdateDialogProps) -> Html {
    let state = use_desktop();
    let Some(update) = state.as_ref().as_ref().map(|state| &state.update) else {
        return Html::default();
    };
    let Some(offer) = &update.offer else {
        return Html::default();
    };
    let busy = update.step.is_some();
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let footer = html! {
        <>
            <Button variant={Variant::Quiet} on_click={close}>{ t!("action-close") }</Button>
            if let Some(page) = &offer.page {
                <Button on_click={to_page(page)} test_id="update-page">{ t!("update-page") }</Button>
            }
            if update.way == UpdateWay::Itself {
                <Button variant={Variant::Filled} pending={busy} on_click={Callback::from(|_: MouseEvent| desktop::install_update())} test_id="update-install">{ t!("update-install") }</Button>
            }
        </>
    };
    html! {
        <Dialog
            title={t!("update-dialog-title", "version" => &offer.version)}
            size={DialogSize::M}
            on_close={props.on_close.clone()}
            light_dismiss={false}
            test_id="update-dialog"
            {footer}
        >
            <div class="l-stack u-gap-16">
                if offer.notes.is_empty() {
                    <p class="u-text-2">{ t!("update-no-notes") }</p>
                } else {
                    <p class="h-frame__notes" data-test="update-notes" dir="auto">{ offer.notes.clone() }</p>
                }
                <p class="u-sm u-text-2">{ if update.way == UpdateWay::Itself { t!("update-how") } else { t!("update-how-package") } }</p>
                if let Some(step) = update.step {
                    <div data-test="update-step"><ProgressBar label={step_text(step)} value={share(step)} /></div>
                }
                { failure(update) }
            </div>
        </Dialog>
    }
}

/// Why the last look or the last update failed.
pub(crate) fn failure(update: &UpdateState) -> Html {
    match &update.failed {
        Some(error) => html! {
            <Banner tone={Tone::Danger} alert={true} test_id="update-failed">{ error_text(error) }</Banner>
        },
        None => Html::default(),
    }
}

fn to_page(page: &str) -> Callback<MouseEvent> {
    let page = page.to_owned();
    Callback::from(move |_: MouseEvent| links::open_outside(&page))
}

fn step_text(step: UpdateStep) -> AttrValue {
    match step {
        UpdateStep::Saving => t!("update-step-saving"),
        UpdateStep::Downloading { .. } => t!("update-step-downloading"),
        UpdateStep::Installing => t!("update-step-installing"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a bar needs no more than 53 bits")]
fn share(step: UpdateStep) -> Option<f64> {
    match step {
        UpdateStep::Downloading {
            done,
            total: Some(total),
        } if total > 0 => Some(done as f64 / total as f64),
        _ => None,
    }
}
