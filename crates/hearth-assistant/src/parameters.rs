//! How models are asked to answer: the bounds, what is set where, and what of it is sent.

use crate::{Assistant, Owner, chats};
use hearth_api::chat::AnswerInfo;
use hearth_api::parameters::{
    ChatParameters, GetParameters, MAX_ANSWER_TOKENS, MAX_CONTEXT, MAX_STOP, MAX_STOPS, MAX_TEMPERATURE,
    MIN_CONTEXT, Parameters, ParametersOf, SetParameters,
};
use hearth_api::{ApiError, ApiResult, ChatId, Event, PersonId};
use hearth_db::{DbError, ReadTx, event, parameters as table};
use hearth_llm::{ChatRequest, Quirks};

/// That a window that is set is in range.
pub(crate) fn check_context(context: Option<u32>) -> ApiResult<()> {
    if context.is_none_or(|n| (MIN_CONTEXT..=MAX_CONTEXT).contains(&n)) {
        return Ok(());
    }
    Err(ApiError::invalid(
        "context",
        "The context has 512 to 2 097 152 tokens. Leave it empty for what the model has.",
    ))
}

/// That all that is set is in range; the field at fault is named.
fn check(parameters: &Parameters) -> ApiResult<()> {
    let outside = |value: Option<f32>, most: f32| value.is_some_and(|v| !(0.0..=most).contains(&v));
    if outside(parameters.temperature, MAX_TEMPERATURE) {
        return Err(ApiError::invalid(
            "temperature",
            "The temperature is a number from 0 to 2. Leave it empty for the server's own.",
        ));
    }
    if outside(parameters.top_p, 1.0) {
        return Err(ApiError::invalid(
            "top_p",
            "Top-p is a number from 0 to 1. Leave it empty for the server's own.",
        ));
    }
    if parameters
        .max_tokens
        .is_some_and(|n| !(1..=MAX_ANSWER_TOKENS).contains(&n))
    {
        return Err(ApiError::invalid(
            "max_tokens",
            "An answer has 1 to 131 072 tokens at most. Leave it empty for the server's own limit.",
        ));
    }
    let stops = &parameters.stop;
    if stops.len() > MAX_STOPS || stops.iter().any(|s| s.is_empty() || s.chars().count() > MAX_STOP) {
        return Err(ApiError::invalid(
            "stop",
            "Up to 4 texts can end an answer, each of up to 200 characters. Take some away or shorten them.",
        ));
    }
    check_context(parameters.context)
}

/// What holds in a conversation: its own, else the account's.
pub(crate) fn in_chat(tx: &ReadTx<'_>, account: PersonId, chat: ChatId) -> Result<Parameters, DbError> {
    let own = table::get(tx, account, ParametersOf::Chat { chat: Some(chat) })?;
    Ok(own.or(table::get(tx, account, ParametersOf::Account)?))
}

/// The window: what was set, but never more than the model has.
pub(crate) fn context(set: Option<u32>, of_model: Option<u32>) -> Option<u32> {
    match (set, of_model) {
        (Some(set), Some(most)) => Some(set.min(most)),
        (set, most) => set.or(most),
    }
}

/// Puts what is set into a request.
pub(crate) fn apply(parameters: &Parameters, request: &mut ChatRequest) {
    request.temperature = parameters.temperature;
    request.top_p = parameters.top_p;
    request.max_tokens = parameters.max_tokens;
    request.stop.clone_from(&parameters.stop);
}

/// Notes what is sent to a server with these quirks, and what is left out for them.
pub(crate) fn note(info: &mut AnswerInfo, parameters: &Parameters, context: u32, quirks: Quirks) {
    info.sent = Parameters {
        context: Some(context),
        ..parameters.clone()
    };
    info.left_out.clear();
    if quirks.omit_temperature && info.sent.temperature.take().is_some() {
        info.left_out.push("temperature".into());
    }
    if quirks.omit_top_p && info.sent.top_p.take().is_some() {
        info.left_out.push("top_p".into());
    }
}

