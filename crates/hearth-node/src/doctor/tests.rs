//! Broken homes, each named.

use super::kept::age;
use super::running::silent_home;
use super::*;
use crate::keychain::fake::MemoryKeychain;
use crate::master::moving;
use crate::system::{SystemEntropy, SystemZone};
use crate::{Node, NodeConfig};
use hearth_api::homes::Home;

const NOW: Timestamp = Timestamp(1_795_305_600_000);

async fn home(dir: &Path) {
    let mut config = NodeConfig::new(dir);
    config.federation_listen = None;
    config.workers = false;
    Node::open(config).await.unwrap().close().await;
}

fn means(keychain: &MemoryKeychain) -> Means<'_> {
    Means {
        keychain,
        passphrase: None,
        zone: &SystemZone,
        now: NOW,
    }
}

fn found(dir: &Path, part: &str) -> Finding {
    let report = examine(dir, &Answer::None, means(&MemoryKeychain::default()));
    let found = report.findings.into_iter().find(|finding| finding.part == part);
    found.unwrap_or_else(|| panic!("nothing about {part}"))
}

/// A new home in its place would take what the old one stored for strays.
#[tokio::test]
async fn a_home_whose_database_is_gone_or_empty_does_not_open_and_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    home(dir).await;
    let picture = dir.join("blobs/ab/cd");
    std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
    std::fs::write(&picture, "a picture").unwrap();
    for name in ["hearth.db", "hearth.db-wal", "hearth.db-shm"] {
        let _not_each_is_there = std::fs::remove_file(dir.join(name));
    }
    for empty in [false, true] {
        if empty {
            std::fs::write(dir.join("hearth.db"), "").unwrap();
        }
        let mut config = NodeConfig::new(dir);
        config.federation_listen = None;
        let Err(error) = Node::open(config).await else {
            panic!("it opened");
        };
        assert!(matches!(error, OpenError::DatabaseGone), "{error}");
        let database = found(dir, "database");
        assert_eq!(database.level, HealthLevel::Trouble);
        assert!(database.what.contains("empty"), "{}", database.what);
        assert_eq!(std::fs::read(&picture).unwrap(), b"a picture");
    }
}

#[test]
fn a_program_that_runs_is_told_from_one_that_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let program = |answer: Answer| {
        let report = examine(folder.path(), &answer, means(&MemoryKeychain::default()));
        let program = report.findings.into_iter().find(|f| f.part == "program").unwrap();
        (report.running, program.what)
    };
    let (running, what) = program(Answer::NotSetUp);
    assert!(running && what.contains("not set up"), "{what}");
    let (running, what) = program(Answer::Refused("It is busy.".to_owned()));
    assert!(running && what.contains("It is busy."), "{what}");
    let (running, what) = program(Answer::None);
    assert!(!running && what.contains("not running"), "{what}");
}

#[tokio::test]
async fn a_key_in_the_keychain_is_named_and_so_is_a_keychain_that_does_not_give_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    home(dir).await;
    let keychain = MemoryKeychain::default();
    moving::to_keychain(dir, &keychain, &SystemEntropy).unwrap();
    let found = keys::keys(dir, means(&keychain));
    assert_eq!(found.level, HealthLevel::Ok, "{found:?}");
    assert_eq!(found.facts["protected_by"], "keychain");
    keychain.fail_with(Some(crate::keychain::KeychainError::Locked));
    let found = keys::keys(dir, means(&keychain));
    assert_eq!(found.level, HealthLevel::Trouble);
    assert!(found.what.contains("locked") && found.next.unwrap().contains("Unlock"));
}

