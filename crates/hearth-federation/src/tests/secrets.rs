//! Homes that hold different secrets of each other, as one was put back or an offer was lost: while they have one in common, both ways
//! work, and both come to sign with the same.

use super::rig::{Fault, TestHome, pair, secret_of, two};
use crate::listener::{ListenerLimits, ROTATE_PATH};
use crate::pairing_service::{forget_secrets, pair_secret_name};
use crate::problem::{CONTENT_TYPE, Code, Problem};
use crate::secret::PairSecret;
use hearth_db::pair_secret::{self, SecretRow};
use http::{HeaderValue, StatusCode};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How a home may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Not: never had, lost or destroyed.
    Not,
    /// It was offered, or turned out not to be known to the other.
    Offered,
    /// It may sign, and was not seen in use yet.
    Usable,
    /// The other used it eight days ago.
    Came,
    /// The other answered to it eight days ago.
    Answered,
}

const PLAIN: [Holds; 3] = [Holds::Not, Holds::Offered, Holds::Usable];
const SEEN: [Holds; 5] = [
    Holds::Not,
    Holds::Offered,
    Holds::Usable,
    Holds::Came,
    Holds::Answered,
];

/// All ways to hold so many secrets.
fn ways<const N: usize>(of: &[Holds]) -> Vec<[Holds; N]> {
    let mut all = vec![[Holds::Not; N]];
    for place in 0..N {
        all = all
            .iter()
            .flat_map(|way| {
                of.iter().map(move |holds| {
                    let mut way = *way;
                    way[place] = *holds;
                    way
                })
            })
            .collect();
    }
    all
}

fn secret(number: usize) -> PairSecret {
    PairSecret::from_secret_bytes([u8::try_from(number).unwrap() + 100; 32])
}

/// Puts a home into the state that it holds these secrets and no others; their generations are given.
async fn hold(home: &TestHome, other: &TestHome, how: &[Holds], generations: &[u32]) {
    let (id, now, keys) = (other.id(), home.now(), home.federation().keys().clone());
    let rows: Vec<(usize, Holds, u32)> = how
        .iter()
        .zip(generations)
        .enumerate()
        .filter(|(_, (holds, _))| **holds != Holds::Not)
        .map(|(number, (holds, generation))| (number, *holds, *generation))
        .collect();
    home.write(move |tx| {
        forget_secrets(tx, &id).unwrap();
        for (number, holds, generation) in rows {
            let secret = secret(number);
            let key_id = secret.key_id().to_string();
            keys.put(tx, &pair_secret_name(&key_id), &*secret.to_secret_bytes())
                .unwrap();
            let row = SecretRow {
                key_id: key_id.clone(),
                created_at: now.plus_days(-20),
                generation,
                usable: holds != Holds::Offered,
                answered_at: None,
                received_at: None,
                used_at: None,
                doubted_at: None,
            };
            pair_secret::insert_next(tx, &id, &row).unwrap();
            let seen = now.plus_days(-8);
            match holds {
                Holds::Came => assert!(pair_secret::received(tx, &key_id, seen, 0).unwrap()),
                Holds::Answered => assert!(pair_secret::answered(tx, &key_id, seen, 0).unwrap()),
                Holds::Not | Holds::Offered | Holds::Usable => {}
            }
        }
    })
    .await;
}

async fn names(home: &TestHome, other: &TestHome) -> Vec<String> {
    let id = other.id();
    home.read(move |tx| pair_secret::of_home(tx, &id).unwrap()).await
}

async fn lives(home: &TestHome, other: &TestHome) -> Vec<SecretRow> {
    let id = other.id();
    home.read(move |tx| pair_secret::lives(tx, &id).unwrap()).await
}

/// How many requests a home has sent.
async fn calls(from: &TestHome, to: &TestHome, why: &str) -> usize {
    let before = from.way.count();
    let answered = from.federation().ping(&to.id()).await;
    assert!(answered.is_ok(), "{why}: {answered:?}");
    from.way.count() - before
}

