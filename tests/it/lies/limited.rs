//! Connections for one person: lies at their beginning, and about their end.

use super::*;
use hearth_api::homes::{AcceptInvite, CreateHomeInvite, InviteScope, ListHomes};
use hearth_federation::address::Address;
use hearth_federation::identity::PersonCard;
use hearth_federation::ids::Epoch;
use hearth_federation::invite::{Invite, Scope};
use hearth_federation::keys::NodeKey;
use hearth_federation::pairing::{Introduction, Joiner};
use hearth_federation::secret::PairSecret;
use hearth_federation::{TlsTransport, Transport as _};
use hearth_tests::signing::{keys_of, node_of};
use http::Request;
use sha2::{Digest as _, Sha256};

const SUB_CLOSE: &str = "sub.close";

/// Anna and Ben on the hill, Clara at the lake; the homes are connected for Ben alone.
async fn for_ben() -> (Wire, TestPerson, TestPerson) {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben", "Mila"]).await;
    let lake = world.home("Lake House", &["Clara", "David"]).await;
    let (anna, ben) = (hill.person("Anna"), hill.person("Ben"));
    let link = ben.ok(for_me()).await.link;
    lake.owner().ok(AcceptInvite { link }).await;
    world.pump().await;
    world.befriend(&lake.person("Clara"), &ben).await;
    world.clock().advance(Duration::from_secs(60));
    (Wire::between(world, hill, lake), anna, ben)
}

fn for_me() -> CreateHomeInvite {
    CreateHomeInvite {
        scope: InviteScope::Person,
        ..CreateHomeInvite::default()
    }
}

fn unchanged(wire: &Wire, before: &std::collections::BTreeMap<String, Vec<String>>, what: &str) {
    let after = wire.held();
    for (table, rows) in before {
        assert_eq!(&after[table], rows, "{what}: it changed `{table}`");
    }
}

#[tokio::test]
async fn only_the_home_itself_ends_what_a_connection_is_for_and_only_what_there_is() {
    let (wire, anna, ben) = for_ben().await;
    let clara = wire.lake.person("Clara");
    let mila = wire.hill.person("Mila");
    let key = wire.node_key();
    let stranger = NodeKey::from_secret_bytes(&[7; 32]);
    let said = |home: &NodeKey, object: Value| {
        changed(
            &wire.said(&clara, SUB_CLOSE, None, object),
            &json!({"actor": Uuid::nil(), "home": home.id(), "identity": null}),
        )
    };
    let by = |signer: &NodeKey, said: &Value| {
        compact(&header_of(&said["home"]), said.to_string().as_bytes(), |text| {
            signer.sign(text)
        })
    };
    let only = |scope: &str, id: Uuid| json!({"only": {"scope": scope, "id": id}});
    let bens = only("person", ben.id().0);
    let hills = wire.hill.read(|tx| Ok(keys_of(&wire.hill).node(tx).unwrap()));
    let lies = [
        lie(
            "by a person",
            compact(
                &header_of(clara.id()),
                wire.said(&clara, SUB_CLOSE, None, bens.clone())
                    .to_string()
                    .as_bytes(),
                |text| wire.person_key(clara.id()).sign(text),
            ),
            "not_authorised",
        ),
        lie(
            "by another node",
            by(&stranger, &said(&stranger, bens.clone())),
            "not_authorised",
        ),
        lie(
            "by the hill, as the lake says",
            by(&hills, &said(&hills, bens.clone())),
            "not_authorised",
        ),
        lie(
            "with another key",
            by(&stranger, &said(&key, bens.clone())),
            "bad_signature",
        ),
        lie(
            "everything",
            by(&key, &said(&key, json!({"only": {"scope": "full"}}))),
            "invalid_activity",
        ),
        lie("nothing", by(&key, &said(&key, json!({}))), "invalid_activity"),
        lie(
            "a scope of another world",
            by(&key, &said(&key, only("planet", ben.id().0))),
            "invalid_activity",
        ),
        lie(
            "nobody",
            by(&key, &said(&key, json!({"only": {"scope": "person"}}))),
            "invalid_activity",
        ),
        lie(
            "a person that is none",
            by(
                &key,
                &said(&key, json!({"only": {"scope": "person", "id": "Ben"}})),
            ),
            "invalid_activity",
        ),
        lie("a list", by(&key, &said(&key, json!([]))), "invalid_activity"),
        lie(
            "somebody else",
            by(&key, &said(&key, only("person", anna.id().0))),
            "duplicate",
        ),
        lie(
            "nobody that is known",
            by(&key, &said(&key, only("person", Uuid::from_u128(5)))),
            "duplicate",
        ),
        lie(
            "the same as a group",
            by(&key, &said(&key, only("group", ben.id().0))),
            "duplicate",
        ),
        lie(
            "the same as a page",
            by(&key, &said(&key, only("page", ben.id().0))),
            "duplicate",
        ),
    ];
    for Lie { what, jws, answer } in lies {
        let before = wire.held();
        for _ in 0..2 {
            assert_eq!(wire.say(&jws).await, answer, "{what}");
            unchanged(&wire, &before, &what);
        }
        assert!(wire.is_connected(), "{what}");
        assert_eq!(mila.ok(ListHomes {}).await.len(), 1, "{what}");
    }
    // Over a connection for everything there is nothing of that kind to end.
    let cast = Cast::gather().await;
    let key = cast.wire.node_key();
    let said = changed(
        &cast
            .wire
            .said(&cast.clara, SUB_CLOSE, None, only("person", cast.anna.id().0)),
        &json!({"actor": Uuid::nil(), "identity": null}),
    );
    let jws = compact(&header_of(key.id()), said.to_string().as_bytes(), |text| {
        key.sign(text)
    });
    cast.tell(vec![lie("one person of all", jws, "duplicate")]).await;
}

