//! Who is believed: replays, alterations, wrong addressees, strangers, clocks.

use super::rig::{Fault, NOON, TestHome, code_of, two};
use crate::problem::{Code, Problem};
use crate::reception::{Batch, Entry};
use crate::secret::PairSecret;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method, Request, StatusCode};
use serde_json::json;

async fn batch_of(from: &TestHome, number: u128, text: &str) -> Vec<u8> {
    let activity = from.sign(number, json!({ "text": text })).await;
    let entry = Entry {
        seq: u64::try_from(number).unwrap(),
        jws: activity.jws().to_owned(),
    };
    Batch {
        epoch: from.epoch(),
        run: None,
        from: 1,
        activities: vec![entry],
    }
    .encode()
    .unwrap()
}

#[tokio::test]
async fn a_request_is_taken_once_also_straight_after_a_restart() {
    let (anna, mut ben) = two().await;
    anna.say(&ben.id(), 1, "post 1").await;
    anna.federation().pump().await;
    let again = anna.way.repeat(0).await;
    assert_eq!(
        (again.status(), code_of(&again).as_str()),
        (StatusCode::CONFLICT, "replayed")
    );
    ben.restart().await;
    let again = anna.way.repeat(0).await;
    assert_eq!(code_of(&again), "replayed");
    // Once the nonce is forgotten the clock refuses it.
    ben.clock.advance_ms(12 * 60 * 1000);
    ben.federation().sweep().await.unwrap();
    let again = anna.way.repeat(0).await;
    assert_eq!(
        (again.status(), code_of(&again).as_str()),
        (StatusCode::UNAUTHORIZED, "clock_skew")
    );
    assert_eq!(ben.got().await, ["post 1"]);
}

type Change = fn(&mut Request<Bytes>);

#[tokio::test]
async fn whatever_is_altered_on_the_way_is_not_believed() {
    let (anna, ben) = two().await;
    anna.say(&ben.id(), 1, "post 1").await;
    let changes: [(&str, Change); 7] = [
        ("body", |request| {
            let mut body = request.body().to_vec();
            let last = body.len() - 1;
            body[last] ^= 1;
            *request.body_mut() = body.into();
        }),
        ("no body", |request| *request.body_mut() = Bytes::new()),
        ("path", |request| {
            *request.uri_mut() = "/federation/v1/confirm".parse().unwrap()
        }),
        ("query", |request| {
            *request.uri_mut() = "/federation/v1/inbox?x=1".parse().unwrap()
        }),
        ("method", |request| *request.method_mut() = Method::PUT),
        ("content type", |request| {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }),
        ("signature", |request| {
            let header = request.headers_mut().get_mut("signature-input").unwrap();
            let text = header
                .to_str()
                .unwrap()
                .replace("created=179530560", "created=179530561");
            *header = HeaderValue::try_from(text).unwrap();
        }),
    ];
    for (what, change) in changes {
        anna.way.next(Fault::Request(Box::new(change)));
        let report = anna.federation().pump().await;
        assert_eq!(report.failed.len(), 1, "{what}: {report:?}");
        assert_eq!(report.failed[0].1, "bad_signature", "{what}");
        assert!(ben.got().await.is_empty(), "{what}");
    }
    assert_eq!(anna.federation().pump().await.delivered, 1);
}

#[tokio::test]
async fn an_answer_that_is_altered_acknowledges_nothing() {
    let (anna, ben) = two().await;
    anna.say(&ben.id(), 1, "post 1").await;
    let forge = br#"{"ack":9,"results":[{"seq":1,"verdict":"applied"}]}"#;
    anna.way.next(Fault::Answer(Box::new(|answer| {
        *answer.body_mut() = Bytes::from_static(forge)
    })));
    assert!(!anna.federation().pump().await.moved());
    assert_eq!(anna.peer(&ben.id()).await.failures, 1);
    anna.way.next(Fault::Answer(Box::new(|answer| {
        *answer.status_mut() = StatusCode::CREATED
    })));
    assert!(!anna.federation().pump().await.moved());
    anna.way.next(Fault::Answer(Box::new(|answer| {
        answer.headers_mut().remove("signature");
    })));
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "bad_signature".to_owned())]);
    assert_eq!(anna.waiting_for(&ben.id()).await, 1);
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(ben.got().await, ["post 1"]);
}

