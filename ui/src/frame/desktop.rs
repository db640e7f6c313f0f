//! What the desktop brings into the frame: the offer to start with the computer, and the question at closing.

use crate::components::banner::Banner;
use crate::components::button::{Button, Variant};
use crate::components::dialog::{Dialog, DialogSize};
use crate::components::{IconName, Size, Tone};
use crate::state::desktop::{self, use_closing, use_desktop};
use crate::state::query::use_query;
use crate::t;
use hearth_api::health::GetHealth;
use yew::prelude::*;

/// The offer to start with the computer, from the second day on.
#[component]
pub(super) fn AutostartOffer() -> Html {
    let state = use_desktop();
    use_effect_with(state.clone(), |_| desktop::say_renderer());
    if !state.as_ref().as_ref().is_some_and(|state| state.offer_autostart) {
        return Html::default();
    }
    let actions = html! {
        <>
            <Button size={Size::S} variant={Variant::Filled} on_click={Callback::from(|_: MouseEvent| desktop::set_autostart(true))} test_id="autostart-yes">{ t!("desktop-offer-yes") }</Button>
            <Button size={Size::S} variant={Variant::Quiet} on_click={Callback::from(|_: MouseEvent| desktop::decline_autostart())} test_id="autostart-no">{ t!("desktop-offer-no") }</Button>
        </>
    };
    html! {
        <aside class="h-frame__strip" aria-label={t!("desktop-autostart")}>
            <Banner tone={Tone::Accent} icon={IconName::Monitor} {actions} test_id="autostart-offer">{ t!("desktop-offer") }</Banner>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct CloseQuestionProps {
    /// Whether somebody is signed in, whose things may wait.
    pub(super) signed_in: bool,
}

/// What closing the window means: asked once.
#[component]
pub(super) fn CloseQuestion(props: &CloseQuestionProps) -> Html {
    if !use_closing() {
        return Html::default();
    }
    let keep = Callback::from(|_: MouseEvent| desktop::answer_close(Some(true)));
    let quit = Callback::from(|_: MouseEvent| desktop::answer_close(Some(false)));
    html! {
        <Dialog
            title={t!("desktop-close-title")}
            size={DialogSize::S}
            on_close={Callback::from(|()| desktop::answer_close(None))}
            test_id="close-question"
            footer={html! {
                <>
                    <Button variant={Variant::Quiet} on_click={quit} test_id="close-quit">{ t!("desktop-close-quit") }</Button>
                    <Button variant={Variant::Filled} on_click={keep} test_id="close-keep">{ t!("desktop-close-keep") }</Button>
                </>
            }}
        >
            <p>{ t!("desktop-close-text") }</p>
            if props.signed_in { <Waiting /> }
            <p class="u-sm u-text-2">{ t!("desktop-close-later") }</p>
        </Dialog>
    }
}

/// What still waits to reach other homes.
#[component]
fn Waiting() -> Html {
    let health = use_query(GetHealth {}, vec![]);
    match health.data.as_deref().map_or(0, |health| health.waiting) {
        0 => Html::default(),
        count => html! { <p data-test="close-waiting">{ t!("desktop-close-waiting", "count" => count) }</p> },
    }
}
