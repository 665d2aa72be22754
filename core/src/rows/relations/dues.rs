//! What clients owe.

use super::Reader;
use crate::model::office::{KnownKind, Value};
use crate::model::{BusinessDate, ClientId, Currency, Money};
use crate::rows::Result;

/// Something that falls due, as it stands at the office now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub client: ClientId,
    pub issued: Option<BusinessDate>,
    pub due: BusinessDate,
    pub currency: Currency,
    /// Minor units, as `open`.
    pub amount: i64,
    pub open: i64,
    pub paid: Option<BusinessDate>,
    /// A payment came back.
    pub returned: bool,
}

/// What a client may owe, and owes by the office's own count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    pub client: ClientId,
    pub limit: Option<Money>,
    pub used: Option<Money>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<(Vec<Due>, Vec<Credit>)> {
    let (mut dues, mut credits) = (Vec::new(), Vec::new());
    reader.office(KnownKind::DueItem, &mut |about, value| {
        if let (Some(client), Value::DueItem(item)) = (about.client, value) {
            let currency = item.amount.currency;
            dues.push(Due {
                client,
                issued: item.issued,
                due: item.due,
                currency,
                amount: item.amount.minor,
                open: item.open,
                paid: item.paid,
                returned: item.returned,
            });
        }
        Ok(())
    })?;
    reader.office(KnownKind::Credit, &mut |about, value| {
        if let (Some(client), Value::Credit(credit)) = (about.client, value) {
            credits.push(Credit { client, limit: credit.limit, used: credit.used });
        }
        Ok(())
    })?;
    Ok((dues, credits))
}
