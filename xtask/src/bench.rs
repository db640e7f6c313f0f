//! The measured figures: one `name value unit` a line on standard output, everything else on standard error.
//!
//! A benchmark is a plain program (`harness = false`) that prints such lines. They run one after the other, so
//! that none disturbs the next.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, Need};
use crate::{sh, ui};

/// The crates that have benchmarks.
const PACKAGES: [&str; 2] = ["hearth-media", "hearth-tests"];

/// Where the app may be named that is measured in its window, if it is not the one of the release build.
const DESKTOP: &str = "HEARTH_DESKTOP_BIN";

/// Builds in release and runs every benchmark. The app in its window is measured where it was built.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&[Need::Compiler, Need::Wasm])?;
    ui::build(true)?;
    sh::step("the node (release)", || {
        sh::run(sh::cargo().args(["build", "--release", "--package", "hearth-node", "--bins"]))
    })?;
    let mut failed = Vec::new();
    for package in PACKAGES {
        if !measure(package, &["--package", package, "--bench", "*"])? {
            failed.push(package);
        }
    }
    let app = std::env::var_os(DESKTOP).map_or_else(|| program("hearth-desktop"), PathBuf::from);
    if app.is_file() {
        let args = [
            "--package",
            "hearth-tests",
            "--features",
            "desktop",
            "--bench",
            "desktop",
        ];
        if !measure("the app", &args)? {
            failed.push("the app");
        }
    } else {
        eprintln!("==> the app is not measured: there is no {}", app.display());
    }
    println!("ui_wasm_gz {:.1} KB", kilobytes(ui::compressed_size()?));
    for (name, bytes) in installers(&sh::target().join("dist"))? {
        println!("{name} {:.1} MB", kilobytes(bytes) / 1000.0);
    }
    if !failed.is_empty() {
        bail!("benchmarks failed in {}", failed.join(", "));
    }
    Ok(())
}

fn kilobytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}

/// A program of the release build.
fn program(name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    sh::target().join("release").join(file)
}

/// What people install, if it was made: a name such as `installer_hearth_deb`, and its bytes.
fn installers(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.context("Reading the folder of the packages")?;
        if let Some(name) = installer_name(&entry.file_name().to_string_lossy()) {
            found.insert(name, entry.metadata()?.len());
        }
    }
    Ok(found)
}

fn installer_name(file: &str) -> Option<String> {
    let (rest, end) = file.rsplit_once('.')?;
    let kind = ["deb", "rpm", "AppImage", "msi", "exe", "dmg"]
        .into_iter()
        .find(|kind| *kind == end)?;
    let name: String = rest.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let name = name.trim_end_matches(['_', '-']).replace('-', "_");
    Some(format!("installer_{name}_{kind}").to_lowercase())
}

/// Runs some benchmarks; whether all ended well.
fn measure(what: &str, args: &[&str]) -> Result<bool> {
    eprintln!("==> benchmarks of {what}");
    let mut cargo = sh::cargo();
    cargo.arg("bench").args(args).env("HEARTH_BIN", program("hearth"));
    if std::env::var_os(DESKTOP).is_none() {
        cargo.env(DESKTOP, program("hearth-desktop"));
    }
    let mut child = cargo
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("Starting the benchmarks of {what}"))?;
    let stdout = child.stdout.take().context("Reading what a benchmark prints")?;
    for line in BufReader::new(stdout).lines() {
        let line = line.context("Reading what a benchmark prints")?;
        if is_figure(&line) {
            println!("{line}");
        } else {
            eprintln!("    {line}");
        }
    }
    Ok(child.wait().context("Waiting for a benchmark")?.success())
}

/// Whether a line is `name value unit`.
fn is_figure(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        [name, value, unit] => {
            name.contains('_')
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && value.parse::<f64>().is_ok()
                && !unit.is_empty()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_name_value_unit_is_a_figure() {
        assert!(is_figure("feed_page_p95 3.21 ms"));
        assert!(is_figure("thumbnails_24mp 180 ms"));
        assert!(is_figure("installer_hearth_deb 9.1 MB"));
        assert!(!is_figure("seeding 100 posts now"));
        assert!(!is_figure("running 0 tests"));
        assert!(!is_figure(""));
    }

    #[test]
    fn an_installer_is_named_by_its_package_and_kind() {
        for (file, name) in [
            (
                "hearth-desktop_0.1.0_amd64.deb",
                Some("installer_hearth_desktop_deb"),
            ),
            ("hearth-0.1.0-1.x86_64.rpm", Some("installer_hearth_rpm")),
            ("Hearth_0.1.0_amd64.AppImage", Some("installer_hearth_appimage")),
            ("SHA256SUMS", None),
            ("tree", None),
        ] {
            assert_eq!(installer_name(file).as_deref(), name);
        }
    }
}
