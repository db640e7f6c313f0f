//! Copies of the whole database: taken while others work with it, looked at without changing them.

use crate::tx::ReadTx;
use crate::{DbError, DbResult, SCHEMA_VERSION};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Copies a consistent state of the database at `source` into a new file. Works beside a running home, of this process
/// or another; nothing of the source is changed, not even its version. Blocks.
///
/// # Errors
/// [`DbError::DiskFull`], or another [`DbError`] when `target` exists or the source cannot be read.
pub fn take(source: &Path, target: &Path) -> DbResult<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(source, flags)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
    Ok(())
}

/// A database file that nobody works with.
pub struct Snapshot {
    conn: Connection,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Snapshot")
    }
}

impl Snapshot {
    /// Opens a copy for looking at it. It is not migrated; one of another version may lack tables that a query needs.
    ///
    /// # Errors
    /// A [`DbError`] when it is no database.
    pub fn open(path: &Path) -> DbResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        Ok(Self { conn })
    }

    /// The version of its schema.
    ///
    /// # Errors
    /// A [`DbError`] when it is no database.
    pub fn schema(&self) -> DbResult<i64> {
        Ok(self
            .conn
            .pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    /// How many rows each table has; virtual tables and what belongs to them are left out.
    ///
    /// # Errors
    /// A [`DbError`].
    pub fn counts(&self) -> DbResult<Vec<(String, u64)>> {
        let tx = ReadTx { conn: &self.conn };
        let names: Vec<String> = tx.all(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'
             ORDER BY name",
            [],
            |row| Ok(row.get(0)?),
        )?;
        names
            .into_iter()
            .map(|name| {
                let quoted = name.replace('"', "\"\"");
                let count = tx.count(&format!("SELECT count(*) FROM \"{quoted}\""), [])?;
                Ok((name, count))
            })
            .collect()
    }

    /// Reads in it.
    ///
    /// # Errors
    /// The closure's error; [`DbError::TooNew`] when a newer program made the file.
    pub fn read<T, E: From<DbError>>(&self, f: impl FnOnce(&ReadTx<'_>) -> Result<T, E>) -> Result<T, E> {
        let found = self.schema()?;
        if found > SCHEMA_VERSION {
            return Err(DbError::TooNew {
                found,
                known: SCHEMA_VERSION,
            }
            .into());
        }
        f(&ReadTx { conn: &self.conn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Db, DbOptions, meta};

    #[test]
    fn a_copy_is_taken_while_the_home_works_and_has_what_was_acknowledged() {
        let dir = tempfile::tempdir().unwrap();
        let (path, copy) = (dir.path().join("hearth.db"), dir.path().join("copy.db"));
        let db = Db::open(&path, &DbOptions::default()).unwrap();
        db.write_blocking(|tx| meta::set(tx, "before", "1")).unwrap();
        take(&path, &copy).unwrap();
        db.write_blocking(|tx| meta::set(tx, "after", "1")).unwrap();
        let copied = Snapshot::open(&copy).unwrap();
        assert_eq!(copied.schema().unwrap(), SCHEMA_VERSION);
        let facts = copied.read(|tx| Ok::<_, DbError>((meta::get(tx, "before")?, meta::get(tx, "after")?)));
        assert_eq!(facts.unwrap(), (Some("1".to_owned()), None));
        assert!(take(&path, &copy).is_err(), "an older copy is not overwritten");
        db.close();
    }
}
