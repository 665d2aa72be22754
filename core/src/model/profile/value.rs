//! What a field of the profile means: from the scalar at its key to a typed value, and back.

use super::key::{ClientField, ContactField, DateField, Key, PlaceField};
use super::scalar::Scalar;
use super::week::{Hours, ShutDays};
use crate::model::cbor::{CborError, from_slice, to_vec};
use crate::model::date::BusinessDate;
use crate::model::limits::{
    CODE_CHARS_MAX, EMAIL_CHARS_MAX, LANGUAGE_CHARS_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX,
    PROFILE_VALUE_BYTES_MAX, SENTENCE_CHARS_MAX, TAG_CHARS_MAX, VISIT_EVERY_DAYS_MAX, WEB_CHARS_MAX,
};
use crate::model::money::Currency;
use crate::model::phone::Phone;
use crate::model::place::{Address, Fix};
use crate::model::problem::{Check, Code, Problem};
use crate::model::tax_id::TaxId;

/// What kind of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A text on one line, of at most so many characters.
    Line(usize),
    /// A text of several lines.
    Prose(usize),
    Email,
    Web,
    /// BCP 47.
    Language,
    /// ISO 4217.
    Currency,
    /// ULID of a contact of the same profile.
    ContactId,
    /// A whole number from 1 to so many.
    Number(i64),
    Bool,
    Date,
    Address,
    Point,
    TaxId,
    Phone,
    Hours,
    ShutDays,
    /// A text, whole number or yes/no, as whoever set it likes.
    Free,
}

/// A value that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // one at a time, on its way to or from a key
pub enum Value {
    Text(String),
    Number(i64),
    Bool(bool),
    Date(BusinessDate),
    Address(Address),
    Point(Fix),
    TaxId(TaxId),
    Phone(Phone),
    Hours(Hours),
    ShutDays(ShutDays),
}

/// Why a scalar is not understood; it is carried all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("the key is not known to this version")]
    UnknownKey,
    #[error("the value is not of the type that the field has")]
    WrongType,
    #[error("the value's bytes: {0}")]
    Cbor(#[from] CborError),
}

impl ValueError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey => "profile_unknown_key",
            Self::WrongType => "profile_wrong_type",
            Self::Cbor(error) => error.code(),
        }
    }
}

impl Value {
    /// As it stands at the key.
    pub fn to_scalar(&self) -> Scalar {
        match self {
            Self::Text(text) => Scalar::Text(text.clone()),
            Self::Number(number) => Scalar::Int(*number),
            Self::Bool(bool) => Scalar::Bool(*bool),
            Self::Date(date) => Scalar::Int(date.days().into()),
            Self::Address(address) => Scalar::Cbor(to_vec(address)),
            Self::Point(point) => Scalar::Cbor(to_vec(point)),
            Self::TaxId(id) => Scalar::Cbor(to_vec(id)),
            Self::Phone(phone) => Scalar::Cbor(to_vec(phone)),
            Self::Hours(hours) => Scalar::Cbor(to_vec(hours)),
            Self::ShutDays(days) => Scalar::Cbor(to_vec(days)),
        }
    }
}

impl Key {
    /// What kind of value stands here; `None` for a key that this version does not know.
    pub const fn sort(&self) -> Option<Sort> {
        Some(match self {
            Self::Client(field) => client_sort(*field),
            Self::Tag(_) => Sort::Line(TAG_CHARS_MAX),
            Self::Pref(_) => Sort::Free,
            Self::Contact(_, field) => match field {
                ContactField::Name | ContactField::Role => Sort::Line(NAME_CHARS_MAX),
                ContactField::Phone | ContactField::Mobile => Sort::Phone,
                ContactField::Email => Sort::Email,
                ContactField::Language => Sort::Language,
                ContactField::Notes => Sort::Prose(NOTES_CHARS_MAX),
                ContactField::Removed => Sort::Bool,
            },
            Self::Date(_, field) => match field {
                DateField::What => Sort::Line(NAME_CHARS_MAX),
                DateField::On => Sort::Date,
                DateField::Yearly | DateField::Removed => Sort::Bool,
                DateField::Contact => Sort::ContactId,
            },
            Self::Place(_, field) => match field {
                PlaceField::Name => Sort::Line(NAME_CHARS_MAX),
                PlaceField::Address => Sort::Address,
                PlaceField::Point => Sort::Point,
                PlaceField::Phone => Sort::Phone,
                PlaceField::ErpCode => Sort::Line(CODE_CHARS_MAX),
                PlaceField::Hours => Sort::Hours,
                PlaceField::ShutDays => Sort::ShutDays,
                PlaceField::Instructions => Sort::Prose(SENTENCE_CHARS_MAX),
                PlaceField::Removed => Sort::Bool,
            },
            Self::Unknown(_) => return None,
        })
    }

