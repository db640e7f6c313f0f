//! What was said, what runs, and what could not be saved.

use super::{ESCAPE, go, nowhere, open_as, photo_file, shot, t, world};
use hearth_api::PostId;
use hearth_api::feed::{Audience, Feed};
use hearth_tests::TestPerson;
use hearth_tests::browser::Browser;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_that_was_not_saved_is_sent_again_later() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let mut browser = open_as(&home, "anna").await;
    // In which way a connection ends when the home does is a matter of the moment.
    browser.expect_error("net::ERR_");
    browser.find(&t("feed-empty")).await;
    browser.click(&t("share-something")).await;
    browser
        .type_into(&t("compose-text"), "Written while the home was away")
        .await;
    home.stop().await;
    browser.find(&t("offline")).await;
    browser.click(&t("share")).await;
    // The composer has it back, and so has the list.
    browser.find(&t("compose-error")).await;
    shot(&browser, "compose-refused").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    home.start().await;
    browser.until_gone(&t("offline"), "").await;

    browser.click(&t("nav-me")).await;
    shot(&browser, "me-menu").await;
    browser.click_with("[role='menuitem']", "1 not saved").await;
    browser
        .find_with(&t("unsaved"), "Written while the home was away")
        .await;
    shot(&browser, "activity-unsaved").await;
    browser.reload().await;
    browser
        .find_with(&t("unsaved"), "Written while the home was away")
        .await;
    browser.click(&t("unsaved-retry")).await;
    browser.until_gone(&t("unsaved"), "").await;
    browser.find_with(&t("said"), "Sent.").await;
    assert_eq!(
        home.owner().feed(Feed::Home).await,
        ["Written while the home was away"],
        "it is there once"
    );
    browser.reload().await;
    browser.find(&t("activity-empty")).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_that_was_not_saved_waits_in_the_list_and_can_be_thrown_away() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Me, "A post").await;
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("net::ERR_");
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser.type_into(&t("comment-text"), "Said into the void").await;
    home.stop().await;
    browser.find(&t("offline")).await;
    browser.click(&t("comment-send")).await;
    browser.find_with(&t("toast"), "by itself").await;
    nowhere(&browser).await;
    browser.press_together(&[super::CONTROL, "k"]).await;
    browser.find(&format!("{} input:focus", t("palette"))).await;
    browser.press("activity").await;
    browser
        .find_with("[role='option'][aria-selected='true']", "Activity")
        .await;
    browser.press(super::ENTER).await;
    browser.find_with(&t("unsaved"), "Said into the void").await;
    browser.find_with(&t("unsaved"), "goes out by itself").await;
    shot(&browser, "activity-waits").await;
    browser.click(&t("unsaved-discard")).await;
    browser.until_gone(&t("unsaved"), "").await;
    // The way back is in the list of what was said, too.
    browser.click_with(&format!("{} button", t("said")), "Undo").await;
    browser.find_with(&t("unsaved"), "Said into the void").await;
    browser.click(&t("unsaved-discard")).await;
    browser.until_gone(&t("unsaved"), "").await;
    home.start().await;
    browser.until_gone(&t("offline"), "").await;
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser.find(&t("comment-text")).await;
    assert!(comments(&anna, post.id).await.is_empty());
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_sent_while_the_home_is_away_arrives_once_when_it_is_back() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Me, "A post").await;
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("net::ERR_");
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser.type_into(&t("comment-text"), "Said into").await;
    // The home has the draft of the first words.
    anna.until("the draft", async |anna| texts(anna).await == ["Said into"])
        .await;
    home.stop().await;
    browser.find(&t("offline")).await;
    browser.type_into(&t("comment-text"), " the void").await;
    browser.click(&t("comment-send")).await;
    browser.find_with(&t("toast"), "by itself").await;
    home.start().await;
    browser.until_gone(&t("offline"), "").await;
    browser.find_with(&t("toast"), "Sent.").await;
    browser.until_gone(&t("toast"), "by itself").await;
    browser
        .find_with("[data-test='comment']", "Said into the void")
        .await;
    anna.until("the draft to go", async |anna| texts(anna).await.is_empty())
        .await;
    browser.reload().await;
    browser
        .find_with("[data-test='comment']", "Said into the void")
        .await;
    assert_eq!(value(&browser, "comment-text").await, "");
    assert_eq!(comments(&anna, post.id).await, ["Said into the void"]);
    assert_eq!(kept_here(&browser).await, json!([]));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_while_the_home_is_away_outlives_a_reload_and_is_nobody_elses() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let anna = home.owner();
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("net::ERR_");
    browser.expect_error("401");
    go(&browser, &home, "/compose").await;
    browser.type_into(&t("compose-text"), "AAA").await;
    anna.until("the draft", async |anna| texts(anna).await == ["AAA"])
        .await;
    home.stop().await;
    browser.find(&t("offline")).await;
    browser.type_into(&t("compose-text"), " BBB").await;
    // A window that is closed, or dies, says nothing more.
    browser.go("about:blank").await;
    home.start().await;
    go(&browser, &home, "/compose").await;
    browser.find(&t("compose-text")).await;
    browser.until_value(&t("compose-text"), "AAA BBB").await;
    anna.until("the words at home", async |anna| texts(anna).await == ["AAA BBB"])
        .await;
    assert_eq!(kept_here(&browser).await, json!([]), "the home has it");

    // Somebody else signs in where it could not be brought any more.
    home.stop().await;
    browser.find(&t("offline")).await;
    browser.type_into(&t("compose-text"), " CCC").await;
    browser.go("about:blank").await;
    home.start().await;
    anna.ok(hearth_api::session::RevokeOtherSessions {}).await;
    go(&browser, &home, "/").await;
    super::sign_in(&browser, "ben", hearth_tests::PASSWORD).await;
    browser.find(&t("nav-compose")).await;
    go(&browser, &home, "/compose").await;
    browser.find(&t("compose-text")).await;
    assert_eq!(value(&browser, "compose-text").await, "");
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    sign_out(&browser).await;
    assert_eq!(texts(&anna).await, ["AAA BBB"]);
    // Its author finds it, and takes it along when leaving.
    super::sign_in(&browser, "anna", hearth_tests::PASSWORD).await;
    browser.find(&t("nav-compose")).await;
    anna.until("the words at home", async |anna| {
        texts(anna).await == ["AAA BBB CCC"]
    })
    .await;
    go(&browser, &home, "/compose").await;
    browser.find(&t("compose-text")).await;
    browser.until_value(&t("compose-text"), "AAA BBB CCC").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    sign_out(&browser).await;
    assert_eq!(kept_here(&browser).await, json!([]));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_that_is_too_long_is_kept_when_the_composer_is_closed() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let browser = open_as(&home, "anna").await;
    browser.find(&t("feed-empty")).await;
    browser.click(&t("share-something")).await;
    browser.find(&t("compose-text")).await;
    let paste = "const [area, count] = [document.querySelector(\"[data-test='compose-text']\"), arguments[0]];\
        area.value = 'x'.repeat(count); area.dispatchEvent(new Event('input', { bubbles: true }))";
    browser.run(paste, json!([20_001])).await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    anna.until("the draft", async |anna| {
        texts(anna).await.first().map(String::len) == Some(20_001)
    })
    .await;

    // What not even a draft holds is in the list of what was not saved.
    browser.click(&t("share-something")).await;
    browser.find(&t("compose-text")).await;
    browser.run(paste, json!([100_001])).await;
    browser
        .find_with(&t("composer"), "It stays in this browser")
        .await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    browser.find_with(&t("toast"), "Not saved").await;
    browser.reload().await;
    browser.click(&t("nav-me")).await;
    browser.click_with("[role='menuitem']", "1 not saved").await;
    browser.find_with(&t("unsaved"), "xxxxxxxx").await;
    world.close().await;
}

