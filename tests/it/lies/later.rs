//! What a home says became of what had to wait there: nothing that it was not sent, and nothing of other homes.

use super::answers::Lied;
use super::*;
use data_encoding::BASE64URL_NOPAD;
use hearth_api::feed::DeliveryState;
use hearth_federation::activity::UnverifiedActivity;
use hearth_tests::liar::Reply;
use http::Method;

const LATER: &str = "/federation/v1/later";

fn hash_of(jws: &str) -> String {
    use sha2::Digest as _;
    assert!(UnverifiedActivity::parse(jws).is_ok());
    BASE64URL_NOPAD.encode(&sha2::Sha256::digest(jws.as_bytes()))
}

#[tokio::test]
async fn a_word_about_what_was_never_sent_or_did_not_wait_changes_nothing() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let only_third = cast.ben.post(Audience::Public, "For all").await.id;
    wire.world.pump().await;
    let (epoch, _) = wire.handled();
    let texts = [
        Cast::stored(&wire.hill, cast.bench),
        Cast::stored(&cast.third, cast.eriks),
        Cast::stored(&wire.hill, only_third.0),
    ];
    let before = wire.held();
    let mut id = 0;
    for verdict in ["refused", "applied", "duplicate", "waiting", "postponed"] {
        for text in &texts {
            id += 1;
            let word =
                json!({"id": id, "activity": hash_of(text), "verdict": verdict, "code": "not_authorised"});
            let said = json!({"epoch": epoch, "words": [word]}).to_string();
            let answer = wire
                .send(&wire.posted(LATER, "application/json", said.as_bytes()))
                .await;
            assert!(answer.status().is_success());
            let answer: Value = serde_json::from_slice(answer.body()).unwrap();
            assert_eq!(
                (&answer["words"], &answer["heard"]["id"]),
                (&json!([]), &json!(id))
            );
            let mut before = before.clone();
            before.remove("later_heard");
            cast.unchanged(&before, verdict);
        }
    }
    let digest = hash_of(&texts[0]);
    let word = |id: Value| json!({"id": id, "activity": digest, "verdict": "applied"});
    for (what, said) in [
        ("no life", json!({"words": []})),
        ("no words", json!({"epoch": epoch})),
        ("number 0", json!({"epoch": epoch, "words": [word(json!(0))]})),
        (
            "a number that is none",
            json!({"epoch": epoch, "words": [word(json!("1"))]}),
        ),
        (
            "falling numbers",
            json!({"epoch": epoch, "words": [word(json!(902)), word(json!(901))]}),
        ),
        (
            "a hash that is none",
            json!({"epoch": epoch, "words": [{"id": 903, "activity": "?", "verdict": "applied"}]}),
        ),
        (
            "no verdict",
            json!({"epoch": epoch, "words": [{"id": 904, "activity": digest}]}),
        ),
        ("a list", json!([])),
    ] {
        let request = wire.posted(LATER, "application/json", said.to_string().as_bytes());
        assert_eq!(wire.refused(&request, what).await, "malformed", "{what}");
    }
    let request = wire.posted(LATER, "text/plain", b"{}");
    assert_eq!(wire.refused(&request, "another type").await, "malformed");
    assert_eq!(
        wire.refused(&wire.signed(Method::GET, LATER, &[]), "no question")
            .await,
        "not_found"
    );
    cast.honest("After words", "words about what was never sent")
        .await;
}

#[tokio::test]
async fn a_home_that_says_for_ever_that_there_is_more_or_hears_nothing_is_asked_in_bounds() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let epoch = cast.wire.handled().0;
    // It says beside every answer that there is something to hear, and has nothing to say.
    let health = Reply::json(&json!({"status": "ok", "waiting": 0, "reached": true, "later": 5}));
    lied.liar.answers("/federation/v1/health", health);
    let nothing = Reply::json(&json!({"epoch": epoch, "words": []}));
    lied.liar.answers(LATER, nothing);
    let asked = async || {
        let _ = lied.liar.asked();
        let _ = lied.pump().await;
        let asked = lied.liar.asked();
        asked.iter().filter(|(path, _)| path == LATER).count()
    };
    let lake = cast.wire.lake.id();
    cast.anna.post(Audience::Friends, "For the lake").await;
    lied.federation().wake(Some(&lake));
    assert!(asked().await <= 1);
    assert_eq!(asked().await, 0);
    // Nonsense is a failed try, and the post is delivered all the same.
    let delivery = cast.anna.post(Audience::Friends, "Another for the lake").await;
    assert!(asked().await <= 1);
    let lines = cast.anna.delivery(delivery.id).await;
    assert!(
        lines
            .iter()
            .any(|line| line.home.id == lake && line.state == DeliveryState::Delivered)
    );
}
