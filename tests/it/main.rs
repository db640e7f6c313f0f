//! The end-to-end suites: stories of homes and people. `hearth_tests` is the harness they stand on.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod access;
mod aside;
mod authorisation;
mod backup;
mod backup_elsewhere;
mod before_update;
#[cfg(feature = "browser")]
mod browser;
mod chat;
mod cli;
mod compat;
mod corpus;
#[cfg(target_os = "linux")]
mod countryside;
#[cfg(all(feature = "desktop", target_os = "linux"))]
mod desktop;
mod doctor;
mod ending;
#[cfg(target_os = "linux")]
mod failing_disk;
mod first_home;
mod kept;
mod killed;
mod later;
mod lies;
#[cfg(target_os = "linux")]
mod limits;
mod live;
mod misnamed;
mod models;
mod pairing;
mod pause;
mod quiet;
#[cfg(any(feature = "browser", all(feature = "desktop", target_os = "linux")))]
mod reading;
mod relays;
mod restored;
mod rough_lines;
mod scope;
mod security;
mod signed;
mod sim;
mod taking_back;
mod three_homes;
mod two_homes;
mod verifier;
