//! Everything one does to this repository, as `cargo xtask <command>`.
//!
//! Each command says what it does, sets up what is missing, and costs next to nothing when there is nothing to
//! do. What takes heavy dependencies is not here but in `xtask/ui`, so that this program starts at once.
#![expect(clippy::disallowed_methods, reason = "it tells how long each step took")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build tool speaks to the person in the terminal"
)]

mod bench;
mod check;
mod cross;
mod dependencies;
mod dist;
mod feed;
mod fresh;
mod setup;
mod sh;
mod start;
mod test;
mod tidy;
mod ui;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  run [--release] [-- ARGS]   the desktop app
  node [--release] [-- ARGS]  the headless node, with the window served to a browser
  demo                        two homes with a seeded family, to look at
  test                        everything that CI runs
  check                       formatting, clippy, documentation, wasm, dependencies, tidy
  cross                       the app and the headless home for Windows and macOS, checked from Linux
  tidy                        the house rules that no compiler knows
  bench                       the measured figures, one `name value unit` a line
  dist [--no-build]           packages to install (.deb, .rpm), into target/dist
  feed FOLDER BASE PAGE       the list of the newest version that the app asks for, of the signed files in a folder
  ui [--release]              only the window's files, into ui/dist
  setup                       only what must be installed for all of the above
  fresh [run|setup|test|packages] [--user]
                              the same on a bare Debian, made for it and removed after; `packages` installs
                              what `dist` made, uses it, upgrades it and removes it

What is missing (system packages, the wasm target, a browser for the tests) is installed where that is
possible; otherwise the exact command for this system is printed.";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (own, passed) = match args.iter().position(|arg| arg == "--") {
        Some(at) => (
            args.get(..at).unwrap_or_default(),
            args.get(at + 1..).unwrap_or_default(),
        ),
        None => (args.as_slice(), [].as_slice()),
    };
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let release = own.contains(&"--release");
    match own.as_slice() {
        ["run"] | ["run", "--release"] => start::run(release, passed),
        ["node"] | ["node", "--release"] => start::node(release, passed),
        ["demo"] => start::demo(passed),
        ["ui"] | ["ui", "--release"] => ui::build(release),
        ["test"] => test::run(),
        ["check"] => check::run(),
        ["cross"] => cross::run(),
        ["tidy"] => tidy::run(),
        ["bench"] => bench::run(),
        ["dist"] => dist::run(true),
        ["dist", "--no-build"] => dist::run(false),
        ["feed", folder, base, page] => feed::run(std::path::Path::new(folder), base, page),
        ["setup"] => setup::ensure(&setup::Need::ALL),
        ["fresh"] => fresh::run(fresh::Trial::Run, false),
        ["fresh", "--user"] => fresh::run(fresh::Trial::Run, true),
        ["fresh", trial, rest @ ..] if matches!(rest, [] | ["--user"]) => match fresh::Trial::of(trial) {
            Some(trial) => fresh::run(trial, !rest.is_empty()),
            None => bail!("A fresh machine tries `run`, `setup`, `test` or `packages`, not `{trial}`"),
        },
        [fresh::INSIDE, ..] => fresh::inside(args.get(1..).unwrap_or_default()),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => bail!("There is no command `{}`.\n\n{HELP}", own.join(" ")),
    }
}
