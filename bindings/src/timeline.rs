//! A client's story: every record as it reads now, the latest first.

use cartera_core::model::record::{Kind, Record};
use cartera_core::query::timeline;
use rusqlite::Connection;

use crate::people::Names;
use crate::shared::{Answer, limit};
use crate::{
    BusinessDate, CarteraError, ClientId, Clients, PersonId, RecordBody, RecordId, RecordKind, Timestamp,
};

/// Where a piece of work stands between this device and the office. What became of an order there is its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Standing {
    /// *Guardado en el móvil*.
    Saved,
    /// *Recibido en oficina*.
    Received,
}

/// One record.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TimelineEntry {
    /// The record that began it; it stays when the record is amended.
    pub root: RecordId,
    /// The version that is shown: what an amendment or a void names.
    pub id: RecordId,
    /// Stable word of the kind; its words are `kind-<kind>`.
    pub kind: String,
    pub date: BusinessDate,
    /// The device's clock then.
    pub at: Timestamp,
    /// Unknown until the office has said whose device it was.
    pub author: Option<PersonId>,
    pub author_name: Option<String>,
    pub standing: Standing,
    /// It corrects a record that is not here.
    pub orphan: bool,
    pub body: RecordBody,
}

#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TimelinePage {
    pub entries: Vec<TimelineEntry>,
    /// Where the next page begins; missing at the end.
    pub next: Option<String>,
}

#[uniffi::export]
impl Clients {
    /// At most so many records, from `after` back in time; at first `after` is missing.
    pub fn timeline(
        &self,
        client: ClientId,
        after: Option<String>,
        most: u32,
    ) -> Result<TimelinePage, CarteraError> {
        let client = client.read()?;
        let after = after.map(|after| after.parse()).transpose()?;
        self.shared.read(|conn, _| {
            let most = limit(most);
            page(conn, timeline::of_client(conn, &client, after, most)?, most)
        })
    }

    /// The same of one kind of record alone: agreements, answers to surveys, what was put off, orders.
    pub fn records(
        &self,
        client: ClientId,
        kind: RecordKind,
        after: Option<String>,
        most: u32,
    ) -> Result<TimelinePage, CarteraError> {
        let client = client.read()?;
        let after = after.map(|after| after.parse()).transpose()?;
        self.shared.read(|conn, _| {
            let most = limit(most);
            page(conn, timeline::of_kind(conn, &client, kind.into(), after, most)?, most)
        })
    }
}

/// A page that was read with `most`.
fn page(conn: &Connection, entries: Vec<timeline::Entry>, most: usize) -> Answer<TimelinePage> {
    let next = entries.last().filter(|_| entries.len() == most).map(|last| last.after.to_string());
    let mut names = Names::new(conn);
    let entries = entries.into_iter().map(|of| entry(of, &mut names)).collect::<Answer<_>>()?;
    Ok(TimelinePage { entries, next })
}

fn entry(entry: timeline::Entry, names: &mut Names<'_>) -> Answer<TimelineEntry> {
    let kind = Kind::parse(&entry.kind);
    let body = kind.and_then(|kind| Record::decode(kind, &entry.value).ok()).map(|record| record.body);
    let date = BusinessDate::of_days(entry.date).ok_or_else(|| {
        CarteraError::from(cartera_core::store::StoreError::Damaged("a record's date".into()))
    })?;
    Ok(TimelineEntry {
        root: entry.root.into(),
        id: entry.id.into(),
        kind: kind.map_or(entry.kind, |kind| kind.word().to_owned()),
        date,
        at: entry.at.into(),
        author: entry.author.map(Into::into),
        author_name: names.of(entry.author)?,
        standing: match entry.standing {
            timeline::Standing::Saved => Standing::Saved,
            timeline::Standing::Received { .. } => Standing::Received,
        },
        orphan: entry.orphan,
        body: body.map_or(RecordBody::Other, Into::into),
    })
}
