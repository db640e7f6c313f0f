//! Backups of a real home's folder: whole, damaged, cut off, for a full disk, restored.

use super::*;
use crate::keychain::fake::MemoryKeychain;
use crate::system::SystemEntropy;
use crate::{Caller, Node, NodeConfig};
use hearth_api::Timestamp;
use hearth_api::backup::{JobKind, JobPhase};
use hearth_api::ports::Entropy;
use hearth_db::snapshot::Snapshot;
use hearth_db::{DbError, meta};
use proptest::prelude::*;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

pub(super) const PHRASE: &str = "four words of mine";
const NOW: Timestamp = Timestamp(1_795_305_600_000);

pub(super) fn config(dir: &Path) -> NodeConfig {
    let mut config = NodeConfig::new(dir);
    config.federation_listen = None;
    config.workers = false;
    config.fast_passwords = true;
    config
}

/// A home with an owner and a file.
pub(super) async fn home(dir: &Path) {
    let node = Node::open(config(dir)).await.unwrap();
    let owner = json!({ "name": "Anna", "username": "anna", "password": "correct horse battery", "birth_date": "1990-05-17" });
    let request = json!({ "home_name": "Hill House", "owner": owner });
    let reply = node.dispatch(Caller::control(), "app.create_home", request).await;
    reply.result.unwrap();
    node.close().await;
}

pub(super) fn new(target: &Path) -> NewBackup {
    NewBackup {
        target: target.to_owned(),
        passphrase: Zeroizing::new(PHRASE.to_owned()),
        with_copies: false,
        keychain: Arc::new(MemoryKeychain::default()),
        made_at: NOW,
        fast: true,
    }
}

pub(super) fn job() -> Job {
    Job::silent(JobKind::Backup, NOW)
}

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy)
}

/// The bytes of one backup, made once for all tests that only read it.
pub(super) fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(another_sample)
}

/// The bytes of a backup of another home each time.
pub(super) fn another_sample() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (dir, target) = (folder.path().join("home"), folder.path().join("a.hearth-backup"));
    // On a thread of its own, runtime and all: the test that comes first may be inside a runtime already.
    let made = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().unwrap();
        runtime.block_on(home(&dir));
    };
    std::thread::scope(|scope| scope.spawn(made).join().unwrap());
    create(&dir, &new(&target), &SystemEntropy, &job()).unwrap();
    std::fs::read(&target).unwrap()
}

fn check(bytes: &[u8], phrase: &str) -> Result<Verified, BackupError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    verify(file.path(), phrase, &job())
}

fn wanted(file: PathBuf, dir: &Path) -> Restore {
    Restore {
        file,
        passphrase: Zeroizing::new(PHRASE.to_owned()),
        key_passphrase: None,
        keychain: Arc::new(MemoryKeychain::default()),
        now: NOW,
        safety: dir.join("backups").join("before.hearth-backup"),
        broken: false,
        fast: true,
    }
}

