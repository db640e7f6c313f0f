//! Who takes their time, and who sends too much.

use super::*;
use hearth_tests::wire::{INBOX, INBOX_TYPE};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How a connection is held without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Half of the first message of TLS.
    Handshake,
    /// Nothing after the handshake.
    Idle,
    /// Half of a head.
    Head,
    /// A stranger's half of a body.
    Body,
    /// A peer's half of a body.
    PeersBody,
}

const WAYS: [Held; 5] = [
    Held::Handshake,
    Held::Idle,
    Held::Head,
    Held::Body,
    Held::PeersBody,
];
const CONNECTIONS: usize = 1000;

impl Stage {
    /// Holds a connection as long as it lasts.
    async fn hold(&self, way: Held, began: impl FnOnce()) -> (Duration, String) {
        let here = Ipv4Addr::LOCALHOST;
        if way == Held::Handshake {
            let stream = self.dial(here).await.unwrap();
            return dribble(stream, &[22, 3, 1, 2, 0, 1], began).await;
        }
        let Ok(stream) = self.dial_tls(here).await else {
            // Another one needed the room.
            began();
            return (Duration::ZERO, String::new());
        };
        let first = match way {
            Held::Idle | Held::Handshake => String::new(),
            Held::Head => "GET / HTTP/1.1\r\nhost:".to_owned(),
            Held::Body => {
                "POST /federation/v1/pair HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\nabc".to_owned()
            }
            Held::PeersBody => {
                let body = [b'x'; 9000];
                let request =
                    self.hostile
                        .request(self.now(), &Method::POST, INBOX, Some((INBOX_TYPE, &body)));
                head_of(&request, "content-length: 9000\r\n") + "xxx"
            }
        };
        dribble(stream, first.as_bytes(), began).await
    }
}

#[tokio::test]
async fn a_thousand_connections_that_dribble_hold_nobody_up_and_end_in_time() {
    let stage = Arc::new(Stage::begin().await);
    let before = stage.weigh();
    let (begun, mut all_begun) = watch::channel(0);
    let open = Arc::new(AtomicUsize::new(0));
    let mut holding = JoinSet::new();
    for n in 0..CONNECTIONS {
        let (stage, begun, open) = (Arc::clone(&stage), begun.clone(), Arc::clone(&open));
        holding.spawn(async move {
            let way = WAYS[n % WAYS.len()];
            let held = stage
                .hold(way, || {
                    open.fetch_add(1, Ordering::SeqCst);
                    begun.send_modify(|count| *count += 1);
                })
                .await;
            open.fetch_sub(1, Ordering::SeqCst);
            (way, held)
        });
        if n % 50 == 49 {
            within("connections", all_begun.wait_for(|count| *count > n))
                .await
                .unwrap();
        }
    }
    assert!(open.load(Ordering::SeqCst) > 100, "many are held");
    stage.serves_others("While a thousand dribble").await;
    assert!(
        open.load(Ordering::SeqCst) > 0,
        "it was served while they were held"
    );

    let mut ended = Vec::new();
    within("the end of all connections", async {
        while let Some(held) = holding.join_next().await {
            ended.push(held.unwrap());
        }
    })
    .await;
    assert_eq!(ended.len(), CONNECTIONS);
    for way in WAYS {
        let of_way = || ended.iter().filter(|(of, _)| *of == way).map(|(_, held)| held);
        let longest = of_way().map(|(lasted, _)| *lasted).max().unwrap();
        eprintln!("{way:?}: the longest lasted {longest:?}");
        // Ten seconds, and nobody stays for long after them.
        assert!(longest < Duration::from_secs(20), "{way:?}: {longest:?}");
        if way != Held::Body {
            assert!(
                longest > Duration::from_secs(9),
                "{way:?}: it was the time that ended it: {longest:?}"
            );
        }
    }
    let peers = || ended.iter().filter(|(way, _)| *way == Held::PeersBody);
    let refused = peers().filter(|(_, (_, said))| said.contains("\"unavailable\"") || said.contains("429"));
    assert!(refused.count() > 0, "one peer has no more than its places");
    stage.took_at_most(before, 64 * MIB, "a thousand that dribble");
    stage.serves_others("After that").await;
}

