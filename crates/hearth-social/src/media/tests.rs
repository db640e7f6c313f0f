//! Uploads, who may open what, copies of other homes' files, letting go.

mod remote;

use super::fixtures::{MARKER, befriend, photo, plain, post_row, post_with, upload, upload_to};
use super::{Carrier, FetchNeeded, FreeSpace, Opened, attach, attach_remote, detach_all, items_of};
use crate::testing::{Home, connect, introduce};
use hearth_api::feed::{Attach, Audience};
use hearth_api::media::{BeginUpload, MediaItem, MediaKind, Variant};
use hearth_api::{ApiResult, DraftId, Event, MediaHash, PostId, UploadId};
use hearth_db::draft::DraftRow;
use hearth_db::{draft, event, friendship, media, media_owner, meta, post};
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[track_caller]
fn check_refused<T: std::fmt::Debug>(result: ApiResult<T>, name: &str) {
    assert_eq!(result.expect_err("must be refused").name(), name);
}

async fn open(home: &Home, who: &str, hash: &MediaHash, variant: Variant) -> ApiResult<Opened> {
    home.social.media_open(&home.person(who), hash, variant).await
}

async fn open_bytes(home: &Home, who: &str, hash: &MediaHash, variant: Variant) -> Vec<u8> {
    let Opened::Here(mut found) = open(home, who, hash, variant).await.unwrap() else {
        panic!("the file is elsewhere")
    };
    let mut bytes = Vec::new();
    found.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, found.len);
    bytes
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn blob_there(home: &Home, hash: &MediaHash) -> bool {
    home.social.parts.blobs.contains(&hash.as_str().parse().unwrap())
}

async fn set(home: &Home, key: &'static str, value: u64) {
    home.write(move |tx| Ok(meta::set(tx, key, &value.to_string())?))
        .await;
}

#[tokio::test]
async fn a_picture_loses_its_metadata_and_gets_thumbnails() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let sent = photo(1600, 1200, 7);
    assert!(contains(&sent, MARKER));
    let item = upload(&home, "Anna", "C:\\pictures\\../lake\u{202e}.jpg", sent)
        .await
        .unwrap();
    assert_eq!(
        (
            item.kind,
            item.mime.as_str(),
            item.width,
            item.height,
            item.name.as_str()
        ),
        (MediaKind::Image, "image/jpeg", Some(1600), Some(1200), "lake.jpg")
    );
    assert!(item.placeholder.starts_with("data:image/bmp;base64,"));
    let original = open_bytes(&home, "Anna", &item.hash, Variant::Original).await;
    assert!(!contains(&original, MARKER), "EXIF and comments are gone");
    assert!(!contains(&original, "Exif"));
    assert_eq!(original.len() as u64, item.bytes);
    let row = home.read(|tx| media::get(tx, &item.hash)).unwrap();
    assert_eq!(
        row.captured_at.as_deref(),
        Some("2021-07-08T09:10:11"),
        "kept for sorting"
    );
    for variant in [Variant::Small, Variant::Medium, Variant::Large] {
        let Opened::Here(found) = open(&home, "Anna", &item.hash, variant).await.unwrap() else {
            panic!("thumbnails are made with the upload")
        };
        assert_eq!((found.mime.as_str(), found.download), ("image/jpeg", false));
    }
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_where_it_stopped() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let bytes = photo(200, 100, 1);
    let id = UploadId(uuid::Uuid::from_u128(77));
    let begin = BeginUpload {
        id,
        name: "a.jpg".to_owned(),
        bytes: bytes.len() as u64,
    };
    let social = &home.social;
    assert_eq!(social.begin_upload(&anna, begin.clone()).await.unwrap().offset, 0);
    social
        .upload_chunk(&anna, id, 0, bytes[..100].to_vec())
        .await
        .unwrap();
    check_refused(
        social.upload_chunk(&anna, id, 0, bytes[..100].to_vec()).await,
        "wrong_offset",
    );
    check_refused(
        social.upload_chunk(&ben, id, 100, bytes[100..].to_vec()).await,
        "not_found",
    );
    check_refused(social.begin_upload(&ben, begin.clone()).await, "invalid_id");
    check_refused(social.finish_upload(&anna, id).await, "wrong_state");
    check_refused(social.finish_upload(&ben, id).await, "not_found");
    social.abort_upload(&ben, id).await.unwrap();
    assert_eq!(
        social.begin_upload(&anna, begin.clone()).await.unwrap().offset,
        100,
        "Ben ended nothing"
    );
    social
        .upload_chunk(&anna, id, 100, bytes[100..].to_vec())
        .await
        .unwrap();
    let item = social.finish_upload(&anna, id).await.unwrap();
    assert_eq!(
        social.finish_upload(&anna, id).await.unwrap(),
        item,
        "a repeat answers the same"
    );
    assert_eq!(
        social.begin_upload(&anna, begin).await.unwrap().offset,
        bytes.len() as u64
    );
    let told = home.read(|tx| event::after(tx, anna.person, 0, 1000));
    assert!(
        told.iter()
            .any(|e| matches!(e.event, Event::Upload { offset: 100, .. }))
    );
    check_refused(
        social
            .upload_chunk(&anna, UploadId(uuid::Uuid::from_u128(1)), 0, vec![1])
            .await,
        "not_found",
    );
    social
        .abort_upload(&anna, UploadId(uuid::Uuid::from_u128(1)))
        .await
        .unwrap();
}

