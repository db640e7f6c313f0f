//! Starting again by itself: after a restore, or with a new version. The system starts the program with the arguments that it had, which were
//! heard already: the backup that was double-clicked, or a link.

use std::sync::Arc;

use tauri::{AppHandle, Manager as _};

use crate::host::Host;
use crate::store::Store;

/// The file with what the program that starts again was asked for.
const HEARD: &str = "heard";

/// Starts the program again. The home closes in `RunEvent::Exit`, as it does at every end.
pub(crate) fn start(app: &AppHandle) {
    let asked = crate::args::read(std::env::args().skip(1)).others;
    note(app.state::<Arc<Host>>().store(), &asked);
    app.request_restart();
}

/// What was asked for, without what was heard before the program started again by itself.
pub(crate) fn unheard(store: &Store, asked: Vec<String>) -> Vec<String> {
    let heard = store.read(HEARD);
    if heard.is_none() {
        return asked;
    }
    store.remove(HEARD);
    if heard == Some(asked.join("\n")) {
        Vec::new()
    } else {
        asked
    }
}

fn note(store: &Store, asked: &[String]) {
    if !asked.is_empty() {
        store.write(HEARD, &asked.join("\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_not_heard_again_by_the_start_that_follows() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        let asked = || vec!["a.hearth-backup".to_owned()];
        assert_eq!(unheard(&store, asked()), asked());
        note(&store, &asked());
        assert!(unheard(&store, asked()).is_empty());
        assert_eq!(unheard(&store, asked()), asked(), "only once");
        note(&store, &asked());
        let link = vec!["hearth://p/1".to_owned()];
        assert_eq!(unheard(&store, link.clone()), link, "something else is new");
        note(&store, &[]);
        assert_eq!(unheard(&store, asked()), asked());
    }
}
