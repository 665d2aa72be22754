//! What the office sets, says and works out for everybody.

use super::{check_currency, check_period};
use crate::model::cbor::{CborError, Field, Reader, Shape, Writer, cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::decimal::Decimal;
use crate::model::limits::{
    ADDRESS_LINE_CHARS_MAX, CODE_CHARS_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX, NOTICE_DAYS_MAX,
    PARAMETER_CUTS_MAX, PARAMETER_VALUES_MAX, PROFILE_VALUE_BYTES_MAX, SENTENCE_CHARS_MAX,
    SHARED_SEGMENT_CLIENTS_MAX, UNIT_CHARS_MAX, UNIT_PRICE_MAX, UNIT_PRICE_PLACES,
};
use crate::model::money::{Currency, Money};
use crate::model::problem::{Check, Code};
use crate::model::profile::Scalar;
use crate::model::{ClientId, PersonId};

cbor_map! {
    /// A set of clients that everybody in scope sees: by a filter, by name, or both.
    pub struct Segment {
        1 name: String,
        /// In the language of the portfolio's filters.
        2 filter: Option<String>,
        3 clients: Vec<ClientId>,
        /// What is made when a client enters it.
        4 on_enter: Option<Reaction>,
        /// What is made when a client leaves it.
        5 on_leave: Option<Reaction>,
    }
}

codes! {
    pub enum ReactionSort: "reaction" {
        /// In the client's document.
        Task = 1 "task",
        /// For whoever sees the client.
        Notice = 2 "notice",
    }
}

cbor_map! {
    /// What is made of a client that enters or leaves a segment.
    pub struct Reaction {
        1 sort: ReactionSort,
        /// What is to be done, or read.
        2 text: String,
        /// Who is to do the task; missing: the rep who looks after the client.
        3 person: Option<PersonId>,
        /// The task is due so many days later.
        4 due_days: Option<u32>,
    }
}

cbor_map! {
    /// Something that reps should read; the record's key is what 'read' records name.
    pub struct Notice {
        1 title: String,
        2 text: String,
        3 from: Option<BusinessDate>,
        4 until: Option<BusinessDate>,
        /// Stands first until it was read.
        5 must_read: bool,
    }
}

cbor_map! {
    /// How many establishments somebody counted in a region, whether or not they are clients.
    pub struct Census {
        /// Province, state: as in clients' addresses.
        1 region: String,
        /// Kind of establishment, as in clients' profiles; missing for all that may buy.
        2 sector: Option<String>,
        3 establishments: u64,
        4 as_of: BusinessDate,
        /// Who counted them.
        5 origin: Option<String>,
    }
}

cbor_map! {
    /// What winning clients cost in a period.
    pub struct Spend {
        1 amount: Money,
        2 from: BusinessDate,
        /// Last day.
        3 to: BusinessDate,
        4 what: Option<String>,
    }
}

cbor_map! {
    /// A setting; the record's key is its name.
    pub struct Setting {
        1 value: Scalar,
    }
}

/// A floating-point number, kept to the last bit: 8 bytes, IEEE 754, big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Float(u64);

impl Float {
    /// Zero has one sign and 'not a number' one form, so that equal values have equal bytes.
    pub fn new(value: f64) -> Self {
        let value = if value == 0.0 { 0.0 } else { value };
        Self(if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() })
    }

    pub const fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl Field for Float {
    const SHAPE: Shape = Shape::Float;

    fn write(&self, out: &mut Writer) {
        out.bytes(&self.0.to_be_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let at = input.position();
        let bytes: [u8; 8] = input
            .bytes()?
            .try_into()
            .map_err(|_| CborError::WrongType { at, expected: "a float of 8 bytes" })?;
        let read = Self(u64::from_be_bytes(bytes));
        if Self::new(read.get()) == read { Ok(read) } else { Err(CborError::NotCanonical { at }) }
    }
}

cbor_map! {
    pub struct NamedFloat {
        0 name: String,
        1 value: Float,
    }
}

cbor_map! {
    /// Where one class ends and the next begins: a value, and the client that has it, which breaks ties.
    pub struct Cut {
        0 name: String,
        1 value: i64,
        2 client: Option<ClientId>,
    }
}

cbor_map! {
    /// What was worked out on the whole base, dated and versioned; a phone never works it out from its own clients.
    /// The record's key is the model's name.
    pub struct Parameter {
        1 as_of: BusinessDate,
        /// Goes up with each fit.
        2 version: u32,
        3 values: Vec<NamedFloat>,
        4 cuts: Vec<Cut>,
        /// Records behind it.
        5 records: u64,
        /// Why there are no values, where there are none.
        6 withheld: Option<String>,
    }
}

cbor_map! {
    /// What an article costs us; never on a rep's phone.
    pub struct Cost {
        /// In whole units of the currency.
        1 cost: Decimal,
        2 currency: Currency,
        3 unit: Option<String>,
        4 from: Option<BusinessDate>,
    }
}

cbor_map! {
    /// What a sale left us; never on a rep's phone.
    pub struct Margin {
        1 margin: Money,
        2 date: BusinessDate,
    }
}

cbor_map! {
    /// When one of the office's feeds last came. The record's key is what it brings: a kind, or `client`.
    pub struct Feed {
        /// Milliseconds UTC.
        1 at_ms: i64,
        /// How many records it brought, changed or not.
        2 records: u64,
    }
}

impl Segment {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            filter: None,
            clients: Vec::new(),
            on_enter: None,
            on_leave: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, NAME_CHARS_MAX);
        check.prose_opt("filter", self.filter.as_ref(), NOTES_CHARS_MAX);
        check.count("clients", self.clients.len(), SHARED_SEGMENT_CLIENTS_MAX);
        for (field, reaction) in [("on_enter", &self.on_enter), ("on_leave", &self.on_leave)] {
            if let Some(reaction) = reaction {
                check.within(field, |check| reaction.check(check));
            }
        }
    }
}

