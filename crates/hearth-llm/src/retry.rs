//! When to try again: the schedule, and the `Retry-After` header in all its spellings.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The pauses before the second and third attempt where the server names none.
pub(crate) const SCHEDULE: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// The longest wait that is done silently; beyond it the person decides.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Nothing sensible asks for more; keeps countdowns finite.
const CEILING: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long the server asks to wait, as seconds or as a date (RFC 9110, 10.2.3).
///
/// A date is compared with the response's own `Date` where there is one, so that a wrong clock on
/// either side does no harm.
pub(crate) fn retry_after(headers: &HeaderMap, now_ms: i64) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = headers
        .get("retry-after-ms")
        .and_then(|v| v.to_str().ok()?.trim().parse::<u64>().ok())
    {
        return Some(Duration::from_millis(ms).min(CEILING));
    }
    let value = text(RETRY_AFTER)?;
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok().map(|d| d.min(CEILING));
    }
    let until = parse_http_date(value)?;
    let now = text(DATE).and_then(parse_http_date).unwrap_or(now_ms / 1000);
    Some(Duration::from_secs(u64::try_from(until - now).unwrap_or(0)).min(CEILING))
}

/// Reads an HTTP date in its three formats (RFC 9110, 5.6.7), as Unix seconds.
pub(crate) fn parse_http_date(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text
        .split([' ', ',', '-'])
        .filter(|part| !part.is_empty())
        .collect();
    let (day, month, year, time) = match *parts.as_slice() {
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    let day: i64 = day.parse().ok().filter(|d| (1..=31).contains(d))?;
    let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    .iter()
    .position(|name| *name == month)?;
    let month = i64::try_from(month).ok()? + 1;
    let year = match (year.len(), year.parse::<i64>().ok()?) {
        (2, year @ 0..70) => 2000 + year,
        (2, year @ 70..) => 1900 + year,
        (4, year @ 1970..) => year,
        _ => return None,
    };
    let mut clock = time.split(':').map(|n| n.parse::<i64>().ok());
    let (h, m, s) = (clock.next()??, clock.next()??, clock.next()??);
    let valid =
        clock.next().is_none() && (0..24).contains(&h) && (0..60).contains(&m) && (0..=60).contains(&s);
    valid.then(|| days_from_civil(year, month, day) * 86_400 + h * 3600 + m * 60 + s)
}

/// Days since 1970-01-01 in the Gregorian calendar, for years from 1970 on.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_date_formats_are_read() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse_http_date(text), Some(784_111_777), "{text}");
        }
        assert_eq!(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(
            parse_http_date("Thu, 29 Feb 2024 12:00:00 GMT"),
            Some(1_709_208_000)
        );
        for bad in [
            "",
            "soon",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 99 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse_http_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_wait_is_read_from_seconds_and_dates() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(k, v)| (k.parse().expect("name"), v.parse().expect("value")))
                .collect()
        };
        let at = 784_111_777_000;
        let wait = |pairs: &[(&'static str, &'static str)]| retry_after(&headers(pairs), at);
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(wait(&[("retry-after", "1.5")]), Some(Duration::from_millis(1500)));
        assert_eq!(
            wait(&[("retry-after-ms", "250")]),
            Some(Duration::from_millis(250))
        );
        let date = ("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT");
        assert_eq!(wait(&[date]), Some(Duration::from_secs(20)));
        assert_eq!(
            wait(&[date, ("date", "Sun, 06 Nov 1994 08:49:52 GMT")]),
            Some(Duration::from_secs(5))
        );
        assert_eq!(
            wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")]),
            Some(Duration::ZERO)
        );
        assert_eq!(wait(&[("retry-after", "-3")]), None);
        assert_eq!(wait(&[]), None);
    }
}
