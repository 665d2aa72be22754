//! Every limit that a field's type carries, by its name: the limit itself is sent and read, one more is neither.

use std::fmt::Debug;

use minicbor::{Decode, Encode};

use super::super::*;
use super::samples;

/// A message of this protocol.
trait Message: Encode<()> + for<'b> Decode<'b, ()> + PartialEq {}
impl<M: Encode<()> + for<'b> Decode<'b, ()> + PartialEq> Message for M {}

/// A message with a field at its limit comes through, and one past it is not sent; nor is the field's `past` read, which is
/// what somebody would send to whom the limit means nothing.
fn bounded<M: Message, F: for<'b> Decode<'b, ()> + Debug>(
    name: &str,
    limit: usize,
    of_length: impl Fn(usize) -> M,
    past: &[u8],
) {
    let edge = of_length(limit);
    let body = encode(&edge).unwrap_or_else(|error| panic!("{name}, at the edge: {error}"));
    let read = decode::<M>(&body).unwrap_or_else(|error| panic!("{name}, at the edge: {error}"));
    assert!(read == edge, "{name}");
    let told = format!("the limit is {limit}");
    match encode(&of_length(limit + 1)) {
        Err(WireError::Unsendable(why)) => assert!(why.contains(&told), "{name}: {why}"),
        other => panic!("{name}, one past the edge: sent with {:?} bytes", other.map(|body| body.len())),
    }
    match minicbor::decode::<F>(past) {
        Err(error) => assert!(error.to_string().contains(&told), "{name}: {error}"),
        Ok(_) => panic!("{name}, one past the edge: read"),
    }
}

fn list<T, M: Message, const MAX: usize>(name: &str, limit: usize, item: T, of: impl Fn(List<T, MAX>) -> M)
where
    T: Clone + Debug + Encode<()> + for<'b> Decode<'b, ()>,
{
    let past = minicbor::to_vec(List::<T, { usize::MAX }>(vec![item.clone(); limit + 1])).unwrap();
    bounded::<M, List<T, MAX>>(name, limit, |length| of(vec![item.clone(); length].into()), &past);
}

fn bytes<M: Message, const MAX: usize>(name: &str, limit: usize, of: impl Fn(Bytes<MAX>) -> M) {
    let past = minicbor::to_vec(Bytes::<{ usize::MAX }>(vec![7; limit + 1])).unwrap();
    bounded::<M, Bytes<MAX>>(name, limit, |length| of(vec![7; length].into()), &past);
}

fn text<M: Message, const MAX: usize>(name: &str, limit: usize, of: impl Fn(Text<MAX>) -> M) {
    let past = minicbor::to_vec(Text::<{ usize::MAX }>("x".repeat(limit + 1))).unwrap();
    bounded::<M, Text<MAX>>(name, limit, |length| of("x".repeat(length).into()), &past);
}

