//! A long list: draws the rows near the view, keeps the reader's place, loads more ahead.

use crate::components::find_bar::use_finding;
use crate::kit::dom::{self, set_var, use_vars};
use crate::kit::focus;
use crate::kit::virtual_list::{Anchor, Heights, Slice};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver, ResizeObserverEntry};
use yew::prelude::*;

choices! {
    /// What the list is to a screen reader.
    ListRole {
        /// Rows.
        #[default]
        List => "list",
        /// Articles that load as one reads.
        Feed => "feed",
        /// Messages that arrive at the end.
        Log => "log",
    }
}

/// Properties of [`VirtualList`].
#[derive(Properties, PartialEq)]
pub struct VirtualListProps {
    /// The rows' keys, in order; each once.
    pub keys: Rc<Vec<Rc<str>>>,
    /// Draws a row: the index and key.
    pub row: Callback<(usize, Rc<str>), Html>,
    /// What the list is about.
    pub label: AttrValue,
    /// What it is to a screen reader.
    #[prop_or_default]
    pub role: ListRole,
    /// The height of a row before it is measured.
    #[prop_or(120.0)]
    pub estimate: f64,
    /// The space between rows in pixels.
    #[prop_or(0.0)]
    pub gap: f64,
    /// Where the place is remembered between visits.
    #[prop_or_default]
    pub memory: Option<AttrValue>,
    /// Called when less than two views are left below.
    #[prop_or_default]
    pub on_near_end: Callback<()>,
    /// Whether it is being filled.
    #[prop_or_default]
    pub busy: bool,
}

thread_local! {
    static PLACES: RefCell<HashMap<AttrValue, (Anchor, Heights)>> = RefCell::default();
}

/// How many rows more are drawn on both sides while words are looked for.
const FOUND: usize = 500;

/// Called with the entries whose size changed.
type Resized = Closure<dyn FnMut(js_sys::Array)>;

struct Rig {
    heights: Heights,
    anchor: Option<Anchor>,
    observer: Option<(ResizeObserver, Resized)>,
    seen: Vec<Element>,
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some((observer, _)) = &self.observer {
            observer.disconnect();
        }
    }
}

/// The nearest ancestor that scrolls: the pane.
fn scroller(list: &Element) -> Option<HtmlElement> {
    list.closest("[data-scroller]").ok().flatten()?.dyn_into().ok()
}

/// How far the top of the list is above the top of the pane.
fn scrolled(list: &Element, pane: &HtmlElement) -> f64 {
    pane.get_bounding_client_rect().top() - list.get_bounding_client_rect().top()
}

