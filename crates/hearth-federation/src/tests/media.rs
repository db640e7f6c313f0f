//! Files between homes: for those who may, whole and as named.

use super::rig::{Fault, TestHome, two};
use bytes::Bytes;
use hearth_api::media::Variant;
use hearth_api::{Code, MediaHash};
use http::StatusCode;
use http::header::{CONTENT_RANGE, RANGE};
use sha2::{Digest as _, Sha256};

fn hash_of(bytes: &[u8]) -> MediaHash {
    crate::encoding::hex(&Sha256::digest(bytes)).parse().unwrap()
}

fn keep(home: &TestHome, hash: &MediaHash, variant: Variant, bytes: &[u8], readers: &[&TestHome]) {
    let readers = readers.iter().map(|reader| reader.id()).collect();
    home.files
        .0
        .lock()
        .unwrap()
        .insert((hash.clone(), variant), (bytes.to_vec(), readers));
}

async fn fetch(by: &TestHome, from: &TestHome, hash: &MediaHash, variant: Variant) -> Result<Vec<u8>, Code> {
    let fetched = by
        .federation()
        .fetch_media(&from.id(), hash, variant, 10_000_000)
        .await;
    fetched.map_err(|error| error.code)
}

#[tokio::test]
async fn a_file_reaches_those_who_may_have_it_and_looks_missing_to_others() {
    let (anna, ben) = two().await;
    let picture: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let hash = hash_of(&picture);
    keep(&ben, &hash, Variant::Original, &picture, &[&anna]);
    keep(&ben, &hash, Variant::Small, b"small one", &[&anna]);
    keep(&ben, &hash, Variant::Large, b"not for Anna", &[]);
    assert_eq!(fetch(&anna, &ben, &hash, Variant::Original).await, Ok(picture));
    assert_eq!(
        fetch(&anna, &ben, &hash, Variant::Small).await,
        Ok(b"small one".to_vec())
    );
    assert_eq!(
        fetch(&anna, &ben, &hash, Variant::Large).await,
        Err(Code::NotFound)
    );
    assert_eq!(
        fetch(&anna, &ben, &hash_of(b"x"), Variant::Original).await,
        Err(Code::NotFound)
    );
    let too_large = anna
        .federation()
        .fetch_media(&ben.id(), &hash, Variant::Original, 2_999_999)
        .await;
    assert_eq!(too_large.unwrap_err().code, Code::FileTooLarge);
}

#[tokio::test]
async fn a_file_that_is_not_what_its_name_says_is_refused() {
    let (anna, ben) = two().await;
    let hash = hash_of(b"the right one");
    keep(&ben, &hash, Variant::Original, b"another one", &[&anna]);
    assert_eq!(
        fetch(&anna, &ben, &hash, Variant::Original).await,
        Err(Code::BadFile)
    );
    keep(&ben, &hash, Variant::Small, b"thumbnail", &[&anna]);
    anna.way.next(Fault::Answer(Box::new(|answer| {
        *answer.body_mut() = Bytes::from_static(b"thumbnaiL")
    })));
    assert_eq!(
        fetch(&anna, &ben, &hash, Variant::Small).await,
        Err(Code::BadFile)
    );
}

#[tokio::test]
async fn a_home_that_is_off_makes_it_unavailable_and_counts_one_failure() {
    let (anna, mut ben) = two().await;
    ben.stop().await;
    for _ in 0..3 {
        let hash = hash_of(b"x");
        assert_eq!(
            fetch(&anna, &ben, &hash, Variant::Small).await,
            Err(Code::MediaUnavailable)
        );
    }
    assert_eq!(anna.peer(&ben.id()).await.failures, 1);
}

