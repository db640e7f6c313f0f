//! What people set about models and answers, and several conversations at once, in the window.

use super::{ENTER, go, open_as, shot, t, world};
use hearth_api::chat::{ListChats, UpdateChat};
use hearth_api::provider::{ListProviders, ProviderKind};
use hearth_api::{ChatId, Timestamp};
use hearth_tests::TestPerson;
use hearth_tests::browser::Browser;
use hearth_tests::model::{FakeAnswer, FakeLlm, Script, ScriptedServer};
use serde_json::{Value, json};

const DOWN: &str = "\u{E015}";
const ESCAPE: &str = "\u{E00C}";

/// Types into a field in place of what is there.
async fn fill(browser: &Browser, field: &str, text: &str) {
    browser.find(field).await;
    browser
        .run("document.querySelector(arguments[0]).select()", json!([field]))
        .await;
    browser.type_into(field, text).await;
}

/// What a field has.
async fn value(browser: &Browser, field: &str) -> Value {
    browser
        .run(
            "return document.querySelector(arguments[0]).value",
            json!([field]),
        )
        .await
}

/// Fails when axe-core finds something, in either theme, wide and on a phone; keeps pictures.
async fn accessible(browser: &Browser, what: &str) {
    for (width, height) in [(1280, 900), (360, 740)] {
        browser.resize(width, height).await;
        for theme in ["light", "dark"] {
            browser
                .run(
                    "document.documentElement.dataset.theme = arguments[0]",
                    json!([theme]),
                )
                .await;
            // A sheet that comes in anew is looked at when it is there.
            let settle =
                "for (const a of document.getAnimations()) { try { a.finish(); } catch { a.cancel(); } }";
            browser.run(settle, json!([])).await;
            let faults = browser.axe().await;
            assert!(
                faults.is_empty(),
                "{what}, {width}, {theme}:\n{}",
                faults.join("\n")
            );
            shot(browser, &format!("{what}-{width}-{theme}")).await;
        }
    }
    browser.resize(1280, 900).await;
}

/// Closes the toasts, so that the next one is the only one.
async fn quiet(browser: &Browser) {
    let close = "document.querySelectorAll(\"[data-test='toast'] .h-button--icon\").forEach(b => b.click())";
    browser.run(close, json!([])).await;
    browser.until_gone(&t("toast"), "").await;
}

fn said(text: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}}]})
}

