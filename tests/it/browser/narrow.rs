//! A narrow window: what one reads stays where it is, whatever is put over it and however the window is drawn.

use super::{ESCAPE, open_as, t, world};
use crate::reading::{is_same, place, read_to, width};
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
