//! What became of what had to wait: told whichever side can call, heard once, and believed only of what waits there.

use super::rig::{Fault, TestHome, code_of, item_of, pair, two};
use crate::activity::SignedActivity;
use crate::delivery::{Standing, Told, Words};
use crate::encoding::base64url;
use crate::listener::LATER_PATH;
use crate::reception::{Batch, Entry, WireVerdict};
use bytes::Bytes;
use hearth_api::HomeId;
use hearth_api::feed::DeliveryState;
use hearth_api::ports::Clock as _;
use hearth_db::later;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const NOWHERE: &str = "127.0.0.1:1";

fn there() -> Vec<(DeliveryState, Option<String>)> {
    vec![(DeliveryState::Delivered, Some("waiting_there".to_owned()))]
}

fn arrived() -> Vec<(DeliveryState, Option<String>)> {
    vec![(DeliveryState::Delivered, None)]
}

fn refused(code: &str) -> Vec<(DeliveryState, Option<String>)> {
    vec![(DeliveryState::Refused, Some(code.to_owned()))]
}

async fn left(at: &TestHome, of: &HomeId) -> u64 {
    let of = of.clone();
    at.read(move |tx| later::count(tx, &of).unwrap()).await
}

/// Something of Anna's that waits at Ben's for something that does not come yet, and that.
async fn waits(anna: &TestHome, ben: &TestHome, object: Value) -> (SignedActivity, SignedActivity) {
    let post = anna.sign(1, json!({ "text": "post" })).await;
    let mut said = json!({ "text": "comment", "on": item_of(post.activity().id) });
    for (name, value) in object.as_object().unwrap() {
        said[name] = value.clone();
    }
    let comment = anna.sign(2, said).await;
    let item = anna.append(&ben.id(), &comment).await;
    anna.federation().pump().await;
    assert_eq!(anna.state_of(item).await, there());
    (comment, post)
}

/// What it waited for comes to Ben's, and Anna's home asks nothing meanwhile.
async fn comes(anna: &TestHome, ben: &TestHome, post: &SignedActivity) {
    let seq = ben.peer(&anna.id()).await.received_seq + 1;
    let batch = Batch {
        epoch: anna.epoch(),
        run: Some(anna.federation().lives().run.clone()),
        from: seq,
        activities: vec![Entry {
            seq,
            jws: post.jws().to_owned(),
        }],
    };
    let receipt = ben.federation().receive_batch(&anna.id(), batch, false).await;
    assert_eq!(receipt.unwrap().results[0].verdict, WireVerdict::Applied);
}

fn item(of: &SignedActivity) -> Uuid {
    item_of(of.activity().id)
}

/// What one home says to another by hand.
async fn says(from: &TestHome, to: &TestHome, said: &Value) -> Response<Bytes> {
    let request = from.request(to, said.to_string().as_bytes(), |draft| {
        draft.target = LATER_PATH.to_owned();
        draft.content_type = "application/json";
    });
    from.send(to, request).await
}

fn word(id: u64, of: &SignedActivity, verdict: &str, code: Option<&str>) -> Value {
    let digest: [u8; 32] = Sha256::digest(of.jws().as_bytes()).into();
    let mut word = json!({ "id": id, "activity": base64url(&digest), "verdict": verdict });
    if let Some(code) = code {
        word["code"] = json!(code);
    }
    word
}

#[tokio::test]
async fn what_was_applied_or_refused_later_shows_where_it_was_written() {
    for (object, expected) in [
        (json!({}), arrived()),
        (json!({ "refuse_then": true }), refused("comments_off")),
    ] {
        let (anna, ben) = two().await;
        let (comment, post) = waits(&anna, &ben, object).await;
        comes(&anna, &ben, &post).await;
        assert_eq!(anna.state_of(item(&comment)).await, there(), "not told yet");
        assert_eq!(left(&ben, &anna.id()).await, 1);
        ben.federation().pump().await;
        assert_eq!(anna.state_of(item(&comment)).await, expected);
        assert_eq!(left(&ben, &anna.id()).await, 0, "heard");
        let before = ben.way.count();
        ben.federation().pump().await;
        assert_eq!(ben.way.count(), before, "nothing is left to tell");
    }
}

