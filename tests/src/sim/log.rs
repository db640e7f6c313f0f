//! What happened in a simulation, told when it fails.

use std::sync::Mutex;

/// The story so far.
#[derive(Default)]
pub(super) struct Log(Mutex<Vec<String>>);

impl Log {
    pub(super) fn say(&self, line: impl FnOnce() -> String) {
        self.0.lock().unwrap().push(line());
    }

    pub(super) fn all(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}
