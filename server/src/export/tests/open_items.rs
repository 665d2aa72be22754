//! What was still to be paid, as of a day.

use serde_json::Value;

use crate::export::{Export, Query};
use crate::import::Kind;
use crate::testing::Relay;

fn relay() -> Relay {
    let relay = Relay::new();
    relay.import(Kind::Clients, "codigo;nombre\nC1;=SUMA(1)\nC2;Bar\n");
    let items = "efecto;cliente;factura;fecha emision;vencimiento;importe;pendiente;fecha cobro;moneda\n\
        E1;C1;F1;01/06/2026;01/07/2026;100,50;0;15/08/2026;EUR\n\
        E2;C1;F2;01/07/2026;01/08/2026;40;40;;EUR\n\
        E3;C2;F3;01/09/2026;01/10/2026;10;10;;EUR\n";
    assert_eq!(relay.import(Kind::DueItems, items).errors(), 0);
    relay
}

fn told(relay: &Relay, file: &str, parameters: &[(&str, &str)]) -> String {
    let query = Query::parse(file, parameters.iter().copied()).unwrap();
    let mut out = Vec::new();
    Export::begin(&*relay.app.storage, query).unwrap().write_to(&*relay.app.storage, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_was_paid_since_was_open_then_and_what_was_issued_since_was_not_there() {
    let relay = relay();
    let at = |as_of: &str| -> Vec<(String, i64, i64)> {
        let told: Value =
            serde_json::from_str(&told(&relay, "open_items.json", &[("as_of", as_of)])).unwrap();
        let rows = told["rows"].as_array().unwrap().iter().map(|row| {
            assert_eq!(row["as_of"], as_of);
            let number = |name: &str| row[name].as_i64().unwrap();
            (row["id"].as_str().unwrap().to_owned(), number("open_minor"), number("days_overdue"))
        });
        rows.collect()
    };
    let row = |key: &str, open, days| (format!("erp/{key}"), open, days);
    assert_eq!(at("2026-05-31"), []);
    assert_eq!(at("2026-08-14"), [row("E1", 10_050, 44), row("E2", 4_000, 13)]);
    assert_eq!(at("2026-08-15"), [row("E2", 4_000, 14)]);
    assert_eq!(at("2026-09-21"), [row("E2", 4_000, 51), row("E3", 1_000, 0)]);
}

#[test]
fn they_are_chosen_by_when_they_fall_due_and_names_are_no_formulas() {
    let relay = relay();
    let csv = told(
        &relay,
        "open_items.csv",
        &[
            ("as_of", "2026-09-21"),
            ("to", "2026-10-01"),
            ("columns", "client_name,document,due,open,currency,returned"),
            ("profile", "excel-es"),
        ],
    );
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    let head = "client_name;document;due;open;currency;returned";
    assert_eq!(lines, [head, "'=SUMA(1);F2;2026-08-01;40,00;EUR;FALSO"]);
}
