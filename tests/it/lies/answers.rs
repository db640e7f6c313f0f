//! A home that answers falsely when it is asked for its log, or told what became of it.
//!
//! The lake's address leads to somebody with the lake's keys, who answers as a test says and else passes everything on. Nothing of a
//! false answer counts: it is a try that failed, with a name, and the next true answer is taken as ever.

use super::*;
use bytes::Bytes;
use hearth_federation::keys::NodeKey;
use hearth_federation::secret::PairSecret;
use hearth_federation::transport::TransportLimits;
use hearth_federation::{Federation, TlsTransport};
use hearth_tests::home::{HomeOptions, Way};
use hearth_tests::liar::{Liar, Reply, Seal, Sent};
use hearth_tests::signing::Signing;
use hearth_tests::wire::INBOX_TYPE;
use hearth_tests::within;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::net::TcpListener;

const OUTBOX: &str = "/federation/v1/outbox";
const ACK: &str = "/federation/v1/ack";
const PROBLEM: &str = "application/problem+json";

pub(super) fn packed(value: &Value) -> Vec<u8> {
    zstd::bulk::compress(value.to_string().as_bytes(), 1).unwrap()
}

/// The cast, and who stands before the lake.
pub(super) struct Lied {
    pub(super) cast: Cast,
    pub(super) liar: Liar,
}

impl Lied {
    pub(super) async fn to() -> Self {
        let limits = TransportLimits {
            answer: Duration::from_secs(2),
            body: Duration::from_secs(1),
            ..TransportLimits::default()
        };
        let mut options = HomeOptions::new("Hill House");
        options.way = Some(Way(Arc::new(TlsTransport::with_limits(limits))));
        let cast = Cast::gather_with(options).await;
        let liar = Liar::before(&cast.wire.lake, &cast.wire.hill).await;
        let (lake, address) = (cast.wire.lake.id(), liar.address.to_string());
        let node = cast.wire.hill.node();
        let moved = node.db().write(move |tx| {
            let mut row = hearth_db::peer::get(tx, &lake)?.unwrap();
            row.addresses = vec![address];
            hearth_db::peer::put(tx, &row)
        });
        moved.await.unwrap();
        Self { cast, liar }
    }

    pub(super) fn federation(&self) -> Federation {
        self.cast.wire.hill.node().federation().clone()
    }

    /// What the hill holds, but what it notes of a home that does not answer well.
    pub(super) fn held(&self) -> BTreeMap<String, Vec<String>> {
        let mut held = self.cast.wire.held();
        held.remove("event");
        held
    }

    /// Pulls from the lake: a code when it failed.
    async fn pull(&self) -> Result<u64, String> {
        let (came, failed) = within("a pull", self.federation().pull()).await;
        let lake = self.cast.wire.lake.id();
        match failed.into_iter().find(|(home, _)| *home == lake) {
            Some((_, code)) => Err(code),
            None => Ok(came),
        }
    }

    /// Delivers to the lake: a code when it failed.
    pub(super) async fn pump(&self) -> Result<u64, String> {
        let report = within("delivery", self.federation().pump()).await;
        let lake = self.cast.wire.lake.id();
        match report.failed.into_iter().find(|(home, _)| *home == lake) {
            Some((_, code)) => Err(code),
            None => Ok(report.delivered),
        }
    }

    /// A false answer to a pull, which fails by that name and changes nothing.
    async fn gives(&self, what: &str, reply: Reply, code: &str) {
        let (before, handled) = (self.held(), self.cast.wire.handled());
        self.liar.answers(OUTBOX, reply);
        assert_eq!(self.pull().await, Err(code.to_owned()), "{what}");
        self.cast.unchanged(&before, what);
        assert_eq!(self.cast.wire.handled(), handled, "{what}");
        assert!(self.cast.wire.is_connected(), "{what}");
        self.liar.forget(OUTBOX);
    }

    fn offer(&self, changes: &Value) -> Value {
        let (epoch, done) = self.cast.wire.handled();
        changed(
            &json!({"epoch": epoch, "from": done + 1, "activities": []}),
            changes,
        )
    }

