//! The ERP's side: every order has the one answer that it was given, and is offered no more after it; fields that the ERP
//! owns are changed by nobody else, and no other edit is refused for that.

use cartera_core::document::{Body, admit};
use cartera_core::model::office::{Kind, OrderStage, Value};
use cartera_core::model::{ClientId, RecordId};
use cartera_core::store::{StoreError, attention};
use cartera_relay::orders::Answer;
use rusqlite::Connection;

use crate::sim::erp::Deeds;
use crate::sim::phone::Standing;
use crate::sim::world::World;

pub fn check(world: &World) -> Vec<String> {
    let deeds = world.erp.deeds();
    let mut found = deeds.found.clone();
    world.relay.read(|conn| {
        found.extend(deeds.answers.iter().filter_map(|(order, answer)| wrong(conn, *order, answer)));
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
fn wrong(conn: &Connection, order: RecordId, answer: &Answer) -> Option<String> {
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
            state.stage == OrderStage::Registered && state.number.as_ref() == Some(number)
        }
        Answer::Declined(reason) => {
            state.stage == OrderStage::Declined && state.reason.as_ref() == Some(reason)
        }
    };
    (!stands).then(|| format!("order {order} was answered {answer:?} and stands as {state:?}"))
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
