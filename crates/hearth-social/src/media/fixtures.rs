//! Files and posts for the tests of media and notifications.

use super::{Carrier, attach};
use crate::testing::Home;
use crate::{Social, Viewer};
use hearth_api::feed::{Attach, Audience};
use hearth_api::media::{BeginUpload, MediaItem};
use hearth_api::{ApiResult, CommentId, MediaHash, PersonId, PostId, UploadId};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::{comment, friendship, home, post};

/// Stands in the metadata of [`photo`].
pub(crate) const MARKER: &str = "SECRET-52.5200N-13.4050E";

/// A JPEG picture whose colours depend on `seed`, with EXIF (orientation, date, a text) and a comment.
pub(crate) fn photo(width: u16, height: u16, seed: u8) -> Vec<u8> {
    let pixels: Vec<u8> = (0..u32::from(width) * u32::from(height))
        .flat_map(|n| [seed, (n % 251) as u8, (n / u32::from(width) % 251) as u8])
        .collect();
    let mut plain = Vec::new();
    jpeg_encoder::Encoder::new(&mut plain, 90)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    // EXIF 2.32: one folder with ImageDescription and a pointer to DateTimeOriginal.
    let text = format!("{MARKER}\0");
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
    let mut entry = |tag: u16, kind: u16, count: u32, value: u32| {
        exif.extend(tag.to_le_bytes());
        exif.extend(kind.to_le_bytes());
        exif.extend(count.to_le_bytes());
        exif.extend(value.to_le_bytes());
    };
    entry(0x010E, 2, text.len() as u32, 76);
    entry(0x8769, 4, 1, 38);
    exif.extend([0; 4]);
    exif.extend([1, 0]);
    exif.extend([0x03, 0x90, 2, 0, 20, 0, 0, 0, 56, 0, 0, 0]);
    exif.extend([0; 4]);
    exif.extend(b"2021:07:08 09:10:11\0");
    exif.extend(text.as_bytes());
    let segment = |marker: u8, payload: &[u8]| {
        let len = (payload.len() as u16 + 2).to_be_bytes();
        [&[0xFF, marker], &len[..], payload].concat()
    };
    [
        &plain[..2],
        &segment(0xE1, &exif),
        &segment(0xFE, MARKER.as_bytes()),
        &plain[2..],
    ]
    .concat()
}

/// Uploads a file in pieces.
pub(crate) async fn upload(home: &Home, who: &str, name: &str, bytes: Vec<u8>) -> ApiResult<MediaItem> {
    upload_to(&home.social, &home.person(who), name, bytes).await
}

/// Uploads a file in pieces, to a home with other parts.
pub(crate) async fn upload_to(
    social: &Social,
    viewer: &Viewer,
    name: &str,
    bytes: Vec<u8>,
) -> ApiResult<MediaItem> {
    let id = UploadId(social.parts.ids.uuid());
    let begin = BeginUpload {
        id,
        name: name.to_owned(),
        bytes: bytes.len() as u64,
    };
    let mut offset = social.begin_upload(viewer, begin).await?.offset;
    for piece in bytes.chunks(10_000) {
        offset = social
            .upload_chunk(viewer, id, offset, piece.to_vec())
            .await?
            .offset;
    }
    social.finish_upload(viewer, id).await
}

/// Makes people of one home friends.
pub(crate) async fn befriend(home: &Home, a: PersonId, b: PersonId) {
    let now = home.social.now();
    home.write(move |tx| Ok(friendship::join(tx, a, b, now).map(|_| ())?))
        .await;
}

/// What attaches a file without words.
pub(crate) fn plain(hash: &MediaHash) -> Attach {
    Attach {
        media: hash.clone(),
        alt: String::new(),
        caption: String::new(),
    }
}

/// Stores a post of a person of this home, with files.
pub(crate) async fn post_with(home: &Home, who: &str, audience: Audience, media: Vec<Attach>) -> PostId {
    let id = PostId(home.social.parts.ids.uuid());
    let (author, now) = (home.person(who).person, home.social.now());
    home.write(move |tx| {
        let own = home::own(tx)?.expect("this home");
        post::put(tx, &post_row(id, author, own.id, audience, now))?;
        attach(tx, Carrier::Post(id), &media, author)?;
        Ok(())
    })
    .await;
    id
}

/// A post.
pub(crate) fn post_row(
    id: PostId,
    author: PersonId,
    home: hearth_api::HomeId,
    audience: Audience,
    now: hearth_api::Timestamp,
) -> PostRow {
    PostRow {
        id,
        author,
        home,
        audience,
        text: "Summer at the lake".to_owned(),
        created_at: now,
        edited_at: None,
        version: 1,
        comments_on: true,
        hlc: String::new(),
        control_hlc: String::new(),
        activity: None,
        kept: false,
    }
}

/// Stores a comment on a post.
pub(crate) async fn comment_on(home: &Home, who: &str, post: PostId, text: &str) -> CommentId {
    let id = CommentId(home.social.parts.ids.uuid());
    let (author, now, text) = (home.person(who).person, home.social.now(), text.to_owned());
    home.write(move |tx| {
        let row = CommentRow {
            id,
            post,
            parent: None,
            depth: 1,
            author,
            text,
            created_at: now,
            edited_at: None,
            version: 1,
            hlc: String::new(),
            activity: None,
            accepted: true,
            deleted: false,
        };
        Ok(comment::put(tx, &row)?)
    })
    .await;
    id
}
