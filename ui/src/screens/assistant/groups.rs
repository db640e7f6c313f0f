//! The groups of the list of conversations, by their last message.

use crate::kit::time;
use crate::t;
use hearth_api::Timestamp;
use hearth_api::chat::ChatSummary;
use yew::AttrValue;

const DAY: i64 = 86_400_000;

/// A group of conversations, in the order shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Pinned on top.
    Pinned,
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
    /// Within the last 7 days.
    Week,
    /// Within the last 30 days.
    Month,
    /// Before that.
    Older,
    /// Archived: one group whatever the day.
    Archived,
}

impl Group {
    /// Its heading.
    #[must_use]
    pub(super) fn name(self) -> AttrValue {
        match self {
            Self::Pinned => t!("chats-pinned"),
            Self::Today => t!("time-today"),
            Self::Yesterday => t!("time-yesterday"),
            Self::Week => t!("chats-week"),
            Self::Month => t!("chats-month"),
            Self::Older => t!("chats-older"),
            Self::Archived => t!("chats-archived"),
        }
    }
}

/// The group of a time; `same_day` compares calendar days where the person is.
fn group_of(now: Timestamp, at: Timestamp, same_day: impl Fn(Timestamp, Timestamp) -> bool) -> Group {
    let age = now.ms_since(at);
    // Calendar days are only asked for where they can matter: it is the dear part.
    if age < DAY && same_day(now, at) {
        Group::Today
    } else if age < 2 * DAY && same_day(now.plus_days(-1), at) {
        Group::Yesterday
    } else if age < 7 * DAY {
        Group::Week
    } else if age < 30 * DAY {
        Group::Month
    } else {
        Group::Older
    }
}

/// The group of a conversation.
#[must_use]
pub(super) fn group(now: Timestamp, chat: &ChatSummary) -> Group {
    if chat.archived {
        return Group::Archived;
    }
    if chat.pinned {
        return Group::Pinned;
    }
    let key = |t| {
        time::format(
            t,
            &[("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")],
        )
    };
    group_of(now, chat.last_message_at, |a, b| key(a) == key(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_calendar_days_and_the_rest_is_counted() {
        let hour = DAY / 24;
        let utc = |a: Timestamp, b: Timestamp| a.0.div_euclid(DAY) == b.0.div_euclid(DAY);
        let now = Timestamp(100 * DAY + 8 * hour);
        let ago = |ms: i64| group_of(now, now.plus_ms(-ms), utc);
        assert_eq!(ago(0), Group::Today);
        assert_eq!(ago(-hour), Group::Today, "a clock a little ahead");
        assert_eq!(ago(9 * hour), Group::Yesterday);
        assert_eq!(ago(33 * hour), Group::Week);
        assert_eq!(ago(8 * DAY), Group::Month);
        assert_eq!(ago(31 * DAY), Group::Older);
    }
}