    /// Reads the scalar that stands here.
    ///
    /// # Errors
    /// The key is not known, or the scalar has another type: show it as not understood, and carry it.
    pub fn read(&self, scalar: &Scalar) -> Result<Value, ValueError> {
        let sort = self.sort().ok_or(ValueError::UnknownKey)?;
        Ok(match (sort, scalar) {
            (Sort::Address, Scalar::Cbor(bytes)) => Value::Address(from_slice(bytes)?),
            (Sort::Point, Scalar::Cbor(bytes)) => Value::Point(from_slice(bytes)?),
            (Sort::TaxId, Scalar::Cbor(bytes)) => Value::TaxId(from_slice(bytes)?),
            (Sort::Phone, Scalar::Cbor(bytes)) => Value::Phone(from_slice(bytes)?),
            (Sort::Hours, Scalar::Cbor(bytes)) => Value::Hours(from_slice(bytes)?),
            (Sort::ShutDays, Scalar::Cbor(bytes)) => Value::ShutDays(from_slice(bytes)?),
            (_, Scalar::Cbor(_)) => return Err(ValueError::WrongType),
            (Sort::Date, Scalar::Int(days)) => i32::try_from(*days)
                .ok()
                .and_then(BusinessDate::from_days)
                .map(Value::Date)
                .ok_or(ValueError::WrongType)?,
            (Sort::Number(_) | Sort::Free, Scalar::Int(number)) => Value::Number(*number),
            (Sort::Bool | Sort::Free, Scalar::Bool(bool)) => Value::Bool(*bool),
            (
                Sort::Line(_)
                | Sort::Prose(_)
                | Sort::Email
                | Sort::Web
                | Sort::Language
                | Sort::Currency
                | Sort::ContactId
                | Sort::Free,
                Scalar::Text(text),
            ) => Value::Text(text.clone()),
            _ => return Err(ValueError::WrongType),
        })
    }

    /// Every rule that a scalar breaks at this key. An unknown key's value is only bounded. What is wrong with a value as a
    /// whole has the key as its field; with a part of it, such as `address.street`, that part.
    pub fn validate(&self, scalar: &Scalar) -> Vec<Problem> {
        let mut check = Check::default();
        check.within(&self.to_string(), |check| self.check(scalar, check));
        let mut problems = check.into_problems();
        for problem in &mut problems {
            if let Some(key) = problem.field.strip_suffix(".value") {
                problem.field.truncate(key.len());
            }
        }
        problems
    }

    pub(crate) fn check(&self, scalar: &Scalar, check: &mut Check) {
        if scalar.len() > PROFILE_VALUE_BYTES_MAX {
            check.add("value", Code::TooLong, Some(PROFILE_VALUE_BYTES_MAX as i64));
            return;
        }
        match (self.read(scalar), self.sort()) {
            (Ok(value), Some(sort)) => check_value(&value, sort, check),
            (Err(ValueError::UnknownKey), _) | (_, None) => {}
            (Err(_), _) => check.add("value", Code::Form, None),
        }
    }
}

