//! Verifying and restoring.

use super::archive::{self, Manifest};
use super::create::{self, NewBackup, need_space};
use super::{BackupError, Job, Part, Preface, age, elsewhere, names, swap};
use crate::keychain::Keychain;
use crate::master::{self, MasterKeyError};
use hearth_api::backup::JobPhase;
use hearth_api::ports::Entropy;
use hearth_api::{MediaHash, Timestamp};
use hearth_db::{Db, DbError, DbOptions, device, media, meta, password_code, session};
use hearth_federation::keystore::KeyStore;
use hearth_media::blob::{BlobStore, Hash};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A restore to be done.
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// Its passphrase.
    pub passphrase: Zeroizing<String>,
    /// The passphrase of the key store that the home will be started with, if it has one.
    pub key_passphrase: Option<Zeroizing<String>>,
    /// Where the key of the present state may lie.
    pub keychain: Arc<dyn Keychain>,
    /// Now.
    pub now: Timestamp,
    /// Where the present state is saved first, as a backup with the same passphrase.
    pub safety: PathBuf,
    /// Whether the present state does not open: then its files are kept as they are, rather than backed up.
    pub broken: bool,
    /// Whether stretching the passphrase uses the cheapest parameters; for tests and demos only.
    pub fast: bool,
}

impl std::fmt::Debug for Restore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Restore")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

/// A backup that was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it says of itself.
    pub preface: Preface,
    /// What the home was called.
    pub home_name: String,
    /// How many files are in it.
    pub files: u64,
    /// Files that were missing or damaged in the home itself.
    pub left_out: Vec<MediaHash>,
    /// Where the state before was saved, if there was one.
    pub saved_before: Option<PathBuf>,
}

impl Verified {
    fn new(preface: Preface, manifest: Manifest) -> Self {
        let files = manifest.entries.keys().filter(|name| name.starts_with("blobs/"));
        Self {
            files: u64::try_from(files.count()).unwrap_or(u64::MAX),
            home_name: manifest.home_name,
            left_out: manifest.left_out,
            saved_before: None,
            preface,
        }
    }
}

/// Reads a backup whole: every byte is checked.
///
/// # Errors
/// [`BackupError::Damaged`] with the part, [`BackupError::WrongPassphrase`], [`BackupError::TooNew`].
pub fn verify(file: &Path, passphrase: &str, job: &Job) -> Result<Verified, BackupError> {
    let key = archive::unlock(file, passphrase)?;
    verify_unlocked(file, &key, job)
}

fn verify_unlocked(file: &Path, key: &age::FileKey, job: &Job) -> Result<Verified, BackupError> {
    job.phase(JobPhase::Verifying, archive::open(file)?.0.bytes)?;
    let (preface, manifest) = archive::read(file, key, job, None)?;
    Ok(Verified::new(preface, manifest))
}

/// Prepares the home of a backup to take the place of the one in `dir`, and decides for it. [`swap::finish`] then puts it there,
/// at once or at the next start. Until the decision nothing of the present home is changed.
///
/// # Errors
/// [`BackupError`]; everything is as before then.
pub(crate) fn prepare(
    dir: &Path,
    wanted: &Restore,
    entropy: &Arc<dyn Entropy>,
    job: &Job,
) -> Result<Verified, BackupError> {
    let result = prepare_inner(dir, wanted, entropy, job);
    if result.is_err() {
        swap::abandon(dir);
    }
    result
}

fn prepare_inner(
    dir: &Path,
    wanted: &Restore,
    entropy: &Arc<dyn Entropy>,
    job: &Job,
) -> Result<Verified, BackupError> {
    let key = archive::unlock(&wanted.file, &wanted.passphrase)?;
    let mut verified = verify_unlocked(&wanted.file, &key, job)?;
    need_space(dir, verified.preface.bytes)?;
    job.phase(JobPhase::Unpacking, verified.preface.bytes)?;
    let new = swap::begin(dir).map_err(|error| BackupError::io(dir.display().to_string(), error))?;
    archive::read(&wanted.file, &key, job, Some(&new))?;
    job.phase(JobPhase::Trying, 0)?;
    renew(&new, wanted.now, verified.preface.made_at)?;
    try_keys(&new, wanted, entropy)?;
    let whole = std::fs::metadata(dir.join(names::DATABASE)).is_ok_and(|data| data.len() > 0);
    verified.saved_before = if whole && !wanted.broken {
        save_present(dir, wanted, entropy, job)?
    } else if swap::holds_anything(dir) {
        // A database that is gone leaves pictures and keys, which may be all that there is of them.
        Some(keep_files(dir, wanted)?)
    } else {
        None
    };
    job.phase(JobPhase::Swapping, 0)?;
    swap::commit(dir).map_err(|error| BackupError::io(dir.display().to_string(), error))?;
    elsewhere::forget_others(dir, &verified.preface.home);
    Ok(verified)
}

