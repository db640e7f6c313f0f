//! Who asks and asks.

use super::*;
use hearth_api::HomeId;
use hearth_api::homes::{AcceptInvite, CreateHomeInvite, HomeState};
use hearth_federation::activity::{Activity, SignedActivity};
use hearth_federation::address::Address;
use hearth_federation::hlc::Hlc;
use hearth_federation::identity::PersonCard;
use hearth_federation::ids::Epoch;
use hearth_federation::invite::{Invite, InviteToken};
use hearth_federation::keys::{NodeKey, PersonKey};
use hearth_federation::pairing::{Introduction, Joiner};
use hearth_tests::http::exchange;
use hearth_tests::signing::keys_of;
use hearth_tests::wire::{INBOX, INBOX_TYPE};
use http_body_util::Full;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinSet;

/// Where attackers come from: a source of its own, of this machine.
const THERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

fn count(answers: Vec<String>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for answer in answers {
        *counted.entry(answer).or_default() += 1;
    }
    counted
}

fn named(status: StatusCode, body: &[u8]) -> String {
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default();
    format!("{} {code}", status.as_u16()).trim().to_owned()
}

#[tokio::test]
async fn a_flood_of_strangers_keeps_no_peer_out() {
    let stage = Arc::new(Stage::begin().await);
    let before = stage.weigh();
    let over = Arc::new(AtomicBool::new(false));
    let mut asking = JoinSet::new();
    for n in 0..64 {
        let (stage, over) = (Arc::clone(&stage), Arc::clone(&over));
        asking.spawn(async move {
            let mut answers = Vec::new();
            while !over.load(Ordering::SeqCst) {
                // Whoever is pushed out by another comes again.
                let Ok(stream) = stage.dial_tls(THERE).await else {
                    continue;
                };
                let (method, path) = match n % 4 {
                    0 => (Method::GET, "/.well-known/hearth"),
                    1 => (Method::GET, HEALTH),
                    2 => (Method::GET, "/"),
                    _ => (Method::POST, INBOX),
                };
                let request = Request::builder().method(method).uri(path).header("host", "x");
                let request = request.body(Full::new(Bytes::new())).unwrap();
                if let Ok(answer) = exchange(stream, request).await {
                    answers.push(named(answer.status, &answer.body));
                }
            }
            answers
        });
    }
    stage.serves_others("While strangers ask").await;
    over.store(true, Ordering::SeqCst);
    let answers = within("the end of the flood", asking.join_all()).await;
    let counted = count(answers.into_iter().flatten().collect());
    eprintln!("{counted:?}");
    let expected = ["200", "404 not_found", "401 bad_signature", "503 unavailable"];
    assert!(
        counted.keys().all(|answer| expected.contains(&answer.as_str())),
        "{counted:?}"
    );
    stage.took_at_most(before, 64 * MIB, "a flood of strangers");
}

#[tokio::test]
async fn a_flood_of_wrong_invites_is_slowed_down_and_a_right_one_works_meanwhile() {
    let stage = Arc::new(Stage::begin().await);
    let farm = stage.world.home("Farm House", &["Frida"]).await;
    let link = stage.ok(CreateHomeInvite::default()).await.link;
    let right: Invite = link.parse().unwrap();
    let wrong = Invite {
        token: InviteToken::from_secret_bytes([7; 16]),
        ..right
    };
    let me = Introduction {
        home_name: "Nobody's House".to_owned(),
        versions: vec![1],
        epoch: Epoch::from_bytes([7; 16]),
        addresses: Vec::new(),
        person: PersonCard {
            puid: uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007),
            display_name: "Nobody".to_owned(),
            key: PersonKey::from_secret_bytes(&[7; 32]).public(),
        },
        holds: None,
        met: None,
    };
    let key = NodeKey::from_secret_bytes(&[7; 32]);
    let keys = keys_of(&farm);
    let (_, message) = Joiner::start(&mut keys.rng(), &key, &me, &wrong, stage.now().0).unwrap();
    let message = Arc::new(message.as_str().to_owned());

    let before = stage.weigh();
    let over = Arc::new(AtomicBool::new(false));
    let mut guessing = JoinSet::new();
    for n in 0..6 {
        let (stage, over, message) = (Arc::clone(&stage), Arc::clone(&over), Arc::clone(&message));
        guessing.spawn(async move {
            let mut answers = Vec::new();
            while !over.load(Ordering::SeqCst) || answers.len() < 20 {
                let Ok(stream) = stage.dial_tls(THERE).await else {
                    continue;
                };
                let body = if n % 2 == 0 { message.as_str() } else { "hello" };
                let request = Request::post("/federation/v1/pair")
                    .header("host", "x")
                    .header("content-type", "application/jose");
                let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
                if let Ok(answer) = exchange(stream, request).await {
                    answers.push(named(answer.status, &answer.body));
                }
            }
            answers
        });
    }
    let joined = within("a pairing", farm.owner().call(AcceptInvite { link })).await;
    assert_eq!(joined.unwrap().name, "Hill House");
    stage.serves_others("While somebody guesses").await;
    over.store(true, Ordering::SeqCst);
    let answers = within("the end of the flood", guessing.join_all()).await;
    let counted = count(answers.into_iter().flatten().collect());
    eprintln!("{counted:?}");
    let of = |answer: &str| counted.get(answer).copied().unwrap_or_default();
    let looked_at = of("403 invalid_invite") + of("400 malformed");
    // Five a minute; a new minute may have begun on the way.
    assert!((1..=10).contains(&looked_at), "{counted:?}");
    assert!(of("429 rate_limited") >= 100, "{counted:?}");
    assert_eq!(of("200"), 0, "{counted:?}");
    stage.took_at_most(before, 64 * MIB, "a flood of guesses");
}

