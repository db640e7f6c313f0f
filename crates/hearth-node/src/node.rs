//! The node: opens a home's folder, holds its parts together, closes it.

use crate::caller::{Caller, Door};
use crate::config::NodeConfig;
use crate::fetching::Fetches;
use crate::files::LastLook;
use crate::http::{self, App, Assets, DoorKind};
use crate::{OpenError, access, backup, control, master, workers};
use hearth_api::account::Role;
use hearth_api::ports::{Clock, Ids, Zone};
use hearth_api::{ApiResult, DeviceId, Event, HomeId, PersonId, SessionId};
use hearth_assistant::Assistant;
use hearth_db::{Db, DbOptions};
use hearth_federation::keystore::{KeyStore, KeyStoreError};
use hearth_federation::sealed::MasterKey;
use hearth_media::blob::BlobStore;
use hearth_media::upload::Uploads;
use hearth_social::{Social, Viewer};
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Passing events kept for slow listeners before they are told of a gap.
const PASSING: usize = 4096;

/// A home, running. Cheap to clone.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    config: NodeConfig,
    db: Db,
    social: Social,
    assistant: Assistant,
    federation: hearth_federation::Federation,
    home: HomeId,
    passing: broadcast::Sender<(PersonId, Event)>,
    closed: CancellationToken,
    tasks: TaskTracker,
    keys: Arc<KeyStore>,
    /// To be put back into its file when the keychain no longer gives it.
    master: Mutex<MasterKey>,
    backups: backup::state::State,
    fetches: Fetches,
    last_look: LastLook,
    access: access::State,
    restart: CancellationToken,
    ui_address: Mutex<Option<SocketAddr>>,
    federation_address: Mutex<Option<SocketAddr>>,
    /// Held as long as the home is open.
    lock: File,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("home", &self.inner.home)
            .finish_non_exhaustive()
    }
}

impl Node {
    /// Opens the home in the configured folder, making it at first start, and begins to listen and work.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is left running.
    pub async fn open(config: NodeConfig) -> Result<Self, OpenError> {
        if let Some(address) = config.ui_listen.filter(|a| !a.ip().is_loopback()) {
            return Err(OpenError::NotLoopback(address));
        }
        let parts = {
            let config = config.clone();
            tokio::task::spawn_blocking(move || open_folder(&config))
                .await
                .map_err(|error| OpenError::Io(std::io::Error::other(error)))??
        };
        let (lock, db, master, keys, blobs, uploads) = parts;
        let node_key = {
            let keys = Arc::clone(&keys);
            let made = db.write(move |tx| keys.node_or_new(tx)).await;
            made.map_err(|error| match error {
                KeyStoreError::Sealed(_) if config.passphrase.is_some() => OpenError::WrongPassphrase,
                error => error.into(),
            })?
        };
        let node_id = node_key.id();
        let for_backups = Arc::clone(&keys);
        let passing = broadcast::Sender::new(PASSING);
        let social = Social::new(hearth_social::Parts {
            db: db.clone(),
            clock: Arc::clone(&config.clock),
            ids: Arc::clone(&config.ids),
            entropy: Arc::clone(&config.entropy),
            keys: Arc::clone(&keys),
            blobs: Arc::clone(&blobs),
            uploads,
            node: node_id,
        });
        let social = social.with_free_space(Arc::new(workers::Disk(config.data_dir.clone())));
        let social = if config.fast_passwords {
            social.with_fast_passwords()
        } else {
            social
        };
        let assistant = Assistant::new(hearth_assistant::Parts {
            db: db.clone(),
            clock: Arc::clone(&config.clock),
            ids: Arc::clone(&config.ids),
            secrets: Arc::new(workers::Secrets(Arc::clone(&keys))),
            events: passing.clone(),
        });
        let federation = hearth_federation::Federation::new(hearth_federation::Parts {
            db: db.clone(),
            clock: Arc::clone(&config.clock),
            ids: Arc::clone(&config.ids),
            keys,
            node_key,
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            apply: Arc::new(social.clone()),
            media: Arc::new(workers::Files(social.clone())),
            transport: Arc::clone(&config.transport),
        })
        .await
        .map_err(|error| OpenError::Federation(error.to_string()))?;
        let node = Self {
            inner: Arc::new(Inner {
                home: HomeId::from(&node_id),
                db,
                social,
                assistant,
                federation,
                passing,
                closed: CancellationToken::new(),
                tasks: TaskTracker::new(),
                keys: for_backups,
                master: Mutex::new(master),
                backups: backup::state::State::default(),
                fetches: Fetches::default(),
                last_look: LastLook::default(),
                access: access::State::default(),
                restart: CancellationToken::new(),
                ui_address: Mutex::new(None),
                federation_address: Mutex::new(None),
                lock,
                config,
            }),
        };
        if let Err(error) = node.start().await {
            node.close().await;
            return Err(error);
        }
        Ok(node)
    }

