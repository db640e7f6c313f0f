//! The desktop app in its real window, on a screen without a monitor: how soon it is there, what it takes, how it scrolls.
//!
//! `HEARTH_DESKTOP_BIN` names the app, which should be a release build. Without a graphics card the picture is drawn by the
//! processor, so that frames are slower here than where people look at them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on stops"
)]

use hearth_api::session::SignIn;
use hearth_tests::crowd::Crowd;
use hearth_tests::desktop::{App, Desk, until};
use hearth_tests::figures::{Times, report, report_ms};
use hearth_tests::home::HomeOptions;
use hearth_tests::{PASSWORD, World};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const POSTS: u64 = 10_000;
const STARTS: usize = 5;
/// How long the window is left alone before what it takes is looked at, and for how long that is.
const REST: Duration = Duration::from_secs(10);
/// How long it is scrolled, in milliseconds: less than a script may take.
const SCROLL_MS: u32 = 15_000;
const KEYS: usize = 200;

/// Scrolls on with every frame and tells how long each took, and how many cards there were at most.
const SCROLL: &str = "const [ms, done] = arguments;
    const page = [...document.querySelectorAll('*')].find(e => e.scrollHeight > e.clientHeight + 1000 && getComputedStyle(e).overflowY !== 'visible');
    const times = []; let cards = 0, last = performance.now(); const begin = last;
    const step = now => { times.push(now - last); last = now; page.scrollTop += 40;
        cards = Math.max(cards, document.querySelectorAll(\"[data-test='post']\").length);
        if (now - begin < ms) requestAnimationFrame(step); else done({ times: times.slice(1), cards, at: page.scrollTop }); };
    requestAnimationFrame(step);";
/// Notes for each key how long it took until the frame with it was drawn.
const WATCH_KEYS: &str = "window.drawn = [];
    document.addEventListener('keydown', e => { const begin = e.timeStamp; requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.drawn.push(performance.now() - begin); port2.postMessage(0); }); }, true);";

#[tokio::main]
async fn main() {
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let is_wanted =
        |name: &str| named.is_empty() || named.iter().any(|wanted| name.contains(wanted.as_str()));
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("home");
    let world = World::live(None);
    let home = world
        .open(HomeOptions {
            dir: Some(data.clone()),
            ..HomeOptions::new("Hill House")
        })
        .await;
    let anna = home.create("Anna").await;
    let crowd = Crowd {
        homes: 20,
        friends: 200,
        posts: POSTS,
    };
    crowd.fill(&anna, world.now()).await;
    home.stop().await;

    let desk = Desk::new().await;
    let app = App::open(&desk, &data).await;
    app.ask(SignIn {
        username: "anna".to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        device: None,
    })
    .await;
    app.terminate().await;
    if is_wanted("window_ready") {
        window_ready(&desk, &data).await;
    }
    let app = App::open(&desk, &data).await;
    app.find("[data-test='post']").await;
    if is_wanted("tree_rss") || is_wanted("idle_cpu") {
        at_rest(&app).await;
    }
    if is_wanted("input_to_paint") {
        input_to_paint(&app).await;
    }
    if is_wanted("ui_scroll") {
        ui_scroll(&app).await;
    }
    app.terminate().await;
}

/// From the start of the driver, which starts the app, to a post in the feed.
async fn window_ready(desk: &Desk, data: &Path) {
    let mut times = Times::default();
    for _start in 0..STARTS {
        let began = Instant::now();
        let app = App::open(desk, data).await;
        app.find("[data-test='post']").await;
        times.add(began.elapsed());
        app.terminate().await;
    }
    report_ms("window_ready", times.percentile(50));
}

/// What the app and all its processes take while nobody does anything.
async fn at_rest(app: &App) {
    tokio::time::sleep(REST).await;
    let before = app.processor_ms();
    tokio::time::sleep(REST).await;
    let spent = app.processor_ms().saturating_sub(before);
    report("idle_cpu", spent as f64 / REST.as_millis() as f64 * 100.0, "%");
    let (resident, proportional) = app.memory();
    report("tree_rss", resident as f64 / 1e6, "MB");
    // Pages that processes share are counted once.
    report("tree_pss", proportional as f64 / 1e6, "MB");
}

async fn ui_scroll(app: &App) {
    app.go("tauri://localhost/").await;
    app.find("[data-test='post']").await;
    let seen = app.run_async(SCROLL, json!([SCROLL_MS])).await;
    let times: Vec<f64> = numbers(&seen["times"]);
    assert!(!times.is_empty(), "nothing was drawn: {seen}");
    // Late is a frame that comes half a frame after its time, at 60 a second.
    let late = times.iter().filter(|ms| **ms > 1000.0 / 60.0 * 1.5).count();
    report("ui_scroll", late as f64 / times.len() as f64 * 100.0, "%");
    report("ui_scroll_worst", times.iter().copied().fold(0.0, f64::max), "ms");
    report(
        "ui_scroll_fps",
        times.len() as f64 / f64::from(SCROLL_MS) * 1000.0,
        "fps",
    );
    report("ui_scroll_cards", seen["cards"].as_f64().unwrap_or(0.0), "cards");
}

async fn input_to_paint(app: &App) {
    app.go("tauri://localhost/compose").await;
    app.click("[data-test='compose-text']").await;
    app.run(WATCH_KEYS, json!([])).await;
    for _key in 0..KEYS {
        app.press("a").await;
    }
    let drawn = until("the keys to be drawn", || async {
        let drawn = numbers(&app.run("return window.drawn", json!([])).await);
        (drawn.len() >= KEYS).then_some(drawn)
    })
    .await;
    let mut times = Times::default();
    for ms in drawn {
        times.add(Duration::from_secs_f64(ms.max(0.0) / 1000.0));
    }
    report_ms("input_to_paint_p95", times.percentile(95));
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect()
}
