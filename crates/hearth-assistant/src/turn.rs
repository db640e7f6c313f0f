//! Running a turn: the request, its stream, the text stored as it comes, the end.

use crate::chats::view;
use crate::history::window;
use crate::providers::models_of;
use crate::running::usage;
use crate::send::Job;
use crate::{Assistant, CLOSED_MEANWHILE, models, parameters};
use hearth_api::chat::{AnswerInfo, TraceStep, TraceWhat, TurnState, TurnUpdate};
use hearth_api::parameters::Parameters;
use hearth_api::{ApiError, Code, Event, Timestamp};
use hearth_db::chat_message::MessageRow;
use hearth_db::{chat_message, event, provider};
use hearth_llm::{
    ChatEvent, ChatRequest, ErrorCode, FinishReason, LlmError, Message, Quirks, estimate_tokens,
};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the text under way is stored.
const STORE: Duration = Duration::from_millis(500);

/// Steps that are kept of how an answer came about, the newest ones.
const STEPS: usize = 64;

/// What a turn has gathered.
struct Progress {
    answer: MessageRow,
    info: AnswerInfo,
    /// What was set for this answer, whether the server takes it or not.
    wanted: Parameters,
    began: Timestamp,
    sent_at: Timestamp,
    first_at: Option<Timestamp>,
    last_at: Timestamp,
    /// Bytes of text the answer had before this turn (a continued one).
    before: usize,
    prompt_estimate: u64,
    stored: bool,
}

impl Progress {
    fn new(job: &Job, now: Timestamp) -> Self {
        let mut info = job.answer.info.clone().unwrap_or_default();
        info.finish_reason = None;
        let mut progress = Self {
            before: job.answer.text.len(),
            info,
            answer: job.answer.clone(),
            wanted: Parameters::default(),
            began: now,
            sent_at: now,
            first_at: None,
            last_at: now,
            prompt_estimate: 0,
            stored: true,
        };
        if progress.before > 0 {
            progress.note(now, TraceWhat::Continued);
        }
        progress
    }

    /// Notes a step of the way to the answer.
    fn note(&mut self, now: Timestamp, what: TraceWhat) {
        let trace = &mut self.info.trace;
        if trace.len() >= STEPS {
            trace.remove(0);
        }
        trace.push(TraceStep {
            at_ms: u64::try_from(now.ms_since(self.began)).unwrap_or(0),
            what,
        });
    }
}

impl Assistant {
    /// Runs a turn in a task of its own.
    pub(crate) fn run(&self, job: Job, stop: CancellationToken) {
        let assistant = self.clone();
        self.spawn(async move {
            let mut progress = Progress::new(&job, assistant.now());
            let outcome = assistant.answer(&job, &mut progress, &stop).await;
            let done = matches!(outcome, Ok(FinishReason::Stop));
            assistant.finish(&job, progress, outcome).await;
            if done && let Err(error) = assistant.entitle(&job, &stop).await {
                tracing::debug!(code = %error.code, "No title by the model");
            }
        });
    }

    /// The whole answer; trims once when the server says that the conversation does not fit.
    async fn answer(
        &self,
        job: &Job,
        progress: &mut Progress,
        stop: &CancellationToken,
    ) -> Result<FinishReason, ApiError> {
        match self.attempt(job, progress, stop, 1).await {
            Err(error)
                if error.code == Code::ContextOverflow
                    && progress.first_at.is_none()
                    && !stop.is_cancelled() =>
            {
                tracing::info!("The conversation did not fit; trying once more with half of it");
                progress.note(self.now(), TraceWhat::Trimmed);
                self.attempt(job, progress, stop, 2).await
            }
            other => other,
        }
    }

