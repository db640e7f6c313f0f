//! Refusals and failures: rows 10 to 15, 25 and 26.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::{ContextNumbers, LimitField, Wait};

fn refusal(status: u16, message: &str) -> Script {
    Script::json(status, &json!({"error": {"message": message}}))
}

#[tokio::test]
async fn wire_10_a_refused_key_is_not_tried_again_and_not_repeated() {
    let bench = Bench::openai().await;
    for status in [401, 403] {
        let heard = bench
            .hear(refusal(status, "Incorrect API key provided: sk-secret-key"))
            .await;
        let error = heard.failed(ErrorCode::ProviderAuth);
        for text in [
            error.to_string(),
            format!("{error:?}"),
            error.detail().unwrap_or_default().to_owned(),
        ] {
            assert!(!text.contains("sk-secret-key"), "{text}");
        }
        assert_eq!(heard.retries, []);
    }
    assert_eq!(bench.chats(), 2);
    assert_eq!(
        bench.server.requests()[0].header("authorization"),
        Some("Bearer sk-secret-key")
    );
}

#[tokio::test]
async fn wire_11_an_unknown_model_and_an_unknown_path_are_told_apart() {
    let bench = Bench::openai().await;
    let unknown = json!({"error": {"message": "The model `m` does not exist", "code": "model_not_found"}});
    bench
        .hear(Script::json(404, &unknown))
        .await
        .failed(ErrorCode::ModelNotFound);
    let heard = bench
        .hear(Script::text(404, "text/html", "<h1>Not Found</h1>"))
        .await;
    assert!(heard.failed(ErrorCode::ProviderError).next_step().contains("/v1"));

    let bench = Bench::ollama().await;
    let missing = Script::json(404, &json!({"error": "model 'm' not found"}));
    bench.server.once("/api/show", missing.clone());
    bench.ask().await.failed(ErrorCode::ModelNotFound);
    assert_eq!(bench.chats(), 0, "nothing was sent to a model that is not there");
    bench.hear(missing).await.failed(ErrorCode::ModelNotFound);
}

#[tokio::test]
async fn wire_12_too_many_requests_wait_as_the_server_says() {
    let bench = Bench::openai().await;
    let busy = || refusal(429, "Rate limit reached");
    bench.will(busy().header("Retry-After", "7")).will(busy());
    let heard = bench.hear(good("at last")).await;
    assert_eq!(
        (heard.done(), heard.retries.as_slice()),
        ("at last", [secs(7), secs(3)].as_slice())
    );
    assert_eq!(bench.clock.slept(Wait::Retry), [secs(7), secs(3)]);

    bench.will(
        busy()
            .header("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
            .header("Retry-After", "Thu, 01 Jan 2026 00:00:20 GMT"),
    );
    assert_eq!(bench.hear(good("b")).await.retries, [secs(20)]);

    // Three attempts in all, then the countdown is the person's.
    bench.will(busy()).will(busy());
    let heard = bench.hear(busy().header("Retry-After", "12")).await;
    assert_eq!(heard.failed(ErrorCode::RateLimited).retry_after(), Some(secs(12)));
    assert_eq!(heard.retries, [secs(1), secs(3)]);

    // Longer than anyone waits silently.
    let heard = bench.hear(busy().header("Retry-After", "31")).await;
    assert_eq!(heard.failed(ErrorCode::RateLimited).retry_after(), Some(secs(31)));
    assert_eq!(heard.retries, []);

    let quota =
        json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}});
    let heard = bench
        .hear(Script::json(429, &quota).header("Retry-After", "1"))
        .await;
    assert_eq!(heard.failed(ErrorCode::RateLimited).retry_after(), None);
    assert_eq!(heard.retries, []);
}

