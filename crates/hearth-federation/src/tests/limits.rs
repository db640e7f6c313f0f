//! What others may occupy: headers, bodies, connections, time.

use super::rig::{TestHome, code_of, in_time, pair, two};
use crate::listener::ListenerLimits;
use crate::tls::{ServerTrust, client_config};
use http::{HeaderValue, Request};
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const SOON: Duration = Duration::from_millis(300);

fn impatient() -> ListenerLimits {
    ListenerLimits {
        handshake: SOON,
        header: SOON,
        body: SOON,
        ..ListenerLimits::default()
    }
}

/// A bare connection to a home of this test.
#[expect(clippy::disallowed_methods, reason = "no home calls here: it is the stranger")]
async fn knock(to: &TestHome) -> std::io::Result<TcpStream> {
    TcpStream::connect(to.address()).await
}

async fn raw(to: &TestHome) -> std::io::Result<TlsStream<TcpStream>> {
    let config = client_config(ServerTrust::Pinned(to.key().id())).unwrap();
    let stream = knock(to).await?;
    let name = ServerName::try_from("node.invalid").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// All that comes until the other side closes.
async fn rest(stream: &mut TlsStream<TcpStream>) -> String {
    let mut all = Vec::new();
    // A connection that is cut rather than closed has said what it had to say.
    let _ = in_time("the end of the connection", stream.read_to_end(&mut all)).await;
    String::from_utf8_lossy(&all).into_owned()
}

/// The head of a signed request, as text.
fn head_of(request: &Request<bytes::Bytes>, length: usize) -> String {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n",
        request.method(),
        request.uri()
    );
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    head + "\r\n"
}

