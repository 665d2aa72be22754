//! Whether somebody may write a change: the table of `model::access`, asked of stored facts.
//!
//! A workspace may say that the ERP owns fields of the profile (setting [`ERP_FIELDS`]). Once the ERP knows a client,
//! such a field is for whoever decides on requests for change; everybody else asks for one.
//!
//! The phone asks before it writes, the relay before it admits; both get the same answer. Whether the document is in the
//! person's scope is the caller's question: here it is.

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;
use super::documents::actor_at;
use crate::document::{ActorId, Body, Change, Header, RecordKey, Relation};
use crate::model::access::{Action, Role, reach};
use crate::model::profile::Scalar;
use crate::model::{DocumentId, PersonId};

/// Who wants to write.
pub struct Hand<'a> {
    pub person: PersonId,
    pub role: Role,
    /// Actors that are this person's although their row does not say so yet.
    pub also: &'a dyn Fn(&Connection, &ActorId) -> Result<bool>,
}

/// What in `change` the table does not let its author do, if anything.
pub fn forbidden(
    conn: &Connection,
    hand: &Hand<'_>,
    document: DocumentId,
    change: &Change,
) -> Result<Option<Action>> {
    let own_document = document == hand.person.into();
    let mut owned = None;
    for op in &change.ops {
        let (action, own) = match &op.body {
            // A person's own document is begun by its person alone; that is looked at where a document begins.
            Body::Create(_) => continue,
            _ if own_document => (Action::KeepOwnDocument, true),
            Body::Put { key, .. } | Body::Delete { key, .. } => {
                let owned = match &owned {
                    Some(owned) => owned,
                    None => owned.insert(erp_fields(conn, document)?),
                };
                let is_owned = owned.iter().any(|field| field == key.as_str());
                (if is_owned { Action::EditOwnedField } else { Action::EditProfile }, false)
            }
            Body::Record { key, header, .. } => record(conn, hand, key, header)?,
        };
        if !reach(hand.role, action).covers(own, true) {
            return Ok(Some(action));
        }
    }
    Ok(None)
}

/// Name of the setting that lists the profile's fields which the ERP owns.
pub const ERP_FIELDS: &str = "erp_fields";

/// Fields of this client that the ERP owns: none while it does not know the client.
pub fn erp_fields(conn: &Connection, document: DocumentId) -> Result<Vec<String>> {
    let sql =
        "SELECT c.erp_code IS NOT NULL FROM documents d JOIN clients c ON c.doc = d.doc WHERE d.id = ?1";
    let has_code: Option<bool> =
        conn.prepare_cached(sql)?.query_row([document], |row| row.get(0)).optional()?;
    if has_code != Some(true) {
        return Ok(Vec::new());
    }
    Ok(match super::office::setting(conn, ERP_FIELDS)? {
        Some(Scalar::Text(fields)) => fields.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    })
}

/// A correction is of what is one's own if its target is, or is nowhere here and so nobody's.
fn record(conn: &Connection, hand: &Hand<'_>, key: &RecordKey, header: &Header) -> Result<(Action, bool)> {
    let Some(Relation::Amends(target) | Relation::Voids(target)) = header.relation else {
        return Ok((Action::of_record(key.kind), false));
    };
    let sql = "SELECT r.actor, a.person FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.id = ?1 AND r.kind = ?2";
    let author: Option<(i64, Option<PersonId>)> = conn
        .prepare_cached(sql)?
        .query_row(params![target, key.kind.letters()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let own = match author {
        None => true,
        Some((_, Some(person))) => person == hand.person,
        Some((actor, None)) => (hand.also)(conn, &actor_at(conn, actor)?)?,
    };
    Ok((Action::of_correction(key.kind, own), own))
}
