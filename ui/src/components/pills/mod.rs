//! Pills over a list: what is new above, and the way to the latest below. Nothing ever pushes the reader.

use crate::components::icon::{Icon, IconName, IconSize};
use crate::t;
use yew::prelude::*;

/// Properties of [`NewItemsPill`].
#[derive(Properties, PartialEq)]
pub struct NewItemsPillProps {
    /// How many; nothing is drawn for none.
    pub count: u32,
    /// What they are ("4 new posts").
    pub label: AttrValue,
    /// Shows them.
    pub on_click: Callback<MouseEvent>,
}

/// Says that something new is there.
#[component]
pub fn NewItemsPill(props: &NewItemsPillProps) -> Html {
    if props.count == 0 {
        return Html::default();
    }
    html! {
        <div class="h-pill-place" data-edge="top">
            <button type="button" class="h-pill" data-tone="accent" onclick={props.on_click.clone()} data-test="new-items">
                <Icon name={IconName::ArrowUp} size={IconSize::S} />
                { props.label.clone() }
            </button>
        </div>
    }
}

/// Properties of [`JumpPill`].
#[derive(Properties, PartialEq)]
pub struct JumpPillProps {
    /// Whether the reader is away from the end.
    pub shown: bool,
    /// How many came meanwhile.
    #[prop_or_default]
    pub count: u32,
    /// Goes to the end.
    pub on_click: Callback<MouseEvent>,
}

/// The way to the latest.
#[component]
pub fn JumpPill(props: &JumpPillProps) -> Html {
    if !props.shown {
        return Html::default();
    }
    html! {
        <div class="h-pill-place" data-edge="bottom">
            <button type="button" class="h-pill" onclick={props.on_click.clone()} data-test="jump-latest">
                <Icon name={IconName::ArrowDown} size={IconSize::S} />
                { if props.count > 0 { t!("jump-new", "count" => props.count) } else { t!("jump-latest") } }
            </button>
        </div>
    }
}
