use proptest::prelude::*;

use super::*;
use crate::identity::PersonCard;
use crate::ids::{Epoch, KeyId};
use crate::invite::{Invite, InviteToken, Scope};
use crate::keys::NodeKey;
use crate::testing::{CountingRng, node, person, uuid7};

const NOW: i64 = 1_700_000_000_000;

fn introduction(number: u8) -> Introduction {
    Introduction {
        home_name: format!("Home {number}"),
        versions: vec![1],
        epoch: Epoch::from_bytes([number; 16]),
        addresses: vec![format!("home{number}.example:8443").parse().unwrap()],
        person: PersonCard {
            puid: uuid7(u128::from(number)),
            display_name: format!("Person {number}"),
            key: person(number).public(),
        },
        holds: None,
        met: None,
    }
}

fn invite_of(inviter: &NodeKey) -> (Invite, OpenInvite) {
    let token = InviteToken::from_secret_bytes([5; 16]);
    let expires_s = 1_700_003_600;
    let invite = Invite {
        node: inviter.id(),
        addresses: vec!["home1.example:8443".parse().unwrap()],
        token: token.clone(),
        expires_s,
        scope: Scope::Full,
    };
    (
        invite,
        OpenInvite {
            token,
            expires_s,
            used: false,
            scope: Scope::Full,
        },
    )
}

/// Inviter 1, joiner 2, the joiner's request on its way.
fn start() -> (CountingRng, OpenInvite, Joiner, PairRequest) {
    let mut rng = CountingRng::new(1);
    let (invite, open) = invite_of(&node(1));
    let (joiner, request) = Joiner::start(&mut rng, &node(2), &introduction(2), &invite, NOW).unwrap();
    (rng, open, joiner, request)
}

/// As the other side sees it: through its text.
fn sent(request: &PairRequest) -> PairRequest {
    PairRequest::parse(request.as_str()).unwrap()
}

#[test]
fn two_homes_meet_and_share_a_secret_that_was_never_sent() {
    let (mut rng, open, joiner, request) = start();
    let (inviters, answer) = answer(
        &mut rng,
        &node(1),
        &introduction(1),
        &sent(&request),
        Some(&open),
        NOW,
    )
    .unwrap();
    let joiners = joiner
        .answered(&PairAnswer::parse(answer.as_str()).unwrap(), NOW)
        .unwrap();

    assert_eq!(
        *inviters.secret().to_secret_bytes(),
        *joiners.secret().to_secret_bytes()
    );
    assert_eq!(inviters.key_id(), joiners.key_id());
    assert_eq!(inviters.words(), joiners.words());
    assert_eq!(inviters.peer().introduction, introduction(2));
    assert_eq!(joiners.peer().introduction, introduction(1));
    assert_eq!(joiners.peer().node, node(1).id());

    let key = joiners.key_id();
    let inviters = inviters.confirm(&key, NOW + 1).unwrap();
    let joiners = joiners.confirm(&key, NOW + 2).unwrap();
    assert_eq!((inviters.version, joiners.version), (1, 1));
    assert_eq!(inviters.invite, joiners.invite);
}

#[test]
fn an_unconfirmed_agreement_becomes_nothing() {
    let (mut rng, open, _, request) = start();
    let (agreement, _) = answer(&mut rng, &node(1), &introduction(1), &request, Some(&open), NOW).unwrap();
    let other = KeyId::from_bytes([0; 16]);
    assert!(matches!(
        agreement.clone().confirm(&other, NOW),
        Err(PairError::NotConfirmed)
    ));
    let key = agreement.key_id();
    let late = agreement.confirm(&key, NOW + CONFIRM_WITHIN_MS);
    assert!(matches!(late, Err(PairError::NotConfirmed)));
}

#[test]
fn a_wrong_token_and_an_unknown_invite_look_the_same() {
    let (mut rng, open, _, request) = start();
    let guessed = OpenInvite {
        token: InviteToken::from_secret_bytes([6; 16]),
        ..open
    };
    for invite in [Some(&guessed), None] {
        let refused = answer(&mut rng, &node(1), &introduction(1), &request, invite, NOW).unwrap_err();
        assert!(matches!(refused, PairError::InvalidInvite), "{refused:?}");
    }
}

#[test]
fn only_a_holder_of_the_token_learns_that_it_ended_or_was_used() {
    let (mut rng, open, _, request) = start();
    let mut refuse = |invite: &OpenInvite, now| {
        answer(&mut rng, &node(1), &introduction(1), &request, Some(invite), now).unwrap_err()
    };
    let used = OpenInvite {
        used: true,
        ..open.clone()
    };
    assert!(matches!(refuse(&used, NOW), PairError::InviteUsed));
    assert!(matches!(refuse(&open, NOW + 3_600_000), PairError::InviteExpired));
    let stranger = OpenInvite {
        token: InviteToken::from_secret_bytes([6; 16]),
        ..used
    };
    assert!(matches!(
        refuse(&stranger, NOW + 3_600_000),
        PairError::InvalidInvite
    ));
}

#[test]
fn an_expired_or_own_invite_is_not_even_tried() {
    let mut rng = CountingRng::new(1);
    let (invite, _) = invite_of(&node(1));
    let late = Joiner::start(&mut rng, &node(2), &introduction(2), &invite, NOW + 3_600_000);
    assert!(matches!(late, Err(PairError::InviteExpired)));
    let own = Joiner::start(&mut rng, &node(1), &introduction(1), &invite, NOW);
    assert!(matches!(own, Err(PairError::OwnNode)));
}

#[test]
fn a_request_for_another_home_is_not_answered() {
    let (mut rng, open, _, request) = start();
    let refused = answer(&mut rng, &node(3), &introduction(3), &request, Some(&open), NOW).unwrap_err();
    assert!(matches!(refused, PairError::WrongDestination));
}

