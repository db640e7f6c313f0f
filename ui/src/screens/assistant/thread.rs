//! What is known of a conversation while an answer streams in: messages as stored, plus the events of the running turn
//! in their order. Numbers that are missing are asked for; what arrives twice or late changes nothing.

use hearth_api::chat::{Chat, ChatMessage, TurnEvent, TurnStarted, TurnState, TurnUpdate};
use hearth_api::{ChatId, MessageId, TurnId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Events of a turn that is not known yet; more than these are fetched instead.
const EARLY: usize = 2_000;

/// What taking events led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Took {
    /// Whether something shown changed.
    pub(super) changed: bool,
    /// The turn whose events after a number are missing.
    pub(super) gap: Option<(TurnId, u64)>,
    /// The answer that ended.
    pub(super) ended: Option<MessageId>,
}

#[derive(Debug)]
struct Running {
    turn: TurnId,
    message: MessageId,
    seq: u64,
    ahead: BTreeMap<u64, TurnUpdate>,
    asked: bool,
}

/// A conversation as shown.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// Which; `None` is the one not begun yet.
    pub(super) of: Option<ChatId>,
    /// Its messages, oldest first.
    pub(super) messages: Vec<Rc<ChatMessage>>,
    /// The title that a turn gave.
    pub(super) title: Option<String>,
    /// Which answer may be tried again in how many milliseconds.
    pub(super) retry: Option<(MessageId, u64)>,
    running: Option<Running>,
    ended: Option<TurnId>,
    early: Vec<TurnEvent>,
}

impl Thread {
    /// A conversation of which nothing is known yet.
    #[must_use]
    pub(super) fn new(of: Option<ChatId>) -> Self {
        Self {
            of,
            ..Self::default()
        }
    }

    /// Whether an answer is being written.
    #[must_use]
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The answer being written.
    #[must_use]
    pub(super) fn running_message(&self) -> Option<MessageId> {
        self.running.as_ref().map(|r| r.message)
    }

    /// Takes the conversation as the node has it. An answer that is older than what streamed in meanwhile is not taken.
    pub(super) fn load(&mut self, chat: &Chat) -> Took {
        let mut messages: Vec<Rc<ChatMessage>> = chat.messages.iter().cloned().map(Rc::new).collect();
        let mine = |id: MessageId| self.messages.iter().find(|m| m.id == id).cloned();
        let mut running = chat
            .turn
            .filter(|turn| self.ended != Some(*turn))
            .and_then(|turn| {
                let message = messages
                    .iter()
                    .rev()
                    .find(|m| !m.state.is_final())
                    .map(|m| m.id)?;
                Some(Running {
                    turn,
                    message,
                    seq: chat.turn_seq,
                    ahead: BTreeMap::new(),
                    asked: false,
                })
            });
        if chat.turn.is_some() && chat.turn == self.ended {
            // The answer was asked for before the turn ended: the ended message is the newer one.
            for slot in &mut messages {
                if !slot.state.is_final()
                    && let Some(own) = mine(slot.id).filter(|m| m.state.is_final())
                {
                    *slot = own;
                }
            }
        }
        if let Some(own) = self.running.take() {
            let newer = running
                .as_ref()
                .is_some_and(|r| r.turn != own.turn || r.seq >= own.seq);
            let known = messages.iter().any(|m| m.id == own.message);
            let over = running.is_none()
                && known
                && messages.iter().any(|m| m.id == own.message && m.state.is_final());
            if !newer && !over {
                match (
                    mine(own.message),
                    messages.iter_mut().find(|m| m.id == own.message),
                ) {
                    (Some(message), Some(slot)) => *slot = message,
                    // Asked for before the turn began: question and answer are missing in it.
                    (Some(_), None) => {
                        let missing: Vec<_> = self
                            .messages
                            .iter()
                            .filter(|m| !messages.iter().any(|o| o.id == m.id))
                            .cloned()
                            .collect();
                        messages.extend(missing);
                    }
                    (None, _) => {}
                }
                running = Some(own);
            } else if let Some(new) = &mut running
                && new.turn == own.turn
            {
                new.ahead = own.ahead.into_iter().filter(|(seq, _)| *seq > new.seq).collect();
            }
        }
        self.messages = messages;
        self.running = running;
        // What the conversation says is newer than what a turn said before.
        self.title = None;
        self.take_early()
    }

