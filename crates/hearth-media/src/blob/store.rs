//! The store itself.

use std::fs::{self, File, ReadDir};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Hash, Hasher, Staging, ensure_dir, sync_dir};
use crate::error::{MediaError, Result};

/// The most bytes that one [`BlobStore::read_range`] gives.
pub const MAX_RANGE: u64 = 8 * 1024 * 1024;

/// How much is read at a time.
const CHUNK: usize = 64 * 1024;

/// The size of a thumbnail: the most pixels of its longest side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// 160 pixels, for lists.
    Small,
    /// 480 pixels, for grids.
    Medium,
    /// 1280 pixels, for the screen.
    Large,
}

impl Variant {
    /// Every size, smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The most pixels of the longest side.
    #[must_use]
    pub const fn pixels(self) -> u32 {
        match self {
            Self::Small => 160,
            Self::Medium => 480,
            Self::Large => 1280,
        }
    }

    /// The size of exactly that many pixels.
    #[must_use]
    pub fn from_pixels(pixels: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|variant| variant.pixels() == pixels)
    }
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The name of the blob.
    pub hash: Hash,
    /// Its length in bytes.
    pub len: u64,
}

/// A content-addressed store. Cheap to clone; clones share the folder.
#[derive(Debug, Clone)]
pub struct BlobStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    blobs: PathBuf,
    variants: PathBuf,
    staging: Staging,
}

