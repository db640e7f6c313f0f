//! Backups that restore: one encrypted file with everything of a home.
//!
//! ```text
//! hearth-backup/1                                  what it is
//! {"program":"0.1.0","schema":6,"made_at":…,…}     what a person sees before typing the passphrase
//! <SHA-256 of the two lines above>
//! age-encryption.org/v1 …                          an age file with a passphrase, and in it a tar archive:
//!     hearth.db                                    a consistent copy of the database
//!     keys/…                                       the key file, or the parameters of the key passphrase
//!     blobs/<SHA-256>                              files, each named by its content
//!     manifest.json                                what was put in, with the SHA-256 of each entry; last
//! ```
//!
//! So it opens without Hearth too: `tail -n +4 FILE | age -d | tar -x`.
//!
//! Invariants: a backup gets its name only after it was read back whole; a restore changes nothing of the home before the
//! whole file was verified, unpacked beside it and tried, and then swaps by renames that are finished or undone at the next start
//! (`swap`). Everything here blocks; `service` runs it off the async threads as a job that tells how far it is.
//!
//! Not here: giving peers back what was lost since (that follows from the new epoch), where backups are copied to.

mod age;
mod archive;
mod before_update;
mod commands;
mod create;
mod elsewhere;
mod error;
mod folder;
mod job;
mod preface;
pub(crate) mod recorded;
mod rescue;
mod restore;
mod schedule;
pub(crate) mod service;
pub(crate) mod state;
pub(crate) mod swap;
#[cfg(test)]
mod tests;
pub(crate) mod upload;

pub use create::{Created, NewBackup, create};
pub(crate) use error::reason;
pub use error::{BackupError, Part};
pub use job::Job;
pub use preface::Preface;
pub use rescue::Rescue;
pub use restore::{Restore, Verified, restore, verify};
pub use schedule::{safety_target, target_in, usual_target};

/// What a backup says of itself, without its passphrase.
///
/// # Errors
/// [`BackupError`].
pub fn preface(file: &std::path::Path) -> Result<Preface, BackupError> {
    Ok(archive::open(file)?.0)
}

/// Which home is in the folder `dir`, as far as what is left of it tells: its database, the note of a backup that was put elsewhere, or
/// the backups beside it, if all that were not made for a restore are of one home. Files are put there by hand as well.
#[must_use]
pub fn present(dir: &std::path::Path) -> Option<hearth_api::HomeId> {
    let database = hearth_db::snapshot::Snapshot::open(&dir.join(names::DATABASE));
    let recorded = database.and_then(|db| db.read(recorded::Recorded::read));
    let home = recorded.ok().and_then(|recorded| recorded.home);
    home.or_else(|| elsewhere::home(dir)).or_else(|| {
        let mut found = schedule::list(&dir.join(schedule::FOLDER));
        found.retain(|file| schedule::kind_of(&file.name) != hearth_api::backup::BackupKind::BeforeRestore);
        let mut homes = found.into_iter().map(|file| file.preface.home);
        let first = homes.next()?;
        homes.all(|home| home == first).then_some(first)
    })
}

/// When the newest backup of a home in a folder was made.
pub(crate) fn newest(
    folder: &std::path::Path,
    home: Option<&hearth_api::HomeId>,
) -> Option<hearth_api::Timestamp> {
    schedule::list(folder)
        .into_iter()
        .find(|file| home.is_none_or(|home| file.preface.home == *home))
        .map(|file| file.preface.made_at)
}

/// How the names of backup files end.
pub const EXTENSION: &str = "hearth-backup";
/// The format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
/// The fewest characters of a passphrase for backups.
pub const MIN_PASSPHRASE: usize = 8;
/// The most bytes of one.
pub const MAX_PASSPHRASE_BYTES: usize = 1024;

/// Names of the files of a home's folder.
pub(crate) mod names {
    pub(crate) const DATABASE: &str = "hearth.db";
    pub(super) const BLOBS: &str = "blobs";
    pub(super) const MANIFEST: &str = "manifest.json";
    pub(super) const KEYS: [&str; 2] = [crate::master::KEY_FILE, crate::master::PARAMS_FILE];
}
