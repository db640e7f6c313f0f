//! A pairing over the real listener, and the first delivery after it.

use super::rig::{Fault, TestHome};
use crate::identity::PersonCard;
use crate::ids::{Epoch, InviteId};
use crate::invite::{Invite, Scope};
use crate::pairing::{Introduction, Joiner, Met, PairAnswer, VERSIONS};
use crate::reconcile::has_lost;
use crate::subscriptions::held;
use crate::testing::{CountingRng, node, person, uuid7};
use hearth_api::homes::{CreateHomeInvite, HomeState, InviteScope};
use hearth_api::{Code, HomeId, PersonId};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::PersonRow;
use hearth_db::reconcile::{self, Restored};
use hearth_db::{home, meeting, meta, person as people};
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
        let me = introduction(n, None, None);
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

fn introduction(n: u8, holds: Option<Vec<Scope>>, met: Option<Met>) -> Introduction {
    Introduction {
        home_name: format!("House {n}"),
        versions: VERSIONS.to_vec(),
        epoch: Epoch::from_bytes([n; 16]),
        addresses: Vec::new(),
        person: PersonCard {
            puid: uuid7(u128::from(n)),
            display_name: "Somebody".to_owned(),
            key: person(n).public(),
        },
        holds,
        met,
    }
}

/// What Anna's home makes of Ben's, when it joins by an invite of hers and says that it holds this.
struct Joins {
    anna: TestHome,
    annas: PersonId,
    drawn: u64,
}

#[derive(Debug, PartialEq)]
struct Found {
    /// Whether what was held was ended.
    gone: bool,
    /// What is held now.
    held: Vec<Scope>,
    /// Who is to be mended by comparing, and whether by more than the other home's word.
    mending: Option<(Restored, bool)>,
    times: u32,
    /// Whether the invite of this meeting is that by which the connection began.
    began: bool,
}

impl Joins {
    async fn new() -> Self {
        let anna = TestHome::new(1).await;
        let annas = settle_in(&anna, 1, "Anna").await;
        let address = "192.0.2.1:7346".to_owned();
        anna.federation().set_addresses(&[address]).await.unwrap();
        Self {
            anna,
            annas,
            drawn: 0,
        }
    }

    /// Joins, for one thing only if that is named; what was said in answer of what is known of the two, and what is found afterwards.
    async fn joins(
        &mut self,
        only: Option<Scope>,
        holds: Option<Vec<Scope>>,
        met: Option<Met>,
    ) -> (Met, Found) {
        let federation = self.anna.federation();
        self.anna.clock.advance_ms(61_000);
        let scope = only.map_or(InviteScope::Full, |_| InviteScope::Person);
        let request = CreateHomeInvite {
            scope,
            ..CreateHomeInvite::default()
        };
        let link = federation.create_invite(self.annas, request).await.unwrap().link;
        let invite: Invite = link.parse().unwrap();
        self.drawn += 1;
        let mut rng = CountingRng::new(self.drawn);
        let me = introduction(2, holds, met);
        let (joiner, message) = Joiner::start(&mut rng, &node(2), &me, &invite, self.anna.now().0).unwrap();
        let source = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
        let (status, body) = federation.handle_pair(message.as_str().as_bytes(), source).await;
        assert_eq!(status, StatusCode::OK);
        let answer = PairAnswer::parse(std::str::from_utf8(&body).unwrap()).unwrap();
        let said = answer.introduction().met.unwrap();
        let agreement = joiner.answered(&answer, self.anna.now().0).unwrap();
        federation.confirm_pairing(&agreement.key_id()).await.unwrap();
        let (ben, name) = (HomeId::from(&node(2).id()), invite.token.invite_id().to_string());
        let found = self
            .anna
            .write(move |tx| {
                let gone = format!("gone:{ben}");
                let row = meeting::get(tx, &ben).unwrap();
                let mending = reconcile::get(tx, &ben).unwrap();
                let found = Found {
                    gone: meta::get(tx, &gone).unwrap().is_some(),
                    held: held(tx, &ben).unwrap(),
                    mending: mending.map(|row| (row.restored, has_lost(tx, &ben).unwrap())),
                    times: row.times,
                    began: row.invite == Some(name),
                };
                meta::remove(tx, &gone).unwrap();
                reconcile::forget(tx, &ben).unwrap();
                found
            })
            .await;
        (said, found)
    }
}

