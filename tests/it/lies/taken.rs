//! Ids that a home has seen elsewhere and uses for something of its own, before or after their owner's words come.

use super::*;
use hearth_api::feed::{Delivery, DeliveryState, EditPost, ListComments};
use hearth_api::homes::{AsideList, GetAside, GetHealth, HealthLevel, Travelling};
use hearth_federation::activity::UnverifiedActivity;

fn id_of(jws: &str) -> Uuid {
    UnverifiedActivity::parse(jws).unwrap().unverified().id
}

impl Cast {
    /// The ids of what waits at the third home for the hill, and their kinds.
    fn on_its_way(&self) -> Vec<(Uuid, String)> {
        let hill = self.wire.hill.id();
        self.third
            .read(|tx| hearth_db::peer_log::rows(tx, &hill, 0, 100))
            .iter()
            .map(|row| {
                let said = UnverifiedActivity::parse(&row.jws).unwrap();
                (said.unverified().id, said.unverified().kind.clone())
            })
            .collect()
    }

    /// Brings the hill what waits for it at the third home; what was taken and what was refused.
    async fn third_delivers(&self) -> (u64, u64) {
        let report = self.third.node().federation().pump().await;
        (report.delivered, report.refused)
    }

    async fn says_under(&self, id: Uuid, kind: &str, post: Uuid, object: Value) -> String {
        let said = self.wire.said(&self.clara, kind, Some(post), object);
        let jws = self.says_with(&self.clara, &said, &json!({ "id": id }));
        let answer = self.wire.say(&jws).await;
        if answer == "applied" {
            assert_eq!(self.wire.say(&jws).await, "duplicate", "it counts once");
        }
        answer
    }

    /// The home of whoever the hill takes a thing to be the last word of.
    fn last_word_by(&self, item: Uuid) -> String {
        let row = self.wire.hill.read(|tx| hearth_db::slot::get(tx, item));
        row.expect("a word on it").home
    }

    /// What the third home is told that the hill refused, and what the hill lists as not taken from there.
    async fn refusals(&self) -> [Vec<(Travelling, Option<String>)>; 2] {
        let list = |list: AsideList| {
            assert_eq!(list.count, list.items.len() as u64);
            list.items
                .into_iter()
                .map(|item| (item.what, item.reason))
                .collect()
        };
        let there = self
            .erik
            .ok(GetAside {
                home: self.wire.hill.id(),
            })
            .await;
        let here = self
            .anna
            .ok(GetAside {
                home: self.third.id(),
            })
            .await;
        [list(there.refused_there), list(here.refused_here)]
    }

    async fn at_the_hill(&self, post: PostId) -> Delivery {
        let lines = self.erik.delivery(post).await;
        let of = self.wire.hill.id();
        lines.into_iter().find(|line| line.home.id == of).unwrap()
    }
}

#[tokio::test]
async fn the_id_of_an_activity_names_it_among_its_authors_only() {
    let cast = Cast::gather().await;
    let hill = &cast.wire.hill;
    let (annas, eriks) = (Cast::stored(hill, cast.bench), Cast::stored(hill, cast.eriks));
    let comment = cast.comment_object(cast.id(), "In its place");
    for (id, kind, post, object) in [
        (id_of(&annas), "comment.put", cast.bench, comment),
        (id_of(&annas), "react.set", cast.bench, json!({"emoji": "👍"})),
        (
            id_of(&eriks),
            "post.put",
            cast.id(),
            cast.post_object("In its place"),
        ),
        (id_of(&annas), "post.delete", cast.claras, json!({})),
    ] {
        assert_eq!(cast.says_under(id, kind, post, object).await, "applied", "{kind}");
    }
    assert_eq!(Cast::stored(hill, cast.bench), annas, "to be passed on");
    assert_eq!(Cast::stored(hill, cast.eriks), eriks);
    assert!(cast.anna.sees(PostId(cast.bench)).await.is_some());
    let faults = hill.read(hearth_db::meta::integrity_faults);
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_takes_the_ids_of_activities_first_keeps_nothing_from_their_owner() {
    let cast = Cast::gather().await;
    let (anna, erik) = (&cast.anna, &cast.erik);
    let annas = anna.post(Audience::Public, "Who comes along?").await.id;
    let second = erik.post(Audience::Public, "To be changed").await;
    cast.wire.world.pump().await;
    // The hill passes Erik's comment on to the lake.
    cast.wire.world.leaves_rows_waiting();
    cast.wire.world.clock().advance(Duration::from_secs(60));

    erik.ok(DeletePost {
        id: PostId(cast.eriks),
    })
    .await;
    erik.ok(EditPost {
        id: second.id,
        version: second.version,
        text: "Changed".to_owned(),
        media: Vec::new(),
        audience: Audience::Public,
    })
    .await;
    erik.comment(annas, "I do").await.unwrap();
    erik.post(Audience::Public, "New").await;
    let on_its_way = cast.on_its_way();
    assert_eq!(on_its_way.len(), 4);
    for (id, kind) in on_its_way {
        let harmless = cast.post_object(&format!("In place of {kind}"));
        assert_eq!(
            cast.says_under(id, "post.put", cast.id(), harmless).await,
            "applied"
        );
    }
    assert_eq!(cast.third_delivers().await, (4, 0));
    assert!(anna.sees(PostId(cast.eriks)).await.is_none(), "the deletion");
    assert_eq!(anna.sees(second.id).await.unwrap().text, "Changed");
    let comments = anna.ok(ListComments { post: annas }).await;
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].text, "I do");
    let feed = anna.feed(hearth_api::feed::Feed::Public).await;
    assert!(feed.contains(&"New".to_owned()), "{feed:?}");
    assert_eq!(cast.refusals().await, [vec![], vec![]]);
}

