//! What was said, what runs, and what could not be saved.

use super::{ESCAPE, go, nowhere, open_as, photo_file, shot, t, world};
use hearth_api::feed::{Audience, Feed};
use serde_json::json;

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
    browser.find_with(&t("toast"), "Not saved").await;
    home.start().await;
    browser.until_gone(&t("offline"), "").await;
    nowhere(&browser).await;
    browser.press_together(&[super::CONTROL, "k"]).await;
    browser.find(&format!("{} input:focus", t("palette"))).await;
    browser.press("activity").await;
    browser
        .find_with("[role='option'][aria-selected='true']", "Activity")
        .await;
    browser.press(super::ENTER).await;
    browser.find_with(&t("unsaved"), "Said into the void").await;
    browser.click(&t("unsaved-discard")).await;
    browser.until_gone(&t("unsaved"), "").await;
    // The way back is in the list of what was said, too.
    browser.click_with(&format!("{} button", t("said")), "Undo").await;
    browser.find_with(&t("unsaved"), "Said into the void").await;
    browser.click(&t("unsaved-retry")).await;
    browser.until_gone(&t("unsaved"), "").await;
    let comments = anna.ok(hearth_api::feed::ListComments { post: post.id }).await;
    assert_eq!(comments.len(), 1);
    browser.close().await;
    world.close().await;
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
