//! A new version of the app: said once above the page, told in words in a dialog, installed from there.

use crate::components::banner::Banner;
use crate::components::button::{Button, Variant};
use crate::components::dialog::{Dialog, DialogSize};
use crate::components::progress::ProgressBar;
use crate::components::{IconName, Size, Tone};
use crate::kit::links;
use crate::state::desktop::{self, use_offered_update, use_update_shown};
use crate::state::toasts::error_text;
use crate::t;
use hearth_api::desktop::{UpdateState, UpdateStep, UpdateWay};
use yew::prelude::*;

/// Says that there is a new version, until it is put off; and tells of it in a dialog when somebody wants that.
#[component]
pub(super) fn UpdateStrip() -> Html {
    let open = use_update_shown();
    let Some(update) = use_offered_update() else {
        return Html::default();
    };
    let actions = html! {
        <>
            <Button size={Size::S} variant={Variant::Filled} on_click={show(true)} test_id="update-open">{ t!("update-open") }</Button>
            <Button size={Size::S} variant={Variant::Quiet} on_click={Callback::from(|_: MouseEvent| desktop::put_off_update())} test_id="update-later">{ t!("update-later") }</Button>
        </>
    };
    html! {
        <>
            if !update.put_off {
                <aside class="h-frame__strip" aria-label={t!("update-title")}>
                    <Banner tone={Tone::Accent} icon={IconName::Download} {actions} test_id="update-offer">{ stands(&update) }</Banner>
                </aside>
            }
            if open { <UpdateDialog {update} /> }
        </>
    }
}

/// Opens the dialog, or closes it.
pub(crate) fn show(shown: bool) -> Callback<MouseEvent> {
    Callback::from(move |_: MouseEvent| desktop::show_update(shown))
}

/// How it stands with the version that is offered, in a sentence.
pub(crate) fn stands(update: &UpdateState) -> AttrValue {
    match &update.offer {
        Some(offer) if update.ready => t!("update-ready", "version" => &offer.version),
        Some(offer) => t!("update-offer", "version" => &offer.version),
        None => AttrValue::default(),
    }
}

/// What leads to the version that is offered, as the words of a button.
pub(crate) fn leads(update: &UpdateState) -> AttrValue {
    if update.ready {
        t!("update-restart")
    } else {
        t!("update-open")
    }
}

/// Properties of [`UpdateDialog`].
#[derive(Properties, PartialEq)]
struct UpdateDialogProps {
    update: UpdateState,
}

/// What is new, and installing it.
#[component]
fn UpdateDialog(props: &UpdateDialogProps) -> Html {
    let update = &props.update;
    let Some(offer) = &update.offer else {
        return Html::default();
    };
    let busy = update.step.is_some();
    let (install, how) = match (update.way, update.ready) {
        (UpdateWay::Itself, true) => (t!("update-restart"), t!("update-how-ready")),
        (UpdateWay::Itself, false) => (t!("update-install"), t!("update-how")),
        _ => (AttrValue::default(), t!("update-how-package")),
    };
    let footer = html! {
        <>
            <Button variant={Variant::Quiet} on_click={show(false)}>{ t!("action-close") }</Button>
            if let Some(page) = &offer.page {
                <Button on_click={to_page(page)} test_id="update-page">{ t!("update-page") }</Button>
            }
            if update.way == UpdateWay::Itself {
                <Button variant={Variant::Filled} pending={busy} on_click={Callback::from(|_: MouseEvent| desktop::install_update())} test_id="update-install">{ install }</Button>
            }
        </>
    };
    html! {
        <Dialog
            title={t!("update-dialog-title", "version" => &offer.version)}
            size={DialogSize::M}
            on_close={Callback::from(|()| desktop::show_update(false))}
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
                <p class="u-sm u-text-2">{ how }</p>
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