#[tokio::test]
async fn a_flood_of_headers_ends_the_connection_and_nobody_elses() {
    let (anna, ben) = two().await;
    let mut stream = raw(&ben).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let line = format!("x-{}: {}\r\n", "a".repeat(50), "b".repeat(2_000));
    let mut sent = 0_usize;
    while sent < 4 * 1024 * 1024 && stream.write_all(line.as_bytes()).await.is_ok() {
        sent += line.len();
    }
    let answer = rest(&mut stream).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    assert!(sent < 4 * 1024 * 1024, "it was not read for ever");

    // Few headers of which one is long are refused by what may be signed.
    let mut request = anna.request(&ben, b"", |_| {});
    request
        .headers_mut()
        .insert("x-long", HeaderValue::try_from("b".repeat(66 * 1024)).unwrap());
    let answer = anna.send(&ben, request).await;
    assert!([413, 431].contains(&answer.status().as_u16()), "{answer:?}");
    anna.say(&ben.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
}

#[tokio::test]
async fn who_dribbles_or_says_nothing_is_shown_the_door() {
    let (anna, ben) = (
        TestHome::new(1).await,
        TestHome::with_limits(2, impatient()).await,
    );
    pair(&anna, &ben).await;
    // Neither a handshake ...
    let mut silent = knock(&ben).await.unwrap();
    assert_eq!(in_time("the end", silent.read(&mut [0; 8])).await.unwrap_or(0), 0);
    // ... nor a head ...
    let mut stream = raw(&ben).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
    rest(&mut stream).await;
    // ... nor a body may take for ever: a stranger's ...
    let mut stream = raw(&ben).await.unwrap();
    stream
        .write_all(b"POST /federation/v1/pair HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\nabc")
        .await
        .unwrap();
    assert!(rest(&mut stream).await.contains("\"unavailable\""));
    // ... or a peer's.
    let mut stream = raw(&ben).await.unwrap();
    let request = anna.request(&ben, &[7; 1_000], |_| {});
    stream
        .write_all(head_of(&request, 1_000).as_bytes())
        .await
        .unwrap();
    stream.write_all(&[7; 10]).await.unwrap();
    assert!(rest(&mut stream).await.contains("\"unavailable\""));
    anna.say(&ben.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let (anna, ben) = two().await;
    let mut stream = raw(&ben).await.unwrap();
    let request = anna.request(&ben, b"abc", |_| {});
    stream
        .write_all(head_of(&request, 1024 * 1024 + 1).as_bytes())
        .await
        .unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");

    let mut stream = raw(&ben).await.unwrap();
    stream
        .write_all(b"POST /federation/v1/pair HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        .await
        .unwrap();
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for _ in 0..3 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let answer = rest(&mut stream).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer}"
    );
}

#[tokio::test]
async fn strangers_fill_only_their_own_room_and_leave_it_in_the_end() {
    let limits = ListenerLimits {
        strangers: 2,
        stranger: Duration::from_millis(800),
        ..ListenerLimits::default()
    };
    let (anna, ben) = (TestHome::new(1).await, TestHome::with_limits(2, limits).await);
    pair(&anna, &ben).await;
    // Anna is known: her connection stays and is not counted.
    anna.say(&ben.id(), 1, "post 1").await;
    assert_eq!(anna.federation().pump().await.delivered, 1);
    let mut one = raw(&ben).await.unwrap();
    let mut two = raw(&ben).await.unwrap();
    // The room is full: for one more, the oldest must leave.
    let mut three = raw(&ben).await.unwrap();
    rest(&mut one).await;
    for stays in [&mut two, &mut three] {
        let asked = b"GET /federation/v1/health HTTP/1.1\r\nhost: x\r\n\r\n";
        stays.write_all(asked).await.unwrap();
        let mut begins = [0; 12];
        in_time("an answer", stays.read_exact(&mut begins)).await.unwrap();
        assert_eq!(&begins, b"HTTP/1.1 200");
    }
    anna.say(&ben.id(), 2, "post 2").await;
    assert_eq!(
        anna.federation().pump().await.delivered,
        1,
        "peers have their own"
    );
    // ... and nobody stays for ever.
    rest(&mut two).await;
    rest(&mut three).await;
    assert!(raw(&ben).await.is_ok());
}

#[tokio::test]
async fn a_peer_that_asks_without_end_is_asked_to_wait() {
    let limits = ListenerLimits {
        burst: 3,
        per_second: 0,
        ..ListenerLimits::default()
    };
    let (anna, ben) = (TestHome::new(1).await, TestHome::with_limits(2, limits).await);
    let cora = TestHome::new(3).await;
    pair(&anna, &ben).await;
    pair(&cora, &ben).await;
    for _ in 0..3 {
        assert_eq!(
            anna.send(&ben, anna.request(&ben, b"", |_| {})).await.status(),
            200
        );
    }
    let answer = anna.send(&ben, anna.request(&ben, b"", |_| {})).await;
    assert_eq!(
        (answer.status().as_u16(), code_of(&answer).as_str()),
        (429, "rate_limited")
    );
    assert!(answer.headers().contains_key("signature"));
    cora.say(&ben.id(), 1, "post 1").await;
    assert_eq!(cora.federation().pump().await.delivered, 1);
}

#[tokio::test]
async fn a_peer_has_so_many_connections_and_one_more_is_told_to_wait() {
    let limits = ListenerLimits {
        connections_of_peer: 1,
        ..ListenerLimits::default()
    };
    let (anna, ben) = (TestHome::new(1).await, TestHome::with_limits(2, limits).await);
    pair(&anna, &ben).await;
    let ask = async |stream: &mut TlsStream<TcpStream>| {
        let request = head_of(&anna.request(&ben, b"", |_| {}), 0);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut begins = [0; 12];
        in_time("an answer", stream.read_exact(&mut begins))
            .await
            .unwrap();
        String::from_utf8_lossy(&begins).into_owned()
    };
    let mut one = raw(&ben).await.unwrap();
    let mut two = raw(&ben).await.unwrap();
    assert_eq!(ask(&mut one).await, "HTTP/1.1 200");
    assert_eq!(ask(&mut two).await, "HTTP/1.1 503");
    let said = rest(&mut two).await;
    assert!(
        said.contains("\"unavailable\"") && said.contains("signature"),
        "{said}"
    );
    // What was given to the one that ended is there for another.
    drop(one);
    in_time("a place", async {
        loop {
            let mut three = raw(&ben).await.unwrap();
            if ask(&mut three).await == "HTTP/1.1 200" {
                return;
            }
        }
    })
    .await;
}
