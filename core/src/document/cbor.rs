//! The CBOR inside a document: deterministic encoding (RFC 8949, 4.2), checked once, at admission.
//!
//! Allowed are integers that fit in 64 bits with a sign, byte and UTF-8 strings, arrays, maps, `false`, `true` and
//! `null`. Lengths are definite, every number takes the shortest form, map keys are unsigned integers or texts in the
//! bytewise order of their encoding, none twice. Floats, tags and other simple values are left out: what needs them is
//! written as integers (microdegrees, minor units).
//!
//! A record is one map with unsigned integer keys. Keys 0 to 6 are its [`Header`], the same for every kind, known or
//! not; 7 is reserved; a kind's own fields start at 8. Unknown keys are kept.

use super::limits::{MAX_CBOR_DEPTH, MAX_DATE, MAX_TIME_MS, MAX_VERSION, MAX_ZONE_BYTES};
use crate::model::RecordId;

/// Where and why bytes are not what they should be; holds nothing of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (byte {at})")]
pub struct CborError {
    pub at: usize,
    pub problem: &'static str,
}

/// What a record does to another one of the same kind in the same document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It says the same anew, corrected: key 5.
    Amends(RecordId),
    /// It takes it back, or, when that one is itself a void, restores: key 6.
    Voids(RecordId),
}

impl Relation {
    pub const fn target(&self) -> RecordId {
        match self {
            Self::Amends(target) | Self::Voids(target) => *target,
        }
    }
}

/// What every record says, whatever its kind and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Of the kind's fields, from 1; key 0.
    pub version: u32,
    /// The device's time when it was written, milliseconds UTC; key 1.
    pub time_ms: i64,
    /// The business date in days since 1970-01-01; key 2.
    pub date: i32,
    /// IANA name of the zone in which the date was set; key 3.
    pub zone: String,
    /// The date was set without a trusted reference; key 4, 0 or 1.
    pub clock_uncertain: bool,
    pub relation: Option<Relation>,
}

/// Checks a record and reads its header.
///
/// # Errors
/// When the bytes are not one deterministic map with unsigned keys, or the header is incomplete or out of bounds.
pub fn record(bytes: &[u8]) -> Result<Header, CborError> {
    let mut scan = Scan { bytes, at: 0 };
    let (major, count) = scan.head()?;
    if major != MAP {
        return Err(CborError { at: 0, problem: "a record is a map" });
    }
    let mut header = Partial::default();
    let mut previous: &[u8] = &[];
    for _ in 0..count {
        let start = scan.at;
        let (major, key) = scan.head()?;
        if major != UINT {
            return Err(CborError { at: start, problem: "a record's keys are unsigned integers" });
        }
        scan.ascending(&mut previous, start)?;
        header.field(key, &mut scan)?;
    }
    scan.end()?;
    header.complete(bytes.len())
}

/// Checks the CBOR of a profile value: any one deterministic item.
///
/// # Errors
/// When it is not.
pub fn value(bytes: &[u8]) -> Result<(), CborError> {
    let mut scan = Scan { bytes, at: 0 };
    scan.item(0)?;
    scan.end()
}

const UINT: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

#[derive(Default)]
struct Partial {
    version: Option<u32>,
    time_ms: Option<i64>,
    date: Option<i32>,
    zone: Option<String>,
    clock_uncertain: Option<bool>,
    relation: Option<Relation>,
}

impl Partial {
    fn field(&mut self, key: u64, scan: &mut Scan<'_>) -> Result<(), CborError> {
        let at = scan.at;
        let bad = |problem| Err(CborError { at, problem });
        match key {
            0 => match u32::try_from(scan.int()?) {
                Ok(version @ 1..=MAX_VERSION) => self.version = Some(version),
                _ => return bad("key 0, the version, is out of bounds"),
            },
            1 => match scan.int()? {
                time if time.unsigned_abs() <= MAX_TIME_MS.unsigned_abs() => self.time_ms = Some(time),
                _ => return bad("key 1, the device's time, is out of bounds"),
            },
            2 => match i32::try_from(scan.int()?) {
                Ok(date) if date.unsigned_abs() <= MAX_DATE.unsigned_abs() => self.date = Some(date),
                _ => return bad("key 2, the business date, is out of bounds"),
            },
            3 => match scan.text()? {
                zone if (1..=MAX_ZONE_BYTES).contains(&zone.len()) => self.zone = Some(zone.to_owned()),
                _ => return bad("key 3, the zone, is out of bounds"),
            },
            4 => match scan.int()? {
                0 => self.clock_uncertain = Some(false),
                1 => self.clock_uncertain = Some(true),
                _ => return bad("key 4, the clock, is 0 or 1"),
            },
            5 | 6 => {
                let Some(target) = RecordId::from_slice(scan.byte_string()?) else {
                    return bad("keys 5 and 6 hold the 16 bytes of a record's id");
                };
                if self.relation.is_some() {
                    return bad("a record amends or voids, not both");
                }
                let relation = if key == 5 { Relation::Amends } else { Relation::Voids };
                self.relation = Some(relation(target));
            }
            _ => scan.item(1)?,
        }
        Ok(())
    }

