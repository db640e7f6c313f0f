//! The spelling of what is typed: checked by the web view where there is a dictionary, said where there is none.

use super::{House, t};
use hearth_tests::desktop::Desk;
use serde_json::json;

const SETTINGS: &str = "tauri://localhost/settings/computer";

/// A desk on which the system itself has no dictionary.
async fn desk_without_dictionaries(nothing: &std::path::Path) -> Desk {
    let mut desk = Desk::new().await;
    // The web view needs what the system says of settings.
    std::os::unix::fs::symlink("/usr/share/glib-2.0", nothing.join("glib-2.0")).unwrap();
    desk.set("XDG_DATA_DIRS", nothing.to_str().unwrap());
    desk
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spelling_is_checked_where_there_is_a_dictionary_and_where_one_writes() {
    let (house, nothing) = (House::new(), tempfile::tempdir().unwrap());
    let desk = desk_without_dictionaries(nothing.path()).await;
    let app = house.open_made(&desk).await;
    app.go(SETTINGS).await;
    app.find(&t("no-dictionary")).await;
    app.close().await;

    let folder = desk.config().join("enchant/hunspell");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("en_US.aff"), "SET UTF-8\n").unwrap();
    std::fs::write(folder.join("en_US.dic"), "1\nhearth\n").unwrap();
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.go(SETTINGS).await;
    app.find(&t("keeps-running")).await;
    let state = "const done = arguments[0]; window.__TAURI__.core.invoke('desktop_state').then(s => done(s.spelling), done);";
    assert_eq!(
        app.run_async(state, json!([])).await,
        json!(true),
        "the web view checks"
    );
    assert!(!app.has(&t("no-dictionary")).await);
    app.go("tauri://localhost/compose").await;
    app.find(&t("compose-text")).await;
    let field = "const e = document.querySelector(\"[data-test='compose-text']\");
                 return [e.spellcheck, document.documentElement.lang];";
    assert_eq!(app.run(field, json!([])).await, json!([true, "en"]));
    app.close().await;
}