    async fn start(&self) -> Result<(), OpenError> {
        let config = &self.inner.config;
        self.inner
            .assistant
            .recover()
            .await
            .map_err(|error| OpenError::Io(std::io::Error::other(error.message)))?;
        if let Some(address) = config.federation_listen {
            let listener = TcpListener::bind(address)
                .await
                .map_err(|e| OpenError::Listen(address, e))?;
            let bound = listener.local_addr()?;
            *self
                .inner
                .federation_address
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(bound);
            let (federation, closed) = (self.inner.federation.clone(), self.closed());
            federation.set_listening(bound);
            self.spawn(async move { federation.serve(listener, closed).await });
        }
        if let Some(address) = config.ui_listen {
            let listener = TcpListener::bind(address)
                .await
                .map_err(|e| OpenError::Listen(address, e))?;
            let bound = listener.local_addr()?;
            *self
                .inner
                .ui_address
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(bound);
            let app = App {
                node: self.clone(),
                assets: Assets::read_or_none(config.ui_dir.as_deref()).into(),
                hosts: config.ui_hosts.clone().into(),
                door: DoorKind::Machine,
            };
            let closed = self.closed();
            self.spawn(async move {
                let service = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
                let served = axum::serve(listener, service)
                    .with_graceful_shutdown(async move { closed.cancelled().await });
                if let Err(error) = served.await {
                    tracing::error!(error = %error, "The window's listener failed");
                }
            });
        }
        if let Err(error) = self.resume_access().await {
            tracing::warn!(code = %error.code, "Other devices cannot be served");
        }
        control::serve(self, &config.data_dir)?;
        if config.workers {
            if let Err(error) = self.federation().announce().await {
                tracing::warn!(code = %error.code, "Telling other homes where this one is failed");
            }
            workers::start(self);
        }
        tracing::info!(
            home = %self.inner.home,
            federation = ?self.federation_address(),
            ui = ?self.ui_address(),
            "Hearth is ready"
        );
        Ok(())
    }

    /// Stops listening and working, finishes what is under way, closes the database and gives up the folder.
    pub async fn close(&self) {
        self.inner.closed.cancel();
        self.inner.assistant.close().await;
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        let db = self.inner.db.clone();
        if tokio::task::spawn_blocking(move || db.close()).await.is_err() {
            tracing::error!("Closing the database failed");
        }
        // Now, and not with the last copy of this handle: a program that is just being started has the file open, too, until it runs.
        if let Err(error) = self.inner.lock.unlock() {
            tracing::error!(error = %error, "Giving up the folder failed");
        }
    }

    /// This home's id.
    #[must_use]
    pub fn home_id(&self) -> &HomeId {
        &self.inner.home
    }
    /// Where browsers reach the window, if it is served.
    #[must_use]
    pub fn ui_address(&self) -> Option<SocketAddr> {
        *self
            .inner
            .ui_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
    /// Where other homes are listened for.
    #[must_use]
    pub fn federation_address(&self) -> Option<SocketAddr> {
        *self
            .inner
            .federation_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
    /// The social part.
    #[must_use]
    pub fn social(&self) -> &Social {
        &self.inner.social
    }
    /// The assistant.
    #[must_use]
    pub fn assistant(&self) -> &Assistant {
        &self.inner.assistant
    }
    /// The connection to other homes; tests pump delivery through it by hand.
    #[must_use]
    pub fn federation(&self) -> &hearth_federation::Federation {
        &self.inner.federation
    }
    /// The files that are being fetched from other homes.
    pub(crate) fn fetches(&self) -> &Fetches {
        &self.inner.fetches
    }
    /// The last look for files that are gone.
    pub(crate) fn last_look(&self) -> &LastLook {
        &self.inner.last_look
    }
    pub(crate) fn access_state(&self) -> &access::State {
        &self.inner.access
    }
    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
    }
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.config.clock
    }
    pub(crate) fn zone(&self) -> &dyn Zone {
        &*self.inner.config.zone
    }
    pub(crate) fn ids(&self) -> &dyn Ids {
        &*self.inner.config.ids
    }
    pub(crate) fn master(&self) -> &Mutex<MasterKey> {
        &self.inner.master
    }

