//! When a backup is due, what it is called, and which ones are old.

use super::{EXTENSION, Preface};
use hearth_api::backup::{BackupEvery, BackupSchedule};
use hearth_api::{Date, HomeId, Timestamp};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The folder of backups in a home's folder, unless another is named.
pub(super) const FOLDER: &str = "backups";
/// Days that a backup is kept.
pub(super) const KEEP_DAYS: u32 = 30;
/// After a failure it is tried again.
pub(super) const AGAIN_MS: i64 = 3_600_000;
/// The hour of the night.
const HOUR: i64 = 2;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Days from 1 January 1970, a Thursday, to the first Monday.
const MONDAY: i64 = 4;

/// The latest time not after `now` at which a backup was due.
pub(super) fn last_slot(schedule: &BackupSchedule, now: Timestamp) -> Option<Timestamp> {
    let offset = i64::from(schedule.utc_offset_minutes.clamp(-14 * 60, 14 * 60)).saturating_mul(60_000);
    // A day that begins at two at night, in the time of the people here.
    let shifted = now.plus_ms(offset).plus_ms(-HOUR * HOUR_MS);
    let day = shifted.0.div_euclid(DAY_MS);
    let day = match schedule.every {
        BackupEvery::Off => return None,
        BackupEvery::Day => day,
        BackupEvery::Week => day.saturating_sub((day.saturating_sub(MONDAY)).rem_euclid(7)),
        BackupEvery::Month => {
            let date = Date::of(shifted);
            day.saturating_sub(i64::from(date.day).saturating_sub(1))
        }
    };
    let slot = day.saturating_mul(DAY_MS).saturating_add(HOUR * HOUR_MS);
    Some(Timestamp(slot).plus_ms(-offset))
}

/// The first time after `now` at which one is due.
pub(super) fn next_slot(schedule: &BackupSchedule, now: Timestamp) -> Option<Timestamp> {
    let last = last_slot(schedule, now)?;
    let days = match schedule.every {
        BackupEvery::Off => return None,
        BackupEvery::Day => 1,
        BackupEvery::Week => 7,
        // The first slot at least 28 days on.
        BackupEvery::Month => return last_slot(schedule, last.plus_days(32)),
    };
    Some(last.plus_days(days))
}

/// The name of a backup made now: it sorts by time and says the time of the people here.
pub(super) fn file_name(schedule: &BackupSchedule, now: Timestamp) -> String {
    let local = now.plus_ms(i64::from(schedule.utc_offset_minutes).saturating_mul(60_000));
    let seconds = local.0.rem_euclid(DAY_MS) / 1000;
    format!(
        "hearth-{}-{:02}{:02}{:02}.{EXTENSION}",
        Date::of(local),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Where a backup of the home in `dir` goes when no other place is named.
#[must_use]
pub fn usual_target(dir: &Path, now: Timestamp) -> PathBuf {
    free(&dir.join(FOLDER), &file_name(&BackupSchedule::default(), now))
}

/// Where the present state goes before a restore into `dir` from the command line.
#[must_use]
pub fn safety_target(dir: &Path, now: Timestamp) -> PathBuf {
    free(&dir.join(FOLDER), &safety_name(&BackupSchedule::default(), now))
}

/// The file of that name in a folder, or, where there is one already, the first free one like it.
pub(super) fn free(folder: &Path, name: &str) -> PathBuf {
    let stem = name.strip_suffix(EXTENSION).unwrap_or(name).trim_end_matches('.');
    let mut path = folder.join(name);
    let mut number = 2_u32;
    while path.exists() {
        path = folder.join(format!("{stem}-{number}.{EXTENSION}"));
        number = number.saturating_add(1);
    }
    path
}

/// The name of the backup that is made before a restore.
pub(super) fn safety_name(schedule: &BackupSchedule, now: Timestamp) -> String {
    file_name(schedule, now).replacen("hearth-", "before-restore-", 1)
}

/// A backup that lies in the folder.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) preface: Preface,
}

/// The backups in a folder, newest first. What is none is passed over.
pub(super) fn list(folder: &Path) -> Vec<Found> {
    let mut found: Vec<Found> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            if path.extension().is_none_or(|end| end != EXTENSION) {
                return None;
            }
            let file = File::open(&path).ok()?;
            let bytes = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
            let (preface, _) = Preface::read(&mut BufReader::new(file)).ok()?;
            Some(Found {
                name: path.file_name()?.to_str()?.to_owned(),
                path,
                bytes,
                preface,
            })
        })
        .collect();
    found.sort_by(|a, b| (b.preface.made_at, &b.name).cmp(&(a.preface.made_at, &a.name)));
    found
}

/// The backups of a home that are older than they are kept; never its newest.
pub(super) fn outdated<'f>(found: &'f [Found], home: &HomeId, now: Timestamp) -> Vec<&'f Found> {
    let before = now.plus_days(-i64::from(KEEP_DAYS));
    found
        .iter()
        .filter(|file| file.preface.home == *home)
        .skip(1)
        .filter(|file| file.preface.made_at < before)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(every: BackupEvery, utc_offset_minutes: i32) -> BackupSchedule {
        BackupSchedule {
            every,
            utc_offset_minutes,
            ..BackupSchedule::default()
        }
    }

    /// 22 November 2026, a Sunday, midnight UTC.
    const SUNDAY: Timestamp = Timestamp(1_795_305_600_000);

    fn hours(at: Timestamp) -> i64 {
        at.ms_since(SUNDAY) / HOUR_MS
    }

    #[test]
    fn slots_are_at_two_at_night_in_the_time_of_the_people() {
        let day = schedule(BackupEvery::Day, 0);
        assert_eq!(last_slot(&day, SUNDAY).map(hours), Some(-22));
        assert_eq!(last_slot(&day, SUNDAY.plus_ms(2 * HOUR_MS)).map(hours), Some(2));
        assert_eq!(next_slot(&day, SUNDAY).map(hours), Some(2));
        let east = schedule(BackupEvery::Day, 120);
        assert_eq!(last_slot(&east, SUNDAY).map(hours), Some(0), "it is two there");
        let week = schedule(BackupEvery::Week, 0);
        assert_eq!(next_slot(&week, SUNDAY).map(hours), Some(26), "Monday");
        assert_eq!(
            last_slot(&week, SUNDAY.plus_days(1)).map(hours),
            Some(26 - 7 * 24)
        );
        let month = schedule(BackupEvery::Month, 0);
        assert_eq!(
            last_slot(&month, SUNDAY).map(hours),
            Some(2 - 21 * 24),
            "1 November"
        );
        assert_eq!(
            next_slot(&month, SUNDAY).map(hours),
            Some(2 + 9 * 24),
            "1 December"
        );
        assert_eq!(last_slot(&schedule(BackupEvery::Off, 0), SUNDAY), None);
    }

    #[test]
    fn names_sort_by_time() {
        let at = |ms| file_name(&schedule(BackupEvery::Day, 60), SUNDAY.plus_ms(ms));
        assert_eq!(at(0), "hearth-2026-11-22-010000.hearth-backup");
        assert!(at(0) < at(1000) && at(1000) < at(DAY_MS));
    }
}
