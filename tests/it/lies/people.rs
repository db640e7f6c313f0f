//! Friendships nobody asked for, and profiles of others.

use super::*;
use hearth_api::PersonId;
use hearth_api::people::ListFriends;
use hearth_federation::keys::NodeKey;

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

/// Somebody who was made up, with their key.
fn made_up(n: u16) -> (PersonId, PersonKey) {
    let mut seed = [7; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    let id = Uuid::from_u128(0x4000_8000_0000_0000_0000 + u128::from(n));
    (PersonId(id), PersonKey::from_secret_bytes(&seed))
}

/// What is answered to what as many made-up people say, a hundred in each batch: how often the same in a row.
async fn told(
    cast: &Cast,
    people: std::ops::Range<u16>,
    says: impl Fn(u16) -> String,
) -> Vec<(String, usize)> {
    let mut answers: Vec<(String, usize)> = Vec::new();
    for some in people.collect::<Vec<_>>().chunks(100) {
        let texts: Vec<String> = some.iter().map(|n| says(*n)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let receipt = serde_json::to_value(cast.wire.deliver(&cast.wire.batch(&texts)).await).unwrap();
        for result in receipt["results"].as_array().unwrap() {
            let said = result["code"].as_str().or(result["verdict"].as_str()).unwrap();
            match answers.last_mut() {
                Some((last, times)) if last == said => *times += 1,
                _ => answers.push((said.to_owned(), 1)),
            }
        }
    }
    answers
}

/// A family is dozens of people, with all that ever lived there; a home that makes up thousands fills nobody's disk with them.
#[tokio::test]
async fn a_home_makes_only_so_many_people_known() {
    const MOST: usize = 500;
    const MOST_PASSED_ON: usize = 2_000;
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    wire.world.leaves_rows_waiting();
    let lake = wire.lake.id();
    let known = |home: &hearth_api::HomeId| {
        let home = home.clone();
        wire.hill.read(|tx| hearth_db::person::known_of(tx, &home))
    };
    let of_the_lake = usize::try_from(known(&lake)).unwrap();

    // Its own, whatever the kind of their first word.
    let own = |n: u16| {
        let (who, key) = made_up(n);
        let vouched = wire.vouched_with(who, "Somebody", &lake, &key);
        let (kind, post, object) = match n % 4 {
            0 => (
                "person.update",
                None,
                json!({"name": "Somebody", "findable": true, "fields": []}),
            ),
            1 => ("react.set", Some(cast.claras), json!({"emoji": "👍"})),
            2 => (
                "post.put",
                Some(Uuid::from_u128(0x4000_8000_0000_0001_0000 + u128::from(n))),
                cast.post_object("Spam"),
            ),
            _ => (
                "friend.request",
                None,
                json!({"person": cast.ben.id(), "note": ""}),
            ),
        };
        let said = wire.said(&cast.clara, kind, post, object);
        signed_by(&key, &changed(&said, &json!({"actor": who, "identity": vouched})))
    };
    let answers = told(&cast, 0..520, own).await;
    let expected = |taken, refused| {
        [
            ("applied".to_owned(), taken),
            ("too_many_strangers".to_owned(), refused),
        ]
    };
    let taken = MOST - of_the_lake;
    assert_eq!(answers, expected(taken, 520 - taken));
    assert_eq!(usize::try_from(known(&lake)).unwrap(), MOST);

    // Those of homes that were made up with them, on a post of the lake's. What is known of the lake's own counts for itself.
    let strange = |n: u16| {
        let (who, key) = made_up(n);
        let mut seed = [9; 32];
        seed[..2].copy_from_slice(&n.to_be_bytes());
        let node = NodeKey::from_secret_bytes(&seed);
        let statement = json!({
            "puid": who, "display_name": "Somebody", "key": key.public(), "home": node.id(), "at": wire.stamp(),
        });
        let header = json!({"alg": "EdDSA", "kid": node.id(), "typ": "hearth-identity+jws"});
        let vouched = compact(&header, statement.to_string().as_bytes(), |text| node.sign(text));
        let said = wire.said(
            &cast.clara,
            "react.set",
            Some(cast.claras),
            json!({"emoji": "👍"}),
        );
        signed_by(
            &key,
            &changed(
                &said,
                &json!({"actor": who, "home": node.id(), "identity": vouched}),
            ),
        )
    };
    let answers = told(&cast, 1_000..3_020, strange).await;
    assert_eq!(answers, expected(MOST_PASSED_ON, 20));

    cast.tell(vec![
        lie("one more of its own", own(4_000), "too_many_strangers"),
        lie("one more of another home", strange(4_001), "too_many_strangers"),
    ])
    .await;
    // Who is known says on, and other homes make known whom they like.
    let word = signed_by(
        &made_up(3).1,
        &changed(
            &wire.said(
                &cast.clara,
                "friend.cancel",
                None,
                json!({"person": cast.ben.id(), "note": ""}),
            ),
            &json!({"actor": made_up(3).0, "at": hearth_federation::hlc::Hlc::at(u64::try_from(wire.world.now().0).unwrap() + 5)}),
        ),
    );
    assert_eq!(wire.say(&word).await, "applied");
    let frida = cast.third.join("Frida").await;
    let hello = frida.post(hearth_api::feed::Audience::Public, "I am new").await;
    wire.world.pump().await;
    assert!(cast.anna.sees(hello.id).await.is_some());
}