    async fn attempt(
        &self,
        job: &Job,
        progress: &mut Progress,
        stop: &CancellationToken,
        shrink: u64,
    ) -> Result<FinishReason, ApiError> {
        let (client, row) = self.client(job.account, job.model.provider).await?;
        let (account, chat, model_id) = (job.account, job.chat, job.model.model.clone());
        let (rows, quirks, wanted, listed, row) = self
            .db()
            .read(move |tx| {
                let quirks = provider::quirks(tx, row.id, &model_id)?;
                let wanted = parameters::in_chat(tx, account, chat)?;
                let listed = models_of(tx, &row)?.into_iter().find(|m| m.id == model_id);
                Ok::<_, ApiError>((chat_message::of_chat(tx, chat)?, quirks, wanted, listed, row))
            })
            .await?;
        let quirks: Quirks = quirks
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        let context = parameters::context(wanted.context, listed.as_ref().and_then(|m| m.context));
        let window = window(&rows, job.answer.id, context, wanted.max_tokens, shrink)?;
        let prepared = TraceWhat::Prepared {
            messages: u32::try_from(window.messages.len().saturating_sub(1)).unwrap_or(u32::MAX),
            of: u32::try_from(window.of).unwrap_or(u32::MAX),
            tokens: estimate(&window.messages),
        };
        let mut request = ChatRequest::new(job.model.model.clone(), window.messages);
        request.context_tokens = window.context;
        parameters::apply(&wanted, &mut request);
        request.allow_cloud = self.cloud_allowed(job.account, job.model.provider).await?;
        progress.prompt_estimate = estimate(&request.messages);
        progress.info.provider = row.name;
        progress.info.model.clone_from(&job.model.model);
        progress.info.locality = Some(listed.map_or(row.locality, |m| m.locality.max(row.locality)));
        parameters::note(&mut progress.info, &wanted, window.context, quirks);
        progress.wanted = wanted;
        progress.note(self.now(), prepared);
        self.enter(job, progress, TurnState::Waiting).await;
        progress.sent_at = self.now();
        progress.note(progress.sent_at, TraceWhat::Asked);
        let mut stream = client.chat(request, quirks, stop);
        let mut ticks = tokio::time::interval(STORE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                step = stream.next() => match step {
                    Some(Ok(ChatEvent::Finish { reason })) => return Ok(reason),
                    Some(Ok(step)) => self.step(job, progress, step).await,
                    Some(Err(error)) => {
                        self.note_provider(job, &error).await;
                        return Err(models::error(&error));
                    }
                    None => return Err(ApiError::new(Code::StreamInterrupted, "The answer broke off. What arrived is kept; continue it.")),
                },
                _ = ticks.tick() => self.store_partial(progress).await,
            }
        }
    }

    async fn step(&self, job: &Job, progress: &mut Progress, step: ChatEvent) {
        match step {
            ChatEvent::Loading => {
                progress.note(self.now(), TraceWhat::LoadingModel);
                self.enter(job, progress, TurnState::LoadingModel).await;
            }
            ChatEvent::Retrying { after } => {
                let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
                progress.note(self.now(), TraceWhat::Retrying { after_ms });
                self.enter(job, progress, TurnState::Waiting).await;
            }
            ChatEvent::Adapted(quirks) => {
                progress.note(self.now(), TraceWhat::Adapted);
                let context = progress.info.sent.context.unwrap_or_default();
                parameters::note(&mut progress.info, &progress.wanted, context, quirks);
                self.keep_quirks(job, quirks).await;
            }
            ChatEvent::Delta(text) => {
                self.first_token(job, progress).await;
                progress.answer.text.push_str(&text);
                self.running().tell(job.turn, TurnUpdate::Delta { text });
            }
            ChatEvent::Reasoning(text) => {
                self.first_token(job, progress).await;
                progress.answer.reasoning.push_str(&text);
                self.running().tell(job.turn, TurnUpdate::Reasoning { text });
            }
            ChatEvent::Usage(counts) => {
                let counts = usage(counts);
                progress.info.usage = Some(counts);
                self.running().tell(job.turn, TurnUpdate::Usage { usage: counts });
            }
            // No tools are offered, so a call is not an answer to anything; it is left out.
            ChatEvent::ToolCallDelta(_) | ChatEvent::ToolCall(_) | ChatEvent::Finish { .. } => {}
        }
    }

    async fn first_token(&self, job: &Job, progress: &mut Progress) {
        progress.last_at = self.now();
        progress.stored = false;
        if progress.first_at.is_none() {
            progress.first_at = Some(progress.last_at);
            progress.note(progress.last_at, TraceWhat::FirstToken);
            self.enter(job, progress, TurnState::Streaming).await;
            self.note_online(job).await;
        }
    }

    /// A new state: told and stored.
    async fn enter(&self, job: &Job, progress: &mut Progress, state: TurnState) {
        if progress.answer.state != state {
            progress.answer.state = state;
            progress.stored = false;
            self.running().tell(job.turn, TurnUpdate::State { state });
            if state != TurnState::Streaming {
                self.store_partial(progress).await;
            }
        }
    }

    async fn store_partial(&self, progress: &mut Progress) {
        if progress.stored {
            return;
        }
        let answer = progress.answer.clone();
        let stored = self
            .db()
            .write(move |tx| {
                chat_message::set_partial(tx, answer.id, answer.state, &answer.text, &answer.reasoning)
            })
            .await;
        match stored {
            Ok(()) => progress.stored = true,
            Err(error) => tracing::error!(error = %error, "Storing a partial answer failed"),
        }
    }

    async fn keep_quirks(&self, job: &Job, quirks: Quirks) {
        let (id, model) = (job.model.provider, job.model.model.clone());
        let json = serde_json::to_string(&quirks).unwrap_or_default();
        if let Err(error) = self
            .db()
            .write(move |tx| provider::set_quirks(tx, id, &model, &json))
            .await
        {
            tracing::error!(error = %error, "Keeping what a model does not accept failed");
        }
    }

    async fn note_online(&self, job: &Job) {
        self.set_status(job, true, None).await;
    }

    async fn note_provider(&self, job: &Job, error: &LlmError) {
        // Who refuses a key is there all the same, and who is slow may be quicker with another model.
        match error.code() {
            code @ ErrorCode::ProviderUnreachable => self.set_status(job, false, Some(code.as_str())).await,
            code @ ErrorCode::ProviderAuth => self.set_status(job, true, Some(code.as_str())).await,
            _ => {}
        }
    }

    async fn set_status(&self, job: &Job, online: bool, error: Option<&'static str>) {
        let (id, account, now) = (job.model.provider, job.account, self.now());
        let stored = self
            .db()
            .write(move |tx| {
                if provider::set_status(tx, id, online, error)? {
                    event::append(tx, Some(account), now, &Event::ProvidersChanged)?;
                }
                Ok::<_, hearth_db::DbError>(())
            })
            .await;
        if let Err(error) = stored {
            tracing::error!(error = %error, "Noting a provider's state failed");
        }
    }

    /// Stores the end of a turn and tells it.
    async fn finish(&self, job: &Job, mut progress: Progress, outcome: Result<FinishReason, ApiError>) {
        let has_text = progress.answer.text.len() > progress.before;
        let (state, error) = match outcome {
            Ok(FinishReason::Stopped) if self.is_closing() => (
                TurnState::Interrupted,
                Some(ApiError::new(Code::StreamInterrupted, CLOSED_MEANWHILE)),
            ),
            Ok(FinishReason::Stopped) => {
                progress.info.finish_reason = Some("stopped".into());
                (TurnState::Stopped, None)
            }
            Ok(reason) => {
                progress.info.finish_reason = Some(reason.as_str().to_owned());
                (TurnState::Done, None)
            }
            Err(error) => {
                let broke = matches!(error.code, Code::StreamInterrupted | Code::Timeout) && has_text;
                (
                    if broke {
                        TurnState::Interrupted
                    } else {
                        TurnState::Failed
                    },
                    Some(error),
                )
            }
        };
        measure(&mut progress);
        if progress.first_at.is_some() {
            progress.note(progress.last_at, TraceWhat::LastToken);
        }
        progress.note(self.now(), TraceWhat::Ended);
        progress.answer.state = state;
        progress.answer.error = error.as_ref().map(ApiError::name);
        progress.answer.error_message = error.as_ref().map(|e| e.message.clone());
        progress.answer.info = Some(progress.info);
        let (answer, account, chat, now) = (progress.answer.clone(), job.account, job.chat, self.now());
        let stored = self
            .db()
            .write(move |tx| {
                chat_message::put(tx, &answer)?;
                event::append(tx, Some(account), now, &Event::ChatChanged { chat })
            })
            .await;
        if let Err(error) = stored {
            tracing::error!(error = %error, "Storing an answer failed");
        }
        tracing::info!(state = ?state, code = progress.answer.error.as_deref().unwrap_or("none"), "A turn ended");
        self.running().tell(job.turn, TurnUpdate::State { state });
        if let Some(error) = error {
            let update = TurnUpdate::Error {
                code: error.name(),
                message: error.message,
                retry_after_ms: error.retry_after_ms,
            };
            self.running().tell(job.turn, update);
        }
        self.running().end(job.turn, view(progress.answer));
        // The list shows which conversations are being answered, and only now this one is not.
        let told = self
            .db()
            .write(move |tx| event::append(tx, Some(account), now, &Event::ChatsChanged))
            .await;
        if let Err(error) = told {
            tracing::error!(error = %error, "Telling that a turn ended failed");
        }
    }
}

/// Times and counts; what the server did not tell is estimated.
fn measure(progress: &mut Progress) {
    let Some(first_at) = progress.first_at else { return };
    progress.info.first_token_ms = u64::try_from(first_at.ms_since(progress.sent_at)).ok();
    let written = progress.answer.text.get(progress.before..).unwrap_or_default();
    let counts = progress.info.usage.filter(|u| u.reported).unwrap_or_else(|| {
        usage(hearth_llm::Usage {
            prompt: progress.prompt_estimate,
            completion: estimate_tokens(written) + estimate_tokens(&progress.answer.reasoning),
            reasoning: None,
            reported: false,
        })
    });
    progress.info.usage = Some(counts);
    let ms = progress.last_at.ms_since(first_at);
    if ms > 0 && counts.completion > 1 {
        #[expect(clippy::cast_precision_loss, reason = "a speed for people")]
        let speed = counts.completion.saturating_sub(1) as f32 * 1000.0 / ms as f32;
        progress.info.tokens_per_second = Some(speed);
    }
}

/// Tokens of what is sent, estimated.
fn estimate(messages: &[Message]) -> u64 {
    messages.iter().map(|m| estimate_tokens(&m.content) + 4).sum()
}
