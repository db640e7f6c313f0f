//! A backup that is double-clicked while the home is well: named, and restored over it by whoever gives the password.

use super::damaged::{PHRASE, back_up};
use super::{House, answer, path, shot, t};
use hearth_api::feed::{Audience, CreatePost};
use hearth_tests::PASSWORD;
use hearth_tests::desktop::{Desk, TITLE, until};
use std::path::Path;
use uuid::Uuid;

/// Whether a process has this home.
fn runs_at(data: &Path) -> bool {
    let wanted = format!("HEARTH_DATA_DIR={}", data.display());
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|process| std::fs::read(process.path().join("environ")).ok())
        .any(|environ| {
            environ
                .split(|byte| *byte == 0)
                .any(|part| part == wanted.as_bytes())
        })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_double_clicked_in_a_home_that_is_well_is_named_and_can_be_restored() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    app.close().await;
    let file = |name: &str| house.0.path().join(name);
    back_up(&house.data(), &file("from the old computer.hearth-backup"));
    std::fs::write(file("spoilt.hearth-backup"), "a photo").unwrap();

    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.ask(CreatePost {
        op: Uuid::from_bytes([7; 16]),
        audience: Audience::Me,
        text: "Written after the backup".to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    })
    .await;
    let double_click = async |name: &str| {
        let argument = file(name).to_string_lossy().into_owned();
        assert!(desk.start_again(&house.data(), &[&argument]).await);
        app.find_with(&t("handed"), name).await;
    };

    // What is no backup says so, and the home goes on.
    double_click("spoilt.hearth-backup").await;
    app.click(&t("handed-restore")).await;
    app.find_with(&t("handed-error"), "damaged").await;

    // The last one counts, also after a reload, until somebody does not want it.
    double_click("from the old computer.hearth-backup").await;
    app.until_gone(&t("handed-error"), "").await;
    app.reload().await;
    app.find_with(&t("handed"), "from the old computer.hearth-backup")
        .await;
    app.find(&t("no-backups")).await;
    shot(&desk, "handed");
    app.click(&t("handed-leave")).await;
    app.until_gone(&t("handed"), "").await;
    assert_eq!(path(&app).await, "/settings/backups");

    // The home asks for all that it asks for with one of its list.
    double_click("from the old computer.hearth-backup").await;
    app.click(&t("handed-restore")).await;
    app.type_into(&t("restore-passphrase"), "another phrase").await;
    app.type_into(&t("restore-password"), "not my password").await;
    app.type_into(&t("confirm-word"), "restore").await;
    app.click(&t("confirm-do")).await;
    app.find_with(".h-field__error", "password").await;
    shot(&desk, "handed-asks");
    app.run(
        "document.querySelector(arguments[0]).select()",
        serde_json::json!([t("restore-password")]),
    )
    .await;
    app.type_into(&t("restore-password"), PASSWORD).await;
    app.click(&t("confirm-do")).await;
    app.find_with(&t("backup-error"), "not the passphrase").await;
    app.click(&t("handed-restore")).await;
    app.type_into(&t("restore-passphrase"), PHRASE).await;
    app.type_into(&t("restore-password"), PASSWORD).await;
    app.type_into(&t("confirm-word"), "restore").await;
    answer(&app, "confirm-do").await;

    // It starts again as it was; what was there before is kept as a backup of its own.
    app.ended().await;
    desk.screen().until_shown(TITLE, true).await;
    desk.tray().await.choose("Quit").await;
    until("the one that started by itself to end", || async {
        (!runs_at(&house.data())).then_some(())
    })
    .await;
    let app = house.open(&desk).await;
    app.type_into(&t("username"), "anna").await;
    app.type_into(&t("password"), PASSWORD).await;
    app.click(&t("signin")).await;
    app.find(&t("feed-empty")).await;
    let kept = std::fs::read_dir(house.data().join("backups")).unwrap().flatten();
    let kept = kept.filter(|entry| entry.path().extension().is_some_and(|end| end == "hearth-backup"));
    assert_eq!(kept.count(), 1, "the state before");
    app.close().await;
}
