//! Territories: sets of clients that somebody looks after. A client is in exactly one.

use cartera_core::model::TerritoryId;

/// Clients that belong to nobody yet; managers see it.
pub const UNASSIGNED: TerritoryId = TerritoryId::from_bytes([0; 16]);
/// Territories in a workspace, [`UNASSIGNED`] included. A scope on the wire holds as many.
pub const TERRITORIES_MAX: usize = 5_000;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    pub id: TerritoryId,
    pub name: String,
    pub created_ms: i64,
}

/// A name as it is compared: two that differ only in case or blanks are one.
pub fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
