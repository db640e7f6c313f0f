//! The parts of a test home that are not real: clock, randomness, ids, the faults of the way, the rules, the files.

use crate::activity::{SignedActivity, UnverifiedActivity};
use crate::address::Address;
use crate::apply::{Apply, Verdict};
use crate::keys::{Kid, NodeId, PersonPublicKey};
use crate::media::MediaSource;
use crate::testing::{CountingRng, person, uuid7};
use crate::transport::{AnswerBody, BoxFuture, TlsTransport, Transport, TransportError};
use bytes::Bytes;
use hearth_api::feed::DeliveryState;
use hearth_api::media::Variant;
use hearth_api::notify::HomeChange;
use hearth_api::ports::{Clock, Entropy, Ids};
use hearth_api::{ApiError, ApiResult, Code, HomeId, MediaHash, Timestamp};
use hearth_db::{ReadTx, Wake, WriteTx, meta};
use http::{Request, Response};
use rand::Rng as _;
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

pub(in crate::tests) struct StandingClock(pub(super) AtomicI64);

impl StandingClock {
    pub(in crate::tests) fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub(super) struct Seeded(pub(super) Mutex<CountingRng>);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(buffer);
    }
}

pub(super) struct Numbered(pub(super) AtomicU64);

impl Ids for Numbered {
    fn uuid(&self) -> Uuid {
        uuid7(u128::from(self.0.fetch_add(1, Ordering::SeqCst)))
    }
}

/// A change of something on the way.
type Change<T> = Box<dyn FnOnce(&mut T) + Send>;

/// What happens to one request or its answer on the way.
pub(in crate::tests) enum Fault {
    /// The request arrives, its answer does not.
    LoseAnswer,
    /// The body of the answer breaks off after so many bytes.
    Cut(usize),
    /// The request is changed.
    Request(Change<Request<Bytes>>),
    /// The answer is changed.
    Answer(Change<Response<Bytes>>),
}

/// The real transport with faults, and a memory of what was sent.
#[derive(Default)]
pub(in crate::tests) struct Lossy {
    pub(in crate::tests) real: TlsTransport,
    faults: Mutex<VecDeque<Fault>>,
    pub(in crate::tests) sent: Mutex<Vec<(NodeId, Address, Request<Bytes>)>>,
}

impl Lossy {
    pub(in crate::tests) fn next(&self, fault: Fault) {
        self.faults.lock().unwrap().push_back(fault);
    }

    pub(in crate::tests) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// How many of them went to a path.
    pub(in crate::tests) fn count_to(&self, path: &str) -> usize {
        let sent = self.sent.lock().unwrap();
        sent.iter()
            .filter(|(_, _, request)| request.uri().path() == path)
            .count()
    }

    /// Sends the very same bytes once more, whatever the layers above think of it.
    pub(in crate::tests) async fn repeat(&self, number: usize) -> Response<Bytes> {
        let (node, address, request) = self.sent.lock().unwrap()[number].clone();
        self.real.send(&node, &address, request).await.unwrap()
    }
}

impl Transport for Lossy {
    fn open<'a>(
        &'a self,
        node: &'a NodeId,
        address: &'a Address,
        mut request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async move {
            let fault = self.faults.lock().unwrap().pop_front();
            self.sent
                .lock()
                .unwrap()
                .push((*node, address.clone(), request.clone()));
            let mut change = None;
            let mut lose = false;
            let mut cut = None;
            match fault {
                None => return self.real.open(node, address, request).await,
                Some(Fault::LoseAnswer) => lose = true,
                Some(Fault::Cut(after)) => cut = Some(after),
                Some(Fault::Request(changed)) => changed(&mut request),
                Some(Fault::Answer(changed)) => change = Some(changed),
            }
            let mut answer = self.real.send(node, address, request).await?;
            if lose {
                return Err(TransportError::Broken { reused: false });
            }
            if let Some(change) = change {
                change(&mut answer);
            }
            if let Some(after) = cut {
                return Ok(answer.map(|body| AnswerBody::cut(body.slice(..after.min(body.len())))));
            }
            Ok(answer.map(AnswerBody::from))
        })
    }

    fn forget(&self, node: Option<&NodeId>) {
        self.real.forget(node);
    }
}

