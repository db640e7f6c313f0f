//! A person of a test: a client of their home with a session of its own.

use crate::home::{TestHome, new_account};
use crate::{pictures, within};
use bytes::Bytes;
use hearth_api::app::{AppStatus, GetStatus};
use hearth_api::chat::{TurnEvent, TurnUpdate};
use hearth_api::feed::{
    Attach, Audience, Comment, CreateComment, CreatePost, Feed, GetDelivery, GetFeed, GetPost, Post,
};
use hearth_api::media::{BeginUpload, FinishUpload, MediaItem};
use hearth_api::notify::{ListNotifications, Notification};
use hearth_api::people::{ListRequests, RequestFriend};
use hearth_api::session::{SignIn, SignInOutcome};
use hearth_api::{
    ApiError, ApiResult, Code, Command, Event, EventEnvelope, PersonId, PostId, TurnId, UploadId,
};
use hearth_node::{Caller, SessionChange, SessionToken};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// Bytes of one chunk of an upload.
const CHUNK: usize = 64 * 1024;

/// A client of a home with a session of its own. Cheap to clone; clones share the session.
#[derive(Clone)]
pub struct TestPerson {
    inner: Arc<Inner>,
}

struct Inner {
    home: TestHome,
    name: String,
    id: Mutex<Option<PersonId>>,
    token: Mutex<Option<SessionToken>>,
}

impl std::fmt::Debug for TestPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestPerson")
            .field("name", &self.inner.name)
            .finish_non_exhaustive()
    }
}

impl TestPerson {
    pub(crate) fn stranger(home: &TestHome, name: &str) -> Self {
        Self {
            inner: Arc::new(Inner {
                home: home.clone(),
                name: name.to_owned(),
                id: Mutex::default(),
                token: Mutex::default(),
            }),
        }
    }

    /// The same person with the same session on a home whose folder is a copy.
    pub(crate) fn resumed_at(&self, home: &TestHome) -> Self {
        let person = Self::stranger(home, self.name());
        *person.inner.id.lock().unwrap() = Some(self.id());
        *person.inner.token.lock().unwrap() = self.token();
        person
    }

    /// What they are called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Their home.
    #[must_use]
    pub fn home(&self) -> &TestHome {
        &self.inner.home
    }

    /// Who they are.
    ///
    /// # Panics
    /// When nobody has signed in here.
    #[must_use]
    pub fn id(&self) -> PersonId {
        self.inner.id.lock().unwrap().expect("somebody who has signed in")
    }

    /// The session's token.
    #[must_use]
    pub fn token(&self) -> Option<SessionToken> {
        self.inner.token.lock().unwrap().clone()
    }

