//! Notifications of the system. A click brings the window to the front, at what the notification is about.
//!
//! Which ones are shown is the node's decision; this module only says them in words and waits for the click.

use std::time::Duration;

use fluent_bundle::FluentArgs;
use hearth_api::notify::{HomeChange, Notification, NotificationType, Subject};
use notify_rust::NotificationResponse;
use tauri::{AppHandle, Manager as _};

#[cfg(target_os = "linux")]
use crate::bubbles::Bubbles;
use crate::words::Language;
use crate::{host, tray, window};

/// The program as the system knows it: its desktop file and icon on Linux, its bundle on macOS, the entry of its installer on Windows.
const PROGRAM: &str = "family.hearth.Hearth";
/// Longer excerpts are cut; the system would do it less nicely.
const MAX_BODY: usize = 200;
/// How long the end of the program waits for the system to show a last one.
const SAID_WITHIN: Duration = Duration::from_secs(1);

/// Shows a notification; `content` is whether it may say what it is about.
pub(crate) fn show(app: &AppHandle, notification: &Notification, content: bool) {
    let words = app.state::<Language>();
    let (title, body) = if content {
        (title(&words, notification), body(&notification.subject))
    } else {
        (words.text("notify-hidden"), String::new())
    };
    present(
        app,
        Shown {
            title,
            body,
            route: Some(notification.route.clone()),
            #[cfg(target_os = "linux")]
            thread: Some((thread(notification), app.state::<Bubbles>().turn())),
            quit: false,
        },
    );
}

/// Says that the program runs on although its window is closed, and offers to end it.
pub(crate) fn say_it_stays(app: &AppHandle, in_tray: bool) {
    let words = app.state::<Language>();
    let body = words.text(if in_tray { "stays-body-tray" } else { "stays-body" });
    present(
        app,
        Shown {
            title: words.text("stays-title"),
            body,
            route: None,
            #[cfg(target_os = "linux")]
            thread: None,
            quit: true,
        },
    );
}

/// Says what waits for the next start, as the program ends by the closing of its window. Waits until it is shown, but not for long.
pub(crate) fn say_what_waits(app: &AppHandle, waiting: u64) {
    let words = app.state::<Language>();
    let (title, body) = (words.text("ended-title"), words.count("ended-waiting", waiting));
    let (said, heard) = std::sync::mpsc::channel();
    let showing = std::thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || {
            let shown = plain(&title, &body).show().map(|_handle| ());
            // Nobody waits any more: the program ends.
            let _ = said.send(shown);
        });
    let shown = showing.map(|_thread| heard.recv_timeout(SAID_WITHIN));
    if !matches!(shown, Ok(Ok(Ok(())))) {
        tracing::warn!(waiting, "The system did not show what waits for the next start");
    }
}

/// What a notification says and leads to.
struct Shown {
    title: String,
    body: String,
    route: Option<String>,
    /// What it is about: a later one about the same takes its place, in the order in which they came. None is one of its own.
    #[cfg(target_os = "linux")]
    thread: Option<(String, u64)>,
    /// Whether it offers to end the program.
    quit: bool,
}

/// What a notification is about: all about one post is one thread, everything else is grouped as it is in the window.
#[cfg(target_os = "linux")]
fn thread(notification: &Notification) -> String {
    match &notification.subject {
        Subject::Post { post, .. } | Subject::Comment { post, .. } => format!("post {post}"),
        Subject::Person | Subject::Home { .. } | Subject::Account { .. } => {
            format!("entry {}", notification.id)
        }
    }
}

/// Says who the program is, where the system wants to know before it shows anything.
#[cfg(any(windows, target_os = "macos"))]
pub(crate) fn introduce() {
    #[cfg(windows)]
    {
        let key = format!(r"Software\Classes\AppUserModelId\{PROGRAM}");
        let known = windows_registry::CURRENT_USER
            .create(key)
            .and_then(|key| key.set_string("DisplayName", "Hearth"));
        if let Err(error) = known {
            tracing::warn!(%error, "Windows was not told the name that notifications come from");
        }
    }
    #[cfg(target_os = "macos")]
    if let Err(error) = notify_rust::set_application(PROGRAM) {
        tracing::warn!(%error, "macOS was not told whom notifications come from");
    }
}

/// A notification as all of ours are.
fn plain(title: &str, body: &str) -> notify_rust::Notification {
    let mut notification = notify_rust::Notification::new();
    notification.appname("Hearth").summary(title).body(&escaped(body));
    #[cfg(windows)]
    notification.app_id(PROGRAM);
    #[cfg(target_os = "linux")]
    notification
        .icon(PROGRAM)
        .hint(notify_rust::Hint::DesktopEntry(PROGRAM.to_owned()))
        .hint(notify_rust::Hint::Category("im.received".to_owned()));
    notification
}

