//! Signing in and out, and the sessions of an account.
//!
//! A session is named by 32 random bytes that its client alone holds; stored is their SHA-256. It ends after 30 days without
//! use, 180 days in all, or when it is revoked.
//!
//! Invariants:
//!
//! * Unknown names, wrong passwords and suspended accounts with a wrong password are answered alike, after the same work.
//! * The role and state of the account are read with every request, so a change counts at once.
//!
//! Not here: how a client keeps its token (cookie, key store).

pub(crate) mod throttle;

use crate::account::{Proof, fold_username, proves};
use crate::notifications::{self, Notice, SubjectRef, raise};
use crate::{ClientInfo, Social, Viewer, cards, friends};
use data_encoding::BASE64URL_NOPAD;
use hearth_api::account::{AccountState, Role};
use hearth_api::notify::NotificationType;
use hearth_api::people::{PersonCard, Relation};
use hearth_api::session::{Me, SessionInfo, SignIn, SignInOutcome};
use hearth_api::{ApiError, ApiResult, Code, DeviceId, Event, PersonId, SessionId, Timestamp};
use hearth_db::friendship::{self, Direction};
use hearth_db::session::{self as table, SessionRow};
use hearth_db::{ReadTx, WriteTx, account, credential, device, event};
use sha2::{Digest as _, Sha256};
use throttle::Subject;
use zeroize::Zeroizing;

/// Days without use after which a session ends.
const IDLE_DAYS: i64 = 30;
/// Days after which a session ends however much it is used.
const TOTAL_DAYS: i64 = 180;
/// How exactly the last use is kept.
const TOUCH_MS: i64 = 60_000;
/// Longest device name kept, in characters.
const MAX_DEVICE: usize = 80;
/// Longest address kept, in characters.
const MAX_ADDRESS: usize = 64;
/// Longer input cannot be a sign-in name.
const MAX_USERNAME_BYTES: usize = 256;

pub(crate) fn token_hash(token: &str) -> Option<[u8; 32]> {
    let mut bytes = Zeroizing::new([0u8; 33]);
    // 32 bytes are 43 characters; anything else is no token.
    if token.len() != 43 {
        return None;
    }
    let len = BASE64URL_NOPAD
        .decode_mut(token.as_bytes(), bytes.get_mut(..32)?)
        .ok()?;
    bytes.get(..len).map(|token| Sha256::digest(token).into())
}

fn has_ended(session: &SessionRow, now: Timestamp) -> bool {
    now >= session.last_used_at.plus_days(IDLE_DAYS) || now >= session.started_at.plus_days(TOTAL_DAYS)
}

/// What the client calls itself, fit to be shown.
fn shown(text: &str, most: usize, otherwise: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        otherwise.to_owned()
    } else {
        clean.to_owned()
    }
}

/// What a device calls itself, fit to be shown.
pub(crate) fn shown_device(name: &str) -> String {
    shown(name, MAX_DEVICE, "Unknown device")
}

fn wrong_credentials() -> ApiError {
    ApiError::new(
        Code::WrongCredentials,
        "That name and password do not belong together. Check both and try again.",
    )
}

/// The account as its own windows show it.
pub(crate) fn me(tx: &ReadTx<'_>, viewer: &Viewer) -> ApiResult<Me> {
    let signed_out = || ApiError::new(Code::SignInNeeded, "Sign in again to go on.");
    let row = account::get(tx, viewer.person)?.ok_or_else(signed_out)?;
    let person: PersonCard = cards::card(tx, viewer.person, viewer.person)?.ok_or_else(signed_out)?;
    let mut requests = 0usize;
    for wish in friendship::wishes(tx, viewer.person, Direction::Incoming)? {
        requests += usize::from(friends::relation(tx, viewer.person, wish.person)? == Relation::Asked);
    }
    Ok(Me {
        person,
        username: row.username,
        role: row.role,
        totp: credential::get(tx, viewer.person)?.is_some_and(|credential| credential.totp),
        settings: row.settings,
        unread: notifications::unread(tx, viewer.person)?,
        requests: u32::try_from(requests).unwrap_or(u32::MAX),
        session: viewer.session,
    })
}

