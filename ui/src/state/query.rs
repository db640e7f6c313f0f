//! Asking the node for what a screen shows: at once from what was known, fresh from the node, again when an event says so.

use crate::backend;
use crate::components::{ErrorPanel, Skeleton};
use crate::state::live::{self, Topic};
use hearth_api::{ApiError, ApiResult, Code, Command};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use yew::prelude::*;

const KEPT: usize = 200;

struct Known {
    value: Rc<dyn Any>,
    used: u64,
}

thread_local! {
    static KNOWN: RefCell<HashMap<Rc<str>, Known>> = RefCell::default();
    static CLOCK: Cell<u64> = const { Cell::new(0) };
}

fn recall<T: 'static>(key: &str) -> Option<Rc<T>> {
    KNOWN.with_borrow_mut(|known| {
        let entry = known.get_mut(key)?;
        entry.used = tick();
        Rc::clone(&entry.value).downcast().ok()
    })
}

fn keep<T: 'static>(key: &Rc<str>, value: Rc<T>) {
    KNOWN.with_borrow_mut(|known| {
        known.insert(Rc::clone(key), Known { value, used: tick() });
        if known.len() > KEPT {
            let oldest = known
                .iter()
                .min_by_key(|(_, k)| k.used)
                .map(|(key, _)| Rc::clone(key));
            if let Some(oldest) = oldest {
                known.remove(&oldest);
            }
        }
    });
}

fn forget(key: &str) {
    KNOWN.with_borrow_mut(|known| known.remove(key));
}

fn tick() -> u64 {
    let now = CLOCK.get() + 1;
    CLOCK.set(now);
    now
}

/// Forgets every answer, at sign-in and sign-out.
pub fn forget_all() {
    KNOWN.with_borrow_mut(HashMap::clear);
}

/// The key of a request: its name and JSON.
fn key_of<C: Command>(request: &C) -> Rc<str> {
    format!(
        "{} {}",
        C::NAME,
        serde_json::to_string(request).unwrap_or_default()
    )
    .into()
}

/// An answer as it is known now.
pub struct Query<T> {
    /// The data, perhaps of a moment ago.
    pub data: Option<Rc<T>>,
    /// Why the last try failed. With data present, that is old.
    pub error: Option<ApiError>,
    /// Whether the node is being asked.
    pub busy: bool,
    /// Asks again.
    pub refetch: Callback<()>,
    /// Replaces the data here until the next answer: for changes shown before they are confirmed.
    pub set: Callback<Rc<T>>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            error: self.error.clone(),
            busy: self.busy,
            refetch: self.refetch.clone(),
            set: self.set.clone(),
        }
    }
}

impl<T: Clone + 'static> Query<T> {
    /// Changes the data here until the next answer; gives back what was, for taking the change back with `set`.
    pub fn change(&self, change: impl FnOnce(&mut T)) -> Option<Rc<T>> {
        let before = self.data.clone()?;
        let mut data = (*before).clone();
        change(&mut data);
        self.set.emit(Rc::new(data));
        Some(before)
    }
}

impl<T: 'static> Query<T> {
    /// Draws the data, the skeleton while there is none, or what went wrong with a way to try again.
    pub fn view(&self, skeleton: Html, draw: impl FnOnce(&Rc<T>) -> Html) -> Html {
        match (&self.data, &self.error) {
            (Some(data), _) => draw(data),
            (None, Some(error)) => {
                html! { <ErrorPanel error={error.clone()} on_retry={self.refetch.clone()} /> }
            }
            (None, None) => html! { <Skeleton>{ skeleton }</Skeleton> },
        }
    }
}

/// Asks for something and keeps it fresh: events about `topics` ask again.
///
/// The answer of the same request is shown at once when it is known, then replaced. A new request drops the old answer.
#[hook]
pub fn use_query<C>(request: C, topics: Vec<Topic>) -> Query<C::Output>
where
    C: Command + Clone,
    C::Output: 'static,
{
    use_query_if(Some(request), topics)
}

