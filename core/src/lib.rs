//! Cartera's engine: what a phone and the relay share, and what only a phone needs.
//!
//! Each layer calls only those above it in this list; `tests/layers.rs` checks that.
//!
//! | layer | what it is |
//! |---|---|
//! | [`env`] | clock and randomness, real and seeded |
//! | [`strings`] | every word that a person reads, in Spanish and English |
//! | [`model`] | records, profiles, roles: what a salesperson would recognise |
//! | [`document`] | one Automerge document per client: append, edit, fold, admit, rebase |
//! | [`rows`] | changes become rows: the read tables that phone and relay share |
//! | [`metrics`] | figures: pure functions of integers that rows hold |
//! | [`portfolio`] | what people ask of their clients, from rows and figures |
//! | [`store`] | the phone's database: rows, outbox, attention |
//! | [`query`] | what screens ask |
//! | [`sync`] | how a phone and a relay talk: messages, session, network |
//! | [`engine`] | what apps hold |

pub mod document;
#[cfg(feature = "phone")]
pub mod engine;
pub mod env;
pub mod metrics;
pub mod model;
pub mod portfolio;
pub mod query;
pub mod rows;
#[cfg(feature = "phone")]
pub mod store;
pub mod strings;
pub mod sync;
