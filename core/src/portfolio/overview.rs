//! Movement, risk, reach and voice from stored rows, as of a day: the same code on phone and relay.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::figures::Terms;
use crate::metrics::coverage::Standing;
use crate::metrics::overview::{Inputs, Overview, Plan};
use crate::metrics::{Base, Report};
use crate::model::{BusinessDate, ClientId};
use crate::rows::relations::{Part, Relations};
use crate::rows::{self};

/// An overview, how and from what it was computed, and the figures of the same clients.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub overview: Overview,
    pub plan: Plan,
    pub relations: Relations,
    pub report: Report,
}

/// The overview of whoever is here, or of a part of them. `lines_from` is the first day of which documents of sales are
/// here, where not all are (`rows::window::sales_from` on a phone); `with_spend` whether who asks may see what winning
/// clients costs and what sales leave.
pub fn read(
    conn: &Connection,
    part: Option<&Part>,
    as_of: BusinessDate,
    lines_from: Option<BusinessDate>,
    with_spend: bool,
) -> rows::Result<Named> {
    let terms = Terms::read(conn)?;
    let mut relations = Relations::read(conn, as_of, lines_from)?;
    let books = match part {
        None => terms.books(conn, as_of)?,
        Some(part) => {
            relations.keep(part);
            terms.books_of(conn, &part.clients, as_of)?
        }
    };
    if !with_spend {
        relations.spent.clear();
        relations.earned.clear();
    }
    let report = Report::of(&books, terms.fit.as_ref(), &terms.plan);
    let standing = standing(&report);
    let bases: Vec<&Base> = books.bases().collect();
    // Where the start is not known, no window is covered.
    let history_start = books.history_start().unwrap_or(BusinessDate::MAX);
    let plan = Plan::of(&relations.settings);
    let mut planned = match plan.work(as_of) {
        Some(days) => rows::plan::of_rules_as_of(conn, days.from(), days.to(), as_of)?,
        None => Vec::new(),
    };
    planned.retain(|visit| part.is_none_or(|part| part.clients.contains(&visit.client)));
    let inputs = Inputs {
        as_of,
        history_start,
        bases: &bases,
        relations: &relations,
        planned: &planned,
        standing: &standing,
    };
    let mut overview = Overview::of(&inputs, &plan);
    for of in &mut overview.currencies {
        if let Some(known) = report.currencies.iter().find(|known| known.currency == of.currency) {
            of.margin_to_come = of.margin.clv_to_come(known.clv);
        }
    }
    Ok(Named { overview, plan, relations, report })
}

/// Where clients stand: in their best class, where they have several by currency.
pub(super) fn standing(report: &Report) -> BTreeMap<ClientId, Standing> {
    let of = report.clients.iter().map(|client| {
        let class = client.by_currency.iter().filter_map(|of| of.class.value.ok()).min();
        (client.client, Standing { status: client.status, class })
    });
    of.collect()
}
