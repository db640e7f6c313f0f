//! The network of a simulation: it carries requests between homes, and loses, repeats, holds back, cuts and alters them.

use super::log::Log;
use crate::time::Seed;
use bytes::Bytes;
use hearth_federation::address::Address;
use hearth_federation::keys::NodeId;
use hearth_federation::transport::{AnswerBody, BoxFuture, TransportError};
use hearth_federation::{Federation, TlsTransport, Transport};
use http::{HeaderValue, Request, Response, StatusCode};
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

/// Requests that a middleman remembers.
const REMEMBERED: usize = 24;

/// How a running home is reached.
#[derive(Clone)]
pub(super) enum Reach {
    /// Its own route of signed requests, without sockets.
    Direct(Federation),
    /// Its listener, over real TLS.
    Tls(SocketAddr),
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    RequestLost,
    AnswerLost,
    TooSlow,
    Twice,
    HeldBack,
    RequestFlipped,
    AnswerFlipped,
    RequestCut,
    AnswerCut,
    ErrorInstead,
    ErrorAfterwards,
}

const FAULTS: [Fate; 11] = [
    Fate::RequestLost,
    Fate::AnswerLost,
    Fate::TooSlow,
    Fate::Twice,
    Fate::HeldBack,
    Fate::RequestFlipped,
    Fate::AnswerFlipped,
    Fate::RequestCut,
    Fate::AnswerCut,
    Fate::ErrorInstead,
    Fate::ErrorAfterwards,
];

/// The network between the homes of one simulation.
pub(super) struct Net {
    rng: Seed,
    log: Arc<Log>,
    real: TlsTransport,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Running homes.
    running: HashMap<NodeId, (usize, Reach)>,
    /// A home whose port is closed: nothing reaches it, and it fetches.
    closed: Option<usize>,
    /// From whom requests do not reach whom.
    cut: BTreeSet<(usize, usize)>,
    /// Of a hundred requests, how many meet a fault.
    faults_percent: u64,
    /// Requests that are still on their way, though nobody waits for the answer.
    held: Vec<(NodeId, Request<Bytes>)>,
    /// Requests that a middleman has recorded.
    recorded: Vec<(NodeId, Request<Bytes>)>,
    /// How many met a fault.
    faults: u64,
    /// Homes that requests came to since it was asked last.
    touched: BTreeSet<usize>,
}

impl Net {
    pub(super) fn new(rng: Seed, log: Arc<Log>) -> Self {
        Self {
            rng,
            log,
            real: TlsTransport::default(),
            state: Mutex::default(),
        }
    }

    pub(super) fn up(&self, number: usize, node: NodeId, reach: Reach) {
        self.state.lock().unwrap().running.insert(node, (number, reach));
    }

    pub(super) fn down(&self, node: &NodeId) {
        self.state.lock().unwrap().running.remove(node);
    }

    /// Lets go of all homes, which hold this network in turn.
    pub(super) fn forget(&self) {
        *self.state.lock().unwrap() = State::default();
    }

    pub(super) fn set_faults(&self, percent: u64) {
        self.state.lock().unwrap().faults_percent = percent;
    }

    /// Requests from one home do not reach another any more, or do again.
    pub(super) fn toggle_cut(&self, from: usize, to: usize) -> bool {
        let mut state = self.state.lock().unwrap();
        if state.cut.remove(&(from, to)) {
            false
        } else {
            state.cut.insert((from, to))
        }
    }

    /// Closes the port of a home for good.
    pub(super) fn close_port(&self, of: usize) {
        self.state.lock().unwrap().closed = Some(of);
    }

    /// All requests reach their homes again.
    pub(super) fn mend_cuts(&self) {
        self.state.lock().unwrap().cut.clear();
    }

    pub(super) fn heal(&self) {
        let mut state = self.state.lock().unwrap();
        state.cut.clear();
        state.faults_percent = 0;
    }

    /// The homes that requests came to since this was asked last.
    pub(super) fn touched(&self) -> BTreeSet<usize> {
        std::mem::take(&mut self.state.lock().unwrap().touched)
    }

    /// How many requests met a fault so far.
    pub(super) fn faults(&self) -> u64 {
        self.state.lock().unwrap().faults
    }

    fn fate(&self) -> Fate {
        let percent = self.state.lock().unwrap().faults_percent;
        if self.rng.below(100) >= percent {
            return Fate::Arrives;
        }
        self.state.lock().unwrap().faults += 1;
        FAULTS[usize::try_from(self.rng.below(FAULTS.len() as u64)).unwrap_or(0)]
    }

    fn index(&self, len: usize) -> usize {
        usize::try_from(self.rng.below(len as u64)).unwrap_or(0)
    }

    /// Brings a request to a home as it is.
    async fn carry(&self, to: &NodeId, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let reach = {
            let mut state = self.state.lock().unwrap();
            let reach = state.running.get(to).cloned();
            state.touched.extend(reach.as_ref().map(|(number, _)| *number));
            reach
        };
        match reach {
            None => Err(unreachable()),
            Some((_, Reach::Direct(federation))) => {
                Ok(federation.handle(IpAddr::V4(Ipv4Addr::LOCALHOST), request).await)
            }
            Some((_, Reach::Tls(address))) => {
                let address: Address = address
                    .to_string()
                    .parse()
                    .map_err(|_malformed| TransportError::BadRequest)?;
                self.real.send(to, &address, request).await
            }
        }
    }

