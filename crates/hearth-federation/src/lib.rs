//! The node-to-node protocol, `hearth/1`: wire types, keys, signatures and pairing.
//!
//! Clock, randomness and storage are passed in. All but the last layer is pure: no socket, no database. From the
//! bottom up:
//!
//! * who is who: [`keys`], [`ids`], [`secret`], [`identity`], [`address`]
//! * secrets at rest: [`sealed`]
//! * order: [`hlc`]
//! * what people say: [`jws`], [`activity`]
//! * how two homes meet: [`invite`], [`pairing`], [`words`], [`rotation`], [`limiter`]
//! * how they talk: [`tls`], [`signature`], [`structured`], [`problem`]
//! * what a home keeps: [`keystore`], [`log`]
//! * the running part, [`Federation`]: [`transport`] and [`client`] call, [`listener`] answers, [`reception`] takes in,
//!   [`delivery`] brings out, [`reconcile`] mends what a
//!   restored database lost, [`media`] moves files, and [`apply`] is what it asks of the rules; [`heard`] tries what it reads
//!
//! Invariants:
//!
//! * What was signed is kept as the exact text that was signed; nothing here canonicalises JSON.
//! * Every parser is bounded before it allocates and never panics; what it accepts, it writes back unchanged.
//! * Types that hold a secret zero it when dropped and print as `<redacted>`.
//! * `docs/protocol-vectors.json` is generated from this crate by a test and compared on every run.
//!
//! Not here: who may do what (that is `hearth-social`) and the tables of the peers' logs (`hearth-db`).

pub mod activity;
pub mod address;
pub mod apply;
mod aside;
pub mod bound;
pub mod client;
pub mod delivery;
mod encoding;
pub mod heard;
pub mod hlc;
mod homes;
pub mod identity;
pub mod ids;
pub mod invite;
pub mod jws;
mod kdf;
pub mod keys;
pub mod keystore;
pub mod limiter;
pub mod listener;
pub mod log;
pub mod media;
pub mod pairing;
mod pairing_service;
mod parting;
pub mod problem;
pub mod reception;
pub mod reconcile;
mod renewal;
pub mod rotation;
pub mod sealed;
pub mod secret;
mod service;
pub mod signature;
pub mod slots;
pub mod structured;
mod subscriptions;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod tls;
pub mod transport;
#[cfg(test)]
mod vectors;
pub mod words;

pub use delivery::PumpReport;
pub use listener::ListenerLimits;
pub use media::MediaSource;
pub use service::{Federation, Parts};
pub use transport::{TlsTransport, Transport};