    fn complete(self, end: usize) -> Result<Header, CborError> {
        let missing = CborError { at: end, problem: "a record has keys 0 to 4" };
        Ok(Header {
            version: self.version.ok_or(missing)?,
            time_ms: self.time_ms.ok_or(missing)?,
            date: self.date.ok_or(missing)?,
            zone: self.zone.ok_or(missing)?,
            clock_uncertain: self.clock_uncertain.ok_or(missing)?,
            relation: self.relation,
        })
    }
}

/// A cursor that accepts only the deterministic form.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn fail<T>(&self, problem: &'static str) -> Result<T, CborError> {
        Err(CborError { at: self.at, problem })
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], CborError> {
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        match end.and_then(|end| self.bytes.get(self.at..end)) {
            Some(taken) => {
                self.at += taken.len();
                Ok(taken)
            }
            None => self.fail("it ends too early"),
        }
    }

    /// Major type and argument, in their shortest form.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let start = self.at;
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 31);
        let (argument, least) = match info {
            0..=23 => (u64::from(info), 0),
            24..=27 => {
                let width = 1 << (info - 24);
                let argument =
                    self.take(width)?.iter().fold(0, |argument: u64, byte| argument << 8 | u64::from(*byte));
                let least = if width == 1 { 24 } else { 1 << (width * 4) };
                (argument, least)
            }
            _ => return Err(CborError { at: start, problem: "lengths are definite" }),
        };
        if argument < least {
            return Err(CborError { at: start, problem: "a number is not in its shortest form" });
        }
        if major <= NEGATIVE && argument > i64::MAX as u64 {
            return Err(CborError { at: start, problem: "an integer does not fit in 64 bits with a sign" });
        }
        Ok((major, argument))
    }

    fn int(&mut self) -> Result<i64, CborError> {
        let start = self.at;
        match self.head()? {
            (UINT, n) => Ok(n as i64),
            (NEGATIVE, n) => Ok(-1 - n as i64),
            _ => Err(CborError { at: start, problem: "an integer is expected" }),
        }
    }

    fn byte_string(&mut self) -> Result<&'a [u8], CborError> {
        let start = self.at;
        match self.head()? {
            (BYTES, length) => self.take(length),
            _ => Err(CborError { at: start, problem: "a byte string is expected" }),
        }
    }

    fn text(&mut self) -> Result<&'a str, CborError> {
        let start = self.at;
        match self.head()? {
            (TEXT, length) => {
                let bytes = self.take(length)?;
                std::str::from_utf8(bytes)
                    .map_err(|_| CborError { at: start, problem: "a text is not UTF-8" })
            }
            _ => Err(CborError { at: start, problem: "a text is expected" }),
        }
    }

    /// One item of any kind, inside `depth` arrays and maps.
    fn item(&mut self, depth: usize) -> Result<(), CborError> {
        let start = self.at;
        let (major, argument) = self.head()?;
        if matches!(major, ARRAY | MAP) && depth >= MAX_CBOR_DEPTH {
            return Err(CborError { at: start, problem: "arrays and maps lie too deep" });
        }
        match major {
            UINT | NEGATIVE => {}
            BYTES => {
                self.take(argument)?;
            }
            TEXT => {
                self.at = start;
                self.text()?;
            }
            // A count beyond the input ends at its end: every item takes a byte.
            ARRAY => {
                for _ in 0..argument {
                    self.item(depth + 1)?;
                }
            }
            MAP => {
                let mut previous: &[u8] = &[];
                for _ in 0..argument {
                    let start = self.at;
                    if !matches!(self.bytes.get(start).map(|first| first >> 5), Some(UINT | TEXT)) {
                        return self.fail("a map's keys are unsigned integers or texts");
                    }
                    self.item(depth + 1)?;
                    self.ascending(&mut previous, start)?;
                    self.item(depth + 1)?;
                }
            }
            7 if (20..=22).contains(&argument) => {}
            7 => {
                return Err(CborError {
                    at: start,
                    problem: "of simple values only false, true and null are used",
                });
            }
            _ => return Err(CborError { at: start, problem: "tags are not used" }),
        }
        Ok(())
    }

    /// The key that began at `start` and ends here comes after `previous`, which it then becomes.
    fn ascending(&self, previous: &mut &'a [u8], start: usize) -> Result<(), CborError> {
        let key = &self.bytes[start..self.at];
        if key <= *previous {
            return Err(CborError { at: start, problem: "map keys are in ascending order, none twice" });
        }
        *previous = key;
        Ok(())
    }

    fn end(&self) -> Result<(), CborError> {
        if self.at == self.bytes.len() { Ok(()) } else { self.fail("something follows the value") }
    }
}
