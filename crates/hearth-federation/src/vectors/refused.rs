//! What must be refused: each a good vector with one thing wrong, tried here and published for others to try.

use super::*;
use crate::address::Address;
use crate::jws::{JwsError, JwsSigner, Purpose, UnverifiedJws, sign};
use crate::keys::NodeId;
use crate::pairing::PairRequest;
use crate::reception::Batch;
use crate::rotation::{RotationPart, respond};
use crate::signature::{MemoryReplayGuard, PeerKey};
use data_encoding::BASE64URL_NOPAD;

struct OneKey;

impl signature::KeyRing for OneKey {
    fn find(&self, key_id: &crate::ids::KeyId) -> Option<PeerKey> {
        let secret = PairSecret::from_secret_bytes([3; 32]);
        (*key_id == secret.key_id()).then(|| PeerKey {
            peer: node(2).id(),
            secret,
            pending: false,
        })
    }
}

/// Whether this program refuses a value of a kind.
fn is_refused(kind: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    match kind {
        "node_id" => text.parse::<NodeId>().is_err(),
        "node_id_shown" => NodeId::parse_grouped(text).is_err(),
        "address" => text.parse::<Address>().is_err(),
        "clock" => !text.parse::<Hlc>().is_ok_and(|stamp| !stamp.is_impossible()),
        "invite" => text.parse::<Invite>().is_err(),
        "activity" => crate::activity::UnverifiedActivity::parse(text)
            .and_then(|unverified| unverified.verify_person(&person(1).public()))
            .is_err(),
        "identity" => SignedIdentity::verify(text).is_err(),
        "request" => !request_passes(value),
        "answer" => !answer_passes(value),
        "pairing_request" => PairRequest::parse(text).is_err(),
        "x25519" => {
            let public: [u8; 32] = crate::encoding::hex_array(text).unwrap();
            let part = json!({
                "ephemeral": BASE64URL_NOPAD.encode(&public), "nonce": BASE64URL_NOPAD.encode(&[0; 32]),
            });
            let part: RotationPart = serde_json::from_value(part).unwrap();
            let present = PairSecret::from_secret_bytes([3; 32]);
            respond(
                &mut CountingRng::new(1),
                &present,
                &node(1).id(),
                &node(2).id(),
                &part,
            )
            .is_err()
        }
        "batch" => Batch::decode(&zstd::bulk::compress(text.as_bytes(), 1).unwrap()).is_err(),
        "outbox_question" => !crate::delivery::vectors::is_question(text),
        "words" => crate::delivery::vectors::refuses_words(text),
        "id" => super::ids::is_refused(value),
        "parting" => super::connections::ends_nothing(text),
        other => panic!("{other} is no kind of vector"),
    }
}

fn headers_in(value: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in value["headers"].as_object().unwrap() {
        headers.insert(
            http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value.as_str().unwrap()).unwrap(),
        );
    }
    headers
}

fn request_passes(value: &Value) -> bool {
    let method: Method = value["method"].as_str().unwrap().parse().unwrap();
    let uri: Uri = value["target"].as_str().unwrap().parse().unwrap();
    let headers = headers_in(value);
    let body = value["body"].as_str().unwrap().as_bytes();
    let mut replays = MemoryReplayGuard::new(10);
    signature::verify(
        (&method, &uri, &headers),
        body,
        &OneKey,
        &node(1).id(),
        NOW_MS,
        &mut replays,
    )
    .is_ok()
}

fn answer_passes(value: &Value) -> bool {
    let status = u16::try_from(value["status"].as_u64().unwrap()).unwrap();
    let status = StatusCode::from_u16(status).unwrap();
    let secret = PairSecret::from_secret_bytes([3; 32]);
    let nonce = RequestNonce::from_bytes([4; 16]);
    signature::verify_answer(&secret, &nonce, status, &headers_in(value))
        .is_ok_and(|answer| answer.digest.matches(value["body"].as_str().unwrap().as_bytes()))
}

/// A copy with the text at a place replaced.
fn with(good: &Value, place: &str, from: &str, to: &str) -> Value {
    let mut changed = good.clone();
    let text = changed.pointer_mut(place).unwrap();
    let new = text.as_str().unwrap().replacen(from, to, 1);
    assert_ne!(text.as_str(), Some(new.as_str()), "{place} has no {from}");
    *text = json!(new);
    changed
}

