//! Starting Hearth from the sources: the app, the headless node, the demo.

use anyhow::Result;

use crate::setup::{self, Need};
use crate::{sh, ui};

/// The desktop app.
pub(crate) fn run(release: bool, args: &[String]) -> Result<()> {
    setup::ensure(&[Need::Compiler, Need::Wasm, Need::Desktop])?;
    ui::build(release)?;
    println!("==> Hearth (the first build takes some minutes)");
    let mut cargo = sh::cargo();
    cargo.args(["run", "--package", "hearth-desktop", "--features", "desktop"]);
    finish(cargo, release, args)
}

/// The headless node, which serves the window to a browser.
pub(crate) fn node(release: bool, args: &[String]) -> Result<()> {
    setup::ensure(&[Need::Compiler, Need::Wasm])?;
    ui::build(release)?;
    println!("==> hearth serve");
    let mut cargo = sh::cargo();
    cargo.args(["run", "--package", "hearth-node", "--bin", "hearth"]);
    cargo.env("HEARTH_UI_DIR", sh::root().join("ui/dist"));
    let mut passed = vec!["serve".to_owned()];
    passed.extend_from_slice(args);
    finish(cargo, release, &passed)
}

/// Two homes with a seeded family.
pub(crate) fn demo(args: &[String]) -> Result<()> {
    setup::ensure(&[Need::Compiler, Need::Wasm])?;
    ui::build(false)?;
    println!("==> two homes");
    let mut cargo = sh::cargo();
    cargo.args(["run", "--package", "hearth-tests", "--bin", "hearth-demo"]);
    finish(cargo, false, args)
}

fn finish(mut cargo: std::process::Command, release: bool, args: &[String]) -> Result<()> {
    if release {
        cargo.arg("--release");
    }
    if !args.is_empty() {
        cargo.arg("--").args(args);
    }
    sh::run(&mut cargo)
}
