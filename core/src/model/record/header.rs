//! What every record begins with, whatever its kind: keys 0 to 6; key 7 is reserved, and kept where it comes.

use crate::model::RecordId;
use crate::model::cbor::{CborError, Extras, MapReader, MapWriter, codes, required};
use crate::model::date::BusinessDate;
use crate::model::limits::ZONE_CHARS_MAX;
use crate::model::problem::{Check, Code};

/// The first key that belongs to the kind.
pub const FIRST_KIND_KEY: u64 = 8;

codes! {
    /// How far the business date can be relied on.
    pub enum Clock: "clock" {
        /// Corrected by a time that the relay gave.
        Trusted = 0 "trusted",
        /// The device's own idea; listed for confirmation.
        Uncertain = 1 "uncertain",
    }
}

/// When a record was written, and which other record it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Version of the kind's fields, from 1.
    pub version: u32,
    /// The device's clock as it was, milliseconds UTC; possibly wrong by years.
    pub at_ms: i64,
    /// Set once, at writing, from the corrected time and the zone.
    pub date: BusinessDate,
    /// IANA name of the zone that gave the date.
    pub zone: String,
    pub clock: Clock,
    /// The record of the same kind in the same document that this one replaces, wholly.
    pub amends: Option<RecordId>,
    /// The record of the same kind in the same document that this one takes back.
    pub voids: Option<RecordId>,
}

impl Header {
    pub(super) fn entries(&self) -> usize {
        5 + usize::from(self.amends.is_some()) + usize::from(self.voids.is_some())
    }

    pub(super) fn write_entries(&self, out: &mut MapWriter<'_>) {
        out.field(0, &self.version);
        out.field(1, &self.at_ms);
        out.field(2, &self.date);
        out.field(3, &self.zone);
        out.field(4, &self.clock);
        out.field(5, &self.amends);
        out.field(6, &self.voids);
    }

    /// Reads the pairs below [`FIRST_KIND_KEY`]; those that are not known yet land in `extras`.
    pub(super) fn read_entries(
        input: &mut MapReader<'_, '_>,
        extras: &mut Extras,
    ) -> Result<Self, CborError> {
        let (mut version, mut at_ms, mut date, mut zone, mut clock) = (None, None, None, None, None);
        let (mut amends, mut voids) = (None, None);
        while let Some(key) = input.peek_key()? {
            match key {
                0 => version = Some(input.value::<u32>()?),
                1 => at_ms = Some(input.value()?),
                2 => date = Some(input.value()?),
                3 => zone = Some(input.value()?),
                4 => clock = Some(input.value()?),
                5 => amends = input.value()?,
                6 => voids = input.value()?,
                FIRST_KIND_KEY.. => break,
                _ => input.keep(key, extras)?,
            }
        }
        let version = required(version, 0)?;
        if version == 0 {
            return Err(CborError::OutOfRange { at: 0, expected: "a version from 1" });
        }
        Ok(Self {
            version,
            at_ms: required(at_ms, 1)?,
            date: required(date, 2)?,
            zone: required(zone, 3)?,
            clock: required(clock, 4)?,
            amends,
            voids,
        })
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("zone", &self.zone, ZONE_CHARS_MAX);
        let shaped =
            self.zone.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+'));
        check.rule(shaped, "zone", Code::Form);
        check.rule(self.clock.is_known(), "clock", Code::UnknownValue);
        check.rule(self.amends.is_none() || self.voids.is_none(), "voids", Code::Contradiction);
    }
}
