//! The Hearth window: a Yew app for the desktop shell and for browsers.
//!
//! `kit` (text, time, keys, focus, long lists, Markdown) and `components` know no screen; `backend` carries commands and
//! events; `state` keeps what the window knows; `frame` is around every screen; `screens` are the places of
//! [`routes::Route`]. Nothing here decides what a person may do: the node does.

#![cfg_attr(
    test,
    expect(clippy::string_slice, reason = "tests cut texts that they wrote themselves")
)]

pub mod app;
pub mod backend;
pub mod components;
pub mod frame;
pub mod kit;
pub mod prelude;
pub mod routes;
pub mod screens;
pub mod state;
#[cfg(test)]
mod style_tests;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the window in the element `app`; `boot.js` calls it.
#[wasm_bindgen]
pub fn start() {
    if let Some(root) = kit::dom::by_id("app") {
        frame::nav::begin();
        state::session::begin();
        yew::Renderer::<app::App>::with_root(root.into()).render();
        state::desktop::begin();
    }
}
