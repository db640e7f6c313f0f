//! The wasm module and its JavaScript glue.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::Layout;
use crate::dist::{Staged, gzipped};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles `hearth-ui` and returns the raw module.
///
/// It has a target directory of its own, so that it neither waits for nor invalidates a native build.
pub(crate) fn compile(layout: &Layout, release: bool) -> Result<Vec<u8>> {
    let profile = if release { "wasm" } else { "wasm-dev" };
    let target_dir = layout.target.join("ui");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(&layout.root)
        .args([
            "build",
            "--lib",
            "--package",
            "hearth-ui",
            "--target",
            TARGET,
            "--profile",
            profile,
        ])
        .arg("--target-dir")
        .arg(&target_dir)
        // The builder's home directory has no business in a file that is sent to browsers.
        .env("CARGO_ENCODED_RUSTFLAGS", remap_flags(layout));
    let status = cargo.status().context("Starting cargo for the wasm build")?;
    ensure!(status.success(), "Compiling hearth-ui for {TARGET} failed");
    let module = target_dir.join(TARGET).join(profile).join("hearth_ui.wasm");
    std::fs::read(&module).with_context(|| format!("Reading {}", module.display()))
}

fn remap_flags(layout: &Layout) -> String {
    let mut flags = vec![format!("--remap-path-prefix={}=/hearth", layout.root.display())];
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    if let Some(home) = cargo_home {
        flags.push(format!("--remap-path-prefix={}=/cargo", home.display()));
    }
    flags.join("\x1f")
}

/// Turns the raw module into `hearth_ui.js`, `hearth_ui_bg.wasm` and snippets, and shrinks it for a release.
pub(crate) fn generate(layout: &Layout, module: &[u8], release: bool, staged: &mut Staged) -> Result<()> {
    let out = layout.target.join("ui/bindgen");
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("Emptying {}", out.display()))?;
    }
    std::fs::create_dir_all(&out).with_context(|| format!("Creating {}", out.display()))?;
    Bindgen::new()
        .input_bytes("hearth_ui", module.to_vec())
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(true)
        .generate(&out)
        .context("Generating the JavaScript glue")?;
    if release {
        optimise(&out.join("hearth_ui_bg.wasm"))?;
    }
    staged.add_tree("", &out)
}

/// The version line of `wasm-opt`, or an empty string where it is not installed or not wanted.
pub(crate) fn optimiser_version(release: bool) -> String {
    if !release {
        return String::new();
    }
    Command::new("wasm-opt")
        .arg("--version")
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

/// What the compiler uses for this target by itself, and every browser that the window is made for knows. With all that `wasm-opt` knows
/// it writes what no browser reads yet.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

fn optimise(module: &Path) -> Result<()> {
    let version = optimiser_version(true);
    if version.is_empty() {
        println!("  wasm-opt is not installed: the module stays as rustc made it");
        return Ok(());
    }
    println!("  {version}");
    let shrunk = module.with_extension("opt.wasm");
    let status = Command::new("wasm-opt")
        .arg("-Oz")
        .args(FEATURES)
        .arg("--output")
        .arg(&shrunk)
        .arg(module)
        .status()
        .context("Starting wasm-opt")?;
    ensure!(status.success(), "wasm-opt failed on {}", module.display());
    // Shorter is not always less to send: code that was made alike by the compiler compresses better than what a tool makes of it.
    let sent = |path: &Path| -> Result<usize> {
        gzipped(&std::fs::read(path).with_context(|| format!("Reading {}", path.display()))?)
    };
    let (before, after) = (sent(module)?, sent(&shrunk)?);
    if after < before {
        std::fs::rename(&shrunk, module).with_context(|| format!("Replacing {}", module.display()))
    } else {
        println!(
            "  it would be {after} bytes to send instead of {before}: the module stays as rustc made it"
        );
        std::fs::remove_file(&shrunk).with_context(|| format!("Removing {}", shrunk.display()))
    }
}
