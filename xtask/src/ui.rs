//! The window's files. The work is done by the crate `xtask-ui`, which has the heavy dependencies.

use anyhow::Result;

use crate::{setup, sh};

/// Brings `ui/dist` up to date.
pub(crate) fn build(release: bool) -> Result<()> {
    setup::ensure(&[setup::Need::Wasm])?;
    sh::step(
        if release {
            "the window (release)"
        } else {
            "the window"
        },
        || {
            let mut cargo = sh::cargo();
            cargo.args(["run", "--quiet", "--package", "xtask-ui", "--", "build"]);
            if release {
                cargo.arg("--release");
            }
            sh::run(&mut cargo)
        },
    )
}

/// The compressed size in bytes of the wasm in `ui/dist`.
pub(crate) fn compressed_size() -> Result<u64> {
    let text = sh::output(sh::cargo().args(["run", "--quiet", "--package", "xtask-ui", "--", "size"]))?;
    Ok(text.trim().parse()?)
}
