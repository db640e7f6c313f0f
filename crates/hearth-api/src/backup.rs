//! Backups of the whole home, and restoring one.

use crate::error::ApiError;
use crate::ids::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Makes a backup.
    Backup,
    /// Reads one whole and checks it.
    Verify,
    /// Restores one.
    Restore,
}

/// What a job is doing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobPhase {
    /// It has not begun yet.
    Starting,
    /// Copying the database.
    Copying,
    /// Writing the file.
    Writing,
    /// Reading a file whole and checking every byte.
    Verifying,
    /// Unpacking beside the present home.
    Unpacking,
    /// Opening what was unpacked.
    Trying,
    /// Saving the present state as a backup.
    SavingPresent,
    /// Putting the restored home in place; Hearth starts again.
    Swapping,
    /// It ended well.
    Done,
    /// It ended with an error; nothing was changed.
    Failed,
}

impl JobPhase {
    /// Whether the job has ended.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackupJob {
    /// What it does.
    pub kind: JobKind,
    /// What it is doing now.
    pub phase: JobPhase,
    /// Bytes done in this phase.
    pub done: u64,
    /// Bytes of this phase; 0 when that is not known.
    pub total: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// The name of the backup that it made; of a restore, where the state before was saved.
    pub file: Option<String>,
    /// Files that are missing or damaged in the home itself, and so are not in the backup.
    pub left_out: u64,
    /// Why it failed.
    pub error: Option<ApiError>,
}

/// A backup in the folder of backups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackupFile {
    /// The file's name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// When it was made.
    pub made_at: Timestamp,
    /// How many people lived in the home.
    pub people: u64,
    /// The version of the program that made it.
    pub program: String,
    /// Whether it is of this home.
    pub own: bool,
    /// What it was made for.
    #[serde(default)]
    pub kind: BackupKind,
}

/// What a backup was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupKind {
    /// By itself, or because somebody wanted one.
    #[default]
    Usual,
    /// To keep the state before another one was restored.
    BeforeRestore,
    /// To keep the state before another version of the program was installed.
    BeforeUpdate,
}

/// How often a backup is made by itself, at two at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupEvery {
    /// Never.
    #[default]
    Off,
    /// Each night.
    Day,
    /// In the night to Monday.
    Week,
    /// In the night to the first of a month.
    Month,
}

/// When and where backups are made by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BackupSchedule {
    /// How often.
    pub every: BackupEvery,
    /// Into which folder; the usual one beside the home if none is named.
    pub folder: Option<String>,
    /// Whether copies of other homes' files go in too.
    pub with_copies: bool,
    /// Minutes by which the clock of the people who live here is ahead of UTC; counts only where the home's computer does not know
    /// its time zone.
    pub utc_offset_minutes: i32,
}

/// A backup that was to be made by itself and was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackupFailure {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub error: ApiError,
}

/// The backups of the home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backups {
    /// Newest first.
    pub files: Vec<BackupFile>,
    /// The folder.
    pub folder: String,
    /// Whether that is not there now, such as when its drive is not connected. No backup is made then.
    #[serde(default)]
    pub folder_missing: bool,
    /// When they are made by themselves.
    pub schedule: BackupSchedule,
    /// Whether a passphrase is set.
    pub passphrase_set: bool,
    /// When the next one is due.
    pub next_at: Option<Timestamp>,
    /// The last failure, if nothing went well since.
    pub failure: Option<BackupFailure>,
    /// What runs now, or ran last.
    pub job: Option<BackupJob>,
    /// Days that a backup is kept; the newest always stays.
    pub keep_days: u32,
}

/// Lists the backups (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListBackups {}

/// Makes a backup now, with the passphrase that is set (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct StartBackup {}

/// Stops what runs; nothing is left of it (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CancelJob {}

/// Reads a backup whole and checks every byte (admins).
#[derive(Clone, Serialize, Deserialize)]
pub struct VerifyBackup {
    /// Which.
    pub name: String,
    /// Its passphrase, if it is another one than the one that is set.
    #[serde(default)]
    pub passphrase: Option<String>,
}

/// Deletes a backup; asks the password again (admins).
#[derive(Clone, Serialize, Deserialize)]
pub struct DeleteBackup {
    /// Which.
    pub name: String,
    /// The account's password.
    pub password: String,
}

/// Sets when backups are made and with which passphrase; asks the password again (admins).
#[derive(Clone, Serialize, Deserialize)]
pub struct SetBackupSchedule {
    /// When and where. Another folder can be named on the home's own machine only.
    pub schedule: BackupSchedule,
    /// A new passphrase, 8 characters or more; unchanged if none is given.
    #[serde(default)]
    pub passphrase: Option<String>,
    /// The account's password.
    pub password: String,
}

/// Restores a backup over this home; asks the password again. Everybody is signed out (admins).
#[derive(Clone, Serialize, Deserialize)]
pub struct RestoreBackup {
    /// Which.
    pub name: String,
    /// Its passphrase, if it is another one than the one that is set.
    #[serde(default)]
    pub passphrase: Option<String>,
    /// The account's password.
    pub password: String,
}

/// Begins to hand over a backup file to restore: before the home is set up anybody on its machine, then only admins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BeginRestore {
    /// The file's length.
    pub bytes: u64,
}

/// A backup file that is being handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreUpload {
    /// Its id.
    pub id: String,
    /// Bytes that have come.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
}

/// The next piece of the file.
#[derive(Clone, Serialize, Deserialize)]
pub struct SendRestore {
    /// Which upload.
    pub id: String,
    /// Where the piece belongs.
    pub offset: u64,
    /// At most 1 MiB, as Base64.
    pub data: String,
}

/// What a backup says of itself: as soon as its beginning has come, without its passphrase.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreviewRestore {
    /// Which upload.
    pub id: String,
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestorePreview {
    /// When it was made.
    pub made_at: Timestamp,
    /// The file's length.
    pub bytes: u64,
    /// How many people lived in the home.
    pub people: u64,
    /// The version of the program that made it.
    pub program: String,
    /// Whether it is known to be of another home than the one in whose place it comes.
    pub other_home: bool,
}

/// Restores the file that was handed over.
#[derive(Clone, Serialize, Deserialize)]
pub struct StartRestore {
    /// Which upload.
    pub id: String,
    /// The backup's passphrase.
    pub passphrase: String,
    /// The account's password, when the home is set up.
    #[serde(default)]
    pub password: Option<String>,
}

/// How far the restore is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetRestoreJob {}

macro_rules! no_secrets_in_debug {
    ($($request:ident)*) => {
        $(impl fmt::Debug for $request {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($request)).finish_non_exhaustive()
            }
        })*
    };
}
no_secrets_in_debug!(VerifyBackup DeleteBackup SetBackupSchedule RestoreBackup SendRestore StartRestore);
