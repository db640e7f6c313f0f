//! What the desktop shell asks of the page: to go to a place, after a click on a notification, in the tray or on a link; and what
//! closing the window means; and what it tells of a new version.

use super::{Backend, current, tauri};
use hearth_api::desktop::UpdateState;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;
use yew::Callback;

thread_local! {
    static GO: RefCell<Option<Callback<String>>> = const { RefCell::new(None) };
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Goes where the shell asks to; the last one given is asked.
pub fn on_open(go: Callback<String>) {
    GO.replace(Some(go));
    if current() != Backend::Tauri || LISTENING.replace(true) {
        return;
    }
    wasm_bindgen_futures::spawn_local(async {
        let listening = tauri::listen("hearth:open", |event| {
            let path =
                tauri::payload_text(&event).and_then(|text| serde_json::from_str::<String>(&text).ok());
            let go = GO.with_borrow(Clone::clone);
            if let (Some(path), Some(go)) = (path, go) {
                go.emit(path);
            }
        })
        .await;
        LISTENING.set(listening);
        // A link that started the program came before anybody listened.
        if let Ok(Some(path)) = tauri::shell::<Option<String>>("listens", &[]).await
            && let Some(go) = GO.with_borrow(Clone::clone)
        {
            go.emit(path);
        }
    });
}

/// Hears when the window is to be closed and nobody said yet what that means. For the life of the page.
pub fn on_close(ask: Callback<()>) {
    wasm_bindgen_futures::spawn_local(async move {
        let _listening = tauri::listen("hearth:close", move |_| ask.emit(())).await;
    });
}

/// Hears how it stands with a new version of the app, whenever that changes. For the life of the page.
pub fn on_update(told: Callback<UpdateState>) {
    wasm_bindgen_futures::spawn_local(async move {
        let _listening = tauri::listen("hearth:update", move |event| {
            let state =
                tauri::payload_text(&event).and_then(|text| serde_json::from_str::<UpdateState>(&text).ok());
            if let Some(state) = state {
                told.emit(state);
            }
        })
        .await;
    });
}

/// Runs something when the next frame is drawn.
pub fn after_frame(run: impl FnOnce() + 'static) {
    let run = Closure::once_into_js(run);
    if let Some(window) = web_sys::window() {
        let _asked = window.request_animation_frame(run.unchecked_ref());
    }
}
