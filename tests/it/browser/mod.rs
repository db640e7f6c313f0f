//! Through the window, in a real Chromium. `HEARTH_SHOTS` names a folder for pictures of what was seen.

mod access;
mod activity;
mod back;
mod beginning;
mod chat;
mod homes;
mod kept;
mod keys;
mod large;
mod models;
mod motion;
mod narrow;
mod network;
mod open;
mod posts;
mod print;
mod settings;
mod viewer;

use hearth_api::Timestamp;
use hearth_tests::browser::Browser;
use hearth_tests::{PASSWORD, TestHome, World};
use std::path::{Path, PathBuf};

/// Width and height of the window, unless a test is about another.
const WIDE: (u32, u32) = (1280, 900);
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const BACKSPACE: &str = "\u{E003}";
const CONTROL: &str = "\u{E009}";
const SHIFT: &str = "\u{E008}";
const ALT: &str = "\u{E00A}";
const TAB: &str = "\u{E004}";
const LEFT: &str = "\u{E012}";
const UP: &str = "\u{E013}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";

/// The built window.
fn ui_dir() -> PathBuf {
    let named = std::env::var_os("HEARTH_UI_DIR").map(PathBuf::from);
    let dir = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist"));
    assert!(
        dir.join("index.html").is_file(),
        "The window is not built: run `cargo xtask ui`"
    );
    dir
}

/// A world whose homes serve their windows.
fn world() -> World {
    World::live(Some(&ui_dir()))
}

/// What a test calls an element.
fn t(name: &str) -> String {
    format!("[data-test='{name}']")
}

/// A browser at a home's sign-in page, or at its welcome.
async fn open(home: &TestHome) -> Browser {
    let browser = Browser::open(WIDE.0, WIDE.1).await;
    browser.go(&home.ui_url()).await;
    browser
}

/// A browser in which somebody has signed in.
async fn open_as(home: &TestHome, username: &str) -> Browser {
    let browser = open(home).await;
    sign_in(&browser, username, PASSWORD).await;
    browser.find(&t("nav-compose")).await;
    browser
}

async fn sign_in(browser: &Browser, username: &str, password: &str) {
    // Where one person signed in before, the name is there already.
    browser.click(&t("username")).await;
    browser.press_together(&["\u{E009}", "a"]).await;
    browser.press("\u{E017}").await;
    browser.type_into(&t("username"), username).await;
    browser.type_into(&t("password"), password).await;
    browser.click(&t("signin")).await;
}

/// Goes to a place by its address, as a reload would.
async fn go(browser: &Browser, home: &TestHome, path: &str) {
    browser.go(&format!("{}{path}", home.ui_url())).await;
}

/// Takes the focus off whatever has it, so that keys are the page's.
async fn nowhere(browser: &Browser) {
    browser
        .run("document.activeElement.blur()", serde_json::json!([]))
        .await;
}

/// Keeps a picture of the window, if pictures are wanted.
async fn shot(browser: &Browser, name: &str) {
    let Some(dir) = std::env::var_os("HEARTH_SHOTS").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join(format!("{name}.png")), browser.screenshot().await).unwrap();
}

/// A drawn photo as a file.
fn photo_file(dir: &Path, number: u64) -> PathBuf {
    let path = dir.join(format!("photo-{number}.jpg"));
    std::fs::write(&path, hearth_tests::pictures::landscape(800, 600, number)).unwrap();
    path
}

/// Waits for a post in the feed; one that comes while somebody reads waits behind a pill.
async fn sees_post(browser: &Browser, text: &str) {
    browser
        .find_with(&format!("{}, {}", t("new-items"), t("post")), "")
        .await;
    let waits = browser.run(
        "return !document.querySelector(\"[data-test='feed']\").innerText.includes(arguments[0])",
        serde_json::json!([text]),
    );
    if waits.await.as_bool().unwrap_or(false) {
        browser.click(&t("new-items")).await;
    }
    browser.find_with(&t("post"), text).await;
}

/// Whether a time is not the beginning of time.
fn is_set(at: Timestamp) -> bool {
    at.0 > 0
}
