//! The one table of keys: what can be done by key, where, and by which keys unless the person chose others.

/// The part of the list that a key stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyGroup {
    /// The whole window.
    Window,
    /// Going places.
    Go,
    /// Making something new.
    New,
    /// Posts, comments, requests, notifications.
    Lists,
    /// Writing.
    Write,
    /// The assistant.
    Assistant,
    /// Pictures over the page.
    Pictures,
}

impl KeyGroup {
    /// Every part, in the order shown.
    pub const ALL: [Self; 7] = [
        Self::Window,
        Self::Go,
        Self::New,
        Self::Lists,
        Self::Write,
        Self::Assistant,
        Self::Pictures,
    ];

    /// The message id of its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Window => "keys-window",
            Self::Go => "keys-go",
            Self::New => "keys-new",
            Self::Lists => "keys-lists",
            Self::Write => "keys-write",
            Self::Assistant => "keys-assistant",
            Self::Pictures => "keys-pictures",
        }
    }
}

/// Where a key means something, as a set: two keys are in each other's way only where both do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spots(u16);

const FEED: u16 = 1;
const THREAD: u16 = 1 << 1;
const REQUESTS: u16 = 1 << 2;
const NOTICES: u16 = 1 << 3;
const CHAT: u16 = 1 << 4;
const OTHER: u16 = 1 << 5;
const WRITING: u16 = 1 << 6;
const TRAY: u16 = 1 << 7;
const VIEWER: u16 = 1 << 8;
/// Every page, nothing over it.
const PAGES: u16 = FEED | THREAD | REQUESTS | NOTICES | CHAT | OTHER;
/// Pages and what is open over them.
const EVERYWHERE: u16 = PAGES | WRITING | TRAY | VIEWER;
const LISTS: u16 = FEED | THREAD | REQUESTS | NOTICES;

impl Spots {
    /// Whether both mean something in one place.
    #[must_use]
    pub fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the key works while a dialog is open because it belongs to one.
    #[must_use]
    pub fn in_dialog(self) -> bool {
        self.0 & PAGES == 0
    }

    /// Whether the key needs the page, so that it does nothing under a dialog.
    #[must_use]
    pub fn page_only(self) -> bool {
        self.0 & (WRITING | TRAY | VIEWER) == 0
    }
}

/// A line of the table.
#[derive(Debug)]
pub struct KeyRow {
    /// Its name in the settings.
    pub id: &'static str,
    /// The message id of its words.
    pub label: &'static str,
    /// Its part of the list.
    pub group: KeyGroup,
    /// Where it means something.
    pub spots: Spots,
    /// Its keys.
    pub keys: &'static [&'static str],
    /// More of them in the desktop window, where no browser has them.
    pub desktop: &'static [&'static str],
}

macro_rules! table {
    ($($key:ident, $id:literal, $label:literal, $group:ident, $spots:expr, [$($keys:literal),*] $(+ [$($desktop:literal),*])?;)*) => {
        /// Something that is done by key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the table says what each does")]
        pub enum Key { $($key,)* }

        impl Key {
            /// Everything that is done by key, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$key,)*];

            /// Its line of the table.
            #[must_use]
            pub fn row(self) -> &'static KeyRow {
                match self {
                    $(Self::$key => &KeyRow {
                        id: $id,
                        label: $label,
                        group: KeyGroup::$group,
                        spots: Spots($spots),
                        keys: &[$($keys),*],
                        desktop: &[$($($desktop),*)?],
                    },)*
                }
            }
        }
    };
}

