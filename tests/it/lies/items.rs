//! Whose post, which comment, which audience, which version, which ids.

use super::*;

const HUGE: &str = "x";

#[tokio::test]
async fn posts_of_others_are_theirs() {
    let cast = Cast::gather().await;
    let (clara, david) = (&cast.clara, &cast.david);
    let put = |who: &TestPerson, id: Uuid, changes: Value| {
        cast.says(
            who,
            "post.put",
            id,
            changed(&cast.post_object("Changed"), &changes),
        )
    };
    let none = || json!({});
    let of = |who: &TestPerson, kind: &str, post: Uuid, object: Value| cast.says(who, kind, post, object);
    let media = |changes: Value| {
        let item = json!({
            "hash": "0".repeat(64), "kind": "image", "mime": "image/jpeg", "name": "a.jpg", "bytes": 1, "width": 1,
            "height": 1, "placeholder": "", "alt": "", "caption": "",
        });
        changed(&item, &changes)
    };
    let many = vec![media(none()); 100];
    let mentions: Vec<Value> = (0..1000)
        .map(|_| json!({"person": cast.id(), "name": "Somebody"}))
        .collect();
    let lies = vec![
        lie(
            "Anna's post as Clara's",
            put(clara, cast.bench, none()),
            "not_authorised",
        ),
        lie(
            "Anna's unseen post as Clara's",
            put(clara, cast.kitchen, none()),
            "not_authorised",
        ),
        lie(
            "Erik's post as Clara's",
            put(clara, cast.eriks, none()),
            "not_authorised",
        ),
        lie(
            "David's post as Clara's",
            put(clara, cast.davids, none()),
            "not_authorised",
        ),
        lie(
            "the id of Anna's comment as a post's",
            put(clara, cast.annas_comment, none()),
            "not_authorised",
        ),
        lie(
            "the id of the own comment as a post's",
            put(clara, cast.claras_comment, none()),
            "not_authorised",
        ),
        lie(
            "a deleted post again",
            put(clara, cast.claras_gone, none()),
            "duplicate",
        ),
        lie(
            "no post",
            cast.says(clara, "post.put", None, cast.post_object("Nowhere")),
            "invalid_activity",
        ),
        lie(
            "a post older than what is known of it",
            {
                let said = cast
                    .wire
                    .said(clara, "post.put", Some(cast.claras), cast.post_object("Older"));
                cast.says_with(clara, &said, &json!({"at": "000000000001-0000-000000000000"}))
            },
            "duplicate",
        ),
        lie(
            "an audience of the hill",
            put(clara, cast.id(), json!({"audience": "local"})),
            "invalid_activity",
        ),
        lie(
            "an audience of one",
            put(clara, cast.id(), json!({"audience": "me"})),
            "invalid_activity",
        ),
        lie(
            "an audience unheard of",
            put(clara, cast.id(), json!({"audience": "world"})),
            "invalid_activity",
        ),
        lie(
            "version 0",
            put(clara, cast.id(), json!({"version": 0})),
            "invalid_activity",
        ),
        lie(
            "a negative version",
            put(clara, cast.id(), json!({"version": -1})),
            "invalid_activity",
        ),
        lie(
            "a huge version",
            put(clara, cast.id(), json!({"version": 4_294_967_296_u64})),
            "invalid_activity",
        ),
        lie(
            "half a version",
            put(clara, cast.id(), json!({"version": 1.5})),
            "invalid_activity",
        ),
        lie(
            "a version in words",
            put(clara, cast.id(), json!({"version": "1"})),
            "invalid_activity",
        ),
        lie(
            "written before all time",
            put(clara, cast.id(), json!({"created_at": i64::MIN})),
            "invalid_activity",
        ),
        lie(
            "written before 1970",
            put(clara, cast.id(), json!({"created_at": -1})),
            "invalid_activity",
        ),
        lie(
            "changed before 1970",
            put(clara, cast.id(), json!({"edited_at": -1})),
            "invalid_activity",
        ),
        lie(
            "written at no number",
            put(clara, cast.id(), json!({"created_at": u64::MAX})),
            "invalid_activity",
        ),
        lie(
            "nothing at all",
            put(clara, cast.id(), json!({"text": " \n"})),
            "invalid_activity",
        ),
        lie(
            "a text that is none",
            put(clara, cast.id(), json!({"text": ["a"]})),
            "invalid_activity",
        ),
        lie(
            "a text too long",
            put(clara, cast.id(), json!({"text": HUGE.repeat(100_001)})),
            "invalid_activity",
        ),
        lie(
            "a hundred pictures",
            put(clara, cast.id(), json!({"media": many})),
            "invalid_activity",
        ),
        lie(
            "a thousand mentions",
            put(clara, cast.id(), json!({"mentions": mentions})),
            "invalid_activity",
        ),
        lie(
            "a mention under a name that turns around",
            put(
                clara,
                cast.id(),
                json!({"mentions": [{"person": cast.anna.id(), "name": "\u{202e}annA"}]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a mention under an invisible name",
            put(
                clara,
                cast.id(),
                json!({"mentions": [{"person": cast.anna.id(), "name": "\u{2060}"}]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a file whose name is no hash",
            put(
                clara,
                cast.id(),
                json!({"media": [media(json!({"hash": "../../../etc/passwd"}))]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a file of negative length",
            put(clara, cast.id(), json!({"media": [media(json!({"bytes": -1}))]})),
            "invalid_activity",
        ),
        lie(
            "a description of 100 000 characters",
            put(
                clara,
                cast.id(),
                json!({"media": [media(json!({"alt": HUGE.repeat(100_000)}))]}),
            ),
            "invalid_activity",
        ),
        lie(
            "a preview of 100 000 bytes",
            put(
                clara,
                cast.id(),
                json!({"media": [media(json!({"placeholder": HUGE.repeat(100_000)}))]}),
            ),
            "invalid_activity",
        ),
        lie(
            "Anna's post deleted by Clara",
            of(clara, "post.delete", cast.bench, none()),
            "not_authorised",
        ),
        lie(
            "Anna's unseen post deleted by David",
            of(david, "post.delete", cast.kitchen, none()),
            "not_authorised",
        ),
        lie(
            "Erik's post deleted by Clara",
            of(clara, "post.delete", cast.eriks, none()),
            "not_authorised",
        ),
        lie(
            "David's post deleted by Clara",
            of(clara, "post.delete", cast.davids, none()),
            "not_authorised",
        ),
        lie(
            "a deleted post deleted again",
            of(clara, "post.delete", cast.claras_gone, none()),
            "duplicate",
        ),
        lie(
            "a deletion of nothing",
            cast.says(clara, "post.delete", None, none()),
            "invalid_activity",
        ),
        lie(
            "posts of others taken back",
            cast.says(
                clara,
                "post.retract",
                None,
                json!({"posts": [cast.bench, cast.kitchen, cast.eriks, cast.davids]}),
            ),
            "duplicate",
        ),
        lie(
            "a thousand and one posts taken back",
            cast.says(
                clara,
                "post.retract",
                None,
                json!({"posts": vec![cast.bench; 1001]}),
            ),
            "invalid_activity",
        ),
        lie(
            "Anna's comments turned off by Clara",
            of(clara, "post.control", cast.bench, json!({"comments_on": false})),
            "not_authorised",
        ),
        lie(
            "Anna's comments turned on by Clara",
            of(clara, "post.control", cast.closed, json!({"comments_on": true})),
            "not_authorised",
        ),
        lie(
            "David's comments turned off by Clara",
            of(clara, "post.control", cast.davids, json!({"comments_on": false})),
            "not_authorised",
        ),
        lie(
            "Erik's comments turned off by Clara",
            of(clara, "post.control", cast.eriks, json!({"comments_on": false})),
            "not_authorised",
        ),
        lie(
            "comments of nowhere turned off",
            of(clara, "post.control", cast.id(), json!({"comments_on": false})),
            "waiting",
        ),
    ];
    cast.tell(lies).await;
}

#[tokio::test]
async fn comments_and_reactions_belong_where_they_may() {
    let cast = Cast::gather().await;
    let (clara, david) = (&cast.clara, &cast.david);
    let none = || json!({});
    let put = |who: &TestPerson, post: Uuid, id: Uuid, changes: Value| {
        cast.says(
            who,
            "comment.put",
            post,
            changed(&cast.comment_object(id, "Hm."), &changes),
        )
    };
    let delete =
        |who: &TestPerson, post: Uuid, id: Uuid| cast.says(who, "comment.delete", post, json!({"id": id}));
    let react = |who: &TestPerson, post: Uuid, object: Value| cast.says(who, "react.set", post, object);
    let same = cast.id();
    let lies = vec![
        lie(
            "a comment where David sees nothing",
            put(david, cast.bench, cast.id(), none()),
            "not_authorised",
        ),
        lie(
            "a comment inside the hill",
            put(clara, cast.kitchen, cast.id(), none()),
            "not_authorised",
        ),
        lie(
            "a comment where there are none",
            put(clara, cast.closed, cast.id(), none()),
            "comments_off",
        ),
        lie(
            "a comment on a deleted post",
            put(clara, cast.gone, cast.id(), none()),
            "duplicate",
        ),
        lie(
            "a comment on a post that is nowhere",
            put(clara, cast.id(), cast.id(), none()),
            "waiting",
        ),
        lie(
            "a comment on Erik's copy",
            put(clara, cast.eriks, cast.id(), none()),
            "not_authorised",
        ),
        lie(
            "a comment on nothing",
            cast.says(clara, "comment.put", None, cast.comment_object(cast.id(), "Hm.")),
            "invalid_activity",
        ),
        lie(
            "Anna's comment as Clara's",
            put(clara, cast.bench, cast.annas_comment, none()),
            "not_authorised",
        ),
        lie(
            "Clara's comment as David's",
            put(david, cast.bench, cast.claras_comment, none()),
            "not_authorised",
        ),
        lie(
            "a comment moved to another post",
            put(clara, cast.claras, cast.claras_comment, none()),
            "not_authorised",
        ),
        lie(
            "Anna's post's id as a comment's",
            put(clara, cast.bench, cast.bench, none()),
            "not_authorised",
        ),
        lie(
            "Anna's unseen post's id as a comment's",
            put(clara, cast.bench, cast.kitchen, none()),
            "not_authorised",
        ),
        lie(
            "Erik's post's id as a comment's",
            put(clara, cast.claras, cast.eriks, none()),
            "not_authorised",
        ),
        lie(
            "a reply to itself",
            put(clara, cast.bench, same, json!({"parent": same})),
            "invalid_activity",
        ),
        lie(
            "a reply to a comment of another post",
            put(
                clara,
                cast.claras,
                cast.id(),
                json!({"parent": cast.annas_comment}),
            ),
            "invalid_activity",
        ),
        lie(
            "a reply to nothing yet",
            put(clara, cast.bench, cast.id(), json!({"parent": cast.id()})),
            "waiting",
        ),
        lie(
            "version 0",
            put(clara, cast.bench, cast.id(), json!({"version": 0})),
            "invalid_activity",
        ),
        lie(
            "no text",
            put(clara, cast.bench, cast.id(), json!({"text": ""})),
            "invalid_activity",
        ),
        lie(
            "before 1970",
            put(clara, cast.bench, cast.id(), json!({"created_at": -5})),
            "invalid_activity",
        ),
        lie(
            "too long",
            put(
                clara,
                cast.bench,
                cast.id(),
                json!({"text": HUGE.repeat(100_001)}),
            ),
            "invalid_activity",
        ),
        lie(
            "an id that is none",
            put(clara, cast.bench, cast.id(), json!({"id": "comment"})),
            "invalid_activity",
        ),
        lie(
            "Anna's comment deleted by Clara",
            delete(clara, cast.bench, cast.annas_comment),
            "not_authorised",
        ),
        lie(
            "Clara's comment deleted by David",
            delete(david, cast.bench, cast.claras_comment),
            "not_authorised",
        ),
        lie(
            "a comment deleted at another post",
            delete(clara, cast.claras, cast.claras_comment),
            "invalid_activity",
        ),
        lie(
            "Anna's comment deleted from Clara's post",
            delete(clara, cast.claras, cast.annas_comment),
            "invalid_activity",
        ),
        lie(
            "Anna's post deleted as a comment",
            delete(clara, cast.bench, cast.bench),
            "not_authorised",
        ),
        lie(
            "a reaction where David sees nothing",
            react(david, cast.bench, json!({"emoji": "👍"})),
            "not_authorised",
        ),
        lie(
            "a reaction inside the hill",
            react(clara, cast.kitchen, json!({"emoji": "👍"})),
            "not_authorised",
        ),
        lie(
            "a reaction on Erik's copy",
            react(clara, cast.eriks, json!({"emoji": "👍"})),
            "not_authorised",
        ),
        lie(
            "a word as a reaction",
            react(clara, cast.bench, json!({"emoji": "no"})),
            "invalid_activity",
        ),
        lie(
            "two reactions at once",
            react(clara, cast.bench, json!({"emoji": "👍👍"})),
            "invalid_activity",
        ),
        lie(
            "an invisible reaction",
            react(clara, cast.bench, json!({"emoji": "\u{200d}"})),
            "invalid_activity",
        ),
        lie(
            "markup as a reaction",
            react(clara, cast.bench, json!({"emoji": "<b>"})),
            "invalid_activity",
        ),
        lie(
            "a reaction on a comment of another post",
            react(
                clara,
                cast.claras,
                json!({"comment": cast.annas_comment, "emoji": "👍"}),
            ),
            "invalid_activity",
        ),
        lie(
            "a reaction on a comment that is nowhere",
            react(clara, cast.bench, json!({"comment": cast.id(), "emoji": "👍"})),
            "waiting",
        ),
        lie(
            "a mention taken out where David sees nothing",
            cast.says(david, "mention.remove", cast.bench, none()),
            "not_authorised",
        ),
        lie(
            "a mention taken out inside the hill",
            cast.says(clara, "mention.remove", cast.kitchen, none()),
            "not_authorised",
        ),
        lie(
            "a mention taken out of Erik's copy",
            cast.says(clara, "mention.remove", cast.eriks, none()),
            "not_authorised",
        ),
        lie(
            "Anna's comment in her name",
            {
                let said = cast.wire.said(
                    clara,
                    "comment.put",
                    Some(cast.claras),
                    cast.comment_object(cast.id(), "I agree"),
                );
                cast.says_with(
                    clara,
                    &said,
                    &json!({"actor": cast.anna.id(), "home": cast.wire.hill.id(), "identity": null}),
                )
            },
            "bad_signature",
        ),
        lie(
            "Anna's reaction in her name",
            {
                let said = cast
                    .wire
                    .said(clara, "react.set", Some(cast.claras), json!({"emoji": "❤️"}));
                cast.says_with(
                    clara,
                    &said,
                    &json!({"actor": cast.anna.id(), "home": cast.wire.hill.id(), "identity": null}),
                )
            },
            "bad_signature",
        ),
    ];
    cast.tell(lies).await;
}

#[tokio::test]
async fn an_activity_cannot_take_the_id_of_another() {
    let cast = Cast::gather().await;
    let (clara, hill) = (&cast.clara, &cast.wire.hill);
    let id_of = |item: Uuid| hill.read(|tx| Ok(hearth_db::item_activity::of(tx, item)?.remove(0)));
    let (annas, eriks) = (id_of(cast.bench), id_of(cast.eriks));
    let taking = |id: Uuid, kind: &str, post: Uuid, object: Value| {
        let said = cast.wire.said(clara, kind, Some(post), object);
        cast.says_with(clara, &said, &json!({ "id": id }))
    };
    let comment = cast.comment_object(cast.id(), "In its place");
    let lies = vec![
        lie(
            "a comment under the id of what put Anna's post",
            taking(annas, "comment.put", cast.bench, comment.clone()),
            "invalid_activity",
        ),
        lie(
            "a reaction under the id of what put Anna's post",
            taking(annas, "react.set", cast.bench, json!({"emoji": "👍"})),
            "invalid_activity",
        ),
        lie(
            "a post under the id of what put Erik's",
            taking(eriks, "post.put", cast.id(), cast.post_object("In its place")),
            "invalid_activity",
        ),
        lie(
            "a deletion under the id of what put the own post",
            taking(id_of(cast.claras), "post.delete", cast.claras, json!({})),
            "invalid_activity",
        ),
    ];
    cast.tell(lies).await;
    assert!(
        Cast::stored(hill, cast.bench).contains('.'),
        "Anna's own words are still there to be passed on"
    );
}
