//! Uploads that can be interrupted: bytes arrive in pieces, each acknowledged once it is on the disk.
//!
//! ```text
//! root/u-<id>.part     the bytes so far
//! root/u-<id>.meta     32 bytes: mark, declared length, limit, acknowledged length (little-endian u64)
//! ```
//!
//! Invariants: what was acknowledged survives a crash, and what was not is written anew, since the
//! acknowledged length is noted after the bytes were flushed. One call at a time works on an upload.
//! One `Uploads` owns a folder.
//!
//! Not here: who may upload and how much (the caller passes the limit), and the making of ids.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::blob::{BlobStore, Hash, Staging, ensure_dir, sync_dir};
use crate::error::{MediaError, Result};

const MARK: [u8; 8] = *b"hearthup";
/// Where the acknowledged length stands in the meta file.
const ACKNOWLEDGED_AT: u64 = 24;

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadStatus {
    /// Bytes that have come; the next piece begins here.
    pub offset: u64,
    /// Bytes that were announced.
    pub declared_len: u64,
}

/// The uploads under way, in a folder.
#[derive(Debug)]
pub struct Uploads {
    dir: PathBuf,
    staging: Staging,
    busy: Mutex<HashSet<String>>,
}

impl Uploads {
    /// Opens the folder, makes it where there is none; uploads begun earlier go on.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(root: impl AsRef<Path>) -> Result<Self> {
        let dir = root.as_ref().to_path_buf();
        ensure_dir(&dir)?;
        let staging = Staging::open(dir.join("tmp"))?;
        Ok(Self {
            dir,
            staging,
            busy: Mutex::default(),
        })
    }

    /// Begins an upload of `declared_len` bytes, or finds the one that was begun so before.
    ///
    /// # Errors
    /// [`MediaError::FileTooLarge`] when more than `limit` is announced, [`MediaError::InvalidUploadId`],
    /// [`MediaError::UploadExists`] when the id is in use for another length.
    pub fn begin(&self, id: &str, declared_len: u64, limit: u64) -> Result<UploadStatus> {
        let upload = self.hold(id)?;
        if declared_len > limit {
            return Err(MediaError::FileTooLarge { limit });
        }
        match upload.load() {
            Ok(meta) if (meta.declared, meta.limit) == (declared_len, limit) => Ok(meta.status()),
            Ok(_) => Err(MediaError::UploadExists),
            Err(MediaError::NotFound) => {
                File::create(upload.part())?.sync_all()?;
                let meta = Meta {
                    declared: declared_len,
                    limit,
                    acknowledged: 0,
                };
                let mut staged = self.staging.create()?;
                staged.write_all(&meta.encode())?;
                staged.publish(&upload.meta())?;
                Ok(meta.status())
            }
            Err(error) => Err(error),
        }
    }

    /// Adds `bytes` at `offset` and tells where the next piece begins.
    ///
    /// # Errors
    /// [`MediaError::UploadOffset`] with the right offset when this one is not it;
    /// [`MediaError::FileTooLarge`] when more comes than was announced; [`MediaError::StorageFull`],
    /// after which the same piece can be sent again; [`MediaError::UploadBusy`], [`MediaError::NotFound`].
    pub fn append(&self, id: &str, offset: u64, bytes: &[u8]) -> Result<u64> {
        let upload = self.hold(id)?;
        let meta = upload.load()?;
        if offset != meta.acknowledged {
            return Err(MediaError::UploadOffset {
                expected: meta.acknowledged,
            });
        }
        let end = offset
            .checked_add(bytes.len() as u64)
            .filter(|end| *end <= meta.declared)
            .ok_or(MediaError::FileTooLarge { limit: meta.declared })?;
        let mut part = OpenOptions::new().write(true).open(upload.part())?;
        // What a crash or a full disk left behind the acknowledged bytes is written over.
        part.set_len(offset)?;
        part.seek(SeekFrom::Start(offset))?;
        part.write_all(bytes)?;
        part.sync_data()?;
        let mut note = OpenOptions::new().write(true).open(upload.meta())?;
        note.seek(SeekFrom::Start(ACKNOWLEDGED_AT))?;
        note.write_all(&end.to_le_bytes())?;
        note.sync_data()?;
        Ok(end)
    }

    /// How far the upload has come.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], [`MediaError::UploadBusy`].
    pub fn status(&self, id: &str) -> Result<UploadStatus> {
        Ok(self.hold(id)?.load()?.status())
    }

    /// Where the next piece begins.
    ///
    /// # Errors
    /// Like [`Uploads::status`].
    pub fn offset(&self, id: &str) -> Result<u64> {
        Ok(self.status(id)?.offset)
    }

    /// Moves a whole upload into the store, as it is.
    ///
    /// Pictures go through [`Uploads::finish_with`] instead, so that their metadata is never stored.
    ///
    /// # Errors
    /// [`MediaError::UploadIncomplete`] while bytes are missing; after any error the upload is still there.
    pub fn finish(&self, id: &str, store: &BlobStore) -> Result<Hash> {
        self.finish_with(id, |file, len| Ok(store.put_reader(file, len)?.hash))
    }

    /// Hands the bytes of a whole upload and their length to `take`, and forgets the upload if that succeeds.
    ///
    /// # Errors
    /// [`MediaError::UploadIncomplete`] while bytes are missing, and what `take` fails with; the upload is
    /// still there then.
    pub fn finish_with<T, E: From<MediaError>>(
        &self,
        id: &str,
        take: impl FnOnce(io::Take<File>, u64) -> Result<T, E>,
    ) -> Result<T, E> {
        let upload = self.hold(id)?;
        let Meta {
            declared,
            acknowledged,
            ..
        } = upload.load()?;
        if acknowledged != declared {
            return Err(MediaError::UploadIncomplete {
                received: acknowledged,
                declared,
            }
            .into());
        }
        let part = File::open(upload.part()).map_err(MediaError::from)?;
        let taken = take(part.take(declared), declared)?;
        upload.remove()?;
        Ok(taken)
    }

    /// Forgets an upload and its bytes; one that is not there is no error.
    ///
    /// # Errors
    /// [`MediaError::UploadBusy`], or when the files cannot be removed.
    pub fn abort(&self, id: &str) -> Result<()> {
        self.hold(id)?.remove()
    }

    /// Forgets uploads that nothing was added to for `older_than` before `now`; tells how many.
    ///
    /// # Errors
    /// When the folder cannot be read or a file cannot be removed.
    pub fn sweep(&self, older_than: Duration, now: SystemTime) -> Result<usize> {
        let mut swept = 0;
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().and_then(|name| name.strip_prefix("u-")) else {
                continue;
            };
            let Some((id, _)) = name.split_once('.') else {
                continue;
            };
            let upload = match self.hold(id) {
                Ok(upload) => upload,
                Err(MediaError::UploadBusy | MediaError::InvalidUploadId) => continue,
                Err(error) => return Err(error),
            };
            // Bytes without a note are of an upload that never began or was half removed.
            let touched = match fs::metadata(upload.meta()) {
                Ok(metadata) => metadata.modified()?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => SystemTime::UNIX_EPOCH,
                Err(error) => return Err(error.into()),
            };
            if now.duration_since(touched).is_ok_and(|age| age >= older_than) {
                swept += usize::from(upload.exists());
                upload.remove()?;
            }
        }
        Ok(swept)
    }

    /// Claims an upload for this call.
    fn hold(&self, id: &str) -> Result<Held<'_>> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
            return Err(MediaError::InvalidUploadId);
        }
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if !busy.insert(id.to_owned()) {
            return Err(MediaError::UploadBusy);
        }
        Ok(Held {
            uploads: self,
            id: id.to_owned(),
        })
    }
}

