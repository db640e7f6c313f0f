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
    /// Messages that there were to send.
    pub(crate) of: usize,
}

/// Builds the window for the answer `answer` from the messages before it (and its own text, when it is continued).
/// `output` is the longest answer wanted. `shrink` divides the room, for a second try after the server said that it was too much.
///
/// # Errors
/// `context_overflow` when even the newest message does not fit.
pub(crate) fn window(
    rows: &[MessageRow],
    answer: hearth_api::MessageId,
    context: Option<u32>,
    output: Option<u32>,
    shrink: u64,
) -> Result<Window, ApiError> {
    let context = context.unwrap_or(DEFAULT_CONTEXT);
    // What the answer may have stays free, a quarter if nothing is said; but never so much that nothing can be asked.
    let output = output.map_or(context / 4, |most| most.min(context / 2));
    let room = u64::from(context.saturating_sub(output)) / shrink.max(1);
    let mut left = room.saturating_sub(estimate_tokens(PREAMBLE) + PER_MESSAGE);
    let mut chosen: Vec<Message> = Vec::new();
    let until = rows
        .iter()
        .position(|row| row.id == answer)
        .map_or(rows.len(), |at| at.saturating_add(1));
    let counts = |row: &&MessageRow| {
        let failed = row.role == ChatRole::Assistant && row.state == TurnState::Failed && row.id != answer;
        !row.text.is_empty() && !failed
    };
    let of = rows.iter().take(until).filter(counts).count();
    for row in rows.iter().take(until).rev().filter(counts) {
        let own = row.id == answer;
        let cost = estimate_tokens(&row.text) + PER_MESSAGE;
        let needed = own || chosen.iter().all(|m| m.role != hearth_llm::Role::User);
        if cost > left {
            if needed && row.role == ChatRole::User {
                return Err(ApiError::new(
                    Code::ContextOverflow,
                    format!(
                        "This message needs about {} tokens, and the model has room for {}. Shorten it, or choose a model with a larger window.",
                        grouped(cost),
                        grouped(left)
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
        of,
    })
}

/// A number with marks between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::{ChatId, MessageId, Timestamp};
    use uuid::Uuid;

    fn row(n: u32, text: &str) -> MessageRow {
        MessageRow {
            id: MessageId(Uuid::from_u128(n.into())),
            chat: ChatId(Uuid::from_u128(99)),
            n,
            role: if n % 2 == 1 {
                ChatRole::User
            } else {
                ChatRole::Assistant
            },
            op: None,
            text: text.into(),
            reasoning: String::new(),
            state: TurnState::Done,
            error: None,
            error_message: None,
            at: Timestamp(0),
            info: None,
            rating: 0,
            deleted_at: None,
        }
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(
            [7, 999, 1000, 100_004, 1_234_567].map(grouped),
            ["7", "999", "1,000", "100,004", "1,234,567"]
        );
    }

    #[test]
    fn a_longer_answer_leaves_less_room_and_says_how_much_was_sent() {
        let long = "word ".repeat(240);
        let rows = [row(1, &long), row(2, &long), row(3, "And now?"), row(4, "")];
        let sent = |output| window(&rows, rows[3].id, Some(1024), output, 1).unwrap();
        let usual = sent(None);
        assert_eq!(
            (usual.messages.len(), usual.of),
            (4, 3),
            "all of it and the preamble"
        );
        assert_eq!(sent(Some(500)).messages.len(), 2, "only the newest question");
        let most = sent(Some(131_072));
        assert_eq!(most.messages.len(), 2, "something can always be asked");
    }
}
