//! Links to places in the window. Links to elsewhere are `kit::links::view`.

use crate::frame::nav::{go_link, use_go};
use crate::routes::Route;
use yew::prelude::*;

/// Properties of [`Link`].
#[derive(Properties, PartialEq)]
pub struct LinkProps {
    /// Where it leads.
    pub to: Route,
    /// The state in the address behind `?`, such as `c=…`.
    #[prop_or_default]
    pub query: AttrValue,
    /// What is shown.
    #[prop_or_default]
    pub children: Html,
    /// Classes; without any it looks like a link in text.
    #[prop_or_default]
    pub class: Classes,
    /// A name for screen readers when the content does not say it.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Whether this is where the person is.
    #[prop_or_default]
    pub current: bool,
    /// A tooltip.
    #[prop_or_default]
    pub tip: Option<AttrValue>,
    /// Called besides following it.
    #[prop_or_default]
    pub on_click: Callback<MouseEvent>,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A link to a place in the window.
#[component]
pub fn Link(props: &LinkProps) -> Html {
    let go = use_go();
    let (mut href, follow) = go_link(&go.with_query(&props.query), &props.to);
    if !props.query.is_empty() {
        href = format!("{href}?{}", props.query).into();
    }
    let also = props.on_click.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        also.emit(event.clone());
        follow.emit(event);
    });
    let class = if props.class.is_empty() {
        classes!("h-link")
    } else {
        props.class.clone()
    };
    html! {
        <a
            {href}
            {class}
            {onclick}
            aria-label={props.label.clone()}
            aria-current={props.current.then_some("page")}
            data-tip={props.tip.clone()}
            data-test={props.test_id.clone()}
        >
            { props.children.clone() }
        </a>
    }
}
