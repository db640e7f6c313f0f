//! Backups that restore: by the command line and in the running home; nothing lost, nothing half done.

use hearth_api::Code;
use hearth_api::backup::{
    BackupEvery, BackupJob, BackupSchedule, BeginRestore, DeleteBackup, GetRestoreJob, JobPhase, ListBackups,
    PreviewRestore, RestoreBackup, SendRestore, SetBackupSchedule, StartBackup, StartRestore, VerifyBackup,
};
use hearth_api::feed::Audience;
use hearth_api::homes::HomeState;
use hearth_api::media::Variant;
use hearth_api::notify::NotificationType;
use hearth_api::session::ListSessions;
use hearth_tests::process::{Served, command, init, run};
use hearth_tests::{PASSWORD, Seed, TestHome, TestPerson, World, within};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

const PHRASE: &str = "four words of mine";

fn set(every: BackupEvery) -> SetBackupSchedule {
    SetBackupSchedule {
        schedule: BackupSchedule {
            every,
            ..BackupSchedule::default()
        },
        passphrase: Some(PHRASE.to_owned()),
        password: PASSWORD.to_owned(),
    }
}

/// Waits until the job that runs has ended.
async fn ended(person: &TestPerson) -> BackupJob {
    within("the job to end", async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        loop {
            look.tick().await;
            let job = person.ok(ListBackups {}).await.job.expect("a job");
            if job.phase.is_end() {
                return job;
            }
        }
    })
    .await
}

async fn made(person: &TestPerson) -> String {
    person.ok(StartBackup {}).await;
    let job = ended(person).await;
    assert_eq!((job.phase, &job.error), (JobPhase::Done, &None));
    job.file.expect("the name of the backup")
}

fn folder_of(home: &TestHome) -> PathBuf {
    home.dir().join("backups")
}

fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

async fn hearth(dir: &Path, args: &[&str]) -> Output {
    let mut command = command(dir);
    command
        .env("HEARTH_BACKUP_PASSPHRASE", PHRASE)
        .arg("--json")
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    within("the command line", command.output()).await.unwrap()
}

#[tokio::test]
async fn a_home_that_burnt_down_comes_back_with_everything_and_its_friends() {
    let world = World::new();
    let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara"]).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    let picture = anna.upload_photo(1).await;
    let post = anna
        .post_with(Audience::Friends, "Before the fire", &[(&picture, "A hill")])
        .await;
    world.pump().await;
    anna.ok(set(BackupEvery::Off)).await;
    let name = made(&anna).await;
    let later = anna.post(Audience::Friends, "After the backup").await;
    world.pump().await;
    let file = std::env::temp_dir().join(format!("{}-{name}", hill.id()));
    std::fs::copy(folder_of(&hill).join(&name), &file).unwrap();

    hill.stop().await;
    std::fs::remove_dir_all(hill.dir()).unwrap();
    hill.start().await;
    let stranger = hill.stranger_called("Anna");
    hand_over(&stranger, &file).await;
    std::fs::remove_file(&file).unwrap();
    within("the restore", hill.node().restart_wanted().cancelled()).await;
    hill.restart().await;

    stranger.sign_in(PASSWORD).await.expect("the password of before");
    assert!(
        stranger.sees(post.id).await.is_some(),
        "what was in the backup is there"
    );
    let seen = hill
        .node()
        .media(&stranger.caller(), picture.hash.clone(), Variant::Original, None)
        .await;
    assert!(seen.is_ok_and(|file| file.total > 0), "with its picture");
    assert!(
        stranger.sees(later.id).await.is_none(),
        "what came later is not, until the friends give it back"
    );
    let homes = stranger.ok(hearth_api::homes::ListHomes::default()).await;
    assert!(
        homes
            .iter()
            .any(|home| home.id == lake.id() && home.state == HomeState::Connected)
    );
    let again = stranger.post(Audience::Friends, "We are back").await;
    world.pump().await;
    assert!(clara.sees(again.id).await.is_some(), "the connection goes on");
    assert!(hill.is_sound());
}

