//! The desktop app in its real window, on a desk of its own. `HEARTH_SHOTS` names a folder for pictures of what was seen.

mod access;
mod back;
mod beginning;
mod damaged;
mod handed;
mod keychain;
mod log;
mod narrow;
mod notification;
mod revive;
mod session;
mod spelling;
mod tray;
mod update;
mod window;

use hearth_api::app::{CreateHome, GetStatus};
use hearth_tests::desktop::{App, Desk, TITLE};
use hearth_tests::home::new_account;
use std::path::PathBuf;
use tempfile::TempDir;

/// What a test calls an element.
fn t(name: &str) -> String {
    format!("[data-test='{name}']")
}

/// A folder for the home of an app.
struct House(TempDir);

impl House {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("home")
    }

    /// The app at its first page, wherever it was left.
    async fn open(&self, desk: &Desk) -> App {
        let _none_was_kept = std::fs::remove_file(self.data().join("desktop/route"));
        self.open_as_left(desk).await
    }

    async fn open_as_left(&self, desk: &Desk) -> App {
        App::open(desk, &self.data()).await
    }

    /// The app with a home that Anna has made, at her empty feed.
    async fn open_made(&self, desk: &Desk) -> App {
        let app = self.open(desk).await;
        app.find(&t("welcome-create")).await;
        app.ask(CreateHome {
            home_name: "Hill House".to_owned(),
            owner: new_account("Anna"),
        })
        .await;
        app.reload().await;
        app.find(&t("feed-empty")).await;
        assert!(app.ask(GetStatus {}).await.me.is_some(), "Anna is signed in");
        app
    }
}

/// Closes the window for the first time, and has the app run on.
async fn close_to_tray(desk: &Desk, app: &App) {
    desk.screen().close(TITLE);
    answer(app, "close-keep").await;
    desk.screen().until_shown(TITLE, false).await;
}

/// Presses a button that takes the window away: the driver could not tell of a click in a window that is gone.
async fn answer(app: &App, button: &str) {
    app.find(&t(button)).await;
    let press = "const [css] = arguments; setTimeout(() => document.querySelector(css).click());";
    app.run(press, serde_json::json!([t(button)])).await;
}

/// The path of the page, as the app's own routes have it.
async fn path(app: &App) -> String {
    app.url().await.replace("tauri://localhost", "")
}

/// Keeps what is on the screen as a PPM picture, if pictures are wanted.
fn shot(desk: &Desk, name: &str) {
    let Some(dir) = std::env::var_os("HEARTH_SHOTS").map(PathBuf::from) else {
        return;
    };
    let (width, height, pixels) = desk.screen().picture();
    let mut ppm = format!("P6\n{width} {height}\n255\n").into_bytes();
    ppm.extend(
        pixels
            .chunks_exact(4)
            .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]),
    );
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join(format!("desktop-{name}.ppm")), ppm).unwrap();
}
