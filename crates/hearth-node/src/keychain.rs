//! This computer's keychain: the Secret Service of a Linux desktop, the Keychain of macOS, the Credential Manager of Windows.
//!
//! It is opened only when it is asked for something, so that a home whose key lies elsewhere needs none. Everything here
//! blocks, also for as long as the system asks a person to unlock it, but not for ever.

use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error};
use std::sync::mpsc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Under which name the keychain lists what is Hearth's.
const SERVICE: &str = "family.hearth.Hearth";
/// How long a person has to unlock it when the system asks.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why the keychain does not give or take something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// It answers, and has nothing under that name.
    #[error("this computer's keychain has no key for this home")]
    Missing,
    /// It is there, but locked, or nobody unlocked it when asked.
    #[error("this computer's keychain is locked")]
    Locked,
    /// There is none that answers, as in a session without a desktop; the text is the system's.
    #[error("this computer's keychain does not answer ({0})")]
    Unavailable(String),
}

/// A place that the system guards for small secrets.
pub trait Keychain: Send + Sync {
    /// Whether there is one that answers. Unlocks nothing.
    ///
    /// # Errors
    /// [`KeychainError::Unavailable`].
    fn probe(&self) -> Result<(), KeychainError>;
    /// The secret under `entry`.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn read(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, KeychainError>;
    /// Keeps `secret` under `entry`, in the place of what was there.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn write(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError>;
    /// Forgets what is under `entry`; fine if nothing is.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn remove(&self, entry: &str) -> Result<(), KeychainError>;
}

/// The keychain of the system that this program runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn probe(&self) -> Result<(), KeychainError> {
        patiently(|| open("probe").map(drop))
    }

    fn read(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
        let entry = entry.to_owned();
        patiently(move || open(&entry)?.get_secret().map(Zeroizing::new))
    }

    fn write(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        let (entry, secret) = (entry.to_owned(), Zeroizing::new(secret.to_vec()));
        patiently(move || open(&entry)?.set_secret(&secret))
    }

    fn remove(&self, entry: &str) -> Result<(), KeychainError> {
        let entry = entry.to_owned();
        match patiently(move || open(&entry)?.delete_credential()) {
            Err(KeychainError::Missing) => Ok(()),
            result => result,
        }
    }
}

#[cfg(target_os = "linux")]
fn open(entry: &str) -> Result<Entry, Error> {
    zbus_secret_service_keyring_store::Store::new()?.build(SERVICE, entry, None)
}

#[cfg(target_os = "macos")]
fn open(entry: &str) -> Result<Entry, Error> {
    apple_native_keyring_store::keychain::Store::new()?.build(SERVICE, entry, None)
}

#[cfg(windows)]
fn open(entry: &str) -> Result<Entry, Error> {
    windows_native_keyring_store::Store::new()?.build(SERVICE, entry, None)
}

/// Asks on a thread of its own: the system may wait for a person who never comes.
fn patiently<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, KeychainError> {
    let (answered, answer) = mpsc::channel();
    std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Nobody may be listening any more.
            let _ = answered.send(ask());
        })
        .map_err(|error| KeychainError::Unavailable(error.to_string()))?;
    match answer.recv_timeout(PATIENCE) {
        Ok(result) => result.map_err(in_our_words),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(KeychainError::Locked),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(KeychainError::Unavailable("it broke off".to_owned()))
        }
    }
}

fn in_our_words(error: Error) -> KeychainError {
    match error {
        Error::NoEntry => KeychainError::Missing,
        Error::NoStorageAccess(why) => {
            tracing::warn!(error = %why, "The keychain is not open to this program");
            KeychainError::Locked
        }
        other => KeychainError::Unavailable(other.to_string()),
    }
}

#[cfg(test)]
pub(crate) mod fake {
    //! A keychain in memory that can be told to fail.

    use super::*;
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    #[derive(Default)]
    pub(crate) struct MemoryKeychain(Mutex<State>);

    #[derive(Default)]
    struct State {
        entries: BTreeMap<String, Vec<u8>>,
        trouble: Option<KeychainError>,
        forgets: bool,
    }

    impl MemoryKeychain {
        pub(crate) fn len(&self) -> usize {
            self.0.lock().unwrap().entries.len()
        }
        pub(crate) fn fail_with(&self, trouble: Option<KeychainError>) {
            self.0.lock().unwrap().trouble = trouble;
        }
        pub(crate) fn forget_what_is_written(&self, forgets: bool) {
            self.0.lock().unwrap().forgets = forgets;
        }
        fn state(&self) -> Result<std::sync::MutexGuard<'_, State>, KeychainError> {
            let state = self.0.lock().unwrap();
            state.trouble.clone().map_or(Ok(state), Err)
        }
    }

    impl Keychain for MemoryKeychain {
        fn probe(&self) -> Result<(), KeychainError> {
            self.state().map(drop)
        }
        fn read(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
            let secret = self.state()?.entries.get(entry).cloned();
            secret.map(Zeroizing::new).ok_or(KeychainError::Missing)
        }
        fn write(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
            let mut state = self.state()?;
            if !state.forgets {
                state.entries.insert(entry.to_owned(), secret.to_vec());
            }
            Ok(())
        }
        fn remove(&self, entry: &str) -> Result<(), KeychainError> {
            self.state()?.entries.remove(entry);
            Ok(())
        }
    }
}
