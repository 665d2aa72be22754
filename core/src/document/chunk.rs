//! Reading Automerge's binary chunks within bounds: framing, LEB128, run-length encoded columns.
//!
//! ```text
//! chunk   85 6f 4a 83 | checksum: 4 bytes | type: 1 byte | uleb length | body
//! ```
//!
//! A column is run-length encoded: a positive count and one value that repeats; a negative count and as many values;
//! zero and a count of nulls.

/// What a chunk holds, by its type byte.
pub(super) const DOCUMENT: u8 = 0;
pub(super) const CHANGE: u8 = 1;

pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Where the checksum stands: the first four bytes of the hash.
pub(super) const CHECKSUM: std::ops::Range<usize> = 4..8;
/// From where on a chunk is hashed: its type, length and body.
pub(super) const HASHED: usize = 8;

/// The bytes are no chunk, or not the one that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReadError {
    #[error("an Automerge chunk begins with 85 6f 4a 83")]
    Magic,
    #[error("the chunk is of type {0}")]
    Type(u8),
    #[error("the chunk's length is not that of its body")]
    Length,
    #[error("the bytes end too early")]
    Short,
    #[error("a number has more than 63 bits, or is padded")]
    Number,
}

/// A cursor over a chunk's body or one of its columns.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The body of the one chunk of type `wanted` that `bytes` are. Its checksum is not looked at.
    pub(super) fn body(bytes: &'a [u8], wanted: u8) -> Result<Self, ReadError> {
        let mut chunk = Self::new(bytes);
        if chunk.array::<4>()? != MAGIC {
            return Err(ReadError::Magic);
        }
        chunk.take(4)?;
        let [found] = chunk.array()?;
        if found != wanted {
            return Err(ReadError::Type(found));
        }
        if chunk.unsigned()? != (bytes.len() - chunk.at) as u64 {
            return Err(ReadError::Length);
        }
        Ok(chunk)
    }

    /// As [`unsigned`](Self::unsigned), without padding.
    pub(super) fn short_unsigned(&mut self) -> Result<u64, ReadError> {
        let start = self.at;
        let number = self.unsigned()?;
        match self.bytes[start..self.at] {
            [_, .., 0] => Err(ReadError::Number),
            _ => Ok(number),
        }
    }

    /// As [`signed`](Self::signed), without padding.
    pub(super) fn short_signed(&mut self) -> Result<i64, ReadError> {
        let start = self.at;
        let number = self.signed()?;
        match self.bytes[start..self.at] {
            [.., before, 0] if before & 0x40 == 0 => Err(ReadError::Number),
            [.., before, 0x7f] if before & 0x40 != 0 => Err(ReadError::Number),
            _ => Ok(number),
        }
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn take(&mut self, length: u64) -> Result<&'a [u8], ReadError> {
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or(ReadError::Short)?;
        self.at += taken.len();
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        self.take(N as u64)?.try_into().map_err(|_| ReadError::Short)
    }

    /// LEB128, at most 63 bits: no number here needs more. Padding is let through.
    pub(super) fn unsigned(&mut self) -> Result<u64, ReadError> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ReadError::Number)
    }

    /// Signed LEB128, at most 63 bits.
    pub(super) fn signed(&mut self) -> Result<i64, ReadError> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let [byte] = self.array()?;
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64 - shift - 7;
                return Ok(number << unused >> unused);
            }
        }
        Err(ReadError::Number)
    }
}
