//! Keeps a feed fresh, and remembers it between visits so that coming back shows it at once.

use super::actions::Patch;
use super::model::FeedState;
use crate::prelude::*;
use gloo_timers::callback::Timeout;
use hearth_api::feed::{Feed, GetFeed, GetPost, Post};
use hearth_api::{Code, Event as HomeEvent, PersonId, PostId, SessionId};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

const PAGE: u8 = 20;
/// Feeds remembered besides the one on show.
const KEPT: usize = 12;

struct Memory {
    session: Option<SessionId>,
    feeds: HashMap<String, Rc<FeedState>>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::new(Memory { session: None, feeds: HashMap::new() });
}

/// What was known of a feed. Another session sees nothing of what this one knew.
fn recall(session: Option<SessionId>, key: &str) -> Rc<FeedState> {
    MEMORY.with_borrow_mut(|memory| {
        if memory.session != session {
            memory.session = session;
            memory.feeds.clear();
        }
        memory.feeds.get(key).cloned().unwrap_or_default()
    })
}

fn keep(key: &str, state: &Rc<FeedState>) {
    MEMORY.with_borrow_mut(|memory| {
        if memory.feeds.len() >= KEPT && !memory.feeds.contains_key(key) {
            memory.feeds.clear();
        }
        memory.feeds.insert(key.to_owned(), Rc::clone(state));
    });
}

/// A change to a feed.
pub(crate) enum Change {
    First(hearth_api::Page<Post>, PersonId),
    More(hearth_api::Page<Post>),
    Busy,
    Failed(hearth_api::ApiError),
    ShowFresh,
    Patch(Patch),
}

#[derive(Clone, PartialEq, Default)]
pub(crate) struct Held(pub(crate) Rc<FeedState>);

impl Reducible for Held {
    type Action = Change;
    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut state = (*self.0).clone();
        match change {
            Change::First(page, me) => state.take_first(page, me),
            Change::More(page) => state.take_more(page),
            Change::Busy => {
                state.busy = true;
                state.error = None;
            }
            Change::Failed(error) => state.fail(error),
            Change::ShowFresh => state.show_fresh(),
            Change::Patch(Patch::Replace(post)) => state.replace(&post),
            Change::Patch(Patch::Insert(post)) => state.insert(post),
            Change::Patch(Patch::Remove(id)) => state.remove(id),
        }
        Rc::new(Self(Rc::new(state)))
    }
}

/// A feed on show.
#[derive(Clone, PartialEq)]
pub(crate) struct LiveFeed {
    /// What it holds.
    pub(crate) state: Rc<FeedState>,
    /// Asks for the next page.
    pub(crate) more: Callback<()>,
    /// Puts what is new on top.
    pub(crate) show_fresh: Callback<()>,
    /// Asks again from the top.
    pub(crate) reload: Callback<()>,
    /// Changes a post here.
    pub(crate) patch: Callback<Patch>,
}

