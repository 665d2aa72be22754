//! Real engines, each with its own database, against a real relay over real HTTP.

#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

mod figures;
mod first_sync;
mod moved;
mod offers;
mod orders;
mod orders_restored;
mod overview;
mod own_document;
mod owned;
mod permitted;
mod quarantine;
mod restored;
mod restored_phones;
mod segments;
mod two_phones;
mod visit_plan;
mod world;
