//! How the window is drawn, and the guard of the start: where nothing appears in the window within some seconds, the program starts
//! itself again, once for each safer way of drawing, and keeps to the one with which something appeared.
//!
//! A driver of a graphics card can leave the web view of Linux empty without any error, so only the page itself can tell that it was
//! drawn. The ways are variables that the web view reads at its start, so they cannot be changed within one.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hearth_api::desktop::Renderer;
use tauri::{AppHandle, Manager as _};
use tokio::sync::watch;

use crate::store::Store;

/// How many seconds the page has to appear; 0 waits for ever.
const PATIENCE: &str = "HEARTH_FIRST_FRAME";
const USUAL_PATIENCE: Duration = Duration::from_secs(8);
/// Under which name the way is kept, and handed to the program's next start.
const KEPT: &str = "renderer";
const WAY: &str = "HEARTH_RENDERER";

/// What the web view of this system reads.
#[cfg(all(unix, not(target_os = "macos")))]
const SAFE: [(&str, &str); 1] = [("WEBKIT_DISABLE_DMABUF_RENDERER", "1")];
#[cfg(all(unix, not(target_os = "macos")))]
const PLAIN: [(&str, &str); 2] = [
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
];
#[cfg(windows)]
const SAFE: [(&str, &str); 1] = [(
    "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
    "--disable-gpu-compositing",
)];
#[cfg(windows)]
const PLAIN: [(&str, &str); 1] = [("WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS", "--disable-gpu")];
/// The web view of macOS knows no other way.
#[cfg(target_os = "macos")]
const SAFE: [(&str, &str); 0] = [];
#[cfg(target_os = "macos")]
const PLAIN: [(&str, &str); 0] = [];

fn variables(renderer: Renderer) -> &'static [(&'static str, &'static str)] {
    match renderer {
        Renderer::Usual => &[],
        Renderer::Safe => &SAFE,
        Renderer::Plain => &PLAIN,
    }
}

/// The way that this start draws, as the one before said it.
pub(crate) fn current() -> Renderer {
    std::env::var(WAY).map_or(Renderer::Usual, |name| Renderer::named(&name))
}

/// Starts the program anew in the way that was kept, if this start does not know of it. Returns only if that is not needed or fails.
pub(crate) fn take_up(store: &Store) {
    let kept = store
        .read(KEPT)
        .map_or(Renderer::Usual, |name| Renderer::named(&name));
    if kept != Renderer::Usual && std::env::var_os(WAY).is_none() {
        start_again(kept);
    }
}

/// Takes the place of this process.
#[cfg(unix)]
pub(crate) fn start_again(renderer: Renderer) {
    use std::os::unix::process::CommandExt as _;
    if let Some(mut command) = command(renderer) {
        let error = command.exec();
        tracing::error!(%error, "Hearth could not start itself again");
    }
}

/// Starts another process and ends this one.
#[cfg(not(unix))]
pub(crate) fn start_again(renderer: Renderer) {
    let Some(mut command) = command(renderer) else {
        return;
    };
    match command.spawn() {
        Ok(_) => std::process::exit(0),
        Err(error) => tracing::error!(%error, "Hearth could not start itself again"),
    }
}

fn command(renderer: Renderer) -> Option<Command> {
    let program = std::env::current_exe()
        .inspect_err(|error| tracing::error!(%error, "Hearth does not know where it is"))
        .ok()?;
    let mut command = Command::new(program);
    command
        .args(std::env::args_os().skip(1))
        .env(WAY, renderer.as_str())
        .envs(variables(renderer).iter().copied());
    Some(command)
}

/// Watches that the page appears.
pub(crate) struct Guard {
    seen: watch::Sender<bool>,
    /// Whether the program is to start again in a safer way when it ends.
    again: AtomicBool,
}

impl Guard {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            seen: watch::Sender::new(false),
            again: AtomicBool::new(false),
        })
    }

    /// The page was drawn.
    pub(crate) fn drawn(&self) {
        self.seen.send_replace(true);
    }
}

/// What the page has to have done in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Be loaded, before the window is shown: that takes longer on a machine that is busy starting.
    Load,
    /// Be drawn, in the window that is shown.
    Draw,
}

/// From now on the page has to appear.
pub(crate) fn watch(app: &AppHandle, stage: Stage) {
    let Some(patience) = patience(std::env::var(PATIENCE).ok().as_deref()) else {
        return;
    };
    let patience = match stage {
        Stage::Load => patience * 4,
        Stage::Draw => patience,
    };
    if safer().is_none() {
        return;
    }
    let app = app.clone();
    let guard = Arc::clone(&app.state::<Arc<Guard>>());
    tauri::async_runtime::spawn(async move {
        let mut seen = guard.seen.subscribe();
        let drawn = tokio::time::timeout(patience, seen.wait_for(|seen| *seen)).await;
        if drawn.is_err() {
            give_up(&app);
        }
    });
}

/// Nothing appears this way: starts again with a safer one, if there is any. Told of it twice, it does so once.
pub(crate) fn give_up(app: &AppHandle) {
    let Some(safer) = safer() else { return };
    if app.state::<Arc<Guard>>().again.swap(true, Ordering::Relaxed) {
        return;
    }
    tracing::warn!(
        renderer = safer.as_str(),
        "Nothing appeared in the window; starting again with a safer way of drawing"
    );
    app.state::<Arc<crate::host::Host>>()
        .store()
        .write(KEPT, safer.as_str());
    app.exit(0);
}

/// The next way to draw, where this system knows one.
fn safer() -> Option<Renderer> {
    current().safer().filter(|way| !variables(*way).is_empty())
}

/// Starts again in the way that was kept, if nothing appeared. The last thing that a process does.
pub(crate) fn again_if_wanted(app: &AppHandle) {
    if app.state::<Arc<Guard>>().again.load(Ordering::Relaxed)
        && let Some(safer) = current().safer()
    {
        // The name on the bus goes first, or the next start would hand over to this one.
        tauri_plugin_single_instance::destroy(app);
        start_again(safer);
    }
}

/// Goes back to the usual way at the next start.
pub(crate) fn forget(store: &Store) {
    store.remove(KEPT);
}

fn patience(own: Option<&str>) -> Option<Duration> {
    match own.map(str::parse::<f64>) {
        Some(Ok(seconds)) if seconds > 0.0 && seconds < 3600.0 => Some(Duration::from_secs_f64(seconds)),
        Some(Ok(0.0)) => None,
        _ => Some(USUAL_PATIENCE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patience_may_be_another_and_none_waits_for_ever() {
        assert_eq!(patience(None), Some(USUAL_PATIENCE));
        assert_eq!(patience(Some("0.5")), Some(Duration::from_millis(500)));
        assert_eq!(patience(Some("0")), None);
        for odd in ["soon", "-1", "NaN", "1e99"] {
            assert_eq!(patience(Some(odd)), Some(USUAL_PATIENCE), "{odd}");
        }
    }

    #[test]
    fn each_way_is_tried_once() {
        let mut way = Renderer::Usual;
        let mut tried = vec![way];
        while let Some(next) = way.safer() {
            way = next;
            tried.push(way);
            assert_eq!(Renderer::named(way.as_str()), way);
        }
        assert_eq!(tried, [Renderer::Usual, Renderer::Safe, Renderer::Plain]);
    }
}