/// A feed, kept fresh. The component is keyed by the feed: it never changes under it.
#[hook]
pub(crate) fn use_feed(feed: Feed) -> LiveFeed {
    let me = use_me();
    let session = me.as_ref().map(|m| m.session);
    let my_id = me.map_or(PersonId(uuid::Uuid::nil()), |m| m.person.id);
    let key = use_memo(feed, |feed| match feed {
        Feed::Home => "home".to_owned(),
        Feed::Public => "public".to_owned(),
        Feed::Person(person) => person.to_string(),
    });
    let held = {
        let key = Rc::clone(&key);
        use_reducer_eq(move || Held(recall(session, &key)))
    };
    let latest = use_mut_ref(|| Rc::clone(&held.0));
    *latest.borrow_mut() = Rc::clone(&held.0);
    let asking = use_mut_ref(|| false);
    let dispatch = held.dispatcher();

    {
        let key = Rc::clone(&key);
        use_effect_with(Rc::clone(&held.0), move |state| keep(&key, state));
    }
    let reload = {
        let dispatch = dispatch.clone();
        use_callback((feed, my_id), move |(), (feed, my_id)| {
            let (dispatch, feed, my_id) = (dispatch.clone(), *feed, *my_id);
            wasm_bindgen_futures::spawn_local(async move {
                match ask(GetFeed {
                    feed,
                    cursor: None,
                    limit: Some(PAGE),
                })
                .await
                {
                    Ok(page) => dispatch.dispatch(Change::First(page, my_id)),
                    Err(error) => dispatch.dispatch(Change::Failed(error)),
                }
            });
        })
    };
    {
        let reload = reload.clone();
        use_effect_with((), move |()| reload.emit(()));
    }
    let more = {
        let (dispatch, latest, asking) = (dispatch.clone(), Rc::clone(&latest), Rc::clone(&asking));
        use_callback(feed, move |(), feed| {
            let state = Rc::clone(&latest.borrow());
            let Some(cursor) = state.next.clone().filter(|_| state.error.is_none()) else {
                return;
            };
            if asking.replace(true) {
                return;
            }
            dispatch.dispatch(Change::Busy);
            let (dispatch, asking, feed) = (dispatch.clone(), Rc::clone(&asking), *feed);
            wasm_bindgen_futures::spawn_local(async move {
                let answer = ask(GetFeed {
                    feed,
                    cursor: Some(cursor),
                    limit: Some(PAGE),
                })
                .await;
                asking.replace(false);
                dispatch.dispatch(match answer {
                    Ok(page) => Change::More(page),
                    Err(error) => Change::Failed(error),
                });
            });
        })
    };
    let show_fresh = {
        let dispatch = dispatch.clone();
        use_callback((), move |(), ()| dispatch.dispatch(Change::ShowFresh))
    };
    let patch = {
        let dispatch = dispatch.clone();
        use_callback((), move |patch, ()| dispatch.dispatch(Change::Patch(patch)))
    };
    use_follow(&latest, &reload, &patch);
    LiveFeed {
        state: Rc::clone(&held.0),
        more,
        show_fresh,
        reload,
        patch,
    }
}

/// Follows events: new posts ask for the first page, changed ones are fetched alone.
#[hook]
fn use_follow(latest: &Rc<RefCell<Rc<FeedState>>>, reload: &Callback<()>, patch: &Callback<Patch>) {
    let waiting = use_mut_ref(HashSet::<PostId>::new);
    let timer = use_mut_ref(|| None::<Timeout>);
    let first = use_mut_ref(|| false);
    let follow = {
        let latest = Rc::clone(latest);
        use_callback(
            (reload.clone(), patch.clone()),
            move |event: HomeEvent, (reload, patch)| {
                let here = |id: PostId| {
                    let state = latest.borrow();
                    state.posts.iter().chain(&state.fresh).any(|p| p.id == id)
                };
                match event {
                    HomeEvent::PostAdded { .. } | HomeEvent::Gap => {
                        first.replace(true);
                    }
                    HomeEvent::PostRemoved { post } => {
                        waiting.borrow_mut().remove(&post);
                        return patch.emit(Patch::Remove(post));
                    }
                    HomeEvent::PostChanged { post }
                    | HomeEvent::CommentsChanged { post }
                    | HomeEvent::DeliveryChanged { post } => {
                        if !here(post) {
                            return;
                        }
                        waiting.borrow_mut().insert(post);
                    }
                    _ => return,
                }
                let (waiting, first) = (Rc::clone(&waiting), Rc::clone(&first));
                let (reload, patch) = (reload.clone(), patch.clone());
                // Events that come together are answered together.
                timer.replace(Some(Timeout::new(180, move || {
                    if first.replace(false) {
                        reload.emit(());
                    }
                    for id in waiting.take() {
                        let patch = patch.clone();
                        wasm_bindgen_futures::spawn_local(async move {
                            match ask(GetPost { id }).await {
                                Ok(post) => patch.emit(Patch::Replace(Rc::new(post))),
                                Err(error) if error.code == Code::NotFound => patch.emit(Patch::Remove(id)),
                                Err(_kept) => {}
                            }
                        });
                    }
                })));
            },
        )
    };
    use_live(vec![Topic::PostAdded, Topic::Posts], follow);
}
