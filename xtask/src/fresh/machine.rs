//! A bare Debian: how it is made, what it is lent, and commands on it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::sh;

/// What a fresh machine is given before the first command.
const GIVEN: &str = "git,ca-certificates,gcc,libc6-dev,sudo";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Where Debian keeps the certificates that a machine was given.
const GIVEN_TRUST: &str = "/usr/local/share/ca-certificates";
/// The ordinary user of the fresh machine.
pub(super) const USER: &str = "anna";

/// A machine that was made for a trial.
pub(super) struct Machine {
    /// Where its `/` is on this one.
    pub(super) root: PathBuf,
    /// Who works on it.
    pub(super) who: String,
}

impl Machine {
    /// A path of its own, as this one calls it.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The home folder of who works on it.
    pub(super) fn home(&self) -> String {
        if self.who == USER {
            format!("/srv/{USER}")
        } else {
            "/root".to_owned()
        }
    }

    /// Makes it, with what it is given and lent.
    pub(super) fn make(&self) -> Result<()> {
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
        self.lend_trust()?;
        if self.who == USER {
            let home = self.home();
            self.chroot("root", &["useradd", "--create-home", "--home-dir", &home, USER])?;
            let rule = self.at("/etc/sudoers.d/anna");
            std::fs::write(&rule, format!("{USER} ALL=(ALL) NOPASSWD: ALL\n"))
                .with_context(|| format!("Writing {}", rule.display()))?;
        }
        self.lend_toolchain()
    }

    /// The certificates that this machine was given beyond those of Debian: there may be a proxy between it and the registries.
    fn lend_trust(&self) -> Result<()> {
        let Ok(listed) = std::fs::read_dir(GIVEN_TRUST) else {
            return Ok(());
        };
        for entry in listed {
            let path = entry.context("Listing the certificates")?.path();
            let name = path.file_name().unwrap_or_default();
            std::fs::copy(&path, self.at(GIVEN_TRUST).join(name))
                .with_context(|| format!("Copying {}", path.display()))?;
        }
        self.chroot("root", &["update-ca-certificates", "--fresh"])
    }

    fn mount_system(&self) -> Result<()> {
        let at = |path: &str| self.at(path).display().to_string();
        mount(&["-t", "proc", "proc", &at("/proc")])?;
        mount(&["--rbind", "/dev", &at("/dev")])?;
        mount(&["-t", "sysfs", "-o", "ro", "sysfs", &at("/sys")])?;
        mount(&["-t", "tmpfs", "-o", "mode=1777", "tmpfs", &at("/tmp")])
    }

    /// rustup with its toolchains, read-only, and a copy of the archives of the crates that were downloaded.
    fn lend_toolchain(&self) -> Result<()> {
        let cargo_home = home_of("CARGO_HOME", ".cargo")?;
        let rustup_home = home_of("RUSTUP_HOME", ".rustup")?;
        let own = format!("{}/.cargo", self.home());
        let registry = format!("{own}/registry");
        std::fs::create_dir_all(self.at(&registry)).context("Making a folder for cargo")?;
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
        // As they were downloaded: unpacked they may be somebody's own files, which another cannot read. Copied, so that what this machine
        // never needed is fetched there.
        for name in ["cache", "index"] {
            let part = cargo_home.join("registry").join(name);
            if part.is_dir() {
                sh::run(
                    sh::program("cp")
                        .args(["-R", "--reflink=auto", "--"])
                        .arg(&part)
                        .arg(self.at(&registry)),
                )?;
            }
        }
        if self.who == USER {
            self.chroot("root", &["chown", "-R", USER, &own])?;
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
    pub(super) fn clone_sources(&self) -> Result<()> {
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
    pub(super) fn command(&self, who: &str, display: Option<&str>) -> Command {
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
            // pip brings certificates of its own, and looks at no others unless it is told.
            .arg("PIP_CERT=/etc/ssl/certs/ca-certificates.crt")
            .arg("PATH=/opt/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        if let Some(display) = display {
            command.arg(format!("DISPLAY={display}"));
        }
        command.stdin(Stdio::null());
        command
    }

    /// A command that must succeed.
    pub(super) fn chroot(&self, who: &str, args: &[&str]) -> Result<()> {
        let status = self.command(who, None).args(args).status();
        let status = status.with_context(|| format!("Starting `{}`", args.join(" ")))?;
        ensure!(status.success(), "`{}` ended with {status}", args.join(" "));
        Ok(())
    }

    /// `cargo xtask …` in the clone.
    pub(super) fn cargo_xtask(&self, name: &str, display: Option<&str>) -> Command {
        let script = format!("cd {}/hearth && exec cargo xtask {name}", self.home());
        let mut command = self.command(&self.who, display);
        command.args(["/bin/sh", "-c", &script]);
        command
    }

    /// The same, which must succeed.
    pub(super) fn xtask(&self, name: &str) -> Result<()> {
        let status: ExitStatus = self
            .cargo_xtask(name, None)
            .status()
            .with_context(|| format!("Starting `cargo xtask {name}`"))?;
        ensure!(status.success(), "`cargo xtask {name}` ended with {status}");
        Ok(())
    }
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

/// Debian's own archive and a release of it, for a machine that is no Debian itself.
const ELSEWHERE: (&str, &str) = ("http://deb.debian.org/debian", "bookworm");

/// Where the fresh machine's packages come from and which release it is: as this machine, if that is a Debian.
fn mirror() -> Result<(String, String)> {
    let own = if sh::has("apt-get") {
        let text = sh::output(sh::program("apt-get").args([
            "indextargets",
            "--format",
            "$(SITE) $(RELEASE)",
            "Created-By: Packages",
        ]))?;
        parse_mirror(&text)
    } else {
        None
    };
    Ok(own.unwrap_or_else(|| (ELSEWHERE.0.to_owned(), ELSEWHERE.1.to_owned())))
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
}
