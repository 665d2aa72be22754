//! A person's own document: kept on each of the person's phones and on nobody else's.

use cartera_core::engine::Changed;
use cartera_core::model::record::{Absence, Body, Kind, NoticeRead, Segment};
use cartera_core::model::{BusinessDate, PersonId};
use cartera_core::query::own;
use cartera_core::store::StoreError;

use super::world::{Phone, World};

fn absence(from: i8) -> Absence {
    let day = |day| BusinessDate::from_ymd(2026, 12, day).unwrap();
    Absence::new(day(from), day(from + 2))
}

impl Phone {
    fn kept(&self, person: PersonId, kind: Kind) -> Vec<Body> {
        let read = |conn: &rusqlite::Connection| Ok(own::records(conn, &person, kind)?);
        let kept = self.engine.store().read::<_, StoreError>(read).unwrap();
        kept.into_iter().map(|kept| kept.body).collect()
    }
}

/// Two phones of one person begin it, each without knowing of the other: both go on in the document that the relay took
/// first.
#[test]
fn two_phones_that_begin_the_same_document_end_in_one_with_all_that_both_kept() {
    let world = World::new();
    let north = world.territory("Norte");
    let person = world.rep("Ana", &[north]);
    let (first, second) = (world.unsynced_phone("uno", person), world.unsynced_phone("dos", person));
    let luis = world.phone("Luis", &[north]);

    let on_first = first.engine.declare_absence(absence(1)).unwrap();
    let on_second = second.engine.declare_absence(absence(10)).unwrap();
    second.engine.amend_own(on_second.id, absence(11).into()).unwrap();
    second.engine.mark_notice_read(NoticeRead::new("N1")).unwrap();
    first.sync();
    // Made in the same millisecond, either may come first, but on both phones the same one.
    let absences = |phone: &Phone| {
        let mut kept = phone.kept(person, Kind::Absence);
        assert_eq!(first.kept(person, Kind::Absence), second.kept(person, Kind::Absence));
        kept.sort_by_key(|body| match body {
            Body::Absence(absence) => absence.from,
            _ => panic!("{body:?} is no absence"),
        });
        kept
    };
    for round in 0..3 {
        for phone in [&second, &first] {
            let report = phone.sync();
            assert_eq!(report.refused.len(), 0, "round {round}: {report:?}");
            assert_eq!(phone.refused(), 0);
        }
    }
    for phone in [&first, &second] {
        assert_eq!(absences(phone), [absence(1).into(), absence(11).into()]);
        assert_eq!(phone.kept(person, Kind::NoticeRead), [NoticeRead::new("N1").into()]);
        assert_eq!(phone.names(), Vec::<String>::new(), "a person is no client");
        let report = phone.sync();
        assert_eq!((report.sent, report.received, report.repaired), (0, 0, 0), "they rest");
    }

    // And each goes on in it, correcting what the other wrote: it is one person.
    second.engine.amend_own(on_first.id, absence(4).into()).unwrap();
    first.engine.save_segment(Segment::new("Playa")).unwrap();
    for phone in [&second, &first, &second] {
        phone.sync();
    }
    for phone in [&first, &second] {
        assert_eq!(absences(phone), [absence(4).into(), absence(11).into()]);
        assert_eq!(phone.kept(person, Kind::Segment), [Segment::new("Playa").into()]);
    }
    // A new phone gets all of it; somebody else's gets nothing.
    let third = world.unsynced_phone("tres", person);
    third.sync();
    assert_eq!(third.kept(person, Kind::Absence).len(), 2);
    luis.sync();
    assert_eq!(luis.kept(person, Kind::Absence), []);
}

#[test]
fn listeners_hear_of_the_own_document() {
    let world = World::new();
    let phone = world.phone("Ana", &[]);
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let listening = phone.engine.listen({
        let heard = heard.clone();
        move |changed| heard.lock().unwrap().push(changed.clone())
    });
    phone.engine.mark_notice_read(NoticeRead::new("N1")).unwrap();
    drop(listening);
    assert_eq!(*heard.lock().unwrap(), [Changed::Own]);
}
