//! Every place in the window and its address. Places exist when they are built: nothing here is a dead link.

use hearth_api::{ChatId, PersonId, PostId};
use std::fmt;
use std::str::FromStr;
use yew_router::Routable;

/// A place in the window.
#[derive(Debug, Clone, PartialEq, Routable)]
pub enum Route {
    /// The feed.
    #[at("/")]
    Feed,
    /// Writing a post.
    #[at("/compose")]
    Compose,
    /// A post with its comments; `?c=` names a comment, `?m=` a picture.
    #[at("/p/:post")]
    Post {
        /// Which.
        post: PostId,
    },
    /// A person.
    #[at("/u/:person")]
    Profile {
        /// Who.
        person: PersonId,
    },
    /// About a person.
    #[at("/u/:person/about")]
    ProfileAbout {
        /// Who.
        person: PersonId,
    },
    /// The friends of a person.
    #[at("/u/:person/friends")]
    ProfileFriends {
        /// Whose.
        person: PersonId,
    },
    /// Friends.
    #[at("/friends")]
    Friends,
    /// Friend requests.
    #[at("/friends/requests")]
    Requests,
    /// Pairing with another home.
    #[at("/pair")]
    Pair,
    /// Inviting a home.
    #[at("/pair/invite")]
    PairInvite,
    /// An invite that was opened.
    #[at("/i/:code")]
    Invite {
        /// The code.
        code: String,
    },
    /// Whether everything works and has arrived.
    #[at("/health")]
    Health,
    /// Notifications.
    #[at("/notifications")]
    Notifications,
    /// What was said, what runs, what could not be saved.
    #[at("/activity")]
    Activity,
    /// A new conversation with the assistant.
    #[at("/a")]
    NewChat,
    /// Conversations with the assistant.
    #[at("/a/chats")]
    Chats,
    /// A conversation with the assistant.
    #[at("/a/c/:chat")]
    Chat {
        /// Which.
        chat: ChatId,
    },
    /// Models and providers.
    #[at("/a/models")]
    Models,
    /// Settings.
    #[at("/settings")]
    Settings,
    /// A section of the settings.
    #[at("/settings/:section")]
    SettingsSection {
        /// Which.
        section: Section,
    },
    /// The first start.
    #[at("/welcome")]
    Welcome,
    /// Creating the home.
    #[at("/welcome/create")]
    CreateHome,
    /// Restoring a backup instead.
    #[at("/welcome/restore")]
    RestoreHome,
    /// The home is created: what next.
    #[at("/welcome/done")]
    WelcomeDone,
    /// Taking up an invite to an account of this home.
    #[at("/join")]
    Join,
    /// The same with the code in the link.
    #[at("/join/:code")]
    JoinCode {
        /// The code.
        code: String,
    },
    /// Signing in.
    #[at("/signin")]
    SignIn,
    /// Connecting this device by a code behind `#`.
    #[at("/device")]
    ConnectDevice,
    /// Every component, to look at; in debug builds.
    #[at("/dev/gallery")]
    Gallery,
    /// Everything else.
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// Whether it is shown to people who are not signed in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Welcome
                | Self::CreateHome
                | Self::RestoreHome
                | Self::Join
                | Self::JoinCode { .. }
                | Self::SignIn
                | Self::ConnectDevice
                | Self::Gallery
        )
    }

    /// The area that the navigation marks.
    #[must_use]
    pub fn area(&self) -> Option<Area> {
        Some(match self {
            Self::Feed | Self::Compose | Self::Post { .. } => Area::Feed,
            Self::Profile { .. }
            | Self::ProfileAbout { .. }
            | Self::ProfileFriends { .. }
            | Self::Friends
            | Self::Requests => Area::Friends,
            Self::NewChat | Self::Chats | Self::Chat { .. } | Self::Models => Area::Assistant,
            Self::Notifications => Area::Notifications,
            Self::Health | Self::Pair | Self::PairInvite | Self::Invite { .. } => Area::Health,
            Self::Settings | Self::SettingsSection { .. } => Area::Settings,
            _ => return None,
        })
    }
}

/// A part of the window in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The feed and its posts.
    Feed,
    /// People.
    Friends,
    /// The assistant.
    Assistant,
    /// Notifications.
    Notifications,
    /// Homes and health.
    Health,
    /// Settings.
    Settings,
}

/// A section of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// Name, password, second factor.
    Account,
    /// Sessions on other devices.
    Devices,
    /// People of this home and invites (admins).
    People,
    /// Backups of the home (admins).
    Backups,
    /// What is stored, and how much may be (that for admins).
    Storage,
    /// Theme, text size, language, zone.
    Appearance,
    /// What appears where.
    Notifications,
    /// Default audience.
    Privacy,
    /// The computer, in the desktop app.
    Computer,
    /// Keys.
    Keyboard,
    /// Version and licences.
    About,
}

impl Section {
    /// Every section, in the order shown.
    pub const ALL: [Self; 11] = [
        Self::Account,
        Self::Devices,
        Self::People,
        Self::Backups,
        Self::Storage,
        Self::Appearance,
        Self::Notifications,
        Self::Privacy,
        Self::Computer,
        Self::Keyboard,
        Self::About,
    ];

    /// The name in the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Devices => "devices",
            Self::People => "people",
            Self::Backups => "backups",
            Self::Storage => "storage",
            Self::Appearance => "appearance",
            Self::Notifications => "notifications",
            Self::Privacy => "privacy",
            Self::Computer => "computer",
            Self::Keyboard => "keyboard",
            Self::About => "about",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No such section.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSuchSection;

impl FromStr for Section {
    type Err = NoSuchSection;
    fn from_str(text: &str) -> Result<Self, NoSuchSection> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or(NoSuchSection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_back_to_their_places() {
        let post: PostId = "019a2b3c-0000-7000-8000-000000000001".parse().unwrap();
        for route in [
            Route::Feed,
            Route::Post { post },
            Route::Requests,
            Route::Activity,
            Route::SettingsSection {
                section: Section::Appearance,
            },
            Route::Invite { code: "ABC".into() },
            Route::NewChat,
        ] {
            assert_eq!(Route::recognize(&route.to_path()), Some(route));
        }
        assert_eq!(Route::recognize("/p/not-an-id"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/settings/nothing"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/groups"), Some(Route::NotFound));
    }
}
