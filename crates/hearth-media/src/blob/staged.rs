//! Files that appear whole or not at all: written aside, flushed, then renamed.
//!
//! A file being written holds an exclusive lock, so that clearing what a crash left behind never takes a
//! file from a writer that is alive, in this process or another.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Distinguishes files that this process stages at the same time.
static SEQUENCE: AtomicU64 = AtomicU64::new(0);

/// The folder in which files are written before they get their name.
#[derive(Debug)]
pub(crate) struct Staging {
    dir: PathBuf,
}

impl Staging {
    /// Opens the folder and clears what a crash left in it.
    pub(crate) fn open(dir: PathBuf) -> io::Result<Self> {
        ensure_dir(&dir)?;
        for entry in fs::read_dir(&dir)? {
            remove_if_abandoned(&entry?.path())?;
        }
        Ok(Self { dir })
    }

    /// Starts a file that has no name yet.
    pub(crate) fn create(&self) -> io::Result<StagedFile> {
        loop {
            let number = SEQUENCE.fetch_add(1, Ordering::Relaxed);
            let path = self.dir.join(format!("{}-{number}", std::process::id()));
            let file = match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            // Whoever is clearing the folder may have seen the file before it was locked.
            match file.try_lock() {
                Ok(()) if path.try_exists()? => {
                    return Ok(StagedFile {
                        file,
                        path,
                        published: false,
                    });
                }
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                // A file system without locks: nobody can be clearing by lock either.
                Err(TryLockError::Error(_)) => {
                    return Ok(StagedFile {
                        file,
                        path,
                        published: false,
                    });
                }
            }
        }
    }
}

fn remove_if_abandoned(path: &Path) -> io::Result<()> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
        Err(_) => Ok(()),
    }
}

/// A file being written. Dropped before it is published, it vanishes.
#[derive(Debug)]
pub(crate) struct StagedFile {
    file: File,
    path: PathBuf,
    published: bool,
}

impl StagedFile {
    /// Flushes the bytes to the disk and gives the file its name, durably.
    pub(crate) fn publish(self, name: &Path) -> io::Result<()> {
        self.publish_quickly(name)?;
        name.parent().map_or(Ok(()), sync_dir)
    }

    /// Flushes the bytes and gives the file its name, which a power cut may undo: for derived files.
    pub(crate) fn publish_quickly(mut self, name: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(parent) = name.parent() {
            ensure_dir(parent)?;
        }
        fs::rename(&self.path, name)?;
        self.published = true;
        Ok(())
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is cleared at the next opening.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Creates a folder and those above it, each durably.
pub(crate) fn ensure_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        ensure_dir(parent)?;
    }
    match fs::create_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    parent.map_or(Ok(()), sync_dir)
}

/// Flushes the names in a folder to the disk.
#[cfg(unix)]
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Folders cannot be flushed here; the file system's journal orders renames.
#[cfg(not(unix))]
pub(crate) fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}
