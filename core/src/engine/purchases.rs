//! Orders, direct sales and returns.

use super::{Engine, EngineError, Saved};
use crate::model::record::Purchase;
use crate::model::{ClientId, RecordId};

impl Engine {
    /// An order, direct sale or return, under the id that its draft was given when it began
    /// ([`Engine::new_record_id`]): placing it again is no second order.
    pub fn place_order(
        &self,
        client: &ClientId,
        id: RecordId,
        order: Purchase,
    ) -> Result<Saved, EngineError> {
        self.save_draft(client, id, order)
    }
}
