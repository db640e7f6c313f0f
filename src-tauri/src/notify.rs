//! Notifications of the system. A click brings the window to the front, at what the notification is about.
//!
//! Which ones are shown is the node's decision; this module only says them in words and waits for the click.

use fluent_bundle::FluentArgs;
use hearth_api::notify::{HomeChange, Notification, NotificationType, Subject};
use tauri::{AppHandle, Manager as _};

use crate::words::Language;
use crate::{host, window};

/// Longer excerpts are cut; the system would do it less nicely.
const MAX_BODY: usize = 200;

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
            quit: true,
        },
    );
}

/// What a notification says and leads to.
struct Shown {
    title: String,
    body: String,
    route: Option<String>,
    /// Whether it offers to end the program.
    quit: bool,
}

/// Shows it on a thread of its own, where the answer can be waited for.
fn present(app: &AppHandle, shown: Shown) {
    let words = app.state::<Language>();
    let (open, quit) = (words.text("notify-open"), words.text("tray-quit"));
    let app = app.clone();
    let thread = std::thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || {
            let mut notification = notify_rust::Notification::new();
            notification
                .appname("Hearth")
                .summary(&shown.title)
                .body(&escaped(&shown.body))
                .action("default", &open);
            if shown.quit {
                notification.action("quit", &quit);
            }
            #[cfg(all(unix, not(target_os = "macos")))]
            notification
                .icon("hearth")
                .hint(notify_rust::Hint::DesktopEntry("family.hearth.Hearth".to_owned()))
                .hint(notify_rust::Hint::Category("im.received".to_owned()));
            match notification.show() {
                Ok(handle) => handle.wait_for_action(|action| match action {
                    "default" => window::raise(&app, shown.route.as_deref()),
                    "quit" => host::quit(&app),
                    _ => {}
                }),
                Err(error) => tracing::warn!(%error, "The system shows no notifications"),
            }
        });
    if let Err(error) = thread {
        tracing::warn!(%error, "A notification could not be shown");
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