/// An upload that this call alone works on.
struct Held<'a> {
    uploads: &'a Uploads,
    id: String,
}

impl Held<'_> {
    fn part(&self) -> PathBuf {
        self.uploads.dir.join(format!("u-{}.part", self.id))
    }

    fn meta(&self) -> PathBuf {
        self.uploads.dir.join(format!("u-{}.meta", self.id))
    }

    fn exists(&self) -> bool {
        self.meta().exists()
    }

    fn load(&self) -> Result<Meta> {
        let mut bytes = Vec::new();
        File::open(self.meta())?.take(64).read_to_end(&mut bytes)?;
        let mut meta = Meta::decode(&bytes).ok_or_else(|| io::Error::other("An upload's note is damaged"))?;
        meta.acknowledged = meta.acknowledged.min(fs::metadata(self.part())?.len());
        Ok(meta)
    }

    /// Removes the bytes first, so that a crash in between leaves an upload that begins anew.
    fn remove(&self) -> Result<()> {
        for path in [self.part(), self.meta()] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(sync_dir(&self.uploads.dir)?)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.uploads
            .busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
    }
}

#[derive(Debug, Clone, Copy)]
struct Meta {
    declared: u64,
    limit: u64,
    acknowledged: u64,
}

impl Meta {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        for number in [self.declared, self.limit, self.acknowledged] {
            bytes.extend(number.to_le_bytes());
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (mark, numbers) = bytes.split_first_chunk::<8>()?;
        let ([declared, limit, acknowledged], []) = numbers.as_chunks::<8>() else {
            return None;
        };
        (*mark == MARK).then(|| Self {
            declared: u64::from_le_bytes(*declared),
            limit: u64::from_le_bytes(*limit),
            acknowledged: u64::from_le_bytes(*acknowledged),
        })
    }

