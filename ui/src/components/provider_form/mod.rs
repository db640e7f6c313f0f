//! Setting up a server of models: kind, name, address, key, whom it serves, how long to wait for it.

mod limits;

use crate::components::{
    Banner, Button, ButtonKind, Checkbox, IconName, PasswordField, RadioCard, RadioCards, TextField, Tone,
    Variant,
};
use crate::kit::dom::use_media;
use crate::kit::focus;
use crate::t;
use hearth_api::provider::{Provider, ProviderKind, ProviderOwner, SaveProvider};
use limits::{LimitFields, Limits, on_limits};
use yew::prelude::*;

/// Where Ollama listens unless told otherwise.
pub const OLLAMA: &str = "http://127.0.0.1:11434";

/// What the form begins with.
#[derive(Debug, Clone, PartialEq)]
pub enum ProviderDraft {
    /// A new one of a kind.
    New(ProviderKind),
    /// One that exists.
    Edit(Box<Provider>),
}

/// Properties of [`ProviderForm`].
#[derive(Properties, PartialEq)]
pub struct ProviderFormProps {
    /// What it begins with.
    pub draft: ProviderDraft,
    /// Whether the person may set one up for the whole home.
    pub admin: bool,
    /// Whether it is being saved.
    #[prop_or_default]
    pub pending: bool,
    /// Why it was refused, by field (`name`, `base_url`, the limits; anything else stands above the buttons).
    #[prop_or_default]
    pub error: Option<(AttrValue, AttrValue)>,
    /// Saves it.
    pub on_save: Callback<SaveProvider>,
    /// Leaves it.
    pub on_close: Callback<()>,
}

#[derive(Clone, PartialEq)]
struct Entered {
    kind: ProviderKind,
    name: String,
    address: String,
    key: String,
    remove_key: bool,
    owner: ProviderOwner,
    limits: Limits,
    tried: bool,
}

fn preset(kind: ProviderKind, admin: bool) -> Entered {
    let (name, address) = match kind {
        ProviderKind::Ollama => ("Ollama".to_owned(), OLLAMA.to_owned()),
        ProviderKind::OpenAi => (String::new(), String::new()),
    };
    let owner = if admin {
        ProviderOwner::Home
    } else {
        ProviderOwner::Me
    };
    Entered {
        kind,
        name,
        address,
        key: String::new(),
        remove_key: false,
        owner,
        limits: Limits::default(),
        tried: false,
    }
}

fn begin(draft: &ProviderDraft, admin: bool) -> Entered {
    match draft {
        ProviderDraft::New(kind) => preset(*kind, admin),
        ProviderDraft::Edit(provider) => Entered {
            kind: provider.kind,
            name: provider.name.clone(),
            address: provider.base_url.clone(),
            key: String::new(),
            remove_key: false,
            owner: provider.owner,
            limits: provider.limits.into(),
            tried: false,
        },
    }
}

fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.trim_start_matches('/').is_empty() && !rest.contains(char::is_whitespace))
}

