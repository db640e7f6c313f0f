//! What waits between two homes and what either did not take, listed for those who run a home.

use hearth_api::Code;
use hearth_api::feed::{Audience, SetComments};
use hearth_api::homes::{Aside, AsideList, GetAside, Travelling};
use hearth_tests::{TestHome, TestPerson, World};

async fn seen(by: &TestPerson, of: &TestHome) -> Aside {
    by.ok(GetAside { home: of.id() }).await
}

fn kinds(list: &AsideList) -> Vec<(Travelling, Option<&str>)> {
    assert_eq!(list.count, list.items.len() as u64);
    list.items
        .iter()
        .map(|item| (item.what, item.reason.as_deref()))
        .collect()
}

#[tokio::test]
async fn what_waits_and_what_was_refused_is_listed_for_admins() {
    let world = World::new();
    let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara"]).await;
    let (anna, clara) = (hill.person("Anna"), lake.person("Clara"));
    assert_eq!(seen(&anna, &lake).await, Aside::default());

    // Comments go off at the hill while one is on its way there.
    let post = anna.post(Audience::Friends, "Mine").await;
    world.pump().await;
    clara.comment(post.id, "Too late").await.unwrap();
    let off = SetComments {
        id: post.id,
        on: false,
    };
    anna.ok(off).await;
    world.pump().await;
    let off = Some("comments_off");
    assert_eq!(
        kinds(&seen(&clara, &hill).await.refused_there),
        [(Travelling::Comment, off)]
    );
    assert_eq!(
        kinds(&seen(&anna, &lake).await.refused_here),
        [(Travelling::Comment, off)]
    );

    lake.stop().await;
    anna.post(Audience::Friends, "Another").await;
    world.pump().await;
    let now = seen(&anna, &lake).await;
    assert_eq!(kinds(&now.outgoing), [(Travelling::Post, None)]);
    assert!(now.incoming.items.is_empty() && now.refused_there.items.is_empty());
    let ask = GetAside { home: lake.id() };
    hill.person("Ben")
        .refused_with(Code::Forbidden, ask.clone())
        .await;
    anna.refused_with(Code::NotFound, GetAside { home: hill.id() })
        .await;
    lake.start().await;
    world.pump().await;
    assert!(seen(&anna, &lake).await.outgoing.items.is_empty());
}
