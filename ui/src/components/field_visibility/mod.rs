//! A field of a profile: its value, and on one's own who may see it.

use crate::components::Size;
use crate::components::audience::AudienceSelect;
use crate::components::button::{Button, ButtonKind, IconButton, Variant};
use crate::components::field::{TextArea, TextField};
use crate::components::icon::{Icon, IconName};
use crate::kit::{keys, links};
use crate::t;
use hearth_api::feed::Audience;
use hearth_api::profile::{FieldValue, ProfileField};
use yew::prelude::*;

/// The name of a field.
#[must_use]
pub fn field_name(field: ProfileField) -> AttrValue {
    match field {
        ProfileField::Picture => t!("field-picture"),
        ProfileField::Username => t!("field-username"),
        ProfileField::Birthday => t!("field-birthday"),
        ProfileField::BirthYear => t!("field-birth-year"),
        ProfileField::Hometown => t!("field-hometown"),
        ProfileField::Occupation => t!("field-occupation"),
        ProfileField::Bio => t!("field-bio"),
        ProfileField::Website => t!("field-website"),
        ProfileField::Email => t!("field-email"),
        ProfileField::Phone => t!("field-phone"),
        ProfileField::Address => t!("field-address"),
        ProfileField::FriendList => t!("field-friend-list"),
    }
}

/// The icon of a field.
#[must_use]
pub fn field_icon(field: ProfileField) -> IconName {
    match field {
        ProfileField::Picture => IconName::Camera,
        ProfileField::Username => IconName::User,
        ProfileField::Birthday | ProfileField::BirthYear => IconName::Cake,
        ProfileField::Hometown => IconName::MapPin,
        ProfileField::Occupation => IconName::Coffee,
        ProfileField::Bio => IconName::Quote,
        ProfileField::Website => IconName::Globe,
        ProfileField::Email => IconName::Inbox,
        ProfileField::Phone => IconName::Smartphone,
        ProfileField::Address => IconName::House,
        ProfileField::FriendList => IconName::Users,
    }
}

/// Whether the text of a field is written in the profile; the others are kept elsewhere.
#[must_use]
pub fn is_written(field: ProfileField) -> bool {
    !matches!(
        field,
        ProfileField::Picture
            | ProfileField::Username
            | ProfileField::Birthday
            | ProfileField::BirthYear
            | ProfileField::FriendList
    )
}

/// Day and month of `MM-DD` as the language writes them.
fn birthday(value: &str) -> AttrValue {
    let parts = value
        .split_once('-')
        .and_then(|(m, d)| Some((m.parse::<i64>().ok()?, d.parse::<i64>().ok()?)));
    match parts {
        // 1972 began on a Saturday and had a 29 February; only day and month are shown.
        Some((month @ 1..=12, day @ 1..=31)) => {
            const BEFORE: [i64; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];
            let days = usize::try_from(month - 1)
                .ok()
                .and_then(|m| BEFORE.get(m))
                .copied()
                .unwrap_or(0)
                + day
                - 1;
            let at = hearth_api::Timestamp((730 + days) * 86_400_000);
            crate::kit::time::format(at, &[("day", "numeric"), ("month", "long"), ("timeZone", "UTC")]).into()
        }
        _ => value.to_owned().into(),
    }
}

/// A value as it is shown.
pub fn value_view(field: ProfileField, value: &str) -> Html {
    match field {
        ProfileField::Website => {
            let url = if value.contains("://") {
                value.to_owned()
            } else {
                format!("https://{value}")
            };
            links::view(&url, value, html! { { value.to_owned() } })
        }
        ProfileField::Email => links::view(&format!("mailto:{value}"), value, html! { { value.to_owned() } }),
        ProfileField::Birthday => html! { { birthday(value) } },
        ProfileField::Username => html! { <bdi>{ format!("@{value}") }</bdi> },
        _ => html! { <span class="h-fact__lines" dir="auto">{ value.to_owned() }</span> },
    }
}

/// Properties of [`FieldVisibility`].
#[derive(Properties, PartialEq)]
pub struct FieldVisibilityProps {
    /// The field with its value.
    pub value: FieldValue,
    /// Hears a new text. Without it the field is only shown.
    #[prop_or_default]
    pub on_value: Option<Callback<(ProfileField, String)>>,
    /// Hears a new audience.
    #[prop_or_default]
    pub on_audience: Option<Callback<(ProfileField, Audience)>>,
    /// What is wrong with the last text.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Whether a change is on its way.
    #[prop_or_default]
    pub pending: bool,
}