    /// Somebody else's keys for the same connection.
    fn other_keys(&self) -> Signing {
        Signing {
            secret: PairSecret::from_secret_bytes([5; 32]),
            key: NodeKey::from_secret_bytes(&[5; 32]),
            ..self.liar.signing().clone()
        }
    }
}

/// Answers that are false whatever was asked, and by what name they fail.
pub(super) fn unbelievable(
    lied: &Lied,
    elsewhere: &str,
    good: &Reply,
) -> Vec<(&'static str, Reply, &'static str)> {
    let page = || Reply::new(200, "text/html", "<html>Please sign in</html>");
    let to = || format!("https://{elsewhere}/federation/v1/outbox");
    let long = || Reply::new(200, "x/y", "").sending(Sent::Endless(Bytes::from(vec![b' '; 64 * 1024])));
    vec![
        ("a page of a proxy", page().sealed(Seal::None), "bad_signature"),
        (
            "what it is, unsigned",
            good.clone().sealed(Seal::None),
            "bad_signature",
        ),
        (
            "signed with other keys",
            good.clone().sealed(Seal::Of(Box::new(lied.other_keys()))),
            "bad_signature",
        ),
        (
            "the answer to another request",
            good.clone().sealed(Seal::OtherRequest),
            "bad_signature",
        ),
        (
            "the digest of another body",
            good.clone().sealed(Seal::OtherBody),
            "bad_signature",
        ),
        ("a signed page", page(), "malformed"),
        (
            "elsewhere, unsigned",
            Reply::new(302, "x/y", "")
                .with("location", to())
                .sealed(Seal::None),
            "bad_signature",
        ),
        (
            "elsewhere, signed",
            Reply::new(302, "x/y", "").with("location", to()),
            "malformed",
        ),
        (
            "elsewhere for ever",
            Reply::new(308, "x/y", "").with("location", to()),
            "malformed",
        ),
        ("not changed", Reply::new(304, "x/y", ""), "malformed"),
        ("nothing", Reply::new(204, "x/y", ""), "malformed"),
        (
            "an error page, signed",
            Reply::new(500, "text/html", "<html>"),
            "malformed",
        ),
        (
            "a code of another world",
            Reply::problem(418, &json!({"code": "teapot"})),
            "unknown",
        ),
        (
            "a refusal of 100 KiB",
            Reply::new(503, PROBLEM, " ".repeat(100 * 1024)),
            "too_large",
        ),
        ("an answer without end", long(), "too_large"),
        (
            "an answer without end, unsigned",
            long().sealed(Seal::None),
            "bad_signature",
        ),
        (
            "half an answer",
            good.clone().sending(Sent::Cut(Bytes::from_static(b"{"))),
            "connection_lost",
        ),
        (
            "headers without end",
            good.clone().with("x-long", "x".repeat(200_000)),
            "connection_lost",
        ),
        (
            "gzip",
            good.clone()
                .with("content-encoding", "gzip")
                .sending(Sent::Whole(Bytes::from_static(&[
                    31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                ]))),
            "malformed",
        ),
    ]
}

