//! The master key that seals this home's secrets.
//!
//! With a passphrase it is derived by Argon2id (parameters and salt beside the database). Without one it lies in a file
//! of its own, readable by its owner only, which protects a copied database but not a copied folder; or, by the owner's wish, in
//! the keychain of the computer ([`moving`]), which protects both. The health page says which it is.
//!
//! The file wins: where it is, it is the key, whatever else is there. So a move that was cut short leaves a home that opens.
//! A key that cannot be had is an error and never a reason to make a new one.

pub mod moving;

use crate::OpenError;
use crate::keychain::{Keychain, KeychainError};
use hearth_api::ports::Entropy;
use hearth_federation::keystore::EntropyRng;
use hearth_federation::sealed::{MasterKey, PassphraseParams};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;
use zeroize::Zeroizing;

/// Why the master key is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or written.
    #[error("The key file of this home cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The file is damaged.
    #[error("The key file of this home is damaged")]
    Damaged,
    /// There is a home, and nothing that its key is made from.
    #[error("The key file of this home, master.key, is missing")]
    Gone,
    /// The home was made with a passphrase, and none was given.
    #[error("This home's key store is locked: start Hearth with its passphrase")]
    PassphraseNeeded,
    /// The home was made without a passphrase.
    #[error("This home has a key and no passphrase: start Hearth without one")]
    NoPassphrase,
    /// The key lies in the keychain, which does not give it.
    #[error("The key of this home is in this computer's keychain: {0}")]
    Keychain(#[from] KeychainError),
    /// Deriving the key failed.
    #[error("The key cannot be derived from the passphrase")]
    Derive(#[from] hearth_federation::sealed::SealedError),
}

/// The file with the key.
pub(crate) const KEY_FILE: &str = "master.key";
/// What a passphrase needs beside itself.
pub(crate) const PARAMS_FILE: &str = "master.params.json";
/// Says under which name the key lies in the keychain.
pub(crate) const POINTER_FILE: &str = "master.keychain.json";

/// Where the key of a home is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a file that only its owner may read.
    KeyFile,
    /// Nowhere: it is derived from a passphrase.
    Passphrase,
    /// In the keychain of the computer.
    Keychain,
}

/// What the pointer file holds.
#[derive(Debug, Serialize, Deserialize)]
struct Pointer {
    /// The name of the entry.
    entry: String,
}

/// Opens the master key of the home in `dir`, making it at first start.
///
/// # Errors
/// [`MasterKeyError`].
pub fn open(
    dir: &Path,
    passphrase: Option<&str>,
    keychain: &dyn Keychain,
    entropy: &dyn Entropy,
) -> Result<MasterKey, MasterKeyError> {
    let (key_file, params_file) = (dir.join(KEY_FILE), dir.join(PARAMS_FILE));
    let pointer = read_pointer(dir)?;
    match (
        passphrase,
        read_if_there(&key_file)?.map(Zeroizing::new),
        read_if_there(&params_file)?,
    ) {
        (None, Some(bytes), _) => of_bytes(&bytes).ok_or(MasterKeyError::Damaged),
        (None, None, Some(_)) => Err(MasterKeyError::PassphraseNeeded),
        (None, None, None) => match pointer {
            Some(pointer) => from_keychain(&pointer, keychain),
            None if is_begun(dir) => Err(MasterKeyError::Gone),
            None => {
                let key = MasterKey::generate(&mut EntropyRng::new(entropy));
                write_private(&key_file, &*key.to_secret_bytes())?;
                Ok(key)
            }
        },
        (Some(_), Some(_), _) => Err(MasterKeyError::NoPassphrase),
        (Some(phrase), None, Some(params)) => derived(phrase, &params),
        (Some(_), None, None) if pointer.is_some() => Err(MasterKeyError::NoPassphrase),
        (Some(_), None, None) if is_begun(dir) => Err(MasterKeyError::Gone),
        (Some(phrase), None, None) => {
            let params = PassphraseParams::recommended(&mut EntropyRng::new(entropy));
            let key = MasterKey::from_passphrase(phrase, &params)?;
            let json = serde_json::to_vec(&params).map_err(std::io::Error::other)?;
            write_private(&params_file, &json)?;
            Ok(key)
        }
    }
}

/// Whether there is a database already, whose secrets a new key would never open. The key comes first, so one without it has lost it.
fn is_begun(dir: &Path) -> bool {
    std::fs::metadata(dir.join(crate::backup::names::DATABASE)).is_ok_and(|data| data.len() > 0)
}

/// The key in the file of the home in `dir`; none where that does not hold one. Writes nothing.
pub(crate) fn of_file(dir: &Path) -> Option<MasterKey> {
    of_bytes(&Zeroizing::new(std::fs::read(dir.join(KEY_FILE)).ok()?))
}

/// The key of the home in `dir`, which has a passphrase. Writes nothing.
///
/// # Errors
/// [`MasterKeyError`]; not that the passphrase is another one, which only shows where the key is used.
pub(crate) fn of_passphrase(dir: &Path, phrase: &str) -> Result<MasterKey, MasterKeyError> {
    derived(phrase, &std::fs::read(dir.join(PARAMS_FILE))?)
}

