//! What a device pushes: inspected outside the writer, admitted in a commit that concurrent pushes share.

use std::collections::{HashMap, HashSet};

use cartera_core::document::admit::inspect;
use cartera_core::document::{Change, ChangeHash};
use cartera_core::model::hex::Hex;
use cartera_core::model::office::{Actor, KnownKind, Value};
use cartera_core::sync::wire::{
    ActorBytes, ActorVerdict, Hash, NewActor, Proof, PushedChange, Refusal, SyncRequest, Verdict,
};

use super::standing::Standing;
use super::{DAY_MS, SyncError, receipt};
use crate::app::App;
use crate::devices::Device;
use crate::settings::policy::policy;
use crate::storage::StorageError;
use crate::storage::devices::ActorRegistered;
use crate::storage::log::{Admitted, Incoming, Push, Pushed, Unreadable};
use crate::storage::office::OfficeWrite;

/// Registers the actors that a device takes, and tells everybody whose they are.
pub(super) fn register(
    app: &App,
    device: &Device,
    actors: &[NewActor],
) -> Result<Vec<ActorVerdict>, SyncError> {
    if actors.is_empty() {
        return Ok(Vec::new());
    }
    let now_ms = app.env.now_ms();
    let named: Vec<_> = actors.iter().map(|new| new.actor).collect();
    let registered = app.storage.register_actors(device.id, &named, now_ms)?;
    let mut rows = Vec::new();
    let verdicts = named
        .iter()
        .zip(registered)
        .map(|(actor, registered)| match registered {
            ActorRegistered::New | ActorRegistered::Already => {
                rows.push(actor_row(app, device, actor));
                ActorVerdict::Registered
            }
            ActorRegistered::Taken => refused(Refusal::Forbidden, "the actor is another device's"),
            ActorRegistered::TooMany => refused(Refusal::TooManyActors, "the device has too many actors"),
        })
        .collect();
    app.storage.put_office(&rows, now_ms)?;
    Ok(verdicts)
}

fn refused(code: Refusal, detail: &str) -> ActorVerdict {
    ActorVerdict::Refused { code, detail: detail.into() }
}

/// Tells everybody whose an actor is, with this relay's proof of it.
fn actor_row(app: &App, device: &Device, actor: &ActorBytes) -> OfficeWrite {
    let mut row = Actor::new(device.person, Some(device.id));
    row.receipt = Some(receipt::of_actor(&app.keys, device, actor).0);
    OfficeWrite {
        kind: KnownKind::Actor.name().into(),
        key: Hex(&actor.0).to_string(),
        value: Some(Value::Actor(row).encode()),
        ..OfficeWrite::default()
    }
}

/// Admits what the request pushes.
pub(super) fn push(
    app: &App,
    device: &Device,
    request: &SyncRequest,
    standing: Standing,
) -> Result<Pushed, SyncError> {
    if request.push.is_empty() && request.purged.is_empty() {
        return Ok(Pushed::default());
    }
    let grace_days = policy(app)?.write_after_leave_days;
    let push = Push {
        device: device.id,
        changes: read(app, &request.push, &request.proofs),
        purged: request.purged.0.clone(),
        knew: match standing {
            Standing::At(number) => number,
            Standing::Fresh | Standing::OtherEpoch => 0,
        },
        scope_version: request.scope_version,
        at_ms: app.env.now_ms(),
        by_receipt: true,
        grace_ms: i64::from(grace_days) * DAY_MS,
    };
    let pushed = app.sync.pushes.submit(
        push,
        |pushes| Ok(app.storage.admit(pushes)?.into_iter().map(Ok).collect()),
        |error| Err(error.unwrap_or_else(panicked)),
    )?;
    Ok(pushed)
}

/// Every change is to be pushed again.
pub(super) fn put_off(request: &SyncRequest) -> Pushed {
    let held = Admitted::Held { missing: Vec::new() };
    Pushed { verdicts: vec![held; request.push.len()], numbers: Vec::new() }
}

fn panicked() -> StorageError {
    StorageError::Undecodable { what: "push", detail: "admitting it panicked".into() }
}

fn read(app: &App, pushed: &[PushedChange], proofs: &[Proof]) -> Vec<Incoming> {
    let changes: Vec<_> = pushed.iter().map(|pushed| inspect(&pushed.bytes)).collect();
    let proven = if pushed.iter().any(|pushed| pushed.offered) {
        proven(app, pushed, &changes, proofs)
    } else {
        HashSet::new()
    };
    pushed
        .iter()
        .zip(changes)
        .map(|(pushed, change)| Incoming {
            document: pushed.document,
            generation: pushed.generation,
            territory: pushed.territory,
            proven: change.as_ref().is_ok_and(|change| proven.contains(&change.hash)),
            offered: pushed.offered,
            change: change.map_err(|refusal| Unreadable {
                code: refusal.code.into(),
                detail: refusal.detail.into_owned(),
                bytes: pushed.bytes.0.clone(),
            }),
        })
        .collect()
}

/// Offered changes that this relay admitted once: those with a receipt of their own, and the ancestors of what has one.
/// A change's hash covers its dependencies, so walking back from a proven hash proves what is found there.
fn proven(
    app: &App,
    pushed: &[PushedChange],
    changes: &[Result<Change, cartera_core::document::admit::Refusal>],
    proofs: &[Proof],
) -> HashSet<ChangeHash> {
    let by_hash: HashMap<ChangeHash, &Change> =
        changes.iter().flatten().map(|change| (change.hash, change)).collect();
    let own = pushed.iter().zip(changes).filter_map(|(pushed, change)| {
        let (change, claimed) = (change.as_ref().ok()?, pushed.receipt.as_ref()?);
        let hash = Hash(change.hash.0);
        receipt::is_genuine(&app.keys, &pushed.document, pushed.generation, &hash, claimed)
            .then_some(change.hash)
    });
    let named = proofs.iter().filter_map(|proof| {
        receipt::is_genuine(&app.keys, &proof.document, proof.generation, &proof.hash, &proof.receipt)
            .then_some(ChangeHash(proof.hash.0))
    });
    let mut open: Vec<ChangeHash> = own.chain(named).collect();
    let mut proven = HashSet::new();
    while let Some(hash) = open.pop() {
        if let Some(change) = by_hash.get(&hash)
            && proven.insert(hash)
        {
            open.extend(&change.deps);
        }
    }
    proven
}

/// What became of each change, with receipts.
pub(super) fn verdicts(app: &App, pushed: &[PushedChange], admitted: Vec<Admitted>) -> Vec<Verdict> {
    let receipt = |pushed: &PushedChange, hash: &Hash| {
        receipt::receipt(&app.keys, &pushed.document, pushed.generation, hash)
    };
    pushed
        .iter()
        .zip(admitted)
        .map(|(pushed, admitted)| match admitted {
            Admitted::New { number, hash } => Verdict::Accepted { number, receipt: receipt(pushed, &hash) },
            Admitted::Known { number, hash } => {
                Verdict::Duplicate { number, receipt: receipt(pushed, &hash), hash: None }
            }
            Admitted::KnownAs { number, hash } => {
                Verdict::Duplicate { number, receipt: receipt(pushed, &hash), hash: Some(hash) }
            }
            Admitted::Held { missing } => Verdict::held(missing),
            Admitted::Refused { code, detail } => Verdict::refused(code, &detail),
            Admitted::Quarantined => Verdict::Quarantined,
        })
        .collect()
}
