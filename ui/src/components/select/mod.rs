//! One of a list, by the system's own picker.

use crate::components::field::around;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::kit::dom::use_unique;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// A choice of a [`Select`].
#[derive(Debug, Clone, PartialEq)]
pub struct SelectOption {
    /// Its value.
    pub value: AttrValue,
    /// Its words.
    pub label: AttrValue,
}

impl SelectOption {
    /// A choice.
    #[must_use]
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// Properties of [`Select`].
#[derive(Properties, PartialEq)]
pub struct SelectProps {
    /// What to choose.
    pub label: AttrValue,
    /// The value chosen.
    pub value: AttrValue,
    /// The choices.
    pub options: Vec<SelectOption>,
    /// Hears the new value.
    pub on_change: Callback<String>,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Whether the label is only for screen readers.
    #[prop_or_default]
    pub quiet_label: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// One of a list.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let id = use_unique("select");
    let onchange = {
        let on_change = props.on_change.clone();
        Callback::from(move |event: Event| {
            on_change.emit(event.target_unchecked_into::<HtmlSelectElement>().value())
        })
    };
    let control = html! {
        <div class="h-select">
            <select
                id={id.clone()}
                class="h-select__field"
                aria-invalid={props.error.as_ref().map(|_| "true")}
                data-test={props.test_id.clone()}
                {onchange}
            >
                { for props.options.iter().map(|option| html! {
                    <option key={option.value.to_string()} value={option.value.clone()} selected={option.value == props.value}>
                        { option.label.clone() }
                    </option>
                }) }
            </select>
            <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-select__arrow" />
        </div>
    };
    around(
        &id,
        &props.label,
        props.hint.as_ref(),
        props.error.as_ref(),
        None,
        props.quiet_label,
        control,
    )
}
