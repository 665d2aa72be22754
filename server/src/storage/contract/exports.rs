//! The contract of what leaves the store: documents, exports, copies of the whole; and of whose rows they are.

use std::ops::ControlFlow;

use cartera_core::document::snapshot;
use cartera_core::sync::wire::Hash;

use super::log::{founded, rep};
use super::{Store, T, deed, id16};
use crate::audit::Subject;
use crate::storage::backup::{CHECKS_MAX, Check};
use crate::storage::documents::Kept;
use crate::storage::export::{After, Authors, ClientPlace, ClientSet, Gone, RecordPlace, Span, Wanted};
use crate::storage::projection::Projected;

pub(crate) fn a_document_is_taken_along_whole_and_change_by_change(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let (mut bar, mut made) = ana.client(1);
    made.extend((0..3).map(|n| ana.visit(&mut bar, n)));
    ana.push(&bar, made.clone());
    let nobody = cartera_core::model::ClientId::from_bytes(id16(77));

    let Kept::Here(page) = store.client_document(bar.id).unwrap() else { panic!("it is here") };
    let loaded = snapshot::load(Some(&page.snapshot), []).unwrap();
    let heads: Vec<Hash> = snapshot::sorted_heads(&loaded).into_iter().map(Hash::from).collect();
    assert_eq!((&page.heads.0, page.territory), (&heads, Some(ana.territory)));
    assert!(page.receipts.is_empty());
    let Kept::Here(standing) = store.client_standing(bar.id).unwrap() else { panic!("it is here") };
    assert_eq!((standing.heads.0, standing.number, standing.snapshot.len()), (heads, page.number, 0));

    let changes =
        |after, until, want_bytes| match store.client_changes(bar.id, after, until, want_bytes).unwrap() {
            Kept::Here(changes) => changes,
            other => panic!("{other:?}"),
        };
    let all = changes(0, page.number, usize::MAX);
    assert_eq!(
        all.iter().map(|change| &change.bytes).collect::<Vec<_>>(),
        made.iter().map(|change| &change.bytes).collect::<Vec<_>>()
    );
    assert!(all.is_sorted_by(|one, next| one.number < next.number));
    assert!(all.iter().all(|change| change.device == Some(ana.device) && change.received_ms == T));
    // In pages, the smallest of which has one.
    let (mut paged, mut after) = (Vec::new(), 0);
    loop {
        let page = changes(after, page.number, 1);
        let Some(last) = page.last() else { break };
        assert_eq!(page.len(), 1);
        after = last.number;
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert_eq!(changes(0, all[1].number, usize::MAX), all[..2], "up to a number");
    assert_eq!(changes(all[1].number, page.number, usize::MAX), all[2..], "after a number");

    assert_eq!(store.client_document(nobody).unwrap(), Kept::Unknown);
    assert_eq!(store.client_changes(nobody, 0, 9, 9).unwrap(), Kept::Unknown);
    store.erase(bar.id, T, &deed(Subject::Client(bar.id))).unwrap();
    assert_eq!(store.client_document(bar.id).unwrap(), Kept::Erased);
    assert_eq!(store.client_standing(bar.id).unwrap(), Kept::Erased);
    assert_eq!(store.client_changes(bar.id, 0, 9, 9).unwrap(), Kept::Erased);
}

/// Ids of a span's visits, so many a page.
fn visits(store: &Store, span: &Span, a_page: usize) -> Vec<([u8; 16], bool)> {
    let wanted = Wanted { client: true, received: true, author: true };
    let (mut found, mut place, mut authors) = (Vec::new(), RecordPlace::Start, Authors::default());
    while place != RecordPlace::End {
        let mut here = 0;
        place = store
            .export_records("v", span, wanted, place, &mut authors, &mut |record| {
                found.push((record.id, record.deleted));
                here += 1;
                if here == a_page { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
    }
    found
}

fn clients(store: &Store, span: &Span) -> Vec<[u8; 16]> {
    let (mut found, mut place) = (Vec::new(), ClientPlace::Start);
    while place != ClientPlace::End {
        place = store
            .export_clients(span, ClientSet::Touched, place, &mut |client| {
                found.push(client.id);
                ControlFlow::Break(())
            })
            .unwrap();
    }
    found
}

pub(crate) fn an_export_shows_each_row_once_and_then_what_changed(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let (mut bar, mut made) = ana.client(1);
    made.extend((0..5).map(|n| ana.visit(&mut bar, n)));
    ana.push(&bar, made);
    let (kiosk, made) = ana.client(2);
    ana.push(&kiosk, made);
    let visit = |n: usize| (id16(20_000 + n), false);

    let span = store.export_span(None).unwrap().unwrap();
    assert_eq!((span.since, span.until), (None, store.tip().unwrap().number));
    let expected: Vec<_> = (0..5).map(visit).collect();
    for a_page in [1, 2, 100] {
        assert_eq!(visits(&store, &span, a_page), expected, "{a_page} a page");
    }
    let both = [*bar.id.as_bytes(), *kiosk.id.as_bytes()];
    assert_eq!(clients(&store, &span), both);

    // What is written meanwhile is the next export's, and only that.
    let after =
        |tells_erased| After { epoch: span.epoch, number: span.until, chain: span.chain, tells_erased };
    let later = ana.visit(&mut bar, 9);
    ana.push(&bar, vec![later]);
    assert_eq!(visits(&store, &span, 1), expected);
    let next = store.export_span(Some(after(true))).unwrap().unwrap();
    assert_eq!((next.since, visits(&store, &next, 1)), (Some(span.until), vec![visit(9)]));
    assert_eq!(clients(&store, &next), [*bar.id.as_bytes()]);

    // A cursor that is not of this log, and one that cannot tell what was erased.
    let past = After { number: next.until + 1, ..after(true) };
    let other = After { chain: [9; 8], ..after(true) };
    for wrong in [past, other] {
        assert_eq!(store.export_span(Some(wrong)).unwrap(), Err(Gone::NotOfThisLog));
    }
    store.erase(kiosk.id, T, &deed(Subject::Client(kiosk.id))).unwrap();
    assert_eq!(store.export_span(Some(after(false))).unwrap(), Err(Gone::Erased));
    let told = store.export_span(Some(after(true))).unwrap().unwrap();
    let mut erased = Vec::new();
    let end = store
        .export_erased(&told, told.since.unwrap(), &mut |client, number| {
            erased.push((client, number));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((end, erased), (None, vec![(kiosk.id, told.until)]));
    let whole = store.export_span(None).unwrap().unwrap();
    assert_eq!(clients(&store, &whole), [*bar.id.as_bytes()]);
}

pub(crate) fn a_copy_is_made_while_others_write_and_checks_of_copies_are_remembered(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let (mut bar, made) = ana.client(1);
    ana.push(&bar, made);
    let copy = tempfile::NamedTempFile::new().unwrap();
    let mut written = 0;
    let mut last = (0, 1);
    let before = store.tip().unwrap();
    store
        .copy_to(copy.path(), &mut |done, all| {
            last = (done, all);
            if written == 0 {
                written += 1;
                let visit = ana.visit(&mut bar, 1);
                ana.push(&bar, vec![visit]);
            }
        })
        .unwrap();
    assert!(written > 0 && last.0 == last.1, "{last:?}");
    assert!(store.tip().unwrap().number > before.number && copy.path().metadata().unwrap().len() > 0);

    let check = |n: usize, damage: Option<&str>| Check {
        name: format!("backup {n:05}"),
        at_ms: T + n as i64,
        damage: damage.map(str::to_owned),
    };
    (0..CHECKS_MAX).for_each(|n| store.note_check(&check(n, None)).unwrap());
    let again = Check { at_ms: T - 1, ..check(7, Some("damaged")) };
    store.note_check(&again).unwrap();
    let checks = store.checks().unwrap();
    assert_eq!(
        checks.len(),
        CHECKS_MAX,
        "as many as are remembered; one takes the place of what was found before"
    );
    assert_eq!((&checks[0], checks.last()), (&check(CHECKS_MAX - 1, None), Some(&again)), "the latest first");
    store.note_check(&check(CHECKS_MAX, None)).unwrap();
    let checks = store.checks().unwrap();
    assert_eq!(checks.len(), CHECKS_MAX, "one past it");
    assert!(!checks.contains(&again), "the oldest makes room");
}

pub(crate) fn rows_are_of_this_version(store: Store) {
    founded(&store);
    assert_eq!(store.projecting().unwrap(), None, "a new store's rows");
    let ana = rep(&store, 1);
    let (bar, made) = ana.client(1);
    ana.push(&bar, made);
    assert_eq!(store.project(None).unwrap(), Projected::default(), "nothing is to be made anew");
    assert_eq!(store.projecting().unwrap(), None);
}
