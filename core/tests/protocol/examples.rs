//! The worked examples of the page: bodies as bytes and in diagnostic notation, hash inputs, an order's MAC.

use std::fmt::Write as _;

use automerge::ActorId;
use cartera_core::document::{Change, MemoryFacts, append};
use cartera_core::model::office::{Tax, Value};
use cartera_core::model::record::{Body, Clock, Header, Note, Record};
use cartera_core::model::{BusinessDate, ClientId, DeviceId, DocumentId, PersonId, TerritoryId, WorkspaceId};
use cartera_core::sync::digest::{DocumentTerm, Sum, office_name, office_term};
use cartera_core::sync::wire::{self, *};
use hmac::{Hmac, KeyInit, Mac as _};
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode};
use sha2::{Digest, Sha256};

const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const NOW_MS: i64 = 1_790_000_100_000;

fn client() -> ClientId {
    "01JC0000000000000000000001".parse().unwrap()
}

fn document() -> DocumentId {
    client().into()
}

fn territory() -> TerritoryId {
    TerritoryId::from_bytes([0x44; 16])
}

/// The first two changes of `document.md`.
fn changes() -> [Change; 2] {
    let actor = ActorId::from([0xaa; 16]);
    let mut facts = MemoryFacts::new(document());
    let first = append::create(&actor, document(), 1_790_000_000_000).unwrap();
    let admitted = cartera_core::document::admit::inspect(&first.bytes).unwrap();
    facts.apply(&admitted);
    let record = Record {
        header: Header {
            version: 1,
            at_ms: 1_790_000_060_000,
            date: BusinessDate::from_ymd(2026, 9, 21).unwrap(),
            zone: "Europe/Madrid".into(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        },
        body: Body::from(Note::new("Prefers mornings")),
    };
    let key = "n/01JC0000000000000000000002".parse().unwrap();
    let note = append::record(&actor, &facts, key, record.encode(), 1_790_000_060_000).unwrap();
    [first, note]
}

fn tax() -> OfficeRecord {
    let value = Value::Tax(Tax::new("IVA 21 %", "21".parse().unwrap())).encode();
    OfficeRecord {
        kind: "tax".into(),
        source: "erp".into(),
        key: "21".into(),
        client: None,
        territory: None,
        value: Some(value.into()),
        number: Some(17),
    }
}

fn scope() -> Scope {
    Scope { version: 1, all: false, territories: vec![territory()].into(), lent: Default::default() }
}

fn empty_reply() -> SyncReply {
    SyncReply {
        version: 1,
        epoch: None,
        now_ms: NOW_MS,
        cursor: None,
        scope_version: 1,
        verdicts: Default::default(),
        actors: Default::default(),
        entries: Default::default(),
        more: false,
        digest: None,
        scope: None,
        catch_up: None,
        orders: Default::default(),
    }
}

fn document_term(heads: &[automerge::ChangeHash]) -> DocumentTerm<'_> {
    DocumentTerm { document: document(), generation: 0, territory: Some(territory()), alias_of: None, heads }
}

