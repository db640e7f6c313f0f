//! The one error that clients see.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The answer of a command.
pub type ApiResult<T> = Result<T, ApiError>;

/// What went wrong, for branching (`code`, `field`) and for people (`message`).
///
/// The message says what happened and what to do next, in plain English; windows translate by [`ApiError::name`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What to branch on.
    pub code: Code,
    /// A sentence for a person.
    pub message: String,
    /// The request's field at fault, when one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// When to try again, in milliseconds from now, when waiting helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The request's id in the log, for support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl ApiError {
    /// An error with a code and a sentence.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            retry_after_ms: None,
            request_id: None,
        }
    }
    /// A malformed or out-of-range field: `invalid_<field>`.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message).on(field)
    }
    /// Missing, deleted and invisible things all look like this.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "We can't find this. It may have been deleted, or it was never shared with you.",
        )
    }
    /// Visible, but not yours to do.
    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, message)
    }
    /// A step that the thing's state does not allow.
    #[must_use]
    pub fn wrong_state(message: impl Into<String>) -> Self {
        Self::new(Code::WrongState, message)
    }
    /// Names the field at fault.
    #[must_use]
    pub fn on(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
    /// Says when to try again.
    #[must_use]
    pub fn after_ms(mut self, ms: u64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }
    /// The error's stable name: the code, or `invalid_<field>`.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.code, &self.field) {
            (Code::Invalid, Some(field)) => format!("invalid_{field}"),
            (code, _) => code.to_string(),
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident => $name:literal $status:literal,)*) => {
        /// Stable error codes. A variant exists when a client or a spec names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
            /// A code of a newer version.
            #[serde(other, rename = "unknown")]
            Unknown,
        }
        impl Code {
            /// Every code, for tests of the translations.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The name on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Unknown => "unknown" }
            }
            /// The HTTP status that carries it.
            #[must_use]
            pub fn http_status(self) -> u16 {
                match self { $(Self::$variant => $status,)* Self::Unknown => 500 }
            }
        }
    };
}

