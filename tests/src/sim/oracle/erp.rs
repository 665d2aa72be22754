//! The ERP's side: every order has the one answer that it was given, and is offered no more after it; fields that the ERP
//! owns are changed by nobody else, and no other edit is refused for that; what it fed last stands; of each client in its
//! files there is one, however often an import was cut off.

use cartera_core::document::{Body, admit};
use cartera_core::model::office::{Kind, OrderStage, Value};
use cartera_core::model::{ClientId, RecordId};
use cartera_core::store::{StoreError, attention};
use cartera_relay::orders::Answer;
use rusqlite::{Connection, OptionalExtension};

use crate::sim::erp::{Deeds, SOURCE};
use crate::sim::phone::Standing;
use crate::sim::world::World;

pub fn check(world: &World) -> Vec<String> {
    let deeds = world.erp.deeds();
    let mut found = deeds.found.clone();
    world.relay.read(|conn| {
        found.extend(deeds.answers.iter().filter_map(|(order, answer)| wrong(conn, &deeds, *order, answer)));
        found.extend(fed_otherwise(conn, &deeds));
        let erased = !world.ledger.books().erased.is_empty();
        found.extend(deeds.imported.iter().filter_map(|code| not_one(conn, code, erased)));
        if !deeds.owned.is_empty() {
            found.extend(written_by_reps(conn, &deeds));
        }
    });
    if !deeds.owned.is_empty() {
        found.extend(refused_without_cause(world, &deeds));
    }
    found
}

/// An order whose state is not what the ERP answered.
fn wrong(conn: &Connection, deeds: &Deeds, order: RecordId, answer: &Answer) -> Option<String> {
    let sql = "SELECT value FROM office WHERE kind = 'order_state' AND key = ?1 AND value IS NOT NULL";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let states = statement.query_map([order.to_string()], |row| row.get(0)).unwrap();
    let states: Vec<Vec<u8>> = states.collect::<rusqlite::Result<_>>().unwrap();
    let [value] = &states[..] else {
        return Some(format!("order {order} has {} states", states.len()));
    };
    let Ok(Value::OrderState(state)) = Value::decode(&Kind::parse("order_state").unwrap(), value) else {
        return Some(format!("order {order} has a state that cannot be read"));
    };
    let stands = match answer {
        Answer::Registered(number) => {
            let stage = deeds.stages.get(&order).copied().unwrap_or(OrderStage::Registered);
            state.stage == stage && state.number.as_ref() == Some(number)
        }
        Answer::Declined(reason) => {
            state.stage == OrderStage::Declined && state.reason.as_ref() == Some(reason)
        }
    };
    (!stands).then(|| format!("order {order} was answered {answer:?} and stands as {state:?}"))
}

/// Records that are not as they were fed last.
fn fed_otherwise(conn: &Connection, deeds: &Deeds) -> Vec<String> {
    let sql = "SELECT value FROM office WHERE kind = ?1 AND source = ?2 AND key = ?3";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let mut found = Vec::new();
    for ((kind, key), fed) in &deeds.fed {
        let stands: Option<Option<Vec<u8>>> =
            statement.query_row((kind.name(), SOURCE, key), |row| row.get(0)).optional().unwrap();
        if stands.flatten() != *fed {
            found.push(format!("{kind}/{key} is not as it was fed"));
        }
    }
    found
}

/// Clients of a code that are not exactly one.
fn not_one(conn: &Connection, code: &str, erased: bool) -> Option<String> {
    let sql = "SELECT count(DISTINCT doc) FROM clients WHERE erp_code = ?1";
    let count: usize = conn.prepare_cached(sql).unwrap().query_row([code], |row| row.get(0)).unwrap();
    // Whose client was erased stays away.
    (count > 1 || (count == 0 && !erased)).then(|| format!("the code {code} has {count} clients"))
}

/// Puts by reps on fields that were the ERP's when they came.
fn written_by_reps(conn: &Connection, deeds: &Deeds) -> Vec<String> {
    let sql = "SELECT d.id, f.key, c.number FROM fields f
               JOIN documents d ON d.doc = f.doc
               JOIN changes c ON c.doc = f.doc AND c.actor = f.actor
                 AND f.counter BETWEEN c.start_op AND c.max_op
               JOIN actors a ON a.actor = f.actor
               JOIN people p ON p.id = a.person
               WHERE p.role = 'rep' AND EXISTS (
                 SELECT 1 FROM fields code JOIN changes k ON k.doc = code.doc AND k.actor = code.actor
                   AND code.counter BETWEEN k.start_op AND k.max_op
                 WHERE code.doc = f.doc AND code.key = 'erp_code' AND k.number < c.number)";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let puts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let puts: Vec<(ClientId, String, u64)> = puts.collect::<rusqlite::Result<_>>().unwrap();
    let owned = puts.into_iter().filter(|(_, key, number)| deeds.owned_at(*number, key));
    owned
        .map(|(id, key, number)| {
            format!("a rep changed {key} of {id} in entry {number}, which the ERP owned")
        })
        .collect()
}

/// Work on the list of refused work in which nothing was ever the ERP's.
fn refused_without_cause(world: &World, deeds: &Deeds) -> Vec<String> {
    let mut found = Vec::new();
    for phone in world.phones().iter().filter(|phone| phone.standing() == Standing::Active) {
        for work in phone.engine().store().read::<_, StoreError>(attention::refused).unwrap() {
            let change = admit::inspect(&work.bytes).ok();
            let touches = change.iter().flat_map(|change| &change.ops).any(|op| match &op.body {
                Body::Put { key, .. } | Body::Delete { key, .. } => deeds.ever_owned(key.as_str()),
                _ => false,
            });
            if !touches {
                found.push(format!(
                    "{}'s work on {} was refused ({}: {}) and touches nothing of the ERP's",
                    phone.name, work.document, work.code, work.detail
                ));
            }
        }
    }
    found
}
