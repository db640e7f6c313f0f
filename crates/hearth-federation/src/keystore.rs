//! The home's own keys, sealed in the database with the master key.
//!
//! One node key, one key per local account, one secret per pair of homes. They leave the database only
//! unsealed into types that zero themselves.

use crate::bound::Bound;
use crate::keys::{NodeId, NodeKey, PersonKey};
use crate::sealed::{MasterKey, SealedError};
use hearth_api::ports::Entropy;
use hearth_api::{ApiError, Code, HomeId, PersonId};
use hearth_db::{DbError, ReadTx, WriteTx, secret};
use rand::{CryptoRng, TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

const NODE: &str = "node-key";

/// Why a key is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// There is none of that name.
    #[error("no such key")]
    Missing,
    /// The master key does not open it.
    #[error("the key store does not open")]
    Sealed(#[from] SealedError),
    /// The database failed.
    #[error("the key store cannot be read")]
    Db(#[from] DbError),
}

impl From<KeyStoreError> for ApiError {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::Db(error) => error.into(),
            KeyStoreError::Missing | KeyStoreError::Sealed(_) => {
                tracing::error!(error = %error, "Key store failed");
                Self::new(
                    Code::KeychainLocked,
                    "This home's key store does not open. Unlock it and start Hearth again.",
                )
            }
        }
    }
}

/// The key store of a home.
pub struct KeyStore {
    master: MasterKey,
    entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyStore(<redacted>)")
    }
}

impl KeyStore {
    /// A key store that seals with `master`.
    #[must_use]
    pub fn new(master: MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        Self { master, entropy }
    }

    /// Randomness for keys and nonces.
    #[must_use]
    pub fn rng(&self) -> EntropyRng<'_> {
        EntropyRng(&*self.entropy)
    }

    /// Seals and stores any secret under a name.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn put(&self, tx: &mut WriteTx<'_>, name: &str, bytes: &[u8]) -> Result<(), KeyStoreError> {
        let sealed = self.master.seal(&mut self.rng(), name, bytes)?;
        Ok(secret::set(tx, name, &sealed)?)
    }

    /// Opens a secret by name.
    ///
    /// # Errors
    /// [`KeyStoreError::Missing`] when there is none.
    pub fn get(&self, tx: &ReadTx<'_>, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyStoreError> {
        let sealed = secret::get(tx, name)?.ok_or(KeyStoreError::Missing)?;
        Ok(self.master.open(name, &sealed)?)
    }

    fn get_32(&self, tx: &ReadTx<'_>, name: &str) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
        let sealed = secret::get(tx, name)?.ok_or(KeyStoreError::Missing)?;
        Ok(self.master.open_array::<32>(name, &sealed)?)
    }

    /// This home's node key.
    ///
    /// # Errors
    /// [`KeyStoreError::Missing`] before it was made.
    pub fn node(&self, tx: &ReadTx<'_>) -> Result<NodeKey, KeyStoreError> {
        Ok(NodeKey::from_secret_bytes(&*self.get_32(tx, NODE)?))
    }

    /// This home's node key, made now if there is none.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn node_or_new(&self, tx: &mut WriteTx<'_>) -> Result<NodeKey, KeyStoreError> {
        match self.node(tx) {
            Err(KeyStoreError::Missing) => {
                let key = NodeKey::generate(&mut self.rng());
                self.put(tx, NODE, &*key.to_secret_bytes())?;
                Ok(key)
            }
            other => other,
        }
    }

    /// The key that signs what a local account authors.
    ///
    /// # Errors
    /// [`KeyStoreError::Missing`] for anybody who is not a local account.
    pub fn person(&self, tx: &ReadTx<'_>, person: PersonId) -> Result<PersonKey, KeyStoreError> {
        Ok(PersonKey::from_secret_bytes(
            &*self.get_32(tx, &format!("person-key:{person}"))?,
        ))
    }

    /// Makes and stores the key of a new local account, and the id that is bound to it, with the time of `fresh`.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn new_person(
        &self,
        tx: &mut WriteTx<'_>,
        fresh: Uuid,
    ) -> Result<(PersonId, PersonKey), KeyStoreError> {
        let key = PersonKey::generate(&mut self.rng());
        let person = PersonId(Bound::Person { key: &key.public() }.name(fresh));
        self.put(tx, &format!("person-key:{person}"), &*key.to_secret_bytes())?;
        Ok((person, key))
    }
}

/// The passed-in randomness as the random number generator that the cryptographic crates take.
pub struct EntropyRng<'a>(&'a dyn Entropy);

impl std::fmt::Debug for EntropyRng<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EntropyRng")
    }
}

impl<'a> EntropyRng<'a> {
    /// Draws from this source.
    #[must_use]
    pub fn new(entropy: &'a dyn Entropy) -> Self {
        Self(entropy)
    }
}

impl TryRng for EntropyRng<'_> {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(buffer);
        Ok(())
    }
}
impl TryCryptoRng for EntropyRng<'_> {}

const _: fn(&mut EntropyRng<'_>) = |rng| {
    fn is_crypto(_: &mut dyn CryptoRng) {}
    is_crypto(rng);
};

impl From<&NodeId> for HomeId {
    fn from(id: &NodeId) -> Self {
        // Both are the same base32 text.
        id.to_string()
            .parse()
            .unwrap_or_else(|_: hearth_api::InvalidId| unreachable!("a node id is a home id"))
    }
}
