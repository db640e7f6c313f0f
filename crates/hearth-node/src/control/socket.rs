//! A Unix socket in the data folder.

use hearth_api::ports::Entropy;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tokio::net::{UnixListener, UnixStream};

pub(super) const FILE: &str = "control.sock";

/// Listens there, for the owner of the folder only.
pub(super) fn listen(path: &Path, _entropy: &dyn Entropy) -> io::Result<UnixListener> {
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// A connection to the home that listens there, if one does.
pub(super) async fn connect(path: &Path) -> Option<UnixStream> {
    UnixStream::connect(path).await.ok()
}
