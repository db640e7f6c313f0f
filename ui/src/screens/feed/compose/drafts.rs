//! Saves what is being written: a second after the last change, when the text is left, when it is closed. Until the home has it, it is
//! kept in this browser.

use crate::prelude::*;
use crate::state::waiting;
use gloo_timers::callback::Timeout;
use hearth_api::feed::{Audience, DeleteDraft, Draft, MAX_DRAFT_TEXT};
use hearth_api::media::MediaItem;
use hearth_api::{Code, DraftId, PersonId};
use std::cell::RefCell;

const WAIT_MS: u32 = 1_000;
/// After a failure, until the next try.
const AGAIN_MS: u32 = 5_000;

/// What would be saved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) id: DraftId,
    pub(crate) place: String,
    pub(crate) text: String,
    pub(crate) media: Vec<MediaItem>,
    pub(crate) audience: Audience,
}

impl Snapshot {
    fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.media.is_empty()
    }

    /// Whether it makes a draft, and the home takes it.
    pub(super) fn is_draft(&self) -> bool {
        !self.is_empty() && self.text.chars().count() <= MAX_DRAFT_TEXT
    }

    fn draft(&self) -> Draft {
        Draft {
            id: self.id,
            place: self.place.clone(),
            text: self.text.clone(),
            media: self.media.clone(),
            audience: self.audience,
            saved_at: when::now(),
        }
    }
}

/// How the saving stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Saved {
    /// Nothing to save yet.
    #[default]
    Nothing,
    /// Not yet saved.
    Waiting,
    /// Saved.
    Yes,
    /// It could not be saved; it is tried again.
    Failed,
    /// The home does not keep it as it is; it stays in this browser.
    Refused,
}

/// Keeps something that is being written.
#[derive(Clone)]
pub(crate) struct Saver {
    /// How it stands.
    pub(crate) saved: Saved,
    /// Whether a save is on its way.
    pub(crate) busy: bool,
    /// Saves now.
    pub(crate) flush: Callback<()>,
    /// Saves nothing any more: it was sent, or thrown away.
    pub(crate) stop: Callback<()>,
    /// Takes files that get there after all was closed.
    pub(crate) late: Callback<Vec<MediaItem>>,
}

impl Saver {
    /// Says that what is closed now is kept, and where its author finds it. What the home refuses is said otherwise, in [`waiting`].
    pub(super) fn say_kept(&self, edits: bool) {
        match self.saved {
            Saved::Refused => {}
            _ if edits => toasts::done(t!("compose-kept-edit")),
            _ => toasts::done(t!("compose-kept-draft", "drafts" => t!("drafts"))),
        }
    }
}

struct Desk {
    now: Snapshot,
    /// What the home has.
    kept: Option<Snapshot>,
    /// Whether that is a draft, and not what nobody changed.
    drafted: bool,
    timer: Option<Timeout>,
    busy: bool,
    stopped: bool,
    /// Nobody writes at it any more: what the home does not take is brought by [`waiting`].
    left: bool,
    /// Who writes; nobody else saves it.
    owner: Option<PersonId>,
}

impl Desk {
    /// Whether the home has it as it is.
    fn is_kept(&self) -> bool {
        self.kept.as_ref() == Some(&self.now) || (self.kept.is_none() && self.now.is_empty())
    }

    fn is_over(&self) -> bool {
        self.stopped || self.owner != waiting::owner()
    }

    /// Keeps here what the home does not have.
    fn remember(&self) {
        if self.is_over() {
            return;
        }
        if self.is_kept() {
            waiting::settled(self.now.id);
        } else if self.now.is_empty() {
            waiting::emptied(self.now.id);
        } else {
            waiting::draft(self.now.draft());
        }
    }
}

