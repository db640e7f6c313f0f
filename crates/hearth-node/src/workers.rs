//! What the node does by itself, and how its parts reach each other.

use crate::node::Node;
use hearth_api::{ApiError, ApiResult};
use hearth_db::{ReadTx, WriteTx};
use hearth_federation::keystore::{KeyStore, KeyStoreError};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How often the node tidies up.
const TIDY: Duration = Duration::from_secs(60);

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
        if let Err(error) = self.db().write(hearth_db::event::prune).await {
            tracing::error!(error = %error, "Pruning events failed");
        }
    }
}
