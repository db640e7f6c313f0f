use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use proptest::prelude::*;

use super::*;
use crate::ids::{KeyId, RequestNonce};
use crate::keys::NodeId;
use crate::secret::PairSecret;
use crate::testing::node;

const NOW_S: i64 = 1_700_000_000;

fn secret() -> PairSecret {
    PairSecret::from_secret_bytes([3; 32])
}

fn receiver() -> NodeId {
    node(1).id()
}

/// Something that happens to a request on its way.
type Change<'a> = &'a dyn Fn(&mut Request);

struct Ring(Option<bool>);

impl KeyRing for Ring {
    fn find(&self, key_id: &KeyId) -> Option<PeerKey> {
        let pending = self.0?;
        (*key_id == secret().key_id()).then(|| PeerKey {
            peer: node(2).id(),
            secret: secret(),
            pending,
        })
    }
}

struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Request {
    fn signed(body: &[u8]) -> Self {
        Self::signed_at(body, NOW_S, &receiver())
    }

    fn signed_at(body: &[u8], created_s: i64, destination: &NodeId) -> Self {
        let mut request = Self {
            method: if body.is_empty() {
                Method::GET
            } else {
                Method::POST
            },
            uri: "/federation/v1/inbox?epoch=x&after=5".parse().unwrap(),
            headers: HeaderMap::new(),
            body: body.to_vec(),
        };
        if !body.is_empty() {
            request
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let secret = secret();
        let nonce = RequestNonce::from_bytes([4; 16]);
        let signer = RequestSigner {
            secret: &secret,
            destination,
            created_s,
            nonce,
        };
        sign_request(&signer, &request.method, &request.uri, &mut request.headers, body).unwrap();
        request
    }

    fn replace(&mut self, name: &HeaderName, from: &str, to: &str) {
        let text = self.headers[name].to_str().unwrap().replace(from, to);
        self.headers.insert(name, text.parse().unwrap());
    }

    fn verify(&self) -> Result<VerifiedRequest, Refusal> {
        self.verify_with(&Ring(Some(false)), &mut MemoryReplayGuard::new(100))
    }

    fn verify_with(&self, ring: &Ring, guard: &mut MemoryReplayGuard) -> Result<VerifiedRequest, Refusal> {
        let head = (&self.method, &self.uri, &self.headers);
        verify(head, &self.body, ring, &receiver(), NOW_S * 1000 + 999, guard)
    }
}

#[test]
fn a_connected_node_is_heard_with_and_without_a_body() {
    for body in [b"".as_slice(), b"{\"soup\":true}"] {
        let verified = Request::signed(body).verify().unwrap();
        assert_eq!(verified.peer, node(2).id());
        assert_eq!(verified.key_id, secret().key_id());
        assert!(!verified.confirms);
    }
}

#[test]
fn the_headers_are_those_of_the_standards() {
    let request = Request::signed(b"{}");
    let input = request.headers[SIGNATURE_INPUT].to_str().unwrap();
    assert!(input.starts_with(
        r#"hearth=("@method" "@path" "@query" "content-digest" "hearth-destination" "content-type");created=1700000000;nonce=""#
    ));
    assert!(
        input.ends_with(r#"";alg="hmac-sha256";tag="hearth-1""#),
        "{input}"
    );
    assert!(
        request.headers[CONTENT_DIGEST]
            .to_str()
            .unwrap()
            .starts_with("sha-256=:RBNvo1WzZ4o")
    );
}

#[test]
fn whatever_is_changed_on_the_way_is_noticed() {
    let changes: [(&str, Change<'_>); 9] = [
        ("method", &|request| request.method = Method::PUT),
        ("path", &|request| {
            request.uri = "/federation/v1/outbox?epoch=x&after=5".parse().unwrap()
        }),
        ("query", &|request| {
            request.uri = "/federation/v1/inbox?epoch=x&after=6".parse().unwrap()
        }),
        ("no query", &|request| {
            request.uri = "/federation/v1/inbox".parse().unwrap()
        }),
        ("type", &|request| request.replace(&CONTENT_TYPE, "json", "xml")),
        ("time", &|request| {
            request.replace(&SIGNATURE_INPUT, "1700000000", "1700000001")
        }),
        ("nonce", &|request| {
            request.replace(&SIGNATURE_INPUT, "nonce=\"a", "nonce=\"b")
        }),
        ("body", &|request| request.body = b"{ }".to_vec()),
        ("body and digest", &|request| {
            request.body = b"{ }".to_vec();
            request.headers.insert(
                CONTENT_DIGEST,
                ContentDigest::of(b"{ }").to_text().parse().unwrap(),
            );
        }),
    ];
    for (what, change) in changes {
        let mut request = Request::signed(b"{}");
        let before = (request.uri.clone(), request.headers.clone());
        change(&mut request);
        if what == "nonce" && before.1 == request.headers {
            continue;
        }
        assert!(
            matches!(request.verify(), Err(Refusal::BadSignature(_))),
            "{what}"
        );
    }
}

#[test]
fn a_signature_that_covers_less_more_or_otherwise_is_refused() {
    let changes = [
        ("\"@query\" ", ""),
        ("\"@method\" \"@path\"", "\"@path\" \"@method\""),
        ("\"@path\"", "\"@path\" \"@authority\""),
        ("\"content-digest\"", "\"content-digest\";sf"),
        ("alg=\"hmac-sha256\"", "alg=\"ed25519\""),
        (";alg=\"hmac-sha256\"", ""),
        ("tag=\"hearth-1\"", "tag=\"hearth-2\""),
        ("tag=\"hearth-1\"", "tag=\"hearth-1\";expires=1"),
        ("created=1700000000;", ""),
        ("hearth=", "other="),
        ("hearth=", "a=1, hearth="),
    ];
    for (from, to) in changes {
        let mut request = Request::signed(b"{}");
        request.replace(&SIGNATURE_INPUT, from, to);
        assert!(
            matches!(request.verify(), Err(Refusal::BadSignature(_))),
            "{from} -> {to}"
        );
    }
    for name in [
        SIGNATURE,
        SIGNATURE_INPUT,
        CONTENT_DIGEST,
        HEARTH_DESTINATION,
        CONTENT_TYPE,
    ] {
        let mut request = Request::signed(b"{}");
        let value = request.headers[&name].clone();
        request.headers.append(&name, value);
        assert!(
            matches!(request.verify(), Err(Refusal::BadSignature(_))),
            "{name} twice"
        );
        request.headers.remove(&name);
        assert!(
            matches!(request.verify(), Err(Refusal::BadSignature(_))),
            "{name} missing"
        );
    }
}

#[test]
fn a_body_cannot_be_hidden_from_the_signature() {
    let mut request = Request::signed(b"");
    request.body = b"{}".to_vec();
    request.headers.insert(
        CONTENT_DIGEST,
        ContentDigest::of(b"{}").to_text().parse().unwrap(),
    );
    assert!(matches!(request.verify(), Err(Refusal::BadSignature(_))));
}

#[test]
fn a_stranger_is_not_connected() {
    let refused = Request::signed(b"").verify_with(&Ring(None), &mut MemoryReplayGuard::new(9));
    assert_eq!(refused, Err(Refusal::NotConnected));
}

#[test]
fn the_first_request_of_a_pairing_is_marked_as_its_confirmation() {
    let verified = Request::signed(b"")
        .verify_with(&Ring(Some(true)), &mut MemoryReplayGuard::new(9))
        .unwrap();
    assert!(verified.confirms);
}

#[test]
fn a_request_for_another_node_is_misdirected_even_if_it_shares_the_secret() {
    let request = Request::signed_at(b"", NOW_S, &node(3).id());
    assert_eq!(request.verify(), Err(Refusal::WrongDestination));
    let mut redirected = request;
    redirected
        .headers
        .insert(HEARTH_DESTINATION, receiver().to_string().parse().unwrap());
    assert!(matches!(redirected.verify(), Err(Refusal::BadSignature(_))));
}

#[test]
fn five_minutes_of_difference_pass_and_a_second_more_gets_the_time() {
    for (created_s, passes) in [(300, true), (-300, true), (301, false), (-301, false)] {
        let verdict = Request::signed_at(b"", NOW_S + created_s, &receiver()).verify();
        assert_eq!(verdict.is_ok(), passes, "{created_s}");
        if let Err(refusal) = verdict {
            assert_eq!(refusal, Refusal::ClockSkew { own_time_s: NOW_S });
            assert_eq!(refusal.problem().own_time_s, Some(NOW_S));
            assert_eq!(refusal.status(), StatusCode::UNAUTHORIZED);
        }
    }
}

#[test]
fn the_same_request_counts_once() {
    let mut guard = MemoryReplayGuard::new(9);
    let request = Request::signed(b"{}");
    assert!(request.verify_with(&Ring(Some(false)), &mut guard).is_ok());
    assert_eq!(
        request.verify_with(&Ring(Some(false)), &mut guard),
        Err(Refusal::Replayed)
    );
}

#[test]
fn a_forged_request_does_not_use_up_a_nonce() {
    let mut guard = MemoryReplayGuard::new(9);
    let mut forged = Request::signed(b"{}");
    forged.method = Method::PUT;
    assert!(forged.verify_with(&Ring(Some(false)), &mut guard).is_err());
    assert!(
        Request::signed(b"{}")
            .verify_with(&Ring(Some(false)), &mut guard)
            .is_ok()
    );
}

#[test]
fn what_is_too_large_is_refused_before_anything_else() {
    let mut request = Request::signed(b"{}");
    request.body = vec![0; MAX_BODY_LEN + 1];
    assert_eq!(request.verify(), Err(Refusal::TooLarge));
    let mut request = Request::signed(b"{}");
    request.headers.insert(
        "x-padding",
        HeaderValue::from_str(&"x".repeat(MAX_HEADERS_LEN)).unwrap(),
    );
    assert_eq!(request.verify(), Err(Refusal::TooLarge));
}

fn answered(status: StatusCode, body: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let nonce = RequestNonce::from_bytes([4; 16]);
    sign_answer(
        &secret(),
        nonce,
        NOW_S,
        status,
        &mut headers,
        ContentDigest::of(body),
    )
    .unwrap();
    headers
}

#[test]
fn an_answer_is_believed_for_its_own_request_status_and_body_only() {
    let nonce = RequestNonce::from_bytes([4; 16]);
    let headers = answered(StatusCode::OK, b"ack");
    let VerifiedAnswer { digest, .. } = verify_answer(&secret(), &nonce, StatusCode::OK, &headers).unwrap();
    assert!(digest.matches(b"ack") && !digest.matches(b"nak"));
    assert_eq!(
        verify_answer(&secret(), &nonce, StatusCode::ACCEPTED, &headers),
        Err(AnswerRefusal::BadSignature)
    );
    assert_eq!(
        verify_answer(
            &secret(),
            &RequestNonce::from_bytes([5; 16]),
            StatusCode::OK,
            &headers
        ),
        Err(AnswerRefusal::OtherRequest)
    );
    let other = PairSecret::from_secret_bytes([9; 32]);
    assert_eq!(
        verify_answer(&other, &nonce, StatusCode::OK, &headers),
        Err(AnswerRefusal::OtherRequest)
    );
    let mut faked = headers;
    faked.insert(
        CONTENT_DIGEST,
        ContentDigest::of(b"nak").to_text().parse().unwrap(),
    );
    assert_eq!(
        verify_answer(&secret(), &nonce, StatusCode::OK, &faked),
        Err(AnswerRefusal::BadSignature)
    );
    assert_eq!(
        verify_answer(&secret(), &nonce, StatusCode::OK, &HeaderMap::new()),
        Err(AnswerRefusal::Malformed)
    );
}

#[test]
fn a_request_is_no_answer_and_an_answer_no_request() {
    let request = Request::signed(b"{}");
    let nonce = RequestNonce::from_bytes([4; 16]);
    assert_eq!(
        verify_answer(&secret(), &nonce, StatusCode::OK, &request.headers),
        Err(AnswerRefusal::Malformed)
    );
    let mut reflected = Request::signed(b"{}");
    for name in [SIGNATURE, SIGNATURE_INPUT] {
        reflected
            .headers
            .insert(&name, answered(StatusCode::OK, b"{}")[&name].clone());
    }
    assert!(matches!(reflected.verify(), Err(Refusal::BadSignature(_))));
}

#[test]
fn two_digests_or_another_algorithm_are_refused() {
    let good = ContentDigest::of(b"x");
    assert_eq!(ContentDigest::parse(&good.to_text()), Ok(good));
    let sha512 = good.to_text().replace("sha-256", "sha-512");
    for wrong in [
        sha512.clone(),
        format!("{}, {sha512}", good.to_text()),
        "sha-256=:AA==:".to_owned(),
        String::new(),
    ] {
        assert!(ContentDigest::parse(&wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn hostile_headers_never_panic(input in "\\PC{0,80}", signature in "\\PC{0,80}", digest in "\\PC{0,80}") {
        let mut request = Request::signed(b"{}");
        for (name, text) in [(SIGNATURE_INPUT, &input), (SIGNATURE, &signature), (CONTENT_DIGEST, &digest)] {
            if let Ok(value) = HeaderValue::from_str(text) {
                request.headers.insert(name, value);
            }
        }
        let unchanged = request.headers == Request::signed(b"{}").headers;
        prop_assert_eq!(request.verify().is_ok(), unchanged);
    }

    #[test]
    fn any_body_is_carried(body: Vec<u8>) {
        prop_assert!(Request::signed(&body).verify().is_ok());
    }

    #[test]
    fn any_changed_character_of_the_signature_is_noticed(place in 0..500_usize, byte in 0x20_u8..0x7f, in_input: bool) {
        let mut request = Request::signed(b"{}");
        let name = if in_input { SIGNATURE_INPUT } else { SIGNATURE };
        let mut value = request.headers[&name].as_bytes().to_vec();
        let place = place % value.len();
        prop_assume!(value[place] != byte);
        value[place] = byte;
        // Space where the grammar allows any amount of it is the one harmless change.
        prop_assume!(byte != b' ');
        request.headers.insert(&name, HeaderValue::from_bytes(&value).unwrap());
        prop_assert!(request.verify().is_err());
    }
}
