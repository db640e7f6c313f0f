//! A narrow window: what one reads stays where it is, whatever is put over it and however the window is drawn.

use super::models::in_sight;
use super::{ESCAPE, go, open_as, shot, t, world};
use crate::reading::{is_same, place, read_to, width};
use hearth_api::account::UpdateSettings;
use hearth_api::feed::Audience;
use serde_json::json;

/// A text of some lines.
fn words(number: usize) -> String {
    format!(
        "Post {number}. {}",
        "A sentence about the hill. ".repeat(3 + number * 7 % 11)
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_stays_where_it_is_under_a_picture_and_when_the_window_changes_its_width() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let photo = anna.upload_photo(1).await;
    for number in 0..16 {
        let text = words(number);
        if number == 7 {
            anna.post_with(Audience::Me, &text, &[(&photo, "A hill")]).await;
        } else {
            anna.post(Audience::Me, &text).await;
        }
    }
    let browser = open_as(&home, "anna").await;
    browser.resize(360, 640).await;
    browser.find(&t("post")).await;
    read_to(&browser, "Post 7.").await;
    let show = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
    browser.run(show, json!([t("tile")])).await;
    let before = (place(&browser).await, width(&browser).await);

    browser.click(&t("tile")).await;
    browser.find(&t("viewer")).await;
    assert_eq!(width(&browser).await, before.1, "under the picture nothing moves");
    browser.press(ESCAPE).await;
    browser.until_gone(&t("viewer"), "").await;
    let after = place(&browser).await;
    assert!(is_same(&before.0, &after), "{:?} became {after}", before.0);

    for to in [420, 330, 360] {
        browser.resize(to, 640).await;
        let after = place(&browser).await;
        assert!(
            is_same(&before.0, &after),
            "{:?} became {after} at {to}",
            before.0
        );
    }
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_button_of_an_invite_is_clear_of_the_bar_in_every_language() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let browser = open_as(&home, "anna").await;
    browser.resize(360, 640).await;
    for language in ["en", "de"] {
        let mut settings = anna.status().await.me.unwrap().settings;
        language.clone_into(&mut settings.language);
        anna.ok(UpdateSettings { settings }).await;
        go(&browser, &home, "/pair/invite").await;
        browser
            .find(&format!(":lang({language}) {}", t("invite-create")))
            .await;
        let room = "const foot = css => document.querySelector(css).getBoundingClientRect().bottom;
            return foot('.h-page__scroll') - foot(arguments[0])";
        let room = browser.run(room, json!([t("invite-create")])).await;
        assert!(room.as_f64().unwrap() >= 8.0, "{language}: {room}");
        shot(&browser, &format!("invite-{language}-360")).await;
        // What has the focus is not under it.
        let focus = "document.querySelector(arguments[0]).focus()";
        browser.run(focus, json!([t("invite-minutes")])).await;
        in_sight(&browser, &t("invite-minutes")).await;
        browser.click(&t("invite-create")).await;
        browser.find(&t("invite-card")).await;
    }
    browser.close().await;
    world.close().await;
}