fn derived(phrase: &str, params: &[u8]) -> Result<MasterKey, MasterKeyError> {
    let params: PassphraseParams =
        serde_json::from_slice(params).map_err(|_not_json| MasterKeyError::Damaged)?;
    Ok(MasterKey::from_passphrase(phrase, &params)?)
}

/// Reads the passphrase of a key store from a file; line ends after it do not count.
///
/// # Errors
/// [`OpenError::PassphraseFile`], also when there is none in it.
pub fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, OpenError> {
    let failed = |error| OpenError::PassphraseFile(path.to_owned(), error);
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(failed)?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(failed(std::io::Error::other("it is empty"))),
        phrase => Ok(Zeroizing::new(phrase.to_owned())),
    }
}

fn of_bytes(bytes: &[u8]) -> Option<MasterKey> {
    bytes.try_into().ok().map(MasterKey::from_secret_bytes)
}

fn from_keychain(pointer: &Pointer, keychain: &dyn Keychain) -> Result<MasterKey, MasterKeyError> {
    // What is there and is no key is as good as none.
    of_bytes(&keychain.read(&pointer.entry)?).ok_or(MasterKeyError::Keychain(KeychainError::Missing))
}

fn read_pointer(dir: &Path) -> Result<Option<Pointer>, MasterKeyError> {
    let bytes = read_if_there(&dir.join(POINTER_FILE))?;
    bytes
        .map(|bytes| serde_json::from_slice(&bytes).map_err(|_not_json| MasterKeyError::Damaged))
        .transpose()
}

/// Where the key of the home in `dir` is, or will be once it is made.
#[must_use]
pub fn place(dir: &Path) -> Place {
    if dir.join(KEY_FILE).exists() {
        Place::KeyFile
    } else if dir.join(PARAMS_FILE).exists() {
        Place::Passphrase
    } else if dir.join(POINTER_FILE).exists() {
        Place::Keychain
    } else {
        Place::KeyFile
    }
}

/// The name of a file and what is in it.
pub(crate) type KeptFile = (&'static str, Zeroizing<Vec<u8>>);

/// What a backup must hold so that the keys open again elsewhere: the names of files and what is in them. Of a key in the keychain
/// that is the key file it would have.
///
/// # Errors
/// [`MasterKeyError`].
pub(crate) fn for_backup(dir: &Path, keychain: &dyn Keychain) -> Result<Vec<KeptFile>, MasterKeyError> {
    let files = || -> std::io::Result<Vec<KeptFile>> {
        let mut found = Vec::new();
        for name in [KEY_FILE, PARAMS_FILE] {
            found.extend(read_if_there(&dir.join(name))?.map(|bytes| (name, Zeroizing::new(bytes))));
        }
        Ok(found)
    };
    let found = files()?;
    if !found.is_empty() {
        return Ok(found);
    }
    let from_keychain = match read_pointer(dir)? {
        Some(pointer) => from_keychain(&pointer, keychain).map(Some),
        None => Ok(None),
    };
    match from_keychain {
        Ok(Some(key)) => Ok(vec![(KEY_FILE, Zeroizing::new(key.to_secret_bytes().to_vec()))]),
        // It may have come back into its file meanwhile.
        Ok(None) => Ok(files()?),
        Err(error) => match files()? {
            found if found.is_empty() => Err(error),
            found => Ok(found),
        },
    }
}

fn read_if_there(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file that only its owner may read, durably: a home without its key is lost.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let temporary = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Has what was renamed or removed in a folder be so after a crash, too. Windows sees to it by itself.
fn sync_dir(dir: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(dir)?.sync_all()?;
    let _ = dir;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keychain::SystemKeychain;
    use crate::system::SystemEntropy;

    #[test]
    fn the_key_file_is_private_and_stays_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let first = open(dir.path(), None, &SystemKeychain, &SystemEntropy).unwrap();
        let again = open(dir.path(), None, &SystemKeychain, &SystemEntropy).unwrap();
        assert_eq!(*first.to_secret_bytes(), *again.to_secret_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.path().join(KEY_FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0, "nobody else may read it");
        }
        assert!(matches!(
            open(dir.path(), Some("x"), &SystemKeychain, &SystemEntropy),
            Err(MasterKeyError::NoPassphrase)
        ));
    }

    #[test]
    fn a_home_that_lost_its_key_is_given_no_other() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("hearth.db"), b"what the key sealed").unwrap();
        for passphrase in [None, Some("a phrase")] {
            let opened = open(dir.path(), passphrase, &SystemKeychain, &SystemEntropy);
            assert!(matches!(opened, Err(MasterKeyError::Gone)), "{passphrase:?}");
        }
        let files: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(files.len(), 1, "nothing was written");
    }

    #[test]
    fn a_damaged_key_file_is_named_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(KEY_FILE), b"short").unwrap();
        assert!(matches!(
            open(dir.path(), None, &SystemKeychain, &SystemEntropy),
            Err(MasterKeyError::Damaged)
        ));
        assert_eq!(std::fs::read(dir.path().join(KEY_FILE)).unwrap(), b"short");
    }
}
