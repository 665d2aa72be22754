//! A record's header: read of every kind, within bounds.

use cartera_core::document::limits::{MAX_CBOR_DEPTH, MAX_TIME_MS, MAX_ZONE_BYTES};
use cartera_core::document::{Header, Relation};
use cartera_core::model::cbor::CborError;
use cartera_core::model::{BusinessDate, RecordId};

use crate::support::{record_bytes, record_with};

/// A record whose header has these encoded values; `None` leaves the key out.
fn with_header(values: [Option<Vec<u8>>; 9]) -> Vec<u8> {
    let mut bytes = vec![0xa0 | values.iter().flatten().count() as u8];
    for (key, value) in values.into_iter().enumerate() {
        if let Some(value) = value {
            bytes.push(key as u8);
            bytes.extend(value);
        }
    }
    bytes
}

fn int(n: i64) -> Option<Vec<u8>> {
    Some(minicbor::to_vec(n).unwrap())
}

fn text(text: &str) -> Option<Vec<u8>> {
    Some(minicbor::to_vec(text).unwrap())
}

fn bytes(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(minicbor::to_vec(minicbor::bytes::ByteVec::from(bytes.to_vec())).unwrap())
}

fn plain() -> [Option<Vec<u8>>; 9] {
    [int(1), int(0), int(0), text("UTC"), int(0), None, None, None, int(0)]
}

#[test]
fn the_header_of_any_kind_is_read() {
    let target = RecordId::from_bytes([7; 16]);
    let expected = Header {
        version: 1,
        time_ms: 1_790_000_000_000,
        date: 20_717,
        zone: "Europe/Madrid".into(),
        clock_uncertain: false,
        relation: None,
    };
    assert_eq!(Header::read(&record_bytes(3)), Ok(expected.clone()));
    for (key, relation) in [(5, Relation::Amends(target)), (6, Relation::Voids(target))] {
        let found = Header::read(&record_with(3, Some((key, target))));
        assert_eq!(found, Ok(Header { relation: Some(relation), ..expected.clone() }));
    }
    let mut values = plain();
    values[7] = int(5);
    assert!(Header::read(&with_header(values)).is_ok(), "a later version may give key 7 a meaning");
    for (clock, uncertain) in [(0, false), (1, true), (9, true)] {
        let no_fields = [int(1), int(-1), int(-1), text("UTC"), int(clock), None, None, None, None];
        assert_eq!(Header::read(&with_header(no_fields)).unwrap().clock_uncertain, uncertain);
    }
}

#[test]
fn header_values_hold_at_the_edge_and_not_past_it() {
    let (first, last) = (i64::from(BusinessDate::MIN.days()), i64::from(BusinessDate::MAX.days()));
    for (key, value, good) in [
        (0, int(i64::from(u32::MAX)), true),
        (0, int(i64::from(u32::MAX) + 1), false),
        (0, int(0), false),
        (0, int(-1), false),
        (1, int(MAX_TIME_MS), true),
        (1, int(MAX_TIME_MS + 1), false),
        (1, int(-MAX_TIME_MS), true),
        (1, int(-MAX_TIME_MS - 1), false),
        (2, int(last), true),
        (2, int(last + 1), false),
        (2, int(first), true),
        (2, int(first - 1), false),
        (3, text(&"z".repeat(MAX_ZONE_BYTES)), true),
        (3, text(&"z".repeat(MAX_ZONE_BYTES + 1)), false),
        (3, text(""), false),
        (4, int(-1), false),
        (5, bytes(&[0; 16]), true),
        (5, bytes(&[0; 15]), false),
        (6, bytes(&[0; 17]), false),
        (6, text("0123456789abcdef"), false),
    ] {
        let mut values = plain();
        values[key] = value.clone();
        assert_eq!(Header::read(&with_header(values)).is_ok(), good, "key {key}: {value:?}");
    }
}

#[test]
fn an_incomplete_or_contradictory_record_is_refused() {
    for key in 0..=4 {
        let mut values = plain();
        values[key] = None;
        assert_eq!(Header::read(&with_header(values)), Err(CborError::Missing { key: key as u64 }));
    }
    let mut both = plain();
    both[5] = bytes(&[1; 16]);
    both[6] = bytes(&[2; 16]);
    assert!(matches!(Header::read(&with_header(both)), Err(CborError::OutOfRange { .. })));
    assert!(Header::read(&[0x80]).is_err(), "a list");
    assert!(Header::read(&[]).is_err());
    let mut text_key = record_bytes(1);
    text_key[0] += 1;
    text_key.extend([0x61, b'a', 1]);
    assert!(matches!(Header::read(&text_key), Err(CborError::WrongType { .. })));
    let mut twice = record_bytes(1);
    twice[0] += 1;
    twice.extend([8, 0]);
    assert!(matches!(Header::read(&twice), Err(CborError::NotCanonical { .. })));
    let mut padded = record_bytes(1);
    padded[2] = 0x18;
    padded.insert(3, 1);
    assert!(matches!(Header::read(&padded), Err(CborError::NotCanonical { .. })));
    let trailing = [record_bytes(1), vec![0]].concat();
    assert!(matches!(Header::read(&trailing), Err(CborError::Trailing { .. })));
}

#[test]
fn values_lie_so_deep_and_no_deeper() {
    let in_record = |depth: usize| {
        let mut bytes = record_bytes(0);
        bytes.truncate(bytes.len() - 1);
        bytes.extend(vec![0x81; depth - 2]);
        bytes.push(0x80);
        bytes
    };
    assert!(Header::read(&in_record(MAX_CBOR_DEPTH)).is_ok());
    assert!(matches!(Header::read(&in_record(MAX_CBOR_DEPTH + 1)), Err(CborError::TooDeep { .. })));
    assert!(
        matches!(Header::read(&in_record(100_000)), Err(CborError::TooDeep { .. })),
        "no stack is used up"
    );
}
