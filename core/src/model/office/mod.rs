//! Office records: what the office owns. One writer each, so no CRDTs: rows keyed (kind, source, key), each about the
//! workspace, a territory or a client, and for an audience; the last value wins by log number, with tombstones.
//!
//! A value is one deterministic CBOR map: key 0 is the version of the kind's fields, which start at 1. Keys that this
//! version does not know are kept, and kinds that it does not know are stored unread.

mod account;
mod catalogue;
mod cross_sell;
mod derive;
mod desk;
mod kind;
mod people;
mod sales;

pub use account::{Credit, DueItem, Flag, OrderFlag, OrderStage, OrderState, Short, Step};
pub use catalogue::{Article, Price, Tax, Territory};
pub use cross_sell::{CrossSell, CrossSellRule, Level};
pub use derive::{sales_day, sales_month};
pub use desk::{
    Census, Cost, Cut, Feed, Float, Margin, NamedFloat, Notice, Parameter, Reaction, ReactionSort, Segment,
    Setting, Spend,
};
pub use kind::{About, Audience, KeyRule, Kind, KnownKind};
pub use people::{Absence, Actor, Holiday, Measure, Objective, Person, VisitPlan};
pub use sales::{MonthTotal, Sale, SaleLine, SaleSort, SalesDay, SalesMonth};

use super::cbor::{CborError, Extras, FieldShape, Map, MapReader, MapWriter, Reader, Writer};
use super::date::BusinessDate;
use super::limits::{
    CODE_CHARS_MAX, OFFICE_KEY_BYTES_MAX, OFFICE_KIND_BYTES_MAX, OFFICE_SOURCE_BYTES_MAX,
    OFFICE_VALUE_BYTES_MAX,
};
use super::money::Currency;
use super::problem::{Check, Code, Problem};
use super::{ClientId, RecordId, TerritoryId};

/// Whom a record concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Workspace,
    Territory(TerritoryId),
    Client(ClientId),
}

impl Scope {
    pub const fn about(&self) -> About {
        match self {
            Self::Workspace => About::Workspace,
            Self::Territory(_) => About::Territory,
            Self::Client(_) => About::Client,
        }
    }
}

macro_rules! values {
    ($( $variant:ident ),* $(,)?) => {
        /// What an office record says.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant)] // one at a time, on its way to or from bytes
        pub enum Value {
            $( $variant($variant), )*
            /// Of a kind or version that this one cannot read; carried as it came.
            Unread(Extras),
        }

        impl Value {
            /// `None` where only the record's own kind tells.
            pub const fn kind(&self) -> Option<KnownKind> {
                match self {
                    $( Self::$variant(_) => Some(KnownKind::$variant), )*
                    Self::Unread(_) => None,
                }
            }

            /// The fields of a kind's value, beside its version.
            pub const fn fields(kind: KnownKind) -> &'static [FieldShape] {
                match kind {
                    $( KnownKind::$variant => $variant::FIELDS, )*
                }
            }

            fn entries(&self) -> usize {
                match self {
                    $( Self::$variant(value) => value.entries(), )*
                    Self::Unread(extras) => extras.len(),
                }
            }

            fn extras(&self) -> &Extras {
                match self {
                    $( Self::$variant(value) => &value.extras, )*
                    Self::Unread(extras) => extras,
                }
            }

            fn write_entries(&self, out: &mut MapWriter<'_>) {
                match self {
                    $( Self::$variant(value) => value.write_entries(out), )*
                    Self::Unread(_) => {}
                }
            }

            fn read_entries(
                kind: KnownKind,
                input: &mut MapReader<'_, '_>,
                extras: Extras,
            ) -> Result<Self, CborError> {
                match kind {
                    $( KnownKind::$variant => $variant::read_entries(input, extras).map(Self::$variant), )*
                }
            }

            fn check(&self, check: &mut Check) {
                match self {
                    $( Self::$variant(value) => value.check(check), )*
                    Self::Unread(_) => {}
                }
            }
        }

        $(
            impl From<$variant> for Value {
                fn from(value: $variant) -> Self {
                    Self::$variant(value)
                }
            }
        )*
    };
}

