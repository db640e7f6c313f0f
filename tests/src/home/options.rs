//! How a home of a test is opened.

use crate::time::Summer;
use hearth_federation::Transport;
use std::path::PathBuf;
use std::sync::Arc;

/// How a home is opened.
#[derive(Debug, Clone)]
pub struct HomeOptions {
    /// Its name.
    pub name: String,
    /// Its folder; a temporary one if not given.
    pub dir: Option<PathBuf>,
    /// Whether it works and delivers by itself.
    pub workers: bool,
    /// Where to serve its window: 0 for a free port.
    pub ui_port: Option<u16>,
    /// The built window.
    pub ui_dir: Option<PathBuf>,
    /// Where to listen for other homes: 0 for a free port.
    pub federation_port: u16,
    /// Whether it listens for other homes at all.
    pub listens: bool,
    /// What its randomness and ids are made from; its name if not given.
    pub entropy: Option<String>,
    /// How it reaches other homes, if not as usual.
    pub way: Option<Way>,
    /// When the clocks where it is are put forward; without it the machine does not tell its zone.
    pub summer: Option<Summer>,
}

/// How a home reaches others.
#[derive(Clone)]
pub struct Way(pub Arc<dyn Transport>);

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way")
    }
}

impl HomeOptions {
    /// A home that does nothing by itself and serves no window.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            dir: None,
            workers: false,
            ui_port: None,
            ui_dir: None,
            federation_port: 0,
            listens: true,
            entropy: None,
            way: None,
            summer: None,
        }
    }

    /// The same, serving its window on a free port.
    #[must_use]
    pub fn with_ui(self) -> Self {
        Self {
            ui_port: Some(0),
            ..self
        }
    }
}