/// A stranger with an invite in hand, who says of it what they like.
struct Joining {
    key: NodeKey,
    me: Introduction,
    transport: TlsTransport,
}

impl Joining {
    fn new() -> Self {
        let key = NodeKey::from_secret_bytes(&[9; 32]);
        let me = Introduction {
            home_name: "Farm House".to_owned(),
            versions: vec![1],
            epoch: Epoch::from_bytes([9; 16]),
            addresses: Vec::new(),
            person: PersonCard {
                puid: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0009),
                display_name: "Frida".to_owned(),
                key: PersonKey::from_secret_bytes(&[9; 32]).public(),
            },
            holds: None,
            met: None,
        };
        Self {
            key,
            me,
            transport: TlsTransport::default(),
        }
    }

    /// Joins by an invite that was changed; what is answered.
    async fn joins(&self, wire: &Wire, invite: &Invite, me: &Introduction) -> String {
        // A minute has five attempts.
        wire.world.clock().advance(Duration::from_secs(61));
        let keys = keys_of(&wire.lake);
        let (_, message) = Joiner::start(&mut keys.rng(), &self.key, me, invite, wire.world.now().0).unwrap();
        let request = Request::post("/federation/v1/pair").header("content-type", "application/jose");
        let request = request.body(message.as_str().to_owned().into()).unwrap();
        let address: Address = wire.hill.federation_address().to_string().parse().unwrap();
        let answer = self
            .transport
            .send(&node_of(&wire.hill.id()), &address, request)
            .await
            .unwrap();
        let problem: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        format!(
            "{} {}",
            answer.status().as_u16(),
            problem["code"].as_str().unwrap_or_default()
        )
    }
}

#[tokio::test]
async fn an_invite_opens_what_it_says_whatever_the_joiner_makes_of_it() {
    let (wire, anna, ben) = for_ben().await;
    let joining = Joining::new();
    let bens: Invite = ben.ok(for_me()).await.link.parse().unwrap();
    let full: Invite = anna.ok(CreateHomeInvite::default()).await.link.parse().unwrap();
    let before = wire.held();
    let with = |invite: &Invite, scope: Scope| Invite {
        scope,
        ..invite.clone()
    };
    for (what, invite) in [
        ("Ben's, for everything", with(&bens, Scope::Full)),
        ("Ben's, for Anna", with(&bens, Scope::Person(anna.id().0))),
        (
            "Ben's, for nobody",
            with(&bens, Scope::Person(Uuid::from_u128(1))),
        ),
        ("Ben's, for a group", with(&bens, Scope::Group(ben.id().0))),
        ("everybody's, for Ben", with(&full, Scope::Person(ben.id().0))),
        ("everybody's, for a page", with(&full, Scope::Page(ben.id().0))),
    ] {
        assert_eq!(
            joining.joins(&wire, &invite, &joining.me).await,
            "403 out_of_scope",
            "{what}"
        );
        unchanged(&wire, &before, what);
    }
    // Claims of what there was before change nothing as long as nobody confirms.
    for (what, holds) in [
        ("everything", vec![Scope::Full]),
        ("Anna", vec![Scope::Person(anna.id().0)]),
        ("all that fits", vec![Scope::Person(ben.id().0); 64]),
    ] {
        let me = Introduction {
            holds: Some(holds),
            ..joining.me.clone()
        };
        assert_eq!(joining.joins(&wire, &bens, &me).await, "200 ", "{what}");
        unchanged(&wire, &before, what);
    }
    assert_eq!(anna.ok(ListHomes {}).await.len(), 1, "the lake and nobody else");
}

