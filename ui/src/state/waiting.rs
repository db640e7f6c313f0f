//! What was written and is not at the home yet: kept in this browser for its author with every letter, brought to the home as soon as
//! that answers, and removed then. It outlives a reload; it ends with a sign-out, before which it is brought; another person who
//! signs in here never sees it.
//!
//! What the home refuses for good goes to [`unsaved`](crate::state::unsaved), where its author finds it.

use crate::backend;
use crate::kit::{dom, ids};
use crate::state::live::Topic;
use crate::state::query::{Query, use_query_if};
use crate::state::store::{Store, use_store};
use crate::state::toasts;
use hearth_api::chat::SaveChatDraft;
use hearth_api::feed::{Attach, DeleteDraft, Draft, ListDrafts, SaveDraft};
use hearth_api::{ApiError, ApiResult, ChatId, Code, DraftId, PersonId};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;

/// Something that the home does not know yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "what", rename_all = "snake_case")]
enum Waiting {
    /// A draft as it is now.
    Draft(Box<Draft>),
    /// A draft that was sent or thrown away.
    Gone(DraftId),
    /// What is being written to the assistant; empty once it was sent.
    Chat(SaveChatDraft),
}

impl Waiting {
    fn is_about(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Chat(one), Self::Chat(other)) => one.chat == other.chat,
            _ => self.draft().is_some() && self.draft() == other.draft(),
        }
    }

    fn draft(&self) -> Option<DraftId> {
        match self {
            Self::Draft(draft) => Some(draft.id),
            Self::Gone(id) => Some(*id),
            Self::Chat(_) => None,
        }
    }
}

thread_local! {
    static OWNER: Cell<Option<PersonId>> = const { Cell::new(None) };
    static WAITING: Store<Vec<Waiting>> = Store::new(Vec::new());
    /// Drafts that something open here brings to the home by itself.
    static HELD: RefCell<HashSet<DraftId>> = RefCell::default();
    /// Drafts of what is on its way as a comment; a reload shows them again.
    static SENT: Store<HashSet<DraftId>> = Store::new(HashSet::new());
    static BRINGING: Cell<bool> = const { Cell::new(false) };
}

fn key(owner: PersonId) -> String {
    format!("hearth.waiting.{owner}")
}

/// An entry of another version of Hearth that cannot be read is left out.
fn read(text: &str) -> Vec<Waiting> {
    let values: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    values
        .into_iter()
        .filter_map(|value| serde_json::from_value(value).ok())
        .collect()
}

fn kept(owner: PersonId) -> Vec<Waiting> {
    dom::stored(&key(owner))
        .map(|text| read(&text))
        .unwrap_or_default()
}

/// Whose words are kept now.
#[must_use]
pub fn owner() -> Option<PersonId> {
    OWNER.get()
}

/// Begins to keep for this person.
pub fn open(owner: PersonId) {
    if OWNER.replace(Some(owner)) != Some(owner) {
        HELD.take();
        SENT.with(|sent| sent.set(HashSet::new()));
        WAITING.with(|store| store.set(kept(owner)));
    }
}

/// Shows nobody's words any more; they wait for their author.
pub fn close() {
    OWNER.set(None);
    HELD.take();
    WAITING.with(|store| store.set(Vec::new()));
}

/// Removes what is kept for whoever is signed in: they sign out.
pub fn clear() {
    if let Some(owner) = OWNER.get() {
        dom::store(&key(owner), None);
    }
    close();
}

/// Changes what is kept, here and in this browser. What another window keeps meanwhile stays.
fn update(change: impl FnOnce(&mut Vec<Waiting>)) {
    let Some(owner) = OWNER.get() else { return };
    let mut all = match dom::storage() {
        Some(_) => kept(owner),
        None => WAITING.with(|store| (*store.get()).clone()),
    };
    change(&mut all);
    let text = (!all.is_empty()).then(|| serde_json::to_string(&all).unwrap_or_default());
    dom::store(&key(owner), text.as_deref());
    WAITING.with(|store| store.set(all));
}

fn put(all: &mut Vec<Waiting>, entry: Waiting) {
    all.retain(|other| !other.is_about(&entry));
    all.push(entry);
}

/// Keeps a draft until [`settled`]. Whoever calls this brings it to the home until [`let_go`].
pub fn draft(draft: Draft) {
    HELD.with_borrow_mut(|held| held.insert(draft.id));
    update(|all| put(all, Waiting::Draft(Box::new(draft))));
}

/// Keeps that nothing is left of a draft until [`settled`], so that its old words do not come back. As with [`draft`], the caller tells the home.
pub fn emptied(id: DraftId) {
    HELD.with_borrow_mut(|held| held.insert(id));
    update(|all| put(all, Waiting::Gone(id)));
}

