//! Figures: computed as a whole when the walk begins, since what hangs on the portfolio hangs on all of it, and then
//! written piece by piece; members of segments a segment after the other, since there may be many of both.

use std::ops::ControlFlow;
use std::sync::Arc;

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::life_cycle::Stage;
use cartera_core::metrics::payment::open_on;
use cartera_core::metrics::status::Status;
use cartera_core::metrics::{CurrencyReport, Figure};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::segments::{Saved, Which};
use cartera_core::rows::relations::Part;

use super::{Chosen, Page, Place};
use crate::export::column::{Column, ColumnInfo, Family};
use crate::export::rows::{
    CohortRow, Cohorts, CoverageRow, Coverages, Figures, FiguresRow, MemberRow, Members, OpenItemRow,
    OpenItems, PortfolioRow, Portfolios, Segment,
};
use crate::figures::stages;
use crate::storage::Result;
use crate::storage::export::{Exports, Span};
use crate::storage::figures::Brief;

/// As of which day, and of whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'q> {
    as_of: BusinessDate,
    /// `None`: everybody.
    whom: Option<&'q Part>,
}

/// Rows that are computed, all at one time or a part of them after the other.
pub(super) trait Computed: Family {
    /// What is computed at one time: no more is held.
    type Part: Send;

    /// All of it, in the order in which it is told.
    fn parts(store: &dyn Exports) -> Result<Vec<Self::Part>>;

    fn rows(store: &dyn Exports, part: Self::Part, of: Of<'_>) -> Result<Vec<Self::Row<'static>>>;

    /// What takes out a client that was erased, where rows are about clients.
    fn erased(_: ClientId, _: BusinessDate) -> Option<Self::Row<'static>> {
        None
    }
}

pub(super) struct Told<F: Computed> {
    chosen: Chosen<F>,
    id: &'static Column<F>,
    as_of: Option<BusinessDate>,
    /// What is still to be computed; `None` before the first page.
    parts: Option<std::vec::IntoIter<F::Part>>,
    /// Of the part that is being told.
    rows: Vec<F::Row<'static>>,
    /// Of those, how many are told.
    at: usize,
    /// Rows that are told already.
    told: usize,
    /// Where it is taken up: after so many rows, the last of which had this id.
    from: Option<(usize, String)>,
}

impl<F: Computed> Told<F> {
    /// `id` is the column by which rows are told apart.
    pub(super) fn new(chosen: Chosen<F>, id: &'static Column<F>) -> Self {
        Self { chosen, id, as_of: None, parts: None, rows: Vec::new(), at: 0, told: 0, from: None }
    }

    fn id_of(&self, row: &F::Row<'static>) -> String {
        (self.id.get)(row).as_text().into_owned()
    }

    fn begin(&mut self, store: &dyn Exports, of: Of<'_>) -> Result<()> {
        let Some((told, last)) = self.from.take() else {
            self.parts = Some(F::parts(store)?.into_iter());
            return Ok(());
        };
        // Computed anew: a row may have come or gone before it; and where it is gone itself, its place is as good.
        if !self.go_on(store, of, &After::Row(last))? && !self.go_on(store, of, &After::Count(told))? {
            self.parts = Some(Vec::new().into_iter());
        }
        Ok(())
    }

    /// False where there is no such row.
    fn go_on(&mut self, store: &dyn Exports, of: Of<'_>, after: &After) -> Result<bool> {
        let mut before = 0;
        let mut parts = F::parts(store)?.into_iter();
        while let Some(part) = parts.next() {
            let rows = F::rows(store, part, of)?;
            let at = match after {
                After::Row(id) => rows.iter().position(|row| self.id_of(row) == *id).map(|place| place + 1),
                After::Count(count) => (before + rows.len() > *count).then(|| count - before),
            };
            if let Some(at) = at {
                (self.rows, self.at, self.told, self.parts) = (rows, at, before + at, Some(parts));
                return Ok(true);
            }
            before += rows.len();
        }
        Ok(false)
    }
}

