//! A database put back that several homes object to.

use super::Story;
use hearth_api::feed::Audience;
use hearth_tests::TestHome;

fn epoch(home: &TestHome) -> String {
    home.read(|tx| hearth_db::meta::get(tx, "epoch")).unwrap()
}

#[tokio::test]
async fn a_database_that_three_homes_object_to_begins_one_life() {
    let story = Story::begin().await;
    let mut others = Vec::new();
    for (house, person) in [("Farm House", "Erik"), ("Mill House", "Mila")] {
        let home = story.world.home(house, &[person]).await;
        story.world.pair(&story.hill, &home).await;
        story.world.befriend(&story.anna, &home.person(person)).await;
        others.push(home);
    }
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    let before = epoch(&story.hill);
    let lost = story.anna.post(Audience::Friends, "Lost").await;
    story.settle().await;

    story.hill.put_database_back(&yesterday, false).await;
    assert_eq!(epoch(&story.hill), before, "it does not know yet");
    story.settle().await;
    let begun = epoch(&story.hill);
    assert_ne!(begun, before);
    for _ in 0..3 {
        story.settle().await;
    }
    assert_eq!(epoch(&story.hill), begun, "one for all of them");
    story.is_mended().await;
    assert!(story.anna.sees(lost.id).await.is_some());
    let homes = [&story.lake].into_iter().chain(&others);
    let mut fetched = 0;
    for home in homes {
        let mending = story.hill.sees_home(home).await.unwrap().restored.unwrap();
        assert!(mending.here && mending.done, "{mending:?}");
        fetched += mending.fetched;
    }
    assert!(fetched > 0, "what came back is still counted");
}
