//! The notifications that are on the screen, on Linux: there a later one can take the place of another, and does when it is about the
//! same. So ten comments on a post are one bubble, which leads to the latest.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is on the screen, by what it is about.
#[derive(Debug, Default)]
pub(crate) struct Bubbles {
    shown: Mutex<BTreeMap<String, Bubble>>,
    turns: AtomicU64,
}

/// A bubble that somebody waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bubble {
    /// The system's number for it.
    id: u32,
    /// Which of all things it says, in the order in which they came.
    turn: u64,
    /// Where the latest thing that it says leads.
    pub(crate) route: Option<String>,
}

impl Bubbles {
    /// The place in the order of what came, for something that comes now.
    pub(crate) fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    /// Shows something with `show`, which is given the number of the bubble whose place is taken and answers with the number that it
    /// has now. Returns that number when nobody waits for that bubble yet. What came before what is shown already is not shown.
    pub(crate) fn put<E>(
        &self,
        thread: &str,
        turn: u64,
        route: Option<&str>,
        show: impl FnOnce(Option<u32>) -> Result<u32, E>,
    ) -> Result<Option<u32>, E> {
        // Held meanwhile: two at once about the same would be two bubbles.
        let mut bubbles = self.lock();
        let shown = bubbles.get(thread);
        if shown.is_some_and(|bubble| bubble.turn > turn) {
            return Ok(None);
        }
        let before = shown.map(|bubble| bubble.id);
        let id = show(before)?;
        let route = route.map(str::to_owned);
        bubbles.insert(thread.to_owned(), Bubble { id, turn, route });
        Ok((before != Some(id)).then_some(id))
    }

    /// The bubble is gone; where it led, unless another has taken its place in the list.
    pub(crate) fn gone(&self, thread: &str, id: u32) -> Option<Bubble> {
        let mut bubbles = self.lock();
        let mine = bubbles.get(thread).is_some_and(|bubble| bubble.id == id);
        mine.then(|| bubbles.remove(thread)).flatten()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Bubble>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::convert::Infallible;

    #[test]
    fn what_is_about_the_same_takes_the_place_of_what_was_shown_and_leads_to_the_latest() {
        let bubbles = Bubbles::default();
        let asked = Cell::new(None);
        let put = |thread: &str, route: &str, id: u32| {
            let shown = bubbles.put(thread, bubbles.turn(), Some(route), |before| {
                asked.set(before);
                Ok::<_, Infallible>(before.unwrap_or(id))
            });
            shown.unwrap()
        };
        assert_eq!(
            put("post 1", "/p/1?c=1", 7),
            Some(7),
            "somebody has to wait for it"
        );
        assert_eq!(put("post 1", "/p/1?c=2", 8), None, "somebody does");
        assert_eq!(asked.get(), Some(7));
        assert_eq!(put("post 2", "/p/2", 9), Some(9));
        assert_eq!(asked.get(), None, "another post is another bubble");
        let gone = bubbles.gone("post 1", 7).unwrap();
        assert_eq!(gone.route.as_deref(), Some("/p/1?c=2"));
        assert_eq!(bubbles.gone("post 1", 7), None, "once");
        assert_eq!(put("post 1", "/p/1?c=3", 10), Some(10), "a new one");
        assert_eq!(asked.get(), None);
    }

    #[test]
    fn a_bubble_that_the_system_numbers_anew_is_waited_for_anew() {
        let bubbles = Bubbles::default();
        let put = |id: u32| {
            bubbles.put("post 1", bubbles.turn(), Some("/p/1"), |_before| {
                Ok::<_, Infallible>(id)
            })
        };
        assert_eq!(put(7), Ok(Some(7)));
        assert_eq!(put(8), Ok(Some(8)), "the system had let go of the first");
        assert_eq!(
            bubbles.gone("post 1", 7),
            None,
            "who waited for the first lets go"
        );
        assert!(bubbles.gone("post 1", 8).is_some());
        assert_eq!(
            bubbles.put("post 1", 9, None, |_before| Err("no bus")),
            Err("no bus")
        );
        assert_eq!(bubbles.gone("post 1", 8), None);
    }
    #[test]
    fn what_came_before_does_not_take_the_place_of_what_came_after() {
        let bubbles = Bubbles::default();
        let (first, second) = (bubbles.turn(), bubbles.turn());
        let shown = bubbles.put("post 1", second, Some("/p/1?c=2"), |_before| {
            Ok::<_, Infallible>(7)
        });
        assert_eq!(shown, Ok(Some(7)));
        let late = bubbles.put("post 1", first, Some("/p/1?c=1"), |_before| Err("it was shown"));
        assert_eq!(late, Ok(None));
        assert_eq!(
            bubbles.gone("post 1", 7).unwrap().route.as_deref(),
            Some("/p/1?c=2")
        );
    }
}
