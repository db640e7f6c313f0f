//! Helpers of the unit tests: a reproducible source of "randomness", keys by number.

use std::convert::Infallible;

use rand::{TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::keys::{NodeKey, PersonKey};

/// A generator that gives the same bytes in every run: SHA-256 of a seed and a counter.
pub(crate) struct CountingRng {
    seed: u64,
    counter: u64,
}

impl CountingRng {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }

    fn block(&mut self) -> [u8; 32] {
        self.counter += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(self.counter.to_be_bytes());
        hash.finalize().into()
    }
}

impl TryRng for CountingRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.block()[..4].try_into().unwrap()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.block()[..8].try_into().unwrap()))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(32) {
            let block = self.block();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for CountingRng {}

/// The node key of a numbered test node.
pub(crate) fn node(number: u8) -> NodeKey {
    NodeKey::from_secret_bytes(&[number; 32])
}

/// The key of a numbered test person.
pub(crate) fn person(number: u8) -> PersonKey {
    PersonKey::from_secret_bytes(&[0x80 | number; 32])
}

/// A numbered UUIDv7.
pub(crate) fn uuid7(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number)
}
