//! What an export asks of the store: rows of one kind, page by page, each page in a short transaction of its own.
//!
//! An export is told in [`Exports::export_span`] how far the log reaches, and shows what was written up to there. A row is
//! visited at a place that never moves while others write: a record where it entered the log, an incremental export's
//! record where it was first touched after the cursor, a client at its row. Its cells are as of the page. So nothing is
//! skipped or repeated; and whatever changes after the span's end is sent by the next export that begins there, even
//! if a page showed it already.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use cartera_core::document::conflict::Conflict;
use cartera_core::model::record::Channel;
use cartera_core::model::{ClientId, PartId, PersonId};
use cartera_core::rows::client::Profile;
use cartera_core::rows::consents::Standing;
use cartera_core::sync::wire::Epoch;

use super::{Figures, Overviews, People, Result, Segments, Territories};

/// The part of the log that an export shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub epoch: Epoch,
    /// Changes up to here were sent before; `None` for an export of all that there is.
    pub since: Option<u64>,
    /// The log's last number when the export began; 0 for an empty log.
    pub until: u64,
    /// The running hash at `until`.
    pub chain: [u8; 8],
    /// The greatest document then.
    pub last_doc: i64,
    /// Documents with an entry in the span, where only those are sent.
    pub touched: Docs,
    /// Documents in the span whose territory changed, or that were merged or no longer are.
    pub moved: Docs,
}

/// A set of documents: a bit each, since their row numbers are dense. A million take 125 KB.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs(Vec<u64>);

impl Docs {
    pub fn insert(&mut self, doc: i64) {
        let Ok(doc) = usize::try_from(doc) else { return };
        if self.0.len() <= doc / 64 {
            self.0.resize(doc / 64 + 1, 0);
        }
        self.0[doc / 64] |= 1 << (doc % 64);
    }

    pub fn contains(&self, doc: i64) -> bool {
        usize::try_from(doc)
            .is_ok_and(|doc| self.0.get(doc / 64).is_some_and(|bits| bits >> (doc % 64) & 1 == 1))
    }

    /// The least one after `doc`.
    pub fn after(&self, doc: i64) -> Option<i64> {
        let from = usize::try_from(doc + 1).ok()?;
        let mut word = from / 64;
        let mut bits = self.0.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *self.0.get(word)?;
        }
        i64::try_from(word * 64 + bits.trailing_zeros() as usize).ok()
    }
}

/// A cursor's number is not one of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// Past the end, or the log reads differently there: the relay was restored.
    NotOfThisLog,
    /// A client was erased since, and those who ask have no column by which they could be told: what was exported before
    /// has to be replaced as a whole.
    Erased,
}

/// Where an incremental export goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    pub epoch: Epoch,
    pub number: u64,
    pub chain: [u8; 8],
    /// Erased clients are told one by one.
    pub tells_erased: bool,
}

/// The client that a record is about, as it is when the page is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClientBrief<'r> {
    pub name: &'r str,
    pub erp_code: Option<&'r str>,
    pub territory: Option<[u8; 16]>,
    pub alias_of: Option<[u8; 16]>,
}

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub id: PersonId,
    pub name: String,
}

/// Authors by actor, as far as an export has met them.
#[derive(Debug, Default)]
pub struct Authors(pub(crate) HashMap<i64, Option<Author>>);

/// A record as it reads now, or one that is not shown any more.
#[derive(Debug, Clone, Copy)]
pub struct StoredRecord<'r> {
    /// Of the record that began it: stays when it is amended.
    pub id: [u8; 16],
    /// Of the record that is shown.
    pub revision: [u8; 16],
    /// The document it is in: a client's or a person's.
    pub document: [u8; 16],
    pub client: ClientBrief<'r>,
    pub author: Option<&'r Author>,
    /// The log number of the record that is shown; of one that is deleted, of the last entry about it.
    pub number: u64,
    pub received_ms: Option<i64>,
    pub at_ms: i64,
    pub date: i32,
    pub orphan: bool,
    /// Concurrent corrections.
    pub corrections: u32,
    /// Its CBOR; empty if it is deleted.
    pub value: &'r [u8],
    pub deleted: bool,
}

/// A client's profile and what the workspace says of it.
#[derive(Debug, Clone, Copy)]
pub struct StoredClient<'r> {
    pub id: [u8; 16],
    pub territory: Option<[u8; 16]>,
    pub alias_of: Option<[u8; 16]>,
    /// Log number of the last entry about it.
    pub number: u64,
    /// `None` where it is not read, or the client was erased.
    pub profile: Option<&'r Profile>,
    pub closed: bool,
    pub last_visit: Option<i32>,
    pub last_purchase: Option<i32>,
    pub confirmed: Option<i32>,
}

impl StoredClient<'_> {
    /// One that is not there any more.
    pub fn erased(client: ClientId, number: u64) -> Self {
        Self {
            id: *client.as_bytes(),
            territory: None,
            alias_of: None,
            number,
            profile: None,
            closed: false,
            last_visit: None,
            last_purchase: None,
            confirmed: None,
        }
    }
}

/// An office record as it stands, or one that was deleted.
#[derive(Debug, Clone, Copy)]
pub struct StoredOffice<'r> {
    pub source: &'r str,
    pub key: &'r str,
    /// The client that it is about.
    pub client: Option<[u8; 16]>,
    pub brief: ClientBrief<'r>,
    /// The territory that it is about, where it is about one as such.
    pub territory: Option<[u8; 16]>,
    pub number: u64,
    pub received_ms: Option<i64>,
    /// Its CBOR; `None` if it was deleted.
    pub value: Option<&'r [u8]>,
}

