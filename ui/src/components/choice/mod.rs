//! Checkboxes, and cards of which one is chosen.

use crate::components::icon::{Icon, IconName, IconSize};
use crate::kit::dom::use_unique;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Checkbox`].
#[derive(Properties, PartialEq)]
pub struct CheckboxProps {
    /// What is chosen.
    pub label: AttrValue,
    /// Whether it is.
    pub checked: bool,
    /// Hears the new state.
    pub on_change: Callback<bool>,
    /// More about it.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A checkbox.
#[component]
pub fn Checkbox(props: &CheckboxProps) -> Html {
    let onchange = {
        let on_change = props.on_change.clone();
        Callback::from(move |event: Event| {
            on_change.emit(event.target_unchecked_into::<HtmlInputElement>().checked())
        })
    };
    html! {
        <label class="h-check">
            <input type="checkbox" class="h-check__box" checked={props.checked} data-test={props.test_id.clone()} {onchange} />
            <span class="h-check__mark" aria-hidden="true"><Icon name={IconName::Check} size={IconSize::S} /></span>
            <span class="h-check__words">
                <span>{ props.label.clone() }</span>
                if let Some(hint) = &props.hint { <span class="u-sm u-text-2">{ hint.clone() }</span> }
            </span>
        </label>
    }
}

/// One of [`RadioCards`].
#[derive(Debug, Clone, PartialEq)]
pub struct RadioCard {
    /// Its value.
    pub value: AttrValue,
    /// Its words.
    pub label: AttrValue,
    /// More about it.
    pub hint: Option<AttrValue>,
    /// Its icon.
    pub icon: Option<IconName>,
}

/// Properties of [`RadioCards`].
#[derive(Properties, PartialEq)]
pub struct RadioCardsProps {
    /// What to choose.
    pub legend: AttrValue,
    /// Whether the legend is only for screen readers.
    #[prop_or_default]
    pub quiet: bool,
    /// The value chosen.
    pub value: AttrValue,
    /// The choices.
    pub cards: Vec<RadioCard>,
    /// Hears the new value.
    pub on_change: Callback<AttrValue>,
    /// Whether the cards stand side by side.
    #[prop_or_default]
    pub row: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// Cards of which one is chosen.
#[component]
pub fn RadioCards(props: &RadioCardsProps) -> Html {
    let name = use_unique("radio");
    html! {
        <fieldset class="h-radios" data-row={props.row.then_some("true")} data-test={props.test_id.clone()}>
            <legend class={if props.quiet { "u-hidden-visually" } else { "h-field__label" }}>{ props.legend.clone() }</legend>
            <div class="h-radios__cards">
                { for props.cards.iter().map(|card| {
                    let value = card.value.clone();
                    let onchange = props.on_change.reform(move |_: Event| value.clone());
                    html! {
                        <label key={card.value.to_string()} class="h-radio">
                            <input type="radio" name={name.clone()} value={card.value.clone()} checked={card.value == props.value} {onchange} />
                            if let Some(icon) = card.icon { <Icon name={icon} /> }
                            <span class="h-radio__words">
                                <span class="h-radio__label">{ card.label.clone() }</span>
                                if let Some(hint) = &card.hint { <span class="h-radio__hint">{ hint.clone() }</span> }
                            </span>
                            <span class="h-radio__dot" aria-hidden="true" />
                        </label>
                    }
                }) }
            </div>
        </fieldset>
    }
}
