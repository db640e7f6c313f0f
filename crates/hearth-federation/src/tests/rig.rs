//! The homes of these tests: a database in a temporary folder, a listener on loopback, a clock that stands still, a
//! transport that can be told to fail, and rules that keep what they get in the database.

mod fakes;

pub(super) use fakes::Fault;
use fakes::{Files, Lossy, Notebook, Numbered, Seeded, StandingClock, list};

use crate::activity::{Activity, SignedActivity};
use crate::ids::{Epoch, RequestNonce};
use crate::keys::{NodeId, NodeKey};
use crate::keystore::KeyStore;
use crate::listener::ListenerLimits;
use crate::pairing_service::pair_secret_name;
use crate::sealed::MasterKey;
use crate::secret::PairSecret;
use crate::service::{Federation, Parts};
use crate::signature::{RequestSigner, sign_request};
use crate::testing::{CountingRng, node, person, uuid7};
use crate::transport::Transport as _;
use bytes::Bytes;
use hearth_api::feed::DeliveryState;
use hearth_api::ports::Clock as _;
use hearth_api::{ApiError, HomeId, Timestamp};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::peer::PeerRow;
use hearth_db::{Db, DbOptions, ReadTx, WriteTx, home, pair_secret, peer};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(super) const NOON: i64 = 1_795_305_600_000;
/// Far more than anything here takes: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder in memory where there is one, else where temporary files go: nothing here is about what a disk keeps.
fn quick_dir() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// Ends a test that would hang.
pub(super) async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_| panic!("{what}: nothing happened"))
}

struct Running {
    db: Db,
    federation: Federation,
    closed: CancellationToken,
    serving: JoinHandle<()>,
    address: SocketAddr,
}

/// One home.
pub(super) struct TestHome {
    number: u8,
    runs: u64,
    dir: tempfile::TempDir,
    pub(super) limits: ListenerLimits,
    pub(super) clock: Arc<StandingClock>,
    pub(super) way: Arc<Lossy>,
    pub(super) files: Arc<Files>,
    pub(super) rules: Arc<Notebook>,
    running: Option<Running>,
}

impl TestHome {
    pub(super) async fn new(number: u8) -> Self {
        Self::with_limits(number, ListenerLimits::default()).await
    }

    pub(super) async fn with_limits(number: u8, limits: ListenerLimits) -> Self {
        let mut home = Self {
            number,
            runs: 0,
            dir: quick_dir(),
            limits,
            clock: Arc::new(StandingClock(AtomicI64::new(NOON))),
            way: Arc::default(),
            files: Arc::default(),
            rules: Arc::default(),
            running: None,
        };
        home.start(SocketAddr::from(([127, 0, 0, 1], 0))).await;
        home
    }

    async fn start(&mut self, address: SocketAddr) {
        self.runs += 1;
        let path = self.dir.path().join("hearth.db");
        let options = DbOptions {
            readers: 2,
            cache_kib: 512,
        };
        let db = tokio::task::spawn_blocking(move || Db::open(&path, &options).unwrap())
            .await
            .unwrap();
        let seed = u64::from(self.number) * 1_000 + self.runs;
        let entropy = Arc::new(Seeded(Mutex::new(CountingRng::new(seed))));
        let keys = Arc::new(KeyStore::new(MasterKey::from_secret_bytes([9; 32]), entropy));
        let parts = Parts {
            db: db.clone(),
            clock: self.clock.clone(),
            ids: Arc::new(Numbered(AtomicU64::new(seed * 1_000_000))),
            keys,
            node_key: self.key(),
            program_version: "0.0.0".into(),
            apply: self.rules.clone(),
            media: self.files.clone(),
            transport: self.way.clone(),
        };
        let federation = Federation::with_limits(parts, self.limits).await.unwrap();
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let closed = CancellationToken::new();
        let serving = tokio::spawn(federation.clone().serve(listener, closed.clone()));
        self.running = Some(Running {
            db,
            federation,
            closed,
            serving,
            address,
        });
    }

    /// Takes the home off the network and closes its database.
    pub(super) async fn stop(&mut self) -> SocketAddr {
        let running = self.running.take().unwrap();
        running.closed.cancel();
        running.serving.await.unwrap();
        let db = running.db.clone();
        tokio::task::spawn_blocking(move || db.close()).await.unwrap();
        running.address
    }

    pub(super) async fn start_at(&mut self, address: SocketAddr) {
        self.start(address).await;
    }

