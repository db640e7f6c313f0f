//! One of a long list, found by typing a few letters.

use crate::components::field::{around, described_by};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::select::SelectOption;
use crate::kit::dom::{self, use_unique};
use crate::t;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How many choices are drawn; more letters leave fewer.
const MOST: usize = 60;

/// Properties of [`Combobox`].
#[derive(Properties, PartialEq)]
pub struct ComboboxProps {
    /// What to choose.
    pub label: AttrValue,
    /// The value chosen.
    pub value: AttrValue,
    /// The choices.
    pub options: Rc<Vec<SelectOption>>,
    /// Hears the new value.
    pub on_change: Callback<String>,
    /// Help under the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// The choices that hold every typed word, those that begin with it first.
fn fitting<'a>(options: &'a [SelectOption], typed: &str) -> Vec<&'a SelectOption> {
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut found: Vec<(bool, &SelectOption)> = options
        .iter()
        .filter_map(|option| {
            let label = option.label.to_lowercase();
            let fits = words.iter().all(|word| label.contains(word));
            let begins = label
                .split(|c: char| !c.is_alphanumeric())
                .any(|part| words.first().is_some_and(|w| part.starts_with(w)));
            fits.then_some((!begins, option))
        })
        .collect();
    found.sort_by_key(|(later, _)| *later);
    found.into_iter().map(|(_, option)| option).collect()
}

/// One of a long list.
#[component]
pub fn Combobox(props: &ComboboxProps) -> Html {
    let id = use_unique("combobox");
    let node = use_node_ref();
    let typed = use_state_eq(|| None::<String>);
    let open = use_state_eq(|| false);
    let active = use_state_eq(|| 0_usize);
    let chosen = props
        .options
        .iter()
        .find(|o| o.value == props.value)
        .map_or_else(AttrValue::default, |o| o.label.clone());
    let found = fitting(&props.options, typed.as_deref().unwrap_or_default());
    let count = found.len();
    let at = (*active).min(count.min(MOST).saturating_sub(1));
    let close = {
        let (open, typed) = (open.setter(), typed.setter());
        Callback::from(move |()| {
            open.set(false);
            typed.set(None);
        })
    };
    let choose = {
        let (close, on_change) = (close.clone(), props.on_change.clone());
        Callback::from(move |value: AttrValue| {
            close.emit(());
            on_change.emit(value.to_string());
        })
    };
    // Opened without a word typed, the list begins at what is chosen.
    let begin = {
        let (open, active, options, value) = (
            open.setter(),
            active.setter(),
            Rc::clone(&props.options),
            props.value.clone(),
        );
        Callback::from(move |()| {
            active.set(
                options
                    .iter()
                    .position(|o| o.value == value)
                    .unwrap_or(0)
                    .min(MOST - 1),
            );
            open.set(true);
        })
    };
    let oninput = {
        let (typed, open, active) = (typed.setter(), open.setter(), active.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
            active.set(0);
            open.set(true);
        })
    };
    let onkeydown = {
        let (open, active, close, choose, begin) = (
            open.clone(),
            active.setter(),
            close.clone(),
            choose.clone(),
            begin.clone(),
        );
        let value = found.get(at).map(|o| o.value.clone());
        let shown = count.min(MOST);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" | "ArrowUp" if !*open => begin.emit(()),
                "ArrowDown" if shown > 0 => active.set((at + 1) % shown),
                "ArrowUp" if shown > 0 => active.set((at + shown - 1) % shown),
                "Enter" if *open => {
                    if let Some(value) = &value {
                        choose.emit(value.clone());
                    }
                }
                "Escape" if *open => {
                    event.stop_propagation();
                    close.emit(());
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onfocus = Callback::from(|event: FocusEvent| {
        event.target_unchecked_into::<HtmlInputElement>().select();
    });
    let onblur = close.reform(|_: FocusEvent| ());
    let onclick = {
        let (begin, open) = (begin.clone(), *open);
        Callback::from(move |_: MouseEvent| {
            if !open {
                begin.emit(());
            }
        })
    };
    {
        let option = open.then(|| format!("{id}-{at}"));
        use_effect_with(option, |option| {
            if let Some(option) = option.as_ref().and_then(|id| dom::by_id(id)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let list_id = format!("{id}-list");
    let control = html! {
        <div class="h-combobox">
            <div class="h-input">
                <input
                    ref={node}
                    id={id.clone()}
                    class="h-input__text"
                    type="text"
                    role="combobox"
                    aria-expanded={if *open { "true" } else { "false" }}
                    aria-controls={list_id.clone()}
                    aria-autocomplete="list"
                    aria-activedescendant={(*open && count > 0).then(|| format!("{id}-{at}"))}
                    aria-invalid={props.error.as_ref().map(|_| "true")}
                    aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    value={typed.as_ref().map_or(chosen, |t| AttrValue::from(t.clone()))}
                    data-test={props.test_id.clone()}
                    {oninput}
                    {onkeydown}
                    {onfocus}
                    {onblur}
                    {onclick}
                />
                <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-combobox__arrow" />
            </div>
            <div id={list_id} class="h-combobox__list" role="listbox" aria-label={props.label.clone()} hidden={!*open}>
                if *open {
                    { for found.iter().take(MOST).enumerate().map(|(index, option)| {
                        let pick = {
                            let (choose, value) = (choose.clone(), option.value.clone());
                            Callback::from(move |_: MouseEvent| choose.emit(value.clone()))
                        };
                        html! {
                            <div
                                key={option.value.to_string()}
                                id={format!("{id}-{index}")}
                                class="h-combobox__option"
                                role="option"
                                aria-selected={if option.value == props.value { "true" } else { "false" }}
                                data-active={(index == at).then_some("true")}
                                // The field keeps the focus.
                                onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}
                                onclick={pick}
                            >{ option.label.clone() }</div>
                        }
                    }) }
                }
            </div>
            if *open && count != 0 && count > MOST { <p class="h-combobox__more">{ t!("combobox-more", "count" => count - MOST) }</p> }
            if *open && count == 0 { <p class="h-combobox__more" role="status">{ t!("combobox-none") }</p> }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_letters_find_a_choice_and_beginnings_come_first() {
        let options: Vec<SelectOption> = [
            "Africa/Dar es Salaam",
            "America/New York",
            "Europe/Berlin",
            "Asia/Brunei",
            "America/Barbados",
        ]
        .into_iter()
        .map(|zone| SelectOption::new(zone, zone))
        .collect();
        let labels = |typed: &str| {
            fitting(&options, typed)
                .into_iter()
                .map(|o| o.label.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(labels("berl"), ["Europe/Berlin"]);
        assert_eq!(labels("america york"), ["America/New York"]);
        assert_eq!(labels("b").first().map(String::as_str), Some("Europe/Berlin"));
        assert_eq!(labels("").len(), options.len());
        assert!(labels("atlantis").is_empty());
    }
}
