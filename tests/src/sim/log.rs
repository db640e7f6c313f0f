//! What happened in a simulation, told when it fails.

use std::sync::{Arc, Mutex};
use tracing::{Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

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

/// What the homes say themselves, as part of the story of a seed that is played alone.
pub(super) struct Said(pub(super) Arc<Log>);

impl<S: Subscriber> Layer<S> for Said {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if *event.metadata().level() <= Level::INFO {
            self.0.say(|| format!("    {}", crate::world::line_of(event)));
        }
    }
}
