//! A message as the body of an HTTP request or reply.
//!
//! Up to [`limits::PLAIN_BYTES`] the body is the message's CBOR; above that it is one zstd frame of it. The two are
//! told apart by the first four bytes: no message begins with zstd's magic number, since a message is a map.
//!
//! Whoever receives a body has bounded its length already; [`decode`] bounds the rest: window and output of the
//! frame, then in one pass over the CBOR its nesting and every claimed length, and only then the types' own limits.

use std::io::Read;

use minicbor::{Decode, Encode};

use super::limits;

/// Content type of every body of this protocol but problems and live events.
pub const MEDIA_TYPE: &str = "application/vnd.cartera.sync";

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The library's own default; other levels were not compared on our pages yet.
const ZSTD_LEVEL: i32 = 3;

/// A body that is no message of this protocol, or a message past a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("the body has {len} bytes, the limit is {limit}")]
    TooLarge { len: usize, limit: usize },
    #[error("the body is no zstd frame within the limits: {0}")]
    Compression(String),
    #[error("the body is not well-formed at byte {at}: {what}")]
    Malformed { at: usize, what: &'static str },
    #[error("the body is not the expected message: {0}")]
    Unexpected(String),
    #[error("the message cannot be sent: {0}")]
    Unsendable(String),
}

impl WireError {
    /// Stable, for logs and problem details.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Compression(_) | Self::Malformed { .. } | Self::Unexpected(_) => "malformed",
            Self::Unsendable(_) => "unsendable",
        }
    }
}

/// The body that carries `message`; fails if a list in it is past its limit.
pub fn encode<T: Encode<()>>(message: &T) -> Result<Vec<u8>, WireError> {
    let plain = minicbor::to_vec(message).map_err(|error| WireError::Unsendable(error.to_string()))?;
    if plain.len() <= limits::PLAIN_BYTES {
        return Ok(plain);
    }
    if plain.len() > limits::MESSAGE_BYTES {
        return Err(WireError::Unsendable(format!(
            "{} bytes, the limit is {}",
            plain.len(),
            limits::MESSAGE_BYTES
        )));
    }
    let body =
        zstd::bulk::compress(&plain, ZSTD_LEVEL).map_err(|error| WireError::Unsendable(error.to_string()))?;
    if body.len() > limits::BODY_BYTES {
        return Err(WireError::Unsendable(format!(
            "{} bytes, the limit is {}",
            body.len(),
            limits::BODY_BYTES
        )));
    }
    Ok(body)
}

/// The message that `body` carries.
pub fn decode<T: for<'b> Decode<'b, ()>>(body: &[u8]) -> Result<T, WireError> {
    decode_within(body, limits::MESSAGE_BYTES)
}

/// The same, of a message of at most `most` bytes after decompression.
pub fn decode_within<T: for<'b> Decode<'b, ()>>(body: &[u8], most: usize) -> Result<T, WireError> {
    if body.len() > limits::BODY_BYTES {
        return Err(WireError::TooLarge { len: body.len(), limit: limits::BODY_BYTES });
    }
    if body.starts_with(&ZSTD_MAGIC) {
        parse(&decompress(body, most.min(limits::MESSAGE_BYTES))?)
    } else {
        parse(body)
    }
}

fn parse<T: for<'b> Decode<'b, ()>>(plain: &[u8]) -> Result<T, WireError> {
    well_formed(plain)?;
    minicbor::decode(plain).map_err(|error| WireError::Unexpected(error.to_string()))
}

/// At most `limit` bytes of output, growing with what is really there.
fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, WireError> {
    let failed = |error: std::io::Error| WireError::Compression(error.to_string());
    let mut reader = zstd::stream::read::Decoder::with_buffer(body).map_err(failed)?.single_frame();
    reader.window_log_max(limits::WINDOW_LOG).map_err(failed)?;
    let mut plain = Vec::new();
    reader.by_ref().take(limit as u64 + 1).read_to_end(&mut plain).map_err(failed)?;
    if plain.len() > limit {
        return Err(WireError::TooLarge { len: plain.len(), limit });
    }
    if !reader.finish().is_empty() {
        return Err(WireError::Compression("bytes follow the frame".into()));
    }
    Ok(plain)
}

