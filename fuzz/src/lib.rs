//! The parsers that another home reaches, each as a function of bytes: run by the fuzzer, and by the tests over its corpora.
//!
//! What only a connected home can send is among them: it is no stranger, and may be worse.
//!
//! Each function panics when a parser breaks a promise: what it takes is written back unchanged, and is within the limits.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hearth_federation::activity::UnverifiedActivity;
use hearth_federation::address::Address;
use hearth_federation::heard::Heard;
use hearth_federation::hlc::Hlc;
use hearth_federation::identity::{SignedIdentity, is_shown_safely};
use hearth_federation::ids::{Epoch, KeyId, RequestNonce};
use hearth_federation::invite::Invite;
use hearth_federation::jws::{JwsSigner, Purpose, UnverifiedJws, sign};
use hearth_federation::keys::{NodeId, NodeKey};
use hearth_federation::media::RangeWanted;
use hearth_federation::pairing::{PairAnswer, PairRequest};
use hearth_federation::problem::Problem;
use hearth_federation::reception::{Batch, MAX_ACTIVITIES, MAX_LEN, Receipt};
use hearth_federation::rotation::RotationPart;
use hearth_federation::secret::PairSecret;
use hearth_federation::signature::{ContentDigest, ReceivedHead, verify_answer};
use hearth_federation::structured::{Dictionary, MAX_FIELD_LEN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A parser by its name, which is that of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("ack", ack),
    ("activity", activity),
    ("address", address),
    ("answer", answer),
    ("batch", batch),
    ("digest", digest),
    ("fields", fields),
    ("head", head),
    ("identity", identity),
    ("invite", invite),
    ("jws", jws),
    ("media", media),
    ("offer", offer),
    ("outbox", outbox),
    ("packed", packed),
    ("pairing", pairing),
    ("parting", parting),
    ("problem", problem),
    ("recall", recall),
    ("short", short),
];

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A JWS of this payload whose signature is none.
fn unsigned(header: &Value, payload: &[u8]) -> String {
    let part = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    format!(
        "{}.{}.{}",
        part(header.to_string().as_bytes()),
        part(payload),
        part(&[0; 64])
    )
}

/// An activity: as a whole text, and as a payload in an envelope that is right.
pub fn activity(bytes: &[u8]) {
    let check = |jws: &str| {
        let Ok(read) = UnverifiedActivity::parse(jws) else {
            return;
        };
        assert_eq!(read.jws(), jws);
        let said = read.unverified();
        let again = serde_json::to_vec(said).expect("what was read can be written");
        let again: hearth_federation::activity::Activity =
            serde_json::from_slice(&again).expect("what was written can be read");
        assert_eq!(again, *said);
    };
    if let Some(jws) = text(bytes) {
        check(jws);
    }
    let actor = serde_json::from_slice::<Value>(bytes)
        .ok()
        .map(|said| said["actor"].clone());
    if let Some(Value::String(actor)) = actor {
        let header = json!({"alg": "EdDSA", "kid": actor, "typ": Purpose::Activity.typ()});
        check(&unsigned(&header, bytes));
    }
}

/// A signed object of any purpose.
pub fn jws(bytes: &[u8]) {
    let Some(compact) = text(bytes) else { return };
    for purpose in [Purpose::Activity, Purpose::Identity, Purpose::Pairing] {
        let Ok(read) = UnverifiedJws::parse(purpose, compact) else {
            continue;
        };
        assert!(read.unverified_payload().len() <= hearth_federation::jws::MAX_PAYLOAD_LEN);
        if read.verify_node().is_ok() {
            assert!(read.kid().to_string().parse::<NodeId>().is_ok());
        }
    }
}

/// A statement about a person: as a whole text, and as a payload that its home signed.
pub fn identity(bytes: &[u8]) {
    let check = |jws: &str| {
        if let Ok(read) = SignedIdentity::verify(jws) {
            assert_eq!(read.jws(), jws);
            assert!(is_shown_safely(&read.identity().person.display_name));
        }
    };
    if let Some(jws) = text(bytes) {
        check(jws);
    }
    if serde_json::from_slice::<Value>(bytes).is_ok() {
        let key = NodeKey::from_secret_bytes(&[1; 32]);
        if let Ok(jws) = sign(Purpose::Identity, JwsSigner::Node(&key), bytes) {
            check(&jws);
        }
    }
}

/// An invite: as a link, as a file, and as a body whose checksum is right.
pub fn invite(bytes: &[u8]) {
    let check = |link: &str| {
        let Ok(read) = link.parse::<Invite>() else { return };
        let written = read.to_link().expect("what was read can be written");
        assert!(written == link || link == written.to_ascii_uppercase());
        let qr = read.to_qr_text().expect("what was read can be shown");
        assert_eq!(
            qr.parse::<Invite>()
                .expect("what is shown can be read")
                .to_link()
                .ok(),
            Some(written)
        );
    };
    if let Some(link) = text(bytes) {
        check(link);
    }
    if let Ok(read) = Invite::from_file(bytes) {
        assert!(read.to_file().is_ok());
    }
    let mut whole = bytes.to_vec();
    let mut framed = Sha256::new();
    for part in [b"hearth/1 invite".as_slice(), bytes] {
        framed.update((part.len() as u64).to_be_bytes());
        framed.update(part);
    }
    whole.extend_from_slice(&framed.finalize()[..4]);
    check(&format!(
        "hearth://i/{}",
        BASE32_NOPAD.encode(&whole).to_ascii_lowercase()
    ));
}

