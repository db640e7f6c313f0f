//! What is taken as a name, a sign-in name, a birth date, and as settings.

use hearth_api::account::AccountSettings;
use hearth_api::app::ADULT_ACCOUNT;
use hearth_api::{ApiError, ApiResult, Code, Date, Timestamp};
use hearth_federation::identity::{MAX_NAME_CHARS, is_shown_safely};

/// Nobody is older.
const MAX_AGE: u16 = 130;
/// Longest language tag (RFC 5646, 4.4.1).
const MAX_LANGUAGE: usize = 35;
/// Longest name of a time zone.
const MAX_ZONE: usize = 64;

/// A name to show, without blanks around it.
///
/// # Errors
/// `invalid_<field>`.
pub(crate) fn display_name(name: &str, field: &str) -> ApiResult<String> {
    let name = if name.len() > MAX_NAME_CHARS * 8 {
        name
    } else {
        name.trim()
    };
    if is_shown_safely(name) {
        Ok(name.to_owned())
    } else {
        Err(ApiError::invalid(
            field,
            format!("A name has 1 to {MAX_NAME_CHARS} characters, without line breaks or invisible signs."),
        ))
    }
}

/// A sign-in name as it is compared: without blanks around it, in lower case.
pub(crate) fn fold_username(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A sign-in name as typed, without blanks around it.
///
/// # Errors
/// `invalid_username`.
pub(super) fn username(name: &str) -> ApiResult<String> {
    let name = if name.len() > 64 * 8 { name } else { name.trim() };
    let chars = if name.len() > 64 * 4 {
        usize::MAX
    } else {
        name.chars().count()
    };
    if (3..=64).contains(&chars) && is_shown_safely(name) && !name.chars().any(char::is_whitespace) {
        Ok(name.to_owned())
    } else {
        Err(ApiError::invalid(
            "username",
            "A sign-in name has 3 to 64 characters and no blanks.",
        ))
    }
}

/// Checks a birth date: a day of the past, of somebody who may have an account.
///
/// # Errors
/// `invalid_birth_date`, `guardian_required`.
pub(super) fn birth_date(date: Date, now: Timestamp) -> ApiResult<()> {
    let today = Date::of(now);
    if date > today || date.age_on(today) > MAX_AGE {
        return Err(ApiError::invalid(
            "birth_date",
            "This cannot be a birth date. Check the year.",
        ));
    }
    if date.age_on(today) < ADULT_ACCOUNT {
        return Err(ApiError::new(
            Code::GuardianRequired,
            "Accounts for people under 16 need a guardian, and this version of Hearth has no such accounts yet. \
             They come with a later version; until then, please wait with this account.",
        )
        .on("birth_date"));
    }
    Ok(())
}

/// Whether a text has the form of a language tag (RFC 5646): letters, then subtags.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    tag.len() <= MAX_LANGUAGE
        && (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether a text has the form of a name of the IANA time zone database.
fn is_zone(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
    };
    name.len() <= MAX_ZONE && name.split('/').count() <= 3 && name.split('/').all(part)
}

/// Checks window settings.
///
/// # Errors
/// `invalid_theme`, `invalid_text_size`, `invalid_language`, `invalid_time_zone`, `invalid_quiet_hours`, `invalid_keys`.
pub(super) fn settings(settings: &AccountSettings) -> ApiResult<()> {
    if !matches!(settings.theme.as_str(), "system" | "light" | "dark") {
        return Err(ApiError::invalid("theme", "Choose light, dark or as the system."));
    }
    if !(80..=140).contains(&settings.text_size) || !settings.text_size.is_multiple_of(10) {
        return Err(ApiError::invalid(
            "text_size",
            "Choose a text size from 80 to 140 per cent in steps of 10.",
        ));
    }
    if settings.language != "auto" && !is_language(&settings.language) {
        return Err(ApiError::invalid(
            "language",
            "Choose one of the languages offered.",
        ));
    }
    if settings.time_zone != "auto" && !is_zone(&settings.time_zone) {
        return Err(ApiError::invalid(
            "time_zone",
            "Choose a time zone such as Europe/Berlin.",
        ));
    }
    if settings.quiet_hours.is_some_and(|hours| !hours.is_span()) {
        return Err(ApiError::invalid(
            "quiet_hours",
            "Choose two different times of the day.",
        ));
    }
    if !settings.keys.iter().all(|(name, keys)| are_keys(name, keys)) || settings.keys.len() > MAX_KEYS {
        return Err(ApiError::invalid(
            "keys",
            "These keys cannot be kept. Choose others, or reset the keys to the usual ones.",
        ));
    }
    Ok(())
}

const MAX_KEYS: usize = 128;

/// Whether these are shortcuts as the window writes them (`Mod+K`, `g h`), by the name of what they do.
fn are_keys(name: &str, keys: &[String]) -> bool {
    let named = (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let written = |keys: &String| {
        (1..=40).contains(&keys.len())
            && !keys.chars().any(char::is_control)
            && keys.split(' ').count() <= 2
            && keys.split(' ').all(|stroke| !stroke.is_empty())
    };
    named && keys.len() <= 4 && keys.iter().all(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::notify::QuietHours;

    #[test]
    fn sign_in_names_are_compared_without_case_and_blanks() {
        assert_eq!(username(" Anna ").unwrap(), "Anna");
        assert_eq!(fold_username(" ÄNNA"), "änna");
        for wrong in [
            "ab",
            "an na",
            "an\u{202e}na",
            "",
            &"x".repeat(65),
            &" ".repeat(1_000_000),
        ] {
            assert_eq!(username(wrong).unwrap_err().name(), "invalid_username");
        }
        assert!(username(&"ß".repeat(64)).is_ok());
    }

    #[test]
    fn settings_are_checked_one_by_one() {
        let checked = |change: &dyn Fn(&mut AccountSettings)| {
            let mut s = AccountSettings::default();
            change(&mut s);
            settings(&s).err().map_or("ok".to_owned(), |e| e.name())
        };
        assert_eq!(checked(&|_| ()), "ok");
        assert_eq!(checked(&|s| s.theme = "pink".into()), "invalid_theme");
        for size in [70, 75, 150, 255] {
            assert_eq!(checked(&|s| s.text_size = size), "invalid_text_size", "{size}");
        }
        assert_eq!(checked(&|s| s.text_size = 140), "ok");
        for (tag, verdict) in [
            ("de", "ok"),
            ("de-CH-1996", "ok"),
            ("", "invalid_language"),
            ("d", "invalid_language"),
            ("../de", "invalid_language"),
            ("de_DE", "invalid_language"),
        ] {
            assert_eq!(checked(&|s| s.language = tag.into()), verdict, "{tag}");
        }
        for (zone, verdict) in [
            ("Europe/Berlin", "ok"),
            ("America/Argentina/Buenos_Aires", "ok"),
            ("Etc/GMT+5", "ok"),
            ("UTC", "ok"),
            ("", "invalid_time_zone"),
            ("/etc/passwd", "invalid_time_zone"),
            ("a/../b", "invalid_time_zone"),
            ("Europe/", "invalid_time_zone"),
        ] {
            assert_eq!(checked(&|s| s.time_zone = zone.into()), verdict, "{zone}");
        }
        for (from, to, verdict) in [
            (1320, 420, "ok"),
            (0, 1439, "ok"),
            (420, 420, "invalid_quiet_hours"),
            (1440, 420, "invalid_quiet_hours"),
            (420, 1440, "invalid_quiet_hours"),
        ] {
            let hours = Some(QuietHours { from, to });
            assert_eq!(checked(&|s| s.quiet_hours = hours), verdict, "{from} to {to}");
        }
        for (name, keys, verdict) in [
            ("reply", "r", "ok"),
            ("go-home", "g h", "ok"),
            ("find", "Mod+F", "ok"),
            ("find", "Mod+É", "ok"),
            ("", "r", "invalid_keys"),
            ("Reply", "r", "invalid_keys"),
            ("reply", "", "invalid_keys"),
            ("reply", "a b c", "invalid_keys"),
            ("reply", "a\nb", "invalid_keys"),
            ("reply", &"x".repeat(41), "invalid_keys"),
        ] {
            let chosen = |s: &mut AccountSettings| {
                s.keys.insert(name.into(), vec![keys.into()]);
            };
            assert_eq!(checked(&chosen), verdict, "{name} {keys}");
        }
        let none = |s: &mut AccountSettings| {
            s.keys.insert("reply".into(), Vec::new());
        };
        assert_eq!(checked(&none), "ok", "no keys at all are a choice, too");
        let many = |s: &mut AccountSettings| {
            s.keys.insert("reply".into(), vec!["r".into(); 5]);
        };
        assert_eq!(checked(&many), "invalid_keys");
        let more = |s: &mut AccountSettings| {
            s.keys = (0..200)
                .map(|n| ("a".repeat(n % 40 + 1) + &"b".repeat(n / 40), Vec::new()))
                .collect();
        };
        assert_eq!(checked(&more), "invalid_keys");
    }

    #[test]
    fn birth_dates_lie_in_the_past_and_sixteen_is_old_enough() {
        let now = Timestamp(1_795_305_600_000); // 22 November 2026
        let verdict = |y, m, d| {
            birth_date(Date::new(y, m, d).unwrap(), now)
                .err()
                .map_or("ok".to_owned(), |e| e.name())
        };
        assert_eq!(verdict(2010, 11, 22), "ok");
        assert_eq!(verdict(2010, 11, 23), "guardian_required");
        assert_eq!(verdict(2026, 11, 23), "invalid_birth_date");
        assert_eq!(verdict(1850, 1, 1), "invalid_birth_date");
    }
}
