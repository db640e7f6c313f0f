//! Where one picture is shown: wheel, fingers and keys zoom it, dragging moves it, a swipe goes on.

use crate::backend;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::kit::dom::{set_var, use_event};
use crate::t;
use hearth_api::media::{MediaItem, MediaKind, Variant};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, WheelEvent};
use yew::prelude::*;

const MOST: f64 = 8.0;
const STEP: f64 = 1.5;
/// How far a finger goes to mean the next picture.
const SWIPE_PX: f64 = 56.0;
/// How far down it goes to mean "close".
const DISMISS_PX: f64 = 110.0;

/// What a button or key asks of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StageCommand {
    /// Larger.
    In,
    /// Smaller.
    Out,
    /// As a whole again.
    Reset,
}

/// How the picture lies: enlarged, and moved from the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lie {
    zoom: f64,
    x: f64,
    y: f64,
}

const WHOLE: Lie = Lie {
    zoom: 1.0,
    x: 0.0,
    y: 0.0,
};

impl Lie {
    /// Enlarged by `factor` so that the point under `at` (from the middle) stays where it is.
    fn zoomed(self, factor: f64, at: (f64, f64)) -> Self {
        let zoom = (self.zoom * factor).clamp(1.0, MOST);
        if zoom <= 1.0 {
            return WHOLE;
        }
        let by = zoom / self.zoom;
        Self {
            zoom,
            x: at.0 - (at.0 - self.x) * by,
            y: at.1 - (at.1 - self.y) * by,
        }
    }

    /// Moved, but not out of a stage of this size.
    fn within(self, size: (f64, f64)) -> Self {
        let room = |side: f64| (side * (self.zoom - 1.0) / 2.0).max(0.0);
        Self {
            x: self.x.clamp(-room(size.0), room(size.0)),
            y: self.y.clamp(-room(size.1), room(size.1)),
            ..self
        }
    }
}

#[derive(Default)]
struct Hands {
    down: BTreeMap<i32, (f64, f64)>,
    began: Option<(f64, f64)>,
    spread: f64,
    touch: bool,
}

impl Hands {
    fn distance(&self) -> f64 {
        let mut points = self.down.values();
        match (points.next(), points.next()) {
            (Some(a), Some(b)) => (a.0 - b.0).hypot(a.1 - b.1),
            _ => 0.0,
        }
    }

