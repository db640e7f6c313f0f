//! Has the program of the first version talk to this one once more, and keeps what was said. By hand, as [`super::by_hand`].

use super::by_hand::{Process, until};
use super::transcript::{self, Transcript};
use super::*;
use hearth_api::feed::{Attach, Audience, DeleteComment, DeletePost, EditPost, ListComments, React, Target};
use hearth_api::homes::{ChangeHome, HomeAction, SetAddresses};
use hearth_api::media::{BeginUpload, FinishUpload, MediaItem};
use hearth_api::ports::Clock as _;
use hearth_api::{MediaHash, UploadId};
use hearth_node::system::SystemClock;
use hearth_tests::home::Way;
use hearth_tests::liar::Liar;
use hearth_tests::recorded::Recorder;
use hearth_tests::signing::Signing;
use hearth_tests::{PASSWORD, Seed, pictures};
use http::Method;
use std::sync::Arc;

impl Process {
    /// Uploads a file as a browser does.
    async fn upload(&self, bytes: &[u8]) -> MediaItem {
        let id = UploadId(self.seed.uuid());
        self.ok(BeginUpload {
            id,
            name: "picture.jpg".to_owned(),
            bytes: bytes.len() as u64,
        })
        .await;
        let client = self.client.as_ref().unwrap();
        let chunk = client.request(Method::PUT, &format!("/upload/{id}?offset=0"), bytes.to_vec());
        let answer = client.send(chunk).await.unwrap();
        assert!(answer.status.is_success(), "{}", answer.text());
        self.ok(FinishUpload { id }).await
    }

    /// A file as its window gets it.
    async fn looks_at(&self, hash: &MediaHash) -> Option<Bytes> {
        let client = self.client.as_ref().unwrap();
        let request = client.request(Method::GET, &format!("/media/{hash}/original"), "");
        let answer = client.send(request).await.unwrap();
        answer.status.is_success().then_some(answer.body)
    }
}

#[tokio::test]
async fn make_the_transcript() {
    let folder = tempfile::tempdir().unwrap();
    for dir in ["hill", "lake"] {
        unpack(&fixture().join(dir), &folder.path().join(dir));
    }
    let said = recorded();
    let post = |name: &str| -> PostId { said["posts"][name].as_str().unwrap().parse().unwrap() };
    let mut hill = Process::found(folder.path().join("hill"), "Anna").await;
    // Operations are never used twice.
    hill.seed = Seed::new("Anna, later");
    let recorder = Arc::new(Recorder::default());
    let world = World::new();
    world.clock().advance_ms(SystemClock.now().0 - world.now().0);
    let now = world.now();
    let options = HomeOptions {
        dir: Some(folder.path().join("lake")),
        way: Some(Way(Arc::clone(&recorder) as Arc<_>)),
        ..HomeOptions::new("Lake House")
    };
    let lake = world.open(options).await;
    let clara = lake.returning("Clara").await;
    let hill_id = lake.read(peer::list_connected).remove(0).home;
    let at = hill.served.as_ref().unwrap().federation.to_string();
    Old::find_at(&lake, &hill_id, at).await;
    let tap = Liar::with(&lake, Signing::with(&lake, &hill_id)).await;

    // What waited at the lake, and where it is now; then the hill brings what waited there.
    clara
        .ok(SetAddresses {
            addresses: vec![tap.address.to_string()],
        })
        .await;
    world.pump().await;
    until("what waited at the hill", async || {
        clara.sees(post("waiting")).await.is_some()
    })
    .await;
    // Pictures, both ways.
    let theirs = transcript::act(&lake, &clara, &said).await;
    world.pump().await;
    until("the picture's post", async || {
        hill.sees(theirs.id).await.is_some()
    })
    .await;
    let seen = hill
        .looks_at(&theirs.media[0].hash)
        .await
        .expect("a picture of the new one");
    assert_eq!(seen, transcript::picture_of_the_lake());
    let taken = hill.upload(&pictures::landscape(48, 36, 7)).await;
    let request = hearth_api::feed::CreatePost {
        op: hill.seed.uuid(),
        audience: Audience::Friends,
        text: "Look at the bench.".to_owned(),
        media: vec![Attach {
            media: taken.hash.clone(),
            alt: "A bench".to_owned(),
            caption: String::new(),
        }],
        comments_on: true,
        draft: None,
    };
    let ours = hill.ok(request).await;
    until("their picture's post", async || {
        clara.sees(ours.id).await.is_some()
    })
    .await;
    assert_eq!(
        transcript::look(&lake, &clara, &taken.hash).await.unwrap().len() as u64,
        taken.bytes
    );
    // What else there was to say then.
    let late = post("late");
    let comment = hill.comment(late, None, "Better than never.").await;
    let second = hill.comment(late, None, "I take that back.").await;
    hill.ok(React {
        target: Target::Post(late),
        emoji: Some("🎉".to_owned()),
    })
    .await;
    let now_there = hill.sees(post("waiting")).await.unwrap();
    hill.ok(EditPost {
        id: now_there.id,
        version: now_there.version,
        text: "Written before the change, and changed.".to_owned(),
        media: Vec::new(),
        audience: Audience::Friends,
    })
    .await;
    until("all of it", async || {
        clara
            .sees(now_there.id)
            .await
            .is_some_and(|post| post.version == 2)
    })
    .await;
    hill.ok(DeleteComment { id: second }).await;
    hill.ok(DeletePost { id: post("bench") }).await;
    until("the deletions", async || {
        clara.sees(post("bench")).await.is_none()
    })
    .await;
    let lines = clara.ok(ListComments { post: late }).await;
    assert!(lines.iter().any(|line| line.id == comment) && lines.iter().all(|line| line.id != second));
    // What that program does not know.
    transcript::ask_the_unknown(&lake, &hill_id).await;
    // It ends the connection.
    hill.ok(ChangeHome {
        home: lake.id(),
        action: HomeAction::Remove,
        password: Some(PASSWORD.to_owned()),
    })
    .await;
    until("the end", async || lake.read(peer::list_connected).is_empty()).await;
    let kept = Transcript {
        now_ms: now.0,
        taken: taken.hash,
        from_old: tap.passed_on(),
        from_new: recorder.heard(),
    };
    for exchange in kept.from_old.iter().chain(&kept.from_new) {
        println!("{} {} {}", exchange.method, exchange.target, exchange.status);
    }
    std::fs::write(
        fixture().join("transcript.json"),
        format!("{}\n", serde_json::to_string_pretty(&kept).unwrap()),
    )
    .unwrap();
    hill.off().await;
}
