//! What runs for longer than a moment: shown wherever the person is, with a way to stop it.

use crate::kit::time;
use crate::state::store::{Store, use_store};
use hearth_api::Timestamp;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Something that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its number.
    pub id: u32,
    /// What is sent.
    pub name: AttrValue,
    /// When it began.
    pub began: Timestamp,
    /// The share done, 0-1; `None` before it begins.
    pub share: Option<f64>,
    /// Stops it.
    pub stop: Callback<()>,
}

thread_local! {
    static JOBS: Store<Vec<Job>> = Store::new(Vec::new());
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// A job that is listed until this is dropped.
#[derive(Debug)]
pub struct Running(u32);

/// Lists something that runs.
#[must_use]
pub fn begin(name: impl Into<AttrValue>, stop: Callback<()>) -> Running {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    let stop = Callback::from(move |()| {
        stop.emit(());
        remove(id);
    });
    let job = Job {
        id,
        name: name.into(),
        began: time::now(),
        share: None,
        stop,
    };
    JOBS.with(|jobs| jobs.update(|all| all.push(job)));
    Running(id)
}

impl Running {
    /// Says how far it is.
    pub fn progress(&self, share: f64) {
        let id = self.0;
        JOBS.with(|jobs| {
            jobs.update(|all| {
                if let Some(job) = all.iter_mut().find(|j| j.id == id) {
                    job.share = Some(share);
                }
            });
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        remove(self.0);
    }
}

fn remove(id: u32) {
    let _gone = JOBS.try_with(|jobs| jobs.update(|all| all.retain(|j| j.id != id)));
}

/// What runs, oldest first.
#[hook]
pub fn use_jobs() -> Rc<Vec<Job>> {
    use_store(&JOBS)
}
