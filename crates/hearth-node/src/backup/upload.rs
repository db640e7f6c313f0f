//! A backup file that a window hands over to be restored: in pieces, into the home's folder.

use super::{BackupError, Preface, create};
use hearth_api::backup::{RestorePreview, RestoreUpload};
use hearth_api::{ApiError, ApiResult, Code, HomeId, Timestamp};
use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

/// The longest piece, before Base64.
const MAX_PIECE: usize = 1024 * 1024;
/// One of which nothing came for so long is given up, in milliseconds.
const RESTS_MS: i64 = 5 * 60 * 1000;
const FOLDER: &str = "restore-upload";

/// Removes what a file left that was handed over before: the home was restored from it, or the program ended.
pub(crate) fn sweep(dir: &Path) {
    if let Err(error) = fs::remove_dir_all(dir.join(FOLDER))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "What is left of a file that was handed over stays until the next start");
    }
}

/// A file that is being handed over. Dropped, it vanishes.
pub(super) struct Upload {
    id: String,
    path: PathBuf,
    file: File,
    offset: u64,
    bytes: u64,
    at: Timestamp,
}

impl Upload {
    /// Begins one; what an earlier one left is removed.
    pub(super) fn begin(dir: &Path, id: String, bytes: u64, now: Timestamp) -> ApiResult<Self> {
        let folder = dir.join(FOLDER);
        let failed = |error| ApiError::from(BackupError::io(folder.display().to_string(), error));
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        fs::create_dir_all(&folder).map_err(failed)?;
        create::need_space(&folder, bytes)?;
        let path = folder.join("backup");
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(failed)?;
        Ok(Self {
            id,
            path,
            file,
            offset: 0,
            bytes,
            at: now,
        })
    }

    /// Where it stands.
    pub(super) fn state(&self) -> RestoreUpload {
        RestoreUpload {
            id: self.id.clone(),
            offset: self.offset,
            bytes: self.bytes,
        }
    }

    /// Whether it is the one of this id.
    pub(super) fn is(&self, id: &str) -> bool {
        self.id == id
    }

    /// Whether it is still coming: bytes are missing, and the last ones came within 5 minutes.
    pub(super) fn is_coming(&self, now: Timestamp) -> bool {
        self.offset < self.bytes && now.ms_since(self.at) < RESTS_MS
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, offset: u64, data: &str, now: Timestamp) -> ApiResult<RestoreUpload> {
        if offset != self.offset {
            return Err(ApiError::new(
                Code::WrongOffset,
                format!("The file goes on at byte {}.", self.offset),
            )
            .on("offset"));
        }
        let piece = data_encoding::BASE64
            .decode(data.as_bytes())
            .ok()
            .filter(|piece| !piece.is_empty() && piece.len() <= MAX_PIECE)
            .ok_or_else(|| ApiError::invalid("data", "A piece is 1 byte to 1 MiB, as Base64."))?;
        let after = self
            .offset
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if after > self.bytes {
            return Err(ApiError::invalid("data", "That is more than the file's length."));
        }
        self.file
            .write_all(&piece)
            .map_err(|error| BackupError::io("the home's folder", error))?;
        self.offset = after;
        self.at = now;
        Ok(self.state())
    }

    /// What it says of itself. It would take the place of the home `present`, if one is known to be there.
    pub(super) fn preview(&self, present: Option<&HomeId>) -> Result<RestorePreview, BackupError> {
        let file = File::open(&self.path).map_err(|error| BackupError::io("the backup", error))?;
        let (preface, _) = Preface::read(&mut BufReader::new(file))?;
        Ok(RestorePreview {
            made_at: preface.made_at,
            bytes: self.bytes,
            people: preface.people,
            program: preface.program,
            other_home: present.is_some_and(|present| *present != preface.home),
        })
    }

    /// The file, when it has come whole.
    pub(super) fn whole(&self) -> ApiResult<PathBuf> {
        if self.offset == self.bytes {
            Ok(self.path.clone())
        } else {
            Err(ApiError::wrong_state("The file has not come whole yet."))
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next one.
        let _ = fs::remove_file(&self.path);
    }
}
