//! Keeps `docs/protocol-vectors.json` true: from fixed keys, what a stranger must compute to speak the protocol.
//!
//! `UPDATE_VECTORS=1 cargo test -p hearth-federation vectors` rewrites the file. A change of an existing value is a
//! change of the protocol.

use std::collections::BTreeMap;
use std::path::Path;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Value, json};

use crate::activity::{Activity, SignedActivity};
use crate::address::Address;
use crate::encoding::hex;
use crate::hlc::{Hlc, HlcClock};
use crate::identity::{Identity, PersonCard, SignedIdentity};
use crate::ids::{Epoch, InviteId, RequestNonce};
use crate::invite::{Invite, InviteToken, Scope};
use crate::pairing::{self, Introduction, Joiner, Met, OpenInvite};
use crate::reception::{Batch, Entry, ItemResult, Receipt, WireVerdict};
use crate::rotation::{self, RotationInitiator};
use crate::secret::PairSecret;
use crate::signature::{self, ContentDigest, RequestSigner};
use crate::testing::{CountingRng, node, person, uuid7};
use crate::words::Language;

mod connections;
mod ids;
mod refused;

const NOW_MS: i64 = 1_700_000_000_000;

fn keys() -> Value {
    let id = node(1).id();
    let secret = PairSecret::from_secret_bytes([3; 32]);
    json!({
        "node_secret": hex(node(1).to_secret_bytes().as_slice()),
        "node_id": id,
        "node_id_shown": id.grouped(),
        "person_secret": hex(person(1).to_secret_bytes().as_slice()),
        "person_public": person(1).public(),
        "pair_secret": hex(secret.to_secret_bytes().as_slice()),
        "pair_secret_keyid": secret.key_id(),
    })
}

fn clock() -> Value {
    let mut clock = HlcClock::new(&node(1).id(), Hlc::MIN);
    let far = HlcClock::new(&node(2).id(), Hlc::MIN).tick(4_102_444_800_000);
    json!({
        "now_ms": NOW_MS, "first": clock.tick(1_700_000_000_000), "second": clock.tick(1_700_000_000_000),
        "rising": [
            Hlc::MIN, "000000000001-0000-000000000000", "000000000001-0000-000000000001",
            "000000000001-0001-000000000000", "018bcfe56800-0000-8a88e3dd7409", "e677d21fdbff-ffff-ffffffffffff",
        ],
        "far_ahead": {
            "received_ms": NOW_MS, "stamp": far, "counts_as": far.clamped(1_700_000_000_000).stamp,
        },
    })
}

fn activity() -> Value {
    let at = HlcClock::new(&node(1).id(), Hlc::MIN).tick(1_700_000_000_000);
    let object = json!({"text": "Soup is ready"});
    let mut activity = Activity::new(uuid7(10), "post.put", uuid7(1), node(1).id(), at, object);
    activity.post = Some(uuid7(11));
    let payload = serde_json::to_string(&activity).unwrap();
    let signed = SignedActivity::by_person(activity, &person(1)).unwrap();
    let identity = Identity {
        person: PersonCard {
            puid: uuid7(1),
            display_name: "Anna".to_owned(),
            key: person(1).public(),
        },
        home: node(1).id(),
        at,
    };
    let identity = SignedIdentity::sign(identity, &node(1)).unwrap();
    let told = sorted(json!({"name": "Hill House", "addresses": ["192.168.1.20:8443"], "version": "0.1.0"}));
    let update = Activity::new(
        uuid7(12),
        "node.update",
        uuid::Uuid::nil(),
        node(1).id(),
        at,
        told,
    );
    let update = SignedActivity::by_node(update, &node(1)).unwrap();
    json!({
        "payload": payload, "jws": signed.jws(), "identity_jws": identity.jws(), "node_jws": update.jws(),
    })
}

fn invite() -> Invite {
    Invite {
        node: node(1).id(),
        addresses: vec![
            "192.168.1.20:8443".parse().unwrap(),
            "https://family.example:443".parse().unwrap(),
        ],
        token: InviteToken::from_secret_bytes([9; 16]),
        expires_s: 1_700_172_800,
        scope: Scope::Full,
    }
}

fn invites() -> Value {
    let targeted = Invite {
        scope: Scope::Group(uuid7(7)),
        ..invite()
    };
    json!({
        "node_id": node(1).id(),
        "addresses": invite().addresses,
        "token": hex(invite().token.to_secret_bytes().as_slice()),
        "expires": invite().expires_s,
        "invite_id": invite().token.invite_id(),
        "link": invite().to_link().unwrap(),
        "link_for_group": { "group": uuid7(7), "link": targeted.to_link().unwrap() },
    })
}

