//! Uploads of an account: begun, continued, finished, given up; what the account stores.

use super::attach::file_name;
use super::ingest::{Taken, to_blob};
use super::limits::{self, MediaLimits, check_quota, check_space};
use crate::notifications::{Notice, SubjectRef, raise};
use crate::{Social, Viewer};
use hearth_api::media::{BeginUpload, MediaItem, UploadState, Usage};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, Code, Event, MediaHash, PersonId, Timestamp, UploadId};
use hearth_db::media::MediaRow;
use hearth_db::media_owner::OwnerRow;
use hearth_db::upload::UploadRow;
use hearth_db::{ReadTx, WriteTx, event, media, media_owner, upload};
use hearth_media::{BlobStore, MediaError};

/// Most unfinished uploads of an account.
const MAX_UNFINISHED: u32 = 200;
/// Longest piece of an upload, in bytes.
const MAX_CHUNK: usize = 8 * 1024 * 1024;
/// An upload of which nothing came for so long does not go on by itself, in milliseconds: 5 minutes, in which the slowest of lines brings a
/// piece.
const RESTS_MS: i64 = 5 * 60 * 1000;
/// How often a file is stored again when a sweep took its bytes meanwhile.
const TRIES: usize = 3;

impl Social {
    /// Begins an upload, or tells how far the one with this id is.
    ///
    /// # Errors
    /// `invalid_bytes`, `invalid_id`, `file_too_large`, `quota_exceeded`, `storage_full`, `wrong_state` with too many unfinished ones.
    pub async fn begin_upload(&self, viewer: &Viewer, request: BeginUpload) -> ApiResult<UploadState> {
        let BeginUpload { id, name, bytes } = request;
        if bytes == 0 {
            return Err(ApiError::invalid(
                "bytes",
                "The file is empty. Choose another one.",
            ));
        }
        let account = viewer.person;
        let free = self.media.free_bytes();
        let now = self.now();
        let (limits, known) = self
            .db()
            .write(move |tx| {
                let limits = MediaLimits::read(tx)?;
                if let Some(row) = upload::get(tx, id)? {
                    if row.account != account {
                        return Err(ApiError::invalid("id", "This id is taken. Add the file again."));
                    }
                    if row.bytes != bytes {
                        return Err(limits::explain(MediaError::UploadExists));
                    }
                    return Ok((limits, Some(row)));
                }
                if bytes > limits.max_file {
                    return Err(limits::explain(MediaError::FileTooLarge {
                        limit: limits.max_file,
                    }));
                }
                check_space(free)?;
                let (announced, unfinished) = upload::announced(tx, account)?;
                if unfinished >= MAX_UNFINISHED {
                    return Err(ApiError::wrong_state(
                        "Too many uploads are unfinished. Wait until some are done, or give them up.",
                    ));
                }
                let stored = media_owner::usage(tx, account)?;
                check_quota(&limits, stored.saturating_add(announced), bytes)?;
                let row = UploadRow {
                    id,
                    account,
                    name: file_name(&name),
                    bytes,
                    at: now,
                    hash: None,
                };
                upload::insert(tx, &row)?;
                Ok((limits, None))
            })
            .await?;
        if known.is_some_and(|row| row.hash.is_some()) {
            return Ok(UploadState {
                id,
                offset: bytes,
                bytes,
            });
        }
        let uploads = self.parts.uploads.clone();
        let status = blocking(move || uploads.begin(&id.to_string(), bytes, limits.max_file)).await?;
        let status = status.map_err(limits::explain)?;
        Ok(UploadState {
            id,
            offset: status.offset,
            bytes,
        })
    }

    /// Takes a piece of an upload; what was answered with the new offset is durable.
    ///
    /// # Errors
    /// `not_found`, `wrong_offset`, `too_large`, `file_too_large`, `storage_full`, `upload_busy`.
    pub async fn upload_chunk(
        &self,
        viewer: &Viewer,
        id: UploadId,
        offset: u64,
        bytes: Vec<u8>,
    ) -> ApiResult<UploadState> {
        if bytes.len() > MAX_CHUNK {
            return Err(ApiError::new(
                Code::TooLarge,
                "This piece of the upload is too long. Send pieces of at most 8 MB.",
            ));
        }
        let account = viewer.person;
        let row = self.db().read(move |tx| own_upload(tx, account, id)).await?;
        if row.hash.is_some() {
            return Err(ApiError::wrong_state("This upload is finished already."));
        }
        check_space(self.media.free_bytes())?;
        let uploads = self.parts.uploads.clone();
        let offset = blocking(move || uploads.append(&id.to_string(), offset, &bytes)).await?;
        let offset = offset.map_err(limits::explain)?;
        let now = self.now();
        self.db()
            .write(move |tx| -> ApiResult<()> {
                upload::touch(tx, id, now)?;
                event::append(tx, Some(account), now, &Event::Upload { id, offset })?;
                Ok(())
            })
            .await?;
        Ok(UploadState {
            id,
            offset,
            bytes: row.bytes,
        })
    }

