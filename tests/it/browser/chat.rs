//! Talking to a model in the window.

use super::{go, open_as, shot, t, world};
use hearth_api::provider::ProviderKind;
use hearth_tests::model::FakeLlm;

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
    let _fake = FakeLlm::builder().address(address).start_ollama().await;
    browser.click(&t("resend")).await;
    browser
        .find_with(&t("answer"), "You said: Is anybody there?")
        .await;
    browser.close().await;
    world.close().await;
}