    fn middle(&self) -> (f64, f64) {
        let count = u32::try_from(self.down.len().max(1)).map_or(1.0, f64::from);
        let sum = self.down.values().fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
        (sum.0 / count, sum.1 / count)
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct StageProps {
    pub(super) item: MediaItem,
    pub(super) words: AttrValue,
    pub(super) command: (u32, StageCommand),
    pub(super) on_step: Callback<bool>,
    pub(super) on_close: Callback<()>,
}

/// A point from the middle of the stage, and the stage's size.
fn place(node: &NodeRef, x: i32, y: i32) -> ((f64, f64), (f64, f64)) {
    let Some(stage) = node.cast::<Element>() else {
        return ((0.0, 0.0), (1.0, 1.0));
    };
    let rect = stage.get_bounding_client_rect();
    let at = (
        f64::from(x) - rect.left() - rect.width() / 2.0,
        f64::from(y) - rect.top() - rect.height() / 2.0,
    );
    (at, (rect.width(), rect.height()))
}

#[component]
pub(super) fn Stage(props: &StageProps) -> Html {
    let node = use_node_ref();
    let lie = use_mut_ref(|| WHOLE);
    let hands = use_mut_ref(Hands::default);
    let zoomed = use_state_eq(|| false);
    let broken = use_state_eq(|| false);

    let lay = {
        let (node, lie, zoomed) = (node.clone(), lie.clone(), zoomed.setter());
        use_callback((), move |next: Lie, ()| {
            *lie.borrow_mut() = next;
            zoomed.set(next.zoom > 1.0);
            if let Some(stage) = node.cast::<HtmlElement>() {
                set_var(&stage, "--zoom", &format!("{:.4}", next.zoom));
                set_var(&stage, "--dx", &format!("{:.1}px", next.x));
                set_var(&stage, "--dy", &format!("{:.1}px", next.y));
            }
        })
    };
    {
        let (lay, lie, node) = (lay.clone(), lie.clone(), node.clone());
        let first = use_mut_ref(|| true);
        use_effect_with(props.command, move |(_, command)| {
            if first.replace(false) {
                return;
            }
            let (_, size) = place(&node, 0, 0);
            let now = *lie.borrow();
            lay.emit(match command {
                StageCommand::In => now.zoomed(STEP, (0.0, 0.0)).within(size),
                StageCommand::Out => now.zoomed(1.0 / STEP, (0.0, 0.0)).within(size),
                StageCommand::Reset => WHOLE,
            });
        });
    }
    {
        let (lay, lie, node) = (lay.clone(), lie.clone(), node.clone());
        let image = props.item.kind == MediaKind::Image;
        use_event(
            &node.clone(),
            "wheel",
            Callback::from(move |event: Event| {
                let Some(wheel) = event.dyn_ref::<WheelEvent>().filter(|_| image) else {
                    return;
                };
                wheel.prevent_default();
                let (at, size) = place(&node, wheel.client_x(), wheel.client_y());
                let factor = (-wheel.delta_y() / 320.0).exp();
                let now = *lie.borrow();
                lay.emit(now.zoomed(factor, at).within(size));
            }),
        );
    }
    let onpointerdown = {
        let (hands, node) = (hands.clone(), node.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() > 0 {
                return;
            }
            if let Some(stage) = node.cast::<Element>() {
                let _captured = stage.set_pointer_capture(event.pointer_id());
            }
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            let mut hands = hands.borrow_mut();
            hands.down.insert(event.pointer_id(), at);
            hands.touch = event.pointer_type() == "touch";
            hands.began = (hands.down.len() == 1).then_some(at);
            hands.spread = hands.distance();
        })
    };
    let onpointermove = {
        let (hands, node, lie, lay) = (hands.clone(), node.clone(), lie.clone(), lay.clone());
        Callback::from(move |event: PointerEvent| {
            let mut hands = hands.borrow_mut();
            let Some(before) = hands.down.get(&event.pointer_id()).copied() else {
                return;
            };
            let now = (f64::from(event.client_x()), f64::from(event.client_y()));
            hands.down.insert(event.pointer_id(), now);
            let lying = *lie.borrow();
            let (_, size) = place(&node, 0, 0);
            if hands.down.len() >= 2 {
                let spread = hands.distance();
                if hands.spread > 0.0 {
                    let middle = hands.middle();
                    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                    let (at, size) = place(&node, middle.0 as i32, middle.1 as i32);
                    lay.emit(lying.zoomed(spread / hands.spread, at).within(size));
                }
                hands.spread = spread;
            } else if lying.zoom > 1.0 {
                let moved = Lie {
                    x: lying.x + now.0 - before.0,
                    y: lying.y + now.1 - before.1,
                    ..lying
                };
                lay.emit(moved.within(size));
            }
        })
    };
    let onpointerup = {
        let (hands, lie, on_step, on_close) = (
            hands.clone(),
            lie.clone(),
            props.on_step.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |event: PointerEvent| {
            let (began, touch) = {
                let mut hands = hands.borrow_mut();
                hands.down.remove(&event.pointer_id());
                hands.spread = hands.distance();
                (hands.began.take(), hands.touch)
            };
            let Some(began) = began.filter(|_| touch && lie.borrow().zoom <= 1.0) else {
                return;
            };
            let (dx, dy) = (
                f64::from(event.client_x()) - began.0,
                f64::from(event.client_y()) - began.1,
            );
            if dx.abs() > SWIPE_PX && dx.abs() > dy.abs() * 1.4 {
                on_step.emit(dx < 0.0);
            } else if dy > DISMISS_PX && dy > dx.abs() * 1.4 {
                on_close.emit(());
            }
        })
    };
    let onpointercancel = {
        let hands = hands.clone();
        Callback::from(move |_: PointerEvent| *hands.borrow_mut() = Hands::default())
    };
    let ondblclick = {
        let (lie, lay, node) = (lie.clone(), lay.clone(), node.clone());
        Callback::from(move |event: MouseEvent| {
            let (at, size) = place(&node, event.client_x(), event.client_y());
            let now = *lie.borrow();
            lay.emit(if now.zoom > 1.0 {
                WHOLE
            } else {
                now.zoomed(2.5, at).within(size)
            });
        })
    };
    let onerror = {
        let broken = broken.setter();
        Callback::from(move |_: Event| broken.set(true))
    };
    let item = &props.item;
    if item.kind == MediaKind::Video {
        return html! {
            <div class="h-viewer__stage" ref={node}>
                <video class="h-viewer__video" controls=true preload="metadata" src={backend::media_url(&item.hash, Variant::Original)} aria-label={props.words.clone()} />
            </div>
        };
    }
    // All its pixels are only needed when they can be seen.
    let variant = if *zoomed {
        Variant::Original
    } else {
        Variant::Large
    };
    html! {
        <div
            class="h-viewer__stage"
            ref={node}
            data-zoomed={zoomed.then_some("true")}
            {onpointerdown}
            {onpointermove}
            {onpointerup}
            {onpointercancel}
            {ondblclick}
        >
            if *broken {
                <div class="h-viewer__waiting" role="status">
                    if !item.placeholder.is_empty() { <img src={item.placeholder.clone()} alt="" aria-hidden="true" /> }
                    <Icon name={IconName::Clock} size={IconSize::L} />
                    <p>{ t!("photo-on-its-way") }</p>
                </div>
            } else {
                <img
                    class="h-viewer__image"
                    src={backend::media_url(&item.hash, variant)}
                    alt={props.words.clone()}
                    width={item.width.map(|w| w.to_string())}
                    height={item.height.map(|h| h.to_string())}
                    draggable="false"
                    {onerror}
                />
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_under_the_finger_stays_and_the_picture_never_leaves() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let lie = WHOLE.zoomed(2.0, (100.0, 0.0));
        // What was at 100 is drawn at x + 100 * zoom, still 100.
        assert!(near(lie.x + 100.0 * lie.zoom, 100.0), "{lie:?}");
        let far = Lie {
            zoom: 2.0,
            x: 9_000.0,
            y: -9_000.0,
        }
        .within((400.0, 300.0));
        assert!(near(far.x, 200.0) && near(far.y, -150.0));
        assert_eq!(lie.zoomed(0.1, (5.0, 5.0)), WHOLE);
        assert!(near(WHOLE.zoomed(100.0, (0.0, 0.0)).zoom, MOST));
    }
}
