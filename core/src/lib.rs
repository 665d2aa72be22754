//! Cartera's engine: what a phone and the relay share, and what only a phone needs.
//!
//! Each layer calls only those above it in this list; `tests/layers.rs` checks that.
//!
//! | layer | what it is |
//! |---|---|
//! | [`env`] | clock and randomness, real and seeded |
//! | [`model`] | records, profiles, roles: what a salesperson would recognise |
//! | [`document`] | one Automerge document per client: append, edit, fold, admit, rebase |
//! | [`sync`] | how a phone and a relay talk |

pub mod document;
pub mod env;
pub mod model;
pub mod sync;
