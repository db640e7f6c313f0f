//! A home that answers falsely to what it is brought, and to who would renew a secret.

use super::answers::{Lied, unbelievable};
use super::*;
use hearth_api::health::{GetHealth, HealthLevel};
use hearth_tests::liar::{Reply, Seal};
use hearth_tests::wire::INBOX;
use hearth_tests::within;
use tokio::net::TcpListener;

const ROTATE: &str = "/federation/v1/rotate";

impl Lied {
    /// A receipt or refusal for what the hill brings, which fails by that name; the post waits on.
    async fn receives(&self, what: &str, reply: Reply, code: &str) {
        let (mut before, waiting) = (self.held(), self.cast.wire.hill.waiting());
        // That it may have left is noted.
        before.remove("peer_log_end");
        self.liar.answers(INBOX, reply);
        assert_eq!(self.pump().await, Err(code.to_owned()), "{what}");
        self.liar.forget(INBOX);
        self.cast.unchanged(&before, what);
        assert_eq!(self.cast.wire.hill.waiting(), waiting, "{what}");
        assert!(self.cast.wire.is_connected(), "{what}");
    }
}

#[tokio::test]
async fn a_false_receipt_delivers_nothing() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = elsewhere.local_addr().unwrap().to_string();
    let post = cast.anna.post(Audience::Friends, "For the lake").await.id;
    let lake = cast.wire.lake.id();
    let good = Reply::json(&json!({"ack": 1, "results": []}));
    let mut lies = unbelievable(&lied, &place, &good);
    for (what, said, code) in [
        ("no number", json!({"results": []}), "malformed"),
        (
            "a negative number",
            json!({"ack": -1, "results": []}),
            "malformed",
        ),
        ("no results", json!({"ack": 1}), "malformed"),
        (
            "a result that is none",
            json!({"ack": 1, "results": [5]}),
            "malformed",
        ),
        ("nothing taken", json!({"ack": 0, "results": []}), "unavailable"),
        ("a list", json!([]), "malformed"),
    ] {
        lies.push((what, Reply::json(&said), code));
    }
    let problem = |status, said: Value| Reply::problem(status, &said);
    let word = |home: &TestHome, kind: &str, keys: Value| {
        let key = hearth_tests::signing::keys_of(home);
        let key = home.read(|tx| Ok(key.node(tx).unwrap()));
        let said = changed(
            &cast.wire.said(&cast.clara, kind, None, json!({ "keys": keys })),
            &json!({"actor": Uuid::nil(), "home": key.id(), "identity": null}),
        );
        compact(&header_of(key.id()), said.to_string().as_bytes(), |text| {
            key.sign(text)
        })
    };
    let present = cast.wire.signing.secret.key_id().to_string();
    let parting = |jws: String| {
        let said = json!({"code": "not_connected", "parting": jws});
        problem(403, said).sealed(Seal::None)
    };
    lies.extend([
        (
            "a gap before the first",
            problem(409, json!({"code": "sequence_gap", "expected_seq": 0})),
            "sequence_gap",
        ),
        (
            "a gap after the last",
            problem(409, json!({"code": "sequence_gap", "expected_seq": u64::MAX})),
            "sequence_gap",
        ),
        (
            "a gap without a number",
            problem(409, json!({"code": "sequence_gap"})),
            "sequence_gap",
        ),
        (
            "that it runs twice",
            problem(409, json!({"code": "cloned"})),
            "cloned",
        ),
        (
            "that there is no connection",
            problem(403, json!({"code": "not_connected"})),
            "not_connected",
        ),
        (
            "an end said by another home",
            parting(word(&cast.third, "node.remove", json!([present]))),
            "not_connected",
        ),
        (
            "the end of another connection",
            parting(word(&cast.wire.lake, "node.remove", json!(["a".repeat(26)]))),
            "not_connected",
        ),
        (
            "an end that ends nothing",
            parting(word(&cast.wire.lake, "node.remove", json!([]))),
            "not_connected",
        ),
        (
            "an end that names too much",
            parting(word(
                &cast.wire.lake,
                "node.remove",
                json!(vec![present.clone(); 17]),
            )),
            "not_connected",
        ),
        (
            "an end that is something else",
            parting(word(&cast.wire.lake, "node.update", json!([present]))),
            "not_connected",
        ),
        (
            "an end that is none",
            parting("a.b.c".to_owned()),
            "not_connected",
        ),
    ]);
    for (what, reply, code) in lies {
        lied.receives(what, reply, code).await;
        let state = cast.wire.hill.delivery_state(post.0, &lake);
        assert_ne!(state, Some(hearth_api::feed::DeliveryState::Delivered), "{what}");
    }
    // A clock of another world, signed: the next requests are dated by it, and by the true one as soon as that is told.
    for own_time in [0, i64::MAX, i64::MIN, 999_999_999_999_999] {
        let next = cast
            .anna
            .post(Audience::Friends, &format!("At {own_time}"))
            .await
            .id;
        let said = json!({"code": "clock_skew", "own_time": own_time});
        lied.liar.answers(INBOX, Reply::problem(401, &said));
        assert!(lied.pump().await.is_err(), "{own_time}");
        lied.liar.forget(INBOX);
        let arrived = lied.pump().await;
        assert!(
            arrived.is_ok(),
            "the lake's true clock is taken after {own_time}: {arrived:?}"
        );
        let state = cast.wire.hill.delivery_state(next.0, &lake);
        assert_eq!(
            state,
            Some(hearth_api::feed::DeliveryState::Delivered),
            "{own_time}"
        );
    }
    assert!(cast.clara.sees(post).await.is_some(), "it arrived in the end");
}

