//! What people write: its limits, and whom it mentions.
//!
//! A mention is `@{puid}` in the text. Only people who may see the item can be mentioned; a mention never shows anybody
//! anything.

use crate::visibility::{ItemFacts, ViewerFacts, may_see};
use crate::wire::WireMention;
use hearth_api::feed::MAX_TEXT;
use hearth_api::{ApiError, ApiResult, Code, HomeId, PersonId, PostId};
use hearth_db::post::PostRow;
use hearth_db::{ReadTx, WriteTx, comment, mention, person};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// Most people mentioned in one text.
pub(crate) const MAX_MENTIONS: usize = 50;

/// Whether a text is over the limit of a post.
pub(crate) fn is_too_long(text: &str) -> bool {
    is_longer(text, MAX_TEXT)
}

/// Whether a text has more characters than `most`.
pub(crate) fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

/// Holds a text to its limits; `empty` is the error for one without text or media.
pub(crate) fn check(text: &str, has_media: bool, empty: Code) -> ApiResult<()> {
    if is_too_long(text) {
        return Err(ApiError::new(
            Code::TextTooLong,
            format!("A text has at most {MAX_TEXT} characters. Shorten it and try again."),
        )
        .on("text"));
    }
    if text.contains('\0') {
        return Err(ApiError::invalid(
            "text",
            "The text contains a character that cannot be stored. Remove it and try again.",
        ));
    }
    if text.trim().is_empty() && !has_media {
        return Err(ApiError::new(empty, "Write something or add a picture first.").on("text"));
    }
    Ok(())
}

/// The people a text mentions, each once, in order.
pub(crate) fn mentioned(text: &str) -> Vec<PersonId> {
    let mut seen = HashSet::new();
    text.match_indices("@{")
        .filter_map(|(at, _)| {
            text.get(at + 2..at + 38)
                .filter(|_| text.get(at + 38..at + 39) == Some("}"))
        })
        .filter_map(|id| Uuid::try_parse(id).ok().map(PersonId))
        .filter(|person| seen.insert(*person))
        .collect()
}

/// The people a text mentions, with their names.
///
/// # Errors
/// `too_many_people`; `invalid_mentions` for those who may not see the item.
pub(crate) fn mentions(
    tx: &ReadTx<'_>,
    text: &str,
    own: &HomeId,
    may_be_mentioned: impl Fn(PersonId) -> ApiResult<bool>,
) -> ApiResult<Vec<WireMention>> {
    let people = mentioned(text);
    if people.len() > MAX_MENTIONS {
        return Err(ApiError::new(
            Code::TooManyPeople,
            format!("At most {MAX_MENTIONS} people can be mentioned. Mention fewer and try again."),
        )
        .on("text"));
    }
    let mut out = Vec::with_capacity(people.len());
    for person in people {
        let row = person::get(tx, person)?.filter(|row| row.deleted_at.is_none());
        match row {
            Some(row) if may_be_mentioned(person)? => out.push(WireMention {
                person,
                name: row.name,
                removed: false,
            }),
            Some(row) if row.home == *own || may_be_known(tx, person)? => {
                return Err(ApiError::invalid(
                    "mentions",
                    format!(
                        "{} can't see this, so they can't be mentioned. Choose another audience or take the mention out.",
                        row.name
                    ),
                ));
            }
            _ => {
                return Err(ApiError::invalid(
                    "mentions",
                    "Somebody mentioned is not known here. Take the mention out and try again.",
                ));
            }
        }
    }
    Ok(out)
}

/// Whether a name may be told in an error: people of other homes who are findable.
fn may_be_known(tx: &ReadTx<'_>, person: PersonId) -> ApiResult<bool> {
    Ok(person::get(tx, person)?.is_some_and(|row| row.findable))
}

/// Whether somebody may be mentioned in an item of this audience by a person of this home.
pub(crate) fn sees(tx: &ReadTx<'_>, own: &HomeId, item: &ItemFacts<'_>, person: PersonId) -> ApiResult<bool> {
    Ok(ViewerFacts::load(tx, person, own)?.is_some_and(|viewer| may_see(&viewer, item)))
}

/// Whether somebody may be mentioned in a comment on a post: they may see it as far as this home can know, or have written there.
pub(crate) fn sees_thread(
    tx: &ReadTx<'_>,
    own: &HomeId,
    post: &PostRow,
    person: PersonId,
) -> ApiResult<bool> {
    Ok(person == post.author
        || sees(tx, own, &ItemFacts::from(post), person)?
        || comment::wrote_on(tx, post.id, person)?)
}

/// Stores whom an item's text mentions; answers those who were not mentioned before.
pub(crate) fn store_mentions(
    tx: &mut WriteTx<'_>,
    item: Uuid,
    post: PostId,
    mentions: &[WireMention],
) -> ApiResult<BTreeSet<PersonId>> {
    let mut new = BTreeSet::new();
    let mut known = BTreeSet::new();
    for entry in mentions {
        if mention::get(tx, item, entry.person)?.is_some_and(|row| row.present || row.removed) {
            known.insert(entry.person);
        }
    }
    mention::clear(tx, item)?;
    for entry in mentions {
        mention::put(tx, item, post, entry.person, &entry.name)?;
        if entry.removed {
            mention::remove(tx, item, post, entry.person)?;
        }
        if !entry.removed && !known.contains(&entry.person) {
            new.insert(entry.person);
        }
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_in_order_and_once() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let text = format!("Hi @{{{b}}} and @{{{a}}}, @{{{b}}}! @{{nobody}} @{{ ü@{{");
        assert_eq!(mentioned(&text), [PersonId(b), PersonId(a)]);
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        assert!(!is_too_long(&"ü".repeat(MAX_TEXT)));
        assert!(is_too_long(&"ü".repeat(MAX_TEXT + 1)));
        assert_eq!(
            check(" \n", false, Code::EmptyPost).unwrap_err().code,
            Code::EmptyPost
        );
        assert!(check("", true, Code::EmptyPost).is_ok());
    }
}
