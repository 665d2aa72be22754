//! The messages of the sync protocol, version 1: one file a message, used by both ends.
//!
//! A message is a CBOR map with small integer keys (RFC 8949), wrapped by [`body`]: as it is up to 1 KB, above that
//! as one zstd frame. Decoding is bounded before anything is kept: [`body::decode`] caps the bytes and the window of
//! the frame, refuses indefinite lengths, tags, floats, deep nesting and lengths past the end in one pass, and every
//! list, text and byte string carries its limit in its type ([`bounded`]), so that no message decodes into more than
//! [`limits`] says. Unknown keys are skipped; an unknown kind of entry or verdict is an error, since new kinds come
//! with a new protocol version.
//!
//! | file | path | messages |
//! |---|---|---|
//! | [`request`], [`reply`] | `POST /v1/sync` | [`SyncRequest`], [`SyncReply`] with [`Verdict`] and [`Entry`] |
//! | [`enrol`] | `POST /v1/enrol` | [`EnrolRequest`], [`EnrolReply`]; [`Invitation`], what the QR code holds |
//! | [`fetch`] | `POST /v1/fetch` | [`FetchRequest`], [`FetchReply`]: pages of what is, by stage |
//! | [`digest`] | `POST /v1/digest` | [`DigestRequest`], [`DigestReply`]: where two sides differ |
//! | [`live`] | `GET /v1/live` | [`live::Reached`], as server-sent events |
//! | [`salvage`] | `POST /v1/salvage` | [`SalvageRequest`], [`SalvageReply`] |
//! | [`problem`] | any | [`Problem`], RFC 9457, `application/problem+json` |

pub mod body;
pub mod bounded;
pub mod digest;
pub mod enrol;
pub mod entry;
pub mod fetch;
pub mod limits;
pub mod live;
pub mod names;
pub mod office;
pub mod problem;
pub mod reply;
pub mod request;
pub mod salvage;
pub mod scope;
pub mod verdict;
mod versions;

#[cfg(test)]
mod tests;

pub use body::{MEDIA_TYPE, WireError, decode, decode_within, encode};
pub use bounded::{Bytes, List, Text};
pub use digest::{Buckets, DigestAnswer, DigestItem, DigestReply, DigestRequest, DigestStep};
pub use enrol::{EnrolReply, EnrolRequest, Invitation, InvitationError, Policy};
pub use entry::{ChangeEntry, Enter, Entry, EntryBody, Refound};
pub use fetch::{CatchUp, FetchItem, FetchReply, FetchRequest, ListRow, PageDocument, Stage, StillToFetch};
pub use names::{ActorBytes, Cursor, DigestBytes, Epoch, Fingerprint, Hash, Mac, Receipt};
pub use office::OfficeRecord;
pub use problem::{Problem, ProblemCode};
pub use reply::{ActorVerdict, DeviceOrder, SyncReply};
pub use request::{ActorReason, NewActor, Proof, PushedChange, SyncRequest};
pub use salvage::{SalvageReply, SalvageRequest};
pub use scope::{Lent, Scope};
pub use verdict::{Refusal, Verdict};
pub use versions::Versions;

/// For `skip_if`: what is nought is not written.
fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
