//! Finds words in everything that the page has loaded, also what a long list does not draw just now.

use crate::components::Size;
use crate::components::button::IconButton;
use crate::components::field::TextField;
use crate::components::icon::IconName;
use crate::kit::find::{self, Spot};
use crate::kit::{announce, dom, focus};
use crate::state::store::{Store, use_store};
use crate::t;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// After the last letter, until the page is looked through.
const WAIT_MS: u32 = 120;

thread_local! { static FINDING: Store<bool> = Store::new(false); }

/// Whether something is being found, so that long lists draw all that they have.
#[hook]
pub(crate) fn use_finding() -> bool {
    *use_store(&FINDING)
}

/// Properties of [`FindBar`].
#[derive(Properties, PartialEq)]
pub struct FindBarProps {
    /// Goes back to the field when this changes.
    #[prop_or_default]
    pub opened: u32,
    /// Asks to close.
    pub on_close: Callback<()>,
}

#[derive(Clone, Default)]
struct Found {
    spots: Rc<Vec<Spot>>,
    at: usize,
    looked: bool,
}

/// The bar; drawn while it is open.
#[component]
pub fn FindBar(props: &FindBarProps) -> Html {
    let text = use_state_eq(String::new);
    let found = use_state(Found::default);
    let field = use_node_ref();
    let timer = use_mut_ref(|| None::<Timeout>);
    let latest = use_mut_ref(Found::default);
    *latest.borrow_mut() = (*found).clone();
    {
        let (field, latest) = (field.clone(), Rc::clone(&latest));
        use_effect_with((), move |()| {
            let before = focus::active();
            FINDING.with(|store| store.set(true));
            move || {
                find::unmark();
                let _gone = FINDING.try_with(|store| store.set(false));
                // The keyboard goes on where the words were found, else where it was.
                let here = {
                    let found = latest.borrow();
                    found.spots.get(found.at).and_then(Spot::element)
                };
                let near = here.and_then(|e| e.closest("[tabindex],a[href],button").ok().flatten());
                let near = near.and_then(|e| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(e).ok());
                if let Some(to) = near
                    .or(before)
                    .filter(|e| !field.cast::<HtmlElement>().is_some_and(|f| f == *e))
                {
                    focus::focus_quietly(&to);
                }
            }
        });
    }
    {
        let field = field.clone();
        use_effect_with(props.opened, move |_| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _focused = field.focus();
                field.select();
            }
        });
    }
    // Looks through the page; `step` goes on from the place looked at.
    let look = {
        let found = found.setter();
        let latest = Rc::clone(&latest);
        Callback::from(move |(wanted, step): (String, Option<bool>)| {
            let before = latest.borrow().clone();
            let spots = match dom::by_id("main") {
                Some(main) if !wanted.trim().is_empty() => find::find_in(&main, &wanted),
                _ => Vec::new(),
            };
            let count = spots.len();
            let at = match (step, count) {
                (_, 0) | (None, _) => 0,
                (Some(true), _) => (before.at + 1) % count,
                (Some(false), _) => (before.at + count - 1) % count,
            };
            find::mark(&spots, at);
            if let Some(spot) = spots.get(at) {
                spot.show();
                announce::polite(t!("find-count", "number" => at + 1, "count" => count));
            } else if !wanted.trim().is_empty() {
                announce::polite(t!("find-none"));
            }
            let next = Found {
                spots: Rc::new(spots),
                at,
                looked: !wanted.trim().is_empty(),
            };
            latest.replace(next.clone());
            found.set(next);
        })
    };
    let on_input = {
        let (text, look, timer) = (text.setter(), look.clone(), Rc::clone(&timer));
        Callback::from(move |typed: String| {
            text.set(typed.clone());
            let look = look.clone();
            timer.replace(Some(Timeout::new(WAIT_MS, move || look.emit((typed, None)))));
        })
    };
    let step = {
        let (look, text, timer) = (look, (*text).clone(), timer);
        let looked = found.looked;
        Callback::from(move |forward: bool| {
            timer.replace(None);
            look.emit((text.clone(), looked.then_some(forward)));
        })
    };
    let onkeydown = {
        let (step, on_close) = (step.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" if !event.is_composing() => {
                    // On a button Enter presses it.
                    if dom::closest(&event, "button").is_some() {
                        return;
                    }
                    step.emit(!event.shift_key());
                }
                "Escape" => on_close.emit(()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let count = found.spots.len();
    let words = match (count, found.looked) {
        (_, false) => AttrValue::default(),
        (0, true) => t!("find-none"),
        _ => t!("find-count", "number" => found.at + 1, "count" => count),
    };
    html! {
        <search class="h-find" aria-label={t!("find")} {onkeydown} data-pane="" data-test="find-bar">
            <div class="h-find__field">
                <TextField
                    label={t!("find")}
                    quiet_label={true}
                    kind="search"
                    placeholder={t!("find-placeholder")}
                    start={IconName::Search}
                    value={(*text).clone()}
                    {on_input}
                    node={field}
                    literal={true}
                    test_id="find-text"
                />
            </div>
            <span class="h-find__count u-tabular" data-test="find-count">{ words }</span>
            <IconButton icon={IconName::ChevronUp} label={t!("find-previous")} size={Size::S} on_click={step.reform(|_: MouseEvent| false)} test_id="find-previous" />
            <IconButton icon={IconName::ChevronDown} label={t!("find-next")} size={Size::S} on_click={step.reform(|_: MouseEvent| true)} test_id="find-next" />
            <IconButton icon={IconName::X} label={t!("find-close")} size={Size::S} on_click={props.on_close.reform(|_: MouseEvent| ())} test_id="find-close" />
        </search>
    }
}
