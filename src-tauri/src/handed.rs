//! Backups that a person handed over from outside: double-clicked, or named when the program was started.
//!
//! The page is told a number, a name and a length, and may read what is behind the number; where the file lies stays here, so that a page
//! can never name a file of this computer.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use hearth_api::desktop::HandedBackup;
use hearth_api::{ApiError, ApiResult, Code};
use tauri::{AppHandle, Manager as _, State};

use crate::host::Host;
use crate::links;

/// The most bytes of a piece.
const PIECE: u64 = 512 * 1024;

/// The files that the page may read now.
#[derive(Debug, Default)]
pub(crate) struct Handed(Mutex<Files>);

#[derive(Debug, Default)]
struct Files {
    /// How many there were.
    count: u32,
    /// The last one that a person handed over.
    chosen: Option<(u32, PathBuf)>,
    /// The last one that the page was offered.
    offered: Option<(u32, PathBuf)>,
}

impl Handed {
    /// Takes in a file that a person handed over; the number that the page may call it by. The one before is forgotten.
    fn take_in(&self, path: PathBuf) -> u32 {
        self.number(path, |files| &mut files.chosen)
    }

    /// The same with one that the page is offered.
    fn offer(&self, path: PathBuf) -> u32 {
        self.number(path, |files| &mut files.offered)
    }

    fn number(&self, path: PathBuf, place: impl FnOnce(&mut Files) -> &mut Option<(u32, PathBuf)>) -> u32 {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.count = files.count.wrapping_add(1);
        let number = files.count;
        *place(&mut files) = Some((number, path));
        number
    }

    fn path(&self, number: u32) -> ApiResult<PathBuf> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = [&files.chosen, &files.offered].into_iter().flatten();
        let found = known.find(|(known, _)| *known == number);
        found
            .map(|(_, path)| path.clone())
            .ok_or_else(|| gone("another one was chosen meanwhile"))
    }

    fn about(&self, number: u32) -> ApiResult<HandedBackup> {
        let path = self.path(number)?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = std::fs::metadata(&path).map_err(gone)?.len();
        Ok(HandedBackup { number, name, bytes })
    }

    fn piece(&self, number: u32, offset: u64) -> ApiResult<Vec<u8>> {
        let path = self.path(number)?;
        let mut bytes = Vec::new();
        let mut file = File::open(path).map_err(gone)?;
        file.seek(SeekFrom::Start(offset)).map_err(gone)?;
        file.take(PIECE).read_to_end(&mut bytes).map_err(gone)?;
        Ok(bytes)
    }
}

fn gone(why: impl std::fmt::Display) -> ApiError {
    let text = format!("The file can no longer be read: {why}. Choose it again.");
    ApiError::new(Code::BadFile, text)
}

/// The route that arguments of the program ask for; a backup among them is taken in for its page.
pub(crate) fn route_of(
    app: &AppHandle,
    args: impl IntoIterator<Item = String>,
    folder: &Path,
) -> Option<String> {
    let asked = links::asked(args, folder)?;
    Some(match asked.backup {
        Some(path) => {
            let number = app.state::<Handed>().take_in(path);
            format!("{}?file={number}", asked.route)
        }
        None => asked.route,
    })
}

/// What the page may know of a backup that was handed over.
#[tauri::command(async)]
pub(crate) fn handed_backup(handed: State<'_, Handed>, number: u32) -> ApiResult<HandedBackup> {
    handed.about(number)
}

/// A piece of it, as Base64: at most 512 KiB.
#[tauri::command(async)]
pub(crate) fn read_handed_backup(handed: State<'_, Handed>, number: u32, offset: u64) -> ApiResult<String> {
    let piece = handed.piece(number, offset)?;
    Ok(data_encoding::BASE64.encode(&piece))
}

/// The newest backup of a home that does not open, as if it were handed over; none where there is none, or the home is well.
#[tauri::command(async)]
pub(crate) fn newest_backup(app: AppHandle) -> Option<HandedBackup> {
    let newest = app.state::<Arc<Host>>().rescue()?.newest_backup()?;
    let handed = app.state::<Handed>();
    handed.about(handed.offer(newest)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_handed_over_is_read_and_only_by_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let handed = Handed::default();
        assert!(handed.about(0).is_err(), "nothing yet");
        let first = handed.take_in(file("a.hearth-backup", "hearth-backup/1"));
        let about = handed.about(first).unwrap();
        assert_eq!((about.name.as_str(), about.bytes), ("a.hearth-backup", 15));
        assert_eq!(handed.piece(first, 14).unwrap(), b"1");
        assert_eq!(handed.piece(first, 15).unwrap(), b"");
        let second = handed.take_in(file("b.hearth-backup", "x"));
        assert!(handed.piece(first, 0).is_err(), "another one was chosen");
        let offered = handed.offer(file("c.hearth-backup", "y"));
        assert_eq!(handed.piece(offered, 0).unwrap(), b"y");
        assert_eq!(
            handed.piece(second, 0).unwrap(),
            b"x",
            "an offer takes nothing away"
        );
        std::fs::remove_file(folder.path().join("b.hearth-backup")).unwrap();
        let gone = handed.piece(second, 0).unwrap_err();
        assert_eq!(gone.code, Code::BadFile);
        assert!(
            !gone.message.contains("hearth-backup"),
            "its place is not told: {}",
            gone.message
        );
    }
}
