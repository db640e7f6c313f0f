//! Which connection two homes that meet again hold: one of them may have been put back to before it ended and another began.

use serde::{Deserialize, Serialize};

use crate::ids::InviteId;

/// How often two homes have begun a connection, and which is the present one, as one of them knows it. Clocks have no part in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// How often, as far as it was counted.
    pub times: u32,
    /// The invite by which the present connection began; none without one, or if it began before that was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteId>,
}

impl Met {
    /// Whether the connection held here began before the one that is held there. What was not counted was before all that was.
    #[must_use]
    pub fn is_before(&self, theirs: &Self) -> bool {
        self.present() < theirs.present()
    }

    /// What both know after they began a connection by an invite; `theirs` is absent in older versions, which do not count.
    #[must_use]
    pub fn begun_by(&self, invite: InviteId, theirs: Option<&Self>) -> Self {
        match theirs {
            Some(theirs) => Self {
                times: self.times.max(theirs.times).saturating_add(1),
                invite: Some(invite),
            },
            None => Self {
                times: self.times,
                invite: None,
            },
        }
    }

    /// What both know after they agreed on a new secret for a connection that goes on: the later of the two.
    #[must_use]
    pub fn going_on(&self, theirs: Option<&Self>) -> Self {
        let Some(theirs) = theirs else { return *self };
        let present = self.present().max(theirs.present());
        Self {
            times: self.times.max(theirs.times),
            invite: present.map(|(_, invite)| invite),
        }
    }

    fn present(&self) -> Option<(u32, InviteId)> {
        self.invite.map(|invite| (self.times, invite))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(times: u32, invite: u8) -> Met {
        Met {
            times,
            invite: (invite > 0).then(|| InviteId::from_bytes([invite; 16])),
        }
    }

    #[test]
    fn of_two_that_hold_different_connections_one_is_before_the_other() {
        let rising = [met(0, 0), met(1, 9), met(2, 3), met(2, 4), met(u32::MAX, 1)];
        for (at, one) in rising.iter().enumerate() {
            for (other_at, other) in rising.iter().enumerate() {
                assert_eq!(one.is_before(other), at < other_at, "{one:?} {other:?}");
            }
        }
        assert!(!met(3, 0).is_before(&met(5, 0)), "neither was counted");
    }

    #[test]
    fn both_come_to_the_same() {
        let invite = InviteId::from_bytes([7; 16]);
        for (one, other) in [
            (met(0, 0), met(0, 0)),
            (met(1, 9), met(2, 3)),
            (met(5, 0), met(2, 3)),
            (met(u32::MAX, 1), met(2, 3)),
        ] {
            let anew = one.begun_by(invite, Some(&other));
            assert_eq!(anew, other.begun_by(invite, Some(&one)));
            assert_eq!(anew.invite, Some(invite));
            assert_eq!(anew.times, one.times.max(other.times).saturating_add(1));
            let goes_on = one.going_on(Some(&other));
            assert_eq!(goes_on, other.going_on(Some(&one)));
            assert!(!goes_on.is_before(&one) && !goes_on.is_before(&other));
        }
    }

    #[test]
    fn with_a_home_that_does_not_count_nothing_is_counted() {
        let invite = InviteId::from_bytes([7; 16]);
        assert_eq!(met(3, 0).begun_by(invite, None), met(3, 0));
        assert_eq!(met(3, 1).begun_by(invite, None), met(3, 0));
        assert_eq!(met(3, 1).going_on(None), met(3, 1));
    }
}