#[tokio::test]
async fn wire_13_a_server_that_fails_is_unavailable_or_is_loading() {
    let bench = Bench::openai().await;
    let heard = bench.hear(refusal(500, "oops")).await;
    heard.failed(ErrorCode::ProviderError);
    assert_eq!(heard.retries, []);
    for status in [502, 503, 504] {
        bench.will(Script::text(status, "text/html", "<h1>Bad gateway</h1>"));
        let heard = bench.hear(good("back")).await;
        assert_eq!(
            (heard.done(), heard.retries.as_slice()),
            ("back", [secs(1)].as_slice()),
            "{status}"
        );
    }
    for _ in 0..3 {
        bench.will(Script::text(503, "text/plain", "down"));
    }
    bench.ask().await.failed(ErrorCode::ProviderError);

    let loading = || refusal(503, "Loading model");
    bench.will(loading()).will(loading()).will(loading());
    let heard = bench.hear(good("loaded")).await;
    assert_eq!(
        (heard.done(), heard.loading, heard.retries.len()),
        ("loaded", 1, 0)
    );
    bench.server.always(CHAT, loading());
    let before = bench.clock.slept(Wait::Load).len();
    let heard = bench.ask().await;
    heard.failed(ErrorCode::ModelLoadFailed);
    assert_eq!(
        bench.clock.slept(Wait::Load).len() - before,
        150,
        "300 seconds of asking again"
    );

    let bench = Bench::ollama().await;
    bench
        .server
        .once("/api/ps", Script::json(200, &json!({"models": []})));
    let heard = bench
        .hear(Script::ndjson().line(&said("a")).line(&last_line()))
        .await;
    assert_eq!((heard.done(), heard.loading), ("a", 1));
    let heard = bench
        .hear(Script::json(
            500,
            &json!({"error": "model requires more system memory (9.1 GiB) than is available"}),
        ))
        .await;
    heard.failed(ErrorCode::ModelLoadFailed);
}

#[tokio::test]
async fn wire_14_refused_connections_unknown_hosts_and_tls_failures_are_unreachable() {
    for kind in [ProviderKind::OpenAi, ProviderKind::Ollama] {
        let mut bench = Bench::openai().await;
        bench.kind = kind;
        let provider = bench.provider();
        bench.server = ScriptedServer::start().await; // the first one is gone, its port refuses
        let heard = listen(
            &bench.client_of(provider, Locality::Local),
            question(),
            Quirks::default(),
        )
        .await;
        heard.failed(ErrorCode::ProviderUnreachable);
        assert_eq!(
            heard.retries,
            [secs(1), secs(3)],
            "connection errors are tried again"
        );
        assert_eq!(bench.server.connections(), 0);
    }
    let bench = Bench::openai().await;
    let unknown = Provider::new(ProviderKind::OpenAi, "http://nowhere.example/v1").expect("valid");
    let heard = listen(
        &bench.client_of(unknown, Locality::Remote),
        question(),
        Quirks::default(),
    )
    .await;
    heard.failed(ErrorCode::ProviderUnreachable);

    // A server that speaks no TLS where TLS is asked for.
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("https://{}/v1", plain.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await?;
        Ok::<_, std::io::Error>(heard)
    });
    let tls = Provider::new(ProviderKind::OpenAi, &url)
        .expect("valid")
        .with_api_key("sk-secret-key");
    let heard = listen(
        &bench.client_of(tls, Locality::Local),
        question(),
        Quirks::default(),
    )
    .await;
    heard.failed(ErrorCode::ProviderUnreachable);
    assert_eq!(heard.retries, [], "that does not pass by itself");
    if let Ok(heard) = server.await.expect("no panic") {
        assert!(
            !String::from_utf8_lossy(&heard).contains("sk-secret"),
            "nothing was sent in the clear"
        );
    }
}

#[tokio::test]
async fn wire_15_a_reset_in_the_middle_is_an_interruption_and_keeps_the_text() {
    for bench in [Bench::openai().await, Bench::ollama().await] {
        let gate = Gate::new();
        let script = match bench.kind {
            ProviderKind::OpenAi => Script::sse().event(&content("so far")),
            ProviderKind::Ollama => Script::ndjson().line(&said("so far")),
        };
        bench.will(script.pause(&gate).reset());
        let mut stream = bench
            .client()
            .chat(question(), Quirks::default(), &CancellationToken::new());
        let mut heard = Heard::default();
        while let Some(event) = stream.next().await {
            heard.take(event);
            gate.open();
        }
        heard.failed(ErrorCode::StreamInterrupted);
        assert_eq!((heard.text.as_str(), heard.retries.len()), ("so far", 0));
    }
}