pub(crate) fn all() -> String {
    let mut out = Out::default();
    let [first, note] = changes();
    let cursor = |n: u8| Some(Cursor(vec![n; 27].into()));
    let versions = Versions { oldest: 1, newest: 1 };

    out.title("An invitation, and a token's hash");
    let invitation = Invitation {
        address: "https://relay.example:8443".into(),
        code: "0123456789ABCDEFGHJKMNPQRS".into(),
        pin: Some(std::array::from_fn(|at| at as u8)),
    };
    let hash: [u8; 32] = Sha256::digest(TOKEN).into();
    out.text(&format!("invitation  {invitation}\ntoken       {TOKEN}\ntoken_hash  {}\nheader      Authorization: Bearer {TOKEN}", hex(&hash)));

    out.title("Enrolment");
    out.message(
        "`POST /v1/enrol`",
        &EnrolRequest {
            versions,
            code: invitation.code.as_str().into(),
            token_hash: Hash(hash),
            device_name: "Móvil de Ana".into(),
            workspace: None,
        },
    );
    out.message(
        "The reply",
        &EnrolReply {
            version: 1,
            workspace: WorkspaceId::from_bytes([0x11; 16]),
            device: DeviceId::from_bytes([0x22; 16]),
            person: PersonId::from_bytes([0x33; 16]),
            device_key: Mac([0x66; 32]),
            workspace_key: "".into(),
            epoch: Epoch([0xe0; 8]),
            scope: scope(),
            policy: Policy::default(),
            now_ms: NOW_MS,
        },
    );

    out.title("The first sync");
    out.message(
        "The actor, and no cursor:",
        &SyncRequest {
            versions,
            actors: vec![NewActor { actor: ActorBytes([0xaa; 16]), reason: ActorReason::Installation }]
                .into(),
            ..SyncRequest::default()
        },
    );
    let still = |stage| StillToFetch { stage, territory: None, after: Default::default() };
    out.message(
        "The actor may write; here is the end of the log, the scope, and five stages to fetch:",
        &SyncReply {
            epoch: Some(Epoch([0xe0; 8])),
            cursor: cursor(0xc0),
            actors: vec![ActorVerdict::Registered].into(),
            scope: Some(scope()),
            catch_up: Some(CatchUp { fetch: Stage::ALL.map(still).to_vec().into(), replace: false }),
            ..empty_reply()
        },
    );

    out.title("Pages");
    let page = StillToFetch { stage: Stage::Settings, territory: None, after: Default::default() };
    out.message(
        "`POST /v1/fetch`, the first page of stage 0:",
        &FetchRequest { versions, scope_version: 1, page: Some(page), ..FetchRequest::default() },
    );
    let reply = |items: Vec<FetchItem>, next: &[u8]| FetchReply {
        version: 1,
        epoch: Epoch([0xe0; 8]),
        number: 20,
        scope_version: 1,
        items: items.into(),
        next: next.to_vec().into(),
        gone: Default::default(),
    };
    out.message("A tax of 21 %, and there is more:", &reply(vec![FetchItem::Office(tax())], &[1, 2, 3]));
    let row = ListRow {
        client: Some(client()),
        name: "Bar Núñez".into(),
        city: "Soria".into(),
        latitude_e7: Some(417_600_000),
        longitude_e7: Some(-24_700_000),
        territory: Some(territory()),
        ..ListRow::default()
    };
    out.message("A page of stage 1, the last one:", &reply(vec![FetchItem::Row(row)], &[]));

    out.title("A new client and a note about it");
    let push = |change: &Change, territory| PushedChange {
        document: document(),
        generation: 0,
        bytes: change.bytes.clone().into(),
        territory,
        receipt: None,
        offered: false,
    };
    out.message(
        "Examples 1 and 2 of document.md are pushed:",
        &SyncRequest {
            versions,
            cursor: cursor(0xc0),
            scope_version: 1,
            push: vec![push(&first, Some(territory())), push(&note, None)].into(),
            device_ms: Some(NOW_MS - 5_000),
            ..SyncRequest::default()
        },
    );
    let accepted = |number| Verdict::Accepted { number, receipt: Receipt([0xee; 16]) };
    let moved = EntryBody::Moved { client: client(), territory: Some(territory()) };
    let heads = [note.hash];
    let sum = {
        let mut sum = document_term(&heads).sum();
        let tax = tax();
        sum += office_term(&tax.kind, &tax.source, &tax.key, tax.value.as_deref());
        sum
    };
    out.message(
        "Both are in the log, at 22 and 23; the client's place is entry 21. The digest is that of the last example:",
        &SyncReply {
            cursor: cursor(0xc1),
            verdicts: vec![accepted(22), accepted(23)].into(),
            entries: vec![Entry { number: 21, body: moved }].into(),
            digest: Some(sum.to_bytes()),
            ..empty_reply()
        },
    );

    out.title("One of each verdict, and entries");
    let change = ChangeEntry {
        document: document(),
        generation: 0,
        bytes: note.bytes.clone().into(),
        receipt: Some(Receipt([0xee; 16])),
        received_s: Some(1_790_000_100),
        recovered_through: None,
    };
    let entries = [
        EntryBody::Change(change),
        EntryBody::Office(OfficeRecord { value: None, number: None, ..tax() }),
        EntryBody::Leave { client: client() },
        EntryBody::Moved { client: client(), territory: None },
        EntryBody::Merge { absorbed: client(), kept: None, territory: Some(territory()) },
    ];
    out.message(
        "Mind the `null` in the last entry: a client that stands alone again, in a territory.",
        &SyncReply {
            verdicts: vec![
                accepted(24),
                Verdict::Duplicate { number: 23, receipt: Receipt([0xee; 16]), hash: None },
                Verdict::Duplicate { number: 23, receipt: Receipt([0xee; 16]), hash: Some(note.hash.into()) },
                Verdict::Held { missing: vec![first.hash.into()].into() },
                Verdict::refused(Refusal::Schema, "key v/x"),
                Verdict::Quarantined,
            ]
            .into(),
            entries: entries.into_iter().zip(25..).map(|(body, number)| Entry { number, body }).collect(),
            more: true,
            cursor: cursor(0xc2),
            ..empty_reply()
        },
    );

    out.title("Nothing new");
    out.message(
        "Asked,",
        &SyncRequest { versions, cursor: cursor(0xc2), scope_version: 1, ..SyncRequest::default() },
    );
    out.message("answered:", &SyncReply { digest: Some(sum.to_bytes()), ..empty_reply() });

    out.title("The first request of all, plain and as a zstd frame");
    out.text("a100820101\n28b52ffd2005290000a100820101");

    out.title("Digests");
    out.digest(&note, sum);
    let bucket = office_name("tax", "erp", "21").0[0];
    let ask = |step| DigestRequest { versions, scope_version: 1, step, excluded: Default::default() };
    out.message("Sums by bucket, please:", &ask(DigestStep::Buckets));
    out.message(
        "What lies in that bucket of office records; no bucket of documents differs:",
        &ask(DigestStep::Items { documents: Default::default(), office: vec![bucket].into() }),
    );

    out.title("An order");
    out.order();
    out.text
}

