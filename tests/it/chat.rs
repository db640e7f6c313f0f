//! Talking to a model: streams, reloads, stopping, failures.

mod consent;

use hearth_api::chat::{
    Chat, ChatMessage, ContinueAnswer, DeleteChat, GetChat, GetComposer, GetTurnEvents, ListChats,
    ResendMessage, RestoreChat, SendMessage, StopTurn, TurnEvent, TurnState, TurnUpdate, UpdateChat,
};
use hearth_api::provider::{Locality, ProviderKind};
use hearth_api::{ChatId, Code, Event};
use hearth_tests::model::{FakeAnswer, FakeLlm, Gate, MODEL, Script};
use hearth_tests::{TestPerson, World, within};
use serde_json::json;

const CHAT_PATH: &str = "/api/chat";

async fn anna(world: &World) -> TestPerson {
    world.home("Hill House", &["Anna", "Ben"]).await.owner()
}

fn word(text: &str) -> serde_json::Value {
    json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": false,
            "message": { "role": "assistant", "content": text } })
}

fn last(reason: &str) -> serde_json::Value {
    json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": true, "done_reason": reason,
            "message": { "role": "assistant", "content": "" }, "prompt_eval_count": 12, "eval_count": 4 })
}

/// What the events say the text is.
fn text_of(events: &[TurnEvent]) -> String {
    let deltas = events.iter().filter_map(|event| match &event.what {
        TurnUpdate::Delta { text } => Some(text.as_str()),
        _ => None,
    });
    deltas.collect()
}

fn end_of(events: &[TurnEvent]) -> ChatMessage {
    match events.last().map(|event| &event.what) {
        Some(TurnUpdate::End { message }) => (**message).clone(),
        other => panic!("the last event of a turn is its end, not {other:?}"),
    }
}

async fn chat_of(person: &TestPerson, id: ChatId) -> Chat {
    person.ok(GetChat { id }).await
}

#[tokio::test]
async fn an_answer_streams_in_order_and_is_stored() {
    for kind in [ProviderKind::Ollama, ProviderKind::OpenAi] {
        let world = World::new();
        let anna = anna(&world).await;
        let fake = FakeLlm::builder().brain(|_| FakeAnswer::text("Lake, hill and frost."));
        let fake = match kind {
            ProviderKind::Ollama => fake.start_ollama().await,
            ProviderKind::OpenAi => fake.start_openai().await,
        };
        anna.use_model(kind, &fake).await;
        let composer = anna.ok(GetComposer {}).await;
        assert_eq!(
            (composer.blocked, composer.locality),
            (None, Some(Locality::Local)),
            "{kind:?}"
        );

        let mut listener = anna.listen().await;
        let started = anna.ask(None, "Three words, please").await.unwrap();
        assert_eq!(started.question.text, "Three words, please");
        let events = listener.turn(started.turn).await;
        let numbers: Vec<u64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(
            numbers,
            (1..=numbers.len() as u64).collect::<Vec<_>>(),
            "without gaps from 1"
        );
        assert_eq!(text_of(&events), "Lake, hill and frost.");
        let end = end_of(&events);
        assert_eq!(
            (end.state, end.text.as_str()),
            (TurnState::Done, "Lake, hill and frost."),
            "{kind:?}"
        );
        let info = end.info.clone().unwrap();
        assert_eq!(
            (info.model.as_str(), info.provider.as_str()),
            (MODEL, "Kitchen computer")
        );
        assert_eq!(info.locality, Some(Locality::Local));

        let stored = chat_of(&anna, started.chat).await;
        assert_eq!(stored.messages.len(), 2);
        assert_eq!(stored.messages[1].text, end.text);
        assert_eq!(stored.turn, None, "nothing runs any more");
        assert_eq!(anna.ok(ListChats::default()).await.items.len(), 1);
        anna.home().restart().await;
        assert_eq!(
            chat_of(&anna, started.chat).await.messages[1].text,
            end.text,
            "also after a restart"
        );
    }
}

