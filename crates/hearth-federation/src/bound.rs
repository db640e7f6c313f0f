//! Ids that say whose they are.
//!
//! No home gives out the ids of posts, comments and people, so whoever saw one could use it for something of their own where its
//! owner's word has not come yet. A *bound* id is a UUID of version 8 (RFC 9562) that only one author can use: its second half is a
//! hash of its first half and of who made it. It sorts by time like one of version 7.
//!
//! Invariants:
//!
//! * An id of version 8 is its author's or it is refused; which of the two follows from the id and what is said under it alone.
//! * The time and the twelve bits after it are taken from a source that never repeats them, so no author makes an id twice.
//!
//! Not here: which activity is held against which id (the rules). Ids of other versions, which older programs made, are bound to nobody.

use crate::kdf::hash;
use crate::keys::PersonPublicKey;
use uuid::Uuid;

/// The version of a bound id.
const VERSION: usize = 8;
/// The bits of the first half that tell the version.
const VERSION_MASK: u64 = 0xF000;

/// What an id is bound to, by what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound<'a> {
    /// A post, to its author.
    Post {
        /// The author's person id.
        author: Uuid,
    },
    /// A comment, to its author and the post that it is on.
    Comment {
        /// The author's person id.
        author: Uuid,
        /// The post's id.
        post: Uuid,
    },
    /// A person, to their key.
    Person {
        /// The key that signs what the person does.
        key: &'a PersonPublicKey,
    },
}

impl Bound<'_> {
    /// Makes an id with the time and the twelve bits of a fresh one of version 7.
    #[must_use]
    pub fn name(&self, fresh: Uuid) -> Uuid {
        let (head, _) = fresh.as_u64_pair();
        self.with_head(head & !VERSION_MASK | 0x8000)
    }

    /// Whether an id can be that of such a thing: every id that is not of version 8, and of those of version 8 this author's.
    #[must_use]
    pub fn may_be(&self, id: Uuid) -> bool {
        id.get_version_num() != VERSION || self.with_head(id.as_u64_pair().0) == id
    }

    /// Whether an id is that of such a thing, and can be nobody else's.
    #[must_use]
    pub fn is(&self, id: Uuid) -> bool {
        id.get_version_num() == VERSION && self.may_be(id)
    }

    fn with_head(&self, head: u64) -> Uuid {
        let first = head.to_be_bytes();
        let hashed = match self {
            Self::Post { author } => hash(&[b"hearth/1 id post", author.as_bytes(), &first]),
            Self::Comment { author, post } => {
                hash(&[b"hearth/1 id comment", author.as_bytes(), post.as_bytes(), &first])
            }
            Self::Person { key } => hash(&[b"hearth/1 id person", key.as_bytes(), &first]),
        };
        let [a, b, c, d, e, f, g, h, ..] = hashed;
        // The variant takes the place of two bits.
        let tail = u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 2 | 1 << 63;
        Uuid::from_u64_pair(head, tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{person, uuid7};
    use proptest::prelude::*;

    #[test]
    fn an_id_is_bound_to_what_it_names_its_author_and_its_place() {
        let (anna, ben, post) = (uuid7(1), uuid7(2), uuid7(3));
        let (annas_key, bens_key) = (person(1).public(), person(2).public());
        let all = [
            Bound::Post { author: anna },
            Bound::Post { author: ben },
            Bound::Comment { author: anna, post },
            Bound::Comment { author: ben, post },
            Bound::Comment {
                author: anna,
                post: ben,
            },
            Bound::Person { key: &annas_key },
            Bound::Person { key: &bens_key },
        ];
        for (n, bound) in all.iter().enumerate() {
            let id = bound.name(uuid7(10));
            assert_eq!(id.get_version_num(), 8);
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
            for (m, other) in all.iter().enumerate() {
                assert_eq!(other.may_be(id), n == m, "{other:?} under the id of {bound:?}");
                assert_eq!(other.is(id), n == m, "{other:?} under the id of {bound:?}");
            }
            assert!(
                bound.may_be(uuid7(10)) && !bound.is(uuid7(10)),
                "it is bound to nobody"
            );
        }
    }

    proptest! {
        #[test]
        fn whoever_makes_an_id_may_use_it_and_a_changed_one_is_nobodys(
            author: u128, ms in 0_u64..1 << 48, chosen in 0_u16..1 << 12, bit in 0_usize..128,
        ) {
            let bound = Bound::Post { author: Uuid::from_u128(author) };
            let id = bound.name(Uuid::from_u64_pair(ms << 16 | 0x7000 | u64::from(chosen), 1 << 63));
            prop_assert!(bound.may_be(id));
            prop_assert_eq!(id.as_u64_pair().0, ms << 16 | 0x8000 | u64::from(chosen));
            let other = Uuid::from_u128(id.as_u128() ^ 1 << bit);
            // What is of another version then is bound to nobody.
            prop_assert_eq!(bound.may_be(other), other.get_version_num() != 8);
        }

        #[test]
        fn ids_sort_by_their_time_whoever_makes_them(a: u128, b: u128, early in 0_u64..1 << 47, later in 1_u64..1 << 40) {
            let at = |author, ms: u64| {
                Bound::Post { author: Uuid::from_u128(author) }.name(Uuid::from_u64_pair(ms << 16 | 0x7FFF, u64::MAX))
            };
            prop_assert!(at(a, early) < at(b, early + later));
        }
    }
}
