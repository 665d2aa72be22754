//! Who may be written to, by what was said about it.

use std::collections::HashMap;
use std::ops::ControlFlow;

use cartera_core::model::PartId;
use cartera_core::model::record::Channel;
use cartera_core::rows::client::Profile;
use cartera_core::rows::consents::{self, Standing};
use rusqlite::{Transaction, params};

use super::clients::profile;
use crate::storage::Result;
use crate::storage::export::{ClientBrief, StoredAudience};

/// Clients that one page visits.
const CLIENTS_MAX: usize = 500;
/// Channels by which something can be sent.
const CHANNELS: [Channel; 4] = [Channel::Phone, Channel::Email, Channel::Message, Channel::Post];

pub(super) fn page(
    tx: &Transaction<'_>,
    after: i64,
    each: &mut dyn FnMut(&StoredAudience<'_>) -> ControlFlow<()>,
) -> Result<Option<i64>> {
    let merged = merged(tx)?;
    // Only who said anything: silence allows nothing.
    let sql =
        "SELECT c.doc, c.id, c.name, c.erp_code, c.territory, c.alias_of, c.closed, coalesce(p.number, 0)
               FROM clients c LEFT JOIN placements p ON p.doc = c.doc
               WHERE c.doc > ?1 AND EXISTS (SELECT 1 FROM records r WHERE r.doc = c.doc AND r.kind = 'q')
               ORDER BY c.doc LIMIT ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, CLIENTS_MAX])?;
    let (mut visited, mut last) = (0, after);
    while let Some(row) = rows.next()? {
        visited += 1;
        let doc: i64 = row.get(0)?;
        last = doc;
        let words = consents::of_document(tx, doc)?;
        let (id, alias_of): ([u8; 16], Option<[u8; 16]>) = (row.get(1)?, row.get(5)?);
        let mut others = Vec::new();
        for other in merged.get(&alias_of.unwrap_or(id)).into_iter().flatten().filter(|other| **other != doc)
        {
            others.push(consents::of_document(tx, *other)?);
        }
        let profile = profile(tx, doc)?;
        let text = |n| row.get_ref(n)?.as_str_or_null().map_err(rusqlite::Error::from);
        let client = ClientBrief {
            name: text(2)?.unwrap_or_default(),
            erp_code: text(3)?,
            territory: row.get(4)?,
            alias_of,
        };
        let (closed, number) = (row.get(6)?, row.get(7)?);
        let mut flow = ControlFlow::Continue(());
        for (contact, channel, standing) in allowed(&words, &others, &profile) {
            let stored = StoredAudience {
                document: id,
                client,
                closed,
                number,
                contact,
                channel,
                standing,
                profile: &profile,
            };
            flow = each(&stored);
        }
        if flow.is_break() {
            return Ok(Some(last));
        }
    }
    Ok((visited == CLIENTS_MAX).then_some(last))
}

/// Documents of clients that were merged, by the client that is kept; there are few.
fn merged(tx: &Transaction<'_>) -> Result<HashMap<[u8; 16], Vec<i64>>> {
    let sql = "SELECT a.alias_of, a.doc, k.doc FROM clients a JOIN clients k ON k.id = a.alias_of";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut merged: HashMap<[u8; 16], Vec<i64>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (kept, absorbed, of_kept) = (row.get(0)?, row.get(1)?, row.get(2)?);
        merged.entry(kept).or_insert_with(|| vec![of_kept]).push(absorbed);
    }
    Ok(merged)
}

/// Every contact, and the client as a whole, on every channel that somebody allows and nobody forbids.
fn allowed<'w>(
    words: &'w [Standing],
    others: &[Vec<Standing>],
    profile: &Profile,
) -> Vec<(Option<PartId>, Channel, &'w Standing)> {
    let mut all = Vec::new();
    for contact in std::iter::once(None).chain(contacts(profile).into_iter().map(Some)) {
        for channel in CHANNELS {
            let forbidden = others.iter().any(|words| consents::is_forbidden(words, channel));
            if let Some(standing) = consents::allowing(words, contact, channel).filter(|_| !forbidden) {
                all.push((contact, channel, standing));
            }
        }
    }
    all
}

/// Contacts that were not removed.
fn contacts(profile: &Profile) -> Vec<PartId> {
    let mut contacts: Vec<PartId> = Vec::new();
    for (key, _) in profile.fields.range("contact/".to_owned()..) {
        let Some((id, _)) = key.strip_prefix("contact/").and_then(|rest| rest.split_once('/')) else { break };
        let Ok(id) = id.parse() else { continue };
        if contacts.last() != Some(&id) && !profile.fields.contains_key(&format!("contact/{id}/removed")) {
            contacts.push(id);
        }
    }
    contacts
}
