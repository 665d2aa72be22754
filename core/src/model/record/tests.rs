use super::*;
use crate::model::date::BusinessDate;
use crate::model::money::Currency;
use crate::model::place::Fix;
use crate::model::{Decimal, PartId, RecordId};

pub(super) const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

pub(super) fn header() -> Header {
    Header {
        version: Record::VERSION,
        at_ms: 1_790_000_000_000,
        date: BusinessDate::from_ymd(2026, 9, 21).unwrap(),
        zone: "Europe/Madrid".into(),
        clock: Clock::Trusted,
        amends: None,
        voids: None,
    }
}

pub(super) fn record(body: impl Into<Body>) -> Record {
    Record { header: header(), body: body.into() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn full_visit() -> Visit {
    let date = BusinessDate::from_ymd(2026, 10, 1).unwrap();
    Visit {
        no_order: Some(NoOrderReason::Price),
        purpose: Some(Purpose::Sell),
        notes: Some("Vuelve en octubre\nPreguntar por Ana".into()),
        place: Some(Fix::new(404_168_000, -37_038_000, Some(12))),
        next: Some(NextStep::new("Llevar muestra", Some(date))),
        plan: Some(PlanKey::new(ID.parse().unwrap(), "R1", date)),
        minutes: Some(20),
        contacts: vec![ID.parse::<PartId>().unwrap()],
        carries_out: Some(ID.parse().unwrap()),
        offered: Some("Un 5 % menos en octubre".into()),
        ..Visit::done(Outcome::NoOrder)
    }
}

pub(super) fn full_purchase() -> Purchase {
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let mut purchase = Purchase::new(PurchaseSort::Order, Currency::EUR);
    let mut line = Line::new("CAFE-1", decimal("12"), "kg");
    line.description = Some("Café natural 1 kg".into());
    line.price = Some(decimal("9.123456"));
    line.price_source = Some(PriceSource::new(PriceOrigin::List, Some("T1-2026-09".into())));
    line.discounts = vec![Discount::percent(decimal("10")), Discount::amount(100)];
    line.taxes = vec![Tax::new("IVA10", decimal("10"))];
    purchase.lines = vec![line];
    purchase.discounts = vec![Discount::percent(decimal("2"))];
    purchase.deliver_to = Some(ID.parse().unwrap());
    purchase.deliver_on = BusinessDate::from_ymd(2026, 9, 23);
    purchase.client_ref = Some("PED-77".into());
    purchase.compute_amounts().unwrap();
    purchase
}

#[test]
fn records_come_back_and_good_ones_have_no_problems() {
    for (kind, record) in [
        (Kind::Visit, record(full_visit())),
        (Kind::Visit, record(Visit::planned(BusinessDate::from_ymd(2026, 10, 2).unwrap()))),
        (Kind::Purchase, record(full_purchase())),
        (Kind::Note, record(Note::new("Cierra los lunes"))),
    ] {
        let bytes = record.encode();
        assert_eq!(Record::decode(kind, &bytes).as_ref(), Ok(&record));
        assert_eq!(record.validate(), []);
        assert_eq!(record.body.kind(), Some(kind));
    }
}

pub(super) fn one_of_each_other_kind() -> Vec<Body> {
    let date = BusinessDate::from_ymd(2026, 9, 21).unwrap();
    let (client, part, id) = (ID.parse().unwrap(), ID.parse().unwrap(), ID.parse().unwrap());
    vec![
        Contact {
            outcome: Some(Outcome::NoOrder),
            no_order: Some(NoOrderReason::StockLeft),
            purpose: Some(Purpose::Sell),
            notes: Some("Llamar en enero".into()),
            contact: Some(part),
            next: Some(NextStep::new("Llamar", None)),
            plan: Some(PlanKey::new(client, "R1", date)),
            minutes: Some(4),
            carries_out: Some(id),
            offered: Some("Una muestra".into()),
            ..Contact::new(Channel::Phone, Direction::Incoming)
        }
        .into(),
        Task { due_on: Some(date), due_minute: Some(600), ..Task::open("Enviar tarifa") }.into(),
        Task { note: Some("Enviada".into()), ..Task::settle(id, TaskState::Done) }.into(),
        SurveyAnswer {
            contact: Some(part),
            comment: Some("Bien".into()),
            ..SurveyAnswer::new(Survey::Nps, Asked::ByRep, vec![Answer::new(0)])
        }
        .into(),
        SurveyAnswer::new(
            Survey::Csi,
            Asked::ByLink,
            vec![
                Answer { question: Some("service".into()), weight: "0.6".parse().ok(), ..Answer::new(9) },
                Answer { question: Some("price".into()), highest: Some(5), ..Answer::new(5) },
            ],
        )
        .into(),
        DataConfirmed { fields: vec!["phone".into()], channel: Some(Channel::Phone), ..DataConfirmed::all() }
            .into(),
        ClientClosed { note: Some("Se jubila".into()), ..ClientClosed::new(LossReason::Other) }.into(),
        Agreement {
            volume: Some(crate::model::Money::new(1_200_000, Currency::EUR)),
            renewal: Some(Renewal::Manual),
            notice_days: Some(30),
            renews: Some(id),
            ..Agreement::new("Rappel 2027", date, date.plus_days(365))
        }
        .into(),
        Consent {
            evidence: Some(Evidence::Signed),
            ..Consent::granted(Some(Channel::Email), LegalBasis::Consent)
        }
        .into(),
        Consent::opposed(None).into(),
        MergeProposal::new(client, true, vec![Likeness::TaxId, Likeness::Name]).into(),
        ChangeRequest::new(
            &crate::model::profile::Key::parse("name").unwrap(),
            Some(crate::model::profile::Scalar::Text("Bar Ana".into())),
            Some(crate::model::profile::Scalar::Text("Bar Anna".into())),
        )
        .into(),
        NotNow { reason: Some(NotNowReason::Busy), ..NotNow::new(Subject::Visit, Some(date)) }.into(),
        ModeChoice::new(Some(Mode::WinBack), "Vuelve el dueño de antes").into(),
        ModeChoice::new(None, "Ya no").into(),
        Absence { reason: Some(AbsenceReason::Holiday), ..Absence::new(date, date) }.into(),
        Segment { clients: vec![client], ..Segment::new("Terrazas") }.into(),
        NoticeRead::new("N-12").into(),
        LessonDone::new("first-visit").into(),
    ]
}

#[test]
fn every_other_kind_comes_back_and_good_ones_have_no_problems() {
    let mut seen = vec![Kind::Visit, Kind::Purchase, Kind::Note];
    for body in one_of_each_other_kind() {
        let kind = body.kind().unwrap();
        let record = record(body);
        assert_eq!(Record::decode(kind, &record.encode()).as_ref(), Ok(&record));
        assert_eq!(record.validate(), [], "{kind}");
        seen.push(kind);
    }
    seen.sort();
    seen.dedup();
    let mut all = Kind::ALL.to_vec();
    all.sort();
    assert_eq!(seen, all);
}

#[test]
fn the_bytes_of_every_kind_never_change() {
    let mut pinned = String::new();
    for body in one_of_each_other_kind() {
        let kind = body.kind().unwrap();
        pinned += &format!("{kind} {}\n", hex(&record(body).encode()));
    }
    pinned += &format!("v {}\n", hex(&record(full_visit()).encode()));
    pinned += &format!("p {}\n", hex(&record(full_purchase()).encode()));
    insta::assert_snapshot!(pinned);
}

#[test]
fn the_bytes_of_a_visit_never_change() {
    let visit = Visit { notes: Some("Hola".into()), ..Visit::done(Outcome::Order) };
    assert_eq!(
        hex(&record(visit).encode()),
        "a80001011b000001a0c4506c00021950ed036d4575726f70652f4d61647269640400080209010c64486f6c61"
    );
}

#[test]
fn a_void_carries_its_reason_instead_of_the_kinds_fields() {
    let target: RecordId = ID.parse().unwrap();
    let mut record = record(Body::Void(Void::new(VoidReason::Twice)));
    record.header.voids = Some(target);
    assert_eq!(Record::decode(Kind::Visit, &record.encode()), Ok(record.clone()));
    assert_eq!(record.validate(), []);
    record.header.amends = Some(target);
    assert_eq!(record.validate()[0].code, Code::Contradiction);
}

/// A note of version 1 with the reserved key 7, an unknown key between known ones and one after them.
fn note_with_extras(version: u8) -> Vec<u8> {
    let mut bytes = record(Note { text: "x".into(), pinned: true, extras: Extras::default() }).encode();
    assert_eq!((bytes[0], bytes[2]), (0xa7, 1));
    bytes[0] = 0xa9;
    bytes[2] = version;
    let key_8 = bytes.len() - 5;
    assert_eq!(bytes[key_8], 8);
    bytes.splice(key_8..key_8, [0x07, 0xf6]);
    bytes.extend([0x18, 0x64, 0x82, 0x01, 0xa1, 0x09, 0xf5]);
    bytes
}

#[test]
fn unknown_keys_survive_the_round_trip_in_their_places() {
    let bytes = note_with_extras(1);
    let record = Record::decode(Kind::Note, &bytes).unwrap();
    let Body::Note(note) = &record.body else { panic!("{record:?}") };
    assert_eq!(note.extras.iter().map(|(key, _)| key).collect::<Vec<_>>(), [7, 100]);
    assert_eq!(record.encode(), bytes);
}

#[test]
fn a_newer_version_that_is_understood_is_read_and_another_is_carried() {
    let bytes = note_with_extras(2);
    let record = Record::decode(Kind::Note, &bytes).unwrap();
    assert!(matches!(record.body, Body::Note(_)));
    assert_eq!(record.encode(), bytes);

    // The same bytes as a visit: key 8 is no state, and only a newer version may do that.
    let record = Record::decode(Kind::Visit, &bytes).unwrap();
    assert!(matches!(record.body, Body::Unread(_)));
    assert_eq!((record.encode(), record.validate()), (bytes, vec![]));
    assert!(Record::decode(Kind::Visit, &note_with_extras(1)).is_err());
}

#[test]
fn unknown_kinds_are_carried() {
    let kind = Kind::parse("future").unwrap();
    let bytes = note_with_extras(1);
    let record = Record::decode(kind, &bytes).unwrap();
    assert!(matches!(&record.body, Body::Unread(extras) if extras.len() == 4));
    assert_eq!(record.encode(), bytes);
}

#[test]
fn codes_that_nobody_knows_are_kept_and_named() {
    let mut bytes = record(Visit::done(Outcome::Order)).encode();
    *bytes.last_mut().unwrap() = 0x17;
    let record = Record::decode(Kind::Visit, &bytes).unwrap();
    let Body::Visit(visit) = &record.body else { panic!("{record:?}") };
    assert_eq!(visit.outcome, Some(Outcome::Unknown(23)));
    assert_eq!(record.encode(), bytes);
    assert_eq!(record.validate().iter().map(|p| p.code).collect::<Vec<_>>(), [Code::UnknownValue]);
}

#[test]
fn a_record_at_its_limit_is_read_and_one_past_is_not() {
    let of_size = |size: usize| {
        let empty = record(Note::new("")).encode().len();
        // A text this long has a head of three bytes instead of one.
        record(Note::new("a".repeat(size - empty - 2))).encode()
    };
    let (most, more) = (of_size(RECORD_BYTES_MAX), of_size(RECORD_BYTES_MAX + 1));
    assert_eq!((most.len(), more.len()), (RECORD_BYTES_MAX, RECORD_BYTES_MAX + 1));
    assert!(Record::decode(Kind::Note, &most).is_ok());
    assert_eq!(
        Record::decode(Kind::Note, &more),
        Err(CborError::TooLarge { bytes: RECORD_BYTES_MAX + 1, limit: RECORD_BYTES_MAX })
    );
}

#[test]
fn a_record_without_a_header_is_refused() {
    for bytes in [&[0xa0][..], &[0x80], &[], &[0xa1, 0x00, 0x01], &[0xa1, 0x00, 0x00]] {
        assert!(Record::decode(Kind::Note, bytes).is_err(), "{bytes:?}");
    }
}
