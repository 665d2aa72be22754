//! People: who works here, in which role, and what they may see.

pub mod access;
pub(crate) mod api;
pub mod first;
pub mod manage;
pub(crate) mod page;
pub mod sight;
#[cfg(test)]
mod tests;

use cartera_core::model::{PersonId, TerritoryId};

pub use cartera_core::model::access::Role;

/// People in a workspace, those who left included.
pub const PEOPLE_MAX: usize = 5_000;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 120;

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    /// Sees every territory, also those to come, and clients that have none.
    pub all_territories: bool,
    /// Those assigned by name, by id.
    pub territories: Vec<TerritoryId>,
    /// Grows whenever what the person may see changes; from 1.
    pub scope_version: u64,
    pub created_ms: i64,
    pub left_ms: Option<i64>,
}
