//! The commands about the place of the home's key.

use crate::OpenError;
use crate::keychain::KeychainError;
use crate::master::{self, MasterKeyError, Place, moving};
use crate::node::Node;
use hearth_api::app::{KeyLies, KeyPlace};
use hearth_api::{ApiError, ApiResult, Code};
use std::sync::PoisonError;

impl Node {
    /// Where the key lies, and whether the computer's keychain answers.
    pub(crate) async fn key_place(&self) -> ApiResult<KeyPlace> {
        self.blocking(|node| {
            let config = node.config();
            Ok(KeyPlace {
                lies: match master::place(&config.data_dir) {
                    Place::KeyFile => KeyLies::KeyFile,
                    Place::Passphrase => KeyLies::Passphrase,
                    Place::Keychain => KeyLies::Keychain,
                },
                keychain: config.keychain.probe().is_ok(),
            })
        })
        .await
    }

    /// Moves the key into the keychain or back.
    pub(crate) async fn set_key_place(&self, in_keychain: bool) -> ApiResult<KeyPlace> {
        self.blocking(move |node| {
            let config = node.config();
            // Held throughout: two moves at once would each undo what the other relies on.
            let key = node.master().lock().unwrap_or_else(PoisonError::into_inner);
            let (dir, keychain) = (&config.data_dir, &*config.keychain);
            let moved = if in_keychain {
                moving::to_keychain(dir, keychain, &*config.entropy)
            } else {
                moving::to_file(dir, &key, keychain)
            };
            moved.map_err(refused)?;
            tracing::info!(in_keychain, "The key of this home was moved");
            Ok(())
        })
        .await?;
        self.key_place().await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let node = self.clone();
        tokio::task::spawn_blocking(move || work(&node))
            .await
            .map_err(|error| ApiError::new(Code::Internal, error.to_string()))?
    }
}

/// In words that fit a home that runs: nothing was moved.
fn refused(error: MasterKeyError) -> ApiError {
    match error {
        MasterKeyError::PassphraseNeeded => ApiError::new(
            Code::WrongState,
            "This home is locked with a passphrase, and so has no key that could be moved.",
        ),
        MasterKeyError::Keychain(error) => ApiError::new(
            Code::KeychainUnavailable,
            format!("Nothing was moved: {error}. {}", next_step(&error)),
        ),
        other => ApiError::new(Code::StorageError, OpenError::from(other).in_words()),
    }
}

fn next_step(error: &KeychainError) -> &'static str {
    match error {
        KeychainError::Locked => "Unlock it and try again.",
        KeychainError::Missing | KeychainError::Unavailable(_) => {
            "The key stays in its file, where it works as before."
        }
    }
}
