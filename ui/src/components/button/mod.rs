//! Buttons: verbs. One filled button a view; submit is never greyed out.

use crate::components::Size;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::frame::nav::{go_link, use_go};
use crate::kit::keys::{self, Key};
use crate::routes::Route;
use yew::prelude::*;

choices! {
    /// How a button looks.
    Variant {
        /// The primary action of a view.
        Filled => "filled",
        /// A secondary action.
        #[default]
        Soft => "soft",
        /// An action among many.
        Quiet => "quiet",
        /// Something that cannot be taken back.
        Danger => "danger",
        /// Something that asks an assistant.
        Ai => "ai",
    }
}

choices! {
    /// What a button does in a form.
    ButtonKind {
        /// Only what it says.
        #[default]
        Button => "button",
        /// Sends the form.
        Submit => "submit",
    }
}

/// Properties of [`Button`].
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// The words.
    #[prop_or_default]
    pub children: Html,
    /// How it looks.
    #[prop_or_default]
    pub variant: Variant,
    /// How large it is.
    #[prop_or_default]
    pub size: Size,
    /// An icon before the words.
    #[prop_or_default]
    pub start: Option<IconName>,
    /// An icon after the words.
    #[prop_or_default]
    pub end: Option<IconName>,
    /// Pressed.
    #[prop_or_default]
    pub on_click: Callback<MouseEvent>,
    /// Whether what it started still runs: it stays focusable and does nothing.
    #[prop_or_default]
    pub pending: bool,
    /// What it does in a form.
    #[prop_or_default]
    pub kind: ButtonKind,
    /// Whether it takes the whole width.
    #[prop_or_default]
    pub full: bool,
    /// A longer name for screen readers.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// For a button that stays pressed.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// For a button that opens something.
    #[prop_or_default]
    pub expanded: Option<bool>,
    /// The id of what it opens.
    #[prop_or_default]
    pub controls: Option<AttrValue>,
    /// What its shortcut is that of, for screen readers.
    #[prop_or_default]
    pub keys: Option<Key>,
    /// The element.
    #[prop_or_default]
    pub node: NodeRef,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A button.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let onclick = (!props.pending).then(|| props.on_click.clone());
    // A form would be sent again by a second press.
    let kind = if props.pending {
        ButtonKind::Button
    } else {
        props.kind
    };
    html! {
        <button
            type={kind.as_str()}
            ref={props.node.clone()}
            class={classes!("h-button", props.class.clone())}
            data-variant={props.variant.as_str()}
            data-size={props.size.as_str()}
            data-full={props.full.then_some("true")}
            data-pending={props.pending.then_some("true")}
            data-test={props.test_id.clone()}
            aria-label={props.label.clone()}
            aria-disabled={props.pending.then_some("true")}
            aria-pressed={props.pressed.map(text_of)}
            aria-expanded={props.expanded.map(text_of)}
            aria-controls={props.controls.clone()}
            aria-keyshortcuts={aria_keys(props.keys)}
            {onclick}
        >
            { content(props.start, &props.children, props.end) }
        </button>
    }
}