/// A field of a profile.
#[component]
pub fn FieldVisibility(props: &FieldVisibilityProps) -> Html {
    let FieldValue {
        field,
        value,
        audience,
    } = &props.value;
    let field = *field;
    let editing = use_state_eq(|| None::<String>);
    {
        // What came back is what was typed: done.
        let editing = editing.clone();
        use_effect_with(value.clone(), move |_| editing.set(None));
    }
    let editable = is_written(field) && props.on_value.is_some();
    let name = field_name(field);
    let begin = {
        let (editing, value) = (editing.setter(), value.clone());
        Callback::from(move |_: MouseEvent| editing.set(Some(value.clone())))
    };
    let cancel = {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(None))
    };
    let too_long = editing
        .as_ref()
        .is_some_and(|t| t.chars().count() > field.max_chars());
    let save = {
        let (editing, on_value, before) = (editing.clone(), props.on_value.clone(), value.clone());
        Callback::from(move |()| {
            let Some(text) = (*editing).clone() else { return };
            let text = text.trim().to_owned();
            if text == before.trim() {
                editing.set(None);
            } else if let Some(on_value) = on_value.as_ref().filter(|_| !too_long) {
                on_value.emit((field, text));
            }
        })
    };
    let onsubmit = {
        let save = save.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            save.emit(());
        })
    };
    let on_key = {
        let (cancel, save) = (cancel.clone(), save.clone());
        Callback::from(move |event: KeyboardEvent| {
            let main = if keys::is_mac() {
                event.meta_key()
            } else {
                event.ctrl_key()
            };
            match event.key().as_str() {
                "Escape" => cancel.emit(()),
                "Enter" if main => save.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let body = match &*editing {
        Some(text) => {
            let set = {
                let editing = editing.setter();
                Callback::from(move |text| editing.set(Some(text)))
            };
            let error = if too_long {
                Some(t!("text-over", "max" => field.max_chars()))
            } else {
                props.error.clone()
            };
            html! {
                <form class="h-fact__form" {onsubmit}>
                    if matches!(field, ProfileField::Bio | ProfileField::Address) {
                        <TextArea label={name.clone()} quiet_label={true} value={text.clone()} on_input={set} {error} max={field.max_chars()} autofocus={true} rows={2} {on_key} test_id="field-text" />
                    } else {
                        <TextField label={name.clone()} quiet_label={true} value={text.clone()} on_input={set} {error} max={field.max_chars()} autofocus={true} kind={input_kind(field)} {on_key} test_id="field-text" />
                    }
                    <div class="l-row u-gap-8">
                        <Button size={Size::S} variant={Variant::Filled} kind={ButtonKind::Submit} pending={props.pending} test_id="field-save">{ t!("action-save") }</Button>
                        <Button size={Size::S} variant={Variant::Quiet} on_click={cancel.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                    </div>
                </form>
            }
        }
        None if value.is_empty() && editable => html! {
            <button type="button" class="h-fact__add" onclick={begin.clone()}>{ t!("field-add", "name" => &name) }</button>
        },
        None if matches!(field, ProfileField::Picture | ProfileField::FriendList) => html! {
            <p class="h-fact__value u-text-2">{ if field == ProfileField::Picture { t!("field-picture-hint") } else { t!("field-friend-list-hint") } }</p>
        },
        None if value.is_empty() => html! { <p class="h-fact__value u-text-3">{ t!("field-empty") }</p> },
        None => html! { <div class="h-fact__value">{ value_view(field, value) }</div> },
    };
    html! {
        <div class="h-fact" data-field={format!("{field:?}")} data-test="fact">
            <span class="h-fact__icon"><Icon name={field_icon(field)} /></span>
            <div class="h-fact__words">
                <div class="h-fact__name">{ name.clone() }</div>
                { body }
            </div>
            if editing.is_none() && (audience.is_some() || editable) {
                <div class="h-fact__end">
                    if let (Some(audience), Some(on_audience)) = (audience, &props.on_audience) {
                        <AudienceSelect
                            audience={*audience}
                            on_change={on_audience.reform(move |to| (field, to))}
                            label={t!("field-audience", "name" => &name)}
                            test_id="field-audience"
                        />
                    }
                    if editable && !value.is_empty() {
                        <IconButton icon={IconName::Pencil} label={t!("field-edit", "name" => &name)} size={Size::S} on_click={begin} test_id="field-edit" />
                    }
                </div>
            }
        </div>
    }
}

fn input_kind(field: ProfileField) -> &'static str {
    match field {
        ProfileField::Email => "email",
        ProfileField::Phone => "tel",
        _ => "text",
    }
}
