//! The writer groups, isolates and survives.

use super::*;
use crate::table::meta;

fn open() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
    (dir, db)
}

#[tokio::test]
async fn a_part_is_undone_alone() {
    let (_dir, db) = open();
    db.write(|tx| {
        meta::set(tx, "before", "1")?;
        tx.part(|tx| meta::set(tx, "undone", "1").map(|()| (false, ())))?;
        let failed = tx.part(|tx| {
            meta::set(tx, "failed", "1")?;
            tx.part(|tx| meta::set(tx, "inner", "1").map(|()| (true, ())))?;
            Err::<(bool, ()), _>(DbError::Malformed("test"))
        });
        assert!(failed.is_err());
        tx.part(|tx| meta::set(tx, "kept", "1").map(|()| (true, ())))
    })
    .await
    .unwrap();
    let seen = db
        .read(|tx| {
            let there = |key| meta::get(tx, key).map(|value| value.is_some());
            Ok::<_, DbError>(["before", "undone", "failed", "inner", "kept"].map(|key| there(key).unwrap()))
        })
        .await
        .unwrap();
    assert_eq!(seen, [true, false, false, false, true]);
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_and_its_neighbours_stand() {
    let (_dir, db) = open();
    let good = db.write(|tx| meta::set(tx, "a", "1"));
    let bad = db.write(|tx| -> DbResult<()> {
        meta::set(tx, "b", "2")?;
        Err(DbError::Malformed("test"))
    });
    let (good, bad) = tokio::join!(good, bad);
    good.unwrap();
    assert!(matches!(bad, Err(DbError::Malformed("test"))));
    let seen = db
        .read(|tx| Ok::<_, DbError>((meta::get(tx, "a")?, meta::get(tx, "b")?)))
        .await
        .unwrap();
    assert_eq!(seen, (Some("1".to_owned()), None));
}

#[tokio::test]
async fn a_panicking_closure_is_an_error_and_the_next_write_works() {
    let (_dir, db) = open();
    let panicked = db.write(|_tx| -> DbResult<()> { panic!("on purpose") }).await;
    assert!(matches!(panicked, Err(DbError::Panicked)));
    let panicked = db.read(|_tx| -> DbResult<()> { panic!("on purpose") }).await;
    assert!(matches!(panicked, Err(DbError::Panicked)));
    db.write(|tx| meta::set(tx, "a", "1")).await.unwrap();
    assert_eq!(
        db.read(|tx| meta::get(tx, "a")).await.unwrap().as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn readers_cannot_write() {
    let (_dir, db) = open();
    let refused = db
        .read(|tx| {
            Ok::<_, DbError>(
                tx.conn
                    .execute("INSERT INTO meta (key, value) VALUES ('x', 'y')", [])?,
            )
        })
        .await;
    assert!(refused.is_err(), "readers are query_only");
}

/// More readers than connections, some of them blocking, some of them left by their callers: each that stays is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_free_reader_waits() {
    let (_dir, db) = open();
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = std::sync::Arc::new(std::sync::Mutex::new(gate));
    let mut held = Vec::new();
    for _ in 0..DbOptions::default().readers {
        let (began, begun) = tokio::sync::oneshot::channel();
        let (db, gate) = (db.clone(), std::sync::Arc::clone(&gate));
        held.push(tokio::spawn(async move {
            db.read(move |_tx| {
                began.send(()).unwrap();
                gate.lock().unwrap().recv().unwrap();
                Ok::<_, DbError>(())
            })
            .await
        }));
        begun.await.unwrap();
    }
    // The callers go away; what they began still has the readers.
    for caller in held {
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
    }
    let blocking = tokio::task::spawn_blocking({
        let db = db.clone();
        move || db.read_blocking(|tx| tx.count("SELECT count(*) FROM meta", []))
    });
    let waiting = tokio::spawn(async move { db.read(|tx| tx.count("SELECT count(*) FROM meta", [])).await });
    tokio::task::yield_now().await;
    assert!(!blocking.is_finished() && !waiting.is_finished());
    for _ in 0..DbOptions::default().readers {
        go.send(()).unwrap();
    }
    blocking.await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn many_writes_at_once_are_all_there() {
    let (_dir, db) = open();
    let writes = (0..300).map(|n| {
        let db = db.clone();
        tokio::spawn(async move { db.write(move |tx| meta::set(tx, &format!("k{n}"), "v")).await })
    });
    for write in writes.collect::<Vec<_>>() {
        write.await.unwrap().unwrap();
    }
    let n = db
        .read(|tx| tx.count("SELECT count(*) FROM meta WHERE key LIKE 'k%'", []))
        .await
        .unwrap();
    assert_eq!(n, 300);
    assert!(db.integrity_check().await.unwrap().is_empty());
}

#[test]
fn after_close_writes_are_refused_and_the_data_is_there() {
    let (dir, db) = open();
    db.write_blocking(|tx| meta::set(tx, "a", "1")).unwrap();
    db.close();
    assert!(matches!(
        db.write_blocking(|tx| meta::set(tx, "a", "2")),
        Err(DbError::Closed)
    ));
    drop(db);
    let again = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
    assert_eq!(
        again.read_blocking(|tx| meta::get(tx, "a")).unwrap().as_deref(),
        Some("1")
    );
}

/// What is kept prepared is run as it is, whatever is bound to it.
#[tokio::test]
async fn a_statement_that_is_kept_is_not_prepared_again() {
    let (_dir, db) = open();
    let prepared_again = db
        .read(|tx| {
            let mut statement = tx.conn.prepare("SELECT key FROM meta WHERE key > ?1 LIMIT ?2")?;
            for limit in 1..4 {
                let mut rows = statement.query(("", limit))?;
                while rows.next()?.is_some() {}
            }
            Ok::<_, DbError>(statement.get_status(rusqlite::StatementStatus::RePrepare))
        })
        .await
        .unwrap();
    assert_eq!(prepared_again, 0);
}
