//! Calling a peer: signs when sending, believes only signed answers, learns the peer's clock.
//!
//! Each address of the peer is tried in turn until one gives an answer that the peer signed; whatever else answers there (a
//! proxy's error page, another machine) counts as no answer. Each try is signed anew with a fresh nonce: the peer refuses to
//! see one twice, and everything that is asked for may be asked for again.
//!
//! A difference of the clocks is believed only when the peer signed it: an unsigned one would let a stranger make this home
//! sign requests for another day.
//!
//! A home that was put back from an older copy may lack the newest secret, or have only that. So who does not know the one that signs is
//! asked with the others that are still accepted here, and the one that it answered with signs from then on.
//!
//! Not here: when to call, and what (delivery, media).

mod known;
mod notes;

pub(crate) use known::Known;
pub(crate) use notes::note_success;

use crate::address::Address;
use crate::delivery::{Pong, Told};
use crate::ids::RequestNonce;
use crate::parting::{self, read_word};
use crate::problem::{Code, MAX_PROBLEM_LEN, Problem};
use crate::secret::PairSecret;
use crate::service::Federation;
use crate::signature::{ContentDigest, RequestSigner, sign_request, verify_answer};
use crate::transport::{AnswerBody, TransportError};
use bytes::Bytes;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiError, HomeId, Timestamp};
use http::header::{CONTENT_TYPE, RANGE};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};

/// The first second of the year 10000: a clock that tells a later one is not followed, as no request could be dated by it.
const LATEST_S: i64 = 253_402_300_800;
/// Differences of the clocks below this are not told from the way that an answer takes.
const CLOCKS_AGREE_MS: u64 = 5_000;
/// How long a call may take for its answer to tell the peer's clock: who slept meanwhile reads an old answer.
const MEASURED_WITHIN_MS: i64 = 30_000;
/// Tries at one address, as idle connections may turn out to be closed.
const MAX_TRIES: u32 = 4;

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The home is not connected (any more).
    #[error("the home is not connected")]
    NotConnected,
    /// No address of the home is known that could be called.
    #[error("no address of the home is known")]
    NoAddress,
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Something answered, but not provably the home.
    #[error("the answer is not signed by the home")]
    Unsigned(Option<Code>),
    /// The home answered that it will not.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// The home's answer makes no sense.
    #[error("the home's answer cannot be read")]
    Nonsense,
    /// The peer ended the connection, in its own signed word; the names of the secrets that it ended.
    #[error("the other home ended the connection")]
    Parted(Vec<String>, HomeChange),
    /// Reading or writing this home's own database failed.
    #[error("this home's own storage failed")]
    Local(#[source] ApiError),
}

impl From<ApiError> for CallError {
    fn from(error: ApiError) -> Self {
        Self::Local(error)
    }
}

impl From<hearth_db::DbError> for CallError {
    fn from(error: hearth_db::DbError) -> Self {
        Self::Local(error.into())
    }
}

impl CallError {
    /// A stable code for the health page.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConnected | Self::Parted(..) => "not_connected",
            Self::NoAddress => "no_address",
            Self::Transport(error) => error.code(),
            Self::Unsigned(Some(code)) => code.as_str(),
            Self::Unsigned(None) => "bad_signature",
            Self::Refused(problem) => problem.code.as_str(),
            Self::Nonsense => "malformed",
            Self::Local(_) => "storage_error",
        }
    }

    /// Whether the request may have reached the home, though no answer did. False only when that is certain.
    pub(crate) const fn may_have_arrived(&self) -> bool {
        match self {
            Self::NotConnected | Self::NoAddress | Self::Local(_) | Self::Parted(..) => false,
            Self::Transport(error) => error.may_have_arrived(),
            Self::Unsigned(_) | Self::Refused(_) | Self::Nonsense => true,
        }
    }

    /// Whether another address might do better.
    const fn may_be_the_address(&self) -> bool {
        matches!(self, Self::Transport(_) | Self::Unsigned(_))
    }
}

/// What is asked of a peer.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) target: Uri,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Bytes,
    /// From which byte on a file is asked for; 0 for all of it.
    pub(crate) first_byte: u64,
}

impl Call {
    pub(crate) fn get(target: Uri) -> Self {
        Self {
            method: Method::GET,
            target,
            content_type: None,
            body: Bytes::new(),
            first_byte: 0,
        }
    }

    /// The rest of a file, from a byte on.
    pub(crate) fn get_from(target: Uri, first_byte: u64) -> Self {
        Self {
            first_byte,
            ..Self::get(target)
        }
    }

    pub(crate) fn post(target: Uri, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            method: Method::POST,
            target,
            content_type: Some(content_type),
            body: body.into(),
            first_byte: 0,
        }
    }
}