    /// Finishes an upload: finds out what the file is, strips its metadata, makes thumbnails. A repeat answers the same.
    ///
    /// # Errors
    /// `not_found`, `wrong_state` while bytes are missing, `heic_unsupported`, `image_too_large`, `bad_file`, `quota_exceeded`,
    /// `storage_full`.
    pub async fn finish_upload(&self, viewer: &Viewer, id: UploadId) -> ApiResult<MediaItem> {
        let account = viewer.person;
        let (row, limits) = self
            .db()
            .read(move |tx| Ok::<_, ApiError>((own_upload(tx, account, id)?, MediaLimits::read(tx)?)))
            .await?;
        if let Some(hash) = row.hash {
            return self
                .db()
                .read(move |tx| uploaded_item(tx, account, &hash)?.ok_or_else(ApiError::not_found))
                .await;
        }
        check_space(self.media.free_bytes())?;
        let social = self.clone();
        let permit = self.media.permit().await;
        let name = row.name;
        let finished = blocking(move || {
            let _permit = permit;
            let uploads = &social.parts.uploads;
            let result = uploads.finish_with(&id.to_string(), |file, len| {
                let taken = Taken::look(file.into_inner(), len, &limits).map_err(Finish::Refused)?;
                social
                    .keep(account, &name, taken, Some(id))
                    .map_err(Finish::Refused)
            });
            if matches!(&result, Err(Finish::Refused(error)) if is_final(error)) {
                // A file that will never be taken leaves nothing behind.
                let gone = uploads.abort(&id.to_string()).map_err(limits::explain);
                let gone =
                    gone.and_then(|()| social.db().write_blocking(move |tx| Ok(upload::remove(tx, id)?)));
                if let Err(error) = gone {
                    tracing::warn!(error = %error, "A refused upload could not be removed");
                }
            }
            result
        })
        .await?;
        finished.map_err(Finish::into_api)
    }

    /// Gives an upload up. One that is not there is no error.
    ///
    /// # Errors
    /// `busy`, or a storage error.
    pub async fn abort_upload(&self, viewer: &Viewer, id: UploadId) -> ApiResult<()> {
        let account = viewer.person;
        let known = self.db().read(move |tx| upload::get(tx, id)).await?;
        if known.is_none_or(|row| row.account != account) {
            return Ok(());
        }
        let uploads = self.parts.uploads.clone();
        blocking(move || uploads.abort(&id.to_string()))
            .await?
            .map_err(limits::explain)?;
        self.db().write(move |tx| Ok(upload::remove(tx, id)?)).await
    }

    /// Whether somebody's file is coming now: unfinished, and a piece of it came within 5 minutes.
    ///
    /// # Errors
    /// A storage error.
    pub async fn is_uploading(&self) -> ApiResult<bool> {
        let since = self.now().plus_ms(-RESTS_MS);
        Ok(self.db().read(move |tx| upload::under_way(tx, since)).await?)
    }

    /// How much the account stores.
    ///
    /// # Errors
    /// A storage error.
    pub async fn usage(&self, viewer: &Viewer) -> ApiResult<Usage> {
        let account = viewer.person;
        self.db()
            .read(move |tx| {
                let limits = MediaLimits::read(tx)?;
                let bytes = media_owner::usage(tx, account)?;
                Ok(Usage {
                    bytes,
                    quota: limits.quota,
                    warn: limits.is_nearly_full(bytes),
                })
            })
            .await
    }

