//! Following the end of a conversation: only while the reader is there, by one writer of the scroll position, which
//! any move upwards stops.

use crate::prelude::*;
use gloo_events::EventListener;
use hearth_api::ChatId;
use std::cell::Cell;
use web_sys::HtmlElement;

/// So near the end the reader is taken to be at it.
const NEAR: i32 = 96;

/// Where the reader is, from one look at the pane to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    top: i32,
    left_below: i32,
}

/// Whether to go on following, given the look before.
fn follows(before: bool, last_top: i32, now: Look) -> bool {
    if now.left_below <= 2 {
        true
    } else if now.top < last_top {
        // Upwards, however little: the reader wants to read.
        false
    } else if now.top > last_top && now.left_below <= NEAR {
        true
    } else {
        before
    }
}

/// The way to the end.
#[derive(Clone)]
pub(super) struct Follow {
    /// Whether the reader is away from the end.
    pub(super) away: bool,
    on: Rc<Cell<bool>>,
    scroller: NodeRef,
    away_set: UseStateSetter<bool>,
}

impl Follow {
    /// Goes to the end and follows from there.
    pub(super) fn jump(&self) {
        self.on.set(true);
        self.away_set.set(false);
        to_end(&self.scroller);
    }

    /// The same by a press.
    pub(super) fn on_jump(&self) -> Callback<MouseEvent> {
        let this = self.clone();
        Callback::from(move |_: MouseEvent| this.jump())
    }
}

fn to_end(scroller: &NodeRef) {
    if let Some(pane) = scroller.cast::<HtmlElement>() {
        pane.set_scroll_top(pane.scroll_height());
    }
}

/// Follows the end of what the pane shows.
#[hook]
pub(super) fn use_follow(scroller: &NodeRef, chat: Option<ChatId>) -> Follow {
    let on = use_mut_ref(|| Rc::new(Cell::new(true)));
    let on = Rc::clone(&on.borrow());
    let away = use_state_eq(|| false);
    {
        let (scroller, on, away) = (scroller.clone(), Rc::clone(&on), away.setter());
        use_effect_with(chat, move |_| {
            // A conversation opens at its end.
            on.set(true);
            away.set(false);
            let last = Cell::new(0);
            let listener = scroller.cast::<HtmlElement>().map(|pane| {
                let watched = pane.clone();
                EventListener::new(&pane, "scroll", move |_| {
                    let top = watched.scroll_top();
                    let left_below = watched.scroll_height() - watched.client_height() - top;
                    on.set(follows(on.get(), last.replace(top), Look { top, left_below }));
                    away.set(!on.get() && left_below > NEAR);
                })
            });
            move || drop(listener)
        });
    }
    {
        let (scroller, on, away) = (scroller.clone(), Rc::clone(&on), away.setter());
        // After each drawing: text grows without anything else changing.
        use_effect(move || {
            if on.get() {
                to_end(&scroller);
            } else if let Some(pane) = scroller.cast::<HtmlElement>() {
                away.set(pane.scroll_height() - pane.client_height() - pane.scroll_top() > NEAR);
            }
        });
    }
    Follow {
        away: *away,
        on,
        scroller: scroller.clone(),
        away_set: away.setter(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_move_upwards_stops_and_the_end_begins_again() {
        let at = |top, left_below| Look { top, left_below };
        assert!(!follows(true, 500, at(480, 20)), "a little upwards is upwards");
        assert!(
            !follows(false, 480, at(480, 300)),
            "text that grows does not pull"
        );
        assert!(follows(false, 480, at(700, 80)), "near the end is at the end");
        assert!(!follows(false, 480, at(500, 400)));
        assert!(follows(false, 480, at(470, 0)), "the content became shorter");
        assert!(follows(true, 480, at(480, 300)), "text that grows is followed");
    }
}
