//! Before another version of the program takes the place of this one: nothing under way is broken off.

use bytes::Bytes;
use hearth_api::backup::{BeginRestore, SendRestore};
use hearth_api::chat::StopTurn;
use hearth_api::media::{AbortUpload, BeginUpload, FinishUpload};
use hearth_api::provider::ProviderKind;
use hearth_api::{Code, UploadId};
use hearth_tests::home::HomeOptions;
use hearth_tests::model::{FakeLlm, Gate, MODEL, Script};
use hearth_tests::{TestHome, World, pictures, within};
use serde_json::json;
use std::time::Duration;

/// Why the home is not saved now.
async fn why_not(home: &TestHome) -> Option<Code> {
    let saved = home.node().save_before_update(&home.owner().caller()).await;
    let again = home.node().nothing_breaks_off().await;
    let code = saved.err().map(|error| error.code);
    assert_eq!(code, again.err().map(|error| error.code), "asked at both ends");
    let copied = home.dir().join("before-update").exists();
    assert_eq!(copied, code.is_none(), "what is refused saves nothing");
    if copied {
        std::fs::remove_dir_all(home.dir().join("before-update")).unwrap();
    }
    code
}

#[tokio::test]
async fn it_waits_while_anybodys_answer_is_written() {
    let world = World::new();
    let home = world.open(HomeOptions::new("Hill House")).await;
    home.create("Anna").await;
    let ben = home.join("Ben").await;
    let fake = FakeLlm::builder().start_ollama().await;
    ben.use_model(ProviderKind::Ollama, &fake).await;
    let never = Gate::new();
    let word = json!({ "model": MODEL, "created_at": "2026-01-01T00:00:00Z", "done": false,
        "message": { "role": "assistant", "content": "Once upon a time" } });
    fake.server()
        .once("/api/chat", Script::ndjson().line(&word).pause(&never));
    assert_eq!(why_not(&home).await, None);
    let mut listener = ben.listen().await;
    let started = ben.ask(None, "A story").await.unwrap();
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidAnswer));
    ben.ok(StopTurn { chat: started.chat }).await;
    listener.turn(started.turn).await;
    // The turn is put away a moment after it said that it ended.
    within("the end of the turn", async {
        while why_not(&home).await.is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    world.close().await;
}

#[tokio::test]
async fn it_waits_while_anybodys_file_comes_but_not_for_one_that_was_given_up() {
    let world = World::new();
    let home = world.open(HomeOptions::new("Hill House")).await;
    home.create("Anna").await;
    let ben = home.join("Ben").await;
    let photo = pictures::landscape(320, 240, 1);
    let half = photo.len() / 2;
    let begin = async || {
        let id = UploadId(home.seed().uuid());
        let request = BeginUpload {
            id,
            name: "photo.jpg".to_owned(),
            bytes: photo.len() as u64,
        };
        ben.ok(request).await;
        id
    };
    let send = async |id: UploadId, from: usize, to: usize| {
        let piece = Bytes::copy_from_slice(&photo[from..to]);
        let (node, caller) = (home.node(), ben.caller());
        node.upload_chunk(&caller, id, from as u64, piece).await.unwrap();
    };
    // One that comes whole.
    let id = begin().await;
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload));
    send(id, 0, half).await;
    world.clock().advance(Duration::from_secs(299));
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload), "a slow line");
    send(id, half, photo.len()).await;
    world.clock().advance(Duration::from_secs(299));
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload), "not finished");
    ben.ok(FinishUpload { id }).await;
    assert_eq!(why_not(&home).await, None);
    // One that somebody stops, and one of which nothing comes any more.
    let id = begin().await;
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload));
    ben.ok(AbortUpload { id }).await;
    assert_eq!(why_not(&home).await, None);
    let id = begin().await;
    send(id, 0, half).await;
    world.clock().advance(Duration::from_secs(301));
    assert_eq!(why_not(&home).await, None, "its device went away");
    // It goes on all the same when the device is back.
    send(id, half, photo.len()).await;
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload));
    world.close().await;
}

#[tokio::test]
async fn it_waits_while_a_backup_is_handed_over_to_be_restored() {
    let world = World::new();
    let home = world.open(HomeOptions::new("Hill House")).await;
    let anna = home.create("Anna").await;
    let upload = anna.ok(BeginRestore { bytes: 6 }).await;
    let send = async |offset: u64| {
        let piece = SendRestore {
            id: upload.id.clone(),
            offset,
            data: data_encoding::BASE64.encode(b"abc"),
        };
        anna.ok(piece).await;
    };
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload));
    send(0).await;
    world.clock().advance(Duration::from_secs(299));
    assert_eq!(why_not(&home).await, Some(Code::UpdateMidUpload));
    world.clock().advance(Duration::from_secs(2));
    assert_eq!(why_not(&home).await, None, "given up");
    send(3).await;
    assert_eq!(why_not(&home).await, None, "it is there whole");
    world.close().await;
}