/// Restores off the async thread, as the program does.
async fn restoring(dir: &Path, wanted: Restore, job: Job) -> Result<Verified, BackupError> {
    let dir = dir.to_owned();
    let work = move || restore(&dir, &wanted, &entropy(), &job);
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[test]
fn a_backup_is_what_it_says_and_opens_with_its_passphrase_only() {
    let verified = check(sample(), PHRASE).unwrap();
    assert_eq!((verified.preface.people, verified.preface.made_at), (1, NOW));
    assert_eq!(verified.home_name, "Hill House");
    assert!(matches!(
        check(sample(), "another phrase"),
        Err(BackupError::WrongPassphrase)
    ));
    for marker in [&b"Hill House"[..], b"Anna", b"SQLite format 3"] {
        assert!(
            !sample().windows(marker.len()).any(|part| part == marker),
            "{marker:?} is not readable"
        );
    }
}

#[test]
fn every_changed_byte_of_the_beginning_and_the_end_is_found() {
    let bytes = sample();
    let places = (0..1200).chain(bytes.len() - 40..bytes.len());
    for place in places {
        let mut damaged = bytes.to_vec();
        damaged[place] ^= 1;
        let found = check(&damaged, PHRASE).unwrap_err();
        assert!(
            matches!(found, BackupError::Damaged(_)),
            "byte {place}: {found:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_changed_byte_anywhere_is_found(place: prop::sample::Index, change in 1..=255_u8) {
        let mut damaged = sample().to_vec();
        let place = place.index(damaged.len());
        damaged[place] ^= change;
        let found = check(&damaged, PHRASE);
        prop_assert!(matches!(found, Err(BackupError::Damaged(_))), "byte {}: {:?}", place, found);
    }

    #[test]
    fn a_missing_end_of_any_length_is_found(length: prop::sample::Index) {
        let cut = &sample()[..length.index(sample().len())];
        prop_assert!(matches!(check(cut, PHRASE), Err(BackupError::Damaged(_))));
    }

    #[test]
    fn anything_else_is_refused_and_never_a_panic(bytes: Vec<u8>) {
        prop_assert!(check(&bytes, PHRASE).is_err());
    }
}

#[test]
fn something_appended_is_found() {
    let mut longer = sample().to_vec();
    longer.push(0);
    assert!(matches!(check(&longer, PHRASE), Err(BackupError::Damaged(_))));
}

#[test]
fn a_photo_is_no_backup_and_not_called_a_damaged_one() {
    let photo = [b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00".as_slice(), &[7; 4000]].concat();
    let refused = check(&photo, PHRASE).unwrap_err();
    assert!(matches!(refused, BackupError::NotABackup), "{refused:?}");
    assert!(matches!(check(b"", PHRASE), Err(BackupError::Damaged(_))));
}

#[test]
fn one_of_a_newer_program_is_named_and_not_called_damaged() {
    let text = b"hearth-backup/2\n{\"program\":\"9.0.0\"}\n";
    let sum = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(text));
    let file = [text.as_slice(), sum.as_bytes(), b"\n"].concat();
    assert!(matches!(check(&file, PHRASE), Err(BackupError::TooNew { program }) if program == "9.0.0"));
}

#[tokio::test]
async fn a_home_is_restored_into_an_empty_folder_signed_out_and_with_a_new_life() {
    let folder = tempfile::tempdir().unwrap();
    let (file, dir) = (folder.path().join("a.hearth-backup"), folder.path().join("new"));
    std::fs::write(&file, sample()).unwrap();
    let verified = restoring(&dir, wanted(file, &dir), job()).await.unwrap();
    assert_eq!(verified.saved_before, None);
    let database = Snapshot::open(&dir.join("hearth.db")).unwrap();
    let facts = database.read(|tx| {
        let epoch = meta::get(tx, "epoch")?;
        Ok::<_, DbError>((epoch, meta::get(tx, "restored")?, hearth_db::account::any(tx)?))
    });
    assert_eq!(facts.unwrap(), (None, Some(NOW.0.to_string()), true));
    let node = Node::open(config(&dir)).await.unwrap();
    assert_eq!(*node.home_id(), verified.preface.home, "the same home");
    assert!(node.is_set_up().await.unwrap());
    let restored = node.db().read(|tx| meta::get(tx, "restored_state")).await;
    assert_eq!(restored.unwrap(), Some(verified.preface.made_at.0.to_string()));
    node.close().await;
}

#[tokio::test]
async fn what_fails_leaves_the_present_home_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (file, dir) = (folder.path().join("a.hearth-backup"), folder.path().join("home"));
    home(&dir).await;
    let before = std::fs::read(dir.join("master.key")).unwrap();
    let mut damaged = sample().to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(&file, &damaged).unwrap();
    let refused = restoring(&dir, wanted(file.clone(), &dir), job())
        .await
        .unwrap_err();
    assert!(matches!(refused, BackupError::Damaged(_)), "{refused:?}");
    std::fs::write(&file, sample()).unwrap();
    let mut wrong = wanted(file.clone(), &dir);
    wrong.passphrase = Zeroizing::new("another phrase".to_owned());
    assert!(matches!(
        restoring(&dir, wrong, job()).await,
        Err(BackupError::WrongPassphrase)
    ));
    let mut locked = wanted(file.clone(), &dir);
    locked.key_passphrase = Some(Zeroizing::new("a key passphrase".to_owned()));
    assert!(matches!(
        restoring(&dir, locked, job()).await,
        Err(BackupError::KeysLocked)
    ));
    let cancelled = job();
    cancelled.cancel();
    let stopped = restoring(&dir, wanted(file.clone(), &dir), cancelled).await;
    assert!(matches!(stopped, Err(BackupError::Cancelled)));
    assert_eq!(
        std::fs::read(dir.join("master.key")).unwrap(),
        before,
        "the present home stays"
    );
    assert!(
        !dir.join("restore").exists(),
        "nothing is left of what was prepared"
    );

    let running = Node::open(config(&dir)).await.unwrap();
    assert!(matches!(
        restoring(&dir, wanted(file.clone(), &dir), job()).await,
        Err(BackupError::InUse)
    ));
    running.close().await;
    drop(running);

    let done = restoring(&dir, wanted(file, &dir), job()).await.unwrap();
    assert_ne!(
        std::fs::read(dir.join("master.key")).unwrap(),
        before,
        "the other home is in its place"
    );
    let saved = done.saved_before.expect("the state before was saved");
    assert!(
        !dir.join("backup-work").exists(),
        "nothing is left of how the state before was saved"
    );
    let saved = verify(&saved, PHRASE, &job()).unwrap();
    assert_ne!(saved.preface.home, done.preface.home);
}

#[tokio::test]
async fn a_home_whose_database_cannot_be_read_is_kept_aside_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (file, dir) = (folder.path().join("a.hearth-backup"), folder.path().join("home"));
    home(&dir).await;
    std::fs::write(
        dir.join("hearth.db"),
        b"not a database at all, but somebody may mend it",
    )
    .unwrap();
    std::fs::write(&file, sample()).unwrap();
    let done = restoring(&dir, wanted(file, &dir), job()).await.unwrap();
    let kept = done.saved_before.expect("the files are kept");
    assert!(
        std::fs::read(kept.join("hearth.db"))
            .unwrap()
            .starts_with(b"not a database")
    );
    assert!(kept.join("master.key").exists());
    Node::open(config(&dir)).await.unwrap().close().await;
}

