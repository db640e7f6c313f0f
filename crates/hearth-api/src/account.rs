//! Accounts of this home: password, second factor, settings, invitations, states.

use crate::app::NewAccount;
use crate::feed::Audience;
use crate::ids::{Date, InviteId, PersonId, Timestamp};
use crate::notify::QuietHours;
use crate::people::PersonCard;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The role of an account on its home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one who made the home, or was handed it.
    Owner,
    /// Runs the home.
    Admin,
    /// Lives in it.
    Member,
}

impl Role {
    /// Whether this role runs the home.
    #[must_use]
    pub fn is_admin(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Invited, has not joined yet.
    Invited,
    /// In use.
    Active,
    /// Locked by an admin.
    Suspended,
    /// Will be erased after 14 days unless taken back.
    Deleting,
    /// Erased.
    Deleted,
}

/// Window settings of one account; they follow it to every device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSettings {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Text size in per cent, 80-140 in tens.
    pub text_size: u8,
    /// Language tag of a supplied language file, such as `en` or `de`; `auto` follows the system.
    pub language: String,
    /// IANA time zone, or `auto`.
    pub time_zone: String,
    /// The audience that a new post begins with.
    pub default_audience: Audience,
    /// Whether Enter sends in the chat (else Mod+Enter).
    pub enter_sends: bool,
    /// Whether single-letter keys work.
    pub letter_keys: bool,
    /// Shortcuts that the person chose, by the name of what they do; what is not named has the window's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, Vec<String>>,
    /// Whether a screen reader is told an answer as a whole, not sentence by sentence.
    pub whole_answers: bool,
    /// Chat: show times at messages.
    pub chat_timestamps: bool,
    /// Chat: show token counts.
    pub chat_tokens: bool,
    /// Chat: show tokens per second.
    pub chat_speed: bool,
    /// Show the content of native notifications; else only that there is something.
    pub notification_content: bool,
    /// When the machine's own notifications are silent, by the clocks of `time_zone`; none for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            theme: "system".into(),
            text_size: 100,
            language: "auto".into(),
            time_zone: "auto".into(),
            default_audience: Audience::Friends,
            enter_sends: true,
            letter_keys: true,
            keys: BTreeMap::new(),
            whole_answers: false,
            chat_timestamps: true,
            chat_tokens: false,
            chat_speed: false,
            notification_content: true,
            quiet_hours: None,
        }
    }
}

/// Replaces the window settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateSettings {
    /// The new settings.
    pub settings: AccountSettings,
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

/// Changes the password; ends all other sessions.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The present password.
    pub current: String,
    /// The new one, 8-128 characters.
    pub new: String,
}

/// Changes the sign-in name.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangeUsername {
    /// The new name, 3-64 characters, unique on this home.
    pub username: String,
    /// The password, again.
    pub password: String,
}

/// Begins setting up a second factor (TOTP, RFC 6238, 30 s). Changes nothing until confirmed.
#[derive(Clone, Serialize, Deserialize)]
pub struct BeginTotp {
    /// The password, again.
    pub password: String,
}

/// What an authenticator app needs; shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TotpSetup {
    /// The secret in base32, for typing.
    pub secret: String,
    /// `otpauth://` URL.
    pub url: String,
    /// The URL as a QR code, SVG text.
    pub qr_svg: String,
}

/// Finishes setting up with a valid code; ends all other sessions.
#[derive(Clone, Serialize, Deserialize)]
pub struct ConfirmTotp {
    /// Six digits.
    pub code: String,
}

/// Ten single-use recovery codes; shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
}

/// Switches the second factor off.
#[derive(Clone, Serialize, Deserialize)]
pub struct DisableTotp {
    /// The password, again.
    pub password: String,
    /// A valid code or recovery code.
    pub code: String,
}

/// Makes new recovery codes; the old ones stop working.
#[derive(Clone, Serialize, Deserialize)]
pub struct RenewRecoveryCodes {
    /// The password, again.
    pub password: String,
    /// A valid code.
    pub code: String,
}

/// Invites a person to an account of this home (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateAccountInvite {
    /// Days until it expires, 1-30.
    #[serde(default = "seven")]
    pub days: u8,
    /// The role of the account to come: admin or member.
    pub role: Role,
    /// A note for the list, such as the person's name; up to 80 characters.
    #[serde(default)]
    pub note: String,
}

