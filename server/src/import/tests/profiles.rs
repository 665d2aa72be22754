//! Clients: the profile as one file after the other says it.

use cartera_core::model::profile::{ContactField, Key, Scalar, Value};

use super::*;
use crate::import::profile::Row;

fn row(memory: &Memory, id: &str) -> Row {
    memory.clients[&("erp".to_owned(), id.to_owned())].clone()
}

fn text(value: &str) -> Scalar {
    Scalar::Text(value.to_owned())
}

/// What the model reads at a key.
fn value(row: &Row, key: &str) -> Value {
    Key::parse(key).unwrap().read(&row.profile[key]).unwrap()
}

fn keys(row: &Row) -> Vec<&str> {
    row.profile.keys().map(String::as_str).collect()
}

#[test]
fn a_clients_columns_become_the_values_that_belong_together() {
    let mut memory = Memory::with_territories(["N"]);
    let file = "codigo;nombre;nif;direccion;cp;poblacion;latitud;longitud;etiquetas;zona;contacto;email;telefono\n\
                1;Bar Sol;b-00123459;Calle Mayor, 1;28001;Madrid;40,4167;-3,70325;\"Terraza, Menú del día\";N;Ana;ana@sol.example;910 83 00 00\n";
    let report = import(file.as_bytes(), Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::TaxId)], "the check digit is not 9");
    let row = row(&memory, "1");
    let Value::Address(address) = value(&row, "address") else { panic!() };
    assert_eq!(
        [address.street, address.postcode, address.city, address.region, address.country]
            .map(Option::unwrap_or_default),
        ["Calle Mayor, 1", "28001", "Madrid", "", "ES"]
    );
    let Value::Point(point) = value(&row, "point") else { panic!() };
    assert_eq!((point.lat_e7, point.lon_e7), (404_167_000, -37_032_500));
    assert_eq!(value(&row, "tag/menu-del-dia"), Value::Text("Menú del día".into()));
    let Value::TaxId(id) = value(&row, "tax_id") else { panic!() };
    assert_eq!((id.country.as_str(), id.number.as_str()), ("ES", "B00123459"));
    let Value::Phone(phone) = value(&row, "phone") else { panic!() };
    assert_eq!((phone.raw.as_str(), phone.e164.as_deref()), ("910 83 00 00", Some("+34910830000")));
    assert_eq!((row.territory.as_deref(), &row.profile["erp_code"]), (Some("N"), &text("1")));
    let contact = keys(&row).into_iter().find(|key| key.starts_with("contact/")).unwrap();
    assert!(matches!(Key::parse(contact), Some(Key::Contact(_, ContactField::Name))));
    assert_eq!(row.profile[contact], text("Ana"));
    for (key, scalar) in &row.profile {
        assert_eq!(Key::parse(key).unwrap().validate(scalar), [], "{key}");
    }
}

#[test]
fn only_what_changed_in_the_file_is_an_edit() {
    let mut memory = Memory::default();
    let first = "codigo;nombre;sector;email\n1;Bar Sol;111;a@b.example\n2;Bar Luna;222;\n";
    assert_eq!(import(first.as_bytes(), Kind::Clients, &mut memory).counts.new, 2);
    assert_eq!(memory.edits, 7);
    let second = "codigo;nombre;sector;email\n1;Bar Sol;112;\n2;Bar Luna;222;\n";
    let report = import(second.as_bytes(), Kind::Clients, &mut memory);
    assert_eq!((report.counts.changed, report.counts.unchanged), (1, 1));
    assert_eq!(memory.edits, 9, "the sector, and the mail that is gone");
    assert_eq!(keys(&row(&memory, "1")), ["erp_code", "name", "sector"]);
    assert_eq!(import(second.as_bytes(), Kind::Clients, &mut memory).counts.unchanged, 2);
    assert_eq!(memory.edits, 9);
}

