//! Hanging files on posts, comments and drafts.
//!
//! [`attach`] gives a carrier the files it shall have, replacing what hung there; [`detach_all`] is for a carrier that goes. Both keep
//! account of which files nothing of their account carries any more.

use super::placeholder;
use hearth_api::feed::{Attach, MAX_ALT, MAX_CAPTION, MAX_COMMENT_MEDIA, MAX_POST_MEDIA};
use hearth_api::media::{MediaItem, MediaKind};
use hearth_api::{ApiError, ApiResult, Code, HomeId, PersonId, Timestamp};
use hearth_db::attachment::{self, AttachmentRow, Carrier};
use hearth_db::media::MediaRow;
use hearth_db::{DbResult, ReadTx, WriteTx, media, media_owner};
use hearth_federation::identity::is_disguise;
use std::collections::{BTreeMap, BTreeSet};

/// Longest file name taken, in characters.
pub(super) const MAX_NAME: usize = 200;

/// Makes `list` what hangs on `carrier`; `account` attaches and must have uploaded each file. Answers the files as shown, to be put into the activity.
///
/// # Errors
/// `too_many_media`, `invalid_media`, `invalid_alt`, `invalid_caption`, or a database error.
pub(crate) fn attach(
    tx: &mut WriteTx<'_>,
    carrier: Carrier,
    list: &[Attach],
    account: PersonId,
) -> ApiResult<Vec<MediaItem>> {
    let most = match carrier {
        Carrier::Post(_) | Carrier::Draft(_) => MAX_POST_MEDIA,
        Carrier::Comment(_) => MAX_COMMENT_MEDIA,
    };
    check_count(list.len(), most)?;
    let mut rows = Vec::with_capacity(list.len());
    let mut seen = BTreeSet::new();
    for (position, entry) in (0u32..).zip(list) {
        check_texts(&entry.alt, &entry.caption)?;
        if !seen.insert(&entry.media) {
            return Err(ApiError::invalid(
                "media",
                "The same file is attached twice. Remove one of the two.",
            ));
        }
        let owner = media_owner::get(tx, account, &entry.media)?.ok_or_else(|| {
            ApiError::invalid(
                "media",
                "One of the files is not among your uploads any more. Remove it and add it again.",
            )
        })?;
        rows.push(AttachmentRow {
            carrier,
            position,
            hash: entry.media.clone(),
            name: owner.name,
            alt: entry.alt.clone(),
            caption: entry.caption.clone(),
            account: Some(account),
            home: None,
        });
    }
    replace(tx, carrier, &rows)?;
    Ok(items_of(tx, &[carrier])?.remove(&carrier).unwrap_or_default())
}

/// Makes `list` what hangs on `carrier`, as another home tells; `from` is the home to fetch the bytes from. What it says of a file is
/// a claim, kept within bounds and corrected when the bytes are here. `own` is the author when it is a word of an account of this home
/// that comes back: what that account stores or attached stays theirs.
///
/// # Errors
/// `too_many_media`, `invalid_alt`, `invalid_caption`, or a database error.
pub(crate) fn attach_remote(
    tx: &mut WriteTx<'_>,
    carrier: Carrier,
    list: &[MediaItem],
    from: &HomeId,
    own: Option<PersonId>,
    now: Timestamp,
) -> ApiResult<()> {
    let most = if matches!(carrier, Carrier::Comment(_)) {
        MAX_COMMENT_MEDIA
    } else {
        MAX_POST_MEDIA
    };
    check_count(list.len(), most)?;
    let before = attachment::of(tx, carrier)?;
    let mut rows = Vec::with_capacity(list.len());
    for (position, item) in (0u32..).zip(list) {
        check_texts(&item.alt, &item.caption)?;
        let attached = before
            .iter()
            .find(|row| row.hash == item.hash)
            .and_then(|row| row.account);
        let account = match (attached, own) {
            (None, Some(own)) => media_owner::get(tx, own, &item.hash)?.map(|_| own),
            _ => attached,
        };
        if media::get(tx, &item.hash)?.is_none() {
            media::put(tx, &claimed(item, now))?;
        }
        rows.push(AttachmentRow {
            carrier,
            position,
            hash: item.hash.clone(),
            name: file_name(&item.name),
            alt: item.alt.clone(),
            caption: item.caption.clone(),
            home: account.is_none().then(|| from.clone()),
            account,
        });
    }
    Ok(replace(tx, carrier, &rows)?)
}

