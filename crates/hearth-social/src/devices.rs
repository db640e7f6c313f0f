//! Devices that reach the home over the network: connecting one by a code, and disconnecting it.
//!
//! A device is known by 32 random bytes that it alone holds; stored is their SHA-256. It is no sign-in: a session on a device counts
//! there alone, and ends with it. Whoever has the code may connect one device within ten minutes, once. An invite to an account of the
//! home connects one, too, for the person who moves in (`account`).
//!
//! Not here: listening, certificates, which addresses (`hearth-node`).

use crate::notifications::{Notice, SubjectRef, raise};
use crate::session::throttle::{self, Subject};
use crate::session::{me, token_hash};
use crate::{ClientInfo, Social, Viewer};
use data_encoding::BASE64URL_NOPAD;
use hearth_api::access::{ClaimDevice, DEVICE_CODE_SECONDS, Device, MAX_DEVICES, RevokeDevice};
use hearth_api::account::AccountState;
use hearth_api::notify::NotificationType;
use hearth_api::session::Me;
use hearth_api::{ApiError, ApiResult, Code, DeviceId, Event, PersonId, Timestamp};
use hearth_db::device::{self as table, DeviceRow};
use hearth_db::{WriteTx, account, event, person};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Longest name of a device, in characters.
const MAX_NAME: usize = 80;
/// How exactly the last use is kept.
const TOUCH_MS: i64 = 60_000;

/// What a device holds after it was connected.
pub struct NewDevice {
    /// The account that is signed in on it.
    pub me: Me,
    /// The token of that session.
    pub session: String,
    /// The token of the device.
    pub device: String,
}

fn no_code() -> ApiError {
    ApiError::new(
        Code::InviteInvalid,
        "This code is not good any more. Show a new one at your home and scan it again.",
    )
}

/// A device's name, fit to be shown.
///
/// # Errors
/// `invalid_device` when it is empty or too long.
pub(crate) fn device_name(name: &str) -> ApiResult<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(ApiError::invalid(
            "device",
            format!("Give this device a name of 1 to {MAX_NAME} characters."),
        ));
    }
    Ok(name)
}

impl Social {
    fn secret(&self) -> (String, [u8; 32]) {
        let mut secret = Zeroizing::new([0u8; 32]);
        self.parts.entropy.fill(secret.as_mut_slice());
        (
            BASE64URL_NOPAD.encode(secret.as_slice()),
            Sha256::digest(secret.as_slice()).into(),
        )
    }

    /// Makes a device known, connected by `person`; its id, and the token that it alone holds.
    pub(crate) fn add_device(
        &self,
        tx: &mut WriteTx<'_>,
        person: PersonId,
        name: String,
        now: Timestamp,
    ) -> ApiResult<(DeviceId, String)> {
        let (token, hash) = self.secret();
        let device = DeviceRow {
            id: DeviceId(self.parts.ids.uuid()),
            person,
            name,
            made_at: now,
            last_used_at: now,
        };
        table::insert(tx, &device, &hash)?;
        Ok((device.id, token))
    }

    /// Makes a code for one device of the viewer, and until when it is good. The one before it ends.
    ///
    /// # Errors
    /// `wrong_state` when they have as many devices as one may.
    pub async fn create_device_code(&self, viewer: &Viewer) -> ApiResult<(String, Timestamp)> {
        let (viewer, now) = (*viewer, self.now());
        let until = now.plus_ms(DEVICE_CODE_SECONDS * 1000);
        let (code, hash) = self.secret();
        self.db()
            .write(move |tx| {
                if table::list(tx, Some(viewer.person))?.len() >= MAX_DEVICES {
                    return Err(ApiError::wrong_state(format!(
                        "You have {MAX_DEVICES} devices connected, as many as one may. Disconnect one that you no longer use."
                    )));
                }
                table::put_code(tx, viewer.person, &hash, until)?;
                Ok((code, until))
            })
            .await
    }

