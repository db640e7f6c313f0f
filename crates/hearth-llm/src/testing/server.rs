//! A server that does what its scripts say.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::script::{Ending, Script, Step};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

type Handler = Arc<dyn Fn(&RecordedRequest) -> Option<Script> + Send + Sync>;

#[derive(Default)]
struct State {
    once: HashMap<String, VecDeque<Script>>,
    always: HashMap<String, Script>,
    handler: Option<Handler>,
    requests: Vec<RecordedRequest>,
    connections: usize,
    closed_by_client: usize,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_waiters();
    }

    async fn until<R>(&self, ready: impl Fn(&State) -> Option<R>) -> R {
        loop {
            let changed = self.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            if let Some(result) = ready(&self.state()) {
                return result;
            }
            changed.await;
        }
    }
}

/// A server on loopback. Paths without a script get a 404. Ends when it is dropped.
pub struct ScriptedServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    _running: DropGuard,
}

impl ScriptedServer {
    /// Starts a server on a free port.
    pub async fn start() -> Self {
        Self::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Starts a server at an address.
    pub async fn bind(address: SocketAddr) -> Self {
        let bound = async {
            let listener = TcpListener::bind(address).await?;
            Ok::<_, io::Error>((listener.local_addr()?, listener))
        };
        let (address, listener) = bound
            .await
            .unwrap_or_else(|error| panic!("Cannot listen on {address}: {error}"));
        let shared = Arc::new(Shared::default());
        let running = CancellationToken::new();
        tokio::spawn(running.clone().run_until_cancelled_owned(accept(
            listener,
            shared.clone(),
            running.clone(),
        )));
        Self {
            address,
            shared,
            _running: running.drop_guard(),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL with a path, such as `""` or `/v1`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers one request to the path with this script; several are used in order.
    pub fn once(&self, path: &str, script: Script) -> &Self {
        self.shared
            .change(|state| state.once.entry(path.to_owned()).or_default().push_back(script));
        self
    }

    /// Answers every request to the path that has no script of its own.
    pub fn always(&self, path: &str, script: Script) -> &Self {
        self.shared
            .change(|state| drop(state.always.insert(path.to_owned(), script)));
        self
    }

    /// Answers requests that have no script, where the function gives one.
    pub fn handle(
        &self,
        handler: impl Fn(&RecordedRequest) -> Option<Script> + Send + Sync + 'static,
    ) -> &Self {
        self.shared
            .change(|state| state.handler = Some(Arc::new(handler)));
        self
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().requests.clone()
    }

    /// The requests to one path so far.
    pub fn requests_to(&self, path: &str) -> Vec<RecordedRequest> {
        self.requests()
            .into_iter()
            .filter(|request| request.path == path)
            .collect()
    }

    /// Waits until so many requests to a path have come.
    pub async fn wait_for(&self, path: &str, count: usize) {
        self.shared
            .until(|state| {
                let found = state
                    .requests
                    .iter()
                    .filter(|request| request.path == path)
                    .count();
                (found >= count).then_some(())
            })
            .await;
    }

    /// Connections that were accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// Waits until so many connections were closed by the client in the middle of a response.
    pub async fn wait_for_client_close(&self, count: usize) {
        self.shared
            .until(|state| (state.closed_by_client >= count).then_some(()))
            .await;
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, running: CancellationToken) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.change(|state| state.connections += 1);
        let shared = shared.clone();
        tokio::spawn(running.clone().run_until_cancelled_owned(async move {
            // An error is the client's doing, and tests look at what was recorded.
            let _ = serve(stream, &shared).await;
        }));
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await? {
        let script = {
            let mut state = shared.state();
            state.requests.push(request.clone());
            let once = state.once.get_mut(&request.path).and_then(VecDeque::pop_front);
            let handler = state.handler.clone();
            once.or_else(|| state.always.get(&request.path).cloned())
                .or_else(|| handler.and_then(|handler| handler(&request)))
                .unwrap_or_else(|| Script::text(404, "text/plain", "404 page not found"))
        };
        shared.changed.notify_waiters();
        let ending = script.ending;
        for step in script.wire() {
            let done = run(&mut stream, step).await;
            if done.is_err() {
                shared.change(|state| state.closed_by_client += 1);
            }
            done?;
        }
        match ending {
            Ending::Complete => {}
            Ending::Close => return stream.shutdown().await,
            Ending::Reset => return stream.set_zero_linger(),
            Ending::Hold => {
                until_closed(&mut stream).await;
                shared.change(|state| state.closed_by_client += 1);
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn run(stream: &mut TcpStream, step: Step) -> io::Result<()> {
    match step {
        Step::Write(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await?;
            // Lets the client read before the next packet.
            tokio::task::yield_now().await;
        }
        Step::Pause(gate) => {
            tokio::select! {
                () = gate.passed() => {}
                () = until_closed(stream) => return Err(io::ErrorKind::ConnectionAborted.into()),
            }
        }
        Step::Pace(pause) => tokio::time::sleep(pause).await,
    }
    Ok(())
}

async fn until_closed(stream: &mut TcpStream) {
    let mut byte = [0_u8; 64];
    while let Ok(1..) = stream.read(&mut byte).await {}
}

/// Reads one request; `None` if the client has closed.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<RecordedRequest>> {
    const LIMIT: usize = 64 << 20;
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if buffer.len() > LIMIT || !more(stream, buffer).await? {
            return Ok(None);
        }
    };
    let rest = buffer.split_off(head_end + 4);
    let head = String::from_utf8_lossy(&std::mem::replace(buffer, rest)).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse::<usize>().ok())
        .unwrap_or(0)
        .min(LIMIT);
    while buffer.len() < length {
        if !more(stream, buffer).await? {
            return Ok(None);
        }
    }
    let rest = buffer.split_off(length);
    let body = std::mem::replace(buffer, rest);
    Ok(Some(RecordedRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body,
    }))
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<bool> {
    Ok(stream.read_buf(buffer).await? > 0)
}