/// Takes everything off a carrier that goes away.
///
/// # Errors
/// A database error.
pub(crate) fn detach_all(tx: &mut WriteTx<'_>, carrier: Carrier) -> DbResult<()> {
    replace(tx, carrier, &[])
}

/// What hangs on each of the carriers, in order; carriers without files are not in the map.
///
/// # Errors
/// A database error.
pub(crate) fn items_of(tx: &ReadTx<'_>, carriers: &[Carrier]) -> DbResult<BTreeMap<Carrier, Vec<MediaItem>>> {
    let mut map: BTreeMap<Carrier, Vec<MediaItem>> = BTreeMap::new();
    for (carrier, item) in attachment::items(tx, carriers)? {
        map.entry(carrier).or_default().push(item);
    }
    Ok(map)
}

/// What hangs on one carrier, in order.
///
/// # Errors
/// A database error.
pub(crate) fn media_of(tx: &ReadTx<'_>, carrier: Carrier) -> DbResult<Vec<MediaItem>> {
    Ok(attachment::items(tx, &[carrier])?
        .into_iter()
        .map(|(_, item)| item)
        .collect())
}

/// Replaces what hangs on a carrier, and keeps account of which files of whom are loose.
fn replace(tx: &mut WriteTx<'_>, carrier: Carrier, rows: &[AttachmentRow]) -> DbResult<()> {
    let before = attachment::of(tx, carrier)?;
    attachment::clear(tx, carrier)?;
    for row in rows {
        attachment::insert(tx, row)?;
        if let Some(account) = row.account {
            media_owner::set_loose(tx, account, &row.hash, None)?;
        }
    }
    for row in before {
        let Some(account) = row.account else { continue };
        if attachment::carried_by(tx, account, &row.hash)? {
            continue;
        }
        // What leaves a draft stays for the days an upload may wait for its post; what leaves anything else goes at once.
        let since = match carrier {
            Carrier::Draft(_) => media_owner::get(tx, account, &row.hash)?.map(|owner| owner.at),
            _ => None,
        };
        media_owner::set_loose(tx, account, &row.hash, Some(since.unwrap_or(Timestamp(0))))?;
    }
    Ok(())
}

fn check_count(count: usize, most: usize) -> ApiResult<()> {
    if count > most {
        return Err(ApiError::new(
            Code::TooManyMedia,
            format!("At most {most} pictures or files fit here. Remove some and try again."),
        ));
    }
    Ok(())
}

fn check_texts(alt: &str, caption: &str) -> ApiResult<()> {
    if alt.chars().nth(MAX_ALT).is_some() {
        return Err(ApiError::invalid(
            "alt",
            format!("A picture's description has at most {MAX_ALT} characters. Shorten it and try again."),
        ));
    }
    if caption.chars().nth(MAX_CAPTION).is_some() {
        return Err(ApiError::invalid(
            "caption",
            format!("A caption has at most {MAX_CAPTION} characters. Shorten it and try again."),
        ));
    }
    Ok(())
}

/// What another home says of a file, within bounds.
fn claimed(item: &MediaItem, now: Timestamp) -> MediaRow {
    let image = item.kind == MediaKind::Image;
    let placeholder = if image {
        placeholder::checked(&item.placeholder)
    } else {
        None
    };
    MediaRow {
        hash: item.hash.clone(),
        kind: item.kind,
        mime: claimed_mime(item.kind, &item.mime).to_owned(),
        bytes: item.bytes.min(i64::MAX.unsigned_abs()),
        width: item.width.filter(|_| image),
        height: item.height.filter(|_| image),
        placeholder: placeholder.unwrap_or_default().to_owned(),
        captured_at: None,
        stored: false,
        used_at: now,
    }
}

/// The claimed MIME type, if it is one of those that files of this kind have here.
fn claimed_mime(kind: MediaKind, claim: &str) -> &str {
    let known: &[&str] = match kind {
        MediaKind::Image => &["image/jpeg", "image/png", "image/gif", "image/webp"],
        MediaKind::Video => &["video/mp4", "video/webm", "video/quicktime"],
        MediaKind::Audio => &["audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac"],
        MediaKind::File => &[],
    };
    known
        .iter()
        .find(|mime| **mime == claim)
        .copied()
        .unwrap_or("application/octet-stream")
}

/// A file's name without folders, control characters and what turns text around, within bounds.
pub(super) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !is_disguise(*c)).take(MAX_NAME).collect();
    let clean = clean.trim();
    if clean.is_empty() || clean == "." || clean == ".." {
        "file".to_owned()
    } else {
        clean.to_owned()
    }
}