fn met(times: u32, invite: u8) -> Met {
    Met {
        times,
        invite: (invite > 0).then(|| InviteId::from_bytes([invite; 16])),
    }
}

#[tokio::test]
async fn of_two_that_hold_connections_the_earlier_one_ends_and_a_lie_about_it_brings_nothing_but_that() {
    let mut story = Joins::new().await;
    let full = || vec![Scope::Full];
    let goes_on = |times| Found {
        gone: false,
        held: full(),
        mending: None,
        times,
        began: false,
    };
    let (said, found) = story.joins(None, Some(Vec::new()), Some(met(0, 0))).await;
    assert_eq!(said, met(0, 0));
    let begun = Found {
        began: true,
        ..goes_on(1)
    };
    assert_eq!(found, begun);
    // Whoever says the same, and whoever says nothing of it, ends nothing.
    let (first, found) = story.joins(None, Some(full()), None).await;
    assert_eq!((first.times, found), (1, goes_on(1)));
    let (said, found) = story.joins(None, Some(full()), Some(first)).await;
    assert_eq!((said, found), (first, goes_on(1)));
    // The other was put back to before it: it ends what it holds, and is given what it lost.
    let (said, found) = story.joins(None, Some(full()), Some(met(0, 0))).await;
    let given = Found {
        mending: Some((Restored::There, false)),
        ..goes_on(1)
    };
    assert_eq!((said, found), (first, given));
    // This one was, or so the other says: that it lost something is that one's word alone.
    let (said, found) = story.joins(None, Some(full()), Some(met(4, 9))).await;
    let ended = |times| Found {
        gone: true,
        mending: Some((Restored::Here, false)),
        ..goes_on(times)
    };
    assert_eq!((said, found), (first, ended(4)));
    let (said, found) = story.joins(None, Some(full()), Some(met(4, 9))).await;
    assert_eq!((said, found), (met(4, 9), goes_on(4)));
    let (_, found) = story.joins(None, Some(full()), Some(met(u32::MAX, 9))).await;
    assert_eq!(found, ended(u32::MAX));
    // Who holds nothing any more begins afresh, and no count runs over.
    let (said, found) = story.joins(None, Some(Vec::new()), Some(met(1, 0))).await;
    let afresh = Found {
        gone: true,
        began: true,
        ..goes_on(u32::MAX)
    };
    assert_eq!((said, found), (met(u32::MAX, 9), afresh));
}

#[tokio::test]
async fn a_connection_for_one_person_becomes_no_more_by_what_is_said_of_a_later_one() {
    let mut story = Joins::new().await;
    let anna = Scope::Person(story.annas.0);
    let (_, found) = story.joins(Some(anna), Some(Vec::new()), Some(met(0, 0))).await;
    assert_eq!(found.held, [anna]);
    let (_, found) = story.joins(Some(anna), Some(vec![anna]), Some(met(4, 9))).await;
    assert_eq!((found.gone, found.held), (true, vec![anna]));
    let (_, found) = story
        .joins(Some(anna), Some(vec![Scope::Full]), Some(met(5, 9)))
        .await;
    assert_eq!((found.gone, found.held), (true, vec![anna]));
    assert_eq!((found.mending, found.times), (None, 6));
    // With a home that does not count, what begins is not counted, and nothing ends for it.
    let (_, found) = story.joins(Some(anna), Some(Vec::new()), None).await;
    assert_eq!((found.gone, found.times, found.began), (true, 6, false));
    let (said, found) = story.joins(Some(anna), Some(vec![anna]), None).await;
    assert_eq!((said, found.gone), (met(6, 0), false));
}