#[tokio::test]
async fn a_part_can_be_asked_for() {
    let (anna, ben) = two().await;
    let file = b"0123456789";
    let hash = hash_of(file);
    keep(&ben, &hash, Variant::Original, file, &[&anna]);
    let ask = async |range: &str| {
        let target = format!("/federation/v1/media/{hash}?variant=original");
        let mut request = anna.request(&ben, b"", |draft| draft.target = target);
        request.headers_mut().insert(RANGE, range.parse().unwrap());
        let answer = anna.send(&ben, request).await;
        let range = answer
            .headers()
            .get(CONTENT_RANGE)
            .map(|value| value.to_str().unwrap().to_owned());
        (answer.status(), range, answer.into_body())
    };
    let (status, range, body) = ask("bytes=2-4").await;
    assert_eq!(
        (status, range.as_deref(), &body[..]),
        (StatusCode::PARTIAL_CONTENT, Some("bytes 2-4/10"), &b"234"[..])
    );
    let (status, range, body) = ask("bytes=-3").await;
    assert_eq!(
        (status, range.as_deref(), &body[..]),
        (StatusCode::PARTIAL_CONTENT, Some("bytes 7-9/10"), &b"789"[..])
    );
    let (status, range, _) = ask("bytes=10-").await;
    assert_eq!(
        (status, range.as_deref()),
        (StatusCode::RANGE_NOT_SATISFIABLE, Some("bytes */10"))
    );
    let (status, range, body) = ask("lines=1-2").await;
    assert_eq!((status, range, &body[..]), (StatusCode::OK, None, &file[..]));
}

/// The first bytes that were asked for, one for each request for a file.
fn asked_from(home: &TestHome) -> Vec<Option<String>> {
    let sent = home.way.sent.lock().unwrap();
    let files = sent
        .iter()
        .filter(|(_, _, request)| request.uri().path().contains("/media/"));
    let range = |request: &http::Request<Bytes>| {
        let header = request.headers().get(RANGE)?;
        Some(header.to_str().unwrap().to_owned())
    };
    files.map(|(_, _, request)| range(request)).collect()
}

#[tokio::test]
async fn a_transfer_that_breaks_at_every_so_many_bytes_completes() {
    let (anna, ben) = two().await;
    let file: Vec<u8> = (0..10_000_u32).map(|n| (n % 251) as u8).collect();
    let hash = hash_of(&file);
    keep(&ben, &hash, Variant::Original, &file, &[&anna]);
    for every in [611, 1_000, 4_096, 9_999, 10_000] {
        anna.way.sent.lock().unwrap().clear();
        for _ in 0..file.len().div_ceil(every) {
            anna.way.next(Fault::Cut(every));
        }
        assert_eq!(
            fetch(&anna, &ben, &hash, Variant::Original).await,
            Ok(file.clone()),
            "broken at every {every} bytes"
        );
        let asked = asked_from(&anna);
        assert_eq!(asked.first(), Some(&None));
        for (number, range) in asked.iter().enumerate().skip(1) {
            let from = (number * every).min(file.len());
            assert_eq!(
                *range,
                Some(format!("bytes={from}-")),
                "nothing is asked for twice"
            );
        }
    }
    for _ in 0..2 {
        anna.way.next(Fault::Cut(3));
    }
    keep(&ben, &hash, Variant::Small, b"small one", &[&anna]);
    assert_eq!(
        fetch(&anna, &ben, &hash, Variant::Small).await,
        Ok(b"small one".to_vec()),
        "a rendition begins anew, and its parts are not mixed"
    );
}

#[tokio::test]
async fn a_transfer_that_brings_nothing_is_given_up_and_works_later() {
    let (anna, ben) = two().await;
    let file = vec![7; 5_000];
    let hash = hash_of(&file);
    keep(&ben, &hash, Variant::Original, &file, &[&anna]);
    anna.way.next(Fault::Cut(1_000));
    for _ in 0..4 {
        anna.way.next(Fault::Cut(0));
    }
    assert_eq!(
        fetch(&anna, &ben, &hash, Variant::Original).await,
        Err(Code::MediaUnavailable)
    );
    assert_eq!(fetch(&anna, &ben, &hash, Variant::Original).await, Ok(file));
}

#[tokio::test]
async fn a_rest_that_was_altered_is_refused() {
    let (anna, ben) = two().await;
    let file: Vec<u8> = (0..2_000_u32).map(|n| (n % 251) as u8).collect();
    let hash = hash_of(&file);
    keep(&ben, &hash, Variant::Original, &file, &[&anna]);
    anna.way.next(Fault::Cut(500));
    anna.way.next(Fault::Answer(Box::new(|answer| {
        *answer.body_mut() = Bytes::from(vec![9; 1_500]);
    })));
    let fetched = fetch(&anna, &ben, &hash, Variant::Original).await;
    assert_eq!(fetched, Err(Code::BadFile));
}
