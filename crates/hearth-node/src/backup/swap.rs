//! Putting a prepared home in the place of the present one, so that a crash at any point leaves either the old or the new.
//!
//! ```text
//! restore/new/        the prepared home, whole and on the disk
//! restore/commit      the names in it: from the moment this file is there the new home is the one
//! restore/old/        what was in its place, as far as it was moved
//! ```
//!
//! [`finish`] runs before a home is opened: without `commit` it forgets what was prepared; with it, it moves what is left to be
//! moved. Each step is one rename, and doing a step again changes nothing.

use super::names;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const ROOT: &str = "restore";
const DONE: &str = "restore-done";
const COMMIT: &str = "commit";
/// Says under which name what was in place is kept, if it is.
const KEEP: &str = "keep";

/// Everything of a home's folder that belongs to one state of it.
fn replaced() -> Vec<String> {
    let database = ["", "-wal", "-shm"].map(|end| format!("{}{end}", names::DATABASE));
    // A backup brings the key itself, so what is in the keychain is another state's.
    let others = [names::BLOBS, "uploads", crate::master::POINTER_FILE]
        .into_iter()
        .chain(names::KEYS);
    database.into_iter().chain(others.map(str::to_owned)).collect()
}

/// An empty folder to prepare a home in. What was prepared before and never committed is forgotten.
pub(super) fn begin(dir: &Path) -> io::Result<PathBuf> {
    let root = dir.join(ROOT);
    if root.join(COMMIT).exists() {
        return Err(io::Error::other(
            "a restore waits to be finished: start Hearth first",
        ));
    }
    remove_all(&root)?;
    let new = root.join("new");
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(&new)?;
    Ok(new)
}

/// Forgets what was prepared.
pub(super) fn abandon(dir: &Path) {
    // What cannot be removed now is removed at the next start.
    let _ = remove_all(&dir.join(ROOT));
}

/// Has what is in place now kept in the home's folder, under a name or the first free one like it, rather than removed. Call it before
/// [`commit`].
pub(super) fn keep_old(dir: &Path, name: &str) -> io::Result<PathBuf> {
    let mut free = name.to_owned();
    let mut number = 2_u32;
    while dir.join(&free).exists() {
        free = format!("{name}-{number}");
        number = number.saturating_add(1);
    }
    crate::master::write_private(&dir.join(ROOT).join(KEEP), free.as_bytes())?;
    Ok(dir.join(free))
}

/// Whether anything of a home is in place.
pub(super) fn holds_anything(dir: &Path) -> bool {
    replaced().iter().any(|name| dir.join(name).exists())
}

/// Decides for the prepared home: from here on [`finish`] goes forward.
pub(super) fn commit(dir: &Path) -> io::Result<()> {
    let root = dir.join(ROOT);
    let new = root.join("new");
    let mut present = Vec::new();
    for name in replaced() {
        if new.join(&name).exists() {
            present.push(name);
        }
    }
    sync_tree(&new)?;
    sync_dir(&root)?;
    crate::master::write_private(&root.join(COMMIT), present.join("\n").as_bytes())?;
    sync_dir(dir)
}

/// Whether a restore was decided for and waits to be finished.
pub(crate) fn is_committed(dir: &Path) -> bool {
    dir.join(ROOT).join(COMMIT).exists()
}

/// Finishes or forgets a restore; true when the home is another one now. Call it while holding the folder's lock.
pub(crate) fn finish(dir: &Path) -> io::Result<bool> {
    finish_in_steps(dir, &mut || Ok(()))
}

