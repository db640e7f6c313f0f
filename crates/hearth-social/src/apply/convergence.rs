//! However the activities of several homes interleave, come twice or come late, a third home ends up the same.

use super::pump::{offer, settle, texts};
use crate::Viewer;
use crate::testing::{Home, connect, introduce};
use hearth_api::feed::*;
use hearth_api::people::*;
use hearth_api::{HomeId, PostId};
use hearth_db::{comment, friendship, mention, post, reaction, tombstone};
use hearth_federation::apply::Verdict;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

/// What homes must agree on.
#[derive(Debug, Clone, PartialEq)]
struct State(Vec<String>);

fn state(home: &Home, posts: &[PostId], people: &[Viewer]) -> State {
    let mut lines = Vec::new();
    home.read(|tx| {
        for id in posts {
            match post::get(tx, *id)? {
                None => lines.push(format!("{id}: none")),
                Some(row) => lines.push(format!(
                    "{id}: {} {:?} v{} comments {} {}",
                    row.text, row.audience, row.version, row.comments_on, row.hlc
                )),
            }
            let deleted = tombstone::of(tx, id.0)?
                .iter()
                .any(|tomb| tomb.state == tombstone::Gone::Deleted);
            lines.push(format!("  deleted {deleted}"));
            for row in comment::of_post(tx, *id)? {
                let text = if row.deleted {
                    "-".to_owned()
                } else {
                    format!("{} v{}", row.text, row.version)
                };
                lines.push(format!(
                    "  {} in {:?} at {}: {text}",
                    row.id, row.parent, row.depth
                ));
                for reaction in reaction::of(tx, &[row.id.0])? {
                    lines.push(format!("    {} {:?}", reaction.person, reaction.emoji));
                }
            }
            let mut hanging: Vec<String> = reaction::of(tx, &[id.0])?
                .into_iter()
                .map(|row| format!("  {} {:?}", row.person, row.emoji))
                .collect();
            hanging.extend(
                mention::of(tx, &[id.0])?
                    .into_iter()
                    .map(|row| format!("  @{} out {}", row.person, row.removed)),
            );
            hanging.sort();
            lines.extend(hanging);
        }
        for a in people {
            for b in people {
                if a.person < b.person {
                    lines.push(format!("{:?}", friendship::since(tx, a.person, b.person)?));
                }
            }
        }
        Ok(())
    });
    State(lines)
}

/// A story on Anna's and Ben's homes, and everything that Cem's home was told of it, by whom.
struct Story {
    posts: Vec<PostId>,
    said: Vec<(HomeId, String)>,
    expected: State,
}

async fn cems_home(a: &Home) -> Home {
    let c = Home::of("Cem's home", &["Cem"]).await;
    connect(a, &c).await;
    introduce(a, a.person("Anna").person, &c).await;
    c
}