    pub(super) async fn restart(&mut self) {
        let address = self.stop().await;
        self.start(address).await;
    }

    pub(super) fn key(&self) -> NodeKey {
        node(self.number)
    }

    pub(super) fn id(&self) -> HomeId {
        HomeId::from(&self.key().id())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn author(&self) -> Uuid {
        uuid7(u128::from(self.number))
    }

    pub(super) fn federation(&self) -> &Federation {
        &self.running.as_ref().unwrap().federation
    }

    pub(super) fn closed(&self) -> &CancellationToken {
        &self.running.as_ref().unwrap().closed
    }

    pub(super) fn db(&self) -> &Db {
        &self.running.as_ref().unwrap().db
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&ReadTx<'_>) -> T + Send + 'static,
    ) -> T {
        self.db().read(move |tx| Ok::<_, ApiError>(f(tx))).await.unwrap()
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut WriteTx<'_>) -> T + Send + 'static,
    ) -> T {
        self.db().write(move |tx| Ok::<_, ApiError>(f(tx))).await.unwrap()
    }

    /// What the rules were given, in order.
    pub(super) async fn got(&self) -> Vec<String> {
        self.read(list).await
    }

    /// Waits until this home got so many activities.
    pub(super) async fn got_at_least(&self, count: usize) -> Vec<String> {
        let mut changed = self.db().events_changed();
        in_time("activities", async {
            loop {
                let got = self.got().await;
                if got.len() >= count {
                    return got;
                }
                changed.changed().await.unwrap();
            }
        })
        .await
    }

    pub(super) async fn peer(&self, other: &HomeId) -> PeerRow {
        let other = other.clone();
        self.read(move |tx| peer::get(tx, &other).unwrap().unwrap()).await
    }

    pub(super) async fn change_peer(
        &self,
        other: &HomeId,
        change: impl FnOnce(&mut PeerRow) + Send + 'static,
    ) {
        let other = other.clone();
        self.write(move |tx| {
            let mut row = peer::get(tx, &other).unwrap().unwrap();
            change(&mut row);
            peer::put(tx, &row).unwrap();
        })
        .await;
    }

    pub(super) async fn waiting_for(&self, other: &HomeId) -> u64 {
        let other = other.clone();
        self.read(move |tx| hearth_db::peer_log::waiting(tx, &other).unwrap())
            .await
    }

    /// Where an own item stands at another home.
    pub(super) async fn state_of(&self, item: Uuid) -> Vec<(DeliveryState, Option<String>)> {
        let rows = self
            .read(move |tx| hearth_db::peer_log::delivery(tx, item).unwrap())
            .await;
        rows.into_iter().map(|row| (row.state, row.code)).collect()
    }

    /// Signs an activity of this home's person.
    pub(super) async fn sign(&self, number: u128, object: Value) -> SignedActivity {
        let (home, key, now) = (self.number, self.key(), self.clock.now());
        self.write(move |tx| signed(tx, home, &key, number, object, now))
            .await
    }

    /// Says many things at once; their items.
    pub(super) async fn say_all(&self, to: &HomeId, numbers: std::ops::RangeInclusive<u32>) -> Vec<Uuid> {
        let (home, key, now, to) = (self.number, self.key(), self.clock.now(), to.clone());
        let say = move |tx: &mut WriteTx<'_>, number: u32| {
            let object = json!({ "text": format!("post {number}") });
            let activity = signed(tx, home, &key, u128::from(number), object, now);
            let item = item_of(activity.activity().id);
            crate::log::append(tx, std::slice::from_ref(&to), &activity, Some(item), now).unwrap();
            item
        };
        self.write(move |tx| numbers.map(|number| say(tx, number)).collect())
            .await
    }

    pub(super) async fn append(&self, to: &HomeId, activity: &SignedActivity) -> Uuid {
        let item = item_of(activity.activity().id);
        let (to, activity, now) = (to.clone(), activity.clone(), self.clock.now());
        self.write(move |tx| crate::log::append(tx, &[to], &activity, Some(item), now).unwrap())
            .await;
        item
    }

    /// Says something to another home; the item whose delivery can be followed.
    pub(super) async fn say(&self, to: &HomeId, number: u128, text: &str) -> Uuid {
        let activity = self.sign(number, json!({ "text": text })).await;
        self.append(to, &activity).await
    }

