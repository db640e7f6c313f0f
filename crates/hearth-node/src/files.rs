//! Whether the files that the database names are on the disk. Only their names are looked for, and not more of them than a look is worth;
//! what is in them, a backup checks.
//!
//! Files that people of this home stored come first: nobody else has them whole. Copies of other homes' files are fetched again when
//! somebody opens them.

use crate::health::part;
use crate::node::Node;
use hearth_api::health::{HealthLevel, HealthPart};
use hearth_api::{ApiError, ApiResult, Code, MediaHash, Timestamp};
use hearth_db::snapshot::Snapshot;
use hearth_db::{DbError, DbResult, ReadTx, media};
use hearth_media::blob::{BlobStore, Hash};
use std::collections::BTreeSet;
use std::path::Path;

/// The most files that are looked for.
const MOST: u32 = 50_000;
/// For so long a look is as good as a new one, in milliseconds.
const GOOD_MS: i64 = 10 * 60_000;

/// What a look found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// How many files were looked for.
    pub(crate) named: u64,
    /// How many of this home's own are gone.
    pub(crate) originals: u64,
    /// How many copies of other homes' files are gone.
    pub(crate) copies: u64,
}

/// Why it could not be looked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookError {
    /// The database does not tell which files there should be.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The folder of the files cannot be read.
    #[error(transparent)]
    Media(#[from] hearth_media::MediaError),
}

/// The last look, and when it was.
pub(crate) type LastLook = tokio::sync::Mutex<Option<(Timestamp, Looked)>>;

/// The files that there should be, and whether each is this home's own.
type Named = Vec<(MediaHash, bool)>;

fn named(tx: &ReadTx<'_>) -> DbResult<Named> {
    media::stored_first(tx, MOST)
}

/// Looks for the files of the home in `dir`, whose database gives them by `names`. Nothing is changed. Blocks.
fn look(dir: &Path, names: impl Fn() -> DbResult<Named>) -> Result<Looked, LookError> {
    let named = names()?;
    let hashes: Vec<Hash> = named
        .iter()
        .filter_map(|(name, _)| name.as_str().parse().ok())
        .collect();
    let gone = BlobStore::missing_in(&dir.join("blobs"), &hashes)?;
    let mut looked = Looked {
        named: u64::try_from(named.len()).unwrap_or(u64::MAX),
        ..Looked::default()
    };
    if gone.is_empty() {
        return Ok(looked);
    }
    // What was erased meanwhile is not named any more.
    let gone: BTreeSet<String> = gone.iter().map(ToString::to_string).collect();
    for (name, own) in names()? {
        if gone.contains(name.as_str()) {
            let count = if own {
                &mut looked.originals
            } else {
                &mut looked.copies
            };
            *count = count.saturating_add(1);
        }
    }
    Ok(looked)
}

/// Looks at the folder of a home that may run or not. Blocks.
///
/// # Errors
/// [`LookError`].
pub(crate) fn look_at_folder(dir: &Path) -> Result<Looked, LookError> {
    let db = Snapshot::open(&dir.join(crate::backup::names::DATABASE))?;
    look(dir, || db.read(named))
}

impl Node {
    /// Whether files of this home are gone, for the health page. Looks anew every ten minutes at most.
    pub(crate) async fn files_health(&self) -> ApiResult<HealthPart> {
        let now = self.clock().now();
        let mut last = self.last_look().lock().await;
        let looked = match *last {
            Some((at, looked)) if (0..GOOD_MS).contains(&now.ms_since(at)) => looked,
            _ => {
                let (db, dir) = (self.db().clone(), self.config().data_dir.clone());
                let looking = move || look(&dir, || db.read_blocking(named));
                let looked = tokio::task::spawn_blocking(looking).await.map_err(|error| {
                    tracing::error!(error = %error, "Looking for files panicked");
                    ApiError::new(
                        Code::Internal,
                        "Something went wrong inside Hearth. Nothing was changed.",
                    )
                })?;
                match looked {
                    Ok(looked) => {
                        *last = Some((now, looked));
                        looked
                    }
                    Err(LookError::Db(error)) => return Err(error.into()),
                    Err(LookError::Media(error)) => {
                        tracing::warn!(error = %error, "The folder of the files cannot be looked at");
                        return Ok(part(
                            "files",
                            HealthLevel::Trouble,
                            [("error", "unreadable".to_owned())],
                        ));
                    }
                }
            }
        };
        let level = if looked.originals > 0 {
            HealthLevel::Trouble
        } else {
            HealthLevel::Ok
        };
        let facts = [
            ("named", looked.named.to_string()),
            ("missing", looked.originals.to_string()),
            ("copies_missing", looked.copies.to_string()),
        ];
        Ok(part("files", level, facts))
    }
}
