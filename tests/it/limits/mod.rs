//! The limits of the protocol (section 10), at the real program: what a crowd of strangers or one bad peer may occupy, and that a
//! well-behaved home is served meanwhile.
//!
//! Nothing is set for these tests: the program runs with its own limits, so what takes ten seconds there takes ten seconds here. Memory
//! is the peak of the process's resident memory, as the kernel counts it, above what it had before.

mod floods;
mod slow;
mod unread;

use bytes::Bytes;
use hearth_api::feed::{Audience, Feed, GetFeed};
use hearth_api::session::SignIn;
use hearth_api::{Command, Timestamp};
use hearth_federation::keys::NodeId;
use hearth_federation::tls::{ServerTrust, client_config};
use hearth_federation::{TlsTransport, Transport as _};
use hearth_tests::home::HomeOptions;
use hearth_tests::http::Client;
use hearth_tests::process::Served;
use hearth_tests::signing::{Signing, node_of};
use hearth_tests::{PASSWORD, TestHome, TestPerson, World, within};
use http::{Method, Request, Response, StatusCode};
use rustls::pki_types::ServerName;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub(super) const HEALTH: &str = "/federation/v1/health";
pub(super) const MIB: u64 = 1024 * 1024;

/// The hill as a process; the lake, a home that behaves; and the keys of the moor, one that does not.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) lake: TestHome,
    pub(super) served: Served,
    pub(super) node: NodeId,
    good: Signing,
    pub(super) hostile: Signing,
    pub(super) window: Client,
    tls: TlsConnector,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn begin() -> Self {
        Self::begin_with(async |_| {}).await
    }

    /// Begins with what Anna of the hill does before.
    pub(super) async fn begin_with(prepare: impl AsyncFnOnce(&TestPerson)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::live(None);
        let mut options = HomeOptions::new("Hill House");
        options.dir = Some(folder.path().join("hill"));
        let hill = world.open(options).await;
        let anna = hill.create("Anna").await;
        let lake = world.home("Lake House", &["Clara"]).await;
        let moor = world.home("Moor House", &["Erik"]).await;
        world.pair(&hill, &lake).await;
        world.pair(&hill, &moor).await;
        let (good, hostile) = (Signing::between(&lake, &hill), Signing::between(&moor, &hill));
        // Off before anything is written, so that all of it waits for the moor.
        moor.stop().await;
        prepare(&anna).await;
        let node = node_of(&hill.id());
        let port = hill.federation_address().port();
        hill.stop().await;
        let served = Served::start(hill.dir(), port, 0).await;
        let window = served.client();
        let sign_in = SignIn {
            username: "anna".to_owned(),
            password: PASSWORD.to_owned(),
            code: None,
            device: None,
        };
        window.call(sign_in).await.unwrap().unwrap();
        let stage = Self {
            tls: TlsConnector::from(Arc::new(client_config(ServerTrust::Pinned(node)).unwrap())),
            world,
            lake,
            served,
            node,
            good,
            hostile,
            window,
            _folder: folder,
        };
        stage.serves_others("Before").await;
        stage
    }

    pub(super) fn now(&self) -> Timestamp {
        self.world.now()
    }

    pub(super) async fn ok<C: Command>(&self, command: C) -> C::Output {
        self.window.call(command).await.unwrap().unwrap()
    }

    /// Connects from an address of this machine.
    pub(super) async fn dial(&self, from: Ipv4Addr) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((from, 0)))?;
        socket.connect(self.served.federation).await
    }

    pub(super) async fn dial_tls(&self, from: Ipv4Addr) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from("node.invalid").unwrap();
        self.tls.connect(name, self.dial(from).await?).await
    }

    /// Sends a request as it is, on a connection of its own.
    pub(super) async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let address = self.served.federation.to_string().parse().unwrap();
        let transport = TlsTransport::default();
        let sent = transport.send(&self.node, &address, request);
        within("an answer", sent).await.unwrap()
    }

    /// The well-behaved home is answered on new connections, and what its person says arrives.
    pub(super) async fn serves_others(&self, text: &str) {
        for _ in 0..5 {
            let ping = self.good.request(self.now(), &Method::GET, HEALTH, None);
            assert_eq!(self.send(ping).await.status(), StatusCode::OK, "{text}");
        }
        self.lake.owner().post(Audience::Public, text).await;
        within("the other home's post", async {
            let mut look = tokio::time::interval(Duration::from_millis(50));
            loop {
                look.tick().await;
                let (feed, limit) = (Feed::Public, Some(50));
                let page = self
                    .ok(GetFeed {
                        feed,
                        cursor: None,
                        limit,
                    })
                    .await;
                if page.items.iter().any(|post| post.text == text) {
                    return;
                }
            }
        })
        .await;
    }

    fn memory(&self, what: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.served.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
        let kib = line.trim_matches(|c: char| !c.is_ascii_digit());
        kib.parse::<u64>().unwrap() * 1024
    }

    /// Begins to count the process's memory anew.
    pub(super) fn weigh(&self) -> u64 {
        std::fs::write(format!("/proc/{}/clear_refs", self.served.pid()), "5").unwrap();
        self.memory("VmRSS:")
    }

    /// The process never took more than `most` above what it had.
    #[expect(
        clippy::print_stderr,
        reason = "the figure is worth knowing when the test passes, too"
    )]
    pub(super) fn took_at_most(&self, before: u64, most: u64, what: &str) {
        let took = self.memory("VmHWM:").saturating_sub(before);
        eprintln!("{what}: {} KiB above {} KiB", took / 1024, before / 1024);
        assert!(took <= most, "{what}: {took} bytes of memory, {most} are allowed");
    }
}

/// The head of a request, as text.
pub(super) fn head_of(request: &Request<Bytes>, more: &str) -> String {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: x\r\n{more}",
        request.method(),
        request.uri()
    );
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    head + "\r\n"
}

/// Writes something, then a byte now and then, until the other side ends the connection: after what time, and what it said.
pub(super) async fn dribble(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    first: &[u8],
    began: impl FnOnce(),
) -> (Duration, String) {
    let since = Instant::now();
    let mut heard = Vec::new();
    let mut piece = [0; 1024];
    let mut goes_on = stream.write_all(first).await.is_ok() && stream.flush().await.is_ok();
    began();
    let mut now_and_then = tokio::time::interval(Duration::from_millis(500));
    while goes_on {
        goes_on = tokio::select! {
            read = stream.read(&mut piece) => match read {
                Ok(0) | Err(_) => false,
                Ok(count) => {
                    heard.extend_from_slice(&piece[..count]);
                    true
                }
            },
            _ = now_and_then.tick() => first.is_empty() || (stream.write_all(b"x").await.is_ok() && stream.flush().await.is_ok()),
        };
    }
    (since.elapsed(), String::from_utf8_lossy(&heard).into_owned())
}
