//! What clients owe.

use super::{About, Reader};
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

/// What a client may owe, and owes by the office's own count, as it last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    pub client: ClientId,
    pub limit: Option<Money>,
    pub used: Option<Money>,
    /// The day of which the office says so; missing where it names none.
    pub as_of: Option<BusinessDate>,
}

/// An item by its name at the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub source: String,
    pub key: String,
    /// Number of the document behind it.
    pub document: Option<String>,
    pub due: Due,
}

/// The item that an office record is; `None` where it is about no client.
pub(super) fn item(about: &About<'_>, value: Value) -> Option<Item> {
    let (client, Value::DueItem(item)) = (about.client?, value) else { return None };
    let due = Due {
        client,
        issued: item.issued,
        due: item.due,
        currency: item.amount.currency,
        amount: item.amount.minor,
        open: item.open,
        paid: item.paid,
        returned: item.returned,
    };
    let (source, key) = (about.source.to_owned(), about.key.to_owned());
    Some(Item { source, key, document: item.document, due })
}

pub(super) fn read(reader: &Reader<'_>) -> Result<(Vec<Due>, Vec<Credit>)> {
    let (mut dues, mut credits) = (Vec::new(), Vec::new());
    reader.office(KnownKind::DueItem, &mut |about, value| {
        dues.extend(item(&about, value).map(|item| item.due));
        Ok(())
    })?;
    reader.office(KnownKind::Credit, &mut |about, value| {
        if let (Some(client), Value::Credit(credit)) = (about.client, value) {
            credits.push(Credit { client, limit: credit.limit, used: credit.used, as_of: credit.as_of });
        }
        Ok(())
    })?;
    Ok((dues, credits))
}
