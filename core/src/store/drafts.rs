//! Orders that are being written, kept at every change of theirs, so that a call or a dead battery loses nothing.
//!
//! They are no work yet: nothing of them is sent, and nobody but this device knows of them. A recovery keeps them, and an
//! erased client takes its drafts along.

use rusqlite::{Connection, params};

use super::{StoreError, meta};
use crate::model::record::{Body, Kind, Purchase, Record};
use crate::model::{ClientId, RecordId};

/// Drafts that a device keeps.
pub const DRAFTS_MAX: usize = 200;

/// An order as far as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Under which it will be placed.
    pub id: RecordId,
    pub client: ClientId,
    /// When it was kept last, by the device's clock.
    pub at_ms: i64,
    pub purchase: Purchase,
}

/// Where a client's drafts stand.
fn prefix(client: &ClientId) -> String {
    format!("draft/{client}/")
}

/// Keeps a draft in the place of its earlier self; `record` is its order, encoded. False where there are too many others.
pub fn put(conn: &Connection, client: &ClientId, id: &RecordId, record: &[u8]) -> Result<bool, StoreError> {
    let key = format!("{}{id}", prefix(client));
    let sql = "SELECT count(*) FROM meta WHERE key >= 'draft/' AND key < 'draft0' AND key <> ?1";
    let others: usize = conn.prepare_cached(sql)?.query_row([&key], |row| row.get(0))?;
    if others >= DRAFTS_MAX {
        return Ok(false);
    }
    meta::put(conn, &key, record)?;
    Ok(true)
}

/// The latest first; what this version cannot read stays and is left out.
pub fn all(conn: &Connection) -> Result<Vec<Draft>, StoreError> {
    let sql = "SELECT key, value FROM meta WHERE key >= 'draft/' AND key < 'draft0'";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut drafts = Vec::new();
    while let Some(row) = rows.next()? {
        let (key, value): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        drafts.extend(read(&key, &value));
    }
    drafts.sort_by_key(|draft| (std::cmp::Reverse(draft.at_ms), draft.id));
    Ok(drafts)
}

fn read(key: &str, value: &[u8]) -> Option<Draft> {
    let (client, id) = key.strip_prefix("draft/")?.split_once('/')?;
    let record = Record::decode(Kind::Purchase, value).ok()?;
    let Body::Purchase(purchase) = record.body else { return None };
    Some(Draft { id: id.parse().ok()?, client: client.parse().ok()?, at_ms: record.header.at_ms, purchase })
}

/// It was placed, or given up.
pub fn remove(conn: &Connection, client: &ClientId, id: &RecordId) -> Result<(), StoreError> {
    meta::remove(conn, &format!("{}{id}", prefix(client)))
}

/// All of a client's.
pub fn remove_of(conn: &Connection, client: &ClientId) -> Result<(), StoreError> {
    let from = prefix(client);
    let to = from.replace(&format!("{client}/"), &format!("{client}0"));
    conn.prepare_cached("DELETE FROM meta WHERE key >= ?1 AND key < ?2")?.execute(params![from, to])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededEnv;
    use crate::model::record::{Clock, Header, PurchaseSort};
    use crate::model::{BusinessDate, Currency};
    use crate::store::{Store, erase};

    fn order(at_ms: i64) -> Vec<u8> {
        let header = Header {
            version: Record::VERSION,
            at_ms,
            date: BusinessDate::MIN,
            zone: "UTC".into(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        };
        Record { header, body: Purchase::new(PurchaseSort::Order, Currency::EUR).into() }.encode()
    }

    #[test]
    fn drafts_end_at_their_limit_and_an_erased_client_takes_its_own_along() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("cartera.db"), None).unwrap();
        let env = SeededEnv::new(7, 0);
        let (bar, other) = (ClientId::new(&env), ClientId::new(&env));
        let ids: Vec<RecordId> = (0..DRAFTS_MAX).map(|_| RecordId::new(&env)).collect();
        store
            .write::<_, StoreError>(|tx| {
                for (at, id) in ids.iter().enumerate() {
                    let client = if at == 0 { &other } else { &bar };
                    assert!(put(tx, client, id, &order(at as i64))?, "{at}");
                }
                let one_more = RecordId::new(&env);
                assert!(!put(tx, &bar, &one_more, &order(0))?);
                assert!(put(tx, &bar, &ids[1], &order(9_999))?, "in the place of itself");
                let kept = all(tx)?;
                assert_eq!((kept.len(), kept[0].id, kept[0].client), (DRAFTS_MAX, ids[1], bar));
                erase::client(tx, &bar, 0)?;
                assert_eq!(all(tx)?.into_iter().map(|draft| draft.id).collect::<Vec<_>>(), [ids[0]]);
                assert!(put(tx, &bar, &one_more, &order(0))?);
                assert!(meta::get(tx, meta::PROJECTOR)?.is_some(), "and nothing else");
                Ok(())
            })
            .unwrap();
    }
}
