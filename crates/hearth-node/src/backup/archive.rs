//! The archive inside: entries in a fixed order, each with its SHA-256 in the manifest at the end.

use super::{BackupError, Job, Part, Preface, age, names};
use data_encoding::HEXLOWER;
use hearth_api::{HomeId, MediaHash, Timestamp};
use hearth_media::MediaError;
use hearth_media::blob::{BlobStore, Hash};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

/// The longest manifest that is read: some millions of files.
const MAX_MANIFEST: u64 = 512 * 1024 * 1024;
/// Bytes moved at a time.
const CHUNK: usize = 256 * 1024;

/// What was put in, as its last entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version of the program.
    pub(super) program: String,
    /// The version of the schema.
    pub(super) schema: i64,
    /// When.
    pub(super) made_at: Timestamp,
    /// Of which home.
    pub(super) home: HomeId,
    /// What it was called.
    pub(super) home_name: String,
    /// How many people lived there.
    pub(super) people: u64,
    /// Length and SHA-256 of each entry.
    pub(super) entries: BTreeMap<String, Entry>,
    /// Files that were missing or damaged in the home itself.
    pub(super) left_out: Vec<MediaHash>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Its length.
    pub(super) bytes: u64,
    /// SHA-256 as lower-case hexadecimal.
    pub(super) sha256: String,
}

/// What an entry's name says it is. No other name is accepted, so none can lead out of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Database,
    Key(&'static str),
    Blob(Hash),
    Manifest,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        if name == names::DATABASE {
            return Some(Self::Database);
        }
        if name == names::MANIFEST {
            return Some(Self::Manifest);
        }
        if let Some(key) = name.strip_prefix("keys/") {
            return names::KEYS.into_iter().find(|k| *k == key).map(Self::Key);
        }
        name.strip_prefix("blobs/")?.parse().ok().map(Self::Blob)
    }
    fn part(&self) -> Part {
        match self {
            Self::Database => Part::Database,
            Self::Key(_) => Part::Keys,
            Self::Blob(hash) => Part::File(hash.to_string()),
            Self::Manifest => Part::Manifest,
        }
    }
}

/// Counts and hashes what is read through it.
struct Hashing<'j, R> {
    inner: R,
    sha: Sha256,
    bytes: u64,
    job: &'j Job,
    cancelled: bool,
}

impl<'j, R: Read> Hashing<'j, R> {
    fn new(inner: R, job: &'j Job) -> Self {
        Self {
            inner,
            sha: Sha256::new(),
            bytes: 0,
            job,
            cancelled: false,
        }
    }
    fn entry(self) -> Entry {
        Entry {
            bytes: self.bytes,
            sha256: HEXLOWER.encode(&self.sha.finalize()),
        }
    }
}

impl<R: Read> Read for Hashing<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.sha.update(out.get(..n).unwrap_or_default());
        let read = u64::try_from(n).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(read);
        if self.job.advance(read).is_err() {
            self.cancelled = true;
            return Err(io::Error::other("cancelled"));
        }
        Ok(n)
    }
}

/// Puts entries into a new archive.
pub(super) struct Packer<'j, W: Write> {
    tar: tar::Builder<age::Writer<W>>,
    job: &'j Job,
    mtime: u64,
    entries: BTreeMap<String, Entry>,
}

impl<'j, W: Write> Packer<'j, W> {
    pub(super) fn new(out: age::Writer<W>, made_at: Timestamp, job: &'j Job) -> Self {
        let mut tar = tar::Builder::new(out);
        tar.mode(tar::HeaderMode::Deterministic);
        Self {
            tar,
            job,
            mtime: u64::try_from(made_at.0.div_euclid(1000)).unwrap_or(0),
            entries: BTreeMap::new(),
        }
    }

