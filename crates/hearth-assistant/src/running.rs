//! The turns under way: their events with rising numbers, the text so far, the way to stop them.
//!
//! The events of a turn stay here until long after its end, so that a window that lost its connection gets exactly the rest.

use hearth_api::chat::{ChatMessage, TokenUsage, TurnEvent, TurnState, TurnUpdate};
use hearth_api::{ChatId, Event, MessageId, PersonId, TurnId};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Turns whose events are kept after their end.
const KEPT: usize = 64;

/// All turns of the home.
pub(crate) struct Running {
    turns: Mutex<Turns>,
    events: broadcast::Sender<(PersonId, Event)>,
}

#[derive(Default)]
struct Turns {
    by_id: HashMap<TurnId, Turn>,
    by_chat: HashMap<ChatId, TurnId>,
    ended: VecDeque<TurnId>,
}

struct Turn {
    account: PersonId,
    chat: ChatId,
    message: MessageId,
    stop: CancellationToken,
    events: Vec<TurnEvent>,
    live: Live,
}

/// What an answer under way looks like now.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) turn: TurnId,
    pub(crate) message: MessageId,
    pub(crate) seq: u64,
    pub(crate) state: TurnState,
    pub(crate) text: String,
    pub(crate) reasoning: String,
}

impl Running {
    pub(crate) fn new(events: broadcast::Sender<(PersonId, Event)>) -> Self {
        Self {
            turns: Mutex::default(),
            events,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a turn; `None` when the conversation has one already.
    pub(crate) fn begin(
        &self,
        account: PersonId,
        chat: ChatId,
        turn: TurnId,
        message: MessageId,
    ) -> Option<CancellationToken> {
        let mut turns = self.lock();
        if turns.by_chat.contains_key(&chat) {
            return None;
        }
        let stop = CancellationToken::new();
        let live = Live {
            turn,
            message,
            seq: 0,
            state: TurnState::Queued,
            text: String::new(),
            reasoning: String::new(),
        };
        turns.by_chat.insert(chat, turn);
        let entry = Turn {
            account,
            chat,
            message,
            stop: stop.clone(),
            events: Vec::new(),
            live,
        };
        turns.by_id.insert(turn, entry);
        Some(stop)
    }

    /// Whether any turn is under way.
    pub(crate) fn any(&self) -> bool {
        !self.lock().by_chat.is_empty()
    }

    /// Takes a turn back that did not begin after all.
    pub(crate) fn withdraw(&self, turn: TurnId) {
        let mut turns = self.lock();
        if let Some(entry) = turns.by_id.remove(&turn) {
            turns.by_chat.remove(&entry.chat);
        }
    }

    /// The text that a continued answer begins with.
    pub(crate) fn set_text(&self, turn: TurnId, text: &str, reasoning: &str) {
        if let Some(entry) = self.lock().by_id.get_mut(&turn) {
            text.clone_into(&mut entry.live.text);
            reasoning.clone_into(&mut entry.live.reasoning);
        }
    }

    /// Tells a step of a turn.
    pub(crate) fn tell(&self, turn: TurnId, what: TurnUpdate) {
        let mut turns = self.lock();
        let Some(entry) = turns.by_id.get_mut(&turn) else {
            return;
        };
        entry.live.seq = entry.live.seq.saturating_add(1);
        match &what {
            TurnUpdate::State { state } => entry.live.state = *state,
            TurnUpdate::Delta { text } => entry.live.text.push_str(text),
            TurnUpdate::Reasoning { text } => entry.live.reasoning.push_str(text),
            _ => {}
        }
        let event = TurnEvent {
            chat: entry.chat,
            turn,
            message: entry.message,
            seq: entry.live.seq,
            what,
        };
        entry.events.push(event.clone());
        // Nobody may be listening: the events stay to be asked for. Sent under the lock, so that they go out in order.
        let _ = self.events.send((entry.account, Event::Turn(event)));
    }

    /// Tells the end of a turn and frees the conversation for the next.
    pub(crate) fn end(&self, turn: TurnId, message: ChatMessage) {
        {
            let mut turns = self.lock();
            let Some(chat) = turns.by_id.get(&turn).map(|entry| entry.chat) else {
                return;
            };
            if turns.by_chat.get(&chat) == Some(&turn) {
                turns.by_chat.remove(&chat);
            }
            turns.ended.push_back(turn);
            if turns.ended.len() > KEPT
                && let Some(oldest) = turns.ended.pop_front()
            {
                turns.by_id.remove(&oldest);
            }
        }
        self.tell(
            turn,
            TurnUpdate::End {
                message: Box::new(message),
            },
        );
    }

    /// The running turn of an account's conversation.
    pub(crate) fn live(&self, chat: ChatId) -> Option<Live> {
        let turns = self.lock();
        let turn = turns.by_chat.get(&chat)?;
        turns.by_id.get(turn).map(|entry| entry.live.clone())
    }

    /// Whether a conversation has a running turn.
    pub(crate) fn is_running(&self, chat: ChatId) -> bool {
        self.lock().by_chat.contains_key(&chat)
    }

    /// The events of an account's turn after a number; `None` when it is not known (any more).
    pub(crate) fn events_after(&self, account: PersonId, turn: TurnId, after: u64) -> Option<Vec<TurnEvent>> {
        let turns = self.lock();
        let entry = turns.by_id.get(&turn).filter(|entry| entry.account == account)?;
        Some(entry.events.iter().filter(|e| e.seq > after).cloned().collect())
    }

    /// Stops the running turn of a conversation; false when there is none.
    pub(crate) fn stop(&self, chat: ChatId) -> bool {
        let turns = self.lock();
        let entry = turns.by_chat.get(&chat).and_then(|turn| turns.by_id.get(turn));
        entry.map(|entry| entry.stop.cancel()).is_some()
    }

    /// Stops everything: the program ends.
    pub(crate) fn stop_all(&self) {
        for entry in self.lock().by_id.values() {
            entry.stop.cancel();
        }
    }
}

/// Token counts for clients.
pub(crate) fn usage(counts: hearth_llm::Usage) -> TokenUsage {
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    TokenUsage {
        prompt: narrow(counts.prompt),
        completion: narrow(counts.completion),
        reasoning: narrow(counts.reasoning.unwrap_or(0)),
        reported: counts.reported,
    }
}
