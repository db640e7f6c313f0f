//! A disk that fails: the n-th writing call of a real node process, for every n, with an error of the device or for want of space; and
//! a disk that is really full, or where none can be mounted, one that says so.
//!
//! What was acknowledged is there, what was not is said so by name, and the node goes on without a restart once the disk is well.

use hearth_api::feed::{Audience, CreatePost, Feed, GetFeed};
use hearth_api::session::SignIn;
use hearth_api::{ApiError, ApiResult, Code};
use hearth_db::{Db, DbOptions};
use hearth_tests::http::Client;
use hearth_tests::process::{Served, command, init};
use hearth_tests::{PASSWORD, Seed};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

mod with_a_peer;

/// Error numbers of Linux.
const EIO: i32 = 5;
const ENOSPC: i32 = 28;
/// Up to which call the fault is tried. A post makes fewer.
const CALLS: i32 = 24;

/// The shim that makes calls fail, and the file by which it is told to.
struct Faults {
    library: PathBuf,
    control: std::fs::File,
    path: PathBuf,
}

impl Faults {
    /// Compiles the shim.
    fn prepare(dir: &Path) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/failing_disk.c");
        let library = dir.join("failing_disk.so");
        let mut compiler = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        compiler
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(source)
            .arg("-ldl");
        let compiled = compiler.status().expect("a C compiler, to make a disk fail with");
        assert!(compiled.success(), "the shim compiles");
        let path = dir.join("faults");
        std::fs::write(&path, [0; 20]).unwrap();
        let control = std::fs::File::options()
            .read(true)
            .write(true)
            .open(&path)
            .unwrap();
        Self {
            library,
            control,
            path,
        }
    }

    async fn serve(&self, dir: &Path) -> Served {
        let mut command = command(dir);
        command
            .env("LD_PRELOAD", &self.library)
            .env("HEARTH_FAULTS", &self.path)
            .env("HEARTH_FAULTS_DIR", dir.canonicalize().unwrap());
        Served::start_with(command, 0, 0).await
    }

    fn set(&self, numbers: [i32; 5]) {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_ne_bytes()).collect();
        self.control.write_all_at(&bytes, 0).unwrap();
    }

    /// From the n-th call on.
    fn begin(&self, call: i32, error: i32, stays: bool) {
        // Armed last, so that the others are read as they are meant.
        self.set([0, call, error, i32::from(stays), 0]);
        self.set([1, call, error, i32::from(stays), 0]);
    }

    /// How many calls failed since the fault began.
    fn end(&self) -> i32 {
        let mut failed = [0; 4];
        self.control.read_exact_at(&mut failed, 16).unwrap();
        self.set([0; 5]);
        i32::from_ne_bytes(failed)
    }
}

/// Somebody who posts, and what they were told.
struct Writer {
    client: Client,
    seed: Seed,
    audience: Audience,
    acknowledged: BTreeSet<String>,
    /// Refused, and to be put again as they were.
    open: Vec<CreatePost>,
}

impl Writer {
    async fn sign_in(served: &Served) -> Self {
        let client = served.client();
        let sign_in = SignIn {
            username: "anna".to_owned(),
            password: PASSWORD.to_owned(),
            code: None,
            device: None,
        };
        client.call(sign_in).await.unwrap().unwrap();
        Self {
            client,
            seed: Seed::new("a failing disk"),
            audience: Audience::Local,
            acknowledged: BTreeSet::new(),
            open: Vec::new(),
        }
    }

    async fn put(&mut self, request: CreatePost) -> Result<(), ApiError> {
        let text = request.text.clone();
        let answer: ApiResult<_> = self.client.call(request.clone()).await.expect("the node answers");
        match answer {
            Ok(_) => {
                self.acknowledged.insert(text);
                Ok(())
            }
            Err(error) => {
                self.open.push(request);
                Err(error)
            }
        }
    }

    async fn post(&mut self, text: &str) -> Result<(), ApiError> {
        let request = CreatePost {
            op: self.seed.uuid(),
            audience: self.audience,
            text: text.to_owned(),
            media: Vec::new(),
            comments_on: true,
            draft: None,
        };
        self.put(request).await
    }

    /// The disk is well: what was refused is taken now, at the first try.
    async fn catch_up(&mut self) {
        for request in std::mem::take(&mut self.open) {
            let text = request.text.clone();
            if let Err(error) = self.put(request).await {
                panic!("{text:?} is still refused: {error:?}");
            }
        }
    }

    /// Everything acknowledged is there once, and nothing else.
    async fn compare(&self) {
        let expected: BTreeMap<String, u32> =
            self.acknowledged.iter().map(|text| (text.clone(), 1)).collect();
        assert_eq!(self.shown().await, expected);
    }

    /// What Anna sees, and how often.
    async fn shown(&self) -> BTreeMap<String, u32> {
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        let mut cursor = None;
        loop {
            let request = GetFeed {
                feed: Feed::Home,
                cursor,
                limit: Some(50),
            };
            let page = self.client.call(request).await.unwrap().unwrap();
            for post in page.items {
                *count.entry(post.text).or_default() += 1;
            }
            cursor = page.next;
            if cursor.is_none() {
                return count;
            }
        }
    }
}

