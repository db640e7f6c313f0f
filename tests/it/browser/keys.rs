//! Everything by key: other keys for something, the main path without a mouse, finding words, what is new in a talk.

use super::{
    ALT, CONTROL, DOWN, ENTER, ESCAPE, SHIFT, TAB, UP, go, nowhere, open_as, photo_file, shot, t, world,
};
use hearth_api::feed::{Audience, Feed, ListComments};
use hearth_tests::browser::Browser;
use serde_json::json;

/// The line of something in the settings of the keys.
fn line(key: &str) -> String {
    t(&format!("key-{key}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_changed_and_used() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    anna.post(Audience::Me, "A post to answer").await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/settings/keyboard").await;
    browser
        .click(&format!("{} {}", line("reply"), t("key-change")))
        .await;
    browser.find(&format!("{}:focus", t("key-field"))).await;
    browser.press("h").await;
    browser.click(&t("key-save")).await;
    browser.find_with(&line("reply"), "H").await;
    shot(&browser, "settings-keys").await;
    let chosen = async || anna.status().await.me.unwrap().settings.keys;
    anna.until("the new key", async |_| {
        chosen().await.get("reply").is_some_and(|keys| keys == &["h"])
    })
    .await;

    // It holds after a reload, the help knows it, and the old one does nothing any more.
    go(&browser, &home, "/").await;
    browser.find_with(&t("post"), "A post to answer").await;
    nowhere(&browser).await;
    browser.press("?").await;
    browser
        .find_with(&format!("{} .h-keys__line", t("shortcuts")), "H")
        .await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("shortcuts"), "").await;
    browser.press("j").await;
    browser.find(".h-post-card:focus").await;
    browser.press("r").await;
    browser.press("h").await;
    browser.find(&format!("{}:focus", t("comment-text"))).await;
    assert!(browser.url().await.contains("/p/"));

    // A key that is taken says what it does; taking it takes it away there.
    go(&browser, &home, "/settings/keyboard").await;
    browser
        .click(&format!("{} {}", line("next"), t("key-change")))
        .await;
    browser.find(&format!("{}:focus", t("key-field"))).await;
    browser.press("k").await;
    browser.find_with(&t("key-conflict"), "Previous").await;
    shot(&browser, "settings-keys-conflict").await;
    browser.click_with(&t("key-save"), "Use it here").await;
    browser.find_with(&line("previous"), "No keys").await;
    browser
        .click(&format!("{} {}", line("previous"), t("key-reset")))
        .await;
    browser.find_with(&line("previous"), "K").await;
    browser.find_with(&line("next"), "No keys").await;

    // What others need is refused in words, and nothing is lost.
    browser
        .click(&format!("{} {}", line("find"), t("key-change")))
        .await;
    browser.find(&format!("{}:focus", t("key-field"))).await;
    browser.press_together(&[CONTROL, "c"]).await;
    browser.click(&t("key-save")).await;
    browser
        .find_with(&t("key-dialog"), "Every text field needs these keys")
        .await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("key-dialog"), "").await;

    browser.click(&t("keys-reset-all")).await;
    browser.find_with(&line("next"), "J").await;
    anna.until("the usual keys", async |_| chosen().await.is_empty())
        .await;
    browser.close().await;
    world.close().await;
}