#[tokio::test]
async fn a_reloaded_window_gets_exactly_the_rest() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let gate = Gate::new();
    let mut script = Script::ndjson();
    for part in ["One ", "two ", "three "] {
        script = script.line(&word(part));
    }
    script = script.pause(&gate);
    for part in ["four ", "five"] {
        script = script.line(&word(part));
    }
    fake.server().once(CHAT_PATH, script.line(&last("stop")));

    let mut first = anna.listen().await;
    let started = anna.ask(None, "Count").await.unwrap();
    let turn = started.turn;
    first
        .until("the first half", |event| match event {
            Event::Turn(event) => {
                matches!(&event.what, TurnUpdate::Delta { text } if text.contains("three")).then_some(())
            }
            _ => None,
        })
        .await;

    // Another window opens in the middle.
    let mut second = anna.listen().await;
    let chat = chat_of(&anna, started.chat).await;
    assert_eq!(chat.turn, Some(turn));
    let so_far = chat.messages[1].clone();
    assert_eq!(so_far.state, TurnState::Streaming);
    let missed = anna
        .ok(GetTurnEvents {
            turn,
            after: chat.turn_seq,
        })
        .await
        .events;
    let all = anna.ok(GetTurnEvents { turn, after: 0 }).await.events;
    gate.open();
    let live = second.turn(turn).await;
    let known = missed.last().map_or(chat.turn_seq, |event| event.seq);
    let rest: Vec<TurnEvent> = live.iter().filter(|event| event.seq > known).cloned().collect();
    let text = format!("{}{}{}", so_far.text, text_of(&missed), text_of(&rest));
    assert_eq!(
        text, "One two three four five",
        "what was there, what was missed and what came make the whole"
    );
    assert_eq!(format!("{}{}", text_of(&all), text_of(&rest)), text);
    assert_eq!(end_of(&first.turn(turn).await).text, text);
}

#[tokio::test]
async fn a_stopped_answer_keeps_its_text_and_can_go_on() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    fake.server().once(
        CHAT_PATH,
        Script::ndjson()
            .line(&word("Once upon "))
            .line(&word("a time"))
            .hold(),
    );
    let mut listener = anna.listen().await;
    let started = anna.ask(None, "A story").await.unwrap();
    listener
        .until("some text", |event| match event {
            Event::Turn(event) => {
                matches!(&event.what, TurnUpdate::Delta { text } if text.contains("time")).then_some(())
            }
            _ => None,
        })
        .await;
    anna.refused_with(
        Code::Busy,
        SendMessage {
            op: anna.home().seed().uuid(),
            chat: Some(started.chat),
            text: "Are you still there?".to_owned(),
            model: None,
        },
    )
    .await;
    anna.ok(StopTurn { chat: started.chat }).await;
    let end = end_of(&listener.turn(started.turn).await);
    assert_eq!(
        (end.state, end.text.as_str()),
        (TurnState::Stopped, "Once upon a time")
    );
    assert!(end.can_continue);
    within(
        "the request to be given up",
        fake.server().wait_for_client_close(1),
    )
    .await;

    fake.server().once(
        CHAT_PATH,
        Script::ndjson()
            .line(&word(" there was a bench."))
            .line(&last("stop")),
    );
    let going_on = ContinueAnswer {
        chat: started.chat,
        message: end.id,
    };
    let again = anna.ok(going_on).await;
    let end = end_of(&listener.turn(again.turn).await);
    assert_eq!(
        (end.state, end.text.as_str()),
        (TurnState::Done, "Once upon a time there was a bench.")
    );
    assert_eq!(
        chat_of(&anna, started.chat).await.messages.len(),
        2,
        "it is the same answer, longer"
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_says_so_and_keeps_what_came() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    fake.server()
        .once(CHAT_PATH, Script::ndjson().line(&word("Half an ans")).cut());
    let mut listener = anna.listen().await;
    let started = anna.ask(None, "Go on").await.unwrap();
    let end = end_of(&listener.turn(started.turn).await);
    assert_eq!(
        (end.state, end.text.as_str()),
        (TurnState::Interrupted, "Half an ans")
    );
    assert_eq!(end.error.as_deref(), Some("stream_interrupted"));
    assert!(end.can_continue && end.error_message.is_some_and(|message| !message.is_empty()));
    let error_in_text = chat_of(&anna, started.chat).await.messages[1]
        .text
        .contains("interrupted");
    assert!(!error_in_text, "an error is never part of the text");
}

#[tokio::test]
async fn a_provider_that_is_gone_keeps_the_question_and_a_repeat_answers_it() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    let address = fake.server().address();
    anna.use_model(ProviderKind::Ollama, &fake).await;
    drop(fake);

    let mut listener = anna.listen().await;
    let started = anna.ask(None, "Is anybody there?").await.unwrap();
    let end = end_of(&listener.turn(started.turn).await);
    assert_eq!(
        (end.state, end.error.as_deref()),
        (TurnState::Failed, Some("provider_unreachable"))
    );
    let message = end.error_message.clone().unwrap();
    assert!(
        message.contains("Kitchen computer") || message.len() > 20,
        "it says what to do: {message}"
    );
    assert_eq!(
        chat_of(&anna, started.chat).await.messages[0].text,
        "Is anybody there?",
        "the question is kept"
    );

    let fake = FakeLlm::builder().address(address).start_ollama().await;
    let again = ResendMessage {
        chat: started.chat,
        message: end.id,
        model: None,
    };
    let again = anna.ok(again).await;
    let end = end_of(&listener.turn(again.turn).await);
    assert_eq!(
        (end.state, end.text.as_str()),
        (TurnState::Done, "You said: Is anybody there?")
    );
    let chat = chat_of(&anna, started.chat).await;
    let questions = chat
        .messages
        .iter()
        .filter(|message| message.text == "Is anybody there?")
        .count();
    assert_eq!(questions, 1, "the question is there once");
    let sent = fake.chats();
    let asked: Vec<_> = sent[0]["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|m| m["role"] == "user")
        .collect();
    assert_eq!(asked.len(), 1, "and is sent once: {sent:?}");
}