fn is_named(error: &ApiError) -> bool {
    matches!(error.code, Code::StorageError | Code::DiskFull)
}

fn is_sound(dir: &Path) {
    let db = Db::open(&dir.join("hearth.db"), &DbOptions::default()).unwrap();
    let faults = db.read_blocking(hearth_db::meta::integrity_faults).unwrap();
    assert!(faults.is_empty(), "the file is in order: {faults:?}");
}

#[tokio::test]
async fn no_failing_write_loses_what_was_acknowledged_or_stops_the_node() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Faults::prepare(folder.path());
    let dir = folder.path().join("home");
    init(&dir, "Hill House", "Anna").await;
    let served = faults.serve(&dir).await;
    let mut anna = Writer::sign_in(&served).await;
    let (mut failed, mut refused) = (0, 0);
    for error in [EIO, ENOSPC] {
        for stays in [false, true] {
            for call in 1..=CALLS {
                faults.begin(call, error, stays);
                for n in 0..2 {
                    let text = format!("{error} {stays} {call}.{n}");
                    if let Err(problem) = anna.post(&text).await {
                        assert!(is_named(&problem), "{text}: {problem:?}");
                        refused += 1;
                    }
                }
                failed += faults.end();
                anna.catch_up().await;
            }
        }
    }
    assert!(
        failed > 0 && refused > 0,
        "{failed} calls failed, {refused} posts were refused"
    );
    anna.compare().await;
    served.kill().await;
    let served = faults.serve(&dir).await;
    anna.client = Writer::sign_in(&served).await.client;
    anna.compare().await;
    assert!(served.terminate().await);
    is_sound(&dir);
}

/// A command of the program in a mount namespace of its own, in which its folder is a small disk that holds a copy of `made`.
fn on_a_small_disk(made: &Path, dir: &Path) -> tokio::process::Command {
    let mut inside = tokio::process::Command::new("unshare");
    let script = r#"mount -t tmpfs -o size=32m none "$1" && cp -a "$0/." "$1" && shift && exec "$@""#;
    inside.args(["--mount", "sh", "-c", script]).arg(made).arg(dir);
    let program = command(dir);
    let program = program.as_std();
    inside.arg(program.get_program()).args(program.get_args());
    inside
        .env("HEARTH_LOG", "info")
        .kill_on_drop(true)
        .stdin(std::process::Stdio::null());
    inside
}

/// A home on a small disk, and what fills it.
struct SmallDisk {
    served: Served,
    full: Full,
}

/// How a disk is full.
enum Full {
    /// By a file, as the process sees its folder.
    Filled(PathBuf),
    /// All calls that write say so: no disk can be mounted here.
    Said(Faults),
}

/// Whether a disk of one's own can be mounted.
fn may_mount() -> bool {
    Command::new("unshare")
        .args(["--mount", "sh", "-c", "mount -t tmpfs none /mnt"])
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Starts a home on a small disk with what was made, or on one that can be told to be full.
async fn small_disk(folder: &Path, made: &Path, dir: &Path) -> SmallDisk {
    if may_mount() {
        std::fs::create_dir(dir).unwrap();
        let served = Served::start_with(on_a_small_disk(made, dir), 0, 0).await;
        let root = PathBuf::from(format!("/proc/{}/root", served.pid()));
        let filler = root.join(dir.strip_prefix("/").unwrap()).join("filler");
        return SmallDisk {
            served,
            full: Full::Filled(filler),
        };
    }
    std::fs::rename(made, dir).unwrap();
    let faults = Faults::prepare(folder);
    let served = faults.serve(dir).await;
    SmallDisk {
        served,
        full: Full::Said(faults),
    }
}

impl SmallDisk {
    fn fill(&self) {
        match &self.full {
            Full::Filled(filler) => {
                let full = std::fs::write(filler, vec![1; 48 << 20]).unwrap_err();
                assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
            }
            Full::Said(faults) => faults.begin(1, ENOSPC, true),
        }
    }

    fn free(&self) {
        match &self.full {
            Full::Filled(filler) => std::fs::remove_file(filler).unwrap(),
            Full::Said(faults) => assert!(faults.end() > 0, "something was to be written"),
        }
    }
}

#[tokio::test]
async fn a_full_disk_is_named_reading_goes_on_and_so_does_writing_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let (made, dir) = (folder.path().join("made"), folder.path().join("home"));
    init(&made, "Hill House", "Anna").await;
    let disk = small_disk(folder.path(), &made, &dir).await;
    let mut anna = Writer::sign_in(&disk.served).await;
    anna.post("Before").await.unwrap();
    disk.fill();
    let mut refused = 0;
    for n in 0..200 {
        // What fits into pages that are there already may still be taken.
        if let Err(problem) = anna.post(&format!("Full {n} {}", "and more ".repeat(200))).await {
            assert!(is_named(&problem), "{problem:?}");
            refused += 1;
        }
    }
    assert!(refused > 0, "the disk was full");
    anna.compare().await;
    disk.free();
    anna.catch_up().await;
    anna.compare().await;
    assert!(disk.served.terminate().await);
}
