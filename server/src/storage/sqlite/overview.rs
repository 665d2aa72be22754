use cartera_core::model::BusinessDate;
use cartera_core::portfolio::overview::{self, Named};

use super::SqliteStorage;
use super::log::rows_error;
use crate::storage::Result;
use crate::storage::overview::Overviews;

impl Overviews for SqliteStorage {
    fn overview(&self, as_of: BusinessDate, with_spend: bool) -> Result<Named> {
        // Every document of sales is here, however short the window of phones is.
        self.read_rows(|tx| overview::read(tx, as_of, None, with_spend).map_err(rows_error))
    }
}
