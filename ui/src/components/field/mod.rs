//! Fields for text. Each carries its label, hint, error and counter; the error is said with the field.

mod code;
mod file;
mod password;
mod text;

pub use code::{CodeField, CodeFieldProps};
pub use file::{FilePick, FilePickProps};
pub use password::{PasswordField, PasswordFieldProps, PasswordMeter, PasswordMeterProps};
pub use text::{TextArea, TextAreaProps, TextField, TextFieldProps};

use crate::components::icon::{Icon, IconName, IconSize};
use yew::prelude::*;

/// The ids that a field's `aria-describedby` names.
pub(crate) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    let parts: Vec<String> = [(error, "error"), (hint, "hint")]
        .into_iter()
        .filter(|(present, _)| *present)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The label above a control and the hint, error and counter under it.
pub(crate) fn around(
    id: &AttrValue,
    label: &AttrValue,
    hint: Option<&AttrValue>,
    error: Option<&AttrValue>,
    counter: Option<(usize, usize)>,
    quiet_label: bool,
    control: Html,
) -> Html {
    // Counting is shown when it begins to matter.
    let counter = counter.filter(|(used, max)| used * 10 >= max * 8);
    html! {
        <div class="h-field" data-invalid={error.map(|_| "true")}>
            <label class={if quiet_label { "u-hidden-visually" } else { "h-field__label" }} for={id.clone()}>{ label.clone() }</label>
            { control }
            if error.is_some() || hint.is_some() || counter.is_some() {
                <div class="h-field__below">
                    <div class="h-field__words">
                        if let Some(error) = error {
                            <p class="h-field__error" id={format!("{id}-error")}>
                                <Icon name={IconName::CircleAlert} size={IconSize::S} />
                                <span>{ error.clone() }</span>
                            </p>
                        }
                        if let Some(hint) = hint {
                            <p class="h-field__hint" id={format!("{id}-hint")}>{ hint.clone() }</p>
                        }
                    </div>
                    if let Some((used, max)) = counter {
                        <span class="h-field__counter" data-over={(used > max).then_some("true")}>{ format!("{used}/{max}") }</span>
                    }
                </div>
            }
        </div>
    }
}
