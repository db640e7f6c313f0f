//! A home is removed through the window, and what came from it is kept.

use super::{go, open_as, sees_post, shot, t, world};
use hearth_api::feed::{Audience, React, Target};
use hearth_tests::PASSWORD;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removing_a_home_asks_what_becomes_of_what_came_from_there() {
    let world = world();
    let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
    let (anna, clara) = (hill.person("Anna"), lake.person("Clara"));
    let post = clara.post(Audience::Friends, "The ice is thin").await.id;
    anna.until("the post", async |anna| anna.sees(post).await.is_some())
        .await;
    let target = Target::Post(post);
    let emoji = Some("❄️".to_owned());
    anna.ok(React { target, emoji }).await;

    let browser = open_as(&hill, "anna").await;
    go(&browser, &hill, "/health").await;
    browser.click(&t("home-menu")).await;
    browser.click(&t("home-remove")).await;
    browser.find_with(&t("remove-losses"), "One post").await;
    shot(&browser, "home-remove").await;
    browser
        .click(&format!("{} label:has(input[value='keep'])", t("remove-copies")))
        .await;
    // Nothing is deleted then.
    browser.until_gone(&t("remove-losses"), "One post").await;
    shot(&browser, "home-remove-keep").await;
    browser.type_into(&t("remove-password"), PASSWORD).await;
    browser.type_into(&t("confirm-word"), "Lake House").await;
    browser.click(&t("confirm-do")).await;
    browser.find(&t("kept-home")).await;
    shot(&browser, "home-kept").await;

    go(&browser, &hill, "/").await;
    sees_post(&browser, "The ice is thin").await;
    browser.find(&t("kept")).await;
    let reacts = browser
        .run(
            "return document.querySelectorAll(\"[data-test='react'], [data-test='comments']\").length",
            json!([]),
        )
        .await;
    assert_eq!(reacts, json!(0), "it is there to be read");
    shot(&browser, "kept-in-feed").await;
    browser.click(".h-reactions__chip[aria-pressed='true']").await;
    browser.until_gone(".h-reactions__chip", "").await;
    anna.until("the reaction to be taken back", async |anna| {
        anna.sees(post).await.unwrap().reactions.is_empty()
    })
    .await;
    go(&browser, &hill, &format!("/u/{}", clara.id())).await;
    browser.find(&t("profile-kept")).await;
    shot(&browser, "kept-profile").await;
    go(&browser, &hill, &format!("/p/{post}")).await;
    browser.find(&t("comments-closed")).await;
    shot(&browser, "kept-post").await;

    go(&browser, &hill, "/health").await;
    browser.click(&t("kept-erase")).await;
    browser.click(&t("kept-erase-do")).await;
    browser.until_gone(&t("kept-home"), "").await;
    assert!(anna.sees(post).await.is_none());
    browser.close().await;
    world.close().await;
}
