//! A thing that is on or off and takes effect at once.

use crate::kit::dom::use_unique;
use yew::prelude::*;

/// Properties of [`Switch`].
#[derive(Properties, PartialEq)]
pub struct SwitchProps {
    /// What is on or off.
    pub label: AttrValue,
    /// Whether it is on.
    pub on: bool,
    /// Hears the new state.
    pub on_change: Callback<bool>,
    /// More about it.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// Whether the label is only for screen readers, in a table.
    #[prop_or_default]
    pub quiet_label: bool,
    /// Whether it cannot be changed; the hint says why.
    #[prop_or_default]
    pub locked: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A switch.
#[component]
pub fn Switch(props: &SwitchProps) -> Html {
    let id = use_unique("switch");
    let onclick = {
        let (on_change, on, locked) = (props.on_change.clone(), props.on, props.locked);
        Callback::from(move |_: MouseEvent| {
            if !locked {
                on_change.emit(!on);
            }
        })
    };
    let button = html! {
        <button
            type="button"
            id={id.clone()}
            class="h-switch"
            role="switch"
            aria-checked={if props.on { "true" } else { "false" }}
            aria-label={props.label.clone()}
            aria-describedby={props.hint.as_ref().map(|_| format!("{id}-hint"))}
            aria-disabled={props.locked.then_some("true")}
            data-test={props.test_id.clone()}
            {onclick}
        ><span class="h-switch__knob" /></button>
    };
    if props.quiet_label {
        return button;
    }
    html! {
        <div class="h-switch-row">
            <label class="h-switch-row__words" for={id.clone()}>
                <span class="h-switch-row__label">{ props.label.clone() }</span>
                if let Some(hint) = &props.hint { <span class="h-switch-row__hint" id={format!("{id}-hint")}>{ hint.clone() }</span> }
            </label>
            { button }
        </div>
    }
}
