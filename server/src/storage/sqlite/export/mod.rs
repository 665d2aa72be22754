//! The export's SQL: see [`crate::storage::export`] for what holds.

mod audiences;
mod clients;
mod deliveries;
mod office;
mod records;
mod span;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(in crate::storage::sqlite) use self::records::author;

use cartera_core::document::conflict::Conflict;
use cartera_core::model::{ClientId, PersonId};
use cartera_core::rows::conflicts;

use crate::storage::Result;
use crate::storage::export::{
    After, Authors, ClientPlace, ClientSet, Exports, Gone, OfficePlace, RecordPlace, Span, StoredAudience,
    StoredClient, StoredDelivery, StoredOffice, StoredRecord, Wanted,
};

use super::SqliteStorage;
use super::log::rows_error;

/// Rows that one page visits at most, wanted or not: a page holds a reader, and keeps the log file from shrinking.
const VISITED_MAX: usize = 5_000;

impl Exports for SqliteStorage {
    fn scratch(&self) -> PathBuf {
        let folder = self.path().parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new(".")).to_owned()
    }

    fn conflicts(&self, client: ClientId) -> Result<Vec<Conflict<Option<PersonId>>>> {
        self.read_rows(|tx| conflicts::of_client(tx, &client).map_err(rows_error))
    }

    fn export_span(&self, after: Option<After>) -> Result<std::result::Result<Span, Gone>> {
        self.read_rows(|tx| span::read(tx, after))
    }

    fn export_records(
        &self,
        kind: &str,
        span: &Span,
        wanted: Wanted,
        place: RecordPlace,
        authors: &mut Authors,
        each: &mut dyn FnMut(&StoredRecord<'_>) -> ControlFlow<()>,
    ) -> Result<RecordPlace> {
        self.read_rows(|tx| records::page(tx, kind, span, wanted, place, authors, each))
    }

    fn export_clients(
        &self,
        span: &Span,
        set: ClientSet,
        place: ClientPlace,
        each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
    ) -> Result<ClientPlace> {
        self.read_rows(|tx| clients::page(tx, span, set, place, each))
    }

    fn export_erased(
        &self,
        span: &Span,
        after: u64,
        each: &mut dyn FnMut(ClientId, u64) -> ControlFlow<()>,
    ) -> Result<Option<u64>> {
        self.read_rows(|tx| clients::erased(tx, span, after, each))
    }

    fn export_office(
        &self,
        kind: &str,
        span: &Span,
        wanted: Wanted,
        place: &OfficePlace,
        each: &mut dyn FnMut(&StoredOffice<'_>) -> ControlFlow<()>,
    ) -> Result<OfficePlace> {
        self.read_rows(|tx| office::page(tx, kind, span, wanted, place, each))
    }

    fn export_deliveries(
        &self,
        after: (u64, [u8; 16]),
        each: &mut dyn FnMut(&StoredDelivery<'_>) -> ControlFlow<()>,
    ) -> Result<Option<(u64, [u8; 16])>> {
        self.read_rows(|tx| deliveries::page(tx, after, each))
    }

    fn export_audiences(
        &self,
        after: i64,
        each: &mut dyn FnMut(&StoredAudience<'_>) -> ControlFlow<()>,
    ) -> Result<Option<i64>> {
        self.read_rows(|tx| audiences::page(tx, after, each))
    }
}
