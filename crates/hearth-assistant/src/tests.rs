//! Turns against a model server on a real socket.

use super::*;
use hearth_api::chat::{
    ContinueAnswer, DeleteMessage, GetTurnEvents, ListChats, ResendMessage, RestoreChat, SaveChatDraft,
    SendMessage, TurnEvent, TurnState, TurnUpdate, UpdateChat,
};
use hearth_api::provider::{ModelRef, Provider, ProviderKind, ProviderOwner, SaveProvider, SetConsent};
use hearth_api::{ChatId, ProviderId};
use hearth_db::DbOptions;
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::PersonRow;
use hearth_llm::testing::{FakeAnswer, FakeLlm, Gate, Script, ScriptedServer};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

#[derive(Default)]
struct TestClock(AtomicI64);
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::Relaxed) + 1_795_305_600_000)
    }
}

#[derive(Default)]
struct TestIds(AtomicU64);
impl Ids for TestIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(
            (0x0190_0000_0000_7000_8000_0000_0000_0000_u128)
                + u128::from(self.0.fetch_add(1, Ordering::Relaxed)),
        )
    }
}

#[derive(Default)]
struct OpenSecrets(Mutex<HashMap<String, String>>);
impl Secrets for OpenSecrets {
    fn put(&self, _: &mut WriteTx<'_>, name: &str, secret: &str) -> ApiResult<()> {
        self.0.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }
    fn get(&self, _: &ReadTx<'_>, name: &str) -> ApiResult<Option<Zeroizing<String>>> {
        Ok(self.0.lock().unwrap().get(name).cloned().map(Zeroizing::new))
    }
    fn delete(&self, _: &mut WriteTx<'_>, name: &str) -> ApiResult<()> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

struct Home {
    assistant: Assistant,
    events: Receiver<(PersonId, Event)>,
    anna: Owner,
    ben: Owner,
    dir: tempfile::TempDir,
}

async fn home() -> Home {
    home_in(tempfile::tempdir().unwrap()).await
}

async fn home_in(dir: tempfile::TempDir) -> Home {
    let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
    let people = [PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2))];
    db.write(move |tx| {
        let id: hearth_api::HomeId = "a".repeat(52).parse().unwrap();
        hearth_db::home::put(
            tx,
            &HomeRow {
                id: id.clone(),
                name: "Hill".into(),
                nickname: String::new(),
                state: HomeRowState::Own,
            },
        )?;
        for person in people {
            hearth_db::person::put(
                tx,
                &PersonRow {
                    id: person,
                    home: id.clone(),
                    name: "P".into(),
                    public_key: [0; 32],
                    picture: None,
                    findable: false,
                    hlc: String::new(),
                    deleted_at: None,
                },
            )?;
        }
        Ok::<_, hearth_db::DbError>(())
    })
    .await
    .unwrap();
    let sender = broadcast::Sender::new(10_000);
    let events = sender.subscribe();
    let assistant = Assistant::new(Parts {
        db,
        clock: Arc::new(TestClock::default()),
        ids: Arc::new(TestIds::default()),
        secrets: Arc::new(OpenSecrets::default()),
        events: sender,
    });
    assistant.recover().await.unwrap();
    let [anna, ben] = people;
    Home {
        assistant,
        events,
        anna: Owner {
            account: anna,
            admin: true,
        },
        ben: Owner {
            account: ben,
            admin: false,
        },
        dir,
    }
}

impl Home {
    async fn provider(&self, url: &str) -> Provider {
        let request = SaveProvider {
            id: None,
            name: "Our server".into(),
            kind: ProviderKind::OpenAi,
            base_url: url.into(),
            api_key: None,
            headers: None,
            owner: ProviderOwner::Home,
        };
        self.assistant.save_provider(self.anna, request).await.unwrap()
    }