    /// The client that they use.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller::desktop(self.token())
    }

    /// The same person on another device.
    pub async fn on_another_device(&self) -> Self {
        let other = Self::stranger(&self.inner.home, &self.inner.name);
        other.sign_in(crate::PASSWORD).await.expect("the right password");
        other
    }

    /// Puts a command, and keeps the session that it brings or ends.
    ///
    /// # Errors
    /// The command's error.
    pub async fn call<C: Command>(&self, request: C) -> ApiResult<C::Output> {
        let payload = serde_json::to_value(&request).expect("a request is JSON");
        let reply = self
            .inner
            .home
            .node()
            .dispatch(self.caller(), C::NAME, payload)
            .await;
        match reply.session {
            SessionChange::Keep => {}
            SessionChange::Set(token) => *self.inner.token.lock().unwrap() = Some(token),
            SessionChange::Clear => *self.inner.token.lock().unwrap() = None,
        }
        let answer = reply.result?;
        Ok(serde_json::from_value(answer).expect("an answer of the type that the table names"))
    }

    /// Puts a command that must work.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn ok<C: Command>(&self, request: C) -> C::Output {
        match self.call(request).await {
            Ok(answer) => answer,
            Err(error) => panic!("{} of {} was refused: {error:?}", C::NAME, self.name()),
        }
    }

    /// Puts a command that must be refused.
    ///
    /// # Panics
    /// When it works.
    pub async fn refused<C: Command>(&self, request: C) -> ApiError {
        match self.call(request).await {
            Ok(_) => panic!("{} of {} should have been refused", C::NAME, self.name()),
            Err(error) => error,
        }
    }

    /// Puts a command that must be refused with this code.
    ///
    /// # Panics
    /// When it works, or the code is another.
    pub async fn refused_with<C: Command>(&self, code: Code, request: C) {
        let error = self.refused(request).await;
        assert_eq!(
            error.code,
            code,
            "{} of {}: {}",
            C::NAME,
            self.name(),
            error.message
        );
    }

    /// Signs in with a password.
    ///
    /// # Errors
    /// As the command.
    pub async fn sign_in(&self, password: &str) -> ApiResult<SignInOutcome> {
        let request = SignIn {
            username: new_account(self.name()).username,
            password: password.to_owned(),
            code: None,
            device: None,
        };
        let outcome = self.call(request).await?;
        if self.token().is_some() {
            self.learn_id().await;
        }
        Ok(outcome)
    }

    pub(crate) async fn learn_id(&self) {
        let me = self.status().await.me.expect("a session");
        *self.inner.id.lock().unwrap() = Some(me.person.id);
    }

    /// The home as their window sees it.
    pub async fn status(&self) -> AppStatus {
        self.ok(GetStatus {}).await
    }

    /// Listens to events from now on.
    pub async fn listen(&self) -> Listener {
        self.listen_since(None).await
    }

    /// Listens to events from after a number.
    pub async fn listen_since(&self, since: Option<u64>) -> Listener {
        let receiver = self
            .inner
            .home
            .node()
            .subscribe(self.caller(), since)
            .await
            .expect("a session");
        Listener {
            who: self.name().to_owned(),
            receiver,
            seen: Vec::new(),
        }
    }

    /// Uploads a file in chunks.
    ///
    /// # Errors
    /// As the commands.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> ApiResult<MediaItem> {
        let node = self.inner.home.node();
        let id = UploadId(self.inner.home.seed().uuid());
        let begin = BeginUpload {
            id,
            name: name.to_owned(),
            bytes: bytes.len() as u64,
        };
        let mut offset = self.call(begin).await?.offset;
        for chunk in bytes.chunks(CHUNK) {
            let chunk = Bytes::copy_from_slice(chunk);
            offset = node.upload_chunk(&self.caller(), id, offset, chunk).await?.offset;
        }
        self.call(FinishUpload { id }).await
    }

    /// Uploads a small drawn photo; another number gives another picture.
    pub async fn upload_photo(&self, number: u64) -> MediaItem {
        let photo = pictures::landscape(320, 240, number);
        self.upload("photo.jpg", &photo).await.expect("a good photo")
    }

    /// Posts a text to an audience.
    pub async fn post(&self, audience: Audience, text: &str) -> Post {
        self.ok(self.new_post(audience, text, Vec::new())).await
    }

    /// Posts a text with media.
    pub async fn post_with(&self, audience: Audience, text: &str, media: &[(&MediaItem, &str)]) -> Post {
        let attached = media
            .iter()
            .map(|(item, alt)| Attach {
                media: item.hash.clone(),
                alt: (*alt).to_owned(),
                caption: String::new(),
            })
            .collect();
        self.ok(self.new_post(audience, text, attached)).await
    }

    /// A request to post.
    #[must_use]
    pub fn new_post(&self, audience: Audience, text: &str, media: Vec<Attach>) -> CreatePost {
        CreatePost {
            op: self.inner.home.seed().uuid(),
            audience,
            text: text.to_owned(),
            media,
            comments_on: true,
            draft: None,
        }
    }

    /// Comments on a post.
    ///
    /// # Errors
    /// As the command.
    pub async fn comment(&self, post: PostId, text: &str) -> ApiResult<Comment> {
        self.call(CreateComment {
            op: self.inner.home.seed().uuid(),
            post,
            parent: None,
            text: text.to_owned(),
            media: Vec::new(),
        })
        .await
    }

    /// A post, if they may see it.
    pub async fn sees(&self, id: PostId) -> Option<Post> {
        match self.call(GetPost { id }).await {
            Ok(post) => Some(post),
            Err(error) if error.code == Code::NotFound => None,
            Err(error) => panic!("{} asked for a post: {error:?}", self.name()),
        }
    }

    /// The texts of a feed, newest first.
    pub async fn feed(&self, feed: Feed) -> Vec<String> {
        let request = GetFeed {
            feed,
            cursor: None,
            limit: Some(50),
        };
        self.ok(request)
            .await
            .items
            .into_iter()
            .map(|post| post.text)
            .collect()
    }

    /// Where an own post stands, home by home.
    pub async fn delivery(&self, id: PostId) -> Vec<hearth_api::feed::Delivery> {
        self.ok(GetDelivery { id }).await
    }

    /// The newest notifications.
    pub async fn notifications(&self) -> Vec<Notification> {
        self.ok(ListNotifications::default()).await.items
    }

    /// Asks somebody for friendship.
    pub async fn asks(&self, other: &Self) {
        self.ok(RequestFriend {
            person: other.id(),
            note: String::new(),
        })
        .await;
    }

    /// Whether somebody waits for an answer of theirs.
    pub async fn is_asked_by(&self, other: PersonId) -> bool {
        let requests = self.ok(ListRequests {}).await;
        requests.incoming.iter().any(|request| request.person.id == other)
    }

    /// Looks again after every event until something is so.
    ///
    /// # Panics
    /// When it never is.
    pub async fn until(&self, what: &str, mut so: impl AsyncFnMut(&Self) -> bool) {
        let mut listener = self.listen().await;
        within(what, async {
            while !so(self).await {
                listener.next().await;
            }
        })
        .await;
    }
}

