//! The way back, of a browser or a phone: it closes what is open, and leaves the page only when nothing is.

use super::{ESCAPE, open_as, photo_file, t, world};
use hearth_api::feed::{Audience, ListDrafts};
use hearth_tests::browser::Browser;
use serde_json::json;

/// Waits until the history has an entry for what is open, or has none any more.
async fn entry(browser: &Browser, there: bool) {
    let script = "const [there, done] = arguments;
        const look = () => (history.state === 'hearth-open') === there ? done(true) : setTimeout(look, 10);
        look();";
    browser.run_async(script, json!([there])).await;
}

/// Fails unless this is the place.
async fn at(browser: &Browser, path: &str) {
    let script = "const [path, done] = arguments;
        const look = () => location.pathname === path ? done(true) : setTimeout(look, 10);
        look();";
    browser.run_async(script, json!([path])).await;
}

/// How many entries the history has.
async fn length(browser: &Browser) -> u64 {
    let length = browser.run("return history.length", json!([])).await;
    length.as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn going_back_closes_what_is_open_and_then_leads_to_the_page_before() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let photo = anna.upload_photo(1).await;
    anna.post_with(Audience::Me, "A hill", &[(&photo, "A hill")])
        .await;
    let folder = hearth_tests::browser::folder().unwrap();
    let browser = open_as(&home, "anna").await;
    browser.click("a[href='/settings']").await;
    at(&browser, "/settings").await;
    browser.click("a[href='/']").await;
    at(&browser, "/").await;
    browser.find(&t("tile")).await;

    // A picture over the page.
    browser.click(&t("tile")).await;
    browser.find(&t("viewer")).await;
    entry(&browser, true).await;
    browser.back().await;
    browser.until_gone(&t("viewer"), "").await;
    at(&browser, "/").await;
    browser.find(&format!("{}:focus", t("tile"))).await;
    entry(&browser, false).await;

    // What is being written: what is over it first, and what was typed is a draft.
    browser.click(&t("share-something")).await;
    browser.type_into(&t("compose-text"), "Of the way back").await;
    browser
        .choose_file(&t("compose-files"), &photo_file(folder.path(), 2))
        .await;
    browser.click(&format!("{} .h-tray__face", t("tray-tile"))).await;
    browser.find(&t("alt-text")).await;
    entry(&browser, true).await;
    let open = length(&browser).await;
    browser.back().await;
    browser.until_gone(&t("alt-text"), "").await;
    browser.find(&t("composer")).await;
    entry(&browser, true).await;
    assert_eq!(length(&browser).await, open, "one entry, however much is open");
    browser.back().await;
    browser.until_gone(&t("composer"), "").await;
    at(&browser, "/").await;
    anna.until("the draft", async |anna| {
        let drafts = anna.ok(ListDrafts {}).await;
        drafts.iter().any(|draft| draft.text == "Of the way back")
    })
    .await;

    // Closed in another way, nothing is left to go back over; the forward button leads to nothing either.
    for _ in 0..2 {
        browser.press("?").await;
        browser.find(&t("shortcuts")).await;
        entry(&browser, true).await;
        browser.press(ESCAPE).await;
        browser.until_gone(&t("shortcuts"), "").await;
        entry(&browser, false).await;
    }
    browser.run("history.forward()", json!([])).await;
    browser.back().await;
    at(&browser, "/settings").await;

    // Whoever goes elsewhere from what is open comes back to the page that it was over.
    browser.press_together(&[super::CONTROL, "k"]).await;
    browser.find(&format!("{} input:focus", t("palette"))).await;
    entry(&browser, true).await;
    browser.press("Friends").await;
    browser.find_with(".h-palette__hit", "Friends").await;
    browser.press(super::ENTER).await;
    at(&browser, "/friends").await;
    browser.until_gone(&t("palette"), "").await;
    entry(&browser, false).await;
    browser.back().await;
    at(&browser, "/settings").await;

    // A page that is loaded again has nothing open; back leads to the page before all the same.
    browser.press("?").await;
    browser.find(&t("shortcuts")).await;
    entry(&browser, true).await;
    browser.reload().await;
    browser.find("a[href='/']").await;
    browser.until_gone(&t("shortcuts"), "").await;
    browser.run("history.back()", json!([])).await;
    at(&browser, "/").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_begins_with_something_open_is_left_by_going_back_once() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    browser.click("a[href='/settings']").await;
    at(&browser, "/settings").await;
    // Writing has an address of its own, which goes with it.
    browser.press("c").await;
    browser.press("p").await;
    browser.find(&t("composer")).await;
    entry(&browser, true).await;
    browser.back().await;
    browser.until_gone(&t("composer"), "").await;
    at(&browser, "/settings").await;
    entry(&browser, false).await;
    browser.press("c").await;
    browser.press("p").await;
    browser.find(&t("composer")).await;
    entry(&browser, true).await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    at(&browser, "/settings").await;
    entry(&browser, false).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_loaded_again_knows_what_lies_before_it() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Me, "Of a hill").await.id;
    let browser = open_as(&home, "anna").await;
    at(&browser, "/").await;
    browser.click("a[href='/settings']").await;
    at(&browser, "/settings").await;
    // What was being written goes on, and closing it leads to where it was begun.
    browser.press("c").await;
    browser.press("p").await;
    browser.type_into(&t("compose-text"), "Of a reload").await;
    anna.until("the draft", async |anna| {
        let drafts = anna.ok(ListDrafts {}).await;
        drafts.iter().any(|draft| draft.text == "Of a reload")
    })
    .await;
    entry(&browser, true).await;
    browser.reload().await;
    browser.until_value(&t("compose-text"), "Of a reload").await;
    entry(&browser, true).await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    at(&browser, "/settings").await;
    entry(&browser, false).await;
    browser.back().await;
    at(&browser, "/").await;

    // The arrow of a page leads back, not to the feed once more, however often the page was loaded again.
    let there = format!("/p/{post}");
    browser.click(&format!("a[href='{there}']")).await;
    at(&browser, &there).await;
    for _ in 0..2 {
        browser.reload().await;
        browser.find(&t("thread")).await;
    }
    let before = length(&browser).await;
    browser.click(&t("back")).await;
    at(&browser, "/").await;
    browser.find(&t("feed")).await;
    browser.run("history.forward()", json!([])).await;
    at(&browser, &there).await;
    assert_eq!(length(&browser).await, before, "nothing was put on top");

    // Nothing of this window lies below a page that was opened by its address.
    super::go(&browser, &home, "/pair/invite").await;
    browser.find(&t("pair-invite")).await;
    browser.click(&t("back")).await;
    at(&browser, "/pair").await;
    browser.back().await;
    at(&browser, &there).await;
    browser.close().await;
    world.close().await;
}
