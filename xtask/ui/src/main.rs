//! Builds the window's files into `ui/dist`, without Trunk, npm or any tool that has to be installed.
//!
//! `xtask-ui build [--release]` compiles `hearth-ui` to wasm, generates the JavaScript glue with
//! `wasm-bindgen-cli-support` as a library (so its version is the one in `Cargo.lock`), bundles the styles into
//! one `app.css`, and copies the page and its assets. `xtask-ui size` prints the compressed size of the wasm.
//!
//! A crate of its own, because its dependencies are heavy and `cargo xtask check` should start at once. It is
//! called by `cargo xtask ui`; what is compiled where is in [`wasm`], the styles are in [`css`], the rest in [`dist`].
#![expect(
    clippy::print_stdout,
    reason = "a build tool speaks to the person in the terminal"
)]

mod css;
mod dist;
mod wasm;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Where things are, decided once.
struct Layout {
    root: PathBuf,
    target: PathBuf,
}

impl Layout {
    fn find() -> Result<Self> {
        // Cargo's word at run time first: a target folder that is kept may have been filled from another checkout.
        let here =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here)
            .ancestors()
            .nth(2)
            .context("The xtask-ui crate is not inside the repository")?
            .to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => root.join(dir),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    fn dist(&self) -> PathBuf {
        self.root.join("ui/dist")
    }
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let layout = Layout::find()?;
    match args.as_slice() {
        ["build"] => build(&layout, false),
        ["build", "--release"] => build(&layout, true),
        ["size"] => size(&layout),
        _ => bail!("Usage: xtask-ui build [--release] | size"),
    }
}

fn build(layout: &Layout, release: bool) -> Result<()> {
    let wasm = wasm::compile(layout, release)?;
    let mut staged = dist::Staged::default();
    dist::collect(&layout.ui(), &mut staged)?;
    let styles = css::Sources::read(&layout.ui())?;

    let mut stamp = dist::Stamp::new(release);
    stamp.add("wasm", &wasm);
    stamp.add("optimiser", wasm::optimiser_version(release).as_bytes());
    styles.stamp(&mut stamp);
    staged.stamp(&mut stamp);
    if stamp.matches(layout) {
        println!("  ui/dist is up to date");
        return Ok(());
    }

    staged.add("app.css", css::bundle(&styles, release)?.into_bytes());
    wasm::generate(layout, &wasm, release, &mut staged)?;
    let written = staged.write_to(&layout.dist())?;
    stamp.save(layout)?;
    println!("  ui/dist: {written} of {} files changed", staged.len());
    for name in ["hearth_ui_bg.wasm", "hearth_ui.js", "app.css", "index.html"] {
        if let Some(bytes) = staged.get(name) {
            println!(
                "    {name:<18} {:>8} bytes, {:>7} compressed",
                bytes.len(),
                dist::gzipped(bytes)?
            );
        }
    }
    Ok(())
}

fn size(layout: &Layout) -> Result<()> {
    let path = layout.dist().join("hearth_ui_bg.wasm");
    let bytes = std::fs::read(&path).with_context(|| {
        format!(
            "Reading {} (run `cargo xtask ui --release` first)",
            path.display()
        )
    })?;
    println!("{}", dist::gzipped(&bytes)?);
    Ok(())
}
