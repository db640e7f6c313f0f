//! From a request to its answer: who may ask, then what is asked.

use super::Visitor;
use super::answer::{Answer, Body};
use super::sending::{Held, carrying};
use crate::delivery::Pong;
use crate::ids::KeyId;
use crate::media::RangeWanted;
use crate::pairing_service::{CONFIRM_PATH, PAIR_PATH, open_secret};
use crate::problem::{self, Code, Problem};
use crate::reception;
use crate::reconcile;
use crate::renewal::secret_received;
use crate::secret::PairSecret;
use crate::service::Federation;
use crate::signature::{MAX_BODY_LEN, PeerKey, ReceivedHead, Refusal, SIGNATURE_INPUT};
use crate::transport::Pace;
use bytes::{Bytes, BytesMut};
use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, HomeId};
use hearth_db::home::HomeRowState;
use hearth_db::{DbError, WriteTx, home, nonce, pair_secret, peer};
use http::header::{CONNECTION, CONTENT_TYPE, RANGE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Body as HttpBody;
use std::time::Duration;

/// What a node says to everybody.
const WELL_KNOWN_PATH: &str = "/.well-known/hearth";
/// Whether the node is there; signed for those who sign.
pub(crate) const HEALTH_PATH: &str = "/federation/v1/health";
/// Where activities are delivered.
pub(crate) const INBOX_PATH: &str = "/federation/v1/inbox";
/// Where a peer fetches what waits for it.
pub(crate) const OUTBOX_PATH: &str = "/federation/v1/outbox";
/// Where it tells what became of that.
pub(crate) const ACK_PATH: &str = "/federation/v1/ack";
/// Where homes tell each other what became of what had to wait.
pub(crate) const LATER_PATH: &str = "/federation/v1/later";
/// Where a home is told, by a word that is signed itself, that another has ended the connection.
pub(crate) const PART_PATH: &str = "/federation/v1/part";
/// Where a peer asks to renew the secret.
pub(crate) const ROTATE_PATH: &str = "/federation/v1/rotate";
/// Where a home asks what is held of it.
pub(crate) const DIGEST_PATH: &str = "/federation/v1/digest";
/// Where a home asks for what it lost.
pub(crate) const RECALL_PATH: &str = "/federation/v1/recall";
/// Where a home that cannot be called offers what it holds.
pub(crate) const OFFER_PATH: &str = "/federation/v1/offer";
/// Where it gives what was wanted of that.
pub(crate) const GIVE_PATH: &str = "/federation/v1/give";
/// Where files are fetched, by their hash.
pub(crate) const MEDIA_PATH: &str = "/federation/v1/media/";
/// The media type of an acknowledgement.
const JSON: &str = "application/json";
/// The media type of a pairing message.
const JOSE: &str = "application/jose";

/// The body of a request that is still to be read, whatever way it comes.
pub(super) trait Unread: HttpBody<Data = Bytes, Error: Send> + Send + Unpin {}
impl<B: HttpBody<Data = Bytes, Error: Send> + Send + Unpin> Unread for B {}

impl Federation {
    /// Answers one request, whatever it is.
    pub(super) async fn answer<B: Unread>(&self, visitor: &Visitor, request: Request<B>) -> Response<Body> {
        let (head, body) = request.into_parts();
        if head.headers.contains_key(SIGNATURE_INPUT) {
            self.answer_signed(visitor, head, body).await
        } else {
            self.answer_stranger(visitor, head, body).await.unsigned()
        }
    }

    /// The few things that anybody may ask.
    async fn answer_stranger<B: Unread>(&self, visitor: &Visitor, head: Parts, body: B) -> Answer {
        let Some(_room) = self.gates().unsigned() else {
            return refuse(Code::Unavailable);
        };
        match (&head.method, head.uri.path()) {
            (&Method::GET, WELL_KNOWN_PATH) => Answer::json(&serde_json::json!({
                "node": self.node_id().to_string(),
                "versions": crate::pairing::VERSIONS,
            })),
            (&Method::GET, HEALTH_PATH) => Answer::json(&Pong::ok()),
            (&Method::POST, PAIR_PATH) => {
                let grace = self.gates().limits().body;
                match read_body(body, crate::pairing::MAX_MESSAGE_LEN, grace).await {
                    Err(code) => closing(refuse(code)),
                    Ok(body) => {
                        let (status, body) = self.handle_pair(&body, visitor.source()).await;
                        let content_type = if status.is_success() {
                            JOSE
                        } else {
                            problem::CONTENT_TYPE
                        };
                        Answer::new(status, content_type, body)
                    }
                }
            }
            (&Method::POST, PART_PATH) => {
                if !self.may_bring_parting(visitor.source()) {
                    return closing(refuse(Code::RateLimited));
                }
                let grace = self.gates().limits().body;
                match read_body(body, crate::pairing::MAX_MESSAGE_LEN, grace).await {
                    Err(code) => closing(refuse(code)),
                    Ok(body) => match self.hear_parting(&body).await {
                        Ok(()) => Answer::done(),
                        Err(error) => failed(&error),
                    },
                }
            }
            (_, path) if is_for_peers(path) => refuse(Code::BadSignature),
            _ => refuse(Code::NotFound),
        }
    }

    async fn answer_signed<B: Unread>(&self, visitor: &Visitor, head: Parts, body: B) -> Response<Body> {
        // Announced too long: refused without reading it. What announces nothing is counted while it comes.
        if body.size_hint().lower() > u64::try_from(MAX_BODY_LEN).unwrap_or(u64::MAX) {
            return closing(refuse(Code::TooLarge)).unsigned();
        }
        let received = match ReceivedHead::parse(&head.method, &head.uri, &head.headers) {
            Ok(received) => received,
            Err(refusal) => return refused(&refusal, &head),
        };
        let key = match self.key(*received.key_id()).await {
            Ok(key) => key,
            Err(error) => {
                tracing::error!(code = %error.code, "A peer's key could not be read");
                return closing(refuse(Code::Unavailable)).unsigned();
            }
        };
        if key.is_none()
            && let Ok(Some(problem)) = self.word_for(received.key_id().to_string()).await
        {
            return closing(Answer::problem(&problem)).unsigned();
        }
        let now = self.now();
        let request_nonce = *received.nonce();
        let secret = key.as_ref().map(|key| key.secret.clone());
        let authentic = match received.verify(key, self.node_id(), now.0) {
            Ok(authentic) => authentic,
            Err(refusal) => {
                // Only the holder of the key acts upon the time; so it is signed with it.
                return match (&refusal, secret) {
                    (Refusal::ClockSkew { .. }, Some(secret)) => {
                        let answer = closing(Answer::problem(&refusal.problem()));
                        answer.signed(&secret, request_nonce, now.0)
                    }
                    _ => refused(&refusal, &head),
                };
            }
        };
        let Some(secret) = secret else {
            return refuse(Code::NotConnected).unsigned();
        };
        let peer = *authentic.peer();
        if !visitor.is_known(|| self.gates().connection(&peer)) {
            return closing(wait(Code::Unavailable)).signed(&secret, request_nonce, self.now().0);
        }
        let mut held = Held::default();
        let mut answer = self.answer_peer(&head, body, authentic, &mut held).await;
        held.memory = self.gates().memory(&peer, answer.bytes_in_memory());
        if held.memory.is_none() {
            answer = closing(wait(Code::Unavailable));
        }
        let answer = answer.signed(&secret, request_nonce, self.now().0);
        carrying(answer, held, &visitor.unsent)
    }

    /// What a peer asks whose head was believed: the body and the replay are still to be checked.
    async fn answer_peer<B: Unread>(
        &self,
        head: &Parts,
        body: B,
        authentic: crate::signature::AuthenticHead,
        held: &mut Held,
    ) -> Answer {
        match self.gates().peer(authentic.peer()) {
            Ok(room) => held.room = Some(room),
            Err(code) => return closing(wait(code)),
        }
        let body = match read_body(body, MAX_BODY_LEN, self.gates().limits().body).await {
            Ok(body) => body,
            Err(code) => return closing(refuse(code)),
        };
        let request = match authentic.with_body(&body) {
            Ok(request) => request,
            Err(refusal) => return Answer::problem(&refusal.problem()),
        };
        let from = HomeId::from(request.peer());
        let first = self
            .is_first_use(&from, request.key_id(), *request.nonce().as_bytes())
            .await;
        let verified = match first.map(|first| request.first_use(first)) {
            Ok(Ok(verified)) => verified,
            Ok(Err(refusal)) => return Answer::problem(&refusal.problem()),
            Err(error) => return failed(&error),
        };
        if verified.confirms {
            return match self.confirm_pairing(&verified.key_id).await {
                Ok(()) => {
                    self.wake(Some(&from));
                    Answer::done()
                }
                Err(error) => failed(&error),
            };
        }
        self.alive(&from);
        if head.method == Method::POST && head.uri.path() == ROTATE_PATH {
            return self.take_renewal(&from, &verified.key_id, &body).await;
        }
        self.answer_known(head, &from, &body, held).await
    }

    /// What a connected home asks.
    async fn answer_known(&self, head: &Parts, from: &HomeId, body: &[u8], held: &mut Held) -> Answer {
        let path = head.uri.path();
        match (&head.method, path) {
            (&Method::GET, HEALTH_PATH) => Answer::json(&self.with_standing(from, Pong::ok()).await),
            // The answer to the confirmation was lost, and it comes again.
            (&Method::POST, CONFIRM_PATH) => Answer::done(),
            (&Method::POST, INBOX_PATH) => {
                let content_type = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
                if content_type != Some(reception::CONTENT_TYPE.as_bytes()) {
                    return refuse(Code::Malformed);
                }
                match self.receive(from, body).await {
                    Ok(receipt) => Answer::json(&self.with_standing(from, receipt).await),
                    Err(problem) => Answer::problem(&problem),
                }
            }
            (&Method::GET, OUTBOX_PATH) => self.give_outbox(from, head.uri.query(), held).await,
            (&Method::POST, ACK_PATH) => {
                let content_type = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
                if content_type != Some(JSON.as_bytes()) {
                    return refuse(Code::Malformed);
                }
                self.take_acknowledgement(from, body).await
            }
            (&Method::POST, LATER_PATH) => {
                let content_type = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
                if content_type != Some(JSON.as_bytes()) {
                    return refuse(Code::Malformed);
                }
                self.take_later(from, body).await
            }
            (&Method::POST, DIGEST_PATH | RECALL_PATH | OFFER_PATH | GIVE_PATH) => {
                let content_type = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
                if content_type != Some(reconcile::CONTENT_TYPE.as_bytes()) {
                    return refuse(Code::Malformed);
                }
                let answered = match path {
                    DIGEST_PATH => self.digest(from, body).await,
                    RECALL_PATH => self.recalled(from, body).await,
                    OFFER_PATH => self.offered(from, body).await,
                    _ => self.given(from, body).await,
                };
                match answered {
                    Ok(body) => Answer::new(StatusCode::OK, reconcile::CONTENT_TYPE, body),
                    Err(problem) => Answer::problem(&problem),
                }
            }
            (&Method::GET, path) => match media_wanted(path, head.uri.query()) {
                Some((hash, variant)) => {
                    let range = head.headers.get(RANGE).and_then(|value| value.to_str().ok());
                    self.give_media(from, &hash, variant, range.and_then(RangeWanted::parse))
                        .await
                }
                None => refuse(Code::NotFound),
            },
            _ => refuse(Code::NotFound),
        }
    }

    /// The key of a connected home, or of a pairing that waits for its confirmation.
    async fn key(&self, key_id: KeyId) -> ApiResult<Option<PeerKey>> {
        let name = key_id.to_string();
        if let Some((peer, secret)) = self.pending_secret(&name) {
            return Ok(Some(PeerKey {
                peer,
                secret,
                pending: true,
            }));
        }
        let keys = self.keys().clone();
        self.db()
            .read(move |tx| {
                let Some(home) = pair_secret::home_of(tx, &name)? else {
                    return Ok(None);
                };
                let connected = home::get(tx, &home)?.is_some_and(|row| row.state == HomeRowState::Connected);
                let peer = home.as_str().parse().ok().filter(|_| connected);
                let Some(peer) = peer else { return Ok(None) };
                let secret: PairSecret = open_secret(tx, &keys, &name)?;
                Ok::<_, ApiError>(Some(PeerKey {
                    peer,
                    secret,
                    pending: false,
                }))
            })
            .await
    }

    /// Writes the nonce of a genuine request down, durably, before the request is acted upon.
    async fn is_first_use(&self, from: &HomeId, key_id: &KeyId, value: [u8; 16]) -> ApiResult<bool> {
        let (from, key_id, now) = (from.clone(), key_id.to_string(), self.now());
        let first = move |tx: &mut WriteTx<'_>| {
            let first = nonce::first_use(tx, &from, &value, now)?;
            if first {
                peer::touch(tx, &from, now)?;
                secret_received(tx, &from, &key_id, now)?;
            }
            Ok::<_, DbError>(first)
        };
        Ok(self.db().write(first).await?)
    }
}

