//! Quiet hours: when nothing pops up on a machine, by the clocks of the person whose machine it is. The stream in the window and the
//! number beside it are as ever.

use crate::node::Node;
use hearth_api::notify::QuietHours;
use hearth_api::ports::Zone;
use hearth_api::{PersonId, Timestamp};

impl Node {
    /// Whether any of these times is in the account's quiet hours. What cannot be read is not quiet: the notification is then read from
    /// the same place.
    pub(crate) async fn is_quiet(&self, account: PersonId, times: &[Timestamp]) -> bool {
        let Ok(Some((hours, zone))) = self.social().quiet_hours(account).await else {
            return false;
        };
        let minutes = times.iter().map(|at| minute_of_day(self.zone(), &zone, *at));
        minutes.into_iter().any(|minute| hours.holds(minute))
    }
}

/// What the clocks of a place show at a time, in minutes since midnight; those of UTC where nobody knows the place.
fn minute_of_day(zone: &dyn Zone, name: &str, at: Timestamp) -> u16 {
    let ahead_ms = i64::from(zone.ahead_in(name, at).unwrap_or(0)) * 1000;
    let minute = at.plus_ms(ahead_ms).0.div_euclid(60_000);
    u16::try_from(minute.rem_euclid(i64::from(QuietHours::DAY))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemZone;

    const NIGHT: QuietHours = QuietHours {
        from: 22 * 60,
        to: 7 * 60,
    };

    fn is_quiet(zone: &str, at: &str) -> bool {
        let at = Timestamp(at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        NIGHT.holds(minute_of_day(&SystemZone, zone, at))
    }

    #[test]
    fn the_night_goes_by_the_clocks_of_the_person_in_summer_and_in_winter() {
        let berlin = |at| is_quiet("Europe/Berlin", at);
        // In July they are two hours ahead of UTC, in December one.
        assert!(!berlin("2026-07-01T19:59:00Z") && berlin("2026-07-01T20:00:00Z"));
        assert!(!berlin("2026-12-01T20:59:00Z") && berlin("2026-12-01T21:00:00Z"));
        assert!(berlin("2026-07-02T04:59:00Z") && !berlin("2026-07-02T05:00:00Z"));
        assert!(berlin("2026-12-02T05:59:00Z") && !berlin("2026-12-02T06:00:00Z"));
        assert!(
            is_quiet("America/New_York", "2026-07-02T05:00:00Z"),
            "one at night"
        );
    }

    #[test]
    fn the_nights_in_which_clocks_are_set_end_by_the_clocks_too() {
        let berlin = |at| is_quiet("Europe/Berlin", at);
        // On 29 March two o'clock is three; on 25 October three is two again.
        assert!(berlin("2026-03-28T21:00:00Z") && berlin("2026-03-29T04:59:00Z"));
        assert!(!berlin("2026-03-29T05:00:00Z"), "an hour less of sleep");
        assert!(berlin("2026-10-24T20:00:00Z") && berlin("2026-10-25T05:59:00Z"));
        assert!(!berlin("2026-10-25T06:00:00Z"), "an hour more");
    }

    #[test]
    fn an_unknown_place_is_where_the_home_is() {
        struct Here;
        impl Zone for Here {
            fn ahead(&self, _at: Timestamp) -> Option<i32> {
                Some(-3 * 3600)
            }
        }
        assert_eq!(minute_of_day(&Here, "auto", Timestamp(0)), 21 * 60);
        let (nowhere, at) = ("Atlantis/Poseidonis", Timestamp(1_795_305_600_000));
        assert_eq!(
            SystemZone.ahead_in(nowhere, at),
            SystemZone.ahead(at),
            "as where the home is"
        );
    }
}
