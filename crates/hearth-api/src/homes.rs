//! Paired homes: invites, pairing, health.

use crate::ids::{HomeId, InviteId, PersonId, Timestamp};
use crate::people::{HomeRef, PersonCard};
use serde::{Deserialize, Serialize};

/// What an invite opens, and what a connection made by it covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteScope {
    /// Everything that paired homes share.
    #[default]
    Full,
    /// One person, who makes the invite: what that person and people of the other home share as friends, and nothing else.
    Person,
    /// One group.
    Group,
    /// One page.
    Page,
    /// One event.
    Event,
}

/// Makes an invite to pair with this home (admins), or to be connected with the caller alone (everybody).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CreateHomeInvite {
    /// Minutes until it expires, 15 to 10080 (7 days); 2880 (48 h) if not given.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// What it opens: [`InviteScope::Full`] or [`InviteScope::Person`].
    #[serde(default)]
    pub scope: InviteScope,
}

/// An invite to pair; the link is shown once, it holds the token.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HomeInvite {
    /// The invite.
    pub info: HomeInviteInfo,
    /// `hearth://i/<code>`.
    pub link: String,
    /// The link as a QR code, SVG text.
    pub qr_svg: String,
}

impl std::fmt::Debug for HomeInvite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HomeInvite")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// An invite in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HomeInviteInfo {
    /// Its id.
    pub id: InviteId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The home that used it, once one has.
    pub used_by: Option<HomeId>,
    /// What it opens.
    #[serde(default)]
    pub scope: InviteScope,
}

/// Lists open invites: admins see all, others their own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListHomeInvites {}

/// Withdraws an invite: one's own, or any (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CancelHomeInvite {
    /// Which.
    pub id: InviteId,
}

/// Reads an invite without sending anything.
#[derive(Clone, Serialize, Deserialize)]
pub struct PreviewInvite {
    /// Link or file content.
    pub link: String,
}

/// What an invite says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvitePreview {
    /// The home that invites.
    pub home: HomeId,
    /// Its id in groups of four with a check character.
    pub home_shown: String,
    /// Where it says it can be reached.
    pub addresses: Vec<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Whether it is past its time by this home's clock.
    pub expired: bool,
    /// Whether it is this home's own.
    pub own: bool,
    /// Whether that home is already paired: accepting renews the connection.
    pub known: bool,
    /// What it opens.
    #[serde(default)]
    pub scope: InviteScope,
}

/// Accepts an invite (admins): contacts the other home and pairs.
#[derive(Clone, Serialize, Deserialize)]
pub struct AcceptInvite {
    /// Link or file content.
    pub link: String,
}

impl std::fmt::Debug for PreviewInvite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreviewInvite").finish_non_exhaustive()
    }
}
impl std::fmt::Debug for AcceptInvite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AcceptInvite").finish_non_exhaustive()
    }
}

/// The five safety words of a pairing, by language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SafetyWords {
    /// English words.
    pub en: Vec<String>,
    /// The same in German.
    pub de: Vec<String>,
}

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeState {
    /// Pairing under way.
    Pending,
    /// Connected.
    Connected,
    /// Blocked here.
    Blocked,
    /// Removed here or there.
    Removed,
}

/// What a connection covers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HomeScope {
    /// Everything that paired homes share.
    #[default]
    Full,
    /// Only what these people, of this home or of that one, share as friends with people of the other.
    Limited {
        /// The people.
        people: Vec<PersonCard>,
    },
}

/// A paired home with its health.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Its id.
    pub id: HomeId,
    /// Its id in groups of four with a check character.
    pub id_shown: String,
    /// Its own name.
    pub name: String,
    /// The nickname given here; empty if none.
    pub nickname: String,
    /// The state.
    pub state: HomeState,
    /// Since when it is connected.
    pub connected_at: Option<Timestamp>,
    /// The safety words, until they were confirmed here.
    pub words: Option<SafetyWords>,
    /// The person who paired there.
    pub contact: Option<PersonCard>,
    /// Where it is reached.
    pub addresses: Vec<String>,
    /// Program version it told.
    pub version: String,
    /// Its last sign of life.
    pub last_contact: Option<Timestamp>,
    /// Whether it answers when it is called.
    pub reachable: bool,
    /// Whether it cannot be called from here, but fetches by itself what waits for it.
    #[serde(default)]
    pub fetches: bool,
    /// Activities waiting to go there.
    pub waiting: u64,
    /// Activities it refused.
    pub refused: u64,
    /// Its clock minus ours, in milliseconds, when last told.
    pub clock_difference_ms: i64,
    /// The last error, a stable code.
    pub last_error: Option<String>,
    /// When the next try is due.
    pub next_try: Option<Timestamp>,
    /// What the connection covers.
    #[serde(default)]
    pub scope: HomeScope,
    /// What was done since either home was restored from an older state, if one ever was.
    #[serde(default)]
    pub restored: Option<Restored>,
    /// Whether two copies of that home were seen to run at the same time.
    #[serde(default)]
    pub cloned: bool,
}

impl Home {
    /// Whether things go to and fro: it answers, or fetches by itself.
    #[must_use]
    pub const fn is_awake(&self) -> bool {
        self.reachable || self.fetches
    }

    /// Whether it answers, and takes nothing from this home: it may have blocked it, or not know it any more.
    #[must_use]
    pub fn shuts_out(&self) -> bool {
        self.state == HomeState::Connected
            && !self.reachable
            && self.last_error.as_deref() == Some("not_connected")
    }

    /// Whether the safety words are still to be compared, by whoever this was shown to.
    #[must_use]
    pub const fn is_to_compare(&self) -> bool {
        self.words.is_some() && matches!(self.state, HomeState::Pending | HomeState::Connected)
    }
}