async fn texts(anna: &TestPerson) -> Vec<String> {
    let drafts = anna.ok(hearth_api::feed::ListDrafts {}).await;
    drafts.into_iter().map(|d| d.text).collect()
}

async fn comments(anna: &TestPerson, post: PostId) -> Vec<String> {
    let comments = anna.ok(hearth_api::feed::ListComments { post }).await;
    comments.into_iter().map(|c| c.text).collect()
}

/// What the browser keeps of what was written.
async fn kept_here(browser: &Browser) -> Value {
    let script =
        "return Object.keys(localStorage).filter(k => /unsaved|waiting/.test(k)).map(k => localStorage[k])";
    browser.run(script, json!([])).await
}

/// What stands in a field now.
async fn value(browser: &Browser, test: &str) -> Value {
    let script = "return document.querySelector(`[data-test='${arguments[0]}']`)?.value";
    browser.run(script, json!([test])).await
}

async fn sign_out(browser: &Browser) {
    browser.click(&t("nav-me")).await;
    browser.click_with("[role='menuitem']", "Sign out").await;
    browser.find(&t("username")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_menu_of_the_person_leads_everywhere_by_key() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    browser
        .run(
            "document.querySelector(\"[data-test='nav-me']\").focus()",
            json!([]),
        )
        .await;
    browser.press(super::ENTER).await;
    browser.find("[role='menuitem']:focus").await;
    // A letter jumps to the next line that begins with it.
    browser.press("t").await;
    browser
        .find_with("[role='menuitemradio']:focus", "as the system")
        .await;
    browser.press("tt").await;
    browser.find_with("[role='menuitemradio']:focus", "dark").await;
    browser.press(super::ENTER).await;
    browser.find("html[data-theme='dark']").await;
    browser.find(&format!("{}:focus", t("nav-me"))).await;
    browser.press(super::ENTER).await;
    browser.find("[role='menuitemradio'][aria-checked='true']").await;
    shot(&browser, "me-menu-dark").await;
    browser.press(ESCAPE).await;
    browser.until_gone("[role='menu']", "").await;
    browser.resize(360, 740).await;
    browser.click(&t("nav-more")).await;
    shot(&browser, "more-phone").await;
    browser.click_with(".h-more__row", "Activity").await;
    browser.find(&t("activity")).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_when_the_composer_is_closed_and_can_be_stopped() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let folder = hearth_tests::browser::folder().unwrap();
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("net::ERR_");
    browser.find(&t("feed-empty")).await;
    browser.click(&t("share-something")).await;
    browser.type_into(&t("compose-text"), "With a picture").await;
    home.stop().await;
    browser.find(&t("offline")).await;
    browser
        .choose_file(&t("compose-files"), &photo_file(folder.path(), 1))
        .await;
    browser.find(".h-tray__tile[data-state='sending']").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    browser.click(&t("nav-me")).await;
    browser.click_with("[role='menuitem']", "Activity").await;
    browser.find_with(&t("job"), "photo-1.jpg").await;
    shot(&browser, "activity-upload").await;
    home.start().await;
    browser.until_gone(&t("job"), "").await;
    anna.until("the picture in the draft", async |anna| {
        let drafts = anna.ok(hearth_api::feed::ListDrafts {}).await;
        drafts
            .iter()
            .any(|d| d.text == "With a picture" && d.media.len() == 1)
    })
    .await;

    // Another one is stopped from the list.
    go(&browser, &home, "/compose").await;
    browser.find(&t("compose-text")).await;
    home.stop().await;
    browser.find(&t("offline")).await;
    browser
        .choose_file(&t("compose-files"), &photo_file(folder.path(), 2))
        .await;
    browser.find(".h-tray__tile[data-state='sending']").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    browser.click(&t("nav-me")).await;
    browser.click_with("[role='menuitem']", "Activity").await;
    browser.click(&t("job-stop")).await;
    browser.until_gone(&t("job"), "").await;
    home.start().await;
    browser.close().await;
    world.close().await;
}
