//! What the relay keeps, as traits by noun.
//!
//! Use cases know these traits and nothing of SQL. Every method is synchronous, takes and returns whole batches,
//! and is one transaction: none escapes. [`sqlite`] is the store inside the relay; another implementation has to
//! pass the same contract suite.

#[cfg(test)]
pub(crate) mod contract;
pub mod devices;
pub mod error;
pub mod people;
pub mod sqlite;
pub mod tokens;
pub mod workspace;

pub use devices::Devices;
pub use error::{Result, StorageError};
pub use people::{Audit, People, Territories};
pub use tokens::{Tokens, WorkspaceSettings};
pub use workspace::{Workspace, Workspaces};

/// All nouns together: what [`crate::App`] holds.
pub trait Storage:
    Workspaces
    + People
    + Territories
    + Devices
    + Tokens
    + WorkspaceSettings
    + Audit
    + std::fmt::Debug
    + Send
    + Sync
{
}

impl<T> Storage for T where
    T: Workspaces
        + People
        + Territories
        + Devices
        + Tokens
        + WorkspaceSettings
        + Audit
        + std::fmt::Debug
        + Send
        + Sync
{
}