#[tokio::test]
async fn wire_25_an_overflow_is_recognised_before_and_within_the_stream() {
    let cases = [
        (
            Profile::OpenAi,
            400,
            json!({"error": {"message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", "code": "context_length_exceeded"}}),
            Some(8192),
            Some(9001),
        ),
        (
            Profile::Vllm,
            400,
            json!({"object": "error", "message": "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens", "code": 400}),
            Some(4096),
            Some(5000),
        ),
        (
            Profile::LlamaCpp,
            400,
            json!({"error": {"code": 400, "message": "the request exceeds the available context size, try increasing it", "type": "exceed_context_size_error", "n_prompt_tokens": 900, "n_ctx": 512}}),
            Some(512),
            Some(900),
        ),
        (
            Profile::LmStudio,
            400,
            json!({"error": "The number of tokens to keep from the initial prompt is greater than the context length."}),
            None,
            None,
        ),
        (
            Profile::TabbyApi,
            400,
            json!({"detail": "Request length 7000 + 200 is greater than max_seq_len 4096"}),
            Some(4096),
            Some(7000),
        ),
    ];
    for (profile, status, body, limit, requested) in cases {
        let mut bench = Bench::openai().await;
        bench.profile = profile;
        let numbers = ContextNumbers { limit, requested };
        let heard = bench.hear(Script::json(status, &body)).await;
        assert_eq!(
            heard.failed(ErrorCode::ContextOverflow).context(),
            numbers,
            "{profile:?}"
        );
        let heard = bench
            .hear(Script::sse().write(raw_event(&body.to_string())))
            .await;
        assert_eq!(
            heard.failed(ErrorCode::ContextOverflow).context(),
            numbers,
            "{profile:?}"
        );
        assert_eq!(bench.chats(), 2, "trimming again is the caller's");
    }
    let bench = Bench::ollama().await;
    let heard = bench
        .hear(Script::json(
            500,
            &json!({"error": "input length exceeds maximum context length"}),
        ))
        .await;
    heard.failed(ErrorCode::ContextOverflow);
}

#[tokio::test]
async fn wire_26_a_rejected_parameter_is_left_out_once_and_remembered() {
    let cases = [
        (
            "Unrecognized request argument supplied: stream_options",
            Quirks {
                omit_stream_options: true,
                ..Quirks::default()
            },
            "stream_options",
        ),
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            Quirks {
                limit_field: Some(LimitField::MaxCompletionTokens),
                ..Quirks::default()
            },
            "max_tokens",
        ),
        (
            "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
            Quirks {
                omit_temperature: true,
                ..Quirks::default()
            },
            "temperature",
        ),
    ];
    for (message, quirks, parameter) in cases {
        let bench = Bench::openai().await;
        let mut request = question();
        request.max_tokens = Some(50);
        request.temperature = Some(0.2);
        bench
            .will(refusal(400, message))
            .will(good("fine"))
            .will(good("again"));
        let heard = bench.ask_for(request.clone(), Quirks::default()).await;
        assert_eq!(
            (heard.done(), heard.adapted.as_slice()),
            ("fine", [quirks].as_slice()),
            "{parameter}"
        );
        let heard = bench.ask_for(request.clone(), heard.adapted[0]).await;
        assert_eq!((heard.done(), heard.adapted.len()), ("again", 0), "remembered");
        let asked: Vec<Value> = bench
            .server
            .requests()
            .iter()
            .map(|request| request.json())
            .collect();
        let sent: Vec<bool> = asked.iter().map(|body| body.get(parameter).is_some()).collect();
        assert_eq!(sent, [true, false, false], "{parameter}");

        // A server that is not content with that has failed.
        bench.will(refusal(400, message)).will(refusal(400, message));
        let heard = bench.ask_for(request, Quirks::default()).await;
        heard.failed(ErrorCode::ProviderError);
        assert_eq!((heard.adapted.len(), bench.chats()), (0, 5));
    }
}