#[test]
fn of_requests() {
    let request = samples::request;
    let change = || request().push[0].clone();
    list("NEW_ACTORS", limits::NEW_ACTORS, request().actors[0].clone(), |actors| SyncRequest {
        actors,
        ..request()
    });
    list("PURGED", limits::PURGED, samples::client(1), |purged| SyncRequest { purged, ..request() });
    list("PUSHED_CHANGES", limits::PUSHED_CHANGES, change(), |push| SyncRequest { push, ..request() });
    list("EXCLUDED", limits::EXCLUDED, samples::document(1), |excluded| SyncRequest {
        excluded,
        ..request()
    });
    list("PROOFS", limits::PROOFS, request().proofs[0].clone(), |proofs| SyncRequest { proofs, ..request() });
    bytes("CURSOR_BYTES", limits::CURSOR_BYTES, |cursor| SyncRequest {
        cursor: Some(Cursor(cursor)),
        ..request()
    });
    bytes("CHANGE_BYTES", limits::CHANGE_BYTES, |bytes| PushedChange { bytes, ..change() });
    list("EXCLUDED", limits::EXCLUDED, samples::document(1), |excluded| DigestRequest {
        excluded,
        ..samples::digest_request()
    });
    let step = |step| DigestRequest { step, ..samples::digest_request() };
    list("BUCKETS", limits::BUCKETS, 7, |documents| {
        step(DigestStep::Items { documents, office: Default::default() })
    });
    list("BUCKETS", limits::BUCKETS, 7, |office| {
        step(DigestStep::Items { documents: Default::default(), office })
    });
    let fetch = samples::fetch_request;
    list("ASKED", limits::ASKED, samples::document(1), |documents| FetchRequest { documents, ..fetch() });
    list("ASKED", limits::ASKED, Fingerprint([1; 8]), |office| FetchRequest { office, ..fetch() });
    list("ASKED", limits::ASKED, samples::client(1), |office_of| FetchRequest { office_of, ..fetch() });
    bytes("PAGE_KEY_BYTES", limits::PAGE_KEY_BYTES, |after| FetchRequest {
        page: Some(StillToFetch { stage: Stage::Sales, territory: None, after }),
        ..fetch()
    });
    let salvage = || samples::salvage().0;
    list("PUSHED_CHANGES", limits::PUSHED_CHANGES, change(), |changes| SalvageRequest {
        changes,
        ..salvage()
    });
    bytes("SEALED_BYTES", limits::SEALED_BYTES, |sealed| SalvageRequest { sealed, ..salvage() });
    let enrol = || EnrolRequest {
        versions: Versions::SPOKEN,
        code: "c".into(),
        token_hash: Hash([1; 32]),
        device_name: "phone".into(),
        workspace: None,
    };
    text("CODE_BYTES", limits::CODE_BYTES, |code| EnrolRequest { code, ..enrol() });
    text("DEVICE_NAME_BYTES", limits::DEVICE_NAME_BYTES, |device_name| EnrolRequest {
        device_name,
        ..enrol()
    });
}

#[test]
fn of_replies() {
    let reply = samples::reply;
    let entry = || reply().entries[3].clone();
    let verdict = reply().verdicts[0].clone();
    list("PUSHED_CHANGES", limits::PUSHED_CHANGES, verdict, |verdicts| SyncReply { verdicts, ..reply() });
    list("NEW_ACTORS", limits::NEW_ACTORS, ActorVerdict::Registered, |actors| SyncReply {
        actors,
        ..reply()
    });
    list("ENTRIES", limits::ENTRIES, entry(), |entries| SyncReply { entries, ..reply() });
    list("DEVICE_ORDERS", limits::DEVICE_ORDERS, reply().orders[0].clone(), |orders| SyncReply {
        orders,
        ..reply()
    });
    list("MISSING", limits::MISSING, Hash([1; 32]), |missing| Verdict::Held { missing });
    text("DETAIL_BYTES", limits::DETAIL_BYTES, |detail| Verdict::Refused { code: Refusal::Schema, detail });
    text("DETAIL_BYTES", limits::DETAIL_BYTES, |detail| ActorVerdict::Refused {
        code: Refusal::Schema,
        detail,
    });
    let scope = || reply().scope.unwrap();
    list("SCOPE_TERRITORIES", limits::SCOPE_TERRITORIES, samples::territory(1), |territories| Scope {
        territories,
        ..scope()
    });
    list("SCOPE_LENT", limits::SCOPE_LENT, scope().lent[0].clone(), |lent| Scope { lent, ..scope() });
    let catch_up = || reply().catch_up.unwrap();
    list("STILL_TO_FETCH", limits::STILL_TO_FETCH, catch_up().fetch[0].clone(), |fetch| CatchUp {
        fetch,
        ..catch_up()
    });
    bytes("CURSOR_BYTES", limits::CURSOR_BYTES, |cursor| SyncReply {
        cursor: Some(Cursor(cursor)),
        ..reply()
    });
    list("OFFICE_OF_CLIENT", limits::OFFICE_OF_CLIENT, samples::office(), |office| Enter {
        document: samples::page_document(),
        office,
        fetch_office: false,
    });
    text("OFFICE_KIND_BYTES", limits::OFFICE_KIND_BYTES, |kind| OfficeRecord { kind, ..samples::office() });
    text("OFFICE_SOURCE_BYTES", limits::OFFICE_SOURCE_BYTES, |source| OfficeRecord {
        source,
        ..samples::office()
    });
    text("OFFICE_KEY_BYTES", limits::OFFICE_KEY_BYTES, |key| OfficeRecord { key, ..samples::office() });
    bytes("OFFICE_VALUE_BYTES", limits::OFFICE_VALUE_BYTES, |value| OfficeRecord {
        value: Some(value),
        ..samples::office()
    });
}

