//! Tabs that are places of their own, and toolbars that arrow keys walk.

use crate::components::badge::CountBadge;
use crate::components::link::Link;
use crate::frame::nav::use_go;
use crate::kit::focus::{self, Walk};
use crate::kit::keys::{Command, Key, use_commands};
use crate::routes::Route;
use yew::prelude::*;

/// One of [`Tabs`].
#[derive(Clone, PartialEq)]
pub struct Tab {
    /// Its words.
    pub label: AttrValue,
    /// Its place.
    pub to: Route,
    /// How many things wait there.
    pub count: u32,
}

impl Tab {
    /// A tab.
    #[must_use]
    pub fn new(label: impl Into<AttrValue>, to: Route) -> Self {
        Self {
            label: label.into(),
            to,
            count: 0,
        }
    }
    /// A tab with a count.
    #[must_use]
    pub fn with_count(mut self, count: u32) -> Self {
        self.count = count;
        self
    }
}

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// What the tabs divide.
    pub label: AttrValue,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Where the person is.
    pub current: Route,
}

/// Parts of a place, each with an address of its own.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let node = use_node_ref();
    let onkeydown = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            focus::rove(&event, &node, "a", Walk::Horizontal);
        })
    };
    let go = use_go();
    let turn = |forward: bool| {
        let (go, places, here) = (
            go.clone(),
            props.tabs.iter().map(|t| t.to.clone()).collect::<Vec<_>>(),
            props.current.clone(),
        );
        Callback::from(move |()| {
            let Some(at) = places.iter().position(|p| *p == here) else {
                return;
            };
            let to = if forward { at + 1 } else { at + places.len() - 1 } % places.len();
            if let Some(to) = places.get(to) {
                go.to(to);
            }
        })
    };
    use_commands(vec![
        Command::key(Key::NextTab, turn(true)),
        Command::key(Key::PreviousTab, turn(false)),
    ]);
    html! {
        <nav class="h-tabs" aria-label={props.label.clone()}>
            <div class="h-tabs__row" ref={node} {onkeydown}>
                { for props.tabs.iter().map(|tab| html! {
                    <Link key={tab.label.to_string()} to={tab.to.clone()} class="h-tabs__tab" current={tab.to == props.current}>
                        { tab.label.clone() }
                        <CountBadge count={tab.count} />
                    </Link>
                }) }
            </div>
        </nav>
    }
}

/// Properties of [`Toolbar`].
#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    /// What the tools are for.
    pub label: AttrValue,
    /// The buttons.
    #[prop_or_default]
    pub children: Html,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// Buttons that belong together; arrow keys walk among them.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let node = use_node_ref();
    let onkeydown = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            if !focus::in_field(&event) {
                focus::rove(&event, &node, focus::TABBABLE, Walk::Horizontal);
            }
        })
    };
    html! {
        <div class={classes!("h-toolbar", props.class.clone())} role="toolbar" aria-label={props.label.clone()} ref={node} {onkeydown}>
            { props.children.clone() }
        </div>
    }
}
