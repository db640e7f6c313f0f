//! The test harness: whole homes with people in them, in this process, over real loopback TLS.
//!
//! A [`World`] has one clock and any number of [`TestHome`]s; the people of a home ([`TestPerson`]) put commands to it
//! through `Node::dispatch`, as the window does. Nothing is delivered by itself unless the world is a live one:
//! [`World::pump`] carries what waits between the homes until nothing is left. A world fails at its end on leftovers: rows
//! that still wait in a log (unless the test said so), answers of the assistant that are still being written, errors logged.
//!
//! Rules: nobody sleeps, whoever waits waits for an event and for a bounded time; ports are free ones, folders temporary.
//!
//! Also here: homes in a simulated network under a seeded schedule ([`sim`]), a home that answers falsely ([`liar`]), lines that are slow or break ([`rough`]), network namespaces with real packets ([`country`]), the real program as a process ([`process`]), a plain HTTP client ([`http`]), another device in the network ([`device`]), drawn pictures ([`pictures`]), the
//! family of the demo ([`family`]).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a harness that cannot go on says so by a panic"
)]

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(target_os = "linux")]
pub mod country;
pub mod crowd;
#[cfg(all(feature = "desktop", target_os = "linux"))]
pub mod desktop;
pub mod device;
pub mod family;
pub mod figures;
pub mod home;
pub mod http;
pub mod liar;
pub mod model;
pub mod pair;
pub mod person;
pub mod pictures;
pub mod process;
pub mod recorded;
pub mod rough;
pub mod signing;
pub mod sim;
pub mod time;
pub mod voice;
#[cfg(any(feature = "browser", feature = "desktop"))]
pub mod webdriver;
pub mod wire;
pub mod world;

pub use home::TestHome;
pub use person::{Listener, TestPerson};
pub use time::{Seed, WorldClock, within};
pub use voice::Voice;
pub use world::World;

/// The password of everybody.
pub const PASSWORD: &str = "seven brown otters";
