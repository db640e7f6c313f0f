//! Posting, looking, commenting, reacting, deleting.

use super::{open_as, sees_post, t, world};
use hearth_api::feed::Audience;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_outlives_a_reload() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let browser = open_as(&home, "anna").await;
    let mut listener = anna.listen().await;
    browser.click(&t("share-something")).await;
    browser
        .type_into(&t("compose-text"), "Found the old sledge in the attic")
        .await;
    listener
        .until("the draft", |event| {
            matches!(event, hearth_api::Event::DraftsChanged).then_some(())
        })
        .await;
    browser.reload().await;
    browser.find(&t("nav-compose")).await;
    let drafts = anna.ok(hearth_api::feed::ListDrafts {}).await;
    assert!(
        drafts
            .iter()
            .any(|draft| draft.text.contains("old sledge") && super::is_set(draft.saved_at))
    );
    assert!(
        anna.feed(hearth_api::feed::Feed::Home).await.is_empty(),
        "a draft is no post"
    );
    anna.post(Audience::Me, "Something else").await;
    sees_post(&browser, "Something else").await;
    browser.close().await;
    world.close().await;
}
