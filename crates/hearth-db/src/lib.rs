//! The one place with SQL.
//!
//! [`Db`] owns one writer connection, run by an actor thread that commits queued writes together, and a few
//! `query_only` readers. Closures get a [`ReadTx`] or a [`WriteTx`]; functions that change something take `&mut WriteTx`, so a write
//! inside a read does not compile. Each file of [`table`] holds the row types and statements of one table.
//!
//! How to change the schema: add `migrations/NNNN_name.sql` (forward only, never edit a released one), list it in
//! `migrate.rs`, run the tests with `UPDATE_SCHEMA=1` to renew `docs/schema.sql`.
//!
//! Not here: rules. This crate stores what it is told.

mod error;
mod migrate;
mod pool;
pub mod snapshot;
mod sql;
pub mod table;
mod tx;

pub use error::{DbError, DbResult};
pub use migrate::SCHEMA_VERSION;
pub use pool::{Db, DbOptions};
pub use table::*;
pub use tx::{ReadTx, Wake, WriteTx};