values!(
    Article, Price, Tax, Sale, SalesDay, SalesMonth, DueItem, Credit, OrderState, Objective, Person, Actor,
    Territory, VisitPlan, Absence, Holiday, Segment, Notice, Census, Spend, Setting, Parameter, CrossSell,
    Cost, Margin, Feed,
);

impl Value {
    /// Version of every known kind's fields that this program writes.
    pub const VERSION: u32 = 1;

    /// Version of the kind's fields. One that is not [`Value::VERSION`] stands among the extras.
    pub fn version(&self) -> u32 {
        let newer = self.extras().get(0).and_then(|bytes| super::cbor::from_slice(bytes).ok());
        newer.unwrap_or(Self::VERSION)
    }

    /// The value's one encoding.
    pub fn encode(&self) -> Vec<u8> {
        let own_version = self.extras().get(0).is_none();
        let mut out = Writer::default();
        let mut map = MapWriter::new(&mut out, usize::from(own_version) + self.entries(), self.extras());
        if own_version {
            map.field(0, &Self::VERSION);
        }
        self.write_entries(&mut map);
        map.finish();
        out.into_bytes()
    }

    /// Reads a value of `kind`. Unknown kinds, and newer versions whose fields are not understood, come as
    /// [`Value::Unread`]; encoding them again gives the same bytes.
    ///
    /// # Errors
    /// More than [`OFFICE_VALUE_BYTES_MAX`] bytes; not deterministic CBOR; no version; or fields that break their
    /// kind though its version is known.
    pub fn decode(kind: &Kind, bytes: &[u8]) -> Result<Self, CborError> {
        if bytes.len() > OFFICE_VALUE_BYTES_MAX {
            return Err(CborError::TooLarge { bytes: bytes.len(), limit: OFFICE_VALUE_BYTES_MAX });
        }
        match Self::read(kind.known(), bytes) {
            Err(error) => match Self::read(None, bytes) {
                Ok(unread) if unread.version() > Self::VERSION => Ok(unread),
                _ => Err(error),
            },
            value => value,
        }
    }

    /// Reads a value of one known kind, where its fields are understood: the same as [`Value::decode`] there, for what
    /// is read by the ten thousands.
    ///
    /// # Errors
    /// As [`Value::decode`], and where that gives [`Value::Unread`].
    pub fn decode_as<T: Map>(bytes: &[u8]) -> Result<T, CborError> {
        if bytes.len() > OFFICE_VALUE_BYTES_MAX {
            return Err(CborError::TooLarge { bytes: bytes.len(), limit: OFFICE_VALUE_BYTES_MAX });
        }
        Self::read_as(bytes, true, T::read_entries)
    }

    fn read(kind: Option<KnownKind>, bytes: &[u8]) -> Result<Self, CborError> {
        Self::read_as(bytes, kind.is_some(), |map, mut extras| {
            if let Some(kind) = kind {
                return Self::read_entries(kind, map, extras);
            }
            map.keep_rest(&mut extras)?;
            Ok(Self::Unread(extras))
        })
    }

    /// Reads the version, and what follows by `entries`.
    fn read_as<T>(
        bytes: &[u8],
        is_known: bool,
        entries: impl FnOnce(&mut MapReader<'_, '_>, Extras) -> Result<T, CborError>,
    ) -> Result<T, CborError> {
        let mut input = Reader::new(bytes);
        let mut map = MapReader::new(&mut input)?;
        let version = match map.peek_key()? {
            Some(0) => map.value::<u32>()?,
            _ => return Err(CborError::Missing { key: 0 }),
        };
        if version == 0 {
            return Err(CborError::OutOfRange { at: 0, expected: "a version from 1" });
        }
        let mut extras = Extras::default();
        if version != Self::VERSION || !is_known {
            extras.insert_first(0, super::cbor::to_vec(&version));
        }
        let value = entries(&mut map, extras)?;
        map.finish();
        input.end()?;
        Ok(value)
    }
}

/// One office record, without its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    /// Which system wrote it; empty for the relay itself.
    pub source: String,
    /// Its name there.
    pub key: String,
    pub scope: Scope,
    /// `None` for a tombstone.
    pub value: Option<Value>,
}

