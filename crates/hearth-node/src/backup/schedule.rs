//! When a backup is due, what it is called, and which ones are old.

use super::{EXTENSION, Preface};
use hearth_api::backup::{BackupEvery, BackupKind, BackupSchedule};
use hearth_api::ports::Zone;
use hearth_api::{Date, HomeId, Timestamp};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The folder of backups in a home's folder, unless another is named.
pub(super) const FOLDER: &str = "backups";
/// What the name of a backup made before a restore, or before an update, begins with.
const BEFORE_RESTORE: &str = "before-restore-";
pub(super) const BEFORE_UPDATE: &str = "before-update-";
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

/// The clocks of the people here.
#[derive(Clone, Copy)]
pub(super) struct Local<'z> {
    zone: &'z dyn Zone,
    /// Where the zone tells nothing.
    fixed_ms: i64,
}

impl<'z> Local<'z> {
    pub(super) fn new(zone: &'z dyn Zone, schedule: &BackupSchedule) -> Self {
        let minutes = schedule.utc_offset_minutes.clamp(-14 * 60, 14 * 60);
        Self {
            zone,
            fixed_ms: i64::from(minutes).saturating_mul(60_000),
        }
    }

    fn ahead_ms(self, at: Timestamp) -> i64 {
        let seconds = self.zone.ahead(at);
        seconds.map_or(self.fixed_ms, |seconds| i64::from(seconds).saturating_mul(1000))
    }

    /// What those clocks show, as if it were UTC.
    fn shown(self, at: Timestamp) -> Timestamp {
        at.plus_ms(self.ahead_ms(at))
    }

    /// When they show it: the first time, if they do twice; if they jump over it, when they do.
    fn when(self, shown: Timestamp) -> Timestamp {
        // A day before and after, as no clock is further ahead or behind than that.
        let before = shown.plus_ms(-self.ahead_ms(shown.plus_ms(-DAY_MS)));
        let after = shown.plus_ms(-self.ahead_ms(shown.plus_ms(DAY_MS)));
        let (first, second) = (before.min(after), before.max(after));
        if self.shown(first) == shown { first } else { second }
    }

    /// The number of the day, which begins at two at night.
    fn day(self, at: Timestamp) -> i64 {
        self.shown(at).plus_ms(-HOUR * HOUR_MS).0.div_euclid(DAY_MS)
    }

    /// When that day begins.
    fn begin(self, day: i64) -> Timestamp {
        self.when(Timestamp(day.saturating_mul(DAY_MS)).plus_ms(HOUR * HOUR_MS))
    }
}

/// The first day, not after `day`, of what goes by days, weeks or months.
fn first_day(every: BackupEvery, day: i64) -> Option<i64> {
    Some(match every {
        BackupEvery::Off => return None,
        BackupEvery::Day => day,
        BackupEvery::Week => day.saturating_sub((day.saturating_sub(MONDAY)).rem_euclid(7)),
        BackupEvery::Month => {
            let date = Date::of(Timestamp(day.saturating_mul(DAY_MS)));
            day.saturating_sub(i64::from(date.day).saturating_sub(1))
        }
    })
}

/// The latest time not after `now` at which a backup was due.
pub(super) fn last_slot(schedule: &BackupSchedule, zone: &dyn Zone, now: Timestamp) -> Option<Timestamp> {
    let local = Local::new(zone, schedule);
    let day = local.day(now);
    // In a night without two o'clock the day begins later than its clocks say.
    let day = if local.begin(day) > now {
        day.saturating_sub(1)
    } else {
        day
    };
    Some(local.begin(first_day(schedule.every, day)?))
}

/// The first time after `now` at which one is due.
pub(super) fn next_slot(schedule: &BackupSchedule, zone: &dyn Zone, now: Timestamp) -> Option<Timestamp> {
    let local = Local::new(zone, schedule);
    let last = local.day(last_slot(schedule, zone, now)?);
    let next = match schedule.every {
        BackupEvery::Off => return None,
        BackupEvery::Day => last.saturating_add(1),
        BackupEvery::Week => last.saturating_add(7),
        // Somewhere in the month after.
        BackupEvery::Month => first_day(BackupEvery::Month, last.saturating_add(32))?,
    };
    Some(local.begin(next))
}

/// A time as the clocks of the people here show it.
pub(super) fn shown(schedule: &BackupSchedule, zone: &dyn Zone, at: Timestamp) -> String {
    let local = Local::new(zone, schedule).shown(at);
    let minutes = local.0.rem_euclid(DAY_MS) / 60_000;
    format!("{} at {:02}:{:02}", Date::of(local), minutes / 60, minutes % 60)
}

