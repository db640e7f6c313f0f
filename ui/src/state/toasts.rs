//! Short words at the edge of the window: what was done, with the way back; what failed, with the reason.

use crate::components::Tone;
use crate::kit::{announce, time};
use crate::state::store::{Store, use_store};
use crate::state::unsaved::{self, Again};
use crate::t;
use hearth_api::{ApiError, Timestamp};
use std::cell::Cell;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;

/// What a toast offers to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// A verb.
    pub label: AttrValue,
    /// What it does; the toast goes.
    pub run: Callback<()>,
}

/// One toast.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// Its number.
    pub id: u32,
    /// What it says.
    pub text: AttrValue,
    /// How it looks.
    pub tone: Tone,
    /// What it offers.
    pub actions: Vec<Action>,
    /// After how long it goes by itself; `None` stays.
    pub life_ms: Option<u32>,
    /// Whether its first action is undo, for Mod+Z.
    pub undo: bool,
    /// What happens when it goes unanswered.
    pub on_expire: Option<Callback<()>>,
}

/// What a toast said, for later.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The number of the toast; while it is there its actions hold.
    pub id: u32,
    /// When.
    pub at: Timestamp,
    /// What it said.
    pub text: AttrValue,
    /// How it looked.
    pub tone: Tone,
}

/// How many of those that were said are remembered.
const REMEMBERED: usize = 300;

/// How many are shown at once; more wait.
pub const SHOWN: usize = 3;

