//! Copies of a home that said something under the numbers of its log: nothing of that counts for the home itself.

use super::pull::{acknowledge, one_way, poll, texts};
use super::rig::{NOON, TestHome, code_of, two};
use crate::ids::RunId;
use hearth_api::Timestamp;
use hearth_api::feed::DeliveryState;
use hearth_db::reconcile::{self, Phase, Restored};
use http::StatusCode;
use serde_json::json;

/// Some run that Ben's home never was.
const COPY: RunId = RunId::from_bytes([77; 16]);

/// Anna's home has heard so much of Ben's log from that run.
async fn heard(anna: &TestHome, ben: &TestHome, run: RunId, seq: u64) {
    let epoch = ben.epoch_for(&anna.id()).await.to_string();
    anna.change_peer(&ben.id(), move |row| {
        row.their_epoch = Some(epoch);
        row.received_seq = seq;
        row.received_run = Some(run.to_string());
    })
    .await;
}

#[tokio::test]
async fn what_only_a_copy_brought_is_not_delivered_by_the_original() {
    let (anna, ben) = one_way().await;
    let items = ben.say_all(&anna.id(), 1..=3).await;
    // The original has offered all three, and its answer was lost; a copy of it has brought something else meanwhile.
    let lost = anna.send(&ben, poll(&anna, &ben, "after=0&wait=0")).await;
    assert_eq!(lost.status(), StatusCode::OK);
    heard(&anna, &ben, COPY, 3).await;
    let before = ben.epoch();
    // Only what is asked counts, whatever becomes of the answer.
    let epoch = ben.epoch_for(&anna.id()).await;
    let asked = format!("epoch={epoch}&run={COPY}&after=3&wait=0");
    anna.send(&ben, poll(&anna, &ben, &asked)).await;
    for item in &items {
        assert_eq!(ben.state_of(*item).await, [(DeliveryState::Waiting, None)]);
    }
    assert_ne!(ben.epoch_for(&anna.id()).await, epoch, "the two compare");
    assert_eq!(ben.epoch(), before);
    assert_eq!(anna.federation().pull().await, (3, Vec::new()));
    assert_eq!(anna.got().await, texts(1..=3));
    for item in &items {
        assert_eq!(ben.state_of(*item).await, [(DeliveryState::Delivered, None)]);
    }
}