impl BlobStore {
    /// Opens the store in `root`, makes the folder where there is none, clears what a crash left.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(root: impl AsRef<Path>) -> Result<Self> {
        let root = root.as_ref();
        let blobs = root.join("blobs");
        let variants = root.join("variants");
        ensure_dir(&blobs)?;
        ensure_dir(&variants)?;
        let staging = Staging::open(root.join("tmp"))?;
        Ok(Self {
            inner: Arc::new(Inner {
                blobs,
                variants,
                staging,
            }),
        })
    }

    /// Stores `bytes` durably; what is there already is not written again.
    ///
    /// # Errors
    /// [`MediaError::StorageFull`] or another failure to write.
    pub fn put_bytes(&self, bytes: &[u8]) -> Result<Hash> {
        let hash = Hash::of(bytes);
        if !self.holds(&hash, bytes.len() as u64)? {
            let mut staged = self.inner.staging.create()?;
            staged.write_all(bytes)?;
            staged.publish(&self.blob_path(&hash))?;
        }
        Ok(hash)
    }

    /// Stores what `reader` gives, at most `limit` bytes, without holding it in memory.
    ///
    /// # Errors
    /// [`MediaError::FileTooLarge`] when more than `limit` comes; nothing is stored then.
    pub fn put_reader(&self, reader: impl Read, limit: u64) -> Result<Stored> {
        self.put(reader, limit, None)
    }

    /// Stores what `reader` gives if it is the blob `expected`: for bytes that came from another node.
    ///
    /// # Errors
    /// [`MediaError::HashMismatch`] when the bytes are others, and like [`BlobStore::put_reader`];
    /// nothing is stored then.
    pub fn put_expected(&self, reader: impl Read, limit: u64, expected: Hash) -> Result<Stored> {
        self.put(reader, limit, Some(expected))
    }

    fn put(&self, mut reader: impl Read, limit: u64, expected: Option<Hash>) -> Result<Stored> {
        let mut staged = self.inner.staging.create()?;
        let mut hasher = Hasher::default();
        let mut len = 0u64;
        each_chunk(&mut reader, |chunk| {
            len += chunk.len() as u64;
            if len > limit {
                return Err(MediaError::FileTooLarge { limit });
            }
            hasher.update(chunk);
            staged.write_all(chunk)?;
            Ok(())
        })?;
        let hash = hasher.finish();
        if let Some(expected) = expected.filter(|expected| *expected != hash) {
            return Err(MediaError::HashMismatch { expected });
        }
        if !self.holds(&hash, len)? {
            staged.publish(&self.blob_path(&hash))?;
        }
        Ok(Stored { hash, len })
    }

    /// Whether the blob is there in its full length; one cut short by the disk is written anew.
    fn holds(&self, hash: &Hash, len: u64) -> Result<bool> {
        match self.len(hash) {
            Ok(found) => Ok(found == len),
            Err(MediaError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Opens a blob for reading.
    ///
    /// # Errors
    /// [`MediaError::NotFound`] when it is not there.
    pub fn open_blob(&self, hash: &Hash) -> Result<File> {
        Ok(File::open(self.blob_path(hash))?)
    }

    /// The length of a blob in bytes.
    ///
    /// # Errors
    /// [`MediaError::NotFound`] when it is not there.
    pub fn len(&self, hash: &Hash) -> Result<u64> {
        Ok(fs::metadata(self.blob_path(hash))?.len())
    }

    /// Whether the blob is there.
    #[must_use]
    pub fn contains(&self, hash: &Hash) -> bool {
        self.blob_path(hash).is_file()
    }

    /// Tells which of these blobs are not in the store in `root`, without opening that: nothing is made, cleared or read but names.
    ///
    /// # Errors
    /// When a folder cannot be looked at.
    pub fn missing_in(root: &Path, hashes: &[Hash]) -> Result<Vec<Hash>> {
        let blobs = root.join("blobs");
        let mut missing = Vec::new();
        for hash in hashes {
            match fs::metadata(path_in(&blobs, hash, &hash.to_string())) {
                Ok(metadata) if metadata.is_file() => {}
                Ok(_) => missing.push(*hash),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) =>
                {
                    missing.push(*hash);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(missing)
    }

    /// Reads a whole blob of at most `limit` bytes into memory.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], [`MediaError::FileTooLarge`].
    pub fn read(&self, hash: &Hash, limit: u64) -> Result<Vec<u8>> {
        read_limited(self.open_blob(hash)?, limit)
    }

    /// Reads up to `len` bytes from `offset`, and no more than [`MAX_RANGE`].
    ///
    /// # Errors
    /// [`MediaError::NotFound`]; [`MediaError::RangeNotSatisfiable`] when `offset` is at or behind the end
    /// of a blob that is not empty.
    pub fn read_range(&self, hash: &Hash, offset: u64, len: u64) -> Result<Vec<u8>> {
        let mut file = self.open_blob(hash)?;
        let end = file.metadata()?.len();
        if offset >= end && (offset, end) != (0, 0) {
            return Err(MediaError::RangeNotSatisfiable { len: end });
        }
        let len = len.min(end.saturating_sub(offset)).min(MAX_RANGE);
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or_default());
        file.take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the blob and compares it with its name.
    ///
    /// # Errors
    /// [`MediaError::HashMismatch`] when the disk holds other bytes, [`MediaError::NotFound`].
    pub fn verify(&self, hash: &Hash) -> Result<()> {
        let mut hasher = Hasher::default();
        each_chunk(&mut self.open_blob(hash)?, |chunk| {
            hasher.update(chunk);
            Ok(())
        })?;
        if hasher.finish() == *hash {
            Ok(())
        } else {
            Err(MediaError::HashMismatch { expected: *hash })
        }
    }

    /// Erases a blob and everything derived from it; tells whether the blob was there.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn delete(&self, hash: &Hash) -> Result<bool> {
        self.delete_variants(hash)?;
        remove(&self.blob_path(hash))
    }

    /// Goes through every blob, in no order. Files with other names are passed over.
    ///
    /// # Errors
    /// When the folder cannot be read; each item may tell of a part that cannot.
    pub fn iter(&self) -> Result<Blobs> {
        Ok(Blobs {
            open: vec![fs::read_dir(&self.inner.blobs)?],
        })
    }

    /// Where a thumbnail lies, whether or not it is there.
    #[must_use]
    pub fn variant_path(&self, hash: &Hash, variant: Variant) -> PathBuf {
        path_in(
            &self.inner.variants,
            hash,
            &format!("{hash}.{}", variant.pixels()),
        )
    }

    /// Stores a thumbnail. It is derived: after a power cut it may be missing, and is made again.
    ///
    /// # Errors
    /// [`MediaError::StorageFull`] or another failure to write.
    pub fn put_variant(&self, hash: &Hash, variant: Variant, bytes: &[u8]) -> Result<()> {
        let mut staged = self.inner.staging.create()?;
        staged.write_all(bytes)?;
        staged.publish_quickly(&self.variant_path(hash, variant))?;
        Ok(())
    }

    /// Opens a thumbnail for reading.
    ///
    /// # Errors
    /// [`MediaError::NotFound`] when it has not been made.
    pub fn open_variant(&self, hash: &Hash, variant: Variant) -> Result<File> {
        Ok(File::open(self.variant_path(hash, variant))?)
    }

    /// The thumbnails of a blob that are there, with their length in bytes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn variants(&self, hash: &Hash) -> Result<Vec<(Variant, u64)>> {
        let mut found = Vec::new();
        for variant in Variant::ALL {
            match fs::metadata(self.variant_path(hash, variant)) {
                Ok(metadata) => found.push((variant, metadata.len())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    /// Erases the thumbnails of a blob.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn delete_variants(&self, hash: &Hash) -> Result<()> {
        for variant in Variant::ALL {
            remove(&self.variant_path(hash, variant))?;
        }
        Ok(())
    }

    fn blob_path(&self, hash: &Hash) -> PathBuf {
        path_in(&self.inner.blobs, hash, &hash.to_string())
    }
}

fn path_in(folder: &Path, hash: &Hash, name: &str) -> PathBuf {
    let [first, second] = hash.fan_out();
    folder.join(first).join(second).join(name)
}

/// Removes a file durably; tells whether it was there.
fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => {
            path.parent().map_or(Ok(()), sync_dir)?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn each_chunk(reader: &mut impl Read, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(len) => take(buffer.get(..len).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Reads everything that `reader` gives, at most `limit` bytes.
pub(crate) fn read_limited(reader: impl Read, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(MediaError::FileTooLarge { limit });
    }
    Ok(bytes)
}

/// Goes through the blobs of a store; see [`BlobStore::iter`].
#[derive(Debug)]
pub struct Blobs {
    open: Vec<ReadDir>,
}

impl Blobs {
    fn step(&mut self, entry: io::Result<fs::DirEntry>) -> Result<Option<Stored>> {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            self.open.push(fs::read_dir(entry.path())?);
            return Ok(None);
        }
        let hash = entry.file_name().to_str().and_then(|name| name.parse().ok());
        match hash {
            Some(hash) if kind.is_file() => Ok(Some(Stored {
                hash,
                len: entry.metadata()?.len(),
            })),
            _ => Ok(None),
        }
    }
}

impl Iterator for Blobs {
    type Item = Result<Stored>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.open.last_mut()?.next() {
                None => {
                    self.open.pop();
                }
                Some(entry) => match self.step(entry).transpose() {
                    None | Some(Err(MediaError::NotFound)) => {}
                    Some(item) => return Some(item),
                },
            }
        }
    }
}
