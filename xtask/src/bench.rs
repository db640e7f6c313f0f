//! The measured figures: one `name value unit` a line on standard output; what runs meanwhile says its own.
//!
//! A benchmark is a plain program (`harness = false`) that prints such lines. They run one after the other, so
//! that none disturbs the next. A figure that is wanted and was not made is said to be missing, and fails the run:
//! `docs/benches.md` says what each of them is.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, Need};
use crate::{dist, sh, ui};

/// The crates that have benchmarks.
const PACKAGES: [&str; 2] = ["hearth-media", "hearth-tests"];

/// Where the app may be named that is measured in its window, if it is not the one of the release build.
const DESKTOP: &str = "HEARTH_DESKTOP_BIN";

/// The figures that must be made wherever this runs.
const EVERYWHERE: [&str; 1] = ["backup_mb_s"];
/// The figures that must be made on Linux, where the packages are made and the app runs on a screen without a monitor.
const ON_LINUX: [&str; 6] = [
    "installer_mb",
    "ui_scroll",
    "tree_rss",
    "window_ready",
    "idle_cpu",
    "input_to_paint_p95",
];

/// Figures, by their names.
type Figures = BTreeMap<String, f64>;

/// Builds in release, packs, and runs every benchmark.
pub(crate) fn run() -> Result<()> {
    let linux = cfg!(target_os = "linux");
    setup::ensure(if linux {
        &[Need::Compiler, Need::Wasm, Need::Desktop]
    } else {
        &[Need::Compiler, Need::Wasm]
    })?;
    ui::build(true)?;
    let app = std::env::var_os(DESKTOP).map(PathBuf::from);
    build(linux && app.is_none())?;
    let mut figures = Figures::new();
    let mut failed = Vec::new();
    for package in PACKAGES {
        if !measure(package, &["--package", package, "--bench", "*"], &mut figures)? {
            failed.push(package);
        }
    }
    if linux {
        let args = [
            "--package",
            "hearth-tests",
            "--features",
            "desktop",
            "--bench",
            "desktop",
        ];
        if !measure("the app", &args, &mut figures)? {
            failed.push("the app");
        }
        // The packages of an app that was named are not this one's.
        if app.is_none()
            && let Err(error) = dist::run(false)
        {
            eprintln!("==> the packages could not be made: {error:#}");
        }
    }
    println!("ui_wasm_gz {:.1} KB", kilobytes(ui::compressed_size()?));
    for (name, megabytes) in installers(&packages(&sh::target().join("dist"))?) {
        println!("{name} {megabytes:.1} MB");
        figures.insert(name, megabytes);
    }
    let wanted = EVERYWHERE.iter().chain(ON_LINUX.iter().filter(|_| linux));
    let missing = missing(wanted.copied(), &figures);
    for name in &missing {
        println!("{name} missing");
    }
    if !failed.is_empty() {
        bail!("benchmarks failed in {}", failed.join(", "));
    }
    if !missing.is_empty() {
        bail!("these figures were not made: {}", missing.join(", "));
    }
    Ok(())
}

/// Builds the node in release, and the app with it if that is what is measured.
fn build(app: bool) -> Result<()> {
    let mut cargo = sh::cargo();
    cargo.args(["build", "--release", "--bins", "--package", "hearth-node"]);
    if app {
        cargo.args([
            "--package",
            "hearth-desktop",
            "--features",
            "hearth-desktop/desktop",
        ]);
    }
    sh::step("the programs (release)", || sh::run(&mut cargo))
}

/// The wanted figures that were not made.
fn missing<'w>(wanted: impl Iterator<Item = &'w str>, figures: &Figures) -> Vec<&'w str> {
    wanted.filter(|name| !figures.contains_key(*name)).collect()
}

fn kilobytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}

/// A program of the release build.
fn program(name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    sh::target().join("release").join(file)
}

/// What people install, if it was made: its files and their bytes.
fn packages(folder: &Path) -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.context("Reading the folder of the packages")?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.push((name, entry.metadata()?.len()));
    }
    Ok(found)
}

/// The figures of packages, in megabytes: `installer_mb`, the largest of the app's, and each by its name, such as
/// `installer_hearth_node_deb`.
fn installers(files: &[(String, u64)]) -> Figures {
    let mut found = Figures::new();
    for (file, bytes) in files {
        if let Some((package, kind)) = installer(file) {
            let megabytes = kilobytes(*bytes) / 1000.0;
            if package == APP {
                let largest = found.entry("installer_mb".to_owned()).or_default();
                *largest = largest.max(megabytes);
            }
            found.insert(format!("installer_{package}_{kind}"), megabytes);
        }
    }
    found
}

