//! A page: its bar with the one heading, its scrolling, its title; focus on arrival, the old place on return.

use crate::components::button::{IconButton, Variant};
use crate::components::choices;
use crate::components::icon::IconName;
use crate::frame::nav::{is_return, keep_scroll, scroll_of, set_title, use_go, use_place};
use crate::kit::focus;
use crate::routes::Route;
use crate::t;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

choices! {
    /// How wide the content of a page is.
    PageWidth {
        /// 640 px: feeds, forms.
        #[default]
        Narrow => "narrow",
        /// 800 px: conversations, settings.
        Medium => "medium",
        /// 1200 px: grids.
        Wide => "wide",
        /// All there is.
        Full => "full",
    }
}

/// Properties of [`AppBar`].
#[derive(Properties, PartialEq)]
pub struct AppBarProps {
    /// The heading of the page.
    pub title: AttrValue,
    /// What is shown in place of the words of the heading (a name with a picture); the words stay for screen readers.
    #[prop_or_default]
    pub title_view: Option<Html>,
    /// Where the arrow leads when there is no way back; without it there is no arrow.
    #[prop_or_default]
    pub back: Option<Route>,
    /// Whether the arrow is only there on a narrow window, where this pane covers the list.
    #[prop_or_default]
    pub back_narrow: bool,
    /// A line under the heading.
    #[prop_or_default]
    pub subtitle: Html,
    /// Buttons at the end.
    #[prop_or_default]
    pub actions: Html,
    /// Whether the heading is the page's one `h1`; the bar of a second pane has an `h2`.
    #[prop_or(true)]
    pub main: bool,
}

/// The bar of a page or pane.
#[component]
pub fn AppBar(props: &AppBarProps) -> Html {
    let go = use_go();
    let back = props
        .back
        .clone()
        .map(|otherwise| Callback::from(move |_: MouseEvent| go.back_or(&otherwise)));
    let words = match &props.title_view {
        Some(view) => {
            html! { <>{ view.clone() }<span class="u-hidden-visually">{ props.title.clone() }</span></> }
        }
        None => html! { { props.title.clone() } },
    };
    html! {
        <header class="h-bar">
            if let Some(on_click) = back {
                <span class={classes!("h-bar__back", props.back_narrow.then_some("h-bar__back--narrow"))}>
                    <IconButton icon={IconName::ArrowLeft} label={t!("action-back")} variant={Variant::Quiet} {on_click} test_id="back" />
                </span>
            }
            <div class="h-bar__words">
                if props.main {
                    <h1 class="h-bar__title" tabindex="-1">{ words }</h1>
                } else {
                    <h2 class="h-bar__title">{ words }</h2>
                }
                if props.subtitle != Html::default() { <div class="h-bar__subtitle">{ props.subtitle.clone() }</div> }
            </div>
            if props.actions != Html::default() { <div class="h-bar__actions">{ props.actions.clone() }</div> }
        </header>
    }
}

/// Properties of [`Page`].
#[derive(Properties, PartialEq)]
pub struct PageProps {
    /// The heading and the window's title.
    pub title: AttrValue,
    /// What is shown in place of the words of the heading.
    #[prop_or_default]
    pub title_view: Option<Html>,
    /// Where the arrow leads when there is no way back; without it there is no arrow.
    #[prop_or_default]
    pub back: Option<Route>,
    /// Whether the arrow is only there on a narrow window.
    #[prop_or_default]
    pub back_narrow: bool,
    /// A line under the heading.
    #[prop_or_default]
    pub subtitle: Html,
    /// Buttons at the end of the bar.
    #[prop_or_default]
    pub actions: Html,
    /// Under the bar, above the scrolling content: tabs, filters.
    #[prop_or_default]
    pub header: Html,
    /// Under the scrolling content: a composer.
    #[prop_or_default]
    pub footer: Html,
    /// How wide the content is.
    #[prop_or_default]
    pub width: PageWidth,
    /// The content.
    #[prop_or_default]
    pub children: Html,
    /// The element that scrolls.
    #[prop_or_default]
    pub scroller: NodeRef,
    /// Whether the page remembers where it was scrolled to; a list that keeps its own place does not need it.
    #[prop_or(true)]
    pub keep_scroll: bool,
    /// Whether this is the main page; a list pane beside one is not and has an `h2`.
    #[prop_or(true)]
    pub main: bool,
    /// For tests.
    #[prop_or_default]
    pub test_id: Option<AttrValue>,
}

/// A page or pane: bar, scrolling content, foot.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let place = use_place();
    let main = props.main;
    use_effect_with((props.title.clone(), main), |(title, main)| {
        if *main {
            set_title(title);
        }
    });
    {
        let node = props.scroller.clone();
        let keep = props.keep_scroll;
        use_effect_with(place, move |place| {
            if main {
                arrive();
            }
            let pane = node.cast::<HtmlElement>().filter(|_| keep);
            let restoring = pane
                .clone()
                .and_then(|pane| restore(pane, if is_return() { scroll_of(place) } else { 0 }));
            let listener = pane.map(|pane| {
                let (place, watched) = (place.clone(), pane.clone());
                EventListener::new(&pane, "scroll", move |_| {
                    keep_scroll(&place, watched.scroll_top())
                })
            });
            move || drop((restoring, listener))
        });
    }
    html! {
        <div class="h-page" data-width={props.width.as_str()} data-test={props.test_id.clone()}>
            <AppBar
                title={props.title.clone()}
                title_view={props.title_view.clone()}
                back={props.back.clone()}
                back_narrow={props.back_narrow}
                subtitle={props.subtitle.clone()}
                actions={props.actions.clone()}
                {main}
            />
            if props.header != Html::default() { <div class="h-page__header">{ props.header.clone() }</div> }
            <div class="h-page__scroll" ref={props.scroller.clone()} data-scroller="">
                <div class="h-page__content">{ props.children.clone() }</div>
            </div>
            if props.footer != Html::default() { <div class="h-page__footer">{ props.footer.clone() }</div> }
        </div>
    }
}

/// After navigation the heading is read; not on the first page, and not when a field was focused on purpose.
fn arrive() {
    thread_local! { static ARRIVED: Cell<bool> = const { Cell::new(false) }; }
    if !ARRIVED.replace(true) {
        return;
    }
    let in_field =
        focus::active().is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if !in_field && !focus::dialog_open() {
        focus::focus_heading();
    }
}

/// Scrolls to where the place was left, as soon as its content is high enough; gives up after a moment.
fn restore(pane: HtmlElement, top: i32) -> Option<Interval> {
    pane.set_scroll_top(top);
    if top == 0 || pane.scroll_top() == top {
        return None;
    }
    let tries = Rc::new(Cell::new(0));
    Some(Interval::new(40, move || {
        tries.set(tries.get() + 1);
        // The reader has begun to scroll, or the page became shorter: leave it.
        if tries.get() < 40 && pane.scroll_top() != top && pane.scroll_height() - pane.client_height() >= top
        {
            pane.set_scroll_top(top);
            tries.set(40);
        }
    }))
}
