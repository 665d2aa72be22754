//! What every record says, whatever its kind: read at admission, and all that is read of a kind that is not known.
//!
//! A record is one deterministic CBOR map ([`model::cbor`](crate::model::cbor)) with unsigned integer keys. Keys 0 to
//! 6 are the header; 7 is reserved; a kind's own fields start at 8. Keys that are not known are kept.

use super::limits::{MAX_TIME_MS, MAX_ZONE_BYTES};
use crate::model::RecordId;
use crate::model::cbor::{CborError, Reader};
use crate::model::date::BusinessDate;

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

/// A record's first keys.
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
    /// The date was set without a trusted reference; key 4 is 0 if it was set with one.
    pub clock_uncertain: bool,
    pub relation: Option<Relation>,
}

impl Header {
    /// Checks a whole record and reads its header.
    ///
    /// # Errors
    /// When the bytes are not one deterministic map with unsigned keys, or the header is incomplete or out of bounds.
    pub fn read(record: &[u8]) -> Result<Self, CborError> {
        let mut input = Reader::new(record);
        let mut header = Partial::default();
        let mut previous = None;
        for _ in 0..input.map()? {
            let at = input.position();
            let key = input.uint()?;
            if previous.is_some_and(|previous| key <= previous) {
                return Err(CborError::NotCanonical { at });
            }
            previous = Some(key);
            header.field(key, &mut input)?;
        }
        input.end()?;
        header.complete()
    }
}

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
    fn field(&mut self, key: u64, input: &mut Reader<'_>) -> Result<(), CborError> {
        let at = input.position();
        let out_of_range = |expected| CborError::OutOfRange { at, expected };
        match key {
            0 => {
                let version = u32::try_from(input.uint()?).ok().filter(|version| *version > 0);
                self.version = Some(version.ok_or(out_of_range("a version, from 1"))?);
            }
            1 => {
                let time = Some(input.int()?).filter(|time| (-MAX_TIME_MS..=MAX_TIME_MS).contains(time));
                self.time_ms = Some(time.ok_or(out_of_range("a device's time in milliseconds"))?);
            }
            2 => {
                let date = i32::try_from(input.int()?).ok().and_then(BusinessDate::from_days);
                self.date = Some(date.ok_or(out_of_range("a business date in days"))?.days());
            }
            3 => {
                let zone = Some(input.text()?).filter(|zone| (1..=MAX_ZONE_BYTES).contains(&zone.len()));
                self.zone = Some(zone.ok_or(out_of_range("a zone's name"))?.to_owned());
            }
            4 => self.clock_uncertain = Some(input.uint()? != 0),
            5 | 6 => {
                let target = RecordId::from_slice(input.bytes()?).ok_or(out_of_range("a record's id"))?;
                if self.relation.is_some() {
                    return Err(out_of_range("a record that amends or voids, not both"));
                }
                self.relation =
                    Some(if key == 5 { Relation::Amends(target) } else { Relation::Voids(target) });
            }
            _ => drop(input.raw()?),
        }
        Ok(())
    }

    fn complete(self) -> Result<Header, CborError> {
        let missing = |key| CborError::Missing { key };
        Ok(Header {
            version: self.version.ok_or(missing(0))?,
            time_ms: self.time_ms.ok_or(missing(1))?,
            date: self.date.ok_or(missing(2))?,
            zone: self.zone.ok_or(missing(3))?,
            clock_uncertain: self.clock_uncertain.ok_or(missing(4))?,
            relation: self.relation,
        })
    }
}