impl Social {
    /// Begins a session. The answer is its id and its token, which is nowhere else.
    pub(crate) fn open_session(
        &self,
        tx: &mut WriteTx<'_>,
        person: PersonId,
        client: &ClientInfo,
        now: Timestamp,
    ) -> ApiResult<(SessionId, String)> {
        let mut token = Zeroizing::new([0u8; 32]);
        self.parts.entropy.fill(token.as_mut_slice());
        let row = SessionRow {
            id: SessionId(self.parts.ids.uuid()),
            person,
            device: shown_device(&client.device),
            address: shown(&client.address, MAX_ADDRESS, ""),
            started_at: now,
            last_used_at: now,
            paired: client.paired,
        };
        table::insert(tx, &row, &Sha256::digest(token.as_slice()).into())?;
        account::touch(tx, person, now)?;
        Ok((row.id, BASE64URL_NOPAD.encode(token.as_slice())))
    }

    /// Signs in. The second answer is the token of the new session, for the client alone.
    ///
    /// # Errors
    /// `wrong_credentials` (on `code` when only the code is wrong), `rate_limited`, `forbidden` for a suspended account.
    pub async fn sign_in(
        &self,
        req: SignIn,
        client: &ClientInfo,
    ) -> ApiResult<(SignInOutcome, Option<String>)> {
        let password = Zeroizing::new(req.password);
        let plausible =
            req.username.len() <= MAX_USERNAME_BYTES && password.len() <= crate::account::MAX_PASSWORD_BYTES;
        let key = if plausible {
            fold_username(&req.username)
        } else {
            String::new()
        };
        let name = Subject::username(&key);
        let address = Subject::address(&client.address);
        let subjects: Vec<Subject> = [Some(name), address].into_iter().flatten().collect();

        let begun = subjects.clone();
        let now = self.now();
        let found = self
            .db()
            .write(move |tx| {
                throttle::begin(tx, &begun, now)?;
                let Some(row) = account::by_username(tx, &key)? else {
                    return Ok(None);
                };
                Ok::<_, ApiError>(credential::get(tx, row.person)?.map(|credential| (row.person, credential)))
            })
            .await?;
        let (person, credential) = found.unzip();
        let password = if plausible { password } else { Zeroizing::default() };
        let right = self
            .passwords
            .verify(password, credential.as_ref().map(|c| c.password.clone()))
            .await?;
        let (Some(person), Some(credential), true) = (person, credential, right) else {
            return Err(wrong_credentials());
        };

        let social = self.clone();
        let device = req.device.clone().unwrap_or_else(|| client.device.clone());
        let client = ClientInfo {
            device,
            address: client.address.clone(),
            paired: client.paired,
        };
        let code = req.code.filter(|code| !code.trim().is_empty());
        let now = self.now();
        self.db()
            .write(move |tx| {
                let row = account::get(tx, person)?.ok_or_else(wrong_credentials)?;
                if row.state == AccountState::Suspended {
                    throttle::take_back(tx, &subjects, now)?;
                    return Ok(Err(ApiError::forbidden(
                        "This account is locked. Ask an admin of this home to unlock it.",
                    )
                    .on("account")));
                }
                // The password may have been changed while this one was being checked.
                if credential::get(tx, person)?.is_none_or(|now| now.password != credential.password) {
                    return Ok(Err(wrong_credentials()));
                }
                if credential.totp {
                    let Some(code) = code else {
                        throttle::take_back(tx, &subjects, now)?;
                        return Ok(Ok((SignInOutcome::CodeNeeded, None)));
                    };
                    if proves(tx, &social.parts.keys, person, &code, now)? == Proof::None {
                        return Ok(Err(ApiError::new(
                            Code::WrongCredentials,
                            "That code is not right, or it was used before. Wait for the next one and try again.",
                        )
                        .on("code")));
                    }
                }
                throttle::clear(tx, name)?;
                throttle::take_back(tx, address.as_slice(), now)?;
                let known = table::of_person(tx, person)?;
                let (session, token) = social.open_session(tx, person, &client, now)?;
                let device = shown_device(&client.device);
                if !known.iter().any(|other| other.device == device) {
                    let subject = SubjectRef::Account("new_device");
                    raise(tx, &Notice { to: person, kind: NotificationType::Security, actor: None, subject, at: now })?;
                }
                let me = me(tx, &Viewer { person, role: row.role, session })?;
                Ok::<_, ApiError>(Ok((SignInOutcome::SignedIn { me }, Some(token))))
            })
            .await?
    }

