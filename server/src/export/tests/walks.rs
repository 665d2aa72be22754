//! Nothing is skipped, nothing comes twice, whoever writes meanwhile.

use super::books::Books;
use crate::export::{Export, Format, Profile, Query, resources::Resource};

#[test]
fn everything_is_there_once_and_reads_as_it_was_corrected() {
    let books = Books::new();
    let client = books.client("Bar Ñandú");
    let plain = books.visit(client, "2026-09-01");
    let amended = books.visit(client, "2026-09-02");
    let correction = books.amend(client, amended, "2026-09-03");
    let voided = books.visit(client, "2026-09-04");
    books.void(client, voided);
    let restored = books.visit(client, "2026-09-05");
    let void = books.void(client, restored);
    books.void(client, void);
    let (_, rows) = books.rows("visits", &[]);
    let dates: Vec<_> =
        [plain, amended, restored].iter().map(|id| rows[&id.to_string()]["date"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2026-09-01", "2026-09-03", "2026-09-05"]);
    assert_eq!(rows.len(), 3);
    let row = &rows[&amended.to_string()];
    assert_eq!(row["revision_id"], correction.to_string());
    assert_eq!((&row["amended"], &row["outcome"]), (&true.into(), &"no_order".into()));
    assert_eq!((&row["client_id"], &row["client_name"]), (&client.to_string().into(), &"Bar Ñandú".into()));
    assert_eq!(row["deleted"], false);
}

#[test]
fn a_correction_of_something_unknown_stands_for_itself() {
    let books = Books::new();
    let client = books.client("Bar");
    let unknown = cartera_core::model::RecordId::new(&books.env);
    let orphan = books.amend(client, unknown, "2026-09-02");
    let again = books.amend(client, orphan, "2026-09-03");
    books.void(client, unknown);
    let (_, rows) = books.rows("visits", &[]);
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[&orphan.to_string()];
    assert_eq!((&row["revision_id"], &row["orphan"]), (&again.to_string().into(), &true.into()));
}

#[test]
fn pages_neither_skip_nor_repeat_while_others_write() {
    for moment in [0, 1, 5] {
        let books = Books::new();
        let client = books.client("Bar");
        let visits = books.visits(client, "2026-09-01", 6_500);
        let amended = books.amend(client, visits[10], "2026-09-02");
        let voided = books.visit(client, "2026-09-03");
        let void = books.void(client, voided);
        let query = Query::all(Resource::find("visits").unwrap(), Format::Csv(Profile::Machine));
        let mut export = Export::begin(&books.store, query).unwrap();
        let mut text = Vec::new();
        let mut page = 0;
        while let Some(bytes) = export.next(&books.store).unwrap() {
            text.extend(bytes);
            if page == moment {
                // Rows that were passed begin to read elsewhere, and the other way round; rows arrive.
                books.void(client, amended);
                books.void(client, void);
                books.amend(client, visits[5], "2026-09-09");
                books.amend(client, visits[6_499], "2026-09-09");
                books.visit(client, "2026-09-09");
            }
            page += 1;
        }
        assert!(page > 6, "{page} pieces");
        let text = String::from_utf8(text).unwrap();
        let mut ids: Vec<&str> = text.lines().skip(1).map(|line| &line[..26]).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "a row came twice");
        for visit in &visits {
            assert!(ids.binary_search(&visit.to_string().as_str()).is_ok(), "{visit} was skipped");
        }
        // What came afterwards is told next time.
        let (_, rows) = books.rows("visits", &[("since", export.cursor())]);
        for changed in [visits[10], visits[5], visits[6_499], voided] {
            assert!(rows.contains_key(&changed.to_string()), "moment {moment}");
        }
        assert_eq!(rows.len(), 5);
    }
}

#[test]
fn filters_choose_by_date_territory_and_status() {
    let books = Books::new();
    let (bar, shop) = (books.client("Bar"), books.client("Tienda"));
    let north = cartera_core::model::TerritoryId::new(&books.env);
    books.territory(bar, north);
    for client in [bar, shop] {
        for date in ["2026-09-01", "2026-09-02", "2026-09-03"] {
            books.visit(client, date);
        }
    }
    let count = |parameters: &[(&str, &str)]| books.rows("visits", parameters).1.len();
    assert_eq!(count(&[]), 6);
    assert_eq!(count(&[("from", "2026-09-02"), ("to", "2026-09-03")]), 2);
    assert_eq!(count(&[("territory", &north.to_string())]), 3);
    assert_eq!(count(&[("territory", "00000000000000000000000000")]), 3, "unassigned");
    assert_eq!(count(&[("status", "planned")]), 0);
    assert_eq!(count(&[("status", "planned,done")]), 6);
    assert_eq!(books.rows("clients", &[("territory", &north.to_string())]).1.len(), 1);
}

#[test]
fn an_empty_log_exports_a_head_and_a_cursor() {
    let books = Books::new();
    let (exported, text) = books.export("visits.csv", &[]);
    assert_eq!((exported.rows, text.lines().count()), (0, 1));
    let (_, rows) = books.rows("visits", &[("since", &exported.cursor)]);
    assert!(rows.is_empty());
    books.visit(books.client("Bar"), "2026-09-01");
    let (_, rows) = books.rows("visits", &[("since", &exported.cursor)]);
    assert_eq!(rows.len(), 1);
}
