//! What is open over the page, and what other windows of the same browser do.

use super::{ESCAPE, go, open_as, shot, t, world};
use hearth_api::account::{CreateAccountInvite, Role};
use hearth_api::chat::{DeleteChat, SendMessage};
use hearth_api::feed::{Audience, ListDrafts};
use hearth_api::provider::ProviderKind;
use hearth_tests::PASSWORD;
use hearth_tests::browser::Browser;
use hearth_tests::model::FakeLlm;
use serde_json::{Value, json};

async fn path(browser: &Browser) -> String {
    let path = browser
        .run("return location.pathname + location.search", json!([]))
        .await;
    path.as_str().unwrap().to_owned()
}

/// A browser closes what is open without asking the page when it has asked before, as by the way back of a phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_browser_closes_without_asking_opens_again_and_loses_nothing() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let browser = open_as(&home, "anna").await;
    let close = async || {
        let last = "[...document.querySelectorAll('dialog')].findLast(d => d.open).close()";
        browser.run(last, json!([])).await;
    };
    browser.click(&t("share-something")).await;
    browser.type_into(&t("compose-text"), "Half a thought").await;
    close().await;
    browser.until_gone(&t("composer"), "").await;
    anna.until("the draft", async |anna| {
        let drafts = anna.ok(ListDrafts {}).await;
        drafts.iter().any(|draft| draft.text == "Half a thought")
    })
    .await;
    browser.click(&t("share-something")).await;
    browser.find(&t("compose-text")).await;
    // A menu in it, and then the dialog under it.
    browser.click("[data-test='composer'] [aria-haspopup]").await;
    close().await;
    browser.find(&t("compose-text")).await;
    close().await;
    browser.until_gone(&t("composer"), "").await;
    browser.click(&t("nav-me")).await;
    browser.find("[role='menuitem']").await;
    close().await;
    browser.until_gone("[role='menuitem']", "").await;
    browser.click(&t("nav-me")).await;
    browser.find("[role='menuitem']").await;
    browser.press(ESCAPE).await;
    browser.until_gone("[role='menuitem']", "").await;
    // Twice by the key, nothing touched between: the browser asks about the first only.
    browser.click(&t("share-something")).await;
    browser.click("[data-test='composer'] [aria-haspopup]").await;
    browser.press(ESCAPE).await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("composer"), "").await;
    browser.click(&t("share-something")).await;
    browser.find(&t("compose-text")).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_what_is_pressed_under_a_post_does_not_move_while_one_writes() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Me, "As it was").await.id;
    let browser = open_as(&home, "anna").await;
    browser.resize(360, 740).await;
    let place = async || {
        let script = "const box = document.querySelector(\"[data-test='share']\").getBoundingClientRect();\
            return [box.left, box.top].map(Math.round)";
        browser.run(script, json!([])).await
    };
    let settled = async || {
        // The dialog slides in.
        let mut last = Value::Null;
        loop {
            let now = place().await;
            if now == last {
                return now;
            }
            last = now;
        }
    };
    browser.click(&t("share-something")).await;
    browser.find(&t("share")).await;
    let before = settled().await;
    browser.type_into(&t("compose-text"), "x").await;
    browser.find_with(".h-compose__state", "Draft").await;
    assert_eq!(settled().await, before);
    shot(&browser, "compose-phone").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("composer"), "").await;

    go(&browser, &home, &format!("/p/{post}")).await;
    browser.click(&t("post-menu")).await;
    browser.click(&t("post-edit")).await;
    browser.find(&t("share")).await;
    let before = settled().await;
    browser.type_into(&t("compose-text"), "!").await;
    browser.find_with(".h-compose__state", "Draft").await;
    assert_eq!(settled().await, before);
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_follows_when_another_signs_out_and_tells_the_others_itself() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    home.owner().post(Audience::Me, "Only for me").await;
    let browser = open_as(&home, "anna").await;
    browser.find_with(&t("post"), "Only for me").await;
    // What another window of this browser does, and what the browser tells this one then.
    let elsewhere = "const done = arguments[arguments.length - 1]; fetch('/rpc/session.sign_out', { method: 'POST', body: '{}',\
        headers: { 'Content-Type': 'application/json', 'X-Hearth': '1' } }).then((answer) => {\
            window.dispatchEvent(new StorageEvent('storage', { key: 'hearth.session' })); done(answer.ok); })";
    assert_eq!(browser.run_async(elsewhere, json!([])).await, json!(true));
    browser.find(&t("username")).await;
    assert!(!browser.has(&t("post")).await, "nothing of the feed is left");
    let told = async || {
        let script =
            "const was = localStorage['hearth.session']; delete localStorage['hearth.session']; return !!was";
        browser.run(script, json!([])).await
    };
    told().await;
    super::sign_in(&browser, "anna", PASSWORD).await;
    browser.find_with(&t("post"), "Only for me").await;
    assert_eq!(told().await, json!(true), "that somebody signed in");
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_to_an_account_says_that_one_is_signed_in() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let request = CreateAccountInvite {
        days: 7,
        role: Role::Member,
        note: String::new(),
    };
    let code = home.owner().ok(request).await.code;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, &format!("/join/{code}")).await;
    browser.sees("You are signed in as Anna").await;
    shot(&browser, "join-signed-in").await;
    browser.click(&t("join-sign-out")).await;
    browser.find(&t("join")).await;
    assert_eq!(path(&browser).await, format!("/join/{code}"));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_does_not_stay_open_that_is_deleted_elsewhere() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let request = SendMessage {
        op: uuid::Uuid::from_u128(77),
        chat: None,
        text: "Hello [there](javascript:alert(1))".into(),
        model: None,
    };
    let chat = anna.ok(request).await.chat;
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("404");
    browser.expect_error("net::ERR_");
    go(&browser, &home, &format!("/a/c/{chat}")).await;
    browser.find_with(&t("answer"), "You said").await;
    // Nothing of what was typed is hidden.
    browser
        .find_with(&t("question"), "there (javascript:alert(1))")
        .await;

    // What only said that the home is away goes when it is back.
    home.stop().await;
    browser.find(&t("offline")).await;
    browser.type_into(&t("chat-text"), "Still there?").await;
    browser.click(&t("send")).await;
    browser.find(&t("send-error")).await;
    home.start().await;
    browser.until_gone(&t("offline"), "").await;
    browser.until_gone(&t("send-error"), "").await;

    anna.ok(DeleteChat { id: chat }).await;
    browser.find(&t("chat-gone")).await;
    assert!(!browser.has(&t("chat-text")).await);
    browser.close().await;
    world.close().await;
}
