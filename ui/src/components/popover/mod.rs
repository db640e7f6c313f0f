//! Things beside a control: a popover to act in, and one tooltip for everything that carries `data-tip`.

mod anchored;

pub(crate) use anchored::{Side, use_anchored};

use crate::kit::dom::{self, set_var, use_window_event};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Properties of [`Popover`].
#[derive(Properties, PartialEq)]
pub struct PopoverProps {
    /// What it is about.
    pub label: AttrValue,
    /// Whether it is open.
    pub open: bool,
    /// Asks to close: Esc, or a press elsewhere.
    pub on_close: Callback<()>,
    /// The control that opens it.
    #[prop_or_default]
    pub trigger: Html,
    /// What is inside.
    #[prop_or_default]
    pub children: Html,
    /// Whether it grows from the start side of the control.
    #[prop_or_default]
    pub from_start: bool,
    /// Whether it opens upwards.
    #[prop_or_default]
    pub up: bool,
}

/// A small surface beside the control that opens it.
#[component]
pub fn Popover(props: &PopoverProps) -> Html {
    let anchor = use_node_ref();
    html! {
        <div class="h-popover" ref={anchor.clone()}>
            { props.trigger.clone() }
            if props.open {
                <Surface
                    label={props.label.clone()}
                    {anchor}
                    side={Same(Side { from_start: props.from_start, up: props.up })}
                    on_close={props.on_close.clone()}
                >
                    { props.children.clone() }
                </Surface>
            }
        </div>
    }
}

#[derive(Clone, PartialEq)]
struct Same(Side);

#[derive(Properties, PartialEq)]
struct SurfaceProps {
    label: AttrValue,
    anchor: NodeRef,
    side: Same,
    on_close: Callback<()>,
    children: Html,
}

#[component]
fn Surface(props: &SurfaceProps) -> Html {
    let dialog = use_node_ref();
    use_anchored(&dialog, &props.anchor, props.side.0, props.on_close.clone());
    html! {
        <dialog ref={dialog} class="h-anchored" aria-label={props.label.clone()}>
            <div class="h-anchored__body h-popover__body">{ props.children.clone() }</div>
        </dialog>
    }
}

/// The tooltip of the page, drawn once by the frame: shows the `data-tip` of what is hovered or focused by key.
///
/// It repeats what the control's name says, so screen readers do not need it.
#[component]
pub fn Tooltip() -> Html {
    let text = use_state_eq(|| None::<AttrValue>);
    let node = use_node_ref();
    let place = use_mut_ref(|| None::<Element>);
    let timer = use_mut_ref(|| None::<Timeout>);

    let show = {
        let (text, place, timer) = (text.setter(), Rc::clone(&place), Rc::clone(&timer));
        move |event: &Event, wait: u32| {
            let target = dom::closest(event, "[data-tip]");
            if *place.borrow() == target {
                return;
            }
            place.replace(target.clone());
            timer.replace(None);
            let Some(tip) = target
                .and_then(|t| t.get_attribute("data-tip"))
                .filter(|t| !t.is_empty())
            else {
                text.set(None);
                return;
            };
            let text = text.clone();
            timer.replace(Some(Timeout::new(wait, move || text.set(Some(tip.into())))));
        }
    };
    let hide = {
        let (text, place, timer) = (text.setter(), Rc::clone(&place), Rc::clone(&timer));
        move || {
            place.replace(None);
            timer.replace(None);
            text.set(None);
        }
    };
    {
        let (show, hide) = (show.clone(), hide.clone());
        // A finger has no hover; its tips would stay.
        use_window_event(
            "pointerover",
            Callback::from(move |event: Event| {
                if event
                    .dyn_ref::<PointerEvent>()
                    .is_some_and(|p| p.pointer_type() == "mouse")
                {
                    show(&event, 450);
                } else {
                    hide();
                }
            }),
        );
    }
    {
        let hide = hide.clone();
        use_window_event("pointerdown", Callback::from(move |_| hide()));
    }
    {
        use_window_event(
            "focusin",
            Callback::from(move |event: Event| {
                let by_key = event
                    .target()
                    .and_then(|t| t.dyn_into::<Element>().ok())
                    .is_some_and(|e| e.matches(":focus-visible").unwrap_or(false));
                if by_key {
                    show(&event, 150);
                }
            }),
        );
    }
    {
        let hide = hide.clone();
        use_window_event(
            "keydown",
            Callback::from(move |event: Event| {
                if event
                    .dyn_ref::<KeyboardEvent>()
                    .is_some_and(|k| k.key() == "Escape")
                {
                    hide();
                }
            }),
        );
    }
    use_window_event("wheel", Callback::from(move |_| hide()));
    {
        let (node, place) = (node.clone(), Rc::clone(&place));
        use_effect_with((*text).clone(), move |text| {
            if text.is_some()
                && let (Some(tip), Some(target)) = (node.cast::<HtmlElement>(), place.borrow().as_ref())
            {
                put(&tip, target);
            }
        });
    }
    let shown = (*text).clone();
    html! {
        <div class="h-tooltip" ref={node} data-shown={shown.as_ref().map(|_| "true")} aria-hidden="true">
            { shown.unwrap_or_default() }
        </div>
    }
}

/// Below the control, or above it near the bottom, always inside the window; beside the rail.
fn put(tip: &HtmlElement, target: &Element) {
    let Some(window) = dom::window() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let at = target.get_bounding_client_rect();
    let (w, h) = (f64::from(tip.offset_width()), f64::from(tip.offset_height()));
    let beside = target.closest("[data-tips='beside']").ok().flatten().is_some();
    let (x, y) = if beside {
        let x = if at.left() < width / 2.0 {
            at.right() + 10.0
        } else {
            at.left() - w - 10.0
        };
        (x, at.top() + (at.height() - h) / 2.0)
    } else {
        let x = at.left() + (at.width() - w) / 2.0;
        let below = at.bottom() + 8.0;
        (
            x,
            if below + h > height - 4.0 {
                at.top() - h - 8.0
            } else {
                below
            },
        )
    };
    let x = x.clamp(6.0, (width - w - 6.0).max(6.0));
    set_var(tip, "--x", &format!("{x:.0}px"));
    set_var(tip, "--y", &format!("{y:.0}px"));
}
