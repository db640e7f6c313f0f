//! Making a backup: a copy of the database, then everything into one file, then that file read back.

use super::archive::{self, Manifest, Packer};
use super::{BackupError, EXTENSION, Job, Preface, age, elsewhere, names};
use crate::keychain::Keychain;
use crate::master::{self, MasterKeyError};
use hearth_api::backup::JobPhase;
use hearth_api::ports::Entropy;
use hearth_api::{HomeId, MediaHash, Timestamp};
use hearth_db::snapshot::{self, Snapshot};
use hearth_db::{DbError, account, home, media};
use hearth_media::blob::{BlobStore, Hash};
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes kept free beside what a backup needs.
const SPARE: u64 = 16 * 1024 * 1024;
/// Bytes collected before they are written.
const BUFFER: usize = 256 * 1024;
/// Where copies of the database lie while they are packed.
const WORK: &str = "backup-work";

/// A backup to be made.
pub struct NewBackup {
    /// The file.
    pub target: PathBuf,
    /// What it is encrypted with.
    pub passphrase: Zeroizing<String>,
    /// Whether copies of other homes' files go in too.
    pub with_copies: bool,
    /// Where the key of the home may lie.
    pub keychain: Arc<dyn Keychain>,
    /// When it is made.
    pub made_at: Timestamp,
    /// Whether stretching the passphrase uses the cheapest parameters; for tests and demos only.
    pub fast: bool,
}

impl std::fmt::Debug for NewBackup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewBackup")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// A backup that was made and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// What it says of itself.
    pub preface: Preface,
    /// The length of the file.
    pub bytes: u64,
    /// Files that are missing or damaged in the home itself, and so are not in it.
    pub left_out: Vec<MediaHash>,
}

/// What the copy of the database tells.
pub(super) struct Facts {
    schema: i64,
    home: HomeId,
    home_name: String,
    people: u64,
    media: Vec<(MediaHash, u64)>,
}

/// Makes a backup of the home in `dir`, which may be running. The file appears only once it was read back whole; whatever fails,
/// nothing is left of it and older backups stay.
///
/// # Errors
/// [`BackupError`].
pub fn create(dir: &Path, new: &NewBackup, entropy: &dyn Entropy, job: &Job) -> Result<Created, BackupError> {
    check_passphrase(&new.passphrase)?;
    if new.target.exists() {
        return Err(BackupError::Exists(new.target.display().to_string()));
    }
    job.phase(JobPhase::Copying, 0)?;
    let database = dir.join(names::DATABASE);
    if !database.exists() {
        return Err(BackupError::NotSetUp);
    }
    let work = WorkDir::new(dir)?;
    let copy = work.path.join(names::DATABASE);
    need_space(dir, length_of(&database)?)?;
    snapshot::take(&database, &copy)?;
    let facts = facts(&copy, new.with_copies)?;
    let media: u64 = facts.media.iter().map(|(_, bytes)| bytes).sum();
    let total = length_of(&copy)?.saturating_add(media);
    let folder = match new.target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    ready(dir, folder)?;
    need_space(folder, total.saturating_add(total / 1000))?;
    sweep(folder);
    let part = PartFile::new(&new.target)?;
    job.phase(JobPhase::Writing, total)?;
    let (preface, left_out) = write(dir, new, entropy, job, &part, &copy, facts, total)?;
    drop(work);
    let bytes = length_of(&part.path)?;
    job.phase(JobPhase::Verifying, total)?;
    let key = archive::unlock(&part.path, &new.passphrase)?;
    archive::read(&part.path, &key, job, None)?;
    part.publish(&new.target)?;
    elsewhere::note(dir, folder, &preface);
    Ok(Created {
        preface,
        bytes,
        left_out,
    })
}

/// Makes the folder of backups where it is in the home's own folder. One elsewhere may be on a drive that is not connected: it has to be
/// there.
fn ready(dir: &Path, folder: &Path) -> Result<(), BackupError> {
    let missing = || BackupError::FolderMissing(folder.display().to_string());
    if folder.is_dir() {
        return Ok(());
    }
    if folder.exists() || !folder.starts_with(dir) {
        return Err(missing());
    }
    fs::create_dir_all(folder).map_err(|error| BackupError::io(folder.display().to_string(), error))
}

