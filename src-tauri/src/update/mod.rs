//! New versions of the app: looked for once a day or on a person's wish, told, and installed on the word of an admin only, after the
//! home was saved. What is installed must be signed by the key that this build was made with. A version that Hearth can install itself is
//! got quietly as soon as it is found ([`fetch`]), so that the person's word needs no patience ([`install`]).
//!
//! A build that was given no feed and no key looks nowhere. What a package of the system brought is told of a new version, but its
//! files are the package's: the new package brings the new version.
//!
//! Invariants: nothing is asked of the network while looking is off; a failure changes nothing; an older version is never offered.

mod fetch;
mod install;
mod rule;
mod words;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hearth_api::app::GetStatus;
use hearth_api::desktop::{DesktopState, UpdateOffer, UpdateState, UpdateStep, UpdateWay};
use hearth_api::ports::Clock as _;
use hearth_api::{ApiError, ApiResult};
use hearth_node::system::{SystemClock, use_ring_for_tls};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Emitter as _, Manager as _, Url, Wry};
use tauri_plugin_updater::{Error, Update, Updater, UpdaterExt as _};

use self::rule::Look;
use self::words::{failed_to_install, in_words, not_by_itself};
use crate::host::{self, Host};
use crate::store::Store;
use crate::{desktop, window};

/// The name under which the page hears how it stands.
const CHANGED: &str = "hearth:update";
/// How often it is asked whether a look is due.
const TICK: Duration = Duration::from_secs(600);
/// The longest that a look takes.
const LOOK_WITHIN: Duration = Duration::from_secs(30);
/// The longest that a download says nothing.
const SILENCE: Duration = Duration::from_secs(60);

/// The last look.
const LOOKED: &str = "update-looked";
/// That nobody wants looks.
const OFF: &str = "update-off";
/// What the feed said of the version that is offered.
const FOUND: &str = "update-found";
/// The version that somebody put off.
const LATER: &str = "update-later";
/// That the program was just replaced, so that its window is to be seen again.
const SHOW: &str = "update-show";
/// Why the last try failed, where only the next start can tell.
const FAILED: &str = "update-failed";

/// Where this build looks, and whom it believes.
#[derive(Clone)]
struct Source {
    feed: Url,
    key: String,
}

impl Source {
    fn of_build() -> Option<Self> {
        let (feed, key) = given()?;
        match feed.parse() {
            Ok(feed) => Some(Self { feed, key }),
            Err(error) => {
                tracing::error!(%error, "The address of the feed of updates is none");
                None
            }
        }
    }
}

/// The address of the feed and the public key, as the build was given them.
fn given() -> Option<(String, String)> {
    let of_build = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    // A debug build can be told others, so that it can be tried.
    #[cfg(debug_assertions)]
    if let (Ok(feed), Ok(key)) = (
        std::env::var("HEARTH_TRY_UPDATE_FEED"),
        std::env::var("HEARTH_TRY_UPDATE_KEY"),
    ) {
        return Some((feed, key));
    }
    of_build(option_env!("HEARTH_UPDATE_FEED")).zip(of_build(option_env!("HEARTH_UPDATE_KEY")))
}

/// The part of Tauri that looks and installs; the page may not call it. Nothing in a build that looks nowhere.
pub(crate) fn plugin() -> Option<TauriPlugin<Wry, tauri_plugin_updater::Config>> {
    given().map(|_| tauri_plugin_updater::Builder::new().build())
}

