//! What admins do to accounts, and people to the end of their own.

use super::settings::raise_security;
use super::{check, second_factor};
use crate::notifications::{Notice, SubjectRef, raise};
use crate::session::{end_sessions, require_admin};
use crate::{Social, Viewer, cards};
use hearth_api::account::{AccountAction, AccountInfo, AccountState, ChangeAccount, CorrectBirthDate, Role};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, Timestamp};
use hearth_db::account::AccountRow;
use hearth_db::{WriteTx, account, credential, event, media_owner};

/// Days until a deletion is final.
const GRACE_DAYS: i64 = 14;

fn owner_stays() -> ApiError {
    ApiError::new(
        Code::LastAdmin,
        "A home always has an owner. Hand the home over to another admin first.",
    )
}

/// What an action needs besides the password: an admin, or the person themself for the end of their own account.
fn check_right(viewer: &Viewer, row: &AccountRow, action: AccountAction) -> ApiResult<()> {
    let own = viewer.person == row.person;
    match action {
        AccountAction::Delete | AccountAction::Restore if own => Ok(()),
        AccountAction::MakeOwner if viewer.role == Role::Owner => Ok(()),
        AccountAction::MakeOwner => Err(ApiError::forbidden("Only the owner can hand the home over.")),
        AccountAction::Suspend | AccountAction::RemoveTotp if own => Err(ApiError::forbidden(
            "You cannot do this to your own account. Ask another admin, or use your own settings.",
        )),
        _ => require_admin(viewer.role),
    }
}

/// The step itself; `wrong_state` when the account's state does not allow it.
fn step(
    tx: &mut WriteTx<'_>,
    viewer: &Viewer,
    row: &AccountRow,
    action: AccountAction,
    now: Timestamp,
) -> ApiResult<()> {
    let person = row.person;
    let is = |state: AccountState, otherwise: &str| {
        if row.state == state {
            Ok(())
        } else {
            Err(ApiError::wrong_state(otherwise))
        }
    };
    let tell_state = |tx: &mut WriteTx<'_>, what: &str| {
        let actor = Some(viewer.person);
        let subject = SubjectRef::Account(what);
        raise(
            tx,
            &Notice {
                to: person,
                kind: NotificationType::AccountState,
                actor,
                subject,
                at: now,
            },
        )
    };
    let others = (person == viewer.person).then_some(viewer.session);
    match action {
        AccountAction::Suspend => {
            is(AccountState::Active, "Only an account in use can be locked.")?;
            account::set_state(tx, person, AccountState::Suspended, None)?;
            tell_state(tx, "suspended")?;
            // Before the sessions end: afterwards their windows hear nothing any more.
            event::append(tx, Some(person), now, &Event::AccountLocked)?;
            end_sessions(tx, person, None, now)
        }
        AccountAction::Reinstate => {
            is(AccountState::Suspended, "This account is not locked.")?;
            account::set_state(tx, person, AccountState::Active, None)?;
            Ok(tell_state(tx, "reinstated")?)
        }
        AccountAction::Delete => {
            is(
                AccountState::Active,
                "This account is locked or being deleted already. Unlock it first.",
            )?;
            account::set_state(
                tx,
                person,
                AccountState::Deleting,
                Some(now.plus_days(GRACE_DAYS)),
            )?;
            tell_state(tx, "deleting")?;
            end_sessions(tx, person, others, now)
        }
        AccountAction::Restore => {
            is(AccountState::Deleting, "This account is not being deleted.")?;
            account::set_state(tx, person, AccountState::Active, None)?;
            Ok(tell_state(tx, "restored")?)
        }
        AccountAction::MakeAdmin | AccountAction::MakeMember => {
            let role = if action == AccountAction::MakeAdmin {
                Role::Admin
            } else {
                Role::Member
            };
            if row.role == role {
                return Err(ApiError::wrong_state("This account has that role already."));
            }
            is(
                AccountState::Active,
                "Only an account in use can be given another role.",
            )?;
            account::set_role(tx, person, role)?;
            raise_security(tx, person, "role_changed", now)
        }
        AccountAction::MakeOwner => {
            if row.role == Role::Owner {
                return Err(ApiError::wrong_state("This account is the owner already."));
            }
            is(
                AccountState::Active,
                "Only an account in use can become the owner.",
            )?;
            account::set_role(tx, viewer.person, Role::Admin)?;
            account::set_role(tx, person, Role::Owner)?;
            event::append(tx, Some(viewer.person), now, &Event::AccountChanged)?;
            raise_security(tx, viewer.person, "role_changed", now)?;
            raise_security(tx, person, "role_changed", now)
        }
        AccountAction::RemoveTotp => {
            if !credential::get(tx, person)?.is_some_and(|credential| credential.totp) {
                return Err(ApiError::wrong_state("This account has no second factor."));
            }
            second_factor::remove(tx, person)?;
            end_sessions(tx, person, others, now)?;
            raise_security(tx, person, "totp_off", now)
        }
    }
}

