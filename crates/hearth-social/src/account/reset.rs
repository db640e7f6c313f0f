//! A forgotten password: a code that an admin, or whoever is at the home's own computer, makes for a person, and the new password
//! that the person chooses with it.
//!
//! Invariants:
//!
//! * Whoever makes a code never learns the password. A code is good for 24 hours and once, and the one before it ends.
//! * The person is told when a code is made and when it was used; using it ends every sign-in.
//! * A second factor stays: the code takes the place of the password alone.
//! * No admin makes a code for the owner; that is done at the home's own computer.

use super::codes;
use super::passwords;
use super::second_factor;
use super::settings::raise_security;
use crate::notifications::{Notice, SubjectRef, raise};
use crate::session::throttle::{self, Subject};
use crate::session::{end_sessions, require_admin};
use crate::{ClientInfo, Social, Viewer};
use hearth_api::account::{
    AccountState, CreateResetCode, CreateResetCodeHere, ResetCode, ResetDone, ResetPassword, Role,
};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, Timestamp};
use hearth_db::account::AccountRow;
use hearth_db::{WriteTx, account, credential, event, password_code as table, person};

/// How long a code is good.
const HOURS: i64 = 24;
/// Random bytes of a code: 16 characters of base32, which can be read aloud.
const CODE_BYTES: usize = 10;

fn no_code() -> ApiError {
    ApiError::new(
        Code::ResetCodeInvalid,
        "This code is not right, was used before, or is older than a day. Check it, or ask for a new one.",
    )
    .on("code")
}

/// Whether somebody with this account may sign in.
fn in_use(row: &AccountRow) -> bool {
    matches!(row.state, AccountState::Active | AccountState::Deleting)
}

fn locked() -> ApiError {
    ApiError::forbidden("This account is locked. Ask an admin of this home to unlock it.")
}

impl Social {
    fn make_code(&self) -> ([u8; 32], String) {
        let (code, hash) = codes::make::<CODE_BYTES>(&*self.parts.entropy);
        (hash, codes::grouped(&code))
    }

    /// Makes a code for somebody who forgot their password; it is shown this once, and the one before it ends.
    ///
    /// # Errors
    /// `forbidden` for all but admins, for oneself and for the owner; `password_needed`, `rate_limited`, `not_found`, `wrong_state`
    /// for a locked account.
    pub async fn create_reset_code(&self, viewer: &Viewer, req: CreateResetCode) -> ApiResult<ResetCode> {
        require_admin(viewer.role)?;
        self.confirm_password(viewer, req.password).await?;
        let (viewer, now) = (*viewer, self.now());
        let (hash, code) = self.make_code();
        self.db()
            .write(move |tx| {
                let row = account::get(tx, req.person)?
                    .filter(|row| row.state != AccountState::Deleted)
                    .ok_or_else(ApiError::not_found)?;
                if row.person == viewer.person {
                    return Err(ApiError::forbidden(
                        "Change your own password in your settings, under Account.",
                    ));
                }
                if row.role == Role::Owner {
                    return Err(ApiError::forbidden(
                        "A code for the owner is made at the home's own computer only: “hearth reset-password”.",
                    ));
                }
                put(tx, &row, &hash, Some(viewer.person), code, now)
            })
            .await
    }

    /// The same for whoever is at the home's own computer, without a password: for the owner, or for whoever has this sign-in name.
    /// May take the second factor away, too.
    ///
    /// # Errors
    /// `not_found` when nobody has that name, `wrong_state` for a locked account.
    pub async fn create_reset_code_here(&self, req: CreateResetCodeHere) -> ApiResult<ResetCode> {
        let now = self.now();
        let (hash, code) = self.make_code();
        self.db()
            .write(move |tx| {
                let row = match &req.username {
                    Some(name) => account::by_username(tx, &super::fold_username(name))?,
                    None => match account::owner(tx)? {
                        Some(owner) => account::get(tx, owner)?,
                        None => None,
                    },
                };
                let row = row.ok_or_else(|| {
                    ApiError::new(
                        Code::NotFound,
                        "Nobody signs in to this home with that name. Settings, People of this home lists who lives here.",
                    )
                })?;
                let made = put(tx, &row, &hash, None, code, now)?;
                let has_factor = credential::get(tx, row.person)?.is_some_and(|credential| credential.totp);
                if req.remove_totp && has_factor {
                    second_factor::remove(tx, row.person)?;
                    end_sessions(tx, row.person, None, now)?;
                    raise_security(tx, row.person, "totp_off", now)?;
                }
                Ok(made)
            })
            .await
    }