    /// A request signed by hand, as this home would sign it, or nearly so.
    pub(super) fn request(&self, to: &Self, body: &[u8], change: impl FnOnce(&mut Draft)) -> Request<Bytes> {
        let mut draft = Draft {
            method: if body.is_empty() {
                Method::GET
            } else {
                Method::POST
            },
            target: if body.is_empty() {
                crate::listener::HEALTH_PATH
            } else {
                crate::listener::INBOX_PATH
            }
            .into(),
            content_type: crate::reception::CONTENT_TYPE,
            destination: to.key().id(),
            secret: secret_of(self, to),
            created_s: self.clock.now().0 / 1000,
            nonce: RequestNonce::generate(&mut self.federation().keys().rng()),
        };
        change(&mut draft);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(draft.content_type));
        let uri = draft.target.parse().unwrap();
        let signer = RequestSigner {
            secret: &draft.secret,
            destination: &draft.destination,
            created_s: draft.created_s,
            nonce: draft.nonce,
        };
        sign_request(&signer, &draft.method, &uri, &mut headers, body).unwrap();
        let mut request = Request::new(Bytes::copy_from_slice(body));
        *request.method_mut() = draft.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request
    }

    /// Sends a request as it is.
    pub(super) async fn send(&self, to: &Self, request: Request<Bytes>) -> Response<Bytes> {
        let address = to.address().to_string().parse().unwrap();
        self.way.send(&to.key().id(), &address, request).await.unwrap()
    }

    /// The epoch of this home.
    pub(super) fn epoch(&self) -> Epoch {
        self.federation().lives().epoch
    }

    /// The epoch of this home's log for another.
    pub(super) async fn epoch_for(&self, other: &HomeId) -> Epoch {
        self.federation().life_with(other).await.unwrap().epoch
    }
}

pub(super) struct Draft {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) content_type: &'static str,
    pub(super) destination: NodeId,
    pub(super) secret: PairSecret,
    pub(super) created_s: i64,
    pub(super) nonce: RequestNonce,
}

fn signed(
    tx: &mut WriteTx<'_>,
    home: u8,
    key: &NodeKey,
    number: u128,
    object: Value,
    now: Timestamp,
) -> SignedActivity {
    let at = crate::log::stamp(tx, &key.id(), now).unwrap();
    let id = uuid7(u128::from(home) << 32 | number);
    let author = uuid7(u128::from(home));
    let mut activity = Activity::new(id, "post.put", author, key.id(), at, object);
    activity.post = Some(item_of(id));
    SignedActivity::by_person(activity, &person(home)).unwrap()
}

/// The item that an activity is about.
pub(super) fn item_of(activity: Uuid) -> Uuid {
    Uuid::from_u128(activity.as_u128() | 1 << 48)
}

/// The secret of a pair of test homes.
pub(super) fn secret_of(one: &TestHome, other: &TestHome) -> PairSecret {
    let (low, high) = (one.number.min(other.number), one.number.max(other.number));
    let mut bytes = [low; 32];
    bytes[0] = high;
    PairSecret::from_secret_bytes(bytes)
}

/// Connects two homes, each side as the pairing would.
pub(super) async fn pair(one: &TestHome, other: &TestHome) {
    let secret = secret_of(one, other);
    for (here, there) in [(one, other), (other, one)] {
        let (id, now) = (there.id(), here.clock.now());
        let address = there.address().to_string();
        let (keys, secret) = (here.federation().keys().clone(), secret.clone());
        here.write(move |tx| {
            let row = HomeRow {
                id: id.clone(),
                name: "Other".into(),
                nickname: String::new(),
                state: HomeRowState::Connected,
            };
            home::put(tx, &row).unwrap();
            peer::put(tx, &PeerRow::new(id.clone(), vec![address], now)).unwrap();
            let key_id = secret.key_id().to_string();
            pair_secret::insert(tx, &key_id, &id, now).unwrap();
            keys.put(tx, &pair_secret_name(&key_id), &*secret.to_secret_bytes())
                .unwrap();
        })
        .await;
    }
}

/// Two homes, connected.
pub(super) async fn two() -> (TestHome, TestHome) {
    let (anna, ben) = (TestHome::new(1).await, TestHome::new(2).await);
    pair(&anna, &ben).await;
    (anna, ben)
}

/// The stable code of a refusal.
pub(super) fn code_of(answer: &Response<Bytes>) -> String {
    let problem: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    problem["code"].as_str().unwrap_or_default().to_owned()
}