/// The form of a provider.
#[component]
pub fn ProviderForm(props: &ProviderFormProps) -> Html {
    let entered = use_state_eq(|| begin(&props.draft, props.admin));
    let form = use_node_ref();
    let wide = use_media("(min-width: 640px)");
    let change = |apply: fn(&mut Entered, String)| {
        let entered = entered.clone();
        Callback::from(move |text: String| {
            let mut next = (*entered).clone();
            apply(&mut next, text);
            entered.set(next);
        })
    };
    let known = match &props.draft {
        ProviderDraft::Edit(provider) => Some(provider),
        ProviderDraft::New(_) => None,
    };
    let on_kind = {
        let (entered, admin, new) = (entered.clone(), props.admin, known.is_none());
        Callback::from(move |value: AttrValue| {
            let kind = if value == "ollama" {
                ProviderKind::Ollama
            } else {
                ProviderKind::OpenAi
            };
            let other = preset(
                if kind == ProviderKind::Ollama {
                    ProviderKind::OpenAi
                } else {
                    ProviderKind::Ollama
                },
                admin,
            );
            let mut next = Entered {
                kind,
                ..(*entered).clone()
            };
            // What was filled in for the other kind makes room; what was typed stays.
            if new && next.name == other.name && next.address == other.address {
                let own = preset(kind, admin);
                (next.name, next.address) = (own.name, own.address);
            }
            entered.set(next);
        })
    };
    let on_owner = {
        let entered = entered.clone();
        Callback::from(move |value: AttrValue| {
            let owner = if value == "home" {
                ProviderOwner::Home
            } else {
                ProviderOwner::Me
            };
            entered.set(Entered {
                owner,
                ..(*entered).clone()
            });
        })
    };
    let on_remove = {
        let entered = entered.clone();
        Callback::from(move |remove_key: bool| {
            entered.set(Entered {
                remove_key,
                ..(*entered).clone()
            })
        })
    };
    let name_missing = entered.name.trim().is_empty();
    let address_wrong = !is_address(entered.address.trim());
    let refused = |field: &str| {
        props
            .error
            .as_ref()
            .filter(|(on, _)| on == field)
            .map(|(_, words)| words.clone())
    };
    let name_error = (entered.tried && name_missing)
        .then(|| t!("provider-name-missing"))
        .or_else(|| refused("name"));
    let address_error = (entered.tried && address_wrong)
        .then(|| t!("provider-address-wrong"))
        .or_else(|| refused("base_url"));
    let other_error = props
        .error
        .as_ref()
        .filter(|(on, _)| on != "name" && on != "base_url" && !limits::FIELDS.contains(&on.as_str()))
        .map(|(_, words)| words.clone());
    let time_limits = entered.limits.read();
    {
        let form = form.clone();
        use_effect_with(props.error.clone(), move |error| {
            if error.is_some() {
                focus::first_invalid(&form);
            }
        });
    }
    let onsubmit = {
        let (entered, on_save, form) = (entered.clone(), props.on_save.clone(), form.clone());
        let id = known.map(|p| p.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if name_missing || address_wrong || time_limits.is_err() {
                entered.set(Entered {
                    tried: true,
                    ..(*entered).clone()
                });
                let form = form.clone();
                gloo_timers::callback::Timeout::new(30, move || focus::first_invalid(&form)).forget();
                return;
            }
            let key = entered.key.trim();
            let api_key = if entered.remove_key {
                Some(String::new())
            } else {
                (!key.is_empty()).then(|| key.to_owned())
            };
            on_save.emit(SaveProvider {
                id,
                name: entered.name.trim().to_owned(),
                kind: entered.kind,
                base_url: entered.address.trim().to_owned(),
                api_key,
                headers: None,
                owner: entered.owner,
                limits: time_limits.ok(),
            });
        })
    };
    let moved = known
        .is_some_and(|p| p.base_url.trim_end_matches('/') != entered.address.trim().trim_end_matches('/'));
    let has_key = known.is_some_and(|p| p.has_key);
    let card = |value: &'static str, label: AttrValue, hint: AttrValue, icon: IconName| RadioCard {
        value: value.into(),
        label,
        hint: Some(hint),
        icon: Some(icon),
    };
    html! {
        <form class="l-stack u-gap-20" ref={form} {onsubmit} novalidate=true data-test="provider-form">
            <RadioCards
                legend={t!("provider-kind")}
                row={wide}
                value={if entered.kind == ProviderKind::Ollama { "ollama" } else { "open_ai" }}
                cards={vec![
                    card("ollama", t!("provider-kind-ollama"), t!("provider-kind-ollama-hint"), IconName::House),
                    card("open_ai", t!("provider-kind-openai"), t!("provider-kind-openai-hint"), IconName::Server),
                ]}
                on_change={on_kind}
            />
            <TextField label={t!("provider-name")} value={entered.name.clone()} on_input={change(|e, text| e.name = text)} max={80} error={name_error}
                hint={t!("provider-name-hint")} required={true} test_id="provider-name" />
            <TextField label={t!("provider-address")} value={entered.address.clone()} on_input={change(|e, text| e.address = text)} kind="url"
                placeholder={t!("provider-address-example")} hint={t!("provider-address-hint")} error={address_error} literal={true} required={true} test_id="provider-address" />
            if !(has_key && entered.remove_key) {
                <PasswordField
                    label={t!("provider-key")}
                    value={entered.key.clone()}
                    on_input={change(|e, text| e.key = text)}
                    hint={if has_key && !moved { t!("provider-key-stored") } else { t!("provider-key-hint") }}
                    test_id="provider-key"
                />
            }
            if has_key { <Checkbox label={t!("provider-key-remove")} checked={entered.remove_key} on_change={on_remove} /> }
            if moved && known.is_some() { <Banner tone={Tone::Warn}>{ t!("provider-moved") }</Banner> }
            if props.admin {
                <RadioCards
                    legend={t!("provider-owner")}
                    row={wide}
                    value={if entered.owner == ProviderOwner::Home { "home" } else { "me" }}
                    cards={vec![
                        card("home", t!("provider-owner-home"), t!("provider-owner-home-hint"), IconName::Users),
                        card("me", t!("provider-owner-me"), t!("provider-owner-me-hint"), IconName::User),
                    ]}
                    on_change={on_owner}
                />
            }
            <LimitFields limits={entered.limits.clone()} tried={entered.tried} error={props.error.clone()} on_change={on_limits(&entered)} />
            if let Some(words) = other_error { <Banner tone={Tone::Danger} alert={true}>{ words }</Banner> }
            <div class="h-dialog__buttons">
                <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_: MouseEvent| ())}>{ t!("action-cancel") }</Button>
                <Button variant={Variant::Filled} kind={ButtonKind::Submit} pending={props.pending} test_id="provider-save">{ t!("action-save") }</Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_scheme_and_a_host() {
        assert!(is_address(OLLAMA));
        assert!(is_address("https://api.example.org/v1"));
        for bad in ["", "127.0.0.1:11434", "ftp://x", "http://", "http:// x"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
