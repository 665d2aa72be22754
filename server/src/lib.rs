//! Cartera's relay: merges everybody's work and exports it to the back office.
//!
//! Use cases are synchronous functions over [`storage`] and `cartera_core::env::Env`; `http` is a shell around
//! them, and blocking threads run them.

#[cfg(feature = "demo")]
pub mod demo;
pub mod import;
pub mod storage;
