//! Which system this is, and what the packages are called there.

use super::Need;
use crate::sh;

/// A system whose package names are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Debian,
    Ubuntu,
    Fedora,
    Arch,
    Suse,
    MacOs,
    Windows,
    Other,
}

impl System {
    pub(crate) fn detect() -> Self {
        if cfg!(target_os = "macos") {
            Self::MacOs
        } else if cfg!(windows) {
            Self::Windows
        } else {
            std::fs::read_to_string("/etc/os-release")
                .map_or(Self::Other, |text| Self::from_os_release(&text))
        }
    }

    /// Reads `ID`, then the systems named by `ID_LIKE`, the nearest first.
    fn from_os_release(text: &str) -> Self {
        let value = |key: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
                .map(|value| value.trim_matches(['"', '\'']).to_owned())
                .unwrap_or_default()
        };
        let names = format!("{} {}", value("ID"), value("ID_LIKE"));
        names
            .split_whitespace()
            .find_map(|name| match name {
                "debian" => Some(Self::Debian),
                "ubuntu" => Some(Self::Ubuntu),
                "fedora" | "rhel" => Some(Self::Fedora),
                "arch" => Some(Self::Arch),
                "suse" | "opensuse" => Some(Self::Suse),
                _ => None,
            })
            .unwrap_or(Self::Other)
    }

    /// Whether this program installs packages itself here.
    pub(crate) fn may_install(self) -> bool {
        matches!(self, Self::Debian | Self::Ubuntu) && sh::has("apt-get")
    }

    /// The packages that meet `needs`.
    pub(crate) fn packages(self, needs: &[Need]) -> Vec<&'static str> {
        needs
            .iter()
            .flat_map(|need| self.packages_of(*need))
            .copied()
            .collect()
    }

    fn packages_of(self, need: Need) -> &'static [&'static str] {
        match (self, need) {
            (_, Need::Wasm) | (Self::MacOs | Self::Windows, Need::Desktop | Need::Screen) => &[],

            (Self::MacOs | Self::Debian | Self::Ubuntu | Self::Fedora | Self::Suse, Need::Python) => {
                &["python3"]
            }
            (Self::Arch, Need::Python) => &["python"],
            (Self::Windows, Need::Python) => &["Python.Python.3.12"],
            (Self::Other, Need::Python) => &["python3"],

            (Self::Debian | Self::Ubuntu, Need::Mingw) => &["gcc-mingw-w64-x86-64"],
            (Self::Fedora, Need::Mingw) => &["mingw64-gcc"],
            (Self::Arch, Need::Mingw) => &["mingw-w64-gcc"],
            (Self::Suse, Need::Mingw) => &["mingw64-cross-gcc"],
            (Self::MacOs | Self::Windows | Self::Other, Need::Mingw) => &["mingw-w64 (on Linux)"],
            (Self::Debian | Self::Ubuntu, Need::Venv) => &["python3-venv"],
            (Self::Arch, Need::Venv) => &["python"],
            (_, Need::Venv) => &["python3"],

            (Self::Debian | Self::Ubuntu, Need::Compiler) => &["build-essential"],
            (Self::Debian | Self::Ubuntu, Need::Desktop) => &[
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "libgtk-3-dev",
                "libayatana-appindicator3-dev",
            ],
            (Self::Debian, Need::Browser) => &["chromium", "chromium-driver", "fonts-noto-color-emoji"],
            (Self::Ubuntu, Need::Browser) => &[
                "chromium-browser",
                "chromium-chromedriver",
                "fonts-noto-color-emoji",
            ],
            (Self::Debian | Self::Ubuntu, Need::Screen) => &["xvfb", "dbus", "webkit2gtk-driver"],
            (Self::Debian | Self::Fedora, Need::Bootstrap) => &["debootstrap"],
            // Debian's keys, which these do not have by themselves.
            (Self::Ubuntu | Self::Arch, Need::Bootstrap) => &["debootstrap", "debian-archive-keyring"],
            (Self::Debian | Self::Ubuntu, Need::Packager) => &["dpkg-dev", "rpm"],
            (Self::Fedora | Self::Suse, Need::Packager) => &["rpm-build"],
            (Self::Arch, Need::Packager) => &["rpm-tools"],
            (Self::MacOs | Self::Windows | Self::Other, Need::Packager) => &["dpkg-dev and rpm (on Linux)"],
            (Self::Suse | Self::MacOs | Self::Windows | Self::Other, Need::Bootstrap) => {
                &["debootstrap (on Linux)"]
            }

            (Self::Fedora, Need::Compiler) => &["gcc"],
            (Self::Fedora, Need::Desktop) => &[
                "pkgconf-pkg-config",
                "webkit2gtk4.1-devel",
                "gtk3-devel",
                "libayatana-appindicator-gtk3-devel",
            ],
            (Self::Fedora, Need::Browser) => &["chromium", "chromedriver", "google-noto-color-emoji-fonts"],
            (Self::Fedora, Need::Screen) => &["xorg-x11-server-Xvfb", "dbus-daemon", "webkit2gtk4.1"],

            (Self::Arch, Need::Compiler) => &["base-devel"],
            (Self::Arch, Need::Desktop) => &["pkgconf", "webkit2gtk-4.1", "gtk3", "libayatana-appindicator"],
            (Self::Arch, Need::Browser) => &["chromium", "noto-fonts-emoji"],
            (Self::Arch, Need::Screen) => &["xorg-server-xvfb", "dbus", "webkit2gtk-4.1"],

            (Self::Suse, Need::Compiler) => &["gcc"],
            (Self::Suse, Need::Desktop) => &[
                "pkgconf-pkg-config",
                "webkit2gtk3-devel",
                "gtk3-devel",
                "libayatana-appindicator3-devel",
            ],
            (Self::Suse, Need::Browser) => &["chromium", "chromedriver", "noto-coloremoji-fonts"],
            (Self::Suse, Need::Screen) => &["xorg-x11-server-Xvfb", "dbus-1", "webkit2gtk-4_1-driver"],

            (Self::MacOs, Need::Compiler) => &["the Xcode command line tools"],
            (Self::MacOs, Need::Browser) => &["google-chrome", "chromedriver"],
            (Self::Windows, Need::Compiler) => &["Microsoft.VisualStudio.2022.BuildTools"],
            (Self::Windows, Need::Browser) => &["Google.Chrome", "Chromium.ChromeDriver"],

            (Self::Other, Need::Compiler) => &["a C compiler"],
            (Self::Other, Need::Desktop) => &[
                "pkg-config",
                "WebKitGTK 4.1",
                "GTK 3",
                "Ayatana AppIndicator 3 (with headers)",
            ],
            (Self::Other, Need::Browser) => &["Chromium", "chromedriver"],
            (Self::Other, Need::Screen) => &["Xvfb", "dbus-daemon", "WebKitWebDriver"],
        }
    }

    /// The command a person would type to install `packages`.
    pub(crate) fn install_command(self, packages: &[&str]) -> String {
        let names = packages.join(" ");
        match self {
            Self::Debian | Self::Ubuntu => {
                format!("sudo apt-get update && sudo apt-get install --no-install-recommends {names}")
            }
            Self::Fedora => format!("sudo dnf install {names}"),
            Self::Arch => format!("sudo pacman -S --needed {names}"),
            Self::Suse => format!("sudo zypper install {names}"),
            Self::MacOs => a_line_each(packages, on_macos),
            Self::Windows => a_line_each(packages, on_windows),
            Self::Other => format!("(with your package manager) {}", packages.join(", ")),
        }
    }
}