impl Social {
    /// The accounts of this home, oldest first.
    ///
    /// # Errors
    /// `forbidden` for all but admins.
    pub async fn list_accounts(&self, viewer: &Viewer) -> ApiResult<Vec<AccountInfo>> {
        require_admin(viewer.role)?;
        let viewer = viewer.person;
        self.db()
            .read(move |tx| {
                let rows = account::list(tx)?;
                let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
                let mut cards = cards::cards(tx, viewer, &people)?;
                let mut accounts = Vec::with_capacity(rows.len());
                for row in rows {
                    let Some(person) = cards.remove(&row.person) else {
                        continue;
                    };
                    accounts.push(AccountInfo {
                        person,
                        username: row.username,
                        role: row.role,
                        state: row.state,
                        birth_date: row.birth_date,
                        created_at: row.created_at,
                        last_used_at: row.last_used_at,
                        deletes_at: row.deletes_at,
                        media_bytes: media_owner::usage(tx, row.person)?,
                        totp: credential::get(tx, row.person)?.is_some_and(|credential| credential.totp),
                    });
                }
                Ok(accounts)
            })
            .await
    }

    /// Changes the state or role of an account. Deletion and taking it back also by the person.
    ///
    /// # Errors
    /// `password_needed`, `rate_limited`, `not_found`, `forbidden`, `last_admin` for the owner, `wrong_state`.
    pub async fn change_account(&self, viewer: &Viewer, req: ChangeAccount) -> ApiResult<()> {
        if viewer.person != req.person {
            require_admin(viewer.role)?;
        }
        self.confirm_password(viewer, req.password).await?;
        let (viewer, now) = (*viewer, self.now());
        self.db()
            .write(move |tx| {
                let gone = |row: &AccountRow| row.state == AccountState::Deleted;
                let row = account::get(tx, req.person)?
                    .filter(|row| !gone(row))
                    .ok_or_else(ApiError::not_found)?;
                check_right(&viewer, &row, req.action)?;
                let ends = matches!(
                    req.action,
                    AccountAction::Suspend
                        | AccountAction::Delete
                        | AccountAction::MakeAdmin
                        | AccountAction::MakeMember
                );
                if row.role == Role::Owner && ends {
                    return Err(owner_stays());
                }
                step(tx, &viewer, &row, req.action, now)?;
                Ok(event::append(tx, Some(row.person), now, &Event::AccountChanged)?)
            })
            .await
    }

    /// Corrects a birth date.
    ///
    /// # Errors
    /// `forbidden` for all but admins; `not_found`, `invalid_birth_date`, `guardian_required`.
    pub async fn correct_birth_date(&self, viewer: &Viewer, req: CorrectBirthDate) -> ApiResult<()> {
        require_admin(viewer.role)?;
        check::birth_date(req.birth_date, self.now())?;
        let (social, now) = (self.clone(), self.now());
        self.db()
            .write(move |tx| {
                let row = account::get(tx, req.person)?.ok_or_else(ApiError::not_found)?;
                if row.state == AccountState::Deleted {
                    return Err(ApiError::not_found());
                }
                account::set_birth_date(tx, req.person, req.birth_date)?;
                social.publish_person(tx, req.person, now)?;
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::ProfileChanged { person: req.person },
                )?)
            })
            .await
    }
}