/// How it stands with updates.
pub(crate) struct Updates {
    source: Option<Source>,
    way: UpdateWay,
    inner: Mutex<Inner>,
    /// Held while a version is got, so that it is got once.
    getting: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Inner {
    /// How many states were told.
    told: u64,
    found: Option<Found>,
    /// The version that lies ready beside the home.
    ready: Option<String>,
    looking: bool,
    step: Option<UpdateStep>,
    failed: Option<ApiError>,
}

#[derive(Clone)]
struct Found {
    update: Update,
    offer: UpdateOffer,
}

impl Updates {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a new version comes to this computer.
fn way(source: Option<&Source>) -> UpdateWay {
    if source.is_none() {
        UpdateWay::None
    } else if cfg!(target_os = "linux")
        && !std::env::var_os("APPIMAGE").is_some_and(|image| Path::new(&image).is_file())
    {
        UpdateWay::Package
    } else {
        UpdateWay::Itself
    }
}

/// Whether the program was just replaced: then its window is shown however it was started. Says so once.
pub(crate) fn was_replaced(store: &Store) -> bool {
    let replaced = store.read(SHOW).is_some();
    store.remove(SHOW);
    replaced
}

/// Begins to look once a day.
pub(crate) fn begin(app: &AppHandle, host: &Host) {
    let source = Source::of_build();
    let way = way(source.as_ref());
    let failed = host.store().read(FAILED).map(failed_to_install);
    host.store().remove(FAILED);
    app.manage(Arc::new(Updates {
        source,
        way,
        inner: Mutex::new(Inner {
            failed,
            ..Inner::default()
        }),
        getting: tokio::sync::Mutex::default(),
    }));
    if way == UpdateWay::None {
        return;
    }
    // The updater says so only when it looks, and what is remembered is fetched without a look.
    use_ring_for_tls();
    remember_found(app, host.store());
    fetch::quietly(app);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let host = Arc::clone(&app.state::<Arc<Host>>());
        let mut ticks = tokio::time::interval(TICK);
        loop {
            ticks.tick().await;
            let store = host.store();
            let due = store.read(OFF).is_none() && rule::is_due(last_look(store), SystemClock.now());
            // Not before there is a home, whose people can say that they do not want it.
            if due && host.ask(GetStatus {}).await.is_ok_and(|status| status.set_up) {
                // The settings tell why, and it is tried again.
                let _ = look(&app).await;
            }
        }
    });
}

/// What was found before the last start is still offered.
fn remember_found(app: &AppHandle, store: &Store) {
    let Some(kept) = store.read(FOUND) else { return };
    let update = serde_json::from_str(&kept)
        .map_err(Error::from)
        .and_then(|kept| updater(app)?.restore_update(kept));
    match update {
        Ok(Some(update)) => found(app, update),
        // This is that version now, or a later one.
        Ok(None) => {
            store.remove(FOUND);
            fetch::forget(app);
        }
        Err(error) => {
            tracing::info!(%error, "What was known of a new version cannot be read");
            store.remove(FOUND);
        }
    }
}

fn last_look(store: &Store) -> Option<Look> {
    store.read(LOOKED).and_then(|text| Look::read(&text))
}

fn updates(app: &AppHandle) -> Arc<Updates> {
    Arc::clone(&app.state::<Arc<Updates>>())
}

fn updater(app: &AppHandle) -> Result<Updater, Error> {
    let Some(source) = updates(app).source.clone() else {
        return Err(Error::EmptyEndpoints);
    };
    let closing = app.clone();
    app.updater_builder()
        .endpoints(vec![source.feed])?
        .pubkey(source.key)
        .version_comparator(|own, release| rule::is_offered(&own, &release.version))
        .configure_client(|client| client.connect_timeout(LOOK_WITHIN).read_timeout(SILENCE))
        .timeout(LOOK_WITHIN)
        // Windows: the installer ends this program, which must have put everything away.
        .on_before_exit(move || {
            install::note_replaced(&closing);
            host::close(&closing);
            closing.cleanup_before_exit();
        })
        .build()
}

/// What the page knows.
pub(crate) fn state_of(app: &AppHandle) -> UpdateState {
    let (updates, host) = (updates(app), app.state::<Arc<Host>>());
    let store = host.store();
    let mut inner = updates.lock();
    inner.told += 1;
    let offer = inner.found.as_ref().map(|found| found.offer.clone());
    let ready = offer
        .as_ref()
        .is_some_and(|offer| inner.ready.as_ref() == Some(&offer.version));
    let put_off = offer
        .as_ref()
        .is_some_and(|offer| store.read(LATER).as_deref() == Some(offer.version.as_str()));
    UpdateState {
        number: inner.told,
        way: updates.way,
        looks: store.read(OFF).is_none(),
        looked_at: last_look(store).filter(|look| !look.failed).map(|look| look.at),
        looking: inner.looking,
        offer,
        ready,
        put_off,
        step: inner.step,
        failed: inner.failed.clone(),
    }
}

