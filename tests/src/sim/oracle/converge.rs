//! Convergence: every phone has what its person may see, the same as the relay has it: documents, rows, office records,
//! digests. Rows equal a rebuild from the documents, on both sides. And that without any repair by digest: each of those
//! would mean a defect.

use std::collections::BTreeSet;

use cartera_core::model::office::{KnownKind, Setting, Value};
use cartera_core::model::profile::Scalar;
use cartera_core::model::{BusinessDate, ClientId, DocumentId, TerritoryId};
use cartera_core::rows;
use cartera_core::rows::documents::heads_from_blob;
use cartera_core::store::StoreError;
use cartera_core::sync::digest::{DocumentTerm, Sum, office_term};
use cartera_core::sync::session::kept_digest;
use rusqlite::{Connection, OptionalExtension};

use super::leak::Eyes;
use super::rows::{OFFICE_NUMBER, Rows, catalogue, cell, difference, of as rows_of, office_lines};
use crate::sim::phone::{Phone, Standing};
use crate::sim::world::World;

pub fn check(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    let relay = world.relay.read(rows_of);
    let numbered = !world.plan().repairs;
    world.relay.read(|conn| {
        for phone in world.active() {
            let eyes = Eyes::of(conn, phone.person);
            let visible: BTreeSet<_> = relay.keys().filter(|id| eyes.see(conn, id)).copied().collect();
            let office = visible_office(conn, &eyes, numbered);
            of_phone(world, &phone, &relay, &visible, &office, &mut found);
        }
    });
    found.extend(rebuilt_relay(world));
    if !world.plan().repairs {
        let repairs = world.relay.repairs();
        for phone in world.phones().iter().filter(|phone| phone.standing() != Standing::Hostile) {
            let device = phone.engine().identity().unwrap().map(|identity| identity.device);
            let count = repairs.iter().filter(|repaired| Some(**repaired) == device).count();
            if count > 0 {
                found.push(format!(
                    "{}'s digest differed and had to be repaired, {count} requests",
                    phone.name
                ));
            }
        }
    }
    found
}

/// First date of the sales that phones keep, as the setting stands.
fn sales_from(conn: &Connection) -> Option<BusinessDate> {
    let sql = "SELECT value FROM office WHERE kind = 'setting' AND key = 'sales_from' AND value IS NOT NULL";
    let value: Option<Vec<u8>> = conn.query_row(sql, [], |row| row.get(0)).optional().unwrap();
    match Value::decode(&KnownKind::Setting.into(), &value?) {
        Ok(Value::Setting(Setting { value: Scalar::Text(date), .. })) => date.parse().ok(),
        _ => None,
    }
}

fn date_of(sale: &[u8]) -> BusinessDate {
    match Value::decode(&KnownKind::Sale.into(), sale) {
        Ok(Value::Sale(sale)) => sale.date,
        other => panic!("no sale: {other:?}"),
    }
}

fn visible_office(conn: &Connection, eyes: &Eyes, numbered: bool) -> Vec<String> {
    let from = sales_from(conn);
    let sql = "SELECT kind, source, key, client, territory, number, value FROM office WHERE value IS NOT NULL
               ORDER BY kind, source, key";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let (kind, client, territory): (String, Option<ClientId>, Option<TerritoryId>) =
            (row.get(0).unwrap(), row.get(3).unwrap(), row.get(4).unwrap());
        let value: Vec<u8> = row.get(6).unwrap();
        let passed = kind == "sale" && client.is_some() && from.is_some_and(|from| date_of(&value) < from);
        if !passed && eyes.see_office(conn, &kind, client, territory.map(|id| *id.as_bytes())) {
            let mut line = String::new();
            (0..7)
                .filter(|column| numbered || *column != OFFICE_NUMBER)
                .for_each(|column| cell(row.get_ref(column).unwrap(), &mut line));
            lines.push(line);
        }
    }
    lines
}

