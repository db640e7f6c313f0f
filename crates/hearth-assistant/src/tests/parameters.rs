//! What is set reaches the servers, and nothing else does.

use super::*;
use hearth_api::parameters::{ChatParameters, GetParameters, Parameters, ParametersOf, SetParameters};
use hearth_llm::testing::{FakeLlm, Script, ScriptedServer};

const PATH: &str = "/v1/chat/completions";

impl Home {
    async fn set(&self, of: ParametersOf, parameters: Parameters) -> ApiResult<ChatParameters> {
        let request = SetParameters { of, parameters };
        self.assistant.set_parameters(self.anna, request).await
    }
}

const NEW: ParametersOf = ParametersOf::Chat { chat: None };

fn of(chat: ChatId) -> ParametersOf {
    ParametersOf::Chat { chat: Some(chat) }
}

#[tokio::test]
async fn what_is_set_is_sent_and_what_is_not_is_left_out() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    server.always(PATH, Script::sse().event(&piece("Hi")).done());
    let provider = home.provider(&server.url("/v1")).await;
    let model = (provider.id, "m");
    // A request for a title may come in between.
    let sent = |text: &str| {
        let asks = |body: &serde_json::Value| {
            let messages = body["messages"].as_array().unwrap();
            messages.len() > 1 && messages.last().unwrap()["content"] == text && body["max_tokens"] != 40
        };
        let all: Vec<_> = server.requests_to(PATH).iter().map(|r| r.json()).collect();
        all.into_iter().find(asks).unwrap()
    };

    let started = home.send(None, "Plain", model).await;
    home.until_the_end().await;
    let plain = sent("Plain");
    for key in [
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "stop",
    ] {
        assert_eq!(plain.get(key), None, "{key}");
    }
    assert_eq!(plain["stream_options"], json!({"include_usage": true}));

    home.set(
        ParametersOf::Account,
        Parameters {
            temperature: Some(1.5),
            max_tokens: Some(64),
            ..Parameters::default()
        },
    )
    .await
    .unwrap();
    let set = Parameters {
        temperature: Some(0.2),
        top_p: Some(0.9),
        stop: vec!["END".into(), "\n\n".into()],
        ..Parameters::default()
    };
    let both = home.set(of(started.chat), set.clone()).await.unwrap();
    assert_eq!((both.own, both.defaults.max_tokens), (set, Some(64)));
    // The account has no say where the conversation has set something itself.
    let answer = home.answer(Some(started.chat), "Now", model).await;
    let body = sent("Now");
    assert_eq!(
        (
            &body["temperature"],
            &body["top_p"],
            &body["max_tokens"],
            &body["stop"]
        ),
        (&json!(0.2), &json!(0.9), &json!(64), &json!(["END", "\n\n"]))
    );
    let info = answer.info.unwrap();
    assert_eq!(
        (info.sent.temperature, info.sent.max_tokens, info.sent.context),
        (Some(0.2), Some(64), Some(4096))
    );

    // What is taken away again is not sent any more.
    home.set(of(started.chat), Parameters::default()).await.unwrap();
    home.set(ParametersOf::Account, Parameters::default())
        .await
        .unwrap();
    home.answer(Some(started.chat), "Plain again", model).await;
    let body = sent("Plain again");
    assert!(body.get("temperature").is_none() && body.get("stop").is_none());
    home.assistant.close().await;
}

#[tokio::test]
async fn what_was_set_before_a_conversation_began_is_the_conversations() {
    let mut home = home().await;
    let llm = FakeLlm::builder().models(["tiny"]).start_openai().await;
    let provider = home.provider(&llm.url()).await;
    let cold = Parameters {
        temperature: Some(0.0),
        ..Parameters::default()
    };
    home.set(NEW, cold.clone()).await.unwrap();
    let started = home.send(None, "First", (provider.id, "tiny")).await;
    home.until_the_end().await;
    assert_eq!(llm.chats()[0]["temperature"], json!(0.0));
    let get = |chat| {
        let (assistant, anna) = (home.assistant.clone(), home.anna);
        async move { assistant.parameters(anna, GetParameters { chat }).await }
    };
    assert_eq!(get(Some(started.chat)).await.unwrap().own, cold);
    assert!(
        get(None).await.unwrap().own.is_empty(),
        "the next one begins afresh"
    );
    let foreign = home
        .assistant
        .parameters(
            home.ben,
            GetParameters {
                chat: Some(started.chat),
            },
        )
        .await;
    assert_eq!(foreign.unwrap_err().code, Code::NotFound);
    home.assistant.close().await;
}