fn requests() -> Vec<(&'static str, Value)> {
    let good = super::request(
        &Method::POST,
        "/federation/v1/inbox?epoch=abc",
        b"{\"hello\":\"world\"}",
    );
    let mut good = good;
    for member in ["base", "pair_secret"] {
        good.as_object_mut().unwrap().remove(member);
    }
    assert!(request_passes(&good), "one thing is wrong at a time");
    let input = "/headers/signature-input";
    let mut cases = vec![
        ("another method", with(&good, "/method", "POST", "PUT")),
        ("another path", with(&good, "/target", "inbox", "confirm")),
        ("another query", with(&good, "/target", "abc", "abd")),
        ("no query", with(&good, "/target", "?epoch=abc", "")),
        ("another body", with(&good, "/body", "world", "World")),
        (
            "another content type",
            with(&good, "/headers/content-type", "json", "jose"),
        ),
        ("another time", with(&good, input, "1700000000", "1700000001")),
        (
            "more than five minutes old",
            with(&good, input, "1700000000", "1699999699"),
        ),
        ("another nonce", with(&good, input, "aqcaibaeaq", "bqcaibaeaq")),
        ("another key", with(&good, input, "hocb3", "hocb4")),
        (
            "another algorithm",
            with(&good, input, "hmac-sha256", "hmac-sha512"),
        ),
        ("another tag", with(&good, input, "hearth-1", "hearth-2")),
        ("a component left out", with(&good, input, " \"@query\"", "")),
        (
            "components in another order",
            with(&good, input, "\"@method\" \"@path\"", "\"@path\" \"@method\""),
        ),
        (
            "a parameter twice",
            with(&good, input, ";tag", ";tag=\"hearth-1\";tag"),
        ),
        (
            "an unknown parameter",
            with(&good, input, ";tag", ";expires=1700000300;tag"),
        ),
        ("another label", with(&good, input, "hearth=", "other=")),
        (
            "another signature",
            with(&good, "/headers/signature", "hearth=:", "hearth=:A"),
        ),
        (
            "another digest algorithm",
            with(&good, "/headers/content-digest", "sha-256", "sha-512"),
        ),
    ];
    let mut elsewhere = good;
    elsewhere["headers"]["hearth-destination"] = json!(node(2).id());
    cases.push(("another destination", elsewhere));
    cases
}

fn answers() -> Vec<(&'static str, Value)> {
    let mut good = super::answer();
    good.as_object_mut().unwrap().remove("base");
    assert!(answer_passes(&good), "one thing is wrong at a time");
    let mut status = good.clone();
    status["status"] = json!(201);
    let mut other_key = super::answer_with(PairSecret::from_secret_bytes([4; 32]));
    other_key.as_object_mut().unwrap().remove("base");
    vec![
        ("another status", status),
        ("another acknowledgement", with(&good, "/body", "5", "6")),
        (
            "the answer to another request",
            with(&good, "/headers/signature-input", "aqcaibaeaq", "bqcaibaeaq"),
        ),
        ("signed with another key", other_key),
    ]
}

fn jws_with(header: &Value, payload: &[u8]) -> Value {
    let input = format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(sorted(header.clone()).to_string().as_bytes()),
        BASE64URL_NOPAD.encode(payload)
    );
    let signature = BASE64URL_NOPAD.encode(&person(1).sign(input.as_bytes()));
    json!(format!("{input}.{signature}"))
}

fn activities() -> Vec<(&'static str, Value)> {
    let good = super::activity()["jws"].as_str().unwrap().to_owned();
    let payload = super::activity()["payload"].as_str().unwrap().to_owned();
    let header = json!({"alg": "EdDSA", "kid": uuid7(1), "typ": "hearth-activity+jws"});
    let said = |from: &str, to: &str| {
        let changed = payload.replacen(from, to, 1);
        assert_ne!(changed, payload, "{from}");
        jws_with(&header, changed.as_bytes())
    };
    let headed = |member: &str, value: Value| {
        let mut header = header.clone();
        header[member] = value;
        jws_with(&header, payload.as_bytes())
    };
    let (input, signature) = good.rsplit_once('.').unwrap();
    let deep = format!("{}1{}", "[".repeat(32), "]".repeat(32));
    vec![
        (
            "another character of the payload",
            json!(good.replacen(".eyJpZCI6I", ".eyJpZCI6J", 1)),
        ),
        (
            "another signature",
            json!(format!("{input}.{}", signature.replacen('n', "o", 1))),
        ),
        ("no signature", json!(format!("{input}."))),
        ("padded", json!(format!("{good}=="))),
        ("no algorithm", headed("alg", json!("none"))),
        ("a symmetric algorithm", headed("alg", json!("HS256"))),
        ("another purpose", headed("typ", json!("hearth-identity+jws"))),
        ("a key inside", headed("jwk", json!({"kty": "OKP"}))),
        ("a critical extension", headed("crit", json!(["exp"]))),
        ("signed by another than its actor", headed("kid", json!(uuid7(2)))),
        ("not a UUIDv7", said("-7000-", "-4000-")),
        ("a kind in capitals", said("post.put", "Post.put")),
        (
            "a member twice",
            said("\"kind\":", "\"kind\":\"post.delete\",\"kind\":"),
        ),
        ("a stamp of another form", said("-0000-", "-000-")),
        ("nested too deeply", said("\"Soup is ready\"", &deep)),
        ("something after the end", said("}", "}}")),
    ]
}

