//! The window: made once, hidden instead of closed, brought back at the right page and the right place.

use std::sync::Arc;

use tauri::utils::config::WindowConfig;
use tauri::webview::PageLoadEvent;
use tauri::{
    AppHandle, Emitter as _, Manager as _, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, Window, WindowEvent,
};

use crate::host::{self, Host};
use crate::place::{self, Place, Places, Screen};
use crate::renderer::Stage;
use crate::store::Store;
use crate::wish::Wish;
use crate::{notify, renderer, tray};

/// The label of the only window.
pub(crate) const LABEL: &str = "main";
/// The name under which the page hears where to go.
const OPEN: &str = "hearth:open";
const PLACE: &str = "window.json";
/// The page that was shown last.
const ROUTE: &str = "route";
const STAYS_SAID: &str = "stays-said";
const KEEPS: &str = "keeps-running";
/// Where the web view keeps its own things, beside the home, so that nothing lies anywhere else.
const WEBVIEW: &str = "webview";
/// The name under which the page hears that it is to ask what closing means.
const CLOSE: &str = "hearth:close";

/// Makes the window: at `route` if one is asked for, else at the page that was shown last. `hidden`, it waits in the tray, or minimised where there is none.
pub(crate) fn open(app: &AppHandle, route: Option<&str>, hidden: bool) -> tauri::Result<()> {
    let mut config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .cloned()
        .unwrap_or_else(|| WindowConfig {
            label: LABEL.to_owned(),
            ..WindowConfig::default()
        });
    let last = app.state::<Arc<Host>>().store().read(ROUTE);
    let kept = last.as_deref().and_then(place::comes_back);
    let asked = app.state::<Wish>().take();
    if let Some(route) = route.or(asked.as_deref()).or(kept) {
        // Any path that is no file of the window is its page.
        config.url = WebviewUrl::App(route.trim_start_matches('/').into());
    }
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .data_directory(app.state::<Arc<Host>>().store().folder(WEBVIEW))
        .on_navigation(|url| is_ours(url.scheme(), url.host_str()))
        .on_page_load(move |window, payload| {
            match payload.event() {
                PageLoadEvent::Started => window.state::<Wish>().loads(),
                // Hidden until there is something to see, so that nobody looks at an empty frame.
                PageLoadEvent::Finished => first_look(&window, hidden),
            }
        })
        .build()?;
    #[cfg(all(debug_assertions, target_os = "linux"))]
    print_console(&window);
    #[cfg(target_os = "linux")]
    crate::revive::watch(&window);
    put_back(app, &window);
    if !hidden {
        renderer::watch(app, Stage::Load);
    }
    Ok(())
}

/// Lets the terminal show what the page writes to its console: for those who work on it.
#[cfg(all(debug_assertions, target_os = "linux"))]
fn print_console(window: &WebviewWindow) {
    use webkit2gtk::{SettingsExt as _, WebViewExt as _};
    let set = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
    });
    if let Err(error) = set {
        tracing::debug!(%error, "The page's console stays silent");
    }
}

/// The page is there: shows the window, unless the program was started to wait in the tray. A page that is loaded again shows nothing.
fn first_look(window: &WebviewWindow, hidden: bool) {
    let app = window.app_handle();
    if app.try_state::<Looked>().is_some() || !app.manage(Looked) {
        return;
    }
    if hidden && tray::exists(app) {
        tracing::info!("The window waits in the tray");
        return;
    }
    match window.show() {
        Ok(()) => tracing::info!("The window is shown"),
        Err(error) => tracing::warn!(%error, "The window does not show"),
    }
    if hidden {
        if let Err(error) = window.minimize() {
            tracing::warn!(%error, "The window does not go away");
        }
    } else {
        renderer::watch(app, Stage::Draw);
    }
}

/// That the page was loaded once.
struct Looked;

/// The window's own page only: links to elsewhere are opened by the system.
fn is_ours(scheme: &str, host: Option<&str>) -> bool {
    match scheme {
        "tauri" => host == Some("localhost"),
        "http" | "https" => host == Some("tauri.localhost"),
        "about" => true,
        _ => false,
    }
}

/// Brings the window to the front, at `route` if one is given. Where the page does not listen yet, or there is no window, it goes there
/// when it does.
pub(crate) fn raise(app: &AppHandle, route: Option<&str>) {
    let now = route.filter(|route| app.state::<Wish>().ask(route));
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let raised = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "The window does not come to the front");
    }
    if let Some(route) = now
        && let Err(error) = window.emit_to(LABEL, OPEN, route)
    {
        tracing::warn!(%error, "The page does not hear where to go");
    }
}

