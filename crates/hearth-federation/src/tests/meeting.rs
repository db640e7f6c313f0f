//! A pairing over the real listener, and the first delivery after it.

use super::rig::{Fault, TestHome};
use crate::testing::person;
use hearth_api::homes::{CreateHomeInvite, HomeState};
use hearth_api::{Code, PersonId};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::PersonRow;
use hearth_db::{home, person as people};

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