async fn pass(homes: [&TestHome; 2], days: i64) {
    for home in homes {
        home.clock.advance_ms(days * DAY_MS);
        home.federation().sweep().await.unwrap();
    }
}

/// Both ways work from the first call on, and both come to one secret; if only Anna's calls arrive, those do, for ever.
async fn comes_together(anna: &TestHome, ben: &TestHome, only_anna: bool, why: &str) {
    for round in 0..2 {
        let requests = calls(anna, ben, why).await;
        assert!(round == 0 || requests == 1, "{why}: {requests} requests of Anna");
        if !only_anna {
            let requests = calls(ben, anna, why).await;
            assert!(round == 0 || requests == 1, "{why}: {requests} requests of Ben");
        }
    }
    let (annas, bens) = (names(anna, ben).await, names(ben, anna).await);
    assert!(bens.contains(&annas[0]), "{why}");
    if !only_anna {
        assert_eq!(annas[0], bens[0], "{why}");
    }
    for days in [1, 7] {
        pass([anna, ben], days).await;
        assert_eq!(calls(anna, ben, why).await, 1, "{why}");
        if !only_anna {
            assert_eq!(calls(ben, anna, why).await, 1, "{why}");
        }
    }
    let renewed = anna.federation().renew_secret(&ben.id()).await;
    assert!(renewed.is_ok(), "{why}: {renewed:?}");
    calls(anna, ben, why).await;
    if only_anna {
        pass([anna, ben], 8).await;
    } else {
        calls(ben, anna, why).await;
    }
    calls(anna, ben, why).await;
    let (annas, bens) = (lives(anna, ben).await, lives(ben, anna).await);
    assert_eq!(annas[0].key_id, bens[0].key_id, "{why}");
    let others = [&annas[1..], &bens[1..]].concat();
    assert!(
        others.iter().all(|row| !row.usable),
        "{why}: no older secret is left that is in use: {annas:?} {bens:?}"
    );
}

/// Two homes, connected, that let each other ask as often as they like.
async fn two_patient() -> (TestHome, TestHome) {
    let limits = || ListenerLimits {
        burst: u32::MAX,
        ..ListenerLimits::default()
    };
    let (anna, ben) = (
        TestHome::with_limits(1, limits()).await,
        TestHome::with_limits(2, limits()).await,
    );
    pair(&anna, &ben).await;
    (anna, ben)
}

/// How many of all pairs of states were played: each `nth` of them.
async fn all_come_together<const N: usize>(of: &[Holds], generations: [u32; N], nth: usize) -> usize {
    let (anna, ben) = two_patient().await;
    let all = ways::<N>(of);
    let mut played = 0;
    for (number, annas) in all.iter().enumerate() {
        for bens in all.iter().skip(number % nth).step_by(nth) {
            let both = |(one, other): &(&Holds, &Holds)| **one != Holds::Not && **other != Holds::Not;
            if !annas.iter().zip(bens).any(|two| both(&two)) {
                continue;
            }
            for only_anna in [false, true] {
                hold(&anna, &ben, annas, &generations).await;
                hold(&ben, &anna, bens, &generations).await;
                let why = format!("Anna {annas:?}, Ben {bens:?}, only Anna calls: {only_anna}");
                comes_together(&anna, &ben, only_anna, &why).await;
                played += 1;
            }
        }
    }
    played
}

#[tokio::test]
async fn with_any_secret_in_common_both_ways_work_whatever_else_each_holds() {
    let of = 24 * 24 - 2 * 4 * 4;
    assert_eq!(all_come_together(&SEEN, [0, 1], 1).await, 2 * of);
}

#[tokio::test]
async fn with_any_of_three_in_common_of_which_two_are_of_the_same_generation_too() {
    assert!(all_come_together(&PLAIN, [0, 1, 1], 4).await > 200);
}

/// What anybody on the way can answer: that the secret is not known.
fn unknown() -> Fault {
    Fault::Answer(Box::new(|answer| {
        *answer.status_mut() = StatusCode::FORBIDDEN;
        answer.headers_mut().clear();
        answer
            .headers_mut()
            .insert("content-type", HeaderValue::from_static(CONTENT_TYPE));
        *answer.body_mut() = Problem::new(Code::NotConnected).to_body().into();
    }))
}