const fn client_sort(field: ClientField) -> Sort {
    match field {
        ClientField::Name | ClientField::LegalName | ClientField::Source => Sort::Line(NAME_CHARS_MAX),
        ClientField::TaxId => Sort::TaxId,
        ClientField::ErpCode
        | ClientField::Sector
        | ClientField::PriceList
        | ClientField::PaymentTerms
        | ClientField::FiscalGroup => Sort::Line(CODE_CHARS_MAX),
        ClientField::Phone | ClientField::Mobile => Sort::Phone,
        ClientField::Email => Sort::Email,
        ClientField::Web => Sort::Web,
        ClientField::Address => Sort::Address,
        ClientField::Point => Sort::Point,
        ClientField::Language => Sort::Language,
        ClientField::Currency => Sort::Currency,
        ClientField::VisitEvery => Sort::Number(VISIT_EVERY_DAYS_MAX),
        ClientField::Hours => Sort::Hours,
        ClientField::ShutDays => Sort::ShutDays,
        ClientField::Warning => Sort::Prose(SENTENCE_CHARS_MAX),
    }
}

fn check_value(value: &Value, sort: Sort, check: &mut Check) {
    match (value, sort) {
        (Value::Text(text), Sort::Line(max)) => check.line("value", text, max),
        (Value::Text(text), Sort::Prose(max)) => check.prose("value", text, max),
        (Value::Text(text), Sort::Email) => {
            check.line("value", text, EMAIL_CHARS_MAX);
            check.rule(is_email(text), "value", Code::Form);
        }
        (Value::Text(text), Sort::Web) => check.line("value", text, WEB_CHARS_MAX),
        (Value::Text(text), Sort::Language) => {
            check.line("value", text, LANGUAGE_CHARS_MAX);
            let shaped = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            check.rule(shaped, "value", Code::Form);
        }
        (Value::Text(text), Sort::Currency) => {
            let known = text.parse::<Currency>().is_ok_and(|currency| currency.exponent().is_some());
            check.rule(known, "value", Code::UnknownValue);
        }
        (Value::Text(text), Sort::ContactId) => {
            check.rule(text.parse::<crate::model::PartId>().is_ok(), "value", Code::Form);
        }
        (Value::Text(text), _) => check.prose("value", text, SENTENCE_CHARS_MAX),
        (Value::Number(number), Sort::Number(max)) => check.range("value", *number, 1, max),
        (Value::Address(address), _) => address.check(check),
        (Value::Point(point), _) => point.check(check),
        (Value::TaxId(id), _) => id.check(check),
        (Value::Phone(phone), _) => phone.check(check),
        (Value::Hours(hours), _) => hours.check(check),
        (Value::ShutDays(days), _) => days.check(check),
        (Value::Number(_) | Value::Bool(_) | Value::Date(_), _) => {}
    }
}