/// As [`finish`]; `step` is asked before each change, and its error is where a crash would be.
fn finish_in_steps(dir: &Path, step: &mut dyn FnMut() -> io::Result<()>) -> io::Result<bool> {
    remove_all(&dir.join(DONE))?;
    let root = dir.join(ROOT);
    let committed = match fs::read_to_string(root.join(COMMIT)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            remove_all(&root)?;
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    let (new, old) = (root.join("new"), root.join("old"));
    fs::create_dir_all(&old)?;
    let brought: Vec<&str> = committed.lines().collect();
    for name in replaced() {
        let (here, fresh, aside) = (dir.join(&name), new.join(&name), old.join(&name));
        let comes = brought.contains(&name.as_str());
        // What comes and is not in `new` any more is in its place already.
        if comes && !fresh.exists() {
            continue;
        }
        if here.exists() {
            step()?;
            remove_all(&aside)?;
            fs::rename(&here, &aside)?;
        }
        if comes {
            step()?;
            fs::rename(&fresh, &here)?;
        }
    }
    sync_dir(dir)?;
    if let Ok(name) = fs::read_to_string(root.join(KEEP))
        && !dir.join(&name).exists()
    {
        step()?;
        fs::rename(&old, dir.join(&name))?;
    }
    step()?;
    fs::rename(&root, dir.join(DONE))?;
    sync_dir(dir)?;
    step()?;
    remove_all(&dir.join(DONE))?;
    Ok(true)
}

fn remove_all(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Flushes the names in a folder and in all below it. The files in it were flushed when they were written.
fn sync_tree(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        }
    }
    sync_dir(dir)
}

/// Flushes the names in a folder to the disk.
#[cfg(unix)]
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    let dir = if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    };
    fs::File::open(dir)?.sync_all()
}

/// Folders cannot be flushed here; the file system's journal orders renames.
#[cfg(not(unix))]
pub(super) fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(dir: &Path, what: &str, names: &[&str]) {
        for name in names {
            let path = dir.join(name);
            if matches!(*name, "blobs" | "uploads") {
                fs::create_dir_all(&path).unwrap();
                fs::write(path.join("x"), what).unwrap();
            } else {
                fs::write(path, what).unwrap();
            }
        }
    }

    fn state(dir: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for name in replaced() {
            let path = dir.join(&name);
            let text = fs::read_to_string(&path).or_else(|_| fs::read_to_string(path.join("x")));
            found.extend(text.map(|text| (name, text)));
        }
        found
    }

    const OLD: [&str; 6] = [
        "hearth.db",
        "hearth.db-wal",
        "hearth.db-shm",
        "blobs",
        "uploads",
        "master.params.json",
    ];
    const NEW: [&str; 3] = ["hearth.db", "blobs", "master.key"];

    fn is(state: &[(String, String)], what: &str, names: &[&str]) -> bool {
        state.len() == names.len()
            && state
                .iter()
                .all(|(name, text)| names.contains(&name.as_str()) && text == what)
    }

    #[test]
    fn a_crash_before_each_step_leaves_the_new_home_after_the_next_start() {
        let mut crash_before = 0;
        loop {
            let folder = tempfile::tempdir().unwrap();
            let dir = folder.path();
            fill(dir, "old", &OLD);
            fill(&begin(dir).unwrap(), "new", &NEW);
            commit(dir).unwrap();
            let mut step = 0;
            let crashed = finish_in_steps(dir, &mut || {
                step += 1;
                if step > crash_before {
                    Err(io::Error::other("crash"))
                } else {
                    Ok(())
                }
            });
            finish(dir).unwrap();
            assert!(
                is(&state(dir), "new", &NEW),
                "crash {crash_before}: {:?}",
                state(dir)
            );
            assert!(!dir.join(ROOT).exists() && !dir.join(DONE).exists());
            if crashed.is_ok() {
                break;
            }
            crash_before += 1;
        }
        assert!(
            crash_before > 8,
            "there were steps to crash between: {crash_before}"
        );
    }

    #[test]
    fn a_crash_before_the_decision_leaves_the_old_home() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        fill(dir, "old", &OLD);
        fill(&begin(dir).unwrap(), "new", &NEW);
        assert!(!finish(dir).unwrap());
        assert!(is(&state(dir), "old", &OLD), "{:?}", state(dir));
        assert!(!dir.join(ROOT).exists());
    }
}
