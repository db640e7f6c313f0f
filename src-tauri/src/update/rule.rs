//! The rules of updates: when it is looked, what is offered, what of the words of a feed is shown.

use hearth_api::Timestamp;
use semver::Version;
use tauri::Url;

/// How long after a look the next one is due.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The same after one that failed.
const AGAIN_MS: i64 = 60 * 60 * 1000;
/// The most characters of the notes that are shown.
const MOST_NOTES: usize = 4000;

/// The last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) at: Timestamp,
    pub(super) failed: bool,
}

impl Look {
    /// As it is kept in a file.
    pub(super) fn to_text(self) -> String {
        let how = if self.failed { "failed" } else { "fine" };
        format!("{} {how}", self.at.0)
    }

    /// Reads it; what is damaged counts as none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (at, how) = text.trim().split_once(' ')?;
        Some(Self {
            at: Timestamp(at.parse().ok()?),
            failed: how == "failed",
        })
    }
}

/// Whether it is time to look: once a day, an hour after a look that failed. A clock that was put back does not stop it.
pub(super) fn is_due(last: Option<Look>, now: Timestamp) -> bool {
    last.is_none_or(|last| {
        let since = now.ms_since(last.at);
        since < 0 || since >= if last.failed { AGAIN_MS } else { DAY_MS }
    })
}

/// Whether a version is offered to whoever has this one: only a later one, and what is not finished only to those who have such.
pub(super) fn is_offered(own: &Version, found: &Version) -> bool {
    found.cmp_precedence(own).is_gt() && (found.pre.is_empty() || !own.pre.is_empty())
}

/// The notes as they are shown: text without control characters, of some pages at most.
pub(super) fn notes(text: &str) -> String {
    let clean: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .take(MOST_NOTES)
        .collect();
    clean.trim().to_owned()
}

/// The page of a version, if the feed names one: of the feed's own place, and as well protected.
pub(super) fn page(named: Option<&str>, feed: &Url) -> Option<String> {
    let page: Url = named?.parse().ok()?;
    let ours = page.scheme() == feed.scheme()
        && page.host_str() == feed.host_str()
        && page.port_or_known_default() == feed.port_or_known_default();
    ours.then(|| page.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_305_600_000);

    fn looked(ms_ago: i64, failed: bool) -> Option<Look> {
        Some(Look {
            at: NOW.plus_ms(-ms_ago),
            failed,
        })
    }

    #[test]
    fn it_is_looked_once_a_day_and_an_hour_after_a_failure() {
        assert!(is_due(None, NOW));
        assert!(!is_due(looked(0, false), NOW));
        assert!(!is_due(looked(DAY_MS - 1, false), NOW));
        assert!(is_due(looked(DAY_MS, false), NOW));
        assert!(!is_due(looked(AGAIN_MS - 1, true), NOW));
        assert!(is_due(looked(AGAIN_MS, true), NOW));
        assert!(is_due(looked(-1, false), NOW), "a clock that was wrong");
    }

    #[test]
    fn a_look_survives_its_file_and_a_damaged_file_is_none() {
        for look in [looked(5, false), looked(5, true)].into_iter().flatten() {
            assert_eq!(Look::read(&look.to_text()), Some(look));
        }
        for damaged in ["", "soon fine", "12"] {
            assert_eq!(Look::read(damaged), None, "{damaged}");
        }
    }

    #[test]
    fn only_a_later_version_is_offered() {
        let offered = |own: &str, found: &str| is_offered(&own.parse().unwrap(), &found.parse().unwrap());
        assert!(offered("0.1.0", "0.1.1"));
        assert!(offered("0.9.0", "0.10.0"));
        assert!(offered("0.2.0-rc.1", "0.2.0"));
        assert!(offered("0.2.0-rc.1", "0.2.0-rc.2"));
        for (own, found) in [
            ("0.1.0", "0.1.0"),
            ("0.2.0", "0.1.9"),
            ("0.2.0", "0.2.0-rc.1"),
            ("0.1.0", "0.1.0+another.build"),
            ("0.1.0", "0.2.0-rc.1"),
        ] {
            assert!(!offered(own, found), "{found} for {own}");
        }
    }

    #[test]
    fn notes_are_text_of_a_bounded_length() {
        assert_eq!(notes("  New:\n- a\u{1b}[31m b\r\n"), "New:\n- a[31m b");
        assert_eq!(notes(&"ä".repeat(9000)).chars().count(), MOST_NOTES);
    }

    #[test]
    fn a_page_elsewhere_is_none() {
        let feed: Url = "https://hearth.example/latest.json".parse().unwrap();
        let page = |named: &str| page(Some(named), &feed);
        assert!(page("https://hearth.example/v2").is_some());
        for bad in [
            "http://hearth.example/v2",
            "https://evil.example/v2",
            "https://hearth.example:8443/v2",
            "javascript:alert(1)",
            "v2",
        ] {
            assert_eq!(page(bad), None, "{bad}");
        }
    }
}
