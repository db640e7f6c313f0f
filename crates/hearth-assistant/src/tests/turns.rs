//! Turns: streamed, stopped, continued, failed, cut off.

use super::*;
use hearth_api::chat::{AnswerInfo, TraceWhat};
use hearth_api::chat::{ContinueAnswer, GetTurnEvents, ResendMessage, TurnState};
use hearth_llm::testing::{FakeAnswer, FakeLlm, Gate, Script, ScriptedServer};

/// Which steps are kept of an answer that simply came, their times in order.
fn assert_steps(info: &AnswerInfo) {
    let times: Vec<u64> = info.trace.iter().map(|step| step.at_ms).collect();
    assert!(times.is_sorted(), "{times:?}");
    let steps: Vec<&TraceWhat> = info.trace.iter().map(|step| &step.what).collect();
    assert!(
        matches!(
            steps.as_slice(),
            [
                TraceWhat::Prepared {
                    messages: 1,
                    of: 1,
                    ..
                },
                TraceWhat::Asked,
                TraceWhat::FirstToken,
                TraceWhat::LastToken,
                TraceWhat::Ended
            ]
        ),
        "{steps:?}"
    );
    assert_eq!(info.finish_reason.as_deref(), Some("stop"));
    assert!(info.tokens_per_second.is_some());
}

#[tokio::test]
async fn an_answer_streams_in_order_and_is_stored_with_what_is_known_of_it() {
    let mut home = home().await;
    let llm = FakeLlm::builder()
        .models(["tiny"])
        .brain(|_| FakeAnswer::text("Two years, then monthly."))
        .start_openai()
        .await;
    let provider = home.provider(&llm.url()).await;
    let report = home
        .assistant
        .check_provider(home.anna, provider.id)
        .await
        .unwrap();
    assert!(report.reachable && report.error.is_none(), "{}", report.message);
    assert_eq!(report.provider.models.len(), 1);
    let started = home
        .send(None, "How long does our lease run?", (provider.id, "tiny"))
        .await;
    let events = home.until_the_end().await;
    let seqs: Vec<u64> = events.iter().map(|e| e.seq).collect();
    assert_eq!(
        seqs,
        (1..=seqs.len() as u64).collect::<Vec<_>>(),
        "numbers rise by one"
    );
    let text: String = events
        .iter()
        .filter_map(|e| match &e.what {
            TurnUpdate::Delta { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(text, "Two years, then monthly.");
    let chat = home.assistant.get_chat(home.anna, started.chat).await.unwrap();
    let [question, answer] = chat.messages.as_slice() else {
        panic!("two messages")
    };
    assert_eq!(question.text, "How long does our lease run?");
    assert_eq!(
        (answer.text.as_str(), answer.state),
        ("Two years, then monthly.", TurnState::Done)
    );
    let info = answer.info.as_ref().unwrap();
    assert_eq!(info.model, "tiny");
    assert_steps(info);
    assert!(info.usage.is_some() && info.first_token_ms.is_some(), "{info:?}");
    let rest = home
        .assistant
        .turn_events(
            home.anna,
            GetTurnEvents {
                turn: started.turn,
                after: 2,
            },
        )
        .await
        .unwrap();
    assert!(
        rest.events.first().unwrap().seq == 3,
        "a reloaded window gets exactly the rest"
    );
    let foreign = home
        .assistant
        .turn_events(
            home.ben,
            GetTurnEvents {
                turn: started.turn,
                after: 0,
            },
        )
        .await;
    assert_eq!(foreign.unwrap_err().code, Code::NotFound);
    assert_eq!(
        home.assistant
            .get_chat(home.ben, started.chat)
            .await
            .unwrap_err()
            .code,
        Code::NotFound
    );
    home.assistant.close().await;
}

#[tokio::test]
async fn stopping_keeps_the_text_closes_the_connection_and_continue_goes_on() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    let gate = Gate::new();
    server.once(
        "/v1/chat/completions",
        Script::sse()
            .event(&piece("Once upon"))
            .pause(&gate)
            .event(&piece(" never"))
            .done(),
    );
    let provider = home.provider(&server.url("/v1")).await;
    let started = home.send(None, "Tell a story", (provider.id, "m")).await;
    while !matches!(home.next().await.what, TurnUpdate::Delta { .. }) {}
    let busy = home
        .assistant
        .send_message(
            home.anna,
            SendMessage {
                op: Uuid::from_u128(77),
                chat: Some(started.chat),
                text: "x".into(),
                model: None,
            },
        )
        .await;
    assert_eq!(busy.unwrap_err().code, Code::Busy);
    home.assistant.stop_turn(home.anna, started.chat).await.unwrap();
    let events = home.until_the_end().await;
    assert!(
        !events.iter().any(|e| matches!(e.what, TurnUpdate::Delta { .. })),
        "no later text"
    );
    server.wait_for_client_close(1).await;
    gate.open();
    let chat = home.assistant.get_chat(home.anna, started.chat).await.unwrap();
    let answer = chat.messages.last().unwrap();
    assert_eq!(
        (answer.text.as_str(), answer.state, answer.can_continue),
        ("Once upon", TurnState::Stopped, true)
    );
    server.once(
        "/v1/chat/completions",
        Script::sse()
            .event(&piece(" a time"))
            .event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}))
            .done(),
    );
    let again = ContinueAnswer {
        chat: started.chat,
        message: answer.id,
    };
    home.assistant.continue_answer(home.anna, again).await.unwrap();
    home.until_the_end().await;
    let chat = home.assistant.get_chat(home.anna, started.chat).await.unwrap();
    assert_eq!(chat.messages.len(), 2, "no second question");
    assert_eq!(chat.messages.last().unwrap().text, "Once upon a time");
    let longer = chat.messages.last().unwrap();
    assert!(longer.can_continue, "limited by length");
    let steps = &longer.info.as_ref().unwrap().trace;
    assert!(
        steps.iter().any(|step| step.what == TraceWhat::Continued),
        "what came before is kept: {steps:?}"
    );
    home.assistant.close().await;
}

