//! The few small files that the shell keeps beside the home: who is signed in here, and where the window was.
//!
//! They are readable by their owner only. Losing one costs a sign-in or a place on the screen, so a damaged file is
//! as good as none; nothing of the home itself is here.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A folder of small private files.
pub(crate) struct Store {
    dir: PathBuf,
}

impl Store {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self {
            dir: data_dir.join("desktop"),
        }
    }

    /// Where something larger than a file may lie.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// What was kept under `name`, if anything readable was.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.dir.join(name)).ok()
    }

    /// Keeps `text` under `name`. What cannot be kept is logged, not fatal.
    pub(crate) fn write(&self, name: &str, text: &str) {
        if let Err(error) = self.try_write(name, text) {
            tracing::warn!(name, %error, "The desktop app could not keep a file");
        }
    }

    /// Forgets what was kept under `name`.
    pub(crate) fn remove(&self, name: &str) {
        match std::fs::remove_file(self.dir.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(name, %error, "The desktop app could not remove a file");
            }
            _ => {}
        }
    }

    fn try_write(&self, name: &str, text: &str) -> io::Result<()> {
        write_private(&self.dir.join(name), text.as_bytes())
    }
}

/// Writes a file that only its owner may read, whole or not at all; its folder is made.
///
/// # Errors
/// An I/O error; the file is then as it was.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension("new");
    let written = write_fresh(&fresh, bytes).and_then(|()| std::fs::rename(&fresh, path));
    if written.is_err() {
        // A full disk keeps nothing of it.
        let _ = std::fs::remove_file(&fresh);
    }
    written
}

fn write_fresh(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_privately_and_can_be_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        assert_eq!(store.read("session"), None);
        store.write("session", "one");
        store.write("session", "two");
        assert_eq!(store.read("session").as_deref(), Some("two"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.path().join("desktop/session"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0, "nobody else may read it");
        }
        store.remove("session");
        store.remove("session");
        assert_eq!(store.read("session"), None);
    }
}
