//! The node inside this program, and the session of the window.
//!
//! The node is opened in the background, so that the window is there at once; what the page asks meanwhile waits for
//! it. If it cannot be opened, every question gets the reason, and the page shows it; where a backup mends it, the page can restore
//! one. The session's secret stays in the shell: the page never sees it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hearth_api::media::{UploadState, Variant};
use hearth_api::{ApiError, ApiResult, Code, Command, EventEnvelope, MediaHash, UploadId};
use hearth_node::backup::Rescue;
use hearth_node::config::WindowFiles;
use hearth_node::{
    Caller, MediaAnswer, Node, NodeConfig, OpenError, RangeWanted, SessionChange, SessionToken, master,
};
use serde_json::Value;
use tauri::{AppHandle, Manager as _};
use tokio::sync::{Notify, mpsc, watch};

use crate::store::Store;

const SESSION: &str = "session";
/// Where to listen for other homes, instead of the usual port; `off` does not listen.
const LISTEN: &str = "HEARTH_LISTEN";
/// A file with the passphrase that unlocks the key store, if the home has one.
const PASSPHRASE_FILE: &str = "HEARTH_PASSPHRASE_FILE";
/// How long the program waits at its end for the node to put everything away.
const CLOSE_WITHIN: Duration = Duration::from_secs(10);

/// From where the page wants to hear events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Rises with every change of the session and every wish, so that equal wishes are told apart.
    turn: u64,
    /// The last event that the page has; `None` listens from now.
    pub(crate) since: Option<u64>,
}

/// The node inside this program, and the session of the window.
pub(crate) struct Host {
    opened: watch::Sender<Option<ApiResult<Node>>>,
    /// Where the home did not open, and a backup mends it.
    rescue: Arc<Mutex<Option<Rescue>>>,
    again: Arc<Notify>,
    token: Mutex<Option<SessionToken>>,
    wanted: watch::Sender<Wanted>,
    asking: AtomicBool,
    store: Store,
}

impl Host {
    /// Begins to open the home in `data_dir`. `window_files` are for the browsers of other devices.
    pub(crate) fn open(data_dir: PathBuf, window_files: WindowFiles) -> Self {
        let store = Store::new(&data_dir);
        let token = store.read(SESSION).map(SessionToken::new);
        let host = Self {
            opened: watch::Sender::new(None),
            rescue: Arc::default(),
            again: Arc::default(),
            token: Mutex::new(token),
            wanted: watch::Sender::default(),
            asking: AtomicBool::new(false),
            store,
        };
        host.begin(data_dir, window_files);
        host
    }

    /// Opens the home, and again whenever that failed and what stood in the way may be gone.
    fn begin(&self, data_dir: PathBuf, window_files: WindowFiles) {
        let (opened, wanted) = (self.opened.clone(), self.wanted.clone());
        let (kept, again) = (Arc::clone(&self.rescue), Arc::clone(&self.again));
        let keep =
            move |rescue: Option<Rescue>| *kept.lock().unwrap_or_else(PoisonError::into_inner) = rescue;
        tauri::async_runtime::spawn(async move {
            loop {
                let error = match open_node(data_dir.clone(), Arc::clone(&window_files)).await {
                    Ok(node) => {
                        opened.send_replace(Some(Ok(node)));
                        return;
                    }
                    Err(error) => error,
                };
                tracing::error!(error = %error.why, "The home could not be opened");
                let restored = error.rescue.as_ref().map(Rescue::restored);
                keep(error.rescue);
                opened.send_replace(Some(Err(error.why)));
                match restored {
                    Some(restored) => tokio::select! {
                        () = restored.cancelled() => {}
                        () = again.notified() => {}
                    },
                    None => again.notified().await,
                }
                keep(None);
                opened.send_replace(None);
                change(&wanted, None);
            }
        });
    }

    /// Opens the home again if it could not be opened: what stood in the way may be gone. Not while a backup is being put in its place.
    pub(crate) fn open_again(&self) {
        if self.rescue().is_some_and(|rescue| rescue.is_restoring()) {
            return;
        }
        let failed = self.opened.send_if_modified(|opened| {
            let failed = matches!(opened, Some(Err(_)));
            if failed {
                *opened = None;
            }
            failed
        });
        if failed {
            self.again.notify_one();
        }
    }

