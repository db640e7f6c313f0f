//! On paper: what was written and who wrote it, in ink on white, without what one presses.

use super::beginning::code_of;
use super::{ENTER, go, open_as, t, world};
use hearth_api::account::{AccountSettings, UpdateSettings};
use hearth_api::feed::Audience;
use hearth_api::provider::ProviderKind;
use hearth_tests::browser::Browser;
use hearth_tests::model::{FakeAnswer, FakeLlm};
use hearth_tests::{PASSWORD, TestPerson};
use serde_json::{Value, json};

/// What of the page is shown and should not be on paper: what one presses or types into, and bars.
const PRESSED: &str = "const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height > 1;
    return [...document.querySelectorAll('nav, button, textarea, input, select, [role=toolbar], .h-rail, .h-bottom, .h-toasts')]
        .filter(e => shown(e) && !e.querySelector('img')).map(e => e.outerHTML.slice(0, 200));";

/// Text that is too pale on white paper, and what is not white behind it.
const PALE: &str = "const [root] = arguments;
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const channels = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data]; };
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const found = [];
    const walk = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !e.checkVisibility({ visibilityProperty: true })) continue;
        const contrast = 1.05 / (light(channels(getComputedStyle(e).color)) + 0.05);
        if (contrast < 4.5) found.push(contrast.toFixed(1) + ': ' + e.outerHTML.slice(0, 160));
    }
    for (const e of document.querySelectorAll(`html, body, ${root}, ${root} *`)) {
        if (!e.checkVisibility() || e.closest('.h-avatar, .h-qr, svg') || e.getBoundingClientRect().width < 200) continue;
        const behind = channels(getComputedStyle(e).backgroundColor);
        if (behind[3] > 20 && light(behind) < 0.9) found.push('behind: ' + e.outerHTML.slice(0, 160));
    }
    return found;";

/// The page of the browser, and a dialog over it.
const MAIN: &str = "#main";
const DIALOG: &str = "dialog[open]";

/// Chooses the dark theme, in which paper shows what was forgotten.
async fn in_the_dark(person: &TestPerson) {
    let settings = person.status().await.me.unwrap().settings;
    person
        .ok(UpdateSettings {
            settings: AccountSettings {
                theme: "dark".to_owned(),
                ..settings
            },
        })
        .await;
}

/// What is within `root` is printed with all of `texts`, and nothing else but that: black on white, on as many pages as that takes.
async fn prints(browser: &Browser, name: &str, root: &str, texts: &[&str], most_pages: usize) {
    browser.find("html[data-theme='dark']").await;
    let pale = browser.run(PALE, json!([root])).await;
    assert!(
        pale.as_array().is_some_and(|found| !found.is_empty()),
        "the screen is dark"
    );
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    for text in texts {
        browser.sees(text).await;
    }
    let shown = browser.run(PRESSED, json!([])).await;
    assert_eq!(shown, json!([]), "{name}: nothing to press is printed");
    let pale = browser.run(PALE, json!([root])).await;
    assert_eq!(pale, json!([]), "{name}: black on white");
    // What one would have to scroll to is on no paper.
    let cut = browser.run(CUT, json!([root])).await;
    assert_eq!(cut, json!([]), "{name}: nothing is cut off");
    let kept = std::env::var_os("HEARTH_SHOTS").map(std::path::PathBuf::from);
    if let Some(dir) = &kept {
        std::fs::create_dir_all(dir).unwrap();
        std::fs::write(dir.join(format!("print-{name}.png")), browser.screenshot().await).unwrap();
    }
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "" }))
        .await;
    let printed = browser
        .devtools("Page.printToPDF", json!({ "printBackground": true }))
        .await;
    let pdf = file_of(&printed);
    assert!(pdf.starts_with(b"%PDF-"));
    if let Some(dir) = &kept {
        std::fs::write(dir.join(format!("print-{name}.pdf")), &pdf).unwrap();
    }
    let pages = pages_of(&pdf);
    assert!((1..=most_pages).contains(&pages), "{name}: {pages} pages");
}