fn of_phone(
    world: &World,
    phone: &Phone,
    relay: &Rows,
    visible: &BTreeSet<DocumentId>,
    office: &[String],
    found: &mut Vec<String>,
) {
    let engine = phone.engine();
    let read = |work: &mut dyn FnMut(&Connection)| {
        engine.store().read::<_, StoreError>(|conn| {
            work(conn);
            Ok(())
        })
    };
    let (mut ours, mut own_office, mut digest) = (Rows::new(), Vec::new(), Sum::default());
    let mut unacknowledged: Vec<DocumentId> = Vec::new();
    read(&mut |conn| {
        ours = rows_of(conn);
        own_office = office_lines(conn, !world.plan().repairs);
        digest = digest_of(conn);
        if let Some(kept) = kept_digest(conn).unwrap()
            && kept != digest
        {
            found.push(format!("{}'s digest was not kept step by step with its rows", phone.name));
        }
        let mut statement = conn.prepare_cached("SELECT id FROM documents WHERE heads <> acked").unwrap();
        unacknowledged =
            statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
    })
    .unwrap();
    let name = &phone.name;
    found.extend(unacknowledged.iter().map(|id| format!("{name} has unacknowledged work in {id}")));
    for id in visible.iter().filter(|id| !ours.contains_key(id)) {
        found.push(format!("{name} lacks {id}"));
    }
    for (id, lines) in &ours {
        match relay.get(id) {
            _ if !visible.contains(id) => found.push(format!("{name} still has {id}")),
            Some(theirs) if theirs != lines => {
                found.push(format!("{name} has other rows of {id}: {}", difference(lines, theirs)));
            }
            _ => {}
        }
    }
    if own_office != office {
        found.push(format!("{name} has other office records: {}", difference(&own_office, office)));
    }
    let device = engine.identity().unwrap().unwrap().device;
    let sums = world.relay.app().storage.bucket_sums(device, &[]).unwrap().unwrap();
    let mut theirs = Sum::default();
    sums.documents.into_iter().chain(sums.office).for_each(|sum| theirs += sum);
    if digest != theirs {
        found.push(format!("{name} has another digest than the relay"));
    }
    let rebuilt = engine.store().write(|tx| {
        let before = catalogue(tx);
        rows::rebuild(tx).map_err(StoreError::from)?;
        // Rolled back with what it carries: the phone stays as it was.
        Err::<(), _>(Rebuilt::Rows(rows_of(tx), before, catalogue(tx)))
    });
    match rebuilt {
        Err(Rebuilt::Rows(anew, before, after)) => {
            found.extend(differences(name, &ours, &anew));
            if before != after {
                let difference = difference(&before, &after);
                found.push(format!("{name}'s catalogue is not that of its office records: {difference}"));
            }
        }
        Err(Rebuilt::Failed(error)) => found.push(format!("{name}'s rows cannot be made anew: {error}")),
        Ok(()) => {}
    }
}

enum Rebuilt {
    Rows(Rows, Vec<String>, Vec<String>),
    Failed(StoreError),
}

impl From<StoreError> for Rebuilt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

fn differences(name: &str, now: &Rows, anew: &Rows) -> Vec<String> {
    let none = Vec::new();
    let ids: BTreeSet<_> = now.keys().chain(anew.keys()).collect();
    ids.into_iter()
        .filter(|id| now.get(id) != anew.get(id))
        .map(|id| {
            let (now, anew) = (now.get(id).unwrap_or(&none), anew.get(id).unwrap_or(&none));
            format!("{name}'s rows of {id} are not those of its document: {}", difference(now, anew))
        })
        .collect()
}

fn rebuilt_relay(world: &World) -> Vec<String> {
    let copy = world.file("rebuild.db");
    let _ = std::fs::remove_file(&copy);
    world.relay.read(|conn| conn.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap());
    let conn = Connection::open(&copy).unwrap();
    let now = rows_of(&conn);
    match rows::rebuild(&conn) {
        Ok(()) => differences("the relay", &now, &rows_of(&conn)),
        Err(error) => vec![format!("the relay's rows cannot be made anew: {error}")],
    }
}

/// The digest of all that a phone holds acknowledged, from its tables alone.
fn digest_of(conn: &Connection) -> Sum {
    let mut sum = Sum::default();
    let sql = "SELECT d.id, d.generation, c.territory, c.alias_of, d.acked FROM documents d
               LEFT JOIN clients c ON c.doc = d.doc WHERE length(d.acked) > 0";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let acked: Vec<u8> = row.get(4).unwrap();
        let term = DocumentTerm {
            document: row.get(0).unwrap(),
            generation: row.get(1).unwrap(),
            territory: row.get(2).unwrap(),
            alias_of: row.get(3).unwrap(),
            heads: &heads_from_blob(&acked).unwrap(),
        };
        sum += term.sum();
    }
    let mut statement =
        conn.prepare_cached("SELECT kind, source, key, value FROM office WHERE value IS NOT NULL").unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (kind, source, key, value): (String, String, String, Vec<u8>) =
            (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap(), row.get(3).unwrap());
        sum += office_term(&kind, &source, &key, Some(&value));
    }
    sum
}
