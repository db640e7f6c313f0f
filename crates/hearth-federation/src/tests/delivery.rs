//! Delivered at least once, applied exactly once, in order, whatever breaks.

use super::rig::{Fault, TestHome, item_of, two};
use crate::activity::{Activity, SignedActivity};
use crate::ids::Epoch;
use hearth_api::feed::DeliveryState;
use hearth_db::{home, inbox, meta, peer_log};
use serde_json::json;
use uuid::Uuid;

fn texts(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|number| format!("post {number}")).collect()
}

async fn say_all(from: &TestHome, to: &TestHome, range: std::ops::RangeInclusive<u32>) -> Vec<Uuid> {
    from.say_all(&to.id(), range).await
}

#[tokio::test]
async fn everything_arrives_in_order_over_several_batches() {
    let (anna, ben) = two().await;
    let items = say_all(&anna, &ben, 1..=205).await;
    let report = anna.federation().pump().await;
    assert_eq!(
        (report.homes, report.delivered, report.refused),
        (1, 205, 0),
        "{report:?}"
    );
    assert_eq!(ben.got().await, texts(1..=205));
    assert_eq!(anna.waiting_for(&ben.id()).await, 0);
    assert_eq!(anna.way.count(), 3, "a hundred at a time");
    assert_eq!(anna.state_of(items[0]).await, [(DeliveryState::Delivered, None)]);
    let (key, settled) = (format!("settled:{}:{}", ben.id(), items[204]), "Delivered None");
    assert_eq!(
        anna.read(move |tx| meta::get(tx, &key).unwrap()).await.as_deref(),
        Some(settled)
    );
    let again = anna.federation().pump().await;
    assert!(!again.moved(), "{again:?}");
}

#[tokio::test]
async fn large_activities_are_sent_in_batches_that_fit() {
    let (anna, ben) = two().await;
    let long = "x".repeat(180 * 1024);
    for number in 1..=10 {
        anna.say(&ben.id(), number, &format!("{number}{long}")).await;
    }
    assert_eq!(anna.federation().pump().await.delivered, 10);
    assert_eq!(ben.got().await.len(), 10);
    assert!(anna.way.count() > 2);
}

#[tokio::test]
async fn a_lost_acknowledgement_costs_a_repeat_and_nothing_else() {
    let (anna, ben) = two().await;
    let items = say_all(&anna, &ben, 1..=3).await;
    let refused = anna.sign(4, json!({ "text": "no", "refuse": true })).await;
    let refused = anna.append(&ben.id(), &refused).await;
    anna.way.next(Fault::LoseAnswer);
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "connection_lost".to_owned())]);
    assert_eq!(anna.waiting_for(&ben.id()).await, 4);
    let peer = anna.peer(&ben.id()).await;
    assert_eq!(
        (peer.failures, peer.last_error.as_deref()),
        (1, Some("connection_lost"))
    );
    assert!(peer.next_try.is_some());

    let report = anna.federation().pump().await;
    assert_eq!((report.delivered, report.refused), (3, 1), "{report:?}");
    assert_eq!(ben.got().await, texts(1..=3), "exactly once");
    assert_eq!(anna.state_of(items[0]).await, [(DeliveryState::Delivered, None)]);
    let why = Some("not_authorised".to_owned());
    assert_eq!(
        anna.state_of(refused).await,
        [(DeliveryState::Refused, why)],
        "still refused"
    );
    assert_eq!(anna.peer(&ben.id()).await.failures, 0);
}

#[tokio::test]
async fn either_side_restarts_and_all_arrives_once() {
    let (mut anna, mut ben) = two().await;
    say_all(&anna, &ben, 1..=2).await;
    anna.way.next(Fault::LoseAnswer);
    anna.federation().pump().await;
    ben.restart().await;
    anna.restart().await;
    say_all(&anna, &ben, 3..=4).await;
    assert_eq!(anna.federation().pump().await.delivered, 4);
    let there = ben.stop().await;
    say_all(&anna, &ben, 5..=6).await;
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "unreachable".to_owned())]);
    anna.restart().await;
    ben.start_at(there).await;
    assert_eq!(anna.federation().pump().await.delivered, 2);
    assert_eq!(ben.got().await, texts(1..=6));
}

