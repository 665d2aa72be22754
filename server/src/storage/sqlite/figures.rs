use std::collections::BTreeMap;

use cartera_core::metrics::Report;
use cartera_core::metrics::client::ClientFigures;
use cartera_core::metrics::parameters::Fit;
use cartera_core::metrics::records::BASE;
use cartera_core::model::office::{CrossSell, KnownKind};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::figures::{self, Terms};
use cartera_core::portfolio::{offers, settings};
use cartera_core::query::MAX_PAGE;
use cartera_core::query::clients::{self, ClientRow};
use cartera_core::rows::relations::Part;
use cartera_core::rows::{office, sales};
use rusqlite::{OptionalExtension, Transaction};

use super::log::rows_error;
use super::{SqliteStorage, audit, publish};
use crate::audit::Deed;
use crate::storage::Result;
use crate::storage::figures::{Brief, Figures, SinceFit, ToFit};

impl Figures for SqliteStorage {
    fn report(&self, part: Option<&Part>, as_of: BusinessDate) -> Result<Report> {
        self.read_rows(|tx| {
            let terms = Terms::read(tx).map_err(rows_error)?;
            let found = match part {
                None => terms.report(tx, as_of),
                Some(part) => terms.report_of(tx, &part.clients, as_of),
            };
            found.map_err(rows_error)
        })
    }

    fn client_figures(
        &self,
        client: &ClientId,
        as_of: BusinessDate,
    ) -> Result<Option<(String, ClientFigures)>> {
        self.read_rows(|tx| {
            let terms = Terms::read(tx).map_err(rows_error)?;
            let Some(found) = terms.client(tx, client, as_of).map_err(rows_error)? else { return Ok(None) };
            let name = sales::name_of(tx, &found.client).map_err(rows_error)?;
            Ok(Some((name.unwrap_or_default(), found)))
        })
    }

    fn client_rows(&self) -> Result<Vec<ClientRow>> {
        self.read(|tx| {
            let mut rows: Vec<ClientRow> = Vec::new();
            loop {
                let after = rows.last().map(|row| &row.after);
                let page = clients::list(tx, after, MAX_PAGE)?;
                if page.is_empty() {
                    return Ok(rows);
                }
                rows.extend(page);
            }
        })
    }

    fn search_clients(&self, typed: &str, limit: usize) -> Result<Vec<ClientId>> {
        self.read(|tx| Ok(clients::search(tx, typed, limit)?.into_iter().map(|row| row.id).collect()))
    }

