//! The second factor: time-based one-time passwords (RFC 6238) and recovery codes.
//!
//! The secret is sealed in the key store, one name while the set-up is unfinished, another once it is in use. Recovery
//! codes hold 80 random bits, so a plain hash is enough to keep them.

use super::codes::grouped;
use super::settings::raise_security;
use super::{confirm_code, wrong_code};
use crate::session::end_sessions;
use crate::session::throttle::{self, Subject};
use crate::{Social, Viewer};
use data_encoding::BASE32_NOPAD;
use hearth_api::account::{
    BeginTotp, ConfirmTotp, DisableTotp, RecoveryCodes, RenewRecoveryCodes, TotpSetup,
};
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, Timestamp};
use hearth_db::{WriteTx, account, credential, event, secret};
use hearth_federation::keystore::KeyStore;
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest as _, Sha256};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// Bytes of a secret (RFC 4226, 4, R6 recommends 160 bits).
const SECRET_BYTES: usize = 20;
/// Seconds of a time step.
const STEP_SECS: u64 = 30;
/// How long a set-up may stay unfinished.
const SETUP_MS: i64 = 15 * 60_000;
/// How many recovery codes there are.
const CODES: usize = 10;
/// Random bytes of a recovery code: 16 characters of base32.
const CODE_BYTES: usize = 10;
/// Longer input is no code.
const MAX_CODE_BYTES: usize = 64;

/// What a code proved to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Nothing.
    None,
    /// A fresh code of the authenticator.
    Totp,
    /// A recovery code, which is used up now.
    Recovery,
}

fn secret_name(person: PersonId) -> String {
    format!("totp:{person}")
}

fn pending_name(person: PersonId) -> String {
    format!("totp-pending:{person}")
}

fn broken(error: impl std::fmt::Display) -> ApiError {
    tracing::error!(error = %error, "Making a second factor failed");
    ApiError::new(Code::Internal, "Something went wrong on our side. Try again.")
}

fn totp(secret: &[u8], account: &str) -> ApiResult<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_SECS)
        .with_secret(secret)
        .with_issuer(Some("Hearth"))
        // A colon would end the name in the URL's label.
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(broken)
}

/// The step of a valid code, of the present time step or one beside it.
fn step_of(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.0.div_euclid(1000)).ok()?;
    i64::try_from(totp.check(code, seconds)?).ok()
}

/// A code as typed, without blanks and hyphens, in lower case.
fn normal(code: &str) -> Option<Zeroizing<String>> {
    if code.len() > MAX_CODE_BYTES {
        return None;
    }
    Some(Zeroizing::new(
        code.chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .flat_map(char::to_lowercase)
            .collect(),
    ))
}

fn recovery_hash(person: PersonId, code: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(person.as_bytes());
    hash.update(code);
    hash.finalize().into()
}

/// Whether a code proves that it is this person; what it is used for it cannot be used for again.
///
/// # Errors
/// When the key store or the database fails.
pub(crate) fn proves(
    tx: &mut WriteTx<'_>,
    keys: &KeyStore,
    person: PersonId,
    code: &str,
    now: Timestamp,
) -> ApiResult<Proof> {
    let Some(code) = normal(code) else {
        return Ok(Proof::None);
    };
    if code.len() == 6 {
        let secret = keys.get(tx, &secret_name(person))?;
        return Ok(match step_of(&totp(&secret, "")?, &code, now) {
            Some(step) if credential::take_totp_step(tx, person, step)? => Proof::Totp,
            _ => Proof::None,
        });
    }
    let taken = credential::take_recovery_code(tx, person, &recovery_hash(person, &code))?;
    Ok(if taken { Proof::Recovery } else { Proof::None })
}

/// Takes the second factor away with everything that belongs to it.
pub(super) fn remove(tx: &mut WriteTx<'_>, person: PersonId) -> ApiResult<()> {
    credential::set_totp(tx, person, false, 0)?;
    credential::set_recovery_codes(tx, person, &[])?;
    secret::delete(tx, &secret_name(person))?;
    Ok(secret::delete(tx, &pending_name(person))?)
}

impl Social {
    /// Begins setting up a second factor; nothing changes until [`Social::confirm_totp`].
    ///
    /// # Errors
    /// `password_needed`, `rate_limited`, `wrong_state` when there is one already.
    pub async fn begin_totp(&self, viewer: &Viewer, req: BeginTotp) -> ApiResult<TotpSetup> {
        self.confirm_password(viewer, req.password).await?;
        let mut fresh = Zeroizing::new([0u8; SECRET_BYTES]);
        self.parts.entropy.fill(fresh.as_mut_slice());
        let (social, person, now) = (self.clone(), viewer.person, self.now());
        self.db()
            .write(move |tx| {
                let row = account::get(tx, person)?.ok_or_else(ApiError::not_found)?;
                if credential::get(tx, person)?.is_none_or(|credential| credential.totp) {
                    return Err(ApiError::wrong_state(
                        "A second factor is set up already. Switch it off first, then set up the new one.",
                    ));
                }
                social
                    .parts
                    .keys
                    .put(tx, &pending_name(person), fresh.as_slice())?;
                credential::set_totp_begun(tx, person, Some(now))?;
                let totp = totp(fresh.as_slice(), &row.username)?;
                let url = totp.to_url().map_err(broken)?;
                let qr = QrCode::new(&url).map_err(broken)?;
                let qr_svg = qr.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
                Ok(TotpSetup {
                    secret: totp.secret().to_base32(),
                    url,
                    qr_svg,
                })
            })
            .await
    }