/// An address.
pub fn address(bytes: &[u8]) {
    let Some(written) = text(bytes) else { return };
    if let Ok(read) = written.parse::<Address>() {
        assert_eq!(read.to_string(), written);
        assert!(
            format!("{}/federation/v1/health", read.base_url())
                .parse::<Uri>()
                .is_ok()
        );
    }
}

/// A batch: compressed, and before compression; and the receipt for one.
pub fn batch(bytes: &[u8]) {
    let check = |body: &[u8]| {
        let Ok(read) = Batch::decode(body) else { return };
        assert!(read.from > 0 && (1..=MAX_ACTIVITIES).contains(&read.activities.len()));
        assert!(read.activities.is_sorted_by(|one, next| one.seq < next.seq));
        if let Ok(written) = read.encode() {
            assert_eq!(Batch::decode(&written), Ok(read));
        }
    };
    check(bytes);
    if bytes.len() <= 2 * MAX_LEN {
        check(&zstd::bulk::compress(bytes, 1).expect("it fits"));
    }
    if let Ok(receipt) = serde_json::from_slice::<Receipt>(bytes) {
        let again = serde_json::to_vec(&receipt).expect("what was read can be written");
        let _: Receipt = serde_json::from_slice(&again).expect("what was written can be read");
    }
}

/// A structured field: a signature's input, a signature, a digest.
pub fn fields(bytes: &[u8]) {
    let Some(field) = text(bytes) else { return };
    if let Ok(read) = Dictionary::parse(field) {
        assert!(field.len() <= MAX_FIELD_LEN);
        let written = read.write().expect("what was read can be written");
        assert_eq!(Dictionary::parse(&written), Ok(read));
    }
    if let Ok(read) = ContentDigest::parse(field) {
        assert_eq!(ContentDigest::parse(&read.to_text()), Ok(read));
    }
}

/// What travels in this way, of connected homes: read again, it is the same.
fn heard(what: Heard, bytes: &[u8]) {
    let Some(written) = what.read(bytes) else { return };
    if !what.is_compressed() {
        assert_eq!(what.read(&written), Some(written));
        return;
    }
    // What fits when it comes may be longer as it would be written here; then it is refused.
    if written.len() <= MAX_LEN {
        let again = zstd::bulk::compress(&written, 1).expect("it fits");
        assert_eq!(what.read(&again), Some(written));
    }
}

/// The same of what is compressed, before compression.
fn heard_packed(what: Heard, bytes: &[u8]) {
    if bytes.len() <= 2 * MAX_LEN {
        heard(what, &zstd::bulk::compress(bytes, 1).expect("it fits"));
    }
}

/// What became of what was fetched, at once and later, and the answers of the inbox, to that and to a ping.
pub fn ack(bytes: &[u8]) {
    for what in [
        Heard::Ack,
        Heard::AckAnswer,
        Heard::Receipt,
        Heard::Later,
        Heard::Pong,
    ] {
        heard(what, bytes);
    }
}

/// The question to an outbox, and the answer before compression.
pub fn outbox(bytes: &[u8]) {
    heard(Heard::OutboxQuery, bytes);
    heard_packed(Heard::OutboxAnswer, bytes);
}

/// What homes that compare ask and answer, before compression.
pub fn digest(bytes: &[u8]) {
    heard_packed(Heard::Digest, bytes);
    heard_packed(Heard::DigestAnswer, bytes);
}

/// What was lost is asked for and comes, before compression.
pub fn recall(bytes: &[u8]) {
    heard_packed(Heard::Recall, bytes);
    heard_packed(Heard::RecallAnswer, bytes);
}

/// What is offered, wanted and given, before compression.
pub fn offer(bytes: &[u8]) {
    for what in [Heard::Offer, Heard::Give, Heard::OfferAnswer] {
        heard_packed(what, bytes);
    }
}

/// Bodies as they come, compressed: what is no zstd, or too much.
pub fn packed(bytes: &[u8]) {
    for what in [
        Heard::OutboxAnswer,
        Heard::Digest,
        Heard::DigestAnswer,
        Heard::Recall,
        Heard::RecallAnswer,
        Heard::Offer,
        Heard::Give,
        Heard::OfferAnswer,
    ] {
        heard(what, bytes);
    }
}

/// A request for a file: a line with its target, then one with a `Range`.
pub fn media(bytes: &[u8]) {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    if let Some(target) = lines.next() {
        heard(Heard::Media, target);
    }
    // As the listener does: only what is text counts as a header's value.
    let range = lines.next().and_then(|line| HeaderValue::from_bytes(line).ok());
    let range = range
        .as_ref()
        .and_then(|value| value.to_str().ok())
        .and_then(RangeWanted::parse);
    for total in [0, 1, 499, 500, 1 << 40, u64::MAX] {
        if let Some((start, length)) = range.and_then(|range| range.within(total)) {
            assert!(length > 0 && start.checked_add(length).is_some_and(|end| end <= total));
        }
    }
}