    fn client_briefs(&self, clients: &[ClientId]) -> Result<Vec<Option<Brief>>> {
        self.read_rows(|tx| {
            let sql = "SELECT name, erp_code, territory FROM clients WHERE id = ?1";
            let mut statement = tx.prepare_cached(sql)?;
            let brief = |row: &rusqlite::Row<'_>| {
                Ok(Brief { name: row.get(0)?, erp_code: row.get(1)?, territory: row.get(2)? })
            };
            let mut of = |client| Ok(statement.query_row([client], brief).optional()?);
            clients.iter().map(&mut of).collect()
        })
    }

    fn last_day(&self) -> Result<BusinessDate> {
        self.read(|tx| {
            let sql = "SELECT at_ms FROM log ORDER BY number DESC LIMIT 1";
            let at_ms: Option<i64> = tx.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
            let day = at_ms.and_then(|at_ms| i32::try_from(at_ms.div_euclid(86_400_000)).ok());
            Ok(day.and_then(BusinessDate::from_days).unwrap_or(BusinessDate::MIN))
        })
    }

    fn to_fit(&self, as_of: BusinessDate) -> Result<ToFit> {
        self.read_rows(|tx| {
            // What an earlier fit knew of later days is of no use to a new one.
            let terms = Terms { fit: None, ..Terms::read(tx).map_err(rows_error)? };
            let books = terms.books(tx, as_of).map_err(rows_error)?;
            Ok(ToFit { books, plan: terms.plan, version: version(tx)? })
        })
    }

    fn since_fit(&self) -> Result<SinceFit> {
        self.read_rows(|tx| {
            let fit = figures::fit(tx).map_err(rows_error)?;
            let written: Option<(u64, i64)> = tx
                .prepare_cached(
                    "SELECT o.number, l.at_ms FROM office o JOIN log l ON l.number = o.number
                     WHERE o.kind = 'parameter' AND o.source = '' AND o.key = ?1",
                )?
                .query_row([BASE], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let (number, at_ms) = written.unwrap_or_default();
            let changed = match sales::source(tx).map_err(rows_error)? {
                sales::Source::Office => {
                    "SELECT count(DISTINCT client) FROM office WHERE number > ?1 AND kind = 'sales_day'"
                }
                sales::Source::Purchases => {
                    "SELECT count(DISTINCT doc) FROM records WHERE kind = 'p' AND number > ?1"
                }
            };
            Ok(SinceFit {
                last: fit.map(|fit| (fit, at_ms)),
                plan: settings::plan(tx).map_err(rows_error)?,
                clients: tx
                    .query_row("SELECT count(*) FROM clients WHERE alias_of IS NULL", [], |row| row.get(0))?,
                changed: tx.prepare_cached(changed)?.query_row([number], |row| row.get(0))?,
            })
        })
    }

    fn cross_sell_rules(&self, as_of: BusinessDate) -> Result<BTreeMap<String, CrossSell>> {
        self.read_rows(|tx| {
            let plan = settings::cross_sell(tx).map_err(rows_error)?;
            offers::rules(tx, plan, as_of).map_err(rows_error)
        })
    }

    fn save_cross_sell(
        &self,
        rules: &BTreeMap<String, CrossSell>,
        at_ms: i64,
        deed: Option<&Deed>,
    ) -> Result<()> {
        self.write_log(|log| {
            for key in keys(log.tx, KnownKind::CrossSell)? {
                if !rules.contains_key(&key) {
                    publish::cross_sell(log, key, None, at_ms)?;
                }
            }
            for (key, record) in rules {
                publish::cross_sell(log, key.clone(), Some(record.clone()), at_ms)?;
            }
            deed.map_or(Ok(()), |deed| audit::record(log.tx, deed))
        })
    }

    fn save_fit(&self, fit: &Fit, at_ms: i64, deed: Option<&Deed>) -> Result<bool> {
        self.write_log(|log| {
            if version(log.tx)?.checked_add(1) != Some(fit.version) {
                return Ok(false);
            }
            let records = fit.records();
            for key in keys(log.tx, KnownKind::Parameter)?
                .into_iter()
                .filter(|key| Fit::holds(key) && !records.contains_key(key))
            {
                publish::parameter(log, key, None, at_ms)?;
            }
            for (key, record) in records {
                publish::parameter(log, key, Some(record), at_ms)?;
            }
            deed.map_or(Ok(()), |deed| audit::record(log.tx, deed))?;
            Ok(true)
        })
    }
}

/// Version of the last fit; 0 before the first.
fn version(tx: &Transaction<'_>) -> Result<u32> {
    use cartera_core::model::office::Value;
    let kind = KnownKind::Parameter;
    let last = office::get(tx, kind.name(), "", BASE).map_err(rows_error)?;
    let value = last.and_then(|(entry, _)| entry.value);
    Ok(match value.map(|value| Value::decode(&kind.into(), &value)) {
        Some(Ok(Value::Parameter(record))) => record.version,
        _ => 0,
    })
}

fn keys(tx: &Transaction<'_>, kind: KnownKind) -> Result<Vec<String>> {
    let mut statement =
        tx.prepare_cached("SELECT key FROM office WHERE kind = ?1 AND source = '' AND value IS NOT NULL")?;
    let keys = statement.query_map([kind.name()], |row| row.get(0))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}
