//! Somebody with the keys of one home in hand, who says to another whatever a test wants said: what the program itself never would.

use crate::home::TestHome;
use hearth_api::ports::Entropy as _;
use hearth_api::{MediaHash, PersonId};
use hearth_db::{meta, pair_secret, peer};
use hearth_federation::activity::{Activity, SignedActivity};
use hearth_federation::address::Address;
use hearth_federation::hlc::{Hlc, HlcClock};
use hearth_federation::ids::RequestNonce;
use hearth_federation::keys::NodeId;
use hearth_federation::keystore::KeyStore;
use hearth_federation::reception::{Batch, CONTENT_TYPE, Entry, Receipt, WireVerdict};
use hearth_federation::secret::PairSecret;
use hearth_federation::signature::{RequestSigner, sign_request};
use hearth_federation::transport::{TlsTransport, Transport as _};
use hearth_node::keychain::SystemKeychain;
use hearth_node::master;
use hearth_node::system::SystemEntropy;
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The voice of one home towards another.
pub struct Voice {
    of: TestHome,
    to: TestHome,
    keys: KeyStore,
    transport: TlsTransport,
}

impl Voice {
    /// Takes the keys out of a home's folder.
    ///
    /// # Panics
    /// When they cannot be read.
    #[must_use]
    pub fn of(of: &TestHome, to: &TestHome) -> Self {
        let key = master::open(of.dir(), None, &SystemKeychain, &SystemEntropy).unwrap();
        Self {
            keys: KeyStore::new(key, Arc::new(SystemEntropy)),
            of: of.clone(),
            to: to.clone(),
            transport: TlsTransport::default(),
        }
    }

    fn node(home: &TestHome) -> NodeId {
        home.id().as_str().parse().unwrap()
    }

    /// The secret of the pair, as the speaking home knows it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn secret(&self) -> PairSecret {
        let to = self.to.id();
        let name = self.of.read(|tx| pair_secret::of_home(tx, &to)).remove(0);
        let sealed = self
            .of
            .read(|tx| Ok(self.keys.get(tx, &format!("pair:{name}")).unwrap()));
        PairSecret::from_secret_bytes(sealed.as_slice().try_into().unwrap())
    }

    /// An activity of a person of the speaking home, stamped `ms` from now.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn says(&self, actor: PersonId, kind: &str, post: Option<Uuid>, object: Value, ms: u64) -> String {
        self.says_as(&self.of, actor, kind, post, object, ms)
    }

    /// What somebody never said, signed with the key of another person of the speaking home.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn forges(
        &self,
        actor: (&TestHome, PersonId),
        signer: PersonId,
        kind: &str,
        post: Option<Uuid>,
        object: Value,
    ) -> String {
        let real = self.says_as(actor.0, actor.1, kind, post, object, 1);
        let said = hearth_federation::activity::UnverifiedActivity::parse(&real)
            .unwrap()
            .unverified()
            .clone();
        self.of.read(|tx| {
            let key = self.keys.person(tx, signer).unwrap();
            Ok(SignedActivity::by_person(said, &key).unwrap().jws().to_owned())
        })
    }

    /// As [`Voice::says`], of a person of a third home, with that home's keys.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn says_as(
        &self,
        home: &TestHome,
        actor: PersonId,
        kind: &str,
        post: Option<Uuid>,
        object: Value,
        ms: u64,
    ) -> String {
        let other;
        let keys = if home.id() == self.of.id() {
            &self.keys
        } else {
            other = Voice::of(home, &self.to);
            &other.keys
        };
        let last: Hlc = home
            .read(|tx| meta::get(tx, "hlc"))
            .map_or(Hlc::MIN, |text| text.parse().unwrap());
        let now = u64::try_from(home.now().0).unwrap();
        let at = HlcClock::new(&Self::node(home), last).tick(now + ms);
        let mut random = [0; 10];
        home.seed().fill(&mut random);
        let id = uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid();
        let mut activity = Activity::new(id, kind, actor.0, Self::node(home), at, object);
        activity.post = post;
        home.read(|tx| {
            hearth_social::identity::attach(tx, keys, &mut activity).unwrap();
            let key = keys.person(tx, actor).unwrap();
            Ok(SignedActivity::by_person(activity, &key)
                .unwrap()
                .jws()
                .to_owned())
        })
    }

    /// Sends a signed request as the speaking home.
    ///
    /// # Panics
    /// When nothing answers.
    pub async fn send(
        &self,
        method: Method,
        uri: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Response<bytes::Bytes> {
        let uri: Uri = uri.parse().unwrap();
        let node = Self::node(&self.to);
        let mut map = HeaderMap::new();
        if !body.is_empty() {
            map.insert("content-type", HeaderValue::from_static(CONTENT_TYPE));
        }
        let secret = self.secret();
        let signer = RequestSigner {
            secret: &secret,
            destination: &node,
            created_s: self.to.now().0.div_euclid(1000),
            nonce: RequestNonce::generate(&mut self.keys.rng()),
        };
        sign_request(&signer, &method, &uri, &mut map, &body).unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .body(bytes::Bytes::from(body))
            .unwrap();
        *request.headers_mut() = map;
        for (name, value) in headers {
            request.headers_mut().insert(
                http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                value.parse().unwrap(),
            );
        }
        let address: Address = self.to.federation_address().to_string().parse().unwrap();
        let sent = self.transport.send(&node, &address, request);
        crate::within("an answer", sent).await.unwrap()
    }

    /// Delivers activities, as the next of the speaking home's log; what became of each: a code for what was refused, else the verdict.
    ///
    /// # Panics
    /// When the batch as a whole is refused.
    pub async fn deliver(&self, activities: &[String]) -> Vec<String> {
        let from = self.of.id();
        let known = self
            .to
            .read(|tx| peer::get(tx, &from))
            .expect("the homes are paired");
        let epoch = self.of.read(|tx| meta::get(tx, "epoch")).unwrap();
        let done = if known.their_epoch.as_ref() == Some(&epoch) {
            known.received_seq
        } else {
            0
        };
        let batch = Batch {
            epoch: epoch.parse().unwrap(),
            run: None,
            from: done + 1,
            activities: activities
                .iter()
                .zip(done + 1..)
                .map(|(jws, seq)| Entry {
                    seq,
                    jws: jws.clone(),
                })
                .collect(),
        };
        let body = batch.encode().unwrap();
        let answer = self.send(Method::POST, "/federation/v1/inbox", body, &[]).await;
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(answer.status().is_success(), "the batch was refused: {text}");
        let receipt: Receipt = serde_json::from_slice(answer.body()).unwrap();
        receipt
            .results
            .into_iter()
            .map(|result| match result.verdict {
                WireVerdict::Refused { code } => code,
                WireVerdict::Applied => "applied".to_owned(),
                WireVerdict::Duplicate => "duplicate".to_owned(),
                WireVerdict::Overtaken => "overtaken".to_owned(),
                WireVerdict::Waiting => "waiting".to_owned(),
                WireVerdict::Unknown => "unknown".to_owned(),
            })
            .collect()
    }

    /// Asks for a file; the status and, for what was refused, the code.
    ///
    /// # Panics
    /// When nothing answers.
    pub async fn asks_for(&self, hash: &MediaHash) -> (u16, String) {
        let uri = format!("/federation/v1/media/{hash}?variant=original");
        let answer = self.send(Method::GET, &uri, Vec::new(), &[]).await;
        let problem: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or_default().to_owned();
        (answer.status().as_u16(), code)
    }
}