    /// Adds an entry of exactly `bytes` bytes.
    pub(super) fn add(&mut self, name: &str, bytes: u64, content: impl Read) -> Result<(), BackupError> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(self.mtime);
        let mut reading = Hashing::new(content.take(bytes), self.job);
        let done = self.tar.append_data(&mut header, name, &mut reading);
        if reading.cancelled {
            return Err(BackupError::Cancelled);
        }
        done.map_err(|error| BackupError::io("the backup", error))?;
        if reading.bytes != bytes {
            let error = io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter meanwhile");
            return Err(BackupError::io(name, error));
        }
        self.entries.insert(name.to_owned(), reading.entry());
        Ok(())
    }

    /// The SHA-256 of an entry that was added.
    pub(super) fn sha256(&self, name: &str) -> Option<&str> {
        self.entries.get(name).map(|entry| entry.sha256.as_str())
    }

    /// What was added so far.
    pub(super) fn entries(&self) -> BTreeMap<String, Entry> {
        self.entries.clone()
    }

    /// Adds the manifest and ends the archive.
    pub(super) fn finish(mut self, manifest: &Manifest) -> Result<W, BackupError> {
        let json = serde_json::to_vec_pretty(manifest)
            .map_err(|error| BackupError::io("the list of contents", io::Error::other(error)))?;
        let bytes = u64::try_from(json.len()).unwrap_or(u64::MAX);
        self.add(names::MANIFEST, bytes, json.as_slice())?;
        self.tar
            .into_inner()
            .and_then(age::Writer::finish)
            .map_err(|error| BackupError::io("the backup", error))
    }
}

/// Opens a backup's first lines.
pub(super) fn open(path: &Path) -> Result<(Preface, Vec<u8>, BufReader<File>), BackupError> {
    let what = || path.display().to_string();
    let file = File::open(path).map_err(|error| BackupError::io(what(), error))?;
    let mut input = BufReader::with_capacity(CHUNK, file);
    let (preface, header) = Preface::read(&mut input)?;
    Ok((preface, header, input))
}

/// Stretches the passphrase and opens a backup with it, once for all the times that it is read.
pub(super) fn unlock(path: &Path, passphrase: &str) -> Result<age::FileKey, BackupError> {
    let (_, header, _) = open(path)?;
    age::open_header(&header, passphrase)
}

/// Reads a backup whole and checks every entry; with `into`, unpacks it into that folder on the way.
pub(super) fn read(
    path: &Path,
    key: &age::FileKey,
    job: &Job,
    into: Option<&Path>,
) -> Result<(Preface, Manifest), BackupError> {
    let (preface, _, input) = open(path)?;
    let blobs = into
        .map(|dir| BlobStore::open(dir.join(names::BLOBS)))
        .transpose()
        .map_err(|error| BackupError::io("the folder to unpack into", io::Error::other(error)))?;
    let content = age::Reader::new(input, key)?;
    let mut tar = tar::Archive::new(content);
    let mut found = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    // Files that are not what they are named: allowed only if they were so in the home itself.
    let mut rotten: Vec<String> = Vec::new();
    // The part that is being read: what an error is about.
    let mut part = Part::Database;
    let entries = tar.entries().map_err(|error| read_error(error, &part))?;
    for entry in entries {
        let entry = entry.map_err(|error| read_error(error, &part))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let plain = entry.header().entry_type() == tar::EntryType::Regular;
        let kind = Kind::of(&name).filter(|_| plain && manifest.is_none());
        let Some(kind) = kind.filter(|_| !found.contains_key(&name)) else {
            return Err(BackupError::Damaged(part));
        };
        part = kind.part();
        let mut reading = Hashing::new(entry, job);
        let outcome = unpack(&kind, &mut reading, into, blobs.as_ref());
        if reading.cancelled {
            return Err(BackupError::Cancelled);
        }
        match outcome? {
            Some(bytes) => {
                let read =
                    serde_json::from_slice(&bytes).map_err(|_form| BackupError::Damaged(Part::Manifest))?;
                manifest = Some(read);
            }
            None => {
                let entry = reading.entry();
                if let Kind::Blob(hash) = &kind
                    && entry.sha256 != hash.to_string()
                {
                    rotten.push(hash.to_string());
                }
                found.insert(name, entry);
            }
        }
    }
    // The archive ends before the encryption does: only its last chunk proves that nothing is cut off.
    let mut rest = tar.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(|error| read_error(error, &Part::End))?;
    let manifest = manifest.ok_or(BackupError::Damaged(Part::End))?;
    check(&preface, &manifest, &found)?;
    let unknown = rotten
        .into_iter()
        .find(|hash| !manifest.left_out.iter().any(|out| out.as_str() == hash));
    match unknown {
        Some(hash) => Err(BackupError::Damaged(Part::File(hash))),
        None => Ok((preface, manifest)),
    }
}

