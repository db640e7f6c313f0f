//! Requests that nobody honest makes: for the outbox, with receipts for it, for a new secret.

use super::*;
use hearth_db::{peer, peer_log};
use hearth_federation::ids::{Epoch, KeyId};
use hearth_tests::wire::INBOX;
use http::{Method, Request};

const OUTBOX: &str = "/federation/v1/outbox";
const ACK: &str = "/federation/v1/ack";
const ROTATE: &str = "/federation/v1/rotate";
const JSON: &str = "application/json";

impl Cast {
    /// A request that is refused by name, twice, and changes nothing.
    pub(super) async fn refuses(&self, what: &str, code: &str, request: impl Fn() -> Request<bytes::Bytes>) {
        let (before, handled) = (self.wire.held(), self.wire.handled());
        for _ in 0..2 {
            assert_eq!(self.wire.refused(&request(), what).await, code, "{what}");
            self.unchanged(&before, what);
            assert_eq!(self.wire.handled(), handled, "{what}");
        }
    }

    pub(super) async fn asks(&self, request: &Request<bytes::Bytes>) -> Value {
        let answer = self.wire.send(request).await;
        let status = answer.status();
        let body = zstd::bulk::decompress(answer.body(), 1 << 20).unwrap_or_else(|_| answer.body().to_vec());
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(super) fn epoch(&self) -> Epoch {
        let epoch = self.wire.hill.read(|tx| hearth_db::meta::get(tx, "epoch"));
        epoch.unwrap().parse().unwrap()
    }

    /// What waits at the hill for the lake, in numbers of its log.
    fn waiting(&self) -> Vec<u64> {
        let lake = self.wire.lake.id();
        let rows = self.wire.hill.read(|tx| peer_log::rows(tx, &lake, 0, 100));
        rows.into_iter().map(|row| row.seq).collect()
    }
}

#[tokio::test]
async fn an_outbox_gives_only_to_whom_it_belongs_and_forgets_only_what_left() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    wire.world.leaves_rows_waiting();
    cast.anna.post(Audience::Friends, "For the lake").await;
    cast.ben.post(Audience::Friends, "For nobody there").await;
    let waiting = cast.waiting();
    assert_eq!(waiting.len(), 1);
    let epoch = cast.epoch();
    for query in [
        "",
        "?",
        "?after",
        "?after=",
        "?after=-1",
        "?after=+1",
        "?after=01",
        "?after=1e3",
        "?after=18446744073709551616",
        "?after=9223372036854775807",
        "?after=0&after=0",
        "?after=0&epoch=now",
        "?after=0&run=now",
        "?after=0&wait=-1",
        "?after=0&wait=soon",
        "?after=0&wait=0&wait=0",
        "?wait=0",
    ] {
        let path = format!("{OUTBOX}{query}");
        let request = || wire.signed(Method::GET, &path, b"");
        cast.refuses(query, "malformed", request).await;
    }
    let posted = || wire.signed(Method::POST, &format!("{OUTBOX}?after=0"), b"x");
    cast.refuses("a posted question", "not_found", posted).await;
    // What cannot have left is not acknowledged by a number.
    let path = format!("{OUTBOX}?epoch={epoch}&after={}", waiting[0]);
    for _ in 0..2 {
        let mut before = wire.held();
        before.remove("event");
        let offered = cast.asks(&wire.signed(Method::GET, &path, b"")).await;
        assert_eq!(offered["activities"], json!([]));
        cast.unchanged(&before, "what waits, as if it had come");
        assert_eq!(cast.waiting(), waiting);
    }
    // Who knows more of this log than there is makes this home begin a new life of it for that one, once an hour; and nothing is lost by it.
    let lake = wire.lake.id();
    let of_lake = || {
        let own = wire.hill.read(|tx| peer::get(tx, &lake)).unwrap().own_epoch;
        own.map_or(epoch, |own| own.parse().unwrap())
    };
    for (beyond, begins) in [(1000, true), (1, false), (i64::MAX.unsigned_abs() - 100, false)] {
        let known = of_lake();
        let path = format!("{OUTBOX}?epoch={known}&after={}", waiting[0] + beyond);
        cast.asks(&wire.signed(Method::GET, &path, b"")).await;
        assert_eq!(of_lake() != known, begins, "{beyond} too many");
        assert_eq!(cast.epoch(), epoch, "others are told of no other life");
        assert_eq!(
            cast.waiting(),
            waiting,
            "{beyond} too many are no acknowledgement"
        );
    }
    // So does who has it from a run that never was, and it is no acknowledgement either.
    let run = Epoch::from_bytes([8; 16]);
    let path = format!("{OUTBOX}?epoch={}&run={run}&after={}", of_lake(), waiting[0]);
    cast.asks(&wire.signed(Method::GET, &path, b"")).await;
    assert_eq!(cast.waiting(), waiting);
    cast.anna.post(Audience::Friends, "For the lake, again").await;
    // A life that is none of this home's counts from the start.
    let other = Epoch::from_bytes([9; 16]);
    let path = format!("{OUTBOX}?epoch={other}&after=9000");
    let waiting = cast.waiting();
    let offered = cast.asks(&wire.signed(Method::GET, &path, b"")).await;
    let given = offered["activities"].as_array().unwrap();
    assert_eq!(given.len(), waiting.len());
    assert!(!offered.to_string().contains("For nobody there"));
    assert_eq!(cast.waiting(), waiting, "given is not yet acknowledged");
    cast.honest("Still honest", "questions to the outbox").await;
}

