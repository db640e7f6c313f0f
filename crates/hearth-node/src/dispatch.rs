//! The one way from a command's name to its handler: who, what, may they.

use crate::caller::{Caller, Door, Reply, SessionChange};
use crate::node::Node;
use futures_util::FutureExt as _;
use hearth_api::access::ClaimDevice;
use hearth_api::account::AcceptAccountInvite;
use hearth_api::app::GetStatus;
use hearth_api::{ApiError, ApiResult, Code, Command, DeviceId, Reach, Scope, find_command, with_commands};
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
    /// The connected device that asks, if it comes over the network.
    pub(crate) device: Option<DeviceId>,
    session: Mutex<SessionChange>,
    new_device: Mutex<SessionChange>,
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
    /// Tells the transport what became of the device's own secret.
    pub(crate) fn set_device(&self, change: SessionChange) {
        *self.new_device.lock().unwrap_or_else(PoisonError::into_inner) = change;
    }
    /// Whether it is a device in the network that is not connected to this home.
    pub(crate) fn is_unknown_device(&self) -> bool {
        self.device.is_none() && matches!(self.caller.door, Door::Network { .. })
    }
}

/// What the transport is told.
#[derive(Default)]
struct Changes {
    session: SessionChange,
    device: SessionChange,
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

/// What a device may ask before it is connected: what it sees, and to be connected, by a code for it or by an invite to move in.
const BEFORE_CONNECTED: [&str; 3] = [GetStatus::NAME, ClaimDevice::NAME, AcceptAccountInvite::NAME];

/// Checks who may call this at all.
fn admit(name: &str, caller: &Caller, device: Option<DeviceId>, viewer: Option<&Viewer>) -> ApiResult<()> {
    let Some(command) = find_command(name) else {
        return Err(ApiError::new(
            Code::UnknownCommand,
            "This version of Hearth does not know that command.",
        ));
    };
    let over_network = matches!(caller.door, Door::Network { .. });
    if over_network && device.is_none() && !BEFORE_CONNECTED.contains(&name) {
        return Err(ApiError::new(
            Code::DeviceUnknown,
            "This device is not connected to this home. Show its code at the home, under Settings, Devices.",
        ));
    }
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

pub(crate) fn parse<C: Command>(payload: Value) -> ApiResult<C> {
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
            use hearth_api::{Page, access, account, app, backup, chat, command::Done, feed, health, homes, media, notify, parameters, people, profile, provider, session};
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

pub(crate) fn internal() -> ApiError {
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
            let mut change = Changes::default();
            let result = self.dispatch_inner(caller, name, payload, &mut change).await;
            let result = result.map_err(|mut error| {
                error.request_id = Some(request.to_string());
                error
            });
            let ms = began.elapsed().as_millis();
            match &result {
                Ok(_) => tracing::debug!(ms, "Command done"),
                Err(error) => tracing::info!(ms, code = %error.name(), "Command refused"),
            }
            Reply {
                result,
                session: change.session,
                device: change.device,
            }
        }
        .instrument(span)
        .await
    }

    async fn dispatch_inner(
        &self,
        caller: Caller,
        name: &str,
        payload: Value,
        change: &mut Changes,
    ) -> ApiResult<Value> {
        let device = self.device(&caller).await?;
        let viewer = self.viewer(&caller).await?;
        if viewer.is_none() && caller.token.is_some() {
            change.session = SessionChange::Clear;
        }
        if device.is_none() && matches!(caller.door, Door::Network { token: Some(_) }) {
            change.device = SessionChange::Clear;
        }
        admit(name, &caller, device, viewer.as_ref())?;
        let ctx = Ctx {
            node: self.clone(),
            caller,
            viewer,
            device,
            session: Mutex::new(SessionChange::Keep),
            new_device: Mutex::new(SessionChange::Keep),
        };
        let result = match AssertUnwindSafe(route(name, payload, &ctx)).catch_unwind().await {
            Ok(result) => result,
            Err(_panic) => {
                tracing::error!("A handler panicked");
                Err(internal())
            }
        };
        for (now, then) in [
            (ctx.session, &mut change.session),
            (ctx.new_device, &mut change.device),
        ] {
            match now.into_inner().unwrap_or_else(PoisonError::into_inner) {
                SessionChange::Keep => {}
                changed => *then = changed,
            }
        }
        result
    }
}
