//! The master key that seals this home's secrets.
//!
//! With a passphrase it is derived by Argon2id (parameters and salt beside the database). Without one it lies in a file
//! of its own, readable by its owner only: that protects a copied database, not a copied folder. The health page says which it is.

use hearth_api::ports::Entropy;
use hearth_federation::keystore::EntropyRng;
use hearth_federation::sealed::{MasterKey, PassphraseParams};
use std::io::Write as _;
use std::path::Path;

/// Why the master key is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or written.
    #[error("The key file of this home cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The file is damaged.
    #[error("The key file of this home is damaged")]
    Damaged,
    /// The home was made with a passphrase, and none was given.
    #[error("This home's key store is locked: start Hearth with its passphrase")]
    PassphraseNeeded,
    /// The home was made without a passphrase.
    #[error("This home has a key file and no passphrase: start Hearth without one")]
    NoPassphrase,
    /// Deriving the key failed.
    #[error("The key cannot be derived from the passphrase")]
    Derive(#[from] hearth_federation::sealed::SealedError),
}

const KEY_FILE: &str = "master.key";
const PARAMS_FILE: &str = "master.params.json";

/// Opens the master key of the home in `dir`, making it at first start.
///
/// # Errors
/// [`MasterKeyError`].
pub fn open(
    dir: &Path,
    passphrase: Option<&str>,
    entropy: &dyn Entropy,
) -> Result<MasterKey, MasterKeyError> {
    let (key_file, params_file) = (dir.join(KEY_FILE), dir.join(PARAMS_FILE));
    match (
        passphrase,
        read_if_there(&key_file)?,
        read_if_there(&params_file)?,
    ) {
        (None, Some(bytes), _) => {
            let bytes: [u8; 32] = bytes
                .try_into()
                .map_err(|_wrong_length| MasterKeyError::Damaged)?;
            Ok(MasterKey::from_secret_bytes(bytes))
        }
        (None, None, Some(_)) => Err(MasterKeyError::PassphraseNeeded),
        (None, None, None) => {
            let key = MasterKey::generate(&mut EntropyRng::new(entropy));
            write_private(&key_file, &*key.to_secret_bytes())?;
            Ok(key)
        }
        (Some(_), Some(_), _) => Err(MasterKeyError::NoPassphrase),
        (Some(phrase), None, Some(params)) => {
            let params: PassphraseParams =
                serde_json::from_slice(&params).map_err(|_not_json| MasterKeyError::Damaged)?;
            Ok(MasterKey::from_passphrase(phrase, &params)?)
        }
        (Some(phrase), None, None) => {
            let params = PassphraseParams::recommended(&mut EntropyRng::new(entropy));
            let key = MasterKey::from_passphrase(phrase, &params)?;
            let json = serde_json::to_vec(&params).map_err(std::io::Error::other)?;
            write_private(&params_file, &json)?;
            Ok(key)
        }
    }
}

/// Whether the home in `dir` is protected by a passphrase rather than a key file.
#[must_use]
pub fn has_passphrase(dir: &Path) -> bool {
    dir.join(PARAMS_FILE).exists()
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
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        std::fs::File::open(dir)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemEntropy;

    #[test]
    fn the_key_file_is_private_and_stays_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let first = open(dir.path(), None, &SystemEntropy).unwrap();
        let again = open(dir.path(), None, &SystemEntropy).unwrap();
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
            open(dir.path(), Some("x"), &SystemEntropy),
            Err(MasterKeyError::NoPassphrase)
        ));
    }

    #[test]
    fn a_damaged_key_file_is_named_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(KEY_FILE), b"short").unwrap();
        assert!(matches!(
            open(dir.path(), None, &SystemEntropy),
            Err(MasterKeyError::Damaged)
        ));
        assert_eq!(std::fs::read(dir.path().join(KEY_FILE)).unwrap(), b"short");
    }
}