/// Restores the home of a backup into a folder in which no home is running.
///
/// # Errors
/// [`BackupError`]; the folder's home is as before then.
pub fn restore(
    dir: &Path,
    wanted: &Restore,
    entropy: &Arc<dyn Entropy>,
    job: &Job,
) -> Result<Verified, BackupError> {
    let _lock = crate::node::lock_folder(dir).map_err(|error| match error {
        crate::OpenError::InUse => BackupError::InUse,
        error => BackupError::io(dir.display().to_string(), std::io::Error::other(error)),
    })?;
    let failed = |error| BackupError::io(dir.display().to_string(), error);
    swap::finish(dir).map_err(failed)?;
    let verified = prepare(dir, wanted, entropy, job)?;
    swap::finish(dir).map_err(failed)?;
    Ok(verified)
}

/// Makes the unpacked database the beginning of a new life: migrated, nobody signed in, a new epoch at the next start, and no
/// file noted as being here that is not.
fn renew(new: &Path, now: Timestamp, made_at: Timestamp) -> Result<(), BackupError> {
    let damaged = |error: DbError| match error {
        DbError::DiskFull => BackupError::from(error),
        DbError::TooNew { found, .. } => BackupError::TooNew {
            program: format!("schema {found}"),
        },
        error => {
            tracing::error!(error = ?error, "The database of a backup does not open");
            BackupError::Damaged(Part::Database)
        }
    };
    let blobs = BlobStore::open(new.join(names::BLOBS))
        .map_err(|error| BackupError::io("the files", std::io::Error::other(error)))?;
    let db = Db::open(&new.join(names::DATABASE), &DbOptions::default()).map_err(damaged)?;
    let faults = db.read_blocking(meta::integrity_faults).map_err(damaged)?;
    if let Some(fault) = faults.first() {
        tracing::error!(
            fault,
            faults = faults.len(),
            "The database of a backup is damaged"
        );
        return Err(BackupError::Damaged(Part::Database));
    }
    db.write_blocking(move |tx| {
        session::end_everybodys(tx)?;
        device::remove_all(tx, None)?;
        password_code::end_everybodys(tx)?;
        meta::remove(tx, "epoch")?;
        meta::set(tx, "restored", &now.0.to_string())?;
        meta::set(tx, "restored_state", &made_at.0.to_string())?;
        for (hash, _, _) in media::stored(tx)? {
            let here = hash.as_str().parse::<Hash>().is_ok_and(|h| blobs.contains(&h));
            if !here {
                media::set_stored(tx, &hash, false)?;
            }
        }
        Ok::<_, DbError>(())
    })
    .map_err(damaged)?;
    db.close();
    drop(db);
    // Copies from before migrations are for the home that made them.
    Ok(())
}

/// Opens the keys as the next start will.
fn try_keys(new: &Path, wanted: &Restore, entropy: &Arc<dyn Entropy>) -> Result<(), BackupError> {
    let phrase = wanted.key_passphrase.as_deref().map(String::as_str);
    let key = master::open(new, phrase, &*wanted.keychain, &**entropy).map_err(|error| match error {
        MasterKeyError::PassphraseNeeded | MasterKeyError::NoPassphrase => BackupError::KeysLocked,
        MasterKeyError::Io(error) => BackupError::io("the keys", error),
        MasterKeyError::Damaged
        | MasterKeyError::Gone
        | MasterKeyError::Derive(_)
        | MasterKeyError::Keychain(_) => BackupError::Damaged(Part::Keys),
    })?;
    let keys = KeyStore::new(key, Arc::clone(entropy));
    let db = Db::open(&new.join(names::DATABASE), &DbOptions::default())?;
    let opened = db.read_blocking(|tx| keys.node(tx));
    db.close();
    drop(db);
    match opened {
        Ok(_) => Ok(()),
        Err(_) if wanted.key_passphrase.is_some() => Err(BackupError::KeysLocked),
        Err(_) => Err(BackupError::Damaged(Part::Keys)),
    }
}

/// Saves the present state as a backup. A home that nobody set up is no state; one whose database cannot be read any more, or whose
/// key the keychain does not give, is why somebody restores: its files are kept as they are.
fn save_present(
    dir: &Path,
    wanted: &Restore,
    entropy: &Arc<dyn Entropy>,
    job: &Job,
) -> Result<Option<PathBuf>, BackupError> {
    let new = NewBackup {
        target: wanted.safety.clone(),
        passphrase: wanted.passphrase.clone(),
        with_copies: false,
        keychain: Arc::clone(&wanted.keychain),
        made_at: wanted.now,
        fast: wanted.fast,
    };
    job.pin(Some(JobPhase::SavingPresent));
    let made = create::create(dir, &new, &**entropy, job);
    job.pin(None);
    match made {
        Ok(_) => Ok(Some(wanted.safety.clone())),
        Err(BackupError::NotSetUp) => Ok(None),
        Err(error @ (BackupError::Db(_) | BackupError::Keychain(_))) => {
            tracing::warn!(error = %error, "The present state cannot be backed up; its files are kept");
            keep_files(dir, wanted).map(Some)
        }
        Err(error) => Err(error),
    }
}

/// Has the files of the present state kept in a folder named as the backup of it would be; the folder.
fn keep_files(dir: &Path, wanted: &Restore) -> Result<PathBuf, BackupError> {
    let stem = wanted.safety.file_stem().unwrap_or_default().to_string_lossy();
    swap::keep_old(dir, &stem).map_err(|error| BackupError::io(dir.display().to_string(), error))
}
