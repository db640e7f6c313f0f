//! Beginning turns: sending, continuing, sending again. The person's message is stored before anything is sent.

use crate::providers::{choose, consent_required, model_consent_missing, models_of};
use crate::title::first_title;
use crate::{Assistant, Owner, chats, check_text};
use hearth_api::chat::{
    ChatRole, ContinueAnswer, GetTurnEvents, ResendMessage, SendMessage, TurnEvents, TurnStarted, TurnState,
};
use hearth_api::provider::ModelRef;
use hearth_api::{ApiError, ApiResult, ChatId, Code, Event, MessageId, PersonId, TurnId};
use hearth_db::chat::ChatRow;
use hearth_db::chat_message::MessageRow;
use hearth_db::{DbError, ReadTx, WriteTx, chat, chat_message, event, parameters, provider};

/// What a turn works on.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) account: PersonId,
    pub(crate) chat: ChatId,
    pub(crate) turn: TurnId,
    pub(crate) answer: MessageRow,
    pub(crate) model: ModelRef,
}

pub(crate) fn busy() -> ApiError {
    ApiError::new(
        Code::Busy,
        "An answer is still being written here. Wait for it, or stop it.",
    )
}

fn no_provider() -> ApiError {
    ApiError::new(
        Code::NoProvider,
        "No model is set up yet. Open Models and add one, for example Ollama on this computer.",
    )
}

/// The model for a turn, and that the account may use it.
fn usable(tx: &ReadTx<'_>, account: PersonId, model: Option<ModelRef>) -> ApiResult<ModelRef> {
    let Some(model) = model else {
        let all = provider::list(tx, account)?;
        return Err(match all.iter().find(|row| row.online == Some(false)) {
            Some(row) => ApiError::new(
                Code::ProviderUnreachable,
                format!(
                    "“{}” does not answer, so its models are not known yet. See whether it runs.",
                    row.name
                ),
            ),
            None => no_provider(),
        });
    };
    let row = provider::get(tx, account, model.provider)?.ok_or_else(|| {
        ApiError::new(
            Code::ModelNotFound,
            "The model of this conversation is gone. Choose another one.",
        )
    })?;
    let consent = provider::consent(tx, account, row.id)?;
    if model_consent_missing(&row, &models_of(tx, &row)?, &model.model, consent.as_ref()) {
        return Err(consent_required(&row));
    }
    Ok(model)
}

fn blank_answer(chat: ChatId, id: MessageId, n: u32, now: hearth_api::Timestamp) -> MessageRow {
    MessageRow {
        id,
        chat,
        n,
        role: ChatRole::Assistant,
        op: None,
        text: String::new(),
        reasoning: String::new(),
        state: TurnState::Queued,
        error: None,
        error_message: None,
        at: now,
        info: None,
        rating: 0,
        deleted_at: None,
    }
}

impl Assistant {
    /// Sends a message and begins the turn.
    ///
    /// # Errors
    /// `empty_input`, `too_large`, `no_provider`, `model_not_found`, `consent_required`, `busy`, `not_found`; a storage error.
    pub async fn send_message(&self, owner: Owner, request: SendMessage) -> ApiResult<TurnStarted> {
        check_text(&request.text)?;
        let (account, now) = (owner.account, self.now());
        if let Some(started) = self.sent_before(account, request.op).await? {
            return Ok(started);
        }
        let chat_id = request.chat.unwrap_or_else(|| self.new_id());
        let (turn, question_id, answer_id) = (self.new_id(), self.new_id(), self.new_id());
        let stop = self
            .running()
            .begin(account, chat_id, turn, answer_id)
            .ok_or_else(busy)?;
        let stored = self
            .db()
            .write(move |tx| {
                let known = match request.chat {
                    None => None,
                    Some(id) => Some(
                        chat::get(tx, account, id)?
                            .filter(|c| c.deleted_at.is_none())
                            .ok_or_else(ApiError::not_found)?,
                    ),
                };
                let of_chat = known.as_ref().and_then(|c| c.model.clone());
                let chosen = request.model.clone();
                let model = usable(tx, account, choose(tx, account, request.model, of_chat)?)?;
                let mut row = known.unwrap_or_else(|| ChatRow {
                    id: chat_id,
                    account,
                    title: first_title(&request.text),
                    titled_by_hand: false,
                    pinned: false,
                    archived: false,
                    model: None,
                    last_message_at: now,
                    deleted_at: None,
                    has_draft: false,
                });
                row.last_message_at = now;
                row.archived = false;
                if chosen.is_some() {
                    row.model = chosen;
                }
                chat::put(tx, &row)?;
                if request.chat.is_none() {
                    parameters::begin(tx, account, chat_id)?;
                }
                let n = chat_message::next_n(tx, chat_id)?;
                let mut question = blank_answer(chat_id, question_id, n, now);
                question.role = ChatRole::User;
                question.op = Some(request.op);
                question.text = request.text;
                question.state = TurnState::Done;
                chat_message::put(tx, &question)?;
                let answer = blank_answer(chat_id, answer_id, n.saturating_add(1), now);
                chat_message::put(tx, &answer)?;
                chat::set_draft(tx, account, request.chat, "", now)?;
                event::append(tx, Some(account), now, &Event::ChatsChanged)?;
                event::append(tx, Some(account), now, &Event::ChatChanged { chat: chat_id })?;
                Ok((question, answer, model))
            })
            .await;
        let (question, answer, model) = stored.inspect_err(|_: &ApiError| self.running().withdraw(turn))?;
        let started = TurnStarted {
            chat: chat_id,
            turn,
            question: chats::view(question),
            answer: chats::view(answer.clone()),
        };
        self.run(
            Job {
                account,
                chat: chat_id,
                turn,
                answer,
                model,
            },
            stop,
        );
        Ok(started)
    }

