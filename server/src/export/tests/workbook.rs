//! Workbooks, read by calamine.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use cartera_core::model::office::{DueItem, Value as OfficeValue};
use cartera_core::model::profile::{ClientField, Value};
use cartera_core::model::{Currency, Money};

use super::books::Books;
use crate::export::{Export, Query, QueryError};

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

fn sheet(books: &Books, file: &str, parameters: &[(&str, &str)]) -> Range<Data> {
    let mut book = open(books.export_bytes(file, parameters).1);
    let name = book.sheet_names()[0].clone();
    book.worksheet_range(&name).unwrap()
}

#[test]
fn cells_have_types_and_text_stays_text() {
    let books = Books::new();
    let names = [
        "=1+1",
        "=HYPERLINK(\"http://x\")",
        "+34 cmd|' /C calc'!A0",
        "{=1}",
        "00012",
        "1e5",
        "TRUE",
        "<b>&amp;</b>",
        "بقالة السعادة",
        "two\nlines",
        "_x0041_",
        " blanks ",
    ];
    for name in names {
        books.client(name);
    }
    let client = books.client("Bar");
    books.edit(client, ClientField::Email, Value::Text("a@b.example".into()));
    books.visit(client, "2026-09-01");
    let range = sheet(&books, "clients.xlsx", &[("columns", "name,id,deleted,conflicts,email")]);
    let head: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(head, ["name", "id", "deleted", "conflicts", "email"]);
    assert_eq!(range.height(), names.len() + 2);
    for (row, name) in range.rows().skip(1).zip(names) {
        assert_eq!(row[0], Data::String(name.into()));
        assert!(matches!(&row[1], Data::String(id) if id.len() == 26), "{row:?}");
        assert_eq!((&row[2], &row[3], &row[4]), (&Data::Bool(false), &Data::Float(0.0), &Data::Empty));
    }
    let visits = sheet(&books, "visits.xlsx", &[("columns", "date,device_time,outcome")]);
    let Data::DateTime(date) = visits[(1, 0)] else { panic!("{:?}", visits[(1, 0)]) };
    assert_eq!(date.to_ymd_hms_milli(), (2026, 9, 1, 0, 0, 0, 0));
    let Data::DateTime(time) = visits[(1, 1)] else { panic!("{:?}", visits[(1, 1)]) };
    assert_eq!(time.to_ymd_hms_milli(), (2026, 9, 1, 10, 0, 0, 0));
}

#[test]
fn control_characters_leave_a_workbook_whole() {
    let books = Books::new();
    // Names have none; an old or foreign feed's key may.
    let client = books.client("Bar");
    let key = "a\u{1}\u{b}\u{1f}b";
    books.office(client, key, Some(&due(1_00, Currency::EUR)));
    let range = sheet(&books, "due_items.xlsx", &[("columns", "key,amount")]);
    assert_eq!((range.height(), &range[(1, 1)]), (2, &Data::Float(1.0)));
    assert!(range[(1, 0)].to_string().starts_with('a') && range[(1, 0)].to_string().ends_with('b'));
}

fn due(minor: i64, currency: Currency) -> OfficeValue {
    DueItem::new("2026-10-01".parse().unwrap(), Money::new(minor, currency), minor).into()
}

#[test]
fn amounts_are_numbers_with_the_currency_s_decimals() {
    let books = Books::new();
    let client = books.client("Bar");
    for (key, minor, currency) in [
        ("a", 1_250, "EUR"),
        ("b", 1_250, "JPY"),
        ("c", 1_250, "KWD"),
        ("d", 999_999_999_999_999, "EUR"),
        ("e", 1_000_000_000_000_000, "EUR"),
    ] {
        books.office(client, key, Some(&due(minor, currency.parse().unwrap())));
    }
    let range = sheet(&books, "due_items.xlsx", &[("columns", "amount,amount_minor,currency,due")]);
    let amounts: Vec<Data> = range.rows().skip(1).map(|row| row[0].clone()).collect();
    let text = |text: &str| Data::String(text.into());
    assert_eq!(
        amounts,
        [
            Data::Float(12.5),
            Data::Float(1250.0),
            Data::Float(1.25),
            Data::Float(9_999_999_999_999.99),
            text("10000000000000.00"), // a sheet would round it
        ]
    );
    assert_eq!(range[(5, 1)], text("1000000000000000"));
}

#[test]
fn several_resources_are_sheets_and_what_does_not_fit_goes_on_in_another() {
    let books = Books::new();
    let client = books.client("Bar");
    books.visits(client, "2026-09-01", 25);
    let queries = Query::parse_several("clients,visits,contacts.xlsx", []).unwrap();
    let export = Export::begin_several(&books.store, queries).unwrap().with_sheets_of(11);
    assert_eq!(export.file_name(), "clients,visits,contacts.xlsx");
    let mut bytes = Vec::new();
    assert_eq!(export.write_to(&books.store, &mut bytes).unwrap().rows, 26);
    let mut book = open(bytes);
    assert_eq!(book.sheet_names(), ["clients", "visits", "visits (2)", "visits (3)", "contacts"]);
    let mut ids = std::collections::BTreeSet::new();
    for (name, height) in [("visits", 11), ("visits (2)", 11), ("visits (3)", 6)] {
        let range = book.worksheet_range(name).unwrap();
        assert_eq!((range.height(), &range[(0, 0)]), (height, &Data::String("id".into())), "{name}");
        ids.extend(range.rows().skip(1).map(|row| row[0].to_string()));
    }
    assert_eq!(ids.len(), 25);

    let refused = |file: &str, parameters: &[(&'static str, &'static str)]| {
        Query::parse_several(file, parameters.iter().copied()).unwrap_err()
    };
    assert_eq!(refused("clients,visits.csv", &[]), QueryError::Several);
    assert_eq!(refused("clients,clients.xlsx", &[]), QueryError::TooMany);
    assert!(matches!(refused("clients,.xlsx", &[]), QueryError::Resource { .. }));
    let by_date = refused("visits,clients.xlsx", &[("from", "2026-09-01")]);
    assert!(matches!(by_date, QueryError::Parameter { resource: "clients", .. }), "{by_date}");
}

/// What waits for the workbook to be whole has no name: whatever ends the process, nothing is left behind.
#[test]
fn nothing_lies_in_the_folder_while_a_workbook_is_made_or_after() {
    let books = Books::new();
    let client = books.client("Bar");
    books.visits(client, "2026-09-01", 6_000);
    let files = || {
        let mut names: Vec<_> =
            std::fs::read_dir(books.folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = files();
    let queries = Query::parse_several("visits.xlsx", []).unwrap();
    let mut export = Export::begin_several(&books.store, queries).unwrap();
    let (mut bytes, mut empty) = (0, 0);
    while let Some(piece) = export.next(&books.store).unwrap() {
        (bytes, empty) = (bytes + piece.len(), empty + usize::from(piece.is_empty()));
        assert_eq!(files(), before);
    }
    assert!(empty >= 2 && bytes > 100_000, "{empty} pages before the first of {bytes} bytes");
    drop(export);
    assert_eq!(files(), before);
}

#[test]
fn the_same_rows_are_the_same_bytes() {
    let books = Books::new();
    books.visit(books.client("Bar"), "2026-09-01");
    let make = || books.export_bytes("clients,visits.xlsx", &[]).1;
    assert_eq!(make(), make());
}
