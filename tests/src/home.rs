//! A home of a test: a real node in a temporary folder, with a real listener for other homes.

mod options;

pub use options::{HomeOptions, Way};

use crate::PASSWORD;
use crate::person::TestPerson;
use crate::time::{Nowhere, Seed, WorldClock};
use hearth_api::account::{AcceptAccountInvite, CreateAccountInvite, Role};
use hearth_api::app::{CreateHome, NewAccount};
use hearth_api::feed::DeliveryState;
use hearth_api::{ApiResult, Date, HomeId};
use hearth_db::{Db, DbError, DbOptions, home, meta, peer_log};
use hearth_node::config::NodeConfig;
use hearth_node::system::TimeOrderedIds;
use hearth_node::{Caller, Node, OpenError};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

fn database_files(dir: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(dir).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| {
            path.file_name().is_some_and(|name| {
                matches!(
                    name.to_str(),
                    Some("hearth.db" | "hearth.db-wal" | "hearth.db-shm")
                )
            })
        })
        .collect()
}

/// A home of a test. Cheap to clone.
#[derive(Clone)]
pub struct TestHome {
    inner: Arc<Inner>,
}

struct Inner {
    options: Mutex<HomeOptions>,
    clock: Arc<WorldClock>,
    seed: Arc<Seed>,
    node: Mutex<Option<Node>>,
    id: Mutex<Option<HomeId>>,
    people: Mutex<Vec<TestPerson>>,
    dir: PathBuf,
    _temporary: Option<TempDir>,
}

