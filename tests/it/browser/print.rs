//! On paper: what was written and who wrote it, in ink on white, without what one presses.

use super::{go, open_as, t, world};
use hearth_api::account::{AccountSettings, UpdateSettings};
use hearth_api::feed::Audience;
use serde_json::{Value, json};

/// What of the page is shown and should not be on paper: what one presses or types into, and bars.
const PRESSED: &str = "const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height > 1;
    return [...document.querySelectorAll('nav, button, textarea, input, select, [role=toolbar], .h-rail, .h-bottom, .h-toasts')]
        .filter(e => shown(e) && !e.querySelector('img')).map(e => e.outerHTML.slice(0, 200));";

/// Text that is too pale on white paper, and what is not white behind it.
const PALE: &str = "const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const channels = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data]; };
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const found = [];
    const walk = document.createTreeWalker(document.querySelector('#main'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !e.checkVisibility({ visibilityProperty: true })) continue;
        const contrast = 1.05 / (light(channels(getComputedStyle(e).color)) + 0.05);
        if (contrast < 4.5) found.push(contrast.toFixed(1) + ': ' + e.outerHTML.slice(0, 160));
    }
    for (const e of document.querySelectorAll('html, body, #main, #main *')) {
        if (!e.checkVisibility() || e.closest('.h-avatar, svg') || e.getBoundingClientRect().width < 200) continue;
        const behind = channels(getComputedStyle(e).backgroundColor);
        if (behind[3] > 20 && light(behind) < 0.9) found.push('behind: ' + e.outerHTML.slice(0, 160));
    }
    return found;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_on_paper_is_its_content_in_black_on_white_without_bars_in_a_dark_theme_too() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let picture = anna.upload_photo(1).await;
    let text = "The recipe of the apple cake, for the kitchen wall.";
    let post = anna
        .post_with(Audience::Friends, text, &[(&picture, "A cake")])
        .await;
    anna.comment(post.id, "More cinnamon, please.").await.unwrap();
    let settings = anna.status().await.me.unwrap().settings;
    anna.ok(UpdateSettings {
        settings: AccountSettings {
            theme: "dark".to_owned(),
            ..settings
        },
    })
    .await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser.find_with(&t("post"), text).await;
    browser.sees("More cinnamon").await;
    browser.find("html[data-theme='dark']").await;
    let pale = browser.run(PALE, json!([])).await;
    assert!(
        pale.as_array().is_some_and(|found| !found.is_empty()),
        "the screen is dark"
    );
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    browser.sees(text).await;
    browser.sees("More cinnamon").await;
    let shown = browser.run(PRESSED, json!([])).await;
    assert_eq!(shown, json!([]), "nothing to press is printed");
    let pale = browser.run(PALE, json!([])).await;
    assert_eq!(pale, json!([]), "black on white");
    if let Some(dir) = std::env::var_os("HEARTH_SHOTS") {
        let dir = std::path::PathBuf::from(dir);
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("print-post.png"), browser.screenshot().await).unwrap();
    }
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "" }))
        .await;
    let printed = browser
        .devtools("Page.printToPDF", json!({ "printBackground": true }))
        .await;
    let pdf = file_of(&printed);
    assert!(pdf.starts_with(b"%PDF-"));
    let pages = pages_of(&pdf);
    assert!((1..=2).contains(&pages), "{pages} pages");
    browser.close().await;
    world.close().await;
}

fn file_of(printed: &Value) -> Vec<u8> {
    let text = printed["data"].as_str().expect("a file");
    data_encoding::BASE64.decode(text.as_bytes()).expect("Base64")
}

/// How many pages a PDF file says it has: the `/Count` of its tree.
fn pages_of(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let counts = text
        .split("/Count ")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
    counts.max().unwrap_or(0)
}
