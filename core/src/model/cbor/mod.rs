//! Deterministic CBOR (RFC 8949, section 4.2) for everything that is stored or sent as one immutable value.
//!
//! A value has exactly one encoding, so equal values have equal bytes, equal hashes and one signature:
//! - heads in their shortest form, definite lengths only, map keys ascending and unique;
//! - what is absent is left out: no `null` for an option, no empty list, no `false` where absence says the same;
//! - integers, byte strings, texts, lists, maps, `false`, `true` and (in what is not known) `null`; no floats and no
//!   tags: a decimal is `[mantissa, scale]` without trailing zeros.
//!
//! The [`Reader`] refuses every other form, which saves the usual re-encode-and-compare. Structures are maps with
//! unsigned integer keys ([`cbor_map!`]); keys that a reader does not know are kept as they came ([`Extras`]) and
//! written again in their place, so that an old app never drops what a newer one wrote. Enumerations are small
//! integers ([`codes!`]); one that is not known is kept too.

mod codes;
mod error;
mod field;
mod map;
mod reader;
mod shape;
mod writer;

pub(crate) use codes::codes;
pub use error::CborError;
pub use field::Field;
pub use map::{EXTRA_KEYS_MAX, Extras, Map, MapReader, MapWriter};
pub(crate) use map::{ascending, cbor_map, required};
pub use reader::{DEPTH_MAX, Reader};
pub use shape::{FieldShape, Shape};
pub use writer::Writer;

/// Encodes one value.
pub fn to_vec<T: Field>(value: &T) -> Vec<u8> {
    let mut out = Writer::default();
    value.write(&mut out);
    out.into_bytes()
}

/// Decodes one value that fills `bytes` to the last byte.
///
/// # Errors
/// Anything that is not the one deterministic encoding of a `T`.
pub fn from_slice<T: Field>(bytes: &[u8]) -> Result<T, CborError> {
    let mut input = Reader::new(bytes);
    let value = T::read(&mut input)?;
    input.end()?;
    Ok(value)
}

/// Checks that `bytes` are one well-formed, deterministic CBOR value, whatever it means.
///
/// # Errors
/// The first place where they are not.
pub fn check(bytes: &[u8]) -> Result<(), CborError> {
    let mut input = Reader::new(bytes);
    input.raw()?;
    input.end()
}

#[cfg(test)]
mod tests;