/// Refuses a passphrase that protects nothing.
pub(super) fn check_passphrase(passphrase: &str) -> Result<(), BackupError> {
    let fits = passphrase.chars().count() >= super::MIN_PASSPHRASE
        && passphrase.len() <= super::MAX_PASSPHRASE_BYTES;
    if fits {
        Ok(())
    } else {
        Err(BackupError::BadPassphrase)
    }
}

/// The cost of the passphrase for new files.
fn work_factor(fast: bool) -> u8 {
    if fast { 4 } else { age::WORK }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one step of `create`, cut out for its length"
)]
fn write(
    dir: &Path,
    new: &NewBackup,
    entropy: &dyn Entropy,
    job: &Job,
    part: &PartFile,
    copy: &Path,
    facts: Facts,
    total: u64,
) -> Result<(Preface, Vec<MediaHash>), BackupError> {
    let failed = |error| BackupError::io(new.target.display().to_string(), error);
    let header = age::Header::new(&new.passphrase, work_factor(new.fast), entropy)?;
    let preface = Preface::new(
        facts.schema,
        new.made_at,
        facts.home.clone(),
        facts.people,
        total,
        &header,
    );
    let mut file = BufWriter::with_capacity(BUFFER, part.file.try_clone().map_err(failed)?);
    preface.write(&header, &mut file).map_err(failed)?;
    let sealed = age::Writer::new(file, &header, entropy).map_err(failed)?;
    let mut packer = Packer::new(sealed, new.made_at, job);
    let database = File::open(copy).map_err(failed)?;
    packer.add(names::DATABASE, length_of(copy)?, database)?;
    for (name, bytes) in master::for_backup(dir, &*new.keychain).map_err(keys_failed)? {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        packer.add(&format!("keys/{name}"), length, bytes.as_slice())?;
    }
    let blobs = BlobStore::open(dir.join(names::BLOBS))
        .map_err(|error| BackupError::io("the files", std::io::Error::other(error)))?;
    let mut left_out = Vec::new();
    for (name, _) in facts.media {
        let Ok(hash) = name.as_str().parse::<Hash>() else {
            left_out.push(name);
            continue;
        };
        // Its true length: what the database says may come from another home.
        let (Ok(file), Ok(bytes)) = (blobs.open_blob(&hash), blobs.len(&hash)) else {
            left_out.push(name);
            continue;
        };
        let entry = format!("blobs/{name}");
        packer.add(&entry, bytes, file)?;
        if packer.sha256(&entry) != Some(name.as_str()) {
            tracing::error!(file = %name, "A file of this home is damaged on the disk");
            left_out.push(name);
        }
    }
    let manifest = Manifest {
        program: preface.program.clone(),
        schema: facts.schema,
        made_at: new.made_at,
        home: facts.home,
        home_name: facts.home_name,
        people: facts.people,
        entries: packer.entries(),
        left_out: left_out.clone(),
    };
    let out = packer.finish(&manifest)?;
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok((preface, left_out))
}

fn keys_failed(error: MasterKeyError) -> BackupError {
    match error {
        MasterKeyError::Keychain(error) => BackupError::Keychain(error),
        MasterKeyError::Io(error) => BackupError::io("the keys", error),
        error => BackupError::io("the keys", std::io::Error::other(error)),
    }
}

pub(super) fn facts(copy: &Path, with_copies: bool) -> Result<Facts, BackupError> {
    let copy = Snapshot::open(copy)?;
    let schema = copy.schema()?;
    let facts = copy.read(|tx| -> Result<Option<Facts>, DbError> {
        let people = u64::try_from(account::list(tx)?.len()).unwrap_or(u64::MAX);
        let Some(own) = home::own(tx)?.filter(|_| people > 0) else {
            return Ok(None);
        };
        let media = media::stored(tx)?
            .into_iter()
            .filter(|(_, _, own)| *own || with_copies)
            .map(|(hash, bytes, _)| (hash, bytes))
            .collect();
        Ok(Some(Facts {
            schema,
            home: own.id,
            home_name: own.name,
            people,
            media,
        }))
    })?;
    facts.ok_or(BackupError::NotSetUp)
}

