//! A backup that is taken elsewhere: by the browser as a file, by admins only, or into a folder on a drive that may be gone; and a home saved
//! before its program changes.

use hearth_api::backup::{
    BackupEvery, BackupKind, BackupSchedule, ListBackups, SetBackupSchedule, StartBackup,
};
use hearth_api::feed::{Audience, DeletePost};
use hearth_api::health::{GetHealth, HealthLevel};
use hearth_api::media::Variant;
use hearth_api::session::SignIn;
use hearth_api::{Code, Timestamp};
use hearth_node::Caller;
use hearth_node::doctor::{Answer as Says, Means, Report, examine};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::SystemZone;
use hearth_tests::home::HomeOptions;
use hearth_tests::http::{Answer, Client};
use hearth_tests::time::{START, Summer};
use hearth_tests::{PASSWORD, TestHome, TestPerson, World, within};
use http::{HeaderValue, Method, StatusCode};
use std::path::Path;
use std::time::Duration;

/// What the doctor says of a home, by the time of its world.
fn looked_at(dir: &Path, now: Timestamp) -> Report {
    let means = Means {
        keychain: &SystemKeychain,
        passphrase: None,
        zone: &SystemZone,
        now,
    };
    examine(dir, &Says::None, means)
}

async fn with_backup(anna: &TestPerson) -> String {
    anna.ok(SetBackupSchedule {
        schedule: BackupSchedule {
            every: BackupEvery::Off,
            ..BackupSchedule::default()
        },
        passphrase: Some("four words of mine".to_owned()),
        password: PASSWORD.to_owned(),
    })
    .await;
    anna.ok(StartBackup {}).await;
    within("the backup", async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        loop {
            look.tick().await;
            if let Some(file) = anna.ok(ListBackups {}).await.files.first() {
                return file.name.clone();
            }
        }
    })
    .await
}

async fn signed_in(home: &TestHome, username: &str) -> Client {
    let client = Client::new(home.ui_address());
    let sign_in = SignIn {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        device: None,
    };
    client.call(sign_in).await.unwrap().unwrap();
    client
}

async fn get(client: &Client, path: &str, range: Option<&'static str>) -> Answer {
    let mut request = client.request(Method::GET, path, "");
    if let Some(range) = range {
        request
            .headers_mut()
            .insert("range", HeaderValue::from_static(range));
    }
    client.send(request).await.unwrap()
}

