//! Every screen, light and dark, wide and narrow, looked at by axe-core.

use super::{CONTROL, ENTER, ESCAPE, go, nowhere, open, open_as, shot, t, world};
use hearth_api::chat::ListChats;
use hearth_api::feed::{Feed, GetFeed};
use hearth_api::homes::CreateHomeInvite;
use hearth_tests::browser::Browser;
use hearth_tests::{TestHome, World, family};
use serde_json::json;
use std::time::Duration;

/// Sets the theme as the settings would, for this page.
async fn theme(browser: &Browser, theme: &str) {
    browser
        .run(
            "document.documentElement.dataset.theme = arguments[0]",
            json!([theme]),
        )
        .await;
}

async fn judge(browser: &Browser, what: &str, found: &mut Vec<String>) {
    browser.until_gone("[data-test='skeleton'], .h-spinner", "").await;
    for name in ["light", "dark"] {
        theme(browser, name).await;
        for fault in browser.axe().await {
            found.push(format!("{what}, {name}: {fault}"));
        }
        shot(
            browser,
            &format!("{}-{name}", what.replace(['/', ' '], "-").trim_matches('-')),
        )
        .await;
    }
    let errors = browser.console_errors().await;
    found.extend(errors.into_iter().map(|error| format!("{what}: {error}")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_beginning_is_accessible() {
    let world = world();
    let home = world.empty_home("Hill House").await;
    let browser = open(&home).await;
    let mut found = Vec::new();
    browser.find(&t("welcome-create")).await;
    judge(&browser, "welcome", &mut found).await;
    browser.click(&t("welcome-create")).await;
    browser.find(&t("home-name")).await;
    judge(&browser, "create home", &mut found).await;
    browser.type_into(&t("home-name"), "Hill House").await;
    browser.press(ENTER).await;
    browser.find(&t("birth")).await;
    judge(&browser, "create you", &mut found).await;
    go(&browser, &home, "/welcome/restore").await;
    browser.find("h1").await;
    judge(&browser, "restore", &mut found).await;
    home.create("Anna").await;
    go(&browser, &home, "/").await;
    browser.find(&t("signin")).await;
    judge(&browser, "sign in", &mut found).await;
    for (place, what) in [("/join", "join"), ("/join/K7QF-29XM-LP4D", "join with a code")] {
        go(&browser, &home, place).await;
        browser.find("h1").await;
        judge(&browser, what, &mut found).await;
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_is_accessible_in_both_themes() {
    sweep((1024, 768)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_is_accessible_on_a_wide_screen_in_both_themes() {
    sweep((1920, 1080)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_is_accessible_on_a_phone_in_both_themes() {
    sweep((360, 740)).await;
}

/// Furnishes a home with a family's life and tells it with every place of its window; the friends' home stays up with it.
pub(super) async fn furnished(world: &World) -> (TestHome, TestHome, Vec<String>) {
    let hill = world.empty_home(family::HILL_HOUSE).await;
    let lake = world.empty_home(family::LAKE_HOUSE).await;
    let model = family::model(Duration::ZERO, 0).await;
    family::settle(world, &hill, &lake, &model).await;
    let anna = hill.person("Anna");
    let posts = anna
        .ok(GetFeed {
            feed: Feed::Home,
            ..Default::default()
        })
        .await
        .items;
    let with_comments = posts.iter().find(|post| post.comment_count > 0).unwrap().id;
    let chats = anna.ok(ListChats::default()).await.items;
    let mut places: Vec<String> = [
        "/",
        "/compose",
        "/friends",
        "/friends/requests",
        "/notifications",
        "/activity",
        "/health",
        "/pair",
        "/pair/invite",
        "/a",
        "/a/chats",
        "/a/models",
        "/settings",
        "/settings/account",
        "/settings/appearance",
        "/settings/notifications",
        "/settings/privacy",
        "/settings/devices",
        "/settings/people",
        "/settings/keyboard",
        "/settings/backups",
        "/settings/storage",
        "/settings/about",
        "/no/such/place",
    ]
    .map(str::to_owned)
    .to_vec();
    places.push(format!("/p/{with_comments}"));
    places.push(format!("/u/{}", anna.id()));
    places.push(format!("/u/{}/about", lake.person("Clara").id()));
    places.push(format!("/u/{}/friends", anna.id()));
    let invite = lake.owner().ok(CreateHomeInvite::default()).await.link;
    places.push(invite.strip_prefix("hearth:/").unwrap().to_owned());
    let with_pictures = posts.iter().find(|post| !post.media.is_empty()).unwrap().id;
    places.push(format!("/p/{with_pictures}?m=1"));
    places.push(format!("/a/c/{}", chats[0].id));
    (hill, lake, places)
}

/// Goes to every place of a family's window of this size and collects what axe-core finds in both themes.
async fn sweep((width, height): (u32, u32)) {
    let world = world();
    let (hill, _lake, places) = furnished(&world).await;
    let browser = open_as(&hill, "anna").await;
    let mut found = Vec::new();
    browser.resize(width, height).await;
    for place in &places {
        go(&browser, &hill, place).await;
        browser.find("h1").await;
        let short: String = place.chars().take(30).collect();
        judge(&browser, &format!("{short} {width}"), &mut found).await;
    }
    // What opens over a page by key.
    go(&browser, &hill, "/settings/keyboard").await;
    browser.click(&t("key-change")).await;
    browser.find(&t("key-dialog")).await;
    judge(&browser, &format!("keys dialog {width}"), &mut found).await;
    go(&browser, &hill, "/").await;
    browser.find(&t("post")).await;
    nowhere(&browser).await;
    browser.press_together(&[CONTROL, "f"]).await;
    browser.find(&format!("{}:focus", t("find-text"))).await;
    judge(&browser, &format!("find {width}"), &mut found).await;
    browser.press(ESCAPE).await;
    nowhere(&browser).await;
    browser.press("?").await;
    browser.find(&t("shortcuts")).await;
    judge(&browser, &format!("key help {width}"), &mut found).await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("shortcuts"), "").await;
    if width >= 640 {
        browser.click(&t("nav-me")).await;
        browser.find("[role='menu']").await;
    } else {
        browser.click(&t("nav-more")).await;
        browser.find(".h-more").await;
    }
    judge(&browser, &format!("menu of the person {width}"), &mut found).await;
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_section_of_the_gallery_is_filled_and_the_console_is_clean() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let mut browser = open_as(&home, "anna").await;
    // Its made-up pictures and people are at no home.
    browser.expect_error("/media/");
    browser.expect_error("/rpc/");
    go(&browser, &home, "/dev/gallery").await;
    browser
        .find(&format!(".h-gallery section, {}", t("not-found")))
        .await;
    // A released window has no gallery.
    if !browser.has(&t("not-found")).await {
        let empty = "return [...document.querySelectorAll('.h-gallery section')]
            .filter(s => s.querySelector(':scope > h2') && s.getBoundingClientRect().height < 60)
            .map(s => s.textContent.slice(0, 60))";
        assert_eq!(browser.run(empty, json!([])).await, json!([]));
        browser
            .find_with("h2", "Assistant: thread, composer, models")
            .await;
    }
    browser.close().await;
    world.close().await;
}
