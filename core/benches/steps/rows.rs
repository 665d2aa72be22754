//! Rows in a phone's database: a visit, a change from elsewhere, a document that comes whole, a price; and what is
//! computed of them.

use std::hint::black_box;
use std::sync::Arc;

use cartera_core::document::admit::causality;
use cartera_core::document::{FieldKey, FieldValue, append};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::metrics::status::{Life, Rule, status};
use cartera_core::metrics::value::Worth;
use cartera_core::metrics::{Day, Purchases};
use cartera_core::model::office::{Article, Item, Price, Scope};
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal};
use cartera_core::query::prices;
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::rows::{self, Document, SqlFacts, client, search};
use cartera_core::store::StoreError;
use criterion::{BatchSize, Criterion};

use crate::made::{Client, actor, env, phone_env, visit};

pub(crate) fn all(bench: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let engine =
        Engine::open(&folder.path().join("phone.db"), None, "Europe/Madrid", Arc::new(phone_env())).unwrap();
    visits(bench, &engine);
    changes(bench, &engine);
    a_price(bench, &engine);
    let name = "Cafetería Ñandú de la Muralla";
    bench.bench_function("fold a name for sorting", |run| run.iter(|| client::sort_name(black_box(name))));
    bench.bench_function("make a query of what was typed", |run| {
        run.iter(|| search::client_query(black_box("cafetería ñan")));
    });
    figures(bench);
}

fn visits(bench: &mut Criterion, engine: &Engine) {
    let name = ClientEdit {
        key: FieldKey::new("name").unwrap(),
        value: Some(FieldValue::Text("Panadería Pedroñeras".into())),
    };
    let client = engine.create_client(NewClient { fields: vec![name], territory: None }).unwrap();
    bench.bench_function("log a visit, durable", |run| {
        run.iter(|| engine.log_visit(&client, Visit::done(Outcome::NoOrder)).unwrap());
    });
}

fn changes(bench: &mut Criterion, engine: &Engine) {
    let env = env();
    let (one, other) = (actor(&env), actor(&env));
    let client = Client::new(&env, &one, 30);
    engine
        .store()
        .write::<_, StoreError>(|tx| {
            let mut document = Document::create(tx, client.id.into(), 0)?;
            for change in &client.changes {
                rows::apply(tx, &mut document, change, Some(1))?;
            }
            let (key, bytes) = visit(&env, 1);
            let change = append::record(&other, &client.facts, key, bytes, 0).unwrap();
            bench.bench_function("judge a visit's change by stored facts", |run| {
                run.iter(|| causality(&change, document.id, &SqlFacts::new(tx, &document)).unwrap());
            });
            // Each in one savepoint that is undone, so that the database does not grow.
            bench.bench_function("rows of a visit from elsewhere", |run| {
                run.iter(|| {
                    tx.execute_batch("SAVEPOINT step").unwrap();
                    rows::apply(tx, &mut document.clone(), &change, Some(2)).unwrap();
                    tx.execute_batch("ROLLBACK TO step; RELEASE step").unwrap();
                });
            });
            let whole = Client::new(&env, &one, 30);
            let kept = whole.snapshot();
            bench.bench_function("rows of a document of 32 changes that comes whole", |run| {
                run.iter_batched(
                    || tx.execute_batch("SAVEPOINT step").unwrap(),
                    |()| {
                        let mut document = Document::create(tx, whole.id.into(), 0).unwrap();
                        rows::install_snapshot(tx, &mut document, &kept.bytes, &whole.changes, 0, 3).unwrap();
                        tx.execute_batch("ROLLBACK TO step; RELEASE step").unwrap();
                    },
                    BatchSize::PerIteration,
                );
            });
            Ok(())
        })
        .unwrap();
}

/// A family with 200 conditions of other clients, an article with 20.
fn a_price(bench: &mut Criterion, engine: &Engine) {
    let env = env();
    let client = ClientId::new(&env);
    let eur: Currency = "EUR".parse().unwrap();
    let one: Decimal = "1".parse().unwrap();
    let mut article = Article::new("Café molido");
    article.family = Some("café".into());
    let mut items = vec![Item::new("erp", "A1", Scope::Workspace, article).unwrap()];
    for n in 0..220 {
        let mut price = Price::new(eur);
        let whom = if n == 7 { client } else { ClientId::new(&env) };
        if n < 20 {
            price.article = Some("A1".into())
        } else {
            price.family = Some("café".into())
        }
        price.price = Some(one);
        items.push(Item::new("erp", format!("P{n}"), Scope::Client(whom), price).unwrap());
    }
    let store = engine.store();
    store
        .write::<_, StoreError>(|tx| {
            for (n, item) in items.into_iter().enumerate() {
                let entry = OfficeEntry {
                    kind: item.kind.name().into(),
                    source: item.source,
                    key: item.key,
                    client: if let Scope::Client(client) = item.scope { Some(client) } else { None },
                    territory: None,
                    value: item.value.map(|value| value.encode()),
                };
                office::put(tx, &entry, n as u64 + 1)?;
            }
            Ok(())
        })
        .unwrap();
    let day = BusinessDate::from_days(20_000).unwrap();
    store
        .read::<_, StoreError>(|conn| {
            bench.bench_function("price of a line", |run| {
                run.iter(|| prices::quote(conn, &client, "A1", one, eur, day).unwrap().unwrap());
            });
            Ok(())
        })
        .unwrap();
}

fn figures(bench: &mut Criterion) {
    let date = |n: i32| BusinessDate::from_days(20_000 + n * 9).unwrap();
    let days: Vec<Day> = (0..120).map(|n| Day { date: date(n), net: 12_345, event: true }).collect();
    let events: Vec<BusinessDate> = days.iter().map(|day| day.date).collect();
    let life = Life { events: &events, ..Life::default() };
    bench.bench_function("status of a client with 120 purchases", |run| {
        run.iter(|| status(black_box(life), Rule::Rhythm { class_gap: None }, date(121)));
    });
    bench.bench_function("value of a client with 120 purchases", |run| {
        run.iter(|| Worth::of(black_box(Purchases { days: &days }), None, date(121)));
    });
}