/// Hands a backup over as the window does, and starts the restore.
async fn hand_over(person: &TestPerson, file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    let length = bytes.len() as u64;
    let upload = person.ok(BeginRestore { bytes: length }).await;
    let unfinished = StartRestore {
        id: upload.id.clone(),
        passphrase: PHRASE.to_owned(),
        password: None,
    };
    assert_eq!(person.refused(unfinished).await.code, Code::WrongState);
    let mut offset = 0;
    for piece in bytes.chunks(100_000) {
        let send = SendRestore {
            id: upload.id.clone(),
            offset,
            data: data_encoding::BASE64.encode(piece),
        };
        offset = person.ok(send.clone()).await.offset;
        assert_eq!(
            person.refused(send).await.code,
            Code::WrongOffset,
            "no piece counts twice"
        );
    }
    let preview = person
        .ok(PreviewRestore {
            id: upload.id.clone(),
        })
        .await;
    assert_eq!((preview.bytes, preview.people), (length, 2));
    let start = |passphrase: &str| StartRestore {
        id: upload.id.clone(),
        passphrase: passphrase.to_owned(),
        password: None,
    };
    person.ok(start("not this one")).await;
    let refused = within("the refusal", async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        loop {
            look.tick().await;
            let job = person.ok(GetRestoreJob {}).await.expect("a job");
            if job.phase.is_end() {
                return job;
            }
        }
    })
    .await;
    assert_eq!(refused.error.expect("a reason").code, Code::WrongPassphrase);
    person.ok(start(PHRASE)).await;
}

#[tokio::test]
async fn in_the_running_home_admins_make_check_restore_and_delete_backups() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (hill.owner(), hill.person("Ben"));
    assert_eq!(anna.refused(StartBackup {}).await.code, Code::PassphraseNeeded);
    let mut wrong = set(BackupEvery::Off);
    wrong.password = "not my password".to_owned();
    assert_eq!(anna.refused(wrong).await.code, Code::PasswordNeeded);
    let mut short = set(BackupEvery::Off);
    short.passphrase = Some("short".to_owned());
    assert_eq!(anna.refused(short).await.name(), "invalid_passphrase");
    let listed = anna.ok(set(BackupEvery::Off)).await;
    assert!(listed.passphrase_set && listed.next_at.is_none());
    assert_eq!(ben.refused(ListBackups {}).await.code, Code::Forbidden);
    assert_eq!(ben.refused(GetRestoreJob {}).await.code, Code::Forbidden);
    assert_eq!(
        hill.stranger().refused(GetRestoreJob {}).await.code,
        Code::SignInNeeded
    );

    let name = made(&anna).await;
    let listed = anna.ok(ListBackups {}).await;
    assert_eq!(listed.files.len(), 1);
    assert!(listed.files[0].own && listed.files[0].people == 2);
    for name in ["../hearth.db", "hearth.db", "", "/etc/passwd"] {
        let verify = VerifyBackup {
            name: name.to_owned(),
            passphrase: None,
        };
        assert_eq!(anna.refused(verify).await.code, Code::NotFound, "{name}");
    }
    let verify = VerifyBackup {
        name: name.clone(),
        passphrase: None,
    };
    anna.ok(verify.clone()).await;
    assert_eq!(ended(&anna).await.phase, JobPhase::Done);

    let post = anna.post(Audience::Friends, "After the backup").await;
    let elsewhere = anna.on_another_device().await;
    let restore = |password: &str| RestoreBackup {
        name: name.clone(),
        passphrase: None,
        password: password.to_owned(),
    };
    assert_eq!(
        anna.refused(restore("not my password")).await.code,
        Code::PasswordNeeded
    );
    anna.ok(restore(PASSWORD)).await;
    within("the restore", hill.node().restart_wanted().cancelled()).await;
    let saved = ended(&anna).await.file.expect("the state before was saved");
    hill.restart().await;
    for person in [&anna, &elsewhere, &ben] {
        assert_eq!(
            person.refused(ListSessions {}).await.code,
            Code::SignInNeeded,
            "everybody is signed out"
        );
    }
    anna.sign_in(PASSWORD).await.unwrap();
    assert!(anna.sees(post.id).await.is_none());
    // And back again, from what was saved first.
    anna.ok(RestoreBackup {
        name: saved.clone(),
        passphrase: Some(PHRASE.to_owned()),
        password: PASSWORD.to_owned(),
    })
    .await;
    within("the restore", hill.node().restart_wanted().cancelled()).await;
    hill.restart().await;
    anna.sign_in(PASSWORD).await.unwrap();
    assert!(
        anna.sees(post.id).await.is_some(),
        "nothing was lost by restoring"
    );

    let path = folder_of(&hill).join(&name);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    anna.ok(verify).await;
    assert_eq!(
        ended(&anna).await.error.expect("a reason").code,
        Code::BackupDamaged
    );
    let delete = |password: &str| DeleteBackup {
        name: name.clone(),
        password: password.to_owned(),
    };
    assert_eq!(
        anna.refused(delete("not my password")).await.code,
        Code::PasswordNeeded
    );
    anna.ok(delete(PASSWORD)).await;
    assert!(!path.exists());
}

