//! Nothing twice: one command, one record at the relay, one row in its export; and no record that nobody wrote.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::model::record::{Body, Kind, Record};
use cartera_core::model::{DocumentId, RecordId};
use cartera_relay::export::{Export, Query};

use crate::sim::ledger::Deed;
use crate::sim::phone::Standing;
use crate::sim::world::World;

/// The export's resource for records of a kind, of those that simulated people write.
const RESOURCES: [(&str, &str); 8] = [
    ("v", "visits"),
    ("p", "purchases"),
    ("n", "notes"),
    ("t", "tasks"),
    ("k", "confirmations"),
    ("x", "closures"),
    ("r", "change_requests"),
    ("absence", "absences"),
];

/// Ids and how often each stands in the export of a resource, as the back office gets it.
fn exported(world: &World, resource: &str) -> BTreeMap<String, usize> {
    let app = world.relay.app();
    let query = Query::parse(&format!("{resource}.ndjson"), []).unwrap();
    let mut bytes = Vec::new();
    Export::begin(&*app.storage, query).unwrap().write_to(&*app.storage, &mut bytes).unwrap();
    let mut ids = BTreeMap::new();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let row: serde_json::Value = serde_json::from_slice(line).unwrap();
        let id = row["id"].as_str().unwrap_or_else(|| panic!("a row of {resource} without id: {row}"));
        *ids.entry(id.to_owned()).or_default() += 1;
    }
    ids
}

/// Kind, id, author, document and bytes of a record.
type Row = (String, RecordId, Option<[u8; 16]>, DocumentId, Vec<u8>);

/// Whether a request asks for what somebody wrote into a field that turned out to be the ERP's: once for each edit.
fn take_edit(
    edits: &mut Vec<(DocumentId, String, Option<String>)>,
    document: DocumentId,
    value: &[u8],
) -> bool {
    let Ok(Record { body: Body::ChangeRequest(request), .. }) = Record::decode(Kind::ChangeRequest, value)
    else {
        return false;
    };
    let asked = request.value.map(|value| format!("{value:?}"));
    let place = edits.iter().position(|(of, key, text)| {
        let same = match (text, &asked) {
            (Some(text), Some(asked)) => asked.contains(text),
            (None, None) => true,
            _ => false,
        };
        *of == document && *key == request.field && same
    });
    place.map(|place| edits.swap_remove(place)).is_some()
}

pub fn check(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    // What is in the books, and how often.
    let mut stored: BTreeMap<(String, String), usize> = BTreeMap::new();
    let rows: Vec<Row> = world.relay.read(|conn| {
        let sql = "SELECT r.kind, r.id, a.person, d.id, r.value FROM records r
                   JOIN actors a ON a.actor = r.actor JOIN documents d ON d.doc = r.doc";
        let mut statement = conn.prepare_cached(sql).unwrap();
        let row =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
        statement.query_map([], row).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    });
    let hostile: BTreeSet<[u8; 16]> = world
        .phones()
        .iter()
        .filter(|phone| phone.standing() == Standing::Hostile)
        .map(|phone| *phone.person.as_bytes())
        .collect();
    let mut written = BTreeSet::new();
    let mut edits: Vec<(DocumentId, String, Option<String>)> = Vec::new();
    for command in &world.ledger.books().commands {
        for deed in &command.deeds {
            match deed {
                Deed::Record(kind, id) => drop(written.insert((kind.clone(), id.to_string()))),
                Deed::Put { key, text } => edits.push((command.document, key.clone(), Some(text.clone()))),
                Deed::Ended { key, .. } => edits.push((command.document, key.clone(), None)),
                Deed::Created => {}
            }
        }
    }
    for (kind, id, person, document, value) in rows {
        let asked = kind == "r" && take_edit(&mut edits, document, &value);
        let key = (kind, id.to_string());
        if !written.contains(&key) && !asked && !person.is_some_and(|person| hostile.contains(&person)) {
            found.push(format!("{}/{} is in the books, and nobody wrote it", key.0, key.1));
        }
        *stored.entry(key).or_default() += 1;
    }
    found.extend(
        stored
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|((kind, id), count)| format!("{kind}/{id} is {count} times in the books")),
    );
    for (kind, resource) in RESOURCES {
        let ids = exported(world, resource);
        let twice = ids.iter().filter(|(_, count)| **count > 1);
        found.extend(twice.map(|(id, count)| format!("{resource} {id} is {count} times in the export")));
        let shown = shown(world, kind);
        let missing = shown.iter().filter(|id| !ids.contains_key(*id));
        found.extend(missing.map(|id| format!("{kind}/{id} is in the books and not in the export")));
        let surplus = ids.keys().filter(|id| !shown.contains(*id));
        found.extend(surplus.map(|id| format!("{resource} {id} is in the export and not in the books")));
    }
    found
}

/// What stands for itself: a record that was amended keeps its id, one that was voided has no row.
fn shown(world: &World, kind: &str) -> BTreeSet<String> {
    world.relay.read(|conn| {
        let sql = "SELECT DISTINCT root FROM records WHERE kind = ?1 AND shown = 1";
        let mut statement = conn.prepare_cached(sql).unwrap();
        let rows = statement.query_map([kind], |row| row.get::<_, RecordId>(0)).unwrap();
        rows.map(|id| id.unwrap().to_string()).collect()
    })
}