pub(crate) fn problem() -> String {
    // As the relay writes it; `title` and `advice` in the language that was asked for.
    r#"```json
{"type":"urn:cartera:problem:too_large","title":"It is too large","status":413,"code":"too_large","detail":"the body is longer than 8388608 bytes","advice":"Send less at a time.","request_id":"01JC0000000000000000000009"}
```"#
        .into()
}

#[derive(Default)]
struct Out {
    text: String,
    number: usize,
}

impl Out {
    fn title(&mut self, title: &str) {
        self.number += 1;
        let _ = write!(self.text, "\n### Example {}: {title}\n", self.number);
    }

    fn text(&mut self, text: &str) {
        let _ = write!(self.text, "\n```\n{text}\n```\n");
    }

    fn message<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug>(
        &mut self,
        says: &str,
        message: &T,
    ) {
        let plain = minicbor::to_vec(message).unwrap();
        assert_eq!(wire::decode::<T>(&plain).as_ref(), Ok(message));
        let mut shown = String::new();
        show(&mut Decoder::new(&plain), &mut shown);
        let _ = write!(self.text, "\n{says}\n");
        self.text(&format!("{shown}\n{}", lines(&plain)));
    }

    fn digest(&mut self, note: &Change, sum: Sum) {
        let heads = [note.hash];
        let term = document_term(&heads);
        let input = [
            &b"d"[..],
            document().as_bytes(),
            &[0; 4],
            territory().as_bytes(),
            &[0; 16],
            &1u32.to_be_bytes(),
            &note.hash.0,
        ]
        .concat();
        let tax = tax();
        let value = tax.value.as_deref().unwrap();
        let texts: Vec<u8> = [&*tax.kind, &*tax.source, &*tax.key]
            .iter()
            .flat_map(|text| [&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat())
            .collect();
        let office_input = [&b"o"[..], &texts, &Sha256::digest(value)].concat();
        let name_input = [&b"n"[..], &texts].concat();
        let first_16 = |input: &[u8]| hex(&Sha256::digest(input)[..16]);
        let office = office_term(&tax.kind, &tax.source, &tax.key, Some(value));
        assert_eq!(first_16(&input), hex(&term.sum().to_bytes().0));
        assert_eq!(first_16(&office_input), hex(&office.to_bytes().0));
        let name = office_name(&tax.kind, &tax.source, &tax.key);
        assert_eq!(hex(&name.0), first_16(&name_input)[..16]);
        let _ = write!(
            self.text,
            "\nOf the client after its note, in its territory, and of the tax of example 4 (value `{}`):\n",
            hex(value)
        );
        self.text(&format!(
            "document, input\n{}\n  term         {}\n  fingerprint  {}\n  bucket       {}\noffice, input\n{}\n  term         {}\n  fingerprint  {}\nname, input\n{}\n  name         {}\n  bucket       {}\nsum of both    {}",
            lines(&input),
            first_16(&input),
            hex(&term.sum().fingerprint().0),
            document().as_bytes()[15],
            lines(&office_input),
            first_16(&office_input),
            hex(&office.fingerprint().0),
            lines(&name_input),
            hex(&name.0),
            name.0[0],
            hex(&sum.to_bytes().0),
        ));
    }

    fn order(&mut self) {
        for (says, client) in [("This client was erased", Some(client())), ("Wipe everything", None)] {
            let mut order = DeviceOrder { client, issued_ms: NOW_MS, mac: None };
            let signed = minicbor::to_vec(&order).unwrap();
            let mut mac = Hmac::<Sha256>::new_from_slice(&[0x66; 32]).unwrap();
            mac.update(&signed);
            order.mac = Some(Mac(mac.finalize().into_bytes().into()));
            let _ = write!(
                self.text,
                "\n{says}. The MAC with the device key of example 2 is over these bytes, and then stands in the order:\n"
            );
            self.text(&format!("{}\n\n{}", lines(&signed), lines(&minicbor::to_vec(&order).unwrap())));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lines(bytes: &[u8]) -> String {
    bytes.chunks(40).map(hex).collect::<Vec<_>>().join("\n")
}

/// Diagnostic notation of what this protocol uses of CBOR.
fn show(d: &mut Decoder<'_>, out: &mut String) {
    match d.datatype().unwrap() {
        Type::Map => {
            out.push('{');
            for at in 0..d.map().unwrap().unwrap() {
                out.push_str(if at == 0 { "" } else { ", " });
                show(d, out);
                out.push_str(": ");
                show(d, out);
            }
            out.push('}');
        }
        Type::Array => {
            out.push('[');
            for at in 0..d.array().unwrap().unwrap() {
                out.push_str(if at == 0 { "" } else { ", " });
                show(d, out);
            }
            out.push(']');
        }
        Type::Bytes => write!(out, "h'{}'", hex(d.bytes().unwrap())).unwrap(),
        Type::String => write!(out, "{:?}", d.str().unwrap()).unwrap(),
        Type::Bool => write!(out, "{}", d.bool().unwrap()).unwrap(),
        Type::Null => out.push_str(d.null().map(|()| "null").unwrap()),
        _ => write!(out, "{}", d.int().unwrap()).unwrap(),
    }
}

#[test]
fn a_small_message_is_taken_compressed_too() {
    let plain = [0xa1, 0x00, 0x82, 0x01, 0x01];
    let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x05, 0x29, 0x00, 0x00][..], &plain].concat();
    assert_eq!(wire::decode::<SyncRequest>(&frame), wire::decode(&plain));
}

#[test]
fn changes_are_the_examples_of_the_document_page() {
    let page = include_str!("../../docs/document.md");
    for change in changes() {
        assert!(page.contains(&format!("hash     {}", hex(&change.hash.0))));
    }
}
