//! Comments on their way through the post's home.

use super::*;

#[tokio::test]
async fn a_comment_is_checked_and_relayed_by_the_posts_home() {
    let two = Two::friends().await;
    let c = Home::of("Cem's home", &["Cem"]).await;
    let cem = c.person("Cem");
    connect(&two.a, &c).await;
    introduce(&two.a, two.anna.person, &c).await;
    introduce(&c, cem.person, &two.a).await;
    befriend(&two.a, &two.anna, &c, &cem).await;
    let homes = [&two.a, &two.b, &c];

    let post = write(&two.a, &two.anna, "Who comes along?", Audience::Friends)
        .await
        .id;
    settle(&homes).await;
    let mine = comment(&two.b, &two.ben, post, "I do").await;
    assert!(mine.pending, "Anna's home has not taken it yet");
    assert_eq!(thread(&two.b, &two.ben, post).await.len(), 1);
    settle(&homes).await;
    assert!(!thread(&two.b, &two.ben, post).await[0].pending);
    for (home, who) in [(&two.a, &two.anna), (&c, &cem)] {
        let seen = thread(home, who, post).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(
            seen[0].author.as_ref().unwrap().name,
            "Ben",
            "{} learned who Ben is",
            home.id
        );
    }
    let reply = c
        .social
        .create_comment(&cem, new_comment(post, Some(mine.id), "Me too"))
        .await
        .unwrap();
    let target = Target::Comment(mine.id);
    c.social
        .react(
            &cem,
            React {
                target,
                emoji: Some("👍".to_owned()),
            },
        )
        .await
        .unwrap();
    settle(&homes).await;
    let at_ben = thread(&two.b, &two.ben, post).await;
    assert_eq!(at_ben.len(), 2);
    assert_eq!(at_ben[0].reactions.len(), 1);
    assert_eq!((at_ben[1].id, at_ben[1].depth), (reply.id, 2));

    let edit = EditComment {
        id: mine.id,
        version: 1,
        text: "I do!".to_owned(),
    };
    two.b.social.edit_comment(&two.ben, edit).await.unwrap();
    settle(&homes).await;
    assert_eq!(thread(&c, &cem, post).await[0].text, "I do!");
    two.a
        .social
        .delete_comment(&two.anna, DeleteComment { id: mine.id })
        .await
        .unwrap();
    settle(&homes).await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben), (&c, &cem)] {
        let seen = thread(home, who, post).await;
        assert_eq!(seen.len(), 2, "the reply stays under a placeholder");
        assert!(seen[0].author.is_none() && seen[0].text.is_empty());
        assert_eq!(see(home, who, post).await.unwrap().comment_count, 1);
    }
}

#[tokio::test]
async fn with_comments_off_the_posts_home_refuses_and_its_author_sees_why() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "No discussion", Audience::Friends)
        .await
        .id;
    two.settle().await;
    two.a
        .social
        .set_comments(&two.anna, SetComments { id: post, on: false })
        .await
        .unwrap();
    // Ben's home does not know yet.
    comment(&two.b, &two.ben, post, "But").await;
    assert!(
        pump(&two.b, &two.a)
            .await
            .contains(&("comment.put".to_owned(), Verdict::Refused(Code::CommentsOff)))
    );
    two.settle().await;
    let seen = thread(&two.b, &two.ben, post).await;
    assert_eq!(seen[0].refused.as_deref(), Some("comments_off"));
    assert!(thread(&two.a, &two.anna, post).await.is_empty());
    let late = two
        .b
        .social
        .create_comment(&two.ben, new_comment(post, None, "But"))
        .await;
    assert_eq!(late.unwrap_err().code, Code::CommentsOff);
}

#[tokio::test]
async fn a_refused_comment_that_comes_back_from_the_posts_home_was_taken_after_all() {
    let two = Two::friends().await;
    let Two { a, b, anna, ben } = &two;
    let bea = b.person("Bea");
    let post = write(a, anna, "For all", Audience::Public).await;
    two.settle().await;
    a.social
        .set_comments(
            anna,
            SetComments {
                id: post.id,
                on: false,
            },
        )
        .await
        .unwrap();
    let said = comment(b, ben, post.id, "Quick").await;
    let jws = texts(b, a).pop().unwrap();
    two.settle().await;
    let seen = thread(b, ben, post.id).await;
    assert_eq!(seen[0].refused.as_deref(), Some("comments_off"));
    assert!(thread(b, &bea, post.id).await.is_empty());
    // From another home than the post's it says nothing.
    let c = Home::of("Third home", &["Cleo"]).await;
    connect(b, &c).await;
    offer(b, &c.id, &jws).await;
    assert!(thread(b, ben, post.id).await[0].refused.is_some());
    assert_eq!(offer(b, &a.id, &jws).await, Verdict::Duplicate);
    let seen = thread(b, ben, post.id).await;
    assert!(seen[0].refused.is_none() && !seen[0].pending, "{seen:?}");
    assert_eq!(thread(b, &bea, post.id).await.len(), 1);
    let lines = b.read(|tx| peer_log::delivery(tx, said.id.0));
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0].state, lines[0].code.clone()),
        (DeliveryState::Delivered, None)
    );
}

