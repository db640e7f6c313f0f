//! What is on the screen, seen and acted on as the person's desktop would: which windows there are, and closing one by its cross.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

/// A screen without a monitor.
pub struct Screen {
    display: String,
    connection: RustConnection,
    root: Window,
}

impl Screen {
    pub(super) fn open(display: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).expect("a screen of our own");
        let root = connection.setup().roots[number].root;
        Self {
            display: display.to_owned(),
            connection,
            root,
        }
    }

    pub(super) fn display(&self) -> &str {
        &self.display
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.connection.intern_atom(false, name.as_bytes()).unwrap();
        cookie.reply().unwrap().atom
    }

    /// The windows of this title that can be closed: what a person calls a window.
    fn windows(&self, title: &str) -> Vec<Window> {
        let protocols = self.atom("WM_PROTOCOLS");
        let tree = self.connection.query_tree(self.root).unwrap().reply().unwrap();
        let has = |window, property, value: Option<&str>| {
            let cookie = self
                .connection
                .get_property(false, window, property, AtomEnum::ANY, 0, 64)
                .unwrap();
            // A window may be gone since the tree was asked for.
            cookie.reply().is_ok_and(|reply| {
                reply.value_len > 0 && value.is_none_or(|value| reply.value == value.as_bytes())
            })
        };
        tree.children
            .into_iter()
            .filter(|window| {
                has(*window, AtomEnum::WM_NAME.into(), Some(title)) && has(*window, protocols, None)
            })
            .collect()
    }

    /// Whether a window of this title is there to be seen.
    #[must_use]
    pub fn shows(&self, title: &str) -> bool {
        self.windows(title).into_iter().any(|window| {
            let cookie = self.connection.get_window_attributes(window).unwrap();
            cookie
                .reply()
                .is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE)
        })
    }

    /// Waits until a window of this title is there to be seen, or none is.
    pub async fn until_shown(&self, title: &str, shown: bool) {
        super::until("the window to come or go", || async {
            (self.shows(title) == shown).then_some(())
        })
        .await;
    }

    /// Clicks the cross of the window with this title.
    ///
    /// # Panics
    /// When there is no such window.
    pub fn close(&self, title: &str) {
        let windows = self.windows(title);
        assert!(!windows.is_empty(), "No window is called {title:?}");
        for window in windows {
            let data = [self.atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
            let event = ClientMessageEvent::new(32, window, self.atom("WM_PROTOCOLS"), data);
            self.connection
                .send_event(false, window, EventMask::NO_EVENT, event)
                .unwrap()
                .check()
                .expect("a window that is there");
        }
    }

    /// Width, height and the pixels (blue, green, red, unused) of the whole screen.
    ///
    /// # Panics
    /// When the screen is gone.
    #[must_use]
    pub fn picture(&self) -> (u16, u16, Vec<u8>) {
        let size = self.connection.get_geometry(self.root).unwrap().reply().unwrap();
        let image = self
            .connection
            .get_image(
                ImageFormat::Z_PIXMAP,
                self.root,
                0,
                0,
                size.width,
                size.height,
                u32::MAX,
            )
            .unwrap();
        (size.width, size.height, image.reply().unwrap().data)
    }
}
