//! A home that sends nothing for a while: what it takes, what it still says, and how it goes on.

use super::pull::one_way;
use super::rig::{TestHome, in_time, two};
use std::time::Duration;
use tokio::task::JoinHandle;

const HOUR_MS: i64 = 60 * 60 * 1000;

fn run(home: &TestHome) -> JoinHandle<()> {
    let (federation, closed) = (home.federation().clone(), home.closed().clone());
    tokio::spawn(async move { federation.run(closed).await })
}

#[tokio::test]
async fn at_work_it_sends_nothing_looks_who_is_there_and_goes_on_by_itself_at_the_end() {
    let (anna, ben) = two().await;
    anna.federation().pump().await;
    anna.federation().set_heartbeat(Duration::from_millis(40));
    let until = anna.federation().pause_sending(Some(60)).await.unwrap();
    assert_eq!(until, Some(anna.now().plus_ms(HOUR_MS)));
    let run = run(&anna);
    anna.say(&ben.id(), 1, "post 1").await;
    // What wakes it changes nothing: somebody asks, the other home brings something.
    anna.federation().wake(None);
    ben.say(&anna.id(), 1, "hello").await;
    ben.federation().pump().await;
    assert_eq!(anna.got_at_least(1).await, ["hello"], "it takes what comes");
    let before = anna.way.count();
    in_time("calls that see whether Ben is there", async {
        while anna.way.count() < before + 5 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(ben.got().await.is_empty(), "nothing was sent");
    assert_eq!(anna.waiting_for(&ben.id()).await, 1);
    let peer = anna.peer(&ben.id()).await;
    assert_eq!((peer.failures, peer.last_error), (0, None), "nothing failed");
    anna.clock.advance_ms(HOUR_MS);
    assert_eq!(ben.got_at_least(1).await, ["post 1"]);
    assert_eq!(anna.federation().sending_paused().await.unwrap(), None);
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}

#[tokio::test]
async fn nothing_leaves_by_the_outbox_either_and_its_end_is_heard_of_at_once() {
    // Ben cannot call Anna, who fetches.
    let (anna, ben) = one_way().await;
    ben.federation().pause_sending(Some(60)).await.unwrap();
    ben.say(&anna.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pull().await, (0, Vec::new()), "and no failure");
    assert!(anna.got().await.is_empty());
    let run = run(&anna);
    in_time("a request that is held", async {
        while ben.federation().polls().held() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    ben.federation().pause_sending(None).await.unwrap();
    assert_eq!(anna.got_at_least(1).await, ["post 1"]);
    anna.closed().cancel();
    in_time("closing", run).await.unwrap();
}

#[tokio::test]
async fn a_restart_keeps_the_pause_and_a_clock_that_is_set_back_ends_it() {
    let (mut anna, ben) = two().await;
    for minutes in [0, 24 * 60 + 1, u32::MAX] {
        let refused = anna.federation().pause_sending(Some(minutes)).await.unwrap_err();
        assert_eq!(refused.name(), "invalid_minutes", "{minutes}");
    }
    let until = anna.federation().pause_sending(Some(24 * 60)).await.unwrap();
    anna.restart().await;
    anna.say(&ben.id(), 1, "post 1").await;
    anna.federation().pump().await;
    assert_eq!(anna.federation().sending_paused().await.unwrap(), until);
    assert!(ben.got().await.is_empty());
    anna.clock.advance_ms(-1);
    assert_eq!(
        anna.federation().sending_paused().await.unwrap(),
        None,
        "longer than it can be asked for"
    );
    anna.federation().pump().await;
    assert_eq!(ben.got().await, ["post 1"]);
}
