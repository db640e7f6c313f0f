//! Every screen, light and dark, wide and narrow, looked at by axe-core.

use super::{ENTER, go, open, shot, t, world};
use hearth_tests::browser::Browser;
use serde_json::json;

/// Sets the theme as the settings would, for this page.
async fn theme(browser: &Browser, theme: &str) {
    browser
        .run(
            "document.documentElement.dataset.theme = arguments[0]",
            json!([theme]),
        )
        .await;
}

async fn judge(browser: &Browser, what: &str, found: &mut Vec<String>) {
    browser.until_gone("[data-test='skeleton'], .h-spinner", "").await;
    for name in ["light", "dark"] {
        theme(browser, name).await;
        for fault in browser.axe().await {
            found.push(format!("{what}, {name}: {fault}"));
        }
        shot(
            browser,
            &format!("{}-{name}", what.replace(['/', ' '], "-").trim_matches('-')),
        )
        .await;
    }
    let errors = browser.console_errors().await;
    found.extend(errors.into_iter().map(|error| format!("{what}: {error}")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_beginning_is_accessible() {
    let world = world();
    let home = world.empty_home("Hill House").await;
    let browser = open(&home).await;
    let mut found = Vec::new();
    browser.find(&t("welcome-create")).await;
    judge(&browser, "welcome", &mut found).await;
    browser.click(&t("welcome-create")).await;
    browser.find(&t("home-name")).await;
    judge(&browser, "create home", &mut found).await;
    browser.type_into(&t("home-name"), "Hill House").await;
    browser.press(ENTER).await;
    browser.find(&t("birth")).await;
    judge(&browser, "create you", &mut found).await;
    home.create("Anna").await;
    go(&browser, &home, "/").await;
    browser.find(&t("signin")).await;
    judge(&browser, "sign in", &mut found).await;
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    browser.close().await;
    world.close().await;
}
