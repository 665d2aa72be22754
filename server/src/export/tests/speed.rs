//! Rows a second, by hand: `cargo test --release -p cartera-relay --lib export::tests::speed -- --ignored --nocapture`.

use cartera_core::model::ClientId;
use cartera_core::model::profile::{ClientField, Value};
use cartera_core::model::record::{Kind, NextStep, Outcome, Record, Visit};

use super::books::{Books, record};
use crate::export::{Export, Query};

const CLIENTS: usize = 5_000;
const VISITS: usize = 20;

fn visit() -> Record {
    let mut visit = Visit::done(Outcome::NoOrder);
    visit.notes = Some("Le queda género; vuelvo la semana que viene con la oferta".into());
    visit.next = Some(NextStep::new("Llevar muestras", "2026-10-01".parse().ok()));
    visit.place = Some(cartera_core::model::place::Fix::new(404_168_000, -37_038_000, Some(12)));
    visit.minutes = Some(15);
    record("2026-09-01", visit)
}

/// Seconds that this thread had a core: what counts where others use it too.
fn on_cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

#[test]
#[ignore = "measures, and takes half a minute"]
#[allow(clippy::disallowed_methods)] // it measures
fn rows_a_second() {
    let books = Books::new();
    let record = visit().encode();
    let clients: Vec<ClientId> = books.many_clients(CLIENTS);
    let start = std::time::Instant::now();
    for _ in 0..VISITS {
        books.put_each(&clients, Kind::Visit, &record);
    }
    let _ = (ClientField::Name, Value::Bool(true));
    println!("written in {:?}", start.elapsed());
    for (file, parameters) in [
        ("visits.csv", &[][..]),
        ("visits.csv", &[("columns", "id,date")][..]),
        ("visits.csv", &[("columns", "id,client_id,date,outcome,notes")][..]),
        ("visits.csv", &[("columns", "id,date,received_at")][..]),
        ("visits.csv", &[("columns", "id,date,author_id")][..]),
        ("visits.csv", &[("profile", "excel-es")][..]),
        ("visits.ndjson", &[][..]),
        ("visits.csv", &[("since", "start")][..]),
        ("clients.csv", &[][..]),
    ] {
        for _ in 0..3 {
            let query = Query::parse(file, parameters.iter().copied()).unwrap();
            let (start, cpu) = (std::time::Instant::now(), on_cpu_s());
            let export = Export::begin(&books.store, query).unwrap();
            let done = export.write_to(&books.store, &mut std::io::sink()).unwrap();
            let seconds = start.elapsed().as_secs_f64();
            println!(
                "{file} {parameters:?}: {:.0} rows per CPU second, {:.0} rows/s, {:.0} MB/s, {} rows, {} bytes a row",
                done.rows as f64 / (on_cpu_s() - cpu),
                done.rows as f64 / seconds,
                done.bytes as f64 / seconds / 1e6,
                done.rows,
                done.bytes / done.rows,
            );
        }
    }
}
