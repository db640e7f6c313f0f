//! The way back in the window, whose page may have been loaded again meanwhile.

use super::{House, path, t};
use hearth_api::feed::ListDrafts;
use hearth_tests::desktop::{App, Desk, until};

/// Waits until the page is at this place.
async fn at(app: &App, place: &str) {
    until(place, || async { (path(app).await == place).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_what_was_being_written_leads_back_after_the_page_was_loaded_again() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    app.click("a[href='/settings']").await;
    at(&app, "/settings").await;
    app.press("c").await;
    app.press("p").await;
    app.type_into(&t("compose-text"), "Half a sentence").await;
    until("the draft", || async {
        let drafts = app.ask(ListDrafts {}).await;
        drafts
            .iter()
            .any(|draft| draft.text == "Half a sentence")
            .then_some(())
    })
    .await;
    app.reload().await;
    app.until_value(&t("compose-text"), "Half a sentence").await;
    app.click(&t("dialog-close")).await;
    app.until_gone(&t("composer"), "").await;
    at(&app, "/settings").await;
    app.back().await;
    app.find(&t("feed-empty")).await;
    app.close().await;
}
