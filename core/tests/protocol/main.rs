//! `core/docs/protocol.md` and the program say the same: its tables of fields, limits and codes, and its examples, are
//! made here and compared with the page. `UPDATE_DOCS=1 cargo test -p cartera-core --test protocol` writes them anew.

#![allow(clippy::unwrap_used)] // in tests

mod examples;
mod page;
mod tables;
