//! A line between two homes that is slow, far, lossy, one-way, or moves house: a proxy of TCP connections in this process.
//!
//! What it does is what a home can notice above TCP. Bytes go in segments of 1460; each takes its time on the line, which all
//! connections share, and then the delay. A segment that is lost holds up all behind it for as long as TCP takes to send it again, twice
//! as long each further time, and after some losses of the same one the connection is broken off. What TCP does besides (windows that
//! shrink, what is acknowledged) is not modelled, so a real line that loses as much is slower still.

use crate::time::Seed;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

/// Bytes of a segment.
const SEGMENT: usize = 1460;
/// Segments on the way at once, of one connection in one direction.
const WINDOW: usize = 16;

/// What a line is like.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Bytes a second, each way.
    pub rate: u64,
    /// From one end to the other.
    pub delay: Duration,
    /// Of a hundred segments, how many are lost each time they are sent.
    pub lost_percent: u64,
    /// After what time a lost segment is sent again, the first time.
    pub again: Duration,
    /// How often the same segment may be lost before the connection breaks.
    pub patience: u32,
}

impl Weather {
    /// As if there were no line.
    #[must_use]
    pub const fn fair() -> Self {
        Self {
            rate: 1 << 40,
            delay: Duration::ZERO,
            lost_percent: 0,
            again: Duration::ZERO,
            patience: 0,
        }
    }

    /// 56 kbit/s and two seconds there and back, all so many times faster.
    #[must_use]
    pub fn modem(speedup: u32) -> Self {
        Self {
            rate: 7_000 * u64::from(speedup),
            delay: Duration::from_secs(1) / speedup,
            again: Duration::from_secs(3) / speedup,
            patience: 6,
            ..Self::fair()
        }
    }

    /// The same, losing so many of a hundred segments.
    #[must_use]
    pub const fn losing(self, percent: u64) -> Self {
        Self {
            lost_percent: percent,
            ..self
        }
    }
}

struct Inner {
    to: SocketAddr,
    weather: Mutex<Weather>,
    refuses: Mutex<bool>,
    refused: AtomicU64,
    seed: Seed,
    /// When each direction is free again.
    free: [Mutex<Instant>; 2],
    /// What the called side sent, so far.
    answered: watch::Sender<u64>,
    /// Segments that were lost.
    lost: watch::Sender<u64>,
    /// Connections that were broken off for what was lost.
    broken: watch::Sender<u64>,
    /// Changes when all connections end.
    hung_up: watch::Sender<u64>,
    down: watch::Sender<bool>,
}

/// A line to a home. It is down when this is dropped.
pub struct Line {
    /// Where it begins.
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.cut();
    }
}