    /// Switches the second factor on, with a first valid code; ends all other sessions.
    ///
    /// # Errors
    /// `wrong_state` when no set-up is under way, `wrong_credentials` for a wrong code, `rate_limited`.
    pub async fn confirm_totp(&self, viewer: &Viewer, req: ConfirmTotp) -> ApiResult<RecoveryCodes> {
        let (social, viewer, now) = (self.clone(), *viewer, self.now());
        let subject = Subject::person(viewer.person);
        self.db()
            .write(move |tx| {
                let person = viewer.person;
                let begun = credential::get(tx, person)?
                    .filter(|c| !c.totp)
                    .and_then(|c| c.totp_begun_at);
                if begun.is_none_or(|at| now.ms_since(at) > SETUP_MS) {
                    return Err(ApiError::wrong_state(
                        "Begin again: the secret was not confirmed in time.",
                    ));
                }
                throttle::begin(tx, &[subject], now)?;
                let secret = social.parts.keys.get(tx, &pending_name(person))?;
                let step = normal(&req.code)
                    .and_then(|code| Some((totp(&secret, "").ok()?, code)))
                    .and_then(|(totp, code)| step_of(&totp, &code, now));
                let Some(step) = step else {
                    return Ok(Err(wrong_code()));
                };
                throttle::clear(tx, subject)?;
                social.parts.keys.put(tx, &secret_name(person), &secret)?;
                secret::delete(tx, &pending_name(person))?;
                credential::set_totp(tx, person, true, step)?;
                let codes = social.new_recovery_codes(tx, person)?;
                end_sessions(tx, person, Some(viewer.session), now)?;
                event::append(tx, Some(person), now, &Event::AccountChanged)?;
                raise_security(tx, person, "totp_on", now)?;
                Ok::<_, ApiError>(Ok(codes))
            })
            .await?
    }

    /// Switches the second factor off; ends all other sessions.
    ///
    /// # Errors
    /// `password_needed`, `wrong_credentials` for a wrong code, `rate_limited`, `wrong_state` when there is none.
    pub async fn disable_totp(&self, viewer: &Viewer, req: DisableTotp) -> ApiResult<()> {
        self.require_totp(viewer).await?;
        self.confirm_password(viewer, req.password).await?;
        confirm_code(self, viewer.person, req.code).await?;
        let (viewer, now) = (*viewer, self.now());
        self.db()
            .write(move |tx| {
                remove(tx, viewer.person)?;
                end_sessions(tx, viewer.person, Some(viewer.session), now)?;
                event::append(tx, Some(viewer.person), now, &Event::AccountChanged)?;
                raise_security(tx, viewer.person, "totp_off", now)
            })
            .await
    }

    /// Makes new recovery codes; the old ones stop working, and all other sessions end.
    ///
    /// # Errors
    /// `password_needed`, `wrong_credentials` for a wrong code, `rate_limited`, `wrong_state` when there is no second factor.
    pub async fn renew_recovery_codes(
        &self,
        viewer: &Viewer,
        req: RenewRecoveryCodes,
    ) -> ApiResult<RecoveryCodes> {
        self.require_totp(viewer).await?;
        self.confirm_password(viewer, req.password).await?;
        confirm_code(self, viewer.person, req.code).await?;
        let (social, viewer, now) = (self.clone(), *viewer, self.now());
        self.db()
            .write(move |tx| {
                let codes = social.new_recovery_codes(tx, viewer.person)?;
                end_sessions(tx, viewer.person, Some(viewer.session), now)?;
                raise_security(tx, viewer.person, "recovery_codes_renewed", now)?;
                Ok(codes)
            })
            .await
    }

    async fn require_totp(&self, viewer: &Viewer) -> ApiResult<()> {
        let person = viewer.person;
        let on = self
            .db()
            .read(move |tx| credential::get(tx, person).map_err(ApiError::from))
            .await?;
        if on.is_some_and(|credential| credential.totp) {
            Ok(())
        } else {
            Err(ApiError::wrong_state(
                "There is no second factor to change. Set one up first.",
            ))
        }
    }

    /// Replaces the recovery codes.
    fn new_recovery_codes(&self, tx: &mut WriteTx<'_>, person: PersonId) -> ApiResult<RecoveryCodes> {
        let mut codes = Vec::with_capacity(CODES);
        let mut hashes = Vec::with_capacity(CODES);
        for _ in 0..CODES {
            let mut bytes = Zeroizing::new([0u8; CODE_BYTES]);
            self.parts.entropy.fill(bytes.as_mut_slice());
            let code = BASE32_NOPAD.encode(bytes.as_slice()).to_lowercase();
            hashes.push(recovery_hash(person, &code));
            codes.push(grouped(&code));
        }
        credential::set_recovery_codes(tx, person, &hashes)?;
        Ok(RecoveryCodes { codes })
    }
}
