//! The contract of segments: who is in them, and who entered and left.

use cartera_core::model::BusinessDate;
use cartera_core::model::office::{Reaction, ReactionSort, Segment, Value};

use super::log::{founded, rep};
use super::{Store, T, id16};
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::segments::{Hand, Noted};
use crate::sync::today;

fn day() -> BusinessDate {
    BusinessDate::from_days(today(T)).unwrap()
}

pub(crate) fn who_enters_and_leaves_a_segment_is_noted_once(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let (mut bar, made) = ana.client(1);
    ana.push(&bar, made);
    let (kiosk, made) = ana.client(2);
    ana.push(&kiosk, made);
    let segment = Segment {
        filter: Some("name contains \"taberna\"".into()),
        on_enter: Some(Reaction::new(ReactionSort::Task, "Presentarse")),
        ..Segment::new("Tabernas")
    };
    let record = OfficeWrite {
        kind: "segment".into(),
        source: "erp".into(),
        key: "S1".into(),
        value: Some(Value::from(segment).encode()),
        ..OfficeWrite::default()
    };
    assert!(matches!(store.put_office(&[record], T).unwrap()[..], [OfficePut::Written(_)]));
    let all = store.shared_segments().unwrap();
    let saved = store.shared_segment("erp", "S1").unwrap().unwrap();
    assert_eq!((all.len(), store.shared_segment("erp", "S2").unwrap().is_some()), (1, false));

    let members = || store.segment_members(&saved, day()).unwrap().unwrap();
    let hand = Hand { at_ms: T, new_actor: id16(701) };
    let note = || store.note_members(&saved, &members(), day(), hand).unwrap();
    assert!(store.segment_is_due(&saved, day()).unwrap());
    assert!(members().is_empty());
    assert_eq!(note(), Noted { begun: true, ..Noted::default() }, "nothing is made of how it was at first");
    assert!(!store.segment_is_due(&saved, day()).unwrap());

    let named = ana.name(&mut bar, "Taberna");
    ana.push(&bar, vec![named]);
    assert_eq!(members().into_iter().collect::<Vec<_>>(), [bar.id]);
    assert!(store.segment_is_due(&saved, day()).unwrap());
    let entered = note();
    assert_eq!((entered.begun, entered.entered, entered.left, entered.made), (false, 1, 0, 1));
    assert_eq!(note(), Noted::default(), "the same again makes nothing");
    let page = store.members_page(&members(), None, 10).unwrap();
    assert_eq!(
        page.iter().map(|member| (member.client, member.name.as_str())).collect::<Vec<_>>(),
        [(bar.id, "Taberna")]
    );
    assert_eq!(store.members_page(&members(), Some(("Taberna", bar.id)), 10).unwrap(), []);
    assert_eq!(store.forget_unwatched(&all).unwrap(), 0, "it is watched");
    assert_eq!(store.forget_unwatched(&[]).unwrap(), 1);
}
