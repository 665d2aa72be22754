//! The store inside the relay: one SQLite file.
//!
//! [`connection`] opens it and hands out the one writer and the readers; [`migrations`] lists the schema's steps;
//! each other file holds a noun's SQL.

mod connection;
mod migrations;
mod workspace;

pub use connection::SqliteStorage;
