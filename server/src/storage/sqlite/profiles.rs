use std::collections::BTreeMap;

use cartera_core::document::{Facts, FieldKey, edit};
use cartera_core::model::office::{DueItem, Kind, KnownKind, OrderStage, OrderState, Value};
use cartera_core::model::record::TaskState;
use cartera_core::model::{BusinessDate, ClientId, PersonId};
use cartera_core::query::clients::ClientRow;
use cartera_core::query::timeline::PageKey;
use cartera_core::query::{clients, conflicts, profile, tasks, timeline};
use cartera_core::rows::{Document, SqlFacts, access, sales};
use rusqlite::{OptionalExtension, Transaction, params};

use super::log::{LogWriter, own, rows_error};
use super::{SqliteStorage, audit};
use crate::audit::Deed;
use crate::storage::profiles::{Choice, Chosen, ClientProfile, OpenOrder, ProfileField, Profiles};
use crate::storage::{Result, StorageError};

impl Profiles for SqliteStorage {
    fn client_profile(
        &self,
        client: ClientId,
        story: (Option<PageKey>, usize),
    ) -> Result<Option<ClientProfile>> {
        self.read_rows(|tx| read(tx, client, story))
    }

    fn differing_clients(&self, limit: usize) -> Result<Vec<ClientRow>> {
        self.read_rows(|tx| Ok(clients::in_conflict(tx, limit)?))
    }

    fn choose_value(&self, choice: Choice<'_>, may_owned: bool, deed: &Deed) -> Result<Chosen> {
        self.write_log(|log| choose(log, &choice, may_owned, deed))
    }
}