#[tokio::test]
async fn a_comment_deleted_before_it_left_leaves_no_trace() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await.id;
    two.settle().await;
    let mine = comment(&two.b, &two.ben, post, "Oops").await.id;
    two.b
        .social
        .delete_comment(&two.ben, DeleteComment { id: mine })
        .await
        .unwrap();
    assert!(
        texts(&two.b, &two.a)
            .iter()
            .all(|jws| { UnverifiedActivity::parse(jws).unwrap().unverified().kind == "comment.delete" })
    );
    two.settle().await;
    assert!(thread(&two.a, &two.anna, post).await.is_empty());
    assert!(thread(&two.b, &two.ben, post).await.is_empty());
}

#[tokio::test]
async fn a_comment_before_its_post_waits() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "First", Audience::Friends).await.id;
    let said = comment(&two.a, &two.anna, post, "Second").await.id;
    let waiting = texts(&two.a, &two.b);
    let [put, comment_put] = waiting.as_slice() else {
        panic!("two activities")
    };
    assert_eq!(
        offer(&two.b, &two.a.id, comment_put).await,
        Verdict::Waiting { on: post.0 }
    );
    assert_eq!(offer(&two.b, &two.a.id, put).await, Verdict::Applied);
    assert_eq!(offer(&two.b, &two.a.id, comment_put).await, Verdict::Applied);
    assert_eq!(thread(&two.b, &two.ben, post).await[0].id, said);
}

#[tokio::test]
async fn a_reply_to_a_comment_deleted_before_it_left_keeps_its_place() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await.id;
    two.settle().await;
    let oops = comment(&two.b, &two.ben, post, "Oops").await.id;
    let reply = new_comment(post, Some(oops), "But");
    let reply = two.b.social.create_comment(&two.ben, reply).await.unwrap().id;
    two.b
        .social
        .delete_comment(&two.ben, DeleteComment { id: oops })
        .await
        .unwrap();
    two.settle().await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
        let seen = thread(home, who, post).await;
        assert_eq!(
            seen.iter()
                .map(|row| (row.id, row.author.is_none()))
                .collect::<Vec<_>>(),
            [(oops, true), (reply, false)]
        );
    }
}

/// Ben comments on Anna's post and reacts to his own comment before her home has taken it.
async fn reacted_to_pending(two: &Two) -> (hearth_api::feed::Post, CommentId) {
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await;
    two.settle().await;
    let mine = comment(&two.b, &two.ben, post.id, "But").await.id;
    let react = React {
        target: Target::Comment(mine),
        emoji: Some("👍".to_owned()),
    };
    two.b.social.react(&two.ben, react).await.unwrap();
    (post, mine)
}

#[tokio::test]
async fn a_reaction_to_a_comment_that_was_refused_stays_here() {
    let two = Two::friends().await;
    let (post, _) = reacted_to_pending(&two).await;
    let narrower = EditPost {
        id: post.id,
        version: post.version,
        text: "For us".to_owned(),
        media: Vec::new(),
        audience: Audience::Local,
    };
    two.a.social.edit_post(&two.anna, narrower).await.unwrap();
    let refused = Verdict::Refused(Code::NotAuthorised);
    assert_eq!(pump(&two.b, &two.a).await, [("comment.put".to_owned(), refused)]);
}