    /// A message sent before with the same operation id: nothing happens twice.
    async fn sent_before(&self, account: PersonId, op: uuid::Uuid) -> ApiResult<Option<TurnStarted>> {
        let found = self
            .db()
            .read(move |tx| {
                let Some(question) = chat_message::by_op(tx, op)? else {
                    return Ok(None);
                };
                if chat::get(tx, account, question.chat)?.is_none() {
                    return Ok(None);
                }
                let rows = chat_message::of_chat(tx, question.chat)?;
                let answer = rows.into_iter().find(|row| row.n == question.n.saturating_add(1));
                Ok::<_, DbError>(answer.map(|answer| (question, answer)))
            })
            .await?;
        Ok(found.map(|(question, answer)| {
            let turn = self
                .running()
                .live(question.chat)
                .map_or(TurnId::from(uuid::Uuid::nil()), |live| live.turn);
            TurnStarted {
                chat: question.chat,
                turn,
                question: chats::view(question),
                answer: chats::view(answer),
            }
        }))
    }

    /// Extends the last answer of a conversation.
    ///
    /// # Errors
    /// `not_found`, `wrong_state`, `busy`, and those of sending.
    pub async fn continue_answer(&self, owner: Owner, request: ContinueAnswer) -> ApiResult<TurnStarted> {
        self.again(owner, request.chat, request.message, None, true).await
    }

    /// Repeats a failed turn without a second copy of the question.
    ///
    /// # Errors
    /// `not_found`, `wrong_state`, `busy`, and those of sending.
    pub async fn resend_message(&self, owner: Owner, request: ResendMessage) -> ApiResult<TurnStarted> {
        self.again(owner, request.chat, request.message, request.model, false)
            .await
    }

    async fn again(
        &self,
        owner: Owner,
        chat_id: ChatId,
        message: MessageId,
        model: Option<ModelRef>,
        extend: bool,
    ) -> ApiResult<TurnStarted> {
        let (account, now) = (owner.account, self.now());
        let turn = self.new_id();
        let stop = self
            .running()
            .begin(account, chat_id, turn, message)
            .ok_or_else(busy)?;
        let stored = self
            .db()
            .write(move |tx| {
                let row = chat::get(tx, account, chat_id)?
                    .filter(|c| c.deleted_at.is_none())
                    .ok_or_else(ApiError::not_found)?;
                let (question, mut answer) = last_exchange(tx, chat_id, message)?;
                check_again(&answer, extend)?;
                let used = answer.info.as_ref().and_then(|_| row.model.clone());
                let model = usable(tx, account, choose(tx, account, model, used.or(row.model))?)?;
                if !extend {
                    answer.text.clear();
                    answer.reasoning.clear();
                    answer.info = None;
                }
                answer.state = TurnState::Queued;
                answer.error = None;
                answer.error_message = None;
                chat_message::put(tx, &answer)?;
                event::append(tx, Some(account), now, &Event::ChatChanged { chat: chat_id })?;
                Ok((question, answer, model))
            })
            .await;
        let (question, answer, model) = stored.inspect_err(|_: &ApiError| self.running().withdraw(turn))?;
        self.running().set_text(turn, &answer.text, &answer.reasoning);
        let started = TurnStarted {
            chat: chat_id,
            turn,
            question: chats::view(question),
            answer: chats::view(answer.clone()),
        };
        self.run(
            Job {
                account,
                chat: chat_id,
                turn,
                answer,
                model,
            },
            stop,
        );
        Ok(started)
    }

    /// Stops the running turn of a conversation; its text stays. Nothing happens when none runs.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn stop_turn(&self, owner: Owner, id: ChatId) -> ApiResult<()> {
        let account = owner.account;
        self.db()
            .read(move |tx| chat::get(tx, account, id)?.ok_or_else(ApiError::not_found))
            .await?;
        if !self.running().stop(id) {
            tracing::debug!("Nothing to stop");
        }
        Ok(())
    }

    /// The events of a turn after a number. None when the turn is long over: its message has everything.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign turns.
    pub async fn turn_events(&self, owner: Owner, request: GetTurnEvents) -> ApiResult<TurnEvents> {
        let events = self
            .running()
            .events_after(owner.account, request.turn, request.after);
        std::future::ready(
            events
                .map(|events| TurnEvents { events })
                .ok_or_else(ApiError::not_found),
        )
        .await
    }
}

/// The question before an answer, and the answer, which must be the conversation's last message.
fn last_exchange(tx: &WriteTx<'_>, chat: ChatId, message: MessageId) -> ApiResult<(MessageRow, MessageRow)> {
    let mut rows = chat_message::of_chat(tx, chat)?;
    let answer = rows.pop().ok_or_else(ApiError::not_found)?;
    if answer.id != message {
        let known = rows.iter().any(|row| row.id == message);
        return Err(if known {
            ApiError::wrong_state("Only the last answer can be continued or sent again.")
        } else {
            ApiError::not_found()
        });
    }
    let question = rows
        .into_iter()
        .rev()
        .find(|row| row.role == ChatRole::User)
        .ok_or_else(ApiError::not_found)?;
    Ok((question, answer))
}

fn check_again(answer: &MessageRow, extend: bool) -> ApiResult<()> {
    if answer.role != ChatRole::Assistant {
        return Err(ApiError::wrong_state("That is not an answer."));
    }
    if extend && !chats::can_continue(answer) {
        return Err(ApiError::wrong_state(
            "This answer is complete. Ask a new question.",
        ));
    }
    if !extend && answer.state == TurnState::Done {
        return Err(ApiError::wrong_state(
            "This answer is complete. Ask a new question.",
        ));
    }
    Ok(())
}
