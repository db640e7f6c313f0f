//! Where the keyboard is: headings after navigation, roving in lists, panes by F6.

use crate::kit::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// What can be reached with Tab.
pub const TABBABLE: &str = "a[href],button:not([disabled]),input:not([disabled]):not([type=hidden]),select:not([disabled]),\
    textarea:not([disabled]),summary,[tabindex]:not([tabindex='-1'])";

/// Focuses an element without moving the page.
pub fn focus_quietly(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _focused = element.focus_with_options(&options);
}

/// Focuses the first heading of the page: what a screen reader reads after navigation.
pub fn focus_heading() {
    let Some(heading) = dom::document()
        .and_then(|d| d.query_selector("main h1").ok().flatten())
        .and_then(|e| e.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    focus_quietly(&heading);
}

/// The element that has the focus.
#[must_use]
pub fn active() -> Option<HtmlElement> {
    dom::document()?.active_element()?.dyn_into().ok()
}

/// Whether an event happened in a field, where letters are text.
#[must_use]
pub fn in_field(event: &Event) -> bool {
    let Some(element) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return false;
    };
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(
            element.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "button" | "submit" | "range" | "file")
        ),
        _ => element
            .closest("[contenteditable='true']")
            .ok()
            .flatten()
            .is_some(),
    }
}

/// Whether a dialog is open over the page.
#[must_use]
pub fn dialog_open() -> bool {
    dom::document()
        .and_then(|d| d.query_selector("dialog[open]").ok().flatten())
        .is_some()
}

/// The elements of a container that match a selector, in order.
#[must_use]
pub fn all_in(container: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = container.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|i| list.get(i)?.dyn_into().ok())
        .collect()
}

/// How arrow keys walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// Up and down.
    Vertical,
    /// Left and right.
    Horizontal,
    /// All four, in reading order.
    Both,
}

/// Where a key leads in a list of `count` from `from`, going round; `None` for other keys.
#[must_use]
pub fn step(key: &str, walk: Walk, from: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return None;
    }
    let (vertical, horizontal) = (walk != Walk::Horizontal, walk != Walk::Vertical);
    match key {
        "ArrowDown" if vertical => Some((from + 1) % count),
        "ArrowRight" if horizontal => Some((from + 1) % count),
        "ArrowUp" if vertical => Some((from + count - 1) % count),
        "ArrowLeft" if horizontal => Some((from + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

/// Moves the focus among the matching elements of a container by arrow keys; `true` when the key was used.
pub fn rove(event: &KeyboardEvent, container: &NodeRef, selector: &str, walk: Walk) -> bool {
    let Some(container) = container.cast::<Element>() else {
        return false;
    };
    let items = all_in(&container, selector);
    let here = active();
    let from = items
        .iter()
        .position(|item| here.as_ref() == Some(item))
        .unwrap_or(0);
    let Some(target) = step(&event.key(), walk, from, items.len()).and_then(|to| items.get(to)) else {
        return false;
    };
    event.prevent_default();
    let _focused = target.focus();
    true
}

/// Moves the focus to the next or previous element of a container that matches a selector, and into view; to the first
/// when none has it.
pub fn step_among(container: &NodeRef, selector: &str, forward: bool) {
    let Some(container) = container.cast::<Element>() else {
        return;
    };
    let all = all_in(&container, selector);
    let here = active();
    let at = all
        .iter()
        .position(|e| here.as_ref().is_some_and(|h| e.contains(Some(h))));
    let to = match (at, forward) {
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
        (None, _) => Some(0),
    };
    if let Some(element) = to.and_then(|to| all.get(to)) {
        reveal(element);
    }
}

/// Focuses an element and brings it into the middle of the view.
pub fn reveal(element: &HtmlElement) {
    focus_quietly(element);
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Moves the focus to the next pane of the frame (F6), or the one before.
pub fn next_pane(backwards: bool) {
    let Some(body) = dom::document().and_then(|d| d.body()) else {
        return;
    };
    let panes: Vec<HtmlElement> = all_in(&body, "[data-pane]")
        .into_iter()
        .filter(|p| p.offset_width() > 0 && p.offset_height() > 0)
        .collect();
    if panes.is_empty() {
        return;
    }
    let here = active();
    let within = panes
        .iter()
        .rposition(|p| here.as_ref().is_some_and(|h| p.contains(Some(h))));
    let to = match (within, backwards) {
        (None, _) => 0,
        (Some(at), false) => (at + 1) % panes.len(),
        (Some(at), true) => (at + panes.len() - 1) % panes.len(),
    };
    let Some(pane) = panes.get(to) else { return };
    // A pane keeps its own place: the current link, a heading, or the first control.
    let inside = ["[aria-current='page']", "h1", TABBABLE]
        .into_iter()
        .find_map(|s| all_in(pane, s).into_iter().find(|e| e.offset_width() > 0));
    let _focused = inside.unwrap_or_else(|| pane.clone()).focus();
}

/// Focuses the first invalid field of a form, so that a refused submit says what to do.
pub fn first_invalid(form: &NodeRef) {
    let form = form.clone();
    // After the errors are drawn.
    gloo_timers::callback::Timeout::new(0, move || {
        let field = form
            .cast::<Element>()
            .and_then(|f| all_in(&f, "[aria-invalid='true']").into_iter().next());
        if let Some(field) = field {
            let _focused = field.focus();
        }
    })
    .forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_and_stay_in_their_direction() {
        assert_eq!(step("ArrowDown", Walk::Vertical, 2, 3), Some(0));
        assert_eq!(step("ArrowUp", Walk::Vertical, 0, 3), Some(2));
        assert_eq!(step("ArrowLeft", Walk::Vertical, 0, 3), None);
        assert_eq!(step("ArrowRight", Walk::Both, 0, 3), Some(1));
        assert_eq!(step("End", Walk::Horizontal, 0, 3), Some(2));
        assert_eq!(step("Home", Walk::Horizontal, 0, 0), None);
    }
}