#[tokio::test]
async fn a_clock_that_is_two_minutes_off_is_told_and_so_is_that_it_is_right_again() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let post = cast.anna.post(Audience::Friends, "What time is it?").await.id;
    let now_s = cast.wire.world.now().0.div_euclid(1000);
    let said = json!({"code": "clock_skew", "own_time": now_s + 120});
    lied.liar.answers(INBOX, Reply::problem(401, &said));
    assert!(lied.pump().await.is_err());
    lied.liar.forget(INBOX);
    let clock = async || {
        let health = cast.anna.ok(GetHealth {}).await;
        let part = health
            .parts
            .into_iter()
            .find(|part| part.part == "clock")
            .unwrap();
        let ms: i64 = part.facts["difference_ms"].parse().unwrap();
        (part.level, ms)
    };
    let (level, ms) = clock().await;
    assert!(
        level == HealthLevel::Waiting && ms.abs_diff(120_000) <= 1000,
        "{ms}"
    );
    // Below five minutes nothing is refused: the next answer alone tells that the clock is right.
    cast.wire.world.clock().advance(Duration::from_secs(60));
    assert!(lied.pump().await.is_ok());
    let (level, ms) = clock().await;
    assert!(level == HealthLevel::Ok && ms.abs() <= 1000, "{ms}");
    assert!(cast.clara.sees(post).await.is_some());
}

#[tokio::test]
async fn a_home_that_claims_to_know_more_is_compared_with_alone_and_once_an_hour_at_most() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let of_all = || cast.wire.hill.read(|tx| hearth_db::meta::get(tx, "epoch"));
    let lake = cast.wire.lake.id();
    let epoch = || {
        let row = cast.wire.hill.read(|tx| hearth_db::peer::get(tx, &lake));
        row.unwrap().own_epoch
    };
    let claims = [
        Reply::json(&json!({"ack": i64::MAX, "results": []})),
        Reply::json(&json!({"ack": u64::MAX, "results": [{"seq": 1, "verdict": "pondering"}]})),
        Reply::problem(409, &json!({"code": "epoch_changed"})),
    ];
    let (home, first) = (of_all(), epoch());
    assert_eq!(first, None);
    for (n, claim) in claims.iter().cycle().take(9).enumerate() {
        cast.anna.post(Audience::Friends, &format!("Claim {n}")).await;
        lied.liar.answers(INBOX, claim.clone());
        let _ = lied.pump().await;
        lied.liar.forget(INBOX);
    }
    let second = epoch();
    assert_ne!(first, second, "it is believed once, and of itself only");
    assert_eq!(of_all(), home);
    let compared = cast
        .wire
        .hill
        .read(|tx| Ok(hearth_db::meta::contents(tx)?["reconcile"].len()));
    assert_eq!(compared, 1, "no other home is compared with");
    let seen = cast.wire.hill.sees_home(&cast.wire.lake).await.unwrap();
    assert!(seen.restored.unwrap().alone, "whose word it was is shown");
    let health = cast.anna.ok(GetHealth {}).await;
    assert!(
        health.parts.iter().all(|part| part.part != "restored"),
        "this home was not restored: {health:?}"
    );
    cast.wire.world.clock().advance(Duration::from_secs(59 * 60));
    cast.anna.post(Audience::Friends, "Before the hour is over").await;
    lied.liar.answers(INBOX, claims[2].clone());
    assert_eq!(lied.pump().await, Err("epoch_changed".to_owned()));
    assert_eq!(
        (of_all(), epoch()),
        (home, second),
        "and not again within the hour"
    );
    lied.liar.forget(INBOX);
    cast.wire.world.pump().await;
    let at_lake = cast.clara.feed(hearth_api::feed::Feed::Home).await;
    let last = at_lake
        .iter()
        .filter(|text| *text == "Before the hour is over")
        .count();
    assert_eq!(last, 1, "{at_lake:?}");
    for person in [&cast.anna, &cast.erik] {
        assert!(
            person.sees(PostId(cast.eriks)).await.is_some(),
            "others keep what they have"
        );
    }
}

#[tokio::test]
async fn a_secret_is_not_renewed_by_a_false_part() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = elsewhere.local_addr().unwrap().to_string();
    let part = |byte: u8, length: usize| data_encoding::BASE64URL_NOPAD.encode(&vec![byte; length]);
    let good = json!({"ephemeral": part(9, 32), "nonce": part(7, 32)});
    let mut lies: Vec<(&str, Reply)> = unbelievable(&lied, &place, &Reply::json(&good))
        .into_iter()
        .map(|(what, reply, _)| (what, reply))
        .collect();
    for (what, changes) in [
        ("a key of zero", json!({"ephemeral": part(0, 32)})),
        ("a short key", json!({"ephemeral": part(9, 31)})),
        ("no key", json!({"ephemeral": null})),
        ("a long nonce", json!({"nonce": part(7, 33)})),
        ("no nonce", json!({"nonce": null})),
    ] {
        lies.push((what, Reply::json(&changed(&good, &changes))));
    }
    lies.push((
        "that it is not the time",
        Reply::problem(503, &json!({"code": "unavailable"})),
    ));
    let lake = cast.wire.lake.id();
    for (what, reply) in lies {
        let before = lied.held();
        lied.liar.answers(ROTATE, reply);
        let renewed = within("a renewal", lied.federation().renew_secret(&lake)).await;
        assert_eq!(
            renewed.unwrap_err().code,
            hearth_api::Code::HomeUnreachable,
            "{what}"
        );
        cast.unchanged(&before, what);
        cast.honest(&format!("After {what}"), what).await;
    }
    lied.liar.forget(ROTATE);
    lied.federation().renew_secret(&lake).await.expect("a true part");
}
