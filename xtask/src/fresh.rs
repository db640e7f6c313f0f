//! The README's promise on a bare machine: a Debian with nothing but git and a C compiler, made for the purpose, in which the
//! commands prove themselves and are timed.
//!
//! Everything happens in namespaces of its own (`unshare`): when they end, however they end, the mounts and the processes in
//! them are gone, and what is left is one plain folder, which is removed. The machine lends its Rust toolchain and its downloaded
//! crates, both read-only, and its screen server; the system packages, the clone and the build are the fresh machine's own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::setup::{self, Need};
use crate::sh;

/// Calls this program again, inside the namespaces.
pub(crate) const INSIDE: &str = "fresh-inside";
/// What the app logs when its window is there to be seen.
const WINDOW_IS_UP: &str = "The window is shown";
/// What a fresh machine is given before the first command.
const GIVEN: &str = "git,ca-certificates,gcc,libc6-dev,sudo";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// The ordinary user of the fresh machine.
const USER: &str = "anna";

/// What is tried on the fresh machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trial {
    /// `cargo xtask setup`, twice: the second time must find nothing to do.
    Setup,
    /// `cargo xtask run`, until the window is up.
    Run,
    /// `cargo xtask test`, whole.
    Test,
}

impl Trial {
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "setup" => Some(Self::Setup),
            "run" => Some(Self::Run),
            "test" => Some(Self::Test),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Run => "run",
            Self::Test => "test",
        }
    }
}

/// Makes a fresh machine, tries one thing on it as root or as an ordinary user, and removes it.
pub(crate) fn run(trial: Trial, as_user: bool) -> Result<()> {
    ensure!(
        cfg!(target_os = "linux") && setup::is_root(),
        "A fresh machine can be made on Linux and by root only"
    );
    setup::ensure(&[Need::Bootstrap])?;
    let base = std::env::var_os("HEARTH_FRESH_DIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    let root = base.join(format!("hearth-fresh-{}", std::process::id()));
    std::fs::create_dir(&root).with_context(|| format!("Creating {}", root.display()))?;
    let me = std::env::current_exe().context("Finding this program")?;
    let who = if as_user { USER } else { "root" };
    let outcome = sh::run(
        sh::program("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child", "--"])
            .arg(me)
            .arg(INSIDE)
            .arg(trial.name())
            .arg(who)
            .arg(&root),
    );
    // The mounts went with their namespace; should one still be there, nothing of it is touched.
    sh::step("removing the fresh machine", || {
        sh::run(
            sh::program("rm")
                .args(["-rf", "--one-file-system", "--"])
                .arg(&root),
        )
    })?;
    outcome
}

/// The part inside the namespaces.
pub(crate) fn inside(args: &[String]) -> Result<()> {
    let [trial, who, root] = args else {
        bail!("`{INSIDE}` is called by `cargo xtask fresh` only")
    };
    let trial = Trial::of(trial).context("An unknown trial")?;
    let machine = Machine {
        root: PathBuf::from(root),
        who: who.clone(),
    };
    sh::step("a bare Debian", || machine.make())?;
    sh::step("a fresh clone", || machine.clone_sources())?;
    match trial {
        Trial::Setup => {
            sh::step("cargo xtask setup", || machine.xtask("setup"))?;
            sh::step("cargo xtask setup, again", || machine.xtask("setup"))
        }
        Trial::Run => sh::step("cargo xtask run, until the window is up", || {
            machine.run_until_window()
        }),
        Trial::Test => sh::step("cargo xtask test", || machine.xtask("test")),
    }
}

struct Machine {
    root: PathBuf,
    who: String,
}

impl Machine {
    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn home(&self) -> String {
        if self.who == USER {
            format!("/srv/{USER}")
        } else {
            "/root".to_owned()
        }
    }

