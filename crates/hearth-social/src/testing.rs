//! Homes for the unit tests: named people in a temporary folder, a clock that stands still, ids in sequence, reproducible
//! "randomness". Nothing is delivered by itself: [`outgoing`] shows what waits for another home.

use crate::{ClientInfo, Parts, Social, Viewer};
use hearth_api::account::{AcceptAccountInvite, CreateAccountInvite, Role};
use hearth_api::app::{CreateHome, NewAccount};
use hearth_api::ports::{Clock, Entropy, Ids};
use hearth_api::{ApiResult, Date, HomeId, PersonId, Timestamp};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::{Db, DbError, DbOptions, ReadTx, WriteTx, home, peer_log, person};
use hearth_federation::activity::{SignedActivity, UnverifiedActivity};
use hearth_federation::keystore::KeyStore;
use hearth_federation::sealed::MasterKey;
use hearth_media::blob::BlobStore;
use hearth_media::upload::Uploads;
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;

/// When every test begins: 22 November 2026, midnight UTC.
pub(crate) const START: Timestamp = Timestamp(1_795_305_600_000);
/// The password of everybody.
pub(crate) const PASSWORD: &str = "seven brown otters";

/// A clock that moves when told.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
    pub(crate) fn advance_secs(&self, secs: i64) {
        self.advance_ms(secs * 1000);
    }
    pub(crate) fn advance_days(&self, days: i64) {
        self.advance_secs(days * 86_400);
    }
}
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// UUIDv7s in sequence, those of two homes never equal.
struct SequentialIds {
    home: u8,
    next: AtomicU64,
}
impl Ids for SequentialIds {
    fn uuid(&self) -> Uuid {
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        let mut tail = [self.home; 10];
        tail[2..].copy_from_slice(&n.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(START.0.unsigned_abs() + n, &tail).into_uuid()
    }
}

/// SHA-256 of a name and a counter.
struct SeededEntropy {
    seed: String,
    counter: AtomicU64,
}
impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let n = self.counter.fetch_add(1, Ordering::SeqCst);
            let block = Sha256::digest(format!("{} {n}", self.seed));
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A home with people.
pub(crate) struct Home {
    pub(crate) social: Social,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) id: HomeId,
    people: Mutex<Vec<(String, Viewer)>>,
    _dir: TempDir,
}

impl Home {
    /// A home that nobody has set up.
    pub(crate) async fn empty(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock(AtomicI64::new(START.0)));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy {
            seed: name.to_owned(),
            counter: AtomicU64::new(0),
        });
        let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
        let keys = Arc::new(KeyStore::new(
            MasterKey::from_secret_bytes([7; 32]),
            Arc::clone(&entropy),
        ));
        let node = {
            let keys = Arc::clone(&keys);
            db.write(move |tx| keys.node_or_new(tx)).await.unwrap().id()
        };
        let social = Social::new(Parts {
            db,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: Arc::new(SequentialIds {
                home: node.as_bytes()[0],
                next: AtomicU64::new(1),
            }),
            entropy,
            keys,
            blobs: Arc::new(BlobStore::open(dir.path().join("media")).unwrap()),
            uploads: Arc::new(Uploads::open(dir.path().join("uploads")).unwrap()),
            node,
        })
        .with_fast_passwords();
        Self {
            social,
            clock,
            id: HomeId::from(&node),
            people: Mutex::default(),
            _dir: dir,
        }
    }

    /// A home with these people; the first is its owner. Sign-in names are the names in lower case.
    pub(crate) async fn of(name: &str, people: &[&str]) -> Self {
        let home = Self::empty(name).await;
        let (owner, others) = people.split_first().expect("a home has an owner");
        let request = CreateHome {
            home_name: name.to_owned(),
            owner: new_account(owner),
        };
        let (me, _) = home.social.create_home(request, &client()).await.unwrap();
        home.remember(
            owner,
            Viewer {
                person: me.person.id,
                role: me.role,
                session: me.session,
            },
        );
        for other in others {
            home.join(other).await;
        }
        home
    }

    /// Somebody moves in as a member.
    pub(crate) async fn join(&self, name: &str) -> Viewer {
        let owner = self.people.lock().unwrap()[0].1;
        let request = CreateAccountInvite {
            days: 7,
            role: Role::Member,
            note: String::new(),
        };
        let code = self
            .social
            .create_account_invite(&owner, request)
            .await
            .unwrap()
            .code;
        let request = AcceptAccountInvite {
            code,
            account: new_account(name),
            device: None,
        };
        let (me, _) = self
            .social
            .accept_account_invite(request, &client())
            .await
            .unwrap();
        let viewer = Viewer {
            person: me.person.id,
            role: me.role,
            session: me.session,
        };
        self.remember(name, viewer);
        viewer
    }

    fn remember(&self, name: &str, viewer: Viewer) {
        self.people.lock().unwrap().push((name.to_owned(), viewer));
    }

    /// One of the people, signed in.
    pub(crate) fn person(&self, name: &str) -> Viewer {
        let people = self.people.lock().unwrap();
        people
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
            .1
    }

    /// Reads in the home's database.
    pub(crate) fn read<T>(&self, f: impl FnOnce(&ReadTx<'_>) -> Result<T, DbError>) -> T {
        self.social.db().read_blocking(f).unwrap()
    }

    /// Writes in the home's database.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut WriteTx<'_>) -> ApiResult<T> + Send + 'static,
    ) -> T {
        self.social.db().write(f).await.unwrap()
    }
}

/// A first account's data.
pub(crate) fn new_account(name: &str) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        username: name.to_lowercase(),
        password: PASSWORD.to_owned(),
        birth_date: Date::new(1990, 5, 17).unwrap(),
        language: None,
    }
}

/// The client that everybody uses.
pub(crate) fn client() -> ClientInfo {
    ClientInfo {
        device: "Test window".to_owned(),
        address: String::new(),
        paired: None,
    }
}

/// Connects two homes, as pairing would.
pub(crate) async fn connect(a: &Home, b: &Home) {
    for (here, there) in [(a, b), (b, a)] {
        let name = there.read(home::own).map_or_else(String::new, |row| row.name);
        let id = there.id.clone();
        here.write(move |tx| {
            let row = HomeRow {
                id,
                name,
                nickname: String::new(),
                state: HomeRowState::Connected,
            };
            Ok(home::put(tx, &row)?)
        })
        .await;
    }
}

/// Makes somebody of one home known on another, as their home's word would.
pub(crate) async fn introduce(from: &Home, who: PersonId, to: &Home) {
    let mut row = from
        .read(|tx| person::get(tx, who))
        .expect("a person of that home");
    row.hlc = String::new();
    to.write(move |tx| Ok(person::put(tx, &row)?)).await;
}

/// What waits at a home for another, in order.
pub(crate) fn outgoing(from: &Home, to: &Home) -> Vec<SignedActivity> {
    let rows = from.read(|tx| peer_log::rows(tx, &to.id, 0, 1000));
    rows.iter()
        .map(|row| UnverifiedActivity::parse(&row.jws).unwrap().trust_stored())
        .collect()
}
