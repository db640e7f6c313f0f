//! What hangs on a post: comments, reactions, mentions; which post, whose, which version.

use super::*;

const HUGE: &str = "x";

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
            "overtaken",
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
            "id_not_yours",
        ),
        lie(
            "Clara's comment as David's",
            put(david, cast.bench, cast.claras_comment, none()),
            "id_not_yours",
        ),
        lie(
            "a comment moved to another post",
            put(clara, cast.claras, cast.claras_comment, none()),
            "id_not_yours",
        ),
        lie(
            "Anna's post's id as a comment's",
            put(clara, cast.bench, cast.bench, none()),
            "id_not_yours",
        ),
        lie(
            "Anna's unseen post's id as a comment's",
            put(clara, cast.bench, cast.kitchen, none()),
            "id_not_yours",
        ),
        lie(
            "Erik's post's id as a comment's",
            put(clara, cast.claras, cast.eriks, none()),
            "id_not_yours",
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
            "id_not_yours",
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