    /// What can be done about a home that does not open, if a backup mends it.
    pub(crate) fn rescue(&self) -> Option<Rescue> {
        self.rescue.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The node, once it is open.
    pub(crate) async fn node(&self) -> ApiResult<Node> {
        let mut opened = self.opened.subscribe();
        let result = opened
            .wait_for(Option::is_some)
            .await
            .map(|opened| opened.clone());
        result.ok().flatten().unwrap_or_else(|| {
            Err(ApiError::new(
                Code::Unavailable,
                "Hearth stopped while it was starting. Start it again.",
            ))
        })
    }

    /// Puts a command to the node as the window, and keeps what becomes of the session.
    pub(crate) async fn dispatch(&self, name: &str, payload: Value) -> ApiResult<Value> {
        let node = match self.node().await {
            Ok(node) => node,
            Err(why) => {
                let Some(rescue) = self.rescue() else {
                    return Err(why);
                };
                return rescue.dispatch(&Caller::desktop(None), name, payload).await;
            }
        };
        let token = self.token();
        let reply = node.dispatch(Caller::desktop(token.clone()), name, payload).await;
        match reply.session {
            SessionChange::Keep => {}
            SessionChange::Set(token) => self.set_token(Some(token)),
            // Unless another command has signed in meanwhile.
            SessionChange::Clear if self.token() == token => self.set_token(None),
            SessionChange::Clear => {}
        }
        reply.result
    }

    /// Asks the node something for the shell itself.
    pub(crate) async fn ask<C: Command>(&self, request: C) -> ApiResult<C::Output> {
        let broken = |error: serde_json::Error| ApiError::new(Code::Internal, error.to_string());
        let payload = serde_json::to_value(request).map_err(broken)?;
        serde_json::from_value(self.dispatch(C::NAME, payload).await?).map_err(broken)
    }

    pub(crate) async fn upload_chunk(
        &self,
        upload: UploadId,
        offset: u64,
        bytes: Vec<u8>,
    ) -> ApiResult<UploadState> {
        let node = self.node().await?;
        node.upload_chunk(&Caller::desktop(self.token()), upload, offset, bytes.into())
            .await
    }

    pub(crate) async fn media(
        &self,
        hash: MediaHash,
        variant: Variant,
        range: Option<RangeWanted>,
    ) -> ApiResult<MediaAnswer> {
        let node = self.node().await?;
        node.media(&Caller::desktop(self.token()), hash, variant, range)
            .await
    }

    /// Refuses everybody at the window but the admins.
    pub(crate) async fn admins_only(&self) -> ApiResult<()> {
        let node = self.node().await?;
        node.admins_only(&Caller::desktop(self.token())).await
    }

    /// Saves the home before another version is installed; tells where.
    pub(crate) async fn save_before_update(&self) -> ApiResult<String> {
        let node = self.node().await?;
        node.save_before_update(&Caller::desktop(self.token())).await
    }

    /// Refuses while something is under way that the end of the program would break off.
    pub(crate) async fn nothing_breaks_off(&self) -> ApiResult<()> {
        self.node().await?.nothing_breaks_off().await
    }

    /// The events of the signed-in account.
    pub(crate) async fn subscribe(&self, since: Option<u64>) -> ApiResult<mpsc::Receiver<EventEnvelope>> {
        let node = self.node().await?;
        node.subscribe(Caller::desktop(self.token()), since).await
    }

    /// The page wants the events after `since`.
    pub(crate) fn listen_since(&self, since: u64) {
        self.change_wanted(Some(since));
    }

    /// From where events are wanted, with every later change of it.
    pub(crate) fn wanted(&self) -> watch::Receiver<Wanted> {
        self.wanted.subscribe()
    }

    /// Whether the page may be asked to ask what closing means: not while it does already.
    pub(crate) fn begin_asking(&self) -> bool {
        !self.asking.swap(true, Ordering::Relaxed)
    }

    /// The page asks no longer.
    pub(crate) fn end_asking(&self) {
        self.asking.store(false, Ordering::Relaxed);
    }

    /// The shell's own small files.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    fn token(&self) -> Option<SessionToken> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_token(&self, token: Option<SessionToken>) {
        match &token {
            Some(token) => self.store.write(SESSION, token.reveal()),
            None => self.store.remove(SESSION),
        }
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        self.change_wanted(None);
    }

    fn change_wanted(&self, since: Option<u64>) {
        change(&self.wanted, since);
    }
}

