//! Every limit of the wire in one place. Both ends check them: a sender cannot encode past one, a receiver stops
//! decoding at one.

/// Bytes of one body as it travels; larger is the problem `too_large`.
pub const BODY_BYTES: usize = 8 << 20;
/// Bytes of a body without a token (enrolment), as it travels and after decompression.
pub const STRANGER_BODY_BYTES: usize = 4 << 10;
/// Bytes of one message after decompression.
pub const MESSAGE_BYTES: usize = 24 << 20;
/// Bodies up to this many bytes travel as they are.
pub const PLAIN_BYTES: usize = 1024;
/// The largest window that a zstd frame may ask for: 2^23 = 8 MiB.
pub const WINDOW_LOG: u32 = 23;
/// How deep maps and arrays may nest.
pub const DEPTH: usize = 12;

/// Bytes of one pushed or pulled change. Above what admission takes, so that one change too large gets a verdict of
/// its own instead of holding up its neighbours.
pub const CHANGE_BYTES: usize = 4 << 20;
/// Changes in one request.
pub const PUSHED_CHANGES: usize = 1_000;
/// New actors in one request.
pub const NEW_ACTORS: usize = 16;
/// Purged clients, excluded documents, proofs in one request.
pub const PURGED: usize = 10_000;
pub const EXCLUDED: usize = 1_000;
pub const PROOFS: usize = 1_000;
/// Bytes that a phone may want back in one reply, and what it gets if it does not say.
pub const WANT_BYTES_MIN: u32 = 64 << 10;
pub const WANT_BYTES_MAX: u32 = 3 << 19;
pub const WANT_BYTES_DEFAULT: u32 = 1 << 20;

/// Entries in one reply.
pub const ENTRIES: usize = 50_000;
/// Missing dependencies that a `held` names.
pub const MISSING: usize = 16;
/// Characters of a refusal's or problem's detail, in bytes.
pub const DETAIL_BYTES: usize = 240;
/// Bytes of a cursor; opaque.
pub const CURSOR_BYTES: usize = 48;
/// Orders to a device in one reply.
pub const DEVICE_ORDERS: usize = 1_000;

/// Territories and lent clients in a scope.
pub const SCOPE_TERRITORIES: usize = 5_000;
pub const SCOPE_LENT: usize = 20_000;

/// An office record: kind and source in bytes, key, and value.
pub const OFFICE_KIND_BYTES: usize = 32;
pub const OFFICE_SOURCE_BYTES: usize = 32;
pub const OFFICE_KEY_BYTES: usize = 128;
pub const OFFICE_VALUE_BYTES: usize = 256 << 10;
/// Office records that come with a client entering a scope.
pub const OFFICE_OF_CLIENT: usize = 20_000;

/// Bytes of a document's snapshot. With a page beside it, it fits into a body even where nothing can be compressed.
pub const SNAPSHOT_BYTES: usize = 6 << 20;
/// Receipts for a snapshot's heads.
pub const HEADS: usize = 1_024;
/// Items in a page, and things asked for by name.
pub const PAGE_ITEMS: usize = 50_000;
pub const ASKED: usize = 5_000;
/// Bytes of a page's key.
pub const PAGE_KEY_BYTES: usize = 256;
/// Things still to fetch.
pub const STILL_TO_FETCH: usize = 10_000;
/// Bytes of a list row's texts.
pub const LIST_TEXT_BYTES: usize = 1_024;

/// Buckets of a digest, by the first byte of an item's name.
pub const BUCKETS: usize = 256;
/// Items of the buckets that differ, documents and office records together, in one reply.
pub const BUCKET_ITEMS: usize = 200_000;

/// Bytes of a sealed file in a salvage.
pub const SEALED_BYTES: usize = 8 << 20;

/// Bytes of a one-time code, however it was typed; of what a phone calls itself; of an age recipient.
pub const CODE_BYTES: usize = 40;
pub const DEVICE_NAME_BYTES: usize = 160;
pub const WORKSPACE_KEY_BYTES: usize = 100;
/// Bytes of an invitation's text.
pub const INVITATION_BYTES: usize = 512;