/// What to read beside the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub client: bool,
    pub received: bool,
    pub author: bool,
}

/// Where a walk over records stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordPlace {
    #[default]
    Start,
    /// After this entry and row.
    Log {
        number: u64,
        record: i64,
    },
    /// After this row of a document that moved.
    Moved {
        doc: i64,
        date: i32,
        record: i64,
    },
    End,
}

/// Where a walk over clients stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientPlace {
    #[default]
    Start,
    After(i64),
    End,
}

/// Where a walk over office records stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OfficePlace {
    #[default]
    Start,
    /// After this one, of all.
    Key {
        source: String,
        key: String,
    },
    /// After this entry of the log.
    Log(u64),
    /// After this one of a client that moved.
    Moved {
        doc: i64,
        source: String,
        key: String,
    },
    End,
}

/// Which clients an incremental export is about; a whole one is about all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSet {
    /// With any entry in the span.
    Touched,
    /// That changed their territory, or were merged or no longer are. Their profiles are not read.
    Moved,
}

/// An order that is still to be delivered, as it reads now.
#[derive(Debug, Clone, Copy)]
pub struct StoredDelivery<'r> {
    /// Of the record that began it.
    pub id: [u8; 16],
    pub document: [u8; 16],
    pub client: ClientBrief<'r>,
    /// Log number of the record that is shown.
    pub number: u64,
    pub received_ms: i64,
    /// Code of an `OrderStage`.
    pub stage: u32,
    /// Its number in the ERP, once it has one.
    pub erp_number: Option<&'r str>,
    pub value: &'r [u8],
    /// Of its client, where the delivery points are.
    pub profile: &'r Profile,
}

/// Somebody who may be written to on a channel.
#[derive(Debug, Clone, Copy)]
pub struct StoredAudience<'r> {
    pub document: [u8; 16],
    pub client: ClientBrief<'r>,
    pub closed: bool,
    /// Log number of the client's last entry.
    pub number: u64,
    /// `None` for the client as a whole.
    pub contact: Option<PartId>,
    pub channel: Channel,
    /// The word that allows it.
    pub standing: &'r Standing,
    pub profile: &'r Profile,
}

pub trait Exports: People + Territories + Figures + Overviews + Segments {
    /// A folder, on the store's disk, for files without a name: a workbook waits in them until it is whole.
    fn scratch(&self) -> PathBuf;

    /// A client's fields with several values, the one in use first.
    fn conflicts(&self, client: ClientId) -> Result<Vec<Conflict<Option<PersonId>>>>;

    /// What an export that begins now shows; with `after`, only what changed since.
    fn export_span(&self, after: Option<After>) -> Result<std::result::Result<Span, Gone>>;

    /// Records of a kind, from `place` on, until `each` says that it is enough or some thousand were visited. Gives the
    /// place where the next page begins.
    fn export_records(
        &self,
        kind: &str,
        span: &Span,
        wanted: Wanted,
        place: RecordPlace,
        authors: &mut Authors,
        each: &mut dyn FnMut(&StoredRecord<'_>) -> ControlFlow<()>,
    ) -> Result<RecordPlace>;

    /// Clients, likewise.
    fn export_clients(
        &self,
        span: &Span,
        set: ClientSet,
        place: ClientPlace,
        each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
    ) -> Result<ClientPlace>;

    /// Clients that were erased in the span, after an entry of the log. Gives the entry where the next page begins; `None`
    /// after the last.
    fn export_erased(
        &self,
        span: &Span,
        after: u64,
        each: &mut dyn FnMut(ClientId, u64) -> ControlFlow<()>,
    ) -> Result<Option<u64>>;

    /// Office records of a kind, likewise: all of them by source and key, those that changed by log number.
    fn export_office(
        &self,
        kind: &str,
        span: &Span,
        wanted: Wanted,
        place: &OfficePlace,
        each: &mut dyn FnMut(&StoredOffice<'_>) -> ControlFlow<()>,
    ) -> Result<OfficePlace>;

    /// Orders that were received or registered and are not yet served, invoiced, declined or cancelled, in the order in
    /// which they came; after the one with that number and id. Gives where the next page begins; `None` after the last.
    fn export_deliveries(
        &self,
        after: (u64, [u8; 16]),
        each: &mut dyn FnMut(&StoredDelivery<'_>) -> ControlFlow<()>,
    ) -> Result<Option<(u64, [u8; 16])>>;

    /// Who may be written to, client by client, after a document: where consent or another basis stands and nobody of
    /// the client, or of those merged with it, forbids it. Gives where the next page begins; `None` after the last.
    fn export_audiences(
        &self,
        after: i64,
        each: &mut dyn FnMut(&StoredAudience<'_>) -> ControlFlow<()>,
    ) -> Result<Option<i64>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_back_in_order() {
        let mut docs = Docs::default();
        for doc in [200, 1, 63, 64, 65] {
            docs.insert(doc);
        }
        let found: Vec<i64> = std::iter::successors(docs.after(0), |doc| docs.after(*doc)).collect();
        assert_eq!(found, [1, 63, 64, 65, 200]);
        assert!(docs.contains(64) && !docs.contains(66) && !docs.contains(-1) && !docs.contains(10_000));
    }
}