#[test]
fn a_home_in_between_cannot_answer_for_the_inviter() {
    let (mut rng, open, joiner, request) = start();
    // It holds the token (somebody read the link) but not the inviter's key.
    let (invite, _) = invite_of(&node(3));
    let (_, own_request) = Joiner::start(&mut rng, &node(2), &introduction(2), &invite, NOW).unwrap();
    let (_, forged) = answer(
        &mut rng,
        &node(3),
        &introduction(3),
        &own_request,
        Some(&open),
        NOW,
    )
    .unwrap();
    assert!(matches!(
        joiner.answered(&forged, NOW),
        Err(PairError::WrongAnswer)
    ));
    drop(request);
}

#[test]
fn an_answer_to_an_earlier_request_is_not_taken() {
    let (mut rng, open, _, first) = start();
    let (_, old_answer) = answer(&mut rng, &node(1), &introduction(1), &first, Some(&open), NOW).unwrap();
    let (invite, _) = invite_of(&node(1));
    let (joiner, second) = Joiner::start(&mut rng, &node(2), &introduction(2), &invite, NOW).unwrap();
    assert_ne!(first.as_str(), second.as_str());
    assert!(matches!(
        joiner.answered(&old_answer, NOW),
        Err(PairError::WrongAnswer)
    ));
}

#[test]
fn both_mean_the_same_by_an_invite_or_do_not_pair() {
    let mut rng = CountingRng::new(1);
    let scopes = [
        Scope::Full,
        Scope::Person(uuid7(7)),
        Scope::Person(uuid7(8)),
        Scope::Group(uuid7(7)),
    ];
    for told in scopes {
        for opened in scopes {
            let (invite, open) = invite_of(&node(1));
            let invite = Invite {
                scope: told,
                ..invite
            };
            let open = OpenInvite {
                scope: opened,
                ..open
            };
            let (_, request) = Joiner::start(&mut rng, &node(2), &introduction(2), &invite, NOW).unwrap();
            match answer(&mut rng, &node(1), &introduction(1), &request, Some(&open), NOW) {
                Ok((agreement, _)) => {
                    let key = agreement.key_id();
                    assert_eq!(agreement.confirm(&key, NOW).unwrap().scope, opened);
                    assert_eq!(told, opened);
                }
                Err(error) => {
                    assert!(matches!(error, PairError::OutOfScope), "{error}");
                    assert_ne!(told, opened);
                }
            }
        }
    }
}

#[test]
fn homes_without_a_common_version_part() {
    let mut rng = CountingRng::new(1);
    let (invite, open) = invite_of(&node(1));
    let future = Introduction {
        versions: vec![2, 3],
        ..introduction(2)
    };
    let (_, request) = Joiner::start(&mut rng, &node(2), &future, &invite, NOW).unwrap();
    let refused = answer(&mut rng, &node(1), &introduction(1), &request, Some(&open), NOW).unwrap_err();
    assert!(matches!(refused, PairError::UnsupportedVersion));
    let both = Introduction {
        versions: vec![9, 1],
        ..introduction(2)
    };
    let (_, request) = Joiner::start(&mut rng, &node(2), &both, &invite, NOW).unwrap();
    assert!(answer(&mut rng, &node(1), &introduction(1), &request, Some(&open), NOW).is_ok());
}

#[test]
fn a_request_cannot_be_reflected_as_an_answer() {
    let (_, _, _, request) = start();
    assert!(matches!(
        PairAnswer::parse(request.as_str()),
        Err(PairError::Malformed("role"))
    ));
}

#[test]
fn introductions_that_would_mislead_are_refused() {
    let mut rng = CountingRng::new(1);
    let (invite, _) = invite_of(&node(1));
    let wrong = [
        Introduction {
            home_name: String::new(),
            ..introduction(2)
        },
        Introduction {
            home_name: "x".repeat(81),
            ..introduction(2)
        },
        Introduction {
            versions: vec![],
            ..introduction(2)
        },
        Introduction {
            versions: vec![1; 17],
            ..introduction(2)
        },
        Introduction {
            addresses: vec!["a.example:1".parse().unwrap(); 9],
            ..introduction(2)
        },
    ];
    for me in wrong {
        assert!(
            Joiner::start(&mut rng, &node(2), &me, &invite, NOW).is_err(),
            "{me:?}"
        );
    }
    let mut masked = introduction(2);
    masked.person.display_name = "evil\u{202e}".to_owned();
    assert!(matches!(
        Joiner::start(&mut rng, &node(2), &masked, &invite, NOW),
        Err(PairError::Card(_))
    ));
}

#[test]
fn nothing_secret_is_printed() {
    let (mut rng, open, joiner, request) = start();
    let (agreement, answer) =
        answer(&mut rng, &node(1), &introduction(1), &request, Some(&open), NOW).unwrap();
    let shown = format!("{joiner:?} {request:?} {agreement:?} {answer:?} {open:?}");
    assert!(
        !shown.contains("proof") && !shown.contains("ephemeral"),
        "{shown}"
    );
    assert!(!shown.contains("5, 5"), "{shown}");
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,200}") {
        let _ = PairRequest::parse(&text);
        let _ = PairAnswer::parse(&text);
    }

    #[test]
    fn a_changed_message_never_passes(place in 0..2_000_usize, replacement in "[A-Za-z0-9_-]") {
        let (_, _, _, request) = start();
        let mut text = request.as_str().as_bytes().to_vec();
        let place = place % text.len();
        prop_assume!(text[place] != replacement.as_bytes()[0]);
        text[place] = replacement.as_bytes()[0];
        prop_assert!(PairRequest::parse(&String::from_utf8(text).unwrap()).is_err());
    }
}
