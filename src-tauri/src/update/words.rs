//! What goes wrong with a new version, told so that a person knows what happened and that nothing is lost.

use hearth_api::{ApiError, Code};
use tauri_plugin_updater::Error;

/// It could not take the place of this one.
pub(super) fn failed_to_install(why: String) -> ApiError {
    ApiError::new(
        Code::UpdateFailed,
        format!(
            "The new version could not be put in place: {why}. The one you have stays, and nothing of your home was changed."
        ),
    )
}

/// Somebody else brings new versions to this computer.
pub(super) fn not_by_itself() -> ApiError {
    ApiError::wrong_state(
        "This Hearth does not update itself. Install the new version the way you installed this one.",
    )
}

/// It is being installed already.
pub(super) fn running() -> ApiError {
    ApiError::new(
        Code::UpdateRunning,
        "The new version is being installed already. Hearth starts again by itself.",
    )
}

/// Nothing that makes sense is so long.
pub(super) fn too_large() -> ApiError {
    ApiError::new(
        Code::UpdateUnreachable,
        "What lies where the new version should be is far too large, so it was not taken. Nothing was changed; Hearth tries again by itself.",
    )
}

/// What went wrong, for a person.
pub(super) fn in_words(error: &Error) -> ApiError {
    match error {
        Error::Minisign(_)
        | Error::Base64(_)
        | Error::SignatureUtf8(_)
        | Error::SignedVersionMismatch { .. }
        | Error::MissingSignedVersion => ApiError::new(
            Code::UpdateRefused,
            "The new version is not signed by those who make Hearth, so it was thrown away. Nothing was changed. Try again tomorrow; if it stays like this, tell those who make Hearth.",
        ),
        Error::TargetNotFound(_) | Error::TargetsNotFound(_) => ApiError::new(
            Code::UpdateMissing,
            "There is a new version, but not for this kind of computer yet. Nothing was changed.",
        ),
        error => ApiError::new(
            Code::UpdateUnreachable,
            format!(
                "The place where new versions lie did not answer as it should: {error}. Nothing was changed; Hearth tries again by itself."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_signed_is_told_apart_from_what_cannot_be_reached() {
        let refused = in_words(&Error::SignedVersionMismatch {
            signed: "0.1.0".to_owned(),
            announced: "0.2.0".to_owned(),
        });
        assert_eq!(refused.code, Code::UpdateRefused);
        assert!(refused.message.contains("Nothing was changed"), "{refused}");
        assert_eq!(in_words(&Error::MissingSignedVersion).code, Code::UpdateRefused);
        let missing = in_words(&Error::TargetsNotFound(Vec::new()));
        assert_eq!(missing.code, Code::UpdateMissing);
        let unreachable = in_words(&Error::Network("gone".to_owned()));
        assert_eq!(unreachable.code, Code::UpdateUnreachable);
        assert!(unreachable.message.contains("gone"), "{unreachable}");
    }
}
