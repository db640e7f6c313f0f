//! Notifications.

use crate::ids::{CommentId, HomeId, NotificationId, PostId, Timestamp};
use crate::people::PersonCard;
use serde::{Deserialize, Serialize};

/// The types of notification that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationType {
    /// Somebody asks for friendship.
    FriendRequest,
    /// Somebody accepted.
    FriendAccepted,
    /// A friend posted.
    FriendPost,
    /// A comment on an own post.
    Comment,
    /// A reply to an own comment.
    Reply,
    /// A reaction to something own.
    Reaction,
    /// Mentioned.
    Mention,
    /// A home refused an own post.
    DeliveryRefused,
    /// New device, password, second factor, role.
    Security,
    /// A home was paired or changed (admins).
    NodeChanged,
    /// A home has been silent for 24 hours (admins).
    NodeUnreachable,
    /// A backup failed (admins).
    BackupFailed,
    /// 90 % of the storage is used.
    QuotaWarning,
    /// The account was suspended or is being deleted.
    AccountState,
}

impl NotificationType {
    /// Every type.
    pub const ALL: [Self; 14] = [
        Self::FriendRequest,
        Self::FriendAccepted,
        Self::FriendPost,
        Self::Comment,
        Self::Reply,
        Self::Reaction,
        Self::Mention,
        Self::DeliveryRefused,
        Self::Security,
        Self::NodeChanged,
        Self::NodeUnreachable,
        Self::BackupFailed,
        Self::QuotaWarning,
        Self::AccountState,
    ];
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FriendRequest => "friend_request",
            Self::FriendAccepted => "friend_accepted",
            Self::FriendPost => "friend_post",
            Self::Comment => "comment",
            Self::Reply => "reply",
            Self::Reaction => "reaction",
            Self::Mention => "mention",
            Self::DeliveryRefused => "delivery_refused",
            Self::Security => "security",
            Self::NodeChanged => "node_changed",
            Self::NodeUnreachable => "node_unreachable",
            Self::BackupFailed => "backup_failed",
            Self::QuotaWarning => "quota_warning",
            Self::AccountState => "account_state",
        }
    }
    /// From the name on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == text)
    }
    /// Whether the machine's own notification is on unless switched off: all but reactions.
    #[must_use]
    pub fn native_by_default(self) -> bool {
        self != Self::Reaction
    }
}

/// What became of the connection with a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeChange {
    /// The homes are connected.
    Connected,
    /// It ended: it was removed here.
    Ended,
    /// It ended: the other home removed this one.
    EndedThere,
    /// It ended: the safety words were called different here.
    WordsDiffer,
    /// It ended: the safety words were called different there.
    WordsDifferThere,
    /// The other home was put back to an older state.
    Restored,
}

impl HomeChange {
    /// Every change.
    pub const ALL: [Self; 6] = [
        Self::Connected,
        Self::Ended,
        Self::EndedThere,
        Self::WordsDiffer,
        Self::WordsDifferThere,
        Self::Restored,
    ];
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Ended => "ended",
            Self::EndedThere => "ended_there",
            Self::WordsDiffer => "words_differ",
            Self::WordsDifferThere => "words_differ_there",
            Self::Restored => "restored",
        }
    }
    /// From the name on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.as_str() == text)
    }
}

/// What a notification is about; where a click leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A post.
    Post {
        /// Which.
        post: PostId,
        /// Its beginning.
        excerpt: String,
    },
    /// A comment.
    Comment {
        /// On which post.
        post: PostId,
        /// Which.
        comment: CommentId,
        /// Its beginning.
        excerpt: String,
    },
    /// The first of the people named.
    Person,
    /// A home.
    Home {
        /// Which.
        home: HomeId,
        /// Its name.
        name: String,
        /// What became of the connection, where that is the news.
        #[serde(default)]
        what: Option<HomeChange>,
    },
    /// The account itself; the text is a stable code such as `new_device`.
    Account {
        /// What happened.
        what: String,
    },
}

/// One entry of the stream: everything of one type about one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// About what.
    pub subject: Subject,
    /// Who did it, latest first, at most 5.
    pub people: Vec<PersonCard>,
    /// How many did it.
    pub count: u32,
    /// When the latest happened.
    pub at: Timestamp,
    /// Whether it was read.
    pub read: bool,
    /// The route of the window to open, such as `/p/<id>?c=<comment>`.
    pub route: String,
}

/// Asks for a page of notifications, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListNotifications {
    /// Where to go on.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Marks one as read, those about a post, or all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct MarkRead {
    /// Which; `None` for all, or all about `post`.
    #[serde(default)]
    pub id: Option<NotificationId>,
    /// Only what is about this post and what hangs on it: it was opened.
    #[serde(default)]
    pub post: Option<PostId>,
}

/// Asks for the notification settings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetNotificationSettings {}

/// Where one type appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationSetting {
    /// The type.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// In the window.
    pub in_app: bool,
    /// As the machine's own notification.
    pub native: bool,
}

/// A span of each day, by the clocks on the wall; one that ends before it begins goes over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The first minute in it, counted from midnight: 0 to 1439.
    pub from: u16,
    /// The first minute after it, another one than `from`.
    pub to: u16,
}

impl QuietHours {
    /// Minutes of a day.
    pub const DAY: u16 = 24 * 60;

    /// Whether both times are times of a day, and the span is neither empty nor the whole day.
    #[must_use]
    pub const fn is_span(self) -> bool {
        self.from < Self::DAY && self.to < Self::DAY && self.from != self.to
    }

    /// Whether a minute of the day is in it.
    #[must_use]
    pub const fn holds(self, minute: u16) -> bool {
        if self.from <= self.to {
            self.from <= minute && minute < self.to
        } else {
            self.from <= minute || minute < self.to
        }
    }
}

/// Changes where one type appears. `security` always appears in the window.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetNotificationSetting {
    /// The new setting.
    pub setting: NotificationSetting,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let noon = QuietHours { from: 720, to: 780 };
        assert!(noon.holds(720) && noon.holds(779));
        assert!(!noon.holds(719) && !noon.holds(780), "the end is not in it");
        let night = QuietHours { from: 1320, to: 420 };
        assert!(night.holds(1320) && night.holds(1439) && night.holds(0) && night.holds(419));
        assert!(!night.holds(420) && !night.holds(1319));
        let till_midnight = QuietHours { from: 1320, to: 0 };
        assert!(till_midnight.holds(1439) && !till_midnight.holds(0));
        assert!(night.is_span() && till_midnight.is_span());
        for (from, to) in [(0, 0), (420, 420), (1440, 420), (420, 1440)] {
            assert!(!QuietHours { from, to }.is_span(), "{from} to {to}");
        }
    }
}