#[tokio::test]
async fn out_of_range_is_refused_by_name_and_changes_nothing() {
    let home = home().await;
    let fine = Parameters {
        temperature: Some(0.5),
        ..Parameters::default()
    };
    home.set(NEW, fine.clone()).await.unwrap();
    let wrong = [
        (
            Parameters {
                temperature: Some(2.5),
                ..fine.clone()
            },
            "invalid_temperature",
        ),
        (
            Parameters {
                top_p: Some(-1.0),
                ..fine.clone()
            },
            "invalid_top_p",
        ),
        (
            Parameters {
                max_tokens: Some(0),
                ..fine.clone()
            },
            "invalid_max_tokens",
        ),
        (
            Parameters {
                stop: vec!["x".into(); 5],
                ..fine.clone()
            },
            "invalid_stop",
        ),
        (
            Parameters {
                context: Some(1),
                ..fine.clone()
            },
            "invalid_context",
        ),
    ];
    for (parameters, name) in wrong {
        let refused = home.set(NEW, parameters).await.unwrap_err();
        assert_eq!(refused.name(), name);
        assert!(refused.message.contains("empty") || refused.message.contains("Take"));
    }
    let kept = home
        .assistant
        .parameters(home.anna, GetParameters { chat: None })
        .await
        .unwrap();
    assert_eq!(kept.own, fine);
    let unknown = home.set(of(ChatId(Uuid::from_u128(7))), fine).await.unwrap_err();
    assert_eq!(unknown.code, Code::NotFound);
}

#[tokio::test]
async fn ollama_is_always_told_the_window_also_when_it_is_asked_for_a_title() {
    let mut home = home().await;
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
    home.set(
        NEW,
        Parameters {
            context: Some(2048),
            max_tokens: Some(100),
            ..Parameters::default()
        },
    )
    .await
    .unwrap();
    home.send(None, "Hello", (provider.id, "tiny")).await;
    home.until_the_end().await;
    home.assistant.close().await;
    let sent = llm.chats();
    assert_eq!(sent[0]["options"], json!({"num_ctx": 2048, "num_predict": 100}));
    assert!(
        sent.iter().all(|body| body["options"]["num_ctx"] == 2048),
        "another window would load the model anew: {sent:?}"
    );
}

#[tokio::test]
async fn a_parameter_that_a_server_does_not_take_is_left_out_once_and_for_all_and_said() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    let refusal = json!({"error": {
        "message": "Unsupported value: 'temperature' does not support 0.2 with this model.",
        "type": "invalid_request_error", "param": "temperature", "code": "unsupported_value"
    }});
    server.once(PATH, Script::json(400, &refusal));
    server.always(PATH, Script::sse().event(&piece("Hi")).done());
    let provider = home.provider(&server.url("/v1")).await;
    home.set(
        ParametersOf::Account,
        Parameters {
            temperature: Some(0.2),
            ..Parameters::default()
        },
    )
    .await
    .unwrap();
    let started = home.send(None, "One", (provider.id, "m")).await;
    home.until_the_end().await;
    let info = home
        .chat(started.chat)
        .await
        .messages
        .pop()
        .unwrap()
        .info
        .unwrap();
    assert_eq!(
        (info.sent.temperature, info.left_out.as_slice()),
        (None, ["temperature".to_owned()].as_slice())
    );
    assert!(
        info.trace
            .iter()
            .any(|step| step.what == hearth_api::chat::TraceWhat::Adapted)
    );
    home.answer(Some(started.chat), "Two", (provider.id, "m")).await;
    let refused = server
        .requests_to(PATH)
        .iter()
        .filter(|request| request.json().get("temperature").is_some())
        .count();
    assert_eq!(refused, 1, "asked right at once");
    home.assistant.close().await;
}
