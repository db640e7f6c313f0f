//! Migrations: forward only, one transaction each, a copy of the file before each; a file that is only being made needs none.

use crate::{DbError, DbResult};
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};

/// The migrations in order; the file name beside each is for the test that all are listed.
const STEPS: &[(&str, &str)] = &[
    ("0001_core.sql", include_str!("../../../migrations/0001_core.sql")),
    (
        "0002_federation.sql",
        include_str!("../../../migrations/0002_federation.sql"),
    ),
    (
        "0003_accounts.sql",
        include_str!("../../../migrations/0003_accounts.sql"),
    ),
    (
        "0004_social.sql",
        include_str!("../../../migrations/0004_social.sql"),
    ),
    (
        "0005_media.sql",
        include_str!("../../../migrations/0005_media.sql"),
    ),
    (
        "0006_assistant.sql",
        include_str!("../../../migrations/0006_assistant.sql"),
    ),
    (
        "0007_scope.sql",
        include_str!("../../../migrations/0007_scope.sql"),
    ),
    (
        "0008_delivery.sql",
        include_str!("../../../migrations/0008_delivery.sql"),
    ),
    (
        "0009_reconcile.sql",
        include_str!("../../../migrations/0009_reconcile.sql"),
    ),
    (
        "0010_models.sql",
        include_str!("../../../migrations/0010_models.sql"),
    ),
    (
        "0011_bounds.sql",
        include_str!("../../../migrations/0011_bounds.sql"),
    ),
    (
        "0012_refusal.sql",
        include_str!("../../../migrations/0012_refusal.sql"),
    ),
    (
        "0013_device.sql",
        include_str!("../../../migrations/0013_device.sql"),
    ),
    ("0014_kept.sql", include_str!("../../../migrations/0014_kept.sql")),
    (
        "0015_native.sql",
        include_str!("../../../migrations/0015_native.sql"),
    ),
    ("0016_runs.sql", include_str!("../../../migrations/0016_runs.sql")),
    (
        "0017_taking_back.sql",
        include_str!("../../../migrations/0017_taking_back.sql"),
    ),
    (
        "0018_secret_use.sql",
        include_str!("../../../migrations/0018_secret_use.sql"),
    ),
    (
        "0019_meeting.sql",
        include_str!("../../../migrations/0019_meeting.sql"),
    ),
    (
        "0020_password_code.sql",
        include_str!("../../../migrations/0020_password_code.sql"),
    ),
];

/// The schema version that this program writes: `PRAGMA user_version`, the number of migrations applied.
pub const SCHEMA_VERSION: i64 = STEPS.len() as i64;

/// Brings the file to [`SCHEMA_VERSION`].
pub(crate) fn run(conn: &mut Connection, path: &Path) -> DbResult<()> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > SCHEMA_VERSION {
        return Err(DbError::TooNew {
            found,
            known: SCHEMA_VERSION,
        });
    }
    let migrations = Migrations::new(STEPS.iter().map(|(_, sql)| M::up(sql)).collect());
    for version in found..SCHEMA_VERSION {
        if found > 0 {
            copy_before(conn, path, version)?;
        }
        let target = usize::try_from(version).unwrap_or(0).saturating_add(1);
        migrations.to_version(conn, target).map_err(DbError::Migration)?;
    }
    Ok(())
}

/// Keeps a copy of the file as it was at `version`, beside it.
fn copy_before(conn: &Connection, path: &Path, version: i64) -> DbResult<()> {
    let target = backup_path(path, version);
    match std::fs::remove_file(&target) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    conn.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
    Ok(())
}

/// Where the copy from before leaving `version` is kept.
fn backup_path(path: &Path, version: i64) -> PathBuf {
    path.with_extension(format!("db.v{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Db, DbOptions};

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    #[test]
    fn every_migration_file_is_listed_in_order() {
        let mut files: Vec<String> = std::fs::read_dir(repository().join("migrations"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<String> = STEPS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(files, listed, "migrations/ and migrate.rs agree");
    }

    #[test]
    fn a_new_file_has_no_copies_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hearth.db");
        Db::open(&path, &DbOptions::default()).unwrap().close();
        for version in 0..SCHEMA_VERSION {
            assert!(
                !backup_path(&path, version).exists(),
                "a copy of version {version}"
            );
        }
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hearth.db");
        Db::open(&path, &DbOptions::default()).unwrap().close();
        let conn = rusqlite::Connection::open_with_flags(&path, rusqlite::OpenFlags::default()).unwrap();
        conn.pragma_update(None, "user_version", SCHEMA_VERSION + 1)
            .unwrap();
        drop(conn);
        let refused = Db::open(&path, &DbOptions::default());
        assert!(matches!(refused, Err(DbError::TooNew { found, .. }) if found == SCHEMA_VERSION + 1));
    }

    #[test]
    fn the_window_that_older_versions_kept_as_text_is_one_of_the_parameters_sent() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hearth.db");
        let mut conn = rusqlite::Connection::open_with_flags(&path, rusqlite::OpenFlags::default()).unwrap();
        Migrations::new(STEPS.iter().map(|(_, sql)| M::up(sql)).collect())
            .to_version(&mut conn, 9)
            .unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        let kept = [
            Some(r#"{"model":"m","parameters":"{\"context_tokens\":4096}"}"#),
            Some(r#"{"model":"m","parameters":""}"#),
            None,
        ];
        for (n, info) in (0_u8..).zip(kept) {
            let id = [n; 16];
            conn.execute(
                "INSERT INTO chat_message (id, chat, n, role, text, state, at, info)
                 VALUES (?1, zeroblob(16), ?2, 'assistant', '', 'done', 0, ?3)",
                (id, n, info),
            )
            .unwrap();
        }
        drop(conn);
        Db::open(&path, &DbOptions::default()).unwrap().close();
        let conn = rusqlite::Connection::open_with_flags(&path, rusqlite::OpenFlags::default()).unwrap();
        let mut statement = conn.prepare("SELECT info FROM chat_message ORDER BY n").unwrap();
        let found: Vec<Option<String>> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(
            found,
            [
                Some(r#"{"model":"m","sent":{"context":4096}}"#.to_owned()),
                Some(r#"{"model":"m","sent":{}}"#.to_owned()),
                None
            ]
        );
    }

    #[test]
    fn the_schema_document_is_the_schema() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hearth.db");
        Db::open(&path, &DbOptions::default()).unwrap().close();
        let conn = rusqlite::Connection::open_with_flags(&path, rusqlite::OpenFlags::default()).unwrap();
        let mut statement = conn
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name")
            .unwrap();
        let parts: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let schema = format!(
            "-- Generated from migrations/ by the tests of hearth-db (UPDATE_SCHEMA=1); do not edit.\n\n{};\n",
            parts.join(";\n\n")
        );
        let document = repository().join("docs/schema.sql");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&document, &schema).unwrap();
        }
        let committed = std::fs::read_to_string(&document).unwrap_or_default();
        assert!(
            committed == schema,
            "docs/schema.sql is out of date: run the tests with UPDATE_SCHEMA=1"
        );
    }
}