    /// Connects a device by a code and signs in who made the code.
    ///
    /// # Errors
    /// `invite_invalid` when the code is not good (any more), `invalid_name`, `rate_limited`, `forbidden` for a locked account.
    pub async fn claim_device(&self, req: ClaimDevice, client: &ClientInfo) -> ApiResult<NewDevice> {
        let name = device_name(&req.name).map_err(|error| error.on("name"))?;
        let code = token_hash(req.code.trim());
        let (social, client, now) = (self.clone(), client.clone(), self.now());
        self.db()
            .write(move |tx| {
                // Counted also when the try is refused, so it is not undone with it.
                let subjects: Vec<Subject> = Subject::address(&client.address).into_iter().collect();
                throttle::begin(tx, &subjects, now)?;
                let found = match code {
                    Some(code) => table::code(tx, &code)?.filter(|(_, until)| now < *until),
                    None => None,
                };
                let Some((owner, _)) = found else {
                    return Ok(Err(no_code()));
                };
                let Some(row) = account::get(tx, owner)? else {
                    return Ok(Err(no_code()));
                };
                throttle::take_back(tx, &subjects, now)?;
                if !matches!(row.state, AccountState::Active | AccountState::Deleting) {
                    return Ok(Err(ApiError::forbidden(
                        "This account is locked. Ask an admin of this home to unlock it.",
                    )));
                }
                table::end_code(tx, owner)?;
                let (device, token) = social.add_device(tx, owner, name.clone(), now)?;
                let client = ClientInfo {
                    device: name,
                    paired: Some(device),
                    ..client
                };
                let (session, secret) = social.open_session(tx, owner, &client, now)?;
                raise(
                    tx,
                    &Notice {
                        to: owner,
                        kind: NotificationType::Security,
                        actor: None,
                        subject: SubjectRef::Account("new_device"),
                        at: now,
                    },
                )?;
                event::append(tx, Some(owner), now, &Event::AccountChanged)?;
                let viewer = Viewer {
                    person: owner,
                    role: row.role,
                    session,
                };
                Ok::<_, ApiError>(Ok(NewDevice {
                    me: me(tx, &viewer)?,
                    session: secret,
                    device: token,
                }))
            })
            .await?
    }

    /// The device that holds a token. One indexed read, and at most one write a minute.
    ///
    /// # Errors
    /// A database error.
    pub async fn device(&self, token: &str) -> ApiResult<Option<DeviceId>> {
        let Some(hash) = token_hash(token) else {
            return Ok(None);
        };
        let found = self
            .db()
            .read(move |tx| table::by_token(tx, &hash).map_err(ApiError::from))
            .await?;
        let Some(found) = found else { return Ok(None) };
        let now = self.now();
        if now.ms_since(found.last_used_at) >= TOUCH_MS {
            let touched = self.db().write(move |tx| table::touch(tx, found.id, now)).await;
            if let Err(error) = touched {
                // A full disk must not keep people from reading.
                tracing::warn!(error = %error, "The last use of a device was not noted");
            }
        }
        Ok(Some(found.id))
    }

    /// The viewer's devices, or for admins all of the home; `current` is the device that asks.
    ///
    /// # Errors
    /// A database error.
    pub async fn list_devices(&self, viewer: &Viewer, current: Option<DeviceId>) -> ApiResult<Vec<Device>> {
        let viewer = *viewer;
        self.db()
            .read(move |tx| {
                let whose = (!viewer.role.is_admin()).then_some(viewer.person);
                table::list(tx, whose)?
                    .into_iter()
                    .map(|row| {
                        let person = person::get(tx, row.person)?;
                        Ok(Device {
                            id: row.id,
                            name: row.name,
                            person: row.person,
                            person_name: person.map(|person| person.name).unwrap_or_default(),
                            made_at: row.made_at,
                            last_used_at: row.last_used_at,
                            current: current == Some(row.id),
                        })
                    })
                    .collect()
            })
            .await
    }

    /// Disconnects a device; every sign-in on it ends.
    ///
    /// # Errors
    /// `not_found` when there is none that the viewer may disconnect.
    pub async fn revoke_device(&self, viewer: &Viewer, req: RevokeDevice) -> ApiResult<()> {
        let (viewer, now) = (*viewer, self.now());
        self.db()
            .write(move |tx| {
                let device = table::get(tx, req.id)?
                    .filter(|device| device.person == viewer.person || viewer.role.is_admin())
                    .ok_or_else(ApiError::not_found)?;
                let people = hearth_db::session::people_on(tx, device.id)?;
                table::remove(tx, device.id)?;
                for person in people {
                    event::append(tx, Some(person), now, &Event::SessionEnded)?;
                }
                Ok(event::append(
                    tx,
                    Some(device.person),
                    now,
                    &Event::AccountChanged,
                )?)
            })
            .await
    }
}

#[cfg(test)]
mod tests;
