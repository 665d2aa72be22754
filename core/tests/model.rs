//! Where the model and the documents say the same thing twice, they say the same.

use cartera_core::document::keys::Key as DocumentKey;
use cartera_core::model::BusinessDate;
use cartera_core::model::profile::Key;
use cartera_core::model::record::{Body, Clock, Header, Kind, Note, Record, Void, VoidReason};

const ULID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

#[test]
fn a_key_is_of_a_profile_or_a_record_exactly_where_documents_admit_it() {
    let parts = [
        "",
        "a",
        "id",
        "v",
        "tag",
        "contact",
        "erased",
        "name",
        ULID,
        "x y",
        " x",
        "é",
        "abcdefgh",
        "abcdefghi",
        "A",
    ];
    for a in parts {
        for b in parts {
            for text in [a.to_owned(), format!("{a}/{b}"), format!("{a}/{b}/name"), format!("{a}/{b}/x/y/z")]
            {
                let admitted = DocumentKey::parse(text.clone());
                assert_eq!(
                    Key::parse(&text).is_some(),
                    matches!(admitted, Ok(DocumentKey::Field(_))),
                    "{text}"
                );
                let record = matches!(admitted, Ok(DocumentKey::Record(_)));
                assert_eq!(Kind::parse_key(&text).is_some(), record, "{text}");
            }
        }
    }
}

#[test]
fn documents_read_the_header_that_the_model_writes() {
    let header = Header {
        version: 3,
        at_ms: -5,
        date: BusinessDate::MAX,
        zone: "America/Argentina/Buenos_Aires".into(),
        clock: Clock::Uncertain,
        amends: None,
        voids: Some(ULID.parse().unwrap()),
    };
    for body in [Body::from(Note::new("x")), Body::Void(Void::new(VoidReason::Mistake))] {
        let bytes = Record { header: header.clone(), body }.encode();
        let read = cartera_core::document::cbor::record(&bytes).unwrap();
        assert_eq!((read.version, read.time_ms, read.date), (3, -5, BusinessDate::MAX.days()));
        assert_eq!((read.zone.as_str(), read.clock_uncertain), (header.zone.as_str(), true));
        assert_eq!(read.relation.map(|relation| relation.target()), header.voids);
    }
}

/// Both read the same deterministic CBOR: what one refuses, the other does.
#[test]
fn both_readers_of_cbor_accept_the_same_bytes() {
    let mut seed: u64 = 7;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u32
    };
    let interesting = [
        0x00, 0x17, 0x18, 0x19, 0x20, 0x40, 0x41, 0x60, 0x61, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xc0, 0xf4,
        0xf6, 0xf9, 0xff,
    ];
    let (mut good, mut bad) = (0_u32, 0_u32);
    for _ in 0..200_000 {
        let len = next() % 7;
        let bytes: Vec<u8> = (0..len)
            .map(|_| {
                if next() % 4 == 0 { next() as u8 } else { interesting[next() as usize % interesting.len()] }
            })
            .collect();
        let model = cartera_core::model::cbor::check(&bytes);
        let document = cartera_core::document::cbor::value(&bytes);
        assert_eq!(model.is_ok(), document.is_ok(), "{bytes:02x?}: {model:?} {document:?}");
        good += u32::from(model.is_ok());
        bad += u32::from(model.is_err());
    }
    assert!(good > 10_000 && bad > 10_000, "{good} {bad}");
}