#[tokio::test]
async fn a_flood_of_words_that_connections_ended_is_slowed_down_and_a_true_one_is_heard_meanwhile() {
    let stage = Arc::new(Stage::begin().await);
    let (key, moor) = (stage.hostile.key.clone(), stage.hostile.key.id());
    let word = |keys: &[String]| {
        let at = Hlc::at(u64::try_from(stage.now().0).unwrap());
        let object = serde_json::json!({ "keys": keys });
        let id = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007);
        let said = Activity::new(id, "node.remove", uuid::Uuid::nil(), moor, at, object);
        SignedActivity::by_node(said, &key).unwrap().jws().to_owned()
    };
    let of_no_secret = Arc::new(word(&["a".repeat(26)]));
    let before = stage.weigh();
    let over = Arc::new(AtomicBool::new(false));
    let mut telling = JoinSet::new();
    for n in 0..6 {
        let (stage, over, word) = (Arc::clone(&stage), Arc::clone(&over), Arc::clone(&of_no_secret));
        telling.spawn(async move {
            let mut answers = Vec::new();
            while !over.load(Ordering::SeqCst) || answers.len() < 20 {
                let Ok(stream) = stage.dial_tls(THERE).await else {
                    continue;
                };
                let body = if n % 2 == 0 { word.as_str() } else { "hello" };
                if let Ok(answer) = exchange(stream, parting(body)).await {
                    answers.push(named(answer.status, &answer.body));
                }
            }
            answers
        });
    }
    stage.serves_others("While somebody tells of ends").await;
    let is_connected = async || {
        let homes = stage.ok(hearth_api::homes::ListHomes {}).await;
        let moor = HomeId::from(&moor);
        homes
            .iter()
            .any(|home| home.id == moor && home.state == HomeState::Connected)
    };
    assert!(is_connected().await, "nobody has ended anything");
    let true_word = word(&[stage.hostile.secret.key_id().to_string()]);
    let stream = stage.dial_tls(Ipv4Addr::LOCALHOST).await.unwrap();
    let answer = exchange(stream, parting(&true_word)).await.unwrap();
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!is_connected().await, "the moor has ended it");
    over.store(true, Ordering::SeqCst);
    let answers = within("the end of the flood", telling.join_all()).await;
    let counted = count(answers.into_iter().flatten().collect());
    eprintln!("{counted:?}");
    let of = |answer: &str| counted.get(answer).copied().unwrap_or_default();
    // Five a minute; a new minute may have begun on the way.
    assert!((1..=10).contains(&of("204")), "{counted:?}");
    assert!(of("429 rate_limited") >= 100, "{counted:?}");
    stage.took_at_most(before, 64 * MIB, "a flood of ends");
}

fn parting(word: &str) -> Request<Full<Bytes>> {
    Request::post("/federation/v1/part")
        .header("host", "x")
        .header("content-type", "application/jose")
        .body(Full::new(Bytes::from(word.to_owned())))
        .unwrap()
}

#[tokio::test]
async fn one_peer_has_its_places_and_no_others() {
    let stage = Arc::new(Stage::begin().await);
    let before = stage.weigh();
    let (begun, mut all_begun) = tokio::sync::watch::channel(0);
    let mut holding = JoinSet::new();
    for _ in 0..80 {
        let (stage, begun) = (Arc::clone(&stage), begun.clone());
        holding.spawn(async move {
            let stream = stage.dial_tls(THERE).await.unwrap();
            let body = vec![b'x'; 500_000];
            let request = stage
                .hostile
                .request(stage.now(), &Method::POST, INBOX, Some((INBOX_TYPE, &body)));
            let mut first = head_of(&request, "content-length: 500000\r\n").into_bytes();
            first.extend_from_slice(&body[..1_000]);
            dribble(stream, &first, || begun.send_modify(|count| *count += 1)).await
        });
    }
    within("requests", all_begun.wait_for(|count| *count == 80))
        .await
        .unwrap();
    stage.serves_others("While one peer fills its places").await;
    let held = within("the end of all", holding.join_all()).await;
    let at_once = held.iter().filter(|(lasted, _)| *lasted < Duration::from_secs(9));
    assert_eq!(
        at_once.count(),
        80 - 64,
        "64 are held, the others refused at once"
    );
    assert!(
        held.iter()
            .all(|(_, said)| said.contains("\"unavailable\"") && said.contains("signature"))
    );

    // In the long run: 600 in a burst, and then 20 a second.
    let address: Address = stage.served.federation.to_string().parse().unwrap();
    let transport = Arc::new(TlsTransport::default());
    let mut answers = Vec::new();
    while !answers.iter().any(|answer| answer == "429 rate_limited") {
        assert!(answers.len() < 5_000, "it goes on without end");
        let mut some = JoinSet::new();
        for _ in 0..20 {
            let ping = stage.hostile.request(stage.now(), &Method::GET, HEALTH, None);
            let (stage, transport) = (Arc::clone(&stage), Arc::clone(&transport));
            let address = address.clone();
            some.spawn(async move { transport.send(&stage.node, &address, ping).await });
        }
        for answer in within("answers", some.join_all()).await {
            let answer = answer.unwrap();
            answers.push(named(answer.status(), answer.body()));
        }
    }
    eprintln!("{:?}", count(answers));
    stage.serves_others("While one peer asks without end").await;
    stage.took_at_most(before, 64 * MIB, "one peer's requests");
}
