//! Renewing a pair's secret: overlap, both at once, lost answers, restarts, one working direction.

use super::rig::{Fault, TestHome, in_time, two};
use bytes::Bytes;
use hearth_db::pair_secret;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn names(home: &TestHome, other: &TestHome) -> Vec<String> {
    let id = other.id();
    home.read(move |tx| pair_secret::of_home(tx, &id).unwrap()).await
}

/// Both can bring something to the other.
async fn talk(anna: &TestHome, ben: &TestHome, number: u128) {
    anna.say(&ben.id(), number, "post").await;
    ben.say(&anna.id(), number, "post").await;
    for home in [anna, ben] {
        let report = home.federation().pump().await;
        assert_eq!((report.delivered, report.failed.len()), (1, 0), "{report:?}");
    }
}

#[tokio::test]
async fn the_old_secret_is_destroyed_once_the_new_one_was_used_both_ways() {
    let (anna, ben) = two().await;
    let old = names(&anna, &ben).await;
    anna.federation().renew_secret(&ben.id()).await.unwrap();
    assert_eq!(
        (names(&anna, &ben).await.len(), names(&ben, &anna).await.len()),
        (2, 2)
    );
    assert_eq!(
        names(&anna, &ben).await[0],
        names(&ben, &anna).await[0],
        "both sign with the new one"
    );
    talk(&anna, &ben, 1).await;
    let (here, there) = (names(&anna, &ben).await, names(&ben, &anna).await);
    assert_eq!(here, there);
    assert!(here.len() == 1 && here != old);
    let gone = crate::pairing_service::pair_secret_name(&old[0]);
    let keys = anna.federation().keys().clone();
    assert!(
        anna.read(move |tx| keys.get(tx, &gone).is_err()).await,
        "not only its name"
    );
    for (from, to) in [(&ben, &anna), (&anna, &ben)] {
        from.federation().renew_secret(&to.id()).await.unwrap();
        talk(&anna, &ben, if from.id() == ben.id() { 2 } else { 3 }).await;
    }
    assert_eq!(names(&anna, &ben).await, names(&ben, &anna).await);
}

#[tokio::test]
async fn a_lost_request_or_answer_and_a_restart_leave_the_homes_able_to_talk() {
    let (mut anna, mut ben) = two().await;
    let first = names(&anna, &ben).await;
    anna.way.next(Fault::LoseAnswer);
    assert!(anna.federation().renew_secret(&ben.id()).await.is_err());
    assert_eq!(
        (names(&anna, &ben).await.len(), names(&ben, &anna).await.len()),
        (1, 2)
    );
    ben.restart().await;
    talk(&anna, &ben, 1).await;
    anna.way.next(Fault::Request(Box::new(|request| {
        *request.body_mut() = Bytes::new()
    })));
    assert!(anna.federation().renew_secret(&ben.id()).await.is_err());
    talk(&anna, &ben, 2).await;
    // Agreed on, but not used before Anna's home is off.
    anna.way.next(Fault::Answer(Box::new(|_| ())));
    anna.way.next(Fault::LoseAnswer);
    assert!(
        anna.federation().renew_secret(&ben.id()).await.is_err(),
        "the ping was lost"
    );
    anna.restart().await;
    ben.restart().await;
    talk(&anna, &ben, 3).await;
    assert_eq!(names(&anna, &ben).await, names(&ben, &anna).await);
    assert_ne!(names(&anna, &ben).await, first);
}

#[tokio::test]
async fn both_asking_at_once_end_with_one_secret() {
    let (anna, ben) = two().await;
    for round in 1..=4 {
        let (to_ben, to_anna) = (ben.id(), anna.id());
        let both = async {
            tokio::join!(
                anna.federation().renew_secret(&to_ben),
                ben.federation().renew_secret(&to_anna)
            )
        };
        let (one, other) = in_time("both", both).await;
        assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
        talk(&anna, &ben, round * 2).await;
        talk(&anna, &ben, round * 2 + 1).await;
        assert_eq!(names(&anna, &ben).await[0], names(&ben, &anna).await[0]);
    }
}

#[tokio::test]
async fn with_one_working_direction_the_old_one_stays_for_seven_days() {
    let (anna, ben) = two().await;
    anna.federation().renew_secret(&ben.id()).await.unwrap();
    let days = async |days: i64| {
        for home in [&anna, &ben] {
            home.clock.advance_ms(days * DAY_MS);
            home.federation().sweep().await.unwrap();
        }
    };
    days(6).await;
    assert_eq!(names(&anna, &ben).await.len(), 2);
    days(1).await;
    assert_eq!(names(&anna, &ben).await.len(), 1);
    assert_eq!(names(&anna, &ben).await, names(&ben, &anna).await);
    talk(&anna, &ben, 1).await;
}

#[tokio::test]
async fn what_was_never_seen_in_use_is_not_what_is_left() {
    let (anna, ben) = two().await;
    anna.way.next(Fault::LoseAnswer);
    assert!(anna.federation().renew_secret(&ben.id()).await.is_err());
    for home in [&anna, &ben] {
        home.clock.advance_ms(400 * DAY_MS);
        home.federation().sweep().await.unwrap();
    }
    assert_eq!(names(&ben, &anna).await.len(), 2);
    talk(&anna, &ben, 1).await;
}

#[tokio::test]
async fn it_is_renewed_by_itself_after_ninety_days() {
    let (anna, ben) = two().await;
    anna.federation().renew_if_due(&ben.id()).await.unwrap();
    assert_eq!(names(&anna, &ben).await.len(), 1);
    for home in [&anna, &ben] {
        home.clock.advance_ms(90 * DAY_MS);
    }
    anna.federation().renew_if_due(&ben.id()).await.unwrap();
    assert_eq!(names(&anna, &ben).await.len(), 2);
    talk(&anna, &ben, 1).await;
}
