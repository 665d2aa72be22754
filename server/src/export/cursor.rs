//! Where an incremental export goes on.
//!
//! ```text
//! version 1: 1 byte | epoch: 8 | chain: 8 | number: 8, big-endian      as 40 letters of base 32
//! ```
//!
//! Opaque to whoever keeps it, and good for every resource of the workspace. It is no secret and proves nothing: who may
//! export at all may begin where he likes. Epoch and chain (the running hash over the log up to `number`) tell a cursor
//! of before a restore from one of this log.

use std::fmt;
use std::str::FromStr;

use cartera_core::sync::wire::Epoch;

use crate::secret::{from_base32, to_base32};

const VERSION: u8 = 1;
const LETTERS: usize = 40;

/// A place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: Epoch,
    pub chain: [u8; 8],
    pub number: u64,
}

/// The text is no cursor of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is the text of {LETTERS} letters and digits that an earlier export gave")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 25];
        bytes[0] = VERSION;
        bytes[1..9].copy_from_slice(&self.epoch.0);
        bytes[9..17].copy_from_slice(&self.chain);
        bytes[17..].copy_from_slice(&self.number.to_be_bytes());
        f.write_str(&to_base32(&bytes))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        if text.len() != LETTERS {
            return Err(CursorError);
        }
        let bytes: [u8; 25] = from_base32(text).ok_or(CursorError)?;
        let part = |from: usize| -> [u8; 8] {
            let mut part = [0; 8];
            part.copy_from_slice(&bytes[from..from + 8]);
            part
        };
        if bytes[0] != VERSION {
            return Err(CursorError);
        }
        Ok(Self { epoch: Epoch(part(1)), chain: part(9), number: u64::from_be_bytes(part(17)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_nothing_else_is_one() {
        let cursor = Cursor { epoch: Epoch([1; 8]), chain: [0xfe; 8], number: u64::MAX - 7 };
        let text = cursor.to_string();
        assert_eq!((text.len(), text.parse()), (LETTERS, Ok(cursor)));
        for wrong in ["", "0", &text[1..], &format!("{text}0"), &text.replacen('0', "1", 1), &"ñ".repeat(20)]
        {
            assert_eq!(wrong.parse::<Cursor>(), Err(CursorError), "{wrong}");
        }
    }
}
