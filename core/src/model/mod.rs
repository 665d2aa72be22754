//! What a salesperson would recognise: records, profiles, people, and who may do what.

pub mod id;

pub use id::{ClientId, DeviceId, DocumentId, PersonId, RecordId, TerritoryId, TokenId, WorkspaceId};
