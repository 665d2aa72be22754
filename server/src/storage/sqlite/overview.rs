use cartera_core::metrics::Report;
use cartera_core::metrics::overview::{Inputs, Overview, Plan};
use cartera_core::portfolio::figures;
use cartera_core::rows::relations::Relations;

use super::SqliteStorage;
use super::log::rows_error;
use crate::storage::Result;
use crate::storage::overview::{Named, Overviews, Terms, standings};

impl Overviews for SqliteStorage {
    fn overview(&self, terms: &Terms) -> Result<Named> {
        let (books, report, mut relations) = self.read(|tx| {
            let of = figures::Terms::read(tx).map_err(rows_error)?;
            let books = of.books(tx, terms.as_of).map_err(rows_error)?;
            let report = Report::of(&books, of.fit.as_ref(), &of.plan);
            // Every document of sales is here, however short the window of phones is.
            let relations = Relations::read(tx, terms.as_of, None).map_err(rows_error)?;
            Ok((books, report, relations))
        })?;
        if !terms.with_spend {
            relations.spent.clear();
        }
        let standing = standings(&report);
        let bases: Vec<_> = books.bases().collect();
        let history_start = books.history_start().unwrap_or(terms.as_of);
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
