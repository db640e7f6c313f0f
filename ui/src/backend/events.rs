//! The stream of events: taken up where it broke off, retried with growing pauses, handed to `state::live`.

use super::{Backend, tauri};
use crate::kit::{dom, time};
use crate::state::{live, online, session};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use hearth_api::{Event, EventEnvelope};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

struct Stream {
    source: EventSource,
    _listeners: [EventListener; 3],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

thread_local! {
    static LAST: Cell<u64> = const { Cell::new(0) };
    static STREAM: RefCell<Option<Stream>> = const { RefCell::new(None) };
    static RETRY: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static FAILURES: Cell<u32> = const { Cell::new(0) };
    static SHELL: Cell<bool> = const { Cell::new(false) };
    static HELD: Cell<bool> = const { Cell::new(false) };
}

/// Begins to listen after the event with number `since`; again after signing in.
pub fn start(backend: Backend, since: u64) {
    LAST.set(since);
    FAILURES.set(0);
    match backend {
        Backend::Tauri => {
            if !SHELL.replace(true) {
                wasm_bindgen_futures::spawn_local(async {
                    let listening = tauri::listen("hearth:event", |event| {
                        if let Some(text) = tauri::payload_text(&event) {
                            take(&text);
                        }
                    })
                    .await;
                    if listening {
                        tauri::listen_events(LAST.get()).await;
                    } else {
                        SHELL.set(false);
                    }
                });
            } else {
                wasm_bindgen_futures::spawn_local(tauri::listen_events(since));
            }
        }
        Backend::Http => open(),
        #[cfg(feature = "mock")]
        Backend::Mock => {}
    }
}

/// Stops listening, at sign-out.
pub fn stop() {
    HELD.set(false);
    STREAM.replace(None);
    RETRY.replace(None);
}

/// Lets go of the connection while nobody looks.
pub(super) fn hold() {
    if STREAM.replace(None).is_some() | RETRY.replace(None).is_some() {
        HELD.set(true);
    }
}

/// Listens again, and has everything on show asked for anew: passing events were missed.
pub(super) fn resume() {
    if HELD.replace(false) {
        open();
        live::publish(&Event::Gap);
    }
}

fn take(text: &str) {
    let Ok(envelope) = serde_json::from_str::<EventEnvelope>(text) else {
        return;
    };
    if let Some(seq) = envelope.seq {
        if seq <= LAST.get() && LAST.get() > 0 && envelope.event != Event::Gap {
            return;
        }
        LAST.set(seq.max(LAST.get()));
    }
    live::publish(&envelope.event);
}

fn open() {
    RETRY.replace(None);
    let Ok(source) = EventSource::new(&format!("/events?since={}", LAST.get())) else {
        return retry();
    };
    let listeners = [
        EventListener::new(&source, "message", |event| {
            if let Some(text) = event.dyn_ref::<MessageEvent>().and_then(|m| m.data().as_string()) {
                take(&text);
            }
        }),
        EventListener::new(&source, "open", |_| {
            FAILURES.set(0);
            online::set(true);
        }),
        EventListener::new(&source, "error", |_| retry()),
    ];
    STREAM.replace(Some(Stream {
        source,
        _listeners: listeners,
    }));
}

/// Tries again after 1, 2, 4 … 30 seconds; asks the home first whether the session still holds.
fn retry() {
    let failures = FAILURES.get();
    FAILURES.set(failures.saturating_add(1));
    let wait = pause(failures, time::now().0.unsigned_abs());
    // Not while the listener that called this is still on the stack.
    let timer = Timeout::new(wait, || {
        STREAM.replace(None);
        if dom::window().is_some_and(|w| !w.navigator().on_line()) {
            return retry();
        }
        wasm_bindgen_futures::spawn_local(async {
            if session::refresh().await {
                open();
            } else if session::is_signed_in() {
                retry();
            }
        });
    });
    RETRY.replace(Some(timer));
}

/// The pause before try `failures`, with up to a quarter more so that many windows do not come at once.
fn pause(failures: u32, noise: u64) -> u32 {
    let base = 1_000_u32
        .saturating_mul(2_u32.saturating_pow(failures.min(5)))
        .min(30_000);
    base + u32::try_from(noise % u64::from(base / 4)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute() {
        assert_eq!(pause(0, 0), 1_000);
        assert_eq!(pause(3, 0), 8_000);
        assert_eq!(pause(40, 0), 30_000);
        assert!(pause(40, u64::MAX) < 37_500);
    }
}
