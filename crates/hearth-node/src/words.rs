//! Words of the command line and the doctor that depend on a number.

/// A number with what it counts: `1 person`, `3 people`.
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    let what = if count == 1 { one } else { many };
    format!("{count} {what}")
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
}