    /// Stores a file and writes down that the account has it. Blocks.
    fn keep(
        &self,
        account: PersonId,
        name: &str,
        mut taken: Taken,
        finished: Option<UploadId>,
    ) -> ApiResult<MediaItem> {
        let now = self.now();
        for _ in 0..TRIES {
            let row = taken.store(&self.parts.blobs, now)?;
            let blobs = self.parts.blobs.clone();
            let name = name.to_owned();
            let kept = self.db().write_blocking(move |tx| {
                let kept = write_down(tx, &blobs, account, &name, row, now)?;
                if let (Some(id), Some(item)) = (finished, &kept) {
                    upload::finish(tx, id, &item.hash, now)?;
                }
                Ok::<_, ApiError>(kept)
            })?;
            if let Some(item) = kept {
                return Ok(item);
            }
        }
        Err(ApiError::new(
            Code::StorageError,
            "Storing the file failed. Try again.",
        ))
    }
}

/// Writes down that an account has a file; `None` when a sweep took its bytes meanwhile.
fn write_down(
    tx: &mut WriteTx<'_>,
    blobs: &BlobStore,
    account: PersonId,
    name: &str,
    row: MediaRow,
    now: Timestamp,
) -> ApiResult<Option<MediaItem>> {
    if !blobs.contains(&to_blob(&row.hash)?) {
        return Ok(None);
    }
    let limits = MediaLimits::read(tx)?;
    let before = media_owner::usage(tx, account)?;
    let owned = media_owner::get(tx, account, &row.hash)?;
    if owned.is_none() {
        check_quota(&limits, before, row.bytes)?;
    }
    // A date that an earlier upload of the same picture had is kept.
    let captured_at = row
        .captured_at
        .clone()
        .or(media::get(tx, &row.hash)?.and_then(|known| known.captured_at));
    media::put(
        tx,
        &MediaRow {
            captured_at,
            ..row.clone()
        },
    )?;
    let carried = hearth_db::attachment::carried_by(tx, account, &row.hash)?;
    media_owner::put(
        tx,
        &OwnerRow {
            account,
            hash: row.hash.clone(),
            name: name.to_owned(),
            at: now,
            loose_since: (!carried).then_some(now),
        },
    )?;
    let after = media_owner::usage(tx, account)?;
    if limits.is_nearly_full(after) && !limits.is_nearly_full(before) {
        raise(
            tx,
            &Notice {
                to: account,
                kind: NotificationType::QuotaWarning,
                actor: None,
                subject: SubjectRef::Account("quota_90"),
                at: now,
            },
        )?;
    }
    Ok(Some(to_item(row, name)))
}

fn own_upload(tx: &ReadTx<'_>, account: PersonId, id: UploadId) -> ApiResult<UploadRow> {
    upload::get(tx, id)?
        .filter(|row| row.account == account)
        .ok_or_else(ApiError::not_found)
}

/// A file of the account as shown.
fn uploaded_item(tx: &ReadTx<'_>, account: PersonId, hash: &MediaHash) -> ApiResult<Option<MediaItem>> {
    let owner = media_owner::get(tx, account, hash)?;
    let row = media::get(tx, hash)?;
    Ok(owner.zip(row).map(|(owner, row)| to_item(row, &owner.name)))
}

fn to_item(row: MediaRow, name: &str) -> MediaItem {
    MediaItem {
        hash: row.hash,
        kind: row.kind,
        mime: row.mime,
        name: name.to_owned(),
        bytes: row.bytes,
        width: row.width,
        height: row.height,
        placeholder: row.placeholder,
        alt: String::new(),
        caption: String::new(),
    }
}

/// Why finishing did not succeed.
enum Finish {
    /// The upload itself: not there, incomplete, busy.
    Upload(MediaError),
    /// The file was not taken, or not stored.
    Refused(ApiError),
}

impl From<MediaError> for Finish {
    fn from(error: MediaError) -> Self {
        Self::Upload(error)
    }
}

impl Finish {
    fn into_api(self) -> ApiError {
        match self {
            Self::Upload(error) => limits::explain(error),
            Self::Refused(error) => error,
        }
    }
}

/// Whether the same bytes will be refused again.
fn is_final(error: &ApiError) -> bool {
    matches!(
        error.code,
        Code::HeicUnsupported | Code::ImageTooLarge | Code::BadFile | Code::FileTooLarge
    )
}

/// Runs blocking work off the async threads.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(error = %error, "Work on a file broke off");
        ApiError::new(
            Code::Internal,
            "Working on the file broke off. Try again; if it happens again, the file may be damaged.",
        )
    })
}
