//! A comment that was deleted stays deleted, also when its post was taken away and given again by a home that has lost the deletion.

use super::{Story, edit};
use hearth_api::feed::{Audience, DeleteComment, ListComments};
use hearth_tests::TestPerson;

async fn said_on(post: hearth_api::PostId, seen_by: &TestPerson) -> Vec<String> {
    let lines = seen_by.ok(ListComments { post }).await;
    lines.into_iter().map(|line| line.text).collect()
}

#[tokio::test]
async fn a_deletion_that_was_lost_comes_back_from_a_home_from_which_the_post_was_taken_back() {
    let story = Story::begin().await;
    let Story {
        hill,
        lake,
        anna,
        clara,
        ..
    } = &story;
    let post = anna.post(Audience::Friends, "Say something").await;
    let gone = anna.comment(post.id, "Something wrong").await.unwrap();
    anna.comment(post.id, "Something").await.unwrap();
    story.settle().await;
    assert_eq!(said_on(post.id, clara).await.len(), 2);
    let yesterday = hill.copy_database().await;
    anna.ok(DeleteComment { id: gone.id }).await;
    story.settle().await;
    assert_eq!(said_on(post.id, clara).await, ["Something"]);
    hill.put_database_back(&yesterday, false).await;
    assert_eq!(said_on(post.id, anna).await.len(), 2, "yesterday is back");
    let narrow = edit(&post, "Say something", Audience::Local);
    let narrow = anna.ok(narrow).await;
    hill.node().federation().pump_one(&lake.id()).await;
    story.settle().await;
    assert!(clara.sees(post.id).await.is_none());
    let now = anna.sees(post.id).await.unwrap();
    assert!(now.version >= narrow.version);
    anna.ok(edit(&now, "Say something", Audience::Friends)).await;
    story.settle().await;
    story.settle().await;
    for person in [anna, clara] {
        assert_eq!(said_on(post.id, person).await, ["Something"], "{}", person.name());
    }
    story.is_mended().await;
}
