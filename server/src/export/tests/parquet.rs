//! Parquet's types, and its row groups; DuckDB reads the same in `tests/formats`.

use bytes::Bytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::books::Books;
use crate::export::resources::RESOURCES;

fn open(bytes: Vec<u8>) -> SerializedFileReader<Bytes> {
    SerializedFileReader::new(Bytes::from(bytes)).unwrap()
}

#[test]
fn columns_have_types_and_what_is_missing_is_null() {
    let books = Books::new();
    let client = books.client("Bar Ñandú");
    let id = books.visit(client, "2026-09-01");
    let (exported, bytes) = books.export_bytes("visits.parquet", &[]);
    let file = open(bytes);
    let rows: Vec<_> = file.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    let cell = |name: &str| {
        rows[0].get_column_iter().find(|(column, _)| *column == name).map(|(_, field)| field.clone()).unwrap()
    };
    assert_eq!(cell("id"), Field::Str(id.to_string()));
    assert_eq!(cell("client_name"), Field::Str("Bar Ñandú".into()));
    assert_eq!(
        cell("date"),
        Field::Date("2026-09-01".parse::<cartera_core::model::BusinessDate>().unwrap().days())
    );
    assert_eq!(cell("deleted"), Field::Bool(false));
    assert_eq!(cell("notes"), Field::Null);
    let Field::TimestampMicros(received) = cell("received_at") else { panic!("{:?}", cell("received_at")) };
    assert_eq!(received, (super::books::NOW_MS + 3) * 1000);
    let about = file.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| about.iter().find(|pair| pair.key == key).unwrap().value.clone().unwrap();
    assert_eq!((value("cartera.resource"), value("cartera.cursor")), ("visits".into(), exported.cursor));
}

#[test]
fn rows_go_out_in_groups_and_none_is_lost_between_them() {
    let books = Books::new();
    let client = books.client("Bar");
    let ids = books.visits(client, "2026-09-01", 8_192 + 1);
    let file = open(books.export_bytes("visits.parquet", &[("columns", "date,id")]).1);
    let groups: Vec<i64> = file.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [8_192, 1]);
    let mut read: Vec<String> =
        file.get_row_iter(None).unwrap().map(|row| row.unwrap().into_columns()[1].1.to_string()).collect();
    let mut ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    read.sort();
    ids.sort();
    assert_eq!(read, ids);
}

#[test]
fn every_resource_is_a_file_even_without_a_row() {
    let books = Books::new();
    for resource in RESOURCES {
        let file = open(books.export_bytes(&format!("{}.parquet", resource.name), &[]).1);
        let about = file.metadata().file_metadata();
        let rows = match resource.name {
            "territories" => 1, // unassigned is always there
            // Nobody is counted too: all clients, and those of each status and stage.
            "portfolio" => 10,
            _ => 0,
        };
        assert_eq!((about.schema().get_fields().len(), about.num_rows()), (resource.columns().len(), rows));
    }
}
