//! Taking the events of running turns into a conversation, once a frame; asking for those that are missing; saying
//! finished sentences to screen readers.

use super::thread::{Thread, Took};
use crate::kit::{announce, dom, markdown};
use crate::prelude::*;
use crate::state::live::use_turns;
use crate::state::session;
use gloo_timers::callback::Timeout;
use hearth_api::chat::{GetTurnEvents, TurnEvent, TurnState};
use hearth_api::{Code, MessageId, TurnId};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// What a conversation and its stream share.
pub(super) type Shared = Rc<RefCell<Thread>>;

/// What was said of the answer being written.
#[derive(Default)]
struct Said {
    message: Option<MessageId>,
    upto: usize,
    phase: Option<TurnState>,
}

/// Feeds the conversation. `draw` draws it again, `lost` fetches it as a whole. The callback takes what a load or a
/// start led to.
#[hook]
pub(super) fn use_stream(thread: &Shared, draw: Callback<()>, lost: Callback<()>) -> Callback<Took> {
    let said = use_mut_ref(Said::default);
    let queue = use_mut_ref(Vec::<TurnEvent>::new);
    let planned = use_mut_ref(|| false);

    let after = {
        let (thread, said) = (Rc::clone(thread), Rc::clone(&said));
        use_callback(
            (draw, lost),
            move |took: Took, (draw, lost): &(Callback<()>, Callback<()>)| {
                if took.changed {
                    let whole = session::settings().whole_answers;
                    say(&thread.borrow(), &mut said.borrow_mut(), took.ended, whole);
                    draw.emit(());
                }
                if let Some((turn, after)) = took.gap {
                    fetch(&thread, turn, after, draw.clone(), lost.clone());
                }
            },
        )
    };
    {
        let (thread, after) = (Rc::clone(thread), after.clone());
        let on_turn = use_callback(after, move |event: TurnEvent, after: &Callback<Took>| {
            if thread.borrow().of != Some(event.chat) && thread.borrow().of.is_some() {
                return;
            }
            queue.borrow_mut().push(event);
            if planned.replace(true) {
                return;
            }
            let (thread, after, queue, planned) = (
                Rc::clone(&thread),
                after.clone(),
                Rc::clone(&queue),
                Rc::clone(&planned),
            );
            next_frame(move || {
                planned.replace(false);
                let events = queue.take();
                let mut all = Took::default();
                {
                    let mut thread = thread.borrow_mut();
                    for event in &events {
                        let took = thread.take(event);
                        all.changed |= took.changed;
                        all.gap = took.gap.or(all.gap);
                        all.ended = took.ended.or(all.ended);
                    }
                }
                after.emit(all);
            });
        });
        use_turns(on_turn);
    }
    after
}

/// Runs something before the next paint; a hidden page has none and is served by a timer.
fn next_frame(run: impl FnOnce() + 'static) {
    let hidden = dom::document().is_some_and(|d| d.hidden());
    if hidden {
        Timeout::new(200, run).forget();
        return;
    }
    let run = Closure::once_into_js(run);
    let asked = dom::window().is_some_and(|w| w.request_animation_frame(run.unchecked_ref()).is_ok());
    debug_assert!(asked, "a window paints");
}

/// Asks for the events that are missing; what cannot be had is fetched with the conversation.
fn fetch(thread: &Shared, turn: TurnId, after: u64, draw: Callback<()>, lost: Callback<()>) {
    let thread = Rc::clone(thread);
    wasm_bindgen_futures::spawn_local(async move {
        match ask(GetTurnEvents { turn, after }).await {
            Ok(answer) => {
                let took = thread.borrow_mut().fill(&answer.events);
                draw.emit(());
                if took.gap.is_some() {
                    lost.emit(());
                }
            }
            // The stream of events comes back by itself and says that something is missing.
            Err(error) if error.code == Code::Unavailable => {}
            Err(_) => lost.emit(()),
        }
    });
}

/// Says whole sentences, or the whole answer when it is complete, and what the turn does before the first of them.
fn say(thread: &Thread, said: &mut Said, ended: Option<MessageId>, whole: bool) {
    let Some(id) = ended.or_else(|| thread.running_message()) else {
        return;
    };
    let Some(message) = thread.messages.iter().rev().find(|m| m.id == id) else {
        return;
    };
    if said.message != Some(id) {
        // What was there before (a reload, Continue) is not said again.
        *said = Said {
            message: Some(id),
            upto: if ended.is_some() || whole {
                0
            } else {
                message.text.len()
            },
            phase: None,
        };
    }
    if ended.is_none() && message.text.is_empty() && said.phase != Some(message.state) {
        said.phase = Some(message.state);
        if message.state == TurnState::LoadingModel {
            announce::polite(phase_text(message.state));
        }
    }
    let new = message.text.get(said.upto..).unwrap_or_default();
    let upto = due(new, ended.is_some(), whole);
    if upto > 0 {
        let words = markdown::plain(&markdown::parse(
            new.get(..upto).unwrap_or_default(),
            Flavour::Chat,
        ));
        announce::polite(words.trim());
        said.upto += upto;
    }
    if ended.is_some() {
        match message.state {
            TurnState::Failed | TurnState::Interrupted => {
                let words = message
                    .error_message
                    .clone()
                    .map_or_else(|| phase_text(message.state), AttrValue::from);
                announce::assertive(&words);
            }
            state => announce::polite(phase_text(state)),
        }
        *said = Said::default();
    }
}

/// How much of what is new is said now, in bytes: all of a complete answer, else whole sentences, or nothing yet where
/// the answer is wanted as a whole.
fn due(new: &str, complete: bool, whole: bool) -> usize {
    match (complete, whole) {
        (true, _) => new.len(),
        (false, true) => 0,
        (false, false) => sentence_end(new),
    }
}

/// The end of the last whole sentence or line, in bytes; 0 when there is none.
fn sentence_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let whole = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | '…' => next.is_some_and(char::is_whitespace),
            _ => false,
        };
        if whole {
            end = at + c.len_utf8();
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_sentences_are_said() {
        let cut = |text: &'static str| &text[..sentence_end(text)];
        assert_eq!(cut("Two years. Then mon"), "Two years.");
        assert_eq!(cut("Two years."), "", "perhaps it is 2.5");
        assert_eq!(cut("pi is 3.14 and"), "");
        assert_eq!(cut("# Head\ntext"), "# Head\n");
        assert_eq!(cut("Wirklich? Ja! Sch"), "Wirklich? Ja!");
    }

    #[test]
    fn an_answer_wanted_as_a_whole_is_said_when_it_is_complete() {
        let text = "Two years. Then monthly";
        assert_eq!(due(text, false, true), 0);
        assert_eq!(due(text, false, false), "Two years.".len());
        assert_eq!(due(text, true, true), text.len());
        assert_eq!(due(text, true, false), text.len());
    }
}
