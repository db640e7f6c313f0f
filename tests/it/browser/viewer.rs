//! Pictures and films over the page, by key.

use super::{ESCAPE, LEFT, RIGHT, go, open_as, shot, t, world};
use hearth_api::feed::Audience;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_viewer_is_walked_zoomed_and_left_by_key() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let (one, two) = (anna.upload_photo(1).await, anna.upload_photo(2).await);
    anna.post_with(Audience::Me, "Two", &[(&one, "A hill"), (&two, "A lake")])
        .await;
    let browser = open_as(&home, "anna").await;
    browser.click(&t("tile")).await;
    let shown = |alt: &str| format!(".h-viewer__image[alt='{alt}']");
    browser.find_with(".h-viewer__count", "1 / 2").await;
    browser.press(RIGHT).await;
    browser.find(&shown("A lake")).await;
    browser.find_with(".h-viewer__count", "2 / 2").await;
    browser.press(RIGHT).await;
    browser.find_with(".h-viewer__count", "2 / 2").await;
    browser.press(LEFT).await;
    browser.find(&shown("A hill")).await;

    let zoom = async || {
        let script = "return document.querySelector('.h-viewer__stage').style.getPropertyValue('--zoom')";
        browser
            .run(script, json!([]))
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    browser.press("+").await;
    browser.find(".h-viewer__stage[data-zoomed]").await;
    assert_eq!(zoom().await, "1.5000");
    browser.press("+").await;
    assert_eq!(zoom().await, "2.2500");
    browser.press("-").await;
    assert_eq!(zoom().await, "1.5000");
    browser.press("0").await;
    browser.until_gone(".h-viewer__stage[data-zoomed]", "").await;

    browser.press("i").await;
    browser.find(".h-viewer__info").await;
    shot(&browser, "viewer-info").await;
    browser.press("i").await;
    browser.until_gone(".h-viewer__info", "").await;
    browser.press("f").await;
    browser.find(".h-viewer__all:fullscreen").await;
    browser.press("f").await;
    browser.until_gone(".h-viewer__all:fullscreen", "").await;
    // Nothing plays here; the key does no harm.
    browser.press(" ").await;
    browser.find(&t("viewer")).await;
    browser.press(ESCAPE).await;
    browser.until_gone(&t("viewer"), "").await;
    browser.find(&format!("{}:focus", t("tile"))).await;
    browser.close().await;
    world.close().await;
}

/// Makes a short film of a square that changes its colour.
const FILM: &str = r"
const done = arguments[arguments.length - 1];
const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
const paint = canvas.getContext('2d');
const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm;codecs=vp8' });
const parts = [];
let frames = 0;
recorder.ondataavailable = e => parts.push(e.data);
recorder.onstop = () => new Blob(parts).arrayBuffer().then(b => done([...new Uint8Array(b)]));
recorder.start();
const draw = () => {
  paint.fillStyle = `hsl(${frames * 12} 80% 50%)`;
  paint.fillRect(0, 0, 64, 64);
  if (++frames < 45) requestAnimationFrame(draw); else recorder.stop();
};
draw();";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_plays_and_stops_by_the_space_key() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let browser = open_as(&home, "anna").await;
    let film = browser.run_async(FILM, json!([])).await;
    let bytes: Vec<u8> = serde_json::from_value(film).unwrap();
    let film = anna.upload("square.webm", &bytes).await.unwrap();
    let post = anna
        .post_with(Audience::Me, "A film", &[(&film, "A square")])
        .await;
    go(&browser, &home, &format!("/p/{}?m=1", post.id)).await;
    browser.find(".h-viewer video").await;
    let paused = async |wanted: bool| {
        let script = "const [wanted, done] = arguments;
            const video = document.querySelector('.h-viewer video');
            video.loop = true;
            const look = () => { if (video.paused === wanted) done(true); };
            for (const name of ['play', 'pause']) video.addEventListener(name, look);
            look();";
        browser.run_async(script, json!([wanted])).await;
    };
    paused(true).await;
    browser.press(" ").await;
    paused(false).await;
    browser.press(" ").await;
    paused(true).await;
    browser.close().await;
    world.close().await;
}