struct Disk(AtomicU64);
impl FreeSpace for Disk {
    fn free_bytes(&self) -> Option<u64> {
        Some(self.0.load(Ordering::SeqCst))
    }
}

#[tokio::test]
async fn what_is_not_taken_is_refused_by_name() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let begin = |bytes| BeginUpload {
        id: UploadId(uuid::Uuid::from_u128(5)),
        name: "a".to_owned(),
        bytes,
    };
    check_refused(
        home.social.begin_upload(&anna, begin(100_000_001)).await,
        "file_too_large",
    );
    check_refused(home.social.begin_upload(&anna, begin(0)).await, "invalid_bytes");
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    check_refused(
        upload(&home, "Anna", "IMG_1.HEIC", heic).await,
        "heic_unsupported",
    );
    let whole = photo(100, 100, 1);
    check_refused(
        upload(&home, "Anna", "cut.jpg", whole[..300].to_vec()).await,
        "bad_file",
    );
    set(&home, "media_max_pixels", 9_999).await;
    check_refused(
        upload(&home, "Anna", "big.jpg", whole.clone()).await,
        "image_too_large",
    );
    set(&home, "media_max_pixels", 10_000).await;
    upload(&home, "Anna", "fits.jpg", whole).await.unwrap();

    let disk = Arc::new(Disk(AtomicU64::new(999_999_999)));
    let social = home.social.clone().with_free_space(disk.clone());
    check_refused(
        upload_to(&social, &anna, "b.jpg", photo(50, 50, 2)).await,
        "storage_full",
    );
    disk.0.store(1_000_000_000, Ordering::SeqCst);
    upload_to(&social, &anna, "b.jpg", photo(50, 50, 2))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_quota_holds_and_warns_at_nine_tenths() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let first = upload(&home, "Anna", "one", vec![b'1'; 800]).await.unwrap();
    set(&home, "media_quota", 1000).await;
    let usage = home.social.usage(&anna).await.unwrap();
    assert_eq!((usage.bytes, usage.quota, usage.warn), (800, 1000, false));
    check_refused(
        upload(&home, "Anna", "two", vec![b'2'; 201]).await,
        "quota_exceeded",
    );
    assert_eq!(home.social.unread_notifications(&anna).await.unwrap(), 0);
    upload(&home, "Anna", "three", vec![b'3'; 150]).await.unwrap();
    assert!(home.social.usage(&anna).await.unwrap().warn);
    let page = home
        .social
        .list_notifications(&anna, Default::default())
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].kind.as_str(), "quota_warning");
    assert_eq!(page.items[0].route, "/settings/account");
    let post = post_with(&home, "Anna", Audience::Me, vec![plain(&first.hash)]).await;
    home.write(move |tx| Ok(detach_all(tx, Carrier::Post(post))?))
        .await;
    assert_eq!(
        home.social.usage(&anna).await.unwrap().bytes,
        150,
        "what was deleted counts no more"
    );
}

