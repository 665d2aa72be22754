//! What single steps cost: `cargo bench -p cartera-core --bench steps`, one of them with `-- NAME`.
//!
//! They are for comparing a step with itself before and after a change; the table that counts is the `bench` binary's.
//! `tests/bench/RESULTS.md` has their figures too.

#![allow(clippy::unwrap_used, missing_docs)] // a bench that cannot make its data has failed; criterion's macros

mod document;
mod made;
mod rows;
mod wire;

use criterion::{criterion_group, criterion_main};

criterion_group!(steps, document::all, wire::all, rows::all);
criterion_main!(steps);
