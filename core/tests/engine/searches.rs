//! Search as somebody types it: with and without accents, in pieces, and with whatever a keyboard can send.

use cartera_core::engine::ClientEdit;
use cartera_core::model::PartId;
use cartera_core::model::phone::Phone;
use cartera_core::model::place::Address;
use cartera_core::model::profile::{ClientField, ContactField, Key, Value};
use cartera_core::model::record::{Note, Outcome, Visit};
use cartera_core::model::tax_id::TaxId;
use cartera_core::query;

use super::Device;

fn shop() -> Device {
    let device = Device::new(61);
    let client = device.client("Casa Pérez");
    let contact = PartId::from_bytes([7; 16]);
    let text = |text: &str| Value::Text(text.into());
    let phone = |raw: &str| Value::Phone(Phone::parse(raw, Some("ES")));
    let edits = [
        (Key::Client(ClientField::LegalName), text("Hostelería del Júcar, S.L.")),
        (Key::Client(ClientField::TaxId), Value::TaxId(TaxId::parse("B-12345674", "ES").unwrap())),
        (Key::Client(ClientField::ErpCode), text("ZC-0042/7")),
        (Key::Client(ClientField::Phone), phone("969 21 30 40")),
        (Key::Client(ClientField::Mobile), phone("+351 912 345 678")),
        (
            Key::Client(ClientField::Address),
            Value::Address(Address { city: Some("Alcázar de San Juan".into()), ..Address::empty() }),
        ),
        (Key::Contact(contact, ContactField::Name), text("Begoña Íñiguez")),
        (Key::Contact(contact, ContactField::Mobile), phone("600123456")),
    ];
    let edits = edits.iter().map(|(key, value)| ClientEdit::put(key, value)).collect();
    device.engine.edit_client(&client, edits).unwrap();
    device.client("Otro");
    device
}

#[test]
fn every_field_is_found_by_the_beginning_of_its_words_however_they_are_written() {
    let device = shop();
    for typed in [
        // The name on the door, the legal one, the town, a person there.
        "casa",
        "CASA PEREZ",
        "pérez casa",
        "per cas",
        "Pe\u{301}rez",
        "hosteleria",
        "jucar",
        "s.l. júcar",
        "alcázar",
        "alcazar de san juan",
        "san ju",
        "begoña",
        "BEGONA in",
        "in\u{303}iguez",
        "perez alcazar 0042",
        // The tax id, with and without what is written between, and as a VAT number.
        "B12345674",
        "b-12345674",
        "B 1234",
        "b12345",
        "ESB12345674",
        "es b12345674",
        // The code.
        "zc-0042/7",
        "ZC0042",
        "zc 0042 7",
        "0042",
        "zc00427",
        // Phones as people say, read and paste them.
        "969213040",
        "969 21 30 40",
        "969-213-040",
        "96 921 30 40",
        "(969) 21.30.40",
        "+34 969 213 040",
        "0034969213040",
        "34969",
        "96921",
        "+351912345678",
        "00351 912 345 678",
        "912345678",
        "912 34",
        "600 123 456",
        "600123",
        "600-12",
        "+34600123456",
        "34 600",
    ] {
        assert_eq!(device.search(typed), ["Casa Pérez"], "{typed:?}");
    }
    for typed in ["erez", "jucar q", "12345674", "213040", "0043", "612345674", "casa otro", "600123457"] {
        assert!(device.search(typed).is_empty(), "{typed:?}");
    }
}

#[test]
fn what_is_typed_is_never_syntax_and_never_too_long() {
    let device = shop();
    let long = "casa ".repeat(300_000);
    for (typed, finds) in [
        ("\"casa\"", true),
        ("casa*", true),
        ("casa' OR 1=1 --", false),
        ("casa\" OR \"otro", false),
        ("casa OR otro", false),
        ("casa AND perez", false),
        ("name:casa", false),
        ("^casa", true),
        ("{name} : casa", false),
        ("NEAR(casa perez)", false),
        ("casa NOT otro", false),
        ("casa\0perez", true),
        ("-casa", true),
        ("+casa +perez", true),
        ("%", true), // nothing typed that could be found: the whole list
        ("_", true),
        ("\u{1f600}", true),
        ("casa \u{1f600}", true),
        ("ⓐ casa", true), // no letter to the index
        (&long, true),
        (&"9".repeat(1_000_000), false),
    ] {
        let found = device.search(typed).contains(&"Casa Pérez".to_owned());
        assert_eq!(found, finds, "{:?}", &typed.chars().take(60).collect::<String>());
    }
    // Whatever bytes come from a keyboard: an answer, never an error.
    let mut state = 7_u64;
    for _ in 0..3_000 {
        let typed: String = (0..12)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let pool = [
                    '"', '*', '(', ')', ':', '^', '-', '+', '{', '}', 'a', 'N', 'O', 'T', ' ', '\0',
                    '\u{301}', 'ñ', '9',
                ];
                pool[(state >> 33) as usize % pool.len()]
            })
            .collect();
        device.search(&typed);
        device.read(|conn| Ok(query::clients::search_notes(conn, &typed, 9)?));
        device.read(|conn| Ok(query::catalogue::search(conn, &typed, 9)?));
    }
}

#[test]
fn notes_are_found_by_client_however_many_of_one_there_are() {
    let device = Device::new(62);
    let (talker, other) = (device.client("A"), device.client("B"));
    for n in 0..30 {
        device.engine.add_note(&talker, Note::new(format!("pidió género {n}"))).unwrap();
    }
    let visit = Visit { notes: Some("Pide GÉNERO fresco".into()), ..Visit::done(Outcome::NoOrder) };
    device.engine.log_visit(&other, visit).unwrap();
    let notes = |typed: &str, limit| {
        let rows = device.read(|conn| Ok(query::clients::search_notes(conn, typed, limit)?));
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(notes("genero", 10), ["A", "B"]);
    assert_eq!(notes("gén fres", 10), ["B"], "both words in one note");
    assert_eq!(notes("pidio fresco", 10), Vec::<String>::new(), "not in two");
    assert_eq!((notes("genero", 1).len(), notes("genero", 0).len(), notes("", 10).len()), (1, 0, 0));
}
