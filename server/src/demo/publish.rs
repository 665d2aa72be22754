//! Publishes what the import read and checked: clients as changes of the office's own device, sales and catalogue as
//! office records, both through the use cases that phones and the ERP go through.

use std::collections::{BTreeMap, HashMap};

use cartera_core::document::{ActorId, Change, FieldKey, MemoryFacts, append, edit};
use cartera_core::env::random_bytes;
use cartera_core::model::{ClientId, TerritoryId};
use cartera_core::sync::wire::{ActorBytes, ActorReason, Bytes, NewActor, PushedChange, SyncRequest};

use super::DemoError;
use crate::app::App;
use crate::devices::Device;
use crate::import::memory::Memory;
use crate::import::profile::Row;
use crate::import::record::OfficeRecord;
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::sync;

/// Changes in one push, and office records in one commit.
const BATCH: usize = 1_000;

/// Publishes everything in `read`; `told` hears how much of it is done.
pub(super) fn publish(
    app: &App,
    device: &Device,
    read: Memory,
    territories: &HashMap<&str, TerritoryId>,
    told: &mut dyn FnMut(u64, u64),
) -> Result<(), DemoError> {
    let total = (read.clients.len() + read.office.len()) as u64;
    let ids = clients(app, device, read.clients, territories, &mut |done| told(done, total))?;
    let before = ids.len() as u64;
    let records: Vec<OfficeRecord> = read.office.into_values().collect();
    for (n, batch) in records.chunks(BATCH).enumerate() {
        office(app, &ids, batch)?;
        told(before + ((n + 1) * BATCH).min(records.len()) as u64, total);
    }
    Ok(())
}

fn clients(
    app: &App,
    device: &Device,
    rows: BTreeMap<(String, String), Row>,
    territories: &HashMap<&str, TerritoryId>,
    told: &mut dyn FnMut(u64),
) -> Result<HashMap<String, ClientId>, DemoError> {
    let actor: [u8; 16] = random_bytes(&*app.env);
    let take = NewActor { actor: ActorBytes(actor), reason: ActorReason::Installation };
    push(app, device, vec![take], Vec::new())?;
    let actor = ActorId::from(actor);
    let mut ids = HashMap::with_capacity(rows.len());
    let mut waiting = Vec::with_capacity(BATCH);
    for ((_, code), row) in rows {
        let id = ClientId::new(&*app.env);
        let territory = row.territory.as_deref().and_then(|code| territories.get(code)).copied();
        for (n, change) in changes(&actor, id, row, app.env.now_ms())?.into_iter().enumerate() {
            waiting.push(PushedChange {
                document: id.into(),
                generation: 0,
                bytes: Bytes(change.bytes),
                territory: territory.filter(|_| n == 0),
                receipt: None,
                offered: false,
            });
        }
        ids.insert(code, id);
        if waiting.len() + 2 > BATCH {
            push(app, device, Vec::new(), std::mem::take(&mut waiting))?;
            told(ids.len() as u64);
        }
    }
    push(app, device, Vec::new(), waiting)?;
    Ok(ids)
}

/// A client's first change, and its profile.
fn changes(actor: &ActorId, id: ClientId, row: Row, now_ms: i64) -> Result<Vec<Change>, DemoError> {
    let refused = |_| DemoError::Story("what the import checked is admitted");
    let mut facts = MemoryFacts::new(id.into());
    let first = append::create(actor, id.into(), now_ms).map_err(refused)?;
    facts.apply(&first);
    let mut edits = Vec::with_capacity(row.profile.len());
    for (key, value) in row.profile {
        let key =
            FieldKey::new(key).map_err(|_| DemoError::Story("what the import checked has known keys"))?;
        edits.push((key, Some(value)));
    }
    let second = edit::fields(actor, &facts, edits, now_ms)
        .map_err(|_| DemoError::Story("what the import checked is admitted"))?;
    Ok([first].into_iter().chain(second).collect())
}

fn push(
    app: &App,
    device: &Device,
    actors: Vec<NewActor>,
    changes: Vec<PushedChange>,
) -> Result<(), DemoError> {
    // Nothing is wanted back: the office reads its own database.
    let request = SyncRequest {
        actors: actors.into(),
        push: changes.into(),
        want_bytes: Some(0),
        ..SyncRequest::default()
    };
    let reply =
        sync::sync(app, device, request).map_err(|_| DemoError::Story("the office's device may push"))?;
    if reply.verdicts.iter().all(|verdict| verdict.is_good()) {
        Ok(())
    } else {
        Err(DemoError::Story("what the import checked is admitted"))
    }
}

fn office(app: &App, ids: &HashMap<String, ClientId>, records: &[OfficeRecord]) -> Result<(), DemoError> {
    let writes: Vec<OfficeWrite> = records
        .iter()
        .map(|record| OfficeWrite {
            kind: record.kind.name().to_owned(),
            source: super::files::SOURCE.to_owned(),
            key: record.key.clone(),
            client: record.client.as_ref().and_then(|code| ids.get(code)).copied(),
            territory: None,
            value: Some(record.value.encode()),
        })
        .collect();
    let put = app.storage.put_office(&writes, app.env.now_ms())?;
    if put.iter().all(|put| matches!(put, OfficePut::Written(_) | OfficePut::Unchanged)) {
        Ok(())
    } else {
        Err(DemoError::Story("what the import checked is kept"))
    }
}
