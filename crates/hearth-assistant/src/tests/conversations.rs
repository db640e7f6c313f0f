//! The list of conversations: one at a time and several at once.

use super::*;
use hearth_api::chat::{
    DeleteChats, DeleteMessage, ListChats, RestoreChat, RestoreChats, SaveChatDraft, TurnState, UpdateChat,
    UpdateChats,
};
use hearth_llm::testing::{FakeAnswer, FakeLlm, Gate, Script, ScriptedServer};

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

#[tokio::test]
async fn several_are_pinned_archived_binned_and_brought_back_at_once_or_not_at_all() {
    let mut home = home().await;
    let llm = FakeLlm::builder().models(["tiny"]).start_openai().await;
    let provider = home.provider(&llm.url()).await;
    let mut ids = Vec::new();
    for text in ["One", "Two", "Three"] {
        ids.push(home.send(None, text, (provider.id, "tiny")).await.chat);
        home.until_the_end().await;
    }
    let list = |archived: bool| {
        let (assistant, anna) = (home.assistant.clone(), home.anna);
        let request = ListChats {
            archived,
            ..ListChats::default()
        };
        async move { assistant.list_chats(anna, request).await.unwrap().items }
    };
    let times: Vec<_> = list(false).await.iter().map(|c| c.last_message_at).collect();
    let update = |ids: &[ChatId], pinned, archived| UpdateChats {
        ids: ids.to_vec(),
        pinned,
        archived,
    };
    let (assistant, anna, ben) = (home.assistant.clone(), home.anna, home.ben);
    assistant
        .update_chats(anna, update(&ids[..2], Some(true), None))
        .await
        .unwrap();
    let pinned: Vec<_> = list(false).await.iter().map(|c| (c.id, c.pinned)).collect();
    assert_eq!(pinned, [(ids[1], true), (ids[0], true), (ids[2], false)]);
    assistant
        .update_chats(anna, update(&ids, Some(false), Some(true)))
        .await
        .unwrap();
    assert!(list(false).await.is_empty());
    let archived = list(true).await;
    assert_eq!(
        archived.iter().map(|c| c.last_message_at).collect::<Vec<_>>(),
        times,
        "the times of the last messages stay"
    );
    assistant
        .update_chats(anna, update(&ids, None, Some(false)))
        .await
        .unwrap();

    let unknown = ChatId(Uuid::from_u128(12345));
    let refused = assistant
        .delete_chats(
            anna,
            DeleteChats {
                ids: vec![ids[0], unknown],
            },
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    assert_eq!(list(false).await.len(), 3, "none of them went");
    let foreign = assistant
        .delete_chats(ben, DeleteChats { ids: ids.clone() })
        .await;
    assert_eq!(foreign.unwrap_err().code, Code::NotFound);
    for ids in [Vec::new(), vec![unknown; 1001]] {
        let refused = assistant
            .delete_chats(anna, DeleteChats { ids })
            .await
            .unwrap_err();
        assert_eq!(refused.name(), "invalid_ids");
    }

    let gone = DeleteChats {
        ids: ids[..2].to_vec(),
    };
    assistant.delete_chats(anna, gone.clone()).await.unwrap();
    assert_eq!(list(false).await.len(), 1);
    let refused = assistant.update_chats(anna, update(&ids, Some(true), None)).await;
    assert_eq!(
        refused.unwrap_err().code,
        Code::NotFound,
        "what is in the trash is not there"
    );
    assistant
        .restore_chats(anna, RestoreChats { ids: gone.ids })
        .await
        .unwrap();
    let back: Vec<_> = list(false).await.iter().map(|c| c.last_message_at).collect();
    assert_eq!(back, times, "in their places");
    home.assistant.close().await;
}

#[tokio::test]
async fn deleting_several_stops_what_is_being_written_in_them() {
    let mut home = home().await;
    let server = ScriptedServer::start().await;
    let gate = Gate::new();
    server.once(
        "/v1/chat/completions",
        Script::sse().event(&piece("Half")).pause(&gate),
    );
    let provider = home.provider(&server.url("/v1")).await;
    let started = home.send(None, "Go", (provider.id, "m")).await;
    while !matches!(home.next().await.what, TurnUpdate::Delta { .. }) {}
    let ids = vec![started.chat];
    home.assistant
        .delete_chats(home.anna, DeleteChats { ids: ids.clone() })
        .await
        .unwrap();
    home.until_the_end().await;
    home.assistant
        .restore_chats(home.anna, RestoreChats { ids })
        .await
        .unwrap();
    let answer = home.chat(started.chat).await.messages.pop().unwrap();
    assert_eq!((answer.state, answer.text.as_str()), (TurnState::Stopped, "Half"));
    home.assistant.close().await;
}

#[tokio::test]
async fn a_title_by_the_model_is_told_to_whoever_shows_the_conversation() {
    let mut home = home().await;
    let llm = FakeLlm::builder()
        .models(["tiny"])
        .brain(|_| FakeAnswer::text("A short title"))
        .start_openai()
        .await;
    let provider = home.provider(&llm.url()).await;
    let chat = home
        .send(None, "What is the capital of France?", (provider.id, "tiny"))
        .await
        .chat;
    let is_title = |event: &TurnEvent| matches!(event.what, TurnUpdate::Title { .. });
    let mut told = home.until_the_end().await.iter().any(is_title);
    while !told {
        told = is_title(&home.next().await);
    }
    let account = home.anna.account;
    assert_eq!(home.chat(chat).await.summary.title, "A short title");
    let db = home.assistant.db();
    let events = db
        .read(move |tx| hearth_db::event::after(tx, account, 0, 1_000))
        .await;
    let told: Vec<Event> = events.unwrap().into_iter().map(|e| e.event).collect();
    let last = told.iter().rposition(|e| *e == Event::ChatsChanged).unwrap();
    assert_eq!(told.get(last + 1), Some(&Event::ChatChanged { chat }), "{told:?}");
}
