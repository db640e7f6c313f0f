//! Streams that are as they may be: rows 1 to 9, 17 to 24.

use super::*;
use crate::ToolArguments;

#[tokio::test]
async fn wire_01_sse_split_at_every_byte_and_many_events_in_a_packet_give_the_same_text() {
    let bench = Bench::openai().await;
    let events = [content("Gr"), content("üß"), content(" dich 😀"), finish("stop")];
    let whole: String = events
        .iter()
        .map(|event| raw_event(&event.to_string()))
        .collect::<String>()
        + "data: [DONE]\n\n";
    assert_eq!(
        bench.hear(Script::sse().each_byte(&whole)).await.done(),
        "Grüß dich 😀"
    );
    assert_eq!(
        bench.hear(Script::sse().write(whole)).await.done(),
        "Grüß dich 😀"
    );
}

#[tokio::test]
async fn wire_02_line_ends_missing_space_multi_line_data_and_a_mark_are_parsed() {
    let bench = Bench::openai().await;
    for end in ["\n", "\r\n", "\r"] {
        let body = format!("\u{FEFF}data:{}||data: {{\"choices\":|data: [{{\"delta\":{{\"content\":\"b\"}}}}]}}||data:[DONE]||", content("a"))
            .replace('|', end);
        assert_eq!(
            bench.hear(Script::sse().write(body)).await.done(),
            "ab",
            "{end:?}"
        );
    }
}

#[tokio::test]
async fn wire_03_comments_and_other_fields_are_ignored_and_reset_the_idle_limit() {
    let bench = Bench::openai().await;
    let (before, after) = (Gate::new(), Gate::new());
    bench.will(
        Script::sse()
            .write(": ping\n\nevent: message\nid: 1\nretry: 10\n")
            .event(&content("a"))
            .pause(&before)
            .write(": still here\n\n")
            .pause(&after)
            .event(&content("b"))
            .event(&finish("stop"))
            .done(),
    );
    let stop = CancellationToken::new();
    let mut stream = bench.client().chat(question(), Quirks::default(), &stop);
    let mut heard = Heard::default();
    heard.take(stream.next().await.expect("an event"));
    assert_eq!(heard.text, "a");
    let limits = bench.clock.slept(crate::Wait::Idle).len();
    before.open();
    // The comment makes no event, but begins the limit anew.
    while bench.clock.slept(crate::Wait::Idle).len() <= limits {
        tokio::task::yield_now().await;
    }
    after.open();
    while let Some(event) = stream.next().await {
        heard.take(event);
    }
    assert_eq!(heard.done(), "ab");
}

#[tokio::test]
async fn wire_04_done_mark_or_finish_reason_end_the_answer() {
    let bench = Bench::openai().await;
    let with_more = Script::sse()
        .event(&content("a"))
        .done()
        .event(&content("late"))
        .hold();
    assert_eq!(bench.hear(with_more).await.done(), "a");
    let without_mark = Script::sse().event(&content("b")).event(&finish("stop"));
    assert_eq!(bench.hear(without_mark).await.done(), "b");
    let rude = Script::sse().event(&content("c")).event(&finish("stop")).cut();
    assert_eq!(bench.hear(rude).await.done(), "c");
}

#[tokio::test]
async fn wire_05_a_close_with_neither_is_an_interruption_and_keeps_the_text() {
    let bench = Bench::openai().await;
    let heard = bench.hear(Script::sse().event(&content("Half a sen"))).await;
    heard.failed(ErrorCode::StreamInterrupted);
    assert_eq!(heard.text, "Half a sen");
    // Cut within an event.
    let heard = bench
        .hear(Script::sse().event(&content("a")).write("data: {\"choi"))
        .await;
    heard.failed(ErrorCode::StreamInterrupted);
    assert_eq!(heard.text, "a");
    // Nothing at all.
    bench
        .hear(Script::sse())
        .await
        .failed(ErrorCode::StreamInterrupted);
    assert_eq!(bench.chats(), 3, "no retry");
}

#[tokio::test]
async fn wire_06_usage_is_recorded_or_estimated() {
    let bench = Bench::openai().await;
    let counted = Script::sse()
        .event(&content("four words are enough"))
        .event(&finish("stop"))
        .event(
            &json!({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 5,
                       "completion_tokens_details": {"reasoning_tokens": 2}}}),
        )
        .done();
    let expected = Usage {
        prompt: 11,
        completion: 5,
        reasoning: Some(2),
        reported: true,
    };
    assert_eq!(bench.hear(counted).await.usage, Some(expected));
    let heard = bench.hear(good("four words are enough")).await;
    let usage = heard.usage.expect("an estimate");
    assert!(
        !usage.reported && usage.completion > 0 && usage.prompt > 0,
        "{usage:?}"
    );
    let asked = bench.server.requests_to(CHAT);
    assert_eq!(asked[0].json()["stream_options"], json!({"include_usage": true}));
}

