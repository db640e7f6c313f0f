//! What the system or a person says to end the program.

use futures_util::future::{BoxFuture, select_all};

/// The ways to say it. Heard from its making on, so that nothing is missed while the home is still being opened.
pub(crate) struct Stop {
    wishes: Vec<BoxFuture<'static, ()>>,
}

impl Stop {
    /// The end of the session or the service, and Ctrl+C.
    #[cfg(unix)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let mut stop = Self { wishes: Vec::new() };
        for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
            stop.hear(signal(kind), |mut signal| async move {
                signal.recv().await;
            });
        }
        stop
    }

    /// Ctrl+C, Ctrl+Break, the closing of the console, and the end of the session or of Windows.
    #[cfg(windows)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::windows;
        let mut stop = Self { wishes: Vec::new() };
        stop.hear(windows::ctrl_c(), |mut signal| async move {
            signal.recv().await;
        });
        stop.hear(windows::ctrl_break(), |mut signal| async move {
            signal.recv().await;
        });
        stop.hear(windows::ctrl_close(), |mut signal| async move {
            signal.recv().await;
        });
        stop.hear(windows::ctrl_logoff(), |mut signal| async move {
            signal.recv().await;
        });
        stop.hear(windows::ctrl_shutdown(), |mut signal| async move {
            signal.recv().await;
        });
        stop
    }

    fn hear<S, F>(&mut self, signal: std::io::Result<S>, wait: impl FnOnce(S) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match signal {
            Ok(signal) => self.wishes.push(Box::pin(wait(signal))),
            Err(error) => tracing::warn!(error = %error, "A signal to end will not be heard"),
        }
    }

    /// Waits until one of them is said. Not to be asked again after that.
    pub(crate) async fn asked(&mut self) {
        if self.wishes.is_empty() {
            return std::future::pending().await;
        }
        select_all(&mut self.wishes).await;
    }
}
