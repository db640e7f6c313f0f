//! A home that never comes to an end: of comparing, of friend requests, of clocks.

use super::answers::{Lied, packed};
use super::*;
use hearth_api::health::HealthLevel;
use hearth_api::homes::ListHomes;
use hearth_api::people::ListRequests;
use hearth_tests::liar::Reply;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const DIGEST: &str = "/federation/v1/digest";
const RECALL: &str = "/federation/v1/recall";
const OFFER: &str = "/federation/v1/offer";
const COMPARING: &str = "application/vnd.hearth.digest+zstd";

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(&zstd::bulk::decompress(body, 1 << 20).unwrap()).unwrap()
}

#[tokio::test]
async fn comparing_with_a_home_that_always_has_more_ends_by_itself_and_is_said() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let at = cast.wire.stamp();
    let pages = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&pages);
    lied.liar.answers_by(DIGEST, move |body| {
        counted.fetch_add(1, Ordering::SeqCst);
        let after: Option<Uuid> = serde_json::from_value(read(body)["after"].clone()).unwrap();
        let next = Uuid::from_u128(after.map_or(0, |after| after.as_u128()) + 1);
        let page = json!({
            "things": [{"slot": next, "at": at, "kind": "post.put"}], "more": true, "fetching": false,
        });
        Reply::new(200, COMPARING, packed(&page))
    });
    lied.liar.answers_by(RECALL, |body| {
        let asked = read(body)["slots"].as_array().unwrap().len();
        Reply::new(
            200,
            COMPARING,
            packed(&json!({"activities": [], "looked_at": asked})),
        )
    });
    lied.federation().begin_new_epoch().await.unwrap();
    let _ = lied.pump().await;
    let asked = pages.load(Ordering::SeqCst);
    assert!((100..=400).contains(&asked), "{asked} pages");
    let of_the_lake = async || {
        let homes = cast.anna.ok(ListHomes {}).await;
        homes
            .into_iter()
            .find(|home| home.id == cast.wire.lake.id())
            .unwrap()
    };
    let restored = of_the_lake().await.restored.unwrap();
    assert!(restored.done && restored.given_up, "{restored:?}");
    let health = cast.anna.ok(hearth_api::health::GetHealth {}).await;
    assert_eq!(health.level, HealthLevel::Trouble);
    let _ = lied.pump().await;
    assert!(pages.load(Ordering::SeqCst) <= asked + 1, "it is not begun anew");
    // With the true answers it is compared to the end.
    lied.liar.forget(DIGEST);
    lied.liar.forget(RECALL);
    cast.wire.world.clock().advance(Duration::from_secs(11 * 60));
    lied.federation().begin_new_epoch().await.unwrap();
    assert!(lied.pump().await.is_ok());
    let restored = of_the_lake().await.restored.unwrap();
    assert!(restored.done && !restored.given_up, "{restored:?}");
    cast.honest("After all that", "pages without end").await;
}

/// What is offered to a home that always wants to begin again, or goes on by the smallest steps, has an end, and nothing is begun on its word.
#[tokio::test]
async fn offering_to_a_home_that_never_has_enough_ends_by_itself() {
    for (what, most, next) in [
        ("from the beginning", 8, (|_| Value::Null) as fn(u128) -> Value),
        ("a step further", 1_001, |n| json!(Uuid::from_u128(n))),
    ] {
        let lied = Lied::to().await;
        lied.cast.wire.world.leaves_rows_waiting();
        // As a home answers that has something to compare and cannot call.
        lied.liar.answers_by(DIGEST, |_| {
            let page = json!({"things": [], "more": false, "fetching": false, "offer": true});
            Reply::new(200, COMPARING, packed(&page))
        });
        let offers = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&offers);
        lied.liar.answers_by(OFFER, move |_| {
            let n = counted.fetch_add(1, Ordering::SeqCst) + 1;
            let answer = json!({"open": true, "after": next(n.into()), "wanted": []});
            Reply::new(200, COMPARING, packed(&answer))
        });
        lied.federation().begin_new_epoch().await.unwrap();
        let outcome = lied.pump().await;
        assert!(outcome.is_err(), "{what}: {outcome:?}");
        let offered = offers.load(Ordering::SeqCst);
        assert_eq!(offered, most, "{what}");
        // More than was asked for is no answer either.
        lied.liar.answers_by(OFFER, |_| {
            let wanted: Vec<Uuid> = (1..=1_000).map(Uuid::from_u128).collect();
            Reply::new(200, COMPARING, packed(&json!({"open": true, "wanted": wanted})))
        });
        lied.cast
            .wire
            .world
            .clock()
            .advance(Duration::from_secs(2 * 3600));
        assert!(lied.pump().await.is_err(), "{what}");
        lied.liar.forget(DIGEST);
        lied.liar.forget(OFFER);
        lied.cast
            .wire
            .world
            .clock()
            .advance(Duration::from_secs(2 * 3600));
        assert!(
            lied.pump().await.is_ok(),
            "{what}: with the true answers all goes on"
        );
        lied.cast.honest("After all that", what).await;
    }
}

