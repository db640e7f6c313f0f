//! One's picture: a square cut from an uploaded image, which stays to be looked at.

use super::view;
use crate::{Social, Viewer};
use hearth_api::media::MediaKind;
use hearth_api::profile::{Crop, Profile, SetPicture};
use hearth_api::{ApiError, ApiResult, Code, Event, MediaHash, PersonId, Timestamp};
use hearth_db::attachment;
use hearth_db::media::MediaRow;
use hearth_db::media_owner::OwnerRow;
use hearth_db::{DbResult, WriteTx, event, media, media_owner, person, profile as table};
use hearth_media::{BlobStore, Hash, Kind, Limits, MediaError, square_crop, thumbnails};

/// Pixels of the square's side, at most.
const SIDE: u32 = 640;

/// A square that was cut and stored.
struct Cut {
    hash: MediaHash,
    mime: &'static str,
    bytes: u64,
    side: u32,
}

fn refused(error: MediaError) -> ApiError {
    match error {
        MediaError::InvalidCrop => ApiError::invalid(
            "crop",
            "The square does not lie within the picture. Move it and try again.",
        ),
        MediaError::NotFound => upload_first(),
        MediaError::StorageFull(_) => ApiError::new(
            Code::StorageFull,
            "The disk is almost full, so the picture was not saved. Free some space and try again.",
        ),
        MediaError::Io(error) => {
            tracing::error!(error = %error, "Cutting a picture failed");
            ApiError::new(Code::StorageError, "Saving the picture failed. Try again.")
        }
        other => {
            tracing::warn!(error = %other, "A picture cannot be cut");
            ApiError::new(Code::BadFile, "This picture cannot be read. Choose another one.").on("image")
        }
    }
}

fn upload_first() -> ApiError {
    ApiError::invalid(
        "image",
        "This picture is not among your uploads any more. Upload it again, then choose it.",
    )
}

/// The largest square in the middle.
fn centre(width: u32, height: u32) -> Crop {
    let size = width.min(height);
    Crop {
        x: (width - size) / 2,
        y: (height - size) / 2,
        size,
    }
}

/// Cuts the square and stores it with its thumbnails. Blocks.
fn cut(blobs: &BlobStore, image: &MediaHash, crop: Crop) -> ApiResult<Cut> {
    let limits = Limits::default();
    let hash: Hash = image.as_str().parse().map_err(refused)?;
    let bytes = blobs.read(&hash, limits.max_bytes).map_err(refused)?;
    let square = square_crop(&bytes, crop.x, crop.y, crop.size, SIDE, &limits).map_err(refused)?;
    let stored = blobs.put_bytes(&square.bytes).map_err(refused)?;
    for small in thumbnails(&square.bytes, &limits).map_err(refused)? {
        blobs
            .put_variant(&stored, small.variant, &small.bytes)
            .map_err(refused)?;
    }
    Ok(Cut {
        hash: stored.to_string().parse().map_err(crate::identity::unsigned)?,
        mime: if square.kind == Kind::Png {
            "image/png"
        } else {
            "image/jpeg"
        },
        bytes: square.bytes.len() as u64,
        side: square.side,
    })
}

/// Lets go of a file when nothing of the account carries it any more.
fn let_go(tx: &mut WriteTx<'_>, account: PersonId, hash: &MediaHash) -> DbResult<()> {
    if !attachment::carried_by(tx, account, hash)? {
        media_owner::set_loose(tx, account, hash, Some(Timestamp(0)))?;
    }
    Ok(())
}

impl Social {
    /// Sets one's picture from an uploaded image, or removes it.
    ///
    /// # Errors
    /// `invalid_image` when it is not an image that the account uploaded, `invalid_crop`, `bad_file`.
    pub async fn set_picture(&self, viewer: &Viewer, req: SetPicture) -> ApiResult<Profile> {
        let (viewer, now) = (viewer.person, self.now());
        let mut chosen = None;
        if let Some(image) = req.image {
            let wanted = image.clone();
            let row = self
                .db()
                .read(move |tx| {
                    media_owner::get(tx, viewer, &wanted)?.ok_or_else(upload_first)?;
                    media::get(tx, &wanted)?
                        .filter(|row| row.stored)
                        .ok_or_else(upload_first)
                })
                .await?;
            let (MediaKind::Image, Some(width), Some(height)) = (row.kind, row.width, row.height) else {
                return Err(ApiError::invalid(
                    "image",
                    "This is no picture. Choose a JPEG, PNG, GIF or WebP.",
                ));
            };
            let crop = req.crop.unwrap_or_else(|| centre(width, height));
            let (blobs, source) = (std::sync::Arc::clone(&self.parts.blobs), image.clone());
            let cut = tokio::task::spawn_blocking(move || cut(&blobs, &source, crop))
                .await
                .map_err(crate::identity::unsigned)??;
            chosen = Some((cut, image));
        }
        let social = self.clone();
        self.db()
            .write(move |tx| {
                let mut row = person::get(tx, viewer)?.ok_or_else(ApiError::not_found)?;
                let before = [row.picture.take(), table::original(tx, viewer)?];
                if let Some((cut, original)) = &chosen {
                    // The upload may have been let go of meanwhile.
                    media_owner::get(tx, viewer, original)?.ok_or_else(upload_first)?;
                    store(tx, viewer, cut, now)?;
                    media_owner::set_loose(tx, viewer, original, None)?;
                    row.picture = Some(cut.hash.clone());
                }
                table::set_original(tx, viewer, chosen.as_ref().map(|(_, original)| original))?;
                person::put(tx, &row)?;
                for hash in before.iter().flatten() {
                    let_go(tx, viewer, hash)?;
                }
                social.publish_person(tx, viewer, now)?;
                event::append(tx, None, now, &Event::ProfileChanged { person: viewer })?;
                view(tx, viewer, viewer, &social.home)
            })
            .await
    }
}

/// Makes the square a file of the account.
fn store(tx: &mut WriteTx<'_>, account: PersonId, cut: &Cut, now: Timestamp) -> DbResult<()> {
    media::put(
        tx,
        &MediaRow {
            hash: cut.hash.clone(),
            kind: MediaKind::Image,
            mime: cut.mime.to_owned(),
            bytes: cut.bytes,
            width: Some(cut.side),
            height: Some(cut.side),
            placeholder: String::new(),
            captured_at: None,
            stored: true,
            used_at: now,
        },
    )?;
    let row = OwnerRow {
        account,
        hash: cut.hash.clone(),
        name: "picture".to_owned(),
        at: now,
        loose_since: None,
    };
    media_owner::put(tx, &row)
}
