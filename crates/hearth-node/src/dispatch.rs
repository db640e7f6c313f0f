//! The one way from a command's name to its handler: who, what, may they.

use crate::caller::{Caller, Reply, SessionChange};
use crate::node::Node;
use futures_util::FutureExt as _;
use hearth_api::{ApiError, ApiResult, Code, Command, Reach, Scope, find_command, with_commands};
use hearth_social::Viewer;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;
use tracing::Instrument as _;

/// What a handler knows.
pub(crate) struct Ctx {
    /// The node.
    pub(crate) node: Node,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The account behind the session, if signed in.
    pub(crate) viewer: Option<Viewer>,
    session: Mutex<SessionChange>,
}

impl Ctx {
    /// The signed-in account.
    pub(crate) fn viewer(&self) -> ApiResult<&Viewer> {
        self.viewer.as_ref().ok_or_else(sign_in_needed)
    }
    /// Tells the transport what became of the session.
    pub(crate) fn set_session(&self, change: SessionChange) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = change;
    }
}

/// How a request is handled. Implemented once for every command of the table, in `handlers`.
pub(crate) trait Handle: Command {
    fn handle(self, ctx: &Ctx) -> impl Future<Output = ApiResult<Self::Output>> + Send;
}

pub(crate) fn sign_in_needed() -> ApiError {
    ApiError::new(
        Code::SignInNeeded,
        "You are not signed in, or your session has ended. Sign in again.",
    )
}

/// Checks who may call this at all.
fn admit(name: &str, caller: &Caller, viewer: Option<&Viewer>) -> ApiResult<()> {
    let Some(command) = find_command(name) else {
        return Err(ApiError::new(
            Code::UnknownCommand,
            "This version of Hearth does not know that command.",
        ));
    };
    if command.reach == Reach::ThisMachine && !caller.this_machine {
        return Err(ApiError::new(
            Code::NotFromHere,
            "This can only be done on the computer that Hearth runs on.",
        ));
    }
    match (command.scope, viewer) {
        (Scope::Anyone, _) | (Scope::SignedIn, Some(_)) => Ok(()),
        (Scope::Admin, Some(viewer)) if viewer.role.is_admin() => Ok(()),
        (Scope::Admin, Some(_)) => Err(ApiError::forbidden("Only an admin of this home can do this.")),
        (Scope::SignedIn | Scope::Admin, None) => Err(sign_in_needed()),
    }
}

fn parse<C: Command>(payload: Value) -> ApiResult<C> {
    serde_path_to_error::deserialize(payload).map_err(|error| {
        let path = error.path().to_string();
        let field = path
            .rsplit('.')
            .find(|part| !part.is_empty() && *part != "?")
            .unwrap_or("request");
        if field == "audience" {
            return ApiError::new(Code::UnknownAudience, "Hearth does not know that audience.").on(field);
        }
        ApiError::invalid(
            field,
            format!("The field “{field}” has a form that Hearth does not understand."),
        )
    })
}

macro_rules! expand {
    ($($name:literal: $request:ty => $answer:ty, $scope:ident, $reach:ident;)*) => {
        async fn route(name: &str, payload: Value, ctx: &Ctx) -> ApiResult<Value> {
            use hearth_api::{Page, account, app, backup, chat, command::Done, feed, homes, media, notify, parameters, people, profile, provider, session};
            match name {
                $($name => {
                    let request: $request = parse(payload)?;
                    let answer: $answer = Box::pin(Handle::handle(request, ctx)).await?;
                    serde_json::to_value(answer).map_err(|error| {
                        tracing::error!(error = %error, "An answer did not serialise");
                        internal()
                    })
                })*
                _ => Err(ApiError::new(Code::UnknownCommand, "This version of Hearth does not know that command.")),
            }
        }
    };
}
with_commands!(expand);

fn internal() -> ApiError {
    ApiError::new(
        Code::Internal,
        "Something went wrong inside Hearth. Nothing was lost; try again.",
    )
}

impl Node {
    /// Puts a command. Never panics: a handler's panic becomes an internal error with the request's id.
    pub async fn dispatch(&self, caller: Caller, name: &str, payload: Value) -> Reply {
        let request = self.ids().uuid();
        let span = tracing::info_span!("rpc", request = %request, command = name);
        async {
            let began = Instant::now();
            let mut session = SessionChange::Keep;
            let result = self.dispatch_inner(caller, name, payload, &mut session).await;
            let result = result.map_err(|mut error| {
                error.request_id = Some(request.to_string());
                error
            });
            let ms = began.elapsed().as_millis();
            match &result {
                Ok(_) => tracing::debug!(ms, "Command done"),
                Err(error) => tracing::info!(ms, code = %error.name(), "Command refused"),
            }
            Reply { result, session }
        }
        .instrument(span)
        .await
    }

    async fn dispatch_inner(
        &self,
        caller: Caller,
        name: &str,
        payload: Value,
        session: &mut SessionChange,
    ) -> ApiResult<Value> {
        let viewer = self.viewer(&caller).await?;
        if viewer.is_none() && caller.token.is_some() {
            *session = SessionChange::Clear;
        }
        admit(name, &caller, viewer.as_ref())?;
        let ctx = Ctx {
            node: self.clone(),
            caller,
            viewer,
            session: Mutex::new(SessionChange::Keep),
        };
        let result = match AssertUnwindSafe(route(name, payload, &ctx)).catch_unwind().await {
            Ok(result) => result,
            Err(_panic) => {
                tracing::error!("A handler panicked");
                Err(internal())
            }
        };
        match ctx.session.into_inner().unwrap_or_else(PoisonError::into_inner) {
            SessionChange::Keep => {}
            change => *session = change,
        }
        result
    }
}