#[tokio::test]
async fn backups_are_made_at_night_kept_thirty_days_and_a_failure_is_told_once() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben"]).await;
    let anna = hill.owner();
    anna.ok(set(BackupEvery::Day)).await;
    let due = async || hill.node().backup_if_due().await;
    let count = async || anna.ok(ListBackups {}).await.files.len();
    due().await.unwrap();
    assert_eq!(count().await, 0, "not before the night");
    world.clock().advance(Duration::from_secs(2 * 3600));
    due().await.unwrap();
    due().await.unwrap();
    assert_eq!(count().await, 1, "once a night");
    for _ in 0..32 {
        world.clock().advance_days(1);
        anna.sign_in(PASSWORD).await.unwrap();
        due().await.unwrap();
    }
    let kept = anna.ok(ListBackups {}).await.files;
    assert_eq!(kept.len(), 31, "those of thirty days, and the one of today");

    // The folder cannot be written any more: a file is in its place.
    let (folder, aside) = (folder_of(&hill), hill.dir().join("aside"));
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::write(&folder, b"in the way").unwrap();
    world.clock().advance_days(1);
    anna.sign_in(PASSWORD).await.unwrap();
    assert!(due().await.is_err());
    due().await.unwrap();
    world.clock().advance(Duration::from_secs(3700));
    assert!(due().await.is_err(), "tried again after an hour");
    let told = async |person: &TestPerson| {
        let all = person.notifications().await;
        all.into_iter()
            .filter(|n| n.kind == NotificationType::BackupFailed)
            .count()
    };
    assert_eq!(told(&anna).await, 1, "admins are told once");
    let ben = hill.person("Ben");
    ben.sign_in(PASSWORD).await.unwrap();
    assert_eq!(told(&ben).await, 0, "and nobody else");
    let listed = anna.ok(ListBackups {}).await;
    assert_eq!(
        listed.failure.map(|failure| failure.error.code),
        Some(Code::BackupFolderMissing),
        "and the list says why"
    );
    assert!(listed.folder_missing);
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    assert_eq!(count().await, 31, "the last good ones stay");
    world.clock().advance(Duration::from_secs(3700));
    due().await.unwrap();
    assert!(
        anna.ok(ListBackups {}).await.failure.is_none(),
        "mended by the next that goes well"
    );
}

