//! The square of a picture that is shown as a person's picture: dragged, zoomed, by keys as well.

mod square;

pub use square::Square;

use crate::components::button::{Button, Variant};
use crate::components::dialog::Dialog;
use crate::components::slider::Slider;
use crate::kit::dom::{set_var, use_event};
use crate::t;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlImageElement, WheelEvent};
use yew::prelude::*;

/// Properties of [`Cropper`].
#[derive(Properties, PartialEq)]
pub struct CropperProps {
    /// Where the picture is shown from.
    pub src: AttrValue,
    /// Hears the square in the picture's own pixels, with the picture's width.
    pub on_done: Callback<(Square, u32)>,
    /// Asks to close.
    pub on_close: Callback<()>,
    /// Whether it is being saved.
    #[prop_or_default]
    pub pending: bool,
    /// What went wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Said of a picture that cannot be shown.
    #[prop_or_default]
    pub on_broken: Callback<()>,
}

/// Chooses the square of a picture.
#[component]
pub fn Cropper(props: &CropperProps) -> Html {
    let frame = use_node_ref();
    let image = use_node_ref();
    let square = use_state_eq(|| None::<Square>);
    let held = use_mut_ref(BTreeMap::<i32, (f64, f64)>::new);

    {
        let (frame, image) = (frame.clone(), image.clone());
        use_effect_with(*square, move |square| {
            let (Some(frame), Some(image), Some(square)) = (
                frame.cast::<HtmlElement>(),
                image.cast::<HtmlImageElement>(),
                square,
            ) else {
                return;
            };
            let side = f64::from(frame.client_width());
            let scale = side / square.size;
            let width = f64::from(image.natural_width()) * scale;
            set_var(&frame, "--w", &format!("{width:.1}px"));
            set_var(&frame, "--x", &format!("{:.1}px", -square.x * scale));
            set_var(&frame, "--y", &format!("{:.1}px", -square.y * scale));
        });
    }
    let change = {
        let square = square.clone();
        Callback::from(move |next: Square| square.set(Some(next)))
    };
    let onload = {
        let change = change.clone();
        Callback::from(move |event: Event| {
            let image: HtmlImageElement = event.target_unchecked_into();
            change.emit(Square::centred(
                f64::from(image.natural_width()),
                f64::from(image.natural_height()),
            ));
        })
    };
    let onerror = props.on_broken.reform(|_: Event| ());
    let side = {
        let frame = frame.clone();
        move || {
            frame
                .cast::<Element>()
                .map_or(1.0, |f| f64::from(f.client_width()).max(1.0))
        }
    };
    {
        let (square, change) = (square.clone(), change.clone());
        use_event(
            &frame,
            "wheel",
            Callback::from(move |event: Event| {
                let Some(wheel) = event.dyn_ref::<WheelEvent>() else {
                    return;
                };
                wheel.prevent_default();
                if let Some(now) = *square {
                    change.emit(now.zoomed((wheel.delta_y() / 400.0).exp()));
                }
            }),
        );
    }
    let onpointerdown = {
        let (held, frame) = (held.clone(), frame.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(frame) = frame.cast::<Element>() {
                let _captured = frame.set_pointer_capture(event.pointer_id());
            }
            held.borrow_mut().insert(
                event.pointer_id(),
                (f64::from(event.client_x()), f64::from(event.client_y())),
            );
        })
    };
    let onpointermove = {
        let (held, square, change, side) = (held.clone(), square.clone(), change.clone(), side.clone());
        Callback::from(move |event: PointerEvent| {
            let mut held = held.borrow_mut();
            let now = (f64::from(event.client_x()), f64::from(event.client_y()));
            let Some(before) = held.insert(event.pointer_id(), now) else {
                held.remove(&event.pointer_id());
                return;
            };
            let Some(shown) = *square else { return };
            let other = held
                .iter()
                .find(|(id, _)| **id != event.pointer_id())
                .map(|(_, at)| *at);
            match other {
                Some(other) => {
                    let spread = |p: (f64, f64)| (p.0 - other.0).hypot(p.1 - other.1).max(1.0);
                    change.emit(shown.zoomed(spread(before) / spread(now)));
                }
                None => {
                    let scale = shown.size / side();
                    change.emit(shown.moved((before.0 - now.0) * scale, (before.1 - now.1) * scale));
                }
            }
        })
    };
    let onpointerup = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            held.borrow_mut().remove(&event.pointer_id());
        })
    };
    let onkeydown = {
        let (square, change) = (square.clone(), change.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(now) = *square else { return };
            let by = now.size / if event.shift_key() { 8.0 } else { 40.0 };
            let next = match event.key().as_str() {
                "ArrowLeft" => now.moved(-by, 0.0),
                "ArrowRight" => now.moved(by, 0.0),
                "ArrowUp" => now.moved(0.0, -by),
                "ArrowDown" => now.moved(0.0, by),
                "+" | "=" => now.zoomed(1.0 / 1.1),
                "-" => now.zoomed(1.1),
                _ => return,
            };
            event.prevent_default();
            change.emit(next);
        })
    };
    let on_zoom = {
        let (square, change) = (square.clone(), change.clone());
        Callback::from(move |percent: i32| {
            if let Some(now) = *square {
                change.emit(now.at_zoom(f64::from(percent) / 100.0));
            }
        })
    };
    let done = {
        let (square, image, on_done) = (square.clone(), image.clone(), props.on_done.clone());
        Callback::from(move |_: MouseEvent| {
            if let (Some(square), Some(image)) = (*square, image.cast::<HtmlImageElement>()) {
                on_done.emit((square, image.natural_width()));
            }
        })
    };
    #[expect(clippy::cast_possible_truncation, reason = "between 100 and 600")]
    let zoom = square.map_or(100, |s| (s.zoom() * 100.0).round() as i32);
    let footer = html! {
        <>
            <Button variant={Variant::Quiet} on_click={props.on_close.reform(|_| ())}>{ t!("action-cancel") }</Button>
            <Button variant={Variant::Filled} pending={props.pending} on_click={done} test_id="crop-done">{ t!("crop-done") }</Button>
        </>
    };
    html! {
        <Dialog title={t!("crop-title")} on_close={props.on_close.clone()} light_dismiss={false} {footer} test_id="cropper">
            <div class="h-crop">
                <div
                    class="h-crop__frame"
                    ref={frame}
                    role="application"
                    tabindex="0"
                    aria-label={t!("crop-frame")}
                    data-ready={square.map(|_| "true")}
                    {onpointerdown}
                    {onpointermove}
                    onpointercancel={onpointerup.clone()}
                    {onpointerup}
                    {onkeydown}
                >
                    <img ref={image} src={props.src.clone()} alt="" draggable="false" {onload} {onerror} />
                    <span class="h-crop__ring" aria-hidden="true" />
                </div>
                <Slider label={t!("crop-zoom")} value={zoom} min={100} max={600} step={5} on_change={on_zoom} text={format!("{zoom} %")} />
                if let Some(error) = &props.error { <p class="u-danger" role="alert">{ error.clone() }</p> }
            </div>
        </Dialog>
    }
}
