//! Titles of conversations: the first message cut at a word, then a few words by the model when it runs on this machine.

use crate::providers::models_of;
use crate::send::Job;
use crate::{Assistant, models, parameters};
use hearth_api::chat::{ChatRole, TurnUpdate};
use hearth_api::provider::Locality;
use hearth_api::{ApiError, Event};
use hearth_db::chat_message::MessageRow;
use hearth_db::{chat, chat_message, event};
use hearth_llm::{ChatEvent, ChatRequest, Message, Quirks, Reasoning};
use tokio_util::sync::CancellationToken;

/// Longest first title, in characters.
const FIRST: usize = 60;
/// Longest title of a model, in characters.
const LONGEST: usize = 80;
/// Characters of the question that the model reads for it.
const READ: usize = 2000;

/// The first message, cut at a word within 60 characters.
pub(crate) fn first_title(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= FIRST {
        return line;
    }
    let cut: String = line.chars().take(FIRST).collect();
    match cut.rsplit_once(' ') {
        Some((words, _)) if !words.is_empty() => format!("{words}…"),
        _ => format!("{cut}…"),
    }
}

/// Makes a title of what a model wrote; `None` when it is of no use.
fn tidy(text: &str) -> Option<String> {
    let line = text
        .trim()
        .lines()
        .next()?
        .trim()
        .trim_matches(['"', '“', '”', '„', '*', '#', '.', ' ']);
    let title: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!title.trim().is_empty()).then(|| title.trim().to_owned())
}

impl Assistant {
    /// After the first answer: asks a model on this machine for a title, unless a person gave one.
    pub(crate) async fn entitle(&self, job: &Job, stop: &CancellationToken) -> Result<(), ApiError> {
        let (account, chat_id) = (job.account, job.chat);
        let rows = self
            .db()
            .read(move |tx| chat_message::of_chat(tx, chat_id))
            .await?;
        let [
            MessageRow {
                role: ChatRole::User,
                text,
                ..
            },
            _answer,
        ] = rows.as_slice()
        else {
            return Ok(());
        };
        let (client, row) = self.client(account, job.model.provider).await?;
        let model_id = job.model.model.clone();
        let (model, local, set) = self
            .db()
            .read(move |tx| {
                let model = models_of(tx, &row)?.into_iter().find(|m| m.id == model_id);
                let set = parameters::in_chat(tx, account, chat_id)?;
                Ok::<_, ApiError>((model, row.locality == Locality::Local, set))
            })
            .await?;
        if !local || model.as_ref().is_some_and(|m| m.locality != Locality::Local) {
            return Ok(());
        }
        let question: String = text.chars().take(READ).collect();
        let ask = "Write a title of two to six words for a conversation that begins with this message, in its language. \
                   Answer with the title only.";
        let mut request = ChatRequest::new(
            job.model.model.clone(),
            vec![Message::system(ask), Message::user(question)],
        );
        request.max_tokens = Some(40);
        request.reasoning = Some(Reasoning::Off);
        // The same window as the answer had: with another one the server would load the model anew.
        if let Some(context) = parameters::context(set.context, model.and_then(|m| m.context)) {
            request.context_tokens = context;
        }
        let mut answer = client.chat(request, Quirks::default(), stop);
        let mut text = String::new();
        while let Some(step) = answer.next().await {
            match step.map_err(|e| models::error(&e))? {
                ChatEvent::Delta(more) if text.len() < 400 => text.push_str(&more),
                _ => {}
            }
        }
        let Some(title) = tidy(&text).filter(|_| !stop.is_cancelled()) else {
            return Ok(());
        };
        let now = self.now();
        let shown = title.clone();
        let changed = self
            .db()
            .write(move |tx| {
                let Some(mut row) = chat::get(tx, account, chat_id)? else {
                    return Ok(false);
                };
                if row.titled_by_hand {
                    return Ok(false);
                }
                row.title = title;
                chat::put(tx, &row)?;
                event::append(tx, Some(account), now, &Event::ChatsChanged)?;
                // The conversation is on show, perhaps in several windows, and its turn is over for them.
                event::append(tx, Some(account), now, &Event::ChatChanged { chat: chat_id })?;
                Ok::<_, ApiError>(true)
            })
            .await?;
        if changed {
            self.running().tell(job.turn, TurnUpdate::Title { title: shown });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_titles_end_at_a_word() {
        assert_eq!(first_title("  Hello\n  there "), "Hello there");
        let long = "When may a tenant of a flat in Berlin end the contract before its term is over?";
        let title = first_title(long);
        assert!(title.chars().count() <= FIRST + 1, "{title}");
        assert!(
            title.ends_with('…') && long.starts_with(title.trim_end_matches('…')),
            "{title}"
        );
        assert_eq!(first_title(&"x".repeat(100)).chars().count(), FIRST + 1);
    }

    #[test]
    fn model_titles_are_tidied() {
        assert_eq!(tidy("\"Moving house\"\nMore").as_deref(), Some("Moving house"));
        assert_eq!(tidy("  \n "), None);
    }
}
