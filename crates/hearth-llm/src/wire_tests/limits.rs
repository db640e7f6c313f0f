//! Time, size and stopping: rows 16, 28 and 30.

use super::*;
use crate::{Timeouts, Wait};

/// Runs a chat to its end while the test ends a wait once the text so far has come.
async fn time_out(bench: &Bench, until: &str, wait: Wait) -> Heard {
    let asked = bench.chats() + 1;
    let mut stream = bench
        .client()
        .chat(question(), Quirks::default(), &CancellationToken::new());
    let mut heard = Heard::default();
    bench.server.wait_for(bench.path(), asked).await;
    while heard.text != until {
        heard.take(stream.next().await.expect("an event"));
    }
    bench.clock.fire(wait).await;
    while let Some(event) = stream.next().await {
        heard.take(event);
    }
    heard
}

#[tokio::test]
async fn wire_16_a_slow_first_token_and_a_stall_are_timeouts_and_keep_the_text() {
    for bench in [Bench::openai().await, Bench::ollama().await] {
        // No response at all, and a response without a token.
        bench.will(Script::raw().hold());
        time_out(&bench, "", Wait::FirstToken)
            .await
            .failed(ErrorCode::Timeout);
        let (head, some) = match bench.kind {
            ProviderKind::OpenAi => (
                Script::sse().write(": waiting\n\n"),
                Script::sse().event(&content("so far")),
            ),
            ProviderKind::Ollama => (
                Script::ndjson().write("\n"),
                Script::ndjson().line(&said("so far")),
            ),
        };
        bench.will(head.hold());
        time_out(&bench, "", Wait::FirstToken)
            .await
            .failed(ErrorCode::Timeout);
        bench.will(some.clone().hold());
        let heard = time_out(&bench, "so far", Wait::Idle).await;
        heard.failed(ErrorCode::Timeout);
        bench.will(some.hold());
        let heard = time_out(&bench, "so far", Wait::Turn).await;
        heard.failed(ErrorCode::Timeout);
        assert_eq!(heard.text, "so far");
        assert_eq!(bench.chats(), 4, "no retry");
        bench.server.wait_for_client_close(4).await;
        assert_eq!(
            bench.clock.slept(Wait::FirstToken)[0],
            secs(300),
            "a local provider may load for long"
        );
        assert_eq!(bench.clock.slept(Wait::Turn)[0], secs(600));
    }
}

#[tokio::test]
async fn a_server_that_is_done_but_keeps_the_connection_open_is_done() {
    let bench = Bench::openai().await;
    // In one packet, so that the limit runs after the last one.
    let packet = raw_event(&content("all").to_string()) + &raw_event(&finish("stop").to_string());
    bench.will(Script::sse().write(packet).hold());
    assert_eq!(time_out(&bench, "all", Wait::Idle).await.done(), "all");
}

#[tokio::test]
async fn the_limits_can_be_set_within_their_range() {
    let bench = Bench::openai().await;
    let mut provider = bench.provider();
    provider.timeouts = Timeouts {
        first_token: Some(secs(5)),
        turn: secs(5000),
        idle: secs(20),
        ..Timeouts::default()
    };
    bench.will(good("x"));
    listen(
        &bench.client_of(provider, Locality::Local),
        question(),
        Quirks::default(),
    )
    .await;
    assert_eq!(bench.clock.slept(Wait::FirstToken), [secs(10)]);
    assert_eq!(bench.clock.slept(Wait::Turn), [secs(900)]);
}

