//! What a device gets: entries after its cursor, receipts, a new cursor, and what is to be fetched in pages.

use cartera_core::model::TerritoryId;
use cartera_core::sync::wire::{
    self, CatchUp, DigestBytes, Entry, EntryBody, Epoch, Hash, PageDocument, Receipt, Scope, Stage,
    StillToFetch, SyncRequest, limits,
};

use super::cursor::Cursor;
use super::standing::Standing;
use super::{SyncError, receipt, wanted};
use crate::app::App;
use crate::devices::Device;
use crate::keys::Keys;
use crate::storage::log::{PullQuery, PulledEntry};

/// The pulling half of a reply.
pub(super) struct Reply {
    pub epoch: Option<Epoch>,
    pub cursor: Option<wire::Cursor>,
    pub scope_version: u64,
    pub scope: Option<Scope>,
    pub entries: Vec<Entry>,
    pub more: bool,
    pub digest: Option<DigestBytes>,
    pub catch_up: Option<CatchUp>,
}

pub(super) fn pull(
    app: &App,
    device: &Device,
    request: &SyncRequest,
    standing: Standing,
    but: &[u64],
) -> Result<Reply, SyncError> {
    let mut pushed: Vec<_> = request.push.iter().map(|change| change.document).collect();
    pushed.sort_unstable();
    pushed.dedup();
    let query = PullQuery {
        device: device.id,
        after: if let Standing::At(number) = standing { number } else { u64::MAX },
        want_bytes: wanted(request.want_bytes),
        // Versions of before a restore say nothing.
        scope_version: if standing == Standing::OtherEpoch { 0 } else { request.scope_version },
        but,
        pushed: &pushed,
        excluded: &request.excluded,
        digest: !request.fetching && standing != Standing::Fresh,
        fetching: request.fetching,
    };
    let pulled = app.storage.pull(&query)?.ok_or(SyncError::UnknownDevice)?;
    let mut chain = [0; 8];
    chain.copy_from_slice(&pulled.reached.chain[..8]);
    let cursor = Cursor { epoch: pulled.reached.epoch, number: pulled.reached.number, chain };
    let sealed = cursor.seal(&app.keys, device.id);
    let catch_up = match standing {
        Standing::Fresh => Some(everything(false)),
        // It offers what it has, and then repairs by digest: pages would replace what may be nowhere else.
        Standing::OtherEpoch => None,
        _ if pulled.fetch_all => Some(everything(true)),
        _ if !pulled.gained.is_empty() => Some(territories(&pulled.gained)),
        _ => None,
    };
    Ok(Reply {
        epoch: (!matches!(standing, Standing::At(_))).then_some(pulled.reached.epoch),
        cursor: (request.cursor.as_ref() != Some(&sealed)).then_some(sealed),
        scope_version: pulled.scope_version,
        scope: pulled.scope,
        entries: pulled.entries.into_iter().map(|entry| with_receipts(&app.keys, entry)).collect(),
        more: pulled.more,
        digest: pulled.digest,
        catch_up,
    })
}

fn with_receipts(keys: &Keys, pulled: PulledEntry) -> Entry {
    let PulledEntry { mut entry, proofs } = pulled;
    match &mut entry.body {
        EntryBody::Change(change) => {
            change.receipt =
                proofs.first().map(|hash| receipt::receipt(keys, &change.document, change.generation, hash));
        }
        EntryBody::Enter(enter) => enter.document.receipts = receipts(keys, &enter.document, &proofs).into(),
        EntryBody::Refound(refound) => {
            refound.document.receipts = receipts(keys, &refound.document, &proofs).into();
        }
        _ => {}
    }
    entry
}

/// A receipt for each head.
pub(super) fn receipts(keys: &Keys, page: &PageDocument, heads: &[Hash]) -> Vec<Receipt> {
    heads
        .iter()
        .take(limits::HEADS)
        .map(|head| receipt::receipt(keys, &page.document, page.generation, head))
        .collect()
}

fn everything(replace: bool) -> CatchUp {
    CatchUp { fetch: Stage::ALL.into_iter().map(|stage| still(stage, None)).collect(), replace }
}

/// Of territories that came into scope: what the list needs first, everywhere. Of more than can be named, all of the scope.
fn territories(gained: &[TerritoryId]) -> CatchUp {
    if gained.len() * Stage::ALL.len() > limits::STILL_TO_FETCH {
        return everything(false);
    }
    let stages =
        Stage::ALL.into_iter().flat_map(|stage| gained.iter().map(move |id| still(stage, Some(*id))));
    CatchUp { fetch: stages.collect(), replace: false }
}

fn still(stage: Stage, territory: Option<TerritoryId>) -> StillToFetch {
    StillToFetch { stage, territory, after: Default::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_territories_than_can_be_named_are_all_of_the_scope() {
        let gained = |count: usize| vec![TerritoryId::from_bytes([1; 16]); count];
        let most = limits::STILL_TO_FETCH / Stage::ALL.len();
        let named = territories(&gained(most));
        assert_eq!(named.fetch.len(), limits::STILL_TO_FETCH);
        assert!(named.fetch.iter().all(|still| still.territory.is_some()));
        assert_eq!(territories(&gained(most + 1)), everything(false));
    }
}