#[tokio::test]
async fn the_command_line_backs_up_a_running_home_and_restores_it() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, file) = (
        folder.path().join("home"),
        folder.path().join("mine.hearth-backup"),
    );
    let named = file.to_str().unwrap();
    let none = hearth(&dir, &["backup", "--to", named]).await;
    assert_eq!(none.status.code(), Some(3), "no home is set up");
    init(&dir, "Hill House", "Anna").await;
    let served = Served::start(&dir, 0, 0).await;
    let done = hearth(&dir, &["backup", "--to", named]).await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    assert_eq!(json(&done)["people"], 1);
    let twice = hearth(&dir, &["backup", "--to", named]).await;
    assert_eq!(twice.status.code(), Some(1), "an older backup is not overwritten");
    let busy = hearth(&dir, &["restore", named]).await;
    assert_eq!(busy.status.code(), Some(4), "not while the home runs");
    assert!(served.terminate().await);

    let dry = hearth(&dir, &["restore", "--dry-run", named]).await;
    assert_eq!(
        (json(&dry)["restored"].as_bool(), json(&dry)["home_name"].as_str()),
        (Some(false), Some("Hill House"))
    );
    let wrong = run(&dir, &["--json", "restore", named], Some("not this one")).await;
    assert_eq!(
        (wrong.status.code(), json(&wrong)["error"]["code"].as_str()),
        (Some(1), Some("wrong_passphrase"))
    );
    let other = folder.path().join("other");
    let restored = run(&other, &["--json", "restore", named], Some(PHRASE)).await;
    assert_eq!(json(&restored)["home_name"], "Hill House");
    assert_eq!(json(&restored)["saved_before"], Value::Null);
    assert_eq!(json(&restored)["other_home"], false);
    let lake = folder.path().join("lake");
    init(&lake, "Lake House", "Ben").await;
    let told = run(&lake, &["restore", named], Some(PHRASE)).await;
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        told.status.success() && said.contains("of another home"),
        "{said}"
    );
    let again = hearth(&dir, &["restore", named]).await;
    let saved = json(&again)["saved_before"]
        .as_str()
        .expect("the state before")
        .to_owned();
    assert!(Path::new(&saved).is_file());
    let status = run(&other, &["status"], None).await;
    assert!(status.status.success());
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.truncate(bytes.len() - 1);
    std::fs::write(&file, bytes).unwrap();
    let cut = hearth(&dir, &["restore", named]).await;
    assert_eq!(
        (cut.status.code(), json(&cut)["error"]["field"].as_str()),
        (Some(1), Some("end"))
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_ends_a_backup_with_a_reason_and_without_remains() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("home");
    init(&dir, "Hill House", "Anna").await;
    // A limit on the length of files stands in for the end of a disk: all of a backup fits but its last blocks.
    let whole = folder.path().join("home/whole.hearth-backup");
    let made = hearth(&dir, &["backup", "--to", whole.to_str().unwrap()]).await;
    assert!(made.status.success());
    let blocks = std::fs::metadata(&whole).unwrap().len() / 512 - 1;
    let target = folder.path().join("full.hearth-backup");
    let program = command(&dir);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut limited = tokio::process::Command::new("sh");
    limited
        .args(["-c", &script, "sh"])
        .arg(program.as_std().get_program())
        .args(program.as_std().get_args())
        .args(["--json", "backup", "--to"])
        .arg(&target)
        .env("HEARTH_BACKUP_PASSPHRASE", PHRASE);
    let output = within("the backup", limited.output()).await.unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(json(&output)["error"]["code"], "disk_full");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["home"]);
}

/// Kills a command after a time; whether it had ended before.
async fn killed(dir: &Path, args: &[&str], after: Duration) -> bool {
    let mut command = command(dir);
    command
        .env("HEARTH_BACKUP_PASSPHRASE", PHRASE)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    match tokio::time::timeout(after, child.wait()).await {
        Ok(_) => true,
        Err(_) => {
            child.kill().await.unwrap();
            false
        }
    }
}

#[tokio::test]
async fn a_kill_at_any_moment_leaves_the_old_home_or_the_restored_one() {
    let seed = Seed::new("restore kills");
    let folder = tempfile::tempdir().unwrap();
    let (hill, lake) = (folder.path().join("hill"), folder.path().join("lake"));
    init(&hill, "Hill House", "Anna").await;
    init(&lake, "Lake House", "Clara").await;
    let file = |home: &str| folder.path().join(format!("{home}.hearth-backup"));
    let named = |home: &str| file(home).to_str().unwrap().to_owned();
    let began = std::time::Instant::now();
    for (dir, home) in [(&hill, "hill"), (&lake, "lake")] {
        assert!(
            hearth(dir, &["backup", "--to", &named(home)])
                .await
                .status
                .success()
        );
    }
    // How long a backup takes here decides when a command is killed; restoring verifies, backs up and unpacks, so it takes longer.
    let span = u64::try_from(began.elapsed().as_millis()).unwrap() / 2;
    let mut cut_off = 0;
    for round in 0..6u64 {
        let home = if round % 2 == 0 { "lake" } else { "hill" };
        let after = Duration::from_millis(span * (2 * round + 1) / 6);
        cut_off += u32::from(!killed(&hill, &["restore", &named(home)], after).await);
        let status = run(&hill, &["--json", "status"], None).await;
        assert_eq!(
            status.status.code(),
            Some(0),
            "the home opens: {}",
            String::from_utf8_lossy(&status.stderr)
        );
        let target = folder.path().join("probe.hearth-backup");
        let target = target.to_str().unwrap();
        killed(
            &hill,
            &["backup", "--to", target],
            Duration::from_millis(seed.below(span)),
        )
        .await;
        let whole = hearth(&hill, &["restore", "--dry-run", target]).await;
        assert!(
            whole.status.success() || !Path::new(target).exists(),
            "a backup that is there is whole"
        );
        let _ = std::fs::remove_file(target);
    }
    assert!(cut_off >= 2, "only {cut_off} kills came in the middle");
}