codes! {
    /// A field is malformed or out of range; the field says which.
    Invalid => "invalid" 422,
    /// Missing, deleted or invisible.
    NotFound => "not_found" 404,
    /// Visible, but not allowed.
    Forbidden => "forbidden" 403,
    /// Not possible in the thing's present state.
    WrongState => "wrong_state" 409,
    /// Nobody is signed in, or the session ended.
    SignInNeeded => "sign_in_needed" 401,
    /// The home has no owner yet.
    NotSetUp => "not_set_up" 409,
    /// Name, password or code did not match.
    WrongCredentials => "wrong_credentials" 403,
    /// The password must be given again.
    PasswordNeeded => "password_needed" 403,
    /// The password is too common.
    WeakPassword => "weak_password" 422,
    /// The code for a new password is wrong, used or too old.
    ResetCodeInvalid => "reset_code_invalid" 422,
    /// The username is taken.
    UsernameTaken => "username_taken" 409,
    /// Too many attempts; wait.
    RateLimited => "rate_limited" 429,
    /// The last owner or admin stays.
    LastAdmin => "last_admin" 409,
    /// An account under 16 needs a guardian.
    GuardianRequired => "guardian_required" 422,
    /// No such command.
    UnknownCommand => "unknown_command" 404,
    /// Only on the machine that Hearth runs on.
    NotFromHere => "not_from_here" 403,
    /// The device is not connected to this home; show it a code first.
    DeviceUnknown => "device_unknown" 401,
    /// A bug or a broken part; the log has more under the request id.
    Internal => "internal" 500,
    /// Reading or writing the disk failed.
    StorageError => "storage_error" 500,
    /// The disk is full; reading and deleting still work.
    DiskFull => "disk_full" 507,
    /// The file is no backup at all.
    NotABackup => "not_a_backup" 422,
    /// A backup is not as it was written; the field says which part.
    BackupDamaged => "backup_damaged" 422,
    /// The passphrase is not that of the backup.
    WrongPassphrase => "wrong_passphrase" 403,
    /// A newer program made the backup.
    BackupTooNew => "backup_too_new" 409,
    /// The folder for backups is not there, such as when its drive is not connected.
    BackupFolderMissing => "backup_folder_missing" 409,
    /// Backups need a passphrase, and none is set.
    PassphraseNeeded => "passphrase_needed" 409,
    /// Somebody cancelled it.
    Cancelled => "cancelled" 409,
    /// The node is shutting down or overloaded.
    Unavailable => "unavailable" 503,
    /// The thing was changed meanwhile; both versions are kept.
    StaleEdit => "stale_edit" 409,
    /// An edit met a newer version.
    Conflict => "conflict" 409,

    /// No such audience.
    UnknownAudience => "unknown_audience" 422,
    /// A post needs text or media.
    EmptyPost => "empty_post" 422,
    /// A comment needs text or media.
    EmptyComment => "empty_comment" 422,
    /// Text over its limit.
    TextTooLong => "text_too_long" 422,
    /// More media than allowed.
    TooManyMedia => "too_many_media" 422,
    /// More people mentioned or tagged than allowed.
    TooManyPeople => "too_many_people" 422,
    /// Comments are switched off.
    CommentsOff => "comments_off" 409,
    /// More drafts than allowed.
    TooManyDrafts => "too_many_drafts" 409,

    /// A HEIC or AVIF picture, which this version cannot read.
    HeicUnsupported => "heic_unsupported" 422,
    /// More than 50 megapixels.
    ImageTooLarge => "image_too_large" 422,
    /// More bytes than a file may have.
    FileTooLarge => "file_too_large" 413,
    /// The account's storage is used up.
    QuotaExceeded => "quota_exceeded" 409,
    /// Less than 1 GB free on the disk.
    StorageFull => "storage_full" 507,
    /// Damaged or not the kind of file it claims to be.
    BadFile => "bad_file" 422,
    /// An upload continued at the wrong place; ask for the offset.
    WrongOffset => "wrong_offset" 409,
    /// The upload is being worked on by another request.
    UploadBusy => "upload_busy" 409,
    /// The file is on another home that does not answer now.
    MediaUnavailable => "media_unavailable" 503,

    /// The invite is past its time.
    InviteExpired => "invite_expired" 410,
    /// The invite was used or withdrawn.
    InviteUsed => "invite_used" 410,
    /// The text is not an invite.
    InviteInvalid => "invite_invalid" 422,
    /// The invite is one's own.
    InviteOwn => "invite_own" 409,
    /// Signature or message authentication failed.
    BadSignature => "bad_signature" 401,
    /// The clocks differ by more than five minutes.
    ClockSkew => "clock_skew" 401,
    /// The request was seen before.
    Replayed => "replayed" 401,
    /// The request was meant for another home.
    WrongDestination => "wrong_destination" 421,
    /// The homes are not connected.
    NotConnected => "not_connected" 403,
    /// The sender may not do this.
    NotAuthorised => "not_authorised" 403,
    /// The id of what was sent belongs to somebody else.
    IdNotYours => "id_not_yours" 403,
    /// The home that sent it has made as many people known here as it may.
    TooManyStrangers => "too_many_strangers" 403,
    /// Outside what the connection covers.
    OutOfScope => "out_of_scope" 403,
    /// It waited at the other home for what it belongs to, for too long.
    WaitedTooLong => "waited_too_long" 410,
    /// An activity that is malformed.
    InvalidActivity => "invalid_activity" 422,
    /// An activity of an unknown kind.
    UnsupportedType => "unsupported_type" 422,
    /// The other home cannot be reached now.
    HomeUnreachable => "home_unreachable" 503,
    /// The other home cannot be called from here; it can call.
    HomeNotCallable => "home_not_callable" 503,
    /// The other home speaks no version that this one does.
    VersionMismatch => "version_mismatch" 409,

    /// The model server cannot be reached.
    ProviderUnreachable => "provider_unreachable" 503,
    /// The model server refuses the key.
    ProviderAuth => "provider_auth" 502,
    /// The model server failed.
    ProviderError => "provider_error" 502,
    /// The model is not on that server.
    ModelNotFound => "model_not_found" 404,
    /// The model could not be loaded.
    ModelLoadFailed => "model_load_failed" 502,
    /// The model is being loaded.
    LoadingModel => "loading_model" 503,
    /// The answer broke off.
    StreamInterrupted => "stream_interrupted" 502,
    /// The server's answer made no sense.
    BadStream => "bad_stream" 502,
    /// The server took too long.
    Timeout => "timeout" 504,
    /// The conversation does not fit the model.
    ContextOverflow => "context_overflow" 422,
    /// The server withheld the answer.
    ContentFiltered => "content_filtered" 422,
    /// The model cannot take this kind of input.
    UnsupportedModality => "unsupported_modality" 422,
    /// The person has not agreed to send data to this provider.
    ConsentRequired => "consent_required" 403,
    /// The provider's address moved to another kind of network.
    LocalityChanged => "locality_changed" 409,
    /// The key store is locked.
    KeychainLocked => "keychain_locked" 423,
    /// The home's key lies in the computer's keychain, which does not give or take it.
    KeychainUnavailable => "keychain_unavailable" 423,
    /// What is in the home's folder is damaged or gone, so that it does not open; a backup can be restored over it.
    HomeDamaged => "home_damaged" 503,
    /// The place where new versions of the app lie did not answer as it should.
    UpdateUnreachable => "update_unreachable" 503,
    /// There is a new version of the app, but none for this kind of computer.
    UpdateMissing => "update_missing" 404,
    /// A new version of the app is not signed by those who make it.
    UpdateRefused => "update_refused" 422,
    /// A new version of the app could not be put in place.
    UpdateFailed => "update_failed" 500,
    /// The new version of the program has to wait: an answer is being written.
    UpdateMidAnswer => "update_mid_answer" 409,
    /// The new version of the program has to wait: a file is being uploaded.
    UpdateMidUpload => "update_mid_upload" 409,
    /// The new version of the program is being installed already.
    UpdateRunning => "update_running" 409,
    /// A turn is already running.
    Busy => "busy" 409,
    /// Nothing but blanks.
    EmptyInput => "empty_input" 422,
    /// Over a stated limit.
    TooLarge => "too_large" 413,
    /// A turn went over its budget.
    BudgetExceeded => "budget_exceeded" 409,
    /// No provider is set up.
    NoProvider => "no_provider" 409,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_wire() {
        for code in Code::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{code}\""), "{code:?} is written by its name");
            assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), *code);
        }
        assert_eq!(
            serde_json::from_str::<Code>("\"from_the_future\"").unwrap(),
            Code::Unknown
        );
        assert_eq!(ApiError::invalid("text", "x").name(), "invalid_text");
    }
}
