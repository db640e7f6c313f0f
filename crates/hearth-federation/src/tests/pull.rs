//! Fetching from a home that cannot reach this one: what it holds, what comes meanwhile, and telling what became of it.

use super::rig::{Fault, TestHome, code_of, in_time, pair, two};
use crate::delivery::{Standing, Told};
use crate::listener::{ACK_PATH, ListenerLimits, OUTBOX_PATH};
use crate::reception::{Batch, Receipt};
use bytes::Bytes;
use hearth_api::feed::DeliveryState;
use hearth_db::untold;
use http::{Method, Request, StatusCode};
use serde_json::json;
use tokio::task::JoinHandle;

/// Where nobody listens.
const NOWHERE: &str = "127.0.0.1:1";

/// Two homes of which only Anna can reach the other.
pub(super) async fn one_way() -> (TestHome, TestHome) {
    let (anna, ben) = two().await;
    close_way(&ben, &anna).await;
    (anna, ben)
}

async fn close_way(from: &TestHome, to: &TestHome) {
    from.change_peer(&to.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
        .await;
}

pub(super) fn texts(numbers: std::ops::RangeInclusive<u32>) -> Vec<String> {
    numbers.map(|number| format!("post {number}")).collect()
}

fn run(home: &TestHome) -> JoinHandle<()> {
    let (federation, closed) = (home.federation().clone(), home.closed().clone());
    tokio::spawn(async move { federation.run(closed).await })
}

/// A poll of the other's outbox, signed.
pub(super) fn poll(asker: &TestHome, of: &TestHome, query: &str) -> Request<Bytes> {
    asker.request(of, &[], |draft| {
        draft.method = Method::GET;
        draft.target = format!("{OUTBOX_PATH}?{query}");
    })
}

pub(super) fn acknowledge(asker: &TestHome, of: &TestHome, said: &serde_json::Value) -> Request<Bytes> {
    asker.request(of, said.to_string().as_bytes(), |draft| {
        draft.target = ACK_PATH.to_owned();
        draft.content_type = "application/json";
    })
}

#[tokio::test]
async fn what_cannot_be_brought_is_fetched_in_order_and_its_author_sees_the_truth() {
    let (anna, ben) = one_way().await;
    let items = ben.say_all(&anna.id(), 1..=205).await;
    let refused = ben.sign(300, json!({ "text": "no", "refuse": true })).await;
    let refused = ben.append(&anna.id(), &refused).await;
    assert!(!ben.federation().pump().await.moved());

    assert_eq!(anna.federation().pull().await, (206, Vec::new()));
    assert_eq!(anna.got().await, texts(1..=205));
    assert_eq!(ben.waiting_for(&anna.id()).await, 0);
    for item in [items[0], items[204]] {
        assert_eq!(ben.state_of(item).await, [(DeliveryState::Delivered, None)]);
    }
    let why = Some("not_authorised".to_owned());
    assert_eq!(ben.state_of(refused).await, [(DeliveryState::Refused, why)]);
    assert_eq!(ben.peer(&anna.id()).await.acked_seq, 206);
    assert_eq!(
        anna.federation().pull().await,
        (0, Vec::new()),
        "nothing comes twice"
    );
    assert_eq!(
        ben.peer(&anna.id()).await.failures,
        1,
        "Ben still cannot reach her"
    );
}

#[tokio::test]
async fn a_verdict_that_was_not_told_is_told_later_also_after_a_restart() {
    let (mut anna, ben) = one_way().await;
    let first = ben.say_all(&anna.id(), 1..=2).await;
    let refused = ben.sign(300, json!({ "text": "no", "refuse": true })).await;
    let refused = ben.append(&anna.id(), &refused).await;
    // The poll is answered, the acknowledgement is lost on the way there.
    anna.way.next(Fault::Answer(Box::new(|_| ())));
    anna.way.next(Fault::Request(Box::new(|request| {
        *request.body_mut() = Bytes::from_static(b"{}")
    })));
    let (_, failed) = anna.federation().pull().await;
    assert_eq!(failed, [(ben.id(), "bad_signature".to_owned())]);
    assert_eq!(ben.waiting_for(&anna.id()).await, 3);
    anna.restart().await;
    ben.say(&anna.id(), 3, "post 3").await;
    let (came, failed) = anna.federation().pull().await;
    assert_eq!((came, failed), (4, Vec::new()));
    assert_eq!(anna.got().await, texts(1..=3), "exactly once");
    assert_eq!(ben.state_of(first[0]).await, [(DeliveryState::Delivered, None)]);
    let why = Some("not_authorised".to_owned());
    assert_eq!(ben.state_of(refused).await, [(DeliveryState::Refused, why)]);
    let of = ben.id();
    assert_eq!(anna.read(move |tx| untold::get(tx, &of).unwrap()).await, None);
}

#[tokio::test]
async fn a_verdict_whose_answer_was_lost_is_told_when_the_next_is_fetched() {
    let (mut anna, ben) = two().await;
    let to = anna.id();
    let refuse = async |number: u128| {
        let refused = ben.sign(number, json!({ "text": "no", "refuse": true })).await;
        ben.append(&to, &refused).await
    };
    let first = refuse(300).await;
    let waits = ben
        .sign(
            301,
            json!({ "text": "waits", "on": "01900000-0000-7000-8000-0000000000ff" }),
        )
        .await;
    let waits = ben.append(&anna.id(), &waits).await;
    ben.way.next(Fault::LoseAnswer);
    assert!(!ben.federation().pump().await.moved());
    assert_eq!(anna.federation().pull().await, (2, Vec::new()));
    let why = || Some("not_authorised".to_owned());
    assert_eq!(ben.state_of(first).await, [(DeliveryState::Refused, why())]);
    let there = (DeliveryState::Delivered, Some("waiting_there".to_owned()));
    assert_eq!(ben.state_of(waits).await, [there]);
    let of = ben.id();
    let left = |home: &TestHome| {
        let of = of.clone();
        let db = home.db().clone();
        async move { db.read(move |tx| untold::get(tx, &of)).await.unwrap() }
    };
    assert_eq!(left(&anna).await, None);
    // Answered, and fetched after a start: nothing is done twice.
    let second = refuse(302).await;
    ben.federation().pump().await;
    assert_eq!(ben.state_of(second).await, [(DeliveryState::Refused, why())]);
    anna.restart().await;
    assert_eq!(anna.federation().pull().await, (0, Vec::new()));
    assert_eq!(left(&anna).await, None);
    assert_eq!(ben.state_of(second).await, [(DeliveryState::Refused, why())]);
    // Answered, and more is brought.
    refuse(303).await;
    ben.federation().pump().await;
    assert!(left(&anna).await.is_some());
    ben.say(&anna.id(), 4, "post 4").await;
    ben.federation().pump().await;
    assert_eq!(left(&anna).await, None);
}

#[tokio::test]
async fn what_was_handled_need_not_be_told_when_it_was_taken() {
    let (anna, ben) = one_way().await;
    let items = ben.say_all(&anna.id(), 1..=2).await;
    // The acknowledgement is lost; the next poll says enough.
    anna.way.next(Fault::Answer(Box::new(|_| ())));
    anna.way.next(Fault::Request(Box::new(|request| {
        *request.body_mut() = Bytes::new()
    })));
    anna.federation().pull().await;
    assert_eq!(ben.waiting_for(&anna.id()).await, 2);
    assert_eq!(anna.federation().pull().await, (0, Vec::new()));
    assert_eq!(ben.waiting_for(&anna.id()).await, 0);
    assert_eq!(ben.state_of(items[1]).await, [(DeliveryState::Delivered, None)]);
}

#[tokio::test]
async fn bringing_and_fetching_at_once_takes_effect_once_and_in_order() {
    let (anna, ben) = two().await;
    for round in 0..5 {
        ben.say_all(&anna.id(), round * 150 + 1..=(round + 1) * 150).await;
        let (pushed, pulled) = tokio::join!(ben.federation().pump(), anna.federation().pull());
        assert!(
            pushed.failed.is_empty() && pulled.1.is_empty(),
            "{pushed:?} {pulled:?}"
        );
    }
    assert_eq!(anna.got().await, texts(1..=750));
    assert_eq!(ben.waiting_for(&anna.id()).await, 0);
}

#[tokio::test]
async fn either_side_restarts_in_the_middle_of_fetching() {
    let (mut anna, mut ben) = one_way().await;
    ben.say_all(&anna.id(), 1..=350).await;
    // One page each time, then something breaks.
    for step in 0..3 {
        anna.way.next(Fault::Answer(Box::new(|_| ())));
        if step % 2 == 0 {
            anna.way.next(Fault::LoseAnswer);
        } else {
            anna.way.next(Fault::Request(Box::new(|request| {
                *request.body_mut() = Bytes::new()
            })));
        }
        let (_, failed) = anna.federation().pull().await;
        assert_eq!(failed.len(), 1);
        if step == 1 {
            anna.restart().await;
        } else {
            ben.restart().await;
        }
    }
    assert!(anna.federation().pull().await.1.is_empty());
    assert_eq!(anna.got().await, texts(1..=350));
    assert_eq!(ben.waiting_for(&anna.id()).await, 0);
}

#[tokio::test]
async fn what_was_offered_is_not_changed_and_what_replaces_it_comes_too() {
    let (anna, ben) = one_way().await;
    let draft = ben.sign(1, json!({ "text": "draft" })).await;
    ben.append(&anna.id(), &draft).await;
    let offered = anna.send(&ben, poll(&anna, &ben, "after=0")).await;
    let told = Batch::decode_offer(offered.body()).unwrap();
    assert_eq!((told.answer.from, told.answer.activities.len()), (1, 1));
    assert_eq!(
        told.standing,
        Standing {
            waiting: Some(1),
            reached: None,
            later: None,
            compare: false,
        }
    );
    // An edit of the same post comes before the acknowledgement.
    let mut edit = ben.sign(2, json!({ "text": "final" })).await.activity().clone();
    edit.post = draft.activity().post;
    let edit = crate::activity::SignedActivity::by_person(edit, &crate::testing::person(2)).unwrap();
    ben.append(&anna.id(), &edit).await;
    let said = json!({ "epoch": ben.epoch(), "ack": 99, "results": [{ "seq": 1, "verdict": "applied" }] });
    let answer = anna.send(&ben, acknowledge(&anna, &ben, &said)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        ben.waiting_for(&anna.id()).await,
        1,
        "more than was offered is not believed"
    );
    // Nothing was applied by hand: both come, the first by asking from the start again.
    let (came, failed) = anna.federation().pull().await;
    assert_eq!((came, failed), (1, Vec::new()));
    assert_eq!(anna.got().await, ["final"]);
}

#[tokio::test]
async fn another_life_of_the_log_is_given_from_its_start() {
    let (anna, ben) = one_way().await;
    ben.say_all(&anna.id(), 1..=3).await;
    anna.federation().pull().await;
    anna.change_peer(&ben.id(), |row| {
        row.their_epoch = Some(crate::ids::Epoch::from_bytes([1; 16]).to_string());
        row.received_seq = 500;
    })
    .await;
    ben.say_all(&anna.id(), 4..=5).await;
    assert_eq!(anna.federation().pull().await, (2, Vec::new()));
    assert_eq!(anna.got().await, texts(1..=5));
    let known = anna.peer(&ben.id()).await;
    assert_eq!(
        (known.their_epoch, known.received_seq),
        (Some(ben.epoch().to_string()), 5)
    );
    let other = json!({ "epoch": crate::ids::Epoch::from_bytes([1; 16]), "ack": 5, "results": [] });
    let answer = anna.send(&ben, acknowledge(&anna, &ben, &other)).await;
    assert_eq!(code_of(&answer), "epoch_changed");
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused() {
    let (anna, ben) = one_way().await;
    for query in ["", "after=x", "after=1&after=2", "wait=3"] {
        let answer = anna.send(&ben, poll(&anna, &ben, query)).await;
        assert_eq!(code_of(&answer), "malformed", "{query}");
    }
    for said in [
        json!(null),
        json!({ "ack": 1 }),
        json!({ "epoch": "x", "ack": 1, "results": [] }),
    ] {
        let answer = anna.send(&ben, acknowledge(&anna, &ben, &said)).await;
        assert_eq!(code_of(&answer), "malformed", "{said}");
    }
    let mut unsigned = Request::new(Bytes::new());
    *unsigned.uri_mut() = OUTBOX_PATH.parse().unwrap();
    assert_eq!(code_of(&anna.send(&ben, unsigned).await), "bad_signature");
}

#[tokio::test]
async fn one_working_direction_carries_both_ways_by_itself() {
    let (anna, ben) = one_way().await;
    let runs = [run(&anna), run(&ben)];
    for number in 1..=5_u32 {
        let count = usize::try_from(number).unwrap();
        ben.say(&anna.id(), u128::from(number), &format!("post {number}"))
            .await;
        anna.got_at_least(count).await;
        anna.say(&ben.id(), u128::from(number), &format!("post {number}"))
            .await;
        ben.got_at_least(count).await;
    }
    assert_eq!(anna.got().await, texts(1..=5));
    assert_eq!(ben.got().await, texts(1..=5));
    anna.closed().cancel();
    ben.closed().cancel();
    for run in runs {
        in_time("closing", run).await.unwrap();
    }
}

#[tokio::test]
async fn both_directions_closed_resumes_by_itself_once_one_is_open() {
    let (anna, ben) = one_way().await;
    close_way(&anna, &ben).await;
    let runs = [run(&anna), run(&ben)];
    ben.say(&anna.id(), 1, "post 1").await;
    anna.say(&ben.id(), 1, "post 1").await;
    for (home, other) in [(&anna, &ben), (&ben, &anna)] {
        let mut changed = home.db().events_changed();
        in_time("failing", async {
            while home.peer(&other.id()).await.failures == 0 {
                changed.changed().await.unwrap();
            }
        })
        .await;
    }
    let there = ben.address().to_string();
    anna.change_peer(&ben.id(), |row| row.addresses = vec![there])
        .await;
    anna.federation().wake(Some(&ben.id()));
    assert_eq!(anna.got_at_least(1).await, texts(1..=1));
    assert_eq!(ben.got_at_least(1).await, texts(1..=1));
    anna.closed().cancel();
    ben.closed().cancel();
    for run in runs {
        in_time("closing", run).await.unwrap();
    }
}

/// When nobody else calls, a short outage costs the first wait between two tries and not the rest until the next heartbeat.
#[tokio::test]
async fn fetching_goes_on_soon_after_a_short_outage() {
    let (anna, ben) = one_way().await;
    let runs = [run(&anna), run(&ben)];
    ben.say(&anna.id(), 1, "post 1").await;
    anna.got_at_least(1).await;
    close_way(&anna, &ben).await;
    // The held request brings this yet; the next one finds nobody.
    ben.say(&anna.id(), 2, "post 2").await;
    let mut changed = anna.db().events_changed();
    in_time("failing", async {
        while anna.peer(&ben.id()).await.failures == 0 {
            changed.changed().await.unwrap();
        }
    })
    .await;
    let there = ben.address().to_string();
    anna.change_peer(&ben.id(), |row| row.addresses = vec![there])
        .await;
    anna.clock.advance_ms(10_000);
    ben.say(&anna.id(), 3, "post 3").await;
    assert_eq!(anna.got_at_least(3).await, texts(1..=3));
    anna.closed().cancel();
    ben.closed().cancel();
    for run in runs {
        in_time("closing", run).await.unwrap();
    }
}

#[tokio::test]
async fn a_held_request_takes_no_place_and_ends_when_a_newer_comes_or_the_home_closes() {
    let limits = ListenerLimits {
        of_peer: 1,
        ..ListenerLimits::default()
    };
    let (anna, ben) = (TestHome::new(1).await, TestHome::with_limits(2, limits).await);
    pair(&anna, &ben).await;
    let first = anna.send(&ben, poll(&anna, &ben, "after=0&wait=25"));
    let mut first = std::pin::pin!(first);
    let held = async {
        while ben.federation().polls().held() == 0 {
            tokio::task::yield_now().await;
        }
    };
    in_time("holding", async {
        tokio::select! {
            biased;
            _ = &mut first => panic!("it was to wait"),
            () = held => {}
        }
    })
    .await;
    // The one place is free while it waits: it was given back before.
    let ping = async {
        loop {
            let answer = anna.send(&ben, anna.request(&ben, &[], |_| {})).await;
            if answer.status() == StatusCode::OK {
                return;
            }
        }
    };
    in_time("a ping", async {
        tokio::select! {
            _ = &mut first => panic!("it was to wait"),
            () = ping => {}
        }
    })
    .await;
    let second = anna.send(&ben, poll(&anna, &ben, "after=0&wait=25"));
    let mut second = std::pin::pin!(second);
    let answer = in_time("the end of the first", async {
        tokio::select! {
            first = &mut first => first,
            _ = &mut second => panic!("the newer one waits"),
        }
    })
    .await;
    assert!(
        Batch::decode_offer(answer.body())
            .unwrap()
            .answer
            .activities
            .is_empty()
    );
    ben.closed().cancel();
    let answer = in_time("the end of the second", second).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_held_request_is_answered_as_soon_as_there_is_something() {
    let (anna, ben) = one_way().await;
    let to = anna.id();
    let asked = anna.send(&ben, poll(&anna, &ben, "after=0&wait=25"));
    let (answer, _) = in_time("the answer", async {
        tokio::join!(asked, ben.say(&to, 1, "post 1"))
    })
    .await;
    let told = Batch::decode_offer(answer.body()).unwrap();
    assert_eq!(told.answer.activities.len(), 1);
}

#[tokio::test]
async fn a_blocked_home_is_given_nothing() {
    let (anna, ben) = one_way().await;
    ben.say(&anna.id(), 1, "post 1").await;
    let id = anna.id();
    ben.write(move |tx| {
        hearth_db::home::set_state(tx, &id, hearth_db::home::HomeRowState::Blocked).unwrap();
    })
    .await;
    let (came, failed) = anna.federation().pull().await;
    assert_eq!((came, failed), (0, vec![(ben.id(), "not_connected".to_owned())]));
}

#[tokio::test]
async fn every_answer_says_what_waits_and_whether_the_asker_was_reached() {
    let (anna, ben) = one_way().await;
    ben.say(&anna.id(), 1, "post 1").await;
    ben.federation().pump().await;
    let failing = Standing {
        waiting: Some(1),
        reached: Some(false),
        later: None,
        compare: false,
    };
    let ping = anna.send(&ben, anna.request(&ben, &[], |_| {})).await;
    let told: Told<serde_json::Value> = serde_json::from_slice(ping.body()).unwrap();
    assert_eq!(told.standing, failing);
    let activity = anna.sign(1, json!({ "text": "post" })).await;
    anna.append(&ben.id(), &activity).await;
    anna.federation().pump().await;
    let receipt = anna.way.repeat(anna.way.count() - 1).await;
    assert_eq!(code_of(&receipt), "replayed");
    let said = json!({ "epoch": ben.epoch(), "ack": 0, "results": [] });
    let answer = anna.send(&ben, acknowledge(&anna, &ben, &said)).await;
    let told: Told<serde_json::Value> = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(told.standing, failing);
    assert!(serde_json::from_slice::<Told<Receipt>>(ping.body()).is_err());
    let there = anna.address().to_string();
    ben.change_peer(&anna.id(), |row| row.addresses = vec![there])
        .await;
    assert_eq!(ben.federation().pump().await.delivered, 1);
    let ping = anna.send(&ben, anna.request(&ben, &[], |_| {})).await;
    let told: Told<serde_json::Value> = serde_json::from_slice(ping.body()).unwrap();
    assert_eq!(
        (told.standing.waiting, told.standing.reached),
        (Some(0), Some(true))
    );
}