#[tokio::test]
async fn a_refused_one_is_kept_with_its_reason_and_blocks_nothing() {
    let (anna, ben) = two().await;
    anna.say(&ben.id(), 1, "post 1").await;
    let refused = anna.sign(2, json!({ "text": "no", "refuse": true })).await;
    anna.append(&ben.id(), &refused).await;
    anna.say(&ben.id(), 3, "post 2").await;
    let report = anna.federation().pump().await;
    assert_eq!((report.delivered, report.refused), (2, 1));
    assert_eq!(
        ben.got().await,
        texts(1..=2),
        "what the refused one changed was undone"
    );
    let from = anna.id();
    let kept = ben.read(move |tx| inbox::refused(tx, &from, 10).unwrap()).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].jws.as_str(), kept[0].code.as_deref()),
        (refused.jws(), Some("not_authorised"))
    );
}

#[tokio::test]
async fn a_forged_or_unreadable_activity_is_set_aside() {
    let (anna, ben) = two().await;
    let good = anna.sign(1, json!({ "text": "post 1" })).await;
    let mut activity = good.activity().clone();
    activity.id = crate::testing::uuid7(77);
    activity.post = Some(crate::testing::uuid7(76));
    let forged = SignedActivity::by_person(activity, &crate::testing::person(5)).unwrap();
    anna.append(&ben.id(), &forged).await;
    anna.append(&ben.id(), &good).await;
    let garbage = crate::testing::uuid7(78);
    let to = ben.id();
    let now = hearth_api::Timestamp(0);
    anna.write(move |tx| {
        peer_log::put_activity(tx, garbage, "x", "not a jws").unwrap();
        peer_log::append(tx, &to, garbage, None, now).unwrap();
    })
    .await;
    let report = anna.federation().pump().await;
    assert_eq!((report.delivered, report.refused), (1, 2));
    assert_eq!(ben.got().await, texts(1..=1));
    let from = anna.id();
    let kept = ben.read(move |tx| inbox::refused(tx, &from, 10).unwrap()).await;
    let codes: Vec<_> = kept.iter().map(|row| row.code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["invalid_activity", "bad_signature"], "newest first");
    assert_eq!(
        (kept[0].activity, kept[1].activity),
        (None, Some(crate::testing::uuid7(77)))
    );
}

#[tokio::test]
async fn a_storage_failure_in_the_middle_keeps_what_stands_and_asks_for_the_rest() {
    let (anna, ben) = two().await;
    say_all(&anna, &ben, 1..=5).await;
    *ben.rules.fail_at.lock().unwrap() = Some("post 3".into());
    let report = anna.federation().pump().await;
    assert_eq!(
        report.delivered, 5,
        "the rest goes in a second request: {report:?}"
    );
    assert_eq!(ben.got().await, texts(1..=5));

    anna.say(&ben.id(), 6, "post 6").await;
    *ben.rules.fail_at.lock().unwrap() = Some("post 6".into());
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "unavailable".to_owned())]);
    assert_eq!(anna.peer(&ben.id()).await.failures, 1);
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(ben.got().await, texts(1..=6));
}

#[tokio::test]
async fn what_comes_before_its_parent_waits_also_across_a_restart() {
    let (anna, mut ben) = two().await;
    let post = anna.sign(1, json!({ "text": "post" })).await;
    let on = item_of(post.activity().id);
    let mut items = Vec::new();
    for number in 2..=4 {
        let comment = anna
            .sign(number, json!({ "text": format!("comment {number}"), "on": on }))
            .await;
        items.push(anna.append(&ben.id(), &comment).await);
    }
    anna.way.next(Fault::LoseAnswer);
    anna.federation().pump().await;
    assert_eq!(
        anna.federation().pump().await.delivered,
        3,
        "waiting there counts as delivered"
    );
    let there = (DeliveryState::Delivered, Some("waiting_there".to_owned()));
    assert_eq!(anna.state_of(items[0]).await, [there]);
    assert!(ben.got().await.is_empty());
    ben.restart().await;
    anna.append(&ben.id(), &post).await;
    anna.federation().pump().await;
    assert_eq!(ben.got().await, ["post", "comment 2", "comment 3", "comment 4"]);
    let from = anna.id();
    assert_eq!(ben.read(move |tx| inbox::waiting(tx, &from).unwrap()).await, 0);
}

