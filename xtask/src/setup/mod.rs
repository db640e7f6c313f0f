//! Installing what is missing, and only that.
//!
//! On Debian and Ubuntu the packages are installed with `apt-get` (through `sudo` for anyone but root). Elsewhere
//! nothing is changed: the exact command is printed and the task stops.

mod system;

use anyhow::{Context as _, Result, bail};

use crate::sh;
use system::System;
pub(crate) use system::is_root;

const WASM: &str = "wasm32-unknown-unknown";

/// Something that a command needs on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A C compiler and linker: SQLite is compiled along.
    Compiler,
    /// The standard library for wasm32.
    Wasm,
    /// The web view that shows the window, and the tray.
    Desktop,
    /// A browser that tests can drive.
    Browser,
    /// A screen without a monitor, a message bus and a driver for the web view.
    Screen,
    /// What makes packages for Debian's and Fedora's families; only `cargo xtask dist` wants it.
    Packager,
    /// What makes a bare Debian in a folder; only `cargo xtask fresh` wants it.
    Bootstrap,
    /// Python 3 with its standard library: a second implementation of the protocol is written in it.
    Python,
    /// A C compiler and linker for Windows; only `cargo xtask cross` wants it.
    Mingw,
    /// A Python that can make a folder for packages of its own; only `cargo xtask cross` wants it.
    Venv,
}

impl Need {
    pub(crate) const ALL: [Self; 6] = [
        Self::Compiler,
        Self::Wasm,
        Self::Desktop,
        Self::Browser,
        Self::Screen,
        Self::Python,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Compiler => "a C compiler",
            Self::Wasm => "the wasm target",
            Self::Desktop => "the web view and tray libraries",
            Self::Browser => "a browser for the tests",
            Self::Screen => "a virtual screen for the desktop tests",
            Self::Packager => "the tools that make packages",
            Self::Bootstrap => "debootstrap",
            Self::Python => "Python for the protocol's verifier",
            Self::Mingw => "a C compiler for Windows",
            Self::Venv => "Python's own folders for packages",
        }
    }

    fn is_met(self) -> bool {
        match self {
            // Where Microsoft's linker is used it is found without the `PATH`, and its compiler beside it: that this program
            // was built proves that it is there.
            Self::Compiler => {
                cfg!(all(windows, target_env = "msvc"))
                    || ["cc", "gcc", "clang"].iter().any(|name| sh::has(name))
            }
            Self::Wasm => has_target(WASM),
            Self::Desktop => {
                !cfg!(target_os = "linux")
                    || sh::succeeds(sh::program("pkg-config").args([
                        "--exists",
                        "webkit2gtk-4.1",
                        "gtk+-3.0",
                        "ayatana-appindicator3-0.1",
                    ]))
            }
            Self::Browser => has_browser() && sh::has("chromedriver"),
            // What Windows has by that name is a door to its shop until there is a real one.
            Self::Python if cfg!(windows) => sh::succeeds(sh::program("python").arg("--version")),
            Self::Python => sh::has("python3"),
            Self::Mingw => sh::has("x86_64-w64-mingw32-gcc") && sh::has("x86_64-w64-mingw32-windres"),
            Self::Venv => {
                sh::has("python3")
                    && sh::succeeds(sh::program("python3").args(["-c", "import venv, ensurepip"]))
            }
            // The desktop suite runs on Linux only: the web views of macOS and Windows have no free driver.
            Self::Screen => {
                !cfg!(target_os = "linux")
                    || ["Xvfb", "dbus-daemon", "WebKitWebDriver"]
                        .iter()
                        .all(|name| sh::has(name))
            }
            Self::Packager => {
                let debian = ["dpkg-deb", "dpkg-shlibdeps"];
                sh::has("rpmbuild") && (!makes_deb() || debian.iter().all(|name| sh::has(name)))
            }
            Self::Bootstrap => sh::has("debootstrap"),
        }
    }
}

/// Whether a `.deb` can be made here: which package a library comes from, and in which version, is known where the packages of
/// Debian or Ubuntu are installed, and nowhere else.
pub(crate) fn makes_deb() -> bool {
    sh::succeeds(sh::program("dpkg-query").args(["--show", "libc6"]))
}

/// Whether there is a browser that chromedriver finds: on the `PATH`, or where the installers of macOS and Windows put Chrome.
fn has_browser() -> bool {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let usual: &[(&str, &str)] = if cfg!(target_os = "macos") {
        &[("", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")]
    } else if cfg!(windows) {
        const CHROME: &str = r"Google\Chrome\Application\chrome.exe";
        &[
            ("ProgramFiles", CHROME),
            ("ProgramFiles(x86)", CHROME),
            ("LOCALAPPDATA", CHROME),
        ]
    } else {
        &[]
    };
    names.iter().any(|name| sh::has(name))
        || usual.iter().any(|(folder, path)| {
            let folder = std::env::var_os(folder).unwrap_or_default();
            std::path::Path::new(&folder).join(path).is_file()
        })
}

/// Whether the standard library for `target` is there.
fn has_target(target: &str) -> bool {
    sh::output(sh::program("rustc").args(["--print", "sysroot"])).is_ok_and(|sysroot| {
        std::path::Path::new(sysroot.trim())
            .join("lib/rustlib")
            .join(target)
            .join("lib")
            .is_dir()
    })
}

/// Makes sure that everything in `needs` is there. Says nothing if it is.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.name()).collect();
    sh::step(&format!("setting up {}", names.join(", ")), || {
        if missing.contains(&Need::Wasm) {
            add_target(WASM)?;
        }
        let system = System::detect();
        let packages = system.packages(&missing);
        if !packages.is_empty() {
            install(system, &packages)?;
        }
        match missing.iter().find(|need| !need.is_met()) {
            Some(need) => bail!(
                "{} is still not found after installing {}",
                need.name(),
                packages.join(" ")
            ),
            None => Ok(()),
        }
    })
}

/// Adds the standard library for `target` where it is missing.
pub(crate) fn add_target(target: &str) -> Result<()> {
    if has_target(target) {
        return Ok(());
    }
    if !sh::has("rustup") {
        bail!(
            "This Rust has no {target} target and there is no rustup to add it. Install Rust with \
             https://rustup.rs, or your system's package for that target, and try again"
        );
    }
    sh::run(sh::program("rustup").args(["target", "add", target]))
}

fn install(system: System, packages: &[&str]) -> Result<()> {
    let command = system.install_command(packages);
    if !system.may_install() {
        bail!("Please install what is missing, then try again:\n\n    {command}\n");
    }
    let elevated = if is_root() {
        None
    } else if sh::has("sudo") {
        println!("    Installing packages needs administrator rights; sudo may ask for your password.");
        Some("sudo")
    } else {
        bail!("There is no sudo here. Please run this as root, then try again:\n\n    {command}\n");
    };
    let apt = |args: &[&str]| {
        let mut apt = match elevated {
            Some(sudo) => {
                let mut sudo = sh::program(sudo);
                sudo.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
                sudo
            }
            None => {
                let mut apt = sh::program("apt-get");
                apt.env("DEBIAN_FRONTEND", "noninteractive");
                apt
            }
        };
        apt.args(args).args(["-y", "-q"]);
        apt
    };
    sh::run(&mut apt(&["update"])).context("The package lists could not be fetched")?;
    let mut args = vec!["install", "--no-install-recommends"];
    args.extend_from_slice(packages);
    sh::run(&mut apt(&args)).with_context(|| format!("Try it by hand: {command}"))
}