#[tokio::test]
async fn what_was_fetched_from_a_copy_is_not_acknowledged_to_the_original() {
    let (anna, ben) = one_way().await;
    let items = ben.say_all(&anna.id(), 1..=2).await;
    anna.send(&ben, poll(&anna, &ben, "after=0&wait=0")).await;
    let results = json!([{ "seq": 1, "verdict": "applied" }, { "seq": 2, "verdict": "applied" }]);
    let said = json!({ "epoch": ben.epoch(), "run": COPY, "ack": 2, "results": results });
    let answer = anna.send(&ben, acknowledge(&anna, &ben, &said)).await;
    assert_eq!(code_of(&answer), "epoch_changed");
    assert_eq!(ben.state_of(items[1]).await, [(DeliveryState::Waiting, None)]);
    let own = ben.federation().lives().run.id;
    let said = json!({ "epoch": ben.epoch(), "run": own, "ack": 2, "results": results });
    let answer = anna.send(&ben, acknowledge(&anna, &ben, &said)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(ben.state_of(items[1]).await, [(DeliveryState::Delivered, None)]);
}

#[tokio::test]
async fn an_earlier_run_can_have_brought_no_more_than_what_had_left_then() {
    let (anna, mut ben) = one_way().await;
    ben.say_all(&anna.id(), 1..=2).await;
    anna.send(&ben, poll(&anna, &ben, "after=0&wait=0")).await;
    let earlier = ben.federation().lives().run.id;
    ben.restart().await;
    // A copy was made while that run went on, which has sent its third since; this one has offered another third.
    let third = ben.say(&anna.id(), 3, "post 3").await;
    anna.send(&ben, poll(&anna, &ben, "after=0&wait=0")).await;
    let asked = format!("epoch={}&run={earlier}&after=3&wait=0", ben.epoch());
    anna.send(&ben, poll(&anna, &ben, &asked)).await;
    assert_eq!(ben.waiting_for(&anna.id()).await, 1, "two had left");
    assert_eq!(ben.state_of(third).await, [(DeliveryState::Waiting, None)]);
}

#[tokio::test]
async fn a_home_that_knows_of_no_runs_is_believed_as_before() {
    let (anna, ben) = one_way().await;
    ben.say_all(&anna.id(), 1..=2).await;
    anna.send(&ben, poll(&anna, &ben, "after=0&wait=0")).await;
    let asked = format!("epoch={}&after=2&wait=0", ben.epoch());
    anna.send(&ben, poll(&anna, &ben, &asked)).await;
    assert_eq!(ben.waiting_for(&anna.id()).await, 0);
}

#[tokio::test]
async fn the_run_that_something_came_from_is_remembered_and_told() {
    let (mut anna, mut ben) = one_way().await;
    ben.say_all(&anna.id(), 1..=2).await;
    anna.federation().pull().await;
    let first = ben.federation().lives().run.id.to_string();
    assert_eq!(anna.peer(&ben.id()).await.received_run, Some(first.clone()));
    // Both start again and go on; nothing is compared and nothing comes twice.
    ben.restart().await;
    anna.restart().await;
    ben.say(&anna.id(), 3, "post 3").await;
    assert_eq!(anna.federation().pull().await, (1, Vec::new()));
    let second = ben.federation().lives().run.clone();
    assert_eq!(second.before.as_deref().unwrap()[0].to_string(), first);
    assert_eq!(
        anna.peer(&ben.id()).await.received_run,
        Some(second.id.to_string())
    );
    assert_eq!(ben.waiting_for(&anna.id()).await, 0);
}

#[tokio::test]
async fn a_home_that_only_fetches_and_has_lost_what_it_took_is_noticed_and_compares() {
    let (anna, ben) = one_way().await;
    ben.say_all(&anna.id(), 1..=3).await;
    assert!(!ben.federation().pump().await.moved(), "he cannot call her");
    assert_eq!(anna.federation().pull().await, (3, Vec::new()));
    let comparing = async |home: &TestHome, with: &TestHome| {
        let with = with.id();
        home.read(move |tx| reconcile::get(tx, &with).unwrap()).await
    };
    assert_eq!(anna.federation().pull().await, (0, Vec::new()));
    assert!(comparing(&ben, &anna).await.is_none() && comparing(&anna, &ben).await.is_none());
    // Her database is put back to after the first: she has nothing to bring, and says what she has.
    anna.change_peer(&ben.id(), |row| row.received_seq = 1).await;
    anna.federation().pull().await;
    assert_eq!(comparing(&ben, &anna).await.unwrap().restored, Restored::There);
    assert_eq!(ben.peer(&anna.id()).await.acked_seq, 1);
    let here = comparing(&anna, &ben).await.unwrap();
    assert_eq!((here.restored, here.phase), (Restored::Here, Phase::Fetch));
    // Once: when both have compared, nothing is left to notice.
    let (of_anna, of_ben) = (anna.id(), ben.id());
    for (home, with) in [(&ben, of_anna), (&anna, of_ben)] {
        home.write(move |tx| {
            let mut row = reconcile::get(tx, &with).unwrap().unwrap();
            row.phase = Phase::Done;
            reconcile::put(tx, &row).unwrap();
        })
        .await;
    }
    for home in [&anna, &ben] {
        home.clock.advance_ms(60 * 60 * 1000);
    }
    anna.federation().pull().await;
    assert_eq!(comparing(&ben, &anna).await.unwrap().phase, Phase::Done);
    assert_eq!(comparing(&anna, &ben).await.unwrap().phase, Phase::Done);
}

#[tokio::test]
async fn copies_whose_clock_is_behind_their_last_stamp_do_not_give_the_same_ones() {
    let (mut anna, _ben) = two().await;
    let next = async |home: &TestHome, ms: i64| {
        let node = home.key().id();
        home.write(move |tx| crate::log::stamp(tx, &node, Timestamp(NOON + ms)).unwrap())
            .await
    };
    let ahead = next(&anna, 60_000).await;
    let counted = next(&anna, 0).await;
    anna.restart().await;
    let left_out = next(&anna, 0).await;
    assert!(left_out > counted && counted > ahead);
    assert_eq!(left_out.unix_ms(), ahead.unix_ms());
    // Two more than one after the other, at least.
    let mut clock = crate::hlc::HlcClock::new(&anna.key().id(), counted);
    assert!(left_out > clock.tick(0));
    // A clock that is right needs none of it.
    anna.clock.advance_ms(120_000);
    anna.restart().await;
    let right = next(&anna, 120_000).await;
    assert!(right.to_string().contains("-0000-"), "{right}");
}
