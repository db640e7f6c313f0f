//! What the page asks about the desktop that it is on, and what it answers for the person: starting with the computer, what closing
//! the window means, how the window is drawn.

use std::sync::Arc;

use hearth_api::desktop::DesktopState;
use hearth_api::ports::Clock as _;
use hearth_api::{ApiError, ApiResult, Code};
use hearth_node::system::SystemClock;
use tauri::{AppHandle, Manager as _, State};

use crate::host::{self, Host};
use crate::renderer::{self, Guard};
use crate::wish::Wish;
use crate::{args, autostart, links, spelling, tray, update, window, words};

/// When the desktop app was started first, in milliseconds since 1970.
const FIRST: &str = "first-start";
/// That somebody answered whether Hearth is to start with the computer.
const ANSWERED: &str = "autostart-answered";
/// From when on it is offered.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Remembers the first start.
pub(crate) fn note_start(host: &Host) {
    if host.store().read(FIRST).is_none() {
        host.store().write(FIRST, &SystemClock.now().0.to_string());
    }
}

/// The name of the entry that starts this home with the computer: a home with a folder of its own has its own.
fn entry() -> String {
    match crate::own_data_dir() {
        Some(dir) => format!("family.hearth.Hearth.at{}", links::name_of_folder(&dir)),
        None => "family.hearth.Hearth".to_owned(),
    }
}

pub(crate) fn state_of(app: &AppHandle) -> DesktopState {
    let host = app.state::<Arc<Host>>();
    let store = host.store();
    let autostart = autostart::is_on(&entry());
    let old_enough = store
        .read(FIRST)
        .and_then(|text| text.parse::<i64>().ok())
        .is_some_and(|first| SystemClock.now().0.saturating_sub(first) >= DAY_MS);
    let spelling = app
        .get_webview_window(window::LABEL)
        .is_some_and(|window| spelling::check(&window, &app.state::<words::Language>().tag()));
    DesktopState {
        autostart,
        offer_autostart: !autostart && old_enough && store.read(ANSWERED).is_none(),
        keeps_running: window::keeps_running(store),
        tray: tray::exists(app),
        spelling,
        renderer: renderer::current(),
        update: update::state_of(app),
    }
}

/// What the page knows of the desktop.
#[tauri::command(async)]
pub(crate) fn desktop_state(app: AppHandle) -> DesktopState {
    state_of(&app)
}

/// Makes Hearth start with the computer, or no longer; also the answer to the offer.
#[tauri::command(async)]
pub(crate) fn set_autostart(app: AppHandle, on: bool) -> ApiResult<DesktopState> {
    let mut words = vec![args::HIDDEN.to_owned()];
    if let Some(dir) = crate::own_data_dir() {
        let dir = std::path::absolute(&dir).unwrap_or(dir);
        words.extend([args::DATA_DIR.to_owned(), dir.to_string_lossy().into_owned()]);
    }
    autostart::set(&entry(), on, &words).map_err(|error| {
        ApiError::new(
            Code::StorageError,
            format!("The list of what starts with the computer cannot be changed: {error}."),
        )
    })?;
    app.state::<Arc<Host>>().store().write(ANSWERED, "");
    Ok(state_of(&app))
}

/// The offer to start with the computer was turned down.
#[tauri::command]
pub(crate) fn decline_autostart(host: State<'_, Arc<Host>>) {
    host.store().write(ANSWERED, "");
}

/// What closing the window means from now on; nothing asks again.
#[tauri::command]
pub(crate) fn set_keeps_running(app: AppHandle, on: Option<bool>) -> DesktopState {
    window::set_keeps_running(app.state::<Arc<Host>>().store(), on);
    state_of(&app)
}

/// The answer to the question at closing; it holds from now on. No answer leaves the window open.
#[tauri::command]
pub(crate) fn answer_close(app: AppHandle, keep: Option<bool>) {
    let asked = app.state::<Arc<Host>>();
    asked.end_asking();
    if keep.is_some() {
        window::set_keeps_running(asked.store(), keep);
    }
    match keep {
        Some(true) => window::put_away(&app),
        Some(false) => host::quit(&app),
        None => {}
    }
}

/// The page was drawn for the first time since it was loaded.
#[tauri::command]
pub(crate) fn first_frame(guard: State<'_, Arc<Guard>>) {
    tracing::info!("The page is drawn");
    guard.drawn();
}

/// The page listens to where it is to go. Tells where that is, if it was asked before.
#[tauri::command]
pub(crate) fn listens(wish: State<'_, Wish>) -> Option<String> {
    wish.listens()
}

/// Draws the usual way again from the next start on.
#[tauri::command]
pub(crate) fn use_usual_renderer(host: State<'_, Arc<Host>>) {
    renderer::forget(host.store());
}

/// Opens the home again, if it did not open.
#[tauri::command]
pub(crate) fn open_again(host: State<'_, Arc<Host>>) {
    host.open_again();
}