#[tokio::test]
async fn each_broken_part_is_named_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let none = found(dir, "folder");
    assert!(none.level == HealthLevel::Trouble && none.next.is_some());
    home(dir).await;
    assert_eq!(found(dir, "database").level, HealthLevel::Ok);
    assert_eq!(
        found(dir, "program").level,
        HealthLevel::Waiting,
        "it does not run"
    );
    let none = found(dir, "backup");
    assert!(
        none.level == HealthLevel::Ok && none.next.is_some(),
        "nobody relies on one, and one is advised: {none:?}"
    );
    assert_eq!(found(dir, "files").level, HealthLevel::Ok);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(found(dir, "keys").level, HealthLevel::Ok);
        std::fs::set_permissions(dir.join("master.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(found(dir, "keys").next.unwrap().contains("chmod"));
    }
    let other = hearth_federation::sealed::MasterKey::from_secret_bytes([7; 32]);
    crate::master::write_private(&dir.join("master.key"), &*other.to_secret_bytes()).unwrap();
    let keys = found(dir, "keys");
    assert!(keys.level == HealthLevel::Trouble && keys.what.contains("another home"));
    std::fs::write(dir.join("master.key"), b"short").unwrap();
    assert!(found(dir, "keys").what.contains("damaged"));
    std::fs::remove_file(dir.join("master.key")).unwrap();
    assert!(found(dir, "keys").what.contains("missing"));
    let mut bytes = std::fs::read(dir.join("hearth.db")).unwrap();
    for byte in bytes.iter_mut().skip(4096 + 8).take(20_000) {
        *byte = 0x55;
    }
    std::fs::write(dir.join("hearth.db"), bytes).unwrap();
    let broken = found(dir, "database");
    assert_eq!(broken.level, HealthLevel::Trouble, "{broken:?}");
    assert!(broken.next.unwrap().contains("hearth restore"));
}

async fn set(dir: &Path, key: &'static str, value: String) {
    let db = hearth_db::Db::open(&dir.join("hearth.db"), &hearth_db::DbOptions::default()).unwrap();
    db.write(move |tx| meta::set(tx, key, &value)).await.unwrap();
    db.close();
}

#[tokio::test]
async fn a_pause_of_sending_is_told_until_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    home(dir).await;
    let of_sending = || kept::sending(dir, NOW);
    assert!(of_sending().is_none(), "it sends");
    set(dir, "sending_paused_until", NOW.plus_ms(59_000).0.to_string()).await;
    let paused = found(dir, "sending");
    assert_eq!(paused.level, HealthLevel::Waiting);
    assert!(paused.what.contains("another 1 minute;"), "{}", paused.what);
    assert!(paused.next.unwrap().contains("hearth resume"));
    set(dir, "sending_paused_until", NOW.0.to_string()).await;
    assert!(of_sending().is_none(), "it is over");
}

#[tokio::test]
async fn a_first_backup_that_is_still_to_be_made_is_told_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    home(dir).await;
    let schedule = hearth_api::backup::BackupSchedule {
        every: hearth_api::backup::BackupEvery::Day,
        ..hearth_api::backup::BackupSchedule::default()
    };
    set(dir, "backup.schedule", serde_json::to_string(&schedule).unwrap()).await;
    let due = found(dir, "backup");
    assert_eq!(due.level, HealthLevel::Waiting);
    assert!(due.what.contains("is made soon"), "{}", due.what);
    set(dir, "backup.slot", NOW.0.to_string()).await;
    let later = found(dir, "backup");
    assert_eq!(later.level, HealthLevel::Waiting);
    let shown = later
        .what
        .strip_prefix("There is none yet. The first one is made on 2026-11-2");
    assert!(
        shown.is_some_and(|rest| rest.ends_with("at 02:00.")),
        "{}",
        later.what
    );
    assert!(later.next.unwrap().contains("hearth backup"));
}

