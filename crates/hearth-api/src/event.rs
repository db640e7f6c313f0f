//! What happens, told to every client of the account it concerns.

use crate::backup::BackupJob;
use crate::chat::TurnEvent;
use crate::ids::{ChatId, HomeId, NotificationId, PersonId, PostId, Timestamp, UploadId};
use crate::notify::Notification;
use serde::{Deserialize, Serialize};

/// An event with its place in the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventEnvelope {
    /// Rising number of stored events, to go on from after a break; `None` for passing ones (turn events carry
    /// their own numbers).
    pub seq: Option<u64>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// What happened. Events name what changed; clients fetch what they show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A post that the account may see is new in a feed.
    PostAdded {
        /// Which.
        post: PostId,
        /// By whom.
        author: PersonId,
    },
    /// A post changed: text, reactions, comments on or off.
    PostChanged {
        /// Which.
        post: PostId,
    },
    /// A post is gone or no longer visible.
    PostRemoved {
        /// Which.
        post: PostId,
    },
    /// Comments of a post changed.
    CommentsChanged {
        /// Which post.
        post: PostId,
    },
    /// The delivery of an own post changed.
    DeliveryChanged {
        /// Which post.
        post: PostId,
    },
    /// Drafts changed.
    DraftsChanged,
    /// Friends or requests changed.
    FriendsChanged,
    /// A profile changed.
    ProfileChanged {
        /// Whose.
        person: PersonId,
    },
    /// The stream of notifications changed.
    NotificationsChanged {
        /// Unread ones now.
        unread: u32,
    },
    /// To be shown by the machine's own notification service.
    Native {
        /// The notification.
        notification: Box<Notification>,
    },
    /// Kept in place of [`Event::Native`], and never sent: the stream makes one of it as long as there is something to show. So nothing of what
    /// was said outlives its deletion in the stream.
    NativeDue {
        /// Which.
        notification: NotificationId,
    },
    /// Paired homes or invites changed.
    HomesChanged {
        /// Which home, if one.
        home: Option<HomeId>,
    },
    /// An upload was received so far.
    Upload {
        /// Which.
        id: UploadId,
        /// Bytes.
        offset: u64,
    },
    /// A conversation changed.
    ChatChanged {
        /// Which.
        chat: ChatId,
    },
    /// The list of conversations changed.
    ChatsChanged,
    /// Providers, models or consents changed.
    ProvidersChanged,
    /// Something of a running turn.
    Turn(TurnEvent),
    /// A backup, a check of one or a restore went on (admins).
    BackupProgress {
        /// How far it is.
        job: Box<BackupJob>,
    },
    /// Backups or their schedule changed (admins).
    BackupsChanged,
    /// Settings or the account itself changed.
    AccountChanged,
    /// The account was locked; its sessions end with it.
    AccountLocked,
    /// The session ended: sign in again.
    SessionEnded,
    /// Events are missing: fetch everything shown again.
    Gap,
    /// An event of a newer version.
    #[serde(other)]
    Unknown,
}
