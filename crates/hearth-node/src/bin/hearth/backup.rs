//! `hearth backup` and `hearth restore`: they work on the folder, beside a running home or without one.

use crate::{BackupSecret, output};
use hearth_api::backup::{BackupJob, JobKind, JobPhase};
use hearth_api::ports::{Clock as _, Entropy};
use hearth_api::{ApiError, Timestamp};
use hearth_node::backup::{
    self, BackupError, Created, Job, NewBackup, Restore, Verified, safety_target, target_in, usual_target,
};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::{SystemClock, SystemEntropy, SystemZone};
use hearth_node::words::counted;
use serde_json::json;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

const VARIABLE: &str = "HEARTH_BACKUP_PASSPHRASE";

/// Makes a backup.
pub(crate) async fn make(
    dir: &Path,
    to: Option<PathBuf>,
    with_copies: bool,
    secret: &BackupSecret,
    json: bool,
) -> ExitCode {
    let now = SystemClock.now();
    // Before anybody types anything.
    let target = match target(dir, to, now) {
        Ok(target) => target,
        Err(sentence) => return output::fail(json, &sentence, 2),
    };
    let passphrase = match passphrase(secret, true) {
        Ok(passphrase) => passphrase,
        Err(sentence) => return output::fail(json, &sentence, 2),
    };
    let new = NewBackup {
        target: target.clone(),
        passphrase,
        with_copies,
        keychain: Arc::new(SystemKeychain),
        made_at: now,
        fast: false,
    };
    let dir = dir.to_owned();
    let job = watched(JobKind::Backup, json);
    match blocking(move || backup::create(&dir, &new, &SystemEntropy, &job)).await {
        Ok(Created {
            preface,
            bytes,
            left_out,
        }) => {
            let answer = json!({
                "file": target, "bytes": bytes, "made_at": preface.made_at, "people": preface.people, "left_out": left_out,
            });
            output::answer(json, &answer, |_| {
                let mut text = format!(
                    "The backup is made and was read back: {} ({}).\nKeep it on another machine, and its passphrase somewhere else.",
                    target.display(),
                    size(bytes)
                );
                if !left_out.is_empty() {
                    let count = u64::try_from(left_out.len()).unwrap_or(u64::MAX);
                    text.push('\n');
                    text.push_str(&counted(
                        count,
                        "file is missing or damaged in the home itself and is not in it.",
                        "files are missing or damaged in the home itself and are not in it.",
                    ));
                }
                text
            })
        }
        Err(error) => refuse(json, error),
    }
}

/// The file of a new backup: the one named, a new one in the folder named, or one in the usual folder.
fn target(dir: &Path, to: Option<PathBuf>, now: Timestamp) -> Result<PathBuf, String> {
    let Some(to) = to else {
        return Ok(usual_target(dir, &SystemZone, now));
    };
    if to.is_dir() {
        return Ok(target_in(&to, &SystemZone, now));
    }
    // What ends in a slash is meant to be a folder.
    if to
        .as_os_str()
        .to_string_lossy()
        .ends_with(std::path::is_separator)
    {
        return Err(format!(
            "There is no folder {}. Make it first, or name one that is there, or a file.",
            to.display()
        ));
    }
    Ok(to)
}

/// Restores a backup, or only checks it.
pub(crate) async fn restore(
    dir: &Path,
    file: PathBuf,
    dry_run: bool,
    secret: &BackupSecret,
    key_passphrase: Option<Zeroizing<String>>,
    json: bool,
) -> ExitCode {
    // What is no backup is said before anybody types anything.
    let preface = match backup::preface(&file) {
        Ok(preface) => preface,
        Err(error) => return refuse(json, error),
    };
    let other_home = backup::present(dir).is_some_and(|present| present != preface.home);
    if !json {
        output::note(&format!(
            "A backup of a home with {}, made by Hearth {}.",
            counted(preface.people, "person", "people"),
            preface.program
        ));
        if !dry_run && other_home {
            output::note(&format!(
                "It is of another home than the one in {}, and takes its place; what is there is kept.",
                dir.display()
            ));
        }
    }
    let passphrase = match passphrase(secret, false) {
        Ok(passphrase) => passphrase,
        Err(sentence) => return output::fail(json, &sentence, 2),
    };
    let now = SystemClock.now();
    let wanted = Restore {
        file,
        passphrase,
        key_passphrase,
        keychain: Arc::new(SystemKeychain),
        now,
        safety: safety_target(dir, &SystemZone, now),
        broken: false,
        fast: false,
    };
    let dir = dir.to_owned();
    let job = watched(
        if dry_run {
            JobKind::Verify
        } else {
            JobKind::Restore
        },
        json,
    );
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let done = blocking(move || {
        if dry_run {
            backup::verify(&wanted.file, &wanted.passphrase, &job)
        } else {
            backup::restore(&dir, &wanted, &entropy, &job)
        }
    })
    .await;
    match done {
        Ok(verified) => output::answer(json, &report(&verified, dry_run, other_home), |_| {
            sentence(&verified, dry_run)
        }),
        Err(error) => refuse(json, error),
    }
}

