//! Saves what is being written: a second after the last change, when the text is left, when it is closed.

use crate::prelude::*;
use gloo_timers::callback::Timeout;
use hearth_api::DraftId;
use hearth_api::feed::{Attach, Audience, DeleteDraft, SaveDraft};
use hearth_api::media::MediaItem;
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
    pub(crate) media: Vec<Attach>,
    pub(crate) audience: Audience,
}

impl Snapshot {
    fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.media.is_empty()
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

struct Desk {
    now: Snapshot,
    /// What the home has.
    kept: Option<Snapshot>,
    timer: Option<Timeout>,
    busy: bool,
    stopped: bool,
}

/// Saves `now` while it changes. What equals `untouched` is not worth keeping.
#[hook]
pub(crate) fn use_saver(now: Snapshot, untouched: Option<Snapshot>) -> Saver {
    let state = use_state_eq(|| (Saved::Nothing, false));
    let desk = use_mut_ref(|| Desk {
        now: now.clone(),
        kept: untouched,
        timer: None,
        busy: false,
        stopped: false,
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
                !held.stopped && held.kept.as_ref() != Some(now) && !(held.kept.is_none() && now.is_empty())
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
                flush.emit(());
                desk.borrow_mut().timer = None;
            }
        });
    }
    let late = {
        let (desk, setter) = (Rc::clone(&desk), setter.clone());
        use_callback((), move |media: Vec<MediaItem>, ()| {
            let missing =
                |held: &Desk, item: &MediaItem| !held.now.media.iter().any(|m| m.media == item.hash);
            for item in media {
                let mut held = desk.borrow_mut();
                if missing(&held, &item) {
                    held.now.media.push(Attach {
                        media: item.hash,
                        alt: item.alt,
                        caption: item.caption,
                    });
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
        let same = held.kept.as_ref() == Some(&held.now);
        let nothing = held.kept.is_none() && held.now.is_empty();
        if held.stopped || held.busy || same || nothing {
            return;
        }
        held.busy = true;
        held.now.clone()
    };
    setter.set((Saved::Waiting, true));
    let (desk, setter) = (Rc::clone(desk), setter.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let answer = if now.is_empty() {
            ask(DeleteDraft { id: now.id }).await.map(|_| ())
        } else {
            let draft = now.clone();
            let request = SaveDraft {
                id: draft.id,
                place: draft.place,
                text: draft.text,
                media: draft.media,
                audience: draft.audience,
            };
            ask(request).await.map(|_| ())
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
                    held.kept = (!now.is_empty()).then_some(now);
                    // Typing went on meanwhile.
                    let more = held.kept.as_ref() != Some(&held.now)
                        && !(held.kept.is_none() && held.now.is_empty());
                    (more.then_some(WAIT_MS), state)
                }
                Err(_kept_here) => (Some(AGAIN_MS), Saved::Failed),
            }
        };
        setter.set((state, false));
        if let Some(wait) = wait.filter(|_| !desk.borrow().stopped) {
            plan(&desk, &setter, wait);
        }
    });
}
