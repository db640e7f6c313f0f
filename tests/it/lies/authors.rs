//! Who said it: keys, persons, homes, statements about persons.

use super::*;
use hearth_federation::keys::NodeKey;

#[tokio::test]
async fn nobody_speaks_for_another() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let (clara, david) = (&cast.clara, &cast.david);
    let lake = wire.lake.id();
    let stranger = PersonKey::from_secret_bytes(&[77; 32]);
    let some_node = NodeKey::from_secret_bytes(&[78; 32]);
    let honest = || wire.said(clara, "post.put", Some(cast.id()), cast.post_object("Not hers"));
    let in_name = |who: &TestPerson, home: &TestHome| {
        json!({"actor": who.id(), "home": home.id(), "identity": wire.vouched_with(
            who.id(), who.name(), &home.id(), &wire.person_key(clara.id()))})
    };
    let kid = |kid: &Value, said: &Value| {
        compact(&header_of(kid), said.to_string().as_bytes(), |text| {
            wire.person_key(clara.id()).sign(text)
        })
    };
    let unknown = |identity: Value| {
        let who = cast.id();
        let said = changed(&honest(), &json!({"actor": who, "identity": identity}));
        signed_by(&stranger, &said)
    };
    let by_node = |key: &NodeKey, said: &Value| {
        compact(&header_of(key.id()), said.to_string().as_bytes(), |text| {
            key.sign(text)
        })
    };
    let of_node = |kind: &str, home: &Value| {
        changed(
            &wire.said(
                clara,
                kind,
                None,
                json!({"name": "Taken over", "addresses": ["evil.example:1"]}),
            ),
            &json!({"actor": Uuid::nil(), "home": home, "identity": null}),
        )
    };
    let said = honest();
    let other_purpose = json!({"alg": "EdDSA", "kid": clara.id(), "typ": "hearth-identity+jws"});
    let lies = vec![
        lie(
            "signed by David as Clara",
            cast.sign(david, &said),
            "bad_signature",
        ),
        lie(
            "signed by a key that nobody knows as Clara",
            signed_by(&stranger, &said),
            "bad_signature",
        ),
        lie(
            "David's words under Clara's name",
            kid(&json!(clara.id()), &changed(&said, &json!({"actor": david.id()}))),
            "invalid_activity",
        ),
        lie(
            "Anna of the hill, at the hill",
            cast.says_with(clara, &said, &in_name(&cast.anna, &wire.hill)),
            "bad_signature",
        ),
        lie(
            "Anna of the hill, moved to the lake",
            cast.says_with(clara, &said, &in_name(&cast.anna, &wire.lake)),
            "not_authorised",
        ),
        lie(
            "Erik, at his home",
            cast.says_with(clara, &said, &in_name(&cast.erik, &cast.third)),
            "bad_signature",
        ),
        lie(
            "Erik, moved to the lake",
            cast.says_with(clara, &said, &in_name(&cast.erik, &wire.lake)),
            "not_authorised",
        ),
        lie(
            "Clara, moved to the third house",
            cast.says_with(clara, &said, &json!({"home": cast.third.id()})),
            "not_authorised",
        ),
        lie(
            "Clara, moved to the hill",
            cast.says_with(clara, &said, &json!({"home": wire.hill.id()})),
            "not_authorised",
        ),
        lie(
            "somebody unknown for whom nobody vouches",
            unknown(Value::Null),
            "bad_signature",
        ),
        lie(
            "somebody unknown with the statement about Clara",
            unknown(said["identity"].clone()),
            "bad_signature",
        ),
        lie(
            "somebody unknown with a statement that is none",
            unknown(json!("a.b.c")),
            "bad_signature",
        ),
        lie(
            "somebody unknown with a statement that is not even text",
            unknown(json!({"puid": 1})),
            "bad_signature",
        ),
        {
            // Vouched for by the lake, as somebody of the third house.
            let who = cast.id();
            let identity =
                wire.vouched_with(hearth_api::PersonId(who), "Nobody", &cast.third.id(), &stranger);
            let changes = json!({"actor": who, "home": cast.third.id(), "identity": identity});
            lie(
                "somebody unknown of the third house, vouched for by the lake",
                signed_by(&stranger, &changed(&said, &changes)),
                "bad_signature",
            )
        },
        {
            let who = cast.id();
            let identity = wire.vouched_with(hearth_api::PersonId(who), "Nobody", &wire.hill.id(), &stranger);
            let changes = json!({"actor": who, "home": wire.hill.id(), "identity": identity});
            lie(
                "somebody unknown of the hill",
                signed_by(&stranger, &changed(&said, &changes)),
                "bad_signature",
            )
        },
        {
            // True words of another key: the key that is stated is not the one that signed.
            let who = cast.id();
            let identity = wire.vouched_with(
                hearth_api::PersonId(who),
                "Nobody",
                &lake,
                &wire.person_key(david.id()),
            );
            lie(
                "somebody unknown with David's key in the statement",
                signed_by(
                    &stranger,
                    &changed(&said, &json!({"actor": who, "identity": identity})),
                ),
                "bad_signature",
            )
        },
        {
            // The statement about Clara gives her another key; she is known.
            let identity = wire.vouched_with(clara.id(), "Clara", &lake, &stranger);
            lie(
                "Clara with a new key",
                signed_by(&stranger, &changed(&said, &json!({"identity": identity}))),
                "bad_signature",
            )
        },
        lie(
            "the nil person",
            kid(
                &json!(Uuid::nil()),
                &changed(&said, &json!({"actor": Uuid::nil()})),
            ),
            "invalid_activity",
        ),
        lie(
            "the lake itself as the author of a post",
            by_node(
                &wire.node_key(),
                &changed(&said, &json!({"actor": Uuid::nil(), "identity": null})),
            ),
            "unsupported_type",
        ),
        lie(
            "the lake's key under a person's name",
            compact(&header_of(clara.id()), said.to_string().as_bytes(), |text| {
                wire.node_key().sign(text)
            }),
            "bad_signature",
        ),
        lie(
            "a statement as an activity",
            compact(&other_purpose, said.to_string().as_bytes(), |text| {
                wire.person_key(clara.id()).sign(text)
            }),
            "invalid_activity",
        ),
        lie(
            "a home's own words by a person",
            cast.says(clara, "node.update", None, json!({"name": "Taken over"})),
            "not_authorised",
        ),
        lie(
            "the end of the connection by a person",
            cast.says(clara, "node.remove", None, json!({})),
            "not_authorised",
        ),
        lie(
            "a home's own words by another node",
            by_node(&some_node, &of_node("node.update", &json!(some_node.id()))),
            "not_authorised",
        ),
        lie(
            "a home's own words in the name of another node",
            by_node(&wire.node_key(), &of_node("node.update", &json!(some_node.id()))),
            "invalid_activity",
        ),
        lie(
            "the third house's own words, signed by the lake",
            compact(
                &header_of(cast.third.id()),
                of_node("node.remove", &json!(cast.third.id()))
                    .to_string()
                    .as_bytes(),
                |text| wire.node_key().sign(text),
            ),
            "not_authorised",
        ),
        lie(
            "the hill's own words",
            compact(
                &header_of(wire.hill.id()),
                of_node("node.remove", &json!(wire.hill.id()))
                    .to_string()
                    .as_bytes(),
                |text| wire.node_key().sign(text),
            ),
            "not_authorised",
        ),
        lie(
            "the lake's own words, signed by Clara",
            compact(
                &header_of(&lake),
                of_node("node.update", &json!(lake)).to_string().as_bytes(),
                |text| wire.person_key(clara.id()).sign(text),
            ),
            "bad_signature",
        ),
        lie(
            "Anna's own words, brought back as news",
            Cast::stored(&wire.hill, cast.bench),
            "not_authorised",
        ),
        lie(
            "Erik's own words, brought by the lake",
            Cast::stored(&cast.third, cast.eriks),
            "not_authorised",
        ),
    ];
    cast.tell(lies).await;
}
