//! Scrolling the page by key wherever the focus is: on arrival it is on nothing, or on the heading, which stands outside of what
//! scrolls, and a browser then scrolls the document, which never moves.

use super::{MOVED, PRESSED};
use crate::kit::{dom, focus};
use web_sys::{HtmlElement, KeyboardEvent};

/// How far an arrow scrolls, in pixels.
const LINE: i32 = 40;
/// What a browser scrolls by itself when the focus is in it.
const SCROLLS: &str = "[data-scroller],.h-rail,.h-dialog__body,[role='listbox'],[role='menu']";

/// Where a key scrolls to from `top`, in a pane of which `height` of `all` pixels are seen; `None` for other keys.
fn target(key: &str, shift: bool, top: i32, height: i32, all: i32) -> Option<i32> {
    // A little of what was read stays in sight.
    let page = (height - height / 8).max(LINE);
    let to = match (key, shift) {
        ("ArrowDown", false) => top + LINE,
        ("ArrowUp", false) => top - LINE,
        ("PageDown", false) | (" ", false) => top + page,
        ("PageUp", false) | (" ", true) => top - page,
        ("Home", false) => 0,
        ("End", false) => all,
        _ => return None,
    };
    Some(to.clamp(0, (all - height).max(0)))
}

/// What a key scrolls: what is inside the topmost dialog, else the largest pane of the page, which is what is read where a list stands
/// beside it.
fn pane() -> Option<HtmlElement> {
    let body = dom::document()?.body()?;
    if let Some(dialog) = focus::all_in(&body, "dialog[open]").pop() {
        return focus::all_in(&dialog, ".h-dialog__body").into_iter().next();
    }
    focus::all_in(&body, "[data-scroller]")
        .into_iter()
        .max_by_key(|pane| i64::from(pane.client_width()) * i64::from(pane.client_height()))
        .filter(|pane| pane.client_height() > 0)
}

/// Scrolls, when the key is one that scrolls and nobody else wants it.
pub(super) fn by_key(event: &KeyboardEvent) {
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    let within = |selector: &str| dom::closest(event, selector).is_some();
    if modified || focus::in_field(event) || within(MOVED) || within(SCROLLS) {
        return;
    }
    if event.key() == " " && within(PRESSED) {
        return;
    }
    let Some(pane) = pane() else { return };
    let (top, height, all) = (pane.scroll_top(), pane.client_height(), pane.scroll_height());
    if let Some(to) = target(&event.key(), event.shift_key(), top, height, all) {
        event.prevent_default();
        pane.set_scroll_top(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_scroll_by_lines_and_pages_and_not_beyond_the_ends() {
        let to = |key: &str, top: i32| target(key, false, top, 800, 2_000);
        assert_eq!(to("ArrowDown", 0), Some(40));
        assert_eq!(to("ArrowUp", 10), Some(0));
        assert_eq!(to("PageDown", 0), Some(700));
        assert_eq!(to(" ", 700), Some(1_200));
        assert_eq!(target(" ", true, 1_200, 800, 2_000), Some(500));
        assert_eq!(to("End", 0), Some(1_200));
        assert_eq!(to("Home", 900), Some(0));
        assert_eq!(to("PageUp", 100), Some(0));
        assert_eq!(target("End", false, 0, 800, 500), Some(0), "nothing to scroll");
        assert_eq!(to("a", 0), None);
        assert_eq!(target("ArrowDown", true, 0, 800, 2_000), None, "that marks text");
    }
}
