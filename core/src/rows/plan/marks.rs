//! What became of visits of the plan: the records that name them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::model::record::{Body, Kind, PlanKey, Record, VisitState};
use crate::model::{BusinessDate, ClientId, RecordId};
use crate::rows::{Result, records};

/// What became of one visit; the record says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It was made, or an order or a call stood for it.
    Done(RecordId),
    /// It is to be made on another day, or at another time of the same.
    Moved {
        by: RecordId,
        to: BusinessDate,
    },
    Cancelled(RecordId),
}

/// All marks of one document.
///
/// That a visit was made beats everything; otherwise the last word counts, in the document's own order, whoever said it:
/// a rep and a substitute may both have moved the same visit.
#[derive(Debug, Default)]
pub struct Marks(BTreeMap<(ClientId, String, BusinessDate), Mark>);

impl Marks {
    pub fn read(conn: &Connection, doc: i64) -> Result<Self> {
        Self::read_as_of(conn, doc, BusinessDate::MAX)
    }

    /// The same as it was known at the end of a day.
    pub(super) fn read_as_of(conn: &Connection, doc: i64, as_of: BusinessDate) -> Result<Self> {
        let sql = "SELECT r.root, r.kind, r.family, r.value FROM records r JOIN actors a ON a.actor = r.actor
                   WHERE r.doc = ?1 AND r.shown = 1 AND r.kind IN ('v', 'c', 'p') AND r.date <= ?2
                   ORDER BY r.counter, a.id";
        let mut marks = Self::default();
        // Planned visits of the plan by family, and families that were carried out by another record.
        let (mut planned, mut carried_out) = (BTreeMap::new(), Vec::new());
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![doc, as_of.days()])?;
        while let Some(row) = rows.next()? {
            let (root, family): (RecordId, RecordId) = (row.get(0)?, row.get(2)?);
            let Some(kind) = row.get_ref(1)?.as_str().ok().and_then(Kind::parse) else { continue };
            let value = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            let Ok(Record { body, .. }) = Record::decode(kind, value) else { continue };
            let (plan, mark, carries_out) = match body {
                Body::Visit(visit) => {
                    let mark = match (visit.state, visit.due_on) {
                        (VisitState::Planned, Some(to)) => Mark::Moved { by: root, to },
                        (VisitState::Cancelled, _) => Mark::Cancelled(root),
                        (VisitState::Done, _) => Mark::Done(root),
                        _ => continue,
                    };
                    (visit.plan, mark, visit.carries_out)
                }
                Body::Contact(contact) => (contact.plan, Mark::Done(root), contact.carries_out),
                Body::Purchase(purchase) => (purchase.plan, Mark::Done(root), None),
                _ => continue,
            };
            if let Some(version) = carries_out
                && let Some(family) = records::family_of(conn, doc, Kind::Visit, &version)?
            {
                carried_out.push((family, root));
            }
            if let Some(plan) = plan {
                if matches!(mark, Mark::Moved { .. }) {
                    planned.insert(family, plan.clone());
                }
                marks.say(plan, mark);
            }
        }
        for (family, by) in carried_out {
            if let Some(plan) = planned.remove(&family) {
                marks.say(plan, Mark::Done(by));
            }
        }
        Ok(marks)
    }

    fn say(&mut self, plan: PlanKey, mark: Mark) {
        let said = self.0.entry((plan.client, plan.rule, plan.date)).or_insert(mark);
        if !matches!(said, Mark::Done(_)) {
            *said = mark;
        }
    }

    /// Visits that are to be made on another day than the plan's: which, by what record, and when.
    pub(super) fn moved(&self) -> impl Iterator<Item = (PlanKey, RecordId, BusinessDate)> {
        self.0.iter().filter_map(|((client, rule, date), mark)| match mark {
            Mark::Moved { by, to } => Some((PlanKey::new(*client, rule.clone(), *date), *by, *to)),
            _ => None,
        })
    }

    /// What became of that visit; `None`: nothing yet.
    pub fn of(&self, key: &PlanKey) -> Option<Mark> {
        self.0.get(&(key.client, key.rule.clone(), key.date)).copied()
    }
}
