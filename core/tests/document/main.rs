//! The document layer against Automerge itself: one binary, a file a subject.

mod admission;
mod append;
mod fold;
mod header;
mod rebase;
mod snapshot;
mod support;
