//! Conversations: the list, one of them, renaming, trash, ratings, drafts.

use crate::providers::{choose, model_consent_missing, models_of};
use crate::{Assistant, Owner};
use hearth_api::chat::{
    Chat, ChatMessage, ChatRole, ChatSummary, ComposerState, DeleteMessage, ListChats, RateAnswer,
    RestoreChat, SaveChatDraft, TurnState, UpdateChat,
};
use hearth_api::{ApiError, ApiResult, ChatId, Code, Event, Page, Timestamp};
use hearth_db::chat::{After, ChatRow};
use hearth_db::chat_message::MessageRow;
use hearth_db::{DbError, ReadTx, chat, chat_message, event, provider};

/// Conversations of one page.
const PAGE: u32 = 50;
/// Longest title, in characters.
const MAX_TITLE: usize = 200;

/// Whether Continue makes sense: partial, or limited by length.
pub(crate) fn can_continue(row: &MessageRow) -> bool {
    let cut = row.info.as_ref().and_then(|i| i.finish_reason.as_deref()) == Some("length");
    let partial = matches!(
        row.state,
        TurnState::Stopped | TurnState::Interrupted | TurnState::Failed
    );
    row.role == ChatRole::Assistant
        && !row.text.is_empty()
        && (partial || (row.state == TurnState::Done && cut))
}

/// A message as clients see it.
pub(crate) fn view(row: MessageRow) -> ChatMessage {
    ChatMessage {
        can_continue: can_continue(&row),
        id: row.id,
        role: row.role,
        text: row.text,
        reasoning: row.reasoning,
        state: row.state,
        error: row.error,
        error_message: row.error_message,
        at: row.at,
        info: row.info,
        rating: row.rating,
    }
}

fn cursor(row: &ChatRow) -> String {
    format!("{}.{}.{}", u8::from(row.pinned), row.last_message_at.0, row.id)
}

fn parse_cursor(text: &str) -> Option<After> {
    let mut parts = text.splitn(3, '.');
    let pinned = parts.next()? == "1";
    let last = Timestamp(parts.next()?.parse().ok()?);
    Some(After {
        pinned,
        last,
        id: parts.next()?.parse().ok()?,
    })
}

pub(crate) fn own_chat(tx: &ReadTx<'_>, owner: Owner, id: ChatId) -> ApiResult<ChatRow> {
    chat::get(tx, owner.account, id)?
        .filter(|row| row.deleted_at.is_none())
        .ok_or_else(ApiError::not_found)
}

impl Assistant {
    fn summary(&self, row: ChatRow) -> ChatSummary {
        ChatSummary {
            running: self.running().is_running(row.id),
            id: row.id,
            title: row.title,
            pinned: row.pinned,
            archived: row.archived,
            last_message_at: row.last_message_at,
            has_draft: row.has_draft,
        }
    }

    /// A page of the account's conversations.
    ///
    /// # Errors
    /// `invalid_cursor`; a storage error.
    pub async fn list_chats(&self, owner: Owner, request: ListChats) -> ApiResult<Page<ChatSummary>> {
        let after = match &request.cursor {
            None => None,
            Some(text) => Some(
                parse_cursor(text)
                    .ok_or_else(|| ApiError::invalid("cursor", "The list has changed. Load it again."))?,
            ),
        };
        let query: String = request.query.trim().chars().take(MAX_TITLE).collect();
        let rows = self
            .db()
            .read(move |tx| chat::list(tx, owner.account, request.archived, &query, after, PAGE))
            .await?;
        let full = rows.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
        let next = rows.last().filter(|_| full).map(cursor);
        Ok(Page {
            items: rows.into_iter().map(|row| self.summary(row)).collect(),
            next,
        })
    }

