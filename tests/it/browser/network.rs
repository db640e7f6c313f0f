//! A phone's browser in the network: connected by a code, at home in the window, without the home, disconnected.

use super::{go, open_as, shot, t, world};
use hearth_api::access::{GetAccess, SetAccess};
use hearth_api::feed::Audience;
use hearth_tests::browser::Browser;
use serde_json::json;

/// As many dots as a phone has.
const PHONE: (u32, u32) = (390, 844);

async fn value_of(browser: &Browser, css: &str) -> String {
    browser.find(css).await;
    let value = browser
        .run("return document.querySelector(arguments[0]).value", json!([css]))
        .await;
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_is_connected_by_a_code_and_disconnected_again() {
    let world = world();
    let hill = world.home("Hill House", &["Anna"]).await;
    let anna = hill.owner();
    anna.post(Audience::Local, "Supper is ready").await;
    let at_home = open_as(&hill, "anna").await;
    go(&at_home, &hill, "/settings/devices").await;
    at_home.click(&t("network-on")).await;
    at_home.find(&t("network-addresses")).await;
    at_home.click(&t("device-add")).await;
    at_home.find(&t("qr")).await;
    shot(&at_home, "network-code").await;
    let link = value_of(&at_home, &t("device-link")).await;

    let mut phone = Browser::open_trusting(PHONE.0, PHONE.1).await;
    phone.resize(PHONE.0, PHONE.1).await;
    // Whoever comes without a code is told how to get one, and nothing about the home.
    phone.go(link.split('#').next().unwrap()).await;
    phone.find(&t("device-code")).await;
    let page = phone.run("return document.body.innerText", json!([])).await;
    assert!(!page.as_str().unwrap_or_default().contains("Hill House"));
    shot(&phone, "network-phone-no-code").await;

    phone.go("about:blank").await;
    phone.go(&link).await;
    phone.find(&t("device-name")).await;
    shot(&phone, "network-phone").await;
    phone.click(&t("device-connect")).await;
    phone.find_with(&t("post"), "Supper is ready").await;
    assert!(
        !phone.url().await.contains('#'),
        "the code does not stay in the address"
    );
    shot(&phone, "network-phone-feed").await;
    at_home.find_with(&t("device"), "Chrome").await;

    // The home goes away: the page that a browser keeps says so, and leads back.
    let waits =
        "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true), () => done(false))";
    assert_eq!(phone.run_async(waits, json!([])).await, json!(true));
    let port = anna.ok(GetAccess {}).await.port;
    anna.ok(SetAccess {
        on: false,
        port: Some(port),
    })
    .await;
    phone.expect_error("");
    phone.reload().await;
    phone.sees("Your home does not answer").await;
    shot(&phone, "network-phone-offline").await;
    anna.ok(SetAccess { on: true, port: None }).await;
    phone.click("a").await;
    phone.find_with(&t("post"), "Supper is ready").await;

    // Disconnected at home: the phone is a stranger again.
    go(&at_home, &hill, "/settings/devices").await;
    at_home.click(&t("device-end")).await;
    at_home.until_gone(&t("device"), "").await;
    phone.reload().await;
    phone.find(&t("device-code")).await;
    at_home.close().await;
    phone.close().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_moves_in_on_their_own_phone_by_the_link_of_their_invite() {
    let world = world();
    let hill = world.home("Hill House", &["Anna"]).await;
    hill.owner().post(Audience::Local, "Supper is ready").await;
    let at_home = open_as(&hill, "anna").await;
    go(&at_home, &hill, "/settings/people").await;
    at_home.click(&t("invite-person")).await;
    // The home is closed: that is said before the invite is made, and mended there.
    at_home.find(&t("invite-closed")).await;
    shot(&at_home, "invite-closed").await;
    at_home.click(&t("invite-open-home")).await;
    at_home.until_gone(&t("invite-closed"), "").await;
    at_home.click_with("button", "Make the invite").await;
    at_home.find(&t("qr")).await;
    shot(&at_home, "invite-person").await;
    let link = at_home.text(&t("invite-link")).await;
    let code = at_home.text(&t("invite-code")).await;
    assert!(
        link.starts_with("https://") && link.ends_with(&format!("/join/{code}")),
        "{link}"
    );

    let phone = Browser::open_trusting(PHONE.0, PHONE.1).await;
    phone.resize(PHONE.0, PHONE.1).await;
    phone.go(&link).await;
    phone.find(&t("join")).await;
    let page = phone.run("return document.body.innerText", json!([])).await;
    assert!(!page.as_str().unwrap_or_default().contains("Hill House"));
    shot(&phone, "join-phone").await;
    // Who only has the code and takes it for that of a device arrives at the same place.
    phone.go(link.split("/join/").next().unwrap()).await;
    phone.type_into(&t("device-code"), &code).await;
    phone.click(&t("device-connect")).await;
    phone.type_into(&t("name"), "Gerda Berg").await;
    phone.type_date("birth", "1950-05-17").await;
    phone.type_into(&t("password"), hearth_tests::PASSWORD).await;
    phone.click(&t("join")).await;
    phone.find_with(&t("post"), "Supper is ready").await;
    shot(&phone, "joined-phone").await;
    // A link that is copied at the home's own computer leads there from the phone, too.
    go(&at_home, &hill, "/").await;
    at_home.find(&t("post")).await;
    let keep = "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }";
    at_home.run(keep, json!([])).await;
    at_home.click(&t("post-menu")).await;
    at_home.click_with("[role='menuitem']", "Copy link").await;
    at_home.sees("Link copied").await;
    let copied = at_home.run("return window.copied", json!([])).await;
    let copied = copied.as_str().unwrap_or_default();
    assert!(
        copied.starts_with(link.split("/join/").next().unwrap()),
        "{copied}"
    );
    phone.go(copied).await;
    phone.sees("Supper is ready").await;
    let devices = hill.owner().ok(hearth_api::access::ListDevices {}).await;
    assert_eq!(
        devices.first().map(|d| d.person_name.as_str()),
        Some("Gerda Berg")
    );
    at_home.close().await;
    phone.close().await;
    world.close().await;
}
