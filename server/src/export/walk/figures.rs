//! Figures: computed as a whole when the walk begins, since what hangs on the portfolio hangs on all of it, and then
//! written piece by piece.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::life_cycle::Stage;
use cartera_core::metrics::status::Status;
use cartera_core::metrics::{CurrencyReport, Figure};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::segments::Which;

use super::{Chosen, Page, Place};
use crate::export::column::{Column, ColumnInfo, Family};
use crate::export::rows::{
    CohortRow, Cohorts, CoverageRow, Coverages, Figures, FiguresRow, MemberRow, Members, PortfolioRow,
    Portfolios, Segment,
};
use crate::figures::stages;
use crate::storage::Result;
use crate::storage::export::{Exports, Span};
use crate::storage::figures::Brief;

/// Rows that are all computed at one time.
pub(super) trait Computed: Family {
    fn rows(store: &dyn Exports, as_of: BusinessDate) -> Result<Vec<Self::Row<'static>>>;

    /// What takes out a client that was erased, where rows are about clients.
    fn erased(_: ClientId, _: BusinessDate) -> Option<Self::Row<'static>> {
        None
    }
}

pub(super) struct Told<F: Computed> {
    chosen: Chosen<F>,
    id: &'static Column<F>,
    as_of: Option<BusinessDate>,
    rows: Option<Vec<F::Row<'static>>>,
    /// Rows that are told already.
    told: usize,
    /// Where it is taken up: after so many rows, the last of which had this id.
    from: Option<(usize, String)>,
}

impl<F: Computed> Told<F> {
    /// `id` is the column by which rows are told apart.
    pub(super) fn new(chosen: Chosen<F>, id: &'static Column<F>) -> Self {
        Self { chosen, id, as_of: None, rows: None, told: 0, from: None }
    }

    fn id_of(&self, row: &F::Row<'static>) -> String {
        (self.id.get)(row).as_text().into_owned()
    }
}

impl<F: Computed> std::fmt::Debug for Told<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Told").field("as_of", &self.as_of).field("told", &self.told).finish_non_exhaustive()
    }
}

