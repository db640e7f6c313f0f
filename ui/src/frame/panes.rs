//! Panes side by side on a wide window, one at a time on a narrow one. Their widths are dragged or set by arrows, and
//! remembered.

use crate::components::choices;
use crate::kit::dom::{self, use_event, use_vars};
use crate::t;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

choices! {
    /// Which pane a narrow window shows.
    PaneShown {
        /// The list.
        #[default]
        List => "list",
        /// What was chosen from it.
        Detail => "detail",
    }
}

/// Properties of [`PaneGroup`].
#[derive(Properties, PartialEq)]
pub struct PaneGroupProps {
    /// The list.
    pub list: Html,
    /// What the list is, for screen readers.
    pub list_label: AttrValue,
    /// What was chosen from it.
    pub detail: Html,
    /// A third pane: sources, members, delivery. On narrower windows it is the screen's own business (a sheet).
    #[prop_or_default]
    pub side: Option<Html>,
    /// What the third pane is.
    #[prop_or_default]
    pub side_label: AttrValue,
    /// Which pane a narrow window shows.
    pub shown: PaneShown,
    /// Under which name the width is remembered.
    #[prop_or(AttrValue::Static("list"))]
    pub memory: AttrValue,
}

const LEAST: i32 = 240;
const MOST: i32 = 480;
const USUAL: i32 = 320;

/// Panes side by side.
#[component]
pub fn PaneGroup(props: &PaneGroupProps) -> Html {
    let key = format!("hearth.pane.{}", props.memory);
    let width = {
        let key = key.clone();
        use_state_eq(move || {
            dom::stored(&key)
                .and_then(|w| w.parse().ok())
                .unwrap_or(USUAL)
                .clamp(LEAST, MOST)
        })
    };
    let node = use_node_ref();
    let handle = use_node_ref();
    use_vars(&node, vec![("--list", format!("{}px", *width))]);
    let set = {
        let (setter, key) = (width.setter(), key);
        move |value: i32| {
            let value = value.clamp(LEAST, MOST);
            setter.set(value);
            dom::store(&key, Some(&value.to_string()));
        }
    };
    let onkeydown = {
        let (set, now) = (set.clone(), *width);
        Callback::from(move |event: KeyboardEvent| {
            let value = match event.key().as_str() {
                "ArrowLeft" => now - 16,
                "ArrowRight" => now + 16,
                "Home" => LEAST,
                "End" => MOST,
                _ => return,
            };
            event.prevent_default();
            set(value);
        })
    };
    let onpointerdown = Callback::from(move |event: PointerEvent| {
        if let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
            let _captured = target.set_pointer_capture(event.pointer_id());
        }
    });
    {
        let node = node.clone();
        use_event(
            &handle,
            "pointermove",
            Callback::from(move |event: Event| {
                let Some(event) = event.dyn_ref::<PointerEvent>() else {
                    return;
                };
                if event.buttons() & 1 == 0 {
                    return;
                }
                if let Some(group) = node.cast::<Element>() {
                    let start = group.get_bounding_client_rect().left();
                    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                    set((f64::from(event.client_x()) - start).round() as i32);
                }
            }),
        );
    }
    let side = props.side.is_some();
    html! {
        <div class="h-panes" ref={node} data-shown={props.shown.as_str()} data-side={side.then_some("true")}>
            <section class="h-panes__list" data-pane="" aria-label={props.list_label.clone()}>{ props.list.clone() }</section>
            <div
                ref={handle}
                class="h-panes__handle"
                role="separator"
                aria-orientation="vertical"
                aria-label={t!("pane-resize")}
                aria-valuenow={width.to_string()}
                aria-valuemin={LEAST.to_string()}
                aria-valuemax={MOST.to_string()}
                tabindex="0"
                {onkeydown}
                {onpointerdown}
            />
            <div class="h-panes__detail" data-pane="">{ props.detail.clone() }</div>
            if let Some(view) = &props.side {
                <aside class="h-panes__side" data-pane="" aria-label={props.side_label.clone()}>{ view.clone() }</aside>
            }
        </div>
    }
}
