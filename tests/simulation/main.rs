//! The simulated fleet under many seeds, and the proof that its oracle notices.

#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

mod cut;
mod fleet;
mod known;
mod notices;
mod repair;
mod session;
mod sight;
mod support;
