//! What can go wrong with the database.

use hearth_api::{ApiError, Code};

/// `SQLITE_IOERR_SHORT_READ` (SQLite, "Result and Error Codes").
const SHORT_READ: i32 = 522;

/// The answer of database functions.
pub type DbResult<T> = Result<T, DbError>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The disk is full; the transaction was rolled back.
    #[error("The disk is full")]
    DiskFull,
    /// The file was written by a newer version of the program.
    #[error("The database has schema version {found}, this program knows {known}")]
    TooNew {
        /// Version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// A migration failed; the file is as before.
    #[error("Migrating the database failed")]
    Migration(#[source] rusqlite_migration::Error),
    /// A stored value has a form that this program does not write.
    #[error("Stored value of {0} is malformed")]
    Malformed(&'static str),
    /// The closure panicked; its transaction was rolled back.
    #[error("A database closure panicked")]
    Panicked,
    /// The writer has stopped.
    #[error("The database is closed")]
    Closed,
    /// Files beside the database could not be read or written.
    #[error("Reading or writing beside the database failed")]
    Io(#[from] std::io::Error),
    /// The commit failed for all writes of the group.
    #[error("Committing failed: {0}")]
    Commit(String),
    /// The file cannot be opened, read or written: rights, a disk that may only be read, one that is full or gone. What is in it is not to blame.
    #[error("Its files cannot be opened, read or written")]
    Unreachable(#[source] rusqlite::Error),
    /// SQLite's own error.
    #[error("SQLite failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        // Less there than the file says (`SQLITE_IOERR_SHORT_READ`) is damage.
        let short = error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == SHORT_READ);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::SystemIoFailure,
            ) if !short => Self::Unreachable(error),
            _ => Self::Sqlite(error),
        }
    }
}

impl DbError {
    /// Whether a UNIQUE or PRIMARY KEY constraint refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sqlite(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation))
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::DiskFull => Self::new(
                Code::DiskFull,
                "The disk is full, so nothing was saved. Free some space and try again; reading still works.",
            ),
            DbError::Closed => Self::new(
                Code::Unavailable,
                "Hearth is shutting down. Try again in a moment.",
            ),
            error => {
                tracing::error!(error = %error, cause = ?std::error::Error::source(&error), "Database operation failed");
                Self::new(
                    Code::StorageError,
                    "Saving or reading failed. What you typed is kept; try again.",
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::disallowed_methods,
        reason = "what SQLite itself says, in the crate that opens connections"
    )]
    #[test]
    fn a_file_that_cannot_be_reached_is_not_called_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let nowhere = rusqlite::Connection::open(dir.path().join("no such folder/file.db"));
        let error = DbError::from(nowhere.unwrap_err());
        assert!(matches!(error, DbError::Unreachable(_)), "{error:?}");
        let file = dir.path().join("file.db");
        rusqlite::Connection::open(&file)
            .and_then(|db| db.execute_batch("CREATE TABLE t (c)"))
            .unwrap();
        let only_read =
            rusqlite::Connection::open_with_flags(&file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY);
        let error = only_read.and_then(|db| db.execute_batch("CREATE TABLE u (c)"));
        let error = DbError::from(error.unwrap_err());
        assert!(matches!(error, DbError::Unreachable(_)), "{error:?}");
        std::fs::write(&file, [1; 4096]).unwrap();
        let damaged = rusqlite::Connection::open(&file).and_then(|db| db.execute_batch("SELECT * FROM t"));
        let error = DbError::from(damaged.unwrap_err());
        assert!(matches!(error, DbError::Sqlite(_)), "{error:?}");
    }
}
