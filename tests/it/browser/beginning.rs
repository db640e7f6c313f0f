//! The first start, signing in and out.

use super::{ENTER, go, open, sees_post, shot, sign_in, t, world};
use hearth_api::Timestamp;
use hearth_tests::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_is_created_and_signed_in_to() {
    let world = world();
    let home = world.empty_home("Hill House").await;
    let mut browser = open(&home).await;
    shot(&browser, "welcome").await;
    browser.click(&t("welcome-create")).await;
    browser.click(&t("next")).await;
    browser.sees("This is needed.").await;
    browser.type_into(&t("home-name"), "Hill House").await;
    browser.press(ENTER).await;
    browser.type_into(&t("name"), "Anna Berg").await;
    browser.type_date("birth", "1990-05-17").await;
    browser.click(&t("next")).await;
    // Back is one step back, by the browser's button and by the page's, and nothing is lost by it.
    browser.find(&t("password")).await;
    browser.back().await;
    browser.find(&t("name")).await;
    browser.click(&t("back")).await;
    browser.find(&t("home-name")).await;
    browser.click(&t("next")).await;
    browser.find(&t("name")).await;
    browser.click(&t("next")).await;
    browser.type_into(&t("password"), PASSWORD).await;
    shot(&browser, "create-password").await;
    browser.click(&t("next")).await;
    browser.sees("Hill House is ready").await;
    assert!(home.node().is_set_up().await.unwrap());
    browser.click(&t("done-feed")).await;
    browser.find(&t("feed-empty")).await;
    shot(&browser, "feed-empty").await;
    browser.reload().await;
    browser.find(&t("feed-empty")).await;

    go(&browser, &home, "/settings/account").await;
    browser.click(&t("sign-out")).await;
    browser.find(&t("signin")).await;
    browser.expect_error("session.sign_in");
    let kept = browser
        .run(
            "return document.querySelector(\"[data-test='username']\").value",
            serde_json::json!([]),
        )
        .await;
    if kept == "" {
        browser.type_into(&t("username"), "anna").await;
    }
    browser.type_into(&t("password"), "not the right one").await;
    browser.click(&t("signin")).await;
    browser.find(&t("signin-error")).await;
    browser
        .run(
            "document.querySelector(\"[data-test='password']\").select()",
            serde_json::json!([]),
        )
        .await;
    browser.type_into(&t("password"), PASSWORD).await;
    browser.click(&t("signin")).await;
    browser.find(&t("feed-empty")).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deep_link_waits_for_the_sign_in() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let post = home
        .owner()
        .post(hearth_api::feed::Audience::Me, "Found by its address")
        .await;
    let browser = open(&home).await;
    go(&browser, &home, &format!("/p/{}", post.id)).await;
    sign_in(&browser, "anna", PASSWORD).await;
    browser.sees("Found by its address").await;
    assert!(
        browser.url().await.contains(&post.id.to_string()),
        "the address is still that of the post"
    );
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_that_stops_is_noticed_and_found_again() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let mut browser = super::open_as(&home, "anna").await;
    // In which way a connection ends when the home does is a matter of the moment.
    browser.expect_error("net::ERR_");
    home.stop().await;
    browser.find(&t("offline")).await;
    home.start().await;
    browser.until_gone(&t("offline"), "").await;
    home.owner()
        .post(hearth_api::feed::Audience::Me, "After the pause")
        .await;
    sees_post(&browser, "After the pause").await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_palette_finds_a_person_at_once() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben", "Beatrix"]).await;
    let browser = super::open_as(&home, "anna").await;
    browser
        .run("document.activeElement.blur()", serde_json::json!([]))
        .await;
    browser.press("/").await;
    browser.find(&format!("{} input:focus", t("palette"))).await;
    // Enter comes before the home has answered; it waits for the answer and takes nobody else.
    browser.press("ben\u{E007}").await;
    browser
        .find_with(&format!("{} h1, {}", t("profile"), t("profile")), "Ben")
        .await;
    browser.until_gone(&t("palette"), "").await;
    assert!(
        browser
            .url()
            .await
            .ends_with(&format!("/u/{}", home.person("Ben").id())),
        "the profile of Ben"
    );
    // A section of the settings is found by what it is about, in whatever language.
    super::nowhere(&browser).await;
    browser.press("/").await;
    browser.find(&format!("{} input:focus", t("palette"))).await;
    browser.press("sprache englisch").await;
    browser.find_with(".h-palette__hit", "Appearance").await;
    browser.press(ENTER).await;
    browser.find(&t("settings-appearance")).await;
    go(&browser, &home, "/").await;
    browser.find(&t("nav-me")).await;
    super::nowhere(&browser).await;
    browser.press("/").await;
    browser.find(&format!("{} input:focus", t("palette"))).await;
    browser.press("qqxxyy").await;
    browser
        .find_with(".h-palette__none", "people, commands and settings")
        .await;
    browser.press(super::ESCAPE).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_step_is_set_up_and_asked_for() {
    let world = world();
    let home = world.home("Hill House", &["Anna"]).await;
    let mut browser = super::open_as(&home, "anna").await;
    go(&browser, &home, "/settings/account").await;
    browser.click(&t("totp-on")).await;
    browser.type_into(&t("password"), PASSWORD).await;
    browser.press(ENTER).await;
    let secret = browser.text(".h-settings__secret").await.replace(' ', "");
    browser
        .type_into(&t("code"), &code_of(&secret, world.now()))
        .await;
    let codes = browser.text(&t("recovery-codes")).await;
    let recovery = codes.split_whitespace().next().unwrap().to_owned();
    shot(&browser, "recovery-codes").await;
    browser.click(&t("codes-kept")).await;
    browser.find(&t("totp-off")).await;

    browser.click(&t("sign-out")).await;
    browser.find(&t("signin")).await;
    // The name is there already: one person signed in on this device.
    browser.type_into(&t("password"), PASSWORD).await;
    browser.click(&t("signin")).await;
    browser.find(&format!("{}:focus", t("code"))).await;
    shot(&browser, "signin-code").await;
    browser.expect_error("session.sign_in");
    browser.click(&t("use-recovery")).await;
    browser.type_into(&t("recovery"), "not-a-code").await;
    browser.press(ENTER).await;
    browser.find(&t("signin-error")).await;
    browser.type_into(&t("recovery"), &recovery).await;
    browser.press(ENTER).await;
    browser.find(&t("nav-compose")).await;
    browser.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_chosen_anew_with_a_code() {
    let world = world();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let browser = super::open_as(&home, "anna").await;
    go(&browser, &home, "/settings/people").await;
    browser.click(&t("account-menu")).await;
    browser
        .click_with("[role='menuitem']", "Code for a new password")
        .await;
    browser.type_into(&t("password"), PASSWORD).await;
    browser.press(ENTER).await;
    let code = browser.text(&t("reset-code")).await;
    shot(&browser, "reset-code").await;
    browser.click(&t("reset-done")).await;
    go(&browser, &home, "/settings/account").await;
    browser.click(&t("sign-out")).await;

    browser.click(&t("forgot")).await;
    browser.sees("hearth reset-password").await;
    shot(&browser, "forgotten").await;
    browser.click(&t("have-code")).await;
    browser.type_into(&t("reset-code"), &code).await;
    browser.type_into(&t("password"), "wet stones on the path").await;
    shot(&browser, "reset").await;
    browser.press(ENTER).await;
    browser.find(&t("nav-compose")).await;
    go(&browser, &home, "/notifications").await;
    browser.sees("Your password was set anew").await;
    browser.sees("Anna made a code").await;
    browser.close().await;
    world.close().await;
}

/// The code that an authenticator app shows now.
pub(super) fn code_of(secret: &str, now: Timestamp) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now.0 / 1000).unwrap()).to_string()
}