/// The home knows all about this draft.
pub fn settled(id: DraftId) {
    HELD.with_borrow_mut(|held| held.remove(&id));
    let there = WAITING.with(|store| store.get().iter().any(|w| w.draft() == Some(id)));
    if there {
        update(|all| all.retain(|w| w.draft() != Some(id)));
    }
}

/// Nobody here brings this draft any more: it is brought when the home is back.
pub fn let_go(id: DraftId) {
    HELD.with_borrow_mut(|held| held.remove(&id));
}

/// Whether the home will never take this as it is.
#[must_use]
pub fn is_final(error: &ApiError) -> bool {
    matches!(
        error.code,
        Code::TextTooLong | Code::TooManyDrafts | Code::TooManyMedia | Code::Invalid | Code::TooLarge
    )
}

/// Draws the conclusion from what the home said to a draft that nobody works at any more: refused for good, its words go where
/// their author finds them.
pub fn refused(draft: &Draft, error: &ApiError) {
    let_go(draft.id);
    if is_final(error) && !draft.text.trim().is_empty() {
        toasts::nowhere_but_kept(&draft.text, error);
        settled(draft.id);
    }
}

/// Hides a draft: what it held is on its way.
pub fn sent(id: DraftId) {
    SENT.with(|sent| {
        sent.update(|all| {
            all.insert(id);
        });
    });
}

/// Deletes a draft, now or when the home is back.
pub fn gone(id: DraftId) {
    HELD.with_borrow_mut(|held| held.remove(&id));
    update(|all| put(all, Waiting::Gone(id)));
    let owner = OWNER.get();
    wasm_bindgen_futures::spawn_local(async move {
        if OWNER.get() == owner {
            delete(id).await;
        }
    });
}

async fn delete(id: DraftId) {
    let answer = backend::call(DeleteDraft { id }).await;
    // One that the home never had is gone as well.
    if answer.is_ok() || answer.is_err_and(|error| error.code == Code::NotFound) {
        update(|all| all.retain(|w| *w != Waiting::Gone(id)));
    }
}

/// Keeps what is being written to the assistant until the home took exactly that.
pub fn chat(chat: Option<ChatId>, text: String) {
    update(|all| put(all, Waiting::Chat(SaveChatDraft { chat, text })));
}

/// The home took this.
pub fn chat_settled(chat: Option<ChatId>, text: &str) {
    update(|all| {
        all.retain(|w| !matches!(w, Waiting::Chat(kept) if kept.chat == chat && kept.text == text));
    });
}

/// What was being written to the assistant, if the home does not have it yet.
#[must_use]
pub fn chat_text(chat: Option<ChatId>) -> Option<String> {
    WAITING.with(|store| {
        store.get().iter().find_map(|w| match w {
            Waiting::Chat(kept) if kept.chat == chat => Some(kept.text.clone()),
            _ => None,
        })
    })
}

/// The request that saves a draft.
#[must_use]
pub fn request(draft: &Draft) -> SaveDraft {
    SaveDraft {
        id: draft.id,
        place: draft.place.clone(),
        text: draft.text.clone(),
        media: draft
            .media
            .iter()
            .map(|item| Attach {
                media: item.hash.clone(),
                alt: item.alt.clone(),
                caption: item.caption.clone(),
            })
            .collect(),
        audience: draft.audience,
    }
}

/// Brings to the home what waits and what nobody here brings by itself; with `all`, that as well.
pub async fn bring(all: bool) {
    let Some(owner) = OWNER.get() else { return };
    let due: Vec<Waiting> = kept(owner)
        .into_iter()
        .filter(|w| {
            all || w
                .draft()
                .is_none_or(|id| !HELD.with_borrow(|held| held.contains(&id)))
        })
        .collect();
    if due.is_empty() || BRINGING.replace(true) {
        return;
    }
    let known = backend::call(ListDrafts {}).await;
    if let Ok(known) = known {
        for entry in due {
            if OWNER.get() != Some(owner) {
                break;
            }
            bring_one(entry, &known).await;
        }
    }
    BRINGING.set(false);
}

async fn bring_one(entry: Waiting, known: &[Draft]) {
    match &entry {
        Waiting::Gone(id) => delete(*id).await,
        Waiting::Chat(request) => {
            let answer = backend::call(request.clone()).await;
            if answer.is_ok() || answer.is_err_and(|error| error.code == Code::NotFound) {
                update(|all| all.retain(|w| *w != entry));
            }
        }
        Waiting::Draft(draft) => {
            let answer: ApiResult<Draft> = backend::call(request(&beside(draft, known, ids::uuid))).await;
            match answer {
                Ok(_) => update(|all| all.retain(|w| *w != entry)),
                Err(error) => refused(draft, &error),
            }
        }
    }
}