fn tell(app: &AppHandle) {
    if let Err(error) = app.emit_to(window::LABEL, CHANGED, state_of(app)) {
        tracing::debug!(%error, "The page did not hear of an update");
    }
}

fn found(app: &AppHandle, update: Update) {
    let updates = updates(app);
    let page = update.raw_json.get("page").and_then(|page| page.as_str());
    let offer = UpdateOffer {
        version: update.version.clone(),
        notes: rule::notes(update.body.as_deref().unwrap_or_default()),
        page: updates
            .source
            .as_ref()
            .and_then(|source| rule::page(page, &source.feed)),
    };
    updates.lock().found = Some(Found { update, offer });
}

/// Asks the feed now.
async fn look(app: &AppHandle) -> ApiResult<()> {
    let updates = updates(app);
    {
        let mut inner = updates.lock();
        if inner.looking || inner.step.is_some() {
            return Ok(());
        }
        inner.looking = true;
    }
    tell(app);
    let host = Arc::clone(&app.state::<Arc<Host>>());
    let looked = match updater(app) {
        Ok(updater) => updater.check().await,
        Err(error) => Err(error),
    };
    let failed = match looked {
        Ok(Some(update)) => {
            host.store().write(FOUND, &update.raw_json.to_string());
            found(app, update);
            fetch::quietly(app);
            None
        }
        Ok(None) => {
            host.store().remove(FOUND);
            updates.lock().found = None;
            fetch::forget(app);
            None
        }
        Err(error) => {
            tracing::info!(%error, "Looking for a new version failed");
            Some(in_words(&error))
        }
    };
    let look = Look {
        at: SystemClock.now(),
        failed: failed.is_some(),
    };
    host.store().write(LOOKED, &look.to_text());
    {
        let mut inner = updates.lock();
        inner.looking = false;
        inner.failed.clone_from(&failed);
    }
    tell(app);
    failed.map_or(Ok(()), Err)
}

/// Looks for a new version now.
#[tauri::command]
pub(crate) async fn look_for_update(app: AppHandle) -> ApiResult<DesktopState> {
    if updates(&app).way == UpdateWay::None {
        return Err(not_by_itself());
    }
    look(&app).await?;
    Ok(desktop::state_of(&app))
}

/// Installs the version that is offered, on the word of the person at the window.
#[tauri::command]
pub(crate) async fn install_update(app: AppHandle) -> ApiResult<DesktopState> {
    install::run(&app).await?;
    Ok(desktop::state_of(&app))
}

/// Says no more of the version that is offered, on an admin's word; the settings still do.
#[tauri::command]
pub(crate) async fn put_off_update(app: AppHandle) -> ApiResult<DesktopState> {
    app.state::<Arc<Host>>().admins_only().await?;
    let version = updates(&app)
        .lock()
        .found
        .as_ref()
        .map(|found| found.offer.version.clone());
    if let Some(version) = version {
        app.state::<Arc<Host>>().store().write(LATER, &version);
    }
    Ok(desktop::state_of(&app))
}

/// Looks once a day from now on, or no longer, on an admin's word.
#[tauri::command]
pub(crate) async fn set_looks_for_updates(app: AppHandle, on: bool) -> ApiResult<DesktopState> {
    let host = Arc::clone(&app.state::<Arc<Host>>());
    host.admins_only().await?;
    if on {
        host.store().remove(OFF);
    } else {
        host.store().write(OFF, "");
    }
    Ok(desktop::state_of(&app))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_a_feed_has_no_updater() {
        assert_eq!(way(None), UpdateWay::None);
    }

    #[test]
    fn a_program_that_was_just_replaced_is_seen_once_however_it_was_started() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        assert!(!was_replaced(&store));
        store.write(SHOW, "");
        assert!(was_replaced(&store));
        assert!(!was_replaced(&store), "the start after that is hidden again");
    }
}