#[tokio::test]
async fn a_home_asks_for_only_so_many_friendships_that_nobody_answers() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    wire.world.leaves_rows_waiting();
    let mila = wire.hill.join("Mila").await;
    // So that not the people are too many, each asks three.
    let asked = [cast.ben.id(), cast.anna.id(), mila.id()];
    let ask = |n: u128| {
        let (n, whom) = (n / 3, asked[usize::try_from(n % 3).unwrap()]);
        let word = if whom == cast.ben.id() {
            "request"
        } else {
            "cancel"
        };
        let key = PersonKey::from_secret_bytes(&{
            let mut seed = [7; 32];
            seed[..16].copy_from_slice(&n.to_be_bytes());
            seed
        });
        let who = hearth_api::PersonId(Uuid::from_u128(0x4000_8000_0000_0000_0000 + n));
        let said = wire.said(
            &cast.david,
            &format!("friend.{word}"),
            None,
            json!({"person": whom, "note": ""}),
        );
        let vouched = wire.vouched_with(who, "Somebody", &wire.lake.id(), &key);
        signed_by(&key, &changed(&said, &json!({"actor": who, "identity": vouched})))
    };
    let mut refused = Vec::new();
    for some in (0..1_010_u128).collect::<Vec<_>>().chunks(100) {
        let texts: Vec<String> = some.iter().map(|n| ask(*n)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let receipt = serde_json::to_value(wire.deliver(&wire.batch(&texts)).await).unwrap();
        for (n, result) in some.iter().zip(receipt["results"].as_array().unwrap()) {
            if result["verdict"] != "applied" {
                refused.push((*n, result["code"].as_str().unwrap_or_default().to_owned()));
            }
        }
    }
    let expected: Vec<_> = (1_000..1_010).map(|n| (n, "too_large".to_owned())).collect();
    assert_eq!(refused, expected);
    assert_eq!(cast.ben.ok(ListRequests {}).await.incoming.len(), 334);
    // Whom somebody here asked is heard all the same.
    cast.ben.asks(&cast.david).await;
    let yes = cast.says(
        &cast.david,
        "friend.accept",
        None,
        json!({"person": cast.ben.id(), "note": ""}),
    );
    assert_eq!(wire.say(&yes).await, "applied");
    cast.honest("Among friends", "a thousand requests").await;
}

#[tokio::test]
async fn a_stamp_after_which_nothing_could_be_said_is_refused() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    wire.world.leaves_rows_waiting();
    let of = |at: &str, kind: &str, post: Option<Uuid>, object: Value| {
        let said = wire.said(&cast.clara, kind, post, object);
        cast.says_with(&cast.clara, &said, &json!({"at": at}))
    };
    let remove = || json!({"person": cast.anna.id(), "note": ""});
    let (id, edge) = (cast.id(), "e677d21fdbff-ffff-ffffffffffff");
    let mut lies = Vec::new();
    for at in ["ffffffffffff-ffff-ffffffffffff", "e677d21fdc00-0000-000000000000"] {
        lies.push(lie(
            format!("a post of {at}"),
            of(at, "post.put", Some(id), cast.post_object("At the end of time")),
            "clock_skew",
        ));
        lies.push(lie(
            format!("the end of a friendship at {at}"),
            of(at, "friend.remove", None, remove()),
            "clock_skew",
        ));
    }
    cast.tell(lies).await;
    // The last that counts: there is still a word after it.
    let last = of(edge, "friend.remove", None, remove());
    assert_eq!(wire.say(&last).await, "applied");
    cast.anna.asks(&cast.clara).await;
    let asked = wire.hill.read(|tx| {
        let word = hearth_db::friendship::word(tx, cast.anna.id(), cast.clara.id())?;
        Ok(word.unwrap().hlc)
    });
    assert!(asked.as_str() > edge, "{asked}");
}
