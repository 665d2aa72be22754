//! A change, a record's family, a snapshot: in memory.

use std::hint::black_box;

use cartera_core::document::admit::{causality, inspect};
use cartera_core::document::fold::{Entry, fold};
use cartera_core::document::{FieldKey, FieldValue, OpId, RecordKey, Relation, append, edit, snapshot};
use cartera_core::model::RecordId;
use criterion::Criterion;

use crate::made::{Client, actor, env, visit};

pub(crate) fn all(bench: &mut Criterion) {
    let env = env();
    let (one, other) = (actor(&env), actor(&env));
    let client = Client::new(&env, &one, 30);
    let (key, bytes) = visit(&env, 1);
    bench.bench_function("append a visit to facts in memory", |run| {
        run.iter(|| append::record(&other, &client.facts, key, bytes.clone(), 0).unwrap());
    });
    let change = append::record(&other, &client.facts, key, bytes.clone(), 0).unwrap();
    bench.bench_function("inspect a visit's change", |run| run.iter(|| inspect(black_box(&change.bytes))));
    bench.bench_function("judge a visit's change by facts in memory", |run| {
        run.iter(|| causality(black_box(&change), client.id.into(), &client.facts));
    });
    let fields = || {
        let text = |key: &str| (FieldKey::new(key).unwrap(), Some(FieldValue::Text("otro".into())));
        vec![text("name"), text("sector"), text("tag/terraza")]
    };
    let edit = edit::fields(&other, &client.facts, fields(), 0).unwrap().unwrap();
    bench.bench_function("inspect an edit of three fields", |run| {
        run.iter(|| inspect(black_box(&edit.bytes)))
    });

    let ids: Vec<RecordId> = (0..8).map(|_| RecordId::new(&env)).collect();
    let family: Vec<Entry<()>> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| Entry {
            key: RecordKey::new("v", *id).unwrap(),
            id: OpId { counter: n as u64 + 1, actor: one.clone() },
            author: (),
            relation: (n > 0).then(|| Relation::Amends(ids[n / 2])),
        })
        .collect();
    bench.bench_function("fold a family of eight records", |run| {
        run.iter(|| fold(black_box(&family), |_, _| true));
    });

    let kept = client.snapshot();
    bench.bench_function("compact a document of 32 changes", |run| run.iter(|| client.snapshot()));
    bench.bench_function("32 changes out of a snapshot's columns", |run| {
        run.iter(|| snapshot::unpack(black_box(&kept.bytes), &kept.heads).unwrap().unwrap());
    });
    bench.bench_function("32 changes out of a snapshot by Automerge", |run| {
        run.iter(|| snapshot::read(black_box(&kept.bytes), &kept.heads).unwrap().changes().unwrap());
    });
}