    /// The account behind a session's token, if the session lasts and the account is in use. A session on a device counts there
    /// alone (`paired`), and no other session counts there. Cheap: one indexed read, and at most one write a minute.
    ///
    /// # Errors
    /// A database error.
    pub async fn authenticate(
        &self,
        token: &str,
        address: &str,
        paired: Option<DeviceId>,
    ) -> ApiResult<Option<Viewer>> {
        let Some(hash) = token_hash(token) else {
            return Ok(None);
        };
        let now = self.now();
        let Some(live) = self
            .db()
            .read(move |tx| table::by_token(tx, &hash).map_err(ApiError::from))
            .await?
        else {
            return Ok(None);
        };
        let usable = matches!(live.state, AccountState::Active | AccountState::Deleting);
        if !usable || live.session.paired != paired || has_ended(&live.session, now) {
            return Ok(None);
        }
        let (session, person) = (live.session.id, live.session.person);
        if now.ms_since(live.session.last_used_at) >= TOUCH_MS {
            let address = shown(address, MAX_ADDRESS, "");
            let touched = self
                .db()
                .write(move |tx| {
                    table::touch(tx, session, &address, now)?;
                    account::touch(tx, person, now)
                })
                .await;
            if let Err(error) = touched {
                // A full disk must not keep people from reading.
                tracing::warn!(error = %error, "The last use of a session was not noted");
            }
        }
        Ok(Some(Viewer {
            person,
            role: live.role,
            session,
        }))
    }

    /// The account's sessions, last used first.
    ///
    /// # Errors
    /// A database error.
    pub async fn list_sessions(&self, viewer: &Viewer) -> ApiResult<Vec<SessionInfo>> {
        let (viewer, now) = (*viewer, self.now());
        self.db()
            .read(move |tx| {
                let rows = table::of_person(tx, viewer.person)?;
                Ok(rows
                    .into_iter()
                    .filter(|row| !has_ended(row, now))
                    .map(|row| SessionInfo {
                        id: row.id,
                        device: row.device,
                        address: row.address,
                        started_at: row.started_at,
                        last_used_at: row.last_used_at,
                        current: row.id == viewer.session,
                    })
                    .collect())
            })
            .await
    }

    /// Ends this session.
    ///
    /// # Errors
    /// A database error.
    pub async fn sign_out(&self, viewer: &Viewer) -> ApiResult<()> {
        let viewer = *viewer;
        self.db()
            .write(move |tx| {
                table::end(tx, viewer.person, viewer.session)?;
                Ok(())
            })
            .await
    }

    /// Ends one of the account's sessions.
    ///
    /// # Errors
    /// `not_found` when the account has no such session.
    pub async fn revoke_session(&self, viewer: &Viewer, session: SessionId) -> ApiResult<()> {
        let (viewer, now) = (*viewer, self.now());
        self.db()
            .write(move |tx| {
                if !table::end(tx, viewer.person, session)? {
                    return Err(ApiError::not_found());
                }
                Ok(event::append(tx, Some(viewer.person), now, &Event::SessionEnded)?)
            })
            .await
    }

    /// Ends all of the account's sessions but this one.
    ///
    /// # Errors
    /// A database error.
    pub async fn revoke_other_sessions(&self, viewer: &Viewer) -> ApiResult<()> {
        let (viewer, now) = (*viewer, self.now());
        self.db()
            .write(move |tx| end_sessions(tx, viewer.person, Some(viewer.session), now))
            .await
    }
}

/// Ends all sessions of a person but one, or all, and tells their windows.
pub(crate) fn end_sessions(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    but: Option<SessionId>,
    now: Timestamp,
) -> ApiResult<()> {
    if table::end_all(tx, person, but)? > 0 {
        event::append(tx, Some(person), now, &Event::SessionEnded)?;
    }
    Ok(())
}

/// Forgets sessions and failures that are over.
pub(crate) fn sweep(tx: &mut WriteTx<'_>, now: Timestamp) -> ApiResult<()> {
    table::sweep(tx, now.plus_days(-IDLE_DAYS), now.plus_days(-TOTAL_DAYS))?;
    device::sweep(tx, now)?;
    throttle::sweep(tx, now)?;
    Ok(())
}

/// Refuses everybody but owner and admins.
///
/// # Errors
/// `forbidden`.
pub(crate) fn require_admin(role: Role) -> ApiResult<()> {
    if role.is_admin() {
        Ok(())
    } else {
        Err(ApiError::forbidden(
            "Only an admin of this home can do this. Ask one of them.",
        ))
    }
}

#[cfg(test)]
mod tests;
