//! A row of a list: something at the start, two lines, something at the end.

use crate::components::link::Link;
use crate::routes::Route;
use yew::prelude::*;

/// Properties of [`ListRow`].
#[derive(Properties, PartialEq)]
pub struct ListRowProps {
    /// The first line.
    pub title: Html,
    /// The second line.
    #[prop_or_default]
    pub text: Html,
    /// Before the lines: a picture or icon.
    #[prop_or_default]
    pub start: Html,
    /// After the lines: a time, a count, buttons.
    #[prop_or_default]
    pub end: Html,
    /// Where the row leads; the whole row is the target.
    #[prop_or_default]
    pub to: Option<Route>,
    /// Pressed, when it leads nowhere but does something.
    #[prop_or_default]
    pub on_click: Option<Callback<MouseEvent>>,
    /// Whether it is the one shown.
    #[prop_or_default]
    pub current: bool,
    /// Whether something in it is new.
    #[prop_or_default]
    pub unread: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A row of a list.
#[component]
pub fn ListRow(props: &ListRowProps) -> Html {
    let words = html! {
        <span class="h-row__words">
            <span class="h-row__title">{ props.title.clone() }</span>
            if props.text != Html::default() { <span class="h-row__text">{ props.text.clone() }</span> }
        </span>
    };
    let main = match (&props.to, &props.on_click) {
        (Some(to), _) => html! {
            <Link to={to.clone()} class="h-row__main" current={props.current} on_click={props.on_click.clone().unwrap_or_default()}>
                { props.start.clone() }
                { words }
            </Link>
        },
        (None, Some(onclick)) => html! {
            <button type="button" class="h-row__main" {onclick}>{ props.start.clone() }{ words }</button>
        },
        (None, None) => html! { <div class="h-row__main">{ props.start.clone() }{ words }</div> },
    };
    html! {
        <div
            class="h-row"
            data-current={props.current.then_some("true")}
            data-unread={props.unread.then_some("true")}
            data-test={props.test_id.clone()}
        >
            { main }
            if props.end != Html::default() { <div class="h-row__end">{ props.end.clone() }</div> }
        </div>
    }
}
