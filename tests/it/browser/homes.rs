//! Two homes meet through their windows.

use super::{go, open_as, photo_file, sees_post, shot, t, world};
use hearth_api::feed::{Audience, Feed};
use hearth_api::homes::{AcceptInvite, ConfirmWords, TryNow};
use hearth_tests::within;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_homes_pair_become_friends_and_share_a_post() {
    let world = world();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    let (at_hill, at_lake) = (open_as(&hill, "anna").await, open_as(&lake, "clara").await);

    go(&at_hill, &hill, "/pair/invite").await;
    at_hill.click(&t("invite-create")).await;
    at_hill.find(&t("qr")).await;
    let link = at_hill
        .run(
            "return document.querySelector(\"[data-test='invite-link']\").value",
            json!([]),
        )
        .await;
    shot(&at_hill, "invite").await;

    go(&at_lake, &lake, "/pair").await;
    at_lake.type_into(&t("pair-link"), link.as_str().unwrap()).await;
    at_lake.click(&t("pair-open")).await;
    at_lake.find(&t("invite-preview")).await;
    shot(&at_lake, "invite-preview").await;
    at_lake.click(&t("invite-accept")).await;
    let there = at_lake.text(&t("safety-words")).await;
    let here = at_hill.text(&t("safety-words")).await;
    assert_eq!(here, there, "both windows show the same words");
    assert_eq!(here.split_whitespace().count(), 5, "{here}");
    shot(&at_hill, "safety-words").await;
    // Whoever has the window in another language can be read the words in theirs.
    at_hill.click(&t("words-language")).await;
    at_hill.find("[data-test='safety-words'][lang='de']").await;
    let german = at_hill.text(&t("safety-words")).await;
    assert_ne!(german, here);
    at_lake.click(&t("words-language")).await;
    at_lake.find("[data-test='safety-words'][lang='de']").await;
    assert_eq!(at_lake.text(&t("safety-words")).await, german);
    at_hill.click(&t("words-language")).await;
    at_hill.find("[data-test='safety-words'][lang='en']").await;
    assert_eq!(at_hill.text(&t("safety-words")).await, here);
    at_hill.click(&t("words-same")).await;
    at_lake.click(&t("words-same")).await;
    at_hill.find(&t("pair-connected")).await;
    at_lake.click(&t("add-contact")).await;

    // The request arrives while Anna looks.
    go(&at_hill, &hill, "/friends/requests").await;
    at_hill.click(&t("accept")).await;
    at_hill.until_gone(&t("request"), "").await;
    let clara = lake.owner();
    clara
        .until("the friendship", async |clara| {
            !clara
                .ok(hearth_api::people::ListFriends::default())
                .await
                .is_empty()
        })
        .await;

    go(&at_lake, &lake, "/").await;
    at_lake.find(&t("feed-empty")).await;
    go(&at_hill, &hill, "/").await;
    at_hill.click(&t("share-something")).await;
    at_hill.type_into(&t("compose-text"), "Hello, lake!").await;
    at_hill.click(&t("share")).await;
    sees_post(&at_lake, "Hello, lake!").await;
    at_hill
        .find(&format!(
            "{}[data-state='all'], [data-state='all'] {}",
            t("ticks"),
            t("ticks")
        ))
        .await;
    shot(&at_hill, "delivered").await;
    at_hill.click(&t("ticks")).await;
    at_hill.find_with(&t("delivery-sheet"), "Lake House").await;
    shot(&at_hill, "delivery-sheet").await;
    assert_eq!(clara.feed(Feed::Home).await, ["Hello, lake!"]);

    hill.owner().post(Audience::Friends, "And another one").await;
    sees_post(&at_lake, "And another one").await;
    go(&at_lake, &lake, "/notifications").await;
    at_lake.find(&t("notification")).await;
    shot(&at_lake, "notifications").await;
    at_hill.close().await;
    at_lake.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_were_called_different_there_are_said_to_be_so_here() {
    let world = world();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    let at_hill = open_as(&hill, "anna").await;
    go(&at_hill, &hill, "/pair/invite").await;
    at_hill.click(&t("invite-create")).await;
    at_hill.find(&t("qr")).await;
    let link = at_hill
        .run(
            "return document.querySelector(\"[data-test='invite-link']\").value",
            json!([]),
        )
        .await;
    let link = link.as_str().unwrap().to_owned();
    lake.owner().ok(AcceptInvite { link }).await;
    at_hill.find(&t("safety-words")).await;
    let differ = ConfirmWords {
        home: hill.id(),
        same: false,
    };
    lake.owner().ok(differ).await;
    at_hill.find_with(&t("pair-cut"), "Lake House").await;
    at_hill.find_with(&t("pair-cut"), "called different there").await;
    assert!(
        !at_hill.has(&t("words-same")).await,
        "there is nothing to confirm"
    );
    shot(&at_hill, "words-cut").await;
    // The used invite does not come back; another can be made in its place.
    at_hill.click(&t("invite-again")).await;
    at_hill.find(&t("invite-create")).await;
    go(&at_hill, &hill, "/notifications").await;
    at_hill
        .find_with(&t("notification"), "called different there")
        .await;
    at_hill.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_invite_is_said_to_be_one_and_kept() {
    let world = world();
    let lake = world.home("Lake House", &["Clara"]).await;
    let mut browser = open_as(&lake, "clara").await;
    browser.expect_error("homes.preview_invite");
    go(&browser, &lake, "/pair").await;
    browser
        .type_into(&t("pair-link"), "hearth://i/not-an-invite")
        .await;
    browser.click(&t("pair-open")).await;
    browser
        .find("[role='alert'], [aria-invalid='true'], [data-test='error-panel'], [data-test='pair-error']")
        .await;
    shot(&browser, "bad-invite").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_the_code_opens_the_invite() {
    let world = world();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    let folder = hearth_tests::browser::folder().unwrap();
    let (at_hill, at_lake) = (open_as(&hill, "anna").await, open_as(&lake, "clara").await);
    go(&at_hill, &hill, "/pair/invite").await;
    at_hill.click(&t("invite-create")).await;
    let code = folder.path().join("code.png");
    std::fs::write(&code, at_hill.picture_of(&t("qr")).await).unwrap();

    go(&at_lake, &lake, "/pair").await;
    at_lake
        .choose_file(&t("pair-file"), &photo_file(folder.path(), 4))
        .await;
    at_lake.sees("There is no code on this picture").await;
    let torn = folder.path().join("torn.png");
    std::fs::write(&torn, b"\x89PNG\r\n\x1a\nand then nothing of the kind").unwrap();
    at_lake.choose_file(&t("pair-file"), &torn).await;
    at_lake.sees("This picture cannot be opened here").await;
    shot(&at_lake, "pair-picture").await;

    at_lake.choose_file(&t("pair-file"), &code).await;
    at_lake.find(&t("invite-preview")).await;
    at_lake.click(&t("invite-accept")).await;
    let there = at_lake.text(&t("safety-words")).await;
    assert_eq!(
        at_hill.text(&t("safety-words")).await,
        there,
        "both windows show the same words"
    );
    at_hill.close().await;
    at_lake.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_that_fetches_by_itself_is_awake_and_what_waits_is_listed() {
    let world = world();
    let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
    let (anna, clara) = (hill.person("Anna"), lake.person("Clara"));
    world.close_port(&lake).await;
    // Calling fails at the first thing that is to go there; the lake hears so when it calls, and fetches.
    let post = anna.post(Audience::Friends, "Come and get it").await;
    within("the post", async {
        // Until the call from the hill has failed, asking brings nothing, and no event tells when that was.
        let mut look = tokio::time::interval(Duration::from_millis(100));
        while clara.sees(post.id).await.is_none() {
            look.tick().await;
            clara.ok(TryNow::default()).await;
        }
    })
    .await;
    let at_hill = open_as(&hill, "anna").await;
    go(&at_hill, &hill, "/health").await;
    at_hill.find(&t("home-fetches")).await;
    at_hill
        .find(&format!("{}[data-state='ok']", t("home-card")))
        .await;
    shot(&at_hill, "home-fetches").await;

    lake.stop().await;
    anna.post(Audience::Friends, "For later").await;
    go(&at_hill, &hill, "/health").await;
    at_hill.click(&t("home-aside-open")).await;
    at_hill.find(&t("aside-outgoing")).await;
    shot(&at_hill, "home-aside").await;
    at_hill.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_narrowed_post_says_from_where_it_is_still_being_taken_back() {
    let world = world();
    let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
    let (anna, clara) = (hill.person("Anna"), lake.person("Clara"));
    let post = anna
        .post(hearth_api::feed::Audience::Friends, "For us alone")
        .await;
    clara
        .until("the post", async |clara| clara.sees(post.id).await.is_some())
        .await;
    lake.stop().await;
    let narrowed = hearth_api::feed::EditPost {
        id: post.id,
        version: post.version,
        text: post.text.clone(),
        media: Vec::new(),
        audience: hearth_api::feed::Audience::Me,
    };
    anna.ok(narrowed).await;
    let browser = open_as(&hill, "anna").await;
    sees_post(&browser, "For us alone").await;
    browser.click(&t("ticks")).await;
    browser
        .find_with(&t("delivery-sheet"), "It is being taken back from")
        .await;
    shot(&browser, "delivery-taking-back").await;
    lake.start().await;
    hill.node().federation().wake(None);
    browser.find_with(&t("delivery-sheet"), "nobody elsewhere").await;
    let clara = lake.returning("Clara").await;
    assert!(clara.sees(post.id).await.is_none());
    browser.close().await;
    world.close().await;
}
