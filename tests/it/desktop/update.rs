//! A new version of the app: looked for, told, and installed only when it is signed and somebody says so.

use super::{House, shot, t};
use hearth_api::UploadId;
use hearth_api::account::{AccountSettings, UpdateSettings};
use hearth_api::app::GetStatus;
use hearth_api::backup::{BackupSchedule, ListBackups, SetBackupSchedule};
use hearth_api::media::{AbortUpload, BeginUpload};
use hearth_tests::desktop::{App, Desk, Feed, Signed, until};
use hearth_tests::{PASSWORD, Seed};
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

const SETTINGS: &str = "tauri://localhost/settings/computer";
const DAY_MS: i64 = 86_400_000;

/// A desk where the app is one file that it may replace, and asks a feed for a later one.
pub(super) async fn desk_with(feed: &Feed, folder: &Path) -> (Desk, PathBuf) {
    let mut desk = Desk::new().await;
    let image = folder.join("Hearth.AppImage");
    std::fs::write(&image, "the version that is here").unwrap();
    std::fs::set_permissions(&image, std::fs::Permissions::from_mode(0o755)).unwrap();
    desk.set("APPIMAGE", image.to_str().unwrap());
    desk.set("HEARTH_TRY_UPDATE_FEED", &feed.url());
    desk.set("HEARTH_TRY_UPDATE_KEY", &feed.public_key());
    desk.set("NO_PROXY", "127.0.0.1");
    (desk, image)
}

/// A program that the updater takes for one, and that ends at once when it is started.
pub(super) fn other_program() -> Vec<u8> {
    std::fs::read("/bin/true").expect("a program of the system")
}

/// Has the last look be a day ago.
fn a_day_later(house: &House) {
    let path = house.data().join("desktop/update-looked");
    let text = std::fs::read_to_string(&path).unwrap();
    let (at, how) = text.split_once(' ').unwrap();
    let before = at.parse::<i64>().unwrap() - DAY_MS;
    std::fs::write(&path, format!("{before} {how}")).unwrap();
}

/// Whether a version was got, and is kept until somebody wants it.
pub(super) fn ready(house: &House) -> bool {
    house.data().join("desktop/update-file").exists()
}

