//! Between homes of which one cannot be called: which life the other is, and what counts of what it offers.

use super::rig::{TestHome, code_of, two};
use crate::ids::Epoch;
use crate::listener::{ACK_PATH, GIVE_PATH, OFFER_PATH};
use crate::reconcile::CONTENT_TYPE;
use bytes::Bytes;
use hearth_db::reconcile::{self, Phase, ReconcileRow, Restored};
use http::{Response, StatusCode};
use serde_json::{Value, json};

fn packed(value: &Value) -> Vec<u8> {
    zstd::bulk::compress(value.to_string().as_bytes(), 3).unwrap()
}

fn unpacked(answer: &Response<Bytes>) -> Value {
    let json = zstd::bulk::decompress(answer.body(), 1 << 20).unwrap();
    serde_json::from_slice(&json).unwrap()
}

pub(super) async fn say(from: &TestHome, to: &TestHome, path: &str, value: &Value) -> Response<Bytes> {
    let request = from.request(to, &packed(value), |draft| {
        draft.target = path.to_owned();
        draft.content_type = CONTENT_TYPE;
    });
    from.send(to, request).await
}

pub(super) async fn refuse(from: &TestHome, to: &TestHome, epoch: Epoch, code: &str) -> StatusCode {
    let said = json!({ "epoch": epoch, "ack": 0, "results": [], "refused": code });
    let request = from.request(to, said.to_string().as_bytes(), |draft| {
        draft.target = ACK_PATH.to_owned();
        draft.content_type = "application/json";
    });
    from.send(to, request).await.status()
}

#[tokio::test]
async fn an_empty_log_tells_which_life_it_is_of() {
    let (anna, ben) = two().await;
    assert_eq!(anna.federation().pull().await, (0, Vec::new()));
    let of = ben.id();
    let known = anna
        .read(move |tx| reconcile::life(tx, &of).unwrap())
        .await
        .unwrap();
    assert_eq!(known.epoch, ben.epoch().to_string());
    ben.federation().begin_new_epoch().await.unwrap();
    assert_eq!(anna.federation().pull().await, (0, Vec::new()));
    let of = ben.id();
    let begun = anna
        .read(move |tx| reconcile::get(tx, &of).unwrap())
        .await
        .unwrap();
    assert_eq!((begun.restored, begun.phase), (Restored::There, Phase::Fetch));
}

#[tokio::test]
async fn who_fetches_more_than_there_is_makes_a_home_begin_a_new_life() {
    let (anna, ben) = two().await;
    let before = ben.epoch_for(&anna.id()).await;
    let poll = |after: u64, epoch: Epoch| {
        anna.request(&ben, &[], |draft| {
            draft.target = format!("{}?epoch={epoch}&after={after}", crate::listener::OUTBOX_PATH);
        })
    };
    assert_eq!(anna.send(&ben, poll(0, before)).await.status(), StatusCode::OK);
    assert_eq!(ben.epoch_for(&anna.id()).await, before);
    assert_eq!(anna.send(&ben, poll(7, before)).await.status(), StatusCode::OK);
    let second = ben.epoch_for(&anna.id()).await;
    assert_ne!(second, before);
    assert_eq!(anna.send(&ben, poll(7, second)).await.status(), StatusCode::OK);
    assert_eq!(
        ben.epoch_for(&anna.id()).await,
        second,
        "once an hour on the word of one home"
    );
}

