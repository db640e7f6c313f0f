//! The candidates of a feed, newest first, merged from ordered ranges of the indexes.

use crate::visibility::ViewerFacts;
use hearth_api::PersonId;
use hearth_api::feed::Feed;
use hearth_db::feed::{self as table, Place};
use hearth_db::{DbResult, ReadTx};
use std::collections::{BinaryHeap, HashMap};
use uuid::Uuid;

/// Rows fetched at once from a range that holds many candidates.
const RUN: u32 = 51;
/// Rows fetched at once from one friend's range after the first.
const FRIEND_RUN: u32 = 8;

/// One ordered range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Range {
    /// A friend's posts for friends and everybody.
    Friend(PersonId),
    /// All posts of a person.
    Author(PersonId),
    /// Posts for this home's people.
    Local,
    /// Posts for everybody by others than the viewer and friends.
    Public,
}

/// Candidates, each once, newest first.
pub(super) struct Candidates<'a> {
    facts: &'a ViewerFacts,
    heap: BinaryHeap<(Place, Range)>,
    /// For each range, how many of its candidates are in the heap; at the last one it is filled up.
    waiting: HashMap<Range, u32>,
    last: Option<Place>,
}

impl<'a> Candidates<'a> {
    /// The candidates of a feed before a place.
    pub(super) fn new(tx: &ReadTx<'_>, facts: &'a ViewerFacts, feed: Feed, from: Place) -> DbResult<Self> {
        let mut all = Self {
            facts,
            heap: BinaryHeap::new(),
            waiting: HashMap::new(),
            last: None,
        };
        match feed {
            Feed::Home => {
                for (place, author) in table::heads(tx, facts.person, from)? {
                    all.heap.push((place, Range::Friend(author)));
                    all.waiting.insert(Range::Friend(author), 1);
                }
                let friends: Vec<PersonId> = facts.kept_friends().collect();
                for author in friends {
                    if !all.waiting.contains_key(&Range::Friend(author)) {
                        all.fill(tx, Range::Friend(author), from)?;
                    }
                }
                all.fill(tx, Range::Author(facts.person), from)?;
                all.fill(tx, Range::Local, from)?;
            }
            Feed::Public => all.fill(tx, Range::Public, from)?,
            Feed::Person(person) => all.fill(tx, Range::Author(person), from)?,
        }
        Ok(all)
    }

    /// Takes the next rows of a range.
    fn fill(&mut self, tx: &ReadTx<'_>, range: Range, before: Place) -> DbResult<()> {
        let mut before = before;
        loop {
            let (rows, run) = match range {
                Range::Friend(person) => (table::shared(tx, person, before, FRIEND_RUN)?, FRIEND_RUN),
                Range::Author(person) => (table::by_author(tx, person, before, RUN)?, RUN),
                Range::Local => (table::local(tx, before, RUN)?, RUN),
                Range::Public => (table::public(tx, before, RUN)?, RUN),
            };
            let end = rows.last().map(|(place, _)| *place);
            let full = u32::try_from(rows.len()).unwrap_or(run) >= run;
            let mut added = 0;
            for (place, author) in rows {
                let other = author != self.facts.person && !self.facts.is_friend(author);
                if range != Range::Public || other {
                    self.heap.push((place, range));
                    added += 1;
                }
            }
            if added > 0 {
                self.waiting.insert(range, added);
                return Ok(());
            }
            match end.filter(|_| full) {
                Some(end) => before = end,
                None => return Ok(()),
            }
        }
    }

    /// The next candidates, at most `count`; fewer only at the end.
    pub(super) fn take(&mut self, tx: &ReadTx<'_>, count: usize) -> DbResult<Vec<Uuid>> {
        let mut ids = Vec::with_capacity(count);
        while ids.len() < count {
            let Some((place, range)) = self.heap.pop() else {
                break;
            };
            let left = self.waiting.get_mut(&range).map_or(0, |left| {
                *left = left.saturating_sub(1);
                *left
            });
            if left == 0 {
                self.fill(tx, range, place)?;
            }
            // The viewer's own posts for this home are in two ranges.
            if self.last != Some(place) {
                self.last = Some(place);
                ids.push(place.post.0);
            }
        }
        Ok(ids)
    }
}