/// Writes for as long as it is read, but no more than eight MiB; how much that was, and what was said.
async fn pour(mut stream: TlsStream<TcpStream>, first: &str, piece: &str) -> (usize, String) {
    let mut sent = 0;
    let mut heard = String::new();
    if stream.write_all(first.as_bytes()).await.is_ok() {
        while sent < 8 * 1024 * 1024 && stream.write_all(piece.as_bytes()).await.is_ok() {
            sent += piece.len();
        }
    }
    // A connection that is cut rather than closed has said what it had to say.
    let _ = within("the end", stream.read_to_string(&mut heard)).await;
    (sent, heard)
}

#[tokio::test]
async fn what_is_too_large_is_not_read_and_takes_little_memory() {
    let stage = Arc::new(Stage::begin().await);
    let before = stage.weigh();
    let mut pouring = JoinSet::new();
    for n in 0..96 {
        let stage = Arc::clone(&stage);
        pouring.spawn(async move {
            let Ok(stream) = stage.dial_tls(Ipv4Addr::LOCALHOST).await else {
                return (0, String::new());
            };
            let request =
                stage
                    .hostile
                    .request(stage.now(), &Method::POST, INBOX, Some((INBOX_TYPE, b"abc")));
            match n % 4 {
                0 => {
                    let line = format!("x-{}: {}\r\n", "a".repeat(50), "b".repeat(2000));
                    pour(stream, "GET / HTTP/1.1\r\n", &line).await
                }
                1 => pour(stream, "GET / HTTP/1.1\r\nx-long: ", &"b".repeat(16 * 1024)).await,
                2 => {
                    let announced = format!("content-length: {}\r\n", 2 * MIB);
                    pour(stream, &head_of(&request, &announced), &"b".repeat(16 * 1024)).await
                }
                _ => {
                    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
                    pour(
                        stream,
                        &head_of(&request, "transfer-encoding: chunked\r\n"),
                        &chunk,
                    )
                    .await
                }
            }
        });
    }
    let mut poured = 0;
    within("an end of all", async {
        while let Some(done) = pouring.join_next().await {
            let (sent, said) = done.unwrap();
            poured += 1;
            assert!(sent < 8 * 1024 * 1024, "it was read without end");
            let refused = ["HTTP/1.1 413", "HTTP/1.1 431", "HTTP/1.1 503"];
            assert!(
                said.is_empty() || refused.iter().any(|status| said.starts_with(status)),
                "{said}"
            );
            if poured == 10 {
                stage.serves_others("While some pour").await;
            }
        }
    })
    .await;
    stage.took_at_most(before, 64 * MIB, "heads and bodies without end");

    let before = stage.weigh();
    let bomb = Bytes::from(zstd::bulk::compress(&vec![b' '; 256 * 1024 * 1024], 19).unwrap());
    let mut bombs = JoinSet::new();
    for n in 0..64 {
        let (stage, bomb) = (Arc::clone(&stage), bomb.clone());
        bombs.spawn(async move {
            let (path, content_type) = match n % 3 {
                0 => ("/federation/v1/digest", "application/vnd.hearth.digest+zstd"),
                1 => ("/federation/v1/recall", "application/vnd.hearth.digest+zstd"),
                _ => (INBOX, INBOX_TYPE),
            };
            let body = Some((content_type, bomb.as_ref()));
            let request = stage.hostile.request(stage.now(), &Method::POST, path, body);
            let answer = stage.send(request).await;
            assert!(answer.headers().contains_key("signature"), "{answer:?}");
            let problem: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
            problem["code"].as_str().unwrap().to_owned()
        });
    }
    stage.serves_others("While bombs come").await;
    let codes = within("answers to all", bombs.join_all()).await;
    assert!(codes.iter().all(|code| code == "malformed"), "{codes:?}");
    stage.took_at_most(before, 64 * MIB, "64 bombs of 256 MiB each");
}
