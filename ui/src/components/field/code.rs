//! A code of digits: one field that looks like boxes, so that paste, autofill and screen readers work.

use super::{around, described_by};
use crate::kit::dom::{use_unique, use_vars};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`CodeField`].
#[derive(Properties, PartialEq)]
pub struct CodeFieldProps {
    /// What to enter.
    pub label: AttrValue,
    /// What is entered.
    pub value: AttrValue,
    /// Hears each change, digits only.
    pub on_input: Callback<String>,
    /// Called with the whole code as soon as it is complete.
    #[prop_or_default]
    pub on_complete: Callback<String>,
    /// How many digits.
    #[prop_or(6)]
    pub length: usize,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Whether it takes the focus when drawn.
    #[prop_or_default]
    pub autofocus: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A code of digits, such as that of an authenticator app.
#[component]
pub fn CodeField(props: &CodeFieldProps) -> Html {
    let id = use_unique("code");
    let node = use_node_ref();
    {
        let node = node.clone();
        let autofocus = props.autofocus;
        // Only when it appears: later the person decides where to be.
        use_effect_with((), move |()| {
            if autofocus && let Some(input) = node.cast::<HtmlInputElement>() {
                let _focused = input.focus();
            }
        });
    }
    use_vars(&node, vec![("--digits", props.length.to_string())]);
    let oninput = {
        let (on_input, on_complete, length) =
            (props.on_input.clone(), props.on_complete.clone(), props.length);
        Callback::from(move |event: InputEvent| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let digits: String = input
                .value()
                .chars()
                .filter(char::is_ascii_digit)
                .take(length)
                .collect();
            input.set_value(&digits);
            on_input.emit(digits.clone());
            if digits.chars().count() == length {
                on_complete.emit(digits);
            }
        })
    };
    let control = html! {
        <input
            ref={node}
            id={id.clone()}
            class="h-code"
            type="text"
            inputmode="numeric"
            autocomplete="one-time-code"
            spellcheck="false"
            dir="ltr"
            value={props.value.clone()}
            aria-invalid={props.error.as_ref().map(|_| "true")}
            aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
            data-autofocus={props.autofocus.then_some("")}
            data-test={props.test_id.clone()}
            {oninput}
        />
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
