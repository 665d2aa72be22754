//! What the relay keeps, as traits by noun.
//!
//! Use cases know these traits and nothing of SQL. Every method is synchronous, takes and returns whole batches,
//! and is one transaction: none escapes. [`sqlite`] is the store inside the relay; another implementation has to
//! pass the same contract suite.

pub mod backup;
pub mod clients;
#[cfg(test)]
pub(crate) mod contract;
pub mod devices;
pub mod documents;
pub mod error;
pub mod export;
pub mod figures;
pub mod imports;
pub mod log;
pub mod logins;
pub mod office;
pub mod orders;
pub mod overview;
pub mod pages;
pub mod people;
pub mod profiles;
pub mod projection;
pub mod reached;
pub mod segments;
pub mod sqlite;
pub mod tokens;
pub mod workspace;

pub use backup::Backups;
pub use clients::Clients;
pub use devices::Devices;
pub use documents::Documents;
pub use error::{Result, StorageError};
pub use export::Exports;
pub use figures::Figures;
pub use imports::Imports;
pub use log::Log;
pub use logins::Logins;
pub use office::Office;
pub use orders::Orders;
pub use overview::Overviews;
pub use pages::Pages;
pub use people::{Audit, People, Territories};
pub use profiles::Profiles;
pub use projection::Projections;
pub use segments::Segments;
pub use tokens::{Tokens, WorkspaceSettings};
pub use workspace::{Workspace, Workspaces};

/// All nouns together: what [`crate::App`] holds.
pub trait Storage:
    Workspaces
    + People
    + Territories
    + Devices
    + Tokens
    + Logins
    + WorkspaceSettings
    + Audit
    + Log
    + Clients
    + Profiles
    + Office
    + Orders
    + Imports
    + Pages
    + Documents
    + Exports
    + Figures
    + Overviews
    + Projections
    + Segments
    + Backups
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
        + Logins
        + WorkspaceSettings
        + Audit
        + Log
        + Clients
        + Profiles
        + Office
        + Orders
        + Imports
        + Pages
        + Documents
        + Exports
        + Figures
        + Overviews
        + Projections
        + Segments
        + Backups
        + std::fmt::Debug
        + Send
        + Sync
{
}
