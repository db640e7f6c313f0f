//! Files that are dropped onto what is being written.

use crate::components::composer::files_of;
use crate::prelude::*;

/// Takes files that are dropped; says whether some hover.
#[hook]
pub(super) fn use_drop(
    add: Callback<Vec<web_sys::File>>,
) -> (Callback<DragEvent>, Callback<DragEvent>, bool) {
    let over = use_state_eq(|| false);
    let timer = use_mut_ref(|| None::<gloo_timers::callback::Timeout>);
    let has_files = |event: &DragEvent| {
        event
            .data_transfer()
            .is_some_and(|d| d.types().includes(&wasm_bindgen::JsValue::from_str("Files"), 0))
    };
    let ondragover = {
        let (over, timer) = (over.setter(), Rc::clone(&timer));
        Callback::from(move |event: DragEvent| {
            if !has_files(&event) {
                return;
            }
            event.prevent_default();
            over.set(true);
            let over = over.clone();
            // It is told many times a second while something hovers.
            timer.replace(Some(gloo_timers::callback::Timeout::new(180, move || {
                over.set(false)
            })));
        })
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            let files = event
                .data_transfer()
                .and_then(|d| d.files())
                .map(|l| files_of(&l))
                .unwrap_or_default();
            over.set(false);
            if !files.is_empty() {
                event.prevent_default();
                event.stop_propagation();
                add.emit(files);
            }
        })
    };
    (ondragover, ondrop, *over)
}
