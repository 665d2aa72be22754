//! Where a phone and the relay differ, once their digests do. Each answer is counted: it means a defect somewhere.

use cartera_core::sync::digest::Sum;
use cartera_core::sync::wire::{Buckets, DigestAnswer, DigestItem, DigestReply, DigestRequest, DigestStep};

use super::{SyncError, agree};
use crate::app::App;
use crate::devices::Device;

/// Sums by bucket; or what lies in buckets, at most `most` items (the protocol's
/// [`BUCKET_ITEMS`](cartera_core::sync::wire::limits::BUCKET_ITEMS)).
pub fn digest(
    app: &App,
    device: &Device,
    request: &DigestRequest,
    most: usize,
) -> Result<DigestReply, SyncError> {
    let version = agree(request.versions)?;
    match &request.step {
        DigestStep::Buckets => {
            app.metrics.digest_repairs.inc();
            tracing::warn!(code = "digest_differs", device = %device.id, "a phone's digest differs: it is repaired");
            let sums =
                app.storage.bucket_sums(device.id, &request.excluded)?.ok_or(SyncError::UnknownDevice)?;
            let to_bytes = |sums: Vec<Sum>| sums.into_iter().map(Sum::to_bytes).collect();
            let buckets = Buckets { documents: to_bytes(sums.documents), office: to_bytes(sums.office) };
            Ok(DigestReply {
                version,
                epoch: sums.epoch,
                number: sums.number,
                scope_version: sums.scope_version,
                answer: DigestAnswer::Buckets(buckets),
            })
        }
        DigestStep::Items { documents, office } => {
            let items = app
                .storage
                .bucket_items(device.id, documents, office, most)?
                .ok_or(SyncError::UnknownDevice)?;
            let is_asked = !documents.is_empty() || !office.is_empty();
            if is_asked && items.whole_documents.is_empty() && items.whole_office.is_empty() {
                tracing::warn!(
                    code = "bucket_too_large",
                    device = %device.id,
                    most,
                    "a bucket of a phone's digest has more items than an answer: it stays unrepaired"
                );
            }
            let documents = items
                .documents
                .into_iter()
                .filter(|(document, _)| !request.excluded.contains(document))
                .map(|(document, fingerprint)| DigestItem { document, fingerprint });
            let answer = DigestAnswer::Items {
                documents: documents.collect(),
                office: items.office.into(),
                whole_documents: items.whole_documents.into(),
                whole_office: items.whole_office.into(),
            };
            Ok(DigestReply {
                version,
                epoch: items.epoch,
                number: items.number,
                scope_version: items.scope_version,
                answer,
            })
        }
    }
}