    fn make(&self) -> Result<()> {
        let (mirror, suite) = mirror()?;
        mount(&["--make-rprivate", "/"])?;
        let mut debootstrap = sh::program("debootstrap");
        debootstrap
            .arg("--variant=minbase")
            .arg(format!("--include={GIVEN}"));
        if Path::new(KEYRING).exists() {
            debootstrap.arg(format!("--keyring={KEYRING}"));
        }
        // What it says is long and only of interest when it fails.
        let said = debootstrap
            .arg(&suite)
            .arg(&self.root)
            .arg(&mirror)
            .stdin(Stdio::null())
            .output()
            .context("Starting debootstrap")?;
        if !said.status.success() {
            let text = String::from_utf8_lossy(&said.stdout);
            let from = text.lines().count().saturating_sub(20);
            let last: Vec<&str> = text.lines().skip(from).collect();
            bail!("debootstrap ended with {}:\n{}", said.status, last.join("\n"));
        }
        for name in ["resolv.conf", "hosts"] {
            std::fs::copy(Path::new("/etc").join(name), self.at("/etc").join(name))
                .with_context(|| format!("Copying /etc/{name}"))?;
        }
        self.mount_system()?;
        if self.who == USER {
            let home = self.home();
            self.chroot("root", &["useradd", "--create-home", "--home-dir", &home, USER])?;
            let rule = self.at("/etc/sudoers.d/anna");
            std::fs::write(&rule, format!("{USER} ALL=(ALL) NOPASSWD: ALL\n"))
                .with_context(|| format!("Writing {}", rule.display()))?;
        }
        self.lend_toolchain()
    }

    fn mount_system(&self) -> Result<()> {
        let at = |path: &str| self.at(path).display().to_string();
        mount(&["-t", "proc", "proc", &at("/proc")])?;
        mount(&["--rbind", "/dev", &at("/dev")])?;
        mount(&["-t", "sysfs", "-o", "ro", "sysfs", &at("/sys")])?;
        mount(&["-t", "tmpfs", "-o", "mode=1777", "tmpfs", &at("/tmp")])
    }

    /// rustup with its toolchains, and the crates that were downloaded, read-only.
    fn lend_toolchain(&self) -> Result<()> {
        let cargo_home = home_of("CARGO_HOME", ".cargo")?;
        let rustup_home = home_of("RUSTUP_HOME", ".rustup")?;
        let own = format!("{}/.cargo", self.home());
        std::fs::create_dir_all(self.at(&own)).context("Making a folder for cargo")?;
        std::fs::create_dir_all(self.at("/opt/rustup")).context("Making a folder for rustup")?;
        let settings = rustup_home.join("settings.toml");
        std::fs::copy(&settings, self.at("/opt/rustup/settings.toml"))
            .with_context(|| format!("Copying {}", settings.display()))?;
        let toolchains = rustup_home.join("toolchains");
        let listed =
            std::fs::read_dir(&toolchains).with_context(|| format!("Listing {}", toolchains.display()))?;
        for entry in listed {
            let path = entry.context("Listing the toolchains")?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // A toolchain may be a link to a place that the fresh machine does not have.
            let real = path
                .canonicalize()
                .with_context(|| format!("Following {}", path.display()))?;
            self.lend(&real, &format!("/opt/rustup/toolchains/{name}"))?;
        }
        self.lend(&cargo_home.join("bin"), "/opt/cargo/bin")?;
        let registry = cargo_home.join("registry");
        if registry.is_dir() {
            self.lend(&registry, &format!("{own}/registry"))?;
        }
        if self.who == USER {
            self.chroot("root", &["chown", USER, &own])?;
        }
        Ok(())
    }

    fn lend(&self, from: &Path, to: &str) -> Result<()> {
        let to = self.at(to);
        std::fs::create_dir_all(&to).with_context(|| format!("Creating {}", to.display()))?;
        let (from, to) = (from.display().to_string(), to.display().to_string());
        mount(&["--bind", &from, &to])?;
        mount(&["-o", "remount,bind,ro", &to])
    }

    /// A clone of the last commit, as anybody would have it.
    fn clone_sources(&self) -> Result<()> {
        let to = format!("{}/hearth", self.home());
        sh::run(
            sh::program("git")
                .args(["clone", "--quiet", "--no-hardlinks", "--"])
                .arg(sh::root())
                .arg(self.at(&to)),
        )?;
        if self.who == USER {
            self.chroot("root", &["chown", "-R", USER, &to])?;
        }
        Ok(())
    }

    /// A command on the fresh machine, with nothing of this one's environment.
    fn command(&self, who: &str, display: Option<&str>) -> Command {
        let mut command = sh::program("chroot");
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        if who != "root" {
            command.arg(format!("--userspec={who}"));
        }
        let home = if who == "root" {
            "/root".to_owned()
        } else {
            self.home()
        };
        command
            .arg(&self.root)
            .args(["/usr/bin/env", "-i"])
            .arg(format!("HOME={home}"))
            .arg(format!("USER={who}"))
            .arg("LANG=C.UTF-8")
            .arg("RUSTUP_HOME=/opt/rustup")
            // What is lent is complete, and cannot be added to.
            .arg("RUSTUP_AUTO_INSTALL=0")
            .arg("PATH=/opt/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        if let Some(display) = display {
            command.arg(format!("DISPLAY={display}"));
        }
        command.stdin(Stdio::null());
        command
    }

