//! Settings that one sees: theme, language, size of text.

use super::{go, open_as, shot, t, world};
use hearth_api::backup::{BackupSchedule, ListBackups, SetBackupSchedule};
use hearth_api::media::GetMediaLimits;
use hearth_api::notify::QuietHours;
use hearth_tests::PASSWORD;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quiet_hours_are_kept_and_what_is_no_span_is_said() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/settings/notifications").await;
    let kept = async |from: u16, to: u16| {
        let wanted = Some(QuietHours { from, to });
        let has = async |anna: &hearth_tests::TestPerson| {
            anna.status().await.me.unwrap().settings.quiet_hours == wanted
        };
        home.owner().until("the quiet hours", has).await;
    };
    browser.click(&t("quiet-hours")).await;
    kept(22 * 60, 7 * 60).await;
    let set = async |field: &str, time: &str| {
        let type_it = "const [css, value] = arguments; const field = document.querySelector(css);
            field.value = value; field.dispatchEvent(new InputEvent('input', { bubbles: true }));";
        browser.run(type_it, json!([t(field), time])).await;
    };
    set("quiet-from", "21:30").await;
    kept(21 * 60 + 30, 7 * 60).await;
    set("quiet-to", "21:30").await;
    browser.sees("Choose two different times").await;
    shot(&browser, "quiet-hours").await;
    set("quiet-to", "").await;
    browser.sees("Write a time of the day").await;
    kept(21 * 60 + 30, 7 * 60).await;
    set("quiet-to", "06:05").await;
    kept(21 * 60 + 30, 6 * 60 + 5).await;
    browser.reload().await;
    browser.find(&t("quiet-to")).await;
    let shown = "return document.querySelector(arguments[0]).value";
    assert_eq!(browser.run(shown, json!([t("quiet-to")])).await, "06:05");
    browser.click(&t("quiet-hours")).await;
    browser.until_gone(&t("quiet-from"), "").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_sets_how_much_may_be_stored() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let mut opened = open_as(&home, "anna").await;
    opened.expect_error("422");
    let browser = opened;
    go(&browser, &home, "/settings/storage").await;
    browser.find_with(&t("storage-used"), "20").await;
    let replace = async |field: &str, text: &str| {
        let select = "document.querySelector(arguments[0]).select()";
        browser.run(select, json!([t(field)])).await;
        browser.type_into(&t(field), text).await;
    };
    replace("limit-quota", "0,5").await;
    replace("limit-max_file", "much").await;
    browser.click(&t("limits-save")).await;
    browser.sees("Type a number").await;
    replace("limit-max_file", "500").await;
    browser.click(&t("limits-save")).await;
    browser.sees("from 1 to 100 MB").await;
    shot(&browser, "storage-refused").await;
    let typed = browser
        .run(
            "return document.querySelector(arguments[0]).value",
            json!([t("limit-quota")]),
        )
        .await;
    assert_eq!(typed, "0,5", "what was typed is kept");
    replace("limit-max_file", "50").await;
    browser.click(&t("limits-save")).await;
    browser.find_with(&t("storage-used"), "500").await;
    let limits = home.owner().ok(GetMediaLimits {}).await;
    assert_eq!((limits.max_file, limits.quota), (50_000_000, 500_000_000));
    shot(&browser, "storage").await;
    browser.close().await;
    let other = open_as(&home, "ben").await;
    go(&other, &home, "/settings/storage").await;
    other.find_with(&t("storage-used"), "500").await;
    assert!(!other.has(&t("limits-save")).await, "limits are the admins'");
    other.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_takes_a_backup_along_and_is_told_how_its_home_is_brought_up_to_date() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    anna.ok(SetBackupSchedule {
        schedule: BackupSchedule::default(),
        passphrase: Some("four words of mine".to_owned()),
        password: PASSWORD.to_owned(),
    })
    .await;
    let browser = open_as(&home, "anna").await;
    go(&browser, &home, "/settings/backups").await;
    browser.click(&t("backup-now")).await;
    browser.find(&t("backup-done")).await;
    browser.find(&t("backup-download")).await;
    let fetched = "const [css, done] = arguments; const link = document.querySelector(css);
        fetch(link.href).then(r => r.text()).then(text => done([link.download, text.split('\\n')[0]]), done);";
    let got = browser.run_async(fetched, json!([t("backup-download")])).await;
    let name = anna.ok(ListBackups {}).await.files[0].name.clone();
    assert_eq!(got, json!([name, "hearth-backup/1"]));
    shot(&browser, "backups").await;
    go(&browser, &home, "/settings/about").await;
    browser.find_with(&t("update-elsewhere"), "home server").await;
    browser.close().await;
    world.close().await;
}
