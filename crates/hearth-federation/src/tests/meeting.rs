//! A pairing over the real listener, and the first delivery after it.

use super::rig::{Fault, TestHome};
use crate::identity::PersonCard;
use crate::ids::Epoch;
use crate::invite::Invite;
use crate::pairing::{Introduction, Joiner, VERSIONS};
use crate::testing::{CountingRng, node, person, uuid7};
use hearth_api::homes::{CreateHomeInvite, HomeState};
use hearth_api::{Code, PersonId};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::PersonRow;
use hearth_db::{home, person as people};
use http::StatusCode;
use std::net::{IpAddr, Ipv4Addr};

/// Gives a home its own row and its person.
async fn settle_in(home_: &TestHome, number: u8, name: &str) -> PersonId {
    let (id, name, puid) = (home_.id(), name.to_owned(), PersonId(home_.author()));
    home_
        .write(move |tx| {
            let row = HomeRow {
                id: id.clone(),
                name: name.clone(),
                nickname: String::new(),
                state: HomeRowState::Own,
            };
            home::put(tx, &row).unwrap();
            let row = PersonRow {
                id: puid,
                home: id,
                name,
                public_key: *person(number).public().as_bytes(),
                picture: None,
                findable: true,
                hlc: String::new(),
                deleted_at: None,
            };
            people::put(tx, &row).unwrap();
        })
        .await;
    puid
}

#[tokio::test]
async fn two_homes_meet_by_an_invite_and_talk_in_both_directions() {
    let (anna, ben) = (TestHome::new(1).await, TestHome::new(2).await);
    let annas = settle_in(&anna, 1, "Anna").await;
    let bens = settle_in(&ben, 2, "Ben").await;
    let invite = anna
        .federation()
        .create_invite(annas, CreateHomeInvite::default())
        .await
        .unwrap();
    let joined = ben.federation().accept_invite(bens, &invite.link).await.unwrap();
    assert_eq!((&joined.id, joined.state), (&anna.id(), HomeState::Connected));
    let other_side = anna.federation().get_home(&ben.id()).await.unwrap().unwrap();
    assert_eq!(other_side.state, HomeState::Connected);
    assert_eq!(other_side.words, joined.words, "both windows show the same words");

    anna.say(&ben.id(), 1, "hello Ben").await;
    ben.say(&anna.id(), 1, "hello Anna").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(ben.federation().pump().await.delivered, 2, "with his greeting");
    assert_eq!(
        (ben.got().await, anna.got().await),
        (vec!["hello Ben".to_owned()], vec!["hello Anna".to_owned()])
    );

    let again = ben.federation().accept_invite(bens, &invite.link).await;
    assert_eq!(again.unwrap_err().code, Code::InviteUsed);
}

#[tokio::test]
async fn homes_whose_clocks_differ_meet_all_the_same() {
    let (anna, ben) = (TestHome::new(1).await, TestHome::new(2).await);
    let annas = settle_in(&anna, 1, "Anna").await;
    let bens = settle_in(&ben, 2, "Ben").await;
    ben.clock.advance_ms(2 * 60 * 60 * 1000);
    let invite = anna
        .federation()
        .create_invite(annas, CreateHomeInvite::default())
        .await
        .unwrap();
    ben.federation().accept_invite(bens, &invite.link).await.unwrap();
    ben.say(&anna.id(), 1, "hello").await;
    assert_eq!(ben.federation().pump().await.delivered, 2, "with his greeting");
    assert_eq!(anna.got().await, ["hello"]);
}

#[tokio::test]
async fn a_confirmation_whose_answer_is_lost_is_said_again_and_a_new_invite_mends_what_stays_half() {
    let (anna, ben) = (TestHome::new(1).await, TestHome::new(2).await);
    let annas = settle_in(&anna, 1, "Anna").await;
    let bens = settle_in(&ben, 2, "Ben").await;
    let invite = async || {
        let request = CreateHomeInvite::default();
        anna.federation()
            .create_invite(annas, request)
            .await
            .unwrap()
            .link
    };
    // The invite is answered; the confirmation is not, four times.
    ben.way.next(Fault::Answer(Box::new(|_| ())));
    for _ in 0..4 {
        ben.way.next(Fault::LoseAnswer);
    }
    let first = invite().await;
    let broken = ben.federation().accept_invite(bens, &first).await.unwrap_err();
    assert_eq!(broken.code, Code::HomeUnreachable);
    assert!(broken.message.contains("ask for a new one"), "{}", broken.message);
    assert!(ben.federation().get_home(&anna.id()).await.unwrap().is_none());
    let half = anna.federation().get_home(&ben.id()).await.unwrap().unwrap();
    assert_eq!(half.state, HomeState::Connected);
    let again = ben.federation().accept_invite(bens, &first).await.unwrap_err();
    assert_eq!(again.code, Code::InviteUsed);

    // A new one, of which three answers are lost.
    ben.way.next(Fault::Answer(Box::new(|_| ())));
    for _ in 0..3 {
        ben.way.next(Fault::LoseAnswer);
    }
    let joined = ben
        .federation()
        .accept_invite(bens, &invite().await)
        .await
        .unwrap();
    let there = anna.federation().get_home(&ben.id()).await.unwrap().unwrap();
    assert_eq!(
        (joined.state, &joined.words),
        (HomeState::Connected, &there.words)
    );
    anna.say(&ben.id(), 1, "hello Ben").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(ben.got().await, ["hello Ben"]);
}

#[tokio::test]
async fn only_so_many_agreements_wait_for_their_confirmation_and_not_for_long() {
    let anna = TestHome::new(1).await;
    let annas = settle_in(&anna, 1, "Anna").await;
    // It may not listen yet.
    let address = "192.0.2.1:7346".to_owned();
    anna.federation().set_addresses(&[address]).await.unwrap();
    let request = CreateHomeInvite::default();
    let invite = anna.federation().create_invite(annas, request).await.unwrap();
    let invite: Invite = invite.link.parse().unwrap();
    // Each from a home and a network of its own, with the same invite.
    let ask = async |n: u8| {
        let me = Introduction {
            home_name: format!("House {n}"),
            versions: VERSIONS.to_vec(),
            epoch: Epoch::from_bytes([n; 16]),
            addresses: Vec::new(),
            person: PersonCard {
                puid: uuid7(u128::from(n)),
                display_name: "Somebody".to_owned(),
                key: person(n).public(),
            },
            holds: None,
        };
        let mut rng = CountingRng::new(u64::from(n));
        let (_, message) = Joiner::start(&mut rng, &node(n), &me, &invite, anna.now().0).unwrap();
        let source = IpAddr::V4(Ipv4Addr::new(192, 0, 2, n));
        anna.federation()
            .handle_pair(message.as_str().as_bytes(), source)
            .await
    };
    for n in 2..34 {
        assert_eq!(ask(n).await.0, StatusCode::OK, "{n}");
    }
    let (status, problem) = ask(34).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let problem = crate::problem::Problem::from_body(&problem).unwrap();
    assert_eq!(problem.code, crate::problem::Code::Unavailable);
    anna.clock.advance_ms(9 * 60 * 1000);
    assert_eq!(ask(35).await.0, StatusCode::SERVICE_UNAVAILABLE);
    anna.clock.advance_ms(60 * 1000 + 1);
    assert_eq!(ask(36).await.0, StatusCode::OK, "the others are dropped");
}
