//! What a command can fail with.

use std::path::PathBuf;

use cartera_core::model::PersonId;

use super::config::ConfigError;
use super::export::ExportRefused;
use crate::app::OpenError;
use crate::backup::BackupError;
use crate::http::serve::ServeError;
use crate::http::tls::TlsError;
use crate::import::file::ImportFailed;
use crate::keys::KeysError;
use crate::refused::Refused;
use crate::serving::ServingError;
use crate::storage::StorageError;

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Serving(#[from] ServingError),
    #[error(
        "nobody knows yet how phones reach this relay: `serve` was never started with {folder}. Start it once, or say --public-url (and --tls, if the relay has a key of its own)"
    )]
    Unreached { folder: PathBuf },
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Import(#[from] ImportFailed),
    #[error(transparent)]
    Export(#[from] ExportRefused),
    #[error("{name:?} is the name of several people; give the id of one: {}", ids(.found))]
    Ambiguous { name: String, found: Vec<PersonId> },
    #[error("{0}")]
    Usage(String),
    #[cfg(feature = "demo")]
    #[error(transparent)]
    Demo(#[from] crate::demo::DemoError),
    #[error("the answer cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

impl CliError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(error) => error.code(),
            Self::Open(error) => error.code(),
            Self::Serve(error) => error.code(),
            Self::Serving(error) => error.code(),
            Self::Unreached { .. } => "address_unknown",
            Self::Refused(error) => error.code(),
            Self::Backup(error) => error.code(),
            Self::Import(error) => error.code(),
            Self::Export(refused) => refused.code,
            Self::Ambiguous { .. } => "ambiguous",
            Self::Usage(_) => "usage",
            #[cfg(feature = "demo")]
            Self::Demo(error) => error.code(),
            Self::Output(_) => "output",
        }
    }
}

impl From<TlsError> for CliError {
    fn from(error: TlsError) -> Self {
        Self::Serve(error.into())
    }
}

impl From<KeysError> for CliError {
    fn from(error: KeysError) -> Self {
        Self::Open(error.into())
    }
}

impl From<StorageError> for CliError {
    fn from(error: StorageError) -> Self {
        Self::Open(error.into())
    }
}

fn ids(found: &[PersonId]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