/// Somebody's ear at the event stream.
pub struct Listener {
    who: String,
    receiver: mpsc::Receiver<EventEnvelope>,
    seen: Vec<Event>,
}

impl Listener {
    /// The next event.
    ///
    /// # Panics
    /// When the stream ends or nothing comes.
    pub async fn next(&mut self) -> EventEnvelope {
        let next = within("an event", self.receiver.recv()).await;
        let envelope = next.unwrap_or_else(|| panic!("The events of {} ended", self.who));
        self.seen.push(envelope.event.clone());
        envelope
    }

    /// The next event, or `None` when the stream has ended.
    pub async fn next_or_end(&mut self) -> Option<EventEnvelope> {
        within("an event", self.receiver.recv()).await
    }

    /// The first event from now on that is wanted.
    ///
    /// # Panics
    /// When none comes.
    pub async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        let waited = async {
            loop {
                let Some(envelope) = self.receiver.recv().await else {
                    panic!("The events of {} ended while waiting for {what}", self.who);
                };
                let found = wanted(&envelope.event);
                self.seen.push(envelope.event);
                if let Some(found) = found {
                    return found;
                }
            }
        };
        within(what, waited).await
    }

    /// Everything heard so far.
    #[must_use]
    pub fn heard(&self) -> &[Event] {
        &self.seen
    }

    /// The events of a turn to its end.
    pub async fn turn(&mut self, turn: TurnId) -> Vec<TurnEvent> {
        let mut events = Vec::new();
        loop {
            let event = self
                .until("the end of a turn", |event| match event {
                    Event::Turn(event) if event.turn == turn => Some(event.clone()),
                    _ => None,
                })
                .await;
            let ended = matches!(event.what, TurnUpdate::End { .. });
            events.push(event);
            if ended {
                return events;
            }
        }
    }
}
