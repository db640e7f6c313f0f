//! Homes that are not reached for long: how long it is waited, and what ends the wait; and homes that fetched and do not any more.

use super::rig::{TestHome, in_time, pair, two};
use crate::activity::{Activity, SignedActivity};
use crate::homes::NODE_UPDATE;
use crate::listener::OUTBOX_PATH;
use hearth_api::HomeId;
use http::Method;
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Where nobody listens.
const NOWHERE: &str = "127.0.0.1:1";
const HOUR_MS: i64 = 3_600_000;

fn run(home: &TestHome) -> JoinHandle<()> {
    let (federation, closed) = (home.federation().clone(), home.closed().clone());
    tokio::spawn(async move { federation.run(closed).await })
}

async fn end(home: &TestHome, run: JoinHandle<()>) {
    home.closed().cancel();
    in_time("closing", run).await.unwrap();
}

/// The other was not reached for so long that the next try is an hour away.
async fn rests(home: &TestHome, of: &HomeId) {
    let due = home.now().plus_ms(HOUR_MS);
    home.change_peer(of, move |row| {
        row.failures = 20;
        row.last_error = Some("unreachable".to_owned());
        row.next_try = Some(due);
    })
    .await;
}

async fn until_it_failed(home: &TestHome, of: &HomeId) {
    let mut changed = home.db().events_changed();
    in_time("failing", async {
        while home.peer(of).await.failures == 0 {
            changed.changed().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_start_of_the_program_is_a_new_try() {
    let (anna, ben) = two().await;
    rests(&anna, &ben.id()).await;
    anna.say(&ben.id(), 1, "post 1").await;
    let running = run(&anna);
    assert_eq!(ben.got_at_least(1).await, ["post 1"]);
    end(&anna, running).await;
}

#[tokio::test]
async fn a_home_that_was_cut_off_tries_all_as_soon_as_it_reaches_one() {
    let (anna, ben, carl) = (
        TestHome::new(1).await,
        TestHome::new(2).await,
        TestHome::new(3).await,
    );
    for other in [&ben, &carl] {
        pair(&anna, other).await;
        anna.change_peer(&other.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
            .await;
    }
    let running = run(&anna);
    for other in [&ben, &carl] {
        until_it_failed(&anna, &other.id()).await;
    }
    rests(&anna, &carl.id()).await;
    for other in [&ben, &carl] {
        let there = other.address().to_string();
        anna.change_peer(&other.id(), |row| row.addresses = vec![there])
            .await;
    }
    anna.say(&carl.id(), 1, "post 1").await;
    anna.federation().wake(Some(&ben.id()));
    assert_eq!(carl.got_at_least(1).await, ["post 1"]);
    end(&anna, running).await;
}

#[tokio::test]
async fn all_are_tried_when_the_machine_wakes_up_or_comes_into_another_network() {
    let (anna, ben) = two().await;
    anna.federation().set_heartbeat(Duration::from_millis(90));
    anna.change_peer(&ben.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
        .await;
    let running = run(&anna);
    for (n, what) in [(1, "slept"), (2, "moved")] {
        until_it_failed(&anna, &ben.id()).await;
        rests(&anna, &ben.id()).await;
        let there = ben.address().to_string();
        anna.change_peer(&ben.id(), |row| row.addresses = vec![there])
            .await;
        anna.say(&ben.id(), n, what).await;
        assert_eq!(
            anna.waiting_for(&ben.id()).await,
            1,
            "the next try is an hour away"
        );
        if what == "slept" {
            anna.clock.advance_ms(60_000);
        } else {
            for here in ["192.0.2.1:7346", "192.0.2.2:7346"] {
                anna.federation().set_addresses(&[here.to_owned()]).await.unwrap();
                anna.federation().announce_if_moved().await.unwrap();
            }
        }
        let got = ben.got_at_least(usize::try_from(n).unwrap()).await;
        assert_eq!(got.last().map(String::as_str), Some(what));
        in_time("the answer", async {
            while anna.waiting_for(&ben.id()).await > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        anna.change_peer(&ben.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
            .await;
        anna.federation().transport().forget(None);
        anna.federation().wake(Some(&ben.id()));
    }
    end(&anna, running).await;
}

#[tokio::test]
async fn only_who_calls_by_itself_when_it_is_back_is_left_alone_for_an_hour() {
    for calls in [true, false] {
        let (anna, ben, carl) = (
            TestHome::new(1).await,
            TestHome::new(2).await,
            TestHome::new(3).await,
        );
        for other in [&ben, &carl] {
            pair(&anna, other).await;
        }
        if !calls {
            ben.change_peer(&anna.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
                .await;
        }
        ben.federation().pump().await;
        anna.say(&ben.id(), 1, "post 1").await;
        anna.federation().pump().await;
        anna.change_peer(&ben.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
            .await;
        let wait_ms = async |number: u128| {
            anna.say(&ben.id(), number, "post").await;
            let mut wait = 0;
            for _ in 0..13 {
                anna.federation().pump_one(&ben.id()).await;
                wait = anna.peer(&ben.id()).await.next_try.unwrap().ms_since(anna.now());
                anna.clock.advance_ms(wait);
            }
            wait
        };
        let long = 45 * 60_000..=75 * 60_000;
        let short = 225_000..=375_000;
        let (with_carl, alone) = if calls {
            (long, short.clone())
        } else {
            (short.clone(), short)
        };
        let wait = wait_ms(2).await;
        assert!(with_carl.contains(&wait), "{calls}: {wait}");
        // Nor is anybody while none is reached: it may be this home that is cut off.
        anna.change_peer(&carl.id(), |row| row.addresses = vec![NOWHERE.to_owned()])
            .await;
        anna.federation().transport().forget(None);
        anna.say(&carl.id(), 3, "post 3").await;
        anna.federation().pump_one(&carl.id()).await;
        anna.clock.advance_ms(2 * HOUR_MS);
        let wait = wait_ms(4).await;
        assert!(alone.contains(&wait), "{calls}, alone: {wait}");
    }
}

#[tokio::test]
async fn a_home_that_hangs_up_while_it_is_waited_for_does_not_fetch_any_more() {
    let (anna, ben) = two().await;
    let fetches = |after_ms: i64| {
        let way = &ben.federation().signals().peer(&anna.id()).way;
        way.fetches(ben.now().plus_ms(after_ms))
    };
    let asked = anna.request(&ben, &[], |draft| {
        draft.method = Method::GET;
        draft.target = format!("{OUTBOX_PATH}?after=0&wait=25");
    });
    {
        let asking = anna.send(&ben, asked);
        let held = async {
            while ben.federation().polls().held() == 0 {
                tokio::task::yield_now().await;
            }
        };
        in_time("holding", async {
            tokio::select! {
                _ = asking => panic!("it was to wait"),
                () = held => {}
            }
        })
        .await;
        assert!(fetches(HOUR_MS), "while it is held");
    }
    in_time("noticing", async {
        while fetches(HOUR_MS) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(
        fetches(5_000) && !fetches(5_001),
        "it may come back on another connection"
    );
}

#[tokio::test]
async fn connections_to_where_a_home_was_are_let_go() {
    let (anna, ben) = two().await;
    let ping = async || anna.send(&ben, anna.request(&ben, &[], |_| {})).await;
    ping().await;
    assert_eq!(anna.way.real.idle(), 1);
    anna.federation().transport().forget(Some(&anna.key().id()));
    assert_eq!(anna.way.real.idle(), 1, "that was of another home");
    let moved = async |number: u128, addresses: Vec<String>| {
        let at = crate::hlc::Hlc::at(u64::try_from(ben.now().0).unwrap());
        let object = json!({"name": "Ben's", "addresses": addresses, "version": "1"});
        let id = crate::testing::uuid7(number);
        let activity = Activity::new(id, NODE_UPDATE, Uuid::nil(), ben.key().id(), at, object);
        let signed = SignedActivity::by_node(activity, &ben.key()).unwrap();
        let (to, now) = (anna.id(), ben.now());
        ben.write(move |tx| crate::log::append(tx, &[to], &signed, None, now).unwrap())
            .await;
        assert_eq!(ben.federation().pump().await.delivered, 1);
    };
    moved(77, vec![ben.address().to_string()]).await;
    assert_eq!(anna.way.real.idle(), 1, "it is where it was");
    moved(78, vec!["127.0.0.1:2".to_owned()]).await;
    assert_eq!(anna.way.real.idle(), 0);
}
