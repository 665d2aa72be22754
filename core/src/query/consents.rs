//! What a client allows and forbids.

use rusqlite::Connection;

use crate::model::record::{Body, Consent, Kind, Record};
use crate::model::{BusinessDate, ClientId, RecordId};

/// The word that counts for one channel and contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub record: RecordId,
    /// Business date.
    pub date: BusinessDate,
    pub consent: Consent,
}

/// For each channel (or all) and each contact (or the client as a whole) the latest word, in the document's own order.
/// A word on every channel takes the place of the earlier ones on single channels.
pub fn of_client(conn: &Connection, client: &ClientId) -> rusqlite::Result<Vec<Standing>> {
    let sql = "SELECT r.root, r.value FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = (SELECT doc FROM documents WHERE id = ?1) AND r.kind = 'q' AND r.shown = 1
               ORDER BY r.counter, a.id";
    let mut standing: Vec<Standing> = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([client])?;
    while let Some(row) = rows.next()? {
        let Ok(Record { header, body: Body::Consent(consent) }) =
            Record::decode(Kind::Consent, row.get_ref(1)?.as_blob()?)
        else {
            continue;
        };
        standing.retain(|earlier| {
            let covered = consent.channel.is_none() || consent.channel == earlier.consent.channel;
            !(covered && earlier.consent.contact == consent.contact)
        });
        standing.push(Standing { record: row.get(0)?, date: header.date, consent });
    }
    Ok(standing)
}
