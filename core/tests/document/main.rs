//! The document layer against Automerge itself: one binary, a file a subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that panics has failed

mod admission;
mod append;
mod examples;
mod fold;
mod header;
mod rebase;
mod snapshot;
mod speed;
mod support;
