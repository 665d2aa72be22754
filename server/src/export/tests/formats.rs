//! The three formats of the same rows.

use super::books::Books;
use crate::export::{Query, QueryError};

#[test]
fn names_of_any_kind_come_back_in_every_format() {
    let books = Books::new();
    let long = "ñ".repeat(200);
    let names = [
        "Bar Ñandú",
        "'; DROP TABLE clients; --",
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://x\")",
        "بقالة السعادة",
        "say \"hi\"; a,b",
        "two\nlines, and\r\na third",
        "\u{202e}esrever",
        " blanks at both ends ",
        &long,
    ];
    for name in names {
        books.client(name);
    }
    let of = |text: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap()[0].to_owned()).collect()
    };
    let (_, csv) = books.export("clients.csv", &[("columns", "name")]);
    assert_eq!(of(&csv), names);
    let (_, lines) = books.export("clients.ndjson", &[("columns", "name")]);
    let lines: Vec<String> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["name"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(lines, names);
    let (exported, json) = books.export("clients.json", &[("columns", "name")]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rows = json["rows"].as_array().unwrap();
    assert!(rows.iter().zip(names).all(|(row, name)| row["name"] == name));
    assert_eq!((&json["cursor"], &json["count"]), (&exported.cursor.as_str().into(), &names.len().into()));
}

#[test]
fn columns_are_those_that_were_asked_in_that_order() {
    let books = Books::new();
    books.visit(books.client("Bar"), "2026-09-01");
    let (_, text) = books.export("visits.csv", &[("columns", "outcome,date,client_name,received_at")]);
    assert_eq!(text, "outcome,date,client_name,received_at\norder,2026-09-01,Bar,2026-09-21T14:13:20.003Z\n");
    let (_, text) = books.export("visits.csv", &[("columns", "date,deleted"), ("profile", "excel-es")]);
    assert_eq!(text, "\u{feff}date;deleted\r\n2026-09-01;FALSO\r\n");
}

#[test]
fn what_cannot_be_asked_says_what_can() {
    let ask = |file: &str, name: &'static str, value: &'static str| {
        Query::parse(file, [(name, value)]).map(|_| ()).unwrap_err()
    };
    assert!(matches!(ask("secrets.csv", "since", "start"), QueryError::Resource { .. }));
    assert!(matches!(ask("visits.xml", "since", "start"), QueryError::Format { .. }));
    assert!(matches!(
        ask("visits", "since", "start"),
        QueryError::Resource { .. } | QueryError::Format { .. }
    ));
    for (name, value) in [
        ("columns", "id,nothing"),
        ("columns", "id,id"),
        ("columns", ""),
        ("profile", "excel-fr"),
        ("from", "yesterday"),
        ("to", "2026-02-30"),
        ("territory", "north"),
        ("rep", "' OR 1=1"),
        ("since", "1"),
    ] {
        assert!(matches!(ask("visits.csv", name, value), QueryError::Value { .. }), "{name}={value}");
    }
    for (file, name) in [("visits.csv", "limit"), ("clients.csv", "from"), ("visits.json", "profile")] {
        assert!(matches!(ask(file, name, "machine"), QueryError::Parameter { .. }), "{file} {name}");
    }
    let many = vec!["01ARZ3NDEKTSV4RRFFQ69G5FAV"; super::super::query::LIST_MAX];
    assert!(Query::parse("visits.csv", [("rep", many.join(",").as_str())]).is_ok());
    let more = [many.join(","), many[0].to_owned()].join(",");
    assert!(Query::parse("visits.csv", [("rep", more.as_str())]).is_err());
}