/// As [`use_query`], when there is something to ask yet.
#[hook]
pub fn use_query_if<C>(request: Option<C>, topics: Vec<Topic>) -> Query<C::Output>
where
    C: Command + Clone,
    C::Output: 'static,
{
    struct Shown<T> {
        key: Option<Rc<str>>,
        data: Option<Rc<T>>,
        error: Option<ApiError>,
        busy: bool,
    }

    let key = request.as_ref().map(key_of);
    let draw = use_force_update();
    let shown = use_mut_ref(|| Shown::<C::Output> {
        key: None,
        data: None,
        error: None,
        busy: false,
    });
    // Counts tries, so that an answer that was overtaken is dropped.
    let turn = use_mut_ref(|| 0_u32);

    if shown.borrow().key != key {
        let data = key.as_ref().and_then(|k| recall(k));
        *shown.borrow_mut() = Shown {
            key: key.clone(),
            data,
            error: None,
            busy: key.is_some(),
        };
    }

    // The post that this is about; it is part of the key.
    let about = topics.iter().find_map(|topic| match topic {
        Topic::Post(post) => Some(*post),
        _ => None,
    });
    let fetch = {
        let (shown, turn, draw) = (Rc::clone(&shown), Rc::clone(&turn), draw.clone());
        use_callback(
            (key.clone(), Ignored(request.clone())),
            move |(), (key, Ignored(request))| {
                let (Some(key), Some(request)) = (key.clone(), request.clone()) else {
                    return;
                };
                let mine = {
                    let mut turn = turn.borrow_mut();
                    *turn = turn.wrapping_add(1);
                    *turn
                };
                shown.borrow_mut().busy = true;
                let (shown, turn, draw) = (Rc::clone(&shown), Rc::clone(&turn), draw.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    let answer = backend::call(request).await;
                    if *turn.borrow() != mine || shown.borrow().key.as_ref() != Some(&key) {
                        return;
                    }
                    let gone = about.filter(|_| answer.as_ref().is_err_and(|e| e.code == Code::NotFound));
                    {
                        let mut shown = shown.borrow_mut();
                        shown.busy = false;
                        match answer {
                            Ok(data) => {
                                let data = Rc::new(data);
                                keep(&key, Rc::clone(&data));
                                shown.data = Some(data);
                                shown.error = None;
                            }
                            Err(error) => {
                                signed_out_if(&error);
                                // What is gone must not go on being shown.
                                if error.code == Code::NotFound {
                                    shown.data = None;
                                    forget(&key);
                                }
                                shown.error = Some(error);
                            }
                        }
                    }
                    // Out of sight for one view is out of sight for all: lists drop it, words written under it are kept.
                    if let Some(post) = gone {
                        live::publish(&hearth_api::Event::PostRemoved { post });
                    }
                    draw.force_update();
                });
            },
        )
    };

    {
        let fetch = fetch.clone();
        let turn = Rc::clone(&turn);
        use_effect_with(key.clone(), move |_| {
            fetch.emit(());
            move || {
                // After the component is gone an answer has nowhere to go.
                let mut turn = turn.borrow_mut();
                *turn = turn.wrapping_add(1);
            }
        });
    }
    {
        let (fetch, shown, turn, draw) = (fetch.clone(), Rc::clone(&shown), Rc::clone(&turn), draw.clone());
        use_effect_with((key.clone(), topics), move |(key, topics)| {
            let (key, topics) = (key.clone(), topics.clone());
            // Events that come together ask once.
            let planned = Rc::new(RefCell::new(None::<gloo_timers::callback::Timeout>));
            let subscription = live::subscribe(move |event| {
                if topics.iter().any(|t| t.is_gone(event)) {
                    planned.replace(None);
                    let mut turn = turn.borrow_mut();
                    *turn = turn.wrapping_add(1);
                    if let Some(key) = &key {
                        forget(key);
                    }
                    {
                        let mut shown = shown.borrow_mut();
                        shown.data = None;
                        shown.busy = false;
                        shown.error = Some(ApiError::not_found());
                    }
                    draw.force_update();
                } else if topics.iter().any(|t| t.covers(event)) {
                    let fetch = fetch.clone();
                    let timer = gloo_timers::callback::Timeout::new(60, move || fetch.emit(()));
                    planned.replace(Some(timer));
                }
            });
            move || drop(subscription)
        });
    }

    let set = {
        let shown = Rc::clone(&shown);
        let turn = Rc::clone(&turn);
        let draw = draw.clone();
        Callback::from(move |data: Rc<C::Output>| {
            // An answer on its way does not know of this change yet.
            {
                let mut turn = turn.borrow_mut();
                *turn = turn.wrapping_add(1);
            }
            let key = shown.borrow().key.clone();
            if let Some(key) = key {
                keep(&key, Rc::clone(&data));
            }
            {
                let mut shown = shown.borrow_mut();
                shown.data = Some(data);
                shown.busy = false;
            }
            draw.force_update();
        })
    };
    let now = shown.borrow();
    Query {
        data: now.data.clone(),
        error: now.error.clone(),
        busy: now.busy,
        refetch: fetch,
        set,
    }
}

/// Dependencies that are told apart by the key beside them.
struct Ignored<T>(T);

impl<T> PartialEq for Ignored<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Shows the sign-in when the session is over.
pub(crate) fn signed_out_if(error: &ApiError) {
    if error.code == Code::SignInNeeded {
        crate::state::session::ended();
    }
}

/// Asks once, for pages of a list: the caller keeps the answer.
///
/// # Errors
/// What the node says.
pub async fn ask<C: Command>(request: C) -> ApiResult<C::Output> {
    let answer = backend::call(request).await;
    if let Err(error) = &answer {
        signed_out_if(error);
    }
    answer
}
