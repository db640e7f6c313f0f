//! The tray: sending nothing for an hour, and sending again.

use super::notification::befriend;
use super::{House, close_to_tray, shot, t};
use hearth_api::feed::{Audience, Feed};
use hearth_api::health::GetHealth;
use hearth_tests::World;
use hearth_tests::desktop::{Desk, TITLE, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tray_pauses_the_sending_and_whoever_sees_it_sends_again() {
    let world = World::live(None);
    let lake = world.home("Lake House", &["Clara"]).await;
    let (mut desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    befriend(&app, &lake).await;
    let (clara, tray) = (lake.owner(), desk.tray().await);
    tray.shows("Everything has arrived").await;
    tray.choose("Pause sending").await;
    tray.shows("Sending is paused until").await;
    let until_when = app.ask(GetHealth {}).await.paused_until;
    assert!(until_when.is_some());

    app.ask(clara.new_post(Audience::Friends, "Of the pause", Vec::new()))
        .await;
    tray.shows(": 1 thing waits").await;
    clara.post(Audience::Friends, "From the lake").await;
    // New posts of others wait for a press, so that nothing moves under one's eyes.
    app.click(&t("new-items")).await;
    app.find_with(&t("post"), "From the lake").await;
    assert_eq!(
        clara.feed(Feed::Home).await,
        ["From the lake"],
        "nothing was sent"
    );
    app.click(&t("ticks")).await;
    app.find_with(&t("delivery-paused"), "sends nothing until").await;
    shot(&desk, "delivery-paused");
    app.go("tauri://localhost/health").await;
    app.find_with(&t("sending-paused"), "Sending is paused until")
        .await;
    shot(&desk, "sending-paused");
    tray.choose("Send again now").await;
    tray.shows("Everything has arrived").await;
    let has = async |clara: &hearth_tests::TestPerson| {
        clara.feed(Feed::Home).await.contains(&"Of the pause".to_owned())
    };
    clara.until("what waited", has).await;

    // The same in the window.
    app.until_gone(&t("sending-paused"), "").await;
    app.click(&t("pause-sending")).await;
    tray.shows("Sending is paused until").await;
    app.click(&t("send-again")).await;
    until("the end of the pause", || async {
        app.ask(GetHealth {}).await.paused_until.is_none().then_some(())
    })
    .await;
    tray.shows("Pause sending").await;

    // Whoever ends the program is told what then waits, by whichever way it ends.
    tray.choose("Pause sending").await;
    app.ask(clara.new_post(Audience::Friends, "Of the next start", Vec::new()))
        .await;
    tray.shows("Quit; 1 thing then waits").await;
    close_to_tray(&desk, &app).await;
    let note = desk.note_about("keeps running").await;
    assert!(
        note.labels
            .contains(&"Quit; 1 thing then waits for the next start".to_owned()),
        "{note:?}"
    );
    std::fs::write(house.data().join("desktop/keeps-running"), "no").unwrap();
    tray.choose("Open Hearth").await;
    desk.screen().until_shown(TITLE, true).await;
    desk.screen().close(TITLE);
    let note = desk.note_about("Hearth is closed").await;
    assert_eq!(note.body, "1 thing waits for the next start.");
    app.ended().await;
    world.close().await;
}