impl std::fmt::Debug for TestHome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestHome")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl TestHome {
    pub(crate) async fn open(clock: Arc<WorldClock>, options: HomeOptions) -> Self {
        let (dir, temporary) = match &options.dir {
            Some(dir) => (dir.clone(), None),
            None => {
                let made = tempfile::tempdir().unwrap();
                (made.path().join("home"), Some(made))
            }
        };
        let opened = Self {
            inner: Arc::new(Inner {
                seed: Arc::new(Seed::new(options.entropy.as_ref().unwrap_or(&options.name))),
                options: Mutex::new(options),
                clock,
                node: Mutex::default(),
                id: Mutex::default(),
                people: Mutex::default(),
                dir,
                _temporary: temporary,
            }),
        };
        opened.start().await;
        opened
    }

    /// What this home is called.
    #[must_use]
    pub fn name(&self) -> String {
        self.inner.options.lock().unwrap().name.clone()
    }

    /// The time by which it lives.
    #[must_use]
    pub fn now(&self) -> hearth_api::Timestamp {
        hearth_api::ports::Clock::now(&*self.inner.clock)
    }

    /// Its folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    fn config(&self) -> NodeConfig {
        let options = self.inner.options.lock().unwrap().clone();
        let on = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut config = NodeConfig::new(&self.inner.dir);
        config.federation_listen = options.listens.then(|| on(options.federation_port));
        if let Some(way) = options.way {
            config.transport = way.0;
        }
        config.ui_listen = options.ui_port.map(on);
        config.ui_dir = options.ui_dir;
        config.access_listen = Some(on(0));
        config.clock = Arc::clone(&self.inner.clock) as Arc<_>;
        config.zone = match options.summer {
            Some(summer) => Arc::new(summer),
            None => Arc::new(Nowhere),
        };
        config.workers = options.workers;
        config.fast_passwords = true;
        if !options.workers {
            let seed = Arc::clone(&self.inner.seed);
            config.ids = Arc::new(TimeOrderedIds::new(
                ClockOf(Arc::clone(&self.inner.clock)),
                EntropyOf(Arc::clone(&seed)),
            ));
            config.entropy = seed;
        }
        config
    }

    /// Starts a home that was stopped, at its old address.
    ///
    /// # Panics
    /// When it does not start, or runs already.
    pub async fn start(&self) {
        self.try_start()
            .await
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.name()));
    }

    /// Starts a home that was stopped, if it can.
    ///
    /// # Errors
    /// Why the home does not open.
    ///
    /// # Panics
    /// When it runs already.
    pub async fn try_start(&self) -> Result<(), OpenError> {
        assert!(!self.is_running(), "{} runs already", self.name());
        let node = Node::open(self.config()).await?;
        {
            let mut options = self.inner.options.lock().unwrap();
            if let Some(federation) = node.federation_address() {
                options.federation_port = federation.port();
            }
            if let Some(ui) = node.ui_address() {
                options.ui_port = Some(ui.port());
            }
        }
        *self.inner.id.lock().unwrap() = Some(node.home_id().clone());
        *self.inner.node.lock().unwrap() = Some(node);
        Ok(())
    }

    /// Closes the home, as somebody does who switches the machine off.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn stop(&self) {
        let node = self.inner.node.lock().unwrap().take().expect("a home that runs");
        crate::within("the home to close", node.close()).await;
    }

    /// Copies what its database is now, as a backup of yesterday does. It is closed for that.
    ///
    /// # Panics
    /// When the files cannot be copied.
    pub async fn copy_database(&self) -> TempDir {
        self.stop().await;
        let copy = tempfile::tempdir().unwrap();
        for file in database_files(self.dir()) {
            std::fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
        }
        self.start().await;
        copy
    }

    /// Puts a copied database back in place of the present one while the home is off; `as_restored` tells it that it was restored, as a
    /// proper restore does, else it has to find out.
    ///
    /// # Panics
    /// When the files cannot be copied.
    pub async fn put_database_back(&self, copy: &TempDir, as_restored: bool) {
        if self.is_running() {
            self.stop().await;
        }
        for file in database_files(self.dir()) {
            std::fs::remove_file(file).unwrap();
        }
        for file in database_files(copy.path()) {
            std::fs::copy(&file, self.dir().join(file.file_name().unwrap())).unwrap();
        }
        if as_restored {
            let db = Db::open(&self.dir().join("hearth.db"), &DbOptions::default()).unwrap();
            db.write(|tx| meta::set(tx, "epoch", "")).await.unwrap();
            db.close();
        }
        self.start().await;
    }

    /// Closes and starts it.
    pub async fn restart(&self) {
        self.stop().await;
        self.start().await;
    }

    /// Whether it runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.inner.node.lock().unwrap().is_some()
    }

    /// The node.
    ///
    /// # Panics
    /// When the home does not run.
    #[must_use]
    pub fn node(&self) -> Node {
        let node = self.inner.node.lock().unwrap().clone();
        node.unwrap_or_else(|| panic!("{} does not run", self.name()))
    }

    /// This home's id, also while it is off.
    ///
    /// # Panics
    /// Never: it was opened once.
    #[must_use]
    pub fn id(&self) -> HomeId {
        self.inner
            .id
            .lock()
            .unwrap()
            .clone()
            .expect("a home that was opened")
    }

    /// Where it listens for other homes.
    #[must_use]
    pub fn federation_address(&self) -> SocketAddr {
        self.node().federation_address().expect("it listens")
    }

    /// Where it serves its window.
    ///
    /// # Panics
    /// When it does not serve one.
    #[must_use]
    pub fn ui_address(&self) -> SocketAddr {
        self.node().ui_address().expect("it serves its window")
    }

    /// The URL of its window, by the name that browsers let set cookies without fuss.
    #[must_use]
    pub fn ui_url(&self) -> String {
        format!("http://localhost:{}", self.ui_address().port())
    }

    /// Sets the home up with its owner, and its address for other homes.
    pub async fn create(&self, owner: &str) -> TestPerson {
        let person = TestPerson::stranger(self, owner);
        let request = CreateHome {
            home_name: self.name(),
            owner: new_account(owner),
        };
        person.call(request).await.expect("a home is created once");
        person.learn_id().await;
        let address = self.federation_address().to_string();
        self.node()
            .federation()
            .set_addresses(&[address])
            .await
            .expect("an address of this machine");
        self.remember(&person);
        person
    }

    /// Somebody moves in as a member.
    pub async fn join(&self, name: &str) -> TestPerson {
        self.join_as(name, Role::Member).await
    }

    /// Somebody moves in.
    pub async fn join_as(&self, name: &str, role: Role) -> TestPerson {
        let request = CreateAccountInvite {
            days: 7,
            role,
            note: String::new(),
        };
        let code = self.owner().ok(request).await.code;
        let person = TestPerson::stranger(self, name);
        let request = AcceptAccountInvite {
            code,
            account: new_account(name),
            device: None,
        };
        person.call(request).await.expect("a fresh account invite");
        person.learn_id().await;
        self.remember(&person);
        person
    }

    /// Lets go of the people, who hold their home in turn.
    pub(crate) fn forget_people(&self) {
        self.inner.people.lock().unwrap().clear();
    }

    fn remember(&self, person: &TestPerson) {
        self.inner.people.lock().unwrap().push(person.clone());
    }

    /// Somebody whose session was begun before this home's folder was copied.
    pub(crate) fn resume(&self, other: &TestPerson) -> TestPerson {
        let person = other.resumed_at(self);
        self.remember(&person);
        person
    }

    /// One of the people, signed in.
    ///
    /// # Panics
    /// When nobody is called that.
    #[must_use]
    pub fn person(&self, name: &str) -> TestPerson {
        let people = self.inner.people.lock().unwrap();
        let found = people.iter().find(|person| person.name() == name);
        found
            .cloned()
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// The one who made the home.
    ///
    /// # Panics
    /// When nobody has.
    #[must_use]
    pub fn owner(&self) -> TestPerson {
        self.inner
            .people
            .lock()
            .unwrap()
            .first()
            .cloned()
            .expect("a home that is set up")
    }

    /// Somebody of a home that was set up before this process started, who signs in.
    pub async fn returning(&self, name: &str) -> TestPerson {
        let person = TestPerson::stranger(self, name);
        person.sign_in(PASSWORD).await.expect("the password of everybody");
        self.remember(&person);
        person
    }

    /// A client of this home that has not signed in.
    #[must_use]
    pub fn stranger(&self) -> TestPerson {
        TestPerson::stranger(self, "stranger")
    }

    /// Puts a command as a caller, as JSON.
    ///
    /// # Errors
    /// The command's error.
    pub async fn dispatch(
        &self,
        caller: Caller,
        name: &str,
        payload: serde_json::Value,
    ) -> ApiResult<serde_json::Value> {
        self.node().dispatch(caller, name, payload).await.result
    }

    /// A client that has not signed in yet, and would as somebody.
    #[must_use]
    pub fn stranger_called(&self, name: &str) -> TestPerson {
        TestPerson::stranger(self, name)
    }

    /// Reproducible randomness of this home.
    #[must_use]
    pub fn seed(&self) -> &Seed {
        &self.inner.seed
    }

    /// Reads in the home's database.
    ///
    /// # Panics
    /// When that fails.
    pub fn read<T>(&self, f: impl FnOnce(&hearth_db::ReadTx<'_>) -> Result<T, DbError>) -> T {
        self.node().db().read_blocking(f).unwrap()
    }

    /// How many rows wait in the logs for other homes.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.read(|tx| {
            let states = [home::HomeRowState::Connected, home::HomeRowState::Blocked];
            let peers = home::list(tx, &states)?;
            peers.iter().map(|peer| peer_log::waiting(tx, &peer.id)).sum()
        })
    }

    /// Where an own post or comment stands on another home.
    #[must_use]
    pub fn delivery_state(&self, item: uuid::Uuid, on: &HomeId) -> Option<DeliveryState> {
        let rows = self.read(|tx| peer_log::delivery(tx, item));
        rows.iter().find(|row| row.home == *on).map(|row| row.state)
    }

    /// Whether SQLite finds the file in order.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.read(hearth_db::meta::integrity_faults).is_empty()
    }

    pub(crate) fn leftovers(&self, may_wait: bool) -> Vec<String> {
        let name = self.name();
        let mut found = Vec::new();
        if !may_wait {
            let waiting = self.waiting();
            if waiting > 0 {
                found.push(format!("{name}: {waiting} rows wait for other homes"));
            }
        }
        let writing = self.read(hearth_db::chat_message::unfinished);
        if writing > 0 {
            found.push(format!("{name}: {writing} answers are still being written"));
        }
        found
    }

    /// Lets go of a home at the end of a test, without waiting.
    pub(crate) fn abandon(&self) {
        if let Some(node) = self.inner.node.lock().unwrap().take() {
            node.closed().cancel();
        }
    }
}

/// An account's first data.
///
/// # Panics
/// Never: the date exists.
#[must_use]
pub fn new_account(name: &str) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        username: name.to_lowercase().replace(' ', "."),
        password: PASSWORD.to_owned(),
        birth_date: Date::new(1990, 5, 17).unwrap(),
        language: None,
    }
}

struct ClockOf(Arc<WorldClock>);
impl hearth_api::ports::Clock for ClockOf {
    fn now(&self) -> hearth_api::Timestamp {
        self.0.now()
    }
}

struct EntropyOf(Arc<Seed>);
impl hearth_api::ports::Entropy for EntropyOf {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }
}
