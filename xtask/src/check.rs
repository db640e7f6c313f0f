//! What must hold before a change is handed in, short of running it.

use std::env::consts::EXE_SUFFIX;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::setup::{self, Need};
use crate::{dependencies, sh, tidy};

/// Every member, with every feature that a test or a person uses: the selection of packages and features that
/// clippy, the documentation and the tests share, so that nothing is compiled twice for want of a flag.
pub(crate) const EVERYTHING: [&str; 3] = [
    "--workspace",
    "--features",
    "hearth-desktop/desktop,hearth-tests/browser,hearth-tests/desktop",
];

/// The version of cargo-deny that is made where none is installed.
const DENY: &str = "0.20.2";

/// Runs every check.
pub(crate) fn run() -> Result<()> {
    setup::ensure(&[Need::Compiler, Need::Wasm, Need::Desktop])?;
    // The cheap ones first.
    tidy::run()?;
    sh::step("formatting", || {
        sh::run(sh::cargo().args(["fmt", "--all", "--check"]))
    })?;
    sh::step("forbidden dependencies", dependencies::run)?;
    sh::step("clippy, as `cargo test` builds it: no web view", || {
        sh::run(sh::cargo().args(["clippy", "--all-targets", "--", "-D", "warnings"]))
    })?;
    sh::step("clippy, everything", || {
        sh::run(
            sh::cargo()
                .arg("clippy")
                .args(EVERYTHING)
                .args(["--all-targets", "--", "-D", "warnings"]),
        )
    })?;
    sh::step("clippy, in the browser", || {
        let mut cargo = sh::cargo();
        cargo.args([
            "clippy",
            "--package",
            "hearth-api",
            "--package",
            "hearth-ui",
            "--lib",
        ]);
        // The profile and directory of the window's build, whose procedural macros are then there already.
        cargo.args([
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "wasm-dev",
            "--target-dir",
        ]);
        cargo.arg(sh::target().join("ui"));
        sh::run(cargo.args(["--", "-D", "warnings"]))
    })?;
    sh::step("documentation", || {
        let mut cargo = sh::cargo();
        cargo
            .args(["doc", "--no-deps"])
            .args(EVERYTHING)
            .env("RUSTDOCFLAGS", "-D warnings");
        sh::run(&mut cargo)
    })?;
    // Not the advisories: they change without us, so a new one must not stop an unrelated change.
    let deny = deny()?;
    sh::step("licences, bans and sources", || {
        sh::run(sh::program(deny).args(["deny", "--workspace", "check", "bans", "licenses", "sources"]))
    })?;
    println!("==> all checks passed");
    Ok(())
}

/// The program that judges licences and bans: the one that is installed, else one beside what is built, made once.
fn deny() -> Result<PathBuf> {
    if sh::has("cargo-deny") {
        return Ok(PathBuf::from("cargo-deny"));
    }
    let tools = sh::target().join("tools");
    let own = tools.join("bin").join(format!("cargo-deny{}", EXE_SUFFIX));
    if !own.is_file() {
        sh::step("cargo-deny, this once", || {
            let build = tools.join("build");
            sh::run(
                sh::cargo()
                    .args([
                        "install",
                        "cargo-deny",
                        "--locked",
                        "--debug",
                        "--version",
                        DENY,
                        "--root",
                    ])
                    .arg(&tools)
                    .arg("--target-dir")
                    .arg(&build),
            )?;
            std::fs::remove_dir_all(&build).context("Removing what cargo-deny was built in")
        })?;
    }
    Ok(own)
}
