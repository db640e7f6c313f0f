//! Comments on one home; what other homes see is tested in `apply`.

use crate::posts::tests::{befriend, say, write};
use crate::testing::Home;
use hearth_api::feed::*;
use hearth_api::notify::{ListNotifications, NotificationType};
use hearth_api::{Code, CommentId};

#[tokio::test]
async fn replies_nest_eight_deep_and_deeper_ones_join_the_last_level() {
    let home = Home::of("Ours", &["Anna"]).await;
    let anna = home.person("Anna");
    let post = write(&home, &anna, "Down", Audience::Me).await.id;
    let mut parent: Option<CommentId> = None;
    let mut depths = Vec::new();
    for n in 0..10 {
        let comment = say(&home, &anna, post, parent, &format!("{n}")).await;
        depths.push(comment.depth);
        parent = Some(comment.id);
    }
    assert_eq!(depths, [1, 2, 3, 4, 5, 6, 7, 8, 8, 8]);
    let thread = home
        .social
        .list_comments(&anna, ListComments { post })
        .await
        .unwrap();
    assert_eq!(thread.len(), 10);
    assert_eq!(thread[8].parent, thread[7].parent, "siblings at the last level");
}

#[tokio::test]
async fn switched_off_comments_are_refused_until_switched_on() {
    let home = Home::of("Ours", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let post = write(&home, &anna, "Quiet", Audience::Local).await.id;
    say(&home, &ben, post, None, "Before").await;
    let off = home
        .social
        .set_comments(&anna, SetComments { id: post, on: false })
        .await
        .unwrap();
    assert!(!off.comments_on && !off.may.comment);
    let new = CreateComment {
        op: uuid::Uuid::from_u128(1),
        post,
        parent: None,
        text: "No".into(),
        media: vec![],
    };
    assert_eq!(
        home.social
            .create_comment(&ben, new.clone())
            .await
            .unwrap_err()
            .code,
        Code::CommentsOff
    );
    let refused = home
        .social
        .set_comments(&ben, SetComments { id: post, on: true })
        .await;
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    home.social
        .set_comments(&anna, SetComments { id: post, on: true })
        .await
        .unwrap();
    home.social.create_comment(&ben, new.clone()).await.unwrap();
    home.social.create_comment(&ben, new).await.unwrap();
    let thread = home
        .social
        .list_comments(&ben, ListComments { post })
        .await
        .unwrap();
    assert_eq!(thread.len(), 2, "a repeat makes nothing twice");
}

#[tokio::test]
async fn an_edit_keeps_the_history_and_a_stale_one_both_texts() {
    let home = Home::of("Ours", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let post = write(&home, &anna, "Text", Audience::Local).await.id;
    let id = say(&home, &ben, post, None, "Frist").await.id;
    let edit = |version, text: &str| EditComment {
        id,
        version,
        text: text.to_owned(),
    };
    assert_eq!(
        home.social
            .edit_comment(&anna, edit(1, "Mine"))
            .await
            .unwrap_err()
            .code,
        Code::Forbidden
    );
    assert_eq!(
        home.social
            .edit_comment(&ben, edit(1, " "))
            .await
            .unwrap_err()
            .code,
        Code::EmptyComment
    );
    assert_eq!(
        home.social
            .edit_comment(&ben, edit(1, "First"))
            .await
            .unwrap()
            .version,
        2
    );
    assert_eq!(
        home.social
            .edit_comment(&ben, edit(1, "Fist"))
            .await
            .unwrap_err()
            .code,
        Code::StaleEdit
    );
    let target = Target::Comment(id);
    let history = home
        .social
        .get_history(&anna, GetHistory { target })
        .await
        .unwrap();
    assert_eq!(history[0].text, "Frist");
    assert_eq!(
        home.social.list_drafts(&ben, ListDrafts {}).await.unwrap()[0].text,
        "Fist"
    );
}

#[tokio::test]
async fn the_authors_of_post_and_comment_delete_and_nobody_else() {
    let home = Home::of("Ours", &["Anna", "Ben", "Cem"]).await;
    let (anna, ben, cem) = (home.person("Anna"), home.person("Ben"), home.person("Cem"));
    let post = write(&home, &anna, "Text", Audience::Local).await.id;
    let first = say(&home, &ben, post, None, "One").await.id;
    let second = say(&home, &ben, post, None, "Two").await.id;
    let delete = |id| DeleteComment { id };
    assert_eq!(
        home.social
            .delete_comment(&cem, delete(first))
            .await
            .unwrap_err()
            .code,
        Code::Forbidden
    );
    home.social.delete_comment(&ben, delete(first)).await.unwrap();
    home.social.delete_comment(&anna, delete(second)).await.unwrap();
    assert_eq!(
        home.social
            .delete_comment(&anna, delete(second))
            .await
            .unwrap_err()
            .code,
        Code::NotFound
    );
    assert!(
        home.social
            .list_comments(&cem, ListComments { post })
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn the_right_people_are_notified() {
    let home = Home::of("Ours", &["Anna", "Ben", "Cem"]).await;
    let (anna, ben, cem) = (home.person("Anna"), home.person("Ben"), home.person("Cem"));
    befriend(&home, &anna, &ben).await;
    let post = write(&home, &anna, "Text", Audience::Local).await.id;
    let first = say(&home, &ben, post, None, &format!("Hey @{{{}}}", cem.person))
        .await
        .id;
    say(&home, &cem, post, Some(first), "Yes?").await;
    let kinds = async |who| {
        let page = home
            .social
            .list_notifications(&who, ListNotifications::default())
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|entry| entry.kind)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (for_anna, for_ben, for_cem) = (kinds(anna).await, kinds(ben).await, kinds(cem).await);
    assert!(for_anna.contains(&NotificationType::Comment), "{for_anna:?}");
    assert!(for_ben.contains(&NotificationType::Reply), "{for_ben:?}");
    assert!(for_cem.contains(&NotificationType::Mention), "{for_cem:?}");
    assert!(!for_cem.contains(&NotificationType::Reply), "{for_cem:?}");
}
