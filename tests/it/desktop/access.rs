//! What only the desktop app has, looked at by axe-core in its real window, light and dark, wide and narrow.

use super::update::{desk_with, other_program, ready};
use super::{House, shot, t};
use hearth_tests::desktop::{App, Desk, Feed, Signed, TITLE, until};
use serde_json::json;

const COMPUTER: &str = "tauri://localhost/settings/computer";
/// Where the window is put, and its size: as on a desk, and as narrow as it gets.
const PLACES: [(i64, i64, i64, i64); 2] = [(60, 40, 1280, 900), (60, 40, 360, 740)];

/// Puts the window somewhere, and waits until its page has the size.
async fn put(app: &App, place: (i64, i64, i64, i64)) {
    until("the window to have its size", || async {
        app.place(place).await;
        let width = app.run("return window.innerWidth", json!([])).await;
        (width.as_i64()? == place.2).then_some(())
    })
    .await;
}

/// Collects what axe finds in the window as it is.
async fn judge(desk: &Desk, app: &App, what: &str, found: &mut Vec<String>) {
    for place in PLACES {
        put(app, place).await;
        for theme in ["light", "dark"] {
            app.run(
                "document.documentElement.dataset.theme = arguments[0]",
                json!([theme]),
            )
            .await;
            // Colours that are on their way to the other theme are neither's.
            until("the page to stand still", || async {
                let moving = "return document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 60000).length";
                (app.run(moving, json!([])).await == 0).then_some(())
            })
            .await;
            for fault in app.axe().await {
                found.push(format!("{what}, {theme}, {}: {fault}", place.2));
            }
            shot(desk, &format!("axe-{what}-{theme}-{}", place.2));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_the_desktop_app_has_is_accessible() {
    let (feed, house) = (Feed::open().await, House::new());
    let (desk, _image) = desk_with(&feed, house.0.path()).await;
    feed.put(
        "9.0.0",
        "Pictures load faster.\n- And more.",
        &other_program(),
        Signed::BySomebody,
    );
    house.open_made(&desk).await.close().await;
    // The second day, and a window that stayed empty before.
    let kept = |name: &str| house.data().join("desktop").join(name);
    let first = std::fs::read_to_string(kept("first-start")).unwrap();
    let before = first.parse::<i64>().unwrap() - 86_400_000;
    std::fs::write(kept("first-start"), before.to_string()).unwrap();
    std::fs::write(kept("renderer"), "plain").unwrap();
    let mut found = Vec::new();
    let app = house.open(&desk).await;
    app.find(&t("autostart-offer")).await;
    app.find(&t("update-offer")).await;
    judge(&desk, &app, "strips", &mut found).await;
    app.click(&t("autostart-no")).await;
    app.go(COMPUTER).await;
    app.find(&t("safe-renderer")).await;
    judge(&desk, &app, "settings", &mut found).await;
    // A refusal in the dialog, and one that may be installed.
    app.click(&t("update-show")).await;
    app.click(&t("update-install")).await;
    app.find(&t("update-failed")).await;
    judge(&desk, &app, "refused", &mut found).await;
    app.press("\u{E00C}").await;
    app.until_gone(&t("update-dialog"), "").await;
    judge(&desk, &app, "settings after a refusal", &mut found).await;
    feed.put(
        "9.0.0",
        "Pictures load faster.",
        &other_program(),
        Signed::Rightly,
    );
    app.click(&t("update-look")).await;
    until("it to lie ready", || async { ready(&house).then_some(()) }).await;
    app.go("tauri://localhost/health").await;
    app.find_with(&t("part-update"), "ready to install").await;
    judge(&desk, &app, "health", &mut found).await;
    app.click(&t("health-update")).await;
    app.find(&t("update-notes")).await;
    judge(&desk, &app, "update", &mut found).await;
    app.press("\u{E00C}").await;
    app.until_gone(&t("update-dialog"), "").await;
    desk.screen().close(TITLE);
    app.find(&t("close-question")).await;
    judge(&desk, &app, "close question", &mut found).await;
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    app.press("\u{E00C}").await;
    app.until_gone(&t("close-question"), "").await;
    app.close().await;
}