/// Where a walk is taken up.
enum After {
    /// With this id.
    Row(String),
    /// So many rows.
    Count(usize),
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
        let as_of = match self.as_of.or(page.query.as_of) {
            Some(as_of) => as_of,
            None => store.last_day()?,
        };
        self.as_of = Some(as_of);
        let of = Of { as_of, whom: page.query.whom.as_deref() };
        if self.parts.is_none() {
            self.begin(store, of)?;
        }
        loop {
            while let Some(row) = self.rows.get(self.at) {
                let is_full = self.chosen.wants(page.query, row) && page.write(&self.chosen, row).is_break();
                self.at += 1;
                self.told += 1;
                if is_full {
                    return Ok(false);
                }
            }
            let Some(part) = self.parts.as_mut().and_then(Iterator::next) else { return Ok(true) };
            // What is told goes before the next is computed.
            self.rows = Vec::new();
            self.rows = F::rows(store, part, of)?;
            self.at = 0;
        }
    }

    fn place(&self) -> Option<Place> {
        let last = self.rows.get(self.at.checked_sub(1)?)?;
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

/// What hangs on everybody is computed at one time.
macro_rules! at_one_time {
    () => {
        type Part = ();

        fn parts(_: &dyn Exports) -> Result<Vec<()>> {
            Ok(vec![()])
        }
    };
}

impl Computed for Figures {
    at_one_time!();

    fn rows(store: &dyn Exports, (): (), Of { as_of, whom }: Of<'_>) -> Result<Vec<FiguresRow>> {
        let report = store.report(whom, as_of)?;
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
    type Part = Saved;

    fn parts(store: &dyn Exports) -> Result<Vec<Saved>> {
        store.shared_segments()
    }

    /// Of a segment whose rule this version cannot read nobody is told.
    fn rows(store: &dyn Exports, saved: Saved, Of { as_of, .. }: Of<'_>) -> Result<Vec<MemberRow>> {
        let Ok(members) = store.segment_members(&saved, as_of)? else { return Ok(Vec::new()) };
        let Which::Shared { source, key } = saved.which else { return Ok(Vec::new()) };
        let segment = Arc::new(Segment { source, key, name: saved.name });
        let ids: Vec<ClientId> = members.into_iter().collect();
        let briefs = store.client_briefs(&ids)?.into_iter().map(Option::unwrap_or_default);
        let rows = ids.into_iter().zip(briefs);
        Ok(rows
            .map(|(id, client)| MemberRow { as_of, segment: Some(Arc::clone(&segment)), id, client })
            .collect())
    }

    fn erased(client: ClientId, as_of: BusinessDate) -> Option<MemberRow> {
        Some(MemberRow { as_of, segment: None, id: client, client: Brief::default() })
    }
}

impl Computed for Coverages {
    at_one_time!();

    fn rows(store: &dyn Exports, (): (), Of { as_of, .. }: Of<'_>) -> Result<Vec<CoverageRow>> {
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

impl Computed for OpenItems {
    at_one_time!();

    fn rows(store: &dyn Exports, (): (), Of { as_of, .. }: Of<'_>) -> Result<Vec<OpenItemRow>> {
        let mut items = store.due_items()?;
        items.retain(|item| open_on(&item.due, as_of) != 0);
        let ids: Vec<ClientId> = items.iter().map(|item| item.due.client).collect();
        let briefs = store.client_briefs(&ids)?.into_iter().map(Option::unwrap_or_default);
        let rows = items.into_iter().zip(briefs);
        Ok(rows
            .map(|(item, client)| OpenItemRow { as_of, id: item.due.client, client, item: Some(item) })
            .collect())
    }

    fn erased(client: ClientId, as_of: BusinessDate) -> Option<OpenItemRow> {
        Some(OpenItemRow { as_of, id: client, client: Brief::default(), item: None })
    }
}

impl Computed for Portfolios {
    at_one_time!();

    fn rows(store: &dyn Exports, (): (), Of { as_of, whom }: Of<'_>) -> Result<Vec<PortfolioRow>> {
        let report = store.report(whom, as_of)?;
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
    at_one_time!();

    fn rows(store: &dyn Exports, (): (), Of { as_of, whom }: Of<'_>) -> Result<Vec<CohortRow>> {
        let mut rows = Vec::new();
        for of in &store.report(whom, as_of)?.currencies {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::column::Columns;
    use crate::export::format::{Encoder, Format};
    use crate::export::query::Query;
    use crate::export::resources::Resource;
    use crate::export::value::Type;
    use crate::export::walk::Walk;
    use crate::testing::Relay;

    /// Three parts of two, none and three rows.
    struct Numbers;

    impl Family for Numbers {
        type Row<'r> = i64;
    }

    impl Computed for Numbers {
        type Part = i64;

        fn parts(_: &dyn Exports) -> Result<Vec<i64>> {
            Ok(vec![2, 0, 3])
        }

        fn rows(_: &dyn Exports, part: i64, _: Of<'_>) -> Result<Vec<i64>> {
            Ok((1..=part).map(|n| 10 * part + n).collect())
        }
    }

    static COLUMNS: Columns<Numbers> =
        Columns::of(&[Column::new("id", Type::Text, "", "", |n| n.to_string().into())]);

    fn walk(query: &Query) -> Told<Numbers> {
        Told::new(Chosen::of(&COLUMNS, query), COLUMNS.key())
    }

    /// What a page of one row writes, and whether it was the last.
    fn page(told: &mut Told<Numbers>, store: &dyn Exports, query: &Query) -> (String, bool) {
        let span = store.export_span(None).unwrap().unwrap();
        let (mut out, mut rows, mut failed) = (Vec::new(), 0, None);
        let mut encoder = Encoder::new(Format::Ndjson, &store.scratch());
        let mut page = Page {
            out: &mut out,
            encoder: &mut encoder,
            query,
            rows: &mut rows,
            piece_bytes: 1,
            failed: &mut failed,
        };
        let done = told.page(store, &span, &mut page).unwrap();
        (String::from_utf8(out).unwrap(), done)
    }

    #[test]
    fn a_part_is_held_after_the_other_and_a_walk_goes_on_in_any() {
        let relay = Relay::new();
        let store = &*relay.app.storage;
        let resource = Resource::find("segments").unwrap();
        let query = Query { as_of: BusinessDate::from_days(20_000), ..Query::all(resource, Format::Ndjson) };
        let expected = [21, 22, 31, 32, 33];
        let mut told = walk(&query);
        let mut places = Vec::new();
        for n in expected {
            let (written, done) = page(&mut told, store, &query);
            assert!(written.contains(&n.to_string()) && !done, "{written}");
            assert_eq!(told.rows.len() as i64, n / 10, "no more than a part is held");
            places.push(told.place().unwrap());
        }
        assert_eq!(page(&mut told, store, &query), (String::new(), true));
        for (after, place) in places.into_iter().enumerate() {
            let mut again = walk(&query);
            assert!(again.resume(place));
            for n in &expected[after + 1..] {
                assert!(page(&mut again, store, &query).0.contains(&n.to_string()), "after {after}");
            }
            assert_eq!(page(&mut again, store, &query), (String::new(), true), "after {after}");
        }
        // The row after which it goes on is gone: its place is as good, and past the end nothing is left.
        for (told, next) in [(3, Some("32")), (5, None), (9, None)] {
            let mut again = walk(&query);
            assert!(again.resume(Place::Computed(20_000, told, "gone".into())));
            let (written, done) = page(&mut again, store, &query);
            assert_eq!(
                (next.is_some_and(|next| written.contains(next)), done),
                (next.is_some(), next.is_none())
            );
        }
    }
}
