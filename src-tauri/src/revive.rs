//! The page runs in a process of its own, which can die: by a fault of the web view, or killed where memory runs out. The window would
//! stay empty, so the page is loaded again, where it was; what was being written, the page keeps by itself. One that dies again and
//! again is drawn in a safer way, or left alone.
//!
//! The web view of Windows shows a page of its own then, which offers to load again.

#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(crate) use self::watching::*;

use std::time::Duration;

use tokio::time::Instant;

/// How often it is loaded again within [`WHILE`].
const TIMES: usize = 3;
const WHILE: Duration = Duration::from_secs(60);

/// When the page died lately.
#[derive(Default)]
struct Deaths(Vec<Instant>);

impl Deaths {
    /// It died now; whether it is worth loading it again.
    fn another(&mut self, now: Instant) -> bool {
        self.0.retain(|then| now.duration_since(*then) < WHILE);
        self.0.push(now);
        self.0.len() <= TIMES
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod watching {
    use std::sync::{Mutex, PoisonError};

    use tauri::{AppHandle, Manager as _};
    use tokio::time::Instant;

    use super::Deaths;
    use crate::{renderer, window};

    /// What happened to the page.
    #[derive(Default)]
    pub(crate) struct Revival(Mutex<Deaths>);

    /// Loads the page again whenever its process died.
    #[cfg(target_os = "linux")]
    pub(crate) fn watch(window: &tauri::WebviewWindow) {
        use webkit2gtk::WebViewExt as _;
        let app = window.app_handle().clone();
        let watched = window.with_webview(move |view| {
            view.inner().connect_web_process_terminated(move |_, reason| {
                died(&app, &format!("{reason:?}"));
            });
        });
        if let Err(error) = watched {
            tracing::debug!(%error, "Nobody watches the page's process");
        }
    }

    /// The page's process is gone.
    pub(crate) fn died(app: &AppHandle, reason: &str) {
        let revival = app.state::<Revival>();
        let again = revival
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .another(Instant::now());
        if !again {
            tracing::warn!(reason, "The page's process keeps ending");
            renderer::give_up(app);
            return;
        }
        tracing::warn!(reason, "The page's process ended; the page is loaded again");
        if let Some(window) = app.get_webview_window(window::LABEL)
            && let Err(error) = window.reload()
        {
            tracing::error!(%error, "The page cannot be loaded again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_keeps_dying_is_left_alone_until_a_while_has_passed() {
        let (start, mut deaths) = (Instant::now(), Deaths::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(deaths.another(after(0)));
        assert!(deaths.another(after(1)));
        assert!(deaths.another(after(2)));
        assert!(!deaths.another(after(3)));
        assert!(deaths.another(after(63)), "the earlier ones are long ago");
    }
}
