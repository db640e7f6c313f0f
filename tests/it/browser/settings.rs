//! Settings that one sees: theme, language, size of text; and a narrow window.

use super::{go, open_as, shot, t, world};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn theme_and_language_change_at_once_and_stay() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/settings/appearance").await;
    let background = "return getComputedStyle(document.body).backgroundColor";
    let light = browser.run(background, json!([])).await;
    browser.click_with("label", "Dark").await;
    browser.find("html[data-theme='dark']").await;
    let dark = browser.run(background, json!([])).await;
    assert_ne!(light, dark, "the window is drawn anew");
    shot(&browser, "settings-dark").await;

    let choose = "const e = document.querySelector(\"[data-test='language']\"); e.value = 'de';
                  e.dispatchEvent(new Event('change', { bubbles: true }));";
    browser.run(choose, json!([])).await;
    browser.find("html[lang='de']").await;
    browser.find_with("h1, h2", "Darstellung").await;
    browser.reload().await;
    browser.find("html[lang='de'][data-theme='dark']").await;
    let settings = home.owner().status().await.me.unwrap().settings;
    assert_eq!(
        (settings.theme.as_str(), settings.language.as_str()),
        ("dark", "de")
    );
    go(&browser, &home, "/").await;
    browser.find(&t("feed-empty")).await;
    shot(&browser, "feed-empty-german-dark").await;
    browser.close().await;
    world.close().await;
}
