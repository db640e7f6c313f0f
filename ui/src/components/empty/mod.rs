//! A place where nothing is yet: what it is for and the first step.

use crate::components::Tone;
use crate::components::icon::{Icon, IconName, IconSize};
use yew::prelude::*;

/// Properties of [`EmptyState`].
#[derive(Properties, PartialEq)]
pub struct EmptyStateProps {
    /// The icon.
    pub icon: IconName,
    /// What is (not) here; empty where the page says it.
    #[prop_or_default]
    pub title: AttrValue,
    /// What it is for.
    #[prop_or_default]
    pub text: Option<AttrValue>,
    /// The first steps.
    #[prop_or_default]
    pub children: Html,
    /// Its colour: people or assistant.
    #[prop_or(Tone::Accent)]
    pub tone: Tone,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A place where nothing is yet.
#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    html! {
        <div class="h-empty" data-test={props.test_id.clone()}>
            <span class="h-empty__icon" data-tone={props.tone.as_str()}><Icon name={props.icon} size={IconSize::Xl} /></span>
            if !props.title.is_empty() { <h2 class="h-empty__title">{ props.title.clone() }</h2> }
            if let Some(text) = &props.text { <p class="h-empty__text">{ text.clone() }</p> }
            if props.children != Html::default() { <div class="h-empty__actions">{ props.children.clone() }</div> }
        </div>
    }
}