#[test]
fn of_pages_and_digests() {
    let page = samples::page_document;
    bytes("SNAPSHOT_BYTES", limits::SNAPSHOT_BYTES, |snapshot| PageDocument { snapshot, ..page() });
    list("HEADS", limits::HEADS, Receipt([1; 16]), |receipts| PageDocument { receipts, ..page() });
    list("HEADS", limits::HEADS, Hash([1; 32]), |heads| PageDocument { heads, ..page() });
    let row = || ListRow { client: Some(samples::client(1)), ..ListRow::default() };
    text("LIST_TEXT_BYTES", limits::LIST_TEXT_BYTES, |name| ListRow { name, ..row() });
    text("LIST_TEXT_BYTES", limits::LIST_TEXT_BYTES, |city| ListRow { city, ..row() });
    let reply = samples::fetch_reply;
    list("PAGE_ITEMS", limits::PAGE_ITEMS, FetchItem::Row(row()), |items| FetchReply { items, ..reply() });
    bytes("PAGE_KEY_BYTES", limits::PAGE_KEY_BYTES, |next| FetchReply { next, ..reply() });
    list("ASKED", limits::ASKED, samples::document(1), |gone| FetchReply { gone, ..reply() });

    let digest = |answer| DigestReply { answer, ..samples::digest_replies()[0].clone() };
    let sums = || List::default();
    list("BUCKETS", limits::BUCKETS, DigestBytes([1; 16]), |documents| {
        digest(DigestAnswer::Buckets(Buckets { documents, office: sums() }))
    });
    list("BUCKETS", limits::BUCKETS, DigestBytes([1; 16]), |office| {
        digest(DigestAnswer::Buckets(Buckets { documents: sums(), office }))
    });
    let items = |documents, office, whole_documents, whole_office| {
        digest(DigestAnswer::Items { documents, office, whole_documents, whole_office })
    };
    let none = || (List::default(), List::default(), List::default(), List::default());
    let item = DigestItem { document: samples::document(1), fingerprint: Fingerprint([1; 8]) };
    let pair = (Fingerprint([1; 8]), Fingerprint([2; 8]));
    list("BUCKET_ITEMS", limits::BUCKET_ITEMS, item, |list| items(list, none().1, none().2, none().3));
    list("BUCKET_ITEMS", limits::BUCKET_ITEMS, pair, |list| items(none().0, list, none().2, none().3));
    list("BUCKETS", limits::BUCKETS, 7, |list| items(none().0, none().1, list, none().3));
    list("BUCKETS", limits::BUCKETS, 7, |list| items(none().0, none().1, none().2, list));
}

#[test]
fn what_is_cut_to_its_limit() {
    for (bytes, left) in
        [(limits::DETAIL_BYTES, limits::DETAIL_BYTES), (limits::DETAIL_BYTES + 1, limits::DETAIL_BYTES)]
    {
        let Verdict::Refused { detail, .. } = Verdict::refused(Refusal::Schema, &"x".repeat(bytes)) else {
            panic!()
        };
        assert_eq!(detail.len(), left);
        let problem = format!(
            "{{\"type\":\"{}too_large\",\"detail\":\"{}\"}}",
            problem::TYPE_PREFIX,
            "x".repeat(bytes)
        );
        assert_eq!(Problem::from_json(problem.as_bytes()).unwrap().detail.len(), left);
    }
    for (count, left) in [(limits::MISSING, limits::MISSING), (limits::MISSING + 1, limits::MISSING)] {
        let Verdict::Held { missing } = Verdict::held(vec![Hash([1; 32]); count]) else { panic!() };
        assert_eq!(missing.len(), left);
    }
}

#[test]
fn a_code_in_an_invitation() {
    let of_length = |bytes: usize| format!("https://relay/enrol#{}", "a".repeat(bytes)).parse::<Invitation>();
    assert!(of_length(limits::CODE_BYTES).is_ok() && of_length(limits::CODE_BYTES + 1).is_err());
}

/// What cannot be compressed fits into a body all the same: names and fingerprints of as many documents as a reply has, and
/// the largest snapshot beside a page.
const _: () = assert!(27 * limits::BUCKET_ITEMS < limits::BODY_BYTES);
const _: () = assert!(limits::SNAPSHOT_BYTES + limits::WANT_BYTES_MAX as usize <= limits::BODY_BYTES);
