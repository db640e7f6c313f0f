//! Whether the keys of a home are to be had.

use super::{Finding, Means};
use crate::OpenError;
use crate::backup::reason;
use crate::master::{self, MasterKeyError, Place};
use crate::system::SystemEntropy;
use hearth_api::health::HealthLevel;
use hearth_db::snapshot::Snapshot;
use hearth_federation::keystore::{KeyStore, KeyStoreError};
use hearth_federation::sealed::MasterKey;
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Whether the keys of the home in `dir` are to be had. A passphrase that was named is tried.
pub(super) fn keys(dir: &Path, means: Means<'_>) -> Finding {
    let place = master::place(dir);
    let found = match place {
        Place::KeyFile => key_file(dir),
        Place::Passphrase => passphrase(dir, means.passphrase),
        Place::Keychain => match master::for_backup(dir, means.keychain) {
            Ok(_) => Finding::good(
                "keys",
                "They are protected by this computer's keychain, which gives the key.",
            ),
            Err(error) => trouble(&OpenError::from(error)),
        },
    };
    // Hearth does not start so, and says the same.
    let found = if place != Place::Passphrase && means.passphrase.is_some() && found.level == HealthLevel::Ok
    {
        trouble(&OpenError::from(MasterKeyError::NoPassphrase))
    } else {
        found
    };
    let place = match place {
        Place::KeyFile => "key_file",
        Place::Passphrase => "passphrase",
        Place::Keychain => "keychain",
    };
    found.fact("protected_by", place)
}

fn trouble(error: &OpenError) -> Finding {
    let found = |what: String| Finding::bad("keys", HealthLevel::Trouble, what, error.next_step());
    match error {
        // Where it lies may be a person's name.
        OpenError::PassphraseFile(path, why) => Finding {
            name: Some(path.display().to_string()),
            ..found(format!(
                "The file with the passphrase cannot be read: {}.",
                reason(why)
            ))
        },
        error => found(format!("{error}.")),
    }
}

fn passphrase(dir: &Path, named: Option<&Result<Zeroizing<String>, OpenError>>) -> Finding {
    match named {
        None => Finding::good("keys", "They are protected by a passphrase."),
        Some(Err(unread)) => trouble(unread),
        Some(Ok(phrase)) => match master::of_passphrase(dir, phrase)
            .map_err(OpenError::from)
            .and_then(|key| tried(dir, key, OpenError::WrongPassphrase))
        {
            Ok(true) => Finding::good(
                "keys",
                "They are protected by a passphrase, and open with the one named.",
            ),
            Ok(false) => Finding::good("keys", "They are protected by a passphrase."),
            Err(error) => trouble(&error),
        },
    }
}

/// Opens the keys of the home with this one, as the next start will; false where there is nothing to open, or the database does not give
/// it.
fn tried(dir: &Path, key: MasterKey, other: OpenError) -> Result<bool, OpenError> {
    let keys = KeyStore::new(key, Arc::new(SystemEntropy));
    let opened = Snapshot::open(&dir.join("hearth.db")).map_err(KeyStoreError::from);
    match opened.and_then(|db| db.read(|tx| keys.node(tx))) {
        Err(KeyStoreError::Sealed(_)) => Err(other),
        Ok(_) => Ok(true),
        // What is wrong with the database is said of that.
        Err(KeyStoreError::Missing | KeyStoreError::Db(_)) => Ok(false),
    }
}

/// Whether the key file holds a key that is not the one of this home.
fn is_another(dir: &Path) -> bool {
    master::of_file(dir).is_some_and(|key| tried(dir, key, OpenError::WrongPassphrase).is_err())
}

fn key_file(dir: &Path) -> Finding {
    let file = dir.join("master.key");
    match std::fs::metadata(&file) {
        Ok(_) if is_another(dir) => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "The key file is that of another home, or was made anew.",
            "Put back the one that belongs to this folder, or restore the last good backup with “hearth restore”: it has the keys.",
        ),
        Ok(data) if data.len() == 32 && private(&data) => Finding::good(
            "keys",
            "They are protected by a file that only this account may read.",
        ),
        Ok(data) if data.len() == 32 => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "Other accounts of this machine may read the key file.",
            "Take the right away: chmod 600 master.key in the home's folder.",
        ),
        Ok(_) => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "The key file is damaged.",
            "Restore the last good backup with “hearth restore”: it has the keys.",
        ),
        Err(_) => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "The key file is missing or cannot be read.",
            "Put it back, or restore the last good backup with “hearth restore”: it has the keys.",
        ),
    }
}

#[cfg(unix)]
fn private(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    data.permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn private(_data: &std::fs::Metadata) -> bool {
    true
}
