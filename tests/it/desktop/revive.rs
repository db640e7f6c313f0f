//! The process that the page runs in is killed under the open window. The driver's session ends with it, so what comes after is seen on
//! the screen, and in what the app says.

use super::{House, shot, t};
use hearth_api::feed::ListDrafts;
use hearth_tests::desktop::{App, Desk, until};
use std::cell::RefCell;

/// How often the app said something.
fn times(app: &App, words: &str) -> usize {
    app.said().iter().filter(|line| line.contains(words)).count()
}

/// The share of the screen that is not as it was.
fn changed(desk: &Desk, before: &[u8]) -> f64 {
    let (.., now) = desk.screen().picture();
    let differ = now.iter().zip(before).filter(|(now, before)| now != before);
    differ.count() as f64 / before.len() as f64
}

/// The screen, once nothing moves there any more but a caret.
async fn at_rest(desk: &Desk) -> Vec<u8> {
    let seen = RefCell::new((Vec::new(), 0));
    until("the screen to stand still", || async {
        let mut seen = seen.borrow_mut();
        let (.., now) = desk.screen().picture();
        let still = seen.0.len() == now.len() && changed(desk, &seen.0) < 0.001;
        *seen = (now, if still { seen.1 + 1 } else { 0 });
        (seen.1 == 20).then(|| seen.0.clone())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_process_is_killed_comes_back_where_it_was_with_what_was_written() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    let feed = at_rest(&desk).await;
    app.go("tauri://localhost/compose").await;
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
    app.find_with(&t("compose-text"), "Half a sentence").await;
    let written = at_rest(&desk).await;
    assert!(changed(&desk, &feed) > 0.05, "the feed looks otherwise");
    for time in 1..=2 {
        let drawn = times(&app, "The page is drawn");
        app.kill_page();
        until("the page to be loaded again", || async {
            (times(&app, "the page is loaded again") == time && times(&app, "The page is drawn") > drawn)
                .then_some(())
        })
        .await;
        until("the page to look as before", || async {
            (changed(&desk, &written) < 0.005).then_some(())
        })
        .await;
    }
    shot(&desk, "page-came-back");
    app.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_keeps_dying_is_drawn_in_a_safer_way() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    for _ in 0..4 {
        let drawn = times(&app, "The page is drawn");
        app.kill_page();
        until("the page to be loaded again", || async {
            (times(&app, "The page is drawn") > drawn || times(&app, "starting again with a safer way") == 1)
                .then_some(())
        })
        .await;
    }
    until("the safer way to be kept", || async {
        let kept = std::fs::read_to_string(house.data().join("desktop/renderer"));
        (kept.ok()? == "safe").then_some(())
    })
    .await;
    until("the page to be drawn again", || async {
        (times(&app, "The page is drawn") == 6).then_some(())
    })
    .await;
    app.terminate().await;
}
