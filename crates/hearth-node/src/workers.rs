//! What the node does by itself, and how its parts reach each other.

use crate::node::Node;
use hearth_api::homes::HomeState;
use hearth_api::media::Variant;
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, HomeId, MediaHash};
use hearth_db::{ReadTx, WriteTx};
use hearth_federation::MediaSource;
use hearth_federation::keystore::{KeyStore, KeyStoreError};
use hearth_federation::transport::BoxFuture;
use hearth_social::Social;
use hearth_social::media::{FreeSpace, Opened};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How often the node tidies up.
const TIDY: Duration = Duration::from_secs(60);
/// How often it looks for files that nothing names.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Lets the assistant keep provider keys in the home's key store.
pub(crate) struct Secrets(pub(crate) Arc<KeyStore>);

impl hearth_assistant::Secrets for Secrets {
    fn put(&self, tx: &mut WriteTx<'_>, name: &str, secret: &str) -> ApiResult<()> {
        Ok(self.0.put(tx, name, secret.as_bytes())?)
    }
    fn get(&self, tx: &ReadTx<'_>, name: &str) -> ApiResult<Option<Zeroizing<String>>> {
        match self.0.get(tx, name) {
            Ok(bytes) => Ok(Some(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))),
            Err(KeyStoreError::Missing) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
    fn delete(&self, tx: &mut WriteTx<'_>, name: &str) -> ApiResult<()> {
        hearth_db::secret::delete(tx, name).map_err(ApiError::from)
    }
}

/// Gives other homes the files that somebody there may see.
pub(crate) struct Files(pub(crate) Social);

impl MediaSource for Files {
    fn open_for_peer<'a>(
        &'a self,
        home: &'a HomeId,
        hash: &'a MediaHash,
        variant: Variant,
    ) -> BoxFuture<'a, ApiResult<Option<(File, u64)>>> {
        Box::pin(async move {
            Ok(match self.0.media_for_peer(home, hash, variant).await? {
                Opened::Here(found) => Some((found.file, found.len)),
                // Only the home that a file comes from gives it away.
                Opened::Elsewhere(_) => None,
            })
        })
    }
}

/// The free space of the disk that holds the home.
pub(crate) struct Disk(pub(crate) PathBuf);

impl FreeSpace for Disk {
    fn free_bytes(&self) -> Option<u64> {
        fs4::available_space(&self.0).ok()
    }
}

/// Starts delivery and tidying.
pub(crate) fn start(node: &Node) {
    let (federation, closed) = (node.federation().clone(), node.closed());
    node.spawn(async move { federation.run(closed).await });
    let tidying = node.clone();
    node.spawn(async move {
        let closed = tidying.closed();
        let mut ticks = tokio::time::interval(TIDY);
        loop {
            tokio::select! {
                () = closed.cancelled() => return,
                _ = ticks.tick() => tidying.tidy().await,
            }
        }
    });
    let looking = node.clone();
    node.spawn(async move {
        let closed = looking.closed();
        let mut ticks = tokio::time::interval(TIDY);
        let mut all = false;
        loop {
            tokio::select! {
                () = closed.cancelled() => return,
                () = looking.social().media_arrived() => {}
                _ = ticks.tick(), if !all => {}
            }
            let fetched = tokio::select! {
                () = closed.cancelled() => return,
                fetched = looking.fetch_previews() => fetched,
            };
            all = fetched.unwrap_or_else(|error| {
                tracing::warn!(code = %error.code, "Fetching previews failed");
                false
            });
        }
    });
    let backing_up = node.clone();
    node.spawn(async move {
        let closed = backing_up.closed();
        let mut ticks = tokio::time::interval(TIDY);
        loop {
            tokio::select! {
                () = closed.cancelled() => return,
                _ = ticks.tick() => if let Err(error) = backing_up.backup_if_due().await {
                    tracing::error!(code = %error.code, "The backup that was due failed");
                },
            }
        }
    });
    let sweeping = node.clone();
    node.spawn(async move {
        let closed = sweeping.closed();
        let mut days = tokio::time::interval(DAY);
        loop {
            tokio::select! {
                () = closed.cancelled() => return,
                _ = days.tick() => {
                    if let Err(error) = sweeping.social().sweep_stray_bytes().await {
                        tracing::error!(error = %error, "Looking for stray files failed");
                    }
                    if let Err(error) = sweeping.social().trim_previews().await {
                        tracing::error!(error = %error, "Letting go of previews failed");
                    }
                }
            }
        }
    });
}

impl Node {
    /// One round of tidying: sessions and accounts past their time, old events and notifications, uploads given up.
    pub async fn tidy(&self) {
        if let Err(error) = self.social().sweep().await {
            tracing::error!(error = %error, code = %error.code, "Tidying failed");
        }
        if let Err(error) = self.assistant().sweep().await {
            tracing::error!(error = %error, code = %error.code, "Tidying the assistant failed");
        }
        if let Err(error) = self.federation().sweep().await {
            tracing::error!(error = %error, code = %error.code, "Tidying the connection to other homes failed");
        }
        // The machine may be in another network than before.
        if let Err(error) = self.federation().announce_if_moved().await {
            tracing::error!(error = %error, code = %error.code, "Telling other homes where this one is failed");
        }
        if let Err(error) = self.notice_silence().await {
            tracing::error!(error = %error, code = %error.code, "Looking for silent homes failed");
        }
        if let Err(error) = self.sweep_before_update().await {
            tracing::error!(error = %error, code = %error.code, "Removing an old copy of this home failed");
        }
        if let Err(error) = self.db().write(hearth_db::event::prune).await {
            tracing::error!(error = %error, "Pruning events failed");
        }
    }

    /// Tells admins once of each home that has been silent for a day.
    async fn notice_silence(&self) -> ApiResult<()> {
        let before = self.clock().now().plus_days(-1);
        for home in self.federation().list_homes().await? {
            let silent_since = home.last_contact.or(home.connected_at);
            let Some(since) = silent_since
                .filter(|at| home.state == HomeState::Connected && !home.is_awake() && *at < before)
            else {
                continue;
            };
            let key = format!("silent:{}", home.id);
            let value = since.0.to_string();
            let new = self
                .db()
                .write(move |tx| {
                    let told = hearth_db::meta::get(tx, &key)?.as_deref() == Some(value.as_str());
                    hearth_db::meta::set(tx, &key, &value)?;
                    Ok::<_, hearth_db::DbError>(!told)
                })
                .await?;
            if new {
                self.social()
                    .tell_admins_of_home(NotificationType::NodeUnreachable, &home.id)
                    .await?;
            }
        }
        Ok(())
    }
}