fn seven() -> u8 {
    7
}

/// A fresh account invite; the code is shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountInvite {
    /// The invite.
    pub info: AccountInviteInfo,
    /// The code to hand over, single use.
    pub code: String,
    /// Links with the code for the person's own phone or computer, one for each address of the home in the network; none while the
    /// home is not open to other devices.
    #[serde(default)]
    pub links: Vec<String>,
    /// The first link as a QR code, SVG.
    #[serde(default)]
    pub qr_svg: Option<String>,
}

/// An account invite in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountInviteInfo {
    /// Its id.
    pub id: InviteId,
    /// The role it gives.
    pub role: Role,
    /// The note.
    pub note: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Lists open account invites (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListAccountInvites {}

/// Withdraws an account invite (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeAccountInvite {
    /// Which.
    pub id: InviteId,
}

/// Takes an account invite up: makes the account and signs it in. On a device in the network that is not connected to the home it also
/// connects that, for the new person.
#[derive(Clone, Serialize, Deserialize)]
pub struct AcceptAccountInvite {
    /// The code.
    pub code: String,
    /// The new account.
    pub account: NewAccount,
    /// What to call this device, where it is connected by that; what it calls itself if absent.
    #[serde(default)]
    pub device: Option<String>,
}

/// Lists the accounts of this home (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListAccounts {}

/// An account as admins see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountInfo {
    /// The person.
    pub person: PersonCard,
    /// Sign-in name.
    pub username: String,
    /// Role.
    pub role: Role,
    /// State.
    pub state: AccountState,
    /// Birth date.
    pub birth_date: Date,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When a deletion under way becomes final.
    pub deletes_at: Option<Timestamp>,
    /// Bytes stored.
    pub media_bytes: u64,
    /// Whether a second factor is on.
    pub totp: bool,
}

/// What an admin does to an account, or a person to their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAction {
    /// Locks it; ends its sessions.
    Suspend,
    /// Unlocks it.
    Reinstate,
    /// Begins its deletion, final after 14 days.
    Delete,
    /// Takes a deletion back.
    Restore,
    /// Makes it an admin.
    MakeAdmin,
    /// Makes it a member.
    MakeMember,
    /// Hands the home over to it; only the owner can, and becomes an admin.
    MakeOwner,
    /// Takes its second factor away.
    RemoveTotp,
}

/// Changes the state or role of an account (admins; deleting and restoring also by the person).
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangeAccount {
    /// Whose.
    pub person: PersonId,
    /// What.
    pub action: AccountAction,
    /// The caller's password, again.
    pub password: String,
}

/// Makes a code by which somebody who forgot their password chooses a new one (admins): 24 hours, single use. Not for oneself, nor
/// for the owner.
#[derive(Clone, Serialize, Deserialize)]
pub struct CreateResetCode {
    /// Whose.
    pub person: PersonId,
    /// The caller's password, again.
    pub password: String,
}

/// The same at the home's own computer, by the command line alone: for whoever can open the home's folder anyway.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CreateResetCodeHere {
    /// Their sign-in name; the owner if absent.
    #[serde(default)]
    pub username: Option<String>,
    /// Whether their second factor goes, too.
    #[serde(default)]
    pub remove_totp: bool,
}

/// A code for a new password; shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ResetCode {
    /// The code to hand over, single use.
    pub code: String,
    /// The person's name.
    pub name: String,
    /// The name they sign in with.
    pub username: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Chooses a new password by such a code; ends every sign-in of the account, and signs nobody in.
#[derive(Clone, Serialize, Deserialize)]
pub struct ResetPassword {
    /// The code.
    pub code: String,
    /// The new password, 8-128 characters.
    pub password: String,
}

/// The password is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetDone {
    /// The name to sign in with.
    pub username: String,
}

/// Corrects a birth date (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CorrectBirthDate {
    /// Whose.
    pub person: PersonId,
    /// The right date.
    pub birth_date: Date,
}

redacted!(
    ChangePassword,
    ChangeUsername,
    BeginTotp,
    TotpSetup,
    ConfirmTotp,
    RecoveryCodes,
    DisableTotp,
    RenewRecoveryCodes,
    AccountInvite,
    AcceptAccountInvite,
    ChangeAccount,
    CreateResetCode,
    ResetCode,
    ResetPassword
);
