//! What rules ask of a client and no column holds: it is computed once for all clients, and SQL asks for it by a
//! function.

use std::collections::HashMap;

use rusqlite::Connection;
use rusqlite::types::Value as Sql;

use super::fields::Source;
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::{self, relations};

/// Values by client, field and, for amounts, currency.
#[derive(Debug, Default)]
pub(super) struct Computed(HashMap<(ClientId, &'static str, Option<Currency>), Sql>);

pub(super) const OPEN_BALANCE: &str = "open_balance";
pub(super) const OVERDUE_BALANCE: &str = "overdue_balance";

impl Computed {
    pub(super) fn read(conn: &Connection, sources: &[Source], today: BusinessDate) -> rows::Result<Self> {
        let mut computed = Self::default();
        for source in sources {
            match source {
                Source::Dues => computed.dues(conn, today)?,
            }
        }
        Ok(computed)
    }

    pub(super) fn of(&self, client: &ClientId, field: &'static str, currency: Option<Currency>) -> Sql {
        self.0.get(&(*client, field, currency)).cloned().unwrap_or(Sql::Null)
    }

    fn add(&mut self, client: ClientId, field: &'static str, currency: Currency, minor: i64) {
        let sum = self.0.entry((client, field, Some(currency))).or_insert(Sql::Integer(0));
        if let Sql::Integer(sum) = sum {
            *sum = sum.saturating_add(minor);
        }
    }

    fn dues(&mut self, conn: &Connection, today: BusinessDate) -> rows::Result<()> {
        for item in relations::dues_of(conn, today)? {
            self.add(item.client, OPEN_BALANCE, item.currency, item.open);
            if item.due < today {
                self.add(item.client, OVERDUE_BALANCE, item.currency, item.open);
            }
        }
        Ok(())
    }
}
