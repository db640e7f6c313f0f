//! The window itself: closed to the tray, opened again, in its old place; a second start, links from outside.

use super::{House, answer, close_to_tray, path, shot, t};
use hearth_api::app::GetStatus;
use hearth_api::homes::ListHomes;
use hearth_tests::World;
use hearth_tests::desktop::{Desk, TITLE, until};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_window_waits_in_the_tray_and_its_menu_quits() {
    let (mut desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    let tray = desk.tray().await;
    tray.shows("Nothing unread").await;
    desk.screen().close(TITLE);
    app.find(&t("close-question")).await;
    shot(&desk, "close-question");
    answer(&app, "close-keep").await;
    desk.screen().until_shown(TITLE, false).await;
    let note = desk.note_about("keeps running").await;
    assert!(note.actions.contains(&"quit".to_owned()), "{note:?}");
    tray.choose("New post").await;
    desk.screen().until_shown(TITLE, true).await;
    app.find(&t("compose-text")).await;
    assert_eq!(path(&app).await, "/compose");
    // It asks once.
    desk.screen().close(TITLE);
    desk.screen().until_shown(TITLE, false).await;
    tray.choose("Quit").await;
    app.ended().await;
    desk.screen().until_shown(TITLE, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_wants_the_app_to_end_with_its_window_says_so_once() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    desk.screen().close(TITLE);
    // Esc leaves the window as it is, and the next time it is asked again.
    app.find(&t("close-question")).await;
    app.press("\u{E00C}").await;
    app.until_gone(&t("close-question"), "").await;
    assert!(desk.screen().shows(TITLE));
    desk.screen().close(TITLE);
    answer(&app, "close-quit").await;
    app.ended().await;
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    desk.screen().close(TITLE);
    app.ended().await;
    // In the settings it is taken back.
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.go("tauri://localhost/settings/computer").await;
    app.click(&t("keeps-running")).await;
    until("the switch to be on", || async {
        let on =
            "return document.querySelector(\"[data-test='keeps-running']\")?.getAttribute('aria-checked')";
        (app.run(on, serde_json::json!([])).await == "true").then_some(())
    })
    .await;
    desk.screen().close(TITLE);
    desk.screen().until_shown(TITLE, false).await;
    desk.tray().await.choose("Quit").await;
    app.ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_person_signed_in_the_tray_offers_only_to_open_and_quit() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open(&desk).await;
    app.find(&t("welcome-create")).await;
    let tray = desk.tray().await;
    tray.shows("Nobody is signed in").await;
    tray.choose("Quit").await;
    app.ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_comes_back_in_its_old_place() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    let place = (120, 80, 900, 700);
    app.place(place).await;
    app.terminate().await;
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    until("the old place", || async {
        (app.placed().await == place).then_some(())
    })
    .await;
    app.close().await;

    // Where it was on other screens says nothing of these, and is kept for them.
    let file = house.data().join("desktop/window.json");
    let mut kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let layouts = kept["layouts"].as_array_mut().unwrap();
    assert_eq!(layouts.len(), 1, "{layouts:?}");
    let at_the_desk = json!({
        "screens": [[0, 0, 1600, 1000], [1600, 0, 1920, 1080]],
        "place": { "x": 400, "y": 300, "width": 600, "height": 600, "maximized": false },
    });
    layouts.insert(0, at_the_desk.clone());
    std::fs::write(&file, kept.to_string()).unwrap();
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    until("the place on this screen", || async {
        (app.placed().await == place).then_some(())
    })
    .await;
    app.close().await;
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(kept["layouts"][1], at_the_desk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_comes_back_unless_a_link_asks_for_another_or_it_is_one_of_passing() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    let me = app.ask(GetStatus {}).await.me.unwrap().person.id;
    // As one goes there, not as one opens an address.
    app.click("a[href='/settings']").await;
    app.click("[href='/settings/computer']").await;
    app.find(&t("keeps-running")).await;
    app.close().await;
    let app = house.open_as_left(&desk).await;
    app.find(&t("keeps-running")).await;
    assert_eq!(path(&app).await, "/settings/computer");
    shot(&desk, "page-came-back");
    // An invite is looked at, not stayed at.
    app.go("tauri://localhost/pair/invite").await;
    app.find(&t("invite-create")).await;
    app.close().await;
    let app = house.open_as_left(&desk).await;
    app.find(&t("feed-empty")).await;
    assert_eq!(path(&app).await.trim_matches('/'), "");
    app.go("tauri://localhost/health").await;
    app.find(&t("health")).await;
    app.close().await;

    // A link that comes before the page can hear of it.
    std::fs::write(house.data().join("desktop/keeps-running"), "yes").unwrap();
    let mut app = desk.start(&house.data(), &["--hidden"], &[]);
    let tray = desk.tray().await;
    let link = format!("hearth://u/{me}");
    assert!(desk.start_again(&house.data(), &[&link]).await);
    let kept = house.data().join("desktop/route");
    until("the page of the link", || async {
        desk.screen().until_shown(TITLE, true).await;
        // What is closed is remembered.
        desk.screen().close(TITLE);
        desk.screen().until_shown(TITLE, false).await;
        let there = std::fs::read_to_string(&kept).ok() == Some(format!("/u/{me}"));
        if !there {
            tray.choose("Open Hearth").await;
        }
        there.then_some(())
    })
    .await;
    tray.choose("Quit").await;
    assert!(app.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_start_hands_its_link_over_and_only_a_preview_opens() {
    let world = World::live(None);
    let lake = world.home("Lake House", &["Clara"]).await;
    let link = lake.invite().await;
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    close_to_tray(&desk, &app).await;
    assert!(desk.start_again(&house.data(), &[&link]).await, "it ends well");
    desk.screen().until_shown(TITLE, true).await;
    let address = lake.federation_address().to_string();
    app.find_with(&t("invite-preview"), &address).await;
    shot(&desk, "invite-preview");
    assert!(
        app.ask(ListHomes {}).await.is_empty(),
        "nothing is accepted by a link"
    );
    let seen = lake.owner().ok(ListHomes {}).await;
    assert!(seen.is_empty(), "the other home has heard nothing: {seen:?}");

    // What is no link of ours changes nothing but the window's place in front.
    let before = path(&app).await;
    for argument in [
        "hearth://settings/account",
        "hearth://messages/0193",
        "hearth://events/0193",
        "https://example.org/",
        "--version",
    ] {
        assert!(desk.start_again(&house.data(), &[argument]).await, "{argument}");
    }
    assert_eq!(path(&app).await, before);
    app.close().await;
    world.close().await;
}
