//! What winning clients cost.

use cartera_core::model::office::{KnownKind, Spend};

use super::build::Builder;
use super::office;
use crate::import::record::OfficeRecord;

pub(super) fn spend(builder: &mut Builder<'_>) -> Option<OfficeRecord> {
    let currency = builder.currency()?;
    let (from, amount) = (builder.day("from")?, builder.money("amount", currency)?);
    // Of one day where no end is said.
    let mut spend = Spend::new(amount, from, builder.day("to").unwrap_or(from));
    spend.what = builder.text("what");
    let key = builder.text("id").unwrap_or_else(|| {
        // Two rows for the same would count twice.
        format!("{from}|{}|{currency}|{}", spend.to, spend.what.as_deref().unwrap_or_default())
    });
    office::record(builder, KnownKind::Spend, key, None, spend)
}