table! {
    Palette, "palette", "command-palette", Window, EVERYWHERE, ["Mod+K"];
    Search, "search", "nav-search", Window, PAGES, ["/"];
    Help, "help", "command-help", Window, PAGES, ["?"];
    Find, "find", "command-find", Window, PAGES, ["Mod+F"];
    Undo, "undo", "command-undo", Window, EVERYWHERE, ["Mod+Z"];
    Toasts, "toasts", "command-toasts", Window, EVERYWHERE, ["F8"];
    NextPane, "next-pane", "command-next-pane", Window, PAGES, ["F6"];
    PreviousPane, "previous-pane", "command-previous-pane", Window, PAGES, ["Shift+F6"];
    PreviousTab, "previous-tab", "key-previous-tab", Window, PAGES, ["["];
    NextTab, "next-tab", "key-next-tab", Window, PAGES, ["]"];
    Back, "back", "action-back", Window, PAGES, ["Alt+Left"];
    TextLarger, "text-larger", "key-text-larger", Window, EVERYWHERE, [] + ["Mod++", "Mod+="];
    TextSmaller, "text-smaller", "key-text-smaller", Window, EVERYWHERE, [] + ["Mod+-"];
    TextNormal, "text-normal", "key-text-normal", Window, EVERYWHERE, [] + ["Mod+0"];
    GoHome, "go-home", "nav-home", Go, PAGES, ["g h"] + ["Mod+1"];
    GoFriends, "go-friends", "nav-friends", Go, PAGES, ["g f"] + ["Mod+2"];
    GoAssistant, "go-assistant", "nav-assistant", Go, PAGES, ["g a"] + ["Mod+3"];
    GoNotifications, "go-notifications", "nav-notifications", Go, PAGES, ["g n"] + ["Mod+4"];
    GoHealth, "go-health", "nav-health", Go, PAGES, [] + ["Mod+5"];
    GoSettings, "go-settings", "nav-settings", Go, PAGES, ["g s", "Mod+,"] + ["Mod+6"];
    GoActivity, "go-activity", "nav-activity", Go, PAGES, [];
    NewPost, "new-post", "command-new-post", New, PAGES, ["c p"] + ["Mod+N"];
    NewChat, "new-chat", "command-new-chat", New, PAGES, ["c a", "Mod+Shift+O"];
    Next, "next", "key-next", Lists, LISTS, ["j"];
    Previous, "previous", "key-previous", Lists, LISTS, ["k"];
    Open, "open", "key-open", Lists, FEED, ["Enter"];
    ShowNew, "show-new", "key-show-new", Lists, FEED, ["."];
    Reply, "reply", "key-comment", Lists, FEED | THREAD | CHAT, ["r"];
    Edit, "edit", "key-edit", Lists, FEED | THREAD, ["e"];
    Fold, "fold", "key-fold", Lists, FEED | THREAD, ["x"];
    React, "react", "key-react", Lists, FEED | THREAD, ["l"];
    NextUnread, "next-unread", "key-next-unread", Lists, THREAD, ["n"];
    Accept, "accept", "friend-accept", Lists, REQUESTS, ["a"];
    Decline, "decline", "friend-decline", Lists, REQUESTS, ["d"];
    Done, "done", "key-done", Lists, NOTICES, ["e"];
    Submit, "submit", "command-submit", Write, WRITING | PAGES, ["Mod+Enter"];
    Audience, "audience", "audience-choose", Write, WRITING, ["Mod+Shift+A"];
    MoveBack, "move-back", "key-move-back", Write, TRAY, ["Alt+Left", "Alt+Up"];
    MoveOn, "move-on", "key-move-on", Write, TRAY, ["Alt+Right", "Alt+Down"];
    Stop, "stop", "chat-stop", Assistant, CHAT, ["Escape"];
    CopyAnswer, "copy-answer", "chat-copy-last", Assistant, CHAT, ["y"];
    Inspect, "inspect", "chat-details", Assistant, CHAT, ["i"];
    Rename, "rename", "chats-rename", Assistant, CHAT, ["F2"];
    ViewerNext, "viewer-next", "viewer-next", Pictures, VIEWER, ["Right"];
    ViewerPrevious, "viewer-previous", "viewer-previous", Pictures, VIEWER, ["Left"];
    ZoomIn, "zoom-in", "zoom-in", Pictures, VIEWER, ["+", "="];
    ZoomOut, "zoom-out", "zoom-out", Pictures, VIEWER, ["-"];
    ZoomReset, "zoom-reset", "key-zoom-reset", Pictures, VIEWER, ["0"];
    ViewerInfo, "viewer-info", "viewer-info", Pictures, VIEWER, ["i"];
    FullScreen, "full-screen", "key-full-screen", Pictures, VIEWER, ["f"];
    Play, "play", "key-play", Pictures, VIEWER, ["Space"];
}

impl Key {
    /// Its keys unless the person chose others.
    #[must_use]
    pub fn usual(self, desktop: bool) -> Vec<&'static str> {
        let row = self.row();
        let more = if desktop { row.desktop } else { &[] };
        row.keys.iter().chain(more).copied().collect()
    }

    /// Whether fields have their own meaning for its keys.
    #[must_use]
    pub fn outside_fields(self) -> bool {
        matches!(self, Self::Undo | Self::Back)
    }

    /// Whether a browser does this itself, so that it is of use in the desktop window only.
    #[must_use]
    pub fn desktop_only(self) -> bool {
        matches!(self, Self::TextLarger | Self::TextSmaller | Self::TextNormal)
    }
}
