//! The desktop app in its real window, driven by WebKitWebDriver.

use super::{Desk, until};
use crate::webdriver::{Page, timeouts};
use anyhow::{Context as _, Result};
use hearth_api::{ApiError, Command as Request};
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// The title of the app's window.
pub const TITLE: &str = "Hearth";
/// A start is a driver, a node, a web view and its page, each a process that a busy machine keeps waiting.
const START: Duration = Duration::from_secs(180);
/// What WebKit calls an error in a hint that is meant for other browsers.
const NO_ERROR: &str = "Viewport argument key \"interactive-widget\" not recognized";
/// Puts a command as the window does, and answers what comes back.
const ASK: &str = "const [cmd, payload, done] = arguments;
    window.__TAURI__.core.invoke('rpc', { cmd, payload }).then(ok => done({ ok }), error => done({ error }));";

/// The app: beside this test, where `cargo build` and `cargo xtask test` put it.
pub(super) fn program() -> PathBuf {
    let named = std::env::var_os("HEARTH_DESKTOP_BIN").map(PathBuf::from);
    let program = named.unwrap_or_else(|| {
        let me = std::env::current_exe().expect("this test is a file");
        let folder = me.ancestors().skip(1).find(|dir| !dir.ends_with("deps"));
        folder.expect("a target folder").join("hearth-desktop")
    });
    assert!(
        program.is_file(),
        "The app is not built: run `cargo build --package hearth-desktop --features desktop`"
    );
    program
}

/// Where the home of the app is; it listens for other homes on a free port of this machine only.
pub(super) fn at_home(command: &mut Command, data: &Path) {
    command
        .env("HEARTH_DATA_DIR", data)
        .env("HEARTH_LISTEN", "127.0.0.1:0")
        .env("HEARTH_LOG", "info");
}

/// The running app. What one does in its window is in [`Page`]. Killed when it is dropped.
pub struct App {
    page: Page,
    driver: Child,
    pid: u32,
    said: Arc<Mutex<Vec<String>>>,
}

impl Deref for App {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl App {
    /// Starts the app on a desk, with the home in a folder.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn open(desk: &Desk, data: &Path) -> Self {
        let opened = tokio::time::timeout(START, Self::try_open(desk, data)).await;
        let opened = opened.unwrap_or_else(|_elapsed| panic!("Waited {START:?} in vain for the app"));
        opened.expect("WebKitWebDriver is needed: `cargo xtask setup`")
    }

    async fn try_open(desk: &Desk, data: &Path) -> Result<Self> {
        let said = Arc::default();
        let (mut driver, address) = start_driver(desk, data, &said).await?;
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "timeouts": timeouts(),
            "webkitgtk:browserOptions": { "binary": program(), "args": [] },
        } } });
        let page = match Page::begin(address, &capabilities).await {
            Ok(page) => page,
            Err(error) => {
                let _ = driver.kill().await;
                return Err(error.context(said.lock().unwrap().join("\n")));
            }
        };
        let parent = driver.id().context("A driver that runs")?;
        let pid = child_of(parent).context("An app that runs")?;
        let app = Self {
            page,
            driver,
            pid,
            said,
        };
        desk.screen().until_shown(TITLE, true).await;
        Ok(app)
    }

    /// Puts a command as the window does.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn ask<C: Request>(&self, request: C) -> C::Output {
        let payload = serde_json::to_value(request).expect("a request is JSON");
        let answer = self.run_async(ASK, json!([C::NAME, payload])).await;
        if let Ok(error) = serde_json::from_value::<ApiError>(answer["error"].clone()) {
            panic!("{} was refused: {error:?}", C::NAME);
        }
        serde_json::from_value(answer["ok"].clone()).expect("an answer of the type that the table names")
    }

    /// Everything that the app, its page and the driver wrote to the terminal.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// The errors among that: of the page (a debug build prints its console) and of the app.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        self.said()
            .into_iter()
            .filter(|line| line.contains(" ERROR ") || line.contains("panicked at"))
            .filter(|line| !line.contains(NO_ERROR))
            .collect()
    }

    /// The milliseconds that the processor has spent on the app and its processes, in all.
    #[must_use]
    pub fn processor_ms(&self) -> u64 {
        family_of(self.pid).into_iter().map(spent_ms).sum()
    }

    /// The bytes of memory that the app and its processes hold: pages counted in each process, and pages that are shared counted once.
    #[must_use]
    pub fn memory(&self) -> (u64, u64) {
        let family = family_of(self.pid);
        let sum = |line: &str| family.iter().map(|pid| kept(*pid, line)).sum();
        (sum("Rss:"), sum("Pss:"))
    }

    /// Kills it (`SIGKILL`): no handler runs, nothing is flushed.
    pub async fn kill(mut self) {
        signal(self.pid, "-KILL");
        self.gone().await;
        let _ = self.driver.kill().await;
    }

    /// Kills the process that the page runs in, as a system does that has no memory left.
    ///
    /// # Panics
    /// When there is none.
    pub fn kill_page(&self) {
        let is_page = |pid: &u32| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            name.starts_with("WebKitWebProc")
        };
        let page = family_of(self.pid).into_iter().find(is_page);
        signal(page.expect("a page that runs"), "-KILL");
    }

    /// Asks it to end as a log-out does (`SIGTERM`), and waits until it has.
    pub async fn terminate(self) {
        signal(self.pid, "-TERM");
        self.ended().await;
    }

    /// Waits until it has ended by itself, and fails on errors that it or its page told of.
    ///
    /// # Panics
    /// See above.
    pub async fn ended(mut self) {
        self.gone().await;
        let _ = self.driver.kill().await;
        let errors = self.errors();
        assert!(errors.is_empty(), "There were errors:\n{}", errors.join("\n"));
    }

    /// Fails when the page asked elsewhere than its home, and ends the app.
    ///
    /// # Panics
    /// See above, and when it told of errors.
    pub async fn close(self) {
        let foreign = self.foreign_requests().await;
        assert!(foreign.is_empty(), "The page asked elsewhere: {foreign:?}");
        self.terminate().await;
    }

    async fn gone(&self) {
        until("the app to end", || async { (!runs(self.pid)).then_some(()) }).await;
    }
}

