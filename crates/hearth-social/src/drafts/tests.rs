use super::is_place;
use crate::posts::tests::new_post;
use crate::testing::Home;
use hearth_api::feed::*;
use hearth_api::{Code, DraftId};
use uuid::Uuid;

fn draft(n: u128, text: &str) -> SaveDraft {
    SaveDraft {
        id: DraftId(Uuid::from_u128(n)),
        place: "feed".to_owned(),
        text: text.to_owned(),
        media: Vec::new(),
        audience: Audience::Friends,
    }
}

#[test]
fn places_are_the_feed_posts_comments_and_edits() {
    let id = Uuid::from_u128(1);
    assert!(is_place("feed") && is_place(&format!("post:{id}")) && is_place(&format!("edit:{id}")));
    assert!(is_place(&format!("reply:{id}")) && !is_place("reply:"));
    assert!(!is_place("") && !is_place("post:") && !is_place("wall:1"));
}

#[tokio::test]
async fn a_draft_is_saved_again_and_goes_with_its_post() {
    let home = Home::of("Ours", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    home.social.save_draft(&anna, draft(1, "He")).await.unwrap();
    home.social.save_draft(&anna, draft(1, "Hello")).await.unwrap();
    let drafts = home.social.list_drafts(&anna, ListDrafts {}).await.unwrap();
    assert_eq!(
        drafts.iter().map(|d| d.text.as_str()).collect::<Vec<_>>(),
        ["Hello"]
    );
    assert!(
        home.social
            .list_drafts(&ben, ListDrafts {})
            .await
            .unwrap()
            .is_empty()
    );
    let stolen = home.social.save_draft(&ben, draft(1, "Mine")).await;
    assert_eq!(stolen.unwrap_err().code, Code::NotFound);
    let delete = DeleteDraft {
        id: DraftId(Uuid::from_u128(1)),
    };
    home.social.delete_draft(&ben, delete).await.unwrap();
    let kept = home.social.list_drafts(&anna, ListDrafts {}).await.unwrap();
    assert_eq!(kept.len(), 1, "nobody deletes another's");
    let mut post = new_post(1, "Hello", Audience::Me);
    post.draft = Some(DraftId(Uuid::from_u128(1)));
    home.social.create_post(&anna, post).await.unwrap();
    assert!(
        home.social
            .list_drafts(&anna, ListDrafts {})
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_hundred_drafts_are_enough() {
    let home = Home::of("Ours", &["Anna"]).await;
    let anna = home.person("Anna");
    for n in 0..100 {
        home.social.save_draft(&anna, draft(n, "x")).await.unwrap();
    }
    assert_eq!(
        home.social
            .save_draft(&anna, draft(100, "x"))
            .await
            .unwrap_err()
            .code,
        Code::TooManyDrafts
    );
    home.social.save_draft(&anna, draft(99, "y")).await.unwrap();
}

#[tokio::test]
async fn a_draft_is_kept_that_is_too_long_to_be_shared() {
    let home = Home::of("Ours", &["Anna"]).await;
    let anna = home.person("Anna");
    let long = "ü".repeat(MAX_TEXT + 1);
    home.social.save_draft(&anna, draft(1, &long)).await.unwrap();
    let drafts = home.social.list_drafts(&anna, ListDrafts {}).await.unwrap();
    assert_eq!(drafts[0].text, long);
    let mut post = new_post(1, &long, Audience::Me);
    post.draft = Some(drafts[0].id);
    let refused = home.social.create_post(&anna, post).await.unwrap_err();
    assert_eq!(refused.code, Code::TextTooLong);
    assert_eq!(
        home.social.list_drafts(&anna, ListDrafts {}).await.unwrap().len(),
        1
    );
    let longest = home
        .social
        .save_draft(&anna, draft(2, &"ü".repeat(MAX_DRAFT_TEXT)))
        .await;
    assert!(longest.is_ok());
    let over = home
        .social
        .save_draft(&anna, draft(2, &"ü".repeat(MAX_DRAFT_TEXT + 1)))
        .await;
    assert_eq!(over.unwrap_err().code, Code::TextTooLong);
}
