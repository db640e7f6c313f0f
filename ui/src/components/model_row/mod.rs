//! A model of a provider: what it is, what it can, whether it is the one used by default.

use crate::components::answer_block::{model_name, place_of};
use crate::components::model_picker::{can_chat, facts};
use crate::components::{Badge, Icon, IconName, IconSize, LocalityBadge, Menu, MenuItem, Tone};
use crate::t;
use hearth_api::provider::{Locality, Model, ProviderOwner};
use yew::prelude::*;

/// Properties of [`ModelRow`].
#[derive(Properties, PartialEq)]
pub struct ModelRowProps {
    /// The model.
    pub model: Model,
    /// Its provider's name.
    pub provider: AttrValue,
    /// Where its provider is: said again only where the model is elsewhere.
    pub locality: Locality,
    /// Whether it is the person's own default.
    #[prop_or_default]
    pub mine: bool,
    /// Whether it is the home's default.
    #[prop_or_default]
    pub of_home: bool,
    /// Whether the person may choose the home's default here.
    #[prop_or_default]
    pub admin: bool,
    /// Whether the person may change what is said about it.
    #[prop_or_default]
    pub editable: bool,
    /// Changes what is said about it.
    #[prop_or_default]
    pub on_describe: Callback<()>,
    /// Takes it away, when its id was typed by hand.
    #[prop_or_default]
    pub on_remove: Callback<()>,
    /// Makes it a default, or no longer one.
    pub on_default: Callback<(ProviderOwner, bool)>,
}

/// What a model can, in words; other words of newer versions stand as they are.
pub(crate) fn capability(name: &str) -> AttrValue {
    match name {
        "chat" => t!("model-can-chat"),
        "vision" => t!("model-can-vision"),
        "tools" => t!("model-can-tools"),
        "reasoning" => t!("model-can-reasoning"),
        "embedding" => t!("model-can-embedding"),
        "audio" => t!("model-can-audio"),
        other => AttrValue::from(other.to_owned()),
    }
}

/// A model.
#[component]
pub fn ModelRow(props: &ModelRowProps) -> Html {
    let model = &props.model;
    let elsewhere = (model.locality != Locality::Unknown && model.locality > props.locality)
        .then(|| place_of(model.locality, &t!("locality-cloud", "name" => &props.provider)))
        .flatten();
    let set = |owner: ProviderOwner, on: bool| {
        let on_default = props.on_default.clone();
        Callback::from(move |()| on_default.emit((owner, on)))
    };
    let mut items = Vec::new();
    if can_chat(model) {
        items.push(MenuItem::Check {
            label: t!("models-use-for-me"),
            checked: props.mine,
            run: set(ProviderOwner::Me, !props.mine),
        });
        if props.admin {
            items.push(MenuItem::Check {
                label: t!("models-use-for-home"),
                checked: props.of_home,
                run: set(ProviderOwner::Home, !props.of_home),
            });
        }
    }
    if props.editable {
        items.push(
            MenuItem::action(t!("models-describe"), IconName::Pencil, props.on_describe.clone())
                .test("model-describe"),
        );
        if model.by_hand {
            items.push(
                MenuItem::danger(t!("models-remove"), IconName::Trash2, props.on_remove.clone())
                    .test("model-remove"),
            );
        }
    }
    let line = facts(model);
    html! {
        <div class="h-model-row" data-test="model">
            <Icon name={IconName::Cpu} size={IconSize::S} class="h-model-row__icon" />
            <div class="h-model-row__words">
                <span class="h-model-row__name" dir="ltr">{ model_name(&model.id).to_owned() }</span>
                <span class="h-model-row__facts">
                    if !line.is_empty() { <span>{ line }</span> }
                    { for model.capabilities.iter().filter(|c| *c != "chat").map(|c| html! { <span class="h-model-row__can">{ capability(c) }</span> }) }
                </span>
            </div>
            <div class="h-model-row__end">
                if model.by_hand { <Badge icon={IconName::Keyboard}>{ t!("models-by-hand") }</Badge> }
                if model.told.is_some() { <Badge icon={IconName::Pencil} tip={t!("models-described-tip")}>{ t!("models-described") }</Badge> }
                if props.mine { <Badge tone={Tone::Ai} icon={IconName::Star}>{ t!("models-default-me") }</Badge> }
                if props.of_home { <Badge tone={Tone::Ai} icon={IconName::House}>{ t!("models-default-home") }</Badge> }
                if let Some(place) = elsewhere { <LocalityBadge {place} /> }
                if !items.is_empty() { <Menu label={t!("models-menu", "model" => model_name(&model.id))} {items} test_id="model-menu" /> }
            </div>
        </div>
    }
}