#[tokio::test]
async fn a_gone_provider_keeps_the_question_and_resend_answers_it() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    server.once(
        "/v1/chat/completions",
        Script::json(401, &json!({"error": {"message": "no"}})),
    );
    let provider = home.provider(&server.url("/v1")).await;
    let started = home.send(None, "Hello", (provider.id, "m")).await;
    home.until_the_end().await;
    let chat = home.assistant.get_chat(home.anna, started.chat).await.unwrap();
    let answer = chat.messages.last().unwrap();
    assert_eq!(
        (answer.state, answer.error.as_deref()),
        (TurnState::Failed, Some("provider_auth"))
    );
    assert_eq!(answer.text, "", "an error is never stored as text");
    let noted = home.assistant.list_providers(home.anna).await.unwrap().remove(0);
    assert_eq!(
        (noted.online, noted.last_error.as_deref()),
        (Some(true), Some("provider_auth")),
        "who refuses a key is there all the same"
    );
    server.once("/v1/chat/completions", Script::sse().event(&piece("Hi")).done());
    let again = ResendMessage {
        chat: started.chat,
        message: answer.id,
        model: Some(ModelRef {
            provider: provider.id,
            model: "m".into(),
        }),
    };
    home.assistant.resend_message(home.anna, again).await.unwrap();
    home.until_the_end().await;
    let chat = home.assistant.get_chat(home.anna, started.chat).await.unwrap();
    assert_eq!(
        chat.messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(),
        ["Hello", "Hi"]
    );
    let noted = home.assistant.list_providers(home.anna).await.unwrap().remove(0);
    assert_eq!((noted.online, noted.last_error), (Some(true), None));
    let sent = server.requests_to("/v1/chat/completions");
    assert!(
        !sent.last().unwrap().json().to_string().contains("provider_auth"),
        "errors are never sent to a model"
    );
    home.assistant.close().await;
}

#[tokio::test]
async fn a_crash_leaves_an_interrupted_answer_with_its_text() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    let gate = Gate::new();
    server.once(
        "/v1/chat/completions",
        Script::sse().event(&piece("Half an ")).pause(&gate),
    );
    let provider = home.provider(&server.url("/v1")).await;
    let started = home.send(None, "Go", (provider.id, "m")).await;
    while !matches!(home.next().await.what, TurnUpdate::Delta { .. }) {}
    home.assistant.close().await;
    let chat = home.assistant.get_chat(home.anna, started.chat).await.unwrap();
    let answer = chat.messages.last().unwrap();
    assert_eq!(
        (answer.text.as_str(), answer.state),
        ("Half an ", TurnState::Interrupted)
    );
    assert!(answer.can_continue);
    drop(home.dir);
}
