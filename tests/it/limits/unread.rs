//! Who asks and does not read the answer.

use super::*;

/// Longer than what the system takes of an answer that nobody reads.
const FILE: usize = 12 * 1024 * 1024;

impl Stage {
    /// Asks, several times on one connection, and reads nothing.
    async fn ask_only(&self, path: &str, times: usize) -> Option<TlsStream<TcpStream>> {
        let mut stream = self.dial_tls(Ipv4Addr::LOCALHOST).await.ok()?;
        let asked: String = (0..times)
            .map(|_| head_of(&self.hostile.request(self.now(), &Method::GET, path, None), ""))
            .collect();
        stream.write_all(asked.as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
        Some(stream)
    }

    /// Pings as the one that does not read, until the answer is this.
    async fn hostile_ping(&self, until: StatusCode) {
        let mut look = tokio::time::interval(Duration::from_millis(200));
        loop {
            look.tick().await;
            let ping = self.hostile.request(self.now(), &Method::GET, HEALTH, None);
            let answer = self.send(ping).await;
            assert!(answer.headers().contains_key("signature"), "{answer:?}");
            if answer.status() == until {
                return;
            }
        }
    }
}

#[tokio::test]
async fn a_file_that_is_not_read_takes_a_place_for_less_than_a_minute() {
    let mut path = String::new();
    let prepare = async |anna: &TestPerson| {
        let file: Vec<u8> = (0..FILE).map(|n| (n % 251) as u8).collect();
        let file = anna.upload("film.bin", &file).await.unwrap();
        anna.post_with(Audience::Public, "A long file", &[(&file, "")])
            .await;
        path = format!("/federation/v1/media/{}", file.hash);
    };
    let stage = Stage::begin_with(prepare).await;
    let before = stage.weigh();
    let since = Instant::now();
    let mut unread = Vec::new();
    for _ in 0..100 {
        unread.extend(stage.ask_only(&path, 1).await);
    }
    within(
        "all places taken",
        stage.hostile_ping(StatusCode::SERVICE_UNAVAILABLE),
    )
    .await;
    stage.serves_others("While one peer does not read").await;
    let again = tokio::time::timeout(Duration::from_secs(60), stage.hostile_ping(StatusCode::OK));
    again.await.expect("the places come back");
    let lasted = since.elapsed();
    eprintln!("The places came back after {lasted:?}");
    assert!(
        lasted > Duration::from_secs(9),
        "it was the time that ended it: {lasted:?}"
    );
    stage.took_at_most(before, 64 * MIB, "a hundred files that are not read");
    drop(unread);
}

#[tokio::test]
async fn answers_that_are_not_read_take_little_memory_and_end() {
    let prepare = async |anna: &TestPerson| {
        let mut state = 1_u32;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x4e00 + (state >> 16) % 20_000).unwrap()
        };
        for _ in 0..30 {
            let text: String = (0..18_000).map(|_| letter()).collect();
            anna.post(Audience::Public, &text).await;
        }
    };
    let stage = Stage::begin_with(prepare).await;
    let outbox = "/federation/v1/outbox?after=0&wait=0";
    let asked = stage.hostile.request(stage.now(), &Method::GET, outbox, None);
    let answer = stage.send(asked).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.body().len() > 200_000, "{} bytes", answer.body().len());
    let before = stage.weigh();
    let mut unread = Vec::new();
    for _ in 0..20 {
        unread.extend(stage.ask_only(outbox, 24).await);
    }
    stage.serves_others("While one peer asks and does not read").await;
    within("an answer", stage.hostile_ping(StatusCode::OK)).await;
    stage.took_at_most(before, 64 * MIB, "480 answers that are not read");
    drop(unread);
}
