//! Why a home does not open, in plain words, and what to do about it.

use crate::backup::reason;
use crate::keychain::KeychainError;
use crate::master::MasterKeyError;
use hearth_api::{ApiError, Code};
use hearth_db::DbError;
use hearth_federation::keystore::KeyStoreError;
use hearth_federation::sealed::SealedError;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a home does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another Hearth uses the folder.
    #[error("Another Hearth is using this folder. Close it first, or use another folder with --data-dir.")]
    InUse,
    /// The folder or a file in it cannot be used.
    #[error("The folder of this home cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// The database is gone or empty where the rest of a home is.
    #[error("The database of this home, hearth.db, is missing or empty, but its files are here")]
    DatabaseGone,
    /// The database does not open.
    #[error("The database of this home does not open: {0}")]
    Db(#[from] DbError),
    /// The key store does not open.
    #[error(transparent)]
    Master(#[from] MasterKeyError),
    /// The file with the passphrase cannot be read.
    #[error("The file with the passphrase, {}, cannot be read: {}", .0.display(), reason(.1))]
    PassphraseFile(PathBuf, #[source] std::io::Error),
    /// The passphrase is another one.
    #[error("That is not the passphrase of this home's key store")]
    WrongPassphrase,
    /// A key in it does not open.
    #[error("The key store of this home does not open: {0}")]
    Keys(#[from] KeyStoreError),
    /// The files do not open.
    #[error("The files of this home do not open: {0}")]
    Media(#[from] hearth_media::MediaError),
    /// The window may be served on loopback addresses only.
    #[error(
        "{0} is open to the network. Serve the window on 127.0.0.1 or [::1], and put a reverse proxy with TLS before it."
    )]
    NotLoopback(SocketAddr),
    /// A port cannot be listened on.
    #[error("Cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The federation part does not start.
    #[error("The connection to other homes does not start: {0}")]
    Federation(String),
}

const CALL_DOCTOR: &str =
    "Run “hearth doctor”, which comes with the package “hearth-node”, to see what is wrong with the folder.";
const RESTORE: &str = "Nothing was changed. Restore the latest backup: the app offers it on its first page, and on a home server “hearth restore” does it; \
     what is here is kept beside it. “hearth doctor”, which comes with the package “hearth-node”, says more.";
const REACH: &str = "Nothing was lost. See that the folder and the files in it belong to you, and that its disk is connected, may be written and is \
     not full. Then start Hearth again.";

impl OpenError {
    /// What a person can do next: a sentence or two.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            // Their own words say it.
            Self::InUse | Self::NotLoopback(_) => "",
            Self::Io(error) => of_io(error),
            Self::DatabaseGone => {
                "Nothing was changed. If the file was moved, put it back. Else restore the latest backup: the app offers it on its first \
                 page, and on a home server “hearth restore” does it; what is here is kept beside it."
            }
            Self::Db(error) => of_database(error),
            Self::Master(error) => of_master(error),
            Self::PassphraseFile(..) => {
                "Name the right file with --passphrase-file (HEARTH_PASSPHRASE_FILE), and see that this account may read it."
            }
            Self::WrongPassphrase => {
                "See that --passphrase-file (HEARTH_PASSPHRASE_FILE) names the right file, and that nothing else stands in it. Nothing was \
                 changed."
            }
            Self::Keys(KeyStoreError::Sealed(_)) => {
                "If this home has a passphrase, it may be mistyped: try again. If master.key was replaced, put back the one that \
                 belongs to this folder."
            }
            Self::Keys(KeyStoreError::Db(error)) => of_database(error),
            Self::Keys(KeyStoreError::Missing) => RESTORE,
            Self::Media(_) => {
                "See that the folder “blobs” of the home may be read and written by you, and that the disk is not full."
            }
            Self::Listen(address, error) => of_listener(*address, error),
            Self::Federation(_) => CALL_DOCTOR,
        }
    }

    /// What a person can do next about a database that does not open.
    pub(crate) fn next_step_of(error: &DbError) -> &'static str {
        of_database(error)
    }

    /// Whether what is in the folder is damaged or gone, so that only a backup brings the home back.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let is_damaged = |error: &DbError| matches!(error, DbError::Sqlite(_) | DbError::Malformed(_));
        match self {
            Self::DatabaseGone
            | Self::Keys(KeyStoreError::Missing)
            | Self::Master(MasterKeyError::Damaged | MasterKeyError::Gone) => true,
            Self::Db(error) | Self::Keys(KeyStoreError::Db(error)) => is_damaged(error),
            _ => false,
        }
    }

    /// The same for the window, with a code that it has words for.
    #[must_use]
    pub fn for_window(&self) -> ApiError {
        let code = match self {
            damage if damage.is_damage() => Code::HomeDamaged,
            Self::Master(MasterKeyError::Keychain(_)) => Code::KeychainUnavailable,
            Self::PassphraseFile(..) => Code::KeychainLocked,
            _ => Code::Unavailable,
        };
        ApiError::new(code, self.in_words())
    }

    /// What happened and what to do next, as one text.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (what, next) = (self.to_string(), self.next_step());
        let end = if what.ends_with(['.', '!', '?']) { "" } else { "." };
        if next.is_empty() {
            format!("{what}{end}")
        } else {
            format!("{what}{end} {next}")
        }
    }
}

