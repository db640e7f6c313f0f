//! The measured figures: one `name value unit` a line on standard output, everything else on standard error.
//!
//! A benchmark is a plain program (`harness = false`) that prints such lines. They run one after the other, so
//! that none disturbs the next.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, Need};
use crate::{sh, ui};

/// The crates that have benchmarks.
const PACKAGES: [&str; 2] = ["hearth-media", "hearth-tests"];

/// Builds in release and runs every benchmark.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&[Need::Compiler, Need::Wasm])?;
    ui::build(true)?;
    sh::step("the node (release)", || {
        sh::run(sh::cargo().args(["build", "--release", "--package", "hearth-node", "--bins"]))
    })?;
    let mut failed = Vec::new();
    for package in PACKAGES {
        if !measure(package)? {
            failed.push(package);
        }
    }
    println!("ui_wasm_gz {:.1} KB", kilobytes(ui::compressed_size()?));
    if !failed.is_empty() {
        bail!("benchmarks failed in {}", failed.join(", "));
    }
    Ok(())
}

fn kilobytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}

/// Runs the benchmarks of one package; whether all ended well.
fn measure(package: &str) -> Result<bool> {
    eprintln!("==> benchmarks of {package}");
    let mut child = sh::cargo()
        .args(["bench", "--package", package, "--bench", "*"])
        .env(
            "HEARTH_BIN",
            sh::target()
                .join("release")
                .join(format!("hearth{}", std::env::consts::EXE_SUFFIX)),
        )
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("Starting the benchmarks of {package}"))?;
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
        assert!(!is_figure("seeding 100 posts now"));
        assert!(!is_figure("running 0 tests"));
        assert!(!is_figure(""));
    }
}