/// The head of an answer: a line with its status, then one header in each line.
pub fn answer(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let status = lines
        .next()
        .and_then(|line| StatusCode::from_bytes(line).ok())
        .unwrap_or(StatusCode::OK);
    let headers = headers_in(lines);
    let secret = PairSecret::from_secret_bytes([3; 32]);
    for nonce in ["aqcaibaeaqcaibaeaqcaibaeaq", "aeaqcaibaeaqcaibaeaqcaibae"] {
        let Ok(nonce) = nonce.parse::<RequestNonce>() else {
            continue;
        };
        if let Ok(read) = verify_answer(&secret, &nonce, status, &headers) {
            assert_eq!(ContentDigest::parse(&read.digest.to_text()), Ok(read.digest));
        }
    }
}

fn headers_in<'a>(lines: impl Iterator<Item = &'a [u8]>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.take(64) {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().and_then(|name| HeaderName::from_bytes(name).ok());
        let value = parts
            .next()
            .and_then(|value| HeaderValue::from_bytes(value.trim_ascii()).ok());
        if let (Some(name), Some(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// The head of a signed request: a line with method and target, then one header in each line.
pub fn head(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let mut words = first.split(|byte| *byte == b' ');
    let method = words.next().and_then(|word| Method::from_bytes(word).ok());
    let uri = words.next().and_then(|word| Uri::try_from(word).ok());
    let (Some(method), Some(uri)) = (method, uri) else {
        return;
    };
    let headers = headers_in(lines);
    if let Ok(read) = ReceivedHead::parse(&method, &uri, &headers) {
        assert_eq!(
            read.key_id().to_string().parse::<KeyId>().ok(),
            Some(*read.key_id())
        );
    }
}

/// A message of the pairing: as a whole text, as a signed payload, and as a signed hello.
pub fn pairing(bytes: &[u8]) {
    let check = |message: &str| {
        if let Ok(read) = PairRequest::parse(message) {
            assert_eq!(read.as_str(), message);
            assert!(read.introduction().validate().is_ok());
        }
        if let Ok(read) = PairAnswer::parse(message) {
            assert_eq!(read.as_str(), message);
        }
    };
    if let Some(message) = text(bytes) {
        check(message);
    }
    let key = NodeKey::from_secret_bytes(&[1; 32]);
    let payload = json!({"hello": BASE64URL_NOPAD.encode(bytes), "proof": BASE64URL_NOPAD.encode(&[0; 32])});
    for payload in [bytes.to_vec(), payload.to_string().into_bytes()] {
        if payload.first() == Some(&b'{')
            && let Ok(message) = sign(Purpose::Pairing, JwsSigner::Node(&key), &payload)
        {
            check(&message);
        }
    }
}

/// The word that a connection ended, which needs no connection: as a whole text, and as a payload that its home signed.
pub fn parting(bytes: &[u8]) {
    heard(Heard::Parting, bytes);
    if serde_json::from_slice::<Value>(bytes).is_ok() {
        let key = NodeKey::from_secret_bytes(&[1; 32]);
        if let Ok(jws) = sign(Purpose::Activity, JwsSigner::Node(&key), bytes) {
            heard(Heard::Parting, jws.as_bytes());
        }
    }
}

/// Problem details, and the part of a renewal.
pub fn problem(bytes: &[u8]) {
    if let Some(read) = Problem::from_body(bytes) {
        let again = Problem::from_body(&read.to_body());
        // A long title is read, but may not be written within the limit.
        assert!(again.is_none_or(|again| again == read));
    }
    let _ = serde_json::from_slice::<RotationPart>(bytes);
}

/// The short texts: ids, stamps, ranges of a file.
pub fn short(bytes: &[u8]) {
    let Some(written) = text(bytes) else { return };
    if let Ok(read) = written.parse::<Hlc>() {
        assert_eq!(read.to_string(), written);
        assert!(read.clamped(0).stamp <= Hlc::at(u64::MAX));
    }
    if let Ok(read) = written.parse::<NodeId>() {
        assert_eq!(read.to_string(), written);
        assert_eq!(NodeId::parse_grouped(&read.grouped()).ok(), Some(read));
    }
    if let Ok(read) = NodeId::parse_grouped(written) {
        assert_eq!(NodeId::parse_grouped(&read.grouped()).ok(), Some(read));
    }
    if let Ok(read) = written.parse::<Epoch>() {
        assert_eq!(read.to_string(), written);
    }
    if let Ok(read) = written.parse::<RequestNonce>() {
        assert_eq!(read.to_string(), written);
    }
    if let Some(range) = RangeWanted::parse(written) {
        for total in [0, 1, 1000, u64::MAX] {
            if let Some((start, length)) = range.within(total) {
                assert!(length > 0 && start.checked_add(length).is_some_and(|end| end <= total));
            }
        }
    }
}