#[tokio::test]
async fn a_post_whose_id_was_taken_is_refused_for_all_to_see_until_the_id_is_free() {
    let cast = Cast::gather().await;
    let (anna, erik) = (&cast.anna, &cast.erik);
    let first = erik.post(Audience::Public, "Mine").await;
    let second = erik.post(Audience::Public, "Mine too").await;
    for post in [&first, &second] {
        let theirs = cast.post_object("Taken");
        assert_eq!(
            cast.wire
                .say(&cast.says(&cast.clara, "post.put", post.id.0, theirs))
                .await,
            "applied"
        );
    }
    assert_eq!(cast.third_delivers().await, (0, 2));
    assert_eq!(anna.sees(first.id).await.unwrap().text, "Taken");
    assert_eq!(
        erik.sees(first.id).await.unwrap().text,
        "Mine",
        "nothing of the owner's changes"
    );
    let refused = || (Travelling::Post, Some("not_authorised".to_owned()));
    assert_eq!(cast.refusals().await, [vec![refused(); 2], vec![refused(); 2]]);
    let line = cast.at_the_hill(first.id).await;
    assert_eq!(
        (line.state, line.reason.as_deref()),
        (DeliveryState::Refused, Some("not_authorised"))
    );

    // A deletion is no item: it is told of all the same.
    erik.ok(DeletePost { id: second.id }).await;
    assert_eq!(cast.third_delivers().await, (0, 1));
    assert_eq!(
        cast.refusals().await,
        [vec![refused(); 2], vec![refused(); 3]],
        "there the post and the deletion of the other"
    );
    let health = erik.ok(GetHealth {}).await;
    assert_eq!((health.level, health.homes[0].refused), (HealthLevel::Trouble, 2));

    // The owner's next word is taken as soon as the thief's is gone.
    cast.wire.world.clock().advance(Duration::from_secs(60));
    let gone = cast.says(&cast.clara, "post.delete", first.id.0, json!({}));
    assert_eq!(cast.wire.say(&gone).await, "applied");
    erik.ok(EditPost {
        id: first.id,
        version: first.version,
        text: "Mine again".to_owned(),
        media: Vec::new(),
        audience: Audience::Public,
    })
    .await;
    assert_eq!(cast.third_delivers().await, (1, 0));
    assert_eq!(anna.sees(first.id).await.unwrap().text, "Mine again");
    assert_eq!(cast.at_the_hill(first.id).await.state, DeliveryState::Delivered);
    assert_eq!(cast.last_word_by(first.id.0), cast.third.id().to_string());
}

#[tokio::test]
async fn a_made_up_end_of_a_post_does_not_stand_for_its_owners_word() {
    let cast = Cast::gather().await;
    let third = cast.third.id().to_string();
    let posts = json!({"posts": [cast.id(), cast.eriks]});
    assert_eq!(
        cast.wire
            .say(&cast.says(&cast.clara, "post.retract", None, posts))
            .await,
        "applied",
        "for the first one, which never was here"
    );
    assert_eq!(
        cast.last_word_by(cast.eriks),
        third,
        "what is compared after a loss"
    );
    assert!(Cast::stored(&cast.wire.hill, cast.eriks).contains('.'));

    let next = cast.erik.post(Audience::Public, "Next").await.id;
    let gone = cast.says(&cast.clara, "post.delete", next.0, json!({}));
    assert_eq!(cast.wire.say(&gone).await, "applied");
    assert_eq!(cast.third_delivers().await, (1, 0));
    assert_eq!(cast.anna.sees(next).await.unwrap().text, "Next");
    assert_eq!(cast.last_word_by(next.0), third);
}
