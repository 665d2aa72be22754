//! A process to be killed: `tests/durability` runs it and ends it without warning.
//!
//! ```text
//! worker phone DATABASE SEED    works; prints a line after each command that has returned
//! worker sync DATABASE SEED     the same, and syncs with its relay now and then
//! worker commands DATABASE SEED a few commands, and a good end
//! worker recover DATABASE SEED  recovers the database
//! worker relay ARGUMENT...      the relay, as its own program runs it
//! ```
//!
//! Lines: `client ID`, `visit CLIENT RECORD`, `order CLIENT RECORD`, `amend CLIENT RECORD`, `void CLIENT RECORD`,
//! `edit CLIENT NUMBER` (its ERP code), `synced`, `tidied`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, EngineError, NewClient};
use cartera_core::env::{Env, SeededEnv, SystemEnv, random_bytes};
use cartera_core::model::record::{Kind, Line, Outcome, Purchase, PurchaseSort, Visit, VoidReason};
use cartera_core::model::{ClientId, Currency, Decimal, RecordId};
use cartera_core::query;
use cartera_core::store::{StoreError, compact};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    let text = |n: usize| args.get(n).and_then(|arg| arg.to_str()).unwrap_or_default();
    if text(1) == "relay" {
        return cartera_relay::cli::run(args.into_iter().skip(1));
    }
    let done =
        text(3).parse().map_err(Failure::from).and_then(|seed| work(text(1), Path::new(text(2)), seed));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.downcast_ref::<EngineError>().map_or("", EngineError::code);
            let _ = writeln!(std::io::stderr(), "{code}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Commands until it is killed, or until nobody reads what it says.
fn work(how: &str, database: &Path, seed: u64) -> Result<(), Failure> {
    if how == "recover" {
        Engine::recover(database, None, "Europe/Madrid", Arc::new(SystemEnv))?;
        return Ok(());
    }
    let engine = Engine::open(database, None, "Europe/Madrid", Arc::new(SystemEnv))?;
    let clients = engine
        .store()
        .read::<_, StoreError>(|conn| Ok(query::clients::list(conn, None, query::MAX_PAGE)?))?
        .into_iter()
        .map(|row| (row.id, Vec::new()))
        .collect();
    let mut rep = Rep { engine, chances: SeededEnv::new(seed, 0), clients, commands: 0, seed };
    let mut out = std::io::stdout().lock();
    while how != "commands" || rep.commands < 5 {
        let line = match how {
            "sync" if rep.below(6) == 0 => {
                // The relay may be gone for a while: that is no reason to stop working.
                let synced = rep.engine.sync();
                if synced.is_ok() { "synced".to_owned() } else { continue }
            }
            _ => rep.command()?,
        };
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(())
}

struct Rep {
    engine: Engine,
    chances: SeededEnv,
    /// With the visits that can still be corrected.
    clients: Vec<(ClientId, Vec<RecordId>)>,
    commands: u64,
    seed: u64,
}

impl Rep {
    fn below(&self, bound: usize) -> usize {
        (u64::from_le_bytes(random_bytes(&self.chances as &dyn Env)) % bound as u64) as usize
    }

    /// Carries one command out, and says so.
    fn command(&mut self) -> Result<String, Failure> {
        self.commands += 1;
        let number = self.seed * 100_000 + self.commands;
        let what = self.below(20);
        if self.clients.is_empty() || what == 0 {
            let fields = vec![text("name", &format!("Bar Ñandú {number}"))?];
            let client = self.engine.create_client(NewClient { fields, territory: None })?;
            self.clients.push((client, Vec::new()));
            return Ok(format!("client {client}"));
        }
        let place = self.below(self.clients.len());
        let (client, visits) = self.clients.get_mut(place).ok_or("no client")?;
        Ok(match what {
            1 => {
                compact::step(self.engine.store(), None, 1)?;
                self.engine.store().checkpoint()?;
                "tidied".to_owned()
            }
            2..=4 => {
                self.engine.edit_client(client, vec![text("erp_code", &number.to_string())?])?;
                format!("edit {client} {number}")
            }
            5..=7 => {
                let id = self.engine.new_record_id();
                self.engine.place_order(client, id, order()?)?;
                format!("order {client} {id}")
            }
            8 | 9 if !visits.is_empty() => {
                let visit = visits.swap_remove(0);
                let saved = if what == 8 {
                    self.engine.amend(client, visit, Visit::done(Outcome::Shut).into())?
                } else {
                    self.engine.void(client, Kind::Visit, visit, VoidReason::Mistake)?
                };
                format!("{} {client} {}", if what == 8 { "amend" } else { "void" }, saved.id)
            }
            _ => {
                let notes = format!("vuelve el martes, {number}");
                let visit = Visit { notes: Some(notes), ..Visit::done(Outcome::Order) };
                let saved = self.engine.log_visit(client, visit)?;
                visits.push(saved.id);
                format!("visit {client} {}", saved.id)
            }
        })
    }
}

fn text(key: &str, value: &str) -> Result<ClientEdit, Failure> {
    Ok(ClientEdit { key: FieldKey::new(key)?, value: Some(FieldValue::Text(value.into())) })
}

fn order() -> Result<Purchase, Failure> {
    let eur: Currency = "EUR".parse().map_err(|_| "EUR is a currency")?;
    let mut order = Purchase::new(PurchaseSort::Order, eur);
    let mut line = Line::new("A1", Decimal::new(2, 0)?, "ud");
    line.price = Some(Decimal::new(1_250, 2)?);
    order.lines.push(line);
    order.compute_amounts()?;
    Ok(order)
}
