//! What becomes of an own post at other homes.

use crate::ids::{HomeId, PostId, Timestamp};
use crate::people::HomeRef;
use serde::{Deserialize, Serialize};

/// How far an own post has travelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverySummary {
    /// Homes that are to have it.
    pub homes: u32,
    /// Homes that have it.
    pub delivered: u32,
    /// Homes that refused it.
    pub refused: u32,
    /// Homes that are not to have it any more and have not answered to that yet.
    #[serde(default)]
    pub taking_back: u32,
}

/// Asks how far an own post has travelled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDelivery {
    /// Which post.
    pub id: PostId,
}

/// The state of an own post on one home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Stored here, not yet there.
    Waiting,
    /// Stored there.
    Delivered,
    /// The other home refused it.
    Refused,
    /// It is not for anybody there any more, and its copy is being taken back: until the other home has answered.
    TakingBack,
}

/// The reason of what waits because this home sends nothing for a while; the next try is the end of that.
pub const SENDING_PAUSED: &str = "paused";

/// One line of the delivery sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which home.
    pub home: HomeRef,
    /// The state.
    pub state: DeliveryState,
    /// Since when.
    pub at: Timestamp,
    /// Why it waits or was refused, in a stable code (`home_unreachable`, `not_authorised`, …; [`SENDING_PAUSED`] while this home sends
    /// nothing); of what was delivered, `waiting_there`
    /// when the other home keeps it until what it refers to has come, and `overtaken` when it came too late to be shown there.
    pub reason: Option<String>,
    /// When it is tried next.
    pub next_try: Option<Timestamp>,
    /// Friends of the author there who may see it; 0 where it is being taken back.
    pub readers: u32,
}

/// Tries a waiting or refused delivery again now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetryDelivery {
    /// Which post.
    pub id: PostId,
    /// To which home.
    pub home: HomeId,
}
