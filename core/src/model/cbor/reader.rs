//! Reads CBOR and refuses every form that is not the deterministic one.

use super::CborError;

/// How deep lists and maps may nest, the outermost counted: a purchase's lines' discounts' percentage takes six.
pub const DEPTH_MAX: usize = 8;

/// A cursor over bytes; every method moves it past one item or says what is wrong with it.
#[derive(Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Major {
    Uint,
    Negative,
    Bytes,
    Text,
    Array,
    Map,
    Simple,
    Other,
}

impl<'b> Reader<'b> {
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    /// Bytes read so far.
    #[inline]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// # Errors
    /// Bytes are left.
    #[inline]
    pub fn end(&self) -> Result<(), CborError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(CborError::Trailing { at: self.at }) }
    }

    #[inline]
    fn take(&mut self, len: u64) -> Result<&'b [u8], CborError> {
        let truncated = CborError::Truncated { at: self.bytes.len() };
        let end = usize::try_from(len).ok().and_then(|len| self.at.checked_add(len)).ok_or(truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(taken)
    }

    /// Major type and argument of the next head; for simple values the argument is the low five bits.
    #[inline]
    fn head(&mut self) -> Result<(Major, u64), CborError> {
        let at = self.at;
        let first = *self.bytes.get(at).ok_or(CborError::Truncated { at: self.bytes.len() })?;
        self.at = at + 1;
        let major = match first >> 5 {
            0 => Major::Uint,
            1 => Major::Negative,
            2 => Major::Bytes,
            3 => Major::Text,
            4 => Major::Array,
            5 => Major::Map,
            7 => return Ok((Major::Simple, u64::from(first & 31))),
            _ => return Ok((Major::Other, 0)),
        };
        let (extra, smallest) = match first & 31 {
            direct @ 0..=23 => return Ok((major, u64::from(direct))),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(CborError::NotCanonical { at }), // indefinite length, or reserved
        };
        let n = self.take(extra)?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
        if n < smallest { Err(CborError::NotCanonical { at }) } else { Ok((major, n)) }
    }

    #[inline]
    fn expect(&mut self, wanted: Major, expected: &'static str) -> Result<u64, CborError> {
        let at = self.at;
        match self.head()? {
            (major, n) if major == wanted => Ok(n),
            _ => Err(CborError::WrongType { at, expected }),
        }
    }

    /// From 0 to what a signed 64-bit integer holds, since not every language has more.
    #[inline]
    pub fn uint(&mut self) -> Result<u64, CborError> {
        let at = self.at;
        let n = self.expect(Major::Uint, "an unsigned integer")?;
        if i64::try_from(n).is_err() {
            return Err(CborError::OutOfRange { at, expected: "an unsigned 63-bit integer" });
        }
        Ok(n)
    }

    #[inline]
    pub fn int(&mut self) -> Result<i64, CborError> {
        let at = self.at;
        let (negative, n) = match self.head()? {
            (Major::Uint, n) => (false, n),
            (Major::Negative, n) => (true, n),
            _ => return Err(CborError::WrongType { at, expected: "an integer" }),
        };
        let n = i64::try_from(n)
            .map_err(|_| CborError::OutOfRange { at, expected: "a signed 64-bit integer" })?;
        Ok(if negative { !n } else { n })
    }

    pub fn bytes(&mut self) -> Result<&'b [u8], CborError> {
        let len = self.expect(Major::Bytes, "a byte string")?;
        self.take(len)
    }

    #[inline]
    pub fn text(&mut self) -> Result<&'b str, CborError> {
        let len = self.expect(Major::Text, "a text")?;
        let at = self.at;
        std::str::from_utf8(self.take(len)?).map_err(|_| CborError::NotUtf8 { at })
    }

    #[inline]
    pub fn bool(&mut self) -> Result<bool, CborError> {
        let at = self.at;
        match self.head()? {
            (Major::Simple, 20) => Ok(false),
            (Major::Simple, 21) => Ok(true),
            _ => Err(CborError::WrongType { at, expected: "true or false" }),
        }
    }

    /// First byte's major type (0..=7), or `None` at the end; reads nothing.
    pub fn peek_major(&self) -> Option<u8> {
        self.bytes.get(self.at).map(|first| first >> 5)
    }

    /// Opens a list and gives its length, which is at most the bytes that are left; close it with [`Self::leave`].
    pub fn array(&mut self) -> Result<usize, CborError> {
        self.enter(Major::Array, "a list", 1)
    }

    /// Opens a map and gives its number of pairs; close it with [`Self::leave`].
    #[inline]
    pub fn map(&mut self) -> Result<usize, CborError> {
        self.enter(Major::Map, "a map", 2)
    }

    #[inline]
    fn enter(&mut self, major: Major, expected: &'static str, item_bytes: u64) -> Result<usize, CborError> {
        let at = self.at;
        let len = self.expect(major, expected)?;
        self.open(at)?;
        let left = (self.bytes.len() - self.at) as u64;
        if len.checked_mul(item_bytes).is_none_or(|needed| needed > left) {
            return Err(CborError::Truncated { at: self.bytes.len() });
        }
        Ok(len as usize)
    }

    #[inline]
    fn open(&mut self, at: usize) -> Result<(), CborError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(CborError::TooDeep { at, limit: DEPTH_MAX }) } else { Ok(()) }
    }

    #[inline]
    pub fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The bytes of the next value, whatever it is, after checking that they are well-formed and deterministic.
    pub fn raw(&mut self) -> Result<&'b [u8], CborError> {
        let start = self.at;
        self.skip()?;
        Ok(&self.bytes[start..self.at])
    }

    fn skip(&mut self) -> Result<(), CborError> {
        let at = self.at;
        match self.peek_major() {
            None => Err(CborError::Truncated { at }),
            Some(0 | 1) => self.int().map(drop),
            Some(2) => self.bytes().map(drop),
            Some(3) => self.text().map(drop),
            Some(4) => {
                for _ in 0..self.array()? {
                    self.skip()?;
                }
                self.leave();
                Ok(())
            }
            Some(5) => {
                let mut last: Option<&[u8]> = None;
                for _ in 0..self.map()? {
                    let key_at = self.at;
                    if !matches!(self.peek_major(), Some(0 | 3)) {
                        let expected = "a key: an unsigned integer or a text";
                        return Err(CborError::WrongType { at: key_at, expected });
                    }
                    let key = self.raw()?;
                    if last.is_some_and(|last| last >= key) {
                        return Err(CborError::NotCanonical { at: key_at });
                    }
                    last = Some(key);
                    self.skip()?;
                }
                self.leave();
                Ok(())
            }
            _ => match self.head()? {
                (Major::Simple, 20..=22) => Ok(()), // false, true, null
                _ => Err(CborError::WrongType { at, expected: "a value without floats and tags" }),
            },
        }
    }
}
