//! Everything that CI runs: the checks, then every test, with one summary as the last lines.
//!
//! The browser and desktop suites are ordinary tests of `hearth-tests` behind the features `browser` and
//! `desktop`, so all tests run in one go. `cargo nextest` is used where it is installed; else `cargo test`, whose
//! summaries of the single binaries are added up. Either way a story of a window that fails is tried a second time.

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

/// The stories of a window: a browser or a web view may end by itself, which is not ours to mend (see `.config/nextest.toml`).
const WINDOWS: [&str; 2] = ["browser::", "desktop::"];
/// More stories than these that fail have a common cause, which a second try would only hide for longer.
const TRIED_AGAIN: usize = 12;

fn cargo_test() -> Result<()> {
    let started = Instant::now();
    let mut total = Total::default();
    let mut well = listen(
        programs(sh::cargo().args(["test", "--no-fail-fast"]).args(EVERYTHING)),
        &mut total,
    )?;
    if !well && total.may_be_tried_again() {
        println!("==> stories of a window that failed, a second time");
        let mut again = Total::default();
        let mut cargo = sh::cargo();
        cargo
            .args(["test", "--no-fail-fast"])
            .args(EVERYTHING)
            .args(["--test", "it", "--", "--exact"])
            .args(&total.failures);
        let passed = listen(programs(&mut cargo), &mut again)?;
        total.amend(&again);
        well = passed && total.failures.is_empty();
    }
    println!();
    for name in &total.flaky {
        println!("    FLAKY {name} (passed the second time)");
    }
    for name in &total.failures {
        println!("    FAILED {name}");
    }
    let outcome = if well { "ok" } else { "FAILED" };
    println!(
        "test result: {outcome}. {} passed; {} failed; {} ignored; {} flaky; {} binaries; finished in {:.2}s",
        total.passed,
        total.failed,
        total.ignored,
        total.flaky.len(),
        total.finished,
        started.elapsed().as_secs_f32()
    );
    if !well {
        bail!("not every test passed");
    }
    Ok(())
}

/// Runs tests, shows and counts what they print; whether all ended well.
fn listen(cargo: &mut Command, total: &mut Total) -> Result<bool> {
    let mut child = cargo
        .stdout(Stdio::piped())
        .spawn()
        .context("Starting cargo test")?;
    let stdout = child.stdout.take().context("Reading the output of cargo test")?;
    for line in BufReader::new(stdout).lines() {
        let line = line.context("Reading the output of cargo test")?;
        println!("{line}");
        total.count(&line);
    }
    let status = child.wait().context("Waiting for cargo test")?;
    Ok(status.success() && total.failures.is_empty())
}

/// The sum of the summaries that the test binaries print.
#[derive(Debug, Default, PartialEq, Eq)]
struct Total {
    /// Test binaries that began.
    begun: u32,
    /// Those that came to their summary: one that is killed prints none.
    finished: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
    failures: Vec<String>,
    /// What failed and passed the second time.
    flaky: Vec<String>,
}

impl Total {
    fn count(&mut self, line: &str) {
        if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        }
        let mut words = line.split(' ');
        if let (Some("running"), Some(number), Some("test" | "tests"), None) =
            (words.next(), words.next(), words.next(), words.next())
            && number.parse::<u32>().is_ok()
        {
            self.begun += 1;
        }
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        self.finished += 1;
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

    /// Whether nothing but a few stories of a window failed.
    fn may_be_tried_again(&self) -> bool {
        let windows = |name: &String| WINDOWS.iter().any(|window| name.starts_with(window));
        (1..=TRIED_AGAIN).contains(&self.failures.len())
            && self.failures.iter().all(windows)
            && u32::try_from(self.failures.len()) == Ok(self.failed)
            && self.begun == self.finished
    }

    /// Takes in what a second try of the failures came to. One that did not run in it has failed.
    fn amend(&mut self, again: &Self) {
        let ran = again.passed + again.failed;
        if again.begun == 0 || again.begun != again.finished || ran != self.failed {
            return;
        }
        (self.failures, self.flaky) = self
            .failures
            .drain(..)
            .partition(|name| again.failures.contains(name));
        self.passed += again.passed;
        self.failed = again.failed;
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
            "running late is no binary",
            "test store::keeps ... ok",
            "test store::loses ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
            "running 1 test",
            "test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 1.00s",
        ] {
            total.count(line);
        }
        let failures = vec!["store::loses".to_owned()];
        assert_eq!(
            total,
            Total {
                begun: 2,
                finished: 2,
                passed: 41,
                failed: 1,
                ignored: 1,
                failures,
                flaky: Vec::new()
            }
        );
    }

    /// What a run printed in which these failed, one binary with a hundred tests.
    fn run(failed: &[&str], of: usize) -> Total {
        let mut total = Total::default();
        total.count(&format!("running {of} tests"));
        for name in failed {
            total.count(&format!("test {name} ... FAILED"));
        }
        let (passed, failed) = (of - failed.len(), failed.len());
        total.count(&format!(
            "test result: some. {passed} passed; {failed} failed; 0 ignored; 0 measured"
        ));
        total
    }

    #[test]
    fn only_a_few_stories_of_a_window_are_tried_again() {
        assert!(run(&["browser::feed::posts", "desktop::tray::quits"], 100).may_be_tried_again());
        assert!(!run(&[], 100).may_be_tried_again());
        assert!(!run(&["browser::feed::posts", "sim::five"], 100).may_be_tried_again());
        assert!(!run(&["browser::story"; TRIED_AGAIN + 1], 100).may_be_tried_again());
        let mut killed = run(&["desktop::tray::quits"], 100);
        killed.count("running 7 tests");
        assert!(!killed.may_be_tried_again(), "a binary did not come to its end");
    }

    #[test]
    fn what_passes_the_second_time_is_flaky_and_what_did_not_run_has_failed() {
        let names = ["browser::feed::posts", "desktop::tray::quits"];
        let first = || run(&names, 100);

        let mut total = first();
        total.amend(&run(&[], 2));
        assert_eq!((total.passed, total.failed), (100, 0));
        assert_eq!(total.flaky, names);
        assert!(total.failures.is_empty());

        let mut total = first();
        total.amend(&run(&names[1..], 2));
        assert_eq!((total.passed, total.failed), (99, 1));
        assert_eq!(
            (&total.flaky[..], &total.failures[..]),
            (&names.map(String::from)[..1], &names.map(String::from)[1..])
        );

        let mut total = first();
        total.amend(&run(&[], 1));
        assert_eq!((total.passed, total.failed), (98, 2), "one was not found");
        let mut total = first();
        total.amend(&Total::default());
        assert_eq!((total.passed, total.failed), (98, 2), "nothing was built");
    }
}