    /// Takes a turn that was begun from here.
    pub(super) fn start(&mut self, started: &TurnStarted) -> Took {
        self.of = Some(started.chat);
        if self.running.as_ref().is_some_and(|r| r.turn == started.turn) {
            return Took::default();
        }
        for message in [&started.question, &started.answer] {
            match self.messages.iter_mut().find(|m| m.id == message.id) {
                // Continued or sent again: the text so far stays where it is.
                Some(slot) => *slot = Rc::new(message.clone()),
                None => self.messages.push(Rc::new(message.clone())),
            }
        }
        self.retry = None;
        // A repeat of what was sent before may be over already.
        if started.answer.state.is_final() {
            return Took {
                changed: true,
                ..Took::default()
            };
        }
        self.running = Some(Running {
            turn: started.turn,
            message: started.answer.id,
            seq: 0,
            ahead: BTreeMap::new(),
            asked: false,
        });
        let mut took = self.take_early();
        took.changed = true;
        took
    }

    fn take_early(&mut self) -> Took {
        let early = std::mem::take(&mut self.early);
        let mut took = Took {
            changed: true,
            ..Took::default()
        };
        for event in &early {
            let next = self.take(event);
            took.gap = next.gap.or(took.gap);
            took.ended = next.ended.or(took.ended);
        }
        // What belongs to no turn known now belongs to one that is over.
        if self.running.is_some() {
            self.early.clear();
        }
        took
    }

    /// Takes an event of the conversation.
    pub(super) fn take(&mut self, event: &TurnEvent) -> Took {
        if self.ended == Some(event.turn) {
            return Took::default();
        }
        let Some(running) = self.running.as_mut().filter(|r| r.turn == event.turn) else {
            if self.early.len() < EARLY {
                self.early.push(event.clone());
            }
            return Took::default();
        };
        if event.seq > running.seq {
            running.ahead.insert(event.seq, event.what.clone());
        }
        self.drain()
    }

    /// Takes events that were asked for. `false` in `changed` means that they did not close the gap.
    pub(super) fn fill(&mut self, events: &[TurnEvent]) -> Took {
        if let Some(running) = &mut self.running {
            running.asked = false;
            for event in events
                .iter()
                .filter(|e| e.turn == running.turn && e.seq > running.seq)
            {
                running.ahead.insert(event.seq, event.what.clone());
            }
        }
        self.drain()
    }

    fn drain(&mut self) -> Took {
        let mut took = Took::default();
        while let Some(running) = &mut self.running {
            let next = running.seq + 1;
            let Some(update) = running.ahead.remove(&next) else {
                break;
            };
            running.seq = next;
            took.changed = true;
            took.ended = self.apply(update).or(took.ended);
        }
        if let Some(running) = &mut self.running
            && !running.ahead.is_empty()
            && !running.asked
        {
            running.asked = true;
            took.gap = Some((running.turn, running.seq));
        }
        took
    }

    fn apply(&mut self, update: TurnUpdate) -> Option<MessageId> {
        let running = self.running.as_ref()?;
        let (turn, id) = (running.turn, running.message);
        let slot = self.messages.iter_mut().rev().find(|m| m.id == id)?;
        match update {
            TurnUpdate::State { state } => Rc::make_mut(slot).state = state,
            TurnUpdate::Delta { text } => {
                let message = Rc::make_mut(slot);
                message.text.push_str(&text);
                if !message.state.is_final() {
                    message.state = TurnState::Streaming;
                }
            }
            TurnUpdate::Reasoning { text } => Rc::make_mut(slot).reasoning.push_str(&text),
            TurnUpdate::Usage { usage } => {
                Rc::make_mut(slot).info.get_or_insert_default().usage = Some(usage);
            }
            TurnUpdate::Title { title } => self.title = Some(title),
            TurnUpdate::Error {
                code,
                message,
                retry_after_ms,
            } => {
                let slot = Rc::make_mut(slot);
                slot.error = Some(code);
                slot.error_message = Some(message);
                self.retry = retry_after_ms.map(|ms| (id, ms));
            }
            TurnUpdate::End { message } => {
                *slot = Rc::new(*message);
                self.running = None;
                self.ended = Some(turn);
                return Some(id);
            }
        }
        None
    }

    /// Takes a message and what follows it away; gives back what went.
    pub(super) fn cut(&mut self, id: MessageId) -> Vec<Rc<ChatMessage>> {
        match self.messages.iter().position(|m| m.id == id) {
            Some(at) => self.messages.split_off(at),
            None => Vec::new(),
        }
    }

