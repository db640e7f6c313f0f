//! A number on a line.

use crate::components::field::around;
use crate::kit::dom::{use_unique, use_vars};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Slider`].
#[derive(Properties, PartialEq)]
pub struct SliderProps {
    /// What is set.
    pub label: AttrValue,
    /// The value.
    pub value: i32,
    /// The least.
    pub min: i32,
    /// The most.
    pub max: i32,
    /// The step.
    #[prop_or(1)]
    pub step: i32,
    /// The value in words, for screen readers and beside the line.
    pub text: AttrValue,
    /// Hears the value when the thumb is let go or a key is pressed.
    pub on_change: Callback<i32>,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A number on a line.
#[component]
pub fn Slider(props: &SliderProps) -> Html {
    let id = use_unique("slider");
    let node = use_node_ref();
    let span = f64::from((props.max - props.min).max(1));
    let share = f64::from(props.value - props.min) / span * 100.0;
    use_vars(&node, vec![("--share", format!("{share:.1}%"))]);
    let onchange = {
        let on_change = props.on_change.clone();
        Callback::from(move |event: Event| {
            if let Ok(value) = event.target_unchecked_into::<HtmlInputElement>().value().parse() {
                on_change.emit(value);
            }
        })
    };
    let control = html! {
        <div class="h-slider">
            <input
                ref={node}
                id={id.clone()}
                class="h-slider__field"
                type="range"
                min={props.min.to_string()}
                max={props.max.to_string()}
                step={props.step.to_string()}
                value={props.value.to_string()}
                aria-valuetext={props.text.clone()}
                data-test={props.test_id.clone()}
                {onchange}
            />
            <output class="h-slider__value" for={id.clone()}>{ props.text.clone() }</output>
        </div>
    };
    around(&id, &props.label, props.hint.as_ref(), None, None, false, control)
}
