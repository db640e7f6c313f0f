//! The key of the home in the keychain of the desktop, and back in its file.

use super::{House, shot, t};
use hearth_api::app::{GetKeyPlace, GetStatus, KeyLies};
use hearth_tests::desktop::{Desk, until};
use serde_json::json;

const FILE: &str = "master.key";
const SWITCHED: &str =
    "return document.querySelector(\"[data-test='key-in-keychain']\")?.getAttribute('aria-checked')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_moves_into_the_keychain_and_back_and_a_locked_one_is_named_at_the_start() {
    let (desk, house) = (Desk::new().await, House::new());
    let keychain = desk.offer_keychain().await;
    let app = house.open_made(&desk).await;
    let key = std::fs::read(house.data().join(FILE)).unwrap();
    app.go("tauri://localhost/settings/storage").await;
    app.click(&t("key-in-keychain")).await;
    until("the switch to be on", || async {
        (app.run(SWITCHED, json!([])).await == "true").then_some(())
    })
    .await;
    shot(&desk, "key-in-keychain");
    assert!(!house.data().join(FILE).exists(), "the file is gone");
    assert_eq!(keychain.count(), 1);
    app.close().await;

    // The next start has the same home.
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    assert_eq!(app.ask(GetKeyPlace {}).await.lies, KeyLies::Keychain);
    app.close().await;

    // A keychain that stays locked keeps the home shut, in words, and makes nothing new.
    keychain.lock(true);
    let app = house.open(&desk).await;
    app.sees("keychain is locked").await;
    shot(&desk, "keychain-locked");
    assert!(!house.data().join(FILE).exists(), "no new key");
    app.kill().await;

    keychain.lock(false);
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    assert!(app.ask(GetStatus {}).await.set_up);
    app.go("tauri://localhost/settings/storage").await;
    app.click(&t("key-in-keychain")).await;
    until("the switch to be off", || async {
        (app.run(SWITCHED, json!([])).await == "false").then_some(())
    })
    .await;
    assert_eq!(
        std::fs::read(house.data().join(FILE)).unwrap(),
        key,
        "the very key"
    );
    assert_eq!(keychain.count(), 0);
    keychain.end().await;
    app.reload().await;
    app.sees("no keychain that answers").await;
    app.close().await;
}
