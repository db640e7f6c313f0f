//! What lies in the folder of a home beside its keys: files, backups, what waits to be sent.

use super::{Finding, Means};
use crate::backup::recorded::{BackupState, Recorded};
use crate::files::{self, LookError};
use crate::words::{counted, span};
use hearth_api::Timestamp;
use hearth_api::health::HealthLevel;
use hearth_db::snapshot::Snapshot;
use hearth_federation::delivery::paused_until;
use std::path::Path;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Whether the pictures and files that the database names are there. Why a database does not tell, is said of that.
pub(super) fn files(dir: &Path) -> Option<Finding> {
    let looked = match files::look_at_folder(dir) {
        Ok(looked) => looked,
        Err(LookError::Db(_)) => return None,
        Err(LookError::Media(error)) => {
            return Some(Finding::bad(
                "files",
                HealthLevel::Trouble,
                format!("The folder “blobs” with the pictures and files cannot be looked at: {error}."),
                "See that it may be read by this account, and that its disk is connected.",
            ));
        }
    };
    let copies = || {
        let gone = counted(
            looked.copies,
            "copy of another home's file is",
            "copies of other homes' files are",
        );
        format!("{gone} gone; what somebody opens is fetched again.")
    };
    let originals = || {
        let gone = counted(
            looked.originals,
            "picture or file of this home is",
            "pictures and files of this home are",
        );
        format!("{gone} gone from the folder “blobs”.")
    };
    let found = match (looked.originals, looked.copies) {
        (0, 0) => Finding::good(
            "files",
            "The pictures and files that the database names are there.",
        ),
        (0, _) => Finding::good("files", copies()),
        (_, gone) => Finding::bad(
            "files",
            HealthLevel::Trouble,
            if gone == 0 {
                originals()
            } else {
                format!("{} {}", originals(), copies())
            },
            "If somebody moved them, put them back. Else restore the last good backup, which has them: in the window under Settings, Backups, \
             or with “hearth restore”.",
        ),
    };
    Some(
        found
            .fact("named", looked.named)
            .fact("missing", looked.originals)
            .fact("copies_missing", looked.copies),
    )
}

/// How old something is, in words.
pub(super) fn age(days: i64) -> String {
    match days {
        ..1 => "less than a day old".to_owned(),
        1 => "a day old".to_owned(),
        days => format!("{days} days old"),
    }
}

/// How the backups are, as the health page judges them.
pub(super) fn backups(dir: &Path, means: Means<'_>) -> Finding {
    const SET: &str = "Set them up in the window under Settings, Backups, best on another disk.";
    const ONE_NOW: &str = "Leave Hearth running; or make one now with “hearth backup”, or in the window under Settings, Backups.";
    let recorded = Snapshot::open(&dir.join("hearth.db"))
        .and_then(|db| db.read(Recorded::read))
        .unwrap_or_default();
    let judged = recorded.judge(dir, means.zone, means.now);
    let level = judged.level();
    let days = judged.newest.map(|at| means.now.ms_since(at) / DAY_MS);
    let next = judged.next.map(|(at, is_due)| match is_due {
        true => "is made soon".to_owned(),
        false => format!("is made on {}", recorded.shown(means.zone, at)),
    });
    let newest = || {
        let age = age(days.unwrap_or_default());
        let place = match judged.elsewhere {
            true => " It was put outside the folder of backups, where nobody looks after it.",
            false => "",
        };
        format!("The newest one is {age}.{place}")
    };
    let finding = match (judged.state, next) {
        (BackupState::Failed(failure), _) => Finding::bad(
            "backup",
            level,
            format!("The last one failed: {}", failure.error.message),
            "Mend what it says; it is tried again every hour. The one before is kept.",
        ),
        (BackupState::FolderMissing, _) => Finding::bad(
            "backup",
            level,
            format!(
                "The folder of backups is not there: {}.",
                recorded.folder(dir).display()
            ),
            "If it is on another drive, connect that; else choose another folder under Settings, Backups.",
        ),
        (BackupState::None, Some(next)) => Finding::bad(
            "backup",
            level,
            format!("There is none yet. The first one {next}."),
            ONE_NOW,
        ),
        (BackupState::None, None) => {
            Finding::advice("backup", "There is none, and none is made by itself.", SET)
        }
        (BackupState::Old, Some(next)) => Finding::bad(
            "backup",
            level,
            format!("{} The next one {next}.", newest()),
            ONE_NOW,
        ),
        (BackupState::Old, None) => {
            Finding::advice("backup", format!("{} None is made by itself.", newest()), SET)
        }
        (BackupState::Good, _) => Finding::good("backup", newest()),
    };
    match days {
        Some(days) => finding.fact("age_days", days),
        None => finding,
    }
}

/// A pause of sending, while there is one.
pub(super) fn sending(dir: &Path, now: Timestamp) -> Option<Finding> {
    let until = Snapshot::open(&dir.join("hearth.db")).and_then(|db| db.read(|tx| paused_until(tx, now)));
    // A database that cannot be read was named already.
    let until = until.ok().flatten()?;
    let minutes = until.ms_since(now).saturating_add(MINUTE_MS - 1) / MINUTE_MS;
    let left = span(u64::try_from(minutes).unwrap_or_default());
    let found = Finding::bad(
        "sending",
        HealthLevel::Waiting,
        format!("Sending to other homes is paused for another {left}; what others send still arrives."),
        "What waits goes out by itself then. “hearth resume”, or “Send again now” on the Health page, ends the pause now.",
    );
    Some(found.fact("minutes", minutes))
}