#[test]
fn a_file_without_a_column_says_nothing_of_it() {
    let mut memory = Memory::default();
    import(b"codigo;nombre;sector;direccion\n1;Bar Sol;111;Calle Mayor\n", Kind::Clients, &mut memory);
    let report = import(b"codigo;nombre\n1;Bar Sol\n", Kind::Clients, &mut memory);
    assert_eq!((memory.edits, report.counts.unchanged), (4, 1));
    assert_eq!(keys(&row(&memory, "1")), ["address", "erp_code", "name", "sector"]);
}

#[test]
fn a_value_that_is_not_taken_neither_sets_nor_clears() {
    let mut memory = Memory::default();
    import(b"codigo;nombre;email;latitud;longitud\n1;a;a@b.example;1;2\n", Kind::Clients, &mut memory);
    let before = row(&memory, "1");
    let report = import(b"codigo;nombre;email;latitud;longitud\n1;a;a@b;1;\n", Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::Email), (2, Code::HalfPoint)]);
    assert_eq!((report.counts.unchanged, row(&memory, "1")), (1, before));
}

#[test]
fn a_client_of_an_unknown_territory_stays_where_it_is() {
    let mut memory = Memory::with_territories(["N"]);
    import(b"codigo;nombre;zona\n1;Bar Sol;N\n", Kind::Clients, &mut memory);
    let report = import(b"codigo;nombre;zona\n1;Bar Sol;X\n2;Bar Luna;X\n", Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::UnknownTerritory), (3, Code::UnknownTerritory)]);
    assert_eq!((report.counts.unchanged, report.counts.new), (1, 1));
    assert_eq!((row(&memory, "1").territory.as_deref(), row(&memory, "2").territory), (Some("N"), None));
}

#[test]
fn what_does_not_look_right_is_told_and_kept_where_it_can_be() {
    let mut memory = Memory::default();
    let file = "codigo;nombre;telefono;nif;pais;idioma\n1;a;12;x;Narnia;es es\n2;b;+44 20 7946 0018;GB999999973;Reino Unido;en\n";
    let report = import(file.as_bytes(), Kind::Clients, &mut memory);
    let codes = [Code::Phone, Code::TaxId, Code::NotTaken, Code::NotTaken].map(|code| (2, code));
    assert_eq!(found(&report), codes);
    assert_eq!(report.errors(), 0);
    assert_eq!(keys(&row(&memory, "1")), ["erp_code", "name", "phone", "tax_id"]);
    assert_eq!(keys(&row(&memory, "2")), ["erp_code", "language", "name", "phone", "tax_id"]);
    let report = import(b"codigo;nombre;latitud;longitud\n3;b;91;0;\n", Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::TooLarge)]);
}

#[test]
fn texts_are_bounded_at_their_limit() {
    let mut memory = Memory::default();
    let row = |name: String| format!("codigo;nombre\n1;{name}\n");
    let report = import(row("ñ".repeat(200)).as_bytes(), Kind::Clients, &mut memory);
    assert_eq!(found(&report), []);
    let report = import(row("ñ".repeat(201)).as_bytes(), Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::TooLong)]);
    let report = import(row("a\u{7}b".to_owned()).as_bytes(), Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::ControlCharacter)]);
}

#[test]
fn a_client_without_a_trade_name_goes_by_its_legal_one() {
    let mut memory = Memory::default();
    let file = "Código;Razón social;Nombre comercial\n1;Hermanos Peña, S.L.;Bar Peña\n2;Muñoz, S.A.;\n3;;\n";
    let report = import(file.as_bytes(), Kind::Clients, &mut memory);
    assert_eq!((report.counts.new, found(&report)), (2, vec![(4, Code::Required)]));
    assert_eq!(row(&memory, "1").profile["name"], text("Bar Peña"));
    let of_two = row(&memory, "2");
    assert_eq!(
        (&of_two.profile["name"], &of_two.profile["legal_name"]),
        (&text("Muñoz, S.A."), &text("Muñoz, S.A."))
    );
}
