//! Passwords: which are taken, and how they are kept (Argon2id, off the async threads).

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use hearth_api::{ApiError, ApiResult, Code};
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Shortest password, in characters.
const MIN_CHARS: usize = 8;
/// Longest password, in characters.
pub(crate) const MAX_CHARS: usize = 128;
/// How many are hashed at a time: each takes 19 MiB, and guessing must not starve everything else.
const AT_ONCE: usize = 2;

/// Passwords of 8 characters and more that are tried first.
const COMMON: &str = include_str!("common-passwords.txt");

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passwords {
    cost: Params,
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    /// What OWASP recommends for Argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self::with_cost(Params::DEFAULT)
    }
}

impl Passwords {
    fn with_cost(cost: Params) -> Self {
        Self {
            cost,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// As cheap as Argon2 can be.
    pub(crate) fn fast() -> Self {
        Self::with_cost(Params::new(Params::MIN_M_COST, 1, 1, None).unwrap_or(Params::DEFAULT))
    }

    /// Hashes a password; the answer is a PHC string.
    pub(crate) async fn hash(&self, password: Zeroizing<String>, salt: [u8; 16]) -> ApiResult<String> {
        self.run(move |argon| {
            let hash: PasswordHash = argon
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one hashed. With nothing to compare, the work is done all the same, so that the time taken
    /// does not tell whether there is an account.
    pub(crate) async fn verify(&self, password: Zeroizing<String>, hash: Option<String>) -> ApiResult<bool> {
        self.run(move |argon| {
            let Some(hash) = hash else {
                let worked: Result<PasswordHash, _> =
                    argon.hash_password_with_salt(password.as_bytes(), &[0; 16]);
                return worked.map(|_hash| false).map_err(internal);
            };
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            match argon.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(internal(error)),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(internal)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.cost.clone());
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&argon)
        })
        .await
        .map_err(internal)?
    }
}

fn internal(error: impl std::fmt::Display) -> ApiError {
    tracing::error!(error = %error, "Hashing a password failed");
    ApiError::new(Code::Internal, "Something went wrong on our side. Try again.")
}

/// Checks a new password; `field` is the request's, `own` what others know of the person.
///
/// # Errors
/// `invalid_<field>` for the length, `weak_password`.
pub(crate) fn check_new(password: &str, field: &str, own: &[&str]) -> ApiResult<()> {
    // Four bytes a character at most: the count stays cheap whatever comes.
    let chars = if password.len() > MAX_CHARS * 4 {
        usize::MAX
    } else {
        password.chars().count()
    };
    if chars < MIN_CHARS {
        return Err(ApiError::invalid(
            field,
            format!("A password has at least {MIN_CHARS} characters. A few words work well."),
        ));
    }
    if chars > MAX_CHARS {
        return Err(ApiError::invalid(
            field,
            format!("A password has at most {MAX_CHARS} characters. Shorten it."),
        ));
    }
    if is_weak(password, own) {
        return Err(ApiError::new(
            Code::WeakPassword,
            "This password is easy to guess. Choose another; four words that do not belong together are a good one.",
        )
        .on(field));
    }
    Ok(())
}

/// Whether a password is among those tried first: on the list, one of those with digits behind, a run, or one's own name.
fn is_weak(password: &str, own: &[&str]) -> bool {
    let folded = password.to_lowercase();
    let stem = folded.trim_end_matches(|c: char| !c.is_alphabetic());
    let common = |text: &str| COMMON.lines().any(|line| line == text);
    let named = own.iter().any(|name| {
        let name = name.trim().to_lowercase();
        let bare: String = name.split_whitespace().collect();
        !name.is_empty() && [&folded, stem].iter().any(|text| *text == name || *text == bare)
    });
    named || common(&folded) || common(stem) || is_run(&folded)
}

/// Whether every character follows from the one before in the same way: `aaaaaaaa`, `abcdefgh`, `87654321`.
fn is_run(text: &str) -> bool {
    let steps: Vec<i64> = text
        .chars()
        .zip(text.chars().skip(1))
        .map(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)))
        .collect();
    matches!(steps.split_first(), Some((first, rest)) if (-1..=1).contains(first) && rest.iter().all(|step| step == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> String {
        check_new(password, "password", &["Anna Önder", "anna.oender"])
            .err()
            .map_or("ok".to_owned(), |e| e.name())
    }

    #[test]
    fn length_counts_characters_and_nothing_else_is_asked() {
        assert_eq!(verdict("kürbis7"), "invalid_password", "seven characters");
        assert_eq!(verdict("kürbiskern"), "ok");
        assert_eq!(verdict(&"ab cd ef ".repeat(14)), "ok", "126 characters");
        assert_eq!(verdict(&"ü".repeat(129)), "invalid_password");
        assert_eq!(verdict(&"x".repeat(10_000_000)), "invalid_password");
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for weak in [
            "password",
            "Passwort123!",
            "PASSWORD",
            "football2026",
            "12345678",
            "hgfedcba",
            "zzzzzzzzzz",
            "Anna Önder",
            "annaönder1990",
            "anna.oender",
        ] {
            assert_eq!(verdict(weak), "weak_password", "{weak}");
        }
        assert_eq!(verdict("anna likes rain"), "ok");
    }

    #[test]
    fn the_list_is_in_order_and_of_use() {
        let words: Vec<&str> = COMMON.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(words.len() >= 1000);
        assert!(
            words.is_sorted()
                && words
                    .iter()
                    .all(|w| w.chars().count() >= MIN_CHARS && w.to_lowercase() == *w)
        );
    }

    #[tokio::test]
    async fn a_hash_is_checked_by_its_own_cost_and_never_holds_the_password() {
        let fast = Passwords::fast();
        let password = || Zeroizing::new("kürbiskern".to_owned());
        let hash = fast.hash(password(), [3; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(
            Passwords::default()
                .verify(password(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !fast
                .verify(Zeroizing::new("kurbiskern".to_owned()), Some(hash))
                .await
                .unwrap()
        );
        assert!(
            !fast.verify(password(), None).await.unwrap(),
            "nobody has no password"
        );
        let strong = Passwords::default().hash(password(), [3; 16]).await.unwrap();
        assert!(strong.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{strong}");
    }
}