fn text_of(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn content(start: Option<IconName>, children: &Html, end: Option<IconName>) -> Html {
    html! {
        <>
            if let Some(name) = start { <Icon {name} class="h-button__start" /> }
            <span class="h-button__label">{ children.clone() }</span>
            if let Some(name) = end { <Icon {name} class="h-button__end" /> }
        </>
    }
}

/// Properties of [`ButtonLink`].
#[derive(Properties, PartialEq)]
pub struct ButtonLinkProps {
    /// Where it leads.
    pub to: Route,
    /// The words.
    #[prop_or_default]
    pub children: Html,
    /// How it looks.
    #[prop_or_default]
    pub variant: Variant,
    /// How large it is.
    #[prop_or_default]
    pub size: Size,
    /// An icon before the words.
    #[prop_or_default]
    pub start: Option<IconName>,
    /// An icon after the words.
    #[prop_or_default]
    pub end: Option<IconName>,
    /// Whether it takes the whole width.
    #[prop_or_default]
    pub full: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A link to another place that looks like a button.
#[component]
pub fn ButtonLink(props: &ButtonLinkProps) -> Html {
    let go = use_go();
    let (href, onclick) = go_link(&go, &props.to);
    html! {
        <a
            {href}
            {onclick}
            class="h-button"
            data-variant={props.variant.as_str()}
            data-size={props.size.as_str()}
            data-full={props.full.then_some("true")}
            data-test={props.test_id.clone()}
        >
            { content(props.start, &props.children, props.end) }
        </a>
    }
}

/// Properties of [`IconButton`].
#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    /// The icon.
    pub icon: IconName,
    /// What it does; its name for screen readers and the tooltip.
    pub label: AttrValue,
    /// How it looks.
    #[prop_or(Variant::Quiet)]
    pub variant: Variant,
    /// How large it is.
    #[prop_or_default]
    pub size: Size,
    /// Pressed.
    #[prop_or_default]
    pub on_click: Callback<MouseEvent>,
    /// Whether what it started still runs.
    #[prop_or_default]
    pub pending: bool,
    /// What it does in a form.
    #[prop_or_default]
    pub kind: ButtonKind,
    /// For a button that stays pressed.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// For a button that opens something.
    #[prop_or_default]
    pub expanded: Option<bool>,
    /// What kind of thing it opens (`menu`, `dialog`).
    #[prop_or_default]
    pub popup: Option<AttrValue>,
    /// The id of what it opens.
    #[prop_or_default]
    pub controls: Option<AttrValue>,
    /// What its shortcut is that of.
    #[prop_or_default]
    pub keys: Option<Key>,
    /// The element.
    #[prop_or_default]
    pub node: NodeRef,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A button that shows only an icon; its name appears as a tooltip.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let onclick = (!props.pending).then(|| props.on_click.clone());
    html! {
        <button
            type={props.kind.as_str()}
            ref={props.node.clone()}
            class={classes!("h-button", "h-button--icon", props.class.clone())}
            data-variant={props.variant.as_str()}
            data-size={props.size.as_str()}
            data-pending={props.pending.then_some("true")}
            data-test={props.test_id.clone()}
            data-tip={props.label.clone()}
            aria-label={props.label.clone()}
            aria-disabled={props.pending.then_some("true")}
            aria-pressed={props.pressed.map(text_of)}
            aria-expanded={props.expanded.map(text_of)}
            aria-haspopup={props.popup.clone()}
            aria-controls={props.controls.clone()}
            aria-keyshortcuts={aria_keys(props.keys)}
            {onclick}
        >
            <Icon name={props.icon} size={icon_size(props.size)} />
        </button>
    }
}

/// The shortcut of a button as it is now, for `aria-keyshortcuts`.
pub(crate) fn aria_keys(key: Option<Key>) -> Option<String> {
    key.and_then(keys::first).and_then(|keys| keys::aria(&keys))
}

fn icon_size(size: Size) -> IconSize {
    if size == Size::S { IconSize::S } else { IconSize::M }
}

/// Properties of [`IconLink`].
#[derive(Properties, PartialEq)]
pub struct IconLinkProps {
    /// Where it leads.
    pub to: Route,
    /// The icon.
    pub icon: IconName,
    /// Its name.
    pub label: AttrValue,
    /// How it looks.
    #[prop_or(Variant::Quiet)]
    pub variant: Variant,
    /// How large it is.
    #[prop_or_default]
    pub size: Size,
}

/// A link to another place that shows only an icon.
#[component]
pub fn IconLink(props: &IconLinkProps) -> Html {
    let go = use_go();
    let (href, onclick) = go_link(&go, &props.to);
    html! {
        <a
            {href}
            {onclick}
            class="h-button h-button--icon"
            data-variant={props.variant.as_str()}
            data-size={props.size.as_str()}
            data-tip={props.label.clone()}
            aria-label={props.label.clone()}
        >
            <Icon name={props.icon} size={icon_size(props.size)} />
        </a>
    }
}
