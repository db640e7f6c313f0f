//! How SQLite will run a statement, for the tests of hot queries.

use crate::{Db, DbOptions, DbResult};

fn steps(sql: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
    let explain = format!("EXPLAIN QUERY PLAN {sql}");
    db.read_blocking(|tx| -> DbResult<Vec<String>> {
        let mut statement = tx.conn.prepare(&explain)?;
        let rows = statement
            .raw_query()
            .mapped(|row| row.get(3))
            .collect::<Result<_, _>>()?;
        Ok(rows)
    })
    .unwrap()
}

/// Every table is entered by an index, and nothing is sorted afterwards.
#[track_caller]
pub(crate) fn check_indexed(sql: &str) {
    let steps = steps(sql);
    assert!(
        !steps
            .iter()
            .any(|step| step.contains("SCAN") || step.contains("TEMP B-TREE")),
        "{sql}\n{steps:#?}"
    );
}

/// Every table is entered by an index, once for each of the keys asked for; the few rows found may be sorted.
#[track_caller]
pub(crate) fn check_found_by_key(sql: &str) {
    let steps = steps(sql);
    assert!(
        !steps
            .iter()
            .any(|step| step.contains("SCAN") && !step.contains("VIRTUAL TABLE")),
        "{sql}\n{steps:#?}"
    );
}

/// A table is entered by this index and these keys, and none is read from end to end.
#[track_caller]
pub(crate) fn check_uses(sql: &str, index: &str) {
    let steps = steps(sql);
    assert!(
        steps.iter().any(|step| step.contains(index)) && !steps.iter().any(|step| step.contains("SCAN")),
        "{sql}\n{steps:#?}"
    );
}
