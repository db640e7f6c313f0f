//! Talking to a model in the window.

use super::{ENTER, go, open_as, shot, t, world};
use hearth_api::chat::{GetChat, ListChats};
use hearth_api::provider::ProviderKind;
use hearth_tests::model::{FakeAnswer, FakeLlm, Gate, MODEL, Script};
use serde_json::{Value, json};

fn word(text: &str) -> Value {
    json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": false,
            "message": { "role": "assistant", "content": text } })
}

fn last() -> Value {
    json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": true, "done_reason": "stop",
            "message": { "role": "assistant", "content": "" }, "prompt_eval_count": 12, "eval_count": 4 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_is_gone_leaves_the_question_and_a_way_on() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let fake = FakeLlm::builder().start_ollama().await;
    let address = fake.server().address();
    anna.use_model(ProviderKind::Ollama, &fake).await;
    drop(fake);
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/a").await;
    browser.type_into(&t("chat-text"), "Is anybody there?").await;
    browser.click(&t("send")).await;
    browser.find_with(&t("question"), "Is anybody there?").await;
    browser.find(&t("answer-error")).await;
    shot(&browser, "chat-unreachable").await;
    browser.click(&t("answer-about")).await;
    browser.find_with(&t("answer-details"), "What went wrong").await;
    browser.find_with(&t("trace"), "The server was not ready").await;
    shot(&browser, "chat-unreachable-about").await;
    browser.click(&t("dialog-close")).await;
    browser.until_gone(&t("answer-details"), "").await;
    let _fake = FakeLlm::builder().address(address).start_ollama().await;
    browser.click(&t("resend")).await;
    browser
        .find_with(&t("answer"), "You said: Is anybody there?")
        .await;
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
    browser.find_with(&t("model"), "fake").await;
    browser.find("article[id^='provider-']:focus").await;
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
    // One answer at a time: what is written meanwhile stays, and it is said why it does not go.
    browser.type_into(&t("chat-text"), "And then?").await;
    browser.press(ENTER).await;
    browser.find_with(&t("chat-hint"), "Your text stays here.").await;
    browser.find_with(&t("chat-text"), "And then?").await;
    browser.click(&t("stop")).await;
    browser.find(&t("continue")).await;
    browser.until_gone(&t("chat-hint"), "").await;
    browser.find_with(&t("answer"), "Once upon a").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_is_continued_renamed_deleted_and_brought_back() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let fake = FakeLlm::builder()
        .brain(|_| FakeAnswer::text("A title of its own"))
        .start_ollama()
        .await;
    home.owner().use_model(ProviderKind::Ollama, &fake).await;
    let browser = open_as(&home, "anna").await;
    fake.server()
        .once("/api/chat", Script::ndjson().line(&word("Once upon a ")).hold());
    go(&browser, &home, "/a").await;
    browser.type_into(&t("chat-text"), "A story").await;
    browser.click(&t("send")).await;
    browser.find_with(&t("answer"), "Once upon a").await;
    browser.click(&t("stop")).await;
    fake.server().once(
        "/api/chat",
        Script::ndjson()
            .line(&word("time there was a frog."))
            .line(&last()),
    );
    browser.click(&t("continue")).await;
    browser
        .find_with(&t("answer"), "Once upon a time there was a frog.")
        .await;
    browser.until_gone(&t("stop"), "").await;

    browser.type_into(&t("chat-text"), "And then").await;
    browser.press("\t").await;
    browser.click(&t("chat-menu")).await;
    browser.click(&t("chat-rename")).await;
    browser
        .run(
            "document.querySelector(\"[data-test='chat-title']\").select()",
            json!([]),
        )
        .await;
    browser.type_into(&t("chat-title"), &"x".repeat(201)).await;
    browser.press(ENTER).await;
    browser
        .find_with(".h-chats__rename", "At most 200 characters")
        .await;
    browser
        .run(
            "document.querySelector(\"[data-test='chat-title']\").select()",
            json!([]),
        )
        .await;
    browser.type_into(&t("chat-title"), "The frog").await;
    browser.press(ENTER).await;
    browser.until_gone(&t("chat-title"), "").await;
    let menu = format!("{}:focus", t("chat-menu"));
    browser.find(&format!("{menu}, {} a:focus", t("chat-row"))).await;
    browser.find_with(&t("chat-row"), "The frog").await;
    browser.find_with("h1, h2", "The frog").await;
    let chats = home.owner().ok(ListChats::default()).await.items;
    home.owner()
        .until("the draft", async |anna| {
            let chat = anna.ok(GetChat { id: chats[0].id }).await;
            chat.draft == "And then"
        })
        .await;
    browser.reload().await;
    browser.find_with(&t("chat-text"), "And then").await;

    browser.click(&t("chat-menu")).await;
    browser.click(&t("chat-delete")).await;
    browser.until_gone(&t("chat-row"), "The frog").await;
    browser
        .click_with(&format!("{} button", t("toast")), "Undo")
        .await;
    browser.find_with(&t("chat-row"), "The frog").await;
    assert_eq!(home.owner().ok(ListChats::default()).await.items.len(), 1);
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_in_the_search_for_a_model_chooses_it_and_sends_nothing() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let others = (1..=9).map(|n| format!("other-{n}:latest"));
    let fake = FakeLlm::builder()
        .models(others.chain([MODEL.to_owned(), "poet:latest".to_owned()]))
        .start_ollama()
        .await;
    home.owner().use_model(ProviderKind::Ollama, &fake).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/a").await;
    browser.type_into(&t("chat-text"), "A poem about the lake").await;
    browser.click(&t("model-picker")).await;
    browser.find(&format!("{}:focus", t("model-search"))).await;
    // Without a word to look for, Enter does nothing.
    browser.press(ENTER).await;
    browser.press("poet").await;
    browser.find_with(".h-model-picker__model", "poet").await;
    browser.until_gone(".h-model-picker__model", "other-1").await;
    browser.press(ENTER).await;
    browser.find_with(&t("model-picker"), "poet").await;
    browser.until_gone(".h-model-picker__list", "").await;
    assert!(fake.chats().is_empty(), "nothing was sent");
    assert!(!browser.has(&t("question")).await);
    browser.click(&t("send")).await;
    browser.find_with(&t("question"), "A poem about the lake").await;
    browser.find(&t("answer")).await;
    home.owner()
        .until("the question", async |_| !fake.chats().is_empty())
        .await;
    assert_eq!(fake.chats()[0]["model"], "poet:latest");
    browser.close().await;
    world.close().await;
}