#[tokio::test]
async fn a_file_that_the_home_itself_lost_or_spoilt_is_left_out_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, target) = (folder.path().join("home"), folder.path().join("a.hearth-backup"));
    home(&dir).await;
    let blobs = hearth_media::BlobStore::open(dir.join("blobs")).unwrap();
    let hashes = [&b"whole"[..], b"spoilt", b"lost"].map(|bytes| blobs.put_bytes(bytes).unwrap());
    let db = hearth_db::Db::open(&dir.join("hearth.db"), &hearth_db::DbOptions::default()).unwrap();
    db.write(move |tx| {
        let owner = hearth_db::account::owner(tx)?.expect("an owner");
        for hash in hashes {
            let hash: hearth_api::MediaHash = hash.to_string().parse().expect("a hash");
            let row = hearth_db::media::MediaRow {
                hash: hash.clone(),
                kind: hearth_api::media::MediaKind::File,
                mime: "text/plain".to_owned(),
                bytes: 5,
                width: None,
                height: None,
                placeholder: String::new(),
                captured_at: None,
                stored: true,
                used_at: NOW,
            };
            hearth_db::media::put(tx, &row)?;
            let owned = hearth_db::media_owner::OwnerRow {
                account: owner,
                hash,
                name: "a.txt".to_owned(),
                at: NOW,
                loose_since: None,
            };
            hearth_db::media_owner::put(tx, &owned)?;
        }
        Ok::<_, DbError>(())
    })
    .await
    .unwrap();
    db.close();
    let [whole, spoilt, lost] = hashes;
    let text = spoilt.to_string();
    let [first, second, ..] = *spoilt.as_bytes();
    let path = dir.join(format!("blobs/blobs/{first:02x}/{second:02x}/{text}"));
    std::fs::write(path, b"SPOILT").unwrap();
    blobs.delete(&lost).unwrap();
    let created = create(&dir, &new(&target), &SystemEntropy, &job()).unwrap();
    let mut left_out: Vec<String> = created.left_out.iter().map(ToString::to_string).collect();
    left_out.sort();
    let mut expected = vec![spoilt.to_string(), lost.to_string()];
    expected.sort();
    assert_eq!(left_out, expected);
    let other = folder.path().join("other");
    restoring(&other, wanted(target, &other), job()).await.unwrap();
    let restored = hearth_media::BlobStore::open(other.join("blobs")).unwrap();
    assert_eq!(restored.read(&whole, 100).unwrap(), b"whole");
    assert!(!restored.contains(&spoilt) && !restored.contains(&lost));
    let database = Snapshot::open(&other.join("hearth.db")).unwrap();
    let stored = database.read(hearth_db::media::stored).unwrap();
    assert_eq!(stored.len(), 1, "what is not here is not noted as here");
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing_and_keeps_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, target) = (folder.path().join("home"), folder.path().join("a.hearth-backup"));
    let none = create(&dir, &new(&target), &SystemEntropy, &job());
    assert!(matches!(none, Err(BackupError::NotSetUp)), "{none:?}");
    home(&dir).await;
    let mut short = new(&target);
    short.passphrase = Zeroizing::new("short".to_owned());
    assert!(matches!(
        create(&dir, &short, &SystemEntropy, &job()),
        Err(BackupError::BadPassphrase)
    ));
    create(&dir, &new(&target), &SystemEntropy, &job()).unwrap();
    assert!(matches!(
        create(&dir, &new(&target), &SystemEntropy, &job()),
        Err(BackupError::Exists(_))
    ));
    let watched = Arc::new(OnceLock::<Job>::new());
    let seen = Arc::clone(&watched);
    // Somebody cancels in the middle of writing.
    let job = Job::new(JobKind::Backup, NOW, move |state| {
        if state.phase == JobPhase::Writing
            && state.done > 0
            && let Some(job) = seen.get()
        {
            job.cancel();
        }
    });
    let job = watched.get_or_init(|| job);
    let other = folder.path().join("b.hearth-backup");
    assert!(matches!(
        create(&dir, &new(&other), &SystemEntropy, job),
        Err(BackupError::Cancelled)
    ));
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "home")
        .collect();
    assert_eq!(names, ["a.hearth-backup"]);
    assert!(!dir.join("backup-work").exists());
    assert!(verify(&target, PHRASE, &super::Job::silent(JobKind::Verify, NOW)).is_ok());
}