/// Shows it on a thread of its own, where the answer can be waited for.
fn present(app: &AppHandle, shown: Shown) {
    let words = app.state::<Language>();
    let (open, quit) = (words.text("notify-open"), tray::quit_text(app));
    let app = app.clone();
    let waiting = std::thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || {
            let mut notification = plain(&shown.title, &shown.body);
            notification.action("default", &open);
            if shown.quit {
                notification.action("quit", &quit);
            }
            if let Err(error) = show_and_wait(&app, notification, shown) {
                tracing::warn!(%error, "The system shows no notifications");
            }
        });
    if let Err(error) = waiting {
        tracing::warn!(%error, "A notification could not be shown");
    }
}

/// Shows a bubble, in the place of one about the same, and waits until somebody does something with it; unless somebody waits for that
/// one already.
#[cfg(target_os = "linux")]
fn show_and_wait(
    app: &AppHandle,
    mut notification: notify_rust::Notification,
    shown: Shown,
) -> notify_rust::error::Result<()> {
    let Some((thread, turn)) = shown.thread else {
        let handle = notification.show()?;
        return handle
            .wait_for_response(|done: &NotificationResponse| answer(app, done, shown.route.as_deref()));
    };
    let bubbles = app.state::<Bubbles>();
    let mut handle = None;
    let id = bubbles.put(&thread, turn, shown.route.as_deref(), |before| {
        if let Some(before) = before {
            notification.id(before);
        }
        let shown = notification.show()?;
        let id = shown.id();
        handle = Some(shown);
        Ok::<_, notify_rust::error::Error>(id)
    })?;
    let (Some(id), Some(handle)) = (id, handle) else {
        return Ok(());
    };
    handle.wait_for_response(|done: &NotificationResponse| {
        if let Some(bubble) = bubbles.gone(&thread, id) {
            answer(app, done, bubble.route.as_deref());
        }
    })
}

/// Shows a bubble and waits until somebody does something with it.
#[cfg(not(target_os = "linux"))]
fn show_and_wait(
    app: &AppHandle,
    notification: notify_rust::Notification,
    shown: Shown,
) -> notify_rust::error::Result<()> {
    let handle = notification.show()?;
    handle.wait_for_response(|done: &NotificationResponse| answer(app, done, shown.route.as_deref()))
}

/// Does what somebody chose. A click on the bubble itself is told as one on its first button by some systems.
fn answer(app: &AppHandle, done: &NotificationResponse, route: Option<&str>) {
    match done {
        NotificationResponse::Default => window::raise(app, route),
        NotificationResponse::Action(name) if name == "default" => window::raise(app, route),
        NotificationResponse::Action(name) if name == "quit" => host::quit(app),
        _ => {}
    }
}

/// On Linux the body is markup, so that what people write must not look like it.
fn escaped(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

fn title(words: &Language, notification: &Notification) -> String {
    let id = match notification.kind {
        NotificationType::FriendRequest => "notify-friend-request",
        NotificationType::FriendAccepted => "notify-friend-accepted",
        NotificationType::FriendPost => "notify-friend-post",
        NotificationType::Comment => "notify-comment",
        NotificationType::Reply => "notify-reply",
        NotificationType::Reaction => "notify-reaction",
        NotificationType::Mention => "notify-mention",
        NotificationType::DeliveryRefused => "notify-delivery-refused",
        NotificationType::Security => "notify-security",
        NotificationType::NodeChanged => "notify-node-changed",
        NotificationType::NodeUnreachable => "notify-node-unreachable",
        NotificationType::BackupFailed => "notify-backup-failed",
        NotificationType::QuotaWarning => "notify-quota-warning",
        NotificationType::AccountState => "notify-account-state",
    };
    let mut args = FluentArgs::new();
    args.set("who", who(words, notification));
    if let Subject::Home { name, what, .. } = &notification.subject {
        args.set("home", name.clone());
        args.set("what", what.map_or("", HomeChange::as_str));
    }
    words.format(id, &args)
}

/// One name, two names, or one name and how many more.
fn who(words: &Language, notification: &Notification) -> String {
    let mut names = notification.people.iter().map(|person| person.name.as_str());
    let mut args = FluentArgs::new();
    let Some(first) = names.next() else {
        return "Hearth".to_owned();
    };
    args.set("name", first);
    match (names.next(), notification.count) {
        (None, 0 | 1) => words.format("notify-people-one", &args),
        (Some(second), 2) => {
            args.set("other", second);
            words.format("notify-people-two", &args)
        }
        (_, count) => {
            args.set("count", count.saturating_sub(1));
            words.format("notify-people-more", &args)
        }
    }
}

fn body(subject: &Subject) -> String {
    match subject {
        Subject::Post { excerpt, .. } | Subject::Comment { excerpt, .. } => shortened(excerpt),
        Subject::Person | Subject::Home { .. } | Subject::Account { .. } => String::new(),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_BODY {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(MAX_BODY).collect();
    short.push('…');
    short
}