#[tokio::test]
async fn a_false_outbox_brings_nothing() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = elsewhere.local_addr().unwrap().to_string();
    let nothing = || Reply::new(200, INBOX_TYPE, packed(&lied.offer(&json!({}))));
    for (what, reply, code) in unbelievable(&lied, &place, &nothing()) {
        lied.gives(what, reply, code).await;
    }
    let visit = tokio::time::timeout(Duration::from_millis(1), elsewhere.accept()).await;
    assert!(visit.is_err(), "nobody went where the answer pointed");

    let (_, done) = cast.wire.handled();
    let news = || {
        cast.says(
            &cast.clara,
            "post.put",
            cast.id(),
            cast.post_object("From a false answer"),
        )
    };
    let entry = |seq: Value| json!({"seq": seq, "jws": news()});
    let bomb = zstd::bulk::compress(&vec![b' '; 256 * 1024 * 1024], 19).unwrap();
    let many: Vec<Value> = (1..=101)
        .map(|n| json!({"seq": done + n, "jws": "a.b.c"}))
        .collect();
    let run =
        |starts: Value| json!({"id": hearth_federation::ids::RunId::from_bytes([8; 16]), "starts": starts});
    for (what, changes, code) in [
        ("no life", json!({"epoch": null}), "malformed"),
        ("a life that is none", json!({"epoch": "now"}), "malformed"),
        ("numbers from 0", json!({"from": 0}), "malformed"),
        ("a negative number", json!({"from": -1}), "malformed"),
        ("no list", json!({"activities": null}), "malformed"),
        ("a hundred and one", json!({"activities": many}), "malformed"),
        (
            "a number twice",
            json!({"activities": [entry(json!(done + 1)), entry(json!(done + 1))]}),
            "malformed",
        ),
        (
            "falling numbers",
            json!({"activities": [entry(json!(done + 2)), entry(json!(done + 1))]}),
            "malformed",
        ),
        (
            "2^63 - 1",
            json!({"activities": [entry(json!(i64::MAX))]}),
            "malformed",
        ),
        (
            "2^64 - 1",
            json!({"activities": [entry(json!(u64::MAX))]}),
            "malformed",
        ),
        (
            "a text that is none",
            json!({"activities": [{"seq": done + 1, "jws": 5}]}),
            "malformed",
        ),
        ("how much waits, as text", json!({"waiting": "much"}), "malformed"),
        (
            "whether it is reached, as a number",
            json!({"reached": 1}),
            "malformed",
        ),
        (
            "a gap",
            json!({"from": done + 5, "activities": [entry(json!(done + 5))]}),
            "sequence_gap",
        ),
        (
            "what was handled, again",
            json!({"from": 1, "activities": [entry(json!(1))]}),
            "malformed",
        ),
        (
            "an earlier run",
            json!({"run": run(json!(0)), "activities": [entry(json!(done + 1))]}),
            "epoch_changed",
        ),
    ] {
        let reply = Reply::new(200, INBOX_TYPE, packed(&lied.offer(&changes)));
        lied.gives(what, reply, code).await;
    }
    let twice = lied
        .offer(&json!({}))
        .to_string()
        .replacen('{', r#"{"from":1,"#, 1);
    for (what, body) in [
        ("a bomb", bomb),
        ("not compressed", lied.offer(&json!({})).to_string().into_bytes()),
        (
            "a number twice in its object",
            zstd::bulk::compress(twice.as_bytes(), 1).unwrap(),
        ),
    ] {
        lied.gives(what, Reply::new(200, INBOX_TYPE, body), "malformed")
            .await;
    }
    // How it stands, however great: nothing that can be counted.
    let reply = Reply::new(
        200,
        INBOX_TYPE,
        packed(&lied.offer(&json!({"waiting": u64::MAX, "reached": false}))),
    );
    lied.liar.answers(OUTBOX, reply);
    assert_eq!(lied.pull().await, Ok(0));
    lied.liar.answers(OUTBOX, nothing());
    assert_eq!(lied.pull().await, Ok(0), "the true answer");
    cast.honest("Still honest", "false answers").await;
}

