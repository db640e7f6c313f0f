//! Posts on one home; what other homes see is tested in `apply`.

use crate::Viewer;
use crate::testing::{Home, connect, introduce};
use hearth_api::feed::*;
use hearth_api::people::*;
use hearth_api::{ApiResult, Code, CommentId, Event, PostId};
use hearth_db::{event, mention, notification, post, reaction, version};
use uuid::Uuid;

pub(crate) fn new_post(op: u128, text: &str, audience: Audience) -> CreatePost {
    CreatePost {
        op: Uuid::from_u128(op),
        audience,
        text: text.to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    }
}

/// Writes a post; the clock moves on, so that no two have the same time.
pub(crate) async fn write(home: &Home, who: &Viewer, text: &str, audience: Audience) -> Post {
    home.clock.advance_ms(1);
    let op = u128::from(home.social.now().0.unsigned_abs());
    home.social
        .create_post(who, new_post(op, text, audience))
        .await
        .unwrap()
}

pub(crate) async fn say(
    home: &Home,
    who: &Viewer,
    post: PostId,
    parent: Option<CommentId>,
    text: &str,
) -> Comment {
    home.clock.advance_ms(1);
    let op = Uuid::from_u128(u128::from(home.social.now().0.unsigned_abs()) << 64);
    let new = CreateComment {
        op,
        post,
        parent,
        text: text.to_owned(),
        media: Vec::new(),
    };
    home.social.create_comment(who, new).await.unwrap()
}

pub(crate) async fn befriend(home: &Home, a: &Viewer, b: &Viewer) {
    home.social
        .request_friend(
            a,
            RequestFriend {
                person: b.person,
                note: String::new(),
            },
        )
        .await
        .unwrap();
    home.social
        .request_friend(
            b,
            RequestFriend {
                person: a.person,
                note: String::new(),
            },
        )
        .await
        .unwrap();
}

async fn get(home: &Home, who: &Viewer, id: PostId) -> ApiResult<Post> {
    home.social.get_post(who, GetPost { id }).await
}

async fn family() -> (Home, Viewer, Viewer, Viewer) {
    let home = Home::of("Ours", &["Anna", "Ben", "Cem"]).await;
    let (anna, ben, cem) = (home.person("Anna"), home.person("Ben"), home.person("Cem"));
    befriend(&home, &anna, &ben).await;
    (home, anna, ben, cem)
}

fn events(home: &Home, who: &Viewer) -> Vec<Event> {
    let stream = home.read(|tx| event::after(tx, who.person, 0, 1000));
    stream.into_iter().map(|envelope| envelope.event).collect()
}

#[tokio::test]
async fn a_post_needs_something_to_say_within_its_limits() {
    let (home, anna, ..) = family().await;
    let try_text = async |text: &str| {
        home.social
            .create_post(&anna, new_post(1, text, Audience::Me))
            .await
            .map(|_| ())
            .map_err(|error| error.code)
    };
    assert_eq!(try_text(" \n ").await, Err(Code::EmptyPost));
    assert_eq!(try_text(&"x".repeat(MAX_TEXT + 1)).await, Err(Code::TextTooLong));
    assert_eq!(try_text(&"ü".repeat(MAX_TEXT)).await, Ok(()));
    let unknown = Attach {
        media: "0".repeat(64).parse().unwrap(),
        alt: String::new(),
        caption: String::new(),
    };
    let mut new = new_post(2, "With a picture", Audience::Me);
    new.media = vec![unknown.clone()];
    assert_eq!(
        home.social
            .create_post(&anna, new.clone())
            .await
            .unwrap_err()
            .name(),
        "invalid_media"
    );
    new.media = vec![unknown; MAX_POST_MEDIA + 1];
    assert_eq!(
        home.social.create_post(&anna, new).await.unwrap_err().code,
        Code::TooManyMedia
    );
    let nobody = format!("@{{{}}}", Uuid::from_u128(5));
    let refused = home
        .social
        .create_post(&anna, new_post(3, &nobody, Audience::Me))
        .await
        .unwrap_err();
    assert_eq!(refused.name(), "invalid_mentions");
}