fn read(
    tx: &Transaction<'_>,
    client: ClientId,
    (after, entries): (Option<PageKey>, usize),
) -> Result<Option<ClientProfile>> {
    let Some(row) = clients::get(tx, &client)? else { return Ok(None) };
    let sql = "SELECT doc, alias_of FROM clients WHERE id = ?1";
    let (doc, kept) = tx.prepare_cached(sql)?.query_row([client], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "SELECT id, name FROM clients WHERE alias_of = ?1 ORDER BY sort_name, doc";
    let absorbed =
        collect(tx.prepare_cached(sql)?.query_map([client], |row| Ok((row.get(0)?, row.get(1)?)))?)?;
    let people = collect(
        tx.prepare_cached("SELECT id, name FROM people")?
            .query_map([], |row| Ok((row.get::<_, PersonId>(0)?, row.get::<_, String>(1)?)))?,
    )?;
    let mut tasks = tasks::of_client(tx, &client).map_err(rows_error)?;
    tasks.retain(|task| task.state == TaskState::Open);
    let mut profile = ClientProfile {
        row,
        kept,
        absorbed,
        fields: fields(tx, client, doc)?,
        conflicts: conflicts::of_client(tx, &client).map_err(rows_error)?,
        confirmed: confirmed(tx, doc)?,
        tasks,
        orders: Vec::new(),
        dues: Vec::new(),
        credit: None,
        sales: sales::days_of(tx, sales::source(tx).map_err(rows_error)?, client).map_err(rows_error)?,
        story: timeline::of_client(tx, &client, after, entries)?,
        people: people.into_iter().collect(),
    };
    account(tx, client, &mut profile)?;
    Ok(Some(profile))
}

fn collect<T>(rows: impl Iterator<Item = rusqlite::Result<T>>) -> Result<Vec<T>> {
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who put a value.
#[derive(Default)]
struct Hand {
    author: Option<PersonId>,
    source: Option<String>,
    at_ms: Option<i64>,
}

/// Every field that is understood, each with the hand behind the value in use.
fn fields(tx: &Transaction<'_>, client: ClientId, doc: i64) -> Result<Vec<ProfileField>> {
    // The greatest operation of a key comes last.
    let sql = "SELECT f.key, a.person,
                 (SELECT l.at_ms FROM changes c JOIN log l ON l.number = c.number
                  WHERE c.doc = f.doc AND c.actor = f.actor AND c.start_op <= f.counter
                  ORDER BY c.seq DESC LIMIT 1),
                 (SELECT i.source FROM import_actors i WHERE i.actor = a.id)
               FROM fields f JOIN actors a ON a.actor = f.actor
               WHERE f.doc = ?1 AND f.live = 1 ORDER BY f.key, f.counter, a.id";
    let mut statement = tx.prepare_cached(sql)?;
    let hands = statement.query_map([doc], |row| {
        let source: Option<String> = row.get(3)?;
        // What people and the relay itself write has no source that a file could have.
        let source = source.filter(|source| !source.is_empty() && !source.contains(char::is_control));
        Ok((row.get(0)?, Hand { author: row.get(1)?, at_ms: row.get(2)?, source }))
    })?;
    let mut hands: BTreeMap<String, Hand> = hands.collect::<rusqlite::Result<_>>()?;
    let known = profile::of_client(tx, &client).map_err(rows_error)?;
    let with_hand = known.into_iter().map(|(key, value)| {
        let Hand { author, source, at_ms } = hands.remove(&key.to_string()).unwrap_or_default();
        ProfileField { key, value, author, source, at_ms }
    });
    Ok(with_hand.collect())
}

fn confirmed(tx: &Transaction<'_>, doc: i64) -> Result<Option<(BusinessDate, Option<PersonId>)>> {
    let sql = "SELECT r.date, a.person FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = ?1 AND r.kind = 'k' AND r.shown = 1 ORDER BY r.date DESC, r.record DESC LIMIT 1";
    let found: Option<(i32, Option<PersonId>)> =
        tx.prepare_cached(sql)?.query_row([doc], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.and_then(|(day, person)| Some((BusinessDate::from_days(day)?, person))))
}

/// What it owes, and where its orders stand.
fn account(tx: &Transaction<'_>, client: ClientId, profile: &mut ClientProfile) -> Result<()> {
    let sql = "SELECT key, value FROM office WHERE client = ?1 AND kind = ?2 AND value IS NOT NULL";
    let mut statement = tx.prepare_cached(sql)?;
    for kind in [KnownKind::OrderState, KnownKind::DueItem, KnownKind::Credit] {
        let mut rows = statement.query(params![client, kind.name()])?;
        while let Some(row) = rows.next()? {
            let (key, value): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            match Value::decode(&Kind::Known(kind), &value) {
                Ok(Value::OrderState(state)) if is_open(&state) => {
                    profile.orders.extend(key.parse().ok().map(|id| OpenOrder { id, state }));
                }
                Ok(Value::DueItem(item)) if item.open != 0 => profile.dues.push(item),
                Ok(Value::Credit(credit)) => profile.credit = Some(credit),
                _ => {}
            }
        }
    }
    profile.orders.sort_by_key(|order| std::cmp::Reverse(order.state.at_ms));
    profile.dues.sort_by_key(|item: &DueItem| item.due);
    Ok(())
}

fn is_open(state: &OrderState) -> bool {
    !matches!(state.stage, OrderStage::Served | OrderStage::Invoiced | OrderStage::Cancelled)
}

fn choose(log: &mut LogWriter<'_>, choice: &Choice<'_>, may_owned: bool, deed: &Deed) -> Result<Chosen> {
    let Some(document) = Document::find(log.tx, &choice.client.into()).map_err(rows_error)? else {
        return Ok(Chosen::UnknownClient);
    };
    let owned = access::erp_fields(log.tx, document.id).map_err(rows_error)?;
    if !may_owned && owned.iter().any(|field| field == choice.key) {
        return Ok(Chosen::Owned);
    }
    let Ok(key) = FieldKey::new(choice.key) else { return Ok(Chosen::Gone) };
    let facts = SqlFacts::new(log.tx, &document);
    let ops = facts.field_ops(&key).map_err(rows_error)?;
    let Some(op) = ops.into_iter().find(|op| op.live && op.id.to_string() == choice.op) else {
        return Ok(Chosen::Gone);
    };
    let actor = own::person_actor(log, choice.by, choice.new_actor, choice.at_ms)?;
    let edits = vec![(key, Some(op.value))];
    let facts = SqlFacts::new(log.tx, &document);
    let change = edit::fields(&actor, &facts, edits, choice.at_ms).map_err(|error| {
        StorageError::Undecodable { what: "choice of a value", detail: error.to_string() }
    })?;
    let Some(change) = change else { return Ok(Chosen::Gone) };
    let number = own::change(log, document, &change, choice.at_ms)?;
    audit::record(log.tx, deed)?;
    Ok(Chosen::Done(number))
}
