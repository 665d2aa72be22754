//! Where the model and the documents say the same thing twice, they say the same.

use cartera_core::model::BusinessDate;
use cartera_core::model::record::{Body, Clock, Header, Note, Record, Void, VoidReason};

const ULID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

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
        let read = cartera_core::document::Header::read(&bytes).unwrap();
        assert_eq!((read.version, read.time_ms, read.date), (3, -5, BusinessDate::MAX.days()));
        assert_eq!((read.zone.as_str(), read.clock_uncertain), (header.zone.as_str(), true));
        assert_eq!(read.relation.map(|relation| relation.target()), header.voids);
    }
}