#[tokio::test]
async fn a_receipt_settles_no_more_than_what_left_and_says_nothing_of_its_own() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let epoch = cast.epoch();
    let first = cast.anna.post(Audience::Friends, "It leaves").await.id;
    let offered = cast
        .asks(&wire.signed(Method::GET, &format!("{OUTBOX}?after=0"), b""))
        .await;
    assert_eq!(offered["activities"].as_array().unwrap().len(), 1);
    let left = cast.waiting()[0];
    let second = cast.anna.post(Audience::Friends, "It stays").await.id;
    let ack = |body: &Value| wire.posted(ACK, JSON, body.to_string().as_bytes());
    let of = |changes: Value| changed(&json!({"epoch": epoch, "ack": left, "results": []}), &changes);
    let results: Vec<Value> = (1..=101)
        .map(|n| json!({"seq": n, "verdict": "applied"}))
        .collect();
    for (what, said, code) in [
        ("no number", of(json!({"ack": null})), "malformed"),
        ("a negative number", of(json!({"ack": -1})), "malformed"),
        ("half a number", of(json!({"ack": 1.5})), "malformed"),
        ("a number as text", of(json!({"ack": "5"})), "malformed"),
        ("no results", of(json!({"results": null})), "malformed"),
        ("results that are none", of(json!({"results": {}})), "malformed"),
        (
            "a result without a number",
            of(json!({"results": [{"verdict": "applied"}]})),
            "malformed",
        ),
        (
            "a refusal without a reason",
            of(json!({"results": [{"seq": left, "verdict": "refused"}]})),
            "malformed",
        ),
        (
            "a hundred and one results",
            of(json!({"results": results})),
            "too_large",
        ),
        ("no life", of(json!({"epoch": null})), "malformed"),
        ("a life that is none", of(json!({"epoch": "now"})), "malformed"),
        ("a run that is none", of(json!({"run": "now"})), "malformed"),
        (
            "a run that never was",
            of(json!({"run": Epoch::from_bytes([9; 16])})),
            "epoch_changed",
        ),
        (
            "another life",
            of(json!({"epoch": Epoch::from_bytes([9; 16])})),
            "epoch_changed",
        ),
        (
            "a refusal of all that is none",
            of(json!({"refused": 5})),
            "malformed",
        ),
        ("a list", json!([]), "malformed"),
    ] {
        cast.refuses(what, code, || ack(&said)).await;
    }
    let twice = format!(r#"{{"epoch": "{epoch}", "ack": {left}, "ack": 0, "results": []}}"#);
    let twice = || wire.posted(ACK, JSON, twice.as_bytes());
    cast.refuses("a number twice", "malformed", twice).await;
    let other_type = || wire.posted(ACK, "text/plain", of(json!({})).to_string().as_bytes());
    cast.refuses("another media type", "malformed", other_type).await;

    // A reason to refuse all that nobody knows is no reason, and acknowledges nothing.
    let before = wire.held();
    for reason in ["teapot", "not_authorised"] {
        cast.asks(&ack(&of(json!({"refused": reason})))).await;
        cast.unchanged(&before, reason);
    }

    // Verdicts about what was never given, and a reason that is none.
    let reason = "<script>alert(1)</script>".repeat(100);
    let said = of(json!({"ack": i64::MAX, "results": [
        {"seq": left, "verdict": "refused", "code": reason},
        {"seq": left + 1, "verdict": "refused", "code": "not_authorised"},
        {"seq": 1, "verdict": "refused", "code": "not_authorised"},
        {"seq": u64::MAX, "verdict": "pondering"},
    ]}));
    let answer = cast.asks(&ack(&said)).await;
    assert!(answer["ack"].is_u64(), "{answer}");
    assert_eq!(cast.waiting(), [left + 1], "what did not leave stays");
    let sheet = cast.anna.delivery(first).await;
    let line = sheet.iter().find(|line| line.home.id == wire.lake.id()).unwrap();
    assert_eq!(line.state, hearth_api::feed::DeliveryState::Refused);
    assert!(!format!("{line:?}").contains("script"), "{line:?}");
    let lake = wire.lake.id();
    let state = wire.hill.delivery_state(second.0, &lake);
    assert_ne!(state, Some(hearth_api::feed::DeliveryState::Delivered));
    assert!(
        cast.ben.sees(first).await.is_none(),
        "it was for friends, and still is"
    );
    let row = wire.hill.read(|tx| peer::get(tx, &lake)).unwrap();
    assert!(row.acked_seq <= left, "{row:?}");
    wire.world.leaves_rows_waiting();
    cast.honest("Still honest", "false receipts").await;
}

