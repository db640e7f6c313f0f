//! Words that could not be saved: kept in this browser for their author until they are sent or thrown away. They outlive a
//! reload and a sign-out; another person who signs in here does not see them.

use crate::kit::{dom, ids, time};
use crate::state::query::ask;
use crate::state::store::{Store, use_store};
use crate::state::toasts;
use crate::t;
use hearth_api::feed::{CreateComment, CreatePost, EditComment, ListComments};
use hearth_api::{ApiError, ApiResult, Code, DraftId, PersonId, PostId, Timestamp};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;

/// What would be sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "request", rename_all = "snake_case")]
pub enum Again {
    /// A post.
    Post(Box<CreatePost>),
    /// A comment or reply.
    Comment(CreateComment),
    /// A change to a comment, under this post.
    Edit(PostId, EditComment),
    /// Words that have nowhere to go any more.
    Words,
}

impl Again {
    /// Whether it is sent by itself when the home is back. A post is not: the composer has it again at once.
    #[must_use]
    pub fn goes_by_itself(&self, reason: &ApiError) -> bool {
        reason.code == Code::Unavailable && matches!(self, Self::Comment(_) | Self::Edit(..))
    }
}

/// Words that could not be saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unsaved {
    /// Its number.
    pub id: Uuid,
    /// When it was last tried.
    pub at: Timestamp,
    /// What was written, as it was seen.
    pub words: String,
    /// What would be sent again.
    pub again: Again,
    /// Why not.
    pub reason: ApiError,
}

impl Unsaved {
    /// How many files go along.
    #[must_use]
    pub fn files(&self) -> usize {
        match &self.again {
            Again::Post(request) => request.media.len(),
            Again::Comment(request) => request.media.len(),
            Again::Edit(..) | Again::Words => 0,
        }
    }

    /// Whether it is sent by itself when the home is back.
    #[must_use]
    pub fn goes_by_itself(&self) -> bool {
        self.again.goes_by_itself(&self.reason)
    }
}

type All = Vec<Rc<Unsaved>>;

thread_local! {
    static OWNER: Cell<Option<PersonId>> = const { Cell::new(None) };
    static KEPT: Store<All> = Store::new(Vec::new());
    static BUSY: Store<HashSet<Uuid>> = Store::new(HashSet::new());
    static WATCHING: RefCell<Option<gloo_events::EventListener>> = const { RefCell::new(None) };
}

fn key(owner: PersonId) -> String {
    format!("hearth.unsaved.{owner}")
}

/// What this browser has of somebody; an entry of another version of Hearth that cannot be read stays where it is.
fn read(text: &str) -> All {
    let values: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    values
        .into_iter()
        .filter_map(|value| serde_json::from_value::<Unsaved>(value).ok())
        .map(Rc::new)
        .collect()
}

fn write(all: &All) -> String {
    let all: Vec<&Unsaved> = all.iter().map(|u| &**u).collect();
    serde_json::to_string(&all).unwrap_or_default()
}

/// Shows what was kept for this person.
pub fn open(owner: PersonId) {
    if OWNER.replace(Some(owner)) != Some(owner) {
        let kept = dom::stored(&key(owner))
            .map(|text| read(&text))
            .unwrap_or_default();
        KEPT.with(|store| store.set(kept));
    }
    // Another window of the same browser keeps and sends, too.
    let Some(window) = dom::window().filter(|_| WATCHING.with_borrow(Option::is_none)) else {
        return;
    };
    let listener = gloo_events::EventListener::new(&window, "storage", |_| {
        if let Some(owner) = OWNER.get() {
            let kept = dom::stored(&key(owner))
                .map(|text| read(&text))
                .unwrap_or_default();
            KEPT.with(|store| store.set(kept));
        }
    });
    WATCHING.replace(Some(listener));
}

/// Changes what is kept, here and in this browser. What another window kept meanwhile stays.
fn update(change: impl FnOnce(&mut All)) {
    let Some(owner) = OWNER.get() else { return };
    let mut all = match dom::stored(&key(owner)) {
        Some(text) => read(&text),
        None => KEPT.with(|store| (*store.get()).clone()),
    };
    change(&mut all);
    let text = (!all.is_empty()).then(|| write(&all));
    dom::store(&key(owner), text.as_deref());
    KEPT.with(|store| store.set(all));
}

/// Keeps words, and gives them a number.
pub fn keep(again: Again, words: &str, reason: &ApiError) -> Uuid {
    let entry = Unsaved {
        id: ids::uuid(),
        at: time::now(),
        words: words.to_owned(),
        again,
        reason: reason.clone(),
    };
    let id = entry.id;
    update(|all| put(all, entry));
    id
}

/// The same thing a second time replaces the first.
fn put(all: &mut All, entry: Unsaved) {
    all.retain(|u| !is_same(&u.again, &entry.again));
    all.push(Rc::new(entry));
}

fn is_same(one: &Again, other: &Again) -> bool {
    match (one, other) {
        (Again::Post(a), Again::Post(b)) => a.op == b.op || (a.draft.is_some() && a.draft == b.draft),
        (Again::Comment(a), Again::Comment(b)) => a.op == b.op,
        (Again::Edit(_, a), Again::Edit(_, b)) => a.id == b.id,
        _ => false,
    }
}

/// Forgets the post of a draft: it was sent, or thrown away.
pub fn forget_draft(draft: DraftId) {
    let is_it = |u: &Unsaved| matches!(&u.again, Again::Post(request) if request.draft == Some(draft));
    let there = KEPT.with(|store| store.get().iter().any(|u| is_it(u)));
    if there {
        update(|all| all.retain(|u| !is_it(u)));
    }
}