#[tokio::test]
async fn whoever_brings_what_was_missing_hears_the_rest_in_the_same_round() {
    let (anna, ben) = two().await;
    let (comment, post) = waits(&anna, &ben, json!({})).await;
    anna.append(&ben.id(), &post).await;
    anna.federation().pump().await;
    assert_eq!(anna.state_of(item(&comment)).await, arrived());
    assert_eq!(left(&ben, &anna.id()).await, 0);
}

#[tokio::test]
async fn one_way_is_enough_whichever_it_is() {
    for ben_can_call in [true, false] {
        let (anna, ben) = two().await;
        let (comment, post) = waits(&anna, &ben, json!({})).await;
        comes(&anna, &ben, &post).await;
        let (mute, other) = if ben_can_call {
            (&anna, &ben)
        } else {
            (&ben, &anna)
        };
        mute.change_peer(&other.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
            .await;
        if ben_can_call {
            ben.federation().pump().await;
        } else {
            anna.federation().ping(&ben.id()).await.unwrap();
            anna.federation().pump().await;
        }
        assert_eq!(anna.state_of(item(&comment)).await, arrived());
        assert_eq!(left(&ben, &anna.id()).await, 0);
    }
}

#[tokio::test]
async fn a_word_is_told_until_it_was_heard_also_across_a_restart() {
    let (anna, mut ben) = two().await;
    let (comment, post) = waits(&anna, &ben, json!({ "refuse_then": true })).await;
    comes(&anna, &ben, &post).await;
    ben.way.next(Fault::LoseAnswer);
    ben.federation().pump().await;
    assert_eq!(
        left(&ben, &anna.id()).await,
        1,
        "he does not know that it was heard"
    );
    assert_eq!(anna.state_of(item(&comment)).await, refused("comments_off"));
    // Written anew meanwhile and taken: the old word comes again and says nothing about that.
    let again = anna.sign(3, json!({ "text": "comment again" })).await;
    let item = item(&comment);
    let (to, said, now) = (ben.id(), again.clone(), anna.clock.now());
    anna.write(move |tx| crate::log::append(tx, &[to], &said, Some(item), now).unwrap())
        .await;
    anna.federation().pump().await;
    ben.restart().await;
    ben.federation().pump().await;
    assert_eq!(anna.state_of(item).await, arrived());
    assert_eq!(left(&ben, &anna.id()).await, 0);
}

#[tokio::test]
async fn what_waited_for_too_long_is_told_to_be_gone() {
    let (anna, ben) = two().await;
    let (comment, _) = waits(&anna, &ben, json!({})).await;
    for home in [&anna, &ben] {
        home.clock.advance_ms(31 * 24 * 60 * 60 * 1000);
    }
    ben.federation().sweep().await.unwrap();
    ben.federation().sweep().await.unwrap();
    assert_eq!(left(&ben, &anna.id()).await, 1);
    ben.federation().pump().await;
    assert_eq!(anna.state_of(item(&comment)).await, refused("waited_too_long"));
    ben.clock.advance_ms(31 * 24 * 60 * 60 * 1000);
    ben.federation().sweep().await.unwrap();
    assert_eq!(left(&ben, &anna.id()).await, 0);
}

#[tokio::test]
async fn a_word_that_comes_before_its_own_answer_is_kept_for_it() {
    let (anna, ben) = two().await;
    let comment = anna
        .sign(2, json!({ "text": "comment", "on": Uuid::from_u128(5) }))
        .await;
    let item = anna.append(&ben.id(), &comment).await;
    let said = json!({ "epoch": ben.epoch(), "words": [word(1, &comment, "applied", None)] });
    assert_eq!(says(&ben, &anna, &said).await.status(), StatusCode::OK);
    assert_eq!(anna.state_of(item).await[0].0, DeliveryState::Waiting);
    anna.federation().pump().await;
    assert_eq!(anna.state_of(item).await, arrived());
}

#[tokio::test]
async fn a_word_changes_nothing_but_what_waits_at_that_very_home() {
    let (anna, ben) = two().await;
    let carol = TestHome::new(3).await;
    pair(&anna, &carol).await;
    let plain = anna.sign(7, json!({ "text": "plain" })).await;
    anna.append(&ben.id(), &plain).await;
    let (comment, post) = waits(&anna, &ben, json!({})).await;
    let never = ben.sign(8, json!({ "text": "never sent" })).await;
    let no = Some("not_authorised");
    // Carol speaks of what waits at Ben's, and of what came there.
    let said = json!({ "epoch": carol.epoch(), "words": [
        word(1, &comment, "refused", no), word(2, &plain, "refused", no), word(3, &never, "applied", None)] });
    assert_eq!(says(&carol, &anna, &said).await.status(), StatusCode::OK);
    // Ben speaks of what has arrived, of what is nothing, and of what is not decided.
    let said = json!({ "epoch": ben.epoch(), "words": [
        word(1, &plain, "refused", no), word(2, &never, "refused", no), word(3, &comment, "waiting", None),
        word(4, &comment, "postponed", None)] });
    assert_eq!(says(&ben, &anna, &said).await.status(), StatusCode::OK);
    assert_eq!(anna.state_of(item(&plain)).await, arrived());
    assert_eq!(anna.state_of(item(&comment)).await, there());
    // Numbers that were heard are not heard again, but those of another life are.
    let said = json!({ "epoch": ben.epoch(), "words": [word(4, &comment, "refused", no)] });
    assert_eq!(says(&ben, &anna, &said).await.status(), StatusCode::OK);
    assert_eq!(anna.state_of(item(&comment)).await, there());
    for (wrong, code) in [
        (json!({}), "malformed"),
        (json!({ "epoch": "now", "words": [] }), "malformed"),
        (
            json!({ "epoch": ben.epoch(), "words": [{ "id": 5 }] }),
            "malformed",
        ),
        (
            json!({ "epoch": ben.epoch(), "words": [word(6, &comment, "applied", None), word(5, &comment, "applied", None)] }),
            "malformed",
        ),
        (
            json!({ "epoch": ben.epoch(), "words": vec![word(6, &comment, "applied", None); 101] }),
            "too_large",
        ),
    ] {
        assert_eq!(code_of(&says(&ben, &anna, &wrong).await), code, "{wrong}");
    }
    assert_eq!(anna.state_of(item(&comment)).await, there());
    // Somebody who says to have heard what was not said yet makes nothing be forgotten of another life.
    comes(&anna, &ben, &post).await;
    let other = crate::ids::Epoch::from_bytes([9; 16]);
    let said = json!({ "epoch": anna.epoch(), "words": [], "heard": { "epoch": other, "id": 99 } });
    let answer = says(&anna, &ben, &said).await;
    let words = Words::read(answer.body()).unwrap();
    assert_eq!(words.words.len(), 1);
    assert_eq!(left(&ben, &anna.id()).await, 1);
}

#[tokio::test]
async fn what_there_is_to_hear_is_said_beside_an_answer() {
    let (anna, ben) = two().await;
    let ping = async || {
        let answer = anna.send(&ben, anna.request(&ben, &[], |_| {})).await;
        let told: Told<Value> = serde_json::from_slice(answer.body()).unwrap();
        let Standing { later, .. } = told.standing;
        later
    };
    assert_eq!(ping().await, None);
    let (_, post) = waits(&anna, &ben, json!({})).await;
    comes(&anna, &ben, &post).await;
    assert_eq!(ping().await, Some(1));
    anna.federation().ping(&ben.id()).await.unwrap();
    anna.federation().pump().await;
    assert_eq!(ping().await, None);
}
