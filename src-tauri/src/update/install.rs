//! Putting the version that is offered in the place of this one, on the word of a person: nothing under way is broken off, the home is saved
//! first, and a failure leaves everything as it was.

use std::sync::Arc;

use hearth_api::desktop::{UpdateStep, UpdateWay};
use hearth_api::{ApiError, ApiResult};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_updater::Update;

use super::words::{failed_to_install, not_by_itself, running};
use super::{FAILED, SHOW, fetch, tell, updates};
use crate::host::Host;
use crate::window;

/// Saves the home, gets the version that is offered unless it is there, checks its signature, puts it in place and starts again.
pub(super) async fn run(app: &AppHandle) -> ApiResult<()> {
    let updates = updates(app);
    if updates.way != UpdateWay::Itself {
        return Err(not_by_itself());
    }
    let update = {
        let mut inner = updates.lock();
        if inner.step.is_some() {
            return Err(running());
        }
        let found = inner.found.clone().ok_or_else(ApiError::not_found)?;
        inner.step = Some(UpdateStep::Saving);
        inner.failed = None;
        found.update
    };
    tell(app);
    let done = steps(app, update).await;
    let mut inner = updates.lock();
    inner.step = None;
    inner.failed = done.as_ref().err().cloned();
    drop(inner);
    tell(app);
    if done.is_ok() {
        fetch::forget(app);
        note_replaced(app);
        tracing::info!("A new version is in place: Hearth starts again");
        crate::again::start(app);
    }
    done
}

async fn steps(app: &AppHandle, update: Update) -> ApiResult<()> {
    let host = Arc::clone(&app.state::<Arc<Host>>());
    let saved = host.save_before_update().await?;
    tracing::info!(saved, version = update.version, "The home is saved");
    step(app, UpdateStep::Downloading { done: 0, total: None });
    let bytes = fetch::get(app, &update).await.inspect_err(|error| {
        tracing::warn!(%error, "The new version was not taken");
    })?;
    // Saving and getting it took their time, in which somebody may have begun something.
    host.nothing_breaks_off().await?;
    step(app, UpdateStep::Installing);
    let installed = tauri::async_runtime::spawn_blocking(move || update.install(bytes)).await;
    let failed = match installed {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::error!(error = failed, "The new version could not be put in place");
    if cfg!(windows) {
        // The home was closed for the installer.
        host.store().write(FAILED, &failed);
        crate::again::start(app);
    }
    Err(failed_to_install(failed))
}

/// Writes down that the program is replaced, so that the next start shows its window where it was, however it is started. On Windows it is
/// called while the installer waits: it ends this program, and nothing after it runs.
pub(super) fn note_replaced(app: &AppHandle) {
    app.state::<Arc<Host>>().store().write(SHOW, "");
    window::remember(app);
}

fn step(app: &AppHandle, step: UpdateStep) {
    updates(app).lock().step = Some(step);
    tell(app);
}
