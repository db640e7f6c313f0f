//! Structured logs: a readable sentence and fields; never a secret, never content.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// The folder of log files in a home's folder.
pub(crate) const FOLDER: &str = "logs";
/// The log that is written, and the one before it.
pub(crate) const FILES: [&str; 2] = ["hearth.log", "hearth.1.log"];
/// When the log is put aside and a new one begun.
const MAX_LOG: u64 = 2 * 1024 * 1024;

/// How to write logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people at a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging to standard error; the level comes from `HEARTH_LOG` (else `info`). Does nothing if logging runs already.
pub fn start(format: LogFormat) {
    let filter = level();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("Logging was started before");
    }
}

fn level() -> EnvFilter {
    EnvFilter::try_from_env("HEARTH_LOG").unwrap_or_else(|_unset| EnvFilter::new("info"))
}

/// As [`start`], and keeps the last few megabytes as JSON in the home's folder, for “hearth doctor --bundle”.
pub fn start_with_file(format: LogFormat, dir: &Path) {
    let folder = dir.join(FOLDER);
    let kept = fs::create_dir_all(&folder).and_then(|()| Kept::open(folder));
    let file = kept.ok().map(|kept| {
        tracing_subscriber::fmt::layer()
            .json()
            .with_writer(Shared(Arc::new(Mutex::new(kept))))
            .with_filter(level())
    });
    let plain = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let terminal = match format {
        LogFormat::Text => plain.with_ansi(false).with_filter(level()).boxed(),
        LogFormat::Json => plain.json().with_filter(level()).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(terminal)
        .with(file)
        .try_init();
    if started.is_err() {
        tracing::debug!("Logging was started before");
    }
}

/// A log file that is put aside when it is long.
struct Kept {
    folder: PathBuf,
    file: File,
    bytes: u64,
}

impl Kept {
    fn open(folder: PathBuf) -> io::Result<Self> {
        let [now, _before] = FILES;
        let mut options = File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(folder.join(now))?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder, file, bytes })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.bytes >= MAX_LOG {
            let [now, before] = FILES;
            fs::rename(self.folder.join(now), self.folder.join(before))?;
            *self = Self::open(self.folder.clone())?;
        }
        self.file.write_all(line)?;
        self.bytes = self.bytes.saturating_add(u64::try_from(line.len()).unwrap_or(0));
        Ok(())
    }
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Kept>>);

impl Write for Shared {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(line)?;
        Ok(line.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Shared {
    type Writer = Self;
    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_put_aside_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(folder.path().to_owned()).unwrap();
        let line = vec![b'x'; 600_000];
        for _ in 0..9 {
            kept.write(&line).unwrap();
        }
        let lengths = FILES.map(|name| fs::metadata(folder.path().join(name)).unwrap().len());
        assert_eq!(lengths, [600_000, 2_400_000]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
