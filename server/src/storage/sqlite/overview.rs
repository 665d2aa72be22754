use cartera_core::metrics::Report;
use cartera_core::metrics::overview::{Inputs, Overview, Plan};
use cartera_core::rows::relations::Relations;

use super::SqliteStorage;
use super::log::rows_error;
use crate::storage::Result;
use crate::storage::figures::{Figures, Portfolio};
use crate::storage::overview::{Named, Overviews, Terms, standings};

impl Overviews for SqliteStorage {
    fn overview(&self, terms: &Terms) -> Result<Named> {
        let Portfolio { bases, closures, .. } = self.portfolio(terms.as_of, terms.history_start)?;
        // Every document of sales is here, however short the window of phones is.
        let mut relations = self.read(|tx| Relations::read(tx, terms.as_of, None).map_err(rows_error))?;
        if !terms.with_spend {
            relations.spent.clear();
        }
        let reports = bases.iter().map(|base| (base, Report::of(base, &terms.sales, &closures)));
        let standing = standings(reports);
        let bases: Vec<_> = bases.iter().collect();
        let history_start = bases.first().map_or(terms.as_of, |base| base.history_start());
        let inputs = Inputs {
            as_of: terms.as_of,
            history_start,
            bases: &bases,
            relations: &relations,
            standing: &standing,
        };
        let plan = Plan::of(&relations.settings);
        let overview = Overview::of(&inputs, &plan);
        Ok(Named { overview, plan, people: relations.people })
    }
}
