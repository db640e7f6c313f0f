//! A verb, and others beside it behind a menu.

use crate::components::button::{Button, Variant};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::menu::{Menu, MenuItem};
use crate::kit::keys::Key;
use yew::prelude::*;

/// Properties of [`SplitButton`].
#[derive(Properties, PartialEq)]
pub struct SplitButtonProps {
    /// The words of the verb.
    #[prop_or_default]
    pub children: Html,
    /// How it looks.
    #[prop_or_default]
    pub variant: Variant,
    /// The verb.
    pub on_click: Callback<MouseEvent>,
    /// Whether what it started still runs.
    #[prop_or_default]
    pub pending: bool,
    /// What its shortcut is that of.
    #[prop_or_default]
    pub keys: Option<Key>,
    /// What the menu is about.
    pub menu_label: AttrValue,
    /// The other verbs.
    pub items: Vec<MenuItem>,
    /// Whether the menu opens upwards.
    #[prop_or_default]
    pub up: bool,
    /// For tests: on the verb; the menu's button has `-more` after it.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A button with a menu at its end.
#[component]
pub fn SplitButton(props: &SplitButtonProps) -> Html {
    let more = props
        .test_id
        .as_ref()
        .map(|id| AttrValue::from(format!("{id}-more")));
    html! {
        <div class="h-split" data-variant={props.variant.as_str()}>
            <Button
                variant={props.variant}
                on_click={props.on_click.clone()}
                pending={props.pending}
                keys={props.keys}
                class={classes!("h-split__verb")}
                test_id={props.test_id.clone()}
            >{ props.children.clone() }</Button>
            <Menu
                label={props.menu_label.clone()}
                items={props.items.clone()}
                trigger={html! { <span class="h-split__more"><Icon name={IconName::ChevronDown} size={IconSize::S} /></span> }}
                up={props.up}
                test_id={more}
            />
        </div>
    }
}
