//! Posting, looking, commenting, reacting, deleting.

use super::{BACKSPACE, ENTER, ESCAPE, go, open_as, photo_file, sees_post, shot, t, world};
use hearth_api::feed::{Audience, DeletePost, EditPost, GetFeed, ListComments, Post};
use hearth_tests::browser::Browser;
use hearth_tests::{TestPerson, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_outlives_a_reload() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let browser = open_as(&home, "anna").await;
    let mut listener = anna.listen().await;
    browser.click(&t("share-something")).await;
    browser
        .type_into(&t("compose-text"), "Found the old sledge in the attic")
        .await;
    listener
        .until("the draft", |event| {
            matches!(event, hearth_api::Event::DraftsChanged).then_some(())
        })
        .await;
    browser.reload().await;
    browser.find(&t("nav-compose")).await;
    let drafts = anna.ok(hearth_api::feed::ListDrafts {}).await;
    assert!(
        drafts
            .iter()
            .any(|draft| draft.text.contains("old sledge") && super::is_set(draft.saved_at))
    );
    assert!(
        anna.feed(hearth_api::feed::Feed::Home).await.is_empty(),
        "a draft is no post"
    );
    // Where one writes, a reload goes on with it.
    go(&browser, &home, "/compose").await;
    browser
        .find_with(&t("composer"), "Your changes from last time are back.")
        .await;
    browser.find_with(&t("compose-text"), "old sledge").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;
    assert_eq!(anna.ok(hearth_api::feed::ListDrafts {}).await.len(), 1);
    anna.post(Audience::Me, "Something else").await;
    sees_post(&browser, "Something else").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_what_is_being_written_says_that_it_is_kept_and_where() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Me, "Found the old sledge").await;
    let browser = open_as(&home, "anna").await;
    let said = async |text: &str| {
        browser.find_with(&t("toast"), text).await;
        shot(&browser, "kept-as-a-draft").await;
        browser
            .click(&format!("{} [aria-label='Close']", t("toast")))
            .await;
        browser.until_gone(&t("toast"), "").await;
    };
    let toasts = async || browser.has(&t("toast")).await;
    browser.find_with(&t("post"), "old sledge").await;

    // Nothing was written, and nothing is said.
    browser.click(&t("share-something")).await;
    browser.type_into(&t("compose-text"), " ").await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    assert!(!toasts().await);

    // It is said at once, and true.
    browser.click(&t("share-something")).await;
    browser.type_into(&t("compose-text"), "It still runs").await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    said("Kept as a draft. When you write a post, it is under “Drafts”.").await;
    browser.click(&t("share-something")).await;
    browser.click(&t("drafts")).await;
    browser.find_with(&t("draft"), "It still runs").await;
    browser.find_with("h3", "Drafts").await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    assert!(!toasts().await);

    // So it is with a change of a post, if there is one.
    let edit = async || {
        go(&browser, &home, &format!("/p/{}", post.id)).await;
        browser.click(&t("post-menu")).await;
        browser.click(&t("post-edit")).await;
        browser
            .until_value(&t("compose-text"), "Found the old sledge")
            .await;
    };
    edit().await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    assert!(!toasts().await);
    // What is taken back again is no change.
    edit().await;
    browser.type_into(&t("compose-text"), "!").await;
    browser
        .until_value(&t("compose-text"), "Found the old sledge!")
        .await;
    browser.press(BACKSPACE).await;
    browser
        .until_value(&t("compose-text"), "Found the old sledge")
        .await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    assert!(!toasts().await);
    edit().await;
    browser.type_into(&t("compose-text"), " in the attic").await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    said("It is back when you edit the post again.").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_posted_commented_and_deleted() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    world.befriend(&home.person("Anna"), &home.person("Ben")).await;
    let folder = hearth_tests::browser::folder().unwrap();
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
    let post = anna.ok(GetFeed::default()).await.items.remove(0);
    assert_eq!(post.media.len(), 1);
    let comments = anna.ok(ListComments { post: post.id }).await;
    assert_eq!(comments.len(), 1);

    browser.click(&t("post-menu")).await;
    browser.click_with("[role='menuitem']", "Delete").await;
    if browser.has(&t("confirm-do")).await {
        browser.click(&t("confirm-do")).await;
    }
    browser.until_gone(&t("post"), "The bench is done.").await;
    // Who leaves the page does not wait for the moment in which it could be undone.
    go(&browser, &home, "/settings").await;
    within("the deletion", async {
        while !anna.ok(GetFeed::default()).await.items.is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
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
    // The window shows it at once, the home has it a moment later.
    let anna = home.owner();
    within("the post", async {
        while anna.feed(hearth_api::feed::Feed::Home).await != ["Typed, not clicked"] {
            tokio::task::yield_now().await;
        }
    })
    .await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_under_a_post_that_is_deleted_are_kept() {
    words_are_kept(async |anna, post| {
        anna.ok(DeletePost { id: post.id }).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_under_a_post_that_others_may_no_longer_see_are_kept() {
    words_are_kept(async |anna, post| {
        anna.ok(EditPost {
            id: post.id,
            version: post.version,
            text: post.text.clone(),
            media: Vec::new(),
            audience: Audience::Me,
        })
        .await;
    })
    .await;
}

/// Ben writes under a post of Anna's while she takes it out of his sight.
async fn words_are_kept(take_away: impl AsyncFnOnce(&TestPerson, &Post)) {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    world.befriend(&anna, &ben).await;
    let post = anna.post(Audience::Friends, "Who can see this?").await;
    let mut browser = open_as(&home, "ben").await;
    // One look tells the window that there is nothing left to see.
    browser.expect_error("/rpc/posts.get");
    browser.expect_error("/rpc/comments.list");
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser
        .type_into(&t("comment-text"), "I was about to say something")
        .await;
    take_away(&anna, &post).await;
    browser
        .find_with(&t("toast"), "This post is no longer here")
        .await;
    browser.find(&t("error-panel")).await;
    shot(&browser, "words-kept").await;
    browser
        .click_with(&format!("{} button", t("toast")), "Copy text")
        .await;
    browser.sees("Copied").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_described_before_it_is_shared() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let folder = hearth_tests::browser::folder().unwrap();
    let browser = open_as(&home, "anna").await;
    browser.click(&t("share-something")).await;
    browser
        .choose_file(&t("compose-files"), &photo_file(folder.path(), 2))
        .await;
    browser.click(&format!("{} .h-tray__face", t("tray-tile"))).await;
    browser.find(&format!("{}:focus", t("alt-text"))).await;
    browser
        .type_into(&t("alt-text"), "Evening glow over dark hills")
        .await;
    shot(&browser, "alt-editor").await;
    browser.click(&t("alt-save")).await;
    browser.click(&t("share")).await;
    browser.until_gone(&t("composer"), "").await;
    browser
        .find(&format!(
            "{} img[alt='Evening glow over dark hills'], {} [aria-label*='Evening glow over dark hills']",
            t("post"),
            t("post")
        ))
        .await;
    browser.close().await;
    world.close().await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_taken_says_why_and_holds_nothing_up_once_removed() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let folder = hearth_tests::browser::folder().unwrap();
    let (heic, empty) = (folder.path().join("lake.heic"), folder.path().join("nothing.txt"));
    std::fs::write(&heic, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap();
    std::fs::write(&empty, b"").unwrap();
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("/rpc/media.finish_upload");
    browser.click(&t("share-something")).await;
    browser.type_into(&t("compose-text"), "The lake today").await;
    browser.choose_file(&t("compose-files"), &heic).await;
    browser.find_with(&t("tray-problem"), "lake.heic").await;
    browser.find_with(&t("tray-problem"), "JPEG").await;
    browser.choose_file(&t("compose-files"), &empty).await;
    browser.find_with(&t("tray-problem"), "nothing.txt").await;
    browser.find_with(&t("tray-problem"), "empty").await;
    assert!(!browser.has(&t("tray-again")).await, "another try would not help");
    // The browser cannot show it either: its tile has its name instead.
    browser.find_with(".h-tray__file", "lake.heic").await;
    shot(&browser, "tray-problems").await;
    browser.click(&t("share")).await;
    browser.sees("Remove them, then share").await;
    browser.click(&t("tray-drop")).await;
    browser.until_gone(&t("tray-problem"), "lake.heic").await;
    browser.click(&t("tray-drop")).await;
    browser.until_gone(&t("tray-problem"), "").await;
    browser.click(&t("share")).await;
    browser.until_gone(&t("composer"), "").await;
    browser.find_with(&t("post"), "The lake today").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_written_reply_outlives_a_reload_and_goes_with_what_was_sent() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Me, "Whose turn is it?").await;
    anna.comment(post.id, "Mine, I think").await.unwrap();
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser.click(&t("reply")).await;
    let field = format!("[role='listitem'] {}", t("comment-text"));
    browser.type_into(&field, "No, it is").await;
    anna.until("the draft", async |anna| {
        let drafts = anna.ok(hearth_api::feed::ListDrafts {}).await;
        drafts
            .iter()
            .any(|draft| draft.place.starts_with("reply:") && draft.text == "No, it is")
    })
    .await;
    browser.reload().await;
    browser.find_with(&field, "No, it is").await;
    browser.type_into(&field, " mine").await;
    browser
        .click(&format!("[role='listitem'] {}", t("comment-send")))
        .await;
    browser.find_with(&t("comment"), "No, it is mine").await;
    anna.until("the draft to go", async |anna| {
        anna.ok(hearth_api::feed::ListDrafts {}).await.is_empty()
    })
    .await;
    browser.close().await;
    world.close().await;
}
