//! The window at its narrowest, whose scrollbar may take room.

use super::{House, shot, t};
use crate::reading::{is_same, place, read_to, width};
use hearth_api::feed::{Audience, CreatePost};
use hearth_tests::desktop::{Desk, until};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_stays_where_it_is_under_what_is_open_over_it() {
    let (desk, house) = (Desk::new().await, House::new());
    // As on a desktop whose scrollbars do not float.
    let settings = desk.config().join("gtk-3.0");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(
        settings.join("settings.ini"),
        "[Settings]\ngtk-overlay-scrolling=0\n",
    )
    .unwrap();
    let app = house.open_made(&desk).await;
    for number in 0_u8..16 {
        app.ask(CreatePost {
            op: Uuid::from_bytes([number; 16]),
            audience: Audience::Me,
            text: format!(
                "Post {number}. {}",
                "A sentence about the hill. ".repeat(usize::from(3 + number * 7 % 11))
            ),
            media: Vec::new(),
            comments_on: true,
            draft: None,
        })
        .await;
    }
    app.place((60, 60, 360, 640)).await;
    app.reload().await;
    app.find(&t("post")).await;
    until("the narrow window", || async {
        (width(&app).await <= 360).then_some(())
    })
    .await;
    read_to(&app, "Post 6.").await;
    let before = (place(&app).await, width(&app).await);
    assert!(before.1 < 360, "the scrollbar takes room");
    app.press("?").await;
    app.find(&t("shortcuts")).await;
    assert_eq!(width(&app).await, before.1, "nothing moves under it");
    shot(&desk, "narrow-under");
    app.press("\u{E00C}").await;
    app.until_gone(&t("shortcuts"), "").await;
    let after = place(&app).await;
    assert!(is_same(&before.0, &after), "{:?} became {after}", before.0);
    app.close().await;
}
