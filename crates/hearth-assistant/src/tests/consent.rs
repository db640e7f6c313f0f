//! Consent to send something elsewhere.

use super::*;
use hearth_api::chat::ListChats;
use hearth_api::provider::{AddModel, SetConsent};
use hearth_llm::testing::FakeLlm;

#[tokio::test]
async fn nothing_is_sent_outside_this_machine_before_consent() {
    let home = home().await;
    let mut provider = home.provider("http://192.0.2.10:9999/v1").await;
    assert!(provider.consent_needed, "a remote address needs consent");
    let request = SendMessage {
        op: Uuid::from_u128(5),
        chat: None,
        text: "secret".into(),
        model: Some(ModelRef {
            provider: provider.id,
            model: "m".into(),
        }),
    };
    let refused = home.assistant.send_message(home.anna, request).await.unwrap_err();
    assert_eq!(refused.code, Code::ConsentRequired);
    assert!(
        home.assistant
            .list_chats(home.anna, ListChats::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(
        home.assistant
            .check_provider(home.anna, provider.id)
            .await
            .unwrap_err()
            .code,
        Code::ConsentRequired
    );
    provider = home
        .assistant
        .set_consent(
            home.anna,
            SetConsent {
                id: provider.id,
                given: true,
            },
        )
        .await
        .unwrap();
    assert!(!provider.consent_needed);
    let others = home.assistant.list_providers(home.ben).await.unwrap();
    assert!(others[0].consent_needed, "consent is each person's own");
    let moved = SaveProvider {
        id: Some(provider.id),
        name: "Elsewhere".into(),
        kind: ProviderKind::OpenAi,
        base_url: "http://192.0.2.11:9999/v1".into(),
        api_key: None,
        headers: None,
        owner: ProviderOwner::Home,
        limits: None,
    };
    let moved = home.assistant.save_provider(home.anna, moved).await.unwrap();
    assert!(moved.consent_needed, "a changed address asks again");
    let forbidden = home
        .assistant
        .delete_provider(home.ben, provider.id)
        .await
        .unwrap_err();
    assert_eq!(forbidden.code, Code::Forbidden);
}

#[tokio::test]
async fn a_model_in_the_cloud_of_a_local_ollama_asks_before_anything_is_sent() {
    let home = home().await;
    let llm = FakeLlm::builder().models(["tiny"]).start_ollama().await;
    let request = SaveProvider {
        id: None,
        name: "Ollama".into(),
        kind: ProviderKind::Ollama,
        base_url: llm.url(),
        api_key: None,
        headers: None,
        owner: ProviderOwner::Home,
        limits: None,
    };
    let provider = home.assistant.save_provider(home.anna, request).await.unwrap();
    let add = AddModel {
        provider: provider.id,
        model: "big:cloud".into(),
    };
    let provider = home.assistant.add_model(home.anna, add).await.unwrap();
    let asks = |provider: &Provider| -> Vec<(String, bool)> {
        let models = provider.models.iter();
        models.map(|m| (m.id.clone(), m.consent_needed)).collect()
    };
    assert!(!provider.consent_needed, "the rest runs here");
    assert!(asks(&provider).contains(&("big:cloud".into(), true)));
    assert!(!asks(&provider).contains(&("tiny".into(), true)));
    let send = || SendMessage {
        op: Uuid::from_u128(6),
        chat: None,
        text: "secret".into(),
        model: Some(ModelRef {
            provider: provider.id,
            model: "big:cloud".into(),
        }),
    };
    let refused = home.assistant.send_message(home.anna, send()).await.unwrap_err();
    assert_eq!(refused.code, Code::ConsentRequired, "before a turn begins");
    let consent = SetConsent {
        id: provider.id,
        given: true,
    };
    let agreed = home.assistant.set_consent(home.anna, consent).await.unwrap();
    assert!(asks(&agreed).contains(&("big:cloud".into(), false)));
    home.assistant.send_message(home.anna, send()).await.unwrap();
}

#[tokio::test]
async fn where_no_model_was_ever_known_the_one_that_does_not_answer_is_named() {
    let home = home().await;
    let provider = home.provider("http://127.0.0.1:1/v1").await;
    let check = home
        .assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    assert_eq!(check.provider.online, Some(false));
    let composer = home.assistant.composer(home.anna).await.unwrap();
    assert_eq!(
        (composer.model, composer.blocked.as_deref()),
        (None, Some("provider_unreachable"))
    );
    let request = SendMessage {
        op: Uuid::from_u128(7),
        chat: None,
        text: "Anybody?".into(),
        model: None,
    };
    let refused = home.assistant.send_message(home.anna, request).await.unwrap_err();
    assert_eq!(refused.code, Code::ProviderUnreachable);
    assert!(refused.message.contains("Our server"), "{}", refused.message);
}
