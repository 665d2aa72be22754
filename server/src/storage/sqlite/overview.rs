use std::collections::BTreeSet;

use cartera_core::metrics::coverage::Coverage;
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use cartera_core::portfolio::coverage;
use cartera_core::portfolio::duplicates::{self, Pair};
use cartera_core::portfolio::nearby::{self, Nearby, Point};
use cartera_core::portfolio::offers::{self, ClientOffers};
use cartera_core::portfolio::overview::{self, Named};
use cartera_core::portfolio::today::{self, Entry};
use cartera_core::portfolio::visit_plan::{self, Proposals};
use cartera_core::rows::plan::{self, PlannedVisit};
use cartera_core::rows::relations::dues::Item;
use cartera_core::rows::relations::{self, Part, Reader, Visited};
use cartera_core::rows::sales;

use super::SqliteStorage;
use super::log::rows_error;
use crate::storage::Result;
use crate::storage::overview::Overviews;

impl Overviews for SqliteStorage {
    fn overview(&self, part: Option<&Part>, as_of: BusinessDate, with_spend: bool) -> Result<Named> {
        // Every document of sales is here, however short the window of phones is.
        self.read_rows(|tx| overview::read(tx, part, as_of, None, with_spend).map_err(rows_error))
    }

    fn today(
        &self,
        person: Option<PersonId>,
        among: Option<&BTreeSet<ClientId>>,
        on: BusinessDate,
    ) -> Result<Vec<Entry>> {
        self.read_rows(|tx| today::list_among(tx, person.as_ref(), among, on).map_err(rows_error))
    }

    fn clients_of(&self, territories: &BTreeSet<TerritoryId>) -> Result<BTreeSet<ClientId>> {
        self.read_rows(|tx| {
            let mut statement = tx.prepare_cached("SELECT id FROM clients WHERE territory = ?1")?;
            let mut found = BTreeSet::new();
            for territory in territories {
                for client in statement.query_map([territory], |row| row.get(0))? {
                    found.insert(client?);
                }
            }
            Ok(found)
        })
    }

    fn nearby(&self, around: Point, within_m: f64) -> Result<Vec<Nearby>> {
        self.read_rows(|tx| nearby::clients(tx, around, within_m, usize::MAX).map_err(rows_error))
    }

    fn likely_duplicates(&self, on: BusinessDate) -> Result<Vec<Pair>> {
        self.read_rows(|tx| duplicates::pairs(tx, on, usize::MAX).map_err(rows_error))
    }

    fn due_items(&self) -> Result<Vec<Item>> {
        self.read_rows(|tx| relations::due_items(tx).map_err(rows_error))
    }

    fn coverage(&self, as_of: BusinessDate) -> Result<Coverage> {
        self.read_rows(|tx| coverage::read(tx, as_of).map_err(rows_error))
    }

    fn planned_visits(&self, from: BusinessDate, to: BusinessDate) -> Result<Vec<PlannedVisit>> {
        self.read_rows(|tx| plan::between(tx, from, to).map_err(rows_error))
    }

    fn visits_made(&self, from: BusinessDate, to: BusinessDate) -> Result<Vec<Visited>> {
        let Some(last) = to.plus_days(-1).filter(|last| *last >= from) else { return Ok(Vec::new()) };
        self.read_rows(|tx| {
            let reader = Reader::new(tx, last).map_err(rows_error)?.since(from);
            Ok(reader.visits().map_err(rows_error)?.visited)
        })
    }

    fn visit_plan_of_classes(&self, on: BusinessDate) -> Result<Proposals> {
        self.read_rows(|tx| visit_plan::propose(tx, on).map_err(rows_error))
    }

    fn offers(
        &self,
        client: &ClientId,
        as_of: BusinessDate,
        limit: usize,
    ) -> Result<Option<(String, ClientOffers)>> {
        self.read_rows(|tx| {
            let Some(found) = offers::named(tx, client, as_of, limit).map_err(rows_error)? else {
                return Ok(None);
            };
            let name = sales::name_of(tx, &found.client).map_err(rows_error)?;
            Ok(Some((name.unwrap_or_default(), found)))
        })
    }

    fn lent_to(&self, person: PersonId) -> Result<Vec<ClientId>> {
        self.read(|tx| {
            let sql = "SELECT d.id FROM lendings l JOIN documents d ON d.doc = l.doc
                       WHERE l.person = ?1 AND l.active = 1 ORDER BY d.id";
            let mut statement = tx.prepare_cached(sql)?;
            let lent = statement.query_map([person], |row| row.get(0))?;
            Ok(lent.collect::<rusqlite::Result<_>>()?)
        })
    }
}