#[tokio::test]
async fn a_repeated_send_asks_once() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let request = SendMessage {
        op: anna.home().seed().uuid(),
        chat: None,
        text: "Only once".to_owned(),
        model: None,
    };
    let mut listener = anna.listen().await;
    let first = anna.ok(request.clone()).await;
    listener.turn(first.turn).await;
    let second = anna.ok(request).await;
    assert_eq!((first.chat, first.question.id), (second.chat, second.question.id));
    assert_eq!(anna.ok(ListChats::default()).await.items.len(), 1);
    let to_answer = fake
        .chats()
        .iter()
        .filter(|c| c["messages"].to_string().contains("\"content\":\"Only once\""))
        .count();
    assert!(to_answer >= 1, "it was asked");
    assert_eq!(chat_of(&anna, first.chat).await.messages.len(), 2);
}

#[tokio::test]
async fn the_list_hears_when_each_answer_is_over() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let mut listener = anna.listen().await;
    let mut chat = None;
    for question in ["First", "Second"] {
        let before = listener.heard().len();
        let started = anna.ask(chat, question).await.unwrap();
        chat = Some(started.chat);
        listener.turn(started.turn).await;
        // Once when it was asked, and once when the answer was over, whichever way the two kinds of event overtake each other.
        let told = |heard: &[Event]| {
            let of_list = |event: &&Event| matches!(event, Event::ChatsChanged);
            heard.iter().skip(before).filter(of_list).count()
        };
        while told(listener.heard()) < 2 {
            listener.next().await;
        }
        while anna.ok(ListChats::default()).await.items[0].running {
            listener.next().await;
        }
    }
}

#[tokio::test]
async fn without_a_provider_the_composer_says_why() {
    let world = World::new();
    let anna = anna(&world).await;
    assert_eq!(
        anna.ok(GetComposer {}).await.blocked.as_deref(),
        Some("no_provider")
    );
    let error = anna.ask(None, "Hello?").await.unwrap_err();
    assert_eq!(error.code, Code::NoProvider);
    assert!(
        anna.ok(ListChats::default()).await.items.is_empty(),
        "no empty conversation is left"
    );
    for (text, code) in [
        ("  \n", Code::EmptyInput),
        (&*"x".repeat(200_001), Code::TooLarge),
    ] {
        assert_eq!(anna.ask(None, text).await.unwrap_err().code, code);
    }
}

#[tokio::test]
async fn a_home_that_closes_in_the_middle_keeps_the_text_and_says_so() {
    let world = World::new();
    let anna = anna(&world).await;
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    fake.server()
        .once(CHAT_PATH, Script::ndjson().line(&word("I was about to")).hold());
    let mut listener = anna.listen().await;
    let started = anna.ask(None, "Tell me").await.unwrap();
    listener
        .until("some text", |event| match event {
            Event::Turn(event) => matches!(event.what, TurnUpdate::Delta { .. }).then_some(()),
            _ => None,
        })
        .await;
    anna.home().restart().await;
    let answer = chat_of(&anna, started.chat).await.messages[1].clone();
    assert_eq!(
        (answer.state, answer.text.as_str()),
        (TurnState::Interrupted, "I was about to")
    );
    assert!(answer.can_continue);
}

#[tokio::test]
async fn conversations_belong_to_one_person_and_can_come_back_from_the_trash() {
    let world = World::new();
    let anna = anna(&world).await;
    let ben = anna.home().person("Ben");
    let fake = FakeLlm::builder().start_ollama().await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let mut listener = anna.listen().await;
    let started = anna.ask(None, "Between us").await.unwrap();
    listener.turn(started.turn).await;
    let id = started.chat;
    ben.refused_with(Code::NotFound, GetChat { id }).await;
    ben.refused_with(Code::NotFound, DeleteChat { id }).await;
    ben.refused_with(Code::NotFound, StopTurn { chat: id }).await;
    ben.refused_with(
        Code::NotFound,
        GetTurnEvents {
            turn: started.turn,
            after: 0,
        },
    )
    .await;
    assert!(ben.ok(ListChats::default()).await.items.is_empty());

    let rename = UpdateChat {
        id,
        title: Some("Our secret".to_owned()),
        pinned: Some(true),
        archived: None,
        model: None,
    };
    anna.ok(rename).await;
    anna.ok(DeleteChat { id }).await;
    assert!(anna.ok(ListChats::default()).await.items.is_empty());
    anna.ok(RestoreChat { id, message: None }).await;
    let listed = anna.ok(ListChats::default()).await.items;
    assert_eq!((listed[0].title.as_str(), listed[0].pinned), ("Our secret", true));
}
