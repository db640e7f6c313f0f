//! The way to the node: the desktop shell's IPC or HTTP to the home that served this page, chosen once at start.
//!
//! Both carry the same commands and events; no screen knows which one it is.

pub mod events;
pub mod http;
#[cfg(feature = "mock")]
pub mod mock;
pub(crate) mod presence;
pub mod shell;
pub mod tauri;
pub mod upload;

use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, Code, Command, MediaHash};
use wasm_bindgen::JsValue;

/// How this page reaches its home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// In the desktop window, through the shell.
    Tauri,
    /// In a browser, over HTTP.
    Http,
    /// A made-up home inside the page.
    #[cfg(feature = "mock")]
    Mock,
}

/// Whether the page runs in the desktop window.
#[must_use]
pub fn is_desktop() -> bool {
    current() == Backend::Tauri
}

/// The way to the node; the same for the life of the page.
#[must_use]
pub fn current() -> Backend {
    thread_local! { static CURRENT: std::cell::OnceCell<Backend> = const { std::cell::OnceCell::new() }; }
    CURRENT.with(|current| *current.get_or_init(choose))
}

fn choose() -> Backend {
    #[cfg(feature = "mock")]
    if mock::is_wanted() {
        return Backend::Mock;
    }
    let shell = web_sys::window()
        .and_then(|window| js_sys::Reflect::get(&window, &JsValue::from_str("__TAURI__")).ok())
        .is_some_and(|shell| shell.is_object());
    if shell { Backend::Tauri } else { Backend::Http }
}

impl Backend {
    /// Puts a command to the node.
    ///
    /// # Errors
    /// What the node says, or [`Code::Unavailable`] when it cannot be reached.
    pub async fn call<C: Command>(self, request: C) -> ApiResult<C::Output> {
        let payload = serde_json::to_string(&request).map_err(|error| broken(&error))?;
        let answer = match self {
            Self::Tauri => tauri::rpc(C::NAME, &payload).await,
            Self::Http => http::rpc(C::NAME, &payload).await,
            #[cfg(feature = "mock")]
            Self::Mock => mock::rpc(C::NAME, &payload).await,
        };
        crate::state::online::note(&answer);
        serde_json::from_str(&answer?).map_err(|error| broken(&error))
    }

    /// Where a stored file is shown from.
    #[must_use]
    pub fn media_url(self, hash: &MediaHash, variant: Variant) -> String {
        let name = variant.as_str();
        match self {
            Self::Http => format!("/media/{hash}/{name}"),
            #[cfg(feature = "mock")]
            Self::Mock => mock::media_url(hash, variant),
            // On Windows a page cannot load from a scheme of its own; the shell answers for this host.
            Self::Tauri if on_windows() => format!("http://hearth-media.localhost/{hash}/{name}"),
            Self::Tauri => format!("hearth-media://localhost/{hash}/{name}"),
        }
    }
}

/// Puts a command to the node; short for `current().call(…)`.
///
/// # Errors
/// As [`Backend::call`].
pub async fn call<C: Command>(request: C) -> ApiResult<C::Output> {
    current().call(request).await
}

/// Where a stored file is shown from; short for `current().media_url(…)`.
#[must_use]
pub fn media_url(hash: &MediaHash, variant: Variant) -> String {
    current().media_url(hash, variant)
}

fn on_windows() -> bool {
    web_sys::window()
        .and_then(|w| w.navigator().user_agent().ok())
        .is_some_and(|agent| agent.contains("Windows"))
}

/// The node could not be reached at all.
pub(crate) fn unreachable() -> ApiError {
    ApiError::new(
        Code::Unavailable,
        "Your home cannot be reached right now. What you wrote is still here.",
    )
}

fn broken(error: &serde_json::Error) -> ApiError {
    ApiError::new(
        Code::Internal,
        format!("This window and your home do not understand each other ({error}). Reload the page."),
    )
}
