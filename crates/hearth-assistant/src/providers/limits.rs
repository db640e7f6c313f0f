//! How long a provider is waited for.

use hearth_api::provider::{MAX_LIMIT, MIN_LIMIT, TimeLimits};
use hearth_api::{ApiError, ApiResult};
use hearth_llm::Timeouts;
use std::time::Duration;

/// That each limit that is set is in range; the field at fault is named.
pub(super) fn check(limits: TimeLimits) -> ApiResult<()> {
    let each = [
        ("connect_limit", limits.connect),
        ("first_token_limit", limits.first_token),
        ("idle_limit", limits.idle),
        ("turn_limit", limits.turn),
    ];
    for (field, seconds) in each {
        if seconds.is_some_and(|s| !(MIN_LIMIT..=MAX_LIMIT).contains(&s)) {
            return Err(ApiError::invalid(
                field,
                "A time limit is 10 to 900 seconds. Leave it empty for the usual one.",
            ));
        }
    }
    Ok(())
}

/// The limits for the client; what is not set is as usual.
pub(super) fn timeouts(limits: TimeLimits) -> Timeouts {
    let usual = Timeouts::default();
    let seconds = |set: Option<u32>, usual: Duration| set.map_or(usual, |s| Duration::from_secs(s.into()));
    Timeouts {
        connect: seconds(limits.connect, usual.connect),
        first_token: limits
            .first_token
            .map(|s| Duration::from_secs(s.into()))
            .or(usual.first_token),
        idle: seconds(limits.idle, usual.idle),
        turn: seconds(limits.turn, usual.turn),
        load: usual.load,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named_when_it_is_out_of_range() {
        assert!(check(TimeLimits::default()).is_ok());
        let set = |s: u32| TimeLimits {
            idle: Some(s),
            ..TimeLimits::default()
        };
        assert!(check(set(10)).is_ok() && check(set(900)).is_ok());
        for out in [0, 9, 901] {
            assert_eq!(check(set(out)).unwrap_err().name(), "invalid_idle_limit");
        }
    }

    #[test]
    fn what_is_not_set_is_as_usual() {
        assert_eq!(timeouts(TimeLimits::default()), Timeouts::default());
        let some = timeouts(TimeLimits {
            first_token: Some(30),
            turn: Some(900),
            ..TimeLimits::default()
        });
        assert_eq!(some.first_token, Some(Duration::from_secs(30)));
        assert_eq!(some.turn, Duration::from_secs(900));
        assert_eq!(some.connect, Timeouts::default().connect);
    }
}
