//! Consent to send something elsewhere.

use super::*;
use hearth_api::chat::ListChats;
use hearth_api::provider::SetConsent;

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
