//! The app on a screen without a monitor.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::setup::{self, Need};
use crate::sh;

/// What the app logs when its window is there to be seen.
pub(super) const WINDOW_IS_UP: &str = "The window is shown";

/// Runs what starts the app until its window shows, not until it merely began. `name` is the command as a person knows it.
pub(super) fn until_shown(name: &str, command: impl FnOnce(&str) -> Command) -> Result<()> {
    setup::ensure(&[Need::Screen])?;
    let started = Instant::now();
    let (_screen, display) = screen()?;
    let mut app = Ended(
        command(&display)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("Starting `{name}`"))?,
    );
    let stdout = app.0.stdout.take().context("Reading what the app says")?;
    for line in BufReader::new(stdout).lines() {
        let line = line.context("Reading what the app says")?;
        println!("    | {line}");
        if line.contains(WINDOW_IS_UP) {
            println!(
                "    the window is up {} after the command",
                minutes(started.elapsed())
            );
            return Ok(());
        }
    }
    bail!("`{name}` ended before there was a window")
}

/// A child that does not outlive what it was started for.
pub(super) struct Ended(pub(super) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself; whatever it started goes with the namespace of its processes.
        if self.0.kill().is_ok() {
            let _status = self.0.wait();
        }
    }
}

/// A screen without a monitor, and its name. Programs in a changed root reach it, since its socket has no place in any folder.
pub(super) fn screen() -> Result<(Ended, String)> {
    let mut server = Ended(
        sh::program("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x900x24",
                "-ac",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Starting Xvfb")?,
    );
    let mut number = String::new();
    let stdout = server.0.stdout.take().context("Asking Xvfb for its number")?;
    BufReader::new(stdout)
        .read_line(&mut number)
        .context("Asking Xvfb for its number")?;
    ensure!(!number.trim().is_empty(), "Xvfb ended at once");
    Ok((server, format!(":{}", number.trim())))
}

fn minutes(time: Duration) -> String {
    format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
}
