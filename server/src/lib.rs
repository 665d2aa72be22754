//! Cartera's relay: merges everybody's work and exports it to the back office.
//!
//! Use cases are synchronous functions over [`storage`] and `cartera_core::env::Env`; `http` is a shell around
//! them, and blocking threads run them.

pub mod app;
pub mod attention;
pub mod audit;
pub mod backup;
pub mod cli;
pub mod clients;
mod console;
mod data;
#[cfg(feature = "demo")]
pub mod demo;
pub mod devices;
pub mod export;
pub mod figures;
mod files;
pub mod folder;
pub mod help;
pub mod http;
pub mod import;
pub mod journal;
pub mod keys;
pub mod login;
pub mod office;
pub mod orders;
pub mod people;
pub mod portfolio;
pub mod projection;
pub mod quarantine;
pub mod refused;
pub mod secret;
pub mod segments;
pub mod serving;
pub mod settings;
pub mod storage;
pub mod sync;
pub mod telemetry;
pub mod territories;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod work;

pub use app::App;
pub use http::serve::{Listen, Listener, Running, serve};
pub use http::tls::Tls;
