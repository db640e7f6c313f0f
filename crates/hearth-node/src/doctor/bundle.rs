//! The support bundle: a `tar.zst` that can be given to somebody who helps.

use super::Report;
use crate::backup::recorded::Recorded;
use hearth_api::Timestamp;
use hearth_db::snapshot::Snapshot;
use serde_json::json;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// The most bytes of each log that go in: its end.
const MAX_LOG: u64 = 2 * 1024 * 1024;

/// Writes the bundle: what was found, versions, how many rows each table has, the logs.
///
/// # Errors
/// An I/O error; when the file exists already.
pub fn write(dir: &Path, report: &Report, target: &Path, now: Timestamp) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    let file = options.open(target)?;
    let written = fill(dir, report, file, now);
    if written.is_err() {
        // The reason is what counts; half a bundle helps nobody.
        let _ = std::fs::remove_file(target);
    }
    written
}

fn fill(dir: &Path, report: &Report, file: File, now: Timestamp) -> io::Result<()> {
    let mut tar = tar::Builder::new(zstd::Encoder::new(file, 0)?);
    let mut add = |name: &str, bytes: &[u8]| -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(now.0 / 1000).unwrap_or(0));
        tar.append_data(&mut header, name, bytes)
    };
    let places = places(dir);
    let mut anonymous = report.clone();
    for finding in &mut anonymous.findings {
        finding.name = None;
        finding.what = hidden(&finding.what, &places);
        for value in finding.facts.values_mut() {
            *value = hidden(value, &places);
        }
    }
    add("report.json", &serde_json::to_vec_pretty(&anonymous)?)?;
    let versions = json!({
        "program": report.program, "schema": hearth_db::SCHEMA_VERSION, "system": std::env::consts::OS,
        "machine": std::env::consts::ARCH,
    });
    add("versions.json", &serde_json::to_vec_pretty(&versions)?)?;
    let counts = Snapshot::open(&dir.join("hearth.db")).and_then(|db| db.counts());
    let counts = match counts {
        Ok(counts) => json!(counts.into_iter().collect::<std::collections::BTreeMap<_, _>>()),
        Err(error) => json!({ "error": error.to_string() }),
    };
    add("counts.json", &serde_json::to_vec_pretty(&counts)?)?;
    for name in crate::logs::FILES {
        if let Some(end) = end_of(&dir.join(crate::logs::FOLDER).join(name))? {
            let text = hidden(&String::from_utf8_lossy(&end), &places);
            add(&format!("logs/{name}"), text.as_bytes())?;
        }
    }
    let mut file = tar.into_inner()?.finish()?;
    file.flush()?;
    file.sync_all()
}

/// The folders whose names may be a person's, the longest first, as they are written in texts and in JSON.
fn places(dir: &Path) -> Vec<String> {
    let backups = Snapshot::open(&dir.join("hearth.db"))
        .and_then(|db| db.read(Recorded::read))
        .map(|state| state.folder(dir));
    let known = [Some(dir.to_owned()), backups.ok(), std::env::home_dir()];
    let mut places: Vec<String> = known
        .into_iter()
        .flatten()
        // The top of a disk is nobody's name, and a name without its place may be any word.
        .filter(|place| place.is_absolute() && place.parent().is_some())
        .map(|place| place.display().to_string())
        .flat_map(|place| [place.replace('\\', "\\\\"), place])
        .collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.len()));
    places
}

/// A text without these folders.
fn hidden(text: &str, places: &[String]) -> String {
    places.iter().fold(text.to_owned(), |text, place| {
        text.replace(place.as_str(), "(a folder)")
    })
}

fn end_of(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_LOG)))?;
    let mut bytes = Vec::new();
    file.take(MAX_LOG).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_hidden_and_words_that_are_named_like_one_stay() {
        let dir = tempfile::tempdir().unwrap();
        let text = format!("home=abc is in {}, at home", dir.path().display());
        assert_eq!(
            hidden(&text, &places(dir.path())),
            "home=abc is in (a folder), at home"
        );
        assert_eq!(hidden("home=abc", &places(Path::new("home"))), "home=abc");
    }
}
