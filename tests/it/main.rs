//! The end-to-end suites: stories of homes and people. `hearth_tests` is the harness they stand on.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod first_home;
mod pairing;
mod two_homes;
