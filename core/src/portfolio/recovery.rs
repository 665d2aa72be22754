//! Recovery (*recuperación*) of clients that stopped buying, from stored rows: since when, why, what was tried and offered,
//! what came of it, and what to do next (`metrics::recovery` has the rules).

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::figures::Terms;
use crate::metrics::recovery::{Known, next, says_why, stretches};
pub use crate::metrics::recovery::{Next, Stretch};
use crate::metrics::status::{Life, Shut, history};
use crate::metrics::{Books, Known as Facts};
use crate::model::record::{Body, Channel, Kind, LossReason, NoOrderReason, Outcome, Record, VisitState};
use crate::model::{BusinessDate, ClientId, PersonId, RecordId};
use crate::rows;
use crate::rows::aliases::{self, members};
use crate::strings::{Arg, Language, text};

/// One stretch in which a client was away.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovery {
    pub stretch: Stretch,
    pub reason: Option<Reason>,
    /// Visits made and other contacts, from the day on which it stopped being active up to the one on which it bought again;
    /// by date.
    pub attempts: Vec<Attempt>,
    /// `None`: it bought again.
    pub next: Option<Next>,
}

/// Why a client went, as far as somebody knows; the last word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Somebody closed it.
    Closed { on: BusinessDate, reason: LossReason, note: Option<String>, competitor: Option<String> },
    /// It was said at a visit or in another contact, since its last purchase.
    Said { on: BusinessDate, reason: NoOrderReason },
}

impl Reason {
    /// Id of its words in the strings.
    pub fn text_id(&self) -> String {
        match self {
            Self::Closed { reason, .. } => format!("loss-{}", reason.as_str()),
            Self::Said { reason, .. } => format!("no_order-{}", reason.as_str()),
        }
    }
}

/// A visit that was made, or a contact otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub record: RecordId,
    pub on: BusinessDate,
    /// Who made it, where the hand is known.
    pub person: Option<PersonId>,
    /// `None`: a visit.
    pub channel: Option<Channel>,
    pub outcome: Option<Outcome>,
    pub reason: Option<NoOrderReason>,
    /// What was offered.
    pub offered: Option<String>,
}

impl Recovery {
    /// Attempts at which something was offered.
    pub fn offers(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| attempt.offered.is_some())
    }

    /// What to do next, in one sentence, or that it bought again.
    pub fn words(&self, language: Language) -> String {
        let told = |code: &str, day: Option<BusinessDate>| {
            let day = day.map(|day| day.to_string()).unwrap_or_default();
            text(language, &format!("recovery-{code}"), &[("day", Arg::from(day))])
        };
        match self.next {
            Some(next @ Next::Wait(day)) => told(next.as_str(), Some(day)),
            Some(next) => told(next.as_str(), None),
            None => told("back", self.stretch.until),
        }
    }
}

/// Every stretch of a client's life in which it was away, the last one first; of one that was merged into another, the
/// other's. `None` where it is not here.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
) -> rows::Result<Option<Vec<Recovery>>> {
    let terms = Terms::read(conn)?;
    if !rows::sales::is_here(conn, client)? {
        return Ok(None);
    }
    let client = aliases::kept(conn, *client)?;
    let books = terms.books_of(conn, &BTreeSet::from([client]), as_of)?;
    let mut found = Vec::new();
    for (client, known) in books.clients() {
        for stretch in of_books(&terms, &books, client, known) {
            found.push(read(conn, client, stretch, as_of)?);
        }
    }
    found.reverse();
    Ok(Some(found))
}

/// The stretches of one client of the books.
pub(super) fn of_books(terms: &Terms, books: &Books, client: &ClientId, known: &Facts) -> Vec<Stretch> {
    let own = books.of(*client);
    let events = own.events();
    let class = terms.fit.as_ref().and_then(|fit| fit.class(&own));
    let life = Life { events: &events, closures: &known.closures, shut: Shut(&known.shut) };
    let changes = history(life, terms.plan.rule(terms.fit.as_ref(), class), books.as_of());
    stretches(&events, &changes)
}

/// What is known of a stretch.
pub(super) fn read(
    conn: &Connection,
    client: &ClientId,
    stretch: Stretch,
    as_of: BusinessDate,
) -> rows::Result<Recovery> {
    let to = stretch.until.unwrap_or(as_of).min(as_of);
    let mut said: Vec<(Place, Reason)> = Vec::new();
    let mut attempts = Vec::new();
    let sql = "SELECT r.root, r.date, r.kind, r.value, a.person, r.counter, a.id FROM clients c
               JOIN records r INDEXED BY records_by_doc ON r.doc = c.doc JOIN actors a ON a.actor = r.actor
               WHERE c.id = ?1 AND r.shown = 1 AND r.date >= ?2 AND r.date <= ?3 AND r.kind IN ('v', 'c', 'x')
               ORDER BY r.date, r.counter, a.id";
    let mut statement = conn.prepare_cached(sql)?;
    for member in members(conn, *client)? {
        let mut rows = statement.query(params![member, stretch.last_purchase.days(), to.days()])?;
        while let Some(row) = rows.next()? {
            let Some(on) = BusinessDate::from_days(row.get(1)?) else { continue };
            let Some(kind) = row.get_ref(2)?.as_str().ok().and_then(Kind::parse) else { continue };
            let value = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            let Ok(Record { body, .. }) = Record::decode(kind, value) else { continue };
            let place = (on, row.get(5)?, row.get(6)?);
            let (channel, outcome, reason, offered) = match body {
                Body::ClientClosed(closed) => {
                    let (reason, note, competitor) = (closed.reason, closed.note, closed.competitor);
                    said.push((place, Reason::Closed { on, reason, note, competitor }));
                    continue;
                }
                Body::Visit(visit) if visit.state == VisitState::Done => {
                    (None, visit.outcome, visit.no_order, visit.offered)
                }
                Body::Contact(of) => (Some(of.channel), of.outcome, of.no_order, of.offered),
                _ => continue,
            };
            // What was said on the day of the last purchase was said of that one.
            if let Some(reason) = reason.filter(|reason| says_why(*reason) && on > stretch.last_purchase) {
                said.push((place, Reason::Said { on, reason }));
            }
            if on >= stretch.from {
                let (record, person) = (row.get(0)?, row.get(4)?);
                attempts.push((place, Attempt { record, on, person, channel, outcome, reason, offered }));
            }
        }
    }
    attempts.sort_by_key(|(place, _)| *place);
    let attempts: Vec<Attempt> = attempts.into_iter().map(|(_, attempt)| attempt).collect();
    let reason = said.into_iter().max_by_key(|(place, _)| *place).map(|(_, reason)| reason);
    let known = Known {
        reason: reason.is_some(),
        loss: match reason {
            Some(Reason::Closed { reason, .. }) => Some(reason),
            _ => None,
        },
        offered: attempts.iter().any(|attempt| attempt.offered.is_some()),
        attempts: attempts.len(),
        last_attempt: attempts.last().map(|attempt| attempt.on),
    };
    let next = stretch.until.is_none().then(|| next(&known, as_of));
    Ok(Recovery { stretch, reason, attempts, next })
}

/// By date, then in a document's own order.
type Place = (BusinessDate, i64, [u8; 16]);

#[cfg(test)]
mod tests;
