//! What a cursor brings: what changed, what is gone, and nothing missing in the end.

use cartera_core::model::TerritoryId;
use cartera_core::model::profile::{ClientField, Value};

use super::books::{Books, Rows};
use crate::export::{Cursor, Export, ExportError, Query};

/// What somebody holds who reads on from cursor to cursor.
fn follow(books: &Books, resource: &str, held: &mut Rows, cursor: &mut String) -> usize {
    let (next, rows) = books.rows(resource, &[("since", cursor)]);
    *cursor = next;
    let count = rows.len();
    for (id, row) in rows {
        if row["deleted"] == true {
            held.remove(&id);
        } else {
            held.insert(id, row);
        }
    }
    count
}

fn same(held: &Rows, whole: &Rows, step: usize) {
    for (id, row) in whole {
        assert_eq!(held.get(id), Some(row), "step {step}");
    }
    let extra: Vec<_> = held.keys().filter(|id| !whole.contains_key(*id)).collect();
    assert!(extra.is_empty(), "step {step}: {extra:?}");
}

#[test]
fn whoever_reads_on_from_cursor_to_cursor_holds_what_a_whole_export_gives() {
    let books = Books::new();
    let clients = [books.client("Bar"), books.client("Tienda"), books.client("Taller")];
    let (mut visits, mut held_clients) = (Rows::new(), Rows::new());
    let (mut at_visits, mut at_clients) = ("start".to_owned(), "start".to_owned());
    let mut seed = 1_u64;
    let mut roll = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    let mut made: Vec<(cartera_core::model::ClientId, cartera_core::model::RecordId)> = Vec::new();
    for step in 0..400 {
        let client = clients[roll(3) as usize];
        let target = (!made.is_empty()).then(|| made[roll(made.len() as u64) as usize]);
        match (roll(6), target) {
            (0, Some((client, id))) => made.push((client, books.amend(client, id, "2026-09-02"))),
            (1, Some((client, id))) => made.push((client, books.void(client, id))),
            (2, Some((_, id))) => made.push((client, books.amend(client, id, "2026-09-03"))), // perhaps another's
            (3, _) => books.edit(client, ClientField::Sector, Value::Text(format!("sector {step}"))),
            (4, _) => books.territory(client, TerritoryId::new(&books.env)),
            _ => made.push((client, books.visit(client, "2026-09-01"))),
        }
        if roll(5) == 0 {
            follow(&books, "visits", &mut visits, &mut at_visits);
            follow(&books, "clients", &mut held_clients, &mut at_clients);
            let (_, whole) = books.rows("visits", &[]);
            same(&visits, &whole, step);
            same(&held_clients, &books.rows("clients", &[]).1, step);
        }
    }
    assert!(made.len() > 100 && visits.len() > 20);
}

#[test]
fn nothing_new_brings_nothing_and_one_change_one_row() {
    let books = Books::new();
    let (bar, shop) = (books.client("Bar"), books.client("Tienda"));
    let visit = books.visit(bar, "2026-09-01");
    books.visit(shop, "2026-09-01");
    let mut held = Rows::new();
    let mut cursor = "start".to_owned();
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 2);
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 0);
    books.amend(bar, visit, "2026-09-02");
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 1);
    books.void(bar, visit);
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 1);
    assert_eq!(held.len(), 1);
    // A move is told with all that is about the client.
    books.territory(shop, TerritoryId::new(&books.env));
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 1);
}

#[test]
fn what_does_not_fit_a_filter_any_more_is_taken_out() {
    let books = Books::new();
    let bar = books.client("Bar");
    let (north, south) = (TerritoryId::new(&books.env), TerritoryId::new(&books.env));
    books.territory(bar, north);
    let visit = books.visit(bar, "2026-09-01");
    let north = north.to_string();
    let filter = [("territory", north.as_str()), ("to", "2026-09-30")];
    let (cursor, rows) = books.rows("visits", &filter);
    assert_eq!(rows.len(), 1);
    books.amend(bar, visit, "2026-10-01");
    let (cursor, rows) = books.rows("visits", &[filter[0], filter[1], ("since", &cursor)]);
    assert_eq!(rows[&visit.to_string()]["deleted"], true);
    books.territory(bar, south);
    let (_, rows) = books.rows("visits", &[filter[0], ("since", &cursor)]);
    assert_eq!(rows[&visit.to_string()]["deleted"], true);
}

#[test]
fn an_erased_client_is_told_and_records_have_to_be_exported_anew() {
    let books = Books::new();
    let (bar, shop) = (books.client("Bar"), books.client("Tienda"));
    books.visit(bar, "2026-09-01");
    let (cursor, _) = books.rows("visits", &[]);
    books.erase(bar);
    let (_, rows) = books.rows("clients", &[("since", &cursor)]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[&bar.to_string()]["deleted"], true);
    let query = Query::parse("visits.csv", [("since", cursor.as_str())]).unwrap();
    let refused = Export::begin(&books.store, query).unwrap_err();
    assert!(matches!(refused, ExportError::Erased) && refused.code() == "expired");
    let (cursor, rows) = books.rows("visits", &[]);
    assert!(rows.is_empty());
    books.visit(shop, "2026-09-01");
    assert_eq!(books.rows("visits", &[("since", &cursor)]).1.len(), 1);
}

#[test]
fn a_cursor_of_another_log_is_gone() {
    let books = Books::new();
    books.visit(books.client("Bar"), "2026-09-01");
    let (cursor, _) = books.rows("visits", &[]);
    let good: Cursor = cursor.parse().unwrap();
    let mut epoch = good.epoch;
    epoch.0[0] ^= 1;
    for wrong in [
        Cursor { epoch, ..good },
        Cursor { number: good.number + 1, ..good },
        Cursor { number: good.number - 1, ..good },
        Cursor { number: u64::MAX, ..good },
    ] {
        let query = Query::parse("visits.csv", [("since", wrong.to_string().as_str())]).unwrap();
        let refused = Export::begin(&books.store, query).unwrap_err();
        assert!(matches!(refused, ExportError::CursorGone), "{wrong:?}");
    }
}