fn of_io(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "See that the folder belongs to you and may be written, or name another one with --data-dir (HEARTH_DATA_DIR in the app)."
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "Free some space on the disk and start Hearth again."
        }
        ErrorKind::ReadOnlyFilesystem => {
            "Its disk may only be read: put the folder on one that may be written, or mount it so."
        }
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            "See that the disk with the folder is connected, or name another one with --data-dir (HEARTH_DATA_DIR in the app)."
        }
        _ => CALL_DOCTOR,
    }
}

fn of_database(error: &DbError) -> &'static str {
    match error {
        DbError::DiskFull => "Free some space on the disk and start Hearth again; nothing was lost.",
        DbError::TooNew { .. } => {
            "A newer Hearth has used this folder: start that one, or restore a backup from before with this one."
        }
        DbError::Migration(_) => {
            "The file is as it was before. Start the earlier version of Hearth again, and tell its makers what stands in the log."
        }
        DbError::Io(error) => of_io(error),
        DbError::Unreachable(_) => REACH,
        DbError::Sqlite(_) | DbError::Malformed(_) => RESTORE,
        DbError::Panicked | DbError::Closed | DbError::Commit(_) => CALL_DOCTOR,
    }
}

fn of_master(error: &MasterKeyError) -> &'static str {
    match error {
        MasterKeyError::Io(error) => of_io(error),
        MasterKeyError::Damaged => {
            "Put back its copy, or restore a backup of this home: without the key what it seals stays closed."
        }
        MasterKeyError::Gone => {
            "Nothing was changed. If the file was moved, put it back. Else restore the latest backup, which has the key: the app offers it on \
             its first page, and on a home server “hearth restore” does it; what is here is kept beside it."
        }
        MasterKeyError::PassphraseNeeded => {
            "Name a file that holds it with --passphrase-file (HEARTH_PASSPHRASE_FILE in the app)."
        }
        MasterKeyError::Keychain(KeychainError::Locked) => {
            "Unlock it, usually by signing in to this computer's desktop, and start Hearth again. Nothing was lost."
        }
        MasterKeyError::Keychain(KeychainError::Unavailable(_)) => {
            "Start Hearth from the desktop of the account that it was set up in, where the keychain runs. If that is gone for good, \
             restore a backup of this home: it has the key."
        }
        MasterKeyError::Keychain(KeychainError::Missing) => {
            "See that you are signed in to this computer with the account that the home was set up in. If the keychain was emptied, \
             restore a backup of this home: it has the key."
        }
        MasterKeyError::NoPassphrase => "Leave out --passphrase-file and HEARTH_PASSPHRASE_FILE.",
        MasterKeyError::Derive(SealedError::Passphrase(_)) => {
            "See that the file with the passphrase is the right one and not empty, and that master.params.json was not changed."
        }
        MasterKeyError::Derive(_) => RESTORE,
    }
}

fn of_listener(address: SocketAddr, error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::AddrInUse => {
            "Another program, or another Hearth, listens there: close it, or choose another port with --listen or --ui \
             (HEARTH_LISTEN in the app)."
        }
        ErrorKind::PermissionDenied if address.port() < 1024 => {
            "Ports below 1024 are the administrator's: choose a higher one, such as 7346, and let the router or proxy lead to it."
        }
        ErrorKind::AddrNotAvailable => {
            "This machine does not have that address: use [::] for all of its own."
        }
        _ => "Choose another address with --listen or --ui (HEARTH_LISTEN in the app).",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_meets_names_the_next_step() {
        let taken = OpenError::Listen("[::]:7346".parse().unwrap(), ErrorKind::AddrInUse.into());
        assert!(
            taken.in_words().contains("choose another port"),
            "{}",
            taken.in_words()
        );
        let denied = OpenError::Listen("[::]:443".parse().unwrap(), ErrorKind::PermissionDenied.into());
        assert!(denied.in_words().contains("higher one"), "{}", denied.in_words());
        let newer = OpenError::Db(DbError::TooNew { found: 99, known: 9 });
        assert!(newer.in_words().contains("newer Hearth"), "{}", newer.in_words());
        let locked = OpenError::Master(MasterKeyError::PassphraseNeeded);
        assert!(
            locked.in_words().contains("--passphrase-file"),
            "{}",
            locked.in_words()
        );
        let full = OpenError::Db(DbError::DiskFull);
        assert_eq!(
            full.in_words(),
            "The database of this home does not open: The disk is full. Free some space on the disk and start Hearth \
             again; nothing was lost."
        );
    }

    #[test]
    fn every_text_is_whole_sentences() {
        for error in [OpenError::InUse, OpenError::Federation("no".to_owned())] {
            assert!(error.in_words().ends_with('.'), "{}", error.in_words());
        }
    }
}