fn find(id: Uuid) -> Option<Rc<Unsaved>> {
    KEPT.with(|store| store.get().iter().find(|u| u.id == id).cloned())
}

/// Sends what the home did not get because it was away. What it refuses now says so, and waits for the person.
pub async fn bring() {
    let due: Vec<Uuid> = KEPT.with(|store| {
        let kept = store.get();
        kept.iter().filter(|u| u.goes_by_itself()).map(|u| u.id).collect()
    });
    for id in due {
        if let Some(Err(error)) = try_again(id).await
            && error.code != Code::Unavailable
        {
            toasts::error(t!("toast-not-saved", "reason" => toasts::error_text(&error)));
        }
    }
}

/// Sends it again. It goes when it arrived; else the new reason stands there.
pub fn retry(id: Uuid) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Some(Err(error)) = try_again(id).await {
            toasts::error(t!("toast-not-saved", "reason" => toasts::error_text(&error)));
        }
    });
}

/// Nothing when it is gone, or on its way already.
async fn try_again(id: Uuid) -> Option<ApiResult<()>> {
    let entry = find(id)?;
    let fresh = BUSY.with(|busy| !busy.get().contains(&id));
    if !fresh {
        return None;
    }
    BUSY.with(|busy| {
        busy.update(|all| {
            all.insert(id);
        })
    });
    let answer = send(&entry.again).await;
    BUSY.with(|busy| {
        busy.update(|all| {
            all.remove(&id);
        })
    });
    match &answer {
        Ok(()) => {
            remove(id);
            toasts::done(t!("unsaved-sent"));
        }
        Err(error) => update(|all| {
            if let Some(slot) = all.iter_mut().find(|u| u.id == id) {
                let entry = Rc::make_mut(slot);
                entry.at = time::now();
                entry.reason = error.clone();
            }
        }),
    }
    Some(answer)
}

fn remove(id: Uuid) {
    update(|all| all.retain(|u| u.id != id));
    toasts::dismiss_about(id);
}

async fn send(again: &Again) -> ApiResult<()> {
    match again {
        Again::Post(request) => ask((**request).clone()).await.map(|_| ()),
        Again::Comment(request) => ask(request.clone()).await.map(|_| ()),
        Again::Edit(post, request) => {
            let mut request = request.clone();
            // Another try is made on the comment as it is now.
            let now = ask(ListComments { post: *post }).await?;
            if let Some(comment) = now.iter().find(|c| c.id == request.id) {
                request.version = comment.version;
            }
            ask(request).await.map(|_| ())
        }
        Again::Words => Ok(()),
    }
}

/// Throws it away, with the way back.
pub fn discard(id: Uuid) {
    let Some(entry) = find(id) else { return };
    remove(id);
    toasts::undo(
        t!("unsaved-discarded"),
        Callback::from(move |()| {
            let entry = (*entry).clone();
            update(|all| put(all, entry));
            toasts::done(t!("unsaved-back"));
        }),
    );
}

/// Copies its words, and says so.
pub fn copy(words: &str) {
    let words = words.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        if dom::copy_text(&words).await {
            toasts::done(t!("copied"));
        } else {
            toasts::error(t!("copy-refused"));
        }
    });
}

/// What could not be saved, oldest first.
#[hook]
pub fn use_unsaved() -> Rc<All> {
    use_store(&KEPT)
}

/// What is being sent again.
#[hook]
pub fn use_sending_again() -> Rc<HashSet<Uuid>> {
    use_store(&BUSY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Code;
    use hearth_api::feed::Audience;

    fn post(op: u128, draft: u128, words: &str) -> Unsaved {
        Unsaved {
            id: Uuid::from_u128(op + 1_000),
            at: Timestamp(1),
            words: words.into(),
            again: Again::Post(Box::new(CreatePost {
                op: Uuid::from_u128(op),
                audience: Audience::Friends,
                text: words.into(),
                media: Vec::new(),
                comments_on: true,
                draft: Some(DraftId(Uuid::from_u128(draft))),
            })),
            reason: ApiError::new(Code::Unavailable, "Not now."),
        }
    }

    #[test]
    fn what_was_kept_is_read_back_and_nonsense_does_not_harm_the_rest() {
        let all: All = vec![Rc::new(post(1, 1, "One")), Rc::new(post(2, 2, "Two"))];
        assert_eq!(read(&write(&all)), all);
        let torn = write(&all).replacen("\"kind\":\"post\"", "\"kind\":\"hologram\"", 1);
        assert_eq!(read(&torn).len(), 1);
        assert!(read("not json").is_empty());
    }

    #[test]
    fn only_what_the_home_never_heard_goes_by_itself() {
        let away = ApiError::new(Code::Unavailable, "Not now.");
        let comment = Again::Comment(CreateComment {
            op: Uuid::from_u128(1),
            post: PostId(Uuid::from_u128(2)),
            parent: None,
            text: "Hello".into(),
            media: Vec::new(),
        });
        assert!(comment.goes_by_itself(&away));
        assert!(!comment.goes_by_itself(&ApiError::not_found()));
        assert!(!Again::Words.goes_by_itself(&away));
        assert!(!post(1, 1, "One").goes_by_itself(), "the composer has it again");
    }

    #[test]
    fn the_same_post_stands_there_once() {
        let mut all = All::new();
        put(&mut all, post(1, 7, "First try"));
        put(&mut all, post(2, 7, "Second try, from the composer"));
        put(&mut all, post(3, 8, "Another"));
        let words: Vec<_> = all.iter().map(|u| u.words.as_str()).collect();
        assert_eq!(words, ["Second try, from the composer", "Another"]);
    }
}