    fn chroot(&self, who: &str, args: &[&str]) -> Result<()> {
        let status = self.command(who, None).args(args).status();
        let status = status.with_context(|| format!("Starting `{}`", args.join(" ")))?;
        ensure!(status.success(), "`{}` ended with {status}", args.join(" "));
        Ok(())
    }

    /// `cargo xtask …` in the clone.
    fn cargo_xtask(&self, name: &str, display: Option<&str>) -> Command {
        let script = format!("cd {}/hearth && exec cargo xtask {name}", self.home());
        let mut command = self.command(&self.who, display);
        command.args(["/bin/sh", "-c", &script]);
        command
    }

    fn xtask(&self, name: &str) -> Result<()> {
        let status: ExitStatus = self
            .cargo_xtask(name, None)
            .status()
            .with_context(|| format!("Starting `cargo xtask {name}`"))?;
        ensure!(status.success(), "`cargo xtask {name}` ended with {status}");
        Ok(())
    }

    /// Starts the app on a screen without a monitor; well when its window shows, not when it merely builds.
    fn run_until_window(&self) -> Result<()> {
        setup::ensure(&[Need::Screen])?;
        let started = Instant::now();
        let (_screen, display) = screen()?;
        let mut app = Ended(
            self.cargo_xtask("run 2>&1", Some(&display))
                .stdout(Stdio::piped())
                .spawn()
                .context("Starting `cargo xtask run`")?,
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
        bail!("`cargo xtask run` ended before there was a window")
    }
}

/// A child that does not outlive what it was started for.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself; whatever it started goes with the namespace of its processes.
        if self.0.kill().is_ok() {
            let _status = self.0.wait();
        }
    }
}

/// A screen without a monitor, and its name. Programs in a changed root reach it, since its socket has no place in any folder.
fn screen() -> Result<(Ended, String)> {
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

fn mount(args: &[&str]) -> Result<()> {
    let status = sh::program("mount")
        .args(args)
        .status()
        .context("Starting mount")?;
    ensure!(status.success(), "`mount {}` ended with {status}", args.join(" "));
    Ok(())
}

fn home_of(variable: &str, folder: &str) -> Result<PathBuf> {
    let usual = || std::env::home_dir().map(|home| home.join(folder));
    std::env::var_os(variable)
        .map(PathBuf::from)
        .or_else(usual)
        .filter(|path| path.is_dir())
        .with_context(|| format!("There is no {folder} of rustup here"))
}

/// Where this machine's own packages come from, and which release it is.
fn mirror() -> Result<(String, String)> {
    let text = sh::output(sh::program("apt-get").args([
        "indextargets",
        "--format",
        "$(SITE) $(RELEASE)",
        "Created-By: Packages",
    ]))?;
    parse_mirror(&text).context("apt names no mirror of Debian")
}

/// The first line that is a Debian archive and no addition to one.
fn parse_mirror(text: &str) -> Option<(String, String)> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(site, release)| {
            site.trim_end_matches('/').ends_with("/debian") && !release.contains(['-', '/'])
        })
        .map(|(site, release)| (site.to_owned(), release.to_owned()))
}

fn minutes(time: Duration) -> String {
    format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_debians_own_archive() {
        let text = "https://deb.nodesource.com/node_20.x nodistro\n\
                    http://deb.debian.org/debian-security bookworm-security\n\
                    http://deb.debian.org/debian bookworm-updates\n\
                    http://deb.debian.org/debian bookworm\n";
        let found = parse_mirror(text);
        assert_eq!(
            found,
            Some(("http://deb.debian.org/debian".to_owned(), "bookworm".to_owned()))
        );
        assert_eq!(parse_mirror("https://example.org/x y\n"), None);
    }

    #[test]
    fn each_trial_is_found_by_its_own_name() {
        for trial in [Trial::Setup, Trial::Run, Trial::Test] {
            assert_eq!(Trial::of(trial.name()), Some(trial));
        }
        assert_eq!(Trial::of("--user"), None);
    }
}
