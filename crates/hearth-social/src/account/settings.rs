//! What people change about their own account: window settings, password, sign-in name.

use super::{check, home, passwords};
use crate::notifications::{Notice, SubjectRef, raise};
use crate::session::end_sessions;
use crate::{Social, Viewer};
use hearth_api::account::{AccountSettings, ChangePassword, ChangeUsername, UpdateSettings};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, Event};
use hearth_api::{PersonId, Timestamp};
use hearth_db::{WriteTx, account, credential, event, person};

/// Tells somebody of a change to the safety of their account.
pub(super) fn raise_security(
    tx: &mut WriteTx<'_>,
    to: PersonId,
    what: &str,
    now: Timestamp,
) -> ApiResult<()> {
    let subject = SubjectRef::Account(what);
    Ok(raise(
        tx,
        &Notice {
            to,
            kind: NotificationType::Security,
            actor: None,
            subject,
            at: now,
        },
    )?)
}

impl Social {
    /// Replaces the window settings.
    ///
    /// # Errors
    /// `invalid_theme`, `invalid_text_size`, `invalid_language`, `invalid_time_zone`, `invalid_quiet_hours`, `invalid_keys`.
    pub async fn update_settings(&self, viewer: &Viewer, req: UpdateSettings) -> ApiResult<AccountSettings> {
        check::settings(&req.settings)?;
        let (person, now) = (viewer.person, self.now());
        self.db()
            .write(move |tx| {
                account::set_settings(tx, person, &req.settings)?;
                event::append(tx, Some(person), now, &Event::AccountChanged)?;
                Ok(req.settings)
            })
            .await
    }

    /// Changes the password and ends all other sessions.
    ///
    /// # Errors
    /// `password_needed`, `rate_limited`, `invalid_new`, `weak_password`.
    pub async fn change_password(&self, viewer: &Viewer, req: ChangePassword) -> ApiResult<()> {
        self.confirm_password(viewer, req.current)
            .await
            .map_err(|error| match error.field {
                Some(_) => error.on("current"),
                None => error,
            })?;
        let (viewer, now) = (*viewer, self.now());
        let (name, username) = self
            .db()
            .read(move |tx| {
                let account = account::get(tx, viewer.person)?.ok_or_else(ApiError::not_found)?;
                let person = person::get(tx, viewer.person)?.ok_or_else(ApiError::not_found)?;
                Ok::<_, ApiError>((person.name, account.username))
            })
            .await?;
        passwords::check_new(&req.new, "new", &[&name, &username])?;
        let hash = self.hash_password(req.new).await?;
        self.db()
            .write(move |tx| {
                credential::set_password(tx, viewer.person, &hash)?;
                end_sessions(tx, viewer.person, Some(viewer.session), now)?;
                raise_security(tx, viewer.person, "password_changed", now)
            })
            .await
    }

    /// Changes the sign-in name.
    ///
    /// # Errors
    /// `password_needed`, `rate_limited`, `invalid_username`, `username_taken`.
    pub async fn change_username(&self, viewer: &Viewer, req: ChangeUsername) -> ApiResult<()> {
        let username = check::username(&req.username)?;
        self.confirm_password(viewer, req.password).await?;
        let (social, person, now) = (self.clone(), viewer.person, self.now());
        self.db()
            .write(move |tx| {
                let key = check::fold_username(&username);
                home::refuse_taken(tx, &key, Some(person))?;
                account::set_username(tx, person, &username, &key)?;
                // The name is a field of the profile too.
                social.publish_person(tx, person, now)?;
                event::append(tx, Some(person), now, &Event::AccountChanged)?;
                raise_security(tx, person, "username_changed", now)
            })
            .await
    }
}
