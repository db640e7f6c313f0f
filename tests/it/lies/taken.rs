//! Ids that a home has seen elsewhere and uses for something of its own, before or after their owner's words come.

use super::*;
use hearth_api::feed::{CreateComment, DeleteComment, Delivery, DeliveryState, EditPost, ListComments};
use hearth_api::homes::{AsideList, GetAside, Travelling};
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
async fn a_bound_id_is_its_makers_even_where_a_liar_says_it_first() {
    let cast = Cast::gather().await;
    let (anna, erik, clara) = (&cast.anna, &cast.erik, &cast.clara);
    let place = anna.post(Audience::Public, "Who comes along?").await.id;
    cast.wire.world.pump().await;
    // The hill passes Erik's comment on to the lake.
    cast.wire.world.leaves_rows_waiting();
    let post = erik.post(Audience::Public, "Mine").await.id;
    let gone = erik.post(Audience::Public, "Deleted before it left").await.id;
    let comment = erik.comment(place, "I do").await.unwrap().id;
    let says = |kind: &str, on: Uuid, object: Value| cast.says(clara, kind, on, object);
    let comment_object = || cast.comment_object(comment.0, "Taken");
    let deletion = |author: Option<&TestPerson>| match author {
        Some(author) => json!({"id": comment, "created_at": 5, "author": author.id()}),
        None => json!({"id": comment, "created_at": 5}),
    };
    let mut lies = vec![
        ("a post", says("post.put", post.0, cast.post_object("Taken"))),
        ("its end", says("post.delete", post.0, json!({}))),
        (
            "its comments",
            says("post.control", post.0, json!({"comments_on": false})),
        ),
        (
            "a retraction",
            says("post.retract", cast.claras, json!({"posts": [cast.id(), post]})),
        ),
        (
            "a comment in its place",
            says("comment.put", place.0, comment_object()),
        ),
        (
            "a comment elsewhere",
            says("comment.put", cast.claras, comment_object()),
        ),
        (
            "a comment's id as a post's",
            says("post.put", comment.0, cast.post_object("Taken")),
        ),
        (
            "a post's id as a comment's",
            says("comment.put", cast.bench, cast.comment_object(post.0, "Taken")),
        ),
        (
            "a comment's end as its author",
            says("comment.delete", place.0, deletion(None)),
        ),
        (
            "a comment's end as nobody who may",
            says("comment.delete", place.0, deletion(Some(erik))),
        ),
        (
            "a comment's end on the own post",
            says("comment.delete", cast.claras, deletion(Some(erik))),
        ),
        (
            "a comment's end on the own post, as its author",
            says("comment.delete", cast.claras, deletion(Some(clara))),
        ),
    ];
    lies.push(("an edit", {
        let object = changed(&cast.post_object("Taken"), &json!({"version": 7}));
        says("post.put", post.0, object)
    }));
    let before = cast.wire.held();
    let count = lies.len() as u64;
    for (what, jws) in lies {
        for _ in 0..2 {
            assert_eq!(cast.wire.say(&jws).await, "id_not_yours", "{what}");
            cast.unchanged(&before, what);
        }
    }
    let refused = anna
        .ok(GetAside {
            home: cast.wire.lake.id(),
        })
        .await
        .refused_here;
    assert_eq!(refused.count, count, "for those who run the home to see");
    assert!(
        refused
            .items
            .iter()
            .all(|item| item.reason.as_deref() == Some("id_not_yours"))
    );

    erik.ok(DeletePost { id: gone }).await;
    let (delivered, not_taken) = cast.third_delivers().await;
    assert_eq!((delivered > 0, not_taken), (true, 0));
    assert_eq!(anna.sees(post).await.unwrap().text, "Mine");
    assert_eq!(cast.at_the_hill(post).await.state, DeliveryState::Delivered);
    let comments = anna.ok(ListComments { post: place }).await;
    assert_eq!(
        comments.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(),
        ["I do"]
    );
    assert_eq!(cast.refusals().await, [vec![], vec![]]);
}

#[tokio::test]
async fn a_persons_id_is_bound_to_their_key() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let greta = cast.third.join("Greta").await;
    let stranger = PersonKey::from_secret_bytes(&[77; 32]);
    for home in [&wire.lake, &cast.third] {
        let said = changed(
            &wire.said(
                &cast.clara,
                "post.put",
                Some(cast.id()),
                cast.post_object("I am Greta"),
            ),
            &json!({
                "actor": greta.id(), "home": home.id(),
                "identity": wire.vouched_with(greta.id(), "Greta", &wire.lake.id(), &stranger),
            }),
        );
        let before = wire.held();
        assert_eq!(wire.say(&signed_by(&stranger, &said)).await, "id_not_yours");
        cast.unchanged(&before, "a person under Greta's id");
        assert!(!wire.knows(greta.id()));
    }
    let post = greta.post(Audience::Public, "It is me").await.id;
    assert_eq!(cast.third_delivers().await.1, 0);
    assert_eq!(cast.anna.sees(post).await.unwrap().author.name, "Greta");
}

