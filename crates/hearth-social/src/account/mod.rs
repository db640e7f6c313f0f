//! Accounts of this home: the first start, invites, settings, proving who one is, states.
//!
//! Invariants:
//!
//! * Whatever weakens or ends an account (password, second factor, role, deletion) asks the password again, counted like a sign-in.
//! * A change of password or second factor ends all other sessions; a password that is set anew by a code ends all of them.
//! * There is exactly one owner; nobody suspends, demotes or deletes the owner before the home was handed over.
//! * Accounts are for people of 16 and older: those with guardians come with a later version.
//!
//! Not here: sessions (`session`), what profiles say (`profile`).

mod check;
mod codes;
mod erase;
mod home;
mod invites;
mod manage;
mod passwords;
mod reset;
mod second_factor;
mod settings;

pub(crate) use check::{display_name, fold_username};
pub(crate) use passwords::Passwords;
pub(crate) use second_factor::{Proof, proves};

/// No longer input is taken for a password.
pub(crate) const MAX_PASSWORD_BYTES: usize = passwords::MAX_CHARS * 4;

use crate::session::throttle::{self, Subject};
use crate::{Social, Viewer};
use hearth_api::{ApiError, ApiResult, Code, PersonId};
use hearth_db::credential;
use zeroize::Zeroizing;

fn password_needed() -> ApiError {
    ApiError::new(
        Code::PasswordNeeded,
        "That is not your password. Enter it again to go on.",
    )
    .on("password")
}

impl Social {
    /// Checks the password again before something weighty elsewhere, such as the removal of a home. A wrong one counts like a failed
    /// sign-in.
    ///
    /// # Errors
    /// `password_needed` when it is wrong, `rate_limited`.
    pub async fn check_password(&self, viewer: &Viewer, password: &str) -> ApiResult<()> {
        self.confirm_password(viewer, password.to_owned()).await
    }

    /// Asks the password again before something weighty. A wrong one counts like a failed sign-in.
    ///
    /// # Errors
    /// `password_needed` when it is wrong, `rate_limited`.
    pub(crate) async fn confirm_password(&self, viewer: &Viewer, password: String) -> ApiResult<()> {
        let (person, now) = (viewer.person, self.now());
        let subject = Subject::person(person);
        let credential = self
            .db()
            .write(move |tx| {
                throttle::begin(tx, &[subject], now)?;
                Ok::<_, ApiError>(credential::get(tx, person)?)
            })
            .await?;
        let password = Zeroizing::new(password);
        let plausible = password.len() <= MAX_PASSWORD_BYTES;
        let hash = credential.map(|c| c.password);
        if !plausible || !self.passwords.verify(password, hash).await? {
            return Err(password_needed());
        }
        self.db().write(move |tx| throttle::clear(tx, subject)).await?;
        Ok(())
    }

    /// Hashes a new password with a fresh salt.
    async fn hash_password(&self, password: String) -> ApiResult<String> {
        let mut salt = [0; 16];
        self.parts.entropy.fill(&mut salt);
        self.passwords.hash(Zeroizing::new(password), salt).await
    }
}

/// Counts a wrong code like a wrong password; the answer says whether the code was right.
async fn confirm_code(social: &Social, person: PersonId, code: String) -> ApiResult<Proof> {
    let (now, keys) = (social.now(), std::sync::Arc::clone(&social.parts.keys));
    let subject = Subject::person(person);
    let proof = social
        .db()
        .write(move |tx| {
            throttle::begin(tx, &[subject], now)?;
            let proof = proves(tx, &keys, person, &code, now)?;
            if proof != Proof::None {
                throttle::clear(tx, subject)?;
            }
            Ok::<_, ApiError>(proof)
        })
        .await?;
    if proof == Proof::None {
        return Err(wrong_code());
    }
    Ok(proof)
}

fn wrong_code() -> ApiError {
    ApiError::new(
        Code::WrongCredentials,
        "That code is not right, or it was used before. Wait for the next one and try again.",
    )
    .on("code")
}

#[cfg(test)]
mod tests;