impl Line {
    /// A line to an address, in fair weather at first. What is lost follows from the seed.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn to(to: SocketAddr, seed: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let now = Instant::now();
        let inner = Arc::new(Inner {
            to,
            weather: Mutex::new(Weather::fair()),
            refuses: Mutex::new(false),
            refused: AtomicU64::new(0),
            seed: Seed::new(seed),
            free: [Mutex::new(now), Mutex::new(now)],
            answered: watch::Sender::new(0),
            lost: watch::Sender::new(0),
            broken: watch::Sender::new(0),
            hung_up: watch::Sender::new(0),
            down: watch::Sender::new(false),
        });
        let serving = Arc::clone(&inner);
        let mut down = inner.down.subscribe();
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    _ = down.wait_for(|down| *down) => return,
                    accepted = listener.accept() => accepted,
                };
                let Ok((caller, _)) = accepted else { return };
                if *serving.refuses.lock().unwrap() {
                    serving.refused.fetch_add(1, Ordering::SeqCst);
                } else {
                    tokio::spawn(Arc::clone(&serving).connection(caller));
                }
            }
        });
        Self { address, inner }
    }

    /// Changes the weather, for what is sent from now on.
    ///
    /// # Panics
    /// Never.
    pub fn set(&self, weather: Weather) {
        *self.inner.weather.lock().unwrap() = weather;
    }

    /// Turns every new caller away, or no longer; who calls already is cut off.
    ///
    /// # Panics
    /// Never.
    pub fn refuse(&self, refuses: bool) {
        *self.inner.refuses.lock().unwrap() = refuses;
        if refuses {
            self.inner.hung_up.send_modify(|times| *times += 1);
        }
    }

    /// How many callers were turned away.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.inner.refused.load(Ordering::SeqCst)
    }

    /// Ends everything, and is not there any more.
    pub fn cut(&self) {
        self.inner.down.send_replace(true);
    }

    /// How many bytes the called side has sent over it.
    #[must_use]
    pub fn answered(&self) -> u64 {
        *self.inner.answered.borrow()
    }

    /// Waits until the called side has sent so many bytes.
    ///
    /// # Panics
    /// Never.
    pub async fn until_answered(&self, bytes: u64) {
        let mut answered = self.inner.answered.subscribe();
        answered.wait_for(|count| *count >= bytes).await.unwrap();
    }

    /// How many segments were lost, and how many connections were broken off for it.
    #[must_use]
    pub fn lost(&self) -> (u64, u64) {
        (*self.inner.lost.borrow(), *self.inner.broken.borrow())
    }
}

impl Inner {
    async fn connection(self: Arc<Self>, caller: TcpStream) {
        let Ok(called) = TcpStream::connect(self.to).await else {
            return;
        };
        let _ = (caller.set_nodelay(true), called.set_nodelay(true));
        let (from_caller, to_caller) = caller.into_split();
        let (from_called, to_called) = called.into_split();
        let (mut down, mut hung_up) = (self.down.subscribe(), self.hung_up.subscribe());
        // Both directions end together, whatever ends the first.
        tokio::select! {
            () = self.carry(0, from_caller, to_called) => {}
            () = self.carry(1, from_called, to_caller) => {}
            _ = hung_up.changed() => {}
            _ = down.wait_for(|down| *down) => {}
        }
    }

    async fn carry(&self, direction: usize, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let (sender, mut arriving) = mpsc::channel::<(Instant, Vec<u8>)>(WINDOW);
        let reads = async move {
            let mut last = Instant::now();
            let mut buffer = vec![0; SEGMENT];
            loop {
                let count = match from.read(&mut buffer).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => count,
                };
                let Some(at) = self.arrival(direction, count) else {
                    return;
                };
                last = last.max(at);
                if sender.send((last, buffer[..count].to_vec())).await.is_err() {
                    return;
                }
            }
        };
        let writes = async {
            while let Some((at, piece)) = arriving.recv().await {
                sleep_until(at).await;
                if to.write_all(&piece).await.is_err() {
                    return;
                }
                if direction == 1 {
                    self.answered.send_modify(|count| *count += piece.len() as u64);
                }
            }
        };
        // What is on the way still arrives when no more is sent.
        tokio::pin!(writes);
        tokio::select! {
            () = reads => writes.await,
            () = &mut writes => {}
        }
    }

    /// When a segment that is sent now arrives; never, when it is lost too often.
    fn arrival(&self, direction: usize, length: usize) -> Option<Instant> {
        let weather = *self.weather.lock().unwrap();
        let takes = Duration::from_nanos(1_000_000_000 * length as u64 / weather.rate);
        let mut free = self.free[direction].lock().unwrap();
        let sent = (*free).max(Instant::now()) + takes;
        *free = sent;
        drop(free);
        let mut at = sent + weather.delay;
        for time in 0.. {
            if self.seed.below(100) >= weather.lost_percent {
                break;
            }
            self.lost.send_modify(|count| *count += 1);
            if time >= weather.patience {
                self.broken.send_modify(|count| *count += 1);
                return None;
            }
            at += weather.again * 2_u32.pow(time);
        }
        Some(at)
    }
}
