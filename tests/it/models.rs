//! What people set about models and answers, through the commands: kept, bounded, each person's own.

use hearth_api::chat::{
    DeleteChats, GetChat, ListChats, RestoreChats, TraceWhat, TurnState, TurnUpdate, UpdateChats,
};
use hearth_api::parameters::{GetParameters, Parameters, ParametersOf, SetParameters};
use hearth_api::provider::{
    AddModel, CheckProvider, DescribeModel, ListProviders, ProviderKind, ProviderOwner, RemoveModel,
    SaveProvider, TimeLimits,
};
use hearth_api::{ChatId, Code};
use hearth_tests::model::{FakeAnswer, FakeLlm, MODEL, Script, ScriptedServer};
use hearth_tests::{TestPerson, World};
use serde_json::json;

async fn anna(world: &World) -> TestPerson {
    world.home("Hill House", &["Anna", "Ben"]).await.owner()
}

/// Asks, waits for the whole answer, and gives back the conversation.
async fn asked(person: &TestPerson, chat: Option<ChatId>, text: &str) -> ChatId {
    let mut listener = person.listen().await;
    let started = person.ask(chat, text).await.unwrap();
    listener.turn(started.turn).await;
    started.chat
}

#[tokio::test]
async fn a_model_typed_by_hand_its_description_and_the_limits_survive_a_restart() {
    let world = World::new();
    let anna = anna(&world).await;
    let server = ScriptedServer::start().await;
    server.always("/v1/models", Script::json(404, &json!({"error": "no"})));
    let ben = anna.home().person("Ben");
    let save = SaveProvider {
        id: None,
        name: "Kitchen computer".to_owned(),
        kind: ProviderKind::OpenAi,
        base_url: server.url("/v1"),
        api_key: None,
        headers: None,
        owner: ProviderOwner::Home,
        limits: Some(TimeLimits {
            idle: Some(90),
            ..TimeLimits::default()
        }),
    };
    let too_long = SaveProvider {
        limits: Some(TimeLimits {
            turn: Some(3600),
            ..TimeLimits::default()
        }),
        ..save.clone()
    };
    let refused = anna.refused(too_long).await;
    assert_eq!(refused.name(), "invalid_turn_limit");
    assert!(anna.ok(ListProviders {}).await.is_empty(), "nothing was made");
    let provider = anna.ok(save).await.id;
    assert_eq!(
        anna.ok(CheckProvider { id: provider }).await.hints,
        ["no_model_list"]
    );
    let add = AddModel {
        provider,
        model: "our-model".to_owned(),
    };
    ben.refused_with(Code::Forbidden, add.clone()).await;
    anna.ok(add).await;
    let describe = DescribeModel {
        provider,
        model: "our-model".to_owned(),
        context: Some(8192),
        capabilities: Some(vec!["chat".to_owned(), "vision".to_owned()]),
    };
    ben.refused_with(Code::Forbidden, describe.clone()).await;
    anna.ok(describe).await;

    anna.home().restart().await;
    let seen = ben.ok(ListProviders {}).await;
    let model = &seen[0].models[0];
    assert_eq!(
        (model.id.as_str(), model.context, model.by_hand),
        ("our-model", Some(8192), true)
    );
    assert_eq!(model.capabilities, ["chat", "vision"]);
    assert_eq!(seen[0].limits.idle, Some(90));
    let remove = RemoveModel {
        provider,
        model: "our-model".to_owned(),
    };
    ben.refused_with(Code::Forbidden, remove.clone()).await;
    assert!(anna.ok(remove).await.models.is_empty());
}

#[tokio::test]
async fn parameters_are_each_persons_own_and_survive_a_restart() {
    let world = World::new();
    let anna = anna(&world).await;
    let ben = anna.home().person("Ben");
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let chat = asked(&anna, None, "Hello").await;
    let of = ParametersOf::Chat { chat: Some(chat) };
    let exact = Parameters {
        temperature: Some(0.1),
        context: Some(1024),
        ..Parameters::default()
    };
    let short = Parameters {
        max_tokens: Some(50),
        ..Parameters::default()
    };
    let hot = Parameters {
        temperature: Some(2.1),
        ..Parameters::default()
    };
    let refused = anna.refused(SetParameters { of, parameters: hot }).await;
    assert_eq!(refused.name(), "invalid_temperature");
    anna.ok(SetParameters {
        of,
        parameters: exact.clone(),
    })
    .await;
    anna.ok(SetParameters {
        of: ParametersOf::Account,
        parameters: short.clone(),
    })
    .await;
    anna.home().restart().await;
    let both = anna.ok(GetParameters { chat: Some(chat) }).await;
    assert_eq!((both.own, both.defaults), (exact.clone(), short));
    ben.refused_with(Code::NotFound, GetParameters { chat: Some(chat) })
        .await;
    ben.refused_with(
        Code::NotFound,
        SetParameters {
            of,
            parameters: exact,
        },
    )
    .await;
    assert!(ben.ok(GetParameters::default()).await.defaults.is_empty());
    asked(&anna, Some(chat), "And now?").await;
    let bodies = fake.chats();
    let now = bodies
        .iter()
        .rfind(|body| body["messages"].to_string().contains("And now?"));
    assert_eq!(
        now.unwrap()["options"],
        json!({"num_ctx": 1024, "temperature": 0.1, "num_predict": 50})
    );
}

