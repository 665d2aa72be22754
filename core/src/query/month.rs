//! How a person's month goes (*Mi mes*): sales of all that is here, the person's own visits, objectives, coverage.

use rusqlite::Connection;

use crate::metrics::coverage::{PlanDone, plan_done};
use crate::metrics::movement::Period;
use crate::metrics::overview::Overview;
use crate::metrics::work::{self, Work};
use crate::model::{BusinessDate, PersonId};
use crate::portfolio::overview::{self, Named};
use crate::rows;
use crate::rows::plan::{self, Calendar};
use crate::rows::relations::Relations;
use crate::rows::window;

/// A month up to a day.
#[derive(Debug, Clone, PartialEq)]
pub struct MyMonth {
    /// Of everybody who is here.
    pub overview: Overview,
    /// What the person did since the first of the month.
    pub work: Work,
    /// Visits that were planned for the person since then.
    pub plan: PlanDone,
}

/// The month of a day; of nobody known, what all did.
pub fn of(conn: &Connection, me: Option<&PersonId>, today: BusinessDate) -> rows::Result<MyMonth> {
    let lines_from = window::sales_from(conn)?;
    let Named { overview, relations, .. } = overview::read(conn, None, today, lines_from, false)?;
    let Relations { visits, clients, people, .. } = relations;
    let Some(month) = Period::Month.window(today) else {
        return Ok(MyMonth { overview, work: Work::default(), plan: PlanDone::default() });
    };
    let works = work::by_person(&visits, month);
    let planned = plan::of_rules_as_of(conn, month.from(), month.to(), today)?;
    let plans = plan_done(&planned, &clients, &visits, &Calendar::of(&people), month);
    let (work, plan) = match me {
        Some(me) => (
            works.get(&Some(*me)).cloned().unwrap_or_default(),
            plans.get(&Some(*me)).copied().unwrap_or_default(),
        ),
        None => (
            work::total(&works),
            plans.values().fold(PlanDone::default(), |sum, of| PlanDone {
                planned: sum.planned + of.planned,
                done: sum.done + of.done,
            }),
        ),
    };
    Ok(MyMonth { overview, work, plan })
}