/// One CBOR item and nothing after it; definite lengths that fit, no tags, no floats, at most
/// [`limits::DEPTH`] levels. Uses no memory of its own.
fn well_formed(bytes: &[u8]) -> Result<(), WireError> {
    let mut left = [0u64; limits::DEPTH]; // items still to come on each open level
    let mut depth = 0;
    let mut at = 0;
    loop {
        let start = at;
        let bad = |what| WireError::Malformed { at: start, what };
        let first = *bytes.get(at).ok_or(bad("it ends in the middle"))?;
        at += 1;
        let extra = match first & 0x1f {
            short @ 0..=23 => u64::from(short),
            wide @ 24..=27 => {
                let len = 1usize << (wide - 24);
                let digits = bytes.get(at..at + len).ok_or(bad("it ends in the middle"))?;
                at += len;
                digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit))
            }
            _ => return Err(bad("indefinite lengths are not allowed")),
        };
        let remaining = (bytes.len() - at) as u64;
        match first >> 5 {
            0 | 1 => {}
            2 | 3 if extra <= remaining => at += extra as usize,
            4 | 5 => {
                let items = if first >> 5 == 5 { extra.checked_mul(2) } else { Some(extra) };
                let items = items.filter(|items| *items <= remaining).ok_or(bad("a length past the end"))?;
                if items > 0 {
                    *left.get_mut(depth).ok_or(bad("nested too deeply"))? = items;
                    depth += 1;
                    continue;
                }
            }
            2 | 3 => return Err(bad("a length past the end")),
            7 if matches!(first, 0xf4..=0xf6) => {} // false, true, null
            _ => return Err(bad("tags, floats and unassigned values are not allowed")),
        }
        while depth > 0 {
            left[depth - 1] -= 1;
            if left[depth - 1] > 0 {
                break;
            }
            depth -= 1;
        }
        if depth == 0 {
            return if at == bytes.len() {
                Ok(())
            } else {
                Err(WireError::Malformed { at, what: "bytes follow the message" })
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bounded::{Bytes, List};
    use super::*;

    type Blob = List<Bytes<{ 32 << 20 }>, 4>;

    #[test]
    fn small_bodies_are_plain_and_larger_ones_are_compressed() {
        let of = |len| encode(&Blob::from(vec![vec![7u8; len].into()])).unwrap();
        let edge = limits::PLAIN_BYTES - 4; // head of the list, head of the string with two bytes of length
        assert_eq!(of(edge).len(), limits::PLAIN_BYTES);
        let compressed = of(edge + 1);
        assert!(compressed.starts_with(&ZSTD_MAGIC) && compressed.len() < 100);
        assert_eq!(decode::<Blob>(&compressed).unwrap()[0].len(), edge + 1);
    }

    #[test]
    fn a_message_at_the_limit_comes_back_and_one_byte_more_is_refused() {
        let edge = limits::MESSAGE_BYTES - 6;
        let body = encode(&Blob::from(vec![vec![7u8; edge].into()])).unwrap();
        assert_eq!(decode::<Blob>(&body).unwrap()[0].len(), edge);
        assert!(matches!(
            encode(&Blob::from(vec![vec![7u8; edge + 1].into()])),
            Err(WireError::Unsendable(_))
        ));
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit_of_output() {
        let bomb = zstd::bulk::compress(&vec![0u8; limits::MESSAGE_BYTES + 1], 3).unwrap();
        assert!(bomb.len() < 4096);
        assert!(matches!(decode::<Blob>(&bomb), Err(WireError::TooLarge { .. })));
    }

    #[test]
    fn a_frame_that_asks_for_a_large_window_is_refused() {
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(limits::WINDOW_LOG + 1).unwrap();
        std::io::Write::write_all(&mut encoder, &vec![0u8; 17 << 20]).unwrap();
        let body = encoder.finish().unwrap();
        assert!(matches!(decode::<Blob>(&body), Err(WireError::Compression(_))));
    }

    #[test]
    fn what_follows_a_message_or_a_frame_is_refused() {
        assert!(matches!(decode::<Blob>(&[0x80, 0x00]), Err(WireError::Malformed { at: 1, .. })));
        let mut body = encode(&Blob::from(vec![vec![7u8; 2000].into()])).unwrap();
        body.push(0);
        assert!(matches!(decode::<Blob>(&body), Err(WireError::Compression(_))));
    }

    #[test]
    fn only_definite_shallow_cbor_is_well_formed() {
        let ok = |bytes: &[u8]| well_formed(bytes).is_ok();
        assert!(ok(&[0xa1, 0x00, 0x82, 0x01, 0x43, 1, 2, 3]));
        assert!(ok(&[0xf6]) && ok(&[0x3b, 0, 0, 0, 0, 0, 0, 0, 1]));
        assert!(!ok(&[]), "empty");
        assert!(!ok(&[0x9f, 0xff]), "indefinite");
        assert!(!ok(&[0xc0, 0x00]), "tag");
        assert!(!ok(&[0xf9, 0, 0]), "float");
        assert!(!ok(&[0x43, 1, 2]), "string past the end");
        assert!(!ok(&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), "map of 2^64");
        let nested = |levels| [vec![0x81; levels], vec![0x00]].concat();
        assert!(ok(&nested(limits::DEPTH)));
        assert!(!ok(&nested(limits::DEPTH + 1)));
    }
}
