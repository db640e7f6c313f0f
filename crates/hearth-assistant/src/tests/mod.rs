//! The assistant against model servers on real sockets.

mod consent;
mod conversations;
mod parameters;
mod providers;
mod turns;

use super::*;
use hearth_api::chat::{Chat, ChatMessage, SendMessage, TurnEvent, TurnUpdate};
use hearth_api::provider::{ModelRef, Provider, ProviderKind, ProviderOwner, SaveProvider};
use hearth_api::{ChatId, ProviderId};
use hearth_db::DbOptions;
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::PersonRow;
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
            limits: None,
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

    /// Asks and waits for the answer as it is stored.
    async fn answer(&mut self, chat: Option<ChatId>, text: &str, model: (ProviderId, &str)) -> ChatMessage {
        let started = self.send(chat, text, model).await;
        self.until_the_end().await;
        let chat = self.chat(started.chat).await;
        chat.messages.into_iter().last().unwrap()
    }

    async fn chat(&self, id: ChatId) -> Chat {
        self.assistant.get_chat(self.anna, id).await.unwrap()
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
