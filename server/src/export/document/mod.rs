//! A client's document and its history: nothing of what people wrote stays behind in a form of this program's own.
//!
//! The document is the one that phones have, an Automerge document that any Automerge library loads;
//! `core/docs/document.md` says what its keys and values are. The history tells each change with what only the relay
//! knows: whose actor it was, when it was received, at which number of the log.
//!
//! A client that was merged has its own document still (documents are never combined), and the answer says of which
//! client it is an alias. One that was erased is gone, and the answer says so for ever.

pub(crate) mod api;
mod history;
#[cfg(test)]
mod tests;

use cartera_core::model::ClientId;
use cartera_core::sync::wire::PageDocument;

pub use history::History;

use crate::storage::documents::{Documents, Kept};
use crate::storage::{self, StorageError};

#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("there is no client {0}")]
    Unknown(ClientId),
    #[error("the data of client {0} were erased for good; only its id is remembered")]
    Erased(ClientId),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl DocumentError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "not_found",
            Self::Erased(_) => "erased",
            Self::Storage(error) => error.code(),
        }
    }
}

/// The document as one Automerge chunk, with its heads.
pub fn document(store: &(impl Documents + ?Sized), client: ClientId) -> Result<PageDocument, DocumentError> {
    here(client, store.client_document(client))
}

fn here<T>(client: ClientId, kept: storage::Result<Kept<T>>) -> Result<T, DocumentError> {
    match kept? {
        Kept::Here(found) => Ok(found),
        Kept::Erased => Err(DocumentError::Erased(client)),
        Kept::Unknown => Err(DocumentError::Unknown(client)),
    }
}