    async fn send(
        &self,
        chat: Option<ChatId>,
        text: &str,
        model: (ProviderId, &str),
    ) -> hearth_api::chat::TurnStarted {
        let model = Some(ModelRef {
            provider: model.0,
            model: model.1.into(),
        });
        let request = SendMessage {
            op: Uuid::from_u128(self.assistant.new_id::<Uuid>().as_u128() << 1),
            chat,
            text: text.into(),
            model,
        };
        self.assistant.send_message(self.anna, request).await.unwrap()
    }

    /// The next event of a turn.
    async fn next(&mut self) -> TurnEvent {
        loop {
            let event = tokio::time::timeout(Duration::from_secs(20), self.events.recv())
                .await
                .unwrap()
                .unwrap();
            if let (_, Event::Turn(event)) = event {
                return event;
            }
        }
    }

    /// All events up to the end of the turn under way.
    async fn until_the_end(&mut self) -> Vec<TurnEvent> {
        let mut seen = Vec::new();
        loop {
            let event = self.next().await;
            let end = matches!(event.what, TurnUpdate::End { .. });
            seen.push(event);
            if end {
                return seen;
            }
        }
    }
}

fn piece(text: &str) -> serde_json::Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}}]})
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
    assert!(chat.messages.last().unwrap().can_continue, "limited by length");
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
    let sent = server.requests_to("/v1/chat/completions");
    assert!(
        !sent.last().unwrap().json().to_string().contains("provider_auth"),
        "errors are never sent to a model"
    );
    home.assistant.close().await;
}

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

#[tokio::test]
async fn conversations_are_listed_renamed_binned_and_brought_back() {
    let mut home = home().await;
    let llm = FakeLlm::builder()
        .models(["tiny"])
        .brain(|_| FakeAnswer::text("Yes."))
        .start_openai()
        .await;
    let provider = home.provider(&llm.url()).await;
    let first = home.send(None, "First question", (provider.id, "tiny")).await;
    home.until_the_end().await;
    let second = home.send(None, "Second question", (provider.id, "tiny")).await;
    home.until_the_end().await;
    let list = |home: &Home| {
        let (assistant, anna) = (home.assistant.clone(), home.anna);
        async move {
            assistant
                .list_chats(anna, ListChats::default())
                .await
                .unwrap()
                .items
        }
    };
    assert_eq!(
        list(&home).await.iter().map(|c| c.id).collect::<Vec<_>>(),
        [second.chat, first.chat]
    );
    let update = UpdateChat {
        id: first.chat,
        title: Some("Kept".into()),
        pinned: Some(true),
        archived: None,
        model: None,
    };
    home.assistant.update_chat(home.anna, update).await.unwrap();
    let chats = list(&home).await;
    assert_eq!((chats[0].id, chats[0].title.as_str()), (first.chat, "Kept"));
    let draft = SaveChatDraft {
        chat: Some(first.chat),
        text: "unsent".into(),
    };
    home.assistant.save_chat_draft(home.anna, draft).await.unwrap();
    assert!(list(&home).await[0].has_draft);
    home.assistant.delete_chat(home.anna, first.chat).await.unwrap();
    assert_eq!(list(&home).await.len(), 1);
    home.assistant
        .restore_chat(
            home.anna,
            RestoreChat {
                id: first.chat,
                message: None,
            },
        )
        .await
        .unwrap();
    assert_eq!(list(&home).await.len(), 2);
    let request = DeleteMessage {
        chat: first.chat,
        message: first.question.id,
    };
    home.assistant.delete_message(home.anna, request).await.unwrap();
    assert!(
        home.assistant
            .get_chat(home.anna, first.chat)
            .await
            .unwrap()
            .messages
            .is_empty(),
        "with what followed it"
    );
    let back = RestoreChat {
        id: first.chat,
        message: Some(first.question.id),
    };
    home.assistant.restore_chat(home.anna, back).await.unwrap();
    assert_eq!(
        home.assistant
            .get_chat(home.anna, first.chat)
            .await
            .unwrap()
            .messages
            .len(),
        2
    );
    home.assistant.close().await;
}
