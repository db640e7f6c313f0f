//! Starting with the computer, hidden, and what happens when nothing appears in the window.

use super::{House, shot, t};
use hearth_tests::desktop::{Desk, TITLE, until};
use std::path::PathBuf;

/// The one entry for starting with the computer, if there is one.
fn entry(desk: &Desk) -> Option<PathBuf> {
    let entries = std::fs::read_dir(desk.config().join("autostart")).ok()?;
    entries.flatten().map(|entry| entry.path()).next()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starting_with_the_computer_is_offered_on_the_second_day_and_can_be_taken_back() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    assert!(!app.has(&t("autostart-offer")).await, "not on the first day");
    app.close().await;
    let first = house.data().join("desktop/first-start");
    let day_before: i64 = std::fs::read_to_string(&first).unwrap().parse::<i64>().unwrap() - 86_400_000;
    std::fs::write(&first, day_before.to_string()).unwrap();
    let app = house.open(&desk).await;
    app.find(&t("autostart-offer")).await;
    shot(&desk, "autostart-offer");
    app.click(&t("autostart-yes")).await;
    app.until_gone(&t("autostart-offer"), "").await;
    let text = std::fs::read_to_string(entry(&desk).expect("an entry")).unwrap();
    assert!(text.contains("--hidden") && text.contains("--data-dir"), "{text}");
    app.go("tauri://localhost/settings/computer").await;
    app.click(&t("autostart")).await;
    until("the entry to go", || async {
        entry(&desk).is_none().then_some(())
    })
    .await;
    shot(&desk, "settings-computer");
    app.close().await;
    // What was answered is not offered again.
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.find(&t("share-something")).await;
    assert!(!app.has(&t("autostart-offer")).await);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_start_waits_in_the_tray() {
    let (desk, house) = (Desk::new().await, House::new());
    let mut app = desk.start(&house.data(), &["--hidden"], &[]);
    let tray = desk.tray().await;
    tray.shows("Nobody is signed in").await;
    // A second start with the computer leaves it there, one by a person brings it.
    assert!(desk.start_again(&house.data(), &["--hidden"]).await);
    assert!(!desk.screen().shows(TITLE), "nothing to be seen");
    assert!(desk.start_again(&house.data(), &[]).await);
    desk.screen().until_shown(TITLE, true).await;
    tray.choose("Quit").await;
    assert!(app.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_appears_the_app_starts_again_drawing_more_simply_and_says_so() {
    let (desk, house) = (Desk::new().await, House::new());
    // No page is that fast, so the guard finds the window empty each time.
    let mut app = desk.start(&house.data(), &[], &[("HEARTH_FIRST_FRAME", "0.0001")]);
    let kept = house.data().join("desktop/renderer");
    until("the last way of drawing", || async {
        let kept = std::fs::read_to_string(&kept).ok()?;
        let pid = app.id()?;
        let variables = std::fs::read(format!("/proc/{pid}/environ")).ok()?;
        let drawn = variables
            .split(|byte| *byte == 0)
            .any(|variable| variable == b"HEARTH_RENDERER=plain");
        (kept == "plain" && drawn).then_some(())
    })
    .await;
    desk.screen().until_shown(TITLE, true).await;
    desk.tray().await.choose("Quit").await;
    assert!(app.wait().await.unwrap().success());
    // The next start draws that way at once, tells so, and can be told to try the usual way again.
    let app = house.open_made(&desk).await;
    app.go("tauri://localhost/settings/computer").await;
    app.find(&t("safe-renderer")).await;
    shot(&desk, "safe-renderer");
    app.click(&format!("{} button", t("safe-renderer"))).await;
    until("the way to be forgotten", || async {
        (!kept.exists()).then_some(())
    })
    .await;
    app.close().await;
}
