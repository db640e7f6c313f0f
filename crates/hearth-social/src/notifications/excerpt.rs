//! The beginning of a text, as one line of plain words.

use hearth_api::PersonId;
use hearth_db::{DbResult, ReadTx, person};
use pulldown_cmark::{Event, Parser};

/// Longest excerpt, in characters.
const LONGEST: usize = 120;
/// How much of a text is looked at, in characters: more than an excerpt needs, marks and all.
const LOOKED_AT: usize = 2000;

/// The beginning of a text in one line: names in place of mentions, and no marks of Markdown, which nobody should have to read.
pub(super) fn excerpt(tx: &ReadTx<'_>, text: &str) -> DbResult<String> {
    let plain = plain(text);
    let mut out = String::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("@{") {
        out.push_str(before);
        let mentioned = after
            .split_once('}')
            .and_then(|(id, tail)| Some((id.parse::<PersonId>().ok()?, tail)));
        match mentioned {
            Some((id, tail)) => {
                out.push('@');
                out.push_str(&person::get(tx, id)?.map_or_else(|| "…".to_owned(), |row| row.name));
                rest = tail;
            }
            None => {
                out.push_str("@{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(line(&out))
}

/// What a reader sees of a post's Markdown, parts apart from each other.
fn plain(text: &str) -> String {
    let end = text
        .char_indices()
        .nth(LOOKED_AT)
        .map_or(text.len(), |(at, _)| at);
    let mut out = String::new();
    for event in Parser::new(text.get(..end).unwrap_or_default()) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                out.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule => out.push(' '),
            Event::End(tag) if !is_inline(&tag) => out.push(' '),
            _ => {}
        }
    }
    out
}

fn is_inline(tag: &pulldown_cmark::TagEnd) -> bool {
    use pulldown_cmark::TagEnd::{Emphasis, Link, Strikethrough, Strong};
    matches!(tag, Emphasis | Strong | Strikethrough | Link)
}

/// One line of at most [`LONGEST`] characters.
fn line(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.chars().nth(LONGEST).is_some() {
            let mut cut: String = words.chars().take(LONGEST - 1).collect();
            cut.truncate(cut.trim_end().len());
            cut.push('…');
            return cut;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_not_read_out() {
        let text = "We come on **Saturday**!\n\n- plates\n- the *small* table\n\n> `soon`";
        assert_eq!(
            line(&plain(text)),
            "We come on Saturday! plates the small table soon"
        );
        assert_eq!(
            line(&plain("See [the map](https://example.org/a) <b>now</b>")),
            "See the map <b>now</b>"
        );
        assert_eq!(
            line(&plain("2 * 3 * 4 and snake_case_name")),
            "2 * 3 * 4 and snake_case_name"
        );
        assert_eq!(line(&plain("")), "");
    }

    #[test]
    fn a_mention_stays_whole() {
        let mention = "@{0193a2c4-7b1e-7c60-8f00-000000000001}";
        assert_eq!(
            line(&plain(&format!("**Hello {mention}** there"))),
            format!("Hello {mention} there")
        );
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let cut = line(&plain(&"word ".repeat(5000)));
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with('…'));
    }
}
