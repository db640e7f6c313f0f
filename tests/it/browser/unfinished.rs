//! Stories that the window does not pass yet; only with the feature `unfinished`. Each moves to its own module when it holds.

use super::{ENTER, WIDE, go, open_as, sees_post, shot, t, world};
use hearth_api::feed::{Audience, Feed, ListComments};
use hearth_tests::browser::Browser;
use hearth_tests::family;
use hearth_tests::model::{FakeAnswer, FakeLlm, Gate, MODEL, Script};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
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

fn word(text: &str) -> Value {
    json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": false,
            "message": { "role": "assistant", "content": text } })
}

fn last() -> Value {
    json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": true, "done_reason": "stop",
            "message": { "role": "assistant", "content": "" }, "prompt_eval_count": 12, "eval_count": 4 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_is_accessible_in_both_themes() {
    let world = world();
    let hill = world.empty_home(family::HILL_HOUSE).await;
    let lake = world.empty_home(family::LAKE_HOUSE).await;
    let model = family::model(Duration::ZERO, 0).await;
    family::settle(&world, &hill, &lake, &model).await;
    let anna = hill.person("Anna");
    let posts = anna
        .ok(hearth_api::feed::GetFeed {
            feed: Feed::Home,
            ..Default::default()
        })
        .await
        .items;
    let with_comments = posts.iter().find(|post| post.comment_count > 0).unwrap().id;
    let chats = anna.ok(hearth_api::chat::ListChats::default()).await.items;
    let mut places: Vec<String> = [
        "/",
        "/compose",
        "/friends",
        "/friends/requests",
        "/notifications",
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
        "/settings/about",
        "/no/such/place",
    ]
    .map(str::to_owned)
    .to_vec();
    places.push(format!("/p/{with_comments}"));
    places.push(format!("/u/{}", anna.id()));
    places.push(format!("/u/{}/about", lake.person("Clara").id()));
    places.push(format!("/a/c/{}", chats[0].id));
    let browser = open_as(&hill, "anna").await;
    let mut found = Vec::new();
    for (width, height) in [WIDE, (360, 740)] {
        browser.resize(width, height).await;
        for place in &places {
            go(&browser, &hill, place).await;
            browser.find("h1").await;
            let short: String = place.chars().take(30).collect();
            judge(&browser, &format!("{short} {width}"), &mut found).await;
        }
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_is_added_and_an_answer_streams_through_a_reload() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let fake = FakeLlm::builder()
        .brain(|_| FakeAnswer::text("A title of its own"))
        .start_ollama()
        .await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/a").await;
    browser.find(&t("chat-no-model")).await;
    shot(&browser, "chat-no-model").await;

    go(&browser, &home, "/a/models").await;
    browser.click(&t("begin-ollama")).await;
    browser.find(&t("provider-form")).await;
    browser
        .run(
            "document.querySelector(\"[data-test='provider-address']\").select()",
            json!([]),
        )
        .await;
    browser.type_into(&t("provider-address"), &fake.url()).await;
    browser.click(&t("provider-save")).await;
    browser.until_gone(&t("provider-dialog"), "").await;
    browser.find_with(&t("model"), MODEL).await;
    shot(&browser, "models").await;

    let gate = Gate::new();
    let script = Script::ndjson()
        .line(&word("Take the **lake"))
        .line(&word(" path**: flat, "))
        .pause(&gate)
        .line(&word("and two hours long."))
        .line(&last());
    fake.server().once("/api/chat", script);
    go(&browser, &home, "/a").await;
    browser.type_into(&t("chat-text"), "Which walk?").await;
    browser.press(ENTER).await;
    browser.find_with(&t("question"), "Which walk?").await;
    browser.find_with(&t("answer"), "flat,").await;
    browser.find(&t("stop")).await;
    shot(&browser, "chat-streaming").await;
    browser.reload().await;
    browser.find_with(&t("answer"), "flat,").await;
    gate.open();
    browser
        .find_with(&t("answer"), "Take the lake path: flat, and two hours long.")
        .await;
    browser.until_gone(&t("stop"), "").await;
    shot(&browser, "chat-answer").await;

    fake.server()
        .once("/api/chat", Script::ndjson().line(&word("Once upon a ")).hold());
    browser.type_into(&t("chat-text"), "A story").await;
    browser.click(&t("send")).await;
    browser.find_with(&t("answer"), "Once upon a").await;
    browser.click(&t("stop")).await;
    browser.find(&t("continue")).await;
    browser.find_with(&t("answer"), "Once upon a").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_posted_commented_and_deleted() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    world.befriend(&home.person("Anna"), &home.person("Ben")).await;
    let folder = tempfile::tempdir().unwrap();
    let browser = open_as(&home, "anna").await;
    let other = open_as(&home, "ben").await;

    browser.click(&t("share-something")).await;
    browser
        .type_into(&t("compose-text"), "The bench is **done**.")
        .await;
    browser
        .choose_file(&t("compose-files"), &photo_file(folder.path(), 1))
        .await;
    browser.find(&t("tray-tile")).await;
    shot(&browser, "composer").await;
    browser.click(&t("share")).await;
    browser.until_gone(&t("composer"), "").await;
    browser.find_with(&t("post"), "The bench is done.").await;
    pictures_arrive(&browser, &t("post")).await;
    shot(&browser, "feed-photo").await;

    // The other window gets it by itself.
    sees_post(&other, "The bench is done.").await;
    other.click(&t("comments")).await;
    other
        .type_into(&t("comment-text"), "It looks as if it had always been there.")
        .await;
    other.click(&t("comment-send")).await;
    other.find_with(&t("comment"), "always been there").await;
    browser.sees("always been there").await;

    browser.click(&t("tile")).await;
    browser.find(&t("viewer")).await;
    shot(&browser, "viewer").await;
    browser.click(&t("viewer-close")).await;
    browser.until_gone(&t("viewer"), "").await;

    browser.click(&t("react")).await;
    shot(&browser, "reactions").await;
    browser.press(ENTER).await;
    let anna = home.person("Anna");
    let post = anna
        .ok(hearth_api::feed::GetFeed::default())
        .await
        .items
        .remove(0);
    assert_eq!(post.media.len(), 1);
    let comments = anna.ok(ListComments { post: post.id }).await;
    assert_eq!(comments.len(), 1);

    browser.click(&t("post-menu")).await;
    browser.click_with("[role='menuitem']", "Delete").await;
    if browser.has(&t("confirm-do")).await {
        browser.click(&t("confirm-do")).await;
    }
    browser.until_gone(&t("post"), "The bench is done.").await;
    go(&browser, &home, "/").await;
    browser.find(&t("feed-empty")).await;
    other.until_gone(&t("post"), "The bench is done.").await;
    browser.close().await;
    other.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_is_written_by_keyboard_alone() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    browser.find(&t("feed-empty")).await;
    browser
        .run("document.activeElement.blur()", serde_json::json!([]))
        .await;
    browser.press("cp").await;
    // The cursor is where one writes.
    browser.find(&format!("{}:focus", t("compose-text"))).await;
    browser.press("Typed, not clicked").await;
    // Control and Enter together.
    browser
        .type_into(&t("compose-text"), "\u{E009}\u{E007}\u{E000}")
        .await;
    browser.find_with(&t("post"), "Typed, not clicked").await;
    assert_eq!(
        home.owner().feed(hearth_api::feed::Feed::Home).await,
        ["Typed, not clicked"]
    );
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sticks_out_of_a_narrow_window() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let photo = anna.upload_photo(2).await;
    let long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung".repeat(3);
    anna.post_with(Audience::Me, &long, &[(&photo, "A lake")]).await;
    let browser = open_as(&home, "anna").await;
    browser.resize(360, 740).await;
    for path in [
        "/",
        "/friends",
        "/notifications",
        "/a",
        "/a/models",
        "/health",
        "/pair",
        "/settings/account",
    ] {
        go(&browser, &home, path).await;
        browser.find("h1").await;
        browser.until_gone("[data-test='skeleton']", "").await;
        let over = browser
            .run(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                json!([]),
            )
            .await;
        shot(&browser, &format!("narrow{}", path.replace('/', "-"))).await;
        assert_eq!(over, 0, "{path} is as wide as the window");
    }
    browser.close().await;
    world.close().await;
}

/// A drawn photo as a file.
fn photo_file(dir: &Path, number: u64) -> PathBuf {
    let path = dir.join(format!("photo-{number}.jpg"));
    std::fs::write(&path, hearth_tests::pictures::landscape(800, 600, number)).unwrap();
    path
}

/// Whether every picture in the page has arrived.
async fn pictures_arrive(browser: &Browser, css: &str) {
    let script = "const [css, done] = arguments;
        const all = () => [...document.querySelectorAll(css + ' img')];
        const timer = setInterval(() => {
            if (all().length && all().every(i => i.complete && i.naturalWidth > 0)) { clearInterval(timer); done(true); }
        }, 50);";
    browser.run_async(script, serde_json::json!([css])).await;
}