#[tokio::test]
async fn what_waits_for_ever_is_dropped_in_the_end() {
    let (anna, ben) = two().await;
    let comment = anna
        .sign(1, json!({ "text": "comment", "on": Uuid::nil() }))
        .await;
    anna.append(&ben.id(), &comment).await;
    anna.federation().pump().await;
    ben.federation().sweep().await.unwrap();
    let from = anna.id();
    let waiting = move |tx: &hearth_db::ReadTx<'_>| inbox::waiting(tx, &from).unwrap();
    assert_eq!(ben.read(waiting.clone()).await, 1);
    ben.clock.advance_ms(31 * 24 * 60 * 60 * 1000);
    ben.federation().sweep().await.unwrap();
    assert_eq!(ben.read(waiting).await, 0);
}

#[tokio::test]
async fn a_receiver_that_expects_an_earlier_number_is_answered_from_there() {
    let (anna, ben) = two().await;
    say_all(&anna, &ben, 1..=2).await;
    // Anna believes that Ben has twenty already, and what was before is gone.
    anna.change_peer(&ben.id(), |row| row.acked_seq = 20).await;
    assert_eq!(anna.federation().pump().await.delivered, 2);

    let to = ben.id();
    say_all(&anna, &ben, 3..=5).await;
    anna.write(move |tx| peer_log::clear(tx, &to).unwrap()).await;
    say_all(&anna, &ben, 6..=7).await;
    assert_eq!(
        anna.federation().pump().await.delivered,
        2,
        "withdrawn numbers are no gap"
    );
    assert_eq!(ben.got().await, ["post 1", "post 2", "post 6", "post 7"]);

    // Ben was restored from before: he asks for 1, and the rows that are left come.
    ben.change_peer(&anna.id(), |row| row.received_seq = 0).await;
    say_all(&anna, &ben, 8..=8).await;
    let before = anna.way.count();
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(anna.way.count() - before, 2, "one refusal, one answer");
    assert_eq!(ben.peer(&anna.id()).await.received_seq, 8);
}

#[tokio::test]
async fn another_life_of_the_senders_log_counts_anew_and_repeats_change_nothing() {
    let (mut anna, ben) = two().await;
    let first = anna.sign(1, json!({ "text": "post 1" })).await;
    anna.append(&ben.id(), &first).await;
    anna.federation().pump().await;
    let old = anna.epoch();
    let new = Epoch::from_bytes([42; 16]);
    anna.write(move |tx| meta::set(tx, "epoch", &new.to_string()).unwrap())
        .await;
    anna.restart().await;
    assert_ne!(anna.epoch(), old);
    anna.append(&ben.id(), &first).await;
    anna.say(&ben.id(), 2, "post 2").await;
    assert_eq!(anna.federation().pump().await.delivered, 2);
    assert_eq!(ben.got().await, texts(1..=2));
    let known = ben.peer(&anna.id()).await;
    assert_eq!(
        (known.their_epoch, known.received_seq),
        (Some(new.to_string()), 3)
    );
}

#[tokio::test]
async fn an_edit_that_overtakes_its_row_on_the_way_is_sent_too() {
    let (anna, ben) = two().await;
    let old = anna.sign(1, json!({ "text": "draft" })).await;
    let item = anna.append(&ben.id(), &old).await;
    let mut new = anna.sign(2, json!({ "text": "final" })).await.activity().clone();
    new.post = old.activity().post;
    let new = SignedActivity::by_person(new, &crate::testing::person(1)).unwrap();
    let (to, now) = (ben.id(), hearth_api::Timestamp(0));
    // While the old one is on its way, the new one comes.
    let db = anna.db().clone();
    anna.way.next(Fault::Answer(Box::new(move |_| {
        let appended = std::thread::spawn(move || {
            db.write_blocking(move |tx| crate::log::append(tx, &[to], &new, Some(item), now))
        });
        appended.join().unwrap().unwrap();
    })));
    assert_eq!(anna.federation().pump().await.delivered, 2);
    assert_eq!(ben.got().await, ["draft", "final"]);
    assert_eq!(anna.state_of(item).await.len(), 1);
    assert_eq!(anna.waiting_for(&ben.id()).await, 0);
}

/// Another state of a post.
async fn restate(
    home: &TestHome,
    number: u128,
    kind: &str,
    of: &SignedActivity,
    text: &str,
) -> SignedActivity {
    let mut next = home
        .sign(number, json!({ "text": text }))
        .await
        .activity()
        .clone();
    next.kind = kind.to_owned();
    next.post = of.activity().post;
    SignedActivity::by_person(next, &crate::testing::person(1)).unwrap()
}