#[tokio::test]
async fn an_answer_keeps_how_it_came_about() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder()
        .brain(|_| FakeAnswer::text("Lake and hill."))
        .start_ollama()
        .await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let chat = asked(&anna, None, "A word that nobody should find in a trace: frost").await;
    anna.home().restart().await;
    let answer = anna.ok(GetChat { id: chat }).await.messages.pop().unwrap();
    assert_eq!(answer.state, TurnState::Done);
    let info = answer.info.unwrap();
    assert_eq!(
        (
            info.model.as_str(),
            info.provider.as_str(),
            info.finish_reason.as_deref()
        ),
        (MODEL, "Kitchen computer", Some("stop"))
    );
    assert!(info.usage.is_some_and(|u| u.reported) && info.first_token_ms.is_some());
    let steps: Vec<&TraceWhat> = info.trace.iter().map(|step| &step.what).collect();
    for wanted in [&TraceWhat::Asked, &TraceWhat::FirstToken, &TraceWhat::Ended] {
        assert!(steps.contains(&wanted), "{steps:?}");
    }
    let written = serde_json::to_string(&info).unwrap();
    assert!(
        !written.contains("frost") && !written.contains("Lake"),
        "no content: {written}"
    );
}

#[tokio::test]
async fn a_server_that_fails_once_is_asked_again_and_the_trace_says_so() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let busy = Script::json(503, &json!({"error": "busy"})).header("Retry-After", "0");
    fake.server().once("/api/chat", busy);
    let mut listener = anna.listen().await;
    let started = anna.ask(None, "Hello").await.unwrap();
    let events = listener.turn(started.turn).await;
    let Some(TurnUpdate::End { message }) = events.last().map(|event| event.what.clone()) else {
        panic!("a turn ends")
    };
    assert_eq!(message.state, TurnState::Done);
    let asked_again = message
        .info
        .unwrap()
        .trace
        .iter()
        .any(|step| step.what == TraceWhat::Retrying { after_ms: 0 });
    assert!(asked_again);
}

#[tokio::test]
async fn several_conversations_go_and_come_back_together_and_only_ones_own() {
    let world = World::new();
    let anna = anna(&world).await;
    let ben = anna.home().person("Ben");
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let mut ids = Vec::new();
    for text in ["One", "Two", "Three"] {
        ids.push(asked(&anna, None, text).await);
    }
    let times = async || {
        let items = anna.ok(ListChats::default()).await.items;
        let mut times: Vec<_> = items.iter().map(|c| (c.id, c.last_message_at)).collect();
        times.sort_unstable();
        times
    };
    let before = times().await;
    let update = |ids: &[ChatId], pinned, archived| UpdateChats {
        ids: ids.to_vec(),
        pinned,
        archived,
    };
    anna.ok(update(&ids, Some(true), None)).await;
    assert!(anna.ok(ListChats::default()).await.items.iter().all(|c| c.pinned));
    assert_eq!(times().await, before, "the times of the last messages stay");
    for request in [
        update(&ids, None, Some(true)),
        update(&ids[..1], Some(false), None),
    ] {
        ben.refused_with(Code::NotFound, request).await;
    }
    ben.refused_with(Code::NotFound, DeleteChats { ids: ids.clone() })
        .await;
    assert_eq!(
        anna.refused(DeleteChats { ids: Vec::new() }).await.name(),
        "invalid_ids"
    );
    anna.ok(DeleteChats { ids: ids.clone() }).await;
    assert!(anna.ok(ListChats::default()).await.items.is_empty());
    ben.refused_with(Code::NotFound, RestoreChats { ids: ids.clone() })
        .await;
    anna.ok(RestoreChats { ids }).await;
    assert_eq!(times().await, before);
}