#[tokio::test]
async fn the_same_operation_makes_one_post() {
    let (home, anna, ..) = family().await;
    let first = home
        .social
        .create_post(&anna, new_post(7, "Once", Audience::Me))
        .await
        .unwrap();
    let again = home
        .social
        .create_post(&anna, new_post(7, "Once", Audience::Me))
        .await
        .unwrap();
    assert_eq!(first, again);
    home.social
        .delete_post(&anna, DeletePost { id: first.id })
        .await
        .unwrap();
    let late = home
        .social
        .create_post(&anna, new_post(7, "Once", Audience::Me))
        .await;
    assert_eq!(late.unwrap_err().code, Code::NotFound, "it is not made anew");
}

#[tokio::test]
async fn each_audience_is_seen_by_whom_it_names() {
    let (home, anna, ben, cem) = family().await;
    for (audience, friend, other) in [
        (Audience::Me, false, false),
        (Audience::Friends, true, false),
        (Audience::Local, true, true),
        (Audience::Public, true, true),
    ] {
        let id = write(&home, &anna, audience.as_str(), audience).await.id;
        assert_eq!(
            get(&home, &ben, id).await.is_ok(),
            friend,
            "{audience:?} for a friend"
        );
        assert_eq!(
            get(&home, &cem, id).await.is_ok(),
            other,
            "{audience:?} for another"
        );
        assert!(get(&home, &anna, id).await.unwrap().may.edit);
    }
}

#[tokio::test]
async fn what_one_may_not_do_is_forbidden_and_what_one_may_not_see_is_not_there() {
    let (home, anna, ben, cem) = family().await;
    let post = write(&home, &anna, "Mine", Audience::Friends).await;
    let delete = DeletePost { id: post.id };
    assert_eq!(
        home.social
            .delete_post(&ben, delete.clone())
            .await
            .unwrap_err()
            .code,
        Code::Forbidden
    );
    assert_eq!(
        home.social.delete_post(&cem, delete).await.unwrap_err().code,
        Code::NotFound
    );
    let react = React {
        target: Target::Post(post.id),
        emoji: Some("👍".to_owned()),
    };
    assert_eq!(
        home.social.react(&cem, react.clone()).await.unwrap_err().code,
        Code::NotFound
    );
    home.social.react(&ben, react).await.unwrap();
    let two = React {
        target: Target::Post(post.id),
        emoji: Some("👍👍".to_owned()),
    };
    assert_eq!(
        home.social.react(&ben, two).await.unwrap_err().name(),
        "invalid_emoji"
    );
    let sheet = home.social.get_delivery(&ben, GetDelivery { id: post.id }).await;
    assert_eq!(sheet.unwrap_err().code, Code::Forbidden);
    let seen = get(&home, &ben, post.id).await.unwrap();
    assert!(!seen.may.edit && !seen.may.delete && seen.may.comment && seen.delivery.is_none());
}

#[tokio::test]
async fn one_reaction_per_person_changes_and_goes() {
    let (home, anna, ben, _) = family().await;
    let post = write(&home, &anna, "Cake", Audience::Friends).await.id;
    for (emoji, shown) in [(Some("👍"), vec!["👍"]), (Some("🎂"), vec!["🎂"]), (None, vec![])] {
        let emoji = emoji.map(str::to_owned);
        home.social
            .react(
                &ben,
                React {
                    target: Target::Post(post),
                    emoji,
                },
            )
            .await
            .unwrap();
        let seen = get(&home, &anna, post).await.unwrap();
        assert_eq!(
            seen.reactions
                .iter()
                .map(|r| r.emoji.as_str())
                .collect::<Vec<_>>(),
            shown
        );
    }
}

#[tokio::test]
async fn earlier_versions_are_shown_to_whom_they_were_shown() {
    let (home, anna, ben, cem) = family().await;
    let post = write(&home, &anna, "For friends", Audience::Friends).await;
    let edit = EditPost {
        id: post.id,
        version: 1,
        text: "For all".to_owned(),
        media: Vec::new(),
        audience: Audience::Public,
    };
    home.clock.advance_secs(5);
    let edited = home.social.edit_post(&anna, edit).await.unwrap();
    assert_eq!((edited.version, edited.edited_at), (2, Some(home.social.now())));
    let history = async |who: &Viewer| {
        let rows = home
            .social
            .get_history(
                who,
                GetHistory {
                    target: Target::Post(post.id),
                },
            )
            .await
            .unwrap();
        rows.into_iter().map(|row| row.text).collect::<Vec<_>>()
    };
    assert_eq!(history(&ben).await, ["For friends"]);
    assert!(history(&cem).await.is_empty());
}

