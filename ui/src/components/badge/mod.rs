//! Small marks: a state, a count, a chosen filter.

use crate::components::Tone;
use crate::components::icon::{Icon, IconName, IconSize};
use yew::prelude::*;

/// Properties of [`Badge`].
#[derive(Properties, PartialEq)]
pub struct BadgeProps {
    /// The words.
    #[prop_or_default]
    pub children: Html,
    /// What it means.
    #[prop_or_default]
    pub tone: Tone,
    /// An icon before the words.
    #[prop_or_default]
    pub icon: Option<IconName>,
    /// More, for hover and focus.
    #[prop_or_default]
    pub tip: Option<AttrValue>,
}

/// A state in a word or two.
#[component]
pub fn Badge(props: &BadgeProps) -> Html {
    html! {
        <span class="h-badge" data-tone={props.tone.as_str()} data-tip={props.tip.clone()}>
            if let Some(name) = props.icon { <Icon {name} size={IconSize::S} /> }
            <span>{ props.children.clone() }</span>
        </span>
    }
}

/// Properties of [`CountBadge`].
#[derive(Properties, PartialEq)]
pub struct CountBadgeProps {
    /// How many; nothing is drawn for none.
    pub count: u32,
    /// What is counted, for screen readers ("3 unread").
    #[prop_or_default]
    pub label: Option<AttrValue>,
}

/// A count of things from people that wait; to 99+.
#[component]
pub fn CountBadge(props: &CountBadgeProps) -> Html {
    if props.count == 0 {
        return Html::default();
    }
    let text = if props.count > 99 {
        "99+".to_owned()
    } else {
        props.count.to_string()
    };
    html! {
        <span class="h-count" data-count={text.clone()}>
            <span aria-hidden={props.label.as_ref().map(|_| "true")}>{ text }</span>
            if let Some(label) = &props.label { <span class="u-hidden-visually">{ label.clone() }</span> }
        </span>
    }
}

/// Properties of [`Chip`].
#[derive(Properties, PartialEq)]
pub struct ChipProps {
    /// The words.
    #[prop_or_default]
    pub children: Html,
    /// What it means.
    #[prop_or_default]
    pub tone: Tone,
    /// An icon before the words.
    #[prop_or_default]
    pub icon: Option<IconName>,
    /// Whether it is chosen.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// Pressed; without it the chip only shows something.
    #[prop_or_default]
    pub on_click: Option<Callback<MouseEvent>>,
    /// Taken away; shows a cross with this name.
    #[prop_or_default]
    pub on_remove: Option<(AttrValue, Callback<MouseEvent>)>,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A filter or a choice as a pill.
#[component]
pub fn Chip(props: &ChipProps) -> Html {
    let content = html! {
        <>
            if let Some(name) = props.icon { <Icon {name} size={IconSize::S} /> }
            <span class="u-truncate">{ props.children.clone() }</span>
        </>
    };
    if let Some(onclick) = &props.on_click {
        return html! {
            <button
                type="button"
                class="h-chip"
                data-tone={props.tone.as_str()}
                data-test={props.test_id.clone()}
                aria-pressed={props.pressed.map(|p| if p { "true" } else { "false" })}
                {onclick}
            >
                { content }
            </button>
        };
    }
    html! {
        <span class="h-chip" data-tone={props.tone.as_str()} data-test={props.test_id.clone()}>
            { content }
            if let Some((label, onclick)) = &props.on_remove {
                <button type="button" class="h-chip__remove" aria-label={label.clone()} {onclick}>
                    <Icon name={IconName::X} size={IconSize::S} />
                </button>
            }
        </span>
    }
}
