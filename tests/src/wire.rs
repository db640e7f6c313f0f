//! A paired home that does what it likes on the wire: with the keys of one home in hand, what it says to another is written
//! and signed by the test.

use crate::signing::{Signing, keys_of, node_of};
use crate::{TestHome, TestPerson, World, within};
use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use hearth_api::{HomeId, PersonId};
use hearth_db::{home, peer, person};
use hearth_federation::address::Address;
use hearth_federation::hlc::Hlc;
use hearth_federation::ids::Epoch;
use hearth_federation::keys::{NodeId, NodeKey, PersonKey};
use hearth_federation::keystore::KeyStore;
use hearth_federation::reception::{Batch, Entry, Receipt, WireVerdict};
use hearth_federation::transport::{TlsTransport, Transport as _};
use http::{Method, Request, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// Where activities are delivered.
pub const INBOX: &str = "/federation/v1/inbox";
/// The media type of a batch.
pub const INBOX_TYPE: &str = hearth_federation::reception::CONTENT_TYPE;

/// Somebody at the lake with the lake's keys in hand, who speaks to the hill.
pub struct Wire {
    /// Both homes live in it.
    pub world: World,
    /// The home that is spoken to.
    pub hill: TestHome,
    /// The home in whose name is spoken.
    pub lake: TestHome,
    /// The keys with which it speaks.
    pub signing: Signing,
    keys: KeyStore,
    transport: TlsTransport,
}

impl Wire {
    /// Anna on the hill, Clara at the lake, the homes paired.
    pub async fn lay() -> Self {
        let world = World::new();
        let hill = world.home("Hill House", &["Anna"]).await;
        let lake = world.home("Lake House", &["Clara"]).await;
        world.pair(&hill, &lake).await;
        Self::between(world, hill, lake)
    }

    /// Between two homes that are paired.
    ///
    /// # Panics
    /// When they are not.
    #[must_use]
    pub fn between(world: World, hill: TestHome, lake: TestHome) -> Self {
        let (keys, signing) = (keys_of(&lake), Signing::between(&lake, &hill));
        Self {
            world,
            hill,
            lake,
            signing,
            keys,
            transport: TlsTransport::default(),
        }
    }

    /// A home's id as a key.
    ///
    /// # Panics
    /// Never: a home's id is one.
    #[must_use]
    pub fn node(home: &TestHome) -> NodeId {
        node_of(&home.id())
    }

    /// A request signed for any destination.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn signed_for(
        &self,
        destination: &NodeId,
        method: Method,
        path: &str,
        body: &[u8],
    ) -> Request<Bytes> {
        let signing = Signing {
            to: *destination,
            ..self.signing.clone()
        };
        let body = (!body.is_empty()).then_some((INBOX_TYPE, body));
        signing.request(self.world.now(), &method, path, body)
    }

    /// A request signed for the hill, with a body of any media type.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn posted(&self, path: &str, content_type: &'static str, body: &[u8]) -> Request<Bytes> {
        let now = self.world.now();
        self.signing
            .request(now, &Method::POST, path, Some((content_type, body)))
    }

    /// A request signed for the hill.
    #[must_use]
    pub fn signed(&self, method: Method, path: &str, body: &[u8]) -> Request<Bytes> {
        self.signed_for(&Self::node(&self.hill), method, path, body)
    }

    /// Sends a request to the hill.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn send(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let address: Address = self.hill.federation_address().to_string().parse().unwrap();
        let node = Self::node(&self.hill);
        let sent = self.transport.send(&node, &address, request.clone());
        within("an answer", sent).await.unwrap()
    }

    /// Sends a request that must be refused without telling anything; the code.
    ///
    /// # Panics
    /// When it is not.
    pub async fn refused(&self, request: &Request<Bytes>, what: &str) -> String {
        let answer = self.send(request).await;
        assert!(!answer.status().is_success(), "{what} should be refused");
        let problem: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(
            !text.contains("Anna") && !text.contains("Hill House"),
            "a refusal tells nothing: {text}"
        );
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The lake's node key.
    ///
    /// # Panics
    /// Never: the lake has one.
    #[must_use]
    pub fn node_key(&self) -> NodeKey {
        self.lake.read(|tx| Ok(self.keys.node(tx).unwrap()))
    }

    /// The key of somebody at the lake.
    ///
    /// # Panics
    /// When they do not live there.
    #[must_use]
    pub fn person_key(&self, person: PersonId) -> PersonKey {
        self.lake.read(|tx| Ok(self.keys.person(tx, person).unwrap()))
    }

    /// The life of the lake's log, and the last number of it that the hill handled.
    ///
    /// # Panics
    /// When they are not paired, or the hill never heard of the lake's log.
    #[must_use]
    pub fn handled(&self) -> (Epoch, u64) {
        let of = self.lake.id();
        let row = self.hill.read(|tx| peer::get(tx, &of)).expect("a paired home");
        let epoch = row.their_epoch.expect("something was delivered");
        (epoch.parse().unwrap(), row.received_seq)
    }

    /// A batch of these texts, with the numbers that the hill expects next.
    #[must_use]
    pub fn batch(&self, texts: &[&str]) -> Batch {
        let (epoch, done) = self.handled();
        let activities = (done + 1..)
            .zip(texts)
            .map(|(seq, jws)| Entry {
                seq,
                jws: (*jws).to_owned(),
            })
            .collect();
        Batch {
            epoch,
            from: done + 1,
            activities,
            run: None,
        }
    }

    /// Posts a batch.
    ///
    /// # Panics
    /// When it is not taken.
    pub async fn deliver(&self, batch: &Batch) -> Receipt {
        let body = batch.encode().unwrap();
        let answer = self.send(&self.signed(Method::POST, INBOX, &body)).await;
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(answer.status().is_success(), "a batch is taken: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Says one thing; the verdict, for a refusal its code.
    ///
    /// # Panics
    /// When the batch is not taken whole.
    pub async fn say(&self, jws: &str) -> String {
        let batch = self.batch(&[jws]);
        let receipt = self.deliver(&batch).await;
        assert_eq!(receipt.ack, batch.from, "it is handled, whatever it is");
        match &receipt.results[0].verdict {
            WireVerdict::Applied => "applied".to_owned(),
            WireVerdict::Duplicate => "duplicate".to_owned(),
            WireVerdict::Overtaken => "overtaken".to_owned(),
            WireVerdict::Waiting => "waiting".to_owned(),
            WireVerdict::Refused { code } => code.clone(),
            WireVerdict::Unknown => panic!("a verdict of this version"),
        }
    }

    /// Everything that the hill holds, but what belongs to the delivery itself: what was set aside, nonces, how far the
    /// peers' logs were handled and told of, when their secrets were used last, the clock.
    #[must_use]
    pub fn held(&self) -> std::collections::BTreeMap<String, Vec<String>> {
        let mut all = self.hill.read(hearth_db::meta::contents);
        for table in ["inbox", "nonce", "peer", "sqlite_sequence", "untold"] {
            all.remove(table);
        }
        for secret in all.get_mut("pair_secret").into_iter().flatten() {
            // Its last two columns.
            if let Some(rest) = secret.rsplitn(3, ' ').nth(2) {
                *secret = rest.to_owned();
            }
        }
        if let Some(meta) = all.get_mut("meta") {
            meta.retain(|row| !row.starts_with("'hlc'"));
        }
        all
    }

    /// The present stamp of an honest clock.
    #[must_use]
    pub fn stamp(&self) -> Hlc {
        Hlc::at(u64::try_from(self.world.now().0).unwrap_or(0))
    }

    /// What somebody at the lake says honestly, as the JSON of an activity that can still be changed.
    ///
    /// # Panics
    /// When they are not known at the lake.
    #[must_use]
    pub fn said(&self, who: &TestPerson, kind: &str, post: Option<Uuid>, object: Value) -> Value {
        let id = uuid::Builder::from_unix_timestamp_millis(
            u64::try_from(self.world.now().0).unwrap_or(0),
            self.lake.seed().uuid().as_bytes().last_chunk().expect("16 bytes"),
        )
        .into_uuid();
        let mut said = json!({
            "id": id, "kind": kind, "actor": who.id(), "home": self.lake.id(), "at": self.stamp(), "object": object,
            "identity": self.vouched(who.id(), &self.name_of(who.id()), &self.lake.id()),
        });
        if let Some(post) = post {
            said["post"] = json!(post);
        }
        said
    }

    fn name_of(&self, who: PersonId) -> String {
        self.lake.read(|tx| person::get(tx, who)).expect("a person").name
    }

    /// A statement about a person of the lake, with any name, for any home; signed by the lake.
    #[must_use]
    pub fn vouched(&self, who: PersonId, name: &str, home: &HomeId) -> String {
        self.vouched_with(who, name, home, &self.person_key(who))
    }

    /// A statement about anybody with any key, signed by the lake.
    #[must_use]
    pub fn vouched_with(&self, who: PersonId, name: &str, home: &HomeId, key: &PersonKey) -> String {
        let statement = json!({
            "puid": who, "display_name": name, "key": key.public(), "home": home, "at": self.stamp(),
        });
        let node = self.node_key();
        let header = json!({"alg": "EdDSA", "kid": node.id(), "typ": "hearth-identity+jws"});
        compact(&header, statement.to_string().as_bytes(), |text| node.sign(text))
    }

    /// A person of the hill's own database, for ids that are known there.
    #[must_use]
    pub fn knows(&self, who: PersonId) -> bool {
        self.hill.read(|tx| person::get(tx, who)).is_some()
    }

    /// Whether the two are still connected on the hill.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        let lake = self.lake.id();
        let row = self.hill.read(|tx| home::get(tx, &lake));
        row.is_some_and(|row| row.state == home::HomeRowState::Connected)
    }
}

/// The header of a person's activity.
#[must_use]
pub fn header_of(kid: impl serde::Serialize) -> Value {
    json!({"alg": "EdDSA", "kid": kid, "typ": "hearth-activity+jws"})
}

/// A compact JWS of any header and payload.
#[must_use]
pub fn compact(header: &Value, payload: &[u8], sign: impl FnOnce(&[u8]) -> [u8; 64]) -> String {
    let input = format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(header.to_string().as_bytes()),
        BASE64URL_NOPAD.encode(payload)
    );
    let signature = sign(input.as_bytes());
    format!("{input}.{}", BASE64URL_NOPAD.encode(&signature))
}