    /// Changes a message that is shown.
    pub(super) fn change(&mut self, id: MessageId, change: impl FnOnce(&mut ChatMessage)) {
        if let Some(slot) = self.messages.iter_mut().find(|m| m.id == id) {
            change(Rc::make_mut(slot));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;
    use hearth_api::chat::{ChatRole, ChatSummary};
    use uuid::Uuid;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }
    fn message(n: u128, role: ChatRole, text: &str, state: TurnState) -> ChatMessage {
        ChatMessage {
            id: MessageId(id(n)),
            role,
            text: text.into(),
            reasoning: String::new(),
            state,
            error: None,
            error_message: None,
            at: Timestamp(0),
            info: None,
            rating: 0,
            can_continue: false,
        }
    }
    fn started() -> TurnStarted {
        TurnStarted {
            chat: ChatId(id(1)),
            turn: TurnId(id(9)),
            question: message(2, ChatRole::User, "?", TurnState::Done),
            answer: message(3, ChatRole::Assistant, "", TurnState::Queued),
        }
    }
    fn event(seq: u64, what: TurnUpdate) -> TurnEvent {
        TurnEvent {
            chat: ChatId(id(1)),
            turn: TurnId(id(9)),
            message: MessageId(id(3)),
            seq,
            what,
        }
    }
    fn delta(seq: u64, text: &str) -> TurnEvent {
        event(seq, TurnUpdate::Delta { text: text.into() })
    }
    fn end(seq: u64, text: &str) -> TurnEvent {
        let message = message(3, ChatRole::Assistant, text, TurnState::Done);
        event(
            seq,
            TurnUpdate::End {
                message: Box::new(message),
            },
        )
    }
    fn chat(messages: Vec<ChatMessage>, turn: Option<u128>, seq: u64) -> Chat {
        Chat {
            summary: ChatSummary {
                id: ChatId(id(1)),
                title: "t".into(),
                pinned: false,
                archived: false,
                last_message_at: Timestamp(0),
                running: turn.is_some(),
                has_draft: false,
            },
            messages,
            model: None,
            draft: String::new(),
            turn: turn.map(|n| TurnId(id(n))),
            turn_seq: seq,
        }
    }
    fn last(thread: &Thread) -> &str {
        &thread.messages.last().unwrap().text
    }

    #[test]
    fn events_before_the_answer_of_the_command_are_kept() {
        let mut thread = Thread::new(None);
        assert!(!thread.take(&delta(1, "Hel")).changed);
        thread.start(&started());
        assert_eq!(last(&thread), "Hel");
        thread.take(&delta(2, "lo"));
        thread.take(&delta(2, "lo"));
        assert_eq!(last(&thread), "Hello");
    }

    #[test]
    fn a_gap_is_asked_for_once_and_closed_in_order() {
        let mut thread = Thread::new(None);
        thread.start(&started());
        thread.take(&delta(1, "a"));
        assert_eq!(thread.take(&delta(3, "c")).gap, Some((TurnId(id(9)), 1)));
        assert_eq!(thread.take(&delta(4, "d")).gap, None);
        assert_eq!(last(&thread), "a");
        assert!(thread.fill(&[delta(2, "b"), delta(3, "c")]).changed);
        assert_eq!(last(&thread), "abcd");
        assert_eq!(thread.take(&end(5, "abcd")).ended, Some(MessageId(id(3))));
        assert!(!thread.is_running());
        assert!(!thread.take(&delta(6, "x")).changed);
    }

    #[test]
    fn a_reload_goes_on_after_the_stored_number() {
        let mut thread = Thread::new(Some(ChatId(id(1))));
        thread.take(&delta(8, "late"));
        let stored = vec![
            message(2, ChatRole::User, "?", TurnState::Done),
            message(3, ChatRole::Assistant, "so far ", TurnState::Streaming),
        ];
        let took = thread.load(&chat(stored, Some(9), 6));
        assert_eq!(took.gap, Some((TurnId(id(9)), 6)));
        thread.fill(&[delta(7, "and "), delta(8, "late")]);
        assert_eq!(last(&thread), "so far and late");
    }

    #[test]
    fn an_older_answer_of_the_node_never_takes_text_back() {
        let mut thread = Thread::new(None);
        thread.start(&started());
        thread.take(&delta(1, "abc"));
        // Asked for before the turn began.
        thread.load(&chat(vec![], None, 0));
        assert_eq!(last(&thread), "abc");
        assert!(thread.is_running());
        // Asked for while it ran, stored before the latest piece.
        let stored = vec![
            message(2, ChatRole::User, "?", TurnState::Done),
            message(3, ChatRole::Assistant, "", TurnState::Streaming),
        ];
        thread.load(&chat(stored.clone(), Some(9), 0));
        assert_eq!(last(&thread), "abc");
        thread.take(&end(2, "abc."));
        thread.load(&chat(stored, Some(9), 0));
        assert_eq!(last(&thread), "abc.");
        assert!(!thread.is_running());
    }

    #[test]
    fn deleting_takes_what_follows_along() {
        let mut thread = Thread::new(None);
        thread.start(&started());
        assert_eq!(thread.cut(MessageId(id(2))).len(), 2);
        assert!(thread.messages.is_empty());
    }
}
