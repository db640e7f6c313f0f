//! Requests that nobody honest makes of a home that compares: for what is held, for what was lost, with what is offered.

use super::answers::packed;
use super::*;
use hearth_federation::ids::RunId;
use http::Method;

const DIGEST: &str = "/federation/v1/digest";
const RECALL: &str = "/federation/v1/recall";
const OFFER: &str = "/federation/v1/offer";
const GIVE: &str = "/federation/v1/give";
const JSON: &str = "application/json";
const COMPARING: &str = "application/vnd.hearth.digest+zstd";

#[tokio::test]
async fn who_compares_learns_of_its_own_only() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let (epoch, _) = wire.handled();
    let digest = |body: &[u8]| wire.posted(DIGEST, COMPARING, body);
    let recall = |body: &[u8]| wire.posted(RECALL, COMPARING, body);
    let asked = |changes: Value| packed(&changed(&json!({"epoch": epoch, "limit": 1000}), &changes));
    for (what, body) in [
        ("no limit", asked(json!({"limit": null}))),
        ("a limit of none", asked(json!({"limit": 0}))),
        ("a limit of 1001", asked(json!({"limit": 1001}))),
        ("a negative limit", asked(json!({"limit": -1}))),
        ("a limit beyond all", asked(json!({"limit": u64::MAX}))),
        ("no life", asked(json!({"epoch": null}))),
        ("a life that is none", asked(json!({"epoch": "?"}))),
        ("a place that is none", asked(json!({"after": "everything"}))),
        (
            "a run that is none",
            asked(json!({"run": {"id": "x", "starts": 1}})),
        ),
        (
            "a run with no count",
            asked(json!({"run": {"id": RunId::from_bytes([1; 16])}})),
        ),
        ("a time that is none", asked(json!({"answered_until": "always"}))),
        ("a list", packed(&json!([]))),
        (
            "not compressed",
            json!({"epoch": epoch, "limit": 1}).to_string().into_bytes(),
        ),
        ("nothing", Vec::new()),
    ] {
        if body.is_empty() {
            let request = || wire.signed(Method::POST, DIGEST, b"");
            cast.refuses(what, "malformed", request).await;
        } else {
            cast.refuses(what, "malformed", || digest(&body)).await;
        }
    }
    let ids = |count: usize| vec![json!(cast.id()); count];
    for (what, body) in [
        ("nothing to recall", packed(&json!({"slots": []}))),
        ("a hundred and one to recall", packed(&json!({"slots": ids(101)}))),
        ("things that are none", packed(&json!({"slots": ["bench"]}))),
        ("no list", packed(&json!({"slots": cast.bench}))),
        ("no member", packed(&json!({}))),
    ] {
        cast.refuses(what, "malformed", || recall(&body)).await;
    }
    for path in [DIGEST, RECALL] {
        let request = || wire.posted(path, JSON, &asked(json!({})));
        cast.refuses("another media type", "malformed", request).await;
        let request = || wire.signed(Method::GET, path, b"");
        cast.refuses("a question without a body", "not_found", request)
            .await;
    }

    // What the lake may know of is there; of others not even that it exists.
    let before = wire.held();
    let page = cast.asks(&digest(&asked(json!({})))).await;
    let named: Vec<&str> = page["things"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["slot"].as_str().unwrap())
        .collect();
    assert!(named.contains(&cast.claras.to_string().as_str()));
    for (whose, id) in [
        ("Anna's", cast.bench),
        ("Anna's for the house", cast.kitchen),
        ("Erik's", cast.eriks),
    ] {
        assert!(!named.contains(&id.to_string().as_str()), "{whose}");
    }
    let others = [
        cast.bench,
        cast.kitchen,
        cast.closed,
        cast.gone,
        cast.eriks,
        cast.annas_comment,
        cast.id(),
    ];
    let answer = cast.asks(&recall(&packed(&json!({ "slots": others })))).await;
    assert_eq!(answer, json!({"activities": [], "looked_at": others.len()}));
    let own = cast
        .asks(&recall(&packed(&json!({"slots": vec![cast.claras; 100]}))))
        .await;
    assert_eq!(
        own["activities"].as_array().unwrap().len(),
        1,
        "once, however often it is asked for"
    );
    cast.unchanged(&before, "comparing");
    cast.honest("Still honest", "questions of what is held").await;
}

