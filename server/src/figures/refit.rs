//! What hangs on the whole base: computed here alone, when enough changed or when somebody asks, and sent to phones.

use cartera_core::metrics::parameters::{Fit, Plan};
use cartera_core::metrics::{Books, Report};
use cartera_core::model::BusinessDate;
use cartera_core::model::access::Action;

use super::{PortfolioFigures, named, portfolio, today};
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::settings::policy::{self, Refit};
use crate::storage::figures::{SinceFit, ToFit};
use crate::storage::{self, StorageError};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Computes it anew, as things stood at the end of a day, and writes it. Gives what is in force then: where somebody else
/// was faster, theirs.
pub fn refit(app: &App, by: By, as_of: BusinessDate) -> Result<Option<Fit>, Refused> {
    by.require(Action::RefitFigures)?;
    match run(app, Some(by.actor), as_of)? {
        Some((fit, ..)) => Ok(Some(fit)),
        None => Ok(app.storage.since_fit()?.last.map(|(fit, _)| fit)),
    }
}

/// The same, and all figures by it, from one reading of the rows.
pub fn refit_and_report(app: &App, by: By, as_of: BusinessDate) -> Result<PortfolioFigures, Refused> {
    by.require(Action::RefitFigures)?;
    by.require(Action::ViewFigures)?;
    match run(app, Some(by.actor), as_of)? {
        Some((fit, books, plan)) => named(app, Report::of(&books, Some(&fit), &plan)),
        None => portfolio(app, by, as_of),
    }
}

/// Computes it anew where enough changed since the last time; gives its version.
pub(crate) fn if_due(app: &App) -> storage::Result<Option<u32>> {
    let asked = policy::refit(app)?;
    if !is_due(&app.storage.since_fit()?, asked, app.env.now_ms()) {
        return Ok(None);
    }
    Ok(run(app, None, today(app))?.map(|(fit, ..)| fit.version))
}

/// The first time as soon as anybody bought, and at once where the workspace asks for another window or start;
/// otherwise once enough hours passed and enough clients' sales changed.
fn is_due(since: &SinceFit, asked: Refit, now_ms: i64) -> bool {
    let SinceFit { last, plan, clients, changed } = since;
    let Some((fit, at_ms)) = last else { return *changed > 0 };
    let other_plan = fit.value_months != plan.value_months
        || plan.history_start.is_some_and(|start| start != fit.history_start);
    let waited = now_ms.saturating_sub(*at_ms) >= i64::from(asked.hours) * HOUR_MS;
    let enough = changed.saturating_mul(100) >= clients.saturating_mul(asked.share_percent.into());
    other_plan || (waited && *changed > 0 && enough)
}

/// What it was computed from stands beside it. `None`: somebody else was faster.
fn run(
    app: &App,
    actor: Option<Actor>,
    as_of: BusinessDate,
) -> Result<Option<(Fit, Books, Plan)>, StorageError> {
    let ToFit { books, plan, version } = app.storage.to_fit(as_of)?;
    let (fit, books) = Fit::with_books(books, &plan, version.saturating_add(1));
    let at_ms = app.env.now_ms();
    let deed = actor.map(|actor| Deed {
        at_ms,
        actor,
        action: "figures.refitted",
        subject: Subject::Workspace,
        detail: format!("version {} as of {as_of}", fit.version),
    });
    Ok(app.storage.save_fit(&fit, at_ms, deed.as_ref())?.then_some((fit, books, plan)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Refit = Refit { share_percent: 5, hours: 24 };

    fn since(changed: u64) -> SinceFit {
        let as_of: BusinessDate = "2026-09-01".parse().unwrap();
        let plan = Plan::default();
        let fit = Fit::of(Books::new(as_of, as_of, None), &plan, 1);
        SinceFit { last: Some((fit, 0)), plan, clients: 100, changed }
    }

    #[test]
    fn it_is_due_when_enough_changed_and_enough_time_passed() {
        for (changed, hours, expected) in
            [(5, 24, true), (4, 24, false), (5, 23, false), (100, 23, false), (0, 1_000, false)]
        {
            assert_eq!(is_due(&since(changed), ASKED, hours * HOUR_MS), expected, "{changed} {hours}");
        }
        let always = Refit { share_percent: 0, hours: 1 };
        assert!(is_due(&since(1), always, HOUR_MS) && !is_due(&since(0), always, HOUR_MS));
    }

    #[test]
    fn the_first_time_and_another_plan_do_not_wait() {
        let first = |changed| SinceFit { last: None, ..since(changed) };
        assert!(is_due(&first(1), ASKED, 0) && !is_due(&first(0), ASKED, 0));
        let mut other = since(0);
        other.plan.value_months = Some(6);
        assert!(is_due(&other, ASKED, 0));
        let mut stated = since(0);
        stated.plan.history_start = Some("2024-01-01".parse().unwrap());
        assert!(is_due(&stated, ASKED, 0));
    }
}