#[tokio::test]
async fn an_acknowledgement_of_more_than_was_sent_is_cut_to_it() {
    let (anna, ben) = two().await;
    // Ben says that he has more of Anna's log than there is.
    let epoch = anna.epoch().to_string();
    ben.change_peer(&anna.id(), move |row| {
        row.their_epoch = Some(epoch);
        row.received_seq = 50;
    })
    .await;
    anna.say(&ben.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(anna.peer(&ben.id()).await.acked_seq, 1);
}

#[tokio::test]
async fn strangers_and_misdirected_requests_learn_nothing() {
    let (anna, ben) = two().await;
    let body = batch_of(&anna, 1, "post 1").await;

    let elsewhere = anna.request(&ben, &body, |draft| draft.destination = anna.key().id());
    let answer = anna.send(&ben, elsewhere).await;
    assert_eq!(
        (answer.status().as_u16(), code_of(&answer).as_str()),
        (421, "wrong_destination")
    );

    let unknown = anna.request(&ben, &body, |draft| {
        draft.secret = PairSecret::from_secret_bytes([99; 32])
    });
    let answer = anna.send(&ben, unknown).await;
    assert_eq!(
        (answer.status().as_u16(), code_of(&answer).as_str()),
        (403, "not_connected")
    );

    for path in [
        "/federation/v1/inbox",
        "/federation/v1/media/00",
        "/federation/v1/confirm",
    ] {
        let mut unsigned = Request::new(Bytes::new());
        *unsigned.uri_mut() = path.parse().unwrap();
        let answer = anna.send(&ben, unsigned).await;
        assert_eq!(
            (answer.status().as_u16(), code_of(&answer).as_str()),
            (401, "bad_signature"),
            "{path}"
        );
        assert!(!answer.headers().contains_key("signature"), "{path}");
    }

    for (path, status) in [
        ("/.well-known/hearth", 200),
        ("/federation/v1/health", 200),
        ("/", 404),
        ("/api", 404),
    ] {
        let mut unsigned = Request::new(Bytes::new());
        *unsigned.uri_mut() = path.parse().unwrap();
        let answer = anna.send(&ben, unsigned).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }

    let mut several = anna.request(&ben, &body, |_| {});
    let name = HeaderName::from_static("hearth-destination");
    several
        .headers_mut()
        .append(name, HeaderValue::try_from(ben.id().as_str()).unwrap());
    assert_eq!(code_of(&anna.send(&ben, several).await), "bad_signature");

    let other_type = anna.request(&ben, &body, |draft| draft.content_type = "application/json");
    assert_eq!(code_of(&anna.send(&ben, other_type).await), "malformed");

    let garbage = anna.request(&ben, b"{}", |_| {});
    assert_eq!(code_of(&anna.send(&ben, garbage).await), "malformed");
    assert!(ben.got().await.is_empty());

    let good = anna.request(&ben, &body, |_| {});
    assert_eq!(anna.send(&ben, good).await.status(), StatusCode::OK);
    assert_eq!(ben.got().await, ["post 1"]);
}

#[tokio::test]
async fn a_peer_whose_certificate_is_not_its_own_gets_nothing() {
    let (anna, ben) = two().await;
    let cora = TestHome::new(3).await;
    let there = cora.address().to_string();
    anna.change_peer(&ben.id(), |row| row.addresses = vec![there])
        .await;
    anna.say(&ben.id(), 1, "post 1").await;
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "wrong_node".to_owned())]);
    // The next address is tried.
    let (wrong, right) = (cora.address().to_string(), ben.address().to_string());
    anna.change_peer(&ben.id(), |row| {
        row.addresses = vec![wrong, "nonsense".into(), right]
    })
    .await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
}

