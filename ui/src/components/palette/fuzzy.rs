//! How well a few typed letters fit a name.

/// The fit of `wanted` in `name`, higher is better; `None` when its letters do not occur in order. Letters at the start
/// of a word and letters in a row count more.
pub(super) fn score(wanted: &str, name: &str) -> Option<i32> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let mut total = 0;
    let mut at = 0;
    let mut before: Option<usize> = None;
    for letter in wanted.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let here = at + name.iter().skip(at).position(|c| *c == letter)?;
        // A later start of a word fits better than the next letter that happens to be the same.
        let starts = |i: usize| i == 0 || name.get(i - 1).is_some_and(|c| !c.is_alphanumeric());
        let in_row = before.is_some_and(|b| b + 1 == here);
        let better = (!in_row && !starts(here))
            .then(|| (here..name.len()).find(|i| starts(*i) && name.get(*i) == Some(&letter)))
            .flatten();
        let here = better.unwrap_or(here);
        total += if before.is_some_and(|b| b + 1 == here) {
            9
        } else if starts(here) {
            8
        } else {
            1
        };
        before = Some(here);
        at = here + 1;
    }
    let length = i32::try_from(name.len()).unwrap_or(i32::MAX);
    Some(total * 100 - length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_of_words_and_rows_of_letters_win() {
        assert!(score("xyz", "New post").is_none());
        assert!(score("np", "New post") > score("np", "Unpin"));
        assert!(score("set", "Settings") > score("set", "Show earlier texts"));
        assert!(score("frei", "Freunde").is_none());
        assert!(score("fre", "Freunde") > score("fre", "Offene Anfragen erledigen"));
        assert_eq!(score("", "x"), Some(-1));
    }
}
