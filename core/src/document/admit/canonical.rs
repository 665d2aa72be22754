//! One form for each change: what was read, encoded anew, is what was sent.

use super::Refusal;
use crate::document::change::{Change, Draft};
use crate::document::chunk::CHECKSUM;

pub(super) fn encode_as(draft: Draft, bytes: &[u8]) -> Result<Change, Refusal> {
    let change = draft.encode().ok_or_else(|| Refusal::malformed("the operations cannot be encoded"))?;
    if change.bytes == bytes {
        return Ok(change);
    }
    let only_checksum = change.bytes.len() == bytes.len()
        && change.bytes[..CHECKSUM.start] == bytes[..CHECKSUM.start]
        && change.bytes[CHECKSUM.end..] == bytes[CHECKSUM.end..];
    Err(Refusal::malformed(if only_checksum {
        "the checksum is not that of the content"
    } else {
        "the bytes are not in Automerge's canonical form"
    }))
}
