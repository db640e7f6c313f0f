//! Models typed by hand, what is said about models otherwise, and how long a provider is waited for.

use super::*;
use hearth_api::provider::{AddModel, DescribeModel, ModelFacts, RemoveModel, TimeLimits};
use hearth_llm::testing::{FakeLlm, Script, ScriptedServer};

fn add(provider: &Provider, model: &str) -> AddModel {
    AddModel {
        provider: provider.id,
        model: model.into(),
    }
}

fn ids(provider: &Provider) -> Vec<&str> {
    provider.models.iter().map(|m| m.id.as_str()).collect()
}

#[tokio::test]
async fn without_a_list_an_id_can_be_typed_and_answers() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    server.always("/v1/models", Script::json(404, &json!({"error": "no"})));
    server.once("/v1/chat/completions", Script::sse().event(&piece("Hi")).done());
    let provider = home.provider(&server.url("/v1")).await;
    let check = home
        .assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    assert_eq!(
        (check.error, check.hints.as_slice()),
        (None, ["no_model_list".to_owned()].as_slice())
    );
    let changed = home
        .assistant
        .add_model(home.anna, add(&provider, "  our-model "))
        .await
        .unwrap();
    assert_eq!(ids(&changed), ["our-model"]);
    assert!(changed.models[0].by_hand);
    // It is the only one, so it is used without being chosen.
    let composer = home.assistant.composer(home.anna).await.unwrap();
    assert_eq!(composer.blocked, None);
    assert_eq!(composer.model.unwrap().model, "our-model");
    let answer = home.answer(None, "Hello", (provider.id, "our-model")).await;
    assert_eq!(answer.text, "Hi");
    assert_eq!(
        server.requests_to("/v1/chat/completions")[0].json()["model"],
        "our-model"
    );
    // Another check keeps it; an address that moved does too.
    let check = home
        .assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    assert_eq!(ids(&check.provider), ["our-model"]);
    let moved = SaveProvider {
        id: Some(provider.id),
        name: provider.name.clone(),
        kind: ProviderKind::OpenAi,
        base_url: "http://127.0.0.1:9/v1".into(),
        api_key: None,
        headers: None,
        owner: ProviderOwner::Home,
        limits: None,
    };
    let moved = home.assistant.save_provider(home.anna, moved).await.unwrap();
    assert_eq!(ids(&moved), ["our-model"]);
    let removed = RemoveModel {
        provider: provider.id,
        model: "our-model".into(),
    };
    let left = home
        .assistant
        .remove_model(home.anna, removed.clone())
        .await
        .unwrap();
    assert!(left.models.is_empty());
    let again = home.assistant.remove_model(home.anna, removed).await.unwrap_err();
    assert_eq!(again.code, Code::NotFound);
    home.assistant.close().await;
}

