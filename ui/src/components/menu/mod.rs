//! A menu behind a button: arrows walk, letters jump, Esc returns.

use crate::components::button::{IconButton, Variant};
use crate::components::icon::{Icon, IconName, IconSize};
use crate::components::{Size, Tone};
use crate::kit::dom::{use_unique, use_window_event};
use crate::kit::focus::{self, Walk};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
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
    /// A line between.
    Line,
}

impl MenuItem {
    /// Something to do.
    #[must_use]
    pub fn action(label: impl Into<AttrValue>, icon: IconName, run: Callback<()>) -> Self {
        Self::Action { label: label.into(), icon: Some(icon), tone: Tone::Neutral, run, test_id: None }
    }
    /// Something to do that takes something away.
    #[must_use]
    pub fn danger(label: impl Into<AttrValue>, icon: IconName, run: Callback<()>) -> Self {
        Self::Action { label: label.into(), icon: Some(icon), tone: Tone::Danger, run, test_id: None }
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
    let id = use_unique("menu");
    let (root, list) = (use_node_ref(), use_node_ref());

    {
        let list = list.clone();
        use_effect_with(*open, move |open| {
            if *open && let Some(first) = items_of(&list).into_iter().next() {
                let _focused = first.focus();
            }
        });
    }
    {
        let (open, root) = (open.clone(), root.clone());
        use_window_event(
            "pointerdown",
            Callback::from(move |event: Event| {
                let inside = event
                    .target()
                    .and_then(|t| t.dyn_into::<Node>().ok())
                    .is_some_and(|target| root.get().is_some_and(|root| root.contains(Some(&target))));
                if *open && !inside {
                    open.set(false);
                }
            }),
        );
    }

    let close = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |()| {
            open.set(false);
            let button = root.cast::<Element>().and_then(|r| r.query_selector("button").ok().flatten());
            if let Some(button) = button.and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
                let _focused = button.focus();
            }
        })
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            open.set(!*open);
        })
    };
    let onkeydown = {
        let (close, list) = (close.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key == "Escape" || key == "Tab" {
                if key == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                }
                close.emit(());
            } else if !focus::rove(&event, &list, "[role^='menuitem']", Walk::Vertical) && key.chars().count() == 1 {
                // A letter jumps to the next line that begins with it.
                let items = items_of(&list);
                let here = focus::active();
                let from = items.iter().position(|i| here.as_ref() == Some(i)).map_or(0, |at| at + 1);
                let wanted = key.to_lowercase();
                let starts = |item: &&HtmlElement| {
                    item.text_content().unwrap_or_default().trim().to_lowercase().starts_with(&wanted)
                };
                if let Some(item) = items.iter().skip(from).chain(items.iter().take(from)).find(starts) {
                    let _focused = item.focus();
                }
                event.prevent_default();
                event.stop_propagation();
            }
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
                aria-controls={id.clone()}
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
                controls={id.clone()}
                on_click={toggle}
                test_id={props.test_id.clone()}
            />
        },
    };
    html! {
        <div class="h-menu" ref={root}>
            { button }
            if *open {
                <div
                    ref={list}
                    {id}
                    class="h-menu__list"
                    role="menu"
                    aria-label={props.label.clone()}
                    data-from={if props.from_start { "start" } else { "end" }}
                    data-up={props.up.then_some("true")}
                    {onkeydown}
                >
                    { for props.items.iter().map(|item| line(item, &close)) }
                </div>
            }
        </div>
    }
}

fn items_of(list: &NodeRef) -> Vec<HtmlElement> {
    list.cast::<Element>().map(|l| focus::all_in(&l, "[role^='menuitem']")).unwrap_or_default()
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
        MenuItem::Action { label, icon, tone, run, test_id } => html! {
            <button type="button" class="h-menu__item" role="menuitem" tabindex="-1" data-tone={tone.as_str()} data-test={test_id.clone()} onclick={press(run)}>
                if let Some(name) = icon { <Icon name={*name} /> }
                <span>{ label.clone() }</span>
            </button>
        },
        MenuItem::Check { label, checked, run } => html! {
            <button
                type="button"
                class="h-menu__item"
                role="menuitemcheckbox"
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