/// The name of a backup made now: it sorts by time and says the time of the people here.
pub(super) fn file_name(schedule: &BackupSchedule, zone: &dyn Zone, now: Timestamp) -> String {
    let local = Local::new(zone, schedule).shown(now);
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
pub fn usual_target(dir: &Path, zone: &dyn Zone, now: Timestamp) -> PathBuf {
    target_in(&dir.join(FOLDER), zone, now)
}

/// Where a backup goes that is to lie in a folder that somebody named.
#[must_use]
pub fn target_in(folder: &Path, zone: &dyn Zone, now: Timestamp) -> PathBuf {
    free(folder, &file_name(&BackupSchedule::default(), zone, now))
}

/// Where the present state goes before a restore into `dir` from the command line.
#[must_use]
pub fn safety_target(dir: &Path, zone: &dyn Zone, now: Timestamp) -> PathBuf {
    free(
        &dir.join(FOLDER),
        &safety_name(&BackupSchedule::default(), zone, now),
    )
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
pub(super) fn safety_name(schedule: &BackupSchedule, zone: &dyn Zone, now: Timestamp) -> String {
    file_name(schedule, zone, now).replacen("hearth-", BEFORE_RESTORE, 1)
}

/// What a backup of that name was made for.
pub(super) fn kind_of(name: &str) -> BackupKind {
    if name.starts_with(BEFORE_RESTORE) {
        BackupKind::BeforeRestore
    } else if name.starts_with(BEFORE_UPDATE) {
        BackupKind::BeforeUpdate
    } else {
        BackupKind::Usual
    }
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
        assert_eq!(last_slot(&day, &Nowhere, SUNDAY).map(hours), Some(-22));
        assert_eq!(
            last_slot(&day, &Nowhere, SUNDAY.plus_ms(2 * HOUR_MS)).map(hours),
            Some(2)
        );
        assert_eq!(next_slot(&day, &Nowhere, SUNDAY).map(hours), Some(2));
        let east = schedule(BackupEvery::Day, 120);
        assert_eq!(
            last_slot(&east, &Nowhere, SUNDAY).map(hours),
            Some(0),
            "it is two there"
        );
        let week = schedule(BackupEvery::Week, 0);
        assert_eq!(next_slot(&week, &Nowhere, SUNDAY).map(hours), Some(26), "Monday");
        assert_eq!(
            last_slot(&week, &Nowhere, SUNDAY.plus_days(1)).map(hours),
            Some(26 - 7 * 24)
        );
        let month = schedule(BackupEvery::Month, 0);
        assert_eq!(
            last_slot(&month, &Nowhere, SUNDAY).map(hours),
            Some(2 - 21 * 24),
            "1 November"
        );
        assert_eq!(
            next_slot(&month, &Nowhere, SUNDAY).map(hours),
            Some(2 + 9 * 24),
            "1 December"
        );
        assert_eq!(last_slot(&schedule(BackupEvery::Off, 0), &Nowhere, SUNDAY), None);
    }

    #[test]
    fn names_sort_by_time() {
        let at = |ms| file_name(&schedule(BackupEvery::Day, 60), &Nowhere, SUNDAY.plus_ms(ms));
        assert_eq!(at(0), "hearth-2026-11-22-010000.hearth-backup");
        assert!(at(0) < at(1000) && at(1000) < at(DAY_MS));
        assert_eq!(kind_of(&at(0)), BackupKind::Usual);
        let before = safety_name(&schedule(BackupEvery::Day, 60), &Nowhere, SUNDAY);
        assert_eq!(kind_of(&before), BackupKind::BeforeRestore, "{before}");
        let update = at(0).replacen("hearth-", BEFORE_UPDATE, 1);
        assert_eq!(kind_of(&update), BackupKind::BeforeUpdate);
    }

    /// A zone that tells nothing, so that the offset that was noted counts.
    struct Nowhere;

    impl Zone for Nowhere {
        fn ahead(&self, _at: Timestamp) -> Option<i32> {
            None
        }
    }

    /// A zone by its rule.
    struct Rule(jiff::tz::TimeZone);

    impl Rule {
        /// Central Europe: an hour ahead, two in summer.
        fn central_europe() -> Self {
            Self(jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
        }
    }

    impl Zone for Rule {
        fn ahead(&self, at: Timestamp) -> Option<i32> {
            let at = jiff::Timestamp::from_millisecond(at.0).unwrap();
            Some(self.0.to_offset(at).seconds())
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn daylight_saving_does_not_move_the_night() {
        let (zone, day) = (Rule::central_europe(), schedule(BackupEvery::Day, 0));
        let last = |now: &str| last_slot(&day, &zone, at(now)).unwrap();
        assert_eq!(last("2026-03-01T12:00:00Z"), at("2026-03-01T01:00:00Z"), "winter");
        assert_eq!(last("2026-07-01T12:00:00Z"), at("2026-07-01T00:00:00Z"), "summer");
        assert_eq!(
            next_slot(&day, &zone, at("2026-10-24T12:00:00Z")),
            Some(at("2026-10-25T00:00:00Z")),
            "the night that is an hour longer"
        );
        let month = schedule(BackupEvery::Month, 0);
        assert_eq!(
            next_slot(&month, &zone, at("2026-03-15T12:00:00Z")),
            Some(at("2026-04-01T00:00:00Z"))
        );
        let summer = file_name(&day, &zone, at("2026-07-01T00:00:00Z"));
        assert_eq!(summer, "hearth-2026-07-01-020000.hearth-backup");
    }

    #[test]
    fn every_night_of_a_year_has_one_slot_also_where_two_o_clock_is_missing_or_comes_twice() {
        let (zone, day) = (Rule::central_europe(), schedule(BackupEvery::Day, 0));
        let (mut now, end) = (at("2026-01-01T12:00:00Z"), at("2027-01-01T12:00:00Z"));
        let mut slots = std::collections::BTreeSet::new();
        while now < end {
            let last = last_slot(&day, &zone, now).unwrap();
            let next = next_slot(&day, &zone, now).unwrap();
            assert!(last <= now && now < next, "{now:?}: {last:?}, {next:?}");
            slots.insert(last);
            now = now.plus_ms(10 * 60_000);
        }
        assert_eq!(slots.len(), 366, "a year and the night before it");
        let missing = at("2026-03-29T01:00:00Z");
        assert!(slots.contains(&missing), "three o'clock, where two is missing");
        let hours: std::collections::BTreeSet<i64> = slots
            .iter()
            .map(|slot| Local::new(&zone, &day).shown(*slot).0.rem_euclid(DAY_MS) / HOUR_MS)
            .collect();
        assert_eq!(hours.into_iter().collect::<Vec<_>>(), [2, 3]);
    }
}
