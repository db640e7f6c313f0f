//! Packages that a person installs: `cargo xtask dist`, on Linux. Those of macOS and Windows are made where those systems are, by
//! the release workflow.
//!
//! Two packages: `hearth`, the app with its window, and `hearth-node`, the headless home with a service. What either puts where is
//! said once, in [`tree`]; [`deb`] and [`rpm`] wrap it by the tools of Debian and Fedora. On Debian and Ubuntu both are made,
//! elsewhere the RPM alone.

mod deb;
mod rpm;
mod tree;

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, Need};
use crate::{sh, ui};
use tree::Tree;

/// A package to be made.
pub(super) struct Package {
    /// What it is called.
    pub(super) name: &'static str,
    /// A line about it.
    pub(super) summary: &'static str,
    /// More about it; lines of at most 78 characters.
    pub(super) description: &'static [&'static str],
    /// The programs in it whose libraries become what it depends on.
    pub(super) programs: &'static [&'static str],
    /// What else it needs, as Debian calls it: what is loaded while it runs.
    pub(super) deb_depends: &'static [&'static str],
    /// The same, in the words of RPM that Fedora and openSUSE have in common.
    pub(super) rpm_requires: &'static [&'static str],
    /// What is good to have.
    pub(super) deb_recommends: &'static [&'static str],
    /// The section of the archive.
    pub(super) section: &'static str,
    /// Whether a service comes with it.
    pub(super) service: bool,
}

const PACKAGES: [Package; 2] = [
    Package {
        name: "hearth",
        summary: "A family's own home on the network",
        description: &[
            "Posts, pictures and talk stay on a computer that is yours; homes of friends",
            "and relatives connect to it directly, with no company in between. An",
            "assistant that runs on your own machine is part of it.",
        ],
        programs: &["usr/bin/hearth-desktop"],
        // The last two keep the registers of which program opens what: a bare desktop has not both.
        deb_depends: &[
            "libayatana-appindicator3-1",
            "desktop-file-utils",
            "shared-mime-info",
        ],
        // The tray is loaded by the name of its library, which is the same where the package is called otherwise.
        rpm_requires: &[
            "libayatana-appindicator3.so.1()(64bit)",
            "desktop-file-utils",
            "shared-mime-info",
        ],
        deb_recommends: &["xdg-utils", "gstreamer1.0-plugins-good", "dbus-user-session"],
        section: "net",
        service: false,
    },
    Package {
        name: "hearth-node",
        summary: "A family's own home on the network, for a home server",
        description: &[
            "The home without a window of its own: a service that is always on, its",
            "command line, and the same window for browsers.",
        ],
        programs: &["usr/bin/hearth"],
        deb_depends: &["systemd | systemd-standalone-sysusers | opensysusers"],
        rpm_requires: &["systemd"],
        deb_recommends: &["ca-certificates"],
        section: "net",
        service: true,
    },
];

/// Builds everything in release, unless that was done before, and makes the packages, in `target/dist`.
pub(crate) fn run(build: bool) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!(
            "On this system the installer is made by Tauri's own tool:\n\n    cargo install tauri-cli --locked\n    cargo tauri build -- --package hearth-desktop\n"
        );
    }
    setup::ensure(&[Need::Compiler, Need::Wasm, Need::Desktop, Need::Packager])?;
    if build {
        ui::build(true)?;
        sh::step("the programs (release)", || {
            sh::run(sh::cargo().args([
                "build",
                "--release",
                "--locked",
                "--package",
                "hearth-node",
                "--package",
                "hearth-desktop",
                "--bins",
                "--features",
                "hearth-desktop/desktop",
            ]))
        })?;
    }
    let out = sh::target().join("dist");
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("Emptying {}", out.display()))?;
    }
    std::fs::create_dir_all(&out)?;
    let makes_deb = setup::makes_deb();
    if !makes_deb {
        println!(
            "==> no .deb: what it depends on is found out where Debian's or Ubuntu's own packages are installed"
        );
    }
    let mut made = Vec::new();
    for package in &PACKAGES {
        sh::step(package.name, || {
            let tree = Tree::lay_out(package, &out)?;
            if makes_deb {
                made.push(deb::make(package, &tree, &out)?);
            }
            made.push(rpm::make(package, &tree, &out)?);
            Ok(())
        })?;
    }
    let sums = checksums(&out, &made)?;
    std::fs::write(out.join("SHA256SUMS"), &sums)?;
    println!("==> made in {}", out.display());
    print!("{sums}");
    for file in &made {
        let megabytes = std::fs::metadata(out.join(file))?.len() / 1_000_000;
        println!("    {file}: {megabytes} MB");
    }
    Ok(())
}

/// Version of the program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The time of the commit, so that the same sources make the same package (reproducible-builds.org, SOURCE_DATE_EPOCH).
pub(super) fn source_date() -> String {
    std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .filter(|text| !text.is_empty())
        .or_else(|| {
            sh::output(sh::program("git").args(["log", "-1", "--format=%ct"]))
                .ok()
                .map(|text| text.trim().to_owned())
        })
        .unwrap_or_else(|| "0".to_owned())
}

fn checksums(out: &Path, files: &[String]) -> Result<String> {
    let mut command = sh::program("sha256sum");
    command.args(files).current_dir(out);
    sh::output(&mut command)
}
