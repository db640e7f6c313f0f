//! People and friendships.

use crate::ids::{HomeId, MediaHash, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// A home as shown beside a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeRef {
    /// Its id.
    pub id: HomeId,
    /// Its name or the nickname given here.
    pub name: String,
    /// Whether it is this home.
    pub own: bool,
}

/// A person as shown in lists and beside content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// Who.
    pub id: PersonId,
    /// Display name.
    pub name: String,
    /// Where they live.
    pub home: HomeRef,
    /// Their picture, when the viewer may see it.
    pub picture: Option<MediaHash>,
}

/// How the viewer stands to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The viewer themself.
    Me,
    /// Nothing yet.
    None,
    /// The viewer asked.
    Requested,
    /// They asked the viewer.
    Asked,
    /// Friends.
    Friends,
}

/// Finds people the viewer can know of: this home's, friends, and those that paired homes introduced.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SearchPeople {
    /// Part of a name; empty lists all.
    pub query: String,
    /// At most this many (max 50).
    #[serde(default = "fifty")]
    pub limit: u8,
}

fn fifty() -> u8 {
    50
}

/// A person with the viewer's relation to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Who.
    pub person: PersonCard,
    /// The relation.
    pub relation: Relation,
    /// Since when they are friends.
    pub since: Option<Timestamp>,
}

/// Lists the viewer's friends by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListFriends {
    /// Part of a name; empty lists all.
    #[serde(default)]
    pub query: String,
}

/// Lists open friend requests.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListRequests {}

/// Open friend requests, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Requests {
    /// Waiting for the viewer.
    pub incoming: Vec<FriendRequest>,
    /// Waiting for the other.
    pub outgoing: Vec<FriendRequest>,
}

/// A friend request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FriendRequest {
    /// The other person.
    pub person: PersonCard,
    /// What the asker wrote, up to 500 characters.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// Asks for friendship; crossing requests become friends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestFriend {
    /// Whom.
    pub person: PersonId,
    /// A note, up to 500 characters.
    #[serde(default)]
    pub note: String,
}

/// Answers a request, or takes one's own back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerFriend {
    /// The other person.
    pub person: PersonId,
    /// What to do.
    pub answer: FriendAnswer,
}

/// What to do with a friend request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FriendAnswer {
    /// Become friends.
    Accept,
    /// Say no; the other is not told.
    Decline,
    /// Take one's own request back.
    Cancel,
}

/// Ends a friendship, and access on both sides.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unfriend {
    /// Whom.
    pub person: PersonId,
}