fn change(wanted: &watch::Sender<Wanted>, since: Option<u64>) {
    wanted.send_modify(|wanted| {
        *wanted = Wanted {
            turn: wanted.turn.wrapping_add(1),
            since,
        }
    });
}

/// Why the home did not open, and what can be done about it.
struct Shut {
    why: ApiError,
    rescue: Option<Rescue>,
}

impl From<ApiError> for Shut {
    fn from(why: ApiError) -> Self {
        Self { why, rescue: None }
    }
}

async fn open_node(data_dir: PathBuf, window_files: WindowFiles) -> Result<Node, Shut> {
    let mut config = NodeConfig::new(data_dir);
    config.window_files = Some(window_files);
    if let Some(path) = std::env::var_os(PASSPHRASE_FILE) {
        let passphrase = master::read_passphrase(Path::new(&path)).map_err(|error| error.for_window())?;
        config.passphrase = Some(passphrase);
    }
    let mut listens = listens(std::env::var(LISTEN).ok().as_deref(), config.federation_listen)?.into_iter();
    loop {
        let federation_listen = listens.next().flatten();
        match Node::open(NodeConfig {
            federation_listen,
            ..config.clone()
        })
        .await
        {
            Err(OpenError::Listen(address, error)) if listens.len() > 0 => {
                tracing::warn!(%address, %error, "Other homes cannot be listened for there; trying the next address");
            }
            Ok(node) => return Ok(node),
            Err(error) => {
                return Err(Shut {
                    why: error.for_window(),
                    rescue: Rescue::of(config, &error),
                });
            }
        }
    }
}

/// Where to listen for other homes, the best address first.
///
/// A taken port or a missing IPv6 must not keep a family out of its own home: the window opens all the same, and
/// the health page tells where the home can be reached.
fn listens(own: Option<&str>, usual: Option<SocketAddr>) -> ApiResult<Vec<Option<SocketAddr>>> {
    match own {
        None => {
            let v4 = |port| SocketAddr::from(([0, 0, 0, 0], port));
            let usual_v4 = usual.map(|address| v4(address.port()));
            Ok([
                usual,
                usual_v4,
                usual.map(|address| SocketAddr::new(address.ip(), 0)),
                Some(v4(0)),
                None,
            ]
            .to_vec())
        }
        Some("off") => Ok(vec![None]),
        Some(text) => text.parse().map(|address| vec![Some(address)]).map_err(|error| {
            ApiError::new(
                Code::Unavailable,
                format!("{LISTEN} is not an address such as [::]:7346: {error}."),
            )
        }),
    }
}

/// Ends the program by the person's wish.
pub(crate) fn quit(app: &AppHandle) {
    crate::window::remember(app);
    app.exit(0);
}

/// Starts the program again once a restored home waits to take the place of this one.
pub(crate) fn restart_when_restored(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let host = Arc::clone(&app.state::<Arc<Host>>());
        let mut opened = host.opened.subscribe();
        let node = opened
            .wait_for(|opened| matches!(opened, Some(Ok(_))))
            .await
            .map(|opened| opened.clone());
        if let Ok(Some(Ok(node))) = node {
            node.restart_wanted().cancelled().await;
            crate::window::remember(&app);
            crate::again::start(&app);
        }
    });
}

/// Closes the node, so that nothing is left half done; waits for it, but not for ever.
pub(crate) fn close(app: &AppHandle) {
    let host = Arc::clone(&app.state::<Arc<Host>>());
    let opened = host.opened.borrow().clone();
    if let Some(Ok(node)) = opened {
        let closed =
            tauri::async_runtime::block_on(async { tokio::time::timeout(CLOSE_WITHIN, node.close()).await });
        if closed.is_err() {
            tracing::warn!("The home did not close in time; what was acknowledged is safe");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_does_not_keep_the_home_shut() {
        let usual = "[::]:7346".parse().ok();
        let addresses = listens(None, usual).unwrap();
        assert_eq!(addresses.first(), Some(&usual));
        assert_eq!(
            addresses.last(),
            Some(&None),
            "at last it opens without listening"
        );
    }

    #[test]
    fn an_own_address_is_the_only_one() {
        assert_eq!(
            listens(Some("127.0.0.1:0"), None).unwrap(),
            ["127.0.0.1:0".parse().ok()]
        );
        assert_eq!(listens(Some("off"), None).unwrap(), [None]);
        assert!(
            listens(Some("somewhere"), None)
                .unwrap_err()
                .message
                .contains(LISTEN)
        );
    }
}