#[tokio::test]
async fn what_is_offered_counts_while_this_home_compares_and_by_signatures_alone() {
    let cast = Cast::gather().await;
    let (wire, clara) = (&cast.wire, &cast.clara);
    wire.world.leaves_rows_waiting();
    let (epoch, _) = wire.handled();
    let (at, low, high) = (wire.stamp(), Uuid::from_u128(1), Uuid::from_u128(2));
    let thing = |slot: Uuid| json!({"slot": slot, "at": at, "kind": "post.put"});
    let many: Vec<Value> = (1..=1001).map(|n| thing(Uuid::from_u128(n))).collect();
    let page = json!({"epoch": epoch, "things": [thing(low)], "more": false, "fetching": false});
    let offer = |changes: Value| wire.posted(OFFER, COMPARING, &packed(&changed(&page, &changes)));
    for (what, changes) in [
        ("no life", json!({"epoch": null})),
        ("no things", json!({"things": null})),
        ("falling names", json!({"things": [thing(high), thing(low)]})),
        ("a name twice", json!({"things": [thing(low), thing(low)]})),
        ("a thousand and one", json!({ "things": many })),
        ("nothing, and more", json!({"things": [], "more": true})),
        ("a page from before its place", json!({"after": high})),
        (
            "a time that is none",
            json!({"things": [{"slot": low, "at": "now", "kind": "post.put"}]}),
        ),
        ("a run that is none", json!({"run": 1})),
    ] {
        cast.refuses(what, "malformed", || offer(changes.clone())).await;
    }
    let given = json!({"epoch": epoch, "last": true, "slots": [low], "activities": []});
    let give = |changes: Value| wire.posted(GIVE, COMPARING, &packed(&changed(&given, &changes)));
    for (what, changes) in [
        ("no life", json!({"epoch": null})),
        ("no things", json!({"slots": []})),
        ("a hundred and one things", json!({"slots": vec![low; 101]})),
        (
            "more words than things",
            json!({"activities": ["a.b.c", "d.e.f"]}),
        ),
        ("whether it is the last, as a number", json!({"last": 1})),
        ("an end before its place", json!({"after": high, "until": low})),
        ("words that are none", json!({"activities": [5]})),
    ] {
        cast.refuses(what, "malformed", || give(changes.clone())).await;
    }
    let bomb = zstd::bulk::compress(&vec![b' '; 256 * 1024 * 1024], 19).unwrap();
    for path in [OFFER, GIVE] {
        cast.refuses("a bomb", "malformed", || wire.posted(path, COMPARING, &bomb))
            .await;
        cast.refuses("another media type", "malformed", || {
            wire.posted(path, JSON, b"{}")
        })
        .await;
    }

    // This home compares nothing: it wants nothing.
    let lost = cast.id();
    let forged = cast.says_with(
        clara,
        &wire.said(
            clara,
            "post.put",
            Some(lost),
            cast.post_object("Anna never said so"),
        ),
        &json!({"actor": cast.anna.id(), "home": wire.hill.id(), "identity": null}),
    );
    let before = wire.held();
    let closed = json!({"open": false});
    assert_eq!(cast.asks(&offer(json!({"things": [thing(lost)]}))).await, closed);
    let unwanted = give(json!({"slots": [lost], "activities": [forged]}));
    assert_eq!(cast.asks(&unwanted).await, closed);
    cast.unchanged(&before, "an offer to who compares nothing");

    // It compares: what it lacks is wanted, and what comes is judged as ever.
    wire.hill.node().federation().begin_new_epoch().await.unwrap();
    let answer = cast.asks(&offer(json!({"things": [thing(lost)]}))).await;
    assert_eq!(answer, json!({"open": true, "wanted": [lost]}));
    for (what, jws, code) in [
        ("Anna's words that are not", forged, "bad_signature"),
        (
            "what was not wanted",
            Cast::stored(&wire.hill, cast.bench),
            "invalid_activity",
        ),
        (
            "Erik's words",
            Cast::stored(&cast.third, cast.eriks),
            "invalid_activity",
        ),
        ("nothing that can be read", "a.b.c".to_owned(), "invalid_activity"),
    ] {
        let mut before = wire.held();
        before.remove("reconcile");
        let elsewhere = give(json!({"after": low, "slots": [lost], "activities": [jws]}));
        cast.asks(&elsewhere).await;
        let refused = || wire.hill.read(hearth_db::meta::contents)["inbox"].clone();
        assert!(
            !refused().iter().any(|row| row.contains(&jws)),
            "{what}: not for this place"
        );
        let more = give(json!({"last": false, "slots": [lost], "activities": [jws]}));
        assert_eq!(cast.asks(&more).await, json!({"open": true}), "{what}");
        cast.unchanged(&before, what);
        let rows = refused();
        let kept = rows.iter().find(|row| row.contains(&jws));
        assert!(kept.is_some_and(|row| row.contains(code)), "{what}: {kept:?}");
    }
    cast.honest("Still honest", "false offers").await;
}
