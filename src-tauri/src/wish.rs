//! Where the page is asked to go before it can hear: a link that starts the program comes before there is a page, or a window.
//!
//! A place that nobody has fetched is kept, the last one asked for; the page fetches it when it listens, and is told of later ones at
//! once.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where the page is to go, until it knows.
#[derive(Debug, Default)]
pub(crate) struct Wish(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    listens: bool,
    route: Option<String>,
}

impl Wish {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page is to go to `route`. True when it listens, and is to be told now; else it is kept.
    pub(crate) fn ask(&self, route: &str) -> bool {
        let mut state = self.state();
        if !state.listens {
            state.route = Some(route.to_owned());
        }
        state.listens
    }

    /// For the window that is made: it begins where it was asked to.
    pub(crate) fn take(&self) -> Option<String> {
        self.state().route.take()
    }

    /// The page listens from now on; where it was asked to go meanwhile.
    pub(crate) fn listens(&self) -> Option<String> {
        let mut state = self.state();
        state.listens = true;
        state.route.take()
    }

    /// The page is loaded anew and hears nothing until it listens again.
    pub(crate) fn loads(&self) {
        self.state().listens = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_starts_the_program_is_where_its_window_begins() {
        let wish = Wish::default();
        assert!(!wish.ask("/p/1"), "there is no page to tell");
        assert_eq!(wish.take().as_deref(), Some("/p/1"));
        assert_eq!(wish.listens(), None, "it is there already");
        assert!(wish.ask("/p/2"), "from now on it is told");
        assert_eq!(wish.take(), None);
    }

    #[test]
    fn what_comes_before_the_page_listens_is_kept_and_given_once() {
        let wish = Wish::default();
        assert_eq!(wish.take(), None, "a start without a link");
        assert!(!wish.ask("/p/1") && !wish.ask("/i/abc"));
        assert_eq!(wish.listens().as_deref(), Some("/i/abc"), "the last one");
        assert_eq!(wish.listens(), None);
        wish.loads();
        assert!(!wish.ask("/p/3"), "it is loaded anew");
        assert_eq!(wish.listens().as_deref(), Some("/p/3"));
    }
}
