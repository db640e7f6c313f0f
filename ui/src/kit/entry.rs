//! Numbers as people type them: nothing, a whole one with marks between thousands, one with a comma or a point.

/// What was typed is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

/// A whole number; `None` when nothing was typed. One that is too large for anything becomes the largest, for the node to refuse.
///
/// # Errors
/// It is none, or less than nothing.
pub fn whole(text: &str) -> Result<Option<u32>, NotANumber> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mark = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | '\'' | '’');
    let groups: Vec<&str> = text.split(mark).collect();
    // Marks stand between thousands, or it is no whole number.
    let thousands = groups.len() == 1
        || groups
            .iter()
            .enumerate()
            .all(|(at, group)| group.len() == 3 || (at == 0 && (1..3).contains(&group.len())));
    let digits = groups.concat();
    if !thousands || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(NotANumber);
    }
    Ok(Some(digits.parse().unwrap_or(u32::MAX)))
}

/// A number with a comma or a point; `None` when nothing was typed.
///
/// # Errors
/// It is none.
pub fn decimal(text: &str) -> Result<Option<f32>, NotANumber> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: f32 = text.replace(',', ".").parse().unwrap_or(f32::NAN);
    if number.is_finite() {
        Ok(Some(number))
    } else {
        Err(NotANumber)
    }
}

/// Lines as texts, blank ones left out; `\n` stands for the end of a line and `\t` for a tab.
#[must_use]
pub fn texts(lines: &str) -> Vec<String> {
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.replace("\\n", "\n").replace("\\t", "\t"))
        .collect()
}

/// Texts as lines to be changed, the reverse of [`texts`].
#[must_use]
pub fn lines(texts: &[String]) -> String {
    let written: Vec<String> = texts
        .iter()
        .map(|text| text.replace('\n', "\\n").replace('\t', "\\t"))
        .collect();
    written.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_as_people_write_them() {
        for (text, number) in [
            ("", Ok(None)),
            (" 4096 ", Ok(Some(4096))),
            ("131.072", Ok(Some(131_072))),
            ("131 072", Ok(Some(131_072))),
            ("99999999999", Ok(Some(u32::MAX))),
            ("many", Err(NotANumber)),
            ("-1", Err(NotANumber)),
            (".", Err(NotANumber)),
            ("0.5", Err(NotANumber)),
            ("1,5", Err(NotANumber)),
        ] {
            assert_eq!(whole(text), number, "{text:?}");
        }
    }

    #[test]
    fn decimals_have_a_comma_or_a_point() {
        assert_eq!(decimal(""), Ok(None));
        assert_eq!(decimal("0,7"), Ok(Some(0.7)));
        assert_eq!(decimal("-0.5"), Ok(Some(-0.5)));
        for text in ["warm", "1e99", "NaN", "1.2.3"] {
            assert_eq!(decimal(text), Err(NotANumber), "{text:?}");
        }
    }

    #[test]
    fn texts_survive_being_written_in_lines() {
        let all = vec!["END".to_owned(), "\n\n".to_owned(), "a b".to_owned()];
        assert_eq!(lines(&all), "END\n\\n\\n\na b");
        assert_eq!(texts(&lines(&all)), all);
        assert!(texts(" \n\n").is_empty());
    }
}
