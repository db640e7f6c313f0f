//! Finding people by name.

use crate::sql::id;
use crate::{DbResult, ReadTx};
use hearth_api::PersonId;

/// People with `needle` in their name, by name: of this home, friends of the viewer, who has said something about the
/// viewer, and findable ones of connected homes; of a home that is connected for some people only, these people, and for them
/// its findable ones. Never the viewer.
///
/// # Errors
/// A database error.
pub fn find(tx: &ReadTx<'_>, viewer: PersonId, needle: &str, limit: u32) -> DbResult<Vec<PersonId>> {
    let pattern = like(needle);
    // SQLite folds only ASCII; the pattern in other cases finds the rest as typed or capitalised.
    tx.all(
        "SELECT p.id FROM person p INDEXED BY person_by_name JOIN home h ON h.id = p.home
         WHERE p.deleted_at IS NULL AND p.id <> ?1
           AND (p.name LIKE ?2 ESCAPE '\\' OR p.name LIKE ?3 ESCAPE '\\' OR p.name LIKE ?4 ESCAPE '\\')
           AND (h.state = 'own' OR h.state = 'connected' AND (
               p.findable = 1 AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.home = p.home)
               OR EXISTS (SELECT 1 FROM subscription s WHERE s.home = p.home AND s.kind = 'person'
                   AND (s.target = p.id OR s.target = ?1 AND p.findable = 1))
               OR EXISTS (SELECT 1 FROM friendship f WHERE f.person = ?1 AND f.other = p.id)
               OR EXISTS (SELECT 1 FROM friend_word w WHERE w.person = p.id AND w.other = ?1
                   AND w.word IN ('request', 'accept'))))
         ORDER BY p.name COLLATE NOCASE LIMIT ?5",
        (
            viewer.as_bytes(),
            &pattern,
            like(&needle.to_lowercase()),
            like(&needle.to_uppercase()),
            limit,
        ),
        |row| id(row, 0),
    )
}

/// A pattern for text that contains the needle, whatever characters it has.
fn like(needle: &str) -> String {
    let mut pattern = String::from("%");
    for c in needle.chars().take(200) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_needle_is_taken_as_it_is() {
        assert_eq!(super::like("50%_a\\"), "%50\\%\\_a\\\\%");
    }
}
