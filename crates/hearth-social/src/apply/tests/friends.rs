//! Friendships between homes, and what comes and goes with them.

use super::*;

#[tokio::test]
async fn a_request_an_answer_and_both_are_friends() {
    let two = Two::strangers().await;
    let row = two
        .a
        .social
        .request_friend(
            &two.anna,
            RequestFriend {
                person: two.ben.person,
                note: "Hi".to_owned(),
            },
        )
        .await
        .unwrap();
    assert_eq!(row.relation, Relation::Requested);
    two.settle().await;
    let asked = two
        .b
        .social
        .list_requests(&two.ben, ListRequests {})
        .await
        .unwrap();
    assert_eq!(asked.incoming.len(), 1);
    assert_eq!(
        (asked.incoming[0].person.id, asked.incoming[0].note.as_str()),
        (two.anna.person, "Hi")
    );
    let answer = AnswerFriend {
        person: two.anna.person,
        answer: FriendAnswer::Accept,
    };
    assert_eq!(
        two.b
            .social
            .answer_friend(&two.ben, answer)
            .await
            .unwrap()
            .relation,
        Relation::Friends
    );
    two.settle().await;
    let friends = two
        .a
        .social
        .list_friends(&two.anna, ListFriends::default())
        .await
        .unwrap();
    assert_eq!(friends.len(), 1);
    assert_eq!(friends[0].person.id, two.ben.person);
}

#[tokio::test]
async fn a_decline_is_silent_and_repeats_stay_hidden_for_a_month() {
    let two = Two::strangers().await;
    let request = RequestFriend {
        person: two.ben.person,
        note: String::new(),
    };
    two.a
        .social
        .request_friend(&two.anna, request.clone())
        .await
        .unwrap();
    two.settle().await;
    let decline = AnswerFriend {
        person: two.anna.person,
        answer: FriendAnswer::Decline,
    };
    two.b.social.answer_friend(&two.ben, decline).await.unwrap();
    two.settle().await;
    let mine = two
        .a
        .social
        .list_requests(&two.anna, ListRequests {})
        .await
        .unwrap();
    assert_eq!(mine.outgoing.len(), 1, "Anna still waits");
    let again = async |expected: usize| {
        let cancel = AnswerFriend {
            person: two.ben.person,
            answer: FriendAnswer::Cancel,
        };
        two.a.social.answer_friend(&two.anna, cancel).await.unwrap();
        two.a
            .social
            .request_friend(&two.anna, request.clone())
            .await
            .unwrap();
        two.settle().await;
        let asked = two
            .b
            .social
            .list_requests(&two.ben, ListRequests {})
            .await
            .unwrap();
        assert_eq!(asked.incoming.len(), expected);
    };
    for home in [&two.a, &two.b] {
        home.clock.advance_days(29);
    }
    again(0).await;
    for home in [&two.a, &two.b] {
        home.clock.advance_days(2);
    }
    again(1).await;
}

#[tokio::test]
async fn befriending_gives_earlier_posts_and_unfriending_takes_them() {
    let two = Two::strangers().await;
    let mut ids = Vec::new();
    for n in 0..120 {
        two.a.clock.advance_ms(1);
        ids.push(
            write(&two.a, &two.anna, &format!("Day {n}"), Audience::Friends)
                .await
                .id,
        );
    }
    comment(&two.a, &two.anna, ids[0], "The first").await;
    comment(&two.a, &two.anna, ids[49], "The last of the first batch").await;
    befriend(&two.a, &two.anna, &two.b, &two.ben).await;
    let feed = GetFeed {
        feed: Feed::Person(two.anna.person),
        cursor: None,
        limit: Some(50),
    };
    let page = two.b.social.get_feed(&two.ben, feed).await.unwrap();
    assert_eq!(page.items.len(), 50);
    assert_eq!(page.items[0].text, "Day 119");
    for id in &ids {
        assert!(see(&two.b, &two.ben, *id).await.is_ok());
    }
    assert_eq!(see(&two.b, &two.ben, ids[0]).await.unwrap().comment_count, 1);
    let mine = comment(&two.b, &two.ben, ids[5], "From a friend").await;
    two.settle().await;
    let reply = new_comment(ids[5], Some(mine.id), "To a friend");
    two.a.social.create_comment(&two.anna, reply).await.unwrap();
    let (their, our) = (
        write(&two.b, &two.ben, "Mine", Audience::Friends).await.id,
        ids[5],
    );
    two.settle().await;
    assert!(see(&two.a, &two.anna, their).await.is_ok());

    two.b
        .social
        .unfriend(
            &two.ben,
            Unfriend {
                person: two.anna.person,
            },
        )
        .await
        .unwrap();
    assert_eq!(
        see(&two.b, &two.ben, our).await,
        Err(Code::NotFound),
        "at once, and from here"
    );
    assert!(
        two.b.read(|tx| hearth_db::post::get(tx, our)).is_none(),
        "the copy is erased"
    );
    two.settle().await;
    assert_eq!(see(&two.a, &two.anna, their).await, Err(Code::NotFound));
    assert!(two.a.read(|tx| hearth_db::post::get(tx, their)).is_none());
    assert!(
        two.a
            .social
            .list_friends(&two.anna, ListFriends::default())
            .await
            .unwrap()
            .is_empty()
    );

    // And once more: all comes back.
    befriend(&two.a, &two.anna, &two.b, &two.ben).await;
    assert!(see(&two.b, &two.ben, our).await.is_ok());
    assert!(see(&two.a, &two.anna, their).await.is_ok());
    assert_eq!(
        thread(&two.b, &two.ben, our).await.len(),
        2,
        "Ben's own comment too, with the reply"
    );
}