/// Hides the window instead of closing it, and remembers where it was.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        let app = window.app_handle();
        remember(app);
        let host = app.state::<Arc<Host>>();
        match keeps_running(host.store()) {
            Some(true) => put_away(app),
            Some(false) => {
                if let Some(waiting) = tray::waits(app) {
                    notify::say_what_waits(app, waiting);
                }
                host::quit(app);
            }
            // Asked once. Who closes it again while asked, or has a page that cannot ask, wants it away.
            None if host.begin_asking() && window.emit_to(LABEL, CLOSE, ()).is_ok() => {}
            None => put_away(app),
        }
    }
}

/// What a person answered to whether Hearth is to keep running when its window is closed.
pub(crate) fn keeps_running(store: &Store) -> Option<bool> {
    match store.read(KEEPS)?.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Remembers the answer; none asks again.
pub(crate) fn set_keeps_running(store: &Store, keeps: Option<bool>) {
    match keeps {
        Some(keeps) => store.write(KEEPS, if keeps { "yes" } else { "no" }),
        None => store.remove(KEEPS),
    }
}

/// Takes the window out of sight; the program runs on.
pub(crate) fn put_away(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    // Without a tray a hidden window could not be found again.
    let hidden = tray::exists(app);
    let away = if hidden { window.hide() } else { window.minimize() };
    if let Err(error) = away {
        tracing::warn!(%error, "The window does not go away");
    }
    say_that_it_stays(app, hidden);
}

/// Once where the tray shows it from now on, else every time: there the notification is the way to quit.
fn say_that_it_stays(app: &AppHandle, in_tray: bool) {
    let host = app.state::<Arc<Host>>();
    if !in_tray || host.store().read(STAYS_SAID).is_none() {
        notify::say_it_stays(app, in_tray);
        host.store().write(STAYS_SAID, "");
    }
}

/// Keeps the place of the window and its page for the next start.
pub(crate) fn remember(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let host = app.state::<Arc<Host>>();
    remember_route(&window, host.store());
    let Some(place) = place_of(&window) else { return };
    let mut places = kept_places(host.store());
    places.note(&screens_of(&window), place);
    match serde_json::to_string(&places) {
        Ok(text) => host.store().write(PLACE, &text),
        Err(error) => tracing::warn!(%error, "The place of the window could not be written down"),
    }
}

/// Keeps the page, or that it is none to come back to.
fn remember_route(window: &WebviewWindow, store: &Store) {
    // A page that was not loaded says nothing of where the person was.
    let Some(url) = window
        .url()
        .ok()
        .filter(|url| is_ours(url.scheme(), url.host_str()))
    else {
        return;
    };
    match place::comes_back(url.path()) {
        Some(path) => store.write(ROUTE, path),
        None => store.remove(ROUTE),
    }
}

fn kept_places(store: &Store) -> Places {
    store
        .read(PLACE)
        .map(|text| Places::read(&text))
        .unwrap_or_default()
}

fn screens_of(window: &WebviewWindow) -> Vec<Screen> {
    window
        .available_monitors()
        .unwrap_or_default()
        .iter()
        .map(|monitor| {
            let (position, size) = (monitor.position(), monitor.size());
            (position.x, position.y, size.width, size.height)
        })
        .collect()
}

fn place_of(window: &WebviewWindow) -> Option<Place> {
    if !window.is_visible().ok()? || window.is_minimized().ok()? {
        return None;
    }
    let (position, size) = (window.outer_position().ok()?, window.inner_size().ok()?);
    let maximized = window.is_maximized().ok()?;
    Some(Place {
        x: position.x,
        y: position.y,
        width: size.width,
        height: size.height,
        maximized,
    })
}

/// Puts the window where it was on these screens, unless that could not be seen.
fn put_back(app: &AppHandle, window: &WebviewWindow) {
    let places = kept_places(app.state::<Arc<Host>>().store());
    let Some(place) = places.on(&screens_of(window)) else {
        return;
    };
    let moved = window
        .set_size(PhysicalSize::new(place.width, place.height))
        .and_then(|()| window.set_position(PhysicalPosition::new(place.x, place.y)))
        .and_then(|()| {
            if place.maximized {
                window.maximize()
            } else {
                Ok(())
            }
        });
    if let Err(error) = moved {
        tracing::debug!(%error, "The window stays where the system put it");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stays_our_own() {
        assert!(is_ours("tauri", Some("localhost")));
        assert!(is_ours("http", Some("tauri.localhost")));
        assert!(!is_ours("https", Some("example.org")));
        assert!(!is_ours("file", None));
        assert!(!is_ours("hearth-media", Some("localhost")));
    }
}
