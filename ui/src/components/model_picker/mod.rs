//! Choosing a model: what is there, at which provider, and where it runs, in words.

use crate::components::answer_block::{model_name, place_of};
use crate::components::{Icon, IconName, IconSize, Link, LocalityBadge, Popover, TextField};
use crate::kit::focus::{self, Walk};
use crate::kit::time as when;
use crate::routes::Route;
use crate::t;
use hearth_api::provider::{Locality, Model, ModelRef, Provider};
use std::rc::Rc;
use yew::prelude::*;

/// More models than these can be searched.
const SEARCH_FROM: usize = 8;

/// Whether a model can hold a conversation; one that tells nothing may.
#[must_use]
pub fn can_chat(model: &Model) -> bool {
    model.capabilities.is_empty() || model.capabilities.iter().any(|c| c == "chat")
}

/// Where a model of a provider runs: the farther of both.
#[must_use]
pub fn where_runs(provider: &Provider, model: &str) -> Locality {
    let of_model = provider
        .models
        .iter()
        .find(|m| m.id == model)
        .map_or(Locality::Unknown, |m| m.locality);
    match (provider.locality, of_model) {
        (at, Locality::Unknown) => at,
        (at, own) => at.max(own),
    }
}

/// Properties of [`ModelPicker`].
#[derive(Properties, PartialEq)]
pub struct ModelPickerProps {
    /// What there is.
    pub providers: Rc<Vec<Provider>>,
    /// The one chosen.
    #[prop_or_default]
    pub current: Option<ModelRef>,
    /// Another is chosen.
    pub on_choose: Callback<ModelRef>,
    /// Whether it opens upwards.
    #[prop_or_default]
    pub up: bool,
    /// Whether it is open; by itself when not given.
    #[prop_or_default]
    pub open: Option<bool>,
    /// Opened or closed.
    #[prop_or_default]
    pub on_open: Callback<bool>,
    /// What is chosen, for screen readers.
    #[prop_or_default]
    pub label: Option<AttrValue>,
}

/// A button with the model, and the list behind it.
#[component]
pub fn ModelPicker(props: &ModelPickerProps) -> Html {
    let own = use_state_eq(|| false);
    let open = props.open.unwrap_or(*own);
    let query = use_state_eq(String::new);
    let list = use_node_ref();
    let set = {
        let (own, query, on_open) = (own.setter(), query.setter(), props.on_open.clone());
        Callback::from(move |value: bool| {
            own.set(value);
            on_open.emit(value);
            query.set(String::new());
        })
    };
    {
        let list = list.clone();
        use_effect_with(open, move |open| {
            if *open && let Some(list) = list.cast::<web_sys::Element>() {
                let first = focus::all_in(&list, "input, [aria-pressed='true']")
                    .into_iter()
                    .next();
                let first = first.or_else(|| focus::all_in(&list, "button").into_iter().next());
                if let Some(first) = first {
                    let _focused = first.focus();
                }
            }
        });
    }
    let name = props
        .current
        .as_ref()
        .map(|m| AttrValue::from(model_name(&m.model).to_owned()));
    let label = props.label.clone().unwrap_or_else(|| t!("model-picker"));
    let words = name.clone().unwrap_or_else(|| t!("model-none"));
    let trigger = html! {
        <button
            type="button"
            class="h-model-picker__button"
            aria-label={t!("model-picker-now", "label" => &label, "model" => &words)}
            aria-haspopup="true"
            aria-expanded={if open { "true" } else { "false" }}
            data-test="model-picker"
            onclick={set.reform(move |_: MouseEvent| !open)}
        >
            <Icon name={IconName::Cpu} size={IconSize::S} />
            <span class="u-truncate">{ words }</span>
            <Icon name={IconName::ChevronDown} size={IconSize::S} />
        </button>
    };
    let total: usize = props
        .providers
        .iter()
        .map(|p| p.models.iter().filter(|m| can_chat(m)).count())
        .sum();
    let wanted = query.trim().to_lowercase();
    let groups: Vec<(&Provider, Vec<&Model>)> = props
        .providers
        .iter()
        .map(|p| {
            let fits =
                |m: &&Model| can_chat(m) && (wanted.is_empty() || m.id.to_lowercase().contains(&wanted));
            (p, p.models.iter().filter(fits).collect::<Vec<_>>())
        })
        .filter(|(_, models)| !models.is_empty())
        .collect();
    let onkeydown = {
        let list = list.clone();
        Callback::from(move |event: KeyboardEvent| {
            focus::rove(&event, &list, ".h-model-picker__model", Walk::Vertical);
        })
    };
    let on_query = {
        let query = query.setter();
        Callback::from(move |text: String| query.set(text))
    };
    // The field stands in the composer's form: Enter chooses, it must not send the message.
    let on_key = {
        let first = (!wanted.is_empty()).then(|| first_hit(&groups)).flatten();
        let (on_choose, set) = (props.on_choose.clone(), set.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() != "Enter" || event.is_composing() {
                return;
            }
            event.prevent_default();
            if let Some(first) = &first {
                set.emit(false);
                on_choose.emit(first.clone());
            }
        })
    };
    html! {
        <Popover {label} {open} on_close={set.reform(|()| false)} {trigger} up={props.up} from_start={true}>
            <div class="h-model-picker" ref={list} {onkeydown}>
                if total > SEARCH_FROM {
                    <TextField label={t!("model-search")} quiet_label={true} placeholder={t!("model-search")} kind="search" start={IconName::Search}
                        value={(*query).clone()} on_input={on_query} {on_key} literal={true} test_id="model-search" />
                }
                <div class="h-model-picker__list">
                    if groups.is_empty() { <p class="u-text-2 u-sm u-pad-16">{ if total == 0 { t!("model-picker-empty") } else { t!("model-search-none") } }</p> }
                    { for groups.iter().map(|(provider, models)| group(provider, models, props, &set)) }
                </div>
                <Link to={Route::Models} class="h-model-picker__more"><Icon name={IconName::SlidersHorizontal} size={IconSize::S} />{ t!("model-manage") }</Link>
            </div>
        </Popover>
    }
}

