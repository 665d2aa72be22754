//! Which sections of a profile somebody found right, and when.

use rusqlite::Connection;

use super::profile;
use crate::metrics::contact_data::is_fresh;
use crate::model::profile::{Key, Section};
use crate::model::record::{Body, DataConfirmed, Kind, Record};
use crate::model::{BusinessDate, ClientId, PersonId};
use crate::store::StoreError;

/// A section that says something, and who last found it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionNow {
    pub section: Section,
    /// Fields that say something.
    pub keys: Vec<Key>,
    pub confirmed_on: Option<BusinessDate>,
    pub confirmed_by: Option<PersonId>,
    /// Nobody did within the time that data count as fresh.
    pub stale: bool,
}

/// The sections of a client's profile in which anything stands.
pub fn sections(
    conn: &Connection,
    client: &ClientId,
    today: BusinessDate,
) -> Result<Vec<SectionNow>, StoreError> {
    let fields = profile::of_client(conn, client)?;
    let mut sections: Vec<SectionNow> = Vec::new();
    for section in Section::ALL {
        let keys = fields.iter().map(|(key, _)| key).filter(|key| Section::of(key) == Some(section));
        let keys: Vec<Key> = keys.cloned().collect();
        if !keys.is_empty() {
            let (confirmed_on, confirmed_by) = (None, None);
            sections.push(SectionNow { section, keys, confirmed_on, confirmed_by, stale: true });
        }
    }
    let sql = "SELECT r.date, r.value, a.person FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = (SELECT doc FROM documents WHERE id = ?1) AND r.shown = 1 AND r.kind = 'k'
               ORDER BY r.date, r.counter, a.id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([client])?;
    while let Some(row) = rows.next()? {
        let Some(on) = BusinessDate::from_days(row.get(0)?) else { continue };
        let record =
            Record::decode(Kind::DataConfirmed, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
        let Ok(Record { body: Body::DataConfirmed(confirmed), .. }) = record else { continue };
        let by: Option<PersonId> = row.get(2)?;
        for now in sections.iter_mut().filter(|now| speaks_of(&confirmed, now.section)) {
            (now.confirmed_on, now.confirmed_by) = (Some(on), by);
            now.stale = !is_fresh(on, today);
        }
    }
    Ok(sections)
}

fn speaks_of(confirmed: &DataConfirmed, section: Section) -> bool {
    let of = |key: &String| Key::parse(key).and_then(|key| Section::of(&key)) == Some(section);
    if confirmed.fields.is_empty() { section.is_contact_data() } else { confirmed.fields.iter().any(of) }
}
