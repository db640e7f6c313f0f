//! The word that a connection ended, which anybody may bring: it is believed of who said it, about a secret that both know, and of
//! nobody and nothing else. The answer is the same whatever it was.

use super::*;
use bytes::Bytes;
use hearth_api::homes::{ChangeHome, HomeAction};
use hearth_tests::PASSWORD;
use http::{Request, StatusCode};

/// What a home says of the secrets that it ends, signed by it.
fn word(cast: &Cast, home: &TestHome, kind: &str, keys: &Value) -> String {
    let key = hearth_tests::signing::keys_of(home);
    let key = home.read(|tx| Ok(key.node(tx).unwrap()));
    let said = changed(
        &cast.wire.said(&cast.clara, kind, None, json!({ "keys": keys })),
        &json!({"actor": Uuid::nil(), "home": key.id(), "identity": null}),
    );
    compact(&header_of(key.id()), said.to_string().as_bytes(), |text| {
        key.sign(text)
    })
}

/// Brings a word, not more often than anybody may.
async fn bring(cast: &Cast, text: &str) -> (StatusCode, usize) {
    cast.wire.world.clock().advance(Duration::from_secs(15));
    let request = Request::post("/federation/v1/part")
        .header("content-type", "application/jose")
        .body(Bytes::copy_from_slice(text.as_bytes()))
        .unwrap();
    let answer = cast.wire.send(&request).await;
    (answer.status(), answer.body().len())
}

#[tokio::test]
async fn only_who_shares_a_secret_ends_it_and_an_old_word_ends_nothing() {
    let cast = Cast::gather().await;
    let present = cast.wire.signing.secret.key_id().to_string();
    let (lake, third) = (&cast.wire.lake, &cast.third);
    let true_word = word(&cast, lake, "node.remove", &json!([present]));
    let (unsigned, _) = true_word.rsplit_once('.').unwrap();
    let cut = true_word.chars().take(true_word.len() - 4).collect();
    for (what, text) in [
        ("nothing", String::new()),
        ("noise", "a.b.c".to_owned()),
        (
            "another home's",
            word(&cast, third, "node.remove", &json!([present])),
        ),
        (
            "of the hill itself",
            word(&cast, &cast.wire.hill, "node.remove", &json!([present])),
        ),
        (
            "of another secret",
            word(&cast, lake, "node.remove", &json!(["a".repeat(26)])),
        ),
        ("of no secret", word(&cast, lake, "node.remove", &json!([]))),
        (
            "of too many",
            word(&cast, lake, "node.remove", &json!(vec![present.clone(); 17])),
        ),
        (
            "something else",
            word(&cast, lake, "node.update", &json!([present])),
        ),
        ("unsigned", format!("{unsigned}.")),
        ("cut off", cut),
    ] {
        let before = cast.wire.held();
        assert_eq!(bring(&cast, &text).await, (StatusCode::NO_CONTENT, 0), "{what}");
        cast.unchanged(&before, what);
        assert!(cast.wire.is_connected(), "{what}");
    }
    let long = "a".repeat(20_000);
    assert!(!bring(&cast, &long).await.0.is_success(), "too long to be one");
    assert!(cast.wire.is_connected());
    // A block is taken back by who made it, not by whom it keeps out.
    let block = |action| ChangeHome {
        home: lake.id(),
        action,
        password: Some(PASSWORD.to_owned()),
    };
    cast.anna.ok(block(HomeAction::Block)).await;
    let before = cast.wire.held();
    assert_eq!(bring(&cast, &true_word).await, (StatusCode::NO_CONTENT, 0));
    cast.unchanged(&before, "a blocked home's");
    cast.anna.ok(block(HomeAction::Unblock)).await;
    assert!(cast.wire.is_connected());
    assert_eq!(bring(&cast, &true_word).await, (StatusCode::NO_CONTENT, 0));
    assert!(!cast.wire.is_connected(), "the lake has ended it");
    cast.wire.world.pair(&cast.wire.hill, lake).await;
    assert_eq!(bring(&cast, &true_word).await, (StatusCode::NO_CONTENT, 0));
    assert!(cast.wire.is_connected(), "it was about the secret of before");
}