#[tokio::test]
async fn wire_07_empty_deltas_and_other_choices_are_ignored() {
    let bench = Bench::openai().await;
    let script = Script::sse()
        .event(&delta(json!({"role": "assistant"})))
        .event(&delta(
            json!({"content": null, "tool_calls": null, "reasoning_content": null}),
        ))
        .event(&delta(json!({"content": ""})))
        .event(&json!({"choices": [{"index": 1, "delta": {"content": "other"}, "finish_reason": "length"}]}))
        .event(&json!({"choices": null, "id": 7, "usage": null, "error": null}))
        .event(&json!({"choices": [{"delta": null}]}))
        .event(&content("mine"))
        .event(&finish("stop"))
        .done();
    let heard = bench.hear(script).await;
    assert_eq!(heard.done(), "mine");
    assert_eq!(heard.finish, Some(FinishReason::Stop));
}

#[tokio::test]
async fn wire_08_an_error_in_the_middle_fails_and_keeps_the_text() {
    let bench = Bench::openai().await;
    let errors = [
        raw_event(r#"{"error": {"message": "it broke", "code": 500}}"#),
        raw_event(r#"{"error": "it broke"}"#),
        "error: {\"code\": 500, \"message\": \"it broke\"}\n\n".to_owned(),
        "event: error\ndata: it broke\n\n".to_owned(),
        raw_event(r#"{"object": "error", "message": "it broke", "code": 500}"#),
    ];
    for error in errors {
        let heard = bench
            .hear(
                Script::sse()
                    .event(&content("so far"))
                    .write(error.clone())
                    .hold(),
            )
            .await;
        assert_eq!(
            heard.failed(ErrorCode::ProviderError).detail(),
            Some("it broke"),
            "{error}"
        );
        assert_eq!(heard.text, "so far");
    }
}

#[tokio::test]
async fn wire_09_a_whole_document_is_an_answer_and_a_web_page_is_not() {
    let bench = Bench::openai().await;
    let whole = json!({"object": "chat.completion", "choices": [{"index": 0, "finish_reason": "length",
        "message": {"role": "assistant", "content": "All at once"}}], "usage": {"prompt_tokens": 3, "completion_tokens": 4}});
    let heard = bench.hear(Script::json(200, &whole)).await;
    assert_eq!(heard.done(), "All at once");
    assert_eq!(heard.finish, Some(FinishReason::Length));
    assert_eq!(heard.usage.map(|usage| usage.completion), Some(4));
    for page in ["<!DOCTYPE html><p>Log in</p>", "\n  <html>"] {
        bench
            .hear(Script::text(200, "text/html", page))
            .await
            .failed(ErrorCode::BadStream);
    }
    bench
        .hear(Script::text(200, "text/plain", "data: hello\n\n"))
        .await
        .failed(ErrorCode::BadStream);
    bench
        .hear(Script::json(200, &json!({"hello": 1})))
        .await
        .failed(ErrorCode::BadStream);
    bench
        .hear(Script::json(200, &json!({"error": "no"})))
        .await
        .failed(ErrorCode::ProviderError);
}

#[tokio::test]
async fn wire_17_utf8_split_over_packets_is_joined_and_invalid_bytes_are_replaced() {
    let bench = Bench::openai().await;
    let good = raw_event(&content("größer 😀").to_string()) + &raw_event(&finish("stop").to_string());
    assert_eq!(
        bench.hear(Script::sse().each_byte(good)).await.done(),
        "größer 😀"
    );
    let mut bad = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xFFb\"}}]}\n\n".to_vec();
    bad.extend_from_slice(b"data: [DONE]\n\n");
    assert_eq!(bench.hear(Script::sse().write(bad)).await.done(), "a\u{FFFD}b");

    let bench = Bench::ollama().await;
    let lines = format!("{}\n{}\n", said("größer 😀"), last_line());
    assert_eq!(
        bench.hear(Script::ndjson().each_byte(lines)).await.done(),
        "größer 😀"
    );
}

#[tokio::test]
async fn wire_18_a_surrogate_pair_split_over_deltas_is_joined() {
    let bench = Bench::openai().await;
    let piece = |text: &str| raw_event(&format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#));
    let pair = Script::sse()
        .write(piece(r"a\ud83d"))
        .write(piece(r"\ude00b"))
        .event(&finish("stop"));
    assert_eq!(bench.hear(pair).await.done(), "a😀b");
    let lone = Script::sse()
        .write(piece(r"a\ud83d"))
        .write(piece("b"))
        .event(&finish("stop"));
    assert_eq!(bench.hear(lone).await.done(), "a\u{FFFD}b");
    let last = Script::sse().write(piece(r"a\ud83d")).event(&finish("stop"));
    assert_eq!(bench.hear(last).await.done(), "a\u{FFFD}");
}

#[tokio::test]
async fn wire_19_json_lines_split_and_joined_with_and_without_counts() {
    let bench = Bench::ollama().await;
    let counted = json!({"done": true, "message": {"content": ""}, "prompt_eval_count": 9, "eval_count": 3});
    let body = format!("{}\n{}\n\n{counted}", said("one "), said("two"));
    let heard = bench.hear(Script::ndjson().each_byte(&body)).await;
    assert_eq!(heard.done(), "one two");
    assert_eq!(
        heard.usage,
        Some(Usage {
            prompt: 9,
            completion: 3,
            reasoning: None,
            reported: true
        })
    );
    assert_eq!(bench.hear(Script::ndjson().write(body)).await.done(), "one two");
    let heard = bench
        .hear(Script::ndjson().line(&said("x")).line(&last_line()))
        .await;
    assert_eq!(heard.done(), "x");
    assert!(heard.usage.is_some_and(|usage| !usage.reported));
    bench
        .hear(Script::ndjson().line(&said("x")))
        .await
        .failed(ErrorCode::StreamInterrupted);
    let options = &bench.server.requests_to("/api/chat")[0].json()["options"];
    assert_eq!(options["num_ctx"], 4096);
}

#[tokio::test]
async fn wire_20_an_error_line_after_200_fails_and_keeps_the_text() {
    let bench = Bench::ollama().await;
    let heard = bench
        .hear(
            Script::ndjson()
                .line(&said("so far"))
                .line(&json!({"error": "an unknown error was encountered"}))
                .hold(),
        )
        .await;
    assert_eq!(
        heard.failed(ErrorCode::ProviderError).detail(),
        Some("an unknown error was encountered")
    );
    assert_eq!(heard.text, "so far");
}

#[tokio::test]
async fn wire_21_tool_call_deltas_are_assembled() {
    let bench = Bench::openai().await;
    let part = |index: Option<u64>, id: Option<&str>, name: Option<&str>, arguments: &str| {
        let mut part = json!({"function": {"arguments": arguments}});
        if let Some(index) = index {
            part["index"] = json!(index);
        }
        if let Some(id) = id {
            part["id"] = json!(id);
        }
        if let Some(name) = name {
            part["function"]["name"] = json!(name);
        }
        delta(json!({"tool_calls": [part]}))
    };
    let interleaved = Script::sse()
        .event(&part(Some(0), Some("a"), Some("sum"), ""))
        .event(&part(Some(1), Some("b"), Some("now"), ""))
        .event(&part(Some(0), None, None, "{\"x\":"))
        .event(&part(Some(1), None, None, "{}"))
        .event(&part(Some(0), None, None, "1}"))
        .event(&finish("tool_calls"))
        .done();
    let heard = bench.hear(interleaved).await;
    assert_eq!(heard.finish, Some(FinishReason::ToolCalls));
    let [sum, now] = heard.calls.as_slice() else {
        panic!("{:?}", heard.calls)
    };
    assert_eq!((sum.id.as_str(), sum.name.as_str()), ("a", "sum"));
    assert!(sum.arguments == ToolArguments::Object(json!({"x": 1}).as_object().cloned().expect("an object")));
    assert_eq!((now.id.as_str(), now.name.as_str()), ("b", "now"));
    let unnumbered = Script::sse()
        .event(&part(None, Some("a"), Some("sum"), "{\"x\":"))
        .event(&part(None, None, None, "1}"))
        .event(&part(None, Some("b"), Some("now"), "{}"))
        .event(&finish("stop"))
        .done();
    let heard = bench.hear(unnumbered).await;
    assert_eq!(
        heard
            .calls
            .iter()
            .map(|call| call.id.as_str())
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(
        heard.finish,
        Some(FinishReason::ToolCalls),
        "whatever the server calls it"
    );
}

#[tokio::test]
async fn wire_22_tool_arguments_empty_object_and_invalid() {
    let bench = Bench::openai().await;
    let call = |arguments: Value| {
        Script::sse()
            .event(&delta(json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": arguments}}]})))
            .event(&finish("tool_calls"))
            .done()
    };
    let empty = bench.hear(call(json!(""))).await;
    assert!(matches!(&empty.calls[0].arguments, ToolArguments::Object(map) if map.is_empty()));
    let null = bench.hear(call(Value::Null)).await;
    assert!(matches!(&null.calls[0].arguments, ToolArguments::Object(map) if map.is_empty()));
    let object = bench.hear(call(json!({"x": [1]}))).await;
    assert!(matches!(&object.calls[0].arguments, ToolArguments::Object(map) if map["x"] == json!([1])));
    let invalid = bench.hear(call(json!("{\"x\":"))).await;
    assert!(matches!(&invalid.calls[0].arguments, ToolArguments::Invalid { raw, .. } if raw == "{\"x\":"));

    let bench = Bench::ollama().await;
    let call = |name: &str| json!({"function": {"name": name, "arguments": {"city": "Köln"}}});
    let heard = bench
        .hear(
            Script::ndjson()
                .line(&line(
                    json!({"content": "", "tool_calls": [call("weather"), call("time")]}),
                ))
                .line(&line(json!({"content": "", "tool_calls": [call("weather")]})))
                .line(&last_line()),
        )
        .await;
    let names: Vec<_> = heard
        .calls
        .iter()
        .map(|call| (call.id.as_str(), call.name.as_str()))
        .collect();
    assert_eq!(
        names,
        [("call_0", "weather"), ("call_1", "time"), ("call_2", "weather")]
    );
    assert!(matches!(&heard.calls[0].arguments, ToolArguments::Object(map) if map["city"] == "Köln"));
}

#[tokio::test]
async fn wire_23_reasoning_under_every_name_and_inline() {
    let bench = Bench::openai().await;
    for field in ["reasoning_content", "reasoning", "thinking"] {
        let script = Script::sse()
            .event(&delta(json!({field: "let me "})))
            .event(&delta(json!({field: "see"})))
            .event(&content("Yes."))
            .event(&finish("stop"))
            .done();
        let heard = bench.hear(script).await;
        assert_eq!(
            (heard.done(), heard.reasoning.as_str()),
            ("Yes.", "let me see"),
            "{field}"
        );
    }
    let split = ["<th", "ink>", "let me", " see</", "think>", "\n\nYes", "."];
    let script = split
        .iter()
        .fold(Script::sse(), |script, text| script.event(&content(text)));
    let heard = bench.hear(script.event(&finish("stop")).done()).await;
    assert_eq!((heard.done(), heard.reasoning.as_str()), ("Yes.", "let me see"));
    let heard = bench.hear(good("<think>never closed")).await;
    assert_eq!((heard.done(), heard.reasoning.as_str()), ("", "never closed"));
    let parts = delta(json!({"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "let me see"}]}, {"type": "text", "text": "Yes."}]}));
    let heard = bench
        .hear(Script::sse().event(&parts).event(&finish("stop")).done())
        .await;
    assert_eq!((heard.done(), heard.reasoning.as_str()), ("Yes.", "let me see"));

    let bench = Bench::ollama().await;
    let heard = bench
        .hear(
            Script::ndjson()
                .line(&line(json!({"content": "", "thinking": "hm"})))
                .line(&said("Yes."))
                .line(&last_line()),
        )
        .await;
    assert_eq!((heard.done(), heard.reasoning.as_str()), ("Yes.", "hm"));
}

#[tokio::test]
async fn wire_24_length_can_be_continued_and_filters_and_refusals_are_errors() {
    let bench = Bench::openai().await;
    let heard = bench
        .hear(Script::sse().event(&content("a")).event(&finish("length")).done())
        .await;
    assert_eq!(
        (heard.done(), heard.finish.as_ref()),
        ("a", Some(&FinishReason::Length))
    );
    let heard = bench
        .hear(
            Script::sse()
                .event(&content("a"))
                .event(&finish("content_filter"))
                .done(),
        )
        .await;
    heard.failed(ErrorCode::ContentFiltered);
    assert_eq!(heard.text, "a");
    let refusal = Script::sse()
        .event(&delta(json!({"refusal": "I cannot "})))
        .event(&delta(json!({"refusal": "help with that."})))
        .event(&finish("stop"))
        .done();
    let heard = bench.hear(refusal).await;
    assert_eq!(
        heard.failed(ErrorCode::ContentFiltered).detail(),
        Some("I cannot help with that.")
    );

    let bench = Bench::ollama().await;
    let cut = json!({"message": {"content": "a"}, "done": true, "done_reason": "length"});
    assert_eq!(
        bench.hear(Script::ndjson().line(&cut)).await.finish,
        Some(FinishReason::Length)
    );
}