/// The model at the top of what was found.
fn first_hit(groups: &[(&Provider, Vec<&Model>)]) -> Option<ModelRef> {
    groups.iter().find_map(|(provider, models)| {
        let model = models.first()?.id.clone();
        Some(ModelRef {
            provider: provider.id,
            model,
        })
    })
}

fn group(provider: &Provider, models: &[&Model], props: &ModelPickerProps, set: &Callback<bool>) -> Html {
    let badge = place_of(provider.locality, &provider.name);
    html! {
        <section class="h-model-picker__group" aria-label={provider.name.clone()}>
            <div class="h-model-picker__provider">
                <bdi class="u-truncate">{ provider.name.clone() }</bdi>
                if let Some(place) = badge { <LocalityBadge {place} /> }
            </div>
            if provider.online == Some(false) { <p class="h-model-picker__note">{ t!("provider-offline-note") }</p> }
            if provider.consent_needed { <p class="h-model-picker__note">{ t!("provider-consent-note") }</p> }
            { for models.iter().map(|model| {
                let this = ModelRef { provider: provider.id, model: model.id.clone() };
                let chosen = props.current.as_ref() == Some(&this);
                let (on_choose, set) = (props.on_choose.clone(), set.clone());
                let onclick = Callback::from(move |_: MouseEvent| {
                    set.emit(false);
                    on_choose.emit(this.clone());
                });
                let elsewhere = (model.locality == Locality::Remote && provider.locality != Locality::Remote)
                    .then(|| place_of(model.locality, &t!("locality-cloud", "name" => &provider.name))).flatten();
                html! {
                    <button type="button" class="h-model-picker__model" aria-pressed={if chosen { "true" } else { "false" }} {onclick}>
                        <span class="h-model-picker__words">
                            <span class="h-model-picker__name" dir="ltr">{ model_name(&model.id).to_owned() }</span>
                            <span class="h-model-picker__facts">{ facts(model) }</span>
                        </span>
                        if let Some(place) = elsewhere { <LocalityBadge {place} /> }
                        if chosen { <Icon name={IconName::Check} size={IconSize::S} /> }
                    </button>
                }
            }) }
        </section>
    }
}

/// What is worth knowing of a model, in a line.
#[must_use]
pub fn facts(model: &Model) -> String {
    let mut facts: Vec<String> = Vec::new();
    if let Some(size) = model.size.filter(|s| *s > 0) {
        facts.push(when::bytes(size));
    }
    if let Some(context) = model.context {
        facts.push(t!("model-context", "count" => when::number(f64::from(context))).to_string());
    }
    if model.loaded == Some(true) {
        facts.push(t!("model-loaded").to_string());
    }
    facts.join(" · ")
}
