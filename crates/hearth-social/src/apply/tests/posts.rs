//! Posts and their copies.

use super::*;

#[tokio::test]
async fn a_post_is_seen_where_it_may_be_and_nowhere_else() {
    let two = Two::friends().await;
    let bea = two.b.person("Bea");
    let for_friends = write(&two.a, &two.anna, "For friends", Audience::Friends)
        .await
        .id;
    let for_all = write(&two.a, &two.anna, "For all", Audience::Public).await.id;
    let for_home = write(&two.a, &two.anna, "For us here", Audience::Local).await.id;
    let for_me = write(&two.a, &two.anna, "For me", Audience::Me).await.id;
    assert_eq!(
        texts(&two.a, &two.b).len(),
        2,
        "only what somebody there may see leaves"
    );
    two.settle().await;
    assert_eq!(
        see(&two.b, &two.ben, for_friends).await.unwrap().text,
        "For friends"
    );
    assert_eq!(see(&two.b, &bea, for_friends).await, Err(Code::NotFound));
    assert_eq!(see(&two.b, &bea, for_all).await.unwrap().text, "For all");
    assert_eq!(see(&two.b, &two.ben, for_home).await, Err(Code::NotFound));
    let ada = two.a.person("Ada");
    assert!(see(&two.a, &ada, for_home).await.is_ok());
    assert_eq!(
        see(&two.a, &ada, for_friends).await,
        Err(Code::NotFound),
        "Ada is not Anna's friend"
    );
    assert_eq!(see(&two.a, &ada, for_me).await, Err(Code::NotFound));
    let sheet = two
        .a
        .social
        .get_delivery(&two.anna, GetDelivery { id: for_friends })
        .await
        .unwrap();
    assert_eq!(sheet.len(), 1);
    assert_eq!((sheet[0].state, sheet[0].readers), (DeliveryState::Delivered, 1));
}

#[tokio::test]
async fn an_edit_and_its_history_travel() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Frist", Audience::Friends).await;
    two.settle().await;
    two.a
        .social
        .edit_post(&two.anna, edit(&post, "First", Audience::Friends))
        .await
        .unwrap();
    let stale = two
        .a
        .social
        .edit_post(&two.anna, edit(&post, "Fist", Audience::Friends))
        .await;
    assert_eq!(stale.unwrap_err().code, Code::StaleEdit);
    let drafts = two.a.social.list_drafts(&two.anna, ListDrafts {}).await.unwrap();
    assert_eq!(drafts[0].text, "Fist", "both are kept");
    two.settle().await;
    let seen = see(&two.b, &two.ben, post.id).await.unwrap();
    assert_eq!((seen.text.as_str(), seen.version), ("First", 2));
    let history = two
        .b
        .social
        .get_history(
            &two.ben,
            GetHistory {
                target: Target::Post(post.id),
            },
        )
        .await
        .unwrap();
    assert_eq!(
        history.iter().map(|v| v.text.as_str()).collect::<Vec<_>>(),
        ["Frist"]
    );
}

#[tokio::test]
async fn deleting_erases_everywhere_and_for_ever() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "A secret word", Audience::Friends)
        .await
        .id;
    let put = texts(&two.a, &two.b).pop().unwrap();
    two.settle().await;
    comment(&two.b, &two.ben, post, "A secret answer").await;
    two.settle().await;
    two.a
        .social
        .delete_post(&two.anna, DeletePost { id: post })
        .await
        .unwrap();
    two.settle().await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
        assert_eq!(see(home, who, post).await, Err(Code::NotFound));
    }
    assert_eq!(
        offer(&two.b, &two.a.id, &put).await,
        Verdict::Duplicate,
        "it never comes back"
    );
    let id = UnverifiedActivity::parse(&put).unwrap().key();
    assert_eq!(
        two.a.read(|tx| peer_log::activity(tx, id)),
        None,
        "its signed text is gone too"
    );
    assert_eq!(two.b.read(|tx| peer_log::activity(tx, id)), None);
}

#[tokio::test]
async fn what_was_deleted_before_it_left_leaves_nothing_to_send() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Too early", Audience::Friends).await.id;
    two.a
        .social
        .delete_post(&two.anna, DeletePost { id: post })
        .await
        .unwrap();
    assert_eq!(texts(&two.a, &two.b), Vec::<String>::new());
    assert_eq!(two.a.read(|tx| tombstone::of(tx, post.0)).len(), 1);
    two.settle().await;
    assert!(two.b.read(|tx| tombstone::of(tx, post.0)).is_empty());
}