/// The draft as it is brought: under another id, beside the home's own, when that was changed later from elsewhere.
fn beside(draft: &Draft, known: &[Draft], other_id: impl FnOnce() -> Uuid) -> Draft {
    let later = known
        .iter()
        .any(|k| k.id == draft.id && k.saved_at > draft.saved_at && k.text != draft.text);
    let mut draft = draft.clone();
    if later {
        draft.id = DraftId(other_id());
    }
    draft
}

/// The drafts of a home as they are with what waits here.
fn merged(known: &[Draft], waiting: &[Waiting], sent: &HashSet<DraftId>) -> Vec<Draft> {
    let here = waiting.iter().rev().filter_map(|w| match w {
        Waiting::Draft(draft) => Some((**draft).clone()),
        Waiting::Gone(_) | Waiting::Chat(_) => None,
    });
    let there = known
        .iter()
        .filter(|d| !waiting.iter().any(|w| w.draft() == Some(d.id)))
        .cloned();
    here.chain(there).filter(|d| !sent.contains(&d.id)).collect()
}

/// The drafts of whoever is signed in: those of the home, and what it does not have yet. Without the home, the latter.
#[hook]
pub fn use_drafts(wanted: bool, topics: Vec<Topic>) -> Query<Vec<Draft>> {
    let mut query = use_query_if(wanted.then(ListDrafts::default), topics);
    let waiting = use_store(&WAITING);
    let sent = use_store(&SENT);
    let known = query.data.clone();
    let failed = query.error.is_some();
    query.data = (*use_memo(
        (known, failed, waiting, sent),
        |(known, failed, waiting, sent)| match known {
            Some(known) => Some(Rc::new(merged(known, waiting, sent))),
            None if *failed => Some(Rc::new(merged(&[], waiting, sent))),
            None => None,
        },
    ))
    .clone();
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;
    use hearth_api::feed::Audience;

    fn draft(id: u128, text: &str, at: i64) -> Draft {
        Draft {
            id: DraftId(Uuid::from_u128(id)),
            place: "feed".into(),
            text: text.into(),
            media: Vec::new(),
            audience: Audience::Friends,
            saved_at: Timestamp(at),
        }
    }

    fn waits(id: u128, text: &str, at: i64) -> Waiting {
        Waiting::Draft(Box::new(draft(id, text, at)))
    }

    #[test]
    fn what_waits_here_stands_before_what_the_home_has() {
        let known = [
            draft(1, "AAA", 1),
            draft(2, "Other", 2),
            draft(3, "Sent since", 3),
        ];
        let waiting = [
            waits(1, "AAA BBB", 5),
            Waiting::Gone(known[2].id),
            waits(4, "New", 6),
        ];
        let texts = |sent: &[DraftId]| -> Vec<String> {
            merged(&known, &waiting, &sent.iter().copied().collect())
                .into_iter()
                .map(|d| d.text)
                .collect()
        };
        assert_eq!(texts(&[]), ["New", "AAA BBB", "Other"]);
        assert_eq!(
            texts(&[known[1].id]),
            ["New", "AAA BBB"],
            "what is on its way is not begun"
        );
    }

    #[test]
    fn the_same_draft_waits_once_and_so_does_each_conversation() {
        let words = |text: &str| {
            Waiting::Chat(SaveChatDraft {
                chat: None,
                text: text.into(),
            })
        };
        let mut all = Vec::new();
        for entry in [
            waits(1, "A", 1),
            words("Why"),
            waits(1, "AB", 2),
            words("Why not"),
            Waiting::Gone(draft(1, "", 0).id),
        ] {
            put(&mut all, entry);
        }
        assert_eq!(all, [words("Why not"), Waiting::Gone(draft(1, "", 0).id)]);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(read(&text), all);
        assert_eq!(read(&text.replacen("\"gone\"", "\"hologram\"", 1)).len(), 1);
    }

    #[test]
    fn a_draft_that_was_changed_elsewhere_since_is_kept_beside_it() {
        let mine = draft(1, "Mine", 5);
        let brought = |theirs: Draft| beside(&mine, &[theirs], || Uuid::from_u128(7));
        assert_eq!(brought(draft(1, "Older", 4)), mine);
        assert_eq!(brought(draft(1, "Mine", 9)), mine);
        let kept = brought(draft(1, "From the phone", 9));
        assert_eq!(kept.id, DraftId(Uuid::from_u128(7)));
        assert_eq!(kept.text, "Mine");
    }
}