impl<F: Computed> super::Walk for Told<F>
where
    F::Row<'static>: Send,
{
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, _: &Span, page: &mut Page<'_>) -> Result<bool> {
        if self.rows.is_none() {
            let as_of = match self.as_of.or(page.query.as_of) {
                Some(as_of) => as_of,
                None => store.last_day()?,
            };
            self.as_of = Some(as_of);
            let rows = F::rows(store, as_of)?;
            if let Some((told, last)) = self.from.take() {
                // Computed anew: a row may have come or gone before it.
                let place = rows.iter().position(|row| self.id_of(row) == last);
                self.told = place.map_or(told, |place| place + 1);
            }
            self.rows = Some(rows);
        }
        for row in self.rows.iter().flatten().skip(self.told) {
            self.told += 1;
            if self.chosen.wants(page.query, row) && page.write(&self.chosen, row).is_break() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn place(&self) -> Option<Place> {
        let last = self.rows.as_ref()?.get(self.told.checked_sub(1)?)?;
        Some(Place::Computed(self.as_of?.days(), self.told, self.id_of(last)))
    }

    fn resume(&mut self, place: Place) -> bool {
        let Place::Computed(as_of, told, last) = place else { return false };
        self.as_of = BusinessDate::from_days(as_of);
        self.from = Some((told, last));
        self.as_of.is_some()
    }

    fn erased(&self, client: ClientId, _: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        match F::erased(client, self.as_of.unwrap_or(BusinessDate::MAX)) {
            Some(row) => page.write(&self.chosen, &row),
            None => ControlFlow::Continue(()),
        }
    }
}

impl Computed for Figures {
    fn rows(store: &dyn Exports, as_of: BusinessDate) -> Result<Vec<FiguresRow>> {
        let report = store.report(None, as_of)?;
        let ids: Vec<ClientId> = report.clients.iter().map(|client| client.client).collect();
        let briefs = store.client_briefs(&ids)?;
        let mut rows = Vec::with_capacity(ids.len());
        for (figures, brief) in report.clients.into_iter().zip(briefs) {
            let client = brief.unwrap_or_default();
            let currencies = figures.by_currency.len();
            for currency in (0..currencies).map(Some).chain((currencies == 0).then_some(None)) {
                rows.push(FiguresRow {
                    as_of: report.as_of,
                    fitted: report.fitted,
                    id: figures.client,
                    client: client.clone(),
                    figures: Some(figures.clone()),
                    currency,
                });
            }
        }
        Ok(rows)
    }

    fn erased(client: ClientId, as_of: BusinessDate) -> Option<FiguresRow> {
        let brief = Brief::default();
        Some(FiguresRow { as_of, fitted: None, id: client, client: brief, figures: None, currency: None })
    }
}

impl Computed for Members {
    /// Of a segment whose rule this version cannot read nobody is told.
    fn rows(store: &dyn Exports, as_of: BusinessDate) -> Result<Vec<MemberRow>> {
        let mut rows = Vec::new();
        let mut briefs: BTreeMap<ClientId, Arc<Brief>> = BTreeMap::new();
        for saved in store.shared_segments()? {
            let Ok(members) = store.segment_members(&saved, as_of)? else { continue };
            let Which::Shared { source, key } = saved.which else { continue };
            let segment = Arc::new(Segment { source, key, name: saved.name });
            let new: Vec<ClientId> =
                members.iter().copied().filter(|client| !briefs.contains_key(client)).collect();
            let told =
                store.client_briefs(&new)?.into_iter().map(|brief| Arc::new(brief.unwrap_or_default()));
            briefs.extend(new.into_iter().zip(told));
            rows.extend(members.into_iter().map(|id| MemberRow {
                as_of,
                segment: Some(Arc::clone(&segment)),
                id,
                client: briefs.get(&id).cloned().unwrap_or_default(),
            }));
        }
        Ok(rows)
    }

    fn erased(client: ClientId, as_of: BusinessDate) -> Option<MemberRow> {
        Some(MemberRow { as_of, segment: None, id: client, client: Arc::default() })
    }
}

impl Computed for Coverages {
    fn rows(store: &dyn Exports, as_of: BusinessDate) -> Result<Vec<CoverageRow>> {
        let coverage = store.coverage(as_of)?;
        let ids: Vec<ClientId> = coverage.due.iter().map(|due| due.client).collect();
        let briefs = store.client_briefs(&ids)?.into_iter().map(Option::unwrap_or_default);
        let rows = coverage.due.into_iter().zip(briefs);
        Ok(rows.map(|(due, client)| CoverageRow { as_of, id: due.client, client, due: Some(due) }).collect())
    }

    fn erased(client: ClientId, as_of: BusinessDate) -> Option<CoverageRow> {
        Some(CoverageRow { as_of, id: client, client: Brief::default(), due: None })
    }
}

impl Computed for Portfolios {
    fn rows(store: &dyn Exports, as_of: BusinessDate) -> Result<Vec<PortfolioRow>> {
        let report = store.report(None, as_of)?;
        let everybody = report.clients.len() as u64;
        let of_all = |figure: String, value| PortfolioRow { as_of, currency: None, figure, value };
        let mut rows = vec![of_all("clients".into(), Figure::new(everybody as f64, everybody))];
        rows.extend(Status::ALL.iter().zip(report.status).map(|(status, count)| {
            of_all(format!("status_{}", status.as_str()), Figure::new(count as f64, everybody))
        }));
        rows.extend(Stage::ALL.iter().zip(stages(&report)).map(|(stage, count)| {
            of_all(format!("life_cycle_{}", stage.as_str()), Figure::new(count as f64, everybody))
        }));
        for of in &report.currencies {
            rows.extend(in_currency(of).into_iter().map(|(figure, value)| PortfolioRow {
                as_of,
                currency: Some(of.currency),
                figure,
                value,
            }));
        }
        Ok(rows)
    }
}

/// Every figure of a currency; amounts in minor units.
fn in_currency(of: &CurrencyReport) -> Vec<(String, Figure<f64>)> {
    let share = |figure: Figure<cartera_core::metrics::Ratio>| figure.map(cartera_core::metrics::Ratio::get);
    let retention = of.retention;
    let told =
        |of: &dyn Fn(&cartera_core::metrics::retention::Retention) -> Figure<f64>| match retention.value {
            Ok(found) => of(&found),
            Err(why) => Figure::withheld(why, retention.records),
        };
    let count = |count: u64| Figure::new(count as f64, count);
    let mut rows = vec![
        ("net".to_owned(), Figure::new(of.worth.net as f64, of.worth.events)),
        ("events".to_owned(), count(of.worth.events)),
        ("buyers".to_owned(), count(of.worth.clients)),
        ("average_transaction".to_owned(), of.worth.average_transaction()),
        ("events_per_client".to_owned(), of.worth.events_per_client()),
        ("clv_so_far".to_owned(), of.worth.clv_per_client()),
        ("clv_to_come".to_owned(), of.clv),
        ("repeat_rate".to_owned(), share(of.repeat_rate)),
        ("retention_clients".to_owned(), told(&|found| share(found.clients()))),
        ("retention_money".to_owned(), told(&|found| share(found.money()))),
        ("churn".to_owned(), told(&|found| share(found.churn()))),
        ("won_back".to_owned(), told(&|found| count(found.won_back))),
        ("new_clients".to_owned(), told(&|found| count(found.new))),
        ("hhi".to_owned(), of.concentration.hhi()),
        ("top_1".to_owned(), share(of.concentration.top(1))),
        ("top_10".to_owned(), share(of.concentration.top(10))),
        ("top_20_percent".to_owned(), share(of.concentration.top_percent(20))),
        ("without_first".to_owned(), share(of.concentration.without_first())),
    ];
    let fitted = |value: u64, records| match of.parameters {
        Some(_) => Figure::new(value as f64, records),
        None => Figure::withheld(cartera_core::metrics::Withheld::NotComputed, records),
    };
    let classes = Class::ALL.iter().map(|class| class.as_str().to_lowercase()).chain(["none".to_owned()]);
    let counts = of.classes.into_iter().chain([of.without_class]);
    rows.extend(classes.zip(counts).map(|(class, n)| (format!("class_{class}"), fitted(n, of.clients))));
    rows.extend(of.segments.iter().flat_map(|(code, clients, net)| {
        let net = fitted(0, *clients).map(|_| *net as f64);
        [(format!("segment_{code}"), fitted(*clients, of.clients)), (format!("segment_{code}_net"), net)]
    }));
    rows
}

impl Computed for Cohorts {
    fn rows(store: &dyn Exports, as_of: BusinessDate) -> Result<Vec<CohortRow>> {
        let mut rows = Vec::new();
        for of in &store.report(None, as_of)?.currencies {
            for cohort in of.cohorts.value.iter().flatten() {
                let Some(month) = cohort.month.first_day() else { continue };
                let cells = (0..cohort.finished_months())
                    .filter_map(|months| Some((months, cohort.cell(months).value.ok()?)));
                rows.extend(cells.map(|(months_since, bought)| CohortRow {
                    as_of,
                    currency: of.currency,
                    month,
                    clients: cohort.size,
                    months_since,
                    bought,
                }));
            }
        }
        Ok(rows)
    }
}