    pub(crate) fn config(&self) -> &NodeConfig {
        &self.inner.config
    }
    pub(crate) fn passing_events(&self) -> broadcast::Receiver<(PersonId, Event)> {
        self.inner.passing.subscribe()
    }
    /// Cancelled when the node closes.
    #[must_use]
    pub fn closed(&self) -> CancellationToken {
        self.inner.closed.clone()
    }
    /// Tells one account's windows something that passes.
    pub(crate) fn tell_passing(&self, account: PersonId, event: Event) {
        // Nobody listens: nobody need be told.
        let _ = self.inner.passing.send((account, event));
    }
    pub(crate) fn passing_sender(&self) -> broadcast::Sender<(PersonId, Event)> {
        self.inner.passing.clone()
    }
    pub(crate) fn keys(&self) -> &Arc<KeyStore> {
        &self.inner.keys
    }
    pub(crate) fn backups(&self) -> &backup::state::State {
        &self.inner.backups
    }
    /// Cancelled when the home is to be closed and opened anew: a restored one waits to take its place.
    #[must_use]
    pub fn restart_wanted(&self) -> CancellationToken {
        self.inner.restart.clone()
    }
    pub(crate) fn want_restart(&self) {
        self.inner.restart.cancel();
    }
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.tasks.spawn(task);
    }

    /// The account behind a caller's session, if there is a valid one.
    pub(crate) async fn viewer(&self, caller: &Caller) -> ApiResult<Option<Viewer>> {
        if caller.control {
            let owner = self.db().read(hearth_db::account::owner).await?;
            return Ok(owner.map(|person| Viewer {
                person,
                role: Role::Owner,
                session: SessionId::from(uuid::Uuid::nil()),
            }));
        }
        let paired = match &caller.door {
            Door::Home => None,
            Door::Network { token: None } => return Ok(None),
            Door::Network { token: Some(token) } => match self.social().device(token.reveal()).await? {
                Some(device) => Some(device),
                None => return Ok(None),
            },
        };
        match &caller.token {
            None => Ok(None),
            Some(token) => {
                self.social()
                    .authenticate(token.reveal(), &caller.address, paired)
                    .await
            }
        }
    }

    /// The connected device that a caller is; none at the home itself, and none that is unknown.
    pub(crate) async fn device(&self, caller: &Caller) -> ApiResult<Option<DeviceId>> {
        match &caller.door {
            Door::Network { token: Some(token) } => self.social().device(token.reveal()).await,
            Door::Home | Door::Network { token: None } => Ok(None),
        }
    }
}

type Folder = (File, Db, MasterKey, Arc<KeyStore>, Arc<BlobStore>, Arc<Uploads>);

/// Whether the folder holds a home, be it one whose restore waits to be finished. Changes nothing.
#[must_use]
pub fn is_home(dir: &Path) -> bool {
    dir.join(backup::names::DATABASE).exists() || backup::swap::is_committed(dir)
}

/// Whether the folder holds pictures or backups of a home, and no database: then a new home there would take them for strays.
#[must_use]
pub(crate) fn is_without_database(dir: &Path) -> bool {
    let empty = match std::fs::metadata(dir.join(backup::names::DATABASE)) {
        Ok(data) => data.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    empty
        && ["blobs", "backups"]
            .iter()
            .any(|name| holds_files(&dir.join(name), 4))
}

/// Whether any file lies in a folder or so many levels below.
fn holds_files(dir: &Path, levels: u8) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => levels > 0 && holds_files(&entry.path(), levels - 1),
        Ok(kind) => kind.is_file(),
        Err(_) => false,
    })
}

/// Everything that blocks: makes the folder, locks it, opens keys, database and files.
fn open_folder(config: &NodeConfig) -> Result<Folder, OpenError> {
    let dir: &Path = &config.data_dir;
    let lock = lock_folder(dir)?;
    if backup::swap::finish(dir)? {
        tracing::info!("A restored home took the place of the one before");
    }
    backup::upload::sweep(dir);
    if is_without_database(dir) {
        return Err(OpenError::DatabaseGone);
    }
    let master = master::open(
        dir,
        config.passphrase.as_deref().map(String::as_str),
        &*config.keychain,
        &*config.entropy,
    )?;
    let keys = Arc::new(KeyStore::new(master.clone(), Arc::clone(&config.entropy)));
    let db = Db::open(&dir.join(backup::names::DATABASE), &DbOptions::default())?;
    let blobs = Arc::new(BlobStore::open(dir.join("blobs"))?);
    let uploads = Arc::new(Uploads::open(dir.join("uploads"))?);
    Ok((lock, db, master, keys, blobs, uploads))
}

/// Makes the folder where there is none, and takes it for this process alone.
pub(crate) fn lock_folder(dir: &Path) -> Result<File, OpenError> {
    make_private(dir)?;
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Makes the folder where there is none, and closes one that others of this computer could look into: everything the family wrote
/// is in it, and whoever made it first need not have thought of that.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
        builder.mode(0o700).create(dir)?;
        let mut mode = std::fs::metadata(dir)?.permissions();
        if mode.mode() & 0o077 != 0 {
            mode.set_mode(mode.mode() & !0o077);
            std::fs::set_permissions(dir, mode)?;
        }
        Ok(())
    }
    #[cfg(not(unix))]
    builder.create(dir)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn others_of_this_computer_cannot_look_into_a_homes_folder() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("deep/home");
        let mode = || std::fs::metadata(&home).unwrap().permissions().mode() & 0o777;
        drop(lock_folder(&home).unwrap());
        assert_eq!(mode(), 0o700, "made closed");
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o755)).unwrap();
        drop(lock_folder(&home).unwrap());
        assert_eq!(mode(), 0o700, "closed when it was open");
    }
}