/// Presses Tab until something has the focus.
async fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..60 {
        let there = format!("return !!document.activeElement?.matches({css:?})");
        if browser.run(&there, json!([])).await.as_bool() == Some(true) {
            return;
        }
        browser.press(TAB).await;
    }
    panic!("Tab does not lead to {css}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_path_needs_no_mouse() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    world.befriend(&anna, &ben).await;
    let photo = ben.upload_photo(3).await;
    ben.post_with(Audience::Friends, "From the lake", &[(&photo, "A lake")])
        .await;
    let browser = open_as(&home, "anna").await;
    browser.find_with(&t("post"), "From the lake").await;
    nowhere(&browser).await;

    // A post, to an audience of one's choice.
    browser.press("cp").await;
    browser.find(&format!("{}:focus", t("compose-text"))).await;
    browser.press("Only by key").await;
    browser.press_together(&[CONTROL, SHIFT, "a"]).await;
    browser.find("[role='radio'][aria-checked='true']:focus").await;
    browser.press(UP).await;
    browser.press(DOWN).await;
    browser.press(DOWN).await;
    browser.find(&format!("{}:focus", t("audience-local"))).await;
    browser.press(ENTER).await;
    browser.find_with(&t("audience"), "My home").await;
    browser.press_together(&[CONTROL, ENTER]).await;
    browser.until_gone(&t("composer"), "").await;
    browser.find_with(&t("post"), "Only by key").await;
    anna.until("the post to be in the feed", async |anna| {
        anna.feed(Feed::Home)
            .await
            .first()
            .is_some_and(|text| text == "Only by key")
    })
    .await;

    // A reaction and a comment under Ben's.
    nowhere(&browser).await;
    browser.press("j").await;
    browser.find_with(".h-post-card:focus", "Only by key").await;
    browser.press("j").await;
    browser.find_with(".h-post-card:focus", "From the lake").await;
    browser.press("l").await;
    browser.find(".h-popover__body button:focus").await;
    browser.press(ENTER).await;
    browser.find(".h-reactions__chip[aria-pressed='true']").await;
    browser.press("r").await;
    browser.find(&format!("{}:focus", t("comment-text"))).await;
    browser.press("How blue!").await;
    browser.press_together(&[CONTROL, ENTER]).await;
    browser.find_with(&t("comment"), "How blue!").await;
    let post = ben.ok(hearth_api::feed::GetFeed::default()).await.items;
    let lake = post.iter().find(|p| p.text == "From the lake").unwrap();
    anna.until("the comment", async |anna| {
        !anna.ok(ListComments { post: lake.id }).await.is_empty()
    })
    .await;

    // The picture, and back to where one was.
    nowhere(&browser).await;
    tab_to(&browser, ".h-mosaic__tile").await;
    browser.press(ENTER).await;
    browser.find(&t("viewer")).await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("viewer"), "").await;
    browser.find(".h-mosaic__tile:focus").await;

    // What others did.
    let mine = post.iter().find(|p| p.text == "Only by key").unwrap();
    ben.comment(mine.id, "And cold.").await.unwrap();
    browser.press("gn").await;
    browser.find(&t("notifications")).await;
    browser.find_with(".h-notice__link", "Ben").await;
    let on_it = "return !!document.activeElement?.innerText.includes('Ben')";
    for _ in 0..10 {
        browser.press("j").await;
        if browser.run(on_it, json!([])).await == json!(true) {
            break;
        }
    }
    browser.find_with(".h-notice__link:focus", "Ben").await;
    browser.press("e").await;
    browser
        .until_gone(".h-notice[data-unread]:has(.h-notice__link:focus)", "")
        .await;
    browser.press(ENTER).await;
    browser.find_with(&t("comment"), "And cold.").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_found_in_what_is_loaded_though_it_is_not_drawn() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let long = "A long day with much to tell.\n\n".repeat(12);
    for number in 0..12 {
        let text = match number {
            0 => format!("The **sledge** is in the attic.\n\n{long}"),
            9 => format!("Who has seen the Sledge?\n\n{long}"),
            _ => format!("Day {number}\n\n{long}"),
        };
        anna.post(Audience::Me, &text).await;
    }
    let browser = open_as(&home, "anna").await;
    browser.find_with(&t("post"), "Who has seen").await;
    let drawn = "return [...document.querySelectorAll(\"[data-test='post']\")].some(p => p.innerText.includes('attic'))";
    assert_eq!(
        browser.run(drawn, json!([])).await,
        json!(false),
        "the oldest is far below"
    );
    nowhere(&browser).await;
    browser.press_together(&[CONTROL, "f"]).await;
    browser.find(&format!("{}:focus", t("find-text"))).await;
    browser.press("sledge").await;
    browser.find_with(&t("find-count"), "1 of 2").await;
    shot(&browser, "find").await;
    browser.press(ENTER).await;
    browser.find_with(&t("find-count"), "2 of 2").await;
    let seen = "const e = [...document.querySelectorAll(\".h-post-card strong\")].find(e => e.innerText === 'sledge');
                const r = e?.getBoundingClientRect(); return !!r && r.top > 0 && r.bottom < innerHeight";
    assert_eq!(browser.run(seen, json!([])).await, json!(true), "it is in view");
    browser.press_together(&[SHIFT, ENTER]).await;
    browser.find_with(&t("find-count"), "1 of 2").await;
    browser.press("sss").await;
    browser.find_with(&t("find-count"), "Not found").await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("find-bar"), "").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_comments_are_marked_and_walked_to() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    world.befriend(&anna, &ben).await;
    let post = anna.post(Audience::Friends, "Who comes on Sunday?").await;
    ben.comment(post.id, "I do.").await.unwrap();
    let browser = open_as(&home, "anna").await;
    let place = format!("/p/{}", post.id);
    go(&browser, &home, &place).await;
    browser.find_with(&t("comment"), "I do.").await;
    assert!(
        !browser.has(".h-comment[data-unread]").await,
        "the first look shows all as it is"
    );
    go(&browser, &home, "/").await;
    browser.find_with(&t("post"), "Who comes").await;
    ben.comment(post.id, "With cake.").await.unwrap();
    ben.comment(post.id, "And coffee.").await.unwrap();
    go(&browser, &home, &place).await;
    browser.find_with(".h-comment[data-unread]", "With cake.").await;
    browser.find_with(".h-comment[data-unread]", "And coffee.").await;
    browser.until_gone(".h-comment[data-unread]", "I do.").await;
    shot(&browser, "comments-new").await;
    nowhere(&browser).await;
    browser.press("n").await;
    browser.find_with(".h-comment:focus", "With cake.").await;
    browser.press("n").await;
    browser.find_with(".h-comment:focus", "And coffee.").await;
    // One's own post is edited by key, another's comment is not.
    browser.press("e").await;
    nowhere(&browser).await;
    browser.press("e").await;
    browser
        .find_with(&t("compose-text"), "Who comes on Sunday?")
        .await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_change_places_by_key() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let folder = hearth_tests::browser::folder().unwrap();
    let browser = open_as(&home, "anna").await;
    browser.click(&t("share-something")).await;
    for number in [1, 2] {
        browser
            .choose_file(&t("compose-files"), &photo_file(folder.path(), number))
            .await;
        browser
            .find_with(
                ".h-tray__tile[data-state='ready'] .h-tray__face",
                &format!("photo-{number}.jpg"),
            )
            .await;
    }
    browser
        .run("document.querySelector('.h-tray__face').focus()", json!([]))
        .await;
    browser.press_together(&[ALT, super::RIGHT]).await;
    browser
        .find_with(".h-tray__face:focus", "photo-1.jpg, 2 of 2")
        .await;
    browser.press_together(&[ALT, super::LEFT]).await;
    browser
        .find_with(".h-tray__face:focus", "photo-1.jpg, 1 of 2")
        .await;
    browser.press_together(&[ALT, super::RIGHT]).await;
    browser
        .find_with(".h-tray__face:focus", "photo-1.jpg, 2 of 2")
        .await;
    shot(&browser, "composer-two-photos").await;
    browser.click(&t("share")).await;
    browser.until_gone(&t("composer"), "").await;
    browser.find(&t("tile")).await;
    let anna = home.owner();
    anna.until("the post", async |anna| !anna.feed(Feed::Home).await.is_empty())
        .await;
    let post = anna
        .ok(hearth_api::feed::GetFeed::default())
        .await
        .items
        .remove(0);
    let names: Vec<&str> = post.media.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["photo-2.jpg", "photo-1.jpg"]);
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_scrolls_by_key_wherever_the_focus_is() {
    const PAGE_DOWN: &str = "\u{E00F}";
    const END: &str = "\u{E010}";
    const HOME: &str = "\u{E011}";
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    browser.resize(1024, 420).await;
    let top = async || {
        let script = "return Math.round(Math.max(...[...document.querySelectorAll('main [data-scroller]')].map(e => e.scrollTop)))";
        browser.run(script, json!([])).await.as_i64().unwrap()
    };
    for path in [
        "/health",
        "/settings/keyboard",
        "/settings/appearance",
        "/a/models",
    ] {
        go(&browser, &home, path).await;
        browser.find(".h-page__scroll > div > *").await;
        browser.press(END).await;
        assert!(top().await > 0, "{path} does not move on arrival");
        browser.press(HOME).await;
        assert_eq!(top().await, 0, "{path}");
        browser.press(PAGE_DOWN).await;
        let page = top().await;
        assert!(page > 0, "{path}");
        browser.press(HOME).await;
        browser.press(DOWN).await;
        assert!((1..=page).contains(&top().await), "{path}");
        // After a press on the heading, and on nothing.
        browser.press(HOME).await;
        browser.click("main h1").await;
        browser.press(" ").await;
        assert_eq!(top().await, page, "{path}");
    }
    browser.close().await;
    world.close().await;
}