#[tokio::test]
async fn ids_that_make_no_sense_are_refused_and_only_an_admin_changes_the_homes() {
    let home = home().await;
    let llm = FakeLlm::builder().models(["tiny:latest"]).start_ollama().await;
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
    home.assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    for bad in ["", "  ", "a\nb", &"x".repeat(201), "tiny", "tiny:latest"] {
        let refused = home
            .assistant
            .add_model(home.anna, add(&provider, bad))
            .await
            .unwrap_err();
        assert_eq!(refused.name(), "invalid_model", "{bad:?}");
    }
    let forbidden = home.assistant.add_model(home.ben, add(&provider, "x")).await;
    assert_eq!(forbidden.unwrap_err().code, Code::Forbidden);
    let cloud = home
        .assistant
        .add_model(home.anna, add(&provider, "big:cloud"))
        .await
        .unwrap();
    let model = cloud.models.iter().find(|m| m.id == "big:cloud").unwrap();
    assert_eq!(
        model.locality,
        hearth_api::provider::Locality::Remote,
        "its name says where it runs"
    );
    let unknown = home
        .assistant
        .add_model(
            home.anna,
            AddModel {
                provider: ProviderId(Uuid::from_u128(9)),
                model: "x".into(),
            },
        )
        .await;
    assert_eq!(unknown.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn what_is_said_about_a_model_goes_before_what_the_server_tells_until_reset() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    let list = json!({"data": [{"id": "seer", "max_model_len": 32768}, {"id": "finder-embed"}]});
    server.always("/v1/models", Script::json(200, &list));
    let provider = home.provider(&server.url("/v1")).await;
    home.assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    let describe = |model: &str, context, capabilities: Option<&[&str]>| DescribeModel {
        provider: provider.id,
        model: model.into(),
        context,
        capabilities: capabilities.map(|c| c.iter().map(|w| (*w).to_owned()).collect()),
    };
    let said = home
        .assistant
        .describe_model(
            home.anna,
            describe("seer", Some(1024), Some(&["vision", "chat", "vision"])),
        )
        .await
        .unwrap();
    let seer = &said.models[0];
    assert_eq!(
        (seer.context, seer.capabilities.as_slice()),
        (Some(1024), ["chat".to_owned(), "vision".to_owned()].as_slice())
    );
    assert_eq!(
        seer.told,
        Some(ModelFacts {
            context: Some(32768),
            capabilities: Vec::new()
        })
    );
    // It decides over what is sent, also after the server was asked again.
    home.assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    let started = home
        .send(None, &"word ".repeat(1000), (provider.id, "seer"))
        .await;
    home.until_the_end().await;
    let answer = home.chat(started.chat).await.messages.pop().unwrap();
    assert_eq!(answer.error.as_deref(), Some("context_overflow"));

    for (request, name) in [
        (describe("seer", Some(511), None), "invalid_context"),
        (describe("seer", None, Some(&["fly"])), "invalid_capabilities"),
        (describe("nobody", None, None), "not_found"),
    ] {
        let refused = home
            .assistant
            .describe_model(home.anna, request)
            .await
            .unwrap_err();
        assert_eq!(refused.name(), name);
    }
    let forbidden = home
        .assistant
        .describe_model(home.ben, describe("seer", None, None))
        .await;
    assert_eq!(forbidden.unwrap_err().code, Code::Forbidden);

    // A model said to be for search only is not chosen for conversations.
    home.assistant
        .describe_model(home.anna, describe("seer", None, Some(&["embedding"])))
        .await
        .unwrap();
    assert_eq!(home.assistant.composer(home.anna).await.unwrap().model, None);
    let reset = home
        .assistant
        .describe_model(home.anna, describe("seer", None, None))
        .await
        .unwrap();
    let seer = &reset.models[0];
    assert_eq!(
        (seer.context, &seer.told),
        (Some(32768), &None),
        "as the server tells"
    );
    home.assistant.close().await;
}

#[tokio::test]
async fn time_limits_are_kept_with_the_provider_and_reach_its_client() {
    let home = home().await;
    let provider = home.provider("http://127.0.0.1:9/v1").await;
    let save = |limits: Option<TimeLimits>| SaveProvider {
        id: Some(provider.id),
        name: "Slow one".into(),
        kind: ProviderKind::OpenAi,
        base_url: provider.base_url.clone(),
        api_key: None,
        headers: None,
        owner: ProviderOwner::Home,
        limits,
    };
    let limits = TimeLimits {
        first_token: Some(450),
        idle: Some(90),
        ..TimeLimits::default()
    };
    // A client that is in use already is made anew.
    let before = home
        .assistant
        .client(home.anna.account, provider.id)
        .await
        .unwrap()
        .0;
    assert_eq!(before.provider().timeouts.first_token, None);
    let saved = home
        .assistant
        .save_provider(home.anna, save(Some(limits)))
        .await
        .unwrap();
    assert_eq!(saved.limits, limits);
    let client = home
        .assistant
        .client(home.anna.account, provider.id)
        .await
        .unwrap()
        .0;
    let timeouts = client.provider().timeouts;
    assert_eq!(
        (timeouts.first_token, timeouts.idle, timeouts.turn),
        (
            Some(Duration::from_secs(450)),
            Duration::from_secs(90),
            Duration::from_secs(600)
        )
    );
    let kept = home.assistant.save_provider(home.anna, save(None)).await.unwrap();
    assert_eq!(kept.limits, limits, "not given keeps them");
    for (wrong, name) in [
        (
            TimeLimits {
                connect: Some(9),
                ..limits
            },
            "invalid_connect_limit",
        ),
        (
            TimeLimits {
                turn: Some(901),
                ..limits
            },
            "invalid_turn_limit",
        ),
    ] {
        let refused = home.assistant.save_provider(home.anna, save(Some(wrong))).await;
        assert_eq!(refused.unwrap_err().name(), name);
    }
    let usual = home
        .assistant
        .save_provider(home.anna, save(Some(TimeLimits::default())))
        .await
        .unwrap();
    assert_eq!(usual.limits, TimeLimits::default());
}
