//! Homes that begin lives again and again, and what their words lead to.

use super::offers::{refuse, say};
use super::rig::{TestHome, code_of, pair, two};
use crate::ids::Epoch;
use crate::listener::DIGEST_PATH;
use crate::problem::Problem;
use hearth_api::HomeId;
use hearth_db::meta;
use hearth_db::reconcile::{self, Phase, ReconcileRow, Restored};
use http::StatusCode;
use serde_json::json;

const MINUTE_MS: i64 = 60_000;

fn life(n: u8) -> Epoch {
    Epoch::from_bytes([n; 16])
}

async fn rows(home: &TestHome, table: &'static str) -> usize {
    home.read(move |tx| meta::contents(tx).unwrap()[table].len())
        .await
}

async fn comparing(home: &TestHome, with: HomeId) -> Option<ReconcileRow> {
    home.read(move |tx| reconcile::get(tx, &with).unwrap()).await
}

#[tokio::test]
async fn a_home_that_tells_a_hundred_and_fifty_lives_is_heard_once_in_ten_minutes() {
    let (anna, ben) = two().await;
    let digest = |n: u8| json!({ "epoch": life(n), "after": null, "limit": 1 });
    // The life that is known, and another.
    assert_eq!(
        say(&anna, &ben, DIGEST_PATH, &digest(0)).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        say(&anna, &ben, DIGEST_PATH, &digest(1)).await.status(),
        StatusCode::OK
    );
    let begun = comparing(&ben, anna.id()).await.unwrap();
    assert_eq!((begun.restored, begun.phase), (Restored::There, Phase::Fetch));
    let (events, facts) = (rows(&ben, "event").await, rows(&ben, "meta").await);
    for n in 2..=150 {
        let answer = say(&anna, &ben, DIGEST_PATH, &digest(n)).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{n}");
        let problem = Problem::from_body(answer.body()).unwrap();
        let wait_s = problem.retry_after_s.unwrap();
        assert!((1..=601).contains(&wait_s), "{n}: {wait_s}");
    }
    // An earlier life is older each time, and nobody is told each time.
    for _ in 0..10 {
        let answer = say(&anna, &ben, DIGEST_PATH, &digest(0)).await;
        assert_eq!(code_of(&answer), "epoch_changed");
    }
    assert_eq!(comparing(&ben, anna.id()).await, Some(begun));
    assert_eq!(
        (rows(&ben, "event").await, rows(&ben, "meta").await),
        (events, facts)
    );
    assert_eq!(
        say(&anna, &ben, DIGEST_PATH, &digest(1)).await.status(),
        StatusCode::OK,
        "the life that was heard goes on"
    );
    for home in [&anna, &ben] {
        home.clock.advance_ms(10 * MINUTE_MS);
    }
    assert_eq!(
        say(&anna, &ben, DIGEST_PATH, &digest(150)).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        code_of(&say(&anna, &ben, DIGEST_PATH, &digest(149)).await),
        "unavailable"
    );
}

#[tokio::test]
async fn a_home_that_objects_alone_is_compared_with_alone_and_several_make_a_home_begin_one_life() {
    let (anna, ben) = two().await;
    let (cora, dora) = (TestHome::new(3).await, TestHome::new(4).await);
    pair(&ben, &cora).await;
    pair(&ben, &dora).await;
    let of_ben = ben.epoch();
    assert_eq!(refuse(&anna, &ben, of_ben, "epoch_changed").await, StatusCode::OK);
    let with_anna = ben.epoch_for(&anna.id()).await;
    assert_ne!(with_anna, of_ben);
    assert_eq!(ben.epoch(), of_ben, "the word of one home is about that one");
    assert_eq!(ben.epoch_for(&cora.id()).await, of_ben);
    assert!(comparing(&ben, anna.id()).await.is_some() && comparing(&ben, cora.id()).await.is_none());
    // Not again within the hour.
    assert_eq!(
        refuse(&anna, &ben, with_anna, "epoch_changed").await,
        StatusCode::OK
    );
    assert_eq!(ben.epoch_for(&anna.id()).await, with_anna);

    // Another says the same: now it is believed, and for all. With the first it goes on as begun.
    assert_eq!(refuse(&cora, &ben, of_ben, "epoch_changed").await, StatusCode::OK);
    let begun = ben.epoch();
    assert_ne!(begun, of_ben);
    for (home, epoch) in [(&anna, with_anna), (&cora, begun), (&dora, begun)] {
        assert_eq!(ben.epoch_for(&home.id()).await, epoch);
        assert!(comparing(&ben, home.id()).await.is_some());
    }
    assert_eq!(
        refuse(&dora, &ben, of_ben, "epoch_changed").await,
        StatusCode::CONFLICT,
        "it is said of a life that has ended"
    );
    // It stays so when the program starts again.
    let mut ben = ben;
    ben.restart().await;
    assert_eq!(ben.epoch(), begun);
    assert_eq!(ben.epoch_for(&anna.id()).await, with_anna);
}

#[tokio::test]
async fn homes_that_object_at_once_are_each_told_the_new_life() {
    let (anna, ben) = two().await;
    let cora = TestHome::new(3).await;
    pair(&ben, &cora).await;
    let before = ben.epoch();
    let (to_anna, to_cora) = (anna.id(), cora.id());
    let (first, second) = tokio::join!(
        ben.federation().renew_for(&to_anna, before),
        ben.federation().renew_for(&to_cora, before)
    );
    assert!(first.unwrap() && second.unwrap(), "both are told a new one");
    for home in [&anna, &cora] {
        assert_ne!(ben.epoch_for(&home.id()).await, before);
    }
}

#[tokio::test]
async fn a_life_that_follows_soon_goes_on_with_what_was_counted() {
    let (anna, ben) = two().await;
    let of = anna.id();
    ben.federation().begin_new_epoch().await.unwrap();
    ben.write(move |tx| {
        let mut row = reconcile::get(tx, &of).unwrap().unwrap();
        (row.fetched, row.aside, row.phase) = (5, 2, Phase::Done);
        reconcile::put(tx, &row).unwrap();
    })
    .await;
    ben.federation().begin_new_epoch().await.unwrap();
    let row = comparing(&ben, anna.id()).await.unwrap();
    assert_eq!((row.fetched, row.aside, row.phase), (5, 2, Phase::Fetch));
    let of = anna.id();
    ben.write(move |tx| {
        let done = ReconcileRow {
            phase: Phase::Done,
            ..row
        };
        assert_eq!(done.home, of);
        reconcile::put(tx, &done).unwrap();
    })
    .await;
    ben.clock.advance_ms(61 * MINUTE_MS);
    ben.federation().begin_new_epoch().await.unwrap();
    let row = comparing(&ben, anna.id()).await.unwrap();
    assert_eq!((row.fetched, row.aside), (0, 0), "that mending is over");
}
