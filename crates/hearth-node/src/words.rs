//! Words of the command line and the doctor that depend on a number.

/// A number with what it counts: `1 person`, `3 people`.
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    let what = if count == 1 { one } else { many };
    format!("{count} {what}")
}

/// A span of minutes in hours and minutes: `1 minute`, `2 hours`, `1 hour and 30 minutes`.
#[must_use]
pub fn span(minutes: u64) -> String {
    let hours = counted(minutes / 60, "hour", "hours");
    let rest = counted(minutes % 60, "minute", "minutes");
    match (minutes / 60, minutes % 60) {
        (0, _) => rest,
        (_, 0) => hours,
        _ => format!("{hours} and {rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_said_as_many() {
        let people = |count| counted(count, "person", "people");
        assert_eq!(
            [people(0), people(1), people(2)],
            ["0 people", "1 person", "2 people"]
        );
    }

    #[test]
    fn a_span_is_told_in_hours_and_minutes() {
        assert_eq!(
            [1, 30, 60, 61, 150, 1440].map(span),
            [
                "1 minute",
                "30 minutes",
                "1 hour",
                "1 hour and 1 minute",
                "2 hours and 30 minutes",
                "24 hours"
            ]
        );
    }
}
