//! What was done with clients and what somebody planned to do: visits, other contacts, orders.

use std::collections::HashMap;

use rusqlite::Row;

use super::Reader;
use crate::model::record::{Body, Kind, NoOrderReason, Outcome, PlanKey, PurchaseSort, VisitState};
use crate::model::{BusinessDate, ClientId, PersonId, RecordId};
use crate::rows::{Result, records};

/// By date, then client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visits {
    pub visited: Vec<Visited>,
    pub planned: Vec<Planned>,
    pub ordered: Vec<Ordered>,
}

/// A visit that was done, or a contact made otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    pub client: ClientId,
    pub date: BusinessDate,
    /// Who did it, where the hand is known.
    pub person: Option<PersonId>,
    /// Made otherwise: a call, a message.
    pub otherwise: bool,
    pub outcome: Option<Outcome>,
    pub reason: Option<NoOrderReason>,
    pub plan: Option<PlanKey>,
    /// The planned visit that it carries out.
    pub carries_out: Option<RecordId>,
    /// An order was taken: the outcome says so, or an order names the visit.
    pub with_order: bool,
}

/// A visit that is planned by a record, or a visit of the plan that was cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub client: ClientId,
    /// The record that it stands for, whatever amended it.
    pub record: RecordId,
    /// `None`: it will not be made.
    pub on: Option<BusinessDate>,
    pub person: Option<PersonId>,
    /// The visit of the plan that it moves or cancels.
    pub moves: Option<PlanKey>,
}

/// An order or a direct sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordered {
    pub client: ClientId,
    pub date: BusinessDate,
    pub person: Option<PersonId>,
    pub lines: u32,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Visits> {
    let mut found = Visits::default();
    let mut places: HashMap<RecordId, usize> = HashMap::new();
    reader.records(Kind::Visit, &mut |client, date, row, body| {
        let Body::Visit(visit) = body else { return Ok(()) };
        let (family, person) = (row.get(3)?, row.get(4)?);
        match (visit.state, visit.due_on) {
            (VisitState::Planned, Some(_)) | (VisitState::Cancelled, _) => {
                let (on, moves) = (visit.due_on, visit.plan);
                found.planned.push(Planned { client, record: family, on, person, moves });
            }
            (VisitState::Done, _) => {
                places.insert(family, found.visited.len());
                found.visited.push(Visited {
                    client,
                    date,
                    person,
                    otherwise: false,
                    outcome: visit.outcome,
                    reason: visit.no_order,
                    plan: visit.plan,
                    carries_out: family_of(reader, row, visit.carries_out)?,
                    with_order: visit.outcome == Some(Outcome::Order),
                });
            }
            _ => {}
        }
        Ok(())
    })?;
    reader.records(Kind::Purchase, &mut |client, date, row, body| {
        let Body::Purchase(purchase) = body else { return Ok(()) };
        if !matches!(purchase.sort, PurchaseSort::Order | PurchaseSort::DirectSale) {
            return Ok(());
        }
        let lines = u32::try_from(purchase.lines.len()).unwrap_or(u32::MAX);
        found.ordered.push(Ordered { client, date, person: row.get(4)?, lines });
        if let Some(place) = family_of(reader, row, purchase.visit)?.and_then(|visit| places.get(&visit)) {
            found.visited[*place].with_order = true;
        }
        Ok(())
    })?;
    reader.records(Kind::Contact, &mut |client, date, row, body| {
        let Body::Contact(contact) = body else { return Ok(()) };
        found.visited.push(Visited {
            client,
            date,
            person: row.get(4)?,
            otherwise: true,
            outcome: contact.outcome,
            reason: contact.no_order,
            plan: contact.plan,
            carries_out: family_of(reader, row, contact.carries_out)?,
            with_order: contact.outcome == Some(Outcome::Order),
        });
        Ok(())
    })?;
    found.visited.sort_by_key(|visit| (visit.date, visit.client));
    Ok(found)
}

/// What is named is the version that somebody saw; all versions of a visit are one family.
fn family_of(reader: &Reader<'_>, row: &Row<'_>, visit: Option<RecordId>) -> Result<Option<RecordId>> {
    let Some(visit) = visit else { return Ok(None) };
    let family = records::family_of(reader.conn, row.get(5)?, Kind::Visit, &visit)?;
    Ok(Some(family.unwrap_or(visit)))
}
