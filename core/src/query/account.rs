//! What a client owes, as the office last said, and when that was.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::feeds;
use crate::model::office::{Credit, DueItem, KnownKind, Value};
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::aliases::{kept, members};
use crate::rows::{self, office};

/// In sum, as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// What is still to be paid, by currency, in minor units; and how much of it is past its day.
    pub open: BTreeMap<Currency, Open>,
    /// Of the client that is kept, where this one was merged.
    pub credit: Option<Credit>,
    /// When the office's due items and its credit last came, milliseconds UTC.
    pub due_at_ms: Option<i64>,
    pub credit_at_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Open {
    pub all: i128,
    pub overdue: i128,
    /// Items behind it.
    pub items: u64,
}

/// How the account stands on a day.
pub fn of_client(conn: &Connection, client: &ClientId, today: BusinessDate) -> rows::Result<Account> {
    let mut account = Account::default();
    each(conn, client, &mut |value| match value {
        Value::DueItem(item) => {
            let open = account.open.entry(item.amount.currency).or_default();
            open.all += i128::from(item.open);
            open.overdue += if item.due < today { i128::from(item.open) } else { 0 };
            open.items += u64::from(item.open != 0);
        }
        Value::Credit(credit) => account.credit = Some(account.credit.take().unwrap_or(credit)),
        _ => {}
    })?;
    account.open.retain(|_, open| open.items > 0);
    let fresh = feeds::all(conn)?;
    let last =
        |kind: KnownKind| fresh.iter().filter(|feed| feed.what == kind.name()).map(|feed| feed.at_ms).max();
    (account.due_at_ms, account.credit_at_ms) = (last(KnownKind::DueItem), last(KnownKind::Credit));
    Ok(account)
}

/// What is still to be paid, by day: at most `limit` items after having skipped `skip`.
pub fn due(
    conn: &Connection,
    client: &ClientId,
    (skip, limit): (usize, usize),
) -> rows::Result<Vec<DueItem>> {
    let mut due = Vec::new();
    each(conn, client, &mut |value| {
        if let Value::DueItem(item) = value
            && item.open != 0
        {
            due.push(item);
        }
    })?;
    due.sort_by(|one, other| (one.due, &one.document).cmp(&(other.due, &other.document)));
    Ok(due.into_iter().skip(skip).take(limit.min(super::MAX_PAGE)).collect())
}

/// Due items and credit of a client and of those that were merged into it, its own first. What this version cannot read is
/// left out.
fn each(conn: &Connection, client: &ClientId, visit: &mut dyn FnMut(Value)) -> rows::Result<()> {
    let client = kept(conn, *client)?;
    let merged = members(conn, client)?.into_iter().filter(|member| *member != client);
    for member in std::iter::once(client).chain(merged) {
        for kind in [KnownKind::DueItem, KnownKind::Credit] {
            for (entry, _) in office::of_client_and_kind(conn, &member, kind)? {
                if let Some(Ok(value)) = entry.value.map(|value| Value::decode(&kind.into(), &value)) {
                    visit(value);
                }
            }
        }
    }
    Ok(())
}
