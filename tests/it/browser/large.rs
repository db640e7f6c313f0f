//! The window for those who need it otherwise: a narrow one, text of twice the size, and colours of the system's own.

use super::access::furnished;
use super::{TAB, go, nowhere, open_as, shot, world};
use hearth_api::feed::Audience;
use hearth_tests::TestHome;
use hearth_tests::browser::Browser;
use serde_json::{Value, json};

/// What is wider than the window, or than a part of it that scrolls up and down; a strip that is meant to be scrolled sideways is neither.
const OVER: &str = "
    const pages = [document.documentElement, ...[...document.querySelectorAll('body *')].filter(e => {
        const style = getComputedStyle(e);
        return ['auto', 'scroll'].includes(style.overflowY) && ['auto', 'scroll'].includes(style.overflowX)
            && e.scrollHeight > e.clientHeight + 1 && e.tagName !== 'TEXTAREA' && !e.closest('.h-sr-only');
    })];
    return pages.filter(page => page.scrollWidth > page.clientWidth + 1).map(page => {
        const edge = page.getBoundingClientRect().left + page.clientWidth;
        const wide = [...page.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > edge + 1);
        return [page, ...wide.slice(-2)].map(e => e.outerHTML.slice(0, 140)).join(' … ');
    })";

/// Text that its own box cuts off, where no dots tell so.
const CUT: &str = "
    return [...document.querySelectorAll('button, a, label, h1, h2, h3, p, dt, dd, legend, summary')].filter(e => {
        const style = getComputedStyle(e);
        const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
        return clips && e.innerText.trim() && style.textOverflow !== 'ellipsis' && !e.closest('.h-sr-only, [aria-hidden=true]')
            && e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 1;
    }).map(e => e.outerHTML.slice(0, 160))";

/// The stops of the Tab key that show no ring while they have the focus.
const NO_RING: &str = "
    const e = document.activeElement;
    // In the field of a text without a frame it is the caret that shows where one is.
    if (!e || e === document.body || e.matches('textarea[data-bare]')) return null;
    const rings = [e, e.parentElement, ...e.querySelectorAll('*')].filter(Boolean).some(x =>
        [null, '::before', '::after'].some(part => {
            const style = getComputedStyle(x, part);
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        }));
    const labelled = e.closest('label');
    const ring = labelled && getComputedStyle(labelled).outlineStyle !== 'none';
    return rings || ring ? null : e.outerHTML.slice(0, 160)";

async fn visit(browser: &Browser, home: &TestHome, place: &str) {
    go(browser, home, place).await;
    browser.find("h1").await;
    browser.until_gone("[data-test='skeleton'], .h-spinner", "").await;
}

fn collect(found: &mut Vec<String>, place: &str, answer: &Value) {
    let said = answer.as_array().into_iter().flatten().filter_map(Value::as_str);
    let said: Vec<&str> = said.collect();
    if !said.is_empty() {
        found.push(format!("{place}: {}", said.join("\n    ")));
    }
}

fn name(kind: &str, place: &str) -> String {
    let short: String = place.chars().take(30).collect();
    format!("{kind}{}", short.replace(['/', '?', '='], "-"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sticks_out_of_a_narrow_window_or_is_cut_when_text_is_twice_as_large() {
    let world = world();
    let (hill, _lake, places) = furnished(&world).await;
    let long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung".repeat(3);
    let anna = hill.person("Anna");
    let photo = anna.upload_photo(2).await;
    anna.post_with(Audience::Me, &long, &[(&photo, "A lake")]).await;
    let browser = open_as(&hill, "anna").await;
    let mut found = Vec::new();
    browser.resize(320, 640).await;
    for place in &places {
        visit(&browser, &hill, place).await;
        collect(
            &mut found,
            &format!("320 {place}"),
            &browser.run(OVER, json!([])).await,
        );
        shot(&browser, &name("320", place)).await;
    }
    // As a browser does for whoever asked it for letters of twice the size (WCAG 2.2, 1.4.4).
    browser.resize(1280, 900).await;
    for place in &places {
        visit(&browser, &hill, place).await;
        let twice = "document.documentElement.style.fontSize = '200%'";
        browser.run(twice, json!([])).await;
        for script in [OVER, CUT] {
            collect(
                &mut found,
                &format!("200 % {place}"),
                &browser.run(script, json!([])).await,
            );
        }
        shot(&browser, &name("200", place)).await;
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_of_the_systems_own_keep_every_focus_and_the_state_of_a_switch() {
    let world = world();
    let (hill, _lake, places) = furnished(&world).await;
    let browser = open_as(&hill, "anna").await;
    let features = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser.devtools("Emulation.setEmulatedMedia", features).await;
    let forced = "return matchMedia('(forced-colors: active)').matches";
    assert_eq!(browser.run(forced, json!([])).await, json!(true));
    let mut found = Vec::new();
    for place in &places {
        visit(&browser, &hill, place).await;
        nowhere(&browser).await;
        for _ in 0..12 {
            browser.press(TAB).await;
            if let Some(without) = browser.run(NO_RING, json!([])).await.as_str() {
                found.push(format!("{place}: no ring around {without}"));
            }
        }
        shot(&browser, &name("forced", place)).await;
    }
    // A switch shows which way it is by more than where its knob lies.
    visit(&browser, &hill, "/settings/keyboard").await;
    let colour = "return getComputedStyle(document.querySelector('[role=switch]')).backgroundColor";
    let before = browser.run(colour, json!([])).await;
    let way = "return document.querySelector('[role=switch]').getAttribute('aria-checked')";
    let way = browser.run(way, json!([])).await;
    let way = way.as_str().unwrap_or_default();
    browser.click("[role=switch]").await;
    browser
        .find(&format!("[role=switch]:not([aria-checked='{way}'])"))
        .await;
    assert_ne!(
        before,
        browser.run(colour, json!([])).await,
        "a switch looks its state"
    );
    found.dedup();
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    browser.close().await;
    world.close().await;
}
