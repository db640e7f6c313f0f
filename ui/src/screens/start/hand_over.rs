//! Handing a backup to the home in pieces: one that was chosen on the page, or one that the desktop app reads.

use crate::prelude::*;
use crate::state::desktop;
use hearth_api::backup::{BeginRestore, PreviewRestore, RestorePreview, SendRestore};
use hearth_api::desktop::HandedBackup;
use hearth_api::{ApiError, ApiResult, Code};
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Bytes of a piece, before Base64.
const PIECE: u64 = 512 * 1024;

/// A backup to restore.
pub(crate) enum Source {
    /// Chosen on this page.
    Chosen(File),
    /// Handed to the desktop app, which reads it.
    Handed(HandedBackup),
}

/// Hands a file over in pieces; what it says of itself is asked for as soon as its beginning is there.
pub(crate) async fn hand_over(
    file: &Source,
    progress: impl Fn(f64) -> bool,
) -> ApiResult<(String, RestorePreview)> {
    let bytes = file.bytes();
    let mut upload = call(BeginRestore { bytes }).await?;
    let mut preview = None;
    while upload.offset < bytes {
        let request = SendRestore {
            id: upload.id.clone(),
            offset: upload.offset,
            data: file.piece(upload.offset).await?,
        };
        upload = call(request).await?;
        if preview.is_none() {
            let request = PreviewRestore {
                id: upload.id.clone(),
            };
            preview = Some(call(request).await?);
        }
        #[expect(clippy::cast_precision_loss, reason = "a share for a bar")]
        let share = upload.offset as f64 / bytes as f64;
        if !progress(share) {
            return Err(ApiError::new(Code::Cancelled, "The file is not wanted any more."));
        }
    }
    let unread = || ApiError::new(Code::BackupDamaged, "The file is empty.");
    Ok((upload.id, preview.ok_or_else(unread)?))
}

impl Source {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Chosen(file) => file.name(),
            Self::Handed(handed) => handed.name.clone(),
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a file's size is a whole number"
            )]
            Self::Chosen(file) => file.size() as u64,
            Self::Handed(handed) => handed.bytes,
        }
    }

    /// The next piece, as Base64.
    async fn piece(&self, from: u64) -> ApiResult<String> {
        match self {
            Self::Chosen(file) => read(file, from, (from + PIECE).min(self.bytes())).await,
            Self::Handed(handed) => desktop::read_handed_backup(handed.number, from).await,
        }
    }
}

async fn read(file: &File, from: u64, to: u64) -> ApiResult<String> {
    let lost = || ApiError::new(Code::BadFile, "The file can no longer be read. Choose it again.");
    #[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
    let piece = file
        .slice_with_f64_and_f64(from as f64, to as f64)
        .map_err(|_gone| lost())?;
    let buffer = JsFuture::from(piece.array_buffer())
        .await
        .map_err(|_gone| lost())?;
    let text: String = Uint8Array::new(&buffer)
        .to_vec()
        .into_iter()
        .map(char::from)
        .collect();
    web_sys::window()
        .and_then(|window| window.btoa(&text).ok())
        .ok_or_else(lost)
}
