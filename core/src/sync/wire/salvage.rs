//! `POST /v1/salvage`: unsent work of a revoked device, or of one that cannot sync any more, into quarantine.

use minicbor::{Decode, Encode};

use super::bounded::{Bytes, List};
use super::limits;
use super::request::PushedChange;
use super::verdict::Verdict;
use super::versions::Versions;

#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct SalvageRequest {
    #[n(0)]
    pub versions: Versions,
    #[n(1)]
    pub changes: List<PushedChange, { limits::PUSHED_CHANGES }>,
    /// Or a file sealed to the workspace's key, in age's format.
    #[n(2)]
    pub sealed: Bytes<{ limits::SEALED_BYTES }>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SalvageReply {
    #[n(0)]
    pub version: u16,
    /// Quarantined, or refused, each.
    #[n(1)]
    pub verdicts: List<Verdict, { limits::PUSHED_CHANGES }>,
}
