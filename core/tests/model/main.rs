//! What the model says, seen from outside: words for everything, and the written description of the format.

#![allow(clippy::unwrap_used)] // in tests

mod documents;
mod records_doc;
mod strings;
