//! The contract of what is told from rows: figures and what they hang on, segments and who is in them.

use cartera_core::metrics::parameters::Fit;
use cartera_core::model::office::{Reaction, ReactionSort, Segment, Value};
use cartera_core::model::{BusinessDate, ClientId};

use super::log::{founded, rep};
use super::{Store, T, id16};
use crate::storage::figures::Brief;
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::segments::{Hand, Noted};
use crate::sync::today;

fn day() -> BusinessDate {
    BusinessDate::from_days(today(T)).unwrap()
}

pub(crate) fn of_two_fits_the_one_that_follows_the_last_is_kept(store: Store) {
    founded(&store);
    assert_eq!(store.last_day().unwrap(), "0001-01-01".parse().unwrap(), "of an empty log");
    let ana = rep(&store, 1);
    let (bar, made) = ana.client(1);
    ana.push(&bar, made);
    assert_eq!(store.last_day().unwrap(), day());
    let nobody = ClientId::from_bytes(id16(77));
    let brief = Brief { name: "Bar 1".into(), erp_code: None, territory: Some(*ana.territory.as_bytes()) };
    assert_eq!(
        store.client_briefs(&[nobody, bar.id, bar.id]).unwrap(),
        [None, Some(brief.clone()), Some(brief)]
    );
    assert_eq!(store.client_figures(&nobody, day()).unwrap(), None);
    assert_eq!(store.client_figures(&bar.id, day()).unwrap().map(|(name, _)| name).as_deref(), Some("Bar 1"));

    let fit = |version| {
        let to_fit = store.to_fit(day()).unwrap();
        Fit::of(to_fit.books, &to_fit.plan, version)
    };
    let since = store.since_fit().unwrap();
    assert_eq!((since.last, since.clients, store.to_fit(day()).unwrap().version), (None, 1, 0));
    let save = |version, at_ms| store.save_fit(&fit(version), at_ms, None).unwrap();
    assert!(!save(2, T), "there is none before it");
    assert!(save(1, T) && !save(1, T + 1), "somebody else was faster");
    assert!(!save(3, T + 1));
    assert_eq!(store.since_fit().unwrap().last, Some((fit(1), T)));
    assert!(save(2, T + 2));
    assert_eq!(store.since_fit().unwrap().last, Some((fit(2), T + 2)));
    assert_eq!(store.to_fit(day()).unwrap().version, 2);
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