fn identities() -> Vec<(&'static str, Value)> {
    let card = |name: &str, home: u8| {
        json!({
            "puid": uuid7(1), "display_name": name, "key": person(1).public(), "home": node(home).id(),
            "at": Hlc::at(1),
        })
    };
    let signed = |statement: Value, by: u8, purpose| {
        let payload = sorted(statement).to_string();
        json!(sign(purpose, JwsSigner::Node(&node(by)), payload.as_bytes()).unwrap())
    };
    let good = signed(card("Anna", 1), 1, Purpose::Identity);
    assert!(!is_refused("identity", &good), "one thing is wrong at a time");
    vec![
        (
            "of a person of another home",
            signed(card("Anna", 1), 2, Purpose::Identity),
        ),
        (
            "of another purpose",
            signed(card("Anna", 1), 1, Purpose::Activity),
        ),
        (
            "a name that turns the direction",
            signed(card("An\u{202e}na", 1), 1, Purpose::Identity),
        ),
        (
            "a name with something invisible",
            signed(card("An\u{2060}na", 1), 1, Purpose::Identity),
        ),
        ("a blank name", signed(card("", 1), 1, Purpose::Identity)),
        (
            "an id that is bound to another key",
            signed(super::ids::card_of_another(), 1, Purpose::Identity),
        ),
    ]
}

fn invites() -> Vec<(&'static str, Value)> {
    let link = super::invite().to_link().unwrap();
    let changed = |from: &str, to: &str| {
        let changed = link.replacen(from, to, 1);
        assert_ne!(changed, link, "{from}");
        json!(changed)
    };
    vec![
        ("a wrong character", changed("wrxy", "wrxz")),
        ("a character too few", json!(link.get(..link.len() - 1).unwrap())),
        ("another scheme", changed("hearth://", "https://")),
        ("mixed case", changed("agfiry", "AGFIRY")),
        ("empty", json!("hearth://i/")),
    ]
}

fn batches() -> Vec<(&'static str, Value)> {
    let epoch = Epoch::from_bytes([7; 16]);
    let of = |from: u64, seqs: &[u64]| {
        let entries: Vec<Value> = seqs
            .iter()
            .map(|seq| json!({"seq": seq, "jws": "a.b.c"}))
            .collect();
        json!(sorted(json!({"epoch": epoch, "from": from, "activities": entries})).to_string())
    };
    let many: Vec<u64> = (1..=101).collect();
    vec![
        ("numbers from 0", of(0, &[1])),
        ("nothing in it", of(1, &[])),
        ("a number before the first that it covers", of(5, &[4])),
        ("a number twice", of(1, &[2, 2])),
        ("falling numbers", of(1, &[3, 2])),
        ("a number beyond all", of(1, &[u64::MAX])),
        ("more than a hundred", of(1, &many)),
        (
            "a member twice",
            json!(format!(
                r#"{{"epoch":"{epoch}","from":1,"from":2,"activities":[{{"seq":2,"jws":"a.b.c"}}]}}"#
            )),
        ),
    ]
}

fn words() -> Vec<(&'static str, Value)> {
    let good = crate::delivery::vectors::later("a.b.c")["said"]
        .as_str()
        .unwrap()
        .to_owned();
    let changed = |from: &str, to: &str| {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        json!(changed)
    };
    vec![
        ("falling numbers", changed("\"id\":8", "\"id\":12")),
        ("number 0", changed("\"id\":8", "\"id\":0")),
        (
            "a hash that is none",
            changed("\"activity\":\"", "\"activity\":\"A"),
        ),
        (
            "a refusal without a reason",
            changed(",\"code\":\"waited_too_long\"", ""),
        ),
        ("no life", changed("epoch", "era")),
    ]
}

