use cartera_core::metrics::{Bases, OutOfOrder};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::rows::sales;

use super::SqliteStorage;
use super::log::rows_error;
use crate::storage::figures::{Figures, Portfolio};
use crate::storage::{Result, StorageError};

impl Figures for SqliteStorage {
    fn portfolio(&self, as_of: BusinessDate, history_start: Option<BusinessDate>) -> Result<Portfolio> {
        self.read(|tx| {
            let (mut bases, mut wrong) = (Bases::new(as_of), None);
            let mut take = |client, day| wrong = wrong.or(bases.push(client, &day).err());
            sales::days(tx, &mut take).map_err(rows_error)?;
            if let Some(OutOfOrder) = wrong {
                let detail = OutOfOrder.to_string();
                return Err(StorageError::Undecodable { what: "days of sales", detail });
            }
            let mut closures = sales::closures(tx).map_err(rows_error)?;
            closures.values_mut().for_each(|dates| dates.retain(|date| *date <= as_of));
            closures.retain(|_, dates| !dates.is_empty());
            let clients = sales::client_count(tx).map_err(rows_error)?;
            Ok(Portfolio { bases: bases.finish(history_start), closures, clients })
        })
    }

    fn client_names(&self, clients: &[ClientId]) -> Result<Vec<Option<String>>> {
        self.read(|tx| clients.iter().map(|client| sales::name_of(tx, client).map_err(rows_error)).collect())
    }
}