impl Assistant {
    /// The parameters of a conversation, or of the one not begun yet, and the account's.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn parameters(&self, owner: Owner, request: GetParameters) -> ApiResult<ChatParameters> {
        self.db()
            .read(move |tx| {
                if let Some(id) = request.chat {
                    chats::own_chat(tx, owner, id)?;
                }
                Ok(both(tx, owner.account, request.chat)?)
            })
            .await
    }

    /// Sets the parameters of a conversation, of the one not begun yet, or of the account.
    ///
    /// # Errors
    /// `invalid_temperature`, `invalid_top_p`, `invalid_max_tokens`, `invalid_stop`, `invalid_context`, `not_found`; a storage error.
    pub async fn set_parameters(&self, owner: Owner, request: SetParameters) -> ApiResult<ChatParameters> {
        check(&request.parameters)?;
        let (account, now) = (owner.account, self.now());
        self.db()
            .write(move |tx| {
                let chat = match request.of {
                    ParametersOf::Chat { chat } => chat,
                    ParametersOf::Account => None,
                };
                if let Some(id) = chat {
                    chats::own_chat(tx, owner, id)?;
                }
                table::set(tx, account, request.of, &request.parameters)?;
                let changed = match chat {
                    Some(chat) => Event::ChatChanged { chat },
                    None => Event::ChatsChanged,
                };
                event::append(tx, Some(account), now, &changed)?;
                Ok(both(tx, account, chat)?)
            })
            .await
    }
}

fn both(tx: &ReadTx<'_>, account: PersonId, chat: Option<ChatId>) -> Result<ChatParameters, DbError> {
    Ok(ChatParameters {
        own: table::get(tx, account, ParametersOf::Chat { chat })?,
        defaults: table::get(tx, account, ParametersOf::Account)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(set: impl FnOnce(&mut Parameters)) -> Option<String> {
        let mut parameters = Parameters::default();
        set(&mut parameters);
        check(&parameters).err().map(|e| e.name())
    }

    #[test]
    fn every_bound_is_kept_and_named() {
        assert_eq!(refused(|_| ()), None);
        for (value, name) in [
            (0.0, None),
            (2.0, None),
            (-0.1, Some("invalid_temperature")),
            (2.1, Some("invalid_temperature")),
            (f32::NAN, Some("invalid_temperature")),
        ] {
            assert_eq!(
                refused(|p| p.temperature = Some(value)).as_deref(),
                name,
                "{value}"
            );
        }
        assert_eq!(refused(|p| p.top_p = Some(1.0)), None);
        assert_eq!(refused(|p| p.top_p = Some(1.5)).as_deref(), Some("invalid_top_p"));
        for (value, name) in [
            (0, Some("invalid_max_tokens")),
            (1, None),
            (131_072, None),
            (131_073, Some("invalid_max_tokens")),
        ] {
            assert_eq!(
                refused(|p| p.max_tokens = Some(value)).as_deref(),
                name,
                "{value}"
            );
        }
        for (value, name) in [(511, Some("invalid_context")), (512, None)] {
            assert_eq!(refused(|p| p.context = Some(value)).as_deref(), name, "{value}");
        }
        assert_eq!(refused(|p| p.stop = vec!["x".into(); 4]), None);
        for stops in [
            vec!["x".to_owned(); 5],
            vec![String::new()],
            vec!["x".repeat(201)],
        ] {
            assert_eq!(refused(|p| p.stop = stops).as_deref(), Some("invalid_stop"));
        }
    }

    #[test]
    fn a_window_is_never_larger_than_the_models() {
        assert_eq!(context(None, None), None);
        assert_eq!(context(Some(8192), None), Some(8192));
        assert_eq!(context(None, Some(4096)), Some(4096));
        assert_eq!(context(Some(8192), Some(4096)), Some(4096));
        assert_eq!(context(Some(2048), Some(4096)), Some(2048));
    }

    #[test]
    fn what_a_server_does_not_take_is_not_noted_as_sent() {
        let set = Parameters {
            temperature: Some(0.5),
            top_p: Some(0.9),
            ..Parameters::default()
        };
        let mut info = AnswerInfo::default();
        let quirks = Quirks {
            omit_temperature: true,
            ..Quirks::default()
        };
        note(&mut info, &set, 4096, quirks);
        assert_eq!((info.sent.temperature, info.sent.top_p), (None, Some(0.9)));
        assert_eq!(info.left_out, ["temperature"]);
    }
}