fn report(verified: &Verified, dry_run: bool, other_home: bool) -> serde_json::Value {
    json!({
        "restored": !dry_run, "home": verified.preface.home, "home_name": verified.home_name,
        "made_at": verified.preface.made_at, "people": verified.preface.people, "files": verified.files,
        "left_out": verified.left_out, "saved_before": verified.saved_before, "other_home": other_home,
    })
}

fn sentence(verified: &Verified, dry_run: bool) -> String {
    let what = format!(
        "{} with {} and {}",
        verified.home_name,
        counted(verified.preface.people, "person", "people"),
        counted(verified.files, "file", "files")
    );
    if dry_run {
        return format!("The backup is whole: {what}. Nothing was changed.");
    }
    let saved = match &verified.saved_before {
        Some(path) => format!("\nThe state before is kept: {}", path.display()),
        None => String::new(),
    };
    format!(
        "Restored: {what}.{saved}\nKeep the old computer switched off: two homes with one key confuse your friends' homes. Everybody signs in again."
    )
}

/// The passphrase: from a file, the environment, or asked for; a new one twice.
fn passphrase(secret: &BackupSecret, new: bool) -> Result<Zeroizing<String>, String> {
    let trimmed = |text: String| {
        let text = Zeroizing::new(text);
        Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
    };
    if let Some(path) = &secret.backup_passphrase_file {
        let text = std::fs::read_to_string(path)
            .map(trimmed)
            .map_err(|error| format!("The file with the passphrase cannot be read: {error}"))?;
        if text.is_empty() {
            return Err(format!(
                "The file with the passphrase is empty: {}.",
                path.display()
            ));
        }
        return Ok(text);
    }
    if let Ok(text) = std::env::var(VARIABLE) {
        return Ok(Zeroizing::new(text));
    }
    let unread = |error: std::io::Error| format!("No passphrase was read: {error}");
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(unread)?;
        return Ok(trimmed(line));
    }
    let ask = |question: &str| {
        rpassword::prompt_password(question)
            .map(Zeroizing::new)
            .map_err(unread)
    };
    let first = ask("Passphrase of the backup: ")?;
    if new && *ask("The same again: ")? != *first {
        return Err("The two are not the same. Nothing was done.".to_owned());
    }
    Ok(first)
}

/// A job that says each of its phases.
fn watched(kind: JobKind, quiet: bool) -> Job {
    let last = Mutex::new(JobPhase::Starting);
    Job::new(kind, SystemClock.now(), move |state: &BackupJob| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if quiet || *last == state.phase {
            return;
        }
        *last = state.phase;
        let words = match state.phase {
            JobPhase::Copying => "Copying the database …",
            JobPhase::Writing => "Writing the backup …",
            JobPhase::Verifying => "Reading it whole, checking every byte …",
            JobPhase::Unpacking => "Unpacking …",
            JobPhase::Trying => "Opening what was unpacked …",
            JobPhase::SavingPresent => "Saving the present state first …",
            JobPhase::Swapping => "Putting it in place …",
            JobPhase::Starting | JobPhase::Done | JobPhase::Failed => return,
        };
        output::note(words);
    })
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    match tokio::task::spawn_blocking(f).await {
        Ok(result) => result,
        Err(error) => Err(BackupError::Io {
            what: "The backup".to_owned(),
            error: std::io::Error::other(error),
        }),
    }
}

fn refuse(json: bool, error: BackupError) -> ExitCode {
    if matches!(error, BackupError::InUse) {
        return output::fail(json, &error.to_string(), 4);
    }
    output::refuse(json, &ApiError::from(error))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}