fn introduction(number: u8, name: &str) -> Introduction {
    Introduction {
        home_name: format!("{name}'s home"),
        versions: vec![1],
        epoch: Epoch::from_bytes([number; 16]),
        addresses: vec![format!("home{number}.example:8443").parse().unwrap()],
        person: PersonCard {
            puid: uuid7(u128::from(number)),
            display_name: name.to_owned(),
            key: person(number).public(),
        },
        holds: None,
        met: None,
    }
}

fn pairing() -> Value {
    pairing_by(&invite(), None, None)
}

/// A meeting by an invite, of two homes that hold the same of each other before.
fn pairing_by(invite: &Invite, holds: Option<Vec<Scope>>, met: Option<Met>) -> Value {
    let mut rng = CountingRng::new(42);
    let open = OpenInvite {
        token: invite.token.clone(),
        expires_s: invite.expires_s,
        used: false,
        scope: invite.scope,
    };
    let me = |number, name| Introduction {
        holds: holds.clone(),
        met,
        ..introduction(number, name)
    };
    let (joiner, request) = Joiner::start(&mut rng, &node(2), &me(2, "Ben"), invite, NOW_MS).unwrap();
    let (agreement, answer) =
        pairing::answer(&mut rng, &node(1), &me(1, "Anna"), &request, Some(&open), NOW_MS).unwrap();
    assert_eq!(
        joiner.answered(&answer, NOW_MS).unwrap().key_id(),
        agreement.key_id()
    );
    json!({
        "token": hex(invite.token.to_secret_bytes().as_slice()),
        "inviter_secret": hex(node(1).to_secret_bytes().as_slice()),
        "joiner_secret": hex(node(2).to_secret_bytes().as_slice()),
        "joiner_ephemeral_secret": hex(&first_ephemeral()),
        "request": request.as_str(),
        "answer": answer.as_str(),
        "transcript": hex(agreement.transcript()),
        "pair_secret": hex(agreement.secret().to_secret_bytes().as_slice()),
        "keyid": agreement.key_id(),
        "words": {
            "indices": agreement.words().indices(),
            "en": agreement.words().in_language(Language::English),
            "de": agreement.words().in_language(Language::German),
        },
    })
}

/// The joiner's ephemeral secret is the first thing that is drawn.
fn first_ephemeral() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::Rng::fill_bytes(&mut CountingRng::new(42), &mut bytes);
    bytes
}

fn headers_of(headers: &HeaderMap) -> Value {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), json!(value.to_str().unwrap())))
        .collect()
}

fn request(method: &Method, uri: &str, body: &[u8]) -> Value {
    let secret = PairSecret::from_secret_bytes([3; 32]);
    let uri: Uri = uri.parse().unwrap();
    let mut headers = HeaderMap::new();
    if !body.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let signer = RequestSigner {
        secret: &secret,
        destination: &node(1).id(),
        created_s: NOW_MS / 1000,
        nonce: RequestNonce::from_bytes([4; 16]),
    };
    signature::sign_request(&signer, method, &uri, &mut headers, body).unwrap();
    let base = signature::base_of_request(method, &uri, &headers);
    json!({
        "method": method.as_str(), "target": uri.to_string(), "body": String::from_utf8_lossy(body),
        "pair_secret": hex(secret.to_secret_bytes().as_slice()), "base": base, "headers": headers_of(&headers),
    })
}

fn addresses() -> Vec<Address> {
    let texts = [
        "family.example:8443",
        "https://family.example:443",
        "192.168.1.20:7346",
        "[2001:db8::1]:7346",
        "nas:1",
    ];
    texts.map(|text| text.parse().unwrap()).to_vec()
}

/// The two sides of a rotation, the initiator with what is drawn first.
fn rotation() -> Value {
    let present = PairSecret::from_secret_bytes([3; 32]);
    let (initiator, responder) = (node(1).id(), node(2).id());
    let mut rng = CountingRng::new(42);
    let (begun, first) = RotationInitiator::start(&mut rng);
    let (next, second) = rotation::respond(&mut rng, &present, &initiator, &responder, &first).unwrap();
    let same = begun.finish(&present, &initiator, &responder, &second).unwrap();
    assert_eq!(same.key_id(), next.key_id());
    json!({
        "present_secret": hex(present.to_secret_bytes().as_slice()),
        "initiator": initiator, "responder": responder,
        "initiator_ephemeral_secret": hex(&first_ephemeral()),
        "initiator_part": first, "responder_part": second,
        "next_secret": hex(next.to_secret_bytes().as_slice()), "next_keyid": next.key_id(),
    })
}

