//! What can be done everywhere, by key or from the palette.

use super::app_frame::Over;
use crate::components::IconName;
use crate::frame::nav::Go;
use crate::kit::dom::by_id;
use crate::kit::keys::{self, Command, Key};
use crate::kit::{announce, focus};
use crate::routes::Route;
use crate::screens::settings::sections;
use crate::state::{session, toasts};
use crate::t;
use hearth_api::session::Me;
use yew::prelude::*;

/// The commands of the whole window.
pub(super) fn commands(go: &Go, me: Option<&Me>, open: &impl Fn(Over) -> Callback<()>) -> Vec<Command> {
    let to = |route: Route| {
        let go = go.clone();
        Callback::from(move |()| go.to(&route))
    };
    let mut all = vec![
        Command::key(Key::Help, open(Over::Keys)),
        Command::key(Key::Palette, open(Over::Palette)),
        Command::key(Key::NextPane, Callback::from(|()| focus::next_pane(false))),
        Command::key(Key::PreviousPane, Callback::from(|()| focus::next_pane(true))),
        Command::key(Key::Undo, Callback::from(|()| toasts::undo_latest())),
        Command::key(Key::Back, Callback::from(|()| go_back())),
        Command::key(
            Key::Toasts,
            Callback::from(|()| {
                if let Some(toasts) = by_id("toasts") {
                    let _focused = toasts.focus();
                }
            }),
        ),
    ];
    if keys::is_desktop() {
        // A browser has these keys for itself.
        all.extend([
            Command::key(Key::TextLarger, Callback::from(|()| change_text_size(10))),
            Command::key(Key::TextSmaller, Callback::from(|()| change_text_size(-10))),
            Command::key(Key::TextNormal, Callback::from(|()| change_text_size(0))),
        ]);
    }
    let Some(me) = me else { return all };
    let is_admin = me.role.is_admin();
    all.push(Command::with_key(Key::Find, IconName::Search, open(Over::Find)));
    all.extend([
        Command::key(Key::Search, open(Over::Palette)),
        Command::with_key(Key::NewPost, IconName::Pencil, to(Route::Compose)),
        Command::with_key(Key::NewChat, IconName::Sparkles, to(Route::NewChat)),
        Command::with_key(Key::GoHome, IconName::House, to(Route::Feed)),
        Command::with_key(Key::GoFriends, IconName::Users, to(Route::Friends)),
        Command::new("nav-requests", IconName::UserPlus, to(Route::Requests)),
        Command::with_key(Key::GoAssistant, IconName::Bot, to(Route::Chats)),
        Command::with_key(Key::GoNotifications, IconName::Bell, to(Route::Notifications)),
        Command::with_key(Key::GoHealth, IconName::HeartPulse, to(Route::Health)),
        Command::new("command-pair", IconName::Handshake, to(Route::Pair)),
        Command::new("nav-models", IconName::Cpu, to(Route::Models)),
        Command::with_key(Key::GoActivity, IconName::Activity, to(Route::Activity)),
        Command::with_key(Key::GoSettings, IconName::Settings, to(Route::Settings)),
        Command::new(
            "command-theme",
            IconName::Moon,
            Callback::from(|()| toggle_theme()),
        ),
        Command::new(
            "command-sign-out",
            IconName::LogOut,
            Callback::from(|()| sign_out()),
        ),
    ]);
    all.extend(sections::commands(is_admin, |section| {
        to(Route::SettingsSection { section })
    }));
    all
}

/// Back, as the browser's own button.
fn go_back() {
    if let Some(history) = crate::kit::dom::window().and_then(|w| w.history().ok()) {
        let _gone = history.back();
    }
}

/// Larger or smaller text by some per cent; 0 is the usual size.
fn change_text_size(by: i16) {
    session::change_settings(|settings| {
        let now = i16::from(settings.text_size);
        let size = if by == 0 { 100 } else { (now + by).clamp(80, 140) };
        settings.text_size = u8::try_from(size).unwrap_or(100);
    });
    announce::polite(t!("percent", "value" => session::settings().text_size));
}

/// Light to dark and back, from what is seen now.
pub(super) fn toggle_theme() {
    session::change_settings(|settings| {
        let dark = match settings.theme.as_str() {
            "dark" => true,
            "light" => false,
            _ => crate::kit::dom::matches("(prefers-color-scheme: dark)"),
        };
        settings.theme = if dark { "light" } else { "dark" }.to_owned();
    });
}

/// Leaves.
pub(super) fn sign_out() {
    wasm_bindgen_futures::spawn_local(session::sign_out());
}