#[tokio::test]
async fn a_home_that_is_told_that_it_is_older_begins_a_new_life() {
    let (anna, ben) = two().await;
    let before = ben.epoch_for(&anna.id()).await;
    assert_eq!(refuse(&anna, &ben, before, "surprising").await, StatusCode::OK);
    assert_eq!(refuse(&anna, &ben, before, "cloned").await, StatusCode::OK);
    assert_eq!(ben.epoch_for(&anna.id()).await, before);
    assert_eq!(ben.peer(&anna.id()).await.last_error.as_deref(), Some("cloned"));
    let other = Epoch::from_bytes([9; 16]);
    assert_eq!(
        refuse(&anna, &ben, other, "epoch_changed").await,
        StatusCode::CONFLICT
    );
    assert_eq!(
        ben.epoch_for(&anna.id()).await,
        before,
        "it is said of another life"
    );
    assert_eq!(refuse(&anna, &ben, before, "epoch_changed").await, StatusCode::OK);
    assert_ne!(ben.epoch_for(&anna.id()).await, before);
}

#[tokio::test]
async fn what_is_offered_or_given_counts_only_while_homes_compare_and_at_its_place() {
    let (anna, ben) = two().await;
    let thing = crate::testing::uuid7(5);
    let at = "018bcfe56800-0000-8a88e3dd7409";
    let page = json!([{ "slot": thing, "at": at, "kind": "post.put" }]);
    let offer = json!({ "epoch": anna.epoch(), "things": page, "more": false });
    let give = json!({ "epoch": anna.epoch(), "last": true, "slots": [thing], "activities": ["a.b.c"] });
    for (path, said) in [(OFFER_PATH, &offer), (GIVE_PATH, &give)] {
        assert_eq!(
            unpacked(&say(&anna, &ben, path, said).await),
            json!({ "open": false })
        );
    }
    let (of, now) = (anna.id(), hearth_api::Timestamp(super::rig::NOON));
    ben.write(move |tx| reconcile::put(tx, &ReconcileRow::begin(of, Restored::Here, now)).unwrap())
        .await;
    let wanted = unpacked(&say(&anna, &ben, OFFER_PATH, &offer).await);
    assert_eq!(wanted, json!({ "open": true, "wanted": [thing] }));
    let elsewhere = json!({ "epoch": anna.epoch(), "after": thing, "things": [], "more": false });
    let answer = unpacked(&say(&anna, &ben, OFFER_PATH, &elsewhere).await);
    assert_eq!(answer, json!({ "open": true }), "the place stays");
    // What cannot be read is set aside, and comparing goes on.
    let answer = unpacked(&say(&anna, &ben, GIVE_PATH, &give).await);
    assert_eq!(answer, json!({ "open": true }));
    let of = anna.id();
    let row = ben
        .read(move |tx| reconcile::get(tx, &of).unwrap().unwrap())
        .await;
    assert_eq!((row.phase, row.aside, row.news), (Phase::Give, 1, 0));
    // Whoever still fetches is not given anything yet.
    let early = json!({ "epoch": anna.epoch(), "things": page, "more": false, "fetching": true });
    assert_eq!(
        code_of(&say(&anna, &ben, OFFER_PATH, &early).await),
        "unavailable"
    );
    let answer = unpacked(&say(&anna, &ben, OFFER_PATH, &offer).await);
    assert_eq!(answer, json!({ "open": false }));
}

#[tokio::test]
async fn offers_that_make_no_sense_are_refused() {
    let (anna, ben) = two().await;
    let thing = crate::testing::uuid7(5);
    let page = json!([{ "slot": thing, "at": "018bcfe56800-0000-8a88e3dd7409", "kind": "post.put" }]);
    for (path, said) in [
        (OFFER_PATH, json!({})),
        (
            OFFER_PATH,
            json!({ "epoch": anna.epoch(), "after": thing, "things": page, "more": false }),
        ),
        (
            GIVE_PATH,
            json!({ "epoch": anna.epoch(), "last": true, "slots": [], "activities": [] }),
        ),
        (
            GIVE_PATH,
            json!({ "epoch": anna.epoch(), "last": true, "slots": [thing], "activities": ["a", "b"] }),
        ),
    ] {
        assert_eq!(
            code_of(&say(&anna, &ben, path, &said).await),
            "malformed",
            "{said}"
        );
    }
}
