//! A day, a time, or both, by the system's own picker and in the person's own way of writing them.

use crate::components::field::{around, described_by};
use crate::kit::dom::use_unique;
use web_sys::HtmlInputElement;
use yew::prelude::*;

choices! {
    /// What is asked for.
    DateKind {
        /// A day: `2026-11-28`.
        #[default]
        Day => "date",
        /// A time: `18:30`.
        Time => "time",
        /// Both: `2026-11-28T18:30`.
        DayAndTime => "datetime-local",
    }
}

/// Properties of [`DateTimeField`].
#[derive(Properties, PartialEq)]
pub struct DateTimeFieldProps {
    /// What to enter.
    pub label: AttrValue,
    /// What is asked for.
    #[prop_or_default]
    pub kind: DateKind,
    /// What is entered, as ISO 8601 writes it; empty while it is not whole.
    pub value: AttrValue,
    /// Hears each change.
    pub on_input: Callback<String>,
    /// The earliest that is offered.
    #[prop_or_default]
    pub min: Option<AttrValue>,
    /// The latest that is offered.
    #[prop_or_default]
    pub max: Option<AttrValue>,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// What a browser may fill in.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// Whether an empty field is a mistake.
    #[prop_or_default]
    pub required: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A field for a day or a time.
#[component]
pub fn DateTimeField(props: &DateTimeFieldProps) -> Html {
    let id = use_unique("date");
    let oninput = {
        let on_input = props.on_input.clone();
        Callback::from(move |event: InputEvent| {
            on_input.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let control = html! {
        <div class="h-input">
            <input
                id={id.clone()}
                class="h-input__text"
                type={props.kind.as_str()}
                value={props.value.clone()}
                min={props.min.clone()}
                max={props.max.clone()}
                autocomplete={props.autocomplete.clone()}
                aria-invalid={props.error.as_ref().map(|_| "true")}
                aria-required={props.required.then_some("true")}
                aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
                data-test={props.test_id.clone()}
                {oninput}
            />
        </div>
    };
    around(
        &id,
        &props.label,
        props.hint.as_ref(),
        props.error.as_ref(),
        None,
        false,
        control,
    )
}
