//! What a scripted server does with one request.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Semaphore;

/// Holds a script up until the test opens it.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Opens it for good.
    pub fn open(&self) {
        self.0.close();
    }

    pub(super) async fn passed(&self) {
        // Closing wakes all who wait, which is what opening means here.
        let _closed = self.0.acquire().await;
    }
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Write(Bytes),
    Pause(Gate),
    Pace(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The body is whole; the connection can be used again.
    Complete,
    /// The connection is closed as it is.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing more is sent; the client has to close.
    Hold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// The body in chunks.
    Chunked,
    /// The body whole, with its length.
    Whole,
    /// Bytes as they are, head included.
    Raw,
}

/// One scripted response.
///
/// ```
/// use hearth_llm::testing::Script;
/// use serde_json::json;
///
/// let script = Script::sse()
///     .event(&json!({"choices": [{"delta": {"content": "Hello"}}]}))
///     .event(&json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
///     .done();
/// # let _ = script;
/// ```
#[derive(Debug, Clone)]
pub struct Script {
    status: u16,
    headers: Vec<(String, String)>,
    framing: Framing,
    pub(super) ending: Ending,
    steps: Vec<Step>,
}

impl Script {
    fn new(status: u16, content_type: &str, framing: Framing) -> Self {
        let headers = match framing {
            Framing::Raw => Vec::new(),
            _ => vec![("Content-Type".to_owned(), content_type.to_owned())],
        };
        let ending = if framing == Framing::Raw {
            Ending::Close
        } else {
            Ending::Complete
        };
        Self {
            status,
            headers,
            framing,
            ending,
            steps: Vec::new(),
        }
    }

    /// A stream of server-sent events.
    pub fn sse() -> Self {
        Self::new(200, "text/event-stream", Framing::Chunked)
    }

    /// A stream of JSON lines.
    pub fn ndjson() -> Self {
        Self::new(200, "application/x-ndjson", Framing::Chunked)
    }

    /// A whole JSON response.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", Framing::Whole).write(body.to_string())
    }

    /// A whole response of another type.
    pub fn text(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self::new(status, content_type, Framing::Whole).write(body)
    }

    /// No head: the writes are the whole response, and the connection closes after them.
    pub fn raw() -> Self {
        Self::new(200, "", Framing::Raw)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes bytes of the body, as a packet of their own.
    #[must_use]
    pub fn write(mut self, bytes: impl Into<Bytes>) -> Self {
        self.steps.push(Step::Write(bytes.into()));
        self
    }

    /// Writes bytes of the body one by one.
    #[must_use]
    pub fn each_byte(self, bytes: impl AsRef<[u8]>) -> Self {
        bytes
            .as_ref()
            .iter()
            .fold(self, |script, byte| script.write(vec![*byte]))
    }

    /// Writes a server-sent event with JSON data.
    #[must_use]
    pub fn event(self, data: &Value) -> Self {
        self.write(format!("data: {data}\n\n"))
    }

    /// Writes the event that ends a chat completion.
    #[must_use]
    pub fn done(self) -> Self {
        self.write("data: [DONE]\n\n")
    }

    /// Writes a JSON line.
    #[must_use]
    pub fn line(self, line: &Value) -> Self {
        self.write(format!("{line}\n"))
    }

    /// Waits until the gate is open.
    #[must_use]
    pub fn pause(mut self, gate: &Gate) -> Self {
        self.steps.push(Step::Pause(gate.clone()));
        self
    }

    /// Waits for real time; for demos, not for tests.
    #[must_use]
    pub fn pace(mut self, pause: Duration) -> Self {
        if !pause.is_zero() {
            self.steps.push(Step::Pace(pause));
        }
        self
    }

    /// Ends by closing the connection in the middle of the body.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.ending = Ending::Close;
        self
    }

    /// Ends by resetting the connection.
    #[must_use]
    pub fn reset(mut self) -> Self {
        self.ending = Ending::Reset;
        self
    }

    /// Ends by sending nothing more, with the connection open.
    #[must_use]
    pub fn hold(mut self) -> Self {
        self.ending = Ending::Hold;
        self
    }

    /// The steps on the wire, framing included.
    pub(super) fn wire(self) -> Vec<Step> {
        let mut out = Vec::with_capacity(self.steps.len() + 2);
        if self.framing != Framing::Raw {
            let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
            for (name, value) in &self.headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            match self.framing {
                Framing::Chunked => head.push_str("Transfer-Encoding: chunked\r\n"),
                _ => {
                    let length: usize = self
                        .steps
                        .iter()
                        .map(|step| {
                            if let Step::Write(bytes) = step {
                                bytes.len()
                            } else {
                                0
                            }
                        })
                        .sum();
                    head.push_str(&format!("Content-Length: {length}\r\n"));
                }
            }
            head.push_str("\r\n");
            out.push(Step::Write(head.into()));
        }
        for step in self.steps {
            match step {
                Step::Write(bytes) if self.framing == Framing::Chunked => {
                    if !bytes.is_empty() {
                        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                        chunk.extend_from_slice(&bytes);
                        chunk.extend_from_slice(b"\r\n");
                        out.push(Step::Write(chunk.into()));
                    }
                }
                other => out.push(other),
            }
        }
        if self.framing == Framing::Chunked && self.ending == Ending::Complete {
            out.push(Step::Write(Bytes::from_static(b"0\r\n\r\n")));
        }
        out
    }
}
