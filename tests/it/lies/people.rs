//! Friendships nobody asked for, and profiles of others.

use super::*;
use hearth_api::people::ListFriends;

#[tokio::test]
async fn words_about_people_are_their_own() {
    let cast = Cast::gather().await;
    let (wire, clara, david) = (&cast.wire, &cast.clara, &cast.david);
    let word = |word: &str, person: Value| {
        cast.says(
            clara,
            &format!("friend.{word}"),
            None,
            json!({"person": person, "note": ""}),
        )
    };
    let in_name = |who: &TestPerson, home: &TestHome, kind: &str, object: Value| {
        let said = wire.said(clara, kind, None, object);
        cast.says_with(clara, &said, &json!({"actor": who.id(), "home": home.id()}))
    };
    let profile = |changes: Value| {
        let object = json!({"name": "Clara", "findable": true, "fields": [], "picture": null});
        cast.says(clara, "person.update", None, changed(&object, &changes))
    };
    let picture = |changes: Value| {
        let file =
            json!({"hash": "1".repeat(64), "mime": "image/jpeg", "bytes": 100, "width": 10, "height": 10});
        json!({"picture": {"audience": "public", "square": changed(&file, &changes), "original": null}})
    };
    let lies = vec![
        lie(
            "a friend of Erik's, told to the hill",
            word("request", json!(cast.erik.id())),
            "not_found",
        ),
        lie(
            "a friend of somebody unknown",
            word("request", json!(cast.id())),
            "not_found",
        ),
        lie(
            "a friend at the own home",
            word("request", json!(david.id())),
            "not_found",
        ),
        lie(
            "a friend of nobody",
            word("request", json!("nobody")),
            "invalid_activity",
        ),
        lie(
            "a word that there is none of",
            word("adopt", json!(cast.ben.id())),
            "unsupported_type",
        ),
        lie(
            "a note too long",
            cast.says(
                clara,
                "friend.request",
                None,
                json!({"person": cast.ben.id(), "note": "x".repeat(501)}),
            ),
            "invalid_activity",
        ),
        lie(
            "Ben's yes, said by Clara",
            in_name(
                &cast.ben,
                &wire.hill,
                "friend.accept",
                json!({"person": cast.anna.id()}),
            ),
            "bad_signature",
        ),
        lie(
            "Ben's yes, moved to the lake",
            in_name(
                &cast.ben,
                &wire.lake,
                "friend.accept",
                json!({"person": cast.anna.id()}),
            ),
            "not_authorised",
        ),
        lie(
            "Erik's request, said by Clara",
            in_name(
                &cast.erik,
                &cast.third,
                "friend.request",
                json!({"person": cast.anna.id()}),
            ),
            "bad_signature",
        ),
        lie(
            "Anna's profile",
            in_name(
                &cast.anna,
                &wire.hill,
                "person.update",
                json!({"name": "A fool", "findable": true, "fields": []}),
            ),
            "bad_signature",
        ),
        lie(
            "Anna's profile, moved to the lake",
            in_name(
                &cast.anna,
                &wire.lake,
                "person.update",
                json!({"name": "A fool", "findable": true, "fields": []}),
            ),
            "not_authorised",
        ),
        lie(
            "David's profile, signed by Clara",
            in_name(
                david,
                &wire.lake,
                "person.update",
                json!({"name": "A fool", "findable": true, "fields": []}),
            ),
            "bad_signature",
        ),
        lie(
            "Erik's profile",
            in_name(
                &cast.erik,
                &cast.third,
                "person.update",
                json!({"name": "A fool", "findable": true, "fields": []}),
            ),
            "bad_signature",
        ),
        lie(
            "Anna's end",
            in_name(&cast.anna, &wire.hill, "person.delete", json!({})),
            "bad_signature",
        ),
        lie(
            "Erik's end",
            in_name(&cast.erik, &cast.third, "person.delete", json!({})),
            "bad_signature",
        ),
        lie(
            "a name that turns around",
            profile(json!({"name": "\u{202e}annA"})),
            "invalid_activity",
        ),
        lie(
            "a name with an Arabic mark",
            profile(json!({"name": "Anna\u{61c}"})),
            "invalid_activity",
        ),
        lie(
            "Anna's name with something invisible",
            profile(json!({"name": "An\u{ad}na"})),
            "invalid_activity",
        ),
        lie(
            "a name with a line break",
            profile(json!({"name": "Clara\nAdmin"})),
            "invalid_activity",
        ),
        lie(
            "a name of 81 characters",
            profile(json!({"name": "x".repeat(81)})),
            "invalid_activity",
        ),
        lie("an empty name", profile(json!({"name": ""})), "invalid_activity"),
        lie(
            "a name that is none",
            profile(json!({"name": 7})),
            "invalid_activity",
        ),
        lie(
            "a thousand fields",
            profile(json!({"fields": vec![json!({}); 1000]})),
            "invalid_activity",
        ),
        lie(
            "a page as a picture",
            profile(picture(json!({"mime": "text/html"}))),
            "invalid_activity",
        ),
        lie(
            "a picture that is no square",
            profile(picture(json!({"width": 11}))),
            "invalid_activity",
        ),
        lie(
            "a picture of no size",
            profile(picture(json!({"width": 0, "height": 0}))),
            "invalid_activity",
        ),
        lie(
            "a picture of 2^64 bytes",
            profile(picture(json!({"bytes": u64::MAX}))),
            "invalid_activity",
        ),
        lie(
            "a picture elsewhere",
            profile(picture(json!({"hash": "http://evil.example/x.png"}))),
            "invalid_activity",
        ),
    ];
    cast.tell(lies).await;
}

/// A yes to nothing is no more than a request, and ends as one.
#[tokio::test]
async fn a_yes_that_nobody_asked_for_makes_no_friends() {
    let cast = Cast::gather().await;
    let (wire, ben, david) = (&cast.wire, &cast.ben, &cast.david);
    let friends = async || ben.ok(ListFriends::default()).await;
    let before = friends().await;
    for word in ["accept", "decline", "cancel", "remove", "accept"] {
        wire.world.clock().advance(Duration::from_secs(1));
        let jws = cast.says(
            david,
            &format!("friend.{word}"),
            None,
            json!({"person": ben.id(), "note": ""}),
        );
        let answer = wire.say(&jws).await;
        assert!(
            ["applied", "duplicate"].contains(&answer.as_str()),
            "{word}: {answer}"
        );
        assert_eq!(friends().await, before, "after `{word}`");
    }
    let secret = ben
        .post(hearth_api::feed::Audience::Friends, "For Ben's friends")
        .await;
    wire.world.leaves_rows_waiting();
    let there = wire.hill.delivery_state(secret.id.0, &wire.lake.id());
    assert_eq!(there, None, "nothing for friends goes there");
    cast.honest("Still honest", "unasked words").await;
}