#[tokio::test]
async fn a_secret_is_renewed_by_good_parts_only() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let present = wire.signing.secret.key_id();
    let part = |byte: u8, length: usize| data_encoding::BASE64URL_NOPAD.encode(&vec![byte; length]);
    let good = json!({"present": present, "ephemeral": part(9, 32), "nonce": part(7, 32)});
    let ask = |said: &Value| wire.posted(ROTATE, JSON, said.to_string().as_bytes());
    for (what, changes) in [
        ("another secret", json!({"present": KeyId::from_bytes([1; 16])})),
        ("a secret that is none", json!({"present": "present"})),
        ("no secret", json!({"present": null})),
        ("a key of zero", json!({"ephemeral": part(0, 32)})),
        ("a short key", json!({"ephemeral": part(9, 31)})),
        ("a long key", json!({"ephemeral": part(9, 33)})),
        (
            "a key with padding",
            json!({"ephemeral": format!("{}=", part(9, 32))}),
        ),
        ("a key that is a number", json!({"ephemeral": 9})),
        ("no key", json!({"ephemeral": null})),
        ("a short nonce", json!({"nonce": part(7, 16)})),
        ("no nonce", json!({"nonce": null})),
    ] {
        cast.refuses(what, "malformed", || ask(&changed(&good, &changes)))
            .await;
    }
    cast.refuses("a list", "malformed", || ask(&json!([]))).await;
    cast.refuses("nothing", "malformed", || wire.signed(Method::POST, ROTATE, b""))
        .await;
    let twice = good
        .to_string()
        .replacen('{', &format!(r#"{{"nonce":"{}","#, part(8, 32)), 1);
    let twice = || wire.posted(ROTATE, JSON, twice.as_bytes());
    cast.refuses("a nonce twice", "malformed", twice).await;

    // Good parts again and again leave one secret that is offered, and the one in use stays in use.
    for _ in 0..5 {
        let answer = cast.asks(&ask(&good)).await;
        assert!(
            answer["ephemeral"].is_string() && answer["nonce"].is_string(),
            "{answer}"
        );
    }
    let lake = wire.lake.id();
    let lives = wire.hill.read(|tx| hearth_db::pair_secret::lives(tx, &lake));
    assert_eq!(lives.len(), 2);
    let usable: Vec<&str> = lives
        .iter()
        .filter(|row| row.usable)
        .map(|row| row.key_id.as_str())
        .collect();
    assert_eq!(usable, [present.to_string()]);
    cast.honest("Still honest", "asking for secrets").await;
}

#[tokio::test]
async fn paths_and_methods_are_those_of_the_protocol() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    for (method, path) in [
        (Method::GET, INBOX),
        (Method::PUT, INBOX),
        (Method::DELETE, "/federation/v1/outbox?after=0"),
        (Method::GET, "/federation/v1/ack"),
        (Method::GET, "/federation/v1/rotate"),
        (Method::GET, "/federation/v1/confirm"),
        (Method::GET, "/federation/v1/pair"),
        (Method::POST, "/federation/v1/health"),
        (Method::GET, "/federation/v1/"),
        (Method::GET, "/federation/v2/outbox?after=0"),
        (Method::GET, "/federation/v1/outbox/?after=0"),
        (Method::GET, "/federation/v1//outbox?after=0"),
        (Method::GET, "/federation/v1/%6futbox?after=0"),
        (Method::GET, "/rpc/accounts.list"),
        (Method::GET, "/"),
    ] {
        let body: &[u8] = if method == Method::GET { b"" } else { b"{}" };
        let request = || wire.signed(method.clone(), path, body);
        cast.refuses(&format!("{method} {path}"), "not_found", request)
            .await;
    }
    cast.honest("Still honest", "other paths").await;
}
