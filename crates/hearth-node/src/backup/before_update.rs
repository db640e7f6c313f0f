//! What is saved before another version of the program takes the place of this one: a backup where a passphrase for backups is set,
//! else a copy of the home beside it, which costs little: its files are never changed, so that a second name for each is enough.
//!
//! The copy is a home's folder of its own. Only the last one is kept, and no longer than backups are.

use super::{BackupError, Job, create, names, schedule, swap};
use crate::caller::Caller;
use crate::dispatch::sign_in_needed;
use crate::master;
use crate::node::Node;
use hearth_api::backup::{JobKind, JobPhase};
use hearth_api::{ApiError, ApiResult, Code, Timestamp};
use hearth_db::snapshot;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the copy in the home's folder.
const FOLDER: &str = "before-update";

impl Node {
    /// Saves the home before another version of the program is installed, and waits until it is saved; an admin's wish. Tells
    /// where: the name of the backup in the folder of backups, or of the folder beside the home.
    ///
    /// # Errors
    /// `sign_in_needed`, `forbidden`; `update_mid_answer`, `update_mid_upload`; `wrong_state` while another job runs; why it could not
    /// be saved. Nothing is changed then.
    pub async fn save_before_update(&self, caller: &Caller) -> ApiResult<String> {
        self.admins_only(caller).await?;
        self.nothing_breaks_off().await?;
        match self.backup_passphrase().await? {
            Some(passphrase) => {
                let job = self.begin_job(JobKind::Backup).await?;
                let name = self
                    .make_backup(&job, passphrase, Some(schedule::BEFORE_UPDATE))
                    .await?;
                name.ok_or_else(|| BackupError::NotSetUp.into())
            }
            None => self.copy_before_update().await,
        }
    }

    /// Refuses while something is under way that the end of the program would break off: an answer, a file that comes.
    ///
    /// # Errors
    /// `update_mid_answer`, `update_mid_upload`; a storage error.
    pub async fn nothing_breaks_off(&self) -> ApiResult<()> {
        if self.assistant().is_answering() {
            return Err(ApiError::new(
                Code::UpdateMidAnswer,
                "The assistant is answering somebody. Wait until it is done, or stop it. Nothing was changed.",
            ));
        }
        if self.backups().is_upload_coming(self.clock().now()) || self.social().is_uploading().await? {
            return Err(ApiError::new(
                Code::UpdateMidUpload,
                "Somebody is uploading a file. Wait until it is there, or stop it. Nothing was changed.",
            ));
        }
        Ok(())
    }

    /// Refuses everybody but the admins: what the program on this computer is and becomes is theirs.
    ///
    /// # Errors
    /// `sign_in_needed`, `forbidden`.
    pub async fn admins_only(&self, caller: &Caller) -> ApiResult<()> {
        let viewer = self.viewer(caller).await?.ok_or_else(sign_in_needed)?;
        if viewer.role.is_admin() {
            Ok(())
        } else {
            Err(ApiError::forbidden("Only an admin of this home can do this."))
        }
    }

    async fn copy_before_update(&self) -> ApiResult<String> {
        let job = self.begin_job(JobKind::Backup).await?;
        let dir = self.config().data_dir.clone();
        let now = self.clock().now();
        let copied = self.run_job(&job, move |job| copy(&dir, now, job)).await;
        job.end(copied.clone().map(|()| (Some(FOLDER.to_owned()), 0)));
        self.tell_backups_changed().await;
        copied.map(|()| FOLDER.to_owned())
    }

    /// Forgets the copy when it is older than backups are kept: what was deleted since must not stay in it for ever; and what is left of
    /// one in the middle of which the program was ended.
    pub(crate) async fn sweep_before_update(&self) -> ApiResult<()> {
        let dir = self.config().data_dir.clone();
        let before = self.clock().now().plus_days(-i64::from(schedule::KEEP_DAYS));
        let is_made_now = self.is_job_running();
        super::service::blocking(move || {
            if !is_made_now {
                remove(&dir.join(format!("{FOLDER}.new")))?;
                remove(&dir.join(format!("{FOLDER}.old")))?;
            }
            sweep(&dir, before)
        })
        .await?
        .map_err(|error| BackupError::io(FOLDER, error).into())
    }
}

/// When a copy was made, in it.
const MADE: &str = "made-at";

