//! Messages and digests.

use std::hint::black_box;

use cartera_core::sync::digest::{DocumentTerm, office_term};
use cartera_core::sync::wire::{
    Epoch, FetchItem, FetchReply, Hash, PageDocument, PushedChange, SyncRequest, decode, encode,
};
use criterion::{Criterion, Throughput};

use crate::made::{Client, actor, env};

pub(crate) fn all(bench: &mut Criterion) {
    let env = env();
    let actor = actor(&env);
    let clients: Vec<Client> = (0..100).map(|_| Client::new(&env, &actor, 30)).collect();
    let document = |client: &Client| {
        let kept = client.snapshot();
        FetchItem::Document(PageDocument {
            document: client.id.into(),
            generation: 0,
            number: 1,
            snapshot: kept.bytes.into(),
            receipts: Vec::new().into(),
            territory: None,
            alias_of: None,
            heads: kept.heads.iter().map(|head| Hash(head.0)).collect(),
        })
    };
    let page = FetchReply {
        version: 1,
        epoch: Epoch([1; 8]),
        number: 1,
        scope_version: 1,
        items: clients.iter().map(document).collect(),
        next: Vec::new().into(),
        gone: Vec::new().into(),
    };
    let body = encode(&page).unwrap();
    let mut group = bench.benchmark_group("a page of 100 documents");
    group.throughput(Throughput::Bytes(minicbor::to_vec(&page).unwrap().len() as u64));
    group.bench_function("encode", |run| run.iter(|| encode(black_box(&page)).unwrap()));
    group.bench_function("decode", |run| run.iter(|| decode::<FetchReply>(black_box(&body)).unwrap()));
    group.finish();

    let last = clients[0].changes.last().unwrap();
    let push = PushedChange {
        document: clients[0].id.into(),
        generation: 0,
        bytes: last.bytes.clone().into(),
        territory: None,
        receipt: None,
        offered: false,
    };
    let request = SyncRequest { push: vec![push].into(), ..SyncRequest::default() };
    let body = encode(&request).unwrap();
    bench.bench_function("encode one visit's request", |run| {
        run.iter(|| encode(black_box(&request)).unwrap())
    });
    bench.bench_function("decode one visit's request", |run| {
        run.iter(|| decode::<SyncRequest>(black_box(&body)).unwrap());
    });

    let kept = clients[0].snapshot();
    let term = DocumentTerm {
        document: clients[0].id.into(),
        generation: 0,
        territory: None,
        alias_of: None,
        heads: &kept.heads,
    };
    bench.bench_function("a document's term of the digest", |run| run.iter(|| black_box(&term).sum()));
    let value = [7; 200];
    bench.bench_function("an office record's term of the digest", |run| {
        run.iter(|| office_term("order_state", "", black_box("01ARZ3NDEKTSV4RRFFQ69G5FAV"), Some(&value)));
    });
}