async fn story() -> (Home, Home, Story) {
    let a = Home::of("Anna's home", &["Anna"]).await;
    let b = Home::of("Ben's home", &["Ben"]).await;
    let c = cems_home(&a).await;
    let (anna, ben, cem) = (a.person("Anna"), b.person("Ben"), c.person("Cem"));
    connect(&a, &b).await;
    introduce(&a, anna.person, &b).await;
    introduce(&b, ben.person, &a).await;
    introduce(&c, cem.person, &a).await;
    let mut said = Vec::new();
    let mut op = 0u128;
    let mut next = || {
        op += 1;
        Uuid::from_u128(op)
    };
    // Keeps what goes to Cem's home before it is delivered.
    let collect = async |said: &mut Vec<(HomeId, String)>| {
        for _ in 0..3 {
            settle(&[&a, &b]).await;
        }
        for jws in texts(&a, &c) {
            said.push((a.id.clone(), jws));
        }
        settle(&[&a, &b, &c]).await;
        for home in [&a, &b, &c] {
            home.clock.advance_ms(5);
        }
    };
    let mut posts = Vec::new();
    for text in ["One", "Two", "Three"] {
        let text = format!("{text} @{{{}}}", cem.person);
        let new = CreatePost {
            op: next(),
            audience: Audience::Public,
            text,
            media: Vec::new(),
            comments_on: true,
            draft: None,
        };
        posts.push(a.social.create_post(&anna, new).await.unwrap());
        collect(&mut said).await;
    }
    let (one, two, three) = (posts[0].clone(), posts[1].clone(), posts[2].clone());
    let mut say = async |home: &Home, who: &Viewer, post: PostId, parent, text: &str| {
        let new = CreateComment {
            op: next(),
            post,
            parent,
            text: text.to_owned(),
            media: Vec::new(),
        };
        home.social.create_comment(who, new).await.unwrap()
    };
    let first = say(&b, &ben, one.id, None, "First").await;
    collect(&mut said).await;
    let reply = say(&a, &anna, one.id, Some(first.id), "Reply").await;
    collect(&mut said).await;
    b.social
        .edit_comment(
            &ben,
            EditComment {
                id: first.id,
                version: 1,
                text: "First!".to_owned(),
            },
        )
        .await
        .unwrap();
    collect(&mut said).await;
    let react = |target, emoji: Option<&str>| React {
        target,
        emoji: emoji.map(str::to_owned),
    };
    b.social
        .react(&ben, react(Target::Post(one.id), Some("👍")))
        .await
        .unwrap();
    b.social
        .react(&ben, react(Target::Comment(reply.id), Some("🎉")))
        .await
        .unwrap();
    collect(&mut said).await;
    b.social
        .react(&ben, react(Target::Post(one.id), Some("❤️")))
        .await
        .unwrap();
    b.social
        .react(&ben, react(Target::Comment(reply.id), None))
        .await
        .unwrap();
    collect(&mut said).await;
    a.social
        .delete_comment(&anna, DeleteComment { id: first.id })
        .await
        .unwrap();
    collect(&mut said).await;
    say(&b, &ben, two.id, None, "Gone with the post").await;
    collect(&mut said).await;
    let edit = |post: &Post, text: &str, audience| EditPost {
        id: post.id,
        version: post.version,
        text: text.to_owned(),
        media: Vec::new(),
        audience,
    };
    let one = a
        .social
        .edit_post(&anna, edit(&one, "One, better", Audience::Public))
        .await
        .unwrap();
    collect(&mut said).await;
    for on in [false, true, false] {
        a.social
            .set_comments(&anna, SetComments { id: one.id, on })
            .await
            .unwrap();
        collect(&mut said).await;
    }
    a.social
        .edit_post(
            &anna,
            edit(&one, &format!("One @{{{}}}", cem.person), Audience::Public),
        )
        .await
        .unwrap();
    a.social
        .delete_post(&anna, DeletePost { id: two.id })
        .await
        .unwrap();
    collect(&mut said).await;
    let three = a
        .social
        .edit_post(&anna, edit(&three, "Three, mine", Audience::Me))
        .await
        .unwrap();
    collect(&mut said).await;
    let three = a
        .social
        .edit_post(&anna, edit(&three, "Three, ours", Audience::Public))
        .await
        .unwrap();
    collect(&mut said).await;
    for (note, cancel) in [("Hi", true), ("Hi again", false)] {
        let person = cem.person;
        a.social
            .request_friend(
                &anna,
                RequestFriend {
                    person,
                    note: note.to_owned(),
                },
            )
            .await
            .unwrap();
        collect(&mut said).await;
        if cancel {
            let answer = AnswerFriend {
                person,
                answer: FriendAnswer::Cancel,
            };
            a.social.answer_friend(&anna, answer).await.unwrap();
            collect(&mut said).await;
        }
    }
    let posts = vec![one.id, two.id, three.id];
    let expected = state(&c, &posts, &[anna, cem]);
    (
        a,
        b,
        Story {
            posts,
            said,
            expected,
        },
    )
}

/// Offers everything in the order given, and what waits again until nothing moves.
async fn tell(home: &Home, said: &[(HomeId, String)]) {
    let mut left: Vec<&(HomeId, String)> = said.iter().collect();
    loop {
        let mut waiting = Vec::new();
        let before = left.len();
        for entry in left {
            match offer(home, &entry.0, &entry.1).await {
                Verdict::Waiting { .. } => waiting.push(entry),
                Verdict::Refused(code) => panic!("refused: {code}"),
                _ => {}
            }
        }
        if waiting.is_empty() || waiting.len() == before {
            return;
        }
        left = waiting;
    }
}

#[test]
fn any_order_with_repeats_leads_to_the_same_state() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (a, _b, story) = runtime.block_on(story());
    let count = story.said.len();
    assert!(count > 15, "the story has many activities: {count}");
    let orders = (
        Just((0..count).collect::<Vec<_>>()).prop_shuffle(),
        proptest::collection::vec(0..count, 0..6),
    );
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&orders, |(order, repeats)| {
            let said: Vec<(HomeId, String)> = order
                .into_iter()
                .chain(repeats)
                .map(|n| story.said[n].clone())
                .collect();
            let seen = runtime.block_on(async {
                let c = cems_home(&a).await;
                c.clock.advance_secs(60);
                tell(&c, &said).await;
                state(&c, &story.posts, &[a.person("Anna"), c.person("Cem")])
            });
            prop_assert_eq!(&seen, &story.expected);
            Ok(())
        })
        .unwrap();
}
