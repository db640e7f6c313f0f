//! What of a conversation is sent: the preamble, then whole messages, newest first, as many as fit.

use hearth_api::chat::{ChatRole, TurnState};
use hearth_api::{ApiError, Code};
use hearth_db::chat_message::MessageRow;
use hearth_llm::{Message, estimate_tokens};

/// The window assumed when neither server nor person tells.
const DEFAULT_CONTEXT: u32 = 4096;
/// Tokens that every message costs beside its text.
const PER_MESSAGE: u64 = 4;

/// What every conversation begins with.
const PREAMBLE: &str = "You are the assistant of a family's home. Answer in the language of the person who asks, plainly and \
                        kindly. Say so when you do not know something. Format with Markdown where it helps.";

/// A conversation cut to a model's window.
#[derive(Debug)]
pub(crate) struct Window {
    /// What to send, oldest first.
    pub(crate) messages: Vec<Message>,
    /// Tokens of the window.
    pub(crate) context: u32,
}

/// Builds the window for the answer `answer` from the messages before it (and its own text, when it is continued).
/// `shrink` divides the room, for a second try after the server said that it was too much.
///
/// # Errors
/// `context_overflow` when even the newest message does not fit.
pub(crate) fn window(
    rows: &[MessageRow],
    answer: hearth_api::MessageId,
    context: Option<u32>,
    shrink: u64,
) -> Result<Window, ApiError> {
    let context = context.unwrap_or(DEFAULT_CONTEXT);
    // A quarter stays free for the answer.
    let room = u64::from(context) * 3 / 4 / shrink.max(1);
    let mut left = room.saturating_sub(estimate_tokens(PREAMBLE) + PER_MESSAGE);
    let mut chosen: Vec<Message> = Vec::new();
    let until = rows
        .iter()
        .position(|row| row.id == answer)
        .map_or(rows.len(), |at| at.saturating_add(1));
    for row in rows.iter().take(until).rev() {
        let own = row.id == answer;
        if row.text.is_empty() || (row.role == ChatRole::Assistant && row.state == TurnState::Failed && !own)
        {
            continue;
        }
        let cost = estimate_tokens(&row.text) + PER_MESSAGE;
        let needed = own || chosen.iter().all(|m| m.role != hearth_llm::Role::User);
        if cost > left {
            if needed && row.role == ChatRole::User {
                return Err(ApiError::new(
                    Code::ContextOverflow,
                    format!(
                        "This message needs about {cost} tokens, and the model has room for {left}. Shorten it, or choose a model with a larger window."
                    ),
                ));
            }
            break;
        }
        left -= cost;
        chosen.push(match row.role {
            ChatRole::User => Message::user(row.text.clone()),
            ChatRole::Assistant => Message::assistant(row.text.clone()),
        });
    }
    // A conversation that begins with an answer confuses models.
    while chosen
        .last()
        .is_some_and(|m| m.role == hearth_llm::Role::Assistant)
        && chosen.len() > 1
    {
        chosen.pop();
    }
    chosen.push(Message::system(PREAMBLE));
    chosen.reverse();
    Ok(Window {
        messages: chosen,
        context,
    })
}