#[tokio::test]
async fn an_admin_takes_a_backup_out_of_the_home_with_the_browser_and_nobody_else_does() {
    let world = World::new();
    let home = world.open(HomeOptions::new("Hill House").with_ui()).await;
    let anna = home.create("Anna").await;
    home.join("Ben").await;
    let name = with_backup(&anna).await;
    let path = format!("/backups/{name}");
    let admin = signed_in(&home, "anna").await;
    let whole = get(&admin, &path, None).await;
    assert_eq!(whole.status, StatusCode::OK);
    let bytes = std::fs::read(home.dir().join("backups").join(&name)).unwrap();
    assert!(whole.body == bytes, "byte for byte");
    assert_eq!(whole.header("content-disposition"), "attachment");
    assert_eq!(whole.header("content-type"), "application/vnd.hearth.backup");
    assert_eq!(whole.header("cache-control"), "no-store");
    // A download that broke off goes on.
    let rest = get(&admin, &path, Some("bytes=100-")).await;
    assert_eq!(rest.status, StatusCode::PARTIAL_CONTENT);
    assert!(rest.body == bytes[100..], "the rest");
    for (client, status) in [
        (signed_in(&home, "ben").await, StatusCode::FORBIDDEN),
        (Client::new(home.ui_address()), StatusCode::UNAUTHORIZED),
    ] {
        let refused = get(&client, &path, None).await;
        assert_eq!(refused.status, status, "{}", refused.text());
        assert!(!refused.text().contains("hearth-backup/1"));
    }
    for elsewhere in [
        "/backups/..%2Fhearth.db",
        "/backups/..%2Fmaster.key",
        "/backups/nothing.hearth-backup",
    ] {
        let missing = get(&admin, elsewhere, None).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    world.close().await;
}

#[tokio::test]
async fn the_night_of_backups_moves_with_the_clocks_of_the_people_here() {
    let world = World::new();
    // It is midnight in Greenwich; the clocks here are put forward in a day and a half.
    let change = world.now().plus_ms(36 * 3_600_000);
    let options = HomeOptions {
        summer: Some(Summer(change)),
        ..HomeOptions::new("Hill House")
    };
    let home = world.open(options).await;
    let anna = home.create("Anna").await;
    anna.ok(SetBackupSchedule {
        schedule: BackupSchedule {
            every: BackupEvery::Day,
            ..BackupSchedule::default()
        },
        passphrase: Some("four words of mine".to_owned()),
        password: PASSWORD.to_owned(),
    })
    .await;
    let next = async || {
        let at = anna.ok(ListBackups {}).await.next_at.unwrap();
        at.ms_since(START) / 60_000
    };
    let due = async || home.node().backup_if_due().await.unwrap();
    let count = async || anna.ok(ListBackups {}).await.files.len();
    assert_eq!(next().await, 60, "two here is one in Greenwich");
    world.clock().advance(Duration::from_secs(3600));
    due().await;
    assert_eq!(count().await, 1);
    assert_eq!(next().await, 60 + 24 * 60);
    world.clock().advance_days(1);
    due().await;
    assert_eq!(count().await, 2);
    assert_eq!(next().await, 48 * 60, "midnight in Greenwich, in summer");
    world.clock().advance(Duration::from_secs(22 * 3600 + 59 * 60));
    due().await;
    assert_eq!(count().await, 2, "a minute before two");
    world.clock().advance(Duration::from_secs(60));
    due().await;
    assert_eq!(count().await, 3);
    let newest = anna.ok(ListBackups {}).await.files[0].name.clone();
    assert!(newest.contains("-020000."), "named by the clock here: {newest}");
    world.close().await;
}

#[tokio::test]
async fn before_its_program_changes_a_home_is_copied_beside_itself_and_opens_from_there() {
    let world = World::new();
    let home = world.open(HomeOptions::new("Hill House")).await;
    let anna = home.create("Anna").await;
    let ben = home.join("Ben").await;
    let picture = anna.upload_photo(1).await;
    let post = anna
        .post_with(Audience::Friends, "Before", &[(&picture, "A hill")])
        .await;
    let node = home.node();
    let refused = node.save_before_update(&ben.caller()).await;
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    let refused = node.save_before_update(&Caller::desktop(None)).await;
    assert_eq!(refused.unwrap_err().code, Code::SignInNeeded);
    let copy = home.dir().join("before-update");
    assert!(!copy.exists());
    for _twice in 0..2 {
        let saved = node.save_before_update(&anna.caller()).await.unwrap();
        assert_eq!(saved, "before-update");
    }
    let names: Vec<_> = std::fs::read_dir(home.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("before-update"))
        .collect();
    assert_eq!(names, ["before-update"], "one copy and no remains");
    // What is deleted afterwards is still in the copy, and the copy is a home.
    anna.ok(DeletePost { id: post.id }).await;
    drop(node);
    home.stop().await;
    let moved = tempfile::tempdir().unwrap();
    std::fs::rename(&copy, moved.path().join("home")).unwrap();
    let again = HomeOptions {
        dir: Some(moved.path().join("home")),
        ..HomeOptions::new("Hill House")
    };
    let again = world.open(again).await;
    let anna = again.returning("Anna").await;
    assert!(anna.sees(post.id).await.is_some(), "as it was");
    let file = again
        .node()
        .media(&anna.caller(), picture.hash, Variant::Original, None)
        .await;
    assert!(file.is_ok(), "with its files: {file:?}");
    world.close().await;
}

#[tokio::test]
async fn the_copy_from_before_an_update_goes_after_thirty_days() {
    let world = World::new();
    let home = world.open(HomeOptions::new("Hill House")).await;
    let anna = home.create("Anna").await;
    home.node().save_before_update(&anna.caller()).await.unwrap();
    let copy = home.dir().join("before-update");
    world.clock().advance(Duration::from_secs(29 * 86_400));
    home.node().tidy().await;
    assert!(copy.join("hearth.db").is_file());
    world.clock().advance(Duration::from_secs(2 * 86_400));
    home.node().tidy().await;
    assert!(!copy.exists());
    world.close().await;
}

#[tokio::test]
async fn a_folder_of_backups_that_is_gone_is_missed_and_not_made_anew() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let anna = hill.owner();
    let drive = tempfile::tempdir().unwrap();
    let folder = drive.path().join("backups");
    let named = |folder: &Path| SetBackupSchedule {
        schedule: BackupSchedule {
            every: BackupEvery::Day,
            folder: Some(folder.to_str().unwrap().to_owned()),
            ..BackupSchedule::default()
        },
        passphrase: Some("four words of mine".to_owned()),
        password: PASSWORD.to_owned(),
    };
    let error = anna.refused(named(&drive.path().join("other/backups"))).await;
    assert_eq!(error.name(), "invalid_folder");
    assert!(error.message.contains("connect it"), "{}", error.message);
    let health = async || {
        let parts = anna.ok(GetHealth {}).await.parts;
        parts.into_iter().find(|part| part.part == "backup").unwrap()
    };
    anna.ok(named(&folder)).await;
    assert_eq!(health().await.level, HealthLevel::Waiting, "none is there yet");
    let report = looked_at(hill.dir(), world.now());
    let finding = report.findings.iter().find(|f| f.part == "backup").unwrap();
    assert!(
        finding.level == HealthLevel::Waiting && finding.what.contains("The first one is made on"),
        "{finding:?}"
    );
    world.clock().advance_days(1);
    anna.sign_in(PASSWORD).await.unwrap();
    hill.node().backup_if_due().await.unwrap();
    assert_eq!(health().await.level, HealthLevel::Ok);

    // The drive is taken away: first wholly, then what it was connected at stays, empty.
    let away = drive.path().join("away");
    std::fs::rename(&folder, &away).unwrap();
    for empty in [false, true] {
        if empty {
            std::fs::create_dir(&folder).unwrap();
        }
        let listed = anna.ok(ListBackups {}).await;
        assert!(listed.folder_missing && listed.files.is_empty());
        let report = looked_at(hill.dir(), world.now());
        let finding = report.findings.iter().find(|f| f.part == "backup").unwrap();
        assert_eq!(finding.level, HealthLevel::Trouble, "{finding:?}");
        assert!(finding.what.contains(folder.to_str().unwrap()), "{finding:?}");
        let part = health().await;
        assert_eq!(part.level, HealthLevel::Trouble, "{:?}", part.facts);
        world.clock().advance_days(1);
        anna.sign_in(PASSWORD).await.unwrap();
        let error = hill.node().backup_if_due().await.unwrap_err();
        assert_eq!(error.code, Code::BackupFolderMissing);
        assert!(
            error.message.contains(folder.to_str().unwrap()),
            "{}",
            error.message
        );
        let left = std::fs::read_dir(&folder).map_or(0, Iterator::count);
        assert_eq!(
            (folder.exists(), left),
            (empty, 0),
            "nothing is made in its place"
        );
    }
    std::fs::remove_dir(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    world.clock().advance(Duration::from_secs(3700));
    hill.node().backup_if_due().await.unwrap();
    let listed = anna.ok(ListBackups {}).await;
    assert_eq!((listed.files.len(), listed.failure), (2, None));
    assert!(listed.files.iter().all(|file| file.kind == BackupKind::Usual));
    world.close().await;
}