/// Reads one entry to its end; the answer has the bytes of a manifest.
fn unpack(
    kind: &Kind,
    reading: &mut Hashing<'_, impl Read>,
    into: Option<&Path>,
    blobs: Option<&BlobStore>,
) -> Result<Option<Vec<u8>>, BackupError> {
    let part = kind.part();
    match (kind, into, blobs) {
        (Kind::Manifest, ..) => {
            let mut bytes = Vec::new();
            reading
                .take(MAX_MANIFEST)
                .read_to_end(&mut bytes)
                .map_err(|error| read_error(error, &part))?;
            return Ok(Some(bytes));
        }
        (_, None, _) | (Kind::Blob(_), _, None) => {
            io::copy(reading, &mut io::sink()).map_err(|error| read_error(error, &part))?;
        }
        (Kind::Blob(hash), _, Some(blobs)) => match blobs.put_expected(&mut *reading, u64::MAX, *hash) {
            Ok(_) | Err(MediaError::HashMismatch { .. }) => {}
            Err(MediaError::StorageFull(error)) => {
                return Err(BackupError::io("the home's folder", error));
            }
            Err(MediaError::Io(error)) => return Err(read_error(error, &part)),
            Err(_) => return Err(BackupError::Damaged(part)),
        },
        (Kind::Database, Some(dir), _) => write_file(&dir.join(names::DATABASE), reading, &part)?,
        (Kind::Key(name), Some(dir), _) => write_file(&dir.join(name), reading, &part)?,
    }
    Ok(None)
}

fn write_file(path: &Path, reading: &mut impl Read, part: &Part) -> Result<(), BackupError> {
    let failed = |error| BackupError::io(path.display().to_string(), error);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(failed)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let n = reading
            .read(&mut buffer)
            .map_err(|error| read_error(error, part))?;
        if n == 0 {
            break;
        }
        file.write_all(buffer.get(..n).unwrap_or_default())
            .map_err(failed)?;
    }
    file.sync_all().map_err(failed)
}

/// An error of the machine is one; anything else that keeps a backup from being read is damage.
fn read_error(error: io::Error, part: &Part) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Damaged(Part::End),
        _ if error.raw_os_error().is_some() => BackupError::io("the backup", error),
        _ => BackupError::Damaged(part.clone()),
    }
}

/// Compares what was found with what was put in.
fn check(preface: &Preface, manifest: &Manifest, found: &BTreeMap<String, Entry>) -> Result<(), BackupError> {
    let same = preface.home == manifest.home
        && preface.made_at == manifest.made_at
        && preface.people == manifest.people
        && preface.schema == manifest.schema;
    if !same {
        return Err(BackupError::Damaged(Part::Header));
    }
    for name in manifest.entries.keys().chain(found.keys()) {
        if manifest.entries.get(name) != found.get(name) {
            return Err(BackupError::Damaged(
                Kind::of(name).map_or(Part::Manifest, |kind| kind.part()),
            ));
        }
    }
    let whole = found.contains_key(names::DATABASE) && found.keys().any(|name| name.starts_with("keys/"));
    if !whole {
        return Err(BackupError::Damaged(Part::Manifest));
    }
    Ok(())
}
