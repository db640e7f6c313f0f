//! The tray: how many things are unread, how the home is, and the shortest ways to what one does most.
//!
//! A menu only: Linux tells nothing of clicks on the icon. Where there is no tray the program works without.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use fluent_bundle::FluentArgs;
use hearth_api::homes::PauseSending;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager as _, WebviewWindow, Wry, include_image};

use crate::host::{self, Host};
use crate::window;
use crate::words::Language;

const ID: &str = "hearth";

const PLAIN: Image<'static> = include_image!("icons/tray.png");
const DOT: Image<'static> = include_image!("icons/tray-dot.png");
const AMBER: Image<'static> = include_image!("icons/tray-amber.png");

/// The state that the tray shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Unread notifications.
    pub(crate) unread: u32,
    /// Whether something of the home needs a person.
    pub(crate) needs_help: bool,
    /// Things that still wait to reach other homes.
    pub(crate) waiting: u64,
    /// Whether somebody is signed in.
    pub(crate) signed_in: bool,
    /// Whether that is somebody who runs the home.
    pub(crate) admin: bool,
    /// Until what time of the day the home sends nothing, as it is written; none when it sends.
    pub(crate) paused_until: Option<String>,
}

impl Shown {
    /// How the home is, in a line.
    fn status(&self, words: &Language) -> String {
        match (self.signed_in, self.needs_help, &self.paused_until, self.waiting) {
            (false, ..) => words.text("tray-status-signed-out"),
            (true, true, ..) => words.text("tray-status-help"),
            (true, false, Some(time), waiting) => {
                let mut args = FluentArgs::new();
                args.set("time", time.as_str());
                args.set("count", waiting);
                words.format("tray-status-paused", &args)
            }
            (true, false, None, 0) => words.text("tray-status"),
            (true, false, None, waiting) => words.count("tray-status-waiting", waiting),
        }
    }

    /// What the entry says that ends the program: also what then waits until the next start.
    fn quit(&self, words: &Language) -> String {
        match self.waits() {
            Some(waiting) => words.count("tray-quit-waiting", waiting),
            None => words.text("tray-quit"),
        }
    }

    /// How many things wait, if any do; that is for its people to know.
    fn waits(&self) -> Option<u64> {
        (self.signed_in && self.waiting > 0).then_some(self.waiting)
    }

    /// What the entry says that pauses the sending, or ends that; and whether it can be chosen.
    fn pause(&self) -> (&'static str, bool) {
        let id = match self.paused_until {
            Some(_) => "tray-resume",
            None => "tray-pause",
        };
        (id, self.signed_in && self.admin)
    }
}

/// What was shown last, which others say in the same words; also where there is no tray.
#[derive(Default)]
pub(crate) struct Latest(Mutex<Shown>);