impl Item {
    /// A record of the kind that its value has; `None` for a value that was not read.
    pub fn new(
        source: impl Into<String>,
        key: impl Into<String>,
        scope: Scope,
        value: impl Into<Value>,
    ) -> Option<Self> {
        let value = value.into();
        let kind = value.kind()?.into();
        Some(Self { kind, source: source.into(), key: key.into(), scope, value: Some(value) })
    }

    /// Every rule that the record breaks: name, key, whom it is about, and its value.
    pub fn validate(&self) -> Vec<Problem> {
        let mut check = Check::default();
        if Kind::parse(self.kind.name()).as_ref() != Some(&self.kind) {
            check.add("kind", Code::Form, Some(OFFICE_KIND_BYTES_MAX as i64));
        }
        let plain = |text: &str| !text.chars().any(char::is_control) && text.trim() == text;
        check_bytes(&mut check, "source", &self.source, OFFICE_SOURCE_BYTES_MAX);
        check.rule(plain(&self.source), "source", Code::Form);
        check_bytes(&mut check, "key", &self.key, OFFICE_KEY_BYTES_MAX);
        check.rule(!self.key.is_empty(), "key", Code::Required);
        check.rule(plain(&self.key), "key", Code::Form);
        if let Some(kind) = self.kind.known() {
            check.rule(kind.about().contains(&self.scope.about()), "scope", Code::Contradiction);
            check.rule(self.key_fits(kind.key_rule()), "key", Code::Form);
            let same_kind = self.value.as_ref().and_then(Value::kind).is_none_or(|of_value| of_value == kind);
            check.rule(same_kind, "value", Code::Contradiction);
            if kind == KnownKind::OrderState {
                check.rule(self.source.is_empty(), "source", Code::Contradiction);
            }
        }
        if let Some(value) = &self.value {
            value.check(&mut check);
            if value.encode().len() > OFFICE_VALUE_BYTES_MAX {
                check.add("value", Code::TooLarge, Some(OFFICE_VALUE_BYTES_MAX as i64));
            }
        }
        check.into_problems()
    }

    fn key_fits(&self, rule: KeyRule) -> bool {
        // `<client>/<period>/<currency>`, of the very client that the record is about.
        let derived = |period: fn(&str) -> Option<BusinessDate>| {
            let mut parts = self.key.splitn(3, '/');
            let (Some(client), Some(when), Some(currency)) = (parts.next(), parts.next(), parts.next())
            else {
                return false;
            };
            client.parse().is_ok_and(|client| self.scope == Scope::Client(client))
                && period(when).is_some()
                && currency.parse::<Currency>().is_ok()
        };
        match rule {
            KeyRule::Code => true,
            KeyRule::Ulid => self.key.parse::<RecordId>().is_ok(),
            KeyRule::Actor => {
                self.key.len() == 32
                    && self.key.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            }
            KeyRule::ClientDay => derived(|date| date.parse().ok()),
            KeyRule::ClientMonth => derived(|month| format!("{month}-01").parse().ok()),
        }
    }
}

/// Key of a [`SalesDay`].
pub fn sales_day_key(client: ClientId, date: BusinessDate, currency: Currency) -> String {
    format!("{client}/{date}/{currency}")
}

/// Key of a [`SalesMonth`]; `month` is any day of it.
pub fn sales_month_key(client: ClientId, month: BusinessDate, currency: Currency) -> String {
    let date = month.civil();
    format!("{client}/{:04}-{:02}/{currency}", date.year(), date.month())
}

fn check_bytes(check: &mut Check, field: &str, text: &str, max: usize) {
    if text.len() > max {
        check.add(field, Code::TooLong, Some(max as i64));
    }
}

fn check_code(check: &mut Check, field: &str, code: Option<&String>) {
    check.line_opt(field, code, CODE_CHARS_MAX);
}

fn check_currency(check: &mut Check, field: &str, currency: Option<Currency>) {
    check.rule(currency.is_none_or(|currency| currency.exponent().is_some()), field, Code::UnknownValue);
}

fn check_period(check: &mut Check, from: Option<BusinessDate>, until: Option<BusinessDate>) {
    if let (Some(from), Some(until)) = (from, until) {
        check.rule(from <= until, "until", Code::Order);
    }
}

#[cfg(test)]
mod tests;