/// The package of the app.
const APP: &str = "hearth";

/// The package in a file, and what kind of file it is.
fn installer(file: &str) -> Option<(String, String)> {
    let (rest, end) = file.rsplit_once('.')?;
    let kind = ["deb", "rpm", "AppImage", "msi", "exe", "dmg"]
        .into_iter()
        .find(|kind| *kind == end)?;
    let name: String = rest.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let name = name.trim_end_matches(['_', '-']).replace('-', "_");
    Some((name.to_lowercase(), kind.to_lowercase()))
}

/// Runs some benchmarks; whether all ended well.
fn measure(what: &str, args: &[&str], figures: &mut Figures) -> Result<bool> {
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
        if let Some((name, value)) = figure(&line) {
            println!("{line}");
            figures.insert(name.to_owned(), value);
        } else {
            eprintln!("    {line}");
        }
    }
    Ok(child.wait().context("Waiting for a benchmark")?.success())
}

/// The name and the value of a line that is `name value unit`.
fn figure(line: &str) -> Option<(&str, f64)> {
    let words: Vec<&str> = line.split(' ').collect();
    let [name, value, unit] = words.as_slice() else {
        return None;
    };
    let named = name.contains('_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let value = value.parse::<f64>().ok().filter(|value| value.is_finite())?;
    (named && !unit.is_empty()).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_name_value_unit_is_a_figure() {
        assert_eq!(figure("feed_page_p95 3.21 ms"), Some(("feed_page_p95", 3.21)));
        assert_eq!(figure("thumbnails_24mp 180 ms"), Some(("thumbnails_24mp", 180.0)));
        assert_eq!(
            figure("installer_hearth_deb 9.1 MB"),
            Some(("installer_hearth_deb", 9.1))
        );
        for none in [
            "seeding 100 posts now",
            "running 0 tests",
            "",
            "idle_cpu NaN %",
            "tree_rss 1 ",
        ] {
            assert_eq!(figure(none), None, "{none}");
        }
    }

    #[test]
    fn a_wanted_figure_that_was_not_made_is_missing() {
        let figures = Figures::from([("tree_rss".to_owned(), 0.0), ("other".to_owned(), 1.0)]);
        let wanted = || ["tree_rss", "idle_cpu", "ui_scroll"].into_iter();
        assert_eq!(missing(wanted(), &figures), ["idle_cpu", "ui_scroll"]);
        assert!(missing(wanted().take(1), &figures).is_empty());
    }

    #[test]
    fn what_a_bench_must_print_is_printed_by_one() {
        let folder = sh::root().join("tests/benches");
        let mut printed = String::new();
        for file in std::fs::read_dir(folder).unwrap() {
            printed += &std::fs::read_to_string(file.unwrap().path()).unwrap();
        }
        for name in EVERYWHERE.iter().chain(&ON_LINUX) {
            let made = *name == "installer_mb" || printed.contains(&format!("\"{name}\""));
            assert!(made, "nothing prints {name}");
            let page = include_str!("../../docs/benches.md");
            assert!(page.contains(&format!("`{name}`")), "{name} is explained");
        }
    }

    #[test]
    fn an_installer_is_named_by_its_package_and_kind() {
        for (file, name) in [
            ("hearth_0.1.0_amd64.deb", Some(("hearth", "deb"))),
            ("hearth-node-0.1.0-1.x86_64.rpm", Some(("hearth_node", "rpm"))),
            ("Hearth_0.1.0_amd64.AppImage", Some(("hearth", "appimage"))),
            ("SHA256SUMS", None),
            ("tree", None),
        ] {
            let named = name.map(|(package, kind)| (package.to_owned(), kind.to_owned()));
            assert_eq!(installer(file), named, "{file}");
        }
    }

    #[test]
    fn the_largest_package_of_the_app_is_its_installer() {
        let files = [
            ("hearth_0.1.0_amd64.deb", 3_000_000),
            ("hearth-0.1.0-1.x86_64.rpm", 4_000_000),
            ("hearth-node_0.1.0_amd64.deb", 9_000_000),
            ("SHA256SUMS", 300),
        ]
        .map(|(file, bytes)| (file.to_owned(), bytes));
        let found = installers(&files);
        assert!((found["installer_mb"] - 4.0).abs() < 1e-9, "{found:?}");
        assert!(
            (found["installer_hearth_node_deb"] - 9.0).abs() < 1e-9,
            "{found:?}"
        );
        assert!(installers(&[]).is_empty());
    }
}
