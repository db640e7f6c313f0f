//! What goes wrong when homes meet, in words for people.

use crate::invite::{Invite, InviteError};
use crate::problem::Code as WireCode;
use hearth_api::{ApiError, ApiResult, Code};

pub(super) fn read_invite(text: &str) -> ApiResult<Invite> {
    let read: Result<Invite, InviteError> = Invite::find_in(text.as_bytes());
    read.map_err(|error| {
        tracing::debug!(error = %error, "Not an invite");
        ApiError::new(
            Code::InviteInvalid,
            "This is not a Hearth invite, or a part of it is missing. Copy the whole link again.",
        )
    })
}

pub(super) fn not_set_up() -> ApiError {
    ApiError::new(Code::NotSetUp, "This home is not set up yet.")
}

pub(super) fn unreachable_home() -> ApiError {
    ApiError::new(
        Code::HomeUnreachable,
        "The other home cannot be reached now. Check that it is on and connected, then try the same invite again.",
    )
}

pub(super) fn unconfirmed() -> ApiError {
    ApiError::new(
        Code::HomeUnreachable,
        "The other home broke off at the last step. Try the same invite again; if it was used by that, ask for a new one, which takes its place.",
    )
}

pub(super) fn internal(what: &str, error: &dyn std::error::Error) -> ApiError {
    tracing::error!(error = %error, "{what}");
    ApiError::new(
        Code::Internal,
        "Something went wrong inside Hearth. Nothing was lost; try again.",
    )
}

/// What a refusal of the protocol means for a person.
pub(crate) fn refused(code: WireCode) -> ApiError {
    let (code, message) = match code {
        WireCode::InvalidInvite => (
            Code::InviteInvalid,
            "The other home does not know this invite. Ask for a new one.",
        ),
        WireCode::InviteExpired => (Code::InviteExpired, "This invite has expired. Ask for a new one."),
        WireCode::InviteUsed => (
            Code::InviteUsed,
            "This invite was used already. Ask for a new one.",
        ),
        WireCode::OwnNode => (
            Code::InviteOwn,
            "This is this home's own invite. Send it to a friend.",
        ),
        WireCode::UnsupportedVersion => (
            Code::VersionMismatch,
            "The two homes run versions that do not understand each other. Update both.",
        ),
        WireCode::RateLimited => (Code::RateLimited, "Too many tries. Wait a minute and try again."),
        WireCode::ClockSkew => (
            Code::ClockSkew,
            "The clocks of the two homes differ by more than five minutes. Set them right.",
        ),
        WireCode::BadSignature | WireCode::WrongDestination => (
            Code::BadSignature,
            "Whoever answered is not the home that invited. Nothing was exchanged.",
        ),
        WireCode::NotConnected => (Code::NotConnected, "The two homes are not connected."),
        WireCode::Unavailable => (
            Code::HomeUnreachable,
            "The other home is busy. Try again in a moment.",
        ),
        WireCode::NotFound => (Code::NotFound, "The other home does not have this."),
        _ => (
            Code::HomeUnreachable,
            "The other home did not understand the request. Update both homes and try again.",
        ),
    };
    ApiError::new(code, message)
}
