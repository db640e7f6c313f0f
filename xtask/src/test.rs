//! Everything that CI runs: the checks, then every test, with one summary as the last lines.
//!
//! The browser and desktop suites are ordinary tests of `hearth-tests` behind the features `browser` and
//! `desktop`, so all tests run in one go. `cargo nextest` is used where it is installed; else `cargo test`, whose
//! summaries of the single binaries are added up.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::check::EVERYTHING;
use crate::setup::Need;
use crate::{check, cross, setup, sh, ui};

/// Checks and tests everything.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&Need::ALL)?;
    check::run()?;
    cross::in_test()?;
    ui::build(false)?;
    // The suites start these as programs: a node that is killed, the app in a window.
    sh::step("the programs under test", || {
        sh::run(sh::cargo().arg("build").args(EVERYTHING).arg("--bins"))
    })?;
    if sh::has("cargo-nextest") {
        sh::step("examples in the documentation", || {
            sh::run(
                sh::cargo()
                    .arg("test")
                    .args(EVERYTHING)
                    .args(["--doc", "--quiet"]),
            )
        })?;
        println!("==> tests");
        return sh::run(
            sh::cargo()
                .args(["nextest", "run", "--no-fail-fast"])
                .args(EVERYTHING),
        );
    }
    println!("==> tests");
    cargo_test()
}

/// Names the programs that were built for the suites, which would build them anew otherwise.
fn programs(cargo: &mut Command) -> &mut Command {
    let built = |name: &str| {
        sh::target()
            .join("debug")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    };
    cargo
        .env("HEARTH_BIN", built("hearth"))
        .env("HEARTH_DESKTOP_BIN", built("hearth-desktop"))
}

fn cargo_test() -> Result<()> {
    let started = Instant::now();
    let mut child = programs(sh::cargo().args(["test", "--no-fail-fast"]).args(EVERYTHING))
        .stdout(Stdio::piped())
        .spawn()
        .context("Starting cargo test")?;
    let stdout = child.stdout.take().context("Reading the output of cargo test")?;
    let mut total = Total::default();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("Reading the output of cargo test")?;
        println!("{line}");
        total.count(&line);
    }
    let status = child.wait().context("Waiting for cargo test")?;
    println!();
    for name in &total.failures {
        println!("    FAILED {name}");
    }
    let outcome = if status.success() { "ok" } else { "FAILED" };
    println!(
        "test result: {outcome}. {} passed; {} failed; {} ignored; {} binaries; finished in {:.2}s",
        total.passed,
        total.failed,
        total.ignored,
        total.binaries,
        started.elapsed().as_secs_f32()
    );
    if !status.success() {
        bail!("cargo test ended with {status}");
    }
    Ok(())
}

/// The sum of the summaries that the test binaries print.
#[derive(Debug, Default, PartialEq, Eq)]
struct Total {
    binaries: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
    failures: Vec<String>,
}

impl Total {
    fn count(&mut self, line: &str) {
        if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        }
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        self.binaries += 1;
        for part in counts.split("; ") {
            let Some((number, what)) = part.split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u32>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summaries_of_all_binaries_are_added_up() {
        let mut total = Total::default();
        for line in [
            "running 3 tests",
            "test store::keeps ... ok",
            "test store::loses ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
            "test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 1.00s",
        ] {
            total.count(line);
        }
        let failures = vec!["store::loses".to_owned()];
        assert_eq!(
            total,
            Total {
                binaries: 2,
                passed: 41,
                failed: 1,
                ignored: 1,
                failures
            }
        );
    }
}
