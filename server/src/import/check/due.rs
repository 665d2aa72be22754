//! Due items (*vencimientos*).

use cartera_core::model::office::{DueItem, KnownKind};

use super::build::Builder;
use super::office;
use crate::import::record::OfficeRecord;
use crate::import::target::Reference;

pub(super) fn item(builder: &mut Builder<'_>) -> Option<OfficeRecord> {
    let currency = builder.currency()?;
    let (due, amount) = (builder.day("due")?, builder.money("amount", currency)?);
    let (paid, returned) = (builder.day("paid"), builder.yes_no("returned").unwrap_or(false));
    let is_settled = paid.is_some() && !returned;
    let open = builder.money("open", currency).map(|open| open.minor);
    let mut item = DueItem::new(due, amount, open.unwrap_or(if is_settled { 0 } else { amount.minor }));
    item.document = builder.text("document");
    item.issued = builder.day("issued");
    item.paid = paid;
    item.returned = returned;
    item.method = builder.text("method");
    let client = builder.text("client");
    builder.want(Reference::Client, client.as_ref(), "client");
    let key = builder.text("id").unwrap_or_default();
    office::record(builder, KnownKind::DueItem, key, client, item)
}
