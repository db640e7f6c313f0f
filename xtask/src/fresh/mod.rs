//! The README's promise on a bare machine: a Debian with nothing but git and a C compiler, made for the purpose, in which the
//! commands prove themselves and are timed.
//!
//! Everything happens in namespaces of its own (`unshare`): when they end, however they end, the mounts and the processes in
//! them are gone, and what is left is one plain folder, which is removed. The machine lends its Rust toolchain and its downloaded
//! crates, both read-only, and its screen server; the system packages, the clone and the build are the fresh machine's own.

mod desktop;
mod machine;
mod packages;
mod window;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use machine::{Machine, USER};

use crate::setup::{self, Need};
use crate::sh;

/// Calls this program again, inside the namespaces.
pub(crate) const INSIDE: &str = "fresh-inside";
/// What is tried on the fresh machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trial {
    /// `cargo xtask setup`, twice: the second time must find nothing to do.
    Setup,
    /// `cargo xtask run`, until the window is up.
    Run,
    /// `cargo xtask test`, whole.
    Test,
    /// The packages of `cargo xtask dist`: installed, used, upgraded, removed.
    Packages,
}

impl Trial {
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "setup" => Some(Self::Setup),
            "run" => Some(Self::Run),
            "test" => Some(Self::Test),
            "packages" => Some(Self::Packages),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Run => "run",
            Self::Test => "test",
            Self::Packages => "packages",
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
    if trial != Trial::Packages {
        sh::step("a fresh clone", || machine.clone_sources())?;
    }
    match trial {
        Trial::Setup => {
            sh::step("cargo xtask setup", || machine.xtask("setup"))?;
            sh::step("cargo xtask setup, again", || machine.xtask("setup"))
        }
        Trial::Run => sh::step("cargo xtask run, until the window is up", || {
            let command = |display: &str| machine.cargo_xtask("run 2>&1", Some(display));
            window::until_shown("cargo xtask run", command)
        }),
        Trial::Test => sh::step("cargo xtask test", || machine.xtask("test")),
        Trial::Packages => packages::run(&machine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trial_is_found_by_its_own_name() {
        for trial in [Trial::Setup, Trial::Run, Trial::Test, Trial::Packages] {
            assert_eq!(Trial::of(trial.name()), Some(trial));
        }
        assert_eq!(Trial::of("--user"), None);
    }
}
