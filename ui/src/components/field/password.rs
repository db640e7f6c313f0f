//! Passwords: shown on request, pasted freely, measured honestly, made up on request.

use super::TextField;
use crate::components::Size;
use crate::components::button::{Button, IconButton, Variant};
use crate::components::icon::IconName;
use crate::kit::i18n;
use crate::kit::password::{Strength, random_phrase, strength};
use crate::t;
use yew::prelude::*;

/// Properties of [`PasswordField`].
#[derive(Properties, PartialEq)]
pub struct PasswordFieldProps {
    /// What to enter.
    pub label: AttrValue,
    /// What is entered.
    pub value: AttrValue,
    /// Hears each change.
    pub on_input: Callback<String>,
    /// Whether this is a new password: a meter and the five-word generator appear.
    #[prop_or_default]
    pub new: bool,
    /// Whether it is a passphrase, and called so.
    #[prop_or_default]
    pub passphrase: bool,
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

/// A password.
#[component]
pub fn PasswordField(props: &PasswordFieldProps) -> Html {
    let shown = use_state_eq(|| false);
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let generate = {
        let (shown, on_input) = (shown.setter(), props.on_input.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(phrase) = random_phrase(i18n::lang()) {
                shown.set(true);
                on_input.emit(phrase);
            }
        })
    };
    let icon = if *shown { IconName::EyeOff } else { IconName::Eye };
    let label = match (*shown, props.passphrase) {
        (true, false) => t!("password-hide"),
        (false, false) => t!("password-show"),
        (true, true) => t!("passphrase-hide"),
        (false, true) => t!("passphrase-show"),
    };
    html! {
        <div class="h-password">
            <TextField
                label={props.label.clone()}
                value={props.value.clone()}
                on_input={props.on_input.clone()}
                kind={if *shown { "text" } else { "password" }}
                autocomplete={if props.new { "new-password" } else { "current-password" }}
                hint={props.hint.clone()}
                error={props.error.clone()}
                autofocus={props.autofocus}
                required={true}
                literal={true}
                test_id={props.test_id.clone()}
                end={html! { <IconButton {icon} {label} size={Size::S} on_click={toggle} pressed={*shown} /> }}
            />
            if props.new {
                <div class="h-password__new">
                    <PasswordMeter password={props.value.clone()} refused={props.error.is_some()} />
                    <Button size={Size::S} variant={Variant::Quiet} start={IconName::Dices} on_click={generate} test_id="password-generate">
                        { t!("password-generate") }
                    </Button>
                </div>
            }
        </div>
    }
}

/// Properties of [`PasswordMeter`].
#[derive(Properties, PartialEq)]
pub struct PasswordMeterProps {
    /// What is measured.
    pub password: AttrValue,
    /// Whether the field says what is wrong: then a rule is not said twice.
    #[prop_or_default]
    pub refused: bool,
}

/// How strong a password is, in four steps and in words.
#[component]
pub fn PasswordMeter(props: &PasswordMeterProps) -> Html {
    let level = (!props.password.is_empty()).then(|| strength(&props.password));
    let steps = level.map_or(0, Strength::steps);
    let words = match level {
        None | Some(Strength::TooShort) if props.refused => AttrValue::default(),
        None => t!("password-rule"),
        Some(Strength::TooShort) => t!("password-too-short"),
        Some(Strength::Weak) => t!("password-weak"),
        Some(Strength::Fair) => t!("password-fair"),
        Some(Strength::Good) => t!("password-good"),
        Some(Strength::Strong) => t!("password-strong"),
    };
    html! {
        <div class="h-meter" data-steps={steps.to_string()}>
            <span class="h-meter__bars" aria-hidden="true"><i /><i /><i /><i /></span>
            <span class="h-meter__words" aria-live="polite">{ words }</span>
        </div>
    }
}
