//! One line for every command: which method of which part answers it.

use crate::caller::{Door, SessionChange, SessionToken};
use crate::dispatch::{Ctx, Handle};
use hearth_api::command::Done;
use hearth_api::{ApiError, ApiResult, Code, Command};
use hearth_api::{
    access, account, app, backup, chat, feed, health, homes, media, notify, parameters, people, profile,
    provider, session,
};

/// Implements [`Handle`] for each command: `Request => |ctx, request| expression;`.
macro_rules! handlers {
    ($($request:ty => |$ctx:ident, $req:ident| $body:expr;)*) => {
        $(impl Handle for $request {
            async fn handle(self, $ctx: &Ctx) -> ApiResult<<Self as Command>::Output> {
                let $req = self;
                $body
            }
        })*
    };
}

/// `Done` after something that answers nothing.
fn done(result: ApiResult<()>) -> ApiResult<Done> {
    result.map(|()| Done {})
}

/// Whose invites somebody may look after: nothing for all.
fn only_own(viewer: &hearth_social::Viewer) -> Option<hearth_api::PersonId> {
    (!viewer.role.is_admin()).then_some(viewer.person)
}

impl Ctx {
    fn client(&self) -> hearth_social::ClientInfo {
        hearth_social::ClientInfo {
            device: self.caller.device.clone(),
            address: self.caller.address.clone(),
            paired: self.device,
        }
    }
    /// Hands a fresh session to the transport.
    fn signed_in(&self, token: String) {
        self.set_session(SessionChange::Set(SessionToken::new(token)));
    }
    fn social(&self) -> &hearth_social::Social {
        self.node.social()
    }
    fn assistant(&self) -> &hearth_assistant::Assistant {
        self.node.assistant()
    }
    fn owner(&self) -> ApiResult<hearth_assistant::Owner> {
        let viewer = self.viewer()?;
        Ok(hearth_assistant::Owner {
            account: viewer.person,
            admin: viewer.role.is_admin(),
        })
    }
}