/// Bea reacts to a public post of Anna's that is narrowed to friends, as Ben is, before her home hears of it: once for the first time, once
/// after an earlier reaction.
#[tokio::test]
async fn a_reaction_that_a_narrowed_post_does_not_take_is_taken_out_and_one_that_stood_is_changed() {
    for stood in [false, true] {
        let two = Two::friends().await;
        let bea = two.b.person("Bea");
        introduce(&two.b, bea.person, &two.a).await;
        let post = write(&two.a, &two.anna, "Hello", Audience::Public).await;
        two.settle().await;
        let react = async |emoji: &str| {
            let react = React {
                target: Target::Post(post.id),
                emoji: Some(emoji.to_owned()),
            };
            two.b.social.react(&bea, react).await.unwrap();
        };
        if stood {
            react("👍").await;
            two.settle().await;
        }
        let narrower = EditPost {
            id: post.id,
            version: post.version,
            text: "For us".to_owned(),
            media: Vec::new(),
            audience: Audience::Friends,
        };
        two.a.social.edit_post(&two.anna, narrower).await.unwrap();
        react("🎉").await;
        let verdict = if stood {
            Verdict::Applied
        } else {
            Verdict::Refused(Code::NotAuthorised)
        };
        assert_eq!(pump(&two.b, &two.a).await, [("react.set".to_owned(), verdict)]);
        two.settle().await;
        let expected: &[&str] = if stood { &["🎉"] } else { &[] };
        for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
            let seen = see(home, who, post.id).await.unwrap();
            let emoji: Vec<&str> = seen.reactions.iter().map(|one| one.emoji.as_str()).collect();
            assert_eq!((seen.text.as_str(), emoji.as_slice()), ("For us", expected));
        }
        let told = two
            .b
            .read(|tx| hearth_db::slot::hangs_by(tx, post.id.0, &two.b.id));
        assert_eq!(told, stood, "nothing is left that would come back");
    }
}

#[tokio::test]
async fn a_reaction_to_a_comment_goes_out_when_the_comment_was_taken() {
    let two = Two::friends().await;
    let (post, mine) = reacted_to_pending(&two).await;
    let said = pump(&two.b, &two.a).await;
    let kinds: Vec<&str> = said.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["comment.put", "react.set"]);
    assert!(
        said.iter().all(|(_, verdict)| *verdict == Verdict::Applied),
        "{said:?}"
    );
    let seen = thread(&two.a, &two.anna, post.id).await;
    let seen = seen.iter().find(|row| row.id == mine).unwrap();
    assert_eq!(seen.reactions.len(), 1);
}

/// Ben comments on and reacts to a post that is taken from him and given back before his words have left.
async fn words_about_a_post_given_back(first: impl AsyncFn(&Two)) {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await;
    two.settle().await;
    comment(&two.b, &two.ben, post.id, "Nice").await;
    let react = React {
        target: Target::Post(post.id),
        emoji: Some("👍".to_owned()),
    };
    two.b.social.react(&two.ben, react).await.unwrap();
    let mut version = post.version;
    for (text, audience) in [("Mine", Audience::Me), ("Ours again", Audience::Friends)] {
        let edit = EditPost {
            id: post.id,
            version,
            text: text.to_owned(),
            media: Vec::new(),
            audience,
        };
        version = two.a.social.edit_post(&two.anna, edit).await.unwrap().version;
    }
    two.a.clock.advance_ms(10);
    first(&two).await;
    two.settle().await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
        let seen = see(home, who, post.id).await.unwrap();
        assert_eq!((seen.text.as_str(), seen.reactions.len()), ("Ours again", 1));
        let seen = thread(home, who, post.id).await;
        assert_eq!(
            seen.iter()
                .map(|row| (row.text.as_str(), row.pending))
                .collect::<Vec<_>>(),
            [("Nice", false)]
        );
    }
}

#[tokio::test]
async fn what_was_said_about_a_post_that_was_taken_away_comes_back_with_it() {
    // The words reach the post's home before its copy is given anew: it passes them back after the copy.
    words_about_a_post_given_back(async |two| {
        pump(&two.b, &two.a).await;
    })
    .await;
}

#[tokio::test]
async fn an_accomplice_brings_no_comment_where_comments_are_off() {
    use hearth_federation::apply::Apply as _;

    let two = Two::friends().await;
    let Two { a, b, anna, ben } = &two;
    let c = Home::of("Accomplice", &["Cem"]).await;
    connect(a, &c).await;
    let post = write(a, anna, "For all", Audience::Public).await;
    settle(&[a, b, &c]).await;
    a.social
        .set_comments(
            anna,
            SetComments {
                id: post.id,
                on: false,
            },
        )
        .await
        .unwrap();
    // Ben's home has not heard that, and gives its words to another.
    comment(b, ben, post.id, "All the same").await;
    let jws = texts(b, a).pop().unwrap();
    assert_eq!(
        offer(a, &b.id, &jws).await,
        Verdict::Refused(Code::CommentsOff),
        "straight"
    );
    let (social, from, now) = (a.social.clone(), c.id.clone(), a.social.now());
    let verdict = a
        .social
        .db()
        .write(move |tx| {
            let unverified = UnverifiedActivity::parse(&jws).unwrap();
            let key = social.author_key(tx, &unverified)?.unwrap();
            let signed = unverified.verify_person(&key).unwrap();
            social.take_back(tx, &from, &signed, now)
        })
        .await
        .unwrap();
    assert_eq!(verdict, Verdict::Refused(Code::CommentsOff));
    assert_eq!(thread(a, anna, post.id).await.len(), 0);
}
