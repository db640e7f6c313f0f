//! The one table of commands. [`with_commands!`](crate::with_commands) hands it to a callback macro, so that every host expands the same list.

use crate::command::{Command, CommandInfo, Done, Page, Reach, Scope};
use crate::{
    access, account, app, backup, chat, feed, health, homes, media, notify, parameters, people, profile,
    provider, session,
};

/// Calls a macro with every command: `"name": Request => Answer, Scope, Reach;`.
#[macro_export]
macro_rules! with_commands {
    ($callback:ident) => {
        $callback! {
            "app.status": app::GetStatus => app::AppStatus, Anyone, Everywhere;
            "app.create_home": app::CreateHome => session::Me, Anyone, ThisMachine;
            "app.update_home": app::UpdateHome => Done, Admin, Everywhere;
            "app.key_place": app::GetKeyPlace => app::KeyPlace, Admin, ThisMachine;
            "app.set_key_place": app::SetKeyPlace => app::KeyPlace, Admin, ThisMachine;

            "session.sign_in": session::SignIn => session::SignInOutcome, Anyone, Everywhere;
            "session.sign_out": session::SignOut => Done, SignedIn, Everywhere;
            "session.list": session::ListSessions => Vec<session::SessionInfo>, SignedIn, Everywhere;
            "session.revoke": session::RevokeSession => Done, SignedIn, Everywhere;
            "session.revoke_others": session::RevokeOtherSessions => Done, SignedIn, Everywhere;

            "account.update_settings": account::UpdateSettings => account::AccountSettings, SignedIn, Everywhere;
            "account.change_password": account::ChangePassword => Done, SignedIn, Everywhere;
            "account.change_username": account::ChangeUsername => Done, SignedIn, Everywhere;
            "account.begin_totp": account::BeginTotp => account::TotpSetup, SignedIn, Everywhere;
            "account.confirm_totp": account::ConfirmTotp => account::RecoveryCodes, SignedIn, Everywhere;
            "account.disable_totp": account::DisableTotp => Done, SignedIn, Everywhere;
            "account.renew_recovery_codes": account::RenewRecoveryCodes => account::RecoveryCodes, SignedIn, Everywhere;
            "account.create_invite": account::CreateAccountInvite => account::AccountInvite, Admin, Everywhere;
            "account.list_invites": account::ListAccountInvites => Vec<account::AccountInviteInfo>, Admin, Everywhere;
            "account.revoke_invite": account::RevokeAccountInvite => Done, Admin, Everywhere;
            "account.accept_invite": account::AcceptAccountInvite => session::Me, Anyone, Everywhere;
            "account.list": account::ListAccounts => Vec<account::AccountInfo>, Admin, Everywhere;
            "account.change": account::ChangeAccount => Done, SignedIn, Everywhere;
            "account.create_reset_code": account::CreateResetCode => account::ResetCode, Admin, Everywhere;
            "account.create_reset_code_here": account::CreateResetCodeHere => account::ResetCode, SignedIn, ThisMachine;
            "account.reset_password": account::ResetPassword => account::ResetDone, Anyone, Everywhere;
            "account.correct_birth_date": account::CorrectBirthDate => Done, Admin, Everywhere;

            "access.get": access::GetAccess => access::Access, SignedIn, Everywhere;
            "access.set": access::SetAccess => access::Access, Admin, ThisMachine;
            "access.create_code": access::CreateDeviceCode => access::DeviceCode, SignedIn, Everywhere;
            "access.claim": access::ClaimDevice => access::Claimed, Anyone, Everywhere;
            "access.devices": access::ListDevices => Vec<access::Device>, SignedIn, Everywhere;
            "access.revoke": access::RevokeDevice => Done, SignedIn, Everywhere;

            "profile.get": profile::GetProfile => profile::Profile, SignedIn, Everywhere;
            "profile.update": profile::UpdateProfile => profile::Profile, SignedIn, Everywhere;
            "profile.set_picture": profile::SetPicture => profile::Profile, SignedIn, Everywhere;

            "people.search": people::SearchPeople => Vec<people::PersonRow>, SignedIn, Everywhere;
            "friends.list": people::ListFriends => Vec<people::PersonRow>, SignedIn, Everywhere;
            "friends.requests": people::ListRequests => people::Requests, SignedIn, Everywhere;
            "friends.request": people::RequestFriend => people::PersonRow, SignedIn, Everywhere;
            "friends.answer": people::AnswerFriend => people::PersonRow, SignedIn, Everywhere;
            "friends.remove": people::Unfriend => Done, SignedIn, Everywhere;

            "feed.get": feed::GetFeed => Page<feed::Post>, SignedIn, Everywhere;
            "posts.create": feed::CreatePost => feed::Post, SignedIn, Everywhere;
            "posts.get": feed::GetPost => feed::Post, SignedIn, Everywhere;
            "posts.edit": feed::EditPost => feed::Post, SignedIn, Everywhere;
            "posts.delete": feed::DeletePost => Done, SignedIn, Everywhere;
            "posts.set_comments": feed::SetComments => feed::Post, SignedIn, Everywhere;
            "posts.remove_mention": feed::RemoveMention => Done, SignedIn, Everywhere;
            "posts.react": feed::React => Done, SignedIn, Everywhere;
            "posts.history": feed::GetHistory => Vec<feed::Version>, SignedIn, Everywhere;
            "posts.delivery": feed::GetDelivery => Vec<feed::Delivery>, SignedIn, Everywhere;
            "posts.retry_delivery": feed::RetryDelivery => Done, SignedIn, Everywhere;
            "posts.preview_audience": feed::PreviewAudience => feed::AudiencePreview, SignedIn, Everywhere;
            "posts.suggest_mentions": feed::SuggestMentions => Vec<people::PersonCard>, SignedIn, Everywhere;
            "comments.list": feed::ListComments => Vec<feed::Comment>, SignedIn, Everywhere;
            "comments.create": feed::CreateComment => feed::Comment, SignedIn, Everywhere;
            "comments.edit": feed::EditComment => feed::Comment, SignedIn, Everywhere;
            "comments.delete": feed::DeleteComment => Done, SignedIn, Everywhere;
            "drafts.save": feed::SaveDraft => feed::Draft, SignedIn, Everywhere;
            "drafts.list": feed::ListDrafts => Vec<feed::Draft>, SignedIn, Everywhere;
            "drafts.delete": feed::DeleteDraft => Done, SignedIn, Everywhere;

            "media.begin_upload": media::BeginUpload => media::UploadState, SignedIn, Everywhere;
            "media.finish_upload": media::FinishUpload => media::MediaItem, SignedIn, Everywhere;
            "media.abort_upload": media::AbortUpload => Done, SignedIn, Everywhere;
            "media.set_cache": media::SetMediaCache => Done, Admin, Everywhere;
            "media.cache": media::GetMediaCache => media::MediaCache, Admin, Everywhere;
            "media.limits": media::GetMediaLimits => media::MediaLimits, Admin, Everywhere;
            "media.set_limits": media::SetMediaLimits => Done, Admin, Everywhere;
            "media.usage": media::GetUsage => media::Usage, SignedIn, Everywhere;

            "notifications.list": notify::ListNotifications => Page<notify::Notification>, SignedIn, Everywhere;
            "notifications.mark_read": notify::MarkRead => Done, SignedIn, Everywhere;
            "notifications.settings": notify::GetNotificationSettings => Vec<notify::NotificationSetting>, SignedIn, Everywhere;
            "notifications.set": notify::SetNotificationSetting => Done, SignedIn, Everywhere;

            "homes.list": homes::ListHomes => Vec<homes::Home>, SignedIn, Everywhere;
            "homes.health": health::GetHealth => health::Health, SignedIn, Everywhere;
            "homes.create_invite": homes::CreateHomeInvite => homes::HomeInvite, SignedIn, Everywhere;
            "homes.list_invites": homes::ListHomeInvites => Vec<homes::HomeInviteInfo>, SignedIn, Everywhere;
            "homes.cancel_invite": homes::CancelHomeInvite => Done, SignedIn, Everywhere;
            "homes.preview_invite": homes::PreviewInvite => homes::InvitePreview, SignedIn, Everywhere;
            "homes.accept_invite": homes::AcceptInvite => homes::Home, Admin, Everywhere;
            "homes.confirm_words": homes::ConfirmWords => Done, SignedIn, Everywhere;
            "homes.set_nickname": homes::SetNickname => Done, Admin, Everywhere;
            "homes.losses": homes::GetLosses => homes::Losses, Admin, Everywhere;
            "homes.aside": homes::GetAside => homes::Aside, Admin, Everywhere;
            "homes.change": homes::ChangeHome => Done, Admin, Everywhere;
            "homes.list_kept": homes::ListKept => Vec<homes::Kept>, Admin, Everywhere;
            "homes.erase_kept": homes::EraseKept => Done, Admin, Everywhere;
            "homes.close_subscription": homes::CloseSubscription => Done, SignedIn, Everywhere;
            "homes.renew_keys": homes::RenewKeys => Done, Admin, Everywhere;
            "homes.try_now": homes::TryNow => Done, SignedIn, Everywhere;
            "homes.pause_sending": homes::PauseSending => homes::SendingPause, Admin, Everywhere;
            "homes.set_addresses": homes::SetAddresses => Done, Admin, Everywhere;

            "backups.list": backup::ListBackups => backup::Backups, Admin, Everywhere;
            "backups.start": backup::StartBackup => backup::BackupJob, Admin, Everywhere;
            "backups.cancel": backup::CancelJob => Done, Admin, Everywhere;
            "backups.verify": backup::VerifyBackup => backup::BackupJob, Admin, Everywhere;
            "backups.delete": backup::DeleteBackup => Done, Admin, Everywhere;
            "backups.set_schedule": backup::SetBackupSchedule => backup::Backups, Admin, Everywhere;
            "backups.restore": backup::RestoreBackup => backup::BackupJob, Admin, Everywhere;
            "restore.begin": backup::BeginRestore => backup::RestoreUpload, Anyone, ThisMachine;
            "restore.send": backup::SendRestore => backup::RestoreUpload, Anyone, ThisMachine;
            "restore.preview": backup::PreviewRestore => backup::RestorePreview, Anyone, ThisMachine;
            "restore.start": backup::StartRestore => backup::BackupJob, Anyone, ThisMachine;
            "restore.job": backup::GetRestoreJob => Option<backup::BackupJob>, Anyone, ThisMachine;

            "providers.list": provider::ListProviders => Vec<provider::Provider>, SignedIn, Everywhere;
            "providers.save": provider::SaveProvider => provider::Provider, SignedIn, Everywhere;
            "providers.delete": provider::DeleteProvider => Done, SignedIn, Everywhere;
            "providers.check": provider::CheckProvider => provider::CheckReport, SignedIn, Everywhere;
            "providers.add_model": provider::AddModel => provider::Provider, SignedIn, Everywhere;
            "providers.remove_model": provider::RemoveModel => provider::Provider, SignedIn, Everywhere;
            "providers.describe_model": provider::DescribeModel => provider::Provider, SignedIn, Everywhere;
            "providers.set_consent": provider::SetConsent => provider::Provider, SignedIn, Everywhere;
            "providers.default_models": provider::GetDefaultModels => provider::DefaultModels, SignedIn, Everywhere;
            "providers.set_default": provider::SetDefaultModel => provider::DefaultModels, SignedIn, Everywhere;

            "chats.list": chat::ListChats => Page<chat::ChatSummary>, SignedIn, Everywhere;
            "chats.get": chat::GetChat => chat::Chat, SignedIn, Everywhere;
            "chats.send": chat::SendMessage => chat::TurnStarted, SignedIn, Everywhere;
            "chats.stop": chat::StopTurn => Done, SignedIn, Everywhere;
            "chats.continue": chat::ContinueAnswer => chat::TurnStarted, SignedIn, Everywhere;
            "chats.resend": chat::ResendMessage => chat::TurnStarted, SignedIn, Everywhere;
            "chats.turn_events": chat::GetTurnEvents => chat::TurnEvents, SignedIn, Everywhere;
            "chats.update": chat::UpdateChat => chat::ChatSummary, SignedIn, Everywhere;
            "chats.delete": chat::DeleteChat => Done, SignedIn, Everywhere;
            "chats.restore": chat::RestoreChat => Done, SignedIn, Everywhere;
            "chats.update_many": chat::UpdateChats => Done, SignedIn, Everywhere;
            "chats.delete_many": chat::DeleteChats => Done, SignedIn, Everywhere;
            "chats.restore_many": chat::RestoreChats => Done, SignedIn, Everywhere;
            "chats.parameters": parameters::GetParameters => parameters::ChatParameters, SignedIn, Everywhere;
            "chats.set_parameters": parameters::SetParameters => parameters::ChatParameters, SignedIn, Everywhere;
            "chats.delete_message": chat::DeleteMessage => Done, SignedIn, Everywhere;
            "chats.rate": chat::RateAnswer => Done, SignedIn, Everywhere;
            "chats.save_draft": chat::SaveChatDraft => Done, SignedIn, Everywhere;
            "chats.composer": chat::GetComposer => chat::ComposerState, SignedIn, Everywhere;
        }
    };
}

macro_rules! implement {
    ($($name:literal: $request:ty => $answer:ty, $scope:ident, $reach:ident;)*) => {
        $(impl Command for $request {
            const NAME: &'static str = $name;
            const SCOPE: Scope = Scope::$scope;
            const REACH: Reach = Reach::$reach;
            type Output = $answer;
        })*
        /// Every command, in the order of the table.
        pub const COMMANDS: &[CommandInfo] = &[
            $(CommandInfo { name: $name, scope: Scope::$scope, reach: Reach::$reach },)*
        ];
    };
}
with_commands!(implement);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_names_are_distinct() {
        let mut names: Vec<_> = COMMANDS.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len(), "each command has a name of its own");
    }
}
