//! The text itself: JSON that is double, deep, huge or broken, envelopes of another kind, kinds unheard of.

use super::*;
use data_encoding::BASE64URL_NOPAD;

#[tokio::test]
async fn what_cannot_be_read_is_set_aside() {
    let cast = Cast::gather().await;
    let clara = &cast.clara;
    let key = cast.wire.person_key(clara.id());
    let honest = || {
        cast.wire
            .said(clara, "post.put", Some(cast.id()), cast.post_object("Hm."))
    };
    let raw = |text: &[u8]| compact(&header_of(clara.id()), text, |text| key.sign(text));
    let with = |changes: Value| cast.says_with(clara, &honest(), &changes);
    let headed = |changes: Value| {
        let header = changed(&header_of(clara.id()), &changes);
        compact(&header, honest().to_string().as_bytes(), |text| key.sign(text))
    };
    let twice = |member: &str, value: &str| {
        let text = honest().to_string();
        raw(text
            .replacen('{', &format!("{{\"{member}\":{value},"), 1)
            .as_bytes())
    };
    let deep = |levels: usize| -> Value {
        let mut value = json!(1);
        for _ in 0..levels {
            value = json!([value]);
        }
        value
    };
    let mut cut = cast.sign(clara, &honest());
    cut.truncate(cut.len() / 2);
    let good = cast.sign(clara, &honest());
    let flipped = good.replacen(".e", ".f", 1);
    let long_object =
        json!({"text": "x".repeat(260_000), "audience": "public", "created_at": 1, "version": 1});
    let mut lies = vec![
        lie("nothing", String::new(), "invalid_activity"),
        lie("half of it", cut, "invalid_activity"),
        lie("four parts", format!("{good}.AAAA"), "invalid_activity"),
        lie("padding", format!("{good}=="), "invalid_activity"),
        lie("a line break at the end", format!("{good}\n"), "invalid_activity"),
        lie("another first byte", flipped, "invalid_activity"),
        lie(
            "no signature",
            format!("{}.", good.rsplit_once('.').unwrap().0),
            "invalid_activity",
        ),
        lie(
            "a signature of zeros",
            format!(
                "{}.{}",
                good.rsplit_once('.').unwrap().0,
                BASE64URL_NOPAD.encode(&[0; 64])
            ),
            "bad_signature",
        ),
        lie("no algorithm", headed(json!({"alg": "none"})), "invalid_activity"),
        lie(
            "a symmetric algorithm",
            headed(json!({"alg": "HS256"})),
            "invalid_activity",
        ),
        lie(
            "a key inside",
            headed(json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": ""}})),
            "invalid_activity",
        ),
        lie(
            "a key elsewhere",
            headed(json!({"jku": "https://evil.example/keys"})),
            "invalid_activity",
        ),
        lie(
            "something critical",
            headed(json!({"crit": ["exp"]})),
            "invalid_activity",
        ),
        lie("compressed", headed(json!({"zip": "DEF"})), "invalid_activity"),
        lie(
            "a key id that is none",
            headed(json!({"kid": "../../etc/passwd"})),
            "invalid_activity",
        ),
        lie(
            "a header of 10 000 bytes",
            headed(json!({"x": "x".repeat(10_000)})),
            "invalid_activity",
        ),
        lie("not JSON", raw(b"{"), "invalid_activity"),
        lie(
            "something after the end",
            raw(format!("{}{{}}", honest()).as_bytes()),
            "invalid_activity",
        ),
        lie(
            "not UTF-8",
            raw(&honest()
                .to_string()
                .replace("Hm.", "H\u{fffd}")
                .into_bytes()
                .iter()
                .map(|byte| if *byte == 0xef { 0xff } else { *byte })
                .collect::<Vec<u8>>()),
            "invalid_activity",
        ),
        lie(
            "a list",
            raw(format!("[{}]", honest()).as_bytes()),
            "invalid_activity",
        ),
        lie(
            "a number beyond all",
            raw(honest()
                .to_string()
                .replacen("\"version\":1", "\"version\":1e999", 1)
                .as_bytes()),
            "invalid_activity",
        ),
        lie(
            "a kind twice",
            twice("kind", "\"post.delete\""),
            "invalid_activity",
        ),
        lie(
            "an actor twice",
            twice("actor", &json!(cast.anna.id()).to_string()),
            "invalid_activity",
        ),
        lie(
            "a home twice",
            twice("home", &json!(cast.third.id()).to_string()),
            "invalid_activity",
        ),
        lie(
            "a post twice",
            twice("post", &json!(cast.bench).to_string()),
            "invalid_activity",
        ),
        lie(
            "a time twice",
            twice("at", "\"000000000001-0000-000000000000\""),
            "invalid_activity",
        ),
        lie(
            "an object 32 deep",
            with(json!({"object": deep(32)})),
            "invalid_activity",
        ),
        lie(
            "an object 100 deep",
            with(json!({"object": deep(100)})),
            "invalid_activity",
        ),
        lie(
            "an unknown member 60 deep",
            with(json!({"later": deep(60)})),
            "invalid_activity",
        ),
        lie(
            "brackets without end",
            raw(honest()
                .to_string()
                .replacen("\"post.put\"", &"[".repeat(100_000), 1)
                .as_bytes()),
            "invalid_activity",
        ),
        lie(
            "a quarter of a million characters",
            with(json!({"object": long_object, "identity": null})),
            "invalid_activity",
        ),
        lie(
            "an id of another version",
            with(json!({"id": "0d9f1c2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f"})),
            "invalid_activity",
        ),
        lie("the nil id", with(json!({"id": Uuid::nil()})), "invalid_activity"),
        lie("an id that is none", with(json!({"id": 5})), "invalid_activity"),
        lie("no kind", with(json!({"kind": null})), "invalid_activity"),
        lie("an empty kind", with(json!({"kind": ""})), "invalid_activity"),
        lie(
            "a kind in capitals",
            with(json!({"kind": "Post.put"})),
            "invalid_activity",
        ),
        lie(
            "a kind with a zero in it",
            with(json!({"kind": "post.put\u{0}"})),
            "invalid_activity",
        ),
        lie(
            "a kind of 65 letters",
            with(json!({"kind": "x".repeat(65)})),
            "invalid_activity",
        ),
        lie(
            "a kind in Cyrillic",
            with(json!({"kind": "pоst.put"})),
            "invalid_activity",
        ),
        lie("no time", with(json!({"at": null})), "invalid_activity"),
        lie(
            "a time that is none",
            with(json!({"at": "yesterday"})),
            "invalid_activity",
        ),
        lie(
            "a time in capitals",
            with(json!({"at": "018BCFE56800-0000-8a88e3dd7409"})),
            "invalid_activity",
        ),
        lie("no object", with(json!({"object": null})), "invalid_activity"),
        lie(
            "a post that is no id",
            with(json!({"post": "all"})),
            "invalid_activity",
        ),
        lie(
            "a home that is none",
            with(json!({"home": "lake"})),
            "invalid_activity",
        ),
        lie("no home", with(json!({"home": null})), "invalid_activity"),
    ];
    for kind in [
        "quantum.leap",
        "group.put",
        "event.put",
        "page.put",
        "account.update",
        "session.open",
        "role.set",
        "person.promote",
        "node.update.x",
        "friend",
        "post",
    ] {
        lies.push(lie(
            format!("the kind {kind}"),
            with(json!({"kind": kind})),
            "unsupported_type",
        ));
    }
    cast.tell(lies).await;
}
