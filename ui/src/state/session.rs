//! Who is signed in on which home, and how they like the window.

use crate::backend::{self, events};
use crate::kit::{dom, keys, prefs, time};
use crate::state::live;
use crate::state::store::{Store, use_store};
use crate::state::{query, toasts, unsaved, waiting};
use hearth_api::account::{AccountSettings, UpdateSettings};
use hearth_api::app::{AppStatus, GetStatus};
use hearth_api::session::{Me, SignOut};
use hearth_api::{ApiError, Code, Event};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Where this browser notes that somebody signed in or out, for its other windows.
const CHANGED: &str = "hearth.session";

/// What is known about the home and who is here.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Session {
    /// Nothing yet.
    #[default]
    Loading,
    /// The home did not answer.
    Unreachable(ApiError),
    /// The home answered.
    Ready(Rc<AppStatus>),
}

impl Session {
    /// What the home said, if it did.
    #[must_use]
    pub fn status(&self) -> Option<&AppStatus> {
        match self {
            Self::Ready(status) => Some(status),
            _ => None,
        }
    }
    /// Who is signed in.
    #[must_use]
    pub fn me(&self) -> Option<&Me> {
        self.status()?.me.as_ref()
    }
}

thread_local! {
    static SESSION: Store<Session> = Store::new(Session::Loading);
    /// Whether the session ends because the account was locked.
    static LOCKED: Cell<bool> = const { Cell::new(false) };
    static LOOK: Store<AccountSettings> = Store::new(AccountSettings::default());
}

/// The session, drawn again when it changes.
#[hook]
pub fn use_session() -> Rc<Session> {
    use_store(&SESSION)
}

/// The signed-in account; only under screens that need one.
#[hook]
pub fn use_me() -> Option<Me> {
    use_store(&SESSION).me().cloned()
}

/// The settings of the window, drawn again when they change.
#[hook]
pub fn use_settings() -> Rc<AccountSettings> {
    use_store(&LOOK)
}

/// The settings of the window now.
#[must_use]
pub fn settings() -> Rc<AccountSettings> {
    LOOK.with(Store::get)
}

/// The session now.
#[must_use]
pub fn get() -> Rc<Session> {
    SESSION.with(Store::get)
}

/// Whether somebody is signed in.
#[must_use]
pub fn is_signed_in() -> bool {
    get().me().is_some()
}

/// Begins: applies what this browser kept, asks the home, listens to events.
pub fn begin() {
    keys::set_desktop(backend::is_desktop());
    look(prefs::kept());
    let subscription = live::subscribe(|event| match event {
        Event::AccountLocked => LOCKED.set(true),
        Event::SessionEnded => {
            ended();
            toasts::done(if LOCKED.replace(false) {
                crate::t!("error-forbidden-account")
            } else {
                crate::t!("session-ended")
            });
        }
        Event::AccountChanged | Event::FriendsChanged | Event::Gap => {
            wasm_bindgen_futures::spawn_local(async {
                refresh().await;
            });
        }
        Event::ProfileChanged { person } if get().me().is_some_and(|me| me.person.id == *person) => {
            wasm_bindgen_futures::spawn_local(async {
                refresh().await;
            });
        }
        Event::NotificationsChanged { unread } => change_me(|me| me.unread = *unread),
        _ => {}
    });
    // For the life of the page.
    std::mem::forget(subscription);
    if !backend::is_desktop() {
        backend::presence::watch();
        hear_other_windows();
    }
    wasm_bindgen_futures::spawn_local(async {
        refresh().await;
        listen();
    });
}

/// Another window of this browser signs out, or in as somebody else: this one does not go on as if nothing had happened.
fn hear_other_windows() {
    let Some(window) = dom::window() else { return };
    gloo_events::EventListener::new(&window, "storage", |event| {
        let key = event
            .dyn_ref::<web_sys::StorageEvent>()
            .and_then(web_sys::StorageEvent::key);
        if key.as_deref() == Some(CHANGED) {
            wasm_bindgen_futures::spawn_local(async {
                let was = is_signed_in();
                if refresh().await && !was {
                    query::forget_all();
                    listen();
                }
            });
        }
    })
    .forget();
}

fn tell_other_windows() {
    dom::store(CHANGED, Some(&time::now().0.to_string()));
}

/// Asks the home again. `true` when it answered and somebody is signed in.
pub async fn refresh() -> bool {
    match backend::call(GetStatus {}).await {
        Ok(status) => {
            let before = get().me().map(|me| me.person.id);
            match (before, &status.me) {
                (Some(_), None) => {
                    ended();
                    toasts::done(crate::t!("session-ended"));
                }
                // Nothing of the one is left on the page for the other.
                (Some(before), Some(me)) if before != me.person.id => dom::reload(),
                _ => {}
            }
            if let Some(me) = &status.me {
                unsaved::open(me.person.id);
                waiting::open(me.person.id);
                look(me.settings.clone());
                // Before anything is shown, so that drafts are asked for as they are.
                waiting::bring(false).await;
                wasm_bindgen_futures::spawn_local(unsaved::bring());
            }
            let signed_in = status.me.is_some();
            SESSION.with(|store| store.set(Session::Ready(Rc::new(status))));
            signed_in
        }
        Err(error) => {
            // A home that is away for a moment does not sign anybody out.
            if get().status().is_none() {
                SESSION.with(|store| store.set(Session::Unreachable(error)));
            }
            false
        }
    }
}

/// Takes over a fresh sign-in.
pub async fn signed_in() {
    query::forget_all();
    refresh().await;
    listen();
    tell_other_windows();
}

fn listen() {
    if let Session::Ready(status) = &*get()
        && status.me.is_some()
    {
        events::start(backend::current(), status.event_seq);
    }
}

/// Signs out here.
pub async fn sign_out() {
    toasts::expire_all();
    waiting::bring(true).await;
    match backend::call(SignOut {}).await {
        Ok(_) => {
            waiting::clear();
            leave();
        }
        Err(error) if error.code == Code::SignInNeeded => leave(),
        Err(error) => toasts::failed(&error),
    }
}

fn leave() {
    crate::frame::nav::leave();
    ended();
    tell_other_windows();
}

/// Forgets everything of the account; the sign-in shows.
pub fn ended() {
    events::stop();
    query::forget_all();
    waiting::close();
    toasts::forget_said();
    if let Session::Ready(status) = &*get() {
        let mut status = (**status).clone();
        status.me = None;
        SESSION.with(|store| store.set(Session::Ready(Rc::new(status))));
    }
}

fn change_me(change: impl FnOnce(&mut Me)) {
    if let Session::Ready(status) = &*get() {
        let mut status = (**status).clone();
        if let Some(me) = &mut status.me {
            change(me);
        }
        SESSION.with(|store| store.set(Session::Ready(Rc::new(status))));
    }
}

/// Applies settings to the page.
pub fn look(settings: AccountSettings) {
    prefs::apply(&settings);
    LOOK.with(|store| store.set(settings));
}

/// Changes settings: at once on the page, then on the node; jumps back with the reason when refused. `undo` offers the
/// way back.
pub fn change_settings(change: impl FnOnce(&mut AccountSettings)) {
    let before = (*settings()).clone();
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return;
    }
    look(after.clone());
    change_me(|me| me.settings = after.clone());
    if !is_signed_in() {
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(error) = backend::call(UpdateSettings { settings: after }).await {
            look(before.clone());
            change_me(|me| me.settings = before);
            toasts::failed(&error);
        }
    });
}