/// Rules that write down, in the transaction, what they were given.
#[derive(Default)]
pub(in crate::tests) struct Notebook {
    /// The storage "fails" at this text, once.
    pub(in crate::tests) fail_at: Mutex<Option<String>>,
}

const GOT: &str = "got";

pub(super) fn list(tx: &ReadTx<'_>) -> Vec<String> {
    meta::get(tx, GOT)
        .unwrap()
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap_or_default()
}

impl Apply for Notebook {
    fn author_key(
        &self,
        _tx: &ReadTx<'_>,
        activity: &UnverifiedActivity,
    ) -> ApiResult<Result<PersonPublicKey, Code>> {
        let Kid::Person(puid) = activity.kid() else {
            return Ok(Err(Code::BadSignature));
        };
        let number = (1..10_u8).find(|number| uuid7(u128::from(*number)) == *puid);
        Ok(number
            .map(|number| person(number).public())
            .ok_or(Code::BadSignature))
    }

    fn apply(
        &self,
        tx: &mut WriteTx<'_>,
        _from: &HomeId,
        activity: &SignedActivity,
        _now: Timestamp,
    ) -> ApiResult<Verdict> {
        let said = activity.activity();
        if hearth_db::peer_log::activity(tx, activity.key())?.is_some() {
            return Ok(Verdict::Duplicate);
        }
        let object = &said.object;
        let text = object["text"].as_str().unwrap_or_default();
        let mut fail_at = self.fail_at.lock().unwrap();
        let mut all = list(tx);
        all.push(text.to_owned());
        // Written before deciding: what is refused must be undone by the caller.
        meta::set(tx, GOT, &serde_json::to_string(&all).unwrap())?;
        if fail_at.as_deref() == Some(text) {
            *fail_at = None;
            return Err(ApiError::new(Code::StorageError, "The disk is gone."));
        }
        drop(fail_at);
        if object["refuse"].as_bool() == Some(true) {
            return Ok(Verdict::Refused(Code::NotAuthorised));
        }
        if let Some(on) = object["on"].as_str()
            && meta::get(tx, &format!("has:{on}"))?.is_none()
        {
            return Ok(Verdict::Waiting {
                on: on.parse().unwrap(),
            });
        }
        if object["refuse_then"].as_bool() == Some(true) {
            return Ok(Verdict::Refused(Code::CommentsOff));
        }
        if let Some(post) = activity.activity().post {
            meta::set(tx, &format!("has:{post}"), "")?;
        }
        tx.wake(Wake::Events);
        Ok(Verdict::Applied)
    }

    fn settled(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        item: Uuid,
        state: DeliveryState,
        code: Option<&str>,
        _now: Timestamp,
    ) -> ApiResult<()> {
        tx.wake(Wake::Events);
        Ok(meta::set(
            tx,
            &format!("settled:{home}:{item}"),
            &format!("{state:?} {code:?}"),
        )?)
    }

    fn connected(&self, _tx: &mut WriteTx<'_>, _home: &HomeId, _now: Timestamp) -> ApiResult<()> {
        Ok(())
    }

    fn narrowed(&self, tx: &mut WriteTx<'_>, home: &HomeId, _now: Timestamp) -> ApiResult<()> {
        Ok(meta::set(tx, &format!("narrowed:{home}"), "")?)
    }

    fn disconnected(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        why: HomeChange,
        _now: Timestamp,
    ) -> ApiResult<()> {
        Ok(meta::set(tx, &format!("gone:{home}"), why.as_str())?)
    }
}

/// A file, and the homes that may have it.
type Kept = (Vec<u8>, Vec<HomeId>);

/// Files in memory.
#[derive(Default)]
pub(in crate::tests) struct Files(pub(in crate::tests) Mutex<HashMap<(MediaHash, Variant), Kept>>);

impl MediaSource for Files {
    fn open_for_peer<'a>(
        &'a self,
        home: &'a HomeId,
        hash: &'a MediaHash,
        variant: Variant,
    ) -> BoxFuture<'a, ApiResult<Option<(File, u64)>>> {
        Box::pin(async move {
            let files = self.0.lock().unwrap();
            let Some((bytes, _)) = files
                .get(&(hash.clone(), variant))
                .filter(|(_, who)| who.contains(home))
            else {
                return Ok(None);
            };
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            Ok(Some((file, u64::try_from(bytes.len()).unwrap())))
        })
    }
}