impl Reaction {
    pub fn new(sort: ReactionSort, text: impl Into<String>) -> Self {
        Self { sort, text: text.into(), person: None, due_days: None, extras: Default::default() }
    }

    fn check(&self, check: &mut Check) {
        check.rule(self.sort.is_known(), "sort", Code::UnknownValue);
        check.prose("text", &self.text, SENTENCE_CHARS_MAX);
        let is_task = self.sort != ReactionSort::Notice;
        check.rule(is_task || self.person.is_none(), "person", Code::Contradiction);
        check.rule(is_task || self.due_days.is_none(), "due_days", Code::Contradiction);
        if let Some(days) = self.due_days {
            check.range("due_days", days.into(), 0, NOTICE_DAYS_MAX.into());
        }
    }
}

impl Notice {
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            from: None,
            until: None,
            must_read: false,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("title", &self.title, NAME_CHARS_MAX);
        check.prose("text", &self.text, NOTES_CHARS_MAX);
        check_period(check, self.from, self.until);
    }
}

impl Census {
    pub fn new(region: impl Into<String>, establishments: u64, as_of: BusinessDate) -> Self {
        Self {
            region: region.into(),
            sector: None,
            establishments,
            as_of,
            origin: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("region", &self.region, ADDRESS_LINE_CHARS_MAX);
        check.line_opt("sector", self.sector.as_ref(), CODE_CHARS_MAX);
        check.line_opt("origin", self.origin.as_ref(), NAME_CHARS_MAX);
    }
}

impl Spend {
    pub fn new(amount: Money, from: BusinessDate, to: BusinessDate) -> Self {
        Self { amount, from, to, what: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.range("amount", self.amount.minor, 0, i64::MAX);
        check_currency(check, "amount", Some(self.amount.currency));
        check_period(check, Some(self.from), Some(self.to));
        check.line_opt("what", self.what.as_ref(), NAME_CHARS_MAX);
    }
}

impl Setting {
    pub fn new(value: Scalar) -> Self {
        Self { value, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        if self.value.len() > PROFILE_VALUE_BYTES_MAX {
            check.add("value", Code::TooLong, Some(PROFILE_VALUE_BYTES_MAX as i64));
        }
    }
}

impl NamedFloat {
    pub fn new(name: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), value: Float::new(value), extras: Default::default() }
    }
}

impl Cut {
    pub fn new(name: impl Into<String>, value: i64, client: Option<ClientId>) -> Self {
        Self { name: name.into(), value, client, extras: Default::default() }
    }
}

impl Parameter {
    pub fn new(as_of: BusinessDate, version: u32, records: u64) -> Self {
        Self {
            as_of,
            version,
            values: Vec::new(),
            cuts: Vec::new(),
            records,
            withheld: None,
            extras: Default::default(),
        }
    }

    pub fn value(&self, name: &str) -> Option<f64> {
        self.values.iter().find(|value| value.name == name).map(|value| value.value.get())
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.each("values", &self.values, PARAMETER_VALUES_MAX, |check, value| {
            check.line("name", &value.name, CODE_CHARS_MAX);
            check.rule(value.value.get().is_finite(), "value", Code::Form);
        });
        check.each("cuts", &self.cuts, PARAMETER_CUTS_MAX, |check, cut| {
            check.line("name", &cut.name, CODE_CHARS_MAX);
        });
        check.line_opt("withheld", self.withheld.as_ref(), NAME_CHARS_MAX);
    }
}

impl Cost {
    pub fn new(cost: Decimal, currency: Currency) -> Self {
        Self { cost, currency, unit: None, from: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.decimal("cost", self.cost, 0, UNIT_PRICE_MAX, UNIT_PRICE_PLACES);
        check_currency(check, "currency", Some(self.currency));
        check.line_opt("unit", self.unit.as_ref(), UNIT_CHARS_MAX);
    }
}

impl Margin {
    pub fn new(margin: Money, date: BusinessDate) -> Self {
        Self { margin, date, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_currency(check, "margin", Some(self.margin.currency));
    }
}

impl Feed {
    pub fn new(at_ms: i64, records: u64) -> Self {
        Self { at_ms, records, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.range("at_ms", self.at_ms, 0, i64::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cbor::{from_slice, to_vec};

    #[test]
    fn floats_come_back_to_the_last_bit_and_have_one_form() {
        for value in [0.1, -9_582.43, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::INFINITY] {
            let float = Float::new(value);
            assert_eq!(from_slice::<Float>(&to_vec(&float)).map(|f| f.get().to_bits()), Ok(value.to_bits()));
        }
        assert_eq!(Float::new(-0.0), Float::new(0.0));
        assert_eq!(Float::new(-f64::NAN), Float::new(f64::NAN));
        let minus_zero = [0x48, 0x80, 0, 0, 0, 0, 0, 0, 0];
        assert!(matches!(from_slice::<Float>(&minus_zero), Err(CborError::NotCanonical { .. })));
    }
}