fn sweep(dir: &Path, before: Timestamp) -> io::Result<()> {
    let folder = dir.join(FOLDER);
    let made = match fs::read_to_string(folder.join(MADE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    match made.trim().parse::<i64>() {
        Ok(made) if made >= before.0 => Ok(()),
        _ => fs::remove_dir_all(&folder),
    }
}

/// Copies the home in `dir`, which may be running, to a folder in it. An older copy goes once the new one is whole.
fn copy(dir: &Path, now: Timestamp, job: &Job) -> Result<(), BackupError> {
    let (fresh, old) = (
        dir.join(format!("{FOLDER}.new")),
        dir.join(format!("{FOLDER}.old")),
    );
    let made = copy_to(dir, &fresh, now, job);
    if made.is_err() {
        // What cannot be removed now is removed by the next one.
        let _ = remove(&fresh);
        return made;
    }
    let target = dir.join(FOLDER);
    let failed = |error| BackupError::io(target.display().to_string(), error);
    remove(&old).map_err(failed)?;
    if target.exists() {
        fs::rename(&target, &old).map_err(failed)?;
    }
    fs::rename(&fresh, &target).map_err(failed)?;
    swap::sync_dir(dir).map_err(failed)?;
    remove(&old).map_err(failed)
}

fn copy_to(dir: &Path, fresh: &Path, now: Timestamp, job: &Job) -> Result<(), BackupError> {
    let failed = |error| BackupError::io(fresh.display().to_string(), error);
    job.phase(JobPhase::Copying, 0)?;
    remove(fresh).map_err(failed)?;
    fs::create_dir(fresh).map_err(failed)?;
    create::private(fresh).map_err(failed)?;
    let database = dir.join(names::DATABASE);
    if !database.exists() {
        return Err(BackupError::NotSetUp);
    }
    create::need_space(dir, create::length_of(&database)?)?;
    let copied = fresh.join(names::DATABASE);
    snapshot::take(&database, &copied)?;
    // One that cannot be read is none.
    create::facts(&copied, true)?;
    // Windows flushes only what may be written.
    fs::File::options()
        .write(true)
        .open(&copied)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    for name in names::KEYS.into_iter().chain([master::POINTER_FILE]) {
        match fs::read(dir.join(name)) {
            Ok(bytes) => master::write_private(&fresh.join(name), &bytes).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    job.phase(JobPhase::Writing, 0)?;
    let blobs = dir.join(names::BLOBS);
    if blobs.is_dir() {
        name_again(&blobs, &fresh.join(names::BLOBS), job, |from, to| {
            fs::hard_link(from, to)
        })?;
    }
    master::write_private(&fresh.join(MADE), now.0.to_string().as_bytes()).map_err(failed)
}

/// Gives each file below a folder a second name below another by `name`; where the file system has none, it is copied, if there is
/// room for all.
fn name_again(
    root: &Path,
    to: &Path,
    job: &Job,
    name: impl Fn(&Path, &Path) -> io::Result<()>,
) -> Result<(), BackupError> {
    let failed = |path: &Path, error| BackupError::io(path.display().to_string(), error);
    let mut has_room = false;
    let mut folders = vec![(root.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        job.wanted()?;
        fs::create_dir(&to).map_err(|error| failed(&to, error))?;
        for entry in fs::read_dir(&from).map_err(|error| failed(&from, error))? {
            let entry = entry.map_err(|error| failed(&from, error))?;
            let (path, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push((path, target));
                continue;
            }
            let mut named = name(&path, &target);
            if named.as_ref().is_err_and(|error| !is_gone(error)) {
                if !has_room {
                    let bytes = bytes_below(root).map_err(|error| failed(root, error))?;
                    create::need_space(&to, bytes)?;
                    has_room = true;
                }
                named = fs::copy(&path, &target).map(drop);
            }
            match named {
                // It was let go of meanwhile.
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(failed(&path, error)),
                Ok(()) => {}
            }
        }
        swap::sync_dir(&to).map_err(|error| failed(&to, error))?;
    }
    Ok(())
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

/// How much the files below a folder hold.
fn bytes_below(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0_u64;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            match entry.metadata() {
                Ok(data) if data.is_dir() => folders.push(entry.path()),
                Ok(data) => bytes = bytes.saturating_add(data.len()),
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(bytes)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;

    fn job() -> Job {
        Job::silent(JobKind::Backup, Timestamp(0))
    }

    #[test]
    fn where_a_file_can_have_no_second_name_it_is_copied() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = dir.path().join("blobs");
        fs::create_dir_all(blobs.join("ab")).unwrap();
        fs::write(blobs.join("ab/cd"), "a photo").unwrap();
        fs::write(blobs.join("ef"), "a film").unwrap();
        assert_eq!(bytes_below(&blobs).unwrap(), 13);
        let (named, copied) = (dir.path().join("named"), dir.path().join("copied"));
        name_again(&blobs, &named, &job(), |from, to| fs::hard_link(from, to)).unwrap();
        name_again(&blobs, &copied, &job(), |_, _| {
            Err(io::ErrorKind::Unsupported.into())
        })
        .unwrap();
        fs::write(blobs.join("ef"), "another").unwrap();
        for (folder, film) in [(&named, "another"), (&copied, "a film")] {
            assert_eq!(fs::read_to_string(folder.join("ab/cd")).unwrap(), "a photo");
            assert_eq!(fs::read_to_string(folder.join("ef")).unwrap(), film);
        }
    }

    #[test]
    fn what_is_let_go_of_meanwhile_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = dir.path().join("blobs");
        fs::create_dir(&blobs).unwrap();
        fs::write(blobs.join("ab"), "a photo").unwrap();
        let copied = dir.path().join("copied");
        let gone = |from: &Path, _: &Path| {
            fs::remove_file(from)?;
            Err(io::ErrorKind::NotFound.into())
        };
        name_again(&blobs, &copied, &job(), gone).unwrap();
        assert_eq!(fs::read_dir(&copied).unwrap().count(), 0);
    }
}
