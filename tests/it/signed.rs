//! The listener for other homes, over real TLS: replayed, altered, misdirected and unsigned requests.

use bytes::Bytes;
use hearth_api::feed::Audience;
use hearth_db::home;
use hearth_tests::wire::{INBOX, Wire};
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use std::time::Duration;

#[tokio::test]
async fn a_signed_request_counts_once_also_after_a_restart() {
    let wire = Wire::lay().await;
    let request = wire.signed(Method::GET, "/federation/v1/health", b"");
    assert_eq!(
        wire.send(&request).await.status(),
        StatusCode::OK,
        "it is a good request"
    );
    assert_eq!(wire.refused(&request, "a replay").await, "replayed");
    wire.hill.restart().await;
    assert_eq!(
        wire.refused(&request, "a replay after a restart").await,
        "replayed"
    );
}

#[tokio::test]
async fn an_altered_request_is_refused_whatever_was_altered() {
    let wire = Wire::lay().await;
    let good = || wire.signed(Method::POST, INBOX, b"some bytes");
    type Change = fn(&mut Request<Bytes>);
    let changes: [(&str, Change); 8] = [
        ("the body", |r| *r.body_mut() = Bytes::from_static(b"other bytes")),
        ("the path", |r| {
            *r.uri_mut() = Uri::from_static("/federation/v1/confirm")
        }),
        ("the query", |r| {
            *r.uri_mut() = Uri::from_static("/federation/v1/inbox?x=1")
        }),
        ("the method", |r| *r.method_mut() = Method::PUT),
        ("the content type", |r| {
            r.headers_mut()
                .insert("content-type", HeaderValue::from_static("application/json"));
        }),
        ("the signature", |r| {
            let value = format!("hearth=:{}:", "A".repeat(43) + "=");
            r.headers_mut()
                .insert("signature", HeaderValue::from_str(&value).unwrap());
        }),
        ("the time", |r| {
            let text = r.headers()["signature-input"]
                .to_str()
                .unwrap()
                .replace("created=", "created=1");
            r.headers_mut()
                .insert("signature-input", HeaderValue::from_str(&text).unwrap());
        }),
        ("the digest", |r| {
            r.headers_mut().remove("content-digest");
        }),
    ];
    for (what, change) in changes {
        let mut request = good();
        change(&mut request);
        let code = wire.refused(&request, what).await;
        assert!(
            ["bad_signature", "clock_skew", "malformed"].contains(&code.as_str()),
            "{what} was altered: {code}"
        );
    }
}

#[tokio::test]
async fn a_request_for_another_home_is_refused() {
    let wire = Wire::lay().await;
    let third = wire.world.home("Third House", &["Erik"]).await;
    let request = wire.signed_for(&Wire::node(&third), Method::GET, "/federation/v1/health", b"");
    assert_eq!(
        wire.refused(&request, "a misdirected request").await,
        "wrong_destination"
    );
}

#[tokio::test]
async fn an_old_or_early_request_is_refused_with_the_right_time() {
    let wire = Wire::lay().await;
    for ms in [301_000, -301_000] {
        let request = wire.signed(Method::GET, "/federation/v1/health", b"");
        wire.world.clock().advance_ms(ms);
        assert_eq!(
            wire.refused(&request, "a request of another time").await,
            "clock_skew"
        );
        wire.world.clock().advance_ms(-ms);
    }
    let request = wire.signed(Method::GET, "/federation/v1/health", b"");
    wire.world.clock().advance(Duration::from_secs(299));
    assert_eq!(
        wire.send(&request).await.status(),
        StatusCode::OK,
        "five minutes are allowed for"
    );
}

#[tokio::test]
async fn without_a_signature_only_three_things_can_be_asked() {
    let wire = Wire::lay().await;
    let photo = wire.hill.owner().upload_photo(1).await;
    wire.hill
        .owner()
        .post_with(Audience::Public, "Secret of the hill", &[(&photo, "")])
        .await;
    wire.world.pump().await;
    let ask = async |method: Method, path: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Bytes::new())
            .unwrap();
        wire.send(&request).await
    };
    let known = ask(Method::GET, "/.well-known/hearth").await;
    assert_eq!(known.status(), StatusCode::OK);
    let known: serde_json::Value = serde_json::from_slice(known.body()).unwrap();
    let mut told: Vec<&String> = known.as_object().unwrap().keys().collect();
    told.sort();
    assert_eq!(
        told,
        ["node", "versions"],
        "who it is and what it speaks, nothing else"
    );
    let health = ask(Method::GET, "/federation/v1/health").await;
    assert_eq!(health.body().as_ref(), br#"{"status":"ok"}"#);
    let media = format!("/federation/v1/media/{}", photo.hash);
    let missing = format!("/federation/v1/media/{}", "0".repeat(64));
    for (method, path) in [
        (Method::POST, INBOX),
        (Method::POST, "/federation/v1/confirm"),
        (Method::GET, media.as_str()),
        (Method::GET, missing.as_str()),
        (Method::GET, "/"),
        (Method::GET, "/rpc/app.status"),
        (Method::POST, "/rpc/app.status"),
        (Method::GET, "/events"),
        (Method::GET, "/media/x/original"),
    ] {
        let answer = ask(method.clone(), path).await;
        assert!(
            answer.status().is_client_error(),
            "{method} {path}: {}",
            answer.status()
        );
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(
            !text.contains("Anna") && !text.contains("Secret"),
            "{path} tells nothing: {text}"
        );
    }
    let there = ask(Method::GET, &media).await;
    let not_there = ask(Method::GET, &missing).await;
    assert_eq!(
        (there.status(), there.body()),
        (not_there.status(), not_there.body()),
        "a stranger cannot tell what exists"
    );
}

#[tokio::test]
async fn a_removed_home_has_no_say_any_more() {
    let wire = Wire::lay().await;
    let change = hearth_api::homes::ChangeHome {
        home: wire.lake.id(),
        action: hearth_api::homes::HomeAction::Block,
        password: None,
    };
    wire.hill.owner().ok(change).await;
    let request = wire.signed(Method::GET, "/federation/v1/health", b"");
    let code = wire.refused(&request, "a request of a blocked home").await;
    assert!(
        ["not_connected", "bad_signature"].contains(&code.as_str()),
        "{code}"
    );
    let rows = wire
        .hill
        .read(|tx| home::list(tx, &[home::HomeRowState::Connected]));
    assert!(rows.is_empty());
}

#[tokio::test]
async fn a_picture_is_given_only_to_homes_with_somebody_who_may_see_it() {
    let wire = Wire::lay().await;
    let anna = wire.hill.owner();
    let photo = anna.upload_photo(4).await;
    anna.post_with(Audience::Friends, "For friends", &[(&photo, "")])
        .await;
    let path: &'static str = Box::leak(format!("/federation/v1/media/{}", photo.hash).into_boxed_str());
    let code = wire
        .refused(&wire.signed(Method::GET, path, b""), "a picture for nobody there")
        .await;
    assert_eq!(code, "not_found");
    wire.world.befriend(&anna, &wire.lake.owner()).await;
    let answer = wire.send(&wire.signed(Method::GET, path, b"")).await;
    assert_eq!(answer.status(), StatusCode::OK, "now somebody there may see it");
    assert_eq!(answer.body().len() as u64, photo.bytes);
}