thread_local! {
    static TOASTS: Store<Vec<Rc<Toast>>> = Store::new(Vec::new());
    static SAID: Store<Vec<Rc<Said>>> = Store::new(Vec::new());
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

fn push(mut toast: Toast) -> u32 {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    toast.id = id;
    if toast.tone == Tone::Danger {
        announce::assertive(&toast.text);
    } else {
        announce::polite(&toast.text);
    }
    let said = Said {
        id,
        at: time::now(),
        text: toast.text.clone(),
        tone: toast.tone,
    };
    SAID.with(|store| {
        store.update(|all| {
            all.push(Rc::new(said));
            let more = all.len().saturating_sub(REMEMBERED);
            all.drain(..more);
        });
    });
    TOASTS.with(|store| store.update(|all| all.push(Rc::new(toast))));
    id
}

fn plain(text: AttrValue, tone: Tone, life_ms: Option<u32>) -> Toast {
    Toast {
        id: 0,
        text,
        tone,
        actions: Vec::new(),
        life_ms,
        undo: false,
        on_expire: None,
    }
}

/// Says that something was done.
pub fn done(text: impl Into<AttrValue>) {
    push(plain(text.into(), Tone::Neutral, Some(6_000)));
}

/// Says that something failed; stays until closed.
pub fn error(text: impl Into<AttrValue>) {
    push(plain(text.into(), Tone::Danger, None));
}

/// Says why a command failed.
pub fn failed(problem: &ApiError) {
    error(error_text(problem));
}

/// Says that something was done and offers the way back for ten seconds.
pub fn undo(text: impl Into<AttrValue>, undo: Callback<()>) -> u32 {
    let mut toast = plain(text.into(), Tone::Neutral, Some(10_000));
    toast.actions.push(Action {
        label: t!("action-undo"),
        run: undo,
    });
    toast.undo = true;
    push(toast)
}

/// Says that something will happen in ten seconds unless undone; `commit` runs once, when the toast goes unanswered.
pub fn delayed(text: impl Into<AttrValue>, commit: Callback<()>, undo: Callback<()>) -> u32 {
    let mut toast = plain(text.into(), Tone::Neutral, Some(10_000));
    toast.actions.push(Action {
        label: t!("action-undo"),
        run: undo,
    });
    toast.undo = true;
    toast.on_expire = Some(commit);
    push(toast)
}

/// Says that words could not be saved, and keeps them: try again, copy, or discard, here or in the activity.
pub fn not_saved(again: Again, words: &str, problem: &ApiError) {
    let id = unsaved::keep(again, words, problem);
    let text = t!("toast-not-saved", "reason" => error_text(problem));
    let mut toast = plain(text, Tone::Danger, None);
    toast.actions.push(Action {
        label: t!("action-try-again"),
        run: Callback::from(move |()| unsaved::retry(id)),
    });
    toast.actions.extend(keep_or_discard(id, words));
    push(toast);
}

/// Says that what was being written has nowhere to go any more, and keeps it: copy, or discard.
pub fn nowhere(words: &str, text: impl Into<AttrValue>) {
    let text = text.into();
    let id = unsaved::keep(Again::Words, words, &ApiError::not_found());
    let mut toast = plain(text, Tone::Danger, None);
    toast.actions.extend(keep_or_discard(id, words));
    push(toast);
}

/// What one does with words that could not be saved.
fn keep_or_discard(id: Uuid, words: &str) -> [Action; 2] {
    let words = words.to_owned();
    [
        Action {
            label: t!("action-copy-text"),
            run: Callback::from(move |()| unsaved::copy(&words)),
        },
        Action {
            label: t!("action-discard"),
            run: Callback::from(move |()| unsaved::discard(id)),
        },
    ]
}

/// Takes a toast away without carrying out what waits behind it.
pub fn dismiss(id: u32) {
    TOASTS.with(|store| store.update(|all| all.retain(|t| t.id != id)));
}

/// Takes a toast away because its time is over, or the person closed it.
pub fn expire(id: u32) {
    let toast = TOASTS.with(|store| store.get().iter().find(|t| t.id == id).cloned());
    dismiss(id);
    if let Some(commit) = toast.and_then(|t| t.on_expire.clone()) {
        commit.emit(());
    }
}

/// Carries out what all waiting toasts stand for; when the page goes.
pub fn expire_all() {
    let ids: Vec<u32> = TOASTS.with(|store| store.get().iter().map(|t| t.id).collect());
    ids.into_iter().for_each(expire);
}

/// Undoes the latest thing that can be undone (Mod+Z outside fields).
pub fn undo_latest() {
    let latest = TOASTS.with(|store| store.get().iter().rev().find(|t| t.undo).cloned());
    if let Some(toast) = latest {
        dismiss(toast.id);
        if let Some(action) = toast.actions.first() {
            action.run.emit(());
        }
    }
}

/// Carries out an action of a toast, which goes by that; nothing when it is gone already.
pub fn act(id: u32, action: usize) {
    let toast = TOASTS.with(|store| store.get().iter().find(|t| t.id == id).cloned());
    if let Some(action) = toast.as_ref().and_then(|t| t.actions.get(action)) {
        dismiss(id);
        action.run.emit(());
    }
}

/// Forgets what was said; it was said to somebody who leaves.
pub fn forget_said() {
    SAID.with(|store| store.set(Vec::new()));
}

/// What was said, oldest first.
#[hook]
pub fn use_said() -> Rc<Vec<Rc<Said>>> {
    use_store(&SAID)
}

/// The toasts, oldest first.
#[hook]
pub fn use_toasts() -> Rc<Vec<Rc<Toast>>> {
    use_store(&TOASTS)
}

/// An error in the person's language: what happened, what is safe, what to do next.
#[must_use]
pub fn error_text(error: &ApiError) -> AttrValue {
    use crate::kit::i18n::{Lang, lang, try_translate};
    // The node's own English sentence is the most exact one.
    if lang() == Lang::En && !error.message.is_empty() {
        return AttrValue::from(error.message.clone());
    }
    let minutes = error
        .retry_after_ms
        .map_or(0, |ms| u32::try_from(ms.div_ceil(60_000)).unwrap_or(u32::MAX));
    let args = [("minutes", minutes.into())];
    let id = |name: &str| format!("error-{}", name.replace('_', "-"));
    // "Wrong" is told more exactly where the field is known.
    let in_field = error
        .field
        .as_deref()
        .and_then(|field| try_translate(&id(&format!("{}_{field}", error.code)), &args));
    in_field
        .or_else(|| try_translate(&id(&error.name()), &args))
        .or_else(|| try_translate(&id(error.code.as_str()), &args))
        .unwrap_or_else(|| AttrValue::from(error.message.clone()))
}
