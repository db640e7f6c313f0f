//! What a node is started with.

use crate::keychain::{Keychain, SystemKeychain};
use crate::system::{SystemClock, SystemEntropy, SystemZone, TimeOrderedIds};
use hearth_api::access::ACCESS_PORT;
use hearth_api::ports::{Clock, Entropy, Ids, Zone};
use hearth_federation::{TlsTransport, Transport};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The port on which other homes are expected, unless told otherwise.
pub const FEDERATION_PORT: u16 = 7346;
/// The port on which a headless home serves its window, unless told otherwise.
pub const UI_PORT: u16 = 7345;
/// The home's folder in Windows' `%LOCALAPPDATA%`. `Hearth` beside it is where the installer puts the program, and what is called as
/// the app's identifier is removed by its uninstaller on demand: neither may hold a home.
const FOLDER_ON_WINDOWS: &str = "Hearth Home";

/// Gives all files of the window.
pub type WindowFiles = Arc<dyn Fn() -> BTreeMap<String, Vec<u8>> + Send + Sync>;

/// What a node is started with.
#[derive(Clone)]
pub struct NodeConfig {
    /// The folder that holds everything: database, files, keys.
    pub data_dir: PathBuf,
    /// Where to listen for other homes; `None` does not listen.
    pub federation_listen: Option<SocketAddr>,
    /// Where to serve the window to browsers; `None` does not. Only loopback addresses are accepted.
    pub ui_listen: Option<SocketAddr>,
    /// The built window (`ui/dist`).
    pub ui_dir: Option<PathBuf>,
    /// The built window where it is in the program and not in a folder: its files by their path, such as `/app.css`. For other devices.
    pub window_files: Option<WindowFiles>,
    /// Where to listen for other devices once an admin switches that on; a port that they chose comes first. `None` never does.
    pub access_listen: Option<SocketAddr>,
    /// Host names, besides loopback ones, that browsers may use to reach the window through a reverse proxy.
    pub ui_hosts: Vec<String>,
    /// A passphrase that unlocks the key store, instead of the key file.
    pub passphrase: Option<zeroize::Zeroizing<String>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The zone of the people here: when their night is.
    pub zone: Arc<dyn Zone>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// This computer's keychain; asked only by homes whose key lies there, or is to.
    pub keychain: Arc<dyn Keychain>,
    /// How other homes are reached.
    pub transport: Arc<dyn Transport>,
    /// Whether background workers run by themselves; tests pump by hand.
    pub workers: bool,
    /// Whether password hashing uses the cheapest parameters; for tests and demos only.
    pub fast_passwords: bool,
}

impl std::fmt::Debug for NodeConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeConfig")
            .field("data_dir", &self.data_dir)
            .field("federation_listen", &self.federation_listen)
            .field("ui_listen", &self.ui_listen)
            .finish_non_exhaustive()
    }
}

impl NodeConfig {
    /// A node on the real clock with its data in `data_dir`: it listens for other homes on all addresses and opens no UI port.
    #[must_use]
    pub fn new(data_dir: impl AsRef<Path>) -> Self {
        Self {
            // Shown to people, and kept when the process goes elsewhere.
            data_dir: std::path::absolute(data_dir.as_ref())
                .unwrap_or_else(|_no_current_folder| data_dir.as_ref().to_owned()),
            federation_listen: Some(SocketAddr::new(
                IpAddr::V6(Ipv6Addr::UNSPECIFIED),
                FEDERATION_PORT,
            )),
            ui_listen: None,
            ui_dir: None,
            window_files: None,
            access_listen: Some(SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), ACCESS_PORT)),
            ui_hosts: Vec::new(),
            passphrase: None,
            clock: Arc::new(SystemClock),
            zone: Arc::new(SystemZone),
            ids: Arc::new(TimeOrderedIds::new(SystemClock, SystemEntropy)),
            entropy: Arc::new(SystemEntropy),
            keychain: Arc::new(SystemKeychain),
            transport: Arc::new(TlsTransport::default()),
            workers: true,
            fast_passwords: false,
        }
    }

    /// Where the system keeps the data of applications: the folder of a home unless told otherwise. The desktop app and
    /// the command line agree on it.
    #[must_use]
    pub fn default_data_dir() -> Option<PathBuf> {
        let from = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        if cfg!(windows) {
            from("LOCALAPPDATA").map(|base| base.join(FOLDER_ON_WINDOWS))
        } else if cfg!(target_os = "macos") {
            from("HOME").map(|home| home.join("Library/Application Support/Hearth"))
        } else {
            let base = from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")));
            base.map(|base| base.join("hearth"))
        }
    }

    /// The default address of the window for browsers: this machine only.
    #[must_use]
    pub fn default_ui_listen() -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), UI_PORT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_home_lies_where_an_installer_of_windows_puts_or_removes_something() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tauri.conf.json");
        let config: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for theirs in ["productName", "identifier"] {
            let theirs = config[theirs].as_str().unwrap();
            assert!(
                !FOLDER_ON_WINDOWS.eq_ignore_ascii_case(theirs),
                "Windows does not tell them apart: {theirs}"
            );
        }
        let dir = NodeConfig::default_data_dir().expect("whoever runs tests has a folder for data");
        assert!(
            !cfg!(windows) || dir.ends_with(FOLDER_ON_WINDOWS),
            "{}",
            dir.display()
        );
    }
}
