//! What can go wrong with a backup, in words that name the part.

use crate::keychain::KeychainError;
use hearth_api::{ApiError, Code};
use hearth_db::DbError;
use std::fmt;
use std::io;

/// A part of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Its first lines and the header of the encryption.
    Header,
    /// The database.
    Database,
    /// The keys.
    Keys,
    /// A file, by its hash.
    File(String),
    /// The list of what is in it.
    Manifest,
    /// What is behind the last whole entry: the end is cut off, or there is something that does not belong there.
    End,
}

impl Part {
    /// A stable name, for windows that translate.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Database => "database",
            Self::Keys => "keys",
            Self::File(_) => "file",
            Self::Manifest => "manifest",
            Self::End => "end",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("its beginning"),
            Self::Database => f.write_str("the database"),
            Self::Keys => f.write_str("the keys"),
            Self::File(hash) => write!(f, "the file {}", hash.get(..12).unwrap_or(hash)),
            Self::Manifest => f.write_str("the list of contents"),
            Self::End => f.write_str("its end, or something is missing there"),
        }
    }
}

/// Why a backup was not made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A part is not as it was written.
    #[error("This backup is damaged: {0}. Use another one; this one changes nothing.")]
    Damaged(Part),
    /// The file is something else, such as a photo.
    #[error("This is no backup of a home. Choose a file that ends in .hearth-backup.")]
    NotABackup,
    /// The passphrase is another one.
    #[error("That is not the passphrase of this backup. Nothing was changed; try again.")]
    WrongPassphrase,
    /// Made by a newer program.
    #[error("A newer Hearth ({program}) made this backup. Update Hearth, then restore it.")]
    TooNew {
        /// The program's version.
        program: String,
    },
    /// A passphrase is too short or too long.
    #[error("A backup's passphrase has 8 characters or more. Choose another one.")]
    BadPassphrase,
    /// There is no passphrase to encrypt with.
    #[error("Backups are encrypted and need a passphrase. Set one first.")]
    PassphraseNeeded,
    /// The folder has no home that is set up.
    #[error("There is no home here to back up. Run “hearth init”, or open its window.")]
    NotSetUp,
    /// Another Hearth uses the folder.
    #[error("Hearth is running on this folder. Close it first, or restore in its window.")]
    InUse,
    /// The folder for it is not there, such as when its drive is not connected.
    #[error(
        "The folder for backups is not there: {0}. If it is on another drive, connect that; else choose another folder. Nothing was made in its place."
    )]
    FolderMissing(String),
    /// A file of that name is there already.
    #[error("There is a file of that name already: {0}. Choose another name.")]
    Exists(String),
    /// Not enough space.
    #[error(
        "The disk is full at {place}: {needed} MB more are needed. Free some space and try again; nothing was changed."
    )]
    DiskFull {
        /// Where.
        place: String,
        /// How much is missing at least, in megabytes.
        needed: u64,
    },
    /// The keys in it do not open with the passphrase that this home was started with.
    #[error(
        "The home in this backup is locked with a key passphrase of its own. Start Hearth with it (--passphrase-file), then restore."
    )]
    KeysLocked,
    /// The key lies in the keychain, which does not give it.
    #[error(
        "The key of this home is in this computer's keychain, which does not give it: {0}. Unlock it and try again; nothing was changed."
    )]
    Keychain(KeychainError),
    /// Somebody cancelled it.
    #[error("Cancelled. Nothing was changed.")]
    Cancelled,
    /// The database failed.
    #[error("The database cannot be copied or opened: {0}")]
    Db(DbError),
    /// Reading or writing failed.
    #[error("{what} cannot be read or written: {}", reason(.error))]
    Io {
        /// What was being read or written.
        what: String,
        /// Why.
        #[source]
        error: io::Error,
    },
}

/// Why something was not read or written, in words alone: the system's number says nothing to a family.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

impl BackupError {
    /// Reading or writing `what` failed.
    pub(crate) fn io(what: impl Into<String>, error: io::Error) -> Self {
        let what = what.into();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull {
                    place: what,
                    needed: 1,
                }
            }
            _ => Self::Io { what, error },
        }
    }
}

impl From<DbError> for BackupError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::DiskFull => Self::DiskFull {
                place: "the database".to_owned(),
                needed: 1,
            },
            error => Self::Db(error),
        }
    }
}

impl From<BackupError> for ApiError {
    fn from(error: BackupError) -> Self {
        let message = error.to_string();
        match error {
            BackupError::Damaged(part) => Self::new(Code::BackupDamaged, message).on(part.name()),
            BackupError::NotABackup => Self::new(Code::NotABackup, message),
            BackupError::WrongPassphrase => Self::new(Code::WrongPassphrase, message),
            BackupError::TooNew { .. } => Self::new(Code::BackupTooNew, message),
            BackupError::BadPassphrase => Self::invalid("passphrase", message),
            BackupError::PassphraseNeeded => Self::new(Code::PassphraseNeeded, message),
            BackupError::NotSetUp => Self::new(Code::NotSetUp, message),
            BackupError::InUse | BackupError::Exists(_) => Self::new(Code::WrongState, message),
            BackupError::FolderMissing(_) => Self::new(Code::BackupFolderMissing, message),
            BackupError::DiskFull { .. } => Self::new(Code::DiskFull, message),
            BackupError::KeysLocked | BackupError::Keychain(_) => Self::new(Code::KeychainLocked, message),
            BackupError::Cancelled => Self::new(Code::Cancelled, message),
            BackupError::Db(_) | BackupError::Io { .. } => Self::new(Code::StorageError, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_without_the_number_of_the_system() {
        let error = BackupError::io("/mnt/usb", io::Error::from_raw_os_error(2));
        let told = error.to_string();
        assert!(
            told.starts_with("/mnt/usb cannot be read or written: ") && !told.contains("os error"),
            "{told}"
        );
        let other = BackupError::io("the files", io::Error::other("a wrong name"));
        assert_eq!(
            other.to_string(),
            "the files cannot be read or written: a wrong name"
        );
    }
}
