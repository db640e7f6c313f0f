//! The real program, as a process of its own: to kill, to measure, and to try its command line.

use crate::PASSWORD;
use crate::http::Client;
use crate::time::within;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// The program `hearth`: beside this test, built if it is missing or older than its sources. `HEARTH_BIN` names another.
///
/// # Panics
/// When it is not there and cannot be built.
pub fn program() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        if let Some(named) = std::env::var_os("HEARTH_BIN") {
            return named.into();
        }
        let me = std::env::current_exe().expect("this test is a file");
        // `target/<profile>/deps/it-…`, `target/<profile>/hearth-demo`
        let folder = me
            .ancestors()
            .skip(1)
            .find(|dir| !dir.ends_with("deps"))
            .expect("a target folder");
        let program = folder
            .join("hearth")
            .with_extension(std::env::consts::EXE_EXTENSION);
        if !is_fresh(&program) {
            build(folder);
        }
        assert!(program.is_file(), "The program is not at {}", program.display());
        program
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the repository")
}

fn is_fresh(program: &Path) -> bool {
    let Some(built) = changed(program) else {
        return false;
    };
    let mut waiting = vec![root().join("crates"), root().join("migrations")];
    while let Some(dir) = waiting.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if changed(&path).is_some_and(|at| at > built) {
                return false;
            }
        }
    }
    true
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn build(folder: &Path) {
    let mut cargo = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args([
        "build",
        "--quiet",
        "--package",
        "hearth-node",
        "--package",
        "hearth-tests",
        "--bins",
    ]);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    if let Some(target) = folder.parent() {
        cargo.arg("--target-dir").arg(target);
    }
    let status = cargo.status().expect("cargo starts");
    assert!(status.success(), "The program does not build");
}

/// A command of the program on a home's folder.
#[must_use]
pub fn command(dir: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .arg("--data-dir")
        .arg(dir)
        .env("HEARTH_LOG", "info")
        .kill_on_drop(true)
        .stdin(Stdio::null());
    command
}

/// Runs the command line to its end, with a line on its standard input.
///
/// # Panics
/// When it cannot be run.
pub async fn run(dir: &Path, args: &[&str], input: Option<&str>) -> Output {
    let mut command = command(dir);
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().expect("the program starts");
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin
            .write_all(format!("{input}\n").as_bytes())
            .await
            .expect("the program reads");
    }
    within("the command line", child.wait_with_output())
        .await
        .expect("the program ends")
}

/// Sets a home up by the command line; the owner has everybody's password.
///
/// # Panics
/// When that fails.
pub async fn init(dir: &Path, home: &str, owner: &str) {
    let username = owner.to_lowercase();
    let args = [
        "init",
        "--home",
        home,
        "--name",
        owner,
        "--username",
        &username,
        "--birth-date",
        "1990-05-17",
    ];
    let output = run(dir, &args, Some(PASSWORD)).await;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A home that runs as a process. Killed when it is dropped.
pub struct Served {
    child: Child,
    /// Where it listens for other homes.
    pub federation: SocketAddr,
    /// Where it serves its window.
    pub ui: SocketAddr,
}

impl Served {
    /// Starts `hearth serve` and waits until it says that it is ready. Port 0 is a free one.
    ///
    /// # Panics
    /// When it ends instead.
    pub async fn start(dir: &Path, federation_port: u16, ui_port: u16) -> Self {
        Self::start_with(command(dir), federation_port, ui_port).await
    }

    /// As [`Served::start`], with a command that has its environment.
    ///
    /// # Panics
    /// When it ends instead.
    pub async fn start_with(command: Command, federation_port: u16, ui_port: u16) -> Self {
        let at = |port| format!("127.0.0.1:{port}");
        Self::start_at(command, &at(federation_port), &at(ui_port)).await
    }

    /// As [`Served::start_with`], with the addresses to listen at.
    ///
    /// # Panics
    /// When it ends instead.
    pub async fn start_at(mut command: Command, federation: &str, ui: &str) -> Self {
        command
            .args(["--json", "serve", "--listen", federation, "--ui", ui])
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let ready = within("the program to be ready", async {
            let mut said = Vec::new();
            while let Ok(Some(line)) = lines.next_line().await {
                let json: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                if json["fields"]["message"] == "Hearth is ready" {
                    return json;
                }
                said.push(line);
            }
            panic!("The program ended before it was ready:\n{}", said.join("\n"));
        })
        .await;
        // Read on, so that the program is never held up by a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let address = |field: &str| {
            let text = ready["fields"][field].as_str().unwrap_or_default();
            let text = text
                .strip_prefix("Some(")
                .and_then(|text| text.strip_suffix(')'))
                .unwrap_or(text);
            text.parse().unwrap_or_else(|_| panic!("{field} is {text:?}"))
        };
        Self {
            federation: address("federation"),
            ui: address("ui"),
            child,
        }
    }

    /// A client of its window.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.ui)
    }

    /// The process's id.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().expect("a process that runs")
    }

    /// Kills it (`SIGKILL`): no handler runs, nothing is flushed.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("our own process");
    }

    /// Asks it to end (`SIGTERM`) and waits until it has; whether it ended well.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub async fn terminate(mut self) -> bool {
        let status = std::process::Command::new("kill")
            .args(["-TERM", &self.pid().to_string()])
            .status();
        assert!(status.expect("a command `kill`").success());
        let ended = within("the program to end", self.child.wait()).await;
        ended.expect("our own child").success()
    }
}