impl Latest {
    fn get(&self) -> Shown {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a button says that ends the program.
pub(crate) fn quit_text(app: &AppHandle) -> String {
    app.state::<Latest>().get().quit(&app.state::<Language>())
}

/// How many things wait for the next start if the program ends now, if any do.
pub(crate) fn waits(app: &AppHandle) -> Option<u64> {
    app.state::<Latest>().get().waits()
}

/// How long the tray pauses the sending, in minutes.
const PAUSE_MINUTES: u32 = 60;

/// The entries whose text changes.
struct Items {
    unread: MenuItem<Wry>,
    status: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    paused: AtomicBool,
    fixed: Vec<(&'static str, MenuItem<Wry>)>,
    works: AtomicBool,
}

/// Puts the icon into the tray.
pub(crate) fn build(app: &AppHandle) {
    if let Err(error) = try_build(app) {
        tracing::warn!(%error, "There is no tray: closing the window will minimise it");
    }
}

fn try_build(app: &AppHandle) -> tauri::Result<()> {
    let words = app.state::<Language>();
    let entry = |id: &str, enabled: bool| MenuItem::with_id(app, id, words.text(id), enabled, None::<&str>);
    let unread = entry("tray-unread", true)?;
    let status = entry("tray-status", false)?;
    let post = entry("tray-post", true)?;
    let assistant = entry("tray-assistant", true)?;
    let pause = entry("tray-pause", false)?;
    let open = entry("tray-open", true)?;
    let quit = entry("tray-quit", true)?;
    let line = || PredefinedMenuItem::separator(app);
    let menu = Menu::with_items(
        app,
        &[
            &unread,
            &status,
            &line()?,
            &post,
            &assistant,
            &line()?,
            &pause,
            &line()?,
            &open,
            &quit,
        ],
    )?;
    TrayIconBuilder::with_id(ID)
        .icon(PLAIN)
        .tooltip("Hearth")
        .menu(&menu)
        .show_menu_on_left_click(true)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "tray-unread" => window::raise(app, Some("/notifications")),
            "tray-post" => window::raise(app, Some("/compose")),
            "tray-assistant" => window::raise(app, Some("/a")),
            "tray-pause" => pause_or_resume(app),
            "tray-open" => window::raise(app, None),
            "tray-quit" => host::quit(app),
            _ => {}
        })
        .build(app)?;
    app.manage(Arc::new(Items {
        unread,
        status,
        pause,
        paused: AtomicBool::new(false),
        fixed: vec![
            ("tray-post", post),
            ("tray-assistant", assistant),
            ("tray-open", open),
            ("tray-quit", quit),
        ],
        works: AtomicBool::new(true),
    }));
    show(app, &Shown::default());
    Ok(())
}

/// Has the home send nothing for a while, or send again. What came of it is told by the home, as every change of it is.
fn pause_or_resume(app: &AppHandle) {
    let Some(items) = app.try_state::<Arc<Items>>() else {
        return;
    };
    let minutes = (!items.paused.load(Ordering::Relaxed)).then_some(PAUSE_MINUTES);
    let host = Arc::clone(&app.state::<Arc<Host>>());
    tauri::async_runtime::spawn(async move {
        if let Err(error) = host.ask(PauseSending { minutes }).await {
            tracing::warn!(code = %error.code, "Sending could not be paused or begun again");
        }
    });
}

/// Whether there is a tray from which a hidden window can be brought back.
pub(crate) fn exists(app: &AppHandle) -> bool {
    let built = app
        .try_state::<Arc<Items>>()
        .is_some_and(|items| items.works.load(Ordering::Relaxed));
    built && somebody_shows_trays()
}

/// On Linux an icon can be made where nothing shows it, as on a plain GNOME; the bus knows whether somebody does.
#[cfg(target_os = "linux")]
fn somebody_shows_trays() -> bool {
    let shown = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let bus = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        Ok(bus.name_has_owner("org.kde.StatusNotifierWatcher".try_into()?)?)
    };
    shown().unwrap_or_else(|error| {
        tracing::debug!(%error, "The session bus does not tell whether there is a tray");
        false
    })
}

#[cfg(not(target_os = "linux"))]
fn somebody_shows_trays() -> bool {
    true
}

/// Brings the icon, the menu and the badge up to date.
pub(crate) fn show(app: &AppHandle, shown: &Shown) {
    app.state::<Latest>()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone_from(shown);
    if let Some(window) = app.get_webview_window(window::LABEL)
        && let Err(error) = show_badge(&window, shown.unread)
    {
        tracing::debug!(%error, "This desktop shows no badge");
    }
    let Some(items) = app.try_state::<Arc<Items>>() else {
        return;
    };
    if let Err(error) = update(app, &items, shown) {
        items.works.store(false, Ordering::Relaxed);
        tracing::warn!(%error, "The tray did not take the change");
    }
}

/// The number on the icon of the program.
#[cfg(target_os = "macos")]
fn show_badge(window: &WebviewWindow, unread: u32) -> tauri::Result<()> {
    window.set_badge_count((unread > 0).then_some(i64::from(unread)))
}

/// Tauri would name the wrong desktop file, and needs a library that few systems have.
#[cfg(target_os = "linux")]
fn show_badge(window: &WebviewWindow, unread: u32) -> zbus::Result<()> {
    window.state::<crate::launcher::Launcher>().show(unread)
}