    /// Gives a new password to whoever has a code; every sign-in of that account ends. Signs nobody in: a second factor is asked
    /// as always. A wrong code counts like a failed sign-in from that address.
    ///
    /// # Errors
    /// `reset_code_invalid`, `rate_limited`, `forbidden` for a locked account; `invalid_password` and `weak_password`, after which
    /// the code is still good.
    pub async fn reset_password(&self, req: ResetPassword, client: &ClientInfo) -> ApiResult<ResetDone> {
        let hash = codes::hash::<CODE_BYTES>(&req.code);
        let (subject, now) = (Subject::code(&client.address), self.now());
        let found = self
            .db()
            .write(move |tx| {
                // Counted also when the try is refused, so it is not undone with it.
                throttle::begin(tx, &[subject], now)?;
                let found = match hash {
                    Some(hash) => table::by_code(tx, &hash)?.filter(|(_, until)| now < *until),
                    None => None,
                };
                let Some((owner, _until)) = found else {
                    return Ok(None);
                };
                throttle::take_back(tx, &[subject], now)?;
                let row = account::get(tx, owner)?.ok_or_else(no_code)?;
                let name = person::get(tx, owner)?
                    .map(|person| person.name)
                    .unwrap_or_default();
                Ok::<_, ApiError>(Some((row, name)))
            })
            .await?;
        let (Some((row, name)), Some(code)) = (found, hash) else {
            return Err(no_code());
        };
        if !in_use(&row) {
            return Err(locked());
        }
        passwords::check_new(&req.password, "password", &[&name, &row.username])?;
        let password = self.hash_password(req.password).await?;
        let now = self.now();
        self.db()
            .write(move |tx| {
                let person = row.person;
                // Hashing took a moment: the code may be used, replaced or over by now, the account locked.
                let good =
                    table::by_code(tx, &code)?.is_some_and(|(owner, until)| owner == person && now < until);
                if !good || !table::end(tx, person)? {
                    return Err(no_code());
                }
                let row = account::get(tx, person)?.filter(in_use).ok_or_else(locked)?;
                credential::set_password(tx, person, &password)?;
                end_sessions(tx, person, None, now)?;
                // What was tried with the old password is of no weight any more.
                throttle::clear(tx, Subject::username(&super::fold_username(&row.username)))?;
                throttle::clear(tx, Subject::person(person))?;
                raise_security(tx, person, "password_reset", now)?;
                event::append(tx, Some(person), now, &Event::AccountChanged)?;
                tracing::info!(person = %person, "A password was set anew by a code");
                Ok(ResetDone {
                    username: row.username,
                })
            })
            .await
    }
}

/// Keeps a code and tells its person; `by` is the admin, or nobody at the home's own computer.
fn put(
    tx: &mut WriteTx<'_>,
    row: &AccountRow,
    hash: &[u8; 32],
    by: Option<PersonId>,
    code: String,
    now: Timestamp,
) -> ApiResult<ResetCode> {
    if !in_use(row) {
        return Err(ApiError::wrong_state(
            "This account is locked. Unlock it before you make a code for it.",
        ));
    }
    let expires_at = now.plus_secs(HOURS * 3600);
    table::put(tx, row.person, hash, expires_at)?;
    raise(
        tx,
        &Notice {
            to: row.person,
            kind: NotificationType::Security,
            actor: by,
            subject: SubjectRef::Account("reset_code"),
            at: now,
        },
    )?;
    event::append(tx, Some(row.person), now, &Event::AccountChanged)?;
    let by = by.map_or_else(|| "the home's computer".to_owned(), |by| by.to_string());
    tracing::info!(person = %row.person, by, "A code for a new password was made");
    let name = person::get(tx, row.person)?
        .map(|person| person.name)
        .unwrap_or_default();
    Ok(ResetCode {
        code,
        name,
        username: row.username.clone(),
        expires_at,
    })
}

/// Forgets codes that are past their time.
pub(super) fn sweep(tx: &mut WriteTx<'_>, now: Timestamp) -> ApiResult<()> {
    table::sweep(tx, now)?;
    Ok(())
}
