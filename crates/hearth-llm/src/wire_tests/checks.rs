//! Checking connections, and the fake servers.

use super::*;
use crate::{
    Hint, ToolSpec, Wait,
    testing::{FakeAnswer, FakeLlm},
};

fn list(owner: &str) -> Script {
    Script::json(
        200,
        &json!({"object": "list", "data": [{"id": "m", "owned_by": owner, "max_model_len": 4096}]}),
    )
}

#[tokio::test]
async fn a_good_server_is_reported_with_its_models() {
    let bench = Bench::openai().await;
    bench.server.always("/v1/models", list("vllm"));
    let report = bench.client().check().await;
    assert!(report.reachable && report.error.is_none());
    assert_eq!(
        (report.authenticated, report.profile),
        (Some(true), Some(Profile::Vllm))
    );
    assert_eq!(report.latency_ms, Some(0), "by the test's clock");
    assert_eq!(report.hints, [Hint::OtherProfile(Profile::Vllm)]);
    assert_eq!(report.models[0].context_length, Some(4096));
    assert_eq!(report.models[0].loaded, Some(true));
}

#[tokio::test]
async fn a_missing_v1_is_found_out() {
    let bench = Bench::openai().await;
    bench.server.always("/v1/models", list("llamacpp"));
    let without = Provider::new(ProviderKind::OpenAi, &bench.server.url("")).expect("valid");
    let report = bench.client_of(without, Locality::Local).check().await;
    assert_eq!(
        report.hints,
        [Hint::MissingV1 {
            suggested: bench.server.url("/v1")
        }]
    );
    assert!(report.hints[0].text().contains("/v1"));
    assert_eq!(report.models.len(), 1);
    assert!(report.error.is_some());
    let too_long =
        Provider::new(ProviderKind::OpenAi, &bench.server.url("/v1/chat/completions")).expect("valid");
    let report = bench.client_of(too_long, Locality::Local).check().await;
    assert_eq!(
        report.hints,
        [Hint::OtherAddress {
            suggested: bench.server.url("/v1")
        }]
    );
}

#[tokio::test]
async fn a_server_without_a_list_can_still_be_used() {
    let bench = Bench::openai().await;
    let report = bench.client().check().await;
    assert_eq!(
        (report.reachable, report.hints.as_slice()),
        (true, [Hint::NoModelList].as_slice())
    );
    assert_eq!(report.error, None);
}

#[tokio::test]
async fn a_refused_key_is_reported_even_where_the_list_is_open() {
    let mut bench = Bench::openai().await;
    bench
        .server
        .once("/v1/models", Script::json(401, &json!({"error": "no"})));
    let report = bench.client().check().await;
    assert_eq!((report.reachable, report.authenticated), (true, Some(false)));
    assert_eq!(
        report.error.map(|error| error.code()),
        Some(ErrorCode::ProviderAuth)
    );
    bench.profile = Profile::LlamaCpp;
    bench.server.always("/v1/models", list("llamacpp"));
    bench.server.once(
        "/props",
        Script::json(401, &json!({"error": {"message": "Invalid API Key"}})),
    );
    let report = bench.client().check().await;
    assert_eq!(
        report.error.map(|error| error.code()),
        Some(ErrorCode::ProviderAuth)
    );
    bench.server.once(
        "/props",
        Script::json(
            200,
            &json!({"default_generation_settings": {"n_ctx": 1024},
        "modalities": {"vision": true}, "chat_template": "{% if tools %}"}),
        ),
    );
    let model = bench.client().check().await.models.remove(0);
    assert_eq!(
        (
            model.context_length,
            model.capabilities.vision,
            model.capabilities.tools
        ),
        (Some(1024), Some(true), Some(true))
    );
}

#[tokio::test]
async fn details_come_from_tabbyapi_and_lm_studio() {
    let mut bench = Bench::openai().await;
    bench.profile = Profile::TabbyApi;
    let two = json!({"data": [{"id": "m", "owned_by": "tabbyAPI"}, {"id": "n", "owned_by": "tabbyAPI"}]});
    bench.server.always("/v1/models", Script::json(200, &two));
    bench.server.always(
        "/v1/model",
        Script::json(
            200,
            &json!({"id": "m", "parameters": {"max_seq_len": 32768, "use_vision": false}}),
        ),
    );
    let report = bench.client().check().await;
    assert_eq!(report.hints, []);
    assert_eq!(
        report.models.iter().map(|m| m.loaded).collect::<Vec<_>>(),
        [Some(true), Some(false)]
    );
    assert_eq!(report.models[0].context_length, Some(32768));

    let mut bench = Bench::openai().await;
    bench.profile = Profile::LmStudio;
    bench.server.always("/v1/models", list("organization_owner"));
    bench.server.always(
        "/api/v0/models",
        Script::json(
            200,
            &json!({"data": [{"id": "m", "type": "vlm", "state": "loaded",
        "max_context_length": 131072, "loaded_context_length": 8192, "capabilities": ["tool_use"]}]}),
        ),
    );
    let model = bench.client().check().await.models.remove(0);
    assert_eq!((model.context_length, model.loaded), (Some(8192), Some(true)));
    assert_eq!(
        (model.capabilities.vision, model.capabilities.tools),
        (Some(true), Some(true))
    );
}