/// Boxes with more in them than they show.
const CUT: &str = "const [root] = arguments;
    return [...document.querySelectorAll(`${root}, ${root} *`)]
        .filter(e => e.checkVisibility() && getComputedStyle(e).overflow !== 'visible' && !e.closest('.u-hidden, [class*=hidden], svg'))
        .filter(e => e.clientHeight > 1 && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2))
        .map(e => e.outerHTML.slice(0, 160));";

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
    in_the_dark(&anna).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    browser.find_with(&t("post"), text).await;
    prints(&browser, "post", MAIN, &[text, "More cinnamon"], 2).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_on_paper_has_every_question_and_answer_over_as_many_pages_as_it_takes() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let fake = FakeLlm::builder()
        .brain(|prompt| {
            let asked = prompt.last("user");
            let lines = "It rises for an hour in a warm place.\n\n".repeat(8);
            FakeAnswer::text(format!("About {asked}:\n\n{lines}```\nflour 500 g\n```"))
        })
        .start_ollama()
        .await;
    anna.use_model(ProviderKind::Ollama, &fake).await;
    let mut listener = anna.listen().await;
    let mut chat = None;
    let questions: Vec<String> = (1..=12).map(|n| format!("Bread number {n}")).collect();
    for question in &questions {
        let started = anna.ask(chat, question).await.unwrap();
        chat = Some(started.chat);
        listener.turn(started.turn).await;
    }
    in_the_dark(&anna).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, &format!("/a/c/{}", chat.unwrap())).await;
    browser.find_with(&t("question"), "Bread number 12").await;
    let texts: Vec<&str> = questions.iter().map(String::as_str).collect();
    prints(&browser, "chat", MAIN, &texts, 9).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_on_paper_has_its_qr_code_and_its_link_whole() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    in_the_dark(&home.owner()).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/pair/invite").await;
    browser.click(&t("invite-create")).await;
    browser.find(&t("qr")).await;
    prints(&browser, "invite", MAIN, &["hearth://i/"], 1).await;
    // Black squares on white, and large enough to be read from paper.
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    let wide = browser
        .run(
            "return document.querySelector(arguments[0]).getBoundingClientRect().width",
            json!([t("qr")]),
        )
        .await;
    assert!(wide.as_f64().unwrap() >= 150.0, "{wide} px");
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "" }))
        .await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recovery_codes_on_paper_are_all_there_alone_on_a_sheet() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    in_the_dark(&home.owner()).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/settings/account").await;
    browser.click(&t("totp-on")).await;
    browser.type_into(&t("password"), PASSWORD).await;
    browser.press(ENTER).await;
    let secret = browser.text(".h-settings__secret").await.replace(' ', "");
    browser
        .type_into(&t("code"), &code_of(&secret, world.now()))
        .await;
    let codes = browser.text(&t("recovery-codes")).await;
    let codes: Vec<&str> = codes.split_whitespace().collect();
    assert_eq!(codes.len(), 10);
    prints(&browser, "recovery-codes", DIALOG, &codes, 1).await;
    // They are shown once: paper has another width, and they must not go for that.
    browser.find(&t("recovery-codes")).await;
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    let broken = "return [...document.querySelectorAll('.h-settings__codes li')].filter(e => e.getClientRects()[0].height > 2 * parseFloat(getComputedStyle(e).fontSize)).length";
    assert_eq!(browser.run(broken, json!([])).await, 0, "each on one line");
    let others = "const dialog = document.querySelector('dialog[open]');
        return [...document.querySelectorAll('#main *, nav *')]
            .filter(e => !dialog.contains(e) && !e.contains(dialog) && e.checkVisibility()).length";
    assert_eq!(
        browser.run(others, json!([])).await,
        0,
        "the page behind stays off the paper"
    );
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "" }))
        .await;
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