#[tokio::test]
async fn deleting_leaves_nothing_behind() {
    let (home, anna, ben, _) = family().await;
    let text = format!("Gone soon, @{{{}}}", ben.person);
    let post = write(&home, &anna, &text, Audience::Friends).await;
    let edit = EditPost {
        id: post.id,
        version: 1,
        text: "Soon".to_owned(),
        media: Vec::new(),
        audience: Audience::Friends,
    };
    home.social.edit_post(&anna, edit).await.unwrap();
    let comment = say(&home, &ben, post.id, None, "Oh").await;
    let react = |target| React {
        target,
        emoji: Some("👍".to_owned()),
    };
    home.social
        .react(&ben, react(Target::Post(post.id)))
        .await
        .unwrap();
    home.social
        .react(&anna, react(Target::Comment(comment.id)))
        .await
        .unwrap();
    home.social
        .delete_post(&anna, DeletePost { id: post.id })
        .await
        .unwrap();
    home.read(|tx| {
        assert!(post::get(tx, post.id)?.is_none());
        assert!(hearth_db::comment::get(tx, comment.id)?.is_none());
        assert!(reaction::of(tx, &[post.id.0, comment.id.0])?.is_empty());
        assert!(mention::of(tx, &[post.id.0])?.is_empty());
        assert!(version::of(tx, post.id.0)?.is_empty());
        for person in [anna.person, ben.person] {
            let left = notification::unread(tx, person, 100)?.len();
            assert!(left <= 1, "only the friendship is left of the notifications");
        }
        Ok(())
    });
    assert!(events(&home, &ben).contains(&Event::PostRemoved { post: post.id }));
}

#[tokio::test]
async fn windows_of_those_who_may_see_it_are_told() {
    let (home, anna, ben, cem) = family().await;
    let post = write(&home, &anna, "News", Audience::Friends).await.id;
    let added = Event::PostAdded {
        post,
        author: anna.person,
    };
    assert!(events(&home, &ben).contains(&added));
    assert!(events(&home, &anna).contains(&added));
    assert!(!events(&home, &cem).contains(&added));
}

#[tokio::test]
async fn a_home_counts_only_where_somebody_reads_it() {
    let home = Home::of("City flat", &["Anna", "Ben"]).await;
    let lake = Home::of("Lake house", &["Dora"]).await;
    let (anna, ben, dora) = (
        home.person("Anna"),
        home.person("Ben"),
        lake.person("Dora").person,
    );
    connect(&home, &lake).await;
    introduce(&lake, dora, &home).await;
    crate::media::fixtures::befriend(&home, anna.person, dora).await;
    let preview = async || {
        let friends = PreviewAudience {
            audience: Audience::Friends,
        };
        let seen = home.social.preview_audience(&anna, friends).await.unwrap();
        (seen.people, seen.homes, seen.here)
    };
    assert_eq!(preview().await, (1, 1, false), "nobody but the author here");
    befriend(&home, &anna, &ben).await;
    assert_eq!(preview().await, (2, 2, true));
}

#[tokio::test]
async fn the_composer_knows_who_will_see_it() {
    let (home, anna, ben, cem) = family().await;
    let preview = async |audience| {
        let seen = home
            .social
            .preview_audience(&anna, PreviewAudience { audience })
            .await
            .unwrap();
        (
            seen.people,
            seen.homes,
            seen.names.into_iter().map(|card| card.name).collect::<Vec<_>>(),
        )
    };
    assert_eq!(preview(Audience::Me).await, (0, 0, vec![]));
    assert_eq!(preview(Audience::Friends).await, (1, 1, vec!["Ben".to_owned()]));
    assert_eq!(
        preview(Audience::Local).await,
        (2, 1, vec!["Ben".to_owned(), "Cem".to_owned()])
    );
    let suggest = async |audience, query: &str| {
        let query = query.to_owned();
        let found = home
            .social
            .suggest_mentions(
                &anna,
                SuggestMentions {
                    audience,
                    post: None,
                    query,
                },
            )
            .await;
        found.unwrap().into_iter().map(|card| card.id).collect::<Vec<_>>()
    };
    assert_eq!(suggest(Audience::Local, "e").await, [ben.person, cem.person]);
    assert_eq!(suggest(Audience::Friends, "").await, [ben.person]);
}