/// A long list inside a pane (`data-scroller`).
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let list = use_node_ref();
    let slice = use_state_eq(|| Slice {
        first: 0,
        end: props.keys.len().min(12),
        before: 0.0,
        total: 0.0,
    });
    let rig = use_mut_ref(|| {
        let kept = props
            .memory
            .as_ref()
            .and_then(|m| PLACES.with_borrow(|p| p.get(m).cloned()));
        let (anchor, heights) = kept.map_or_else(
            || (None, Heights::new(props.estimate + props.gap)),
            |(a, h)| (Some(a), h),
        );
        Rig {
            heights,
            anchor,
            observer: None,
            seen: Vec::new(),
        }
    });
    let latest = use_mut_ref(|| (Rc::clone(&props.keys), props.on_near_end.clone(), props.gap));
    *latest.borrow_mut() = (Rc::clone(&props.keys), props.on_near_end.clone(), props.gap);

    // Looks where the reader is and decides what to draw.
    let look = {
        let (list, slice, rig, latest) = (list.clone(), slice.setter(), Rc::clone(&rig), Rc::clone(&latest));
        use_callback((), move |moved: bool, ()| {
            let Some(element) = list.cast::<Element>() else {
                return;
            };
            let Some(pane) = scroller(&element) else { return };
            let (keys, near_end, _) = latest.borrow().clone();
            let view = f64::from(pane.client_height());
            let scroll = scrolled(&element, &pane).max(0.0);
            let mut rig = rig.borrow_mut();
            if moved {
                rig.anchor = rig.heights.anchor(&keys, scroll);
            }
            let next = rig.heights.slice(&keys, scroll, view, view);
            slice.set(next);
            if next.total - scroll - view < 2.0 * view {
                near_end.emit(());
            }
        })
    };

    // Listens to the pane, measures rows, restores the place.
    {
        let (list, look, rig, latest) = (list.clone(), look.clone(), Rc::clone(&rig), Rc::clone(&latest));
        let memory = props.memory.clone();
        use_effect_with((), move |()| {
            let element = list.cast::<Element>();
            let pane = element.as_ref().and_then(scroller);
            if let (Some(element), Some(pane)) = (&element, &pane) {
                let keys = Rc::clone(&latest.borrow().0);
                let place = {
                    let rig = rig.borrow();
                    rig.anchor.as_ref().and_then(|a| rig.heights.scroll_to(&keys, a))
                };
                if let Some(top) = place {
                    let node: &HtmlElement = element.unchecked_ref();
                    let total = rig.borrow().heights.top_of(&keys, keys.len());
                    set_var(node, "--total", &format!("{total:.0}px"));
                    let base = f64::from(pane.scroll_top()) - scrolled(element, pane);
                    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                    pane.set_scroll_top((base + top).round() as i32);
                }
            }
            let on_scroll = pane.as_ref().map(|pane| {
                let look = look.clone();
                EventListener::new(pane, "scroll", move |_| look.emit(true))
            });
            let observer = {
                let (rig, latest, look, list) =
                    (Rc::clone(&rig), Rc::clone(&latest), look.clone(), list.clone());
                Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
                    measure(&entries, &rig, &latest, &list);
                    // Rows that are drawn while others are measured cannot be measured in the same turn, which web views complain of.
                    let look = look.clone();
                    Timeout::new(0, move || look.emit(false)).forget();
                })
            };
            if let Ok(watch) = ResizeObserver::new(observer.as_ref().unchecked_ref()) {
                if let Some(pane) = &pane {
                    watch.observe(pane);
                }
                rig.borrow_mut().observer = Some((watch, observer));
            }
            look.emit(false);
            move || {
                drop(on_scroll);
                let rig = rig.borrow();
                if let (Some(memory), Some(anchor)) = (memory, rig.anchor.clone()) {
                    PLACES.with_borrow_mut(|p| p.insert(memory, (anchor, rig.heights.clone())));
                }
            }
        });
    }
    {
        let look = look.clone();
        use_effect_with(Rc::clone(&props.keys), move |_| look.emit(false));
    }
    // Rows that are drawn now are measured.
    {
        let (list, rig) = (list.clone(), Rc::clone(&rig));
        use_effect(move || {
            let Some(element) = list.cast::<Element>() else {
                return;
            };
            let rows: Vec<Element> = focus::all_in(&element, ":scope > [data-key]")
                .into_iter()
                .map(JsCast::unchecked_into)
                .collect();
            let mut rig = rig.borrow_mut();
            let Rig { observer, seen, .. } = &mut *rig;
            if let Some((observer, _)) = observer {
                seen.iter()
                    .filter(|e| !rows.contains(e))
                    .for_each(|e| observer.unobserve(e));
                rows.iter()
                    .filter(|e| !seen.contains(e))
                    .for_each(|e| observer.observe(e));
                *seen = rows;
            }
        });
    }

    let now = *slice;
    let count = props.keys.len();
    // Words are found in all that is loaded, drawn or not.
    let finding = use_finding();
    let (first, end, before) = if finding {
        let first = now.first.saturating_sub(FOUND).min(count);
        let end = (now.end + FOUND).min(count);
        let before = rig.borrow().heights.top_of(&props.keys, first);
        (first, end, before)
    } else {
        (now.first.min(count), now.end.min(count), now.before)
    };
    use_vars(
        &list,
        vec![
            ("--before", format!("{before:.0}px")),
            ("--total", format!("{:.0}px", now.total)),
            ("--gap", format!("{:.0}px", props.gap)),
        ],
    );
    // The row with the focus stays, wherever the view goes.
    let focused = focused_key(&list).and_then(|key| props.keys.iter().position(|k| **k == *key));
    let stray = focused.filter(|index| !(first..end).contains(index));
    let item_role = match props.role {
        ListRole::List => "listitem",
        // What is inside is an article of its own, with its own place and name.
        ListRole::Feed | ListRole::Log => "none",
    };
    let draw = |index: usize| -> Option<Html> {
        let key = props.keys.get(index)?;
        let body = props.row.emit((index, Rc::clone(key)));
        let is_stray = stray == Some(index);
        Some(html! {
            <div
                key={key.to_string()}
                class="h-virtual__row"
                data-key={key.to_string()}
                data-stray={is_stray.then_some("true")}
                role={item_role}
                aria-posinset={(props.role == ListRole::List).then(|| (index + 1).to_string())}
                aria-setsize={(props.role == ListRole::List).then(|| count.to_string())}
            >{ body }</div>
        })
    };
    html! {
        <div
            ref={list}
            class="h-virtual"
            role={props.role.as_str()}
            aria-label={props.label.clone()}
            aria-busy={props.busy.then_some("true")}
            aria-live={(props.role == ListRole::Log).then_some("off")}
        >
            { for stray.filter(|i| *i < first).and_then(draw) }
            { for (first..end).filter_map(draw) }
            { for stray.filter(|i| *i >= end).and_then(draw) }
        </div>
    }
}

