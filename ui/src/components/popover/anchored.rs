//! Surfaces beside a control, in the browser's top layer, where no pane can cut them off: a modal `<dialog>` without a
//! veil, placed by the control. On a phone they come from below.

use crate::kit::dom::{self, set_var};
use crate::kit::modal::use_modal;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Where a surface stands to its control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Side {
    /// Whether it grows from the start of the control instead of its end.
    pub(crate) from_start: bool,
    /// Whether it opens upwards if there is room.
    pub(crate) up: bool,
}

/// Opens the dialog beside the control while it is drawn, and closes it when it goes.
#[hook]
pub(crate) fn use_anchored(dialog: &NodeRef, anchor: &NodeRef, side: Side, on_close: Callback<()>) {
    {
        let anchor = anchor.clone();
        use_modal(dialog, on_close.clone(), move |shown| {
            if let Some(anchor) = anchor.cast::<Element>() {
                place(shown, &anchor, side);
            }
        });
    }
    {
        let (node, on_close) = (dialog.clone(), on_close.clone());
        let press = Callback::from(move |event: Event| {
            if node
                .cast::<Element>()
                .is_some_and(|n| event.target() == Some(n.into()))
            {
                event.prevent_default();
                on_close.emit(());
            }
        });
        dom::use_event(dialog, "pointerdown", press);
    }
    // A window of another size has the control elsewhere.
    dom::use_window_event("resize", Callback::from(move |_| on_close.emit(())));
}

fn place(dialog: &HtmlElement, anchor: &Element, side: Side) {
    let Some(window) = dom::window() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let view = (size(window.inner_width()), size(window.inner_height()));
    let at = anchor.get_bounding_client_rect();
    let (w, h) = (
        f64::from(dialog.offset_width()),
        f64::from(dialog.offset_height()),
    );
    let rtl = window
        .get_computed_style(anchor)
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value("direction").ok())
        .is_some_and(|direction| direction == "rtl");
    let from_left = side.from_start != rtl;
    let (x, y) = spot(
        (at.left(), at.top(), at.right(), at.bottom()),
        (w, h),
        view,
        from_left,
        side.up,
    );
    set_var(dialog, "--x", &format!("{x:.0}px"));
    set_var(dialog, "--y", &format!("{y:.0}px"));
}

/// The left and top edge for a surface of a size beside a control (left, top, right, bottom), inside the window.
fn spot(
    at: (f64, f64, f64, f64),
    (w, h): (f64, f64),
    view: (f64, f64),
    from_left: bool,
    up: bool,
) -> (f64, f64) {
    const GAP: f64 = 4.0;
    const EDGE: f64 = 8.0;
    let (left, top, right, bottom) = at;
    let x = if from_left { left } else { right - w };
    let below = bottom + GAP;
    let above = top - GAP - h;
    let fits_below = below + h <= view.1 - EDGE;
    let y = if above >= EDGE && (up || !fits_below) {
        above
    } else {
        below
    };
    (
        x.clamp(EDGE, (view.0 - w - EDGE).max(EDGE)),
        y.clamp(EDGE, (view.1 - h - EDGE).max(EDGE)),
    )
}

#[cfg(test)]
mod tests {
    use super::spot;

    #[test]
    fn surfaces_stay_inside_the_window() {
        let view = (360.0, 700.0);
        assert_eq!(
            spot((300.0, 100.0, 340.0, 140.0), (200.0, 300.0), view, false, false),
            (140.0, 144.0)
        );
        assert_eq!(
            spot((300.0, 100.0, 340.0, 140.0), (200.0, 300.0), view, true, false),
            (152.0, 144.0)
        );
        assert_eq!(
            spot((300.0, 600.0, 340.0, 640.0), (200.0, 300.0), view, false, false),
            (140.0, 296.0),
            "turned up"
        );
        assert_eq!(
            spot((300.0, 20.0, 340.0, 60.0), (200.0, 300.0), view, false, true),
            (140.0, 64.0),
            "no room above"
        );
        assert_eq!(
            spot((0.0, 300.0, 40.0, 340.0), (400.0, 650.0), view, false, false).0,
            8.0
        );
    }
}