#[tokio::test]
async fn a_passphrase_that_was_named_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let right = Zeroizing::new("the passphrase of the keys".to_owned());
    let open = |phrase: &Zeroizing<String>| {
        let mut config = NodeConfig::new(dir);
        config.federation_listen = None;
        config.workers = false;
        config.passphrase = Some(phrase.clone());
        Node::open(config)
    };
    open(&right).await.unwrap().close().await;
    let keychain = MemoryKeychain::default();
    let with = |named: Option<Result<Zeroizing<String>, OpenError>>| {
        let means = Means {
            passphrase: named.as_ref(),
            ..means(&keychain)
        };
        keys::keys(dir, means)
    };
    assert_eq!(with(None).level, HealthLevel::Ok);
    let good = with(Some(Ok(right)));
    assert!(
        good.level == HealthLevel::Ok && good.what.contains("open with"),
        "{good:?}"
    );
    let mistyped = Zeroizing::new("the passphrase of the key".to_owned());
    let Err(error) = open(&mistyped).await else {
        panic!("it opened");
    };
    assert!(matches!(error, OpenError::WrongPassphrase), "{error}");
    let wrong = with(Some(Ok(mistyped)));
    assert_eq!(wrong.level, HealthLevel::Trouble);
    assert!(wrong.what.contains("not the passphrase"), "{}", wrong.what);
    assert!(wrong.next.unwrap().contains("--passphrase-file"));
    let nothing = dir.join("nothing");
    std::fs::write(&nothing, "\n").unwrap();
    let empty = crate::master::read_passphrase(&nothing).unwrap_err();
    assert!(empty.in_words().contains("it is empty"), "{}", empty.in_words());
    let lost = crate::master::read_passphrase(&dir.join("no/such file"));
    let lost = with(Some(lost));
    assert_eq!(lost.level, HealthLevel::Trouble);
    assert!(
        lost.what.contains("cannot be read") && !lost.what.contains("os error"),
        "{}",
        lost.what
    );
    assert!(lost.next.is_some() && lost.name.unwrap().ends_with("no/such file"));
}

#[tokio::test]
async fn a_passphrase_for_a_home_without_one_is_told_as_one_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    home(dir).await;
    let (keychain, named) = (
        MemoryKeychain::default(),
        Ok(Zeroizing::new("a phrase".to_owned())),
    );
    let found = keys::keys(
        dir,
        Means {
            passphrase: Some(&named),
            ..means(&keychain)
        },
    );
    assert_eq!(found.level, HealthLevel::Trouble);
    assert!(found.next.unwrap().contains("Leave out --passphrase-file"));
}

#[test]
fn days_are_counted_as_people_do() {
    assert_eq!(
        [age(0), age(1), age(2)],
        ["less than a day old", "a day old", "2 days old"]
    );
}

fn silent(code: Option<&str>, minutes: Option<i64>) -> Finding {
    let home: Home = serde_json::from_value(serde_json::json!({
        "id": "a".repeat(52), "id_shown": "", "name": "Hill", "nickname": "", "state": "connected", "connected_at": null,
        "words": null, "contact": null, "addresses": [], "version": "", "last_contact": null, "reachable": false, "fetches": false,
        "waiting": 1, "refused": 0, "clock_difference_ms": 0, "last_error": code, "next_try": null
    }))
    .unwrap();
    silent_home(&home, minutes)
}

#[test]
fn a_silent_home_is_judged_by_what_it_said() {
    let copies = silent(Some("cloned"), Some(3));
    assert!(copies.level == HealthLevel::Trouble && copies.what.contains("two copies"));
    assert!(
        silent(Some("not_connected"), Some(3))
            .what
            .contains("removed or blocked")
    );
    assert!(
        silent(Some("clock_skew"), Some(3))
            .next
            .unwrap()
            .contains("clock")
    );
    assert!(
        silent(None, Some(0))
            .what
            .contains("less than a minute; 1 thing waits")
    );
    assert!(silent(Some("unreachable"), Some(5)).what.contains("5 minutes"));
    assert!(silent(None, None).what.contains("never"));
}

#[test]
fn a_clock_is_judged_only_where_there_is_another() {
    let found = |facts: serde_json::Value| {
        let health: hearth_api::health::Health = serde_json::from_value(serde_json::json!({
            "level": "ok", "parts": [{ "part": "clock", "level": "ok", "facts": facts }], "homes": [], "addresses": [], "waiting": 0, "id_shown": "",
        }))
        .unwrap();
        let mut findings = Vec::new();
        super::running::of_health(&health, hearth_api::Timestamp(0), &mut findings);
        findings.remove(0).what
    };
    assert!(found(serde_json::json!({})).contains("No other home"));
    assert!(found(serde_json::json!({ "difference_ms": "1500" })).contains("within 2 s."));
}