fn is_for_peers(path: &str) -> bool {
    [
        INBOX_PATH,
        CONFIRM_PATH,
        OUTBOX_PATH,
        ACK_PATH,
        LATER_PATH,
        DIGEST_PATH,
        RECALL_PATH,
        OFFER_PATH,
        GIVE_PATH,
        ROTATE_PATH,
    ]
    .contains(&path)
        || path.starts_with(MEDIA_PATH)
}

pub(crate) fn media_wanted(path: &str, query: Option<&str>) -> Option<(hearth_api::MediaHash, Variant)> {
    let hash = path.strip_prefix(MEDIA_PATH)?.parse().ok()?;
    let variant = match query {
        None => Variant::Original,
        Some(query) => Variant::parse(query.strip_prefix("variant=")?)?,
    };
    Some((hash, variant))
}

fn refuse(code: Code) -> Answer {
    Answer::problem(&Problem::new(code))
}

/// There is too much of something now; a little later there may be room.
fn wait(code: Code) -> Answer {
    let mut problem = Problem::new(code);
    problem.retry_after_s = Some(1);
    Answer::problem(&problem)
}

/// A refusal before anything was believed; nothing is signed, and the unread body ends the connection.
fn refused(refusal: &Refusal, head: &Parts) -> Response<Body> {
    tracing::debug!(refusal = %refusal, method = %head.method, "Refused a request");
    closing(Answer::problem(&refusal.problem())).unsigned()
}