/// An answer whose head the peer signed. Its body is to be compared with the digest.
#[derive(Debug)]
pub(crate) struct SignedAnswer {
    pub(crate) status: StatusCode,
    pub(crate) digest: ContentDigest,
    /// The peer's clock when it signed, Unix seconds.
    pub(crate) created_s: i64,
    pub(crate) body: AnswerBody,
}

impl SignedAnswer {
    /// The whole body, checked.
    pub(crate) async fn collect(self, limit: usize) -> Result<Bytes, CallError> {
        let body = self.body.collect(limit).await?;
        if !self.digest.matches(&body) {
            return Err(CallError::Unsigned(None));
        }
        Ok(body)
    }
}

/// How a call went, and with which of the secrets: the number of the last one that was tried, from 0.
struct Tried {
    with: usize,
    answer: Result<SignedAnswer, CallError>,
}

impl Federation {
    /// Calls a peer. When nothing of it answers, that is noted, with the time of the next try; that it did what was
    /// asked is for the caller to note.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) async fn call(&self, to: &HomeId, call: Call) -> Result<SignedAnswer, CallError> {
        let known = self.known(to).await?;
        self.call_by(&known, call).await
    }

    /// As [`Federation::call`], by what is known of the peer.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) async fn call_by(&self, known: &Known, call: Call) -> Result<SignedAnswer, CallError> {
        let to = &known.row.home;
        let mut began = self.now();
        let mut offset_ms = known.row.clock_offset_ms;
        let mut tried = self.call_addresses(known, &call, offset_ms, 0).await;
        if let Err(CallError::Refused(Problem {
            code: Code::ClockSkew,
            own_time_s: Some(their_time_s),
            ..
        })) = &tried.answer
            && (0..LATEST_S).contains(their_time_s)
        {
            began = self.now();
            offset_ms = their_time_s.saturating_mul(1000).saturating_sub(began.0);
            tracing::info!(home = %to, offset_ms, "The clock of another home differs");
            self.note_offset(to, offset_ms).await?;
            tried = self.call_addresses(known, &call, offset_ms, tried.with).await;
        }
        let Tried {
            with,
            answer: answered,
        } = tried;
        if let Ok(answer) = &answered {
            self.measure_clock(to, offset_ms, began, answer.created_s).await?;
        }
        if let Err(CallError::Parted(keys, why)) = answered {
            self.has_parted(to, keys, why).await?;
            return Err(CallError::NotConnected);
        }
        match &answered {
            // Also who refuses is there.
            Ok(_) | Err(CallError::Refused(_)) => {
                self.call_succeeded(to);
                if let Some(secret) = known.nth(with).filter(|_| with > 0 || !known.is_seen) {
                    let key_id = secret.key_id().to_string();
                    self.secret_answered(to, key_id, known.names_before(with)).await?;
                }
            }
            Err(CallError::Local(_)) => {}
            Err(error) => {
                self.call_failed(to);
                self.note_failure(to, error.code()).await?;
            }
        }
        answered
    }

    /// Learns the difference of the clocks from when a peer signed an answer: one below five minutes is never refused, and is told
    /// all the same. `offset_ms` is what is known of it.
    async fn measure_clock(
        &self,
        to: &HomeId,
        offset_ms: i64,
        began: Timestamp,
        created_s: i64,
    ) -> Result<(), CallError> {
        let now = self.now();
        if !(0..=MEASURED_WITHIN_MS).contains(&now.ms_since(began)) || !(0..LATEST_S).contains(&created_s) {
            return Ok(());
        }
        // The second in which it was signed, in the middle.
        let measured_ms = created_s
            .saturating_mul(1000)
            .saturating_add(500)
            .saturating_sub(now.0);
        if measured_ms.abs_diff(offset_ms) < CLOCKS_AGREE_MS || !self.signals().peer(to).way.measures(now) {
            return Ok(());
        }
        tracing::info!(home = %to, offset_ms = measured_ms, "The clock of another home differs");
        self.note_offset(to, measured_ms).await
    }

    /// Asks whether a peer is there.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) async fn ping(&self, to: &HomeId) -> Result<(), CallError> {
        let call = Call::get(Uri::from_static(crate::listener::HEALTH_PATH));
        let answered = match self.call(to, call).await {
            Ok(answer) => answer.collect(MAX_PROBLEM_LEN).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(body) => {
                // An older node says less, and that is fine.
                if let Ok(pong) = serde_json::from_slice::<Told<Pong>>(&body) {
                    self.told_by(to, pong.standing);
                }
                self.note_life(to).await
            }
            Err(error @ CallError::Local(_)) => Err(error),
            Err(error) => {
                self.note_failure(to, error.code()).await?;
                Err(error)
            }
        }
    }

    /// Calls a peer at its addresses, by what is known of it.
    pub(crate) async fn call_known(&self, known: &Known, call: &Call) -> Result<SignedAnswer, CallError> {
        let tried = self.call_addresses(known, call, known.row.clock_offset_ms, 0);
        tried.await.answer
    }

    /// Each address in turn, beginning with the secret of number `first`.
    async fn call_addresses(&self, known: &Known, call: &Call, offset_ms: i64, first: usize) -> Tried {
        let mut last = Tried {
            with: first,
            answer: Err(CallError::NoAddress),
        };
        for address in known
            .row
            .addresses
            .iter()
            .filter_map(|text| text.parse::<Address>().ok())
        {
            let tried = self.call_address(known, &address, call, offset_ms, first).await;
            match &tried.answer {
                Err(error) if error.may_be_the_address() => {
                    tracing::debug!(home = %known.row.home, error = %error, "An address brought nothing");
                    let before = last.answer.as_ref().err();
                    // That a request may have arrived is the thing to know.
                    if error.may_have_arrived() || !before.is_some_and(CallError::may_have_arrived) {
                        last = tried;
                    }
                }
                _ => return tried,
            }
        }
        last
    }

    /// One address. Who answers that it does not know a secret is asked with the next one: the peer may have been put back to before
    /// it was agreed on. Whatever that answer says, nothing is believed but what is signed with a secret that is not destroyed.
    async fn call_address(
        &self,
        known: &Known,
        address: &Address,
        call: &Call,
        offset_ms: i64,
        first: usize,
    ) -> Tried {
        let mut with = first;
        let mut answer = Err(CallError::NotConnected);
        while let Some(secret) = known.nth(with) {
            answer = self.call_one(known, secret, address, call, offset_ms).await;
            let is_unknown = matches!(answer, Err(CallError::Unsigned(Some(Code::NotConnected))));
            if !is_unknown || known.nth(with + 1).is_none() {
                break;
            }
            with += 1;
        }
        Tried { with, answer }
    }

    /// One address and secret; once more if an idle connection turned out to be closed.
    async fn call_one(
        &self,
        known: &Known,
        secret: &PairSecret,
        address: &Address,
        call: &Call,
        offset_ms: i64,
    ) -> Result<SignedAnswer, CallError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let nonce = RequestNonce::generate(&mut self.keys().rng());
            let request = self.signed(known, secret, call, nonce, offset_ms)?;
            match self.transport().open(&known.node, address, request).await {
                Ok(answer) => {
                    let (head, body) = answer.into_parts();
                    return believe(known, secret, &nonce, head.status, &head.headers, body).await;
                }
                Err(TransportError::Broken { reused: true }) if tries < MAX_TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn signed(
        &self,
        known: &Known,
        secret: &PairSecret,
        call: &Call,
        nonce: RequestNonce,
        offset_ms: i64,
    ) -> Result<Request<Bytes>, CallError> {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = call.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let signer = RequestSigner {
            secret,
            destination: &known.node,
            created_s: self.now().0.saturating_add(offset_ms).div_euclid(1000),
            nonce,
        };
        let unwritable = |_error| CallError::Transport(TransportError::BadRequest);
        let unsendable = |_error| CallError::Transport(TransportError::BadRequest);
        sign_request(&signer, &call.method, &call.target, &mut headers, &call.body).map_err(unsendable)?;
        if call.first_byte > 0 {
            headers.insert(
                RANGE,
                HeaderValue::try_from(format!("bytes={}-", call.first_byte)).map_err(unwritable)?,
            );
        }
        let mut request = Request::new(call.body.clone());
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = call.target.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// Checks that the peer signed this answer to this request. A refusal is read and becomes the error.
async fn believe(
    known: &Known,
    secret: &PairSecret,
    nonce: &RequestNonce,
    status: StatusCode,
    headers: &HeaderMap,
    body: AnswerBody,
) -> Result<SignedAnswer, CallError> {
    let signed = verify_answer(secret, nonce, status, headers);
    let signed = match signed {
        Ok(signed) => signed,
        Err(refusal) => {
            // Not believed, but for what the peer signed itself; its code is worth showing all the same.
            let problem = match body.collect(MAX_PROBLEM_LEN).await {
                Ok(text) if !status.is_success() => Problem::from_body(&text),
                _ => None,
            };
            let word = problem.as_ref().and_then(|problem| problem.parting.as_deref());
            let key_id = secret.key_id().to_string();
            if let Some((word, keys)) = word.and_then(|word| read_word(word, &known.node, &key_id)) {
                return Err(CallError::Parted(keys, parting::why(word.activity())));
            }
            let code = problem.map(|problem| problem.code);
            tracing::debug!(home = %known.row.home, status = status.as_u16(), refusal = %refusal, "Not a signed answer");
            return Err(CallError::Unsigned(code));
        }
    };
    let answer = SignedAnswer {
        status,
        digest: signed.digest,
        created_s: signed.created_s,
        body,
    };
    if status.is_success() {
        return Ok(answer);
    }
    let text = answer.collect(MAX_PROBLEM_LEN).await?;
    Err(Problem::from_body(&text).map_or(CallError::Nonsense, CallError::Refused))
}