#[tokio::test]
async fn wire_28_a_huge_event_endless_headers_and_compression_are_refused() {
    let bench = Bench::openai().await;
    let megabyte = vec![b'x'; 1 << 20];
    let mut huge = Script::sse()
        .event(&content("so far"))
        .write("data: {\"choices\":\"");
    for _ in 0..9 {
        huge = huge.write(megabyte.clone());
    }
    let heard = bench.hear(huge.hold()).await;
    heard.failed(ErrorCode::BadStream);
    assert_eq!(heard.text, "so far");

    let mut document = Script::text(200, "application/json", "{\"choices\":\"");
    for _ in 0..9 {
        document = document.write(megabyte.clone());
    }
    bench.hear(document).await.failed(ErrorCode::BadStream);

    let mut headers = Script::raw().write("HTTP/1.1 200 OK\r\n");
    for at in 0..20_000 {
        headers = headers.write(format!("X-Endless-{at}: {}\r\n", "y".repeat(100)));
    }
    bench.hear(headers.hold()).await.failed(ErrorCode::BadStream);

    let bomb = Script::sse()
        .header("Content-Encoding", "gzip")
        .write(b"\x1f\x8b\x08\x00".to_vec());
    bench.hear(bomb.hold()).await.failed(ErrorCode::BadStream);
    assert_eq!(
        bench.server.requests()[0].header("accept-encoding"),
        Some("identity")
    );

    let bench = Bench::ollama().await;
    let mut line = Script::ndjson().line(&said("so far")).write("{\"message\":\"");
    for _ in 0..9 {
        line = line.write(megabyte.clone());
    }
    let heard = bench.hear(line.hold()).await;
    heard.failed(ErrorCode::BadStream);
    assert_eq!(heard.text, "so far");
}

#[tokio::test]
async fn wire_30_stopping_closes_the_connection_in_any_state() {
    for bench in [Bench::openai().await, Bench::ollama().await] {
        let some = match bench.kind {
            ProviderKind::OpenAi => Script::sse().event(&content("so far")),
            ProviderKind::Ollama => Script::ndjson().line(&said("so far")),
        };
        let never = Gate::new();
        let client = bench.client();

        // While waiting for the response.
        bench.will(Script::raw().hold());
        let stop = CancellationToken::new();
        let mut stream = client.chat(question(), Quirks::default(), &stop);
        bench.server.wait_for(bench.path(), 1).await;
        stop.cancel();
        assert_eq!(
            stream.next().await,
            Some(Ok(ChatEvent::Finish {
                reason: FinishReason::Stopped
            }))
        );
        assert_eq!(stream.next().await, None);
        bench.server.wait_for_client_close(1).await;

        // While streaming, with more text on its way that nobody hears.
        bench.will(some.clone().pause(&never));
        let stop = CancellationToken::new();
        let mut stream = client.chat(question(), Quirks::default(), &stop);
        let mut heard = Heard::default();
        while heard.text.is_empty() {
            heard.take(stream.next().await.expect("an event"));
        }
        stop.cancel();
        while let Some(event) = stream.next().await {
            heard.take(event);
        }
        assert_eq!(
            (heard.text.as_str(), heard.finish),
            ("so far", Some(FinishReason::Stopped))
        );
        bench.server.wait_for_client_close(2).await;

        // Before anything is read, with events already there.
        bench.will(some.clone().pause(&never));
        let stop = CancellationToken::new();
        let mut stream = client.chat(question(), Quirks::default(), &stop);
        bench.server.wait_for(bench.path(), 3).await;
        stop.cancel();
        assert_eq!(
            stream.next().await,
            Some(Ok(ChatEvent::Finish {
                reason: FinishReason::Stopped
            }))
        );
        bench.server.wait_for_client_close(3).await;

        // By dropping the stream.
        bench.will(some.pause(&never));
        let stream = client.chat(question(), Quirks::default(), &CancellationToken::new());
        bench.server.wait_for(bench.path(), 4).await;
        drop(stream);
        bench.server.wait_for_client_close(4).await;

        // During the pause before another attempt.
        bench.clock.hold(Wait::Retry);
        bench.will(Script::text(503, "text/plain", "down"));
        let stop = CancellationToken::new();
        let mut stream = client.chat(question(), Quirks::default(), &stop);
        assert_eq!(
            stream.next().await,
            Some(Ok(ChatEvent::Retrying { after: secs(1) }))
        );
        stop.cancel();
        assert_eq!(
            stream.next().await,
            Some(Ok(ChatEvent::Finish {
                reason: FinishReason::Stopped
            }))
        );
        assert_eq!(bench.chats(), 5, "and no further attempt");
    }
}
