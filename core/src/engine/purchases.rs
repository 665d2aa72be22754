//! Orders, direct sales and returns, and their drafts.

use super::records::About;
use super::{Engine, EngineError, Saved};
use crate::model::limits::RECORD_BYTES_MAX;
use crate::model::problem::{Code, Problem};
use crate::model::record::{Body, Kind, Purchase, Record};
use crate::model::{ClientId, RecordId};
use crate::store::drafts::{self, DRAFTS_MAX, Draft};

impl Engine {
    /// An order, direct sale or return, under the id that its draft was given when it began
    /// ([`Engine::new_record_id`]): placing it again is no second order. Its draft is gone with it.
    pub fn place_order(
        &self,
        client: &ClientId,
        id: RecordId,
        order: Purchase,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            let saved =
                self.append_in(tx, document, Kind::Purchase, order.into(), About::Nothing, Some(id))?;
            drafts::remove(tx, client, &id)?;
            Ok(saved)
        })
    }

    /// Keeps an order that is being written, right or not yet, in the place of what was kept of it before. Nobody is told:
    /// it is no work that could be sent.
    ///
    /// # Errors
    /// `invalid` where it is larger than any record may be, or [`DRAFTS_MAX`] others are kept.
    pub fn keep_draft(&self, client: &ClientId, id: RecordId, order: Purchase) -> Result<(), EngineError> {
        let too = |field: &str, code, limit: usize| {
            let limit = i64::try_from(limit).ok();
            Err(EngineError::Invalid(vec![Problem { field: field.into(), code, limit }]))
        };
        self.store.write(|tx| {
            self.document(tx, client)?;
            let record = Record { header: self.header(tx, About::Nothing)?, body: Body::Purchase(order) };
            let bytes = record.encode();
            if bytes.len() > RECORD_BYTES_MAX {
                return too("record", Code::TooLarge, RECORD_BYTES_MAX);
            }
            match drafts::put(tx, client, &id, &bytes)? {
                true => Ok(()),
                false => too("drafts", Code::TooMany, DRAFTS_MAX),
            }
        })
    }

    /// Orders that are being written, the latest first.
    pub fn drafts(&self) -> Result<Vec<Draft>, EngineError> {
        self.store.read(|conn| Ok(drafts::all(conn)?))
    }

    /// Gives a draft up.
    pub fn drop_draft(&self, client: &ClientId, id: RecordId) -> Result<(), EngineError> {
        self.store.write(|tx| Ok(drafts::remove(tx, client, &id)?))
    }
}