handlers! {
    app::GetStatus => |ctx, _req| {
        let mut status = ctx.node.status(ctx.viewer.as_ref(), ctx.caller.this_machine).await?;
        if ctx.is_unknown_device() {
            status.unknown_device = true;
            status.home_name.clear();
            status.event_seq = 0;
            status.restored = None;
        }
        Ok(status)
    };
    app::CreateHome => |ctx, req| {
        let (me, token) = ctx.social().create_home(req, &ctx.client()).await?;
        ctx.signed_in(token);
        Ok(me)
    };
    app::UpdateHome => |ctx, req| done(ctx.social().update_home(ctx.viewer()?, req).await);
    app::GetKeyPlace => |ctx, _req| ctx.node.key_place().await;
    app::SetKeyPlace => |ctx, req| ctx.node.set_key_place(req.keychain).await;

    session::SignIn => |ctx, req| {
        let (outcome, token) = ctx.social().sign_in(req, &ctx.client()).await?;
        if let Some(token) = token {
            ctx.signed_in(token);
        }
        Ok(outcome)
    };
    session::SignOut => |ctx, _req| {
        ctx.social().sign_out(ctx.viewer()?).await?;
        ctx.set_session(SessionChange::Clear);
        Ok(Done {})
    };
    session::ListSessions => |ctx, _req| ctx.social().list_sessions(ctx.viewer()?).await;
    session::RevokeSession => |ctx, req| done(ctx.social().revoke_session(ctx.viewer()?, req.id).await);
    session::RevokeOtherSessions => |ctx, _req| done(ctx.social().revoke_other_sessions(ctx.viewer()?).await);

    account::UpdateSettings => |ctx, req| ctx.social().update_settings(ctx.viewer()?, req).await;
    account::ChangePassword => |ctx, req| done(ctx.social().change_password(ctx.viewer()?, req).await);
    account::ChangeUsername => |ctx, req| done(ctx.social().change_username(ctx.viewer()?, req).await);
    account::BeginTotp => |ctx, req| ctx.social().begin_totp(ctx.viewer()?, req).await;
    account::ConfirmTotp => |ctx, req| ctx.social().confirm_totp(ctx.viewer()?, req).await;
    account::DisableTotp => |ctx, req| done(ctx.social().disable_totp(ctx.viewer()?, req).await);
    account::RenewRecoveryCodes => |ctx, req| ctx.social().renew_recovery_codes(ctx.viewer()?, req).await;
    account::CreateAccountInvite => |ctx, req| ctx.node.account_invite(ctx.viewer()?, req).await;
    account::ListAccountInvites => |ctx, _req| ctx.social().list_account_invites(ctx.viewer()?).await;
    account::RevokeAccountInvite => |ctx, req| done(ctx.social().revoke_account_invite(ctx.viewer()?, req.id).await);
    account::AcceptAccountInvite => |ctx, req| {
        if ctx.is_unknown_device() {
            let made = ctx.social().accept_account_invite_on_new_device(req, &ctx.client()).await?;
            ctx.set_device(SessionChange::Set(SessionToken::new(made.device)));
            ctx.signed_in(made.session);
            return Ok(made.me);
        }
        let (me, token) = ctx.social().accept_account_invite(req, &ctx.client()).await?;
        ctx.signed_in(token);
        Ok(me)
    };
    account::ListAccounts => |ctx, _req| ctx.social().list_accounts(ctx.viewer()?).await;
    account::ChangeAccount => |ctx, req| done(ctx.social().change_account(ctx.viewer()?, req).await);
    account::CreateResetCode => |ctx, req| ctx.social().create_reset_code(ctx.viewer()?, req).await;
    account::CreateResetCodeHere => |ctx, req| {
        // No session is enough: whoever asks this way can open the home's folder.
        if !ctx.caller.control {
            return Err(ApiError::new(
                Code::NotFromHere,
                "This is done by the command “hearth reset-password” at the home's own computer.",
            ));
        }
        ctx.social().create_reset_code_here(req).await
    };
    account::ResetPassword => |ctx, req| ctx.social().reset_password(req, &ctx.client()).await;
    account::CorrectBirthDate => |ctx, req| done(ctx.social().correct_birth_date(ctx.viewer()?, req).await);

    access::GetAccess => |ctx, _req| ctx.node.access().await;
    access::SetAccess => |ctx, req| ctx.node.set_access(req).await;
    access::CreateDeviceCode => |ctx, req| ctx.node.device_code(ctx.viewer()?, req).await;
    access::ClaimDevice => |ctx, req| {
        if !matches!(ctx.caller.door, Door::Network { .. }) {
            return Err(ApiError::wrong_state("This is the home's own computer. Open the link on the other device."));
        }
        let made = ctx.social().claim_device(req, &ctx.client()).await?;
        ctx.set_device(SessionChange::Set(SessionToken::new(made.device)));
        ctx.signed_in(made.session);
        Ok(made.me)
    };
    access::ListDevices => |ctx, _req| ctx.social().list_devices(ctx.viewer()?, ctx.device).await;
    access::RevokeDevice => |ctx, req| done(ctx.social().revoke_device(ctx.viewer()?, req).await);

    profile::GetProfile => |ctx, req| ctx.social().get_profile(ctx.viewer()?, req.person).await;
    profile::UpdateProfile => |ctx, req| ctx.social().update_profile(ctx.viewer()?, req).await;
    profile::SetPicture => |ctx, req| ctx.social().set_picture(ctx.viewer()?, req).await;

    people::SearchPeople => |ctx, req| ctx.social().search_people(ctx.viewer()?, req).await;
    people::ListFriends => |ctx, req| ctx.social().list_friends(ctx.viewer()?, req).await;
    people::ListRequests => |ctx, req| ctx.social().list_requests(ctx.viewer()?, req).await;
    people::RequestFriend => |ctx, req| ctx.social().request_friend(ctx.viewer()?, req).await;
    people::AnswerFriend => |ctx, req| ctx.social().answer_friend(ctx.viewer()?, req).await;
    people::Unfriend => |ctx, req| ctx.social().unfriend(ctx.viewer()?, req).await;

    feed::GetFeed => |ctx, req| ctx.social().get_feed(ctx.viewer()?, req).await;
    feed::CreatePost => |ctx, req| ctx.social().create_post(ctx.viewer()?, req).await;
    feed::GetPost => |ctx, req| ctx.social().get_post(ctx.viewer()?, req).await;
    feed::EditPost => |ctx, req| ctx.social().edit_post(ctx.viewer()?, req).await;
    feed::DeletePost => |ctx, req| ctx.social().delete_post(ctx.viewer()?, req).await;
    feed::SetComments => |ctx, req| ctx.social().set_comments(ctx.viewer()?, req).await;
    feed::RemoveMention => |ctx, req| ctx.social().remove_mention(ctx.viewer()?, req).await;
    feed::React => |ctx, req| ctx.social().react(ctx.viewer()?, req).await;
    feed::GetHistory => |ctx, req| ctx.social().get_history(ctx.viewer()?, req).await;
    feed::GetDelivery => |ctx, req| ctx.social().get_delivery(ctx.viewer()?, req).await;
    feed::RetryDelivery => |ctx, req| {
        let home = req.home.clone();
        ctx.social().retry_delivery(ctx.viewer()?, req).await?;
        ctx.node.federation().wake(Some(&home));
        Ok(Done {})
    };
    feed::PreviewAudience => |ctx, req| ctx.social().preview_audience(ctx.viewer()?, req).await;
    feed::SuggestMentions => |ctx, req| ctx.social().suggest_mentions(ctx.viewer()?, req).await;
    feed::ListComments => |ctx, req| ctx.social().list_comments(ctx.viewer()?, req).await;
    feed::CreateComment => |ctx, req| ctx.social().create_comment(ctx.viewer()?, req).await;
    feed::EditComment => |ctx, req| ctx.social().edit_comment(ctx.viewer()?, req).await;
    feed::DeleteComment => |ctx, req| ctx.social().delete_comment(ctx.viewer()?, req).await;
    feed::SaveDraft => |ctx, req| ctx.social().save_draft(ctx.viewer()?, req).await;
    feed::ListDrafts => |ctx, req| ctx.social().list_drafts(ctx.viewer()?, req).await;
    feed::DeleteDraft => |ctx, req| ctx.social().delete_draft(ctx.viewer()?, req).await;

    media::BeginUpload => |ctx, req| ctx.social().begin_upload(ctx.viewer()?, req).await;
    media::FinishUpload => |ctx, req| ctx.social().finish_upload(ctx.viewer()?, req.id).await;
    media::AbortUpload => |ctx, req| done(ctx.social().abort_upload(ctx.viewer()?, req.id).await);
    media::SetMediaCache => |ctx, req| done(ctx.social().set_media_cache(req.bytes).await);
    media::GetMediaCache => |ctx, _req| ctx.social().media_cache().await;
    media::GetMediaLimits => |ctx, _req| ctx.social().media_limits().await;
    media::SetMediaLimits => |ctx, req| done(ctx.social().set_media_limits(req.limits).await);
    media::GetUsage => |ctx, _req| ctx.social().usage(ctx.viewer()?).await;

    notify::ListNotifications => |ctx, req| ctx.social().list_notifications(ctx.viewer()?, req).await;
    notify::MarkRead => |ctx, req| done(ctx.social().mark_read(ctx.viewer()?, req).await);
    notify::GetNotificationSettings => |ctx, _req| ctx.social().notification_settings(ctx.viewer()?).await;
    notify::SetNotificationSetting => |ctx, req| done(ctx.social().set_notification(ctx.viewer()?, req.setting).await);

    homes::ListHomes => |ctx, _req| ctx.node.list_homes(ctx.viewer()?).await;
    health::GetHealth => |ctx, _req| ctx.node.health(ctx.viewer()?).await;
    homes::CreateHomeInvite => |ctx, req| ctx.node.create_home_invite(ctx.viewer()?, req).await;
    homes::ListHomeInvites => |ctx, _req| ctx.node.federation().list_invites(only_own(ctx.viewer()?)).await;
    homes::CancelHomeInvite => |ctx, req| {
        done(ctx.node.federation().cancel_invite(req.id, only_own(ctx.viewer()?)).await)
    };
    homes::PreviewInvite => |ctx, req| ctx.node.federation().preview_invite(&req.link).await;
    homes::AcceptInvite => |ctx, req| ctx.node.accept_invite(ctx.viewer()?, &req.link).await;
    homes::ConfirmWords => |ctx, req| done(ctx.node.confirm_words(ctx.viewer()?, req).await);
    homes::SetNickname => |ctx, req| done(ctx.node.federation().set_nickname(&req.home, &req.nickname).await);
    homes::GetLosses => |ctx, req| ctx.social().losses(&req.home).await;
    homes::GetAside => |ctx, req| ctx.node.federation().aside(&req.home).await;
    homes::ListKept => |ctx, _req| ctx.social().list_kept().await;
    homes::EraseKept => |ctx, req| done(ctx.social().erase_kept(&req.home).await);
    homes::CloseSubscription => |ctx, req| done(ctx.node.close_subscription(ctx.viewer()?, req).await);
    homes::ChangeHome => |ctx, req| done(ctx.node.change_home(ctx.viewer()?, req).await);
    homes::RenewKeys => |ctx, req| done(ctx.node.federation().renew_secret(&req.home).await);
    homes::TryNow => |ctx, req| {
        let federation = ctx.node.federation();
        // Nothing is reached as before when this machine is somewhere else.
        federation.announce_if_moved().await?;
        federation.wake(req.home.as_ref());
        Ok(Done {})
    };
    homes::PauseSending => |ctx, req| {
        let until = ctx.node.federation().pause_sending(req.minutes).await?;
        Ok(homes::SendingPause { until })
    };
    homes::SetAddresses => |ctx, req| done(ctx.node.federation().set_addresses(&req.addresses).await);

    backup::ListBackups => |ctx, _req| ctx.node.list_backups().await;
    backup::StartBackup => |ctx, _req| ctx.node.start_backup().await;
    backup::CancelJob => |ctx, _req| {
        ctx.cancel_job();
        std::future::ready(Ok(Done {})).await
    };
    backup::VerifyBackup => |ctx, req| ctx.verify_backup(req).await;
    backup::DeleteBackup => |ctx, req| done(ctx.delete_backup(req).await);
    backup::SetBackupSchedule => |ctx, req| ctx.set_backup_schedule(req).await;
    backup::RestoreBackup => |ctx, req| ctx.restore_backup(req).await;
    backup::BeginRestore => |ctx, req| ctx.begin_restore(req).await;
    backup::SendRestore => |ctx, req| ctx.send_restore(req).await;
    backup::PreviewRestore => |ctx, req| ctx.preview_restore(req.id).await;
    backup::StartRestore => |ctx, req| ctx.start_restore(req).await;
    backup::GetRestoreJob => |ctx, _req| ctx.restore_job().await;

    provider::ListProviders => |ctx, _req| ctx.assistant().list_providers(ctx.owner()?).await;
    provider::SaveProvider => |ctx, req| ctx.assistant().save_provider(ctx.owner()?, req).await;
    provider::DeleteProvider => |ctx, req| done(ctx.assistant().delete_provider(ctx.owner()?, req.id).await);
    provider::CheckProvider => |ctx, req| ctx.assistant().check_provider(ctx.owner()?, req.id).await;
    provider::AddModel => |ctx, req| ctx.assistant().add_model(ctx.owner()?, req).await;
    provider::RemoveModel => |ctx, req| ctx.assistant().remove_model(ctx.owner()?, req).await;
    provider::DescribeModel => |ctx, req| ctx.assistant().describe_model(ctx.owner()?, req).await;
    provider::SetConsent => |ctx, req| ctx.assistant().set_consent(ctx.owner()?, req).await;
    provider::GetDefaultModels => |ctx, _req| ctx.assistant().default_models(ctx.owner()?).await;
    provider::SetDefaultModel => |ctx, req| ctx.assistant().set_default_model(ctx.owner()?, req).await;

    chat::ListChats => |ctx, req| ctx.assistant().list_chats(ctx.owner()?, req).await;
    chat::GetChat => |ctx, req| ctx.assistant().get_chat(ctx.owner()?, req.id).await;
    chat::SendMessage => |ctx, req| ctx.assistant().send_message(ctx.owner()?, req).await;
    chat::StopTurn => |ctx, req| done(ctx.assistant().stop_turn(ctx.owner()?, req.chat).await);
    chat::ContinueAnswer => |ctx, req| ctx.assistant().continue_answer(ctx.owner()?, req).await;
    chat::ResendMessage => |ctx, req| ctx.assistant().resend_message(ctx.owner()?, req).await;
    chat::GetTurnEvents => |ctx, req| ctx.assistant().turn_events(ctx.owner()?, req).await;
    chat::UpdateChat => |ctx, req| ctx.assistant().update_chat(ctx.owner()?, req).await;
    chat::DeleteChat => |ctx, req| done(ctx.assistant().delete_chat(ctx.owner()?, req.id).await);
    chat::RestoreChat => |ctx, req| done(ctx.assistant().restore_chat(ctx.owner()?, req).await);
    chat::UpdateChats => |ctx, req| done(ctx.assistant().update_chats(ctx.owner()?, req).await);
    chat::DeleteChats => |ctx, req| done(ctx.assistant().delete_chats(ctx.owner()?, req).await);
    chat::RestoreChats => |ctx, req| done(ctx.assistant().restore_chats(ctx.owner()?, req).await);
    parameters::GetParameters => |ctx, req| ctx.assistant().parameters(ctx.owner()?, req).await;
    parameters::SetParameters => |ctx, req| ctx.assistant().set_parameters(ctx.owner()?, req).await;
    chat::DeleteMessage => |ctx, req| done(ctx.assistant().delete_message(ctx.owner()?, req).await);
    chat::RateAnswer => |ctx, req| done(ctx.assistant().rate_answer(ctx.owner()?, req).await);
    chat::SaveChatDraft => |ctx, req| done(ctx.assistant().save_chat_draft(ctx.owner()?, req).await);
    chat::GetComposer => |ctx, _req| ctx.assistant().composer(ctx.owner()?).await;
}