#[tokio::test]
async fn only_who_sees_something_that_carries_it_opens_a_file() {
    let home = Home::of("Lake house", &["Anna", "Ben", "Carol"]).await;
    let (anna, ben) = (home.person("Anna").person, home.person("Ben").person);
    befriend(&home, anna, ben).await;
    let item = upload(&home, "Anna", "a.jpg", photo(90, 60, 3)).await.unwrap();
    open(&home, "Anna", &item.hash, Variant::Small).await.unwrap();
    check_refused(
        open(&home, "Ben", &item.hash, Variant::Original).await,
        "not_found",
    );

    post_with(&home, "Anna", Audience::Me, vec![plain(&item.hash)]).await;
    check_refused(
        open(&home, "Ben", &item.hash, Variant::Original).await,
        "not_found",
    );
    let shared = post_with(&home, "Anna", Audience::Friends, vec![plain(&item.hash)]).await;
    open(&home, "Ben", &item.hash, Variant::Original).await.unwrap();
    for variant in [Variant::Original, Variant::Small] {
        check_refused(open(&home, "Carol", &item.hash, variant).await, "not_found");
    }
    let nothing: MediaHash = "0".repeat(64).parse().unwrap();
    check_refused(
        open(&home, "Carol", &nothing, Variant::Original).await,
        "not_found",
    );

    // Knowing a hash is no way to it: Carol cannot attach what she did not upload.
    let carol = home.person("Carol").person;
    let (hash, mine) = (item.hash.clone(), PostId(uuid::Uuid::from_u128(9)));
    let stolen = home
        .social
        .db()
        .write(move |tx| attach(tx, Carrier::Post(mine), &[plain(&hash)], carol))
        .await;
    check_refused(stolen, "invalid_media");

    home.write(move |tx| {
        detach_all(tx, Carrier::Post(shared))?;
        Ok(post::delete(tx, shared)?)
    })
    .await;
    check_refused(
        open(&home, "Ben", &item.hash, Variant::Original).await,
        "not_found",
    );
}

#[tokio::test]
async fn pages_and_drawings_with_scripts_are_only_downloaded() {
    let home = Home::of("Lake house", &["Anna"]).await;
    for (name, bytes) in [
        (
            "photo.png",
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
        ),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("letter.pdf", b"%PDF-1.7"),
    ] {
        let item = upload(&home, "Anna", name, bytes.to_vec()).await.unwrap();
        assert_eq!(
            (item.kind, item.mime.as_str()),
            (MediaKind::File, "application/octet-stream")
        );
        let Opened::Here(found) = open(&home, "Anna", &item.hash, Variant::Original).await.unwrap() else {
            panic!("the file is here")
        };
        assert_eq!(
            (found.mime.as_str(), found.download, found.name.as_str()),
            ("application/octet-stream", true, name)
        );
        check_refused(open(&home, "Anna", &item.hash, Variant::Small).await, "not_found");
    }
}

#[tokio::test]
async fn attachments_keep_their_order_and_limits() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna").person;
    let mut hashes = Vec::new();
    for n in 0..11u8 {
        hashes.push(
            upload(&home, "Anna", &format!("{n}.txt"), vec![n + 1; 20])
                .await
                .unwrap()
                .hash,
        );
    }
    let list: Vec<Attach> = hashes.iter().rev().map(plain).collect();
    let put = |carrier, list: Vec<Attach>| home.social.db().write(move |tx| attach(tx, carrier, &list, anna));
    let post = Carrier::Post(PostId(uuid::Uuid::from_u128(1)));
    let shown = put(post, list.clone()).await.unwrap();
    let order: Vec<MediaHash> = shown.iter().map(|item| item.hash.clone()).collect();
    assert_eq!(order, hashes.iter().rev().cloned().collect::<Vec<_>>());
    let read = home.read(move |tx| items_of(tx, &[post]));
    assert_eq!(read[&post], shown);
    let comment = Carrier::Comment(hearth_api::CommentId(uuid::Uuid::from_u128(2)));
    check_refused(put(comment, list.clone()).await, "too_many_media");
    let with = |alt: usize, caption: usize| {
        vec![Attach {
            media: hashes[0].clone(),
            alt: "ä".repeat(alt),
            caption: "ü".repeat(caption),
        }]
    };
    check_refused(put(post, with(1501, 0)).await, "invalid_alt");
    check_refused(put(post, with(0, 2001)).await, "invalid_caption");
    put(comment, with(1500, 2000)).await.unwrap();
    check_refused(
        put(post, vec![plain(&hashes[0]), plain(&hashes[0])]).await,
        "invalid_media",
    );
    assert_eq!(
        home.read(move |tx| items_of(tx, &[post]))[&post].len(),
        11,
        "what failed changed nothing"
    );
}