    fn status(&self) -> UploadStatus {
        UploadStatus {
            offset: self.acknowledged,
            declared_len: self.declared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> (tempfile::TempDir, Uploads, BlobStore) {
        let dir = tempfile::tempdir().unwrap();
        let uploads = Uploads::open(dir.path().join("uploads")).unwrap();
        let store = BlobStore::open(dir.path().join("media")).unwrap();
        (dir, uploads, store)
    }

    #[test]
    fn an_upload_interrupted_by_a_restart_goes_on_where_it_was() -> Result<()> {
        let (dir, uploads, store) = setup();
        assert_eq!(
            uploads.begin("a-1", 10, 100)?,
            UploadStatus {
                offset: 0,
                declared_len: 10
            }
        );
        assert_eq!(uploads.append("a-1", 0, b"0123")?, 4);
        drop(uploads);
        let uploads = Uploads::open(dir.path().join("uploads"))?;
        assert_eq!(
            uploads.begin("a-1", 10, 100)?.offset,
            4,
            "beginning again finds it"
        );
        assert!(matches!(
            uploads.finish("a-1", &store),
            Err(MediaError::UploadIncomplete {
                received: 4,
                declared: 10
            })
        ));
        assert_eq!(uploads.append("a-1", 4, b"456789")?, 10);
        let hash = uploads.finish("a-1", &store)?;
        assert_eq!(store.read(&hash, 10)?, b"0123456789");
        assert_eq!(uploads.offset("a-1").unwrap_err().code(), "not_found");
        Ok(())
    }

    #[test]
    fn bytes_that_a_crash_left_unacknowledged_are_written_anew() -> Result<()> {
        let (dir, uploads, store) = setup();
        uploads.begin("torn", 6, 6)?;
        uploads.append("torn", 0, b"abc")?;
        let part = dir.path().join("uploads/u-torn.part");
        OpenOptions::new()
            .append(true)
            .open(&part)?
            .write_all(b"\0\0\0\0\0\0")?;
        let uploads = Uploads::open(dir.path().join("uploads"))?;
        assert_eq!(uploads.offset("torn")?, 3);
        uploads.append("torn", 3, b"def")?;
        assert_eq!(uploads.finish("torn", &store)?, Hash::of(b"abcdef"));
        Ok(())
    }

    #[test]
    fn a_wrong_offset_is_told_the_right_one() -> Result<()> {
        let (_dir, uploads, _store) = setup();
        uploads.begin("x", 10, 10)?;
        uploads.append("x", 0, b"abc")?;
        for wrong in [0, 2, 4, u64::MAX] {
            assert!(matches!(
                uploads.append("x", wrong, b"d"),
                Err(MediaError::UploadOffset { expected: 3 })
            ));
        }
        Ok(())
    }

    #[test]
    fn no_more_comes_than_was_announced_and_allowed() -> Result<()> {
        let (_dir, uploads, _store) = setup();
        assert_eq!(
            uploads.begin("big", 101, 100).unwrap_err().code(),
            "file_too_large"
        );
        uploads.begin("big", 100, 100)?;
        assert_eq!(
            uploads.append("big", 0, &[0; 101]).unwrap_err().code(),
            "file_too_large"
        );
        assert_eq!(uploads.append("big", 0, &[0; 100])?, 100);
        assert_eq!(uploads.begin("big", 99, 100).unwrap_err().code(), "upload_exists");
        Ok(())
    }

    #[test]
    fn ids_cannot_lead_out_of_the_folder() {
        let (_dir, uploads, _store) = setup();
        for id in [
            "",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "A",
            "a.b",
            "a\0",
            "ü",
            &"a".repeat(65),
        ] {
            assert_eq!(
                uploads.begin(id, 1, 1).unwrap_err().code(),
                "invalid_upload_id",
                "{id:?}"
            );
            assert_eq!(
                uploads.abort(id).unwrap_err().code(),
                "invalid_upload_id",
                "{id:?}"
            );
        }
        uploads.begin(&"a".repeat(64), 1, 1).unwrap();
    }

    #[test]
    fn one_call_at_a_time_works_on_an_upload() -> Result<()> {
        let (_dir, uploads, _store) = setup();
        uploads.begin("x", 1, 1)?;
        uploads.append("x", 0, b"1")?;
        uploads.finish_with("x", |_, _| {
            assert_eq!(uploads.abort("x").unwrap_err().code(), "upload_busy");
            uploads.begin("y", 1, 1)?;
            Ok::<_, MediaError>(())
        })?;
        assert_eq!(uploads.offset("x").unwrap_err().code(), "not_found");
        Ok(())
    }

    #[test]
    fn what_the_taker_refuses_stays() -> Result<()> {
        let (_dir, uploads, store) = setup();
        uploads.begin("x", 3, 3)?;
        uploads.append("x", 0, b"abc")?;
        let refused: Result<()> = uploads.finish_with("x", |_, _| Err(MediaError::UnsupportedType));
        assert_eq!(refused.unwrap_err().code(), "unsupported_type");
        assert_eq!(uploads.finish("x", &store)?, Hash::of(b"abc"));
        Ok(())
    }

    #[test]
    fn sweeping_forgets_what_was_left_lying() -> Result<()> {
        let (dir, uploads, _store) = setup();
        uploads.begin("old", 10, 10)?;
        uploads.append("old", 0, b"abc")?;
        let part = dir.path().join("uploads/u-orphan.part");
        fs::write(&part, b"half removed")?;
        let touched = fs::metadata(dir.path().join("uploads/u-old.meta"))?.modified()?;
        let day = Duration::from_secs(86_400);
        assert_eq!(uploads.sweep(day, touched + day / 2)?, 0);
        assert!(!part.exists(), "bytes that belong to no upload go at once");
        assert_eq!(uploads.offset("old")?, 3);
        assert_eq!(uploads.sweep(day, touched + day)?, 1);
        assert_eq!(uploads.offset("old").unwrap_err().code(), "not_found");
        Ok(())
    }

    #[test]
    fn an_empty_file_is_an_upload_too() -> Result<()> {
        let (_dir, uploads, store) = setup();
        uploads.begin("empty", 0, 10)?;
        assert_eq!(uploads.finish("empty", &store)?, Hash::of(b""));
        Ok(())
    }
}
