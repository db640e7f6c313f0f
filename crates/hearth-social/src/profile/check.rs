//! What a field of a profile may say.

use hearth_api::profile::ProfileField;
use hearth_api::{ApiError, ApiResult, Date};

/// The name of a field in errors, as on the wire.
fn name(field: ProfileField) -> String {
    serde_json::to_value(field)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Checks what a person writes into a field of their own; the answer is what is stored.
///
/// # Errors
/// `invalid_<field>`.
pub(super) fn own_value(field: ProfileField, value: &str) -> ApiResult<String> {
    let refused = |message: String| Err(ApiError::invalid(&name(field), message));
    if !takes_text(field) {
        return refused("This is not changed here. Only who may see it is.".to_owned());
    }
    if value.len() > field.max_chars() * 8 {
        return refused(format!(
            "This has at most {} characters. Shorten it.",
            field.max_chars()
        ));
    }
    let mut text = value.replace("\r\n", "\n").trim().to_owned();
    if field == ProfileField::Website && !text.is_empty() && !text.contains("://") {
        text.insert_str(0, "https://");
    }
    if text.chars().count() > field.max_chars() {
        return refused(format!(
            "This has at most {} characters. Shorten it.",
            field.max_chars()
        ));
    }
    if text.is_empty() || is_sound(field, &text) {
        return Ok(text);
    }
    refused(
        match field {
            ProfileField::Website => "Enter a web address such as https://example.org.",
            ProfileField::Email => "Enter an e-mail address such as anna@example.org.",
            ProfileField::Phone => "Enter a telephone number: digits, blanks and + ( ) - / only.",
            _ => "This has signs that cannot be shown. Remove them.",
        }
        .to_owned(),
    )
}

/// Whether people write text into the field.
pub(super) fn takes_text(field: ProfileField) -> bool {
    !matches!(
        field,
        ProfileField::Picture
            | ProfileField::Username
            | ProfileField::Birthday
            | ProfileField::BirthYear
            | ProfileField::FriendList
    )
}

/// Whether a value, own or foreign, can be stored and shown in a field.
pub(super) fn is_sound(field: ProfileField, value: &str) -> bool {
    let lines = matches!(field, ProfileField::Bio | ProfileField::Address);
    let printable = value.len() <= field.max_chars() * 4
        && value.chars().count() <= field.max_chars()
        && value.trim() == value
        && !value.is_empty()
        && value
            .chars()
            .all(|c| !c.is_control() || (lines && matches!(c, '\n' | '\t')))
        && !value
            .chars()
            .any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    printable
        && match field {
            ProfileField::Website => is_web_address(value),
            ProfileField::Email => is_mail_address(value),
            ProfileField::Phone => {
                value.chars().any(|c| c.is_ascii_digit())
                    && value.chars().all(|c| c.is_ascii_digit() || " +()-/.".contains(c))
            }
            // The year is a leap one, so that 29 February is a day.
            ProfileField::Birthday => format!("2000-{value}").parse::<Date>().is_ok(),
            ProfileField::BirthYear => value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit()),
            _ => true,
        }
}

fn is_web_address(value: &str) -> bool {
    let rest = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    rest.and_then(|rest| rest.split(['/', '?', '#']).next())
        .is_some_and(|host| {
            !host.is_empty()
                && !host.contains('@')
                && !value
                    .chars()
                    .any(|c| c.is_whitespace() || "\"<>\\^`{|}".contains(c))
        })
}

fn is_mail_address(value: &str) -> bool {
    value.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !value.chars().any(|c| c.is_whitespace() || "<>\"".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(field: ProfileField, value: &str) -> String {
        own_value(field, value).unwrap_or_else(|e| e.name())
    }

    #[test]
    fn each_field_takes_what_it_is_for() {
        use ProfileField::{
            Address, Bio, BirthYear, Birthday, Email, FriendList, Hometown, Phone, Picture, Username, Website,
        };
        let cases = [
            (Bio, " I bake.\r\nA lot. ", "I bake.\nA lot."),
            (Hometown, "Kiel\nLübeck", "invalid_hometown"),
            (Address, "Hill 1\n24103 Kiel", "Hill 1\n24103 Kiel"),
            (Website, "example.org/anna", "https://example.org/anna"),
            (Website, "javascript://alert(1)", "invalid_website"),
            (Website, "https://anna:secret@example.org", "invalid_website"),
            (Website, "https://", "invalid_website"),
            (Website, "", ""),
            (Email, "anna@example.org", "anna@example.org"),
            (Email, "anna at example", "invalid_email"),
            (Phone, "+49 (431) 123-45", "+49 (431) 123-45"),
            (Phone, "call me", "invalid_phone"),
            (Hometown, "K\u{202e}iel", "invalid_hometown"),
            (Username, "boss", "invalid_username"),
            (Birthday, "01-01", "invalid_birthday"),
            (BirthYear, "1900", "invalid_birth_year"),
            (Picture, "x", "invalid_picture"),
            (FriendList, "x", "invalid_friend_list"),
        ];
        for (field, value, expected) in cases {
            assert_eq!(verdict(field, value), expected, "{field:?} {value:?}");
        }
    }

    #[test]
    fn limits_are_inclusive_and_count_characters() {
        assert_eq!(
            verdict(ProfileField::Bio, &"ü".repeat(5000)).chars().count(),
            5000
        );
        assert_eq!(verdict(ProfileField::Bio, &"ü".repeat(5001)), "invalid_bio");
        assert_eq!(
            verdict(ProfileField::Hometown, &"x".repeat(121)),
            "invalid_hometown"
        );
        assert_eq!(
            verdict(ProfileField::Bio, &" ".repeat(100_000_000)),
            "invalid_bio"
        );
    }

    #[test]
    fn a_foreign_birthday_is_a_day() {
        assert!(is_sound(ProfileField::Birthday, "02-29"));
        assert!(!is_sound(ProfileField::Birthday, "02-30"));
        assert!(!is_sound(ProfileField::Birthday, "2-3"));
        assert!(is_sound(ProfileField::BirthYear, "1990"));
        assert!(!is_sound(ProfileField::BirthYear, "90"));
    }
}