/// One `@` with something before it and a host with a point after it. Whether it can be reached, only mail tells.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    !local.is_empty()
        && !local.contains(['@', ' ', '\t'])
        && host.contains('.')
        && host.split('.').all(label)
        && !host.contains([' ', '\t', ','])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::profile::{OpenSpan, ShutSpan};

    const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    #[test]
    fn a_value_of_every_sort_comes_back_without_problems() {
        let date: BusinessDate = "2026-09-21".parse().unwrap();
        let mut address = Address::empty();
        address.city = Some("Cuenca".into());
        for (at, value) in [
            ("name", Value::Text("Bar Ñoño".into())),
            ("warning", Value::Text("Perro\nsuelto".into())),
            ("email", Value::Text("ana@bar.example".into())),
            ("web", Value::Text("https://bar.example".into())),
            ("language", Value::Text("ca-ES".into())),
            ("currency", Value::Text("EUR".into())),
            ("visit_every", Value::Number(21)),
            ("tax_id", Value::TaxId(TaxId::parse("12345678Z", "ES").unwrap())),
            ("phone", Value::Phone(Phone::parse("600 123 456", Some("ES")))),
            ("address", Value::Address(address)),
            ("point", Value::Point(Fix::new(404_168_000, -37_038_000, None))),
            ("hours", Value::Hours(Hours::new(vec![OpenSpan::new(1, 480, 840)]))),
            ("shut_days", Value::ShutDays(ShutDays::new(vec![7], vec![ShutSpan::new(date, date, true)]))),
            ("tag/terraza", Value::Text("Terraza".into())),
            ("pref/cash", Value::Bool(true)),
            ("pref/cash", Value::Number(3)),
            ("pref/cash", Value::Text("on Mondays".into())),
            (&format!("contact/{ID}/removed"), Value::Bool(true)),
            (&format!("date/{ID}/on"), Value::Date(date)),
            (&format!("date/{ID}/contact"), Value::Text(ID.into())),
        ] {
            let scalar = value.to_scalar();
            assert_eq!(key(at).validate(&scalar), [], "{at}");
            assert_eq!(key(at).read(&scalar), Ok(value), "{at}");
        }
    }

    #[test]
    fn values_that_are_not_understood_are_told_and_unknown_keys_only_bounded() {
        assert_eq!(key("name").read(&Scalar::Int(3)), Err(ValueError::WrongType));
        assert!(matches!(key("address").read(&Scalar::Cbor(vec![0xff])), Err(ValueError::Cbor(_))));
        assert_eq!(key("loyalty").read(&Scalar::Int(3)), Err(ValueError::UnknownKey));
        assert_eq!(key("name").validate(&Scalar::Int(3))[0].code, Code::Form);
        let most = Scalar::Cbor(vec![0; PROFILE_VALUE_BYTES_MAX]);
        let more = Scalar::Cbor(vec![0; PROFILE_VALUE_BYTES_MAX + 1]);
        assert_eq!(key("loyalty").validate(&most), []);
        assert_eq!(key("loyalty").validate(&more)[0].code, Code::TooLong);
    }

    #[test]
    fn texts_at_the_edge_and_one_past() {
        for (at, max) in [
            ("name", NAME_CHARS_MAX),
            ("erp_code", CODE_CHARS_MAX),
            ("warning", SENTENCE_CHARS_MAX),
            ("web", WEB_CHARS_MAX),
            ("language", LANGUAGE_CHARS_MAX),
            ("tag/x", TAG_CHARS_MAX),
            (&format!("contact/{ID}/notes"), NOTES_CHARS_MAX),
        ] {
            // Two bytes a character, where the field takes any letter: characters count, not bytes.
            let letter = if at == "language" { "e" } else { "é" };
            assert_eq!(key(at).validate(&Scalar::Text(letter.repeat(max))), [], "{at}");
            let problems = key(at).validate(&Scalar::Text(letter.repeat(max + 1)));
            assert_eq!((problems[0].code, problems[0].limit), (Code::TooLong, Some(max as i64)), "{at}");
        }
        let days = |days| key("visit_every").validate(&Scalar::Int(days)).len();
        assert_eq!(
            (days(0), days(1), days(VISIT_EVERY_DAYS_MAX), days(VISIT_EVERY_DAYS_MAX + 1)),
            (1, 0, 0, 1)
        );
    }

    #[test]
    fn mail_addresses_have_a_name_and_a_host() {
        for good in ["a@b.co", "ana.lopez+x@mail.empresa.example", "ñ@españa.es"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@b", "a@.co", "a@b..co", "a b@c.co", "a@@b.co", "a@b.co,", "a@-b.co"]
        {
            assert!(!is_email(bad), "{bad}");
        }
        let longest = format!("a@{}.co", "b".repeat(EMAIL_CHARS_MAX - 5));
        assert_eq!(key("email").validate(&Scalar::Text(longest.clone())), []);
        let problems = key("email").validate(&Scalar::Text(format!("a{longest}")));
        assert_eq!((problems[0].field.as_str(), problems[0].code), ("email", Code::TooLong));
    }

    #[test]
    fn control_characters_and_blanks_are_problems() {
        for (text, code) in [("", Code::Empty), ("  ", Code::Empty), ("a\nb", Code::ControlCharacter)] {
            assert_eq!(key("name").validate(&Scalar::Text(text.into()))[0].code, code, "{text:?}");
        }
        assert_eq!(key("warning").validate(&Scalar::Text("a\nb".into())), []);
        assert_eq!(key("warning").validate(&Scalar::Text("a\0b".into()))[0].code, Code::ControlCharacter);
    }
}