/// Mending what was lost when a home was restored from an older state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Whether this home was restored; else the other.
    pub here: bool,
    /// That this home was restored is the word of that home alone, said within the last day: no other and nothing here says so.
    #[serde(default)]
    pub alone: bool,
    /// When that was noticed.
    pub since: Timestamp,
    /// Whether all was compared with that home.
    pub done: bool,
    /// What was lost here and came back from there.
    pub fetched: u64,
    /// What came from there and could not be taken.
    pub aside: u64,
    /// Comparing was given up: that home always had more.
    #[serde(default)]
    pub given_up: bool,
}

/// Lists paired homes (everyone sees name and state; admins all).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListHomes {}

/// Says whether the safety words are the same on both sides (admins, and whom a limited connection covers). "Not the same" burns
/// the invite and the secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmWords {
    /// Which home.
    pub home: HomeId,
    /// Whether they are the same.
    pub same: bool,
}

/// Gives a home a nickname (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetNickname {
    /// Which home.
    pub home: HomeId,
    /// Up to 80 characters; empty removes.
    pub nickname: String,
}

/// What to do with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeAction {
    /// Stop both directions and hide copies.
    Block,
    /// Take the block back and catch up.
    Unblock,
    /// End the connection, telling the other side, and erase copies.
    Remove,
    /// End it in the same way, and keep copies: those who could see them can read them still, and do nothing else with them.
    RemoveKeeping,
}

/// Asks of which removed homes something is kept (admins).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListKept {}

/// What is kept of a home that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The home.
    pub home: HomeRef,
    /// Posts.
    pub posts: u64,
    /// Pictures and files that are stored here.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
}

/// Erases what is kept of a home that was removed (admins).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseKept {
    /// The home.
    pub home: HomeId,
}

/// Blocks, unblocks or removes a home (admins).
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangeHome {
    /// Which home.
    pub home: HomeId,
    /// What.
    pub action: HomeAction,
    /// The caller's password, again; only for removing.
    #[serde(default)]
    pub password: Option<String>,
}

impl std::fmt::Debug for ChangeHome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeHome")
            .field("home", &self.home)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

/// Asks what removing a home would lose (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetLosses {
    /// Which home.
    pub home: HomeId,
}

/// What removing a home loses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Losses {
    /// Friendships between people here and there.
    pub friendships: u64,
    /// Posts of its people whose copies are here.
    pub posts: u64,
    /// Pictures and files of theirs that are stored here.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// What was still to be sent there.
    pub waiting: u64,
}

/// Asks what waits between this home and another, and what either did not take (admins). Nothing of its content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetAside {
    /// Which home.
    pub home: HomeId,
}

/// What waits between two homes, and what either did not take.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// Is to go there, oldest first.
    pub outgoing: AsideList,
    /// Went there and was not taken, newest first.
    pub refused_there: AsideList,
    /// Came from there and waits for something that is not here yet, oldest first.
    pub incoming: AsideList,
    /// Came from there and was not taken, newest first.
    pub refused_here: AsideList,
}

/// How many there are, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideList {
    /// All of them.
    pub count: u64,
    /// The first [`MAX_ASIDE`].
    pub items: Vec<AsideItem>,
}

/// Most things that a list of [`Aside`] names.
pub const MAX_ASIDE: u32 = 50;

/// One thing that waits or was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideItem {
    /// What it is.
    pub what: Travelling,
    /// Since when.
    pub at: Timestamp,
    /// Why it was not taken, a stable code.
    pub reason: Option<String>,
}

/// What travels between homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Travelling {
    /// A post, as it was written first.
    Post,
    /// A change of a post.
    PostEdit,
    /// The deletion of a post.
    PostDeletion,
    /// That copies of posts are to be erased, because nobody there may see them any more.
    PostRetraction,
    /// Whether a post takes comments.
    PostComments,
    /// A comment, as it was written first.
    Comment,
    /// A change of a comment.
    CommentEdit,
    /// The deletion of a comment.
    CommentDeletion,
    /// Somebody takes their name out of a post or comment.
    Mention,
    /// A reaction, or one taken back.
    Reaction,
    /// Somebody's profile.
    Profile,
    /// That an account was erased.
    ProfileDeletion,
    /// A word about a friendship.
    Friendship,
    /// What a home says of itself.
    Home,
    /// Something that this version does not know.
    Other,
}

/// Ends what a limited connection covers for one person (admins, and that person); the last one ends the connection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseSubscription {
    /// The other home.
    pub home: HomeId,
    /// The person.
    pub person: PersonId,
}

/// Agrees with a home on a new shared secret now, instead of when it is due (admins). Fails if the home does not answer; the
/// secret in use stays then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RenewKeys {
    /// Which home.
    pub home: HomeId,
}

/// Tries to reach a home now (all of them when not given).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TryNow {
    /// Which home.
    #[serde(default)]
    pub home: Option<HomeId>,
}

/// Has this home send nothing of its own to other homes for a while, or ends that (admins). What they send still arrives; what is
/// written meanwhile waits, and goes out at the end by itself. A restart does not end it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PauseSending {
    /// For how many minutes from now, 1 to [`PauseSending::LONGEST_MINUTES`]; none sends again at once.
    #[serde(default)]
    pub minutes: Option<u32>,
}

impl PauseSending {
    /// The longest pause: a day.
    pub const LONGEST_MINUTES: u32 = 24 * 60;
}

/// Whether this home sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingPause {
    /// Until when it sends nothing; none when it sends.
    pub until: Option<Timestamp>,
}

/// Where other homes can reach this one (admins): `host:port`, at most 8.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetAddresses {
    /// The addresses.
    pub addresses: Vec<String>,
}
