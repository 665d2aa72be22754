//! What a cursor brings: what changed, what is gone, and nothing missing in the end.

use cartera_core::model::TerritoryId;
use cartera_core::model::profile::{ClientField, Value};

use super::books::{Books, Rows};
use crate::export::resources::RESOURCES;
use crate::export::{Cursor, Export, ExportError, Query};

/// What somebody holds who reads on from cursor to cursor.
fn follow(books: &Books, resource: &str, held: &mut Rows, cursor: &mut String) -> usize {
    let (next, rows) = books.rows(resource, &[("since", cursor)]);
    *cursor = next;
    let count = rows.len();
    for (id, row) in rows {
        if row["deleted"] == true {
            held.remove(&id);
            // Named like the client: all of them.
            held.retain(|_, row| row["client_id"] != id);
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
fn an_erased_client_is_told_by_one_row_in_every_resource_about_clients() {
    let books = Books::new();
    let (bar, shop) = (books.client("Bar"), books.client("Tienda"));
    books.visit(bar, "2026-09-01");
    let kept = books.visit(shop, "2026-09-01");
    let mut held = Rows::new();
    let mut cursor = "start".to_owned();
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 2);
    let before = cursor.clone();
    books.erase(bar);
    let new = books.visit(shop, "2026-09-02");
    assert_eq!(
        follow(&books, "visits", &mut held, &mut cursor),
        2,
        "the new one, and that all of one client go"
    );
    let mut left: Vec<_> = held.keys().cloned().collect();
    left.sort();
    assert_eq!(left, [kept.to_string(), new.to_string()]);
    assert_eq!(follow(&books, "visits", &mut held, &mut cursor), 0, "told once");
    let mut about = 0;
    for resource in RESOURCES.iter().filter(|resource| !resource.present) {
        let (_, rows) = books.rows(resource.name, &[("since", &before)]);
        let told = rows.get(&bar.to_string());
        assert_eq!(told.is_some(), resource.is_about_clients(), "{}", resource.name);
        let Some(row) = told else { continue };
        about += 1;
        assert_eq!(row["deleted"], true, "{}", resource.name);
        assert!(row.get("client_id").is_none_or(|id| *id == bar.to_string()), "{}", resource.name);
        assert_eq!(
            row[resource.replace_by],
            bar.to_string(),
            "{}: nothing else is taken for it",
            resource.name
        );
        let held: Vec<_> = row.as_object().unwrap().iter().filter(|(_, cell)| !cell.is_null()).collect();
        let words = [
            "id",
            "client_id",
            "kept_client_id",
            "number",
            "deleted",
            "source",
            "key",
            resource.replace_by,
            "order_id",
        ];
        assert!(held.iter().all(|(name, _)| words.contains(&name.as_str())), "{}: {held:?}", resource.name);
    }
    assert!(about > 20, "{about}");
    // Whatever the filter: it may have fitted.
    let filter = [("from", "2026-09-03"), ("since", before.as_str())];
    assert_eq!(books.rows("visits", &filter).1[&bar.to_string()]["deleted"], true);
    assert!(
        books.rows("visits", &[]).1.values().all(|row| row["deleted"] == false),
        "an export of everything has none"
    );
}

#[test]
fn columns_that_cannot_say_whose_rows_go_have_to_be_exported_anew() {
    let books = Books::new();
    let (bar, shop) = (books.client("Bar"), books.client("Tienda"));
    books.visit(bar, "2026-09-01");
    let (cursor, _) = books.rows("visits", &[]);
    let begin = |resource: &str, columns: &str| {
        let query =
            Query::parse(&format!("{resource}.csv"), [("since", cursor.as_str()), ("columns", columns)]);
        Export::begin(&books.store, query.unwrap()).map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(begin("visits", "id,date"), Ok(()), "nothing was erased");
    books.erase(bar);
    assert_eq!(begin("visits", "id,date,client_id"), Err("expired"));
    assert_eq!(begin("visits", "id,date,deleted"), Err("expired"));
    assert_eq!(begin("visits", "date,client_id,deleted"), Ok(()));
    assert_eq!((begin("clients", "id,name"), begin("clients", "id,deleted")), (Err("expired"), Ok(())));
    assert_eq!(
        (begin("articles", "id"), begin("absences", "id"), begin("people", "id")),
        (Ok(()), Ok(()), Ok(()))
    );
    let query = Query::parse("visits.csv", [("since", cursor.as_str()), ("columns", "id")]).unwrap();
    assert!(matches!(Export::begin(&books.store, query), Err(ExportError::Erased)));
    books.visit(shop, "2026-09-01");
    let (cursor, _) = books.rows("visits", &[("columns", "id,date")]);
    books.visit(shop, "2026-09-02");
    assert_eq!(books.rows("visits", &[("columns", "id"), ("since", &cursor)]).1.len(), 1);
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