impl Drop for App {
    #[expect(clippy::print_stderr, reason = "a failed test says what it saw there")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let alive = if runs(self.pid) { "runs" } else { "ended" };
            eprintln!("The app {alive}, and said:\n{}", self.said().join("\n"));
        }
        if runs(self.pid)
            && self
                .driver
                .id()
                .is_some_and(|driver| child_of(driver) == Some(self.pid))
        {
            signal(self.pid, "-KILL");
        }
    }
}

/// Starts the driver on a port that was free a moment ago; on another one if somebody was faster.
async fn start_driver(
    desk: &Desk,
    data: &Path,
    said: &Arc<Mutex<Vec<String>>>,
) -> Result<(Child, SocketAddr)> {
    let program = std::env::var_os("HEARTH_WEBKIT_DRIVER").unwrap_or_else(|| "WebKitWebDriver".into());
    loop {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(&program);
        desk.dress(&mut command);
        at_home(&mut command, data);
        let mut driver = command
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .arg(format!("--port={}", address.port()))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("Starting WebKitWebDriver")?;
        listen(driver.stdout.take(), said);
        listen(driver.stderr.take(), said);
        let mut tick = tokio::time::interval(Duration::from_millis(10));
        while driver.try_wait()?.is_none() {
            tick.tick().await;
            if TcpStream::connect(address).await.is_ok() {
                return Ok((driver, address));
            }
        }
    }
}

fn listen(pipe: Option<impl AsyncRead + Unpin + Send + 'static>, said: &Arc<Mutex<Vec<String>>>) {
    let said = Arc::clone(said);
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe.expect("a pipe")).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            said.lock().unwrap().push(line);
        }
    });
}

/// A process and all that came from it.
fn family_of(pid: u32) -> Vec<u32> {
    let mut family = vec![pid];
    let mut at = 0;
    while let Some(parent) = family.get(at) {
        // Each thread has children of its own.
        let threads = std::fs::read_dir(format!("/proc/{parent}/task"));
        let children: Vec<u32> = threads
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok())
            .flat_map(|text| {
                text.split_whitespace()
                    .filter_map(|pid| pid.parse().ok())
                    .collect::<Vec<u32>>()
            })
            .collect();
        family.extend(children);
        at += 1;
    }
    family
}

/// Milliseconds of the processor that a process has had. The kernel counts hundredths of a second for programs.
fn spent_ms(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    fields
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}

/// Bytes in a line of what the kernel says of a process's memory.
fn kept(pid: u32, line: &str) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let value = rollup.lines().find_map(|text| text.strip_prefix(line));
    let kib = value.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// The first child of a process.
fn child_of(parent: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    children.split_whitespace().next()?.parse().ok()
}

/// Whether a process runs; one that ended and was not waited for does not, once all its threads have ended with it.
fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let Some((_, rest)) = stat.rsplit_once(") ") else {
        return false;
    };
    let threads = rest
        .split(' ')
        .nth(17)
        .and_then(|count| count.parse::<u32>().ok());
    !rest.starts_with('Z') || threads.is_some_and(|count| count > 1)
}

fn signal(pid: u32, signal: &str) {
    let _ = std::process::Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
}
