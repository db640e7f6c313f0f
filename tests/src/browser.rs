//! A real Chromium, driven over WebDriver by its chromedriver, with a fresh profile each.
//!
//! `HEARTH_CHROMEDRIVER` and `HEARTH_CHROMIUM` name other programs than those on the `PATH`. Where they come as a snap, as on Ubuntu,
//! they see a `/tmp` of their own, so that profiles and files for them lie in the snap's own folder.

use crate::time::within;
use crate::webdriver::{Page, timeouts};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A browser window with a profile of its own. What one does in it is in [`Page`].
pub struct Browser {
    page: Page,
    driver: Child,
    expected: Vec<String>,
    _profile: TempDir,
}

impl Deref for Browser {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl Browser {
    /// Opens a browser of this size.
    ///
    /// # Panics
    /// When there is none.
    pub async fn open(width: u32, height: u32) -> Self {
        let opened = within("a browser", Self::try_open(width, height, &[])).await;
        opened.expect("Chromium and chromedriver are needed: `cargo xtask setup`")
    }

    /// Opens a browser of this size that believes every certificate, as one does that was told to trust the home's.
    ///
    /// # Panics
    /// When there is none.
    pub async fn open_trusting(width: u32, height: u32) -> Self {
        let args = ["--ignore-certificate-errors"];
        let opened = within("a browser", Self::try_open(width, height, &args)).await;
        opened.expect("Chromium and chromedriver are needed: `cargo xtask setup`")
    }

    async fn try_open(width: u32, height: u32, more: &[&str]) -> Result<Self> {
        let (driver, port) = start_driver().await?;
        let profile = folder()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let page = Page::begin(address, &capabilities(profile.path(), width, height, more)).await?;
        Ok(Self {
            page,
            driver,
            expected: Vec::new(),
            _profile: profile,
        })
    }

    /// Sets the size of what the page has, to the pixel; a window cannot be made as narrow as a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Gives an order of the DevTools protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": params }))
            .await
    }

    /// Says that the page will log an error that holds `text`, because the test provokes it.
    pub fn expect_error(&mut self, text: &str) {
        self.expected.push(text.to_owned());
    }

    /// The errors on the console since the last look, but those that were expected.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.post("/se/log", json!({ "type": "browser" })).await;
        log.as_array()
            .into_iter()
            .flatten()
            .filter(|line| line["level"] == "SEVERE")
            .filter_map(|line| line["message"].as_str())
            .filter(|message| !self.expected.iter().any(|text| message.contains(text)))
            .map(str::to_owned)
            .collect()
    }

    /// Fails when the page logged errors or fetched from elsewhere, and closes the browser.
    ///
    /// # Panics
    /// See above.
    pub async fn close(mut self) {
        let errors = self.console_errors().await;
        assert!(
            errors.is_empty(),
            "The page logged errors:\n{}",
            errors.join("\n")
        );
        let foreign = self.foreign_requests().await;
        assert!(foreign.is_empty(), "The page asked elsewhere: {foreign:?}");
        self.page.end().await;
        let _ = self.driver.kill().await;
    }
}

/// How often the driver is started before it is given up.
const STARTS: usize = 5;

/// Starts the driver; again when it ends at once, as it does when the port that it chose is free in one version of the protocol of the
/// internet and taken in the other.
async fn start_driver() -> Result<(Child, u16)> {
    let mut tries = 0;
    loop {
        match try_start_driver().await? {
            Some(started) => return Ok(started),
            None if tries + 1 < STARTS => tries += 1,
            None => bail!("chromedriver ended {STARTS} times"),
        }
    }
}

/// The driver and its port; nothing when it ended before it listened.
async fn try_start_driver() -> Result<Option<(Child, u16)>> {
    let program = std::env::var_os("HEARTH_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let mut driver = Command::new(program)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("Starting chromedriver")?;
    let mut lines = BufReader::new(driver.stdout.take().context("A pipe")?).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            let port = port.trim_end_matches('.').parse()?;
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(Some((driver, port)));
        }
    }
    Ok(None)
}

/// A temporary folder whose files the browser can read.
///
/// # Errors
/// When there is no place for it.
pub fn folder() -> Result<TempDir> {
    let driver = std::env::var_os("HEARTH_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let chromium = std::env::var_os("HEARTH_CHROMIUM");
    let snap = std::iter::once(driver)
        .chain(chromium)
        .any(|program| is_snap(Path::new(&program)));
    if !snap {
        return Ok(tempfile::tempdir()?);
    }
    let home = std::env::home_dir().context("A home folder")?;
    let own = home.join("snap/chromium/common");
    std::fs::create_dir_all(&own).with_context(|| format!("Creating {}", own.display()))?;
    Ok(tempfile::tempdir_in(own)?)
}

/// Whether a program, or what is found on the `PATH` by its name, is a snap's: a link to `snap` itself, or a script that calls such one.
fn is_snap(program: &Path) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file());
    let Some(found) = found else { return false };
    let real = found.canonicalize().unwrap_or(found);
    if real.starts_with("/snap") || real.file_name().is_some_and(|name| name == "snap") {
        return true;
    }
    // Programs are long, and these scripts are short.
    let short = std::fs::metadata(&real).is_ok_and(|about| about.len() < 10_000);
    short && std::fs::read_to_string(&real).is_ok_and(|text| text.contains("/snap/bin/"))
}

fn capabilities(profile: &Path, width: u32, height: u32, more: &[&str]) -> Value {
    let mut args: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-prefers-reduced-motion",
        "--lang=en-GB",
    ]
    .map(str::to_owned)
    .to_vec();
    args.push(format!("--user-data-dir={}", profile.display()));
    args.push(format!("--window-size={width},{height}"));
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    let mut options = json!({ "args": args, "prefs": { "intl.accept_languages": "en-GB,en" } });
    if let Ok(binary) = std::env::var("HEARTH_CHROMIUM") {
        options["binary"] = json!(binary);
    }
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "timeouts": timeouts(),
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    } } })
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromedriver takes its browser along when it is asked to end; killed, it leaves it behind. Ask without waiting.
        if let Some(pid) = self.driver.id() {
            let _ = std::process::Command::new("kill")
                .args(["-TERM", &pid.to_string()])
                .status();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snap_is_known_by_its_link_or_by_the_script_that_calls_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(
            at("chromedriver"),
            "#!/bin/sh\nexec /snap/bin/chromium.chromedriver \"$@\"\n",
        )
        .unwrap();
        std::fs::write(at("snap"), "\u{7f}ELF").unwrap();
        std::fs::write(at("plain"), "#!/bin/sh\nexec /opt/chrome/chrome \"$@\"\n").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("snap"), at("chromium")).unwrap();
            assert!(is_snap(&at("chromium")));
        }
        assert!(is_snap(&at("chromedriver")));
        assert!(!is_snap(&at("plain")));
        assert!(!is_snap(&at("missing")));
    }
}