#[tokio::test]
async fn whoever_is_mentioned_can_take_themselves_out_everywhere() {
    let two = Two::friends().await;
    let text = format!("Look, @{{{}}}", two.ben.person);
    let post = write(&two.a, &two.anna, &text, Audience::Friends).await;
    assert_eq!(post.mentions[0].name, "Ben");
    two.settle().await;
    two.b
        .social
        .remove_mention(
            &two.ben,
            RemoveMention {
                target: Target::Post(post.id),
            },
        )
        .await
        .unwrap();
    two.settle().await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
        assert!(see(home, who, post.id).await.unwrap().mentions[0].removed);
    }
    let again = format!("Look again, @{{{}}}", two.ben.person);
    two.a
        .social
        .edit_post(&two.anna, edit(&post, &again, Audience::Friends))
        .await
        .unwrap();
    two.settle().await;
    assert!(
        see(&two.b, &two.ben, post.id).await.unwrap().mentions[0].removed,
        "for ever"
    );
    let ada = two.a.person("Ada");
    let hidden = new_post(&format!("@{{{}}}", ada.person), Audience::Friends);
    let refused = two.a.social.create_post(&two.anna, hidden).await.unwrap_err();
    assert_eq!(refused.name(), "invalid_mentions", "Ada could not see it");
}

#[tokio::test]
async fn a_post_narrowed_to_new_friends_before_it_left_arrives_after_the_word_that_made_them_so() {
    let two = Two::strangers().await;
    let ask = RequestFriend {
        person: two.anna.person,
        note: String::new(),
    };
    two.b.social.request_friend(&two.ben, ask).await.unwrap();
    two.settle().await;
    // Ben's home sleeps from here on.
    let post = write(&two.a, &two.anna, "For all", Audience::Public).await;
    let accept = AnswerFriend {
        person: two.ben.person,
        answer: FriendAnswer::Accept,
    };
    two.a.social.answer_friend(&two.anna, accept).await.unwrap();
    two.a
        .social
        .edit_post(&two.anna, edit(&post, "For friends", Audience::Friends))
        .await
        .unwrap();
    two.settle().await;
    let seen = see(&two.b, &two.ben, post.id).await.unwrap();
    assert_eq!(seen.text, "For friends");
}

#[tokio::test]
async fn narrowing_takes_copies_back_and_widening_gives_them_with_comments() {
    let two = Two::friends().await;
    let ada = two.a.person("Ada");
    let post = write(&two.a, &two.anna, "Hm", Audience::Local).await;
    comment(&two.a, &ada, post.id, "Hm?").await;
    two.settle().await;
    assert_eq!(see(&two.b, &two.ben, post.id).await, Err(Code::NotFound));
    let post = two
        .a
        .social
        .edit_post(&two.anna, edit(&post, "Hm", Audience::Public))
        .await
        .unwrap();
    two.settle().await;
    let seen = see(&two.b, &two.ben, post.id).await.unwrap();
    assert_eq!(seen.comment_count, 1);
    assert_eq!(seen.last_comments[0].author.as_ref().unwrap().name, "Ada");
    let post = two
        .a
        .social
        .edit_post(&two.anna, edit(&post, "Hm", Audience::Me))
        .await
        .unwrap();
    two.settle().await;
    assert_eq!(see(&two.b, &two.ben, post.id).await, Err(Code::NotFound));
    assert!(
        two.a
            .social
            .get_delivery(&two.anna, GetDelivery { id: post.id })
            .await
            .unwrap()
            .is_empty()
    );
    two.a
        .social
        .edit_post(&two.anna, edit(&post, "Hm", Audience::Friends))
        .await
        .unwrap();
    two.settle().await;
    assert_eq!(
        see(&two.b, &two.ben, post.id).await.unwrap().comment_count,
        1,
        "and back again"
    );
}

#[tokio::test]
async fn edits_of_a_home_whose_clock_is_days_ahead_all_arrive_also_at_once() {
    let two = Two::friends().await;
    two.a.clock.advance_days(7);
    let mut post = write(&two.a, &two.anna, "Version 1", Audience::Friends).await;
    two.settle().await;
    for version in 2..5 {
        let edit = EditPost {
            id: post.id,
            version: post.version,
            text: format!("Version {version}"),
            media: Vec::new(),
            audience: Audience::Friends,
        };
        post = two.a.social.edit_post(&two.anna, edit).await.unwrap();
        // The receiver's clock stands still.
        settle(&[&two.a, &two.b]).await;
        assert_eq!(
            see(&two.b, &two.ben, post.id).await.unwrap().text,
            format!("Version {version}")
        );
    }
}