fn pairing_requests() -> Vec<(&'static str, Value)> {
    let good = super::pairing()["request"].as_str().unwrap().to_owned();
    let answer = super::pairing()["answer"].clone();
    let jws = UnverifiedJws::parse(Purpose::Pairing, &good).unwrap();
    let payload = jws.unverified_payload().to_vec();
    let by_another = sign(Purpose::Pairing, JwsSigner::Node(&node(3)), &payload).unwrap();
    let forged = good.replacen("eyJhbGci", "eyJhbGcj", 1);
    assert!(matches!(
        UnverifiedJws::parse(Purpose::Pairing, &forged),
        Ok(_) | Err(JwsError::Malformed)
    ));
    vec![
        ("an answer instead of a request", answer),
        ("signed by another node", json!(by_another)),
        ("cut off", json!(good.get(..good.len() - 4).unwrap())),
        ("another header", json!(forged)),
    ]
}

pub(super) fn refused() -> Value {
    let id = node(1).id();
    let shown = id.grouped();
    let texts = |kind: &'static str, cases: &[(&'static str, &str)]| {
        cases
            .iter()
            .map(|(why, text)| (kind, *why, json!(text)))
            .collect::<Vec<_>>()
    };
    let mut all = texts(
        "node_id",
        &[
            ("in capitals", id.to_string().to_uppercase().as_str()),
            ("too short", id.to_string().get(1..).unwrap()),
            ("bits after the end", &id.to_string().replace("n5oa", "n5ob")),
            ("not a point of the curve", &crate::encoding::base32(&[2; 32])),
        ],
    );
    all.extend(texts(
        "node_id_shown",
        &[
            ("a wrong character", &shown.replacen("rkeo", "rkeq", 1)),
            ("two neighbours changed", &shown.replacen("rkeo", "rkoe", 1)),
            ("no check character", &id.to_string()),
        ],
    ));
    all.extend(texts(
        "address",
        &[
            ("no port", "family.example"),
            ("port 0", "family.example:0"),
            ("another spelling of a port", "family.example:0443"),
            ("capitals", "Family.example:443"),
            ("another scheme", "http://family.example:443"),
            ("a path", "family.example:443/x"),
            ("another spelling of IPv4", "192.168.001.020:443"),
            ("a short IPv4 address", "192.168.1:443"),
            ("a hexadecimal IPv4 address", "0x7f.0x1:443"),
            ("another spelling of IPv6", "[2001:DB8::1]:443"),
            ("IPv6 without brackets", "2001:db8::1:443"),
            ("a name that begins with a hyphen", "-family.example:443"),
            ("beyond ASCII", "fämily.example:443"),
        ],
    ));
    all.extend(texts(
        "clock",
        &[
            ("capitals", "018BCFE56800-0000-8a88e3dd7409"),
            ("too short", "18bcfe56800-0000-8a88e3dd7409"),
            ("a part too many", "018bcfe56800-0000-8a88e3dd7409-00"),
            ("after the year 9999", "e677d21fdc00-0000-8a88e3dd7409"),
            ("empty", ""),
        ],
    ));
    all.extend(texts(
        "outbox_question",
        &[
            ("no number", "/federation/v1/outbox?wait=25"),
            ("another spelling of a number", "/federation/v1/outbox?after=041"),
            ("a sign", "/federation/v1/outbox?after=+41"),
            (
                "beyond all numbers",
                "/federation/v1/outbox?after=9223372036854775807",
            ),
            ("a member twice", "/federation/v1/outbox?after=1&after=1"),
            ("a member without a value", "/federation/v1/outbox?after=1&wait"),
            ("an epoch that is none", "/federation/v1/outbox?after=1&epoch=now"),
        ],
    ));
    all.extend(texts(
        "x25519",
        &[
            (
                "zero",
                "0000000000000000000000000000000000000000000000000000000000000000",
            ),
            (
                "a point of small order",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            ),
        ],
    ));
    for (kind, cases) in [
        ("request", requests()),
        ("answer", answers()),
        ("activity", activities()),
        ("identity", identities()),
        ("id", super::ids::refused()),
        ("invite", invites()),
        ("batch", batches()),
        ("pairing_request", pairing_requests()),
        ("words", words()),
        ("parting", super::connections::partings()),
    ] {
        all.extend(cases.into_iter().map(|(why, value)| (kind, why, value)));
    }
    for (kind, why, value) in &all {
        assert!(is_refused(kind, value), "{kind}: {why}");
    }
    all.into_iter()
        .map(|(kind, why, value)| json!({ "kind": kind, "why": why, "value": value }))
        .collect()
}