    /// Brings what was held back, in any order; the answers go nowhere.
    pub(super) async fn release(&self) {
        loop {
            let held = {
                let mut state = self.state.lock().unwrap();
                if state.held.is_empty() {
                    return;
                }
                let at = self.index(state.held.len());
                state.held.swap_remove(at)
            };
            self.log.say(|| "a request that was held back arrives".to_owned());
            // Nobody waits for what becomes of it.
            let _ = self.carry(&held.0, held.1).await;
        }
    }

    /// A middleman sends a request that it has recorded once more.
    pub(super) async fn replay(&self) {
        let recorded = {
            let state = self.state.lock().unwrap();
            if state.recorded.is_empty() {
                return;
            }
            state.recorded[self.index(state.recorded.len())].clone()
        };
        self.log.say(|| "a recorded request is sent again".to_owned());
        let _ = self.carry(&recorded.0, recorded.1).await;
    }

    async fn send(
        &self,
        from: usize,
        to: &NodeId,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        {
            let mut state = self.state.lock().unwrap();
            let number = state.running.get(to).map(|(number, _)| *number);
            let is_reached = |number| state.closed != Some(number) && !state.cut.contains(&(from, number));
            if !number.is_some_and(is_reached) {
                return Err(unreachable());
            }
            state.recorded.push((*to, request.clone()));
            if state.recorded.len() > REMEMBERED {
                let at = self.index(REMEMBERED);
                state.recorded.swap_remove(at);
            }
        }
        let fate = self.fate();
        if fate != Fate::Arrives {
            self.log
                .say(|| format!("{} {}: {fate:?}", request.method(), request.uri().path()));
        }
        match fate {
            Fate::Arrives => self.carry(to, request).await,
            Fate::RequestLost => Err(TransportError::Timeout),
            Fate::AnswerLost => {
                self.carry(to, request).await?;
                Err(TransportError::Broken { reused: false })
            }
            Fate::TooSlow => {
                self.carry(to, request).await?;
                Err(TransportError::Timeout)
            }
            Fate::Twice => {
                let answer = self.carry(to, request.clone()).await?;
                let again = self.carry(to, request).await?;
                Ok(if self.rng.below(2) == 0 { answer } else { again })
            }
            Fate::HeldBack => {
                self.state.lock().unwrap().held.push((*to, request));
                Err(TransportError::Timeout)
            }
            Fate::RequestFlipped => self.carry(to, self.flip_request(request)).await,
            Fate::RequestCut => {
                let (head, body) = request.into_parts();
                let kept = body.slice(..self.index(body.len() + 1));
                self.carry(to, Request::from_parts(head, kept)).await
            }
            Fate::AnswerFlipped => {
                let (mut head, body) = self.carry(to, request).await?.into_parts();
                if self.rng.below(4) == 0 {
                    let other = [200, 204, 400, 401, 403, 409, 410, 421, 503];
                    head.status = StatusCode::from_u16(other[self.index(other.len())]).unwrap();
                }
                Ok(Response::from_parts(head, self.flip(&body)))
            }
            Fate::AnswerCut => {
                let (head, body) = self.carry(to, request).await?.into_parts();
                let kept = body.slice(..self.index(body.len() + 1));
                Ok(Response::from_parts(head, kept))
            }
            Fate::ErrorInstead => Ok(self.server_error()),
            Fate::ErrorAfterwards => {
                self.carry(to, request).await?;
                Ok(self.server_error())
            }
        }
    }

    fn server_error(&self) -> Response<Bytes> {
        let status = [500, 502, 503, 504][self.index(4)];
        let mut answer = Response::new(Bytes::from_static(b"<html>Something went wrong</html>"));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        answer
    }

    /// The same with one bit turned.
    fn flip(&self, bytes: &[u8]) -> Bytes {
        let mut changed = bytes.to_vec();
        if !changed.is_empty() {
            let at = self.index(changed.len());
            changed[at] ^= 1 << self.rng.below(8);
        }
        changed.into()
    }

    /// The same with one bit of its body or of a header turned.
    fn flip_request(&self, request: Request<Bytes>) -> Request<Bytes> {
        let (mut head, body) = request.into_parts();
        if self.rng.below(2) == 0 {
            return Request::from_parts(head, self.flip(&body));
        }
        let at = self.index(head.headers.len());
        if let Some(value) = head.headers.values_mut().nth(at)
            && let Ok(changed) = HeaderValue::from_bytes(&self.flip(value.as_bytes()))
        {
            *value = changed;
        }
        Request::from_parts(head, body)
    }
}

fn unreachable() -> TransportError {
    TransportError::Unreachable(std::io::ErrorKind::ConnectionRefused.into())
}

/// The network as one home reaches it.
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) net: Arc<Net>,
}

impl Transport for Link {
    fn open<'a>(
        &'a self,
        node: &'a NodeId,
        _address: &'a Address,
        request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async move {
            let answer = self.net.send(self.from, node, request).await?;
            Ok(answer.map(AnswerBody::from))
        })
    }
}