async fn look(app: &App) {
    app.go(SETTINGS).await;
    app.click(&t("update-look")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_is_not_signed_is_refused_after_the_home_was_saved_and_an_older_one_is_never_offered()
{
    let (feed, house) = (Feed::open().await, House::new());
    let (desk, image) = desk_with(&feed, house.0.path()).await;
    feed.put(
        "9.0.0",
        "Pictures load faster.\n- And more.",
        &other_program(),
        Signed::BySomebody,
    );
    let app = house.open_made(&desk).await;
    assert_eq!(feed.looks(), 0, "nobody could say yet that they do not want it");
    look(&app).await;
    app.find_with(&t("update-offer"), "Hearth 9.0.0 is there.").await;
    shot(&desk, "update-offer");
    app.click(&t("update-open")).await;
    app.find_with(&t("update-notes"), "Pictures load faster.").await;
    shot(&desk, "update-dialog");
    for signed in [Signed::BySomebody, Signed::As("0.0.1")] {
        let _ = std::fs::remove_dir_all(house.data().join("before-update"));
        feed.put("9.0.0", "", &other_program(), signed);
        look(&app).await;
        app.click(&t("update-show")).await;
        app.click(&t("update-install")).await;
        app.find_with(&t("update-failed"), "not signed by those who make Hearth")
            .await;
        let saved = house.data().join("before-update");
        assert!(
            saved.join("hearth.db").is_file(),
            "{signed:?}: the home was saved first"
        );
    }
    shot(&desk, "update-refused");
    let text = std::fs::read_to_string(&image).unwrap();
    assert_eq!(text, "the version that is here", "nothing was changed");
    feed.put("0.0.1", "", &other_program(), Signed::Rightly);
    look(&app).await;
    app.find_with(&t("update-state"), "No newer one").await;
    app.until_gone(&t("update-offer"), "").await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_looked_once_a_day_unless_somebody_switched_that_off() {
    let (feed, house) = (Feed::open().await, House::new());
    let (desk, _image) = desk_with(&feed, house.0.path()).await;
    feed.put("0.1.0", "", b"the same", Signed::Rightly);
    house.open_made(&desk).await.close().await;
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    until("the first look", || async { (feed.looks() == 1).then_some(()) }).await;
    app.go(SETTINGS).await;
    app.find_with(&t("update-state"), "No newer one").await;
    app.close().await;
    // The same day.
    feed.put("0.2.0", "", b"later", Signed::Rightly);
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    assert!(!app.has(&t("update-offer")).await);
    app.close().await;
    assert_eq!(feed.looks(), 1, "once a day");
    a_day_later(&house);
    let app = house.open(&desk).await;
    app.find_with(&t("update-offer"), "0.2.0").await;
    until("it to lie ready", || async { ready(&house).then_some(()) }).await;
    app.click(&t("update-later")).await;
    app.until_gone(&t("update-offer"), "").await;
    app.close().await;
    assert_eq!(feed.looks(), 2);
    // What was put off is not said again, but the settings know it without asking.
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.go(SETTINGS).await;
    app.find_with(&t("update-state"), "0.2.0").await;
    assert!(!app.has(&t("update-offer")).await);
    app.click(&t("update-daily")).await;
    until("the switch to be kept", || async {
        house.data().join("desktop/update-off").exists().then_some(())
    })
    .await;
    app.close().await;
    a_day_later(&house);
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.go(SETTINGS).await;
    app.find(&t("update-state")).await;
    app.close().await;
    assert_eq!(feed.looks(), 2, "nobody wants it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_version_takes_the_place_of_this_one_after_a_backup() {
    let (feed, house) = (Feed::open().await, House::new());
    let (desk, image) = desk_with(&feed, house.0.path()).await;
    feed.put("9.0.0", "New.", &other_program(), Signed::Rightly);
    let app = house.open_made(&desk).await;
    app.ask(SetBackupSchedule {
        schedule: BackupSchedule::default(),
        passphrase: Some("four words of mine".to_owned()),
        password: PASSWORD.to_owned(),
    })
    .await;
    assert!(app.ask(ListBackups {}).await.files.is_empty());
    look(&app).await;
    until("the version to lie ready", || async {
        ready(&house).then_some(())
    })
    .await;
    assert_eq!(feed.fetches(), 1, "without a word of anybody");
    let shown = std::fs::read(&image).unwrap();
    assert_eq!(shown, b"the version that is here", "got, not installed");
    // Health knows it, and so does the menu of the person.
    app.go("tauri://localhost/health").await;
    app.find_with(&t("part-update"), "ready to install").await;
    shot(&desk, "update-health");
    app.click(&t("health-update")).await;
    app.find_with(&t("update-notes"), "New.").await;
    app.press("\u{E00C}").await;
    app.until_gone(&t("update-dialog"), "").await;
    app.click(&t("nav-me")).await;
    app.find_with(&t("me-update"), "Restart to update").await;
    let faults = app.axe().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    app.click(&t("me-update")).await;
    app.find_with(&t("update-install"), "Restart to update").await;
    super::answer(&app, "update-install").await;
    app.ended().await;
    assert_eq!(feed.fetches(), 1, "what lay ready was installed");
    assert!(!ready(&house), "and is let go of");
    assert!(
        house.data().join("desktop/update-show").exists(),
        "the next start is seen, however it is started"
    );
    assert_eq!(std::fs::read(&image).unwrap(), other_program(), "it is in place");
    let backups = std::fs::read_dir(house.data().join("backups")).unwrap();
    let names: Vec<String> = backups
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names.len() == 1 && names[0].starts_with("before-update-"),
        "{names:?}"
    );
    assert!(!house.data().join("before-update").exists(), "a backup is enough");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_without_a_feed_says_so_and_a_package_is_only_told() {
    let (feed, house) = (Feed::open().await, House::new());
    let plain = Desk::new().await;
    let app = house.open_made(&plain).await;
    app.go(SETTINGS).await;
    app.find(&t("update-none")).await;
    assert!(!app.has(&t("update-look")).await);
    app.close().await;
    let mut desk = Desk::new().await;
    desk.set("HEARTH_TRY_UPDATE_FEED", &feed.url());
    desk.set("HEARTH_TRY_UPDATE_KEY", &feed.public_key());
    desk.set("NO_PROXY", "127.0.0.1");
    feed.put("9.0.0", "New.", &other_program(), Signed::Rightly);
    let app = house.open(&desk).await;
    app.click(&t("update-open")).await;
    app.find_with(&t("update-dialog"), "installed as a package").await;
    assert!(!app.has(&t("update-install")).await);
    app.close().await;
    assert_eq!(feed.fetches(), 0, "a package is not for Hearth to get");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_ready_outlives_a_start_and_what_is_damaged_or_endless_is_not_kept() {
    let (feed, house) = (Feed::open().await, House::new());
    let (desk, image) = desk_with(&feed, house.0.path()).await;
    feed.put("9.0.0", "New.", &other_program(), Signed::Rightly);
    let app = house.open_made(&desk).await;
    look(&app).await;
    app.find_with(&t("update-offer"), "ready to install").await;
    app.close().await;
    let kept = house.data().join("desktop/update-file");
    let mode = std::fs::metadata(&kept).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else may read it");
    // The next start has it, without asking anybody.
    let app = house.open(&desk).await;
    app.find_with(&t("update-offer"), "ready to install").await;
    app.close().await;
    assert_eq!(feed.fetches(), 1);
    // What somebody changed is not the version any more, and is got again.
    let mut bytes = std::fs::read(&kept).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&kept, bytes).unwrap();
    let app = house.open(&desk).await;
    app.find(&t("update-offer")).await;
    until("it to be fetched again", || async {
        (feed.fetches() == 2).then_some(())
    })
    .await;
    until("the damaged one to be replaced", || async {
        (std::fs::read(&kept).unwrap() == other_program()).then_some(())
    })
    .await;
    app.find_with(&t("update-offer"), "ready to install").await;
    app.close().await;
    assert_eq!(feed.fetches(), 2);
    assert_eq!(std::fs::read(&kept).unwrap(), other_program());
    // Nothing is taken that is longer than any version could be.
    feed.claim(Some(1 << 40));
    feed.put("9.0.1", "New.", b"another", Signed::Rightly);
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    look(&app).await;
    app.find_with(&t("update-offer"), "9.0.1 is there").await;
    until("the try", || async { (feed.fetches() == 3).then_some(()) }).await;
    app.click(&t("update-show")).await;
    app.click(&t("update-install")).await;
    app.find_with(&t("update-failed"), "far too large").await;
    assert_eq!(
        std::fs::read(&image).unwrap(),
        b"the version that is here",
        "nothing was changed"
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_not_installed_while_a_file_is_uploaded_and_a_person_is_told_so() {
    let (feed, house) = (Feed::open().await, House::new());
    let (desk, image) = desk_with(&feed, house.0.path()).await;
    feed.put("9.0.0", "New.", &other_program(), Signed::Rightly);
    let app = house.open_made(&desk).await;
    look(&app).await;
    app.find_with(&t("update-offer"), "ready to install").await;
    let id = UploadId(Seed::new("update").uuid());
    app.ask(BeginUpload {
        id,
        name: "film.mp4".to_owned(),
        bytes: 1_000_000,
    })
    .await;
    app.click(&t("update-show")).await;
    app.click(&t("update-install")).await;
    app.find_with(&t("update-failed"), "Somebody is uploading a file")
        .await;
    assert!(!house.data().join("before-update").exists(), "nothing was begun");
    assert_eq!(std::fs::read(&image).unwrap(), b"the version that is here");
    language(&app, "de").await;
    app.find_with(&t("update-failed"), "lädt jemand eine Datei hoch")
        .await;
    until("the dialog to stand still", || async {
        let moving = "return document.getAnimations().length";
        (app.run(moving, json!([])).await == 0).then_some(())
    })
    .await;
    shot(&desk, "update-mid-upload-german");
    // Once it is given up, the same click installs.
    app.ask(AbortUpload { id }).await;
    super::answer(&app, "update-install").await;
    app.ended().await;
    assert_eq!(std::fs::read(&image).unwrap(), other_program());
}

/// Has the window speak another language, as the settings would.
async fn language(app: &App, tag: &str) {
    let settings = app.ask(GetStatus {}).await.me.unwrap().settings;
    app.ask(UpdateSettings {
        settings: AccountSettings {
            language: tag.to_owned(),
            ..settings
        },
    })
    .await;
    app.find(&format!("html[lang='{tag}']")).await;
}