/// Windows lays a picture over the icon, which has to be drawn.
#[cfg(windows)]
fn show_badge(window: &WebviewWindow, unread: u32) -> tauri::Result<()> {
    window.set_overlay_icon((unread > 0).then(|| crate::badge::drawn(unread)))
}

fn update(app: &AppHandle, items: &Items, shown: &Shown) -> tauri::Result<()> {
    let words = app.state::<Language>();
    items
        .unread
        .set_text(words.count("tray-unread", u64::from(shown.unread)))?;
    items.unread.set_enabled(shown.signed_in)?;
    items.status.set_text(shown.status(&words))?;
    let (pause, enabled) = shown.pause();
    items
        .paused
        .store(shown.paused_until.is_some(), Ordering::Relaxed);
    items.pause.set_text(words.text(pause))?;
    items.pause.set_enabled(enabled)?;
    for (id, item) in &items.fixed {
        item.set_text(match *id {
            "tray-quit" => shown.quit(&words),
            id => words.text(id),
        })?;
        item.set_enabled(shown.signed_in || matches!(*id, "tray-open" | "tray-quit"))?;
    }
    if let Some(tray) = app.tray_by_id(ID) {
        tray.set_icon(Some(icon(shown)))?;
        tray.set_tooltip(Some(match shown.unread {
            0 => "Hearth".to_owned(),
            unread => format!("Hearth: {}", words.count("tray-unread", u64::from(unread))),
        }))?;
    }
    Ok(())
}

fn icon(shown: &Shown) -> Image<'static> {
    match (shown.needs_help, shown.unread) {
        (true, _) => AMBER,
        (false, 0) => PLAIN,
        (false, _) => DOT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_help_is_shown_before_what_is_unread() {
        let shown = Shown {
            unread: 3,
            signed_in: true,
            ..Shown::default()
        };
        assert_eq!(icon(&shown).rgba(), DOT.rgba());
        assert_eq!(
            icon(&Shown {
                needs_help: true,
                ..shown
            })
            .rgba(),
            AMBER.rgba()
        );
        assert_eq!(icon(&Shown::default()).rgba(), PLAIN.rgba());
    }

    #[test]
    fn who_ends_the_program_sees_what_then_waits() {
        let words = Language::in_english();
        let quit = |waiting, signed_in| {
            let shown = Shown {
                waiting,
                signed_in,
                ..Shown::default()
            };
            shown.quit(&words)
        };
        assert_eq!(quit(0, true), "Quit");
        assert_eq!(quit(1, true), "Quit; 1 thing then waits for the next start");
        assert_eq!(quit(3, true), "Quit; 3 things then wait for the next start");
        assert_eq!(quit(3, false), "Quit", "that is its people's to know");
    }

    #[test]
    fn a_pause_is_told_with_its_end_and_ended_where_it_was_begun() {
        let words = Language::in_english();
        let sends = Shown {
            signed_in: true,
            admin: true,
            ..Shown::default()
        };
        assert_eq!(sends.status(&words), "Everything has arrived");
        assert_eq!(sends.pause(), ("tray-pause", true));
        let paused = Shown {
            paused_until: Some("15:40".to_owned()),
            ..sends
        };
        assert_eq!(paused.status(&words), "Sending is paused until 15:40");
        assert_eq!(paused.pause(), ("tray-resume", true));
        let waiting = Shown {
            waiting: 3,
            ..paused.clone()
        };
        assert_eq!(
            waiting.status(&words),
            "Sending is paused until 15:40: 3 things wait"
        );
        let helpless = Shown {
            needs_help: true,
            ..paused.clone()
        };
        assert_eq!(helpless.status(&words), "Something needs you", "that comes first");
        let member = Shown {
            admin: false,
            ..paused
        };
        assert_eq!(
            member.pause(),
            ("tray-resume", false),
            "who does not run the home"
        );
        assert_eq!(
            Shown::default().pause(),
            ("tray-pause", false),
            "nobody signed in"
        );
    }
}