    /// A conversation with its messages; a running answer as it stands now.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn get_chat(&self, owner: Owner, id: ChatId) -> ApiResult<Chat> {
        let (row, rows, draft) = self
            .db()
            .read(move |tx| {
                let row = own_chat(tx, owner, id)?;
                Ok::<_, ApiError>((
                    row,
                    chat_message::of_chat(tx, id)?,
                    chat::draft(tx, owner.account, Some(id))?,
                ))
            })
            .await?;
        let live = self.running().live(id);
        let model = row.model.clone();
        let mut messages: Vec<ChatMessage> = rows.into_iter().map(view).collect();
        if let Some(live) = &live
            && let Some(message) = messages.iter_mut().find(|m| m.id == live.message)
        {
            message.text.clone_from(&live.text);
            message.reasoning.clone_from(&live.reasoning);
            message.state = live.state;
            message.can_continue = false;
        }
        Ok(Chat {
            summary: self.summary(row),
            messages,
            model,
            draft,
            turn: live.as_ref().map(|l| l.turn),
            turn_seq: live.map_or(0, |l| l.seq),
        })
    }

    /// Renames, pins, archives, or chooses the model; the time of the last message stays.
    ///
    /// # Errors
    /// `invalid_title`, `not_found`; a storage error.
    pub async fn update_chat(&self, owner: Owner, request: UpdateChat) -> ApiResult<ChatSummary> {
        let title = request.title.map(|t| t.trim().to_owned());
        if title
            .as_ref()
            .is_some_and(|t| t.is_empty() || t.chars().count() > MAX_TITLE)
        {
            return Err(ApiError::invalid("title", "A title has 1 to 200 characters."));
        }
        let now = self.now();
        let row = self
            .db()
            .write(move |tx| {
                let mut row = own_chat(tx, owner, request.id)?;
                if let Some(title) = title {
                    row.title = title;
                    row.titled_by_hand = true;
                }
                row.pinned = request.pinned.unwrap_or(row.pinned);
                row.archived = request.archived.unwrap_or(row.archived);
                if let Some(model) = request.model {
                    provider::get(tx, owner.account, model.provider)?.ok_or_else(ApiError::not_found)?;
                    row.model = Some(model);
                }
                chat::put(tx, &row)?;
                event::append(tx, Some(owner.account), now, &Event::ChatsChanged)?;
                event::append(tx, Some(owner.account), now, &Event::ChatChanged { chat: row.id })?;
                Ok::<_, ApiError>(row)
            })
            .await?;
        Ok(self.summary(row))
    }

    /// Puts a conversation into the trash, stopping its turn.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn delete_chat(&self, owner: Owner, id: ChatId) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                let mut row = own_chat(tx, owner, id)?;
                row.deleted_at = Some(now);
                chat::put(tx, &row)?;
                event::append(tx, Some(owner.account), now, &Event::ChatsChanged)?;
                // Another window may show it.
                Ok::<_, ApiError>(event::append(
                    tx,
                    Some(owner.account),
                    now,
                    &Event::ChatChanged { chat: id },
                )?)
            })
            .await?;
        self.running().stop(id);
        Ok(())
    }

    /// Takes a conversation, or a message and what followed it, out of the trash.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn restore_chat(&self, owner: Owner, request: RestoreChat) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                let mut row = chat::get(tx, owner.account, request.id)?.ok_or_else(ApiError::not_found)?;
                match request.message {
                    None => {
                        row.deleted_at = None;
                        chat::put(tx, &row)?;
                    }
                    Some(message) => {
                        let found = chat_message::get(tx, message)?
                            .filter(|m| m.chat == request.id)
                            .ok_or_else(ApiError::not_found)?;
                        if let Some(at) = found.deleted_at {
                            chat_message::restore(tx, request.id, at)?;
                        }
                    }
                }
                event::append(tx, Some(owner.account), now, &Event::ChatsChanged)?;
                Ok::<_, ApiError>(event::append(
                    tx,
                    Some(owner.account),
                    now,
                    &Event::ChatChanged { chat: row.id },
                )?)
            })
            .await
    }

    /// Puts a message and all that follow it into the trash.
    ///
    /// # Errors
    /// `not_found`, `busy` while an answer is being written; a storage error.
    pub async fn delete_message(&self, owner: Owner, request: DeleteMessage) -> ApiResult<()> {
        if self.running().is_running(request.chat) {
            return Err(crate::send::busy());
        }
        let now = self.now();
        self.db()
            .write(move |tx| {
                own_chat(tx, owner, request.chat)?;
                let found = chat_message::get(tx, request.message)?
                    .filter(|m| m.chat == request.chat && m.deleted_at.is_none())
                    .ok_or_else(ApiError::not_found)?;
                chat_message::trash_from(tx, request.chat, found.n, now)?;
                let chat = request.chat;
                Ok::<_, ApiError>(event::append(
                    tx,
                    Some(owner.account),
                    now,
                    &Event::ChatChanged { chat },
                )?)
            })
            .await
    }

    /// Rates an answer.
    ///
    /// # Errors
    /// `invalid_rating`, `not_found`; a storage error.
    pub async fn rate_answer(&self, owner: Owner, request: RateAnswer) -> ApiResult<()> {
        if !(-1..=1).contains(&request.rating) {
            return Err(ApiError::invalid("rating", "A rating is -1, 0 or 1."));
        }
        self.db()
            .write(move |tx| {
                own_chat(tx, owner, request.chat)?;
                chat_message::get(tx, request.message)?
                    .filter(|m| m.chat == request.chat && m.role == ChatRole::Assistant)
                    .ok_or_else(ApiError::not_found)?;
                Ok::<_, ApiError>(chat_message::set_rating(tx, request.message, request.rating)?)
            })
            .await
    }

    /// Saves unsent text.
    ///
    /// # Errors
    /// `too_large`, `not_found`; a storage error.
    pub async fn save_chat_draft(&self, owner: Owner, request: SaveChatDraft) -> ApiResult<()> {
        if request.text.chars().count() > hearth_api::chat::MAX_MESSAGE {
            return Err(ApiError::new(Code::TooLarge, "A message has up to 200 000 characters.").on("text"));
        }
        let now = self.now();
        self.db()
            .write(move |tx| {
                if let Some(id) = request.chat {
                    own_chat(tx, owner, id)?;
                }
                Ok::<_, ApiError>(chat::set_draft(
                    tx,
                    owner.account,
                    request.chat,
                    &request.text,
                    now,
                )?)
            })
            .await
    }

    /// What the composer of a new conversation needs: draft, model, and why nothing can be sent.
    ///
    /// # Errors
    /// A storage error.
    pub async fn composer(&self, owner: Owner) -> ApiResult<ComposerState> {
        self.db()
            .read(move |tx| {
                let draft = chat::draft(tx, owner.account, None)?;
                let model = choose(tx, owner.account, None, None)?;
                let row = match &model {
                    Some(model) => provider::get(tx, owner.account, model.provider)?,
                    None => None,
                };
                let all = provider::list(tx, owner.account)?;
                let any = !all.is_empty();
                let away = all.iter().any(|row| row.online == Some(false));
                let (locality, blocked) = match (&model, row) {
                    (Some(model), Some(row)) => {
                        let known = models_of(tx, &row)?;
                        let listed = known.iter().find(|m| m.id == model.model);
                        let locality = listed.map_or(row.locality, |m| m.locality.max(row.locality));
                        let consent = provider::consent(tx, owner.account, row.id)?;
                        let blocked = if model_consent_missing(&row, &known, &model.model, consent.as_ref()) {
                            Some(Code::ConsentRequired)
                        } else if row.online == Some(false) {
                            Some(Code::ProviderUnreachable)
                        } else if listed.is_none() && !known.is_empty() {
                            Some(Code::ModelNotFound)
                        } else {
                            None
                        };
                        (Some(locality), blocked)
                    }
                    // No model was ever known, because whoever has them does not answer.
                    (None, _) if away => (None, Some(Code::ProviderUnreachable)),
                    _ if any => (None, Some(Code::ModelNotFound)),
                    _ => (None, Some(Code::NoProvider)),
                };
                let blocked = blocked.map(|code| code.as_str().to_owned());
                Ok::<_, DbError>(ComposerState {
                    draft,
                    model,
                    locality,
                    blocked,
                })
            })
            .await
            .map_err(ApiError::from)
    }
}
