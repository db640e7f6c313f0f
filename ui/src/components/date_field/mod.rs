//! A day that one knows by heart, such as a birthday: three fields to type into. The calendars that the systems put on a date field
//! open at today and go back month by month, and some show today as if it had been entered.

use crate::components::icon::{Icon, IconName, IconSize};
use crate::kit::dom::use_unique;
use crate::kit::time;
use crate::t;
use hearth_api::{Date, Timestamp};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`DateField`].
#[derive(Properties, PartialEq)]
pub struct DateFieldProps {
    /// What to enter.
    pub label: AttrValue,
    /// What is entered at first, as ISO 8601 writes it, such as `1980-05-01`; empty if nothing.
    pub value: AttrValue,
    /// Hears each change: a day as ISO 8601 writes it, or nothing while it is not whole.
    pub on_input: Callback<String>,
    /// Help under the fields.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Whether it is somebody's birthday, which a browser may fill in.
    #[prop_or_default]
    pub birthday: bool,
    /// Whether leaving it empty is a mistake.
    #[prop_or_default]
    pub required: bool,
    /// For tests: of the year; of the day and the month with `-day` and `-month` behind it.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// Day, month and year, as they were typed.
#[derive(Clone, PartialEq, Default)]
struct Parts {
    day: String,
    month: String,
    year: String,
}

impl Parts {
    fn of(value: &str) -> Self {
        value.parse::<Date>().map_or_else(
            |_| Self::default(),
            |date| Self {
                day: date.day.to_string(),
                month: date.month.to_string(),
                year: date.year.to_string(),
            },
        )
    }

    /// As ISO 8601 writes it, be there such a day or not; nothing while a part is missing.
    fn joined(&self) -> String {
        let number = |text: &str| text.trim().parse::<u16>().ok();
        match (number(&self.year), number(&self.month), number(&self.day)) {
            (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            _ => String::new(),
        }
    }
}

/// The names of the months in the language of the window.
fn months() -> impl Iterator<Item = (u8, String)> {
    const DAY_MS: i64 = 86_400_000;
    (1..=12).map(|month| {
        // The middle of each month of 1970.
        let middle = Timestamp((i64::from(month) * 61 / 2 - 15) * DAY_MS);
        (
            month,
            time::format(middle, &[("month", "long"), ("timeZone", "UTC")]),
        )
    })
}

/// Three fields for a day.
#[component]
pub fn DateField(props: &DateFieldProps) -> Html {
    let id = use_unique("date");
    let parts = use_state(|| Parts::of(&props.value));
    let change = |apply: fn(&mut Parts, String)| {
        let (parts, on_input) = (parts.clone(), props.on_input.clone());
        move |text: String| {
            let mut next = (*parts).clone();
            apply(&mut next, text);
            on_input.emit(next.joined());
            parts.set(next);
        }
    };
    let part = |name: &str, label: AttrValue, value: &str, longest: u8, apply: fn(&mut Parts, String)| {
        let change = change(apply);
        let oninput = Callback::from(move |event: InputEvent| {
            change(event.target_unchecked_into::<HtmlInputElement>().value());
        });
        let this = format!("{id}-{name}");
        let test = props.test_id.as_ref().map(|test| match name {
            "year" => test.clone(),
            _ => AttrValue::from(format!("{test}-{name}")),
        });
        html! {
            <div class="h-date__part" data-part={name.to_owned()}>
                <label class="h-field__label" for={this.clone()}>{ label }</label>
                <div class="h-input">
                    <input
                        id={this}
                        class="h-input__text"
                        inputmode="numeric"
                        maxlength={longest.to_string()}
                        value={value.to_owned()}
                        autocomplete={if props.birthday { format!("bday-{name}") } else { "off".to_owned() }}
                        aria-invalid={props.error.as_ref().map(|_| "true")}
                        aria-required={props.required.then_some("true")}
                        data-test={test}
                        {oninput}
                    />
                </div>
            </div>
        }
    };
    let month = {
        let change = change(|parts, text| parts.month = text);
        let onchange = Callback::from(move |event: Event| {
            change(event.target_unchecked_into::<HtmlSelectElement>().value());
        });
        let this = format!("{id}-month");
        html! {
            <div class="h-date__part" data-part="month">
                <label class="h-field__label" for={this.clone()}>{ t!("date-month") }</label>
                <div class="h-select">
                    <select
                        id={this}
                        class="h-select__field"
                        autocomplete={if props.birthday { "bday-month" } else { "off" }}
                        aria-invalid={props.error.as_ref().map(|_| "true")}
                        aria-required={props.required.then_some("true")}
                        data-test={props.test_id.as_ref().map(|test| format!("{test}-month"))}
                        {onchange}
                    >
                        <option value="" selected={parts.month.is_empty()}>{ "–" }</option>
                        { for months().map(|(number, name)| html! {
                            <option value={number.to_string()} selected={parts.month == number.to_string()}>{ name }</option>
                        }) }
                    </select>
                    <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-select__arrow" />
                </div>
            </div>
        }
    };
    let described = [
        props.error.as_ref().map(|_| format!("{id}-error")),
        props.hint.as_ref().map(|_| format!("{id}-hint")),
    ];
    let described: Vec<String> = described.into_iter().flatten().collect();
    html! {
        <fieldset
            class="h-field"
            data-invalid={props.error.as_ref().map(|_| "true")}
            aria-describedby={(!described.is_empty()).then(|| described.join(" "))}
        >
            <legend class="h-field__label h-date__legend">{ props.label.clone() }</legend>
            <div class="h-date">
                { part("day", t!("date-day"), &parts.day, 2, |parts, text| parts.day = text) }
                { month }
                { part("year", t!("date-year"), &parts.year, 4, |parts, text| parts.year = text) }
            </div>
            if let Some(error) = &props.error {
                <p class="h-field__error h-field__below" id={format!("{id}-error")}>
                    <Icon name={IconName::CircleAlert} size={IconSize::S} />
                    <span>{ error.clone() }</span>
                </p>
            }
            if let Some(hint) = &props.hint {
                <p class="h-field__hint h-field__below" id={format!("{id}-hint")}>{ hint.clone() }</p>
            }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_when_its_parts_are_there() {
        let mut parts = Parts::of("1980-05-01");
        assert_eq!(parts.day, "1");
        assert_eq!(parts.joined(), "1980-05-01");
        parts.day = " 31".to_owned();
        assert_eq!(parts.joined(), "1980-05-31");
        parts.month.clear();
        assert_eq!(parts.joined(), "");
        assert_eq!(Parts::of("").joined(), "");
    }
}
