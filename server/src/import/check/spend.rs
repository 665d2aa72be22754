//! What winning clients cost.

use cartera_core::model::office::{KnownKind, Spend};

use super::build::Builder;
use super::office;
use crate::import::record::OfficeRecord;

pub(super) fn spend(builder: &mut Builder<'_>) -> Option<OfficeRecord> {
    let currency = builder.currency()?;
    let amount = builder.money("amount", currency)?;
    let (from, until) = (builder.day("from")?, builder.day("until")?);
    let spend = Spend { what: builder.text("what"), ..Spend::new(amount, from, until) };
    let key = builder.text("id").unwrap_or_default();
    office::record(builder, KnownKind::Spend, key, None, spend)
}
