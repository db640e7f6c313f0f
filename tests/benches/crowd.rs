//! A home with 100 000 posts and 500 friends on 100 homes: a page of the feed, posting, starting, resting.

use hearth_api::feed::{Audience, GetFeed};
use hearth_tests::crowd::Crowd;
use hearth_tests::figures::{Times, report, report_ms};
use hearth_tests::process::Served;
use hearth_tests::{TestHome, TestPerson, World};
use std::time::{Duration, Instant};

const CROWD: Crowd = Crowd {
    homes: 100,
    friends: 500,
    posts: 100_000,
};
const PAGES: usize = 500;
const POSTS: usize = 200;
const STARTS: usize = 7;
/// How long a process rests before its memory is looked at.
const REST: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() {
    let world = World::new();
    world.leaves_rows_waiting();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    CROWD.fill(&anna, world.now()).await;
    feed(&anna).await;
    posting(&anna).await;
    home.stop().await;
    starting(&home).await;
}

/// Twenty complete cards: the newest, and those below them as one scrolls.
async fn feed(anna: &TestPerson) {
    let mut times = Times::default();
    let mut cursor = None;
    for n in 0..PAGES {
        let request = GetFeed {
            cursor: if n % 10 == 0 { None } else { cursor },
            ..GetFeed::default()
        };
        let began = Instant::now();
        let page = anna.ok(request).await;
        times.add(began.elapsed());
        assert_eq!(page.items.len(), 20);
        assert!(
            page.items
                .iter()
                .any(|post| post.comment_count == 3 && !post.media.is_empty())
        );
        cursor = page.next;
    }
    report_ms("feed_page_p50", times.percentile(50));
    report_ms("feed_page_p95", times.percentile(95));
}

/// A post for friends on 100 homes, until it is durable with its 100 log rows.
async fn posting(anna: &TestPerson) {
    let before = anna.home().waiting();
    let mut times = Times::default();
    for n in 0..POSTS {
        let request = anna.new_post(Audience::Friends, &format!("Measured {n}"), Vec::new());
        let began = Instant::now();
        anna.ok(request).await;
        times.add(began.elapsed());
    }
    let rows = anna.home().waiting() - before;
    assert_eq!(rows, POSTS as u64 * CROWD.homes, "one row for each home");
    report_ms("post_ack_p50", times.percentile(50));
    report_ms("post_ack_p95", times.percentile(95));
}

/// The real program on that home: from its start until it says that it is ready, and its memory at rest.
async fn starting(home: &TestHome) {
    // The first start may still migrate or warm the disk's cache; people start more than once.
    Served::start(home.dir(), 0, 0).await.terminate().await;
    let mut times = Times::default();
    for _ in 0..STARTS {
        let began = Instant::now();
        let served = Served::start(home.dir(), 0, 0).await;
        times.add(began.elapsed());
        assert!(served.terminate().await);
    }
    report_ms("start_to_ready", times.percentile(50));
    let served = Served::start(home.dir(), 0, 0).await;
    tokio::time::sleep(REST).await;
    if let Some(kib) = resident_kib(served.pid()) {
        report("idle_rss", f64::from(kib) * 1024.0 / 1e6, "MB");
    }
    assert!(served.terminate().await);
}

/// Memory of a process that is in use, where the system tells.
fn resident_kib(pid: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
