//! Getting a version that is offered, before anybody asks for it, so that installing it needs no more than saving the home.
//!
//! It lies in one file in the app's own folder, readable by its owner only. What lies there counts only while it is signed as the version
//! that is offered: that is checked when it has come, at every start, and when it is installed.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hearth_api::desktop::{UpdateStep, UpdateWay};
use hearth_api::{ApiError, ApiResult};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_updater::Update;
use tokio::sync::Notify;

use super::words::{in_words, too_large};
use super::{LATER, tell, updates};
use crate::host::Host;
use crate::store;

/// The most bytes that a version has: 512 MiB.
const MOST: u64 = 512 * 1024 * 1024;
/// The file.
const FILE: &str = "update-file";

/// Gets the version that is offered in the background, unless it is put off, comes as a package, or the network is metered. A failure is told when somebody wants to
/// install it, for then it is got again.
pub(super) fn quietly(app: &AppHandle) {
    let updates = updates(app);
    let update = match &updates.lock().found {
        Some(found) if updates.way == UpdateWay::Itself => found.update.clone(),
        _ => return,
    };
    let put_off = app.state::<Arc<Host>>().store().read(LATER);
    if put_off.as_ref() == Some(&update.version) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if is_metered(&app).await {
            tracing::info!(
                "A new version is not got beforehand: the network is paid by what goes through it"
            );
            return;
        }
        match get(&app, &update).await {
            Ok(_) => tracing::info!(version = update.version, "A new version lies ready"),
            Err(error) => tracing::info!(%error, "A new version could not be got beforehand"),
        }
    });
}

/// Whether the network is paid by what goes through it, as far as the system tells.
#[cfg(target_os = "linux")]
async fn is_metered(app: &AppHandle) -> bool {
    use webkit2gtk::gio::NetworkMonitor;
    use webkit2gtk::gio::prelude::NetworkMonitorExt as _;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        // Whoever asked may have gone.
        let _ = sender.send(NetworkMonitor::default().is_network_metered());
    });
    asked.is_ok() && receiver.await.unwrap_or(false)
}

/// These systems tell it only by interfaces that nothing else here needs.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "the same question everywhere")]
async fn is_metered(_app: &AppHandle) -> bool {
    false
}

/// The bytes of a version, signed as that: from the file if they lie there, else from where they are offered, and kept then. Whoever waits
/// for it sees how much has come.
///
/// # Errors
/// `update_refused`, `update_unreachable`; `update_missing`.
pub(super) async fn get(app: &AppHandle, update: &Update) -> ApiResult<Vec<u8>> {
    let updates = updates(app);
    let _once = updates.getting.lock().await;
    let path = app.state::<Arc<Host>>().store().folder(FILE);
    let bytes = match kept(path.clone(), update.clone()).await {
        Some(bytes) => bytes,
        None => {
            let bytes = download(app, update).await?;
            keep(path, bytes).await?
        }
    };
    updates.lock().ready = Some(update.version.clone());
    tell(app);
    Ok(bytes)
}

/// Lets go of what lies there.
pub(super) fn forget(app: &AppHandle) {
    updates(app).lock().ready = None;
    app.state::<Arc<Host>>().store().remove(FILE);
}

/// What lies there, if it is the version.
async fn kept(path: PathBuf, update: Update) -> Option<Vec<u8>> {
    let looked = tauri::async_runtime::spawn_blocking(move || {
        let bytes = read(&path, MOST)
            .inspect_err(|error| tracing::debug!(%error, "No new version lies ready"))
            .ok()?;
        match update.verify(&bytes) {
            Ok(()) => Some(bytes),
            Err(error) => {
                tracing::info!(%error, "What lies ready is not the version that is offered");
                None
            }
        }
    });
    looked.await.ok().flatten()
}

/// Keeps the bytes for later, and gives them back. That they cannot be kept costs another download, no more.
async fn keep(path: PathBuf, bytes: Vec<u8>) -> ApiResult<Vec<u8>> {
    let kept = tauri::async_runtime::spawn_blocking(move || {
        if let Err(error) = store::write_private(&path, &bytes) {
            tracing::warn!(%error, "A new version could not be kept");
        }
        bytes
    });
    kept.await
        .map_err(|error| ApiError::new(hearth_api::Code::Internal, error.to_string()))
}

async fn download(app: &AppHandle, update: &Update) -> ApiResult<Vec<u8>> {
    let (mut done, mut shown) = (0_u64, u64::MAX);
    let (too_much, is_too_much) = (Notify::new(), AtomicBool::new(false));
    let coming = update.download(
        |more, total| {
            done = done.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
            if done.max(total.unwrap_or(0)) > MOST {
                is_too_much.store(true, Ordering::Relaxed);
                too_much.notify_one();
            }
            // A hundred times at most.
            let part = total.map_or(done / 1_000_000, |total| done.saturating_mul(100) / total.max(1));
            if part != shown {
                shown = part;
                show(app, done, total);
            }
        },
        || {},
    );
    tokio::select! {
        biased;
        () = too_much.notified() => Err(too_large()),
        // It may have come, or broken off, in the same breath.
        came = coming => if is_too_much.load(Ordering::Relaxed) {
            Err(too_large())
        } else {
            came.map_err(|error| in_words(&error))
        },
    }
}

/// Tells how much has come, to whoever waits for it.
fn show(app: &AppHandle, done: u64, total: Option<u64>) {
    let updates = updates(app);
    let mut inner = updates.lock();
    if matches!(inner.step, Some(UpdateStep::Downloading { .. })) {
        inner.step = Some(UpdateStep::Downloading { done, total });
        drop(inner);
        tell(app);
    }
}

/// A file of so many bytes at most.
fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    if file.metadata()?.len() > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_there_is_read_up_to_a_length() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        assert_eq!(read(&path, 4).unwrap_err().kind(), io::ErrorKind::NotFound);
        store::write_private(&path, b"four").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"four");
        assert_eq!(read(&path, 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
