//! Pages of the present, for a first sync, a territory gained, and repairs.

use cartera_core::sync::wire::{FetchItem, FetchReply, FetchRequest, OfficeRecord};

use super::pull::receipts;
use super::{SyncError, agree, wanted};
use crate::app::App;
use crate::devices::Device;
use crate::storage::office::OfficeRow;
use crate::storage::pages::{FetchQuery, FetchedItem, PageKey};

pub fn fetch(app: &App, device: &Device, request: &FetchRequest) -> Result<FetchReply, SyncError> {
    let version = agree(request.versions)?;
    let page = match &request.page {
        None => None,
        Some(page) => {
            let after = match page.after.is_empty() {
                true => None,
                false => Some(PageKey::from_bytes(&page.after).ok_or(SyncError::PageKey)?),
            };
            Some((page.stage, page.territory, after))
        }
    };
    let query = FetchQuery {
        device: device.id,
        scope_version: request.scope_version,
        page,
        documents: &request.documents,
        office: &request.office,
        office_of: &request.office_of,
        want_bytes: wanted(request.want_bytes),
    };
    let fetched = app.storage.fetch(&query)?.ok_or(SyncError::UnknownDevice)?;
    keep(app, &fetched.items);
    Ok(FetchReply {
        version,
        epoch: fetched.epoch,
        number: fetched.number,
        scope_version: fetched.scope_version,
        items: fetched.items.into_iter().map(|item| item_for(app, item)).collect(),
        next: fetched.next.map(|key| key.to_bytes()).unwrap_or_default().into(),
        gone: fetched.gone.into(),
    })
}

/// Documents that were made for this page are kept for the next one. Failing to is no reason to fail.
fn keep(app: &App, items: &[FetchedItem]) {
    let fresh: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            FetchedItem::Document { page, fresh: true, .. } => Some(page),
            _ => None,
        })
        .collect();
    if !fresh.is_empty()
        && let Err(error) = app.storage.keep_pages(&fresh)
    {
        tracing::warn!(code = error.code(), %error, "pages could not be kept");
    }
}

fn item_for(app: &App, item: FetchedItem) -> FetchItem {
    match item {
        FetchedItem::Row(row) => FetchItem::Row(row),
        FetchedItem::Document { mut page, heads, .. } => {
            page.receipts = receipts(&app.keys, &page, &heads).into();
            FetchItem::Document(page)
        }
        FetchedItem::Office(row) => FetchItem::Office(record(row)),
    }
}

fn record(OfficeRow { record, number }: OfficeRow) -> OfficeRecord {
    OfficeRecord {
        kind: record.kind.into(),
        source: record.source.into(),
        key: record.key.into(),
        client: record.client,
        territory: record.territory,
        value: record.value.map(Into::into),
        number: Some(number),
    }
}
