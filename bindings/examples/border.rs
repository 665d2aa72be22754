//! What the engine takes by itself, called from Rust, beside which `border-cost.sh` puts what Kotlin takes for the same.
//!
//! `border make FOLDER` makes a database of 5,000 clients with two visits each; `border measure FOLDER` measures on it and
//! prints `name milliseconds` lines, the same names as Kotlin's.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use cartera_core::engine::{ClientEdit, Engine, EngineError, NewClient};
use cartera_core::env::SystemEnv;
use cartera_core::model::ClientId;
use cartera_core::model::profile::{ClientField, Key, Value};
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::query::clients;
use cartera_core::store::StoreError;

const CLIENTS: usize = 5_000;
const ROUNDS: usize = 200;
const TYPED: [&str; 4] = ["b", "ba", "bar", "bar 12"];

fn main() -> Result<(), EngineError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder] => make(Path::new(folder)),
        ["measure", folder] => measure(Path::new(folder)),
        _ => {
            say("usage: border make|measure FOLDER");
            Ok(())
        }
    }
}

fn open(folder: &Path) -> Result<Engine, EngineError> {
    Engine::open(&folder.join("phone.db"), None, "Europe/Madrid", Arc::new(SystemEnv))
}

fn make(folder: &Path) -> Result<(), EngineError> {
    let engine = open(folder)?;
    for number in 0..CLIENTS {
        let text = |field, text: String| ClientEdit::put(&Key::Client(field), &Value::Text(text));
        let fields = vec![
            text(ClientField::Name, format!("Bar {number:04} de la Estación")),
            text(ClientField::ErpCode, format!("C{number:05}")),
            text(ClientField::Sector, "bar".into()),
        ];
        let client = engine.create_client(NewClient { fields, territory: None })?;
        engine.log_visit(&client, visit())?;
        engine.log_visit(&client, visit())?;
    }
    engine.tidy()?;
    Ok(())
}

fn visit() -> Visit {
    Visit { notes: Some("Pedido habitual, volver la semana que viene".into()), ..Visit::done(Outcome::Order) }
}

fn measure(folder: &Path) -> Result<(), EngineError> {
    let began = now();
    let engine = open(folder)?;
    let rows = page(&engine)?;
    tell("open and first 50, first time", began);
    drop(engine);
    let began = now();
    let engine = open(folder)?;
    page(&engine)?;
    tell("open and first 50, again", began);
    median("page of 50", || page(&engine).map(drop))?;
    let mut typed = TYPED.iter().cycle();
    median("search as you type", || {
        let typed = typed.next().copied().unwrap_or_default();
        engine.store().read::<_, EngineError>(|conn| Ok(clients::search(conn, typed, 50)?)).map(drop)
    })?;
    median("log a visit", || engine.log_visit(&rows, visit()).map(drop))?;
    Ok(())
}

fn page(engine: &Engine) -> Result<ClientId, EngineError> {
    let rows = engine.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, 50)?))?;
    rows.first().map(|row| row.id).ok_or(EngineError::UnknownRecord)
}

fn median(name: &str, mut work: impl FnMut() -> Result<(), EngineError>) -> Result<(), EngineError> {
    let mut took = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = now();
        work()?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    say(&format!("{name}\t{:.3}", took[ROUNDS / 2]));
    Ok(())
}

#[allow(clippy::disallowed_methods)] // it measures
fn now() -> Instant {
    Instant::now()
}

fn tell(name: &str, began: Instant) {
    say(&format!("{name}\t{:.3}", began.elapsed().as_secs_f64() * 1_000.0));
}

#[allow(clippy::print_stdout)] // a command line
fn say(line: &str) {
    println!("{line}");
}
