//! The tasks of delivery at work: what wakes them, and what they wait for.

use super::rig::{TestHome, in_time, pair, two};
use crate::listener::LATER_PATH;
use hearth_db::later;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

fn run(home: &TestHome) -> JoinHandle<()> {
    let (federation, closed) = (home.federation().clone(), home.closed().clone());
    tokio::spawn(async move { federation.run(closed).await })
}

#[tokio::test]
async fn running_it_delivers_by_itself_and_one_bad_peer_delays_nobody() {
    let (anna, ben) = two().await;
    let cora = TestHome::new(3).await;
    pair(&anna, &cora).await;
    // Something listens where Cora should be, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = silent.local_addr().unwrap().to_string();
    anna.change_peer(&cora.id(), |row| row.addresses = vec![there])
        .await;
    let run = run(&anna);
    anna.say(&cora.id(), 1, "for Cora").await;
    let (_held, _) = in_time("the call to Cora", silent.accept()).await.unwrap();
    for number in 2..=4 {
        anna.say(&ben.id(), number, "for Ben").await;
        ben.got_at_least(usize::try_from(number).unwrap() - 1).await;
    }
    assert_eq!(anna.waiting_for(&cora.id()).await, 1);
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}

#[tokio::test]
async fn a_sign_of_life_ends_the_pause() {
    let (anna, mut ben) = two().await;
    let there = ben.stop().await;
    anna.say(&ben.id(), 1, "post 1").await;
    anna.federation().pump().await;
    let due = anna.peer(&ben.id()).await.next_try.unwrap();
    assert!(
        due > hearth_api::Timestamp(super::rig::NOON + 3_000),
        "Anna waits, by a clock that stands still"
    );
    let run = run(&anna);
    ben.start_at(there).await;
    ben.say(&anna.id(), 1, "hello").await;
    ben.federation().pump().await;
    assert_eq!(ben.got_at_least(1).await, ["post 1"]);
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}

#[tokio::test]
async fn asking_a_home_with_nothing_to_send_finds_out_whether_it_is_there() {
    let (anna, mut ben) = two().await;
    let there = ben.stop().await;
    let run = run(&anna);
    let id = ben.id();
    let until = async |anna: &TestHome, failing: bool| {
        let mut changed = anna.db().events_changed();
        in_time("a change of reachability", async {
            while (anna.peer(&id).await.failures > 0) != failing {
                changed.changed().await.unwrap();
            }
        })
        .await;
    };
    anna.federation().wake(Some(&id));
    until(&anna, true).await;
    ben.start_at(there).await;
    anna.federation().wake(Some(&id));
    until(&anna, false).await;
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}

#[tokio::test]
async fn an_unplugged_home_is_noticed_without_anybody_asking() {
    let (anna, mut ben) = two().await;
    anna.federation()
        .set_heartbeat(std::time::Duration::from_millis(40));
    let run = run(&anna);
    let first = anna.peer(&ben.id()).await;
    in_time("some pings", async {
        while anna.way.count() < 5 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(
        anna.peer(&ben.id()).await,
        first,
        "nothing is written while all is well"
    );
    ben.stop().await;
    let mut changed = anna.db().events_changed();
    in_time("the failure", async {
        while anna.peer(&ben.id()).await.failures == 0 {
            changed.changed().await.unwrap();
        }
    })
    .await;
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}

#[tokio::test]
async fn a_home_that_always_has_one_word_more_is_heard_on_after_a_pause() {
    let (anna, ben) = two().await;
    anna.federation().pump().await;
    // More words than go into one round: sixteen exchanges of a hundred.
    let of = anna.id();
    ben.write(move |tx| {
        for n in 0..1700_u64 {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&n.to_be_bytes());
            later::put(tx, &of, &digest, None, hearth_api::Timestamp(super::rig::NOON)).unwrap();
        }
    })
    .await;
    let run = run(&anna);
    anna.federation().wake(Some(&ben.id()));
    let until = async |count: usize| {
        in_time("exchanges of words", async {
            while anna.way.count_to(LATER_PATH) < count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    };
    until(16).await;
    let since = Instant::now();
    until(17).await;
    let paused = since.elapsed();
    assert!(paused >= Duration::from_millis(900), "{paused:?}");
    let of = anna.id();
    in_time("the last words", async {
        while ben
            .read({
                let of = of.clone();
                move |tx| later::count(tx, &of).unwrap()
            })
            .await
            > 0
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}