#[tokio::test]
async fn a_clock_that_differs_is_learned_from_the_peer_itself() {
    let (anna, ben) = two().await;
    ben.clock.advance_ms(3 * 60 * 60 * 1000);
    anna.say(&ben.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(anna.way.count(), 2, "refused once, then right");
    assert_eq!(anna.peer(&ben.id()).await.clock_offset_ms, 3 * 60 * 60 * 1000);
    anna.say(&ben.id(), 2, "post 2").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    assert_eq!(anna.way.count(), 3, "and at once from then on");
    ben.say(&anna.id(), 1, "post 3").await;
    assert_eq!(ben.federation().pump().await.delivered, 1);
    assert_eq!(ben.peer(&anna.id()).await.clock_offset_ms, -3 * 60 * 60 * 1000);
}

#[tokio::test]
async fn a_clock_that_differs_by_less_than_is_refused_is_learned_from_the_answers() {
    let (anna, ben) = two().await;
    ben.clock.advance_ms(4_000);
    assert!(anna.federation().ping(&ben.id()).await.is_ok());
    assert_eq!(
        anna.peer(&ben.id()).await.clock_offset_ms,
        0,
        "an answer may have been on its way for as long"
    );
    ben.clock.advance_ms(116_000);
    anna.say(&ben.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    let known = anna.peer(&ben.id()).await.clock_offset_ms;
    assert!((119_000..=121_000).contains(&known), "{known}");
    let requests = anna.way.count();
    // It is set right: that is seen too, but not with every answer.
    ben.clock.advance_ms(-120_000);
    assert!(anna.federation().ping(&ben.id()).await.is_ok());
    assert_eq!(anna.peer(&ben.id()).await.clock_offset_ms, known);
    for home in [&anna, &ben] {
        home.clock.advance_ms(60_000);
    }
    assert!(anna.federation().ping(&ben.id()).await.is_ok());
    let known = anna.peer(&ben.id()).await.clock_offset_ms;
    assert!((-1_000..=1_000).contains(&known), "{known}");
    assert_eq!(anna.way.count(), requests + 2, "nothing was refused");
}

#[tokio::test]
async fn a_clock_that_a_stranger_tells_is_not_believed() {
    let (anna, ben) = two().await;
    anna.say(&ben.id(), 1, "post 1").await;
    let mut lie = Problem::new(Code::ClockSkew);
    lie.own_time_s = Some(NOON / 1000 + 365 * 86_400);
    anna.way.next(Fault::Answer(Box::new(move |answer| {
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
        *answer.body_mut() = lie.to_body().into();
    })));
    let report = anna.federation().pump().await;
    assert_eq!(report.failed, [(ben.id(), "clock_skew".to_owned())]);
    assert_eq!(anna.way.count(), 1);
    assert_eq!(anna.peer(&ben.id()).await.clock_offset_ms, 0);
}

#[tokio::test]
async fn a_batch_with_a_gap_is_refused_with_the_number_expected() {
    let (anna, ben) = two().await;
    let activity = anna.sign(1, json!({ "text": "post" })).await;
    let entry = Entry {
        seq: 7,
        jws: activity.jws().to_owned(),
    };
    let body = Batch {
        epoch: anna.epoch(),
        run: None,
        from: 7,
        activities: vec![entry],
    }
    .encode()
    .unwrap();
    let answer = anna.send(&ben, anna.request(&ben, &body, |_| {})).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let problem = Problem::from_body(answer.body()).unwrap();
    assert_eq!((problem.code, problem.expected_seq), (Code::SequenceGap, Some(1)));
    assert!(
        answer.headers().contains_key("signature"),
        "the sender acts upon it, so it is signed"
    );
}
