//! The folder of backups that somebody named. It may be on a drive that is not always connected, so it is never made anew when it is
//! gone: backups would pile up on the disk of the home, where nobody looks for them.
//!
//! A place where a drive is connected is often an empty folder while it is not. So a file is left in the folder that was chosen: where
//! neither that nor a backup is, it is not that folder.

use super::schedule;
use hearth_api::{ApiError, ApiResult, HomeId};
use std::fs;
use std::io;
use std::path::Path;

/// The file that is left in a folder that was chosen.
const MARK: &str = ".hearth-backups";

/// Whether the folder that was named is there, with whatever it is on.
pub(super) fn is_there(folder: &Path, home: &HomeId) -> bool {
    folder.is_dir()
        && (folder.join(MARK).is_file()
            || schedule::list(folder)
                .iter()
                .any(|file| file.preface.home == *home))
}

/// Takes a folder that somebody chooses: it is made if what it is to be in is there, tried, and marked.
///
/// # Errors
/// `invalid_folder`, saying why.
pub(super) fn choose(folder: &Path) -> ApiResult<()> {
    let refused =
        |why: String| ApiError::invalid("folder", format!("Backups cannot be written there: {why}"));
    if !folder.is_absolute() {
        return Err(refused("give the whole path.".to_owned()));
    }
    if !folder.is_dir() {
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refused(
                    "what it is to lie in is not there. If that is another drive, connect it first."
                        .to_owned(),
                ));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(refused("it is a file, not a folder.".to_owned()));
            }
            made => made.map_err(|error| refused(error.to_string()))?,
        }
    }
    mark(folder).map_err(|error| refused(error.to_string()))
}

/// Leaves the mark, which also tells whether the folder can be written into.
pub(super) fn mark(folder: &Path) -> io::Result<()> {
    fs::write(
        folder.join(MARK),
        "Hearth makes its backups here. This file tells it that the right drive is connected.\n",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> HomeId {
        "a".repeat(52).parse().unwrap()
    }

    #[test]
    fn a_folder_is_chosen_made_within_what_is_there_and_known_again() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("backups");
        assert!(!is_there(&folder, &home()));
        choose(&folder).unwrap();
        assert!(is_there(&folder, &home()));
        choose(&folder).unwrap();
        // The drive is taken away; what it was connected at stays, empty.
        fs::rename(&folder, dir.path().join("away")).unwrap();
        assert!(!is_there(&folder, &home()), "gone");
        fs::create_dir(&folder).unwrap();
        assert!(!is_there(&folder, &home()), "empty");
        fs::remove_dir(&folder).unwrap();
        fs::write(&folder, b"in the way").unwrap();
        assert!(!is_there(&folder, &home()), "a file");
    }

    #[test]
    fn what_cannot_be_a_folder_of_backups_is_refused_with_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, b"x").unwrap();
        let why = |folder: &Path| choose(folder).unwrap_err().message;
        assert!(why(Path::new("backups")).contains("whole path"));
        assert!(why(&dir.path().join("drive/backups")).contains("connect it"));
        assert!(!dir.path().join("drive").exists(), "nothing is made for it");
        assert!(why(&file).contains("is a file"));
    }
}
