//! Who is to be visited within which time, from stored rows, as of a day: the same code on phone and relay.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::figures::Terms;
use super::overview;
use crate::metrics::Report;
use crate::metrics::coverage::{Coverage, Standing, coverage};
use crate::metrics::overview::Plan;
use crate::metrics::status::Status;
use crate::model::{BusinessDate, ClientId};
use crate::rows;
use crate::rows::plan::Calendar;
use crate::rows::relations::{Client, People, Reader};

/// Of everybody who is here.
pub fn read(conn: &Connection, as_of: BusinessDate) -> rows::Result<Coverage> {
    let report = Terms::read(conn)?.report(conn, as_of)?;
    let reader = Reader::new(conn, as_of)?;
    of(&reader, &reader.clients()?, &reader.people()?, &report, as_of)
}

/// The same, of what was read already.
pub(super) fn of(
    reader: &Reader<'_>,
    clients: &BTreeMap<ClientId, Client>,
    people: &People,
    report: &Report,
    as_of: BusinessDate,
) -> rows::Result<Coverage> {
    let standing = overview::standing(report);
    // Of whom figures say nothing never bought.
    let nobody = Standing { status: Status::Lead, class: None };
    let of = |client: &ClientId| standing.get(client).copied().unwrap_or(nobody);
    let intervals = Plan::of(&reader.settings()?).intervals;
    Ok(coverage(clients, of, &reader.visits()?, &Calendar::of(people), intervals, as_of))
}
