//! Whoever asked the system for less movement gets none.

use super::{go, nowhere, open_as, t, world};
use hearth_api::feed::Audience;
use hearth_tests::browser::Browser;
use serde_json::{Value, json};

/// The longest time, in milliseconds, that something on the page moves or fades, and what that is; with it the tokens of the styles.
const LONGEST: &str = "const ms = list => Math.max(...list.split(',').map(t => parseFloat(t) * (t.trim().endsWith('ms') ? 1 : 1000)));
    let most = 0, what = '', smooth = [];
    for (const e of [document.documentElement, ...document.querySelectorAll('body, body *')]) {
        for (const part of [null, '::before', '::after', '::backdrop']) {
            const style = getComputedStyle(e, part);
            const animation = style.animationName === 'none' ? 0 : ms(style.animationDuration);
            const longest = Math.max(ms(style.transitionDuration), animation);
            if (longest > most) { most = longest; what = (part || '') + e.outerHTML.slice(0, 120); }
            if (!part && style.scrollBehavior === 'smooth') smooth.push(e.tagName);
        }
    }
    const root = getComputedStyle(document.documentElement);
    const tokens = ['--t-80', '--t-140', '--t-200', '--t-320'].map(name => ms(root.getPropertyValue(name)));
    return { most, what, smooth, tokens, running: document.getAnimations().filter(a => a.playState === 'running' && a.effect.getTiming().duration > 1).length };";

async fn prefers(browser: &Browser, motion: &str) {
    let features = json!([{ "name": "prefers-reduced-motion", "value": motion }]);
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
        .await;
}

async fn longest(browser: &Browser) -> Value {
    browser.run(LONGEST, json!([])).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_duration_is_nothing_with_reduced_motion_and_something_without() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Friends, "The hill in autumn").await;
    anna.comment(post.id, "Lovely").await.unwrap();
    let browser = open_as(&home, "anna").await;
    for (place, seen) in [
        ("/".to_owned(), "post"),
        (format!("/p/{}", post.id), "post"),
        ("/compose".to_owned(), "compose-text"),
        ("/a".to_owned(), "nav-me"),
        ("/settings/appearance".to_owned(), "nav-me"),
        ("/health".to_owned(), "part-disk"),
    ] {
        prefers(&browser, "reduce").await;
        go(&browser, &home, &place).await;
        browser.find(&t(seen)).await;
        // The help opens a dialog over it, with what lies behind.
        nowhere(&browser).await;
        if place != "/compose" {
            browser.press("?").await;
            browser.find(&t("shortcuts")).await;
        }
        let still = longest(&browser).await;
        assert!(still["most"].as_f64().unwrap() <= 0.01, "{place}: {still}");
        assert_eq!(still["tokens"], json!([0, 0, 0, 0]), "{place}");
        assert_eq!(still["smooth"], json!([]), "{place}");
        assert_eq!(still["running"], 0, "{place}");
        prefers(&browser, "no-preference").await;
        let moving = longest(&browser).await;
        assert!(moving["most"].as_f64().unwrap() >= 80.0, "{place}: {moving}");
        assert_eq!(moving["tokens"], json!([80, 140, 200, 320]), "{place}");
    }
    browser.close().await;
    world.close().await;
}