#[tokio::test]
async fn what_a_false_outbox_says_in_the_name_of_others_is_refused_by_name() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let (clara, david) = (&cast.clara, &cast.david);
    let put = |id| {
        cast.wire
            .said(clara, "post.put", Some(id), cast.post_object("False"))
    };
    let lies = [
        lie(
            "Erik's words",
            Cast::stored(&cast.third, cast.eriks),
            "not_authorised",
        ),
        lie(
            "Anna's words, as news",
            Cast::stored(&cast.wire.hill, cast.bench),
            "not_authorised",
        ),
        lie(
            "signed by another",
            cast.sign(david, &put(cast.id())),
            "bad_signature",
        ),
        lie(
            "Anna's post as Clara's",
            cast.sign(clara, &put(cast.bench)),
            "id_not_yours",
        ),
        lie("nothing that can be read", "a.b.c".to_owned(), "invalid_activity"),
        lie(
            "what nobody knows",
            cast.says(clara, "quantum.leap", None, json!({})),
            "unsupported_type",
        ),
    ];
    for Lie { what, jws, answer } in lies {
        let before = lied.held();
        let (epoch, done) = cast.wire.handled();
        let offer = lied.offer(&json!({"activities": [{"seq": done + 1, "jws": jws}]}));
        lied.liar
            .answers(OUTBOX, Reply::new(200, INBOX_TYPE, packed(&offer)));
        // The receipt for it goes nowhere, so nothing more is asked for.
        lied.liar.answers(ACK, Reply::new(500, "x/y", ""));
        let _ = lied.liar.asked();
        assert!(lied.pull().await.is_err(), "{what}");
        let asked = lied.liar.asked();
        let receipt = asked
            .iter()
            .find(|(path, _)| path == ACK)
            .expect("what became of it is told");
        let receipt: Value = serde_json::from_slice(&receipt.1).unwrap();
        let expected = json!({"epoch": epoch, "ack": done + 1, "results": [
            {"seq": done + 1, "verdict": "refused", "code": answer}]});
        assert_eq!(receipt, expected, "{what}");
        let mut before = before;
        before.remove("untold");
        cast.unchanged(&before, &what);
        for path in [OUTBOX, ACK] {
            lied.liar.forget(path);
        }
        cast.honest(&format!("After {what}"), &what).await;
    }
    assert!(cast.wire.is_connected());
}

#[tokio::test]
async fn an_acknowledgement_that_is_answered_falsely_costs_a_repeat_and_nothing_else() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = elsewhere.local_addr().unwrap().to_string();
    let good = Reply::json(&json!({"ack": 1}));
    let mut lies = unbelievable(&lied, &place, &good);
    for (what, said) in [
        ("no number", json!({})),
        ("a negative number", json!({"ack": -1})),
        ("a number as text", json!({"ack": "all"})),
        ("a number beyond all", json!({"ack": 1e300})),
        ("a list", json!([])),
    ] {
        lies.push((what, Reply::json(&said), "malformed"));
    }
    let refused = cast.says_with(
        &cast.david,
        &cast.wire.said(
            &cast.clara,
            "post.put",
            Some(cast.bench),
            cast.post_object("Refused"),
        ),
        &json!({}),
    );
    for (n, (what, reply, code)) in lies.into_iter().enumerate() {
        let (_, done) = cast.wire.handled();
        let text = format!("Fetched {n}");
        let id = cast.id();
        let news = cast.says(&cast.clara, "post.put", id, cast.post_object(&text));
        let offer = lied.offer(&json!({"activities": [
            {"seq": done + 1, "jws": news}, {"seq": done + 2, "jws": refused}]}));
        lied.liar
            .answers(OUTBOX, Reply::new(200, INBOX_TYPE, packed(&offer)));
        lied.liar.answers(ACK, reply);
        assert_eq!(lied.pull().await, Err(code.to_owned()), "{what}");
        assert_eq!(cast.wire.handled().1, done + 2, "{what}: what came is handled");
        assert_eq!(cast.anna.sees(PostId(id)).await.unwrap().text, text, "{what}");
        // It asks from before that, as the refusal was not told, and the same comes out.
        let before = lied.held();
        lied.liar.forget(ACK);
        let _ = lied.liar.asked();
        assert!(lied.pull().await.is_err(), "{what}: the same again leads nowhere");
        let asked = lied.liar.asked();
        assert!(
            asked[0].0.contains(&format!("after={done}&")),
            "{what}: {}",
            asked[0].0
        );
        let mut before = before;
        before.remove("untold");
        cast.unchanged(&before, what);
        lied.liar.answers(
            OUTBOX,
            Reply::new(200, INBOX_TYPE, packed(&lied.offer(&json!({})))),
        );
        assert!(lied.pull().await.is_ok(), "{what}");
    }
    cast.honest("Still honest", "false answers to receipts").await;
}
