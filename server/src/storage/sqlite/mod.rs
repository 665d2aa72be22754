//! The store inside the relay: one SQLite file.
//!
//! [`connection`] opens it and hands out the one writer and the readers; [`migrations`] lists the schema's steps;
//! each other file holds a noun's SQL.

pub(crate) mod audit;
pub(crate) mod backup;
mod codes;
mod connection;
pub(crate) mod devices;
pub(crate) mod export;
mod figures;
mod journal;
pub(crate) mod log;
mod logins;
pub(super) mod migrations;
mod overview;
pub(crate) mod people;
#[cfg(test)]
pub(crate) mod plans;
mod profiles;
mod publish;
mod segments;
mod settings;
mod territories;
#[cfg(test)]
mod tests;
mod tokens;
mod workspace;

pub use connection::SqliteStorage;
