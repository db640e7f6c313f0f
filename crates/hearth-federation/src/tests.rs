//! Two homes and more over real TLS on loopback, with rules that only write down what they were given.

mod alone;
mod copies;
mod delivery;
mod later;
mod limits;
mod lives;
mod media;
mod meeting;
mod offers;
mod paused;
mod pull;
mod renewal;
mod rig;
mod running;
mod secrets;
mod trust;