pub(super) fn length_of(path: &Path) -> Result<u64, BackupError> {
    let data = fs::metadata(path).map_err(|error| BackupError::io(path.display().to_string(), error))?;
    Ok(data.len())
}

/// Refuses to begin what cannot end well for lack of space.
pub(super) fn need_space(dir: &Path, bytes: u64) -> Result<(), BackupError> {
    let needed = bytes.saturating_add(SPARE);
    match fs4::available_space(dir) {
        Ok(free) if free < needed => Err(BackupError::DiskFull {
            place: dir.display().to_string(),
            needed: needed.saturating_sub(free).div_ceil(1_000_000),
        }),
        // Where it cannot be told, writing will.
        _ => Ok(()),
    }
}

/// A folder for the copy of the database, gone when it is dropped, with the one around it if no other backup is under way. What a crash
/// left is cleared by the next one.
struct WorkDir {
    path: PathBuf,
    lock: Option<File>,
}

impl WorkDir {
    fn new(dir: &Path) -> Result<Self, BackupError> {
        let root = dir.join(WORK);
        let failed = |error| BackupError::io(root.display().to_string(), error);
        fs::create_dir_all(&root).map_err(failed)?;
        // What cannot be looked into will not be written into either.
        for entry in fs::read_dir(&root).into_iter().flatten().flatten() {
            // A folder that nobody holds the lock of belonged to a process that is gone.
            let abandoned = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
            if abandoned {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let mut number = 0_u32;
        let path = loop {
            let path = root.join(format!("{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    number = number.saturating_add(1);
                }
                // Another backup ended just now, and took the folder around it along.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    fs::create_dir_all(&root).map_err(failed)?;
                }
                Err(error) => return Err(failed(error)),
                Ok(()) => break path,
            }
        };
        private(&path).map_err(failed)?;
        let lock = File::create(path.join("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        Ok(Self {
            path,
            lock: Some(lock),
        })
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        // Not every disk of Windows lets go of a file that is open.
        drop(self.lock.take());
        // What cannot be removed now is cleared by the next backup.
        let _ = fs::remove_dir_all(&self.path);
        // It stays while another one works in it: only an empty folder goes.
        if let Some(root) = self.path.parent() {
            let _ = fs::remove_dir(root);
        }
    }
}

pub(super) fn private(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    let _ = path;
    Ok(())
}

/// Removes what backups left that were killed while they were written.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ours = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| {
                ["hearth-", "before-restore-", "before-update-"]
                    .iter()
                    .any(|start| name.starts_with(start))
            });
        let unfinished = path.to_string_lossy().ends_with(&format!(".{EXTENSION}.part"));
        if ours && unfinished && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            // What cannot be removed now is tried again by the next backup.
            let _ = fs::remove_file(&path);
        }
    }
}

/// A file without its name yet. Dropped before it is published, it vanishes.
struct PartFile {
    path: PathBuf,
    file: File,
    published: bool,
}

impl PartFile {
    fn new(target: &Path) -> Result<Self, BackupError> {
        let path = target.with_extension(format!("{EXTENSION}.part"));
        let failed = |error| BackupError::io(path.display().to_string(), error);
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(&path).map_err(failed)?;
        // Two backups to one file at once would mix; what a crash left is written over.
        if file.try_lock().is_err() {
            return Err(BackupError::Exists(path.display().to_string()));
        }
        if !path.exists() {
            return Err(failed(std::io::ErrorKind::NotFound.into()));
        }
        file.set_len(0).map_err(failed)?;
        Ok(Self {
            path,
            file,
            published: false,
        })
    }

    fn publish(mut self, target: &Path) -> Result<(), BackupError> {
        let failed = |error| BackupError::io(target.display().to_string(), error);
        fs::rename(&self.path, target).map_err(failed)?;
        self.published = true;
        super::swap::sync_dir(target.parent().unwrap_or_else(|| Path::new("."))).map_err(failed)
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is written over by the next backup.
            let _ = fs::remove_file(&self.path);
        }
    }
}
