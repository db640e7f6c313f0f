//! A backup that somebody put outside the folder of backups, such as with `hearth backup --to`. Nobody looks for it there, and it may
//! be on a drive that lies in a drawer: that it was made is noted.

use super::recorded::Recorded;
use super::{Preface, names, schedule};
use hearth_api::{HomeId, Timestamp};
use hearth_db::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::{fs, io};

/// The file of the note, in the folder of the home: that of backups may not be there, and is not made by whoever puts one elsewhere.
const FILE: &str = "backup-elsewhere.json";
/// The longest that is read.
const MAX_BYTES: u64 = 4096;

#[derive(Serialize, Deserialize)]
struct Note {
    home: HomeId,
    made_at: Timestamp,
}

/// Notes a backup of the home in `dir` that was put into `folder`, unless backups are looked for there anyway. That it cannot be noted
/// makes it no worse.
pub(super) fn note(dir: &Path, folder: &Path, preface: &Preface) {
    let recorded = Snapshot::open(&dir.join(names::DATABASE)).and_then(|db| db.read(Recorded::read));
    let usual = || dir.join(schedule::FOLDER);
    let looked_in = recorded.map_or_else(|_unread| usual(), |recorded| recorded.folder(dir));
    if is_same(folder, &looked_in) {
        return;
    }
    let note = Note {
        home: preface.home.clone(),
        made_at: preface.made_at,
    };
    let written = serde_json::to_vec(&note)
        .map_err(io::Error::other)
        .and_then(|bytes| fs::write(dir.join(FILE), bytes));
    if let Err(error) = written {
        tracing::warn!(%error, "That a backup was put elsewhere cannot be noted");
    }
}

/// When the newest backup of a home was made that was put elsewhere.
pub(super) fn newest(dir: &Path, home: Option<&HomeId>) -> Option<Timestamp> {
    let note = read(dir)?;
    home.is_none_or(|home| note.home == *home).then_some(note.made_at)
}

/// Of which home that was.
pub(super) fn home(dir: &Path) -> Option<HomeId> {
    Some(read(dir)?.home)
}

/// Forgets the note of another home than the one that takes the place now.
pub(super) fn forget_others(dir: &Path, home: &HomeId) {
    if read(dir).is_some_and(|note| note.home != *home) {
        // One that stays is of another home, and so does not count.
        let _stays = fs::remove_file(dir.join(FILE));
    }
}

fn read(dir: &Path) -> Option<Note> {
    let path = dir.join(FILE);
    let short = fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= MAX_BYTES);
    let bytes = short.then(|| fs::read(&path).ok()).flatten()?;
    serde_json::from_slice(&bytes).ok()
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::recorded::BackupState;
    use super::super::tests::{job, new};
    use super::super::{Created, create};
    use super::*;
    use crate::system::{SystemEntropy, SystemZone};
    use hearth_api::health::HealthLevel;

    #[tokio::test]
    async fn one_that_was_put_elsewhere_counts_until_a_newer_one_lies_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let (dir, drive) = (folder.path().join("home"), folder.path().join("drive"));
        super::super::tests::home(&dir).await;
        fs::create_dir(&drive).unwrap();
        let make = |target: &Path, later: i64| -> Created {
            let mut new = new(target);
            new.made_at = Timestamp(new.made_at.0 + later);
            create(&dir, &new, &SystemEntropy, &job()).unwrap()
        };
        let judge = || {
            let db = Snapshot::open(&dir.join(names::DATABASE)).unwrap();
            let now = new(&drive).made_at;
            let recorded: Recorded = db.read(Recorded::read).unwrap();
            recorded.judge(&dir, &SystemZone, now)
        };
        assert!(matches!(judge().state, BackupState::None));
        let first = make(&drive.join("a.hearth-backup"), 0).preface;
        let judged = judge();
        assert!(matches!(judged.state, BackupState::Good) && judged.elsewhere);
        assert!(
            !dir.join("backups").exists(),
            "whoever puts one elsewhere makes no folder"
        );
        assert_eq!(
            (judged.newest, judged.level()),
            (Some(first.made_at), HealthLevel::Ok)
        );

        let newer = make(&dir.join("backups/b.hearth-backup"), 1000).preface;
        let judged = judge();
        assert_eq!((judged.newest, judged.elsewhere), (Some(newer.made_at), false));

        // Another home's, and what is no note, count as none.
        let stranger: HomeId = "a".repeat(52).parse().unwrap();
        assert_eq!(newest(&dir, None), Some(first.made_at));
        assert_eq!(newest(&dir, Some(&stranger)), None);
        fs::write(dir.join(FILE), "{").unwrap();
        assert_eq!(newest(&dir, None), None);
    }
}