/// HMAC and HKDF of the protocol, as far as a proof needs them.
fn proof(token: &[u8], transcript: &[u8]) -> [u8; 32] {
    let mac = |key: [u8; 32], message: &[u8]| PairSecret::from_secret_bytes(key).mac(message);
    let drawn = mac([0; 32], token);
    mac(mac(drawn, b"hearth/1 pair proof\x01"), transcript)
}

fn framed(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[tokio::test]
async fn an_inviter_that_answers_something_else_is_not_joined() {
    use data_encoding::BASE64URL_NOPAD;
    use hearth_tests::liar::{Liar, Reply, Seal};
    let (wire, _, ben) = for_ben().await;
    let farm = wire.world.home("Farm House", &["Frida"]).await;
    let key = wire.hill.read(|tx| Ok(keys_of(&wire.hill).node(tx).unwrap()));
    let invite: Invite = ben.ok(for_me()).await.link.parse().unwrap();
    let liar = Liar::before(&wire.hill, &wire.lake).await;
    let invite = Invite {
        addresses: vec![liar.address.to_string().parse().unwrap()],
        ..invite
    };
    let link = invite.to_link().unwrap();
    let token = invite.token.to_secret_bytes();
    // The request is met once, to know what is answered to; then each answer is the true one with one thing changed.
    let dump = || farm.read(hearth_db::meta::contents);
    let before = dump();
    for (what, changes, role) in [
        ("for everything", json!({"only": null}), "answer"),
        (
            "for another",
            json!({"only": {"scope": "person", "id": Uuid::from_u128(1)}}),
            "answer",
        ),
        (
            "for a group",
            json!({"only": {"scope": "group", "id": ben.id()}}),
            "answer",
        ),
        ("another role", json!({"role": "request"}), "request"),
        (
            "to another",
            json!({"to": NodeKey::from_secret_bytes(&[7; 32]).id()}),
            "answer",
        ),
        ("for another invite", json!({"invite": "a".repeat(26)}), "answer"),
        ("no version in common", json!({"versions": [2]}), "answer"),
        (
            "a key of zero",
            json!({"ephemeral": BASE64URL_NOPAD.encode(&[0; 32])}),
            "answer",
        ),
        (
            "a name that reorders",
            json!({"home_name": "\u{202e}Hill"}),
            "answer",
        ),
    ] {
        let liar_key = key.clone();
        let home = farm.id();
        let (token, ben_id) = (token.to_vec(), ben.id());
        let hello = move |request: &[u8]| {
            let message = String::from_utf8(request.to_vec()).unwrap();
            let payload = message.split('.').nth(1).unwrap().to_owned();
            let payload: Value =
                serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
            let asked = BASE64URL_NOPAD
                .decode(payload["hello"].as_str().unwrap().as_bytes())
                .unwrap();
            let theirs: Value = serde_json::from_slice(&asked).unwrap();
            let hello = json!({
                "role": role, "node": liar_key.id(), "to": home, "invite": theirs["invite"],
                "nonce": BASE64URL_NOPAD.encode(&[3; 32]), "ephemeral": BASE64URL_NOPAD.encode(&[9; 32]),
                "home_name": "Hill House", "versions": [1], "epoch": "a".repeat(26), "addresses": [],
                "person": {"puid": ben_id, "display_name": "Ben", "key": theirs["person"]["key"]},
                "only": {"scope": "person", "id": ben_id},
            });
            let hello = changed(&hello, &changes).to_string();
            let full = framed(&[b"hearth/1 pair", &asked, hello.as_bytes()]);
            let payload = json!({
                "hello": BASE64URL_NOPAD.encode(hello.as_bytes()), "proof": BASE64URL_NOPAD.encode(&proof(&token, &full)),
            });
            let header = json!({"alg": "EdDSA", "kid": liar_key.id(), "typ": "hearth-pairing+jws"});
            let text = compact(&header, payload.to_string().as_bytes(), |text| {
                liar_key.sign(text)
            });
            Reply::new(200, "application/jose", text).sealed(Seal::None)
        };
        liar.answers_by("/federation/v1/pair", hello);
        let error = farm
            .owner()
            .call(AcceptInvite { link: link.clone() })
            .await
            .expect_err(what);
        eprintln!("{what}: {error:?}");
        for (table, rows) in dump() {
            if table != "event" {
                assert_eq!(rows, before[&table], "{what}: it changed `{table}`");
            }
        }
        let asked = liar.asked();
        assert!(
            asked.iter().all(|(path, _)| path == "/federation/v1/pair"),
            "{what}: nothing is confirmed"
        );
    }
    // The honest answer of the real home is taken.
    wire.world.leaves_rows_waiting();
    liar.forget("/federation/v1/pair");
    wire.world.clock().advance(Duration::from_secs(61));
    let joined = farm.owner().ok(AcceptInvite { link }).await;
    assert_eq!(joined.name, "Hill House");
}
