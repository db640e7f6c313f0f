//! Servers and a clock for tests and demos, on real loopback sockets.
//!
//! - [`ScriptedServer`] writes exactly the bytes a script says, packet by packet, and records what
//!   it was asked.
//! - [`FakeLlm`] is a whole small server, Ollama or OpenAI-compatible, with streamed answers.
//! - [`TestClock`] ends waits when the test says so.
//! - [`FixedResolver`] knows the host names it was told.
//!
//! Faults of the test itself (a socket that cannot be bound) panic.

mod clock;
mod fake;
mod script;
mod server;

use std::{collections::HashMap, io, net::IpAddr};

use futures_util::future::BoxFuture;

pub use clock::TestClock;
pub use fake::{FakeAnswer, FakeLlm, FakeLlmBuilder, FakePrompt};
pub use script::{Gate, Script};
pub use server::{RecordedRequest, ScriptedServer};

use crate::Resolver;

/// A resolver with a fixed table; other names are unknown.
#[derive(Debug, Default, Clone)]
pub struct FixedResolver {
    table: HashMap<String, Vec<IpAddr>>,
}

impl FixedResolver {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more name.
    #[must_use]
    pub fn with(mut self, host: &str, addresses: &[IpAddr]) -> Self {
        self.table.insert(host.to_owned(), addresses.to_vec());
        self
    }
}

impl Resolver for FixedResolver {
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let found = self.table.get(&host).cloned();
        Box::pin(async move { found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "unknown host")) })
    }
}