/// Saves `now` while it changes. What equals `untouched` is not worth keeping.
#[hook]
pub(crate) fn use_saver(now: Snapshot, untouched: Option<Snapshot>) -> Saver {
    let state = use_state_eq(|| (Saved::Nothing, false));
    let desk = use_mut_ref(|| Desk {
        now: now.clone(),
        kept: untouched,
        drafted: false,
        timer: None,
        busy: false,
        stopped: false,
        left: false,
        owner: waiting::owner(),
    });
    let setter = state.setter();

    let flush = {
        let (desk, setter) = (Rc::clone(&desk), setter.clone());
        use_callback((), move |(), ()| save(&desk, &setter))
    };
    {
        let (desk, setter) = (Rc::clone(&desk), setter.clone());
        use_effect_with(now, move |now| {
            let changed = {
                let mut held = desk.borrow_mut();
                if held.now.id != now.id {
                    // Another draft was opened: what is shown is what is kept.
                    held.kept = Some(now.clone());
                }
                held.now = now.clone();
                held.remember();
                !held.stopped && !held.is_kept()
            };
            if changed {
                setter.set((Saved::Waiting, desk.borrow().busy));
                plan(&desk, &setter, WAIT_MS);
            }
        });
    }
    {
        let (desk, flush) = (Rc::clone(&desk), flush.clone());
        use_effect_with((), move |()| {
            move || {
                desk.borrow_mut().left = true;
                flush.emit(());
                let held = desk.borrow();
                if !held.busy {
                    waiting::let_go(held.now.id);
                }
            }
        });
    }
    let late = {
        let (desk, setter) = (Rc::clone(&desk), setter.clone());
        use_callback((), move |media: Vec<MediaItem>, ()| {
            let missing = |held: &Desk, item: &MediaItem| !held.now.media.iter().any(|m| m.hash == item.hash);
            for item in media {
                let mut held = desk.borrow_mut();
                if missing(&held, &item) {
                    held.now.media.push(item);
                    held.remember();
                }
            }
            save(&desk, &setter);
        })
    };
    let stop = use_callback((), move |(), ()| {
        let mut desk = desk.borrow_mut();
        desk.stopped = true;
        desk.timer = None;
    });
    Saver {
        saved: state.0,
        busy: state.1,
        flush,
        stop,
        late,
    }
}

fn plan(desk: &Rc<RefCell<Desk>>, setter: &UseStateSetter<(Saved, bool)>, wait: u32) {
    let (again, setter) = (Rc::clone(desk), setter.clone());
    let timer = Timeout::new(wait, move || save(&again, &setter));
    desk.borrow_mut().timer = Some(timer);
}

fn save(desk: &Rc<RefCell<Desk>>, setter: &UseStateSetter<(Saved, bool)>) {
    let now = {
        let mut held = desk.borrow_mut();
        held.timer = None;
        if held.is_over() || held.busy {
            return;
        }
        if held.is_kept() {
            // What was typed is taken back: nothing waits any more.
            let saved = if held.drafted { Saved::Yes } else { Saved::Nothing };
            drop(held);
            setter.set((saved, false));
            return;
        }
        held.busy = true;
        held.now.clone()
    };
    setter.set((Saved::Waiting, true));
    let (desk, setter) = (Rc::clone(desk), setter.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let answer = if now.is_empty() {
            match ask(DeleteDraft { id: now.id }).await {
                Err(error) if error.code != Code::NotFound => Err(error),
                _gone => Ok(()),
            }
        } else {
            ask(waiting::request(&now.draft())).await.map(|_| ())
        };
        let (wait, state) = {
            let mut held = desk.borrow_mut();
            held.busy = false;
            match answer {
                Ok(()) => {
                    let state = if now.is_empty() {
                        Saved::Nothing
                    } else {
                        Saved::Yes
                    };
                    held.drafted = !now.is_empty();
                    held.kept = held.drafted.then_some(now);
                    // Typing went on meanwhile.
                    if !held.stopped {
                        held.remember();
                    }
                    ((!held.is_kept()).then_some(WAIT_MS), state)
                }
                Err(error) if held.left => {
                    if !held.is_over() {
                        waiting::refused(&held.now.draft(), &error);
                    }
                    (None, Saved::Failed)
                }
                Err(error) if waiting::is_final(&error) => (None, Saved::Refused),
                Err(_kept_here) => (Some(AGAIN_MS), Saved::Failed),
            }
        };
        setter.set((state, false));
        if let Some(wait) = wait.filter(|_| !desk.borrow().is_over()) {
            plan(&desk, &setter, wait);
        }
    });
}
