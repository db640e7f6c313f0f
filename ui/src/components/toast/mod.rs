//! Draws the toasts: at most three, waiting while looked at.

use crate::components::Size;
use crate::components::Tone;
use crate::components::button::{Button, IconButton, Variant};
use crate::components::icon::{Icon, IconName};
use crate::kit::dom::use_vars;
use crate::state::toasts::{self, SHOWN, Toast, use_toasts};
use crate::t;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// The toasts of the page, drawn once by the frame. F8 focuses it.
#[component]
pub fn ToastHost() -> Html {
    let all = use_toasts();
    let held = use_state_eq(|| false);
    let hold = |value: bool| {
        let held = held.setter();
        move || held.set(value)
    };
    let (enter, leave, focus_in, focus_out) = (hold(true), hold(false), hold(true), hold(false));
    let more = all.len().saturating_sub(SHOWN);
    html! {
        <section
            class="h-toasts"
            id="toasts"
            aria-label={t!("toasts")}
            tabindex="-1"
            data-focus-silent=""
            onmouseenter={Callback::from(move |_: MouseEvent| enter())}
            onmouseleave={Callback::from(move |_: MouseEvent| leave())}
            onfocusin={Callback::from(move |_: FocusEvent| focus_in())}
            onfocusout={Callback::from(move |_: FocusEvent| focus_out())}
        >
            { for all.iter().take(SHOWN).map(|toast| html! {
                <ToastView key={toast.id} toast={Rc::clone(toast)} held={*held} />
            }) }
            if more > 0 { <p class="h-toasts__more">{ t!("toast-more", "count" => more) }</p> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ToastViewProps {
    toast: Rc<Toast>,
    held: bool,
}

#[component]
fn ToastView(props: &ToastViewProps) -> Html {
    let toast = &props.toast;
    let node = use_node_ref();
    {
        let life = toast.life_ms;
        let id = toast.id;
        // Looking at it starts its time anew.
        use_effect_with((id, props.held), move |(id, held)| {
            let id = *id;
            let timer = life
                .filter(|_| !held)
                .map(|ms| Timeout::new(ms, move || toasts::expire(id)));
            move || drop(timer)
        });
    }
    use_vars(
        &node,
        vec![("--life", format!("{}ms", toast.life_ms.unwrap_or(0)))],
    );
    let close = {
        let id = toast.id;
        Callback::from(move |_: MouseEvent| toasts::expire(id))
    };
    html! {
        <div
            ref={node}
            class="h-toast"
            data-tone={toast.tone.as_str()}
            data-held={props.held.then_some("true")}
            data-timed={(toast.undo && toast.life_ms.is_some()).then_some("true")}
            data-test="toast"
        >
            if toast.tone == Tone::Danger { <Icon name={IconName::CircleAlert} /> }
            <p class="h-toast__text">{ toast.text.clone() }</p>
            <div class="h-toast__actions">
                { for toast.actions.iter().map(|action| {
                    let (id, run) = (toast.id, action.run.clone());
                    let on_click = Callback::from(move |_: MouseEvent| {
                        toasts::dismiss(id);
                        run.emit(());
                    });
                    html! { <Button size={Size::S} variant={Variant::Quiet} {on_click}>{ action.label.clone() }</Button> }
                }) }
                <IconButton icon={IconName::X} label={t!("action-close")} size={Size::S} on_click={close} />
            </div>
        </div>
    }
}