/// A batch before compression, and the receipt for it.
fn batch() -> Value {
    let signed = activity()["jws"].as_str().unwrap().to_owned();
    let entry = |seq| Entry {
        seq,
        jws: signed.clone(),
    };
    let batch = Batch {
        epoch: Epoch::from_bytes([7; 16]),
        from: 41,
        activities: vec![entry(41), entry(43)],
        run: None,
    };
    assert_eq!(Batch::decode(&batch.encode().unwrap()).unwrap(), batch);
    let receipt = Receipt {
        ack: 43,
        results: vec![
            ItemResult {
                seq: 41,
                verdict: WireVerdict::Applied,
            },
            ItemResult {
                seq: 43,
                verdict: WireVerdict::Refused {
                    code: "not_authorised".to_owned(),
                },
            },
        ],
    };
    json!({
        "batch": serde_json::to_string(&batch).unwrap(), "receipt": serde_json::to_string(&receipt).unwrap(),
    })
}

/// What homes that compare say to each other, before compression, and how the things are called.
fn comparing() -> Value {
    use crate::reconcile::vectors as said;
    let signed = activity()["jws"].as_str().unwrap().to_owned();
    let (post, other) = (uuid7(11), uuid7(1));
    let at = HlcClock::new(&node(1).id(), Hlc::MIN).tick(1_700_000_000_000);
    let react = |object| {
        let mut said = Activity::new(uuid7(13), "react.set", uuid7(2), node(2).id(), at, object);
        said.post = Some(post);
        crate::slots::slots_of(&said)
    };
    let about = json!({"person": other, "note": ""});
    let remove = Activity::new(uuid7(14), "friend.remove", uuid7(2), node(2).id(), at, about);
    json!({
        "slots": {
            "post": post, "person": other, "actor": uuid7(2),
            "reaction": react(json!({"emoji": null})), "friend_and_remove": crate::slots::slots_of(&remove),
        },
        "digest": said::digest(post), "page": said::page(at, post), "offer": said::offer(at, post),
        "recall": said::recall(&[post, other]), "recalled": said::recalled(signed.clone(), 2),
        "wanted": said::wanted(post), "give": said::give(post, signed),
    })
}

fn answer() -> Value {
    answer_with(PairSecret::from_secret_bytes([3; 32]))
}

fn answer_with(secret: PairSecret) -> Value {
    let mut headers = HeaderMap::new();
    let digest = ContentDigest::of(b"{\"ack\":5}");
    let nonce = RequestNonce::from_bytes([4; 16]);
    signature::sign_answer(
        &secret,
        nonce,
        NOW_MS / 1000,
        StatusCode::OK,
        &mut headers,
        digest,
    )
    .unwrap();
    json!({
        "status": 200, "body": "{\"ack\":5}", "base": signature::base_of_answer(StatusCode::OK, &headers),
        "headers": headers_of(&headers),
    })
}

/// The same with the members of all objects by name: what else their order is depends on how the JSON library was built.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().collect();
            members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[test]
fn the_published_vectors_are_what_this_program_computes() {
    let computed = json!({
        "protocol": "hearth/1",
        "keys": keys(),
        "clock": clock(),
        "activity": activity(),
        "ids": ids::ids(),
        "invite": invites(),
        "pairing": pairing(),
        "request_with_body": request(&Method::POST, "/federation/v1/inbox?epoch=abc", b"{\"hello\":\"world\"}"),
        "request_without_body": request(&Method::GET, "/federation/v1/outbox?after=5", b""),
        "request_without_query": request(&Method::GET, "/federation/v1/health", b""),
        "answer": answer(),
        "addresses": addresses(),
        "rotation": rotation(),
        "batch": batch(),
        "comparing": comparing(),
        "fetching": crate::delivery::vectors::fetching(activity()["jws"].as_str().unwrap()),
        "later": crate::delivery::vectors::later(activity()["jws"].as_str().unwrap()),
        "limited_pairing": connections::limited(),
        "renewing": connections::renewing(),
        "ends": connections::ends(),
        "meetings": connections::meetings(),
        "refused": refused::refused(),
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol-vectors.json");
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(&path, format!("{:#}\n", sorted(computed.clone()))).unwrap();
    }
    let published: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        published, computed,
        "UPDATE_VECTORS=1 rewrites the published vectors"
    );
}