#[tokio::test]
async fn who_lies_on_the_way_brings_no_destroyed_secret_back() {
    let (anna, ben) = two().await;
    let old = secret_of(&anna, &ben).key_id().to_string();
    anna.federation().renew_secret(&ben.id()).await.unwrap();
    ben.federation().ping(&anna.id()).await.unwrap();
    anna.federation().ping(&ben.id()).await.unwrap();
    let new = names(&anna, &ben).await;
    assert!(new.len() == 1 && new[0] != old);
    anna.way.next(unknown());
    let before = anna.way.count();
    let lied = anna.federation().ping(&ben.id()).await.unwrap_err();
    assert_eq!((lied.code(), anna.way.count() - before), ("not_connected", 1));
    assert_eq!(names(&anna, &ben).await, new);
    // Whoever has kept the old one is not answered with it.
    let kept = secret_of(&anna, &ben);
    let asked = anna.request(&ben, &[], |draft| draft.secret = kept);
    assert_eq!(anna.send(&ben, asked).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(calls(&anna, &ben, "after the lie").await, 1);
}

#[tokio::test]
async fn who_lies_on_the_way_while_two_are_good_undoes_nothing_once_the_new_one_is_used() {
    let (anna, ben) = two().await;
    anna.federation().renew_secret(&ben.id()).await.unwrap();
    let new = names(&anna, &ben).await[0].clone();
    anna.way.next(unknown());
    assert_eq!(calls(&anna, &ben, "with the older one").await, 2);
    assert_ne!(names(&anna, &ben).await[0], new);
    ben.federation().ping(&anna.id()).await.unwrap();
    assert_eq!(
        names(&anna, &ben).await[0],
        new,
        "Ben has it, as he signs with it"
    );
    // What is used longer after the lie than a request can be on its way, both have.
    for home in [&anna, &ben] {
        home.clock.advance_ms(12 * 60_000);
    }
    anna.federation().ping(&ben.id()).await.unwrap();
    ben.federation().ping(&anna.id()).await.unwrap();
    anna.federation().sweep().await.unwrap();
    ben.federation().sweep().await.unwrap();
    for (here, there) in [(&anna, &ben), (&ben, &anna)] {
        assert_eq!(names(here, there).await, std::slice::from_ref(&new));
    }
}

#[tokio::test]
async fn who_lies_on_the_way_again_and_again_makes_homes_renew_once_a_day_at_most() {
    let (anna, ben) = two_patient().await;
    anna.federation().renew_secret(&ben.id()).await.unwrap();
    let before = anna.way.count_to(ROTATE_PATH);
    for hour in 0..10 * 24 {
        for home in [&anna, &ben] {
            home.clock.advance_ms(DAY_MS / 24);
            home.federation().sweep().await.unwrap();
        }
        if names(&anna, &ben).await.len() > 1 {
            anna.way.next(unknown());
        }
        calls(&anna, &ben, &format!("hour {hour}")).await;
        anna.federation().renew_if_due(&ben.id()).await.unwrap();
    }
    let renewed = anna.way.count_to(ROTATE_PATH) - before;
    assert!((1..=10).contains(&renewed), "{renewed}");
    assert!(names(&anna, &ben).await.len() <= 8 && names(&ben, &anna).await.len() <= 8);
    calls(&ben, &anna, "the other way").await;
}

#[tokio::test]
async fn a_home_that_renews_again_and_again_leaves_a_few_secrets() {
    let (anna, ben) = two().await;
    for _ in 0..20 {
        ben.federation().renew_secret(&anna.id()).await.unwrap();
        assert!(names(&anna, &ben).await.len() <= 8 && names(&ben, &anna).await.len() <= 8);
    }
    calls(&anna, &ben, "Anna calls for the first time").await;
    calls(&ben, &anna, "and Ben").await;
    assert_eq!(names(&anna, &ben).await, names(&ben, &anna).await);
    assert_eq!(names(&anna, &ben).await.len(), 1);
}

/// Anna's first offer is on its way for so long that a second one was agreed on meanwhile.
#[tokio::test]
async fn an_offer_that_comes_late_takes_the_agreed_secret_away_and_both_ways_work_on() {
    let (anna, ben) = two().await;
    anna.way.next(Fault::Request(Box::new(|request| {
        *request.body_mut() = bytes::Bytes::new()
    })));
    let late = anna.way.count();
    assert!(anna.federation().renew_secret(&ben.id()).await.is_err());
    anna.way.next(Fault::Answer(Box::new(|_| ())));
    anna.way.next(Fault::LoseAnswer);
    let agreed = anna.federation().renew_secret(&ben.id()).await;
    assert!(agreed.is_err(), "the first use was not answered");
    let here = lives(&anna, &ben).await;
    // As if it had not even come.
    let unused = SecretRow {
        usable: false,
        ..here[0].clone()
    };
    let of = anna.id();
    ben.write(move |tx| {
        pair_secret::delete(tx, &unused.key_id).unwrap();
        pair_secret::insert_next(tx, &of, &unused).unwrap();
    })
    .await;
    assert_eq!(anna.way.repeat(late).await.status(), StatusCode::OK);
    assert!(!names(&ben, &anna).await.contains(&here[0].key_id));
    assert!(here.iter().any(|row| row.usable && row.generation == 1));
    assert_eq!(
        calls(&anna, &ben, "Ben does not know the new one any more").await,
        2
    );
    assert_eq!(calls(&anna, &ben, "and is not asked again").await, 1);
    calls(&ben, &anna, "the other way").await;
    anna.federation().renew_if_due(&ben.id()).await.unwrap();
    assert_eq!(names(&anna, &ben).await.len(), 2, "nothing is renewed yet");
    for home in [&anna, &ben] {
        home.clock.advance_ms(DAY_MS);
    }
    anna.federation().renew_if_due(&ben.id()).await.unwrap();
    calls(&ben, &anna, "with the next one").await;
    calls(&anna, &ben, "with the next one").await;
    let (annas, bens) = (lives(&anna, &ben).await, lives(&ben, &anna).await);
    assert_eq!((annas.len(), bens.len()), (1, 1), "{annas:?} {bens:?}");
    assert_eq!(annas[0].key_id, bens[0].key_id);
    assert_eq!(annas[0].generation, 1);
}

#[tokio::test]
async fn a_home_put_back_that_ends_the_connection_is_heard_by_one_with_a_newer_secret() {
    let (anna, ben) = two().await;
    hold(&anna, &ben, &[Holds::Usable, Holds::Usable], &[0, 1]).await;
    hold(&ben, &anna, &[Holds::Usable, Holds::Not], &[0, 1]).await;
    ben.way.next(Fault::Request(Box::new(|request| {
        *request.body_mut() = bytes::Bytes::new()
    })));
    ben.federation().end_connection(&anna.id(), false).await.unwrap();
    assert_eq!(names(&anna, &ben).await.len(), 2, "the word did not come");
    let ended = anna.federation().ping(&ben.id()).await.unwrap_err();
    assert_eq!(ended.code(), "not_connected");
    assert!(names(&anna, &ben).await.is_empty(), "Anna has heard it");
}

#[tokio::test]
async fn what_is_still_on_its_way_does_not_set_a_newer_secret_aside() {
    let (anna, ben) = two().await;
    let old = secret_of(&anna, &ben);
    anna.federation().renew_secret(&ben.id()).await.unwrap();
    let new = names(&anna, &ben).await[0].clone();
    let late = ben.request(&anna, &[], |draft| draft.secret = old.clone());
    assert_eq!(ben.send(&anna, late).await.status(), StatusCode::OK);
    assert_eq!(names(&anna, &ben).await[0], new);
    // What it uses eleven minutes later it uses because it has no other.
    for home in [&anna, &ben] {
        home.clock.advance_ms(11 * 60_000 + 1000);
    }
    let again = ben.request(&anna, &[], |draft| draft.secret = old);
    assert_eq!(ben.send(&anna, again).await.status(), StatusCode::OK);
    assert_ne!(names(&anna, &ben).await[0], new);
    assert_eq!(
        names(&anna, &ben).await.len(),
        2,
        "it is kept, and may be used again"
    );
}

#[tokio::test]
async fn a_copy_of_a_home_that_uses_an_older_secret_does_not_cut_off_the_one_with_the_newer() {
    let (anna, ben) = two().await;
    hold(&anna, &ben, &[Holds::Usable, Holds::Came], &[0, 1]).await;
    hold(&ben, &anna, &[Holds::Not, Holds::Usable], &[0, 1]).await;
    for _ in 0..9 {
        let copy = ben.request(&anna, &[], |draft| draft.secret = secret(0));
        assert_eq!(ben.send(&anna, copy).await.status(), StatusCode::OK);
        pass([&anna, &ben], 1).await;
    }
    calls(&ben, &anna, "with the newer one").await;
    calls(&anna, &ben, "with the newer one").await;
    assert_eq!(names(&anna, &ben).await[0], names(&ben, &anna).await[0]);
}

/// The secrets of Anna after half a year in which Ben called with the newer one every few days, and somebody who has the older one from a
/// copy of his disk called right after, or nobody did.
async fn half_a_year(with_thief: bool) -> Vec<String> {
    let (anna, ben) = two_patient().await;
    hold(&anna, &ben, &[Holds::Usable, Holds::Came], &[0, 1]).await;
    hold(&ben, &anna, &[Holds::Not, Holds::Answered], &[0, 1]).await;
    for _ in 0..30 {
        calls(&ben, &anna, "with the newer one").await;
        if with_thief {
            let stolen = ben.request(&anna, &[], |draft| draft.secret = secret(0));
            let _status = ben.send(&anna, stolen).await.status();
        }
        pass([&anna, &ben], 6).await;
    }
    calls(&ben, &anna, "with the newer one").await;
    names(&anna, &ben).await
}

#[tokio::test]
async fn whoever_has_an_older_secret_does_not_keep_it_alive() {
    for with_thief in [false, true] {
        let newer = secret(1).key_id().to_string();
        assert_eq!(half_a_year(with_thief).await, [newer], "{with_thief}");
    }
}

#[tokio::test]
async fn a_copy_that_renews_does_not_cut_off_the_home_that_goes_on() {
    let (anna, ben) = two_patient().await;
    hold(&anna, &ben, &[Holds::Usable, Holds::Came], &[0, 1]).await;
    // An older copy of Ben's home is started beside it: its secret is old, so it renews at once.
    hold(&ben, &anna, &[Holds::Usable, Holds::Not], &[0, 1]).await;
    ben.federation().renew_secret(&anna.id()).await.unwrap();
    // Ben's home itself goes on.
    hold(&ben, &anna, &[Holds::Not, Holds::Answered], &[0, 1]).await;
    let answered = ben.federation().ping(&anna.id()).await;
    assert!(answered.is_ok(), "{answered:?} {:?}", names(&anna, &ben).await);
}

#[tokio::test]
async fn a_doubt_ends_by_answers_where_only_one_of_the_two_calls() {
    let (anna, ben) = two().await;
    hold(&anna, &ben, &[Holds::Usable, Holds::Answered], &[0, 1]).await;
    hold(&ben, &anna, &[Holds::Not, Holds::Came], &[0, 1]).await;
    let stolen = ben.request(&anna, &[], |draft| draft.secret = secret(0));
    assert_eq!(ben.send(&anna, stolen).await.status(), StatusCode::OK);
    calls(&anna, &ben, "Ben knows the newer one only").await;
    assert!(lives(&anna, &ben).await[0].doubted_at.is_some());
    for home in [&anna, &ben] {
        home.clock.advance_ms(12 * 60_000);
    }
    calls(&anna, &ben, "with the newer one").await;
    assert_eq!(names(&anna, &ben).await, [secret(1).key_id().to_string()]);
}