/// Waits until all of an element is in sight, and nothing over it; a dialog that slides in takes a moment.
pub(super) async fn in_sight(browser: &Browser, css: &str) {
    let script = "const [css, done] = arguments;
        const look = () => {
            const seen = document.querySelector(css);
            const at = seen.getBoundingClientRect();
            const over = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
            if (at.top >= 0 && at.bottom <= innerHeight && seen.contains(over)) done(true);
            else setTimeout(look, 20);
        };
        look();";
    browser.run_async(script, json!([css])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_buttons_of_a_long_form_stay_in_sight() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    for (width, height) in [(360, 640), (1366, 768)] {
        browser.resize(width, height).await;
        go(&browser, &home, "/a/models").await;
        browser.click(&t("begin-openai")).await;
        browser.click(&format!("{} summary", t("limits"))).await;
        browser.find(&t("idle_limit")).await;
        for field in ["provider-name", "idle_limit"] {
            browser.type_into(&t(field), "1").await;
            in_sight(&browser, &t("provider-save")).await;
            in_sight(&browser, &t(field)).await;
            shot(&browser, &format!("form-{field}-{width}")).await;
        }
        go(&browser, &home, "/settings/backups").await;
        browser.click(&t("backup-schedule")).await;
        browser.find(&t("backup-schedule-dialog")).await;
        for field in ["backup-every", "backup-password"] {
            let focus = "document.querySelector(arguments[0]).focus()";
            browser.run(focus, json!([t(field)])).await;
            in_sight(&browser, &t("backup-save")).await;
            in_sight(&browser, &t(field)).await;
            shot(&browser, &format!("form-{field}-{width}")).await;
        }
    }
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_a_list_answers_with_a_model_typed_by_hand() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let server = ScriptedServer::start().await;
    server.always("/v1/models", Script::json(404, &json!({"error": "no"})));
    server.always(
        "/v1/chat/completions",
        Script::sse().event(&said("From our own model.")).done(),
    );
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("422");
    go(&browser, &home, "/a/models").await;
    browser.click(&t("begin-openai")).await;
    browser.type_into(&t("provider-name"), "Kitchen computer").await;
    browser
        .type_into(&t("provider-address"), &server.url("/v1"))
        .await;
    browser.click(&format!("{} summary", t("limits"))).await;
    browser.type_into(&t("idle_limit"), "5").await;
    browser.click(&t("provider-save")).await;
    browser
        .find_with(&format!("{} [aria-invalid='true']", t("limits")), "5")
        .await;
    browser.find_with(&t("limits"), "10 to 900 seconds").await;
    assert_eq!(
        value(&browser, &t("provider-name")).await,
        "Kitchen computer",
        "nothing typed is lost"
    );
    accessible(&browser, "provider-limits").await;
    fill(&browser, &t("idle_limit"), "90").await;
    browser.click(&t("provider-save")).await;
    browser.until_gone(&t("provider-dialog"), "").await;
    let limits = home.owner().ok(ListProviders {}).await[0].limits;
    assert_eq!((limits.idle, limits.turn), (Some(90), None));

    // The check says that there is no list, and the field for an id is there.
    browser
        .find_with(&t("check-report"), "does not tell which models")
        .await;
    browser.click(&t("model-add-do")).await;
    browser
        .find_with(&t("model-add-form"), "Type the id that the server knows")
        .await;
    browser.type_into(&t("model-id"), "our-model").await;
    browser.press(ENTER).await;
    browser.find_with(&t("model"), "our-model").await;

    // It is described: a window out of range is refused, and kept to be mended.
    browser.click(&t("model-menu")).await;
    browser.click(&t("model-describe")).await;
    browser.type_into(&t("model-context"), "100").await;
    browser.click(&format!("label:has({})", t("can-vision"))).await;
    browser.click(&t("model-save")).await;
    browser
        .find_with(&t("model-form"), "512 to 2 097 152 tokens")
        .await;
    assert_eq!(value(&browser, &t("model-context")).await, "100");
    accessible(&browser, "model-form").await;
    fill(&browser, &t("model-context"), "2048").await;
    browser.click(&t("model-save")).await;
    browser.until_gone(&t("model-dialog"), "").await;
    browser.find_with(&t("model"), "2,048 tokens").await;
    browser.find_with(&t("model"), "pictures").await;
    quiet(&browser).await;
    accessible(&browser, "models-by-hand").await;
    browser.click(&t("model-menu")).await;
    browser.click(&t("model-describe")).await;
    browser.click(&t("model-reset")).await;
    browser.until_gone(&t("model"), "2,048 tokens").await;

    go(&browser, &home, "/a").await;
    browser.find_with(&t("model-picker"), "our-model").await;
    browser.type_into(&t("chat-text"), "Are you there?").await;
    browser.click(&t("send")).await;
    browser.find_with(&t("answer"), "From our own model.").await;
    let asked = server.requests_to("/v1/chat/completions")[0].json();
    assert_eq!(asked["model"], "our-model");

    go(&browser, &home, "/a/models").await;
    browser.click(&t("model-menu")).await;
    browser.click(&t("model-remove")).await;
    browser.until_gone(&t("model"), "our-model").await;
    browser
        .click_with(&format!("{} button", t("toast")), "Undo")
        .await;
    browser.find_with(&t("model"), "our-model").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_reaches_the_server_and_what_makes_no_sense_is_kept_to_be_mended() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let fake = FakeLlm::builder()
        .brain(|_| FakeAnswer::text("Exactly so."))
        .start_openai()
        .await;
    home.owner().use_model(ProviderKind::OpenAi, &fake).await;
    let mut browser = open_as(&home, "anna").await;
    browser.expect_error("422");
    go(&browser, &home, "/a").await;
    browser.click(&t("parameters")).await;
    browser.type_into(&t("temperature"), "warm").await;
    browser.type_into(&t("stop-texts"), "END").await;
    browser.click(&t("parameters-save")).await;
    browser
        .find_with(&t("parameters-form"), "Enter a number, such as 0.7.")
        .await;
    fill(&browser, &t("temperature"), "2,5").await;
    browser.click(&t("parameters-save")).await;
    browser
        .find_with(&t("parameters-form"), "a number from 0 to 2")
        .await;
    assert_eq!(value(&browser, &t("temperature")).await, "2,5");
    assert_eq!(value(&browser, &t("stop-texts")).await, "END");
    accessible(&browser, "parameters").await;
    fill(&browser, &t("temperature"), "0,2").await;
    browser.click(&t("parameters-save")).await;
    browser.until_gone(&t("parameters-sheet"), "").await;

    browser.type_into(&t("chat-text"), "How exactly?").await;
    browser.click(&t("send")).await;
    browser.find_with(&t("answer"), "Exactly so.").await;
    let asked = fake.chats()[0].clone();
    assert_eq!(
        (&asked["temperature"], &asked["stop"], asked.get("top_p")),
        (&json!(0.2), &json!(["END"]), None)
    );

    // It stays with the conversation, also in a window that was loaded again.
    browser.until_gone(&t("stop"), "").await;
    browser.reload().await;
    browser.click(&t("parameters")).await;
    browser.find(&t("temperature")).await;
    assert_eq!(value(&browser, &t("temperature")).await, "0.2");
    browser.press(ESCAPE).await;
    browser.until_gone(&t("parameters-sheet"), "").await;

    // And the answer tells how it came about.
    browser.click(&t("answer-menu")).await;
    browser.click_with("[role='menuitem']", "About this answer").await;
    for words in ["fake", "Kitchen computer", "The model was done", "0.2", "END"] {
        browser.find_with(&t("answer-details"), words).await;
    }
    browser.find_with(&t("trace"), "Asked the server").await;
    browser.find_with(&t("trace"), "The first word came").await;
    accessible(&browser, "answer-details").await;
    browser.press(ESCAPE).await;

    // The account's own settings, under Models.
    go(&browser, &home, "/a/models").await;
    browser.click(&t("parameters-account")).await;
    browser.type_into(&t("max-tokens"), "64").await;
    browser.click(&t("parameters-save")).await;
    browser.until_gone(&t("parameters-sheet"), "").await;
    browser.find_with(&t("models"), "Longest answer: 64").await;
    go(&browser, &home, "/a").await;
    browser.type_into(&t("chat-text"), "And by default?").await;
    browser.click(&t("send")).await;
    browser.find_with(&t("answer"), "Exactly so.").await;
    let asked = fake.chats();
    let asked = asked
        .iter()
        .find(|body| body["messages"].to_string().contains("And by default?"))
        .unwrap();
    assert_eq!(
        (&asked["max_tokens"], asked.get("temperature")),
        (&json!(64), None)
    );
    browser.close().await;
    world.close().await;
}

async fn talks(anna: &TestPerson, titles: &[&str]) -> Vec<(ChatId, Timestamp)> {
    for title in titles {
        let mut listener = anna.listen().await;
        let started = anna.ask(None, title).await.unwrap();
        listener.turn(started.turn).await;
        anna.ok(UpdateChat {
            id: started.chat,
            title: Some((*title).to_owned()),
            pinned: None,
            archived: None,
            model: None,
        })
        .await;
    }
    times(anna).await
}

async fn times(anna: &TestPerson) -> Vec<(ChatId, Timestamp)> {
    let items = anna.ok(ListChats::default()).await.items;
    let mut times: Vec<_> = items.iter().map(|c| (c.id, c.last_message_at)).collect();
    times.sort_unstable();
    times
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_conversations_are_pinned_archived_and_deleted_at_once_with_a_way_back() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let fake = FakeLlm::builder()
        .brain(|_| FakeAnswer::text("Yes."))
        .start_ollama()
        .await;
    let anna = home.owner();
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let before = talks(&anna, &["Tax", "Trip", "Garden"]).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/a/chats").await;
    browser.find_with(&t("chat-row"), "Tax").await;
    browser.click(&t("chats-select")).await;
    browser.click(&t("select-delete")).await;
    browser
        .find_with(&t("toast"), "Select a conversation first")
        .await;
    // The first by a press, the next by keys.
    browser.click_with(&t("chat-pick"), "Garden").await;
    browser.press(DOWN).await;
    browser.press(" ").await;
    browser.find_with(&t("select-bar"), "2 selected").await;
    accessible(&browser, "chats-select").await;
    browser.click(&t("select-pin")).await;
    browser.find_with(&t("toast"), "2 conversations pinned").await;
    browser.find_with(".h-chats__group", "Pinned").await;
    browser.until_gone(&t("select-bar"), "").await;
    let pinned = async || {
        let items = anna.ok(ListChats::default()).await.items;
        items.iter().filter(|c| c.pinned).count()
    };
    assert_eq!(pinned().await, 2);
    let undo = format!("{} button", t("toast"));
    browser.click_with(&undo, "Undo").await;
    browser.until_gone(".h-chats__group", "Pinned").await;
    assert_eq!(pinned().await, 0);
    assert_eq!(times(&anna).await, before, "the times of the last messages stay");

    browser.click(&t("chats-select")).await;
    browser.click(&t("select-all")).await;
    browser.find_with(&t("select-bar"), "3 selected").await;
    browser.click(&t("select-archive")).await;
    browser.until_gone(&t("select-bar"), "").await;
    browser.until_gone(&t("chat-row"), "Tax").await;
    browser.click(&t("chats-archived")).await;
    browser.find_with(&t("chat-row"), "Tax").await;
    browser.click(&t("chats-select")).await;
    browser.click(&t("select-all")).await;
    browser.click(&t("select-archive")).await;
    browser.until_gone(&t("select-bar"), "").await;
    browser.until_gone(&t("chat-row"), "Tax").await;
    browser.click(&t("chats-archived")).await;
    browser.find_with(&t("chat-row"), "Tax").await;

    quiet(&browser).await;
    browser.click(&t("chats-select")).await;
    browser.click_with(&t("chat-pick"), "Tax").await;
    browser.click_with(&t("chat-pick"), "Trip").await;
    browser.click(&t("select-delete")).await;
    browser.until_gone(&t("select-bar"), "").await;
    browser.until_gone(&t("chat-row"), "Tax").await;
    assert_eq!(times(&anna).await.len(), 1);
    browser.find_with(&t("toast"), "2 conversations deleted").await;
    browser.click_with(&undo, "Undo").await;
    browser.find_with(&t("chat-row"), "Tax").await;
    assert_eq!(times(&anna).await, before);
    browser.click(&t("chats-select")).await;
    browser.click_with(&t("chat-pick"), "Tax").await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("select-bar"), "").await;
    browser.close().await;
    world.close().await;
}