fn focused_key(list: &NodeRef) -> Option<String> {
    let here = focus::active()?;
    let list = list.cast::<Element>()?;
    if !list.contains(Some(&here)) {
        return None;
    }
    here.closest("[data-key]")
        .ok()
        .flatten()?
        .get_attribute("data-key")
}

type Latest = Rc<RefCell<(Rc<Vec<Rc<str>>>, Callback<()>, f64)>>;

/// Takes measured heights over and moves the pane so that the reader's item stays where it is.
fn measure(entries: &js_sys::Array, rig: &Rc<RefCell<Rig>>, latest: &Latest, list: &NodeRef) {
    let Some(element) = list.cast::<Element>() else {
        return;
    };
    let Some(pane) = scroller(&element) else { return };
    let (keys, _, gap) = latest.borrow().clone();
    let mut rig = rig.borrow_mut();
    let scroll = scrolled(&element, &pane);
    let anchor = rig
        .anchor
        .clone()
        .or_else(|| rig.heights.anchor(&keys, scroll.max(0.0)));
    let before = anchor.as_ref().and_then(|a| rig.heights.scroll_to(&keys, a));
    let mut changed = false;
    for entry in entries.iter() {
        let Ok(entry) = entry.dyn_into::<ResizeObserverEntry>() else {
            continue;
        };
        let target = entry.target();
        let Some(key) = target.get_attribute("data-key") else {
            continue;
        };
        let height = target.get_bounding_client_rect().height();
        if height > 0.0 {
            changed |= rig.heights.set(&Rc::from(key), height + gap);
        }
    }
    if !changed {
        return;
    }
    let after = anchor.as_ref().and_then(|a| rig.heights.scroll_to(&keys, a));
    if let (Some(before), Some(after)) = (before, after)
        && scroll > 1.0
        && (after - before).abs() >= 1.0
    {
        let top = rig.heights.slice(
            &keys,
            after,
            f64::from(pane.client_height()),
            f64::from(pane.client_height()),
        );
        drop(rig);
        if let Some(node) = element.dyn_ref::<HtmlElement>() {
            dom::set_var(node, "--total", &format!("{:.0}px", top.total));
        }
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        let shift = (after - before).round() as i32;
        pane.set_scroll_top(pane.scroll_top() + shift);
    }
}