#[tokio::test]
async fn a_removed_home_takes_its_people_and_posts_along() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await.id;
    two.settle().await;
    let (social, home) = (two.b.social.clone(), two.a.id.clone());
    two.b
        .write(move |tx| {
            hearth_db::home::set_state(tx, &home, hearth_db::home::HomeRowState::Removed)?;
            hearth_federation::apply::Apply::disconnected(
                &social,
                tx,
                &home,
                hearth_api::notify::HomeChange::Ended,
                social.now(),
            )
        })
        .await;
    assert_eq!(see(&two.b, &two.ben, post).await, Err(Code::NotFound));
    assert!(
        two.b
            .social
            .list_friends(&two.ben, ListFriends::default())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(two.b.read(|tx| hearth_db::post::get(tx, post)).is_none());
}

#[tokio::test]
async fn friendship_can_begin_anew_after_a_home_whose_clock_was_days_ahead_ended_it() {
    let two = Two::friends().await;
    two.a.clock.advance_days(7);
    let unfriend = Unfriend {
        person: two.ben.person,
    };
    two.a.social.unfriend(&two.anna, unfriend).await.unwrap();
    two.settle().await;
    two.a.clock.advance_days(-7);
    befriend(&two.b, &two.ben, &two.a, &two.anna).await;
    for (home, one, other) in [(&two.a, &two.anna, &two.ben), (&two.b, &two.ben, &two.anna)] {
        let friends = home
            .social
            .list_friends(one, ListFriends::default())
            .await
            .unwrap();
        assert_eq!(
            friends.iter().map(|row| row.person.id).collect::<Vec<_>>(),
            [other.person]
        );
    }
}

#[tokio::test]
async fn a_post_made_public_before_its_author_hears_of_the_unfriending_arrives_with_all_that_hangs_on_it() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "For friends", Audience::Friends).await;
    two.settle().await;
    comment(&two.a, &two.anna, post.id, "First").await;
    two.b.clock.advance_ms(5);
    comment(&two.b, &two.ben, post.id, "Second").await;
    two.settle().await;
    // Both at once: Ben's home erases its copy, Anna's opens the post to everybody.
    let unfriend = Unfriend {
        person: two.anna.person,
    };
    two.b.social.unfriend(&two.ben, unfriend).await.unwrap();
    let wider = EditPost {
        id: post.id,
        version: post.version,
        text: "For all".to_owned(),
        media: Vec::new(),
        audience: Audience::Public,
    };
    two.a.social.edit_post(&two.anna, wider).await.unwrap();
    two.settle().await;
    let list = ListComments { post: post.id };
    let seen = two.b.social.list_comments(&two.ben, list).await.unwrap();
    assert_eq!(
        seen.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(),
        ["First", "Second"]
    );
}

/// Ben, Anna's only friend at his home, ends it; Bea there has asked her, and Anna's home does or does not say yes before it hears of it.
#[tokio::test]
async fn posts_stay_where_one_friend_is_lost_before_it_is_heard_that_another_was_won() {
    for says_yes in [true, false] {
        let two = Two::friends().await;
        let bea = two.b.person("Bea");
        introduce(&two.b, bea.person, &two.a).await;
        let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await;
        two.settle().await;
        let ask = RequestFriend {
            person: two.anna.person,
            note: String::new(),
        };
        two.b.social.request_friend(&bea, ask).await.unwrap();
        pump(&two.b, &two.a).await;
        if says_yes {
            let yes = AnswerFriend {
                person: bea.person,
                answer: FriendAnswer::Accept,
            };
            two.a.social.answer_friend(&two.anna, yes).await.unwrap();
        }
        let end = Unfriend {
            person: two.anna.person,
        };
        two.b.social.unfriend(&two.ben, end).await.unwrap();
        for who in [&two.ben, &bea] {
            assert_eq!(see(&two.b, who, post.id).await, Err(Code::NotFound));
        }
        pump(&two.b, &two.a).await;
        two.settle().await;
        assert_eq!(see(&two.b, &bea, post.id).await.is_ok(), says_yes);
        assert_eq!(see(&two.b, &two.ben, post.id).await, Err(Code::NotFound));
        let held = two.b.read(|tx| hearth_db::post::get(tx, post.id));
        assert_eq!(held.is_some(), says_yes, "nothing stays that nobody may see");
    }
}
