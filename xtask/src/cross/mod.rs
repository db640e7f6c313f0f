//! The two other systems, from Linux: the app and the headless home are compiled and linted for Windows and macOS, and the
//! headless home is linked for Windows, where it and its unit tests are run too if there is Wine.
//!
//! The C of the dependencies is compiled by mingw and by zig, which is a package of Python's and lies beside what is built. On
//! macOS and Windows nothing is done: there the system's own build is the check.

mod smoke;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, Need};
use crate::sh;

const WINDOWS: &str = "x86_64-pc-windows-gnu";
const MACOS: &str = "aarch64-apple-darwin";

/// What is compiled: the two programs with all that they are made of.
const PROGRAMS: [&str; 6] = [
    "--package",
    "hearth-node",
    "--package",
    "hearth-desktop",
    "--features",
    "hearth-desktop/desktop",
];

/// What the headless home is made of.
const CRATES: [&str; 16] = [
    "--package",
    "hearth-api",
    "--package",
    "hearth-assistant",
    "--package",
    "hearth-db",
    "--package",
    "hearth-federation",
    "--package",
    "hearth-llm",
    "--package",
    "hearth-media",
    "--package",
    "hearth-node",
    "--package",
    "hearth-social",
];

/// The version of zig, as PyPI has it.
const ZIG: &str = "ziglang==0.17.1";

/// Sets up what is missing and checks both systems.
pub(crate) fn run() -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!(
            "==> the other systems: they are checked from Linux only; here the system's own build is the check"
        );
        return Ok(());
    }
    let tools = set_up()?;
    check(&tools)
}

/// Set to `required`, `cargo xtask test` fails where the other systems, or Wine, cannot be set up.
const REQUIRED: &str = "HEARTH_CROSS";

fn is_required() -> bool {
    std::env::var_os(REQUIRED).is_some_and(|value| value == "required")
}

/// As a part of everything that CI runs: a machine that cannot be set up for it says so and goes on, unless it is told that it must.
pub(crate) fn in_test() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return run();
    }
    match set_up() {
        Ok(tools) => check(&tools),
        Err(error) if is_required() => Err(error),
        Err(error) => {
            let line = "!".repeat(80);
            println!(
                "{line}\n!! WINDOWS AND MACOS WERE NOT CHECKED on this machine: {error:#}\n!! `cargo xtask cross` tries it alone.\n{line}"
            );
            Ok(())
        }
    }
}

/// What stands in for a C compiler and an archiver of macOS.
struct Tools {
    cc: PathBuf,
    ar: PathBuf,
}

fn set_up() -> Result<Tools> {
    setup::ensure(&[Need::Compiler, Need::Mingw, Need::Venv])?;
    setup::add_target(WINDOWS)?;
    setup::add_target(MACOS)?;
    zig()
}

fn check(tools: &Tools) -> Result<()> {
    sh::step("clippy, for Windows", || {
        sh::run(
            cargo("clippy", WINDOWS)
                .args(PROGRAMS)
                .args(["--", "-D", "warnings"]),
        )
    })?;
    sh::step("the headless home, for Windows", || {
        sh::run(cargo("build", WINDOWS).args(["--package", "hearth-node", "--bin", "hearth"]))
    })?;
    match smoke::wine() {
        Some(wine) => {
            let wine = smoke::Wine::new(wine, sh::target().join("cross"), WINDOWS)?;
            sh::step("the headless home, under Wine", || wine.try_home())?;
            sh::step("its unit tests, under Wine", || {
                sh::run(wine.lend_to(cargo("test", WINDOWS).args(CRATES).args([
                    "--lib",
                    "--quiet",
                    "--no-fail-fast",
                ])))
            })?;
        }
        None if is_required() => {
            bail!("There is no Wine to try the headless home for Windows under, and {REQUIRED} wants it")
        }
        None => println!("==> the headless home for Windows is not tried: there is no Wine here"),
    }
    sh::step("clippy, for macOS", || {
        let mut cargo = cargo("clippy", MACOS);
        cargo
            .env("CC_aarch64_apple_darwin", &tools.cc)
            .env("CXX_aarch64_apple_darwin", &tools.cc)
            .env("AR_aarch64_apple_darwin", &tools.ar)
            // Zig has the system's headers itself; the name only keeps others from looking for Xcode.
            .env("SDKROOT", "/");
        sh::run(cargo.args(PROGRAMS).args(["--", "-D", "warnings"]))
    })
}

/// Cargo with the folder for what is built for other systems, which shares nothing with the usual one.
fn cargo(command: &str, target: &str) -> Command {
    let mut cargo = sh::cargo();
    cargo
        .args([command, "--target", target, "--target-dir"])
        .arg(sh::target().join("cross"));
    cargo
}

/// Zig, fetched once, and two small programs that call it the way a C compiler and an archiver are called.
fn zig() -> Result<Tools> {
    let folder = sh::target().join("tools").join("zig");
    let tools = Tools {
        cc: folder.join("cc"),
        ar: folder.join("ar"),
    };
    let mark = folder.join("version");
    if std::fs::read_to_string(&mark).is_ok_and(|version| version == ZIG) {
        return Ok(tools);
    }
    sh::step("zig, this once", || {
        sh::run(
            sh::program("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        let python = folder.join("bin").join("python");
        sh::run(sh::program(&python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary=:all:",
            ZIG,
        ]))?;
        // What the crate `cc` says of the target is said to zig in its own words. Objective-C needs Apple's own headers, which may not
        // be had elsewhere: nothing is linked here, so an empty file stands in for it.
        write_program(
            &tools.cc,
            "for word do\n  shift\n  case \"$word\" in\n    --target=*|-mmacosx-version-min=*|-arch|arm64) ;;\n    \
             *.m) set -- \"$@\" -x c /dev/null ;;\n    \
             *) set -- \"$@\" \"$word\" ;;\n  esac\ndone\nexec \"${0%/*}/bin/python\" -m ziglang cc -target aarch64-macos \"$@\"\n",
        )?;
        write_program(&tools.ar, "exec \"${0%/*}/bin/python\" -m ziglang ar \"$@\"\n")?;
        std::fs::write(&mark, ZIG).context("Noting the version of zig")
    })?;
    Ok(tools)
}

fn write_program(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, format!("#!/bin/sh\n{text}"))
        .with_context(|| format!("Writing {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
            .with_context(|| format!("Making {} a program", path.display()))?;
    }
    Ok(())
}