#[tokio::test]
async fn a_file_of_two_accounts_is_stored_once_and_goes_with_the_last() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let bytes = photo(120, 80, 9);
    let hers = upload(&home, "Anna", "hers.jpg", bytes.clone()).await.unwrap();
    let his = upload(&home, "Ben", "his.jpg", bytes).await.unwrap();
    assert_eq!(hers.hash, his.hash);
    let first = post_with(&home, "Anna", Audience::Local, vec![plain(&hers.hash)]).await;
    let second = post_with(&home, "Ben", Audience::Local, vec![plain(&his.hash)]).await;
    home.write(move |tx| Ok(detach_all(tx, Carrier::Post(first))?))
        .await;
    home.social.sweep_media().await.unwrap();
    assert!(blob_there(&home, &his.hash), "Ben still has it");
    assert_eq!(home.social.usage(&home.person("Anna")).await.unwrap().bytes, 0);
    home.write(move |tx| Ok(detach_all(tx, Carrier::Post(second))?))
        .await;
    assert_eq!(home.social.sweep_media().await.unwrap().files, 1);
    assert!(!blob_there(&home, &his.hash), "erased with its thumbnails");
    let blob = his.hash.as_str().parse().unwrap();
    assert!(home.social.parts.blobs.variants(&blob).unwrap().is_empty());
    assert!(home.read(|tx| media::get(tx, &his.hash)).is_none());
}

#[tokio::test]
async fn drafts_keep_files_and_what_nobody_posts_goes_after_a_week() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna").person;
    let kept = upload(&home, "Anna", "kept.txt", b"kept".to_vec())
        .await
        .unwrap()
        .hash;
    let lost = upload(&home, "Anna", "lost.txt", b"lost".to_vec())
        .await
        .unwrap()
        .hash;
    let id = DraftId(uuid::Uuid::from_u128(3));
    let (attached, now) = (vec![plain(&kept)], home.social.now());
    home.write(move |tx| {
        let row = DraftRow {
            id,
            account: anna,
            place: "feed".to_owned(),
            text: String::new(),
            audience: Audience::Friends,
            saved_at: now,
        };
        draft::put(tx, &row)?;
        attach(tx, Carrier::Draft(id), &attached, anna)?;
        Ok(())
    })
    .await;
    home.clock.advance_days(6);
    home.social.sweep_media().await.unwrap();
    assert!(blob_there(&home, &kept) && blob_there(&home, &lost));
    home.clock.advance_days(2);
    home.social.sweep_media().await.unwrap();
    assert!(blob_there(&home, &kept), "the draft carries it");
    assert!(!blob_there(&home, &lost));
    // Posting moves it, in whatever order the two happen.
    let post = PostId(uuid::Uuid::from_u128(4));
    let attached = vec![plain(&kept)];
    home.write(move |tx| {
        detach_all(tx, Carrier::Draft(id))?;
        attach(tx, Carrier::Post(post), &attached, anna)?;
        Ok(())
    })
    .await;
    home.clock.advance_days(30);
    home.social.sweep_media().await.unwrap();
    assert!(blob_there(&home, &kept), "the post carries it");
    let owner = home.read(|tx| media_owner::get(tx, anna, &kept)).unwrap();
    assert_eq!(owner.loose_since, None);
}

#[tokio::test]
async fn uploads_given_up_and_bytes_without_a_name_are_swept() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let id = UploadId(uuid::Uuid::from_u128(8));
    let begin = BeginUpload {
        id,
        name: "a".to_owned(),
        bytes: 10,
    };
    home.social.begin_upload(&anna, begin.clone()).await.unwrap();
    home.social.upload_chunk(&anna, id, 0, vec![1; 5]).await.unwrap();
    let stray = home.social.parts.blobs.put_bytes(b"left by a crash").unwrap();
    let item = upload(&home, "Anna", "b", b"named".to_vec()).await.unwrap();
    assert_eq!(home.social.sweep_stray_bytes().await.unwrap(), 1);
    assert!(!home.social.parts.blobs.contains(&stray));
    assert!(blob_there(&home, &item.hash));
    home.clock.advance_days(6);
    assert_eq!(home.social.sweep_media().await.unwrap().uploads, 0);
    home.clock.advance_days(2);
    assert!(home.social.sweep_media().await.unwrap().uploads >= 1);
    check_refused(
        home.social.upload_chunk(&anna, id, 5, vec![1; 5]).await,
        "not_found",
    );
    assert_eq!(
        home.social.begin_upload(&anna, begin).await.unwrap().offset,
        0,
        "it begins anew"
    );
}

#[tokio::test]
async fn a_missing_thumbnail_is_made_again() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let item = upload(&home, "Anna", "a.jpg", photo(600, 300, 4)).await.unwrap();
    let before = open_bytes(&home, "Anna", &item.hash, Variant::Medium).await;
    home.social
        .parts
        .blobs
        .delete_variants(&item.hash.as_str().parse().unwrap())
        .unwrap();
    let again = open_bytes(&home, "Anna", &item.hash, Variant::Medium).await;
    assert_eq!(before, again, "derived data can be rebuilt");
}
