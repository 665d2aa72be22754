//! Clients: the profile as one file after the other says it.

use super::*;
use crate::import::record::{Address, Profile, ProfileValue};

fn profile(memory: &Memory, id: &str) -> Profile {
    memory.clients[&("erp".to_owned(), id.to_owned())].clone()
}

fn text(value: &str) -> ProfileValue {
    ProfileValue::Text(value.to_owned())
}

#[test]
fn a_clients_columns_become_the_values_that_belong_together() {
    let mut memory = Memory::with_territories(["N"]);
    let file = "codigo;nombre;direccion;cp;poblacion;latitud;longitud;etiquetas;zona;contacto;email\n\
                1;Bar Sol;Calle Mayor, 1;28001;Madrid;40,4167;-3,70325;\"bar, terraza\";N;Ana;ana@sol.example\n";
    let report = import(file.as_bytes(), Kind::Clients, &mut memory);
    assert_eq!(found(&report), []);
    let profile = profile(&memory, "1");
    assert_eq!(
        profile["address"],
        ProfileValue::Address(Address {
            street: Some("Calle Mayor, 1".into()),
            postal_code: Some("28001".into()),
            city: Some("Madrid".into()),
            ..Address::default()
        })
    );
    assert_eq!(profile["point"], ProfileValue::Point { latitude: 404_167_000, longitude: -37_032_500 });
    assert_eq!(
        (&profile["tag.bar"], &profile["tag.terraza"]),
        (&ProfileValue::Present, &ProfileValue::Present)
    );
    assert_eq!((&profile["contact.name"], &profile["territory"]), (&text("Ana"), &text("N")));
}

#[test]
fn only_what_changed_in_the_file_is_an_edit() {
    let mut memory = Memory::default();
    let first = "codigo;nombre;telefono;email\n1;Bar Sol;111;a@b.example\n2;Bar Luna;222;\n";
    assert_eq!(import(first.as_bytes(), Kind::Clients, &mut memory).counts.new, 2);
    assert_eq!(memory.edits, 5);
    let second = "codigo;nombre;telefono;email\n1;Bar Sol;112;\n2;Bar Luna;222;\n";
    let report = import(second.as_bytes(), Kind::Clients, &mut memory);
    assert_eq!((report.counts.changed, report.counts.unchanged), (1, 1));
    assert_eq!(memory.edits, 7, "the phone, and the mail that is gone");
    assert_eq!(
        profile(&memory, "1"),
        [("name", "Bar Sol"), ("phone", "112")].map(|(f, v)| (f.to_owned(), text(v))).into()
    );
    assert_eq!(import(second.as_bytes(), Kind::Clients, &mut memory).counts.unchanged, 2);
    assert_eq!(memory.edits, 7);
}

#[test]
fn a_file_without_a_column_says_nothing_of_it() {
    let mut memory = Memory::default();
    import(b"codigo;nombre;telefono\n1;Bar Sol;111\n", Kind::Clients, &mut memory);
    import(b"codigo;nombre\n1;Bar Sol\n", Kind::Clients, &mut memory);
    assert_eq!(memory.edits, 2);
    assert_eq!(profile(&memory, "1")["phone"], text("111"));
}

#[test]
fn a_client_of_an_unknown_territory_stays_where_it_is() {
    let mut memory = Memory::with_territories(["N"]);
    import(b"codigo;nombre;zona\n1;Bar Sol;N\n", Kind::Clients, &mut memory);
    let report = import(b"codigo;nombre;zona\n1;Bar Sol;X\n2;Bar Luna;X\n", Kind::Clients, &mut memory);
    assert_eq!(found(&report), [(2, Code::UnknownTerritory), (3, Code::UnknownTerritory)]);
    assert_eq!((report.counts.unchanged, report.counts.new), (1, 1));
    assert_eq!(profile(&memory, "1")["territory"], text("N"));
    assert!(!profile(&memory, "2").contains_key("territory"));
}

#[test]
fn half_a_point_is_no_point_and_odd_mail_is_a_warning() {
    let mut memory = Memory::default();
    let report = import(
        b"codigo;nombre;latitud;longitud;email\n1;a;40,1;;x@y\n2;b;91;0;\n",
        Kind::Clients,
        &mut memory,
    );
    assert_eq!(found(&report), [(2, Code::HalfPoint), (2, Code::Email), (3, Code::TooLarge)]);
    assert_eq!(
        profile(&memory, "1"),
        [("name", "a"), ("email", "x@y")].map(|(f, v)| (f.to_owned(), text(v))).into()
    );
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
