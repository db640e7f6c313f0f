//! Posts on their way to the own home, posts that it refused, and posts that are about to be deleted: known to every
//! screen, whichever is open.

use super::tray::TrayFile;
use crate::components::Written;
use crate::prelude::*;
use crate::state::store::{Store, use_store};
use crate::state::unsaved::{self, Again};
use crate::state::waiting;
use hearth_api::feed::{Attach, Audience, CreatePost, Post};
use hearth_api::media::MediaItem;
use hearth_api::{ApiError, CommentId, DraftId, PersonId, PostId};
use std::collections::HashSet;
use uuid::Uuid;

/// Everything that was put into a composer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Content {
    /// The text.
    pub(crate) written: Written,
    /// The files.
    pub(crate) files: Vec<TrayFile>,
    /// To whom.
    pub(crate) audience: Audience,
    /// Whether others may comment.
    pub(crate) comments_on: bool,
    /// The draft that it is kept in.
    pub(crate) draft: DraftId,
}

impl Content {
    /// The files that are there, as the node takes them.
    pub(crate) fn attachments(&self) -> Vec<Attach> {
        attachments(&self.files)
    }
}

/// The files that are there, with the words that were written to them.
pub(crate) fn items(files: &[TrayFile]) -> Vec<MediaItem> {
    files
        .iter()
        .filter_map(|f| {
            let mut item = f.media.clone()?;
            item.alt.clone_from(&f.item.alt);
            item.caption.clone_from(&f.item.caption);
            Some(item)
        })
        .collect()
}

/// The files that are there, as the node takes them.
fn attachments(files: &[TrayFile]) -> Vec<Attach> {
    items(files)
        .into_iter()
        .map(|item| Attach {
            media: item.hash,
            alt: item.alt,
            caption: item.caption,
        })
        .collect()
}

/// A post on its way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outgoing {
    /// The operation.
    pub(crate) op: Uuid,
    /// How it is shown meanwhile.
    pub(crate) post: Rc<Post>,
    /// What it is made of.
    pub(crate) content: Rc<Content>,
}

/// A post that was refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refused {
    /// Everything that was in the composer.
    pub(crate) content: Rc<Content>,
    /// Why.
    pub(crate) error: ApiError,
}

thread_local! {
    static SENDING: Store<Vec<Rc<Outgoing>>> = Store::new(Vec::new());
    static REFUSED: Store<Option<Rc<Refused>>> = Store::new(None);
    static SENT: Store<Vec<Rc<Post>>> = Store::new(Vec::new());
    static HIDDEN: Store<HashSet<Uuid>> = Store::new(HashSet::new());
    static READERS: Store<u32> = Store::new(0);
}

/// Sends a post. It is shown at once; when it is refused everything comes back.
pub(crate) fn send(outgoing: Outgoing) {
    let outgoing = Rc::new(outgoing);
    let request = CreatePost {
        op: outgoing.op,
        audience: outgoing.content.audience,
        text: outgoing.content.written.to_wire(),
        media: outgoing.content.attachments(),
        comments_on: outgoing.content.comments_on,
        draft: Some(outgoing.content.draft),
    };
    SENDING.with(|s| s.update(|all| all.push(Rc::clone(&outgoing))));
    wasm_bindgen_futures::spawn_local(async move {
        let answer = ask(request.clone()).await;
        SENDING.with(|s| s.update(|all| all.retain(|o| o.op != outgoing.op)));
        match answer {
            Ok(post) => {
                waiting::settled(outgoing.content.draft);
                unsaved::forget_draft(outgoing.content.draft);
                announce::polite(t!("post-shared", "audience" => audience_name(post.audience)));
                SENT.with(|s| s.update(|all| all.push(Rc::new(post))));
            }
            Err(error) => {
                // Where nobody can give it back at once, the words say where it is.
                if READERS.with(|r| *r.get()) == 0 {
                    toasts::error(t!("post-refused-kept", "reason" => error_text(&error)));
                }
                let content = Rc::clone(&outgoing.content);
                unsaved::keep(Again::Post(Box::new(request)), &content.written.text, &error);
                REFUSED.with(|s| s.set(Some(Rc::new(Refused { content, error }))));
            }
        }
    });
}

/// Posts on their way, and the one that was refused, while a feed is open to show them.
#[hook]
pub(crate) fn use_outbox(sent: Callback<Rc<Post>>) -> (Rc<Vec<Rc<Outgoing>>>, Option<Rc<Refused>>) {
    let sending = use_store(&SENDING);
    let refused = use_store(&REFUSED);
    let done = use_store(&SENT);
    use_effect_with((), |()| {
        READERS.with(|r| r.update(|n| *n += 1));
        || {
            let _gone = READERS.try_with(|r| r.update(|n| *n = n.saturating_sub(1)));
        }
    });
    use_effect_with((done, sent), |(done, sent)| {
        if !done.is_empty() {
            done.iter().for_each(|post| sent.emit(Rc::clone(post)));
            SENT.with(|s| s.set(Vec::new()));
        }
    });
    (sending, (*refused).clone())
}

/// Forgets the refused post: the composer has it again.
pub(crate) fn take_refused() {
    REFUSED.with(|s| s.set(None));
}

/// Something that can be hidden while its deletion may still be undone.
pub(crate) trait Hideable {
    /// Its number.
    fn uuid(&self) -> Uuid;
}

impl Hideable for PostId {
    fn uuid(&self) -> Uuid {
        self.0
    }
}

impl Hideable for PersonId {
    fn uuid(&self) -> Uuid {
        self.0
    }
}

impl Hideable for CommentId {
    fn uuid(&self) -> Uuid {
        self.0
    }
}

/// Hides something everywhere, or shows it again.
pub(crate) fn hide(id: &impl Hideable, hidden: bool) {
    let id = id.uuid();
    HIDDEN.with(|s| {
        s.update(|all| {
            if hidden {
                all.insert(id);
            } else {
                all.remove(&id);
            }
        });
    });
}

/// What is hidden now.
#[hook]
pub(crate) fn use_hidden() -> Rc<HashSet<Uuid>> {
    use_store(&HIDDEN)
}
