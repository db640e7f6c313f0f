//! A menu behind a button: arrows walk, letters jump, Esc returns.

use crate::components::button::{IconButton, Variant};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::popover::{Side, use_anchored};
use crate::components::{Size, Tone};
use crate::kit::focus::{self, Walk};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// A line of a [`Menu`].
#[derive(Debug, Clone, PartialEq)]
pub enum MenuItem {
    /// Something to do.
    Action {
        /// A verb.
        label: AttrValue,
        /// Its icon.
        icon: Option<IconName>,
        /// `Danger` for what cannot be taken back.
        tone: Tone,
        /// What it does.
        run: Callback<()>,
        /// For tests.
        test_id: Option<AttrValue>,
    },
    /// A choice that is on or off.
    Check {
        /// What is on or off.
        label: AttrValue,
        /// Whether it is on.
        checked: bool,
        /// What choosing it does.
        run: Callback<()>,
    },
    /// One of several choices that exclude each other.
    Radio {
        /// What is chosen.
        label: AttrValue,
        /// Whether it is the one.
        chosen: bool,
        /// What choosing it does.
        run: Callback<()>,
    },
    /// A line between.
    Line,
}

impl MenuItem {
    /// Something to do.
    #[must_use]
    pub fn action(label: impl Into<AttrValue>, icon: IconName, run: Callback<()>) -> Self {
        Self::Action {
            label: label.into(),
            icon: Some(icon),
            tone: Tone::Neutral,
            run,
            test_id: None,
        }
    }
    /// Something to do that takes something away.
    #[must_use]
    pub fn danger(label: impl Into<AttrValue>, icon: IconName, run: Callback<()>) -> Self {
        Self::Action {
            label: label.into(),
            icon: Some(icon),
            tone: Tone::Danger,
            run,
            test_id: None,
        }
    }
    /// The same with a name for tests.
    #[must_use]
    pub fn test(mut self, id: &'static str) -> Self {
        if let Self::Action { test_id, .. } = &mut self {
            *test_id = Some(id.into());
        }
        self
    }
}

/// Properties of [`Menu`].
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// What the menu is about; the button's name.
    pub label: AttrValue,
    /// The lines.
    pub items: Vec<MenuItem>,
    /// The button's icon.
    #[prop_or(IconName::Ellipsis)]
    pub icon: IconName,
    /// The button's size.
    #[prop_or(Size::S)]
    pub size: Size,
    /// What is shown instead of the icon; it becomes a button.
    #[prop_or_default]
    pub trigger: Option<Html>,
    /// The side that the menu grows from: its end by default.
    #[prop_or_default]
    pub from_start: bool,
    /// Whether it opens upwards.
    #[prop_or_default]
    pub up: bool,
    /// For tests: on the button.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let anchor = use_node_ref();
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            open.set(!*open);
        })
    };
    let button = match &props.trigger {
        Some(trigger) => html! {
            <button
                type="button"
                class="h-menu__trigger"
                aria-label={props.label.clone()}
                aria-haspopup="menu"
                aria-expanded={if *open { "true" } else { "false" }}
                data-test={props.test_id.clone()}
                onclick={toggle}
            >{ trigger.clone() }</button>
        },
        None => html! {
            <IconButton
                icon={props.icon}
                label={props.label.clone()}
                size={props.size}
                variant={Variant::Quiet}
                popup="menu"
                expanded={*open}
                on_click={toggle}
                test_id={props.test_id.clone()}
            />
        },
    };
    html! {
        <div class="h-menu" ref={anchor.clone()}>
            { button }
            if *open {
                <MenuList
                    label={props.label.clone()}
                    items={props.items.clone()}
                    {anchor}
                    from_start={props.from_start}
                    up={props.up}
                    on_close={close}
                />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MenuListProps {
    label: AttrValue,
    items: Vec<MenuItem>,
    anchor: NodeRef,
    from_start: bool,
    up: bool,
    on_close: Callback<()>,
}

/// The lines, while the menu is open.
#[component]
fn MenuList(props: &MenuListProps) -> Html {
    let (dialog, list) = (use_node_ref(), use_node_ref());
    use_anchored(
        &dialog,
        &props.anchor,
        Side {
            from_start: props.from_start,
            up: props.up,
        },
        props.on_close.clone(),
    );
    {
        let list = list.clone();
        use_effect_with((), move |()| {
            if let Some(first) = items_of(&list).into_iter().next() {
                let _focused = first.focus();
            }
        });
    }
    let onkeydown = {
        let (on_close, list) = (props.on_close.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key == "Tab" {
                event.prevent_default();
                on_close.emit(());
            } else if !focus::rove(&event, &list, "[role^='menuitem']", Walk::Vertical)
                && key.chars().count() == 1
                && key != " "
            {
                // A letter jumps to the next line that begins with it.
                let items = items_of(&list);
                let here = focus::active();
                let from = items
                    .iter()
                    .position(|i| here.as_ref() == Some(i))
                    .map_or(0, |at| at + 1);
                let wanted = key.to_lowercase();
                let starts = |item: &&HtmlElement| {
                    item.text_content()
                        .unwrap_or_default()
                        .trim()
                        .to_lowercase()
                        .starts_with(&wanted)
                };
                if let Some(item) = items
                    .iter()
                    .skip(from)
                    .chain(items.iter().take(from))
                    .find(starts)
                {
                    let _focused = item.focus();
                }
                event.prevent_default();
            }
        })
    };
    html! {
        <dialog ref={dialog} class="h-anchored" aria-label={props.label.clone()}>
            <div ref={list} class="h-anchored__body h-menu__list" role="menu" aria-label={props.label.clone()} {onkeydown}>
                { for props.items.iter().map(|item| line(item, &props.on_close)) }
            </div>
        </dialog>
    }
}

fn items_of(list: &NodeRef) -> Vec<HtmlElement> {
    list.cast::<Element>()
        .map(|l| focus::all_in(&l, "[role^='menuitem']"))
        .unwrap_or_default()
}

fn line(item: &MenuItem, close: &Callback<()>) -> Html {
    let press = |run: &Callback<()>| {
        let (run, close) = (run.clone(), close.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            close.emit(());
            run.emit(());
        })
    };
    match item {
        MenuItem::Line => html! { <div class="h-menu__line" role="separator" /> },
        MenuItem::Action {
            label,
            icon,
            tone,
            run,
            test_id,
        } => html! {
            <button type="button" class="h-menu__item" role="menuitem" tabindex="-1" data-tone={tone.as_str()} data-test={test_id.clone()} onclick={press(run)}>
                if let Some(name) = icon { <Icon name={*name} /> }
                <span>{ label.clone() }</span>
            </button>
        },
        MenuItem::Check { label, checked, run }
        | MenuItem::Radio {
            label,
            chosen: checked,
            run,
        } => html! {
            <button
                type="button"
                class="h-menu__item"
                role={if matches!(item, MenuItem::Radio { .. }) { "menuitemradio" } else { "menuitemcheckbox" }}
                tabindex="-1"
                aria-checked={if *checked { "true" } else { "false" }}
                onclick={press(run)}
            >
                <span class="h-menu__check"><Icon name={IconName::Check} size={IconSize::S} /></span>
                <span>{ label.clone() }</span>
            </button>
        },
    }
}
