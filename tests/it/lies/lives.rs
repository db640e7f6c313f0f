//! A home that says again and again that it was restored.

use super::*;
use hearth_api::feed::Feed;
use hearth_api::notify::{MarkRead, NotificationType};
use hearth_federation::ids::{Epoch, RunId};
use hearth_federation::reconcile::Run;
use hearth_tests::wire::{INBOX, INBOX_TYPE};
use std::collections::BTreeMap;

const DIGEST: &str = "/federation/v1/digest";
const COMPARING: &str = "application/vnd.hearth.digest+zstd";

/// Tells the hill lives of the lake, one after the other, and how many of each answer came.
async fn tells(wire: &Wire, lives: std::ops::Range<u8>) -> BTreeMap<u16, usize> {
    let mut answers = BTreeMap::new();
    for n in lives {
        let said = json!({
            "epoch": Epoch::from_bytes([n; 16]), "run": {"id": Epoch::from_bytes([n; 16]), "starts": 1}, "after": null, "limit": 1,
        });
        let body = zstd::bulk::compress(said.to_string().as_bytes(), 1).unwrap();
        let answer = wire.send(&wire.posted(DIGEST, COMPARING, &body)).await;
        *answers.entry(answer.status().as_u16()).or_default() += 1;
    }
    answers
}

fn count(wire: &Wire, table: &str) -> usize {
    wire.hill.read(hearth_db::meta::contents)[table].len()
}

#[tokio::test]
async fn a_hundred_and_fifty_lives_leave_one_line_and_one_comparing() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    wire.world.leaves_rows_waiting();
    cast.anna.ok(MarkRead::default()).await;
    let lines = count(wire, "notification_line");
    assert_eq!(tells(wire, 1..151).await, BTreeMap::from([(200, 1), (503, 149)]));
    assert_eq!(count(wire, "notification_line") - lines, 1);
    assert_eq!(count(wire, "reconcile"), 1);
    let restored = wire.hill.sees_home(&wire.lake).await.unwrap().restored.unwrap();
    assert!(!restored.here && !restored.done);

    // An hour of it: one life in ten minutes is heard, and what was said before is said once.
    for hour in 0..6 {
        wire.world.clock().advance(Duration::from_secs(10 * 60));
        let lives = 151 + hour * 10..161 + hour * 10;
        assert_eq!(tells(wire, lives).await, BTreeMap::from([(200, 1), (503, 9)]));
    }
    assert_eq!(count(wire, "notification_line") - lines, 1);
    let told = cast.anna.notifications().await;
    let told = told
        .iter()
        .filter(|n| n.kind == NotificationType::NodeChanged && !n.read);
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn numbers_that_were_heard_before_with_what_never_was_are_another_copy_of_the_home() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    wire.world.leaves_rows_waiting();
    let said = |text: &str| cast.says(&cast.clara, "post.put", cast.id(), cast.post_object(text));
    let first = wire.batch(&[&said("One copy said")]);
    wire.deliver(&first).await;
    let again = wire.deliver(&first).await;
    assert_eq!(again.ack, first.from, "the same once more is the same");
    // Another copy: the same number, something else. It is taken all the same, and that copy has to begin a life of its own.
    let mut other = first.clone();
    other.activities[0].jws = said("Another said");
    other.run = Some(Run {
        id: RunId::from_bytes([9; 16]),
        starts: 1_000_000,
        before: None,
    });
    let body = other.encode().unwrap();
    let answer = wire.send(&wire.posted(INBOX, INBOX_TYPE, &body)).await;
    let problem: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(problem["code"], "epoch_changed");
    let feed = cast.anna.feed(Feed::Home).await;
    for text in ["One copy said", "Another said"] {
        assert!(feed.iter().any(|shown| shown == text), "{text}: {feed:?}");
    }
}
