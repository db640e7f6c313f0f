//! The headless home for Windows, tried under Wine: made, looked at, run, and spoken with through its pipe; its key moved into the
//! keychain of Windows and back.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::sh;

/// How often, and how long after the last time, a home that starts is asked whether it runs.
const TRIES: u32 = 120;
const PAUSE: Duration = Duration::from_millis(500);

/// The name of Wine here, if it is there.
pub(super) fn wine() -> Option<&'static str> {
    ["wine64", "wine"].into_iter().find(|name| sh::has(name))
}

/// Wine, with a Windows of its own, and what is run there.
pub(super) struct Wine {
    name: &'static str,
    /// Where its Windows lies, and its home.
    folder: PathBuf,
    /// Where the programs for Windows are.
    built: PathBuf,
    runner: String,
}

impl Wine {
    /// `folder` is that of everything that is built for other systems, `target` what Rust calls Windows.
    pub(super) fn new(name: &'static str, folder: PathBuf, target: &str) -> Result<Self> {
        let built = folder.join(target).join("debug");
        for place in [built.clone(), built.join("deps")] {
            lend_library(&place)?;
        }
        let runner = format!("CARGO_TARGET_{}_RUNNER", target.to_uppercase().replace('-', "_"));
        Ok(Self {
            name,
            folder,
            built,
            runner,
        })
    }

    /// Gives a command this Windows; cargo runs there what it builds.
    pub(super) fn lend_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env(&self.runner, self.name)
            .env("WINEPREFIX", self.folder.join("wine"))
            .env("WINEDEBUG", "-all")
    }

    /// The whole small life of a home.
    pub(super) fn try_home(&self) -> Result<()> {
        let program = self.built.join("hearth.exe");
        let data = self.folder.join("wine-home");
        if data.exists() {
            std::fs::remove_dir_all(&data).context("Removing the home of the last try")?;
        }
        let hearth = |args: &[&str]| {
            let mut command = sh::program(self.name);
            self.lend_to(&mut command)
                .arg(&program)
                .args(args)
                .env("HEARTH_DATA_DIR", &data)
                .stdin(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        let version = said(&mut hearth(&["--version"]), &[0])?;
        ensure!(version.starts_with("hearth "), "It calls itself `{version}`");
        let owner = [
            "--home",
            "Hill House",
            "--name",
            "Anna",
            "--username",
            "anna",
            "--birth-date",
            "1990-05-17",
        ];
        let mut init = hearth(&[&["init"], &owner[..]].concat());
        let mut child = init
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("Making a home")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin
                .write_all(b"correct horse battery\n")
                .context("Giving the password")?;
        }
        ensure!(
            child.wait().context("Making a home")?.success(),
            "No home could be made"
        );
        // Something waits: it does not run, and there is no backup.
        let doctor = said(&mut hearth(&["doctor"]), &[1])?;
        ensure!(doctor.contains("It is sound"), "The doctor says:\n{doctor}");
        let serving = hearth(&["serve", "--no-ui", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .spawn()
            .context("Running the home")?;
        let mut serving = Running(serving);
        let status = through_pipe(
            &mut serving,
            || hearth(&["status", "--json"]),
            &data.join("control.pipe"),
        )?;
        ensure!(status.contains("\"listener\""), "It says of itself:\n{status}");
        for (place, file) in [("keychain", "master.keychain.json"), ("file", "master.key")] {
            said(&mut hearth(&["key", place]), &[0])?;
            ensure!(data.join(file).is_file(), "The key is not in the {place}");
        }
        println!(
            "    {version}: made, sound, answers through its pipe, and its key goes into the keychain and back"
        );
        Ok(())
    }
}

/// Puts a library beside the programs in a folder that Wine may not have.
fn lend_library(folder: &Path) -> Result<()> {
    let source = sh::root().join("xtask/src/cross/bcryptprimitives.c");
    sh::run(
        sh::program("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-o"])
            .arg(folder.join("bcryptprimitives.dll"))
            .arg(source)
            .arg("-ladvapi32"),
    )
}

/// What the running home answers; the file with the name of its pipe appears once it listens.
fn through_pipe(serving: &mut Running, mut ask: impl FnMut() -> Command, pipe: &Path) -> Result<String> {
    for _ in 0..TRIES {
        if let Some(status) = serving.0.try_wait().context("Looking after the home")? {
            bail!("The home ended with {status}");
        }
        if pipe.is_file() {
            return said(&mut ask(), &[0]);
        }
        std::thread::sleep(PAUSE);
    }
    bail!("The home does not begin to listen")
}

/// A home that is ended with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a command prints, if it ends with one of these codes.
fn said(command: &mut Command, codes: &[i32]) -> Result<String> {
    let output = command.output().context("Starting Wine")?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    ensure!(
        output.status.code().is_some_and(|code| codes.contains(&code)),
        "It ended with {} and said: {text}",
        output.status
    );
    Ok(text)
}
