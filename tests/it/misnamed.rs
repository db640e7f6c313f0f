//! What the command line and the window say of a file or folder that was named and is not what it should be.

use hearth_tests::process::{Served, command, init, run};
use hearth_tests::{PASSWORD, within};
use http::Method;
use std::path::Path;
use std::process::{Output, Stdio};

const PHRASE: &str = "four words of mine";

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_passphrase_file_that_is_another_one_or_not_there_is_told_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, phrase) = (folder.path().join("home"), folder.path().join("phrase.txt"));
    std::fs::write(&phrase, "correct horse battery staple\n").unwrap();
    let with_phrase = async |args: &[&str], input: Option<&str>| {
        let named = ["--passphrase-file", phrase.to_str().unwrap()];
        run(&dir, &[&named, args].concat(), input).await
    };
    let args = [
        "init",
        "--home",
        "Hill House",
        "--name",
        "Anna",
        "--username",
        "anna",
        "--birth-date",
        "1990-05-17",
    ];
    let made = with_phrase(&args, Some(PASSWORD)).await;
    assert!(made.status.success(), "{}", complained(&made));
    let well = with_phrase(&["doctor"], None).await;
    assert!(said(&well).contains("open with the one named"), "{}", said(&well));

    std::fs::write(&phrase, "correct horse battery stable\n").unwrap();
    let wrong = with_phrase(&["status"], None).await;
    assert_eq!(wrong.status.code(), Some(1));
    let text = complained(&wrong);
    assert!(
        text.contains("not the passphrase") && text.contains("names the right file"),
        "{text}"
    );
    let doctor = with_phrase(&["doctor"], None).await;
    assert_eq!(doctor.status.code(), Some(2), "{}", said(&doctor));
    assert!(
        said(&doctor).contains("BAD   keys: That is not the passphrase"),
        "{}",
        said(&doctor)
    );

    std::fs::remove_file(&phrase).unwrap();
    let lost = with_phrase(&["status"], None).await;
    assert_eq!(lost.status.code(), Some(2));
    let text = complained(&lost);
    assert!(
        text.contains("phrase.txt") && text.contains("Name the right file") && !text.contains("os error"),
        "{text}"
    );
    let doctor = with_phrase(&["doctor"], None).await;
    let text = said(&doctor);
    assert_eq!(doctor.status.code(), Some(2), "{text}");
    assert!(
        text.contains("phrase.txt: The file with the passphrase cannot be read")
            && text.contains("ok    database"),
        "{text}"
    );
}

async fn backup_to(dir: &Path, to: &Path) -> Output {
    let mut command = command(dir);
    command
        .env("HEARTH_BACKUP_PASSPHRASE", PHRASE)
        .args(["backup", "--to"])
        .arg(to)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    within("the backup", command.output()).await.unwrap()
}

#[tokio::test]
async fn a_backup_to_a_folder_gets_a_name_of_its_own_there_and_people_and_files_are_counted_as_people_do() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, drive) = (folder.path().join("home"), folder.path().join("drive"));
    let nowhere = backup_to(&dir, &drive.join("a.hearth-backup")).await;
    assert_eq!(nowhere.status.code(), Some(3), "{}", complained(&nowhere));
    assert!(!dir.exists(), "a mistyped folder is not made");
    init(&dir, "Hill House", "Anna").await;
    let missing = backup_to(&dir, &drive.join("")).await;
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        complained(&missing).contains("There is no folder"),
        "{}",
        complained(&missing)
    );
    std::fs::create_dir(&drive).unwrap();
    for made in [1, 2] {
        let done = backup_to(&dir, &drive.join("")).await;
        assert!(done.status.success(), "{}", complained(&done));
        let names: Vec<_> = std::fs::read_dir(&drive)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names.len(), made);
        assert!(
            names
                .iter()
                .all(|name| name.starts_with("hearth-") && name.ends_with(".hearth-backup")),
            "{names:?}"
        );
        assert!(said(&done).contains("drive"), "{}", said(&done));
    }
    let one = std::fs::read_dir(&drive).unwrap().next().unwrap().unwrap().path();
    let dry = run(
        &dir,
        &["restore", "--dry-run", one.to_str().unwrap()],
        Some(PHRASE),
    )
    .await;
    let text = said(&dry) + &complained(&dry);
    assert!(
        text.contains("a home with 1 person,") && text.contains("with 1 person and 0 files"),
        "{text}"
    );
}

#[tokio::test]
async fn a_folder_without_a_window_is_told_and_the_home_runs() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("home");
    init(&dir, "Hill House", "Anna").await;
    let mut start = command(&dir);
    start.env("HEARTH_UI_DIR", folder.path().join("no window"));
    let served = Served::start_with(start, 0, 0).await;
    let client = served.client();
    let page = client.send(client.request(Method::GET, "/", "")).await.unwrap();
    let text = page.text();
    assert!(
        page.status.is_success() && text.contains("--ui-dir") && text.contains("hearth-node"),
        "{text}"
    );
    assert!(!text.contains("cargo"), "{text}");
    assert!(served.terminate().await);
    let log = std::fs::read_to_string(dir.join("logs/hearth.log")).unwrap();
    assert!(
        log.contains("There is no window in") && log.contains("no window: it has no index.html"),
        "{log}"
    );
}