#[tokio::test]
async fn the_wrong_kind_is_recognised() {
    let ollama = FakeLlm::builder().start_ollama().await;
    let bench = Bench::openai().await;
    let wrong = Provider::new(ProviderKind::OpenAi, &format!("{}/v1", ollama.url())).expect("valid");
    let report = bench.client_of(wrong, Locality::Local).check().await;
    assert_eq!(
        report.hints,
        [Hint::LooksLikeOllama {
            suggested: ollama.url()
        }]
    );

    let openai = FakeLlm::builder().start_openai().await;
    let root = openai.url().replace("/v1", "");
    let wrong = Provider::new(ProviderKind::Ollama, &root).expect("valid");
    let report = bench.client_of(wrong, Locality::Local).check().await;
    assert_eq!(
        report.hints,
        [Hint::LooksLikeOpenAi {
            suggested: openai.url()
        }]
    );

    let wrong = Provider::new(ProviderKind::Ollama, &format!("{}/api", ollama.url())).expect("valid");
    let report = bench.client_of(wrong, Locality::Local).check().await;
    assert_eq!(
        report.hints,
        [Hint::OtherAddress {
            suggested: ollama.url()
        }]
    );
}

#[tokio::test]
async fn a_check_ends_after_ten_seconds_with_what_it_has() {
    let bench = Bench::openai().await;
    bench.server.once("/v1/models", Script::raw().hold());
    let client = bench.client();
    let (report, ()) = tokio::join!(client.check(), async {
        bench.server.wait_for("/v1/models", 1).await;
        bench.clock.fire(Wait::Check).await;
    });
    assert_eq!(bench.clock.slept(Wait::Check), [secs(10)]);
    assert_eq!(report.error.map(|error| error.code()), Some(ErrorCode::Timeout));

    let bench = Bench::ollama().await;
    let tags = json!({"models": [{"name": "m:latest", "modified_at": "", "size": 5}]});
    bench
        .server
        .always("/api/tags", Script::json(200, &tags))
        .once("/api/show", Script::raw().hold());
    let client = bench.client();
    let (report, ()) = tokio::join!(client.check(), async {
        bench.server.wait_for("/api/show", 1).await;
        bench.clock.fire(Wait::Check).await;
    });
    assert_eq!((report.error, report.hints), (None, vec![Hint::Incomplete]));
    assert_eq!(
        (report.models[0].loaded, report.models[0].size_bytes),
        (Some(true), Some(5))
    );
}

#[tokio::test]
async fn an_unreachable_server_is_reported() {
    let bench = Bench::openai().await;
    // A port that was just free. A server that is about to stop might still take the call.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let gone = format!("http://{}/v1", listener.local_addr().expect("its address"));
    drop(listener);
    let provider = Provider::new(ProviderKind::OpenAi, &gone).expect("valid");
    let client = bench.client_of(provider, Locality::Local);
    let report = client.check().await;
    assert!(!report.reachable);
    assert_eq!(
        report.error.map(|error| error.code()),
        Some(ErrorCode::ProviderUnreachable)
    );
    assert_eq!(
        client.models().await.map_err(|error| error.code()),
        Err(ErrorCode::ProviderUnreachable)
    );
}

#[tokio::test]
async fn the_guarded_client_serves_ollama_rs() {
    let fake = FakeLlm::builder()
        .models(["fake:latest", "nomic-embed"])
        .start_ollama()
        .await;
    let provider = Provider::new(ProviderKind::Ollama, &fake.url()).expect("valid");
    let client = Client::new(provider, Locality::Local).expect("valid");
    let models = client
        .ollama()
        .expect("local")
        .list_local_models()
        .await
        .expect("a list");
    assert_eq!(models.len(), 2);
}

#[tokio::test]
async fn the_fake_servers_hold_a_conversation_with_tools() {
    let build = || {
        FakeLlm::builder()
            .models(["fake:latest", "nomic-embed"])
            .key("sk-fake")
            .brain(|prompt| {
                if prompt.last("tool").is_empty() && !prompt.tools.is_empty() {
                    let call = (prompt.tools[0].clone(), json!({"city": "Köln"}));
                    return FakeAnswer {
                        reasoning: "I need the weather.".into(),
                        tool_calls: vec![call],
                        ..FakeAnswer::default()
                    };
                }
                FakeAnswer::text(format!("It is {}.", prompt.last("tool")))
            })
    };
    for (fake, kind) in [
        (build().start_ollama().await, ProviderKind::Ollama),
        (build().start_openai().await, ProviderKind::OpenAi),
    ] {
        let provider = Provider::new(kind, &fake.url())
            .expect("valid")
            .with_api_key("sk-fake");
        let client = Client::new(provider.clone(), Locality::Local).expect("valid");
        let report = client.check().await;
        assert_eq!((report.error, report.authenticated), (None, Some(true)));
        assert_eq!(report.models[1].capabilities.embedding, Some(true));

        let mut request = ChatRequest::new("fake:latest", vec![Message::user("How is the weather?")]);
        request.tools = vec![ToolSpec {
            name: "weather".into(),
            description: "Tells the weather".into(),
            parameters: json!({"type": "object", "properties": {"city": {"type": "string"}}}),
        }];
        let heard = listen(&client, request.clone(), Quirks::default()).await;
        assert_eq!(
            (heard.done(), heard.reasoning.as_str()),
            ("", "I need the weather.")
        );
        assert_eq!(heard.finish, Some(FinishReason::ToolCalls));
        let call = heard.calls[0].clone();
        request.messages.push(Message {
            tool_calls: vec![call.clone()],
            ..Message::assistant("")
        });
        request.messages.push(Message::tool_result(&call, "sunny"));
        let heard = listen(&client, request, Quirks::default()).await;
        assert_eq!(heard.done(), "It is sunny.");
        assert!(heard.usage.is_some_and(|usage| usage.reported));
        assert_eq!(fake.chats().len(), 2);

        let stranger = Client::new(provider.with_api_key("wrong"), Locality::Local).expect("valid");
        assert_eq!(stranger.check().await.authenticated, Some(false));
    }
}
