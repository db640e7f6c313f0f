//! A named pipe of Windows. Pipes have one namespace for the whole machine, so its name cannot be guessed and lies in a file of
//! the data folder: who may not read that finds no pipe, and nobody can take the name beforehand to be spoken to in the home's place.
//! What Windows gives a pipe by itself lets other accounts only read, which is not enough to open it both ways.

use axum::serve::Listener;
use hearth_api::ports::Entropy;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};

pub(super) const FILE: &str = "control.pipe";
const PREFIX: &str = r"\\.\pipe\hearth-";
/// What Windows says while every instance of the pipe is taken: `ERROR_PIPE_BUSY`.
const BUSY: i32 = 231;
/// How often, and how long after the last time, a busy pipe is tried again.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// The pipe, of which one instance always waits for the next caller.
pub(super) struct Pipe {
    name: String,
    next: NamedPipeServer,
}

/// Makes the pipe, then tells its name.
pub(super) fn listen(path: &Path, entropy: &dyn Entropy) -> io::Result<Pipe> {
    let mut secret = [0; 16];
    entropy.fill(&mut secret);
    let name = format!("{PREFIX}{}", data_encoding::HEXLOWER.encode(&secret));
    let next = ServerOptions::new().first_pipe_instance(true).create(&name)?;
    crate::master::write_private(path, name.as_bytes())?;
    Ok(Pipe { name, next })
}

impl Pipe {
    async fn take(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

impl Listener for Pipe {
    type Io = NamedPipeServer;
    type Addr = ();

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.take().await {
                Ok(stream) => return (stream, ()),
                Err(error) => {
                    tracing::warn!(%error, "A caller at the control pipe was lost");
                    let _ = self.next.disconnect();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(())
    }
}

/// A connection to the home whose pipe is named there, if it runs.
pub(super) async fn connect(path: &Path) -> Option<NamedPipeClient> {
    let name = std::fs::read_to_string(path).ok()?;
    if !name.starts_with(PREFIX) {
        return None;
    }
    for _ in 0..TRIES {
        match ClientOptions::new().open(&name) {
            Err(error) if error.raw_os_error() == Some(BUSY) => tokio::time::sleep(PAUSE).await,
            opened => return opened.ok(),
        }
    }
    None
}
