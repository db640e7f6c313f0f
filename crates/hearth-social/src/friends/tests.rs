use super::words::{Said, say};
use crate::posts::tests::befriend;
use crate::testing::Home;
use hearth_api::people::*;
use hearth_api::{Code, PersonId, Timestamp};
use hearth_db::friendship::{self, Word};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[tokio::test]
async fn crossing_requests_make_friends() {
    let home = Home::of("Ours", &["Anna", "Ben", "Cem"]).await;
    let (anna, ben, cem) = (home.person("Anna"), home.person("Ben"), home.person("Cem"));
    befriend(&home, &anna, &ben).await;
    befriend(&home, &cem, &ben).await;
    let friends = home
        .social
        .list_friends(&ben, ListFriends::default())
        .await
        .unwrap();
    assert_eq!(
        friends
            .iter()
            .map(|row| row.person.name.as_str())
            .collect::<Vec<_>>(),
        ["Anna", "Cem"]
    );
    let some = home
        .social
        .list_friends(
            &ben,
            ListFriends {
                query: "ce".to_owned(),
            },
        )
        .await
        .unwrap();
    assert_eq!(some.len(), 1);
}

#[tokio::test]
async fn steps_that_make_no_sense_are_refused() {
    let home = Home::of("Ours", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let ask = |person, note: String| RequestFriend { person, note };
    let refused = home
        .social
        .request_friend(&anna, ask(anna.person, String::new()))
        .await
        .unwrap_err();
    assert_eq!(refused.name(), "invalid_person");
    let refused = home
        .social
        .request_friend(&anna, ask(ben.person, "x".repeat(501)))
        .await
        .unwrap_err();
    assert_eq!(refused.name(), "invalid_note");
    let nobody = PersonId(uuid::Uuid::from_u128(3));
    let refused = home
        .social
        .request_friend(&anna, ask(nobody, String::new()))
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    for answer in [FriendAnswer::Accept, FriendAnswer::Decline, FriendAnswer::Cancel] {
        let refused = home
            .social
            .answer_friend(
                &anna,
                AnswerFriend {
                    person: ben.person,
                    answer,
                },
            )
            .await
            .unwrap_err();
        assert_eq!(refused.code, Code::WrongState);
    }
    let refused = home
        .social
        .unfriend(&anna, Unfriend { person: ben.person })
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::WrongState);
}

#[tokio::test]
async fn people_are_found_by_part_of_their_name() {
    let home = Home::of("Ours", &["Anna", "Ben", "Änne"]).await;
    let anna = home.person("Anna");
    let find = async |query: &str| {
        let rows = home
            .social
            .search_people(
                &anna,
                SearchPeople {
                    query: query.to_owned(),
                    limit: 10,
                },
            )
            .await;
        rows.unwrap()
            .into_iter()
            .map(|row| row.person.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(find("").await, ["Ben", "Änne"], "everybody but oneself");
    assert_eq!(find("EN").await, ["Ben"]);
    assert_eq!(find("Än").await, ["Änne"]);
    assert!(find("%").await.is_empty());
}

fn any_said() -> impl Strategy<Value = (bool, Said)> {
    let word = prop_oneof![
        Just(Word::Request),
        Just(Word::Accept),
        Just(Word::Cancel),
        Just(Word::Decline),
        Just(Word::Remove)
    ];
    (any::<bool>(), word).prop_map(|(first, word)| {
        (
            first,
            Said {
                word,
                note: String::new(),
                at: Timestamp(0),
                hlc: String::new(),
            },
        )
    })
}

#[test]
fn words_in_any_order_lead_to_the_same_friendship() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let home = runtime.block_on(Home::of("Ours", &["Anna", "Ben"]));
    let (anna, ben) = (home.person("Anna").person, home.person("Ben").person);
    let stories = proptest::collection::vec(any_said(), 1..8).prop_flat_map(|story| {
        let stamped: Vec<(bool, Said)> = story
            .into_iter()
            .enumerate()
            .map(|(n, (first, said))| {
                let at = Timestamp(i64::try_from(n).unwrap());
                (
                    first,
                    Said {
                        at,
                        hlc: format!("{n:030}"),
                        ..said
                    },
                )
            })
            .collect();
        (Just(stamped.clone()), Just(stamped).prop_shuffle())
    });
    let mut runner = TestRunner::new(Config {
        cases: 200,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&stories, |(told, shuffled)| {
            let tell = |story: Vec<(bool, Said)>| {
                runtime.block_on(home.write(move |tx| {
                    friendship::forget(tx, anna, ben)?;
                    for (first, said) in &story {
                        let (speaker, other) = if *first { (anna, ben) } else { (ben, anna) };
                        say(tx, speaker, other, said)?;
                    }
                    Ok((
                        friendship::since(tx, anna, ben)?.is_some(),
                        friendship::word(tx, anna, ben)?,
                        friendship::word(tx, ben, anna)?,
                    ))
                }))
            };
            prop_assert_eq!(tell(told), tell(shuffled));
            Ok(())
        })
        .unwrap();
}