fn a_line_each(packages: &[&str], line: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = packages.iter().map(|name| line(name)).collect();
    lines.join("\n    ")
}

fn on_macos(package: &str) -> String {
    match package {
        "the Xcode command line tools" => "xcode-select --install".to_owned(),
        "google-chrome" => "brew install --cask google-chrome".to_owned(),
        // Homebrew has it no longer, as Apple's Gatekeeper does not know who made it.
        "chromedriver" => {
            "chromedriver, as new as Chrome, from https://googlechromelabs.github.io/chrome-for-testing/, onto the PATH"
                .to_owned()
        }
        formula => format!("brew install {formula}"),
    }
}

fn on_windows(package: &str) -> String {
    let more = match package {
        // Without a workload that is an installer and nothing else.
        "Microsoft.VisualStudio.2022.BuildTools" => {
            " --override \"--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\""
        }
        _ => "",
    };
    format!("winget install {package}{more}")
}

/// Whether this process may install packages without sudo.
pub(crate) fn is_root() -> bool {
    sh::output(sh::program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_name_or_by_the_nearest_relative() {
        for (text, system) in [
            ("ID=debian\n", System::Debian),
            ("NAME=x\nID=ubuntu\nID_LIKE=debian\n", System::Ubuntu),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Ubuntu),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", System::Fedora),
            ("ID=manjaro\nID_LIKE=arch\n", System::Arch),
            (
                "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n",
                System::Suse,
            ),
            ("ID=nixos\n", System::Other),
        ] {
            assert_eq!(System::from_os_release(text), system, "{text}");
        }
    }

    #[test]
    fn the_printed_command_names_only_what_is_missing() {
        let packages = System::Fedora.packages(&[Need::Wasm, Need::Browser]);
        assert_eq!(
            System::Fedora.install_command(&packages),
            "sudo dnf install chromium chromedriver google-noto-color-emoji-fonts"
        );
    }

    #[test]
    fn macos_and_windows_have_a_line_for_each_thing() {
        let command = |system: System| system.install_command(&system.packages(&Need::ALL));
        let macos = command(System::MacOs);
        for line in [
            "xcode-select --install",
            "brew install --cask google-chrome",
            "brew install python3",
        ] {
            assert!(
                macos.lines().any(|given| given.trim() == line),
                "{line} in {macos}"
            );
        }
        let windows = command(System::Windows);
        assert!(
            windows
                .lines()
                .all(|line| line.trim().starts_with("winget install ")),
            "{windows}"
        );
        assert!(
            windows.contains("Microsoft.VisualStudio.Workload.VCTools"),
            "{windows}"
        );
    }

    #[test]
    fn only_debian_and_ubuntu_are_asked_for_the_tools_of_a_deb() {
        for (system, wanted) in [
            (System::Debian, &["dpkg-dev", "rpm"][..]),
            (System::Ubuntu, &["dpkg-dev", "rpm"]),
            (System::Fedora, &["rpm-build"]),
            (System::Suse, &["rpm-build"]),
            (System::Arch, &["rpm-tools"]),
        ] {
            assert_eq!(system.packages(&[Need::Packager]), wanted, "{system:?}");
        }
    }
}