async fn log_append(home: &TestHome, to: &TestHome, activity: &SignedActivity, item: Option<Uuid>) {
    let (to, activity, now) = (to.id(), activity.clone(), hearth_api::Timestamp(0));
    home.write(move |tx| crate::log::append(tx, &[to], &activity, item, now).unwrap())
        .await;
}

#[tokio::test]
async fn a_home_that_sleeps_hears_the_last_word_only() {
    let (anna, mut ben) = two().await;
    let there = ben.stop().await;
    let first = anna.sign(1, json!({ "text": "edit 0" })).await;
    let item = anna.append(&ben.id(), &first).await;
    anna.say(&ben.id(), 50, "between").await;
    for number in 2..=10 {
        // It is tried in between, and nothing can have arrived.
        anna.federation().pump().await;
        let edit = restate(&anna, number, "post.put", &first, &format!("edit {number}")).await;
        log_append(&anna, &ben, &edit, Some(item)).await;
    }
    assert_eq!(anna.waiting_for(&ben.id()).await, 2, "one for each post");
    ben.start_at(there).await;
    assert_eq!(anna.federation().pump().await.delivered, 2);
    assert_eq!(ben.got().await, ["edit 10", "between"], "in its place");
    assert_eq!(anna.state_of(item).await, [(DeliveryState::Delivered, None)]);
}

#[tokio::test]
async fn what_was_never_sent_and_is_deleted_leaves_no_row() {
    let (anna, mut ben) = two().await;
    let there = ben.stop().await;
    let (first, second) = (
        anna.sign(1, json!({ "text": "post 1" })).await,
        anna.sign(2, json!({ "text": "post 2" })).await,
    );
    anna.append(&ben.id(), &first).await;
    anna.federation().pump().await;
    let gone = restate(&anna, 3, "post.delete", &first, "deletion 1").await;
    log_append(&anna, &ben, &gone, None).await;
    assert_eq!(anna.waiting_for(&ben.id()).await, 0);
    // This one may have arrived: its answer was lost.
    ben.start_at(there).await;
    anna.append(&ben.id(), &second).await;
    anna.way.next(Fault::LoseAnswer);
    anna.federation().pump().await;
    let gone = restate(&anna, 4, "post.delete", &second, "deletion 2").await;
    log_append(&anna, &ben, &gone, None).await;
    anna.federation().pump().await;
    assert_eq!(ben.got().await, ["post 2", "deletion 2"]);
    assert_eq!(anna.waiting_for(&ben.id()).await, 0);
}

#[tokio::test]
async fn nothing_goes_to_or_comes_from_a_blocked_home() {
    let (anna, ben) = two().await;
    anna.say(&ben.id(), 1, "post 1").await;
    let from = anna.id();
    ben.write(move |tx| home::set_state(tx, &from, home::HomeRowState::Blocked).unwrap())
        .await;
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "not_connected".to_owned())]);
    ben.say(&anna.id(), 1, "post 2").await;
    assert_eq!(ben.federation().pump().await.homes, 0);
    assert!(ben.got().await.is_empty() && anna.got().await.is_empty());
    let from = anna.id();
    ben.write(move |tx| home::set_state(tx, &from, home::HomeRowState::Connected).unwrap())
        .await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
}

#[tokio::test]
async fn a_goodbye_ends_the_connection_and_what_follows_it_is_not_taken() {
    let (anna, ben) = two().await;
    let key = anna.key();
    let at = crate::hlc::Hlc::at(1);
    let goodbye = Activity::new(
        crate::testing::uuid7(500),
        "node.remove",
        Uuid::nil(),
        key.id(),
        at,
        json!(null),
    );
    let goodbye = SignedActivity::by_node(goodbye, &key).unwrap();
    anna.say(&ben.id(), 1, "post 1").await;
    anna.append(&ben.id(), &goodbye).await;
    anna.say(&ben.id(), 2, "post 2").await;
    let report = anna.federation().pump().await;
    assert_eq!(report.delivered, 2);
    assert_eq!(report.failed, [(ben.id(), "not_connected".to_owned())]);
    assert_eq!(ben.got().await, texts(1..=1));
    let id = anna.id();
    let state = ben
        .read(move |tx| home::get(tx, &id).unwrap().unwrap().state)
        .await;
    assert_eq!(state, home::HomeRowState::Removed);
}