/// A fault of this home: nothing was acknowledged, and the peer comes again.
fn failed(error: &ApiError) -> Answer {
    let code = match error.code {
        hearth_api::Code::NotConnected => Code::NotConnected,
        hearth_api::Code::InviteUsed => Code::InviteUsed,
        hearth_api::Code::InviteExpired => Code::InviteExpired,
        _ => Code::Unavailable,
    };
    tracing::warn!(code = %error.code, "A request of another home failed here");
    refuse(code)
}

/// The rest of the request was not read, so the connection cannot go on.
fn closing(answer: Answer) -> Answer {
    answer.with_header(CONNECTION, HeaderValue::from_static("close"))
}

/// Reads a body, bounded in length and rate.
async fn read_body<B: Unread>(mut body: B, limit: usize, grace: Duration) -> Result<Vec<u8>, Code> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Code::TooLarge);
    }
    let mut all = BytesMut::new();
    let mut pace = Pace::begin(grace);
    loop {
        let frame = tokio::time::timeout_at(pace.deadline(), body.frame())
            .await
            .map_err(|_elapsed| Code::Unavailable)?;
        let Some(frame) = frame else {
            return Ok(all.to_vec());
        };
        let frame = frame.map_err(|_broken| Code::Malformed)?;
        if let Ok(data) = frame.into_data() {
            if all.len().saturating_add(data.len()) > limit {
                return Err(Code::TooLarge);
            }
            pace.came(data.len());
            all.extend_from_slice(&data);
        }
    }
}
