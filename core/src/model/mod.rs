//! What a salesperson would recognise: records, profiles, people, and who may do what.

pub mod access;
pub mod cbor;
pub mod clock;
pub mod date;
pub mod decimal;
pub mod fold;
pub mod hex;
pub mod id;
pub mod limits;
pub mod money;
pub mod office;
pub mod phone;
pub mod place;
pub mod problem;
pub mod profile;
pub mod quiet;
pub mod record;
pub mod tax_id;

pub use date::BusinessDate;
pub use decimal::Decimal;
pub use fold::fold;
pub use id::{ClientId, DeviceId, DocumentId, PartId, PersonId, RecordId, TerritoryId, TokenId, WorkspaceId};
pub use money::{Currency, Money};
