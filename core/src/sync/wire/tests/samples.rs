//! One of everything, the same in every run.

use super::super::*;
use crate::model::{ClientId, DeviceId, DocumentId, TerritoryId};

pub(super) fn client(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

pub(super) fn document(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

pub(super) fn territory(n: u8) -> TerritoryId {
    TerritoryId::from_bytes([n; 16])
}

pub(super) fn request() -> SyncRequest {
    SyncRequest {
        versions: Versions { oldest: 1, newest: 2 },
        cursor: Some(Cursor(vec![0xc0; 27].into())),
        scope_version: 5,
        actors: vec![NewActor { actor: ActorBytes([0xaa; 16]), reason: ActorReason::Restore }].into(),
        purged: vec![client(1)].into(),
        push: vec![
            PushedChange {
                document: document(2),
                generation: 0,
                bytes: vec![0x85, 0x6f, 0x4a, 0x83].into(),
                territory: Some(territory(3)),
                receipt: None,
                offered: false,
            },
            PushedChange {
                document: document(4),
                generation: 1,
                bytes: vec![1].into(),
                territory: None,
                receipt: Some(Receipt([0xee; 16])),
                offered: true,
            },
        ]
        .into(),
        want_bytes: Some(65_536),
        excluded: vec![document(9)].into(),
        proofs: vec![Proof {
            document: document(4),
            generation: 1,
            hash: Hash([0xbb; 32]),
            receipt: Receipt([0xcc; 16]),
        }]
        .into(),
        device_ms: Some(-1),
        queued: 12,
        fetching: true,
    }
}

pub(super) fn page_document() -> PageDocument {
    PageDocument {
        document: document(5),
        generation: 0,
        number: 77,
        snapshot: vec![0x85, 0x6f].into(),
        receipts: vec![Receipt([1; 16])].into(),
        territory: Some(territory(3)),
        alias_of: None,
        heads: vec![Hash([2; 32])].into(),
    }
}

pub(super) fn office() -> OfficeRecord {
    OfficeRecord {
        kind: "due".into(),
        source: "erp".into(),
        key: "F-2026/7".into(),
        client: Some(client(1)),
        territory: None,
        value: Some(vec![0xa0].into()),
        number: None,
    }
}

fn bodies() -> Vec<EntryBody> {
    vec![
        EntryBody::Change(ChangeEntry {
            document: document(2),
            generation: 0,
            bytes: vec![0x85].into(),
            receipt: Some(Receipt([2; 16])),
            received_s: Some(1_790_000_000),
            recovered_through: Some(DeviceId::from_bytes([8; 16])),
        }),
        EntryBody::Office(office()),
        EntryBody::Enter(Box::new(Enter {
            document: page_document(),
            office: vec![office()].into(),
            fetch_office: true,
        })),
        EntryBody::Leave { client: client(1) },
        EntryBody::Moved { client: client(1), territory: None },
        EntryBody::Merge { absorbed: client(1), kept: Some(client(2)), territory: Some(territory(3)) },
        EntryBody::Erase { client: client(1) },
        EntryBody::Refound(Box::new(Refound { document: page_document() })),
    ]
}

pub(super) fn reply() -> SyncReply {
    SyncReply {
        version: 1,
        epoch: Some(Epoch([0xe0; 8])),
        now_ms: 1_790_000_000_000,
        cursor: Some(Cursor(vec![0xc1; 27].into())),
        scope_version: 6,
        verdicts: vec![
            Verdict::Accepted { number: 1, receipt: Receipt([3; 16]) },
            Verdict::Duplicate { number: 2, receipt: Receipt([4; 16]), hash: None },
            Verdict::Duplicate { number: 2, receipt: Receipt([4; 16]), hash: Some(Hash([5; 32])) },
            Verdict::Held { missing: vec![Hash([6; 32])].into() },
            Verdict::refused(Refusal::Schema, "key v/x"),
            Verdict::Quarantined,
        ]
        .into(),
        actors: vec![
            ActorVerdict::Registered,
            ActorVerdict::Refused { code: Refusal::TooManyActors, detail: "64".into() },
        ]
        .into(),
        entries: bodies()
            .into_iter()
            .enumerate()
            .map(|(at, body)| Entry { number: at as u64 + 1, body })
            .collect(),
        more: true,
        digest: Some(DigestBytes([0xdd; 16])),
        scope: Some(Scope {
            version: 6,
            all: false,
            territories: vec![territory(3)].into(),
            lent: vec![Lent { client: client(1), from_day: Some(20_000), until_day: None }].into(),
        }),
        catch_up: Some(CatchUp {
            fetch: vec![StillToFetch {
                stage: Stage::Documents,
                territory: Some(territory(3)),
                after: Default::default(),
            }]
            .into(),
            replace: true,
        }),
        orders: vec![DeviceOrder { client: None, issued_ms: 7, mac: Some(Mac([9; 32])) }].into(),
    }
}

pub(super) fn fetch_request() -> FetchRequest {
    FetchRequest {
        versions: Versions { oldest: 1, newest: 1 },
        scope_version: 6,
        page: Some(StillToFetch { stage: Stage::Sales, territory: None, after: vec![1, 2].into() }),
        documents: vec![document(2)].into(),
        office: vec![Fingerprint([7; 8])].into(),
        office_of: vec![client(1)].into(),
        want_bytes: None,
    }
}

pub(super) fn fetch_reply() -> FetchReply {
    FetchReply {
        version: 1,
        epoch: Epoch([0xe0; 8]),
        number: 99,
        scope_version: 6,
        items: vec![
            FetchItem::Row(ListRow {
                client: Some(client(1)),
                name: "Bar Núñez".into(),
                city: "Soria".into(),
                latitude_e7: Some(417_600_000),
                longitude_e7: Some(-24_700_000),
                status: Some(1),
                as_of_day: Some(20_780),
                territory: Some(territory(3)),
            }),
            FetchItem::Document(page_document()),
            FetchItem::Office(office()),
        ]
        .into(),
        next: vec![1, 2, 3].into(),
        gone: vec![document(9)].into(),
    }
}

pub(super) fn digest_request() -> DigestRequest {
    DigestRequest {
        versions: Versions { oldest: 1, newest: 1 },
        scope_version: 6,
        step: DigestStep::Items { documents: vec![0, 255].into(), office: Default::default() },
        excluded: Default::default(),
    }
}

pub(super) fn digest_replies() -> [DigestReply; 2] {
    [
        DigestAnswer::Buckets(Buckets {
            documents: vec![DigestBytes([1; 16]); 2].into(),
            office: vec![DigestBytes([2; 16])].into(),
        }),
        DigestAnswer::Items {
            documents: vec![DigestItem { document: document(1), fingerprint: Fingerprint([1; 8]) }].into(),
            whole_documents: vec![1].into(),
            whole_office: vec![0, 255].into(),
            office: vec![(Fingerprint([2; 8]), Fingerprint([3; 8]))].into(),
        },
    ]
    .map(|answer| DigestReply {
        version: 1,
        epoch: Epoch([0xe0; 8]),
        number: 99,
        scope_version: 6,
        answer,
    })
}

pub(super) fn salvage() -> (SalvageRequest, SalvageReply) {
    (
        SalvageRequest {
            versions: Versions::SPOKEN,
            changes: request().push.0.into(),
            sealed: vec![0x61].into(),
        },
        SalvageReply { version: 1, verdicts: vec![Verdict::Quarantined].into() },
    )
}
