//! From the first start to a feed with a picture in it, and what a sudden end leaves.

use super::{House, shot, t};
use hearth_api::feed::{Feed, GetFeed, ListDrafts};
use hearth_tests::desktop::{Desk, until};
use hearth_tests::{PASSWORD, pictures};
use serde_json::json;

const ENTER: &str = "\u{E007}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_person_comes_to_a_feed_and_shares_a_picture() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open(&desk).await;
    app.find(&t("welcome-create")).await;
    shot(&desk, "welcome");
    app.click(&t("welcome-create")).await;
    app.type_into(&t("home-name"), "Hill House").await;
    app.press(ENTER).await;
    app.type_into(&t("name"), "Anna Berg").await;
    app.type_date("birth", "1990-05-17").await;
    app.click(&t("next")).await;
    app.type_into(&t("password"), PASSWORD).await;
    app.click(&t("next")).await;
    app.sees("Hill House is ready").await;
    app.click(&t("done-feed")).await;
    app.find(&t("feed-empty")).await;
    shot(&desk, "feed-empty");

    let picture = house.0.path().join("hill.jpg");
    std::fs::write(&picture, pictures::landscape(640, 480, 3)).unwrap();
    app.click(&t("share-something")).await;
    app.type_into(&t("compose-text"), "The hill in autumn").await;
    app.choose_file(
        "[data-test='compose-files'] input[type=file], input[type=file][data-test='compose-files']",
        &picture,
    )
    .await;
    app.find(&t("tray-tile")).await;
    app.click(&t("share")).await;
    app.find_with(&t("post"), "The hill in autumn").await;
    // The picture is shown only when the shell's own scheme has served it, and the page's policy let it.
    let width = app
        .run_async(
            "const done = arguments[0];
             const look = () => {
               const shown = [...document.querySelectorAll(\"[data-test='post'] img\")]
                 .find(i => i.src.startsWith('hearth-media:') && i.complete && i.naturalWidth > 0);
               if (shown) done(shown.naturalWidth); else requestAnimationFrame(look);
             };
             look();",
            json!([]),
        )
        .await;
    assert!(width.as_u64().unwrap() >= 256, "a picture of some size: {width}");
    shot(&desk, "picture");
    app.close().await;

    // The window's session is kept, so nobody has to sign in again.
    let app = house.open(&desk).await;
    app.find_with(&t("post"), "The hill in autumn").await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_and_shared_outlives_a_sudden_end() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    app.click(&t("share-something")).await;
    app.type_into(&t("compose-text"), "Shared before the end").await;
    app.click(&t("share")).await;
    app.find_with(&t("post"), "Shared before the end").await;
    app.click(&t("share-something")).await;
    app.type_into(&t("compose-text"), "Found the old sledge in the attic")
        .await;
    until("the draft", || async {
        let drafts = app.ask(ListDrafts {}).await;
        drafts
            .iter()
            .any(|draft| draft.text.ends_with("sledge in the attic"))
            .then_some(())
    })
    .await;
    app.kill().await;

    let app = house.open(&desk).await;
    app.find_with(&t("post"), "Shared before the end").await;
    let feed = app
        .ask(GetFeed {
            feed: Feed::Home,
            ..GetFeed::default()
        })
        .await;
    assert_eq!(
        feed.items.len(),
        1,
        "what was shared is there once, the draft is no post"
    );
    app.click(&t("share-something")).await;
    let text = "return document.querySelector(\"[data-test='compose-text']\")?.value || ''";
    app.find(&t("compose-text")).await;
    if app.run(text, json!([])).await == "" {
        app.click(&t("drafts")).await;
        app.click(&t("draft")).await;
    }
    until("the draft in the composer", || async {
        (app.run(text, json!([])).await == "Found the old sledge in the attic").then_some(())
    })
    .await;
    shot(&desk, "draft");
    app.close().await;
}