#[tokio::test]
async fn who_deletes_anothers_comment_names_its_author_where_it_never_came() {
    let cast = Cast::gather().await;
    let (anna, clara) = (&cast.anna, &cast.clara);
    let place = anna.post(Audience::Public, "Who comes along?").await.id;
    cast.wire.world.pump().await;
    cast.third.stop().await;
    let first = clara.comment(place, "Not me").await.unwrap().id;
    cast.wire.world.pump().await;
    let reply = anna
        .ok(CreateComment {
            op: cast.id(),
            post: place,
            parent: Some(first),
            text: "Then alone".to_owned(),
            media: Vec::new(),
        })
        .await
        .id;
    anna.ok(DeleteComment { id: first }).await;
    cast.third.start().await;
    cast.wire.world.pump().await;
    let there = cast.erik.ok(ListComments { post: place }).await;
    assert_eq!(there.iter().map(|row| row.id).collect::<Vec<_>>(), [first, reply]);
    assert!(there[0].author.is_none(), "a placeholder");
    let list = anna
        .ok(GetAside {
            home: cast.third.id(),
        })
        .await
        .refused_there;
    assert_eq!(list.count, 0, "{list:?}");
}

#[tokio::test]
async fn an_older_program_deletes_what_others_said_under_its_peoples_posts_without_naming_them() {
    let cast = Cast::gather().await;
    let (anna, clara) = (&cast.anna, &cast.clara);
    // What the third home says goes nowhere here.
    cast.wire.world.leaves_rows_waiting();
    let claras = PostId(cast.claras);
    let comment = anna.comment(claras, "Said too much").await.unwrap().id;
    cast.wire.world.pump().await;
    let delete = |id: Uuid| cast.says(clara, "comment.delete", cast.claras, json!({ "id": id }));
    assert_eq!(cast.wire.say(&delete(comment.0)).await, "applied");
    assert!(anna.ok(ListComments { post: claras }).await.is_empty());
    // Of what never came, nobody can tell whose it is.
    let never = cast
        .erik
        .comment(PostId(cast.eriks), "Elsewhere")
        .await
        .unwrap()
        .id;
    assert_eq!(cast.wire.say(&delete(never.0)).await, "id_not_yours");
    assert_eq!(
        cast.wire.say(&delete(cast.id())).await,
        "applied",
        "under an older id"
    );
}

#[tokio::test]
async fn an_older_programs_id_is_whosoever_used_it_first_until_it_is_free() {
    let cast = Cast::gather().await;
    let (clara, david, anna) = (&cast.clara, &cast.david, &cast.anna);
    let id = cast.id();
    let put = |who: &TestPerson, text: &str| cast.says(who, "post.put", id, cast.post_object(text));
    assert_eq!(cast.wire.say(&put(david, "Taken")).await, "applied");
    let first = put(clara, "Mine");
    for _ in 0..2 {
        assert_eq!(cast.wire.say(&first).await, "not_authorised");
    }
    assert_eq!(anna.sees(PostId(id)).await.unwrap().text, "Taken");
    let not_theirs = cast.says(clara, "post.delete", id, json!({}));
    assert_eq!(cast.wire.say(&not_theirs).await, "not_authorised");

    // The owner's next word is taken as soon as the thief's is gone.
    cast.wire.world.clock().advance(Duration::from_secs(60));
    let gone = cast.says(david, "post.delete", id, json!({}));
    assert_eq!(cast.wire.say(&gone).await, "applied");
    let again = cast.says(
        clara,
        "post.put",
        id,
        changed(&cast.post_object("Mine again"), &json!({"version": 2})),
    );
    assert_eq!(cast.wire.say(&again).await, "applied");
    assert_eq!(anna.sees(PostId(id)).await.unwrap().text, "Mine again");
}

#[tokio::test]
async fn a_made_up_end_of_a_post_does_not_stand_for_its_owners_word() {
    let cast = Cast::gather().await;
    let (clara, lake) = (&cast.clara, cast.wire.lake.id().to_string());
    // Of older programs, whose ids are bound to nobody: one that is here, and one that is on its way.
    let (here, next) = (cast.id(), cast.id());
    let put = |id: Uuid| cast.says(&cast.david, "post.put", id, cast.post_object("David's"));
    assert_eq!(cast.wire.say(&put(here)).await, "applied");
    let word = Cast::stored(&cast.wire.hill, here);
    let posts = json!({"posts": [next, here]});
    assert_eq!(
        cast.wire
            .say(&cast.says(clara, "post.retract", None, posts))
            .await,
        "applied",
        "for the first one, which never was here"
    );
    assert_eq!(Cast::stored(&cast.wire.hill, here), word);
    let gone = cast.says(clara, "post.delete", next, json!({}));
    assert_eq!(cast.wire.say(&gone).await, "applied");
    assert_eq!(cast.wire.say(&put(next)).await, "applied");
    assert!(cast.anna.sees(PostId(next)).await.is_some());
    assert_eq!(cast.last_word_by(next), lake);
    assert_eq!(
        cast.wire.hill.read(hearth_db::meta::integrity_faults),
        Vec::<String>::new()
    );
}
