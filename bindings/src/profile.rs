//! A client's profile: one value per field, and fields with two.

use cartera_core::engine::ClientEdit;
use cartera_core::model::place::Address as CoreAddress;
use cartera_core::model::problem::Code;
use cartera_core::model::profile::{self, Key, Scalar, Sort, Value};
use cartera_core::model::{PersonId as PersonCore, phone, tax_id};
use cartera_core::query::{conflicts, profile as query};

use crate::people::Names;
use crate::shared::Answer;
use crate::values::each;
use crate::{BusinessDate, CarteraError, ClientId, Clients, PersonId, Point, Saved, Weekday};

/// A field's value.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum FieldValue {
    Text {
        text: String,
    },
    Number {
        number: i64,
    },
    Bool {
        yes: bool,
    },
    Date {
        date: BusinessDate,
    },
    Address {
        address: Address,
    },
    Point {
        point: Point,
    },
    /// ISO 3166-1, and the number without it.
    TaxId {
        country: String,
        number: String,
    },
    /// As it was typed, and as a valid number is written everywhere.
    Phone {
        raw: String,
        e164: Option<String>,
    },
    Hours {
        spans: Vec<OpenSpan>,
    },
    ShutDays {
        weekdays: Vec<Weekday>,
        spans: Vec<ShutSpan>,
    },
}

/// A postal address; its parts are only true together.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Address {
    #[uniffi(default = None)]
    pub street: Option<String>,
    #[uniffi(default = None)]
    pub detail: Option<String>,
    #[uniffi(default = None)]
    pub postcode: Option<String>,
    #[uniffi(default = None)]
    pub city: Option<String>,
    #[uniffi(default = None)]
    pub region: Option<String>,
    /// ISO 3166-1: two capital letters.
    #[uniffi(default = None)]
    pub country: Option<String>,
}

/// Minutes after midnight; `to` is past 1,440 where it ends on the next day.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenSpan {
    pub weekday: Weekday,
    pub from: u32,
    pub to: u32,
}

/// First and last day included.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ShutSpan {
    pub from: BusinessDate,
    pub to: BusinessDate,
    pub yearly: bool,
}

/// A field and its value.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Field {
    /// `name`, `phone`, `tag/<label>`, `contact/<id>/phone`; its words are `client-…`, `contact-…`, `place-…`, `date-…`.
    pub key: String,
    pub value: FieldValue,
}

/// A field's new value; missing takes it away. A contact, date or place goes by `<…>/removed` = yes.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Edit {
    pub key: String,
    pub value: Option<FieldValue>,
}

/// A field that people changed without knowing of each other.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Conflict {
    pub key: String,
    /// At least two; the one in use stands first. Choosing one, or a third, is an edit.
    pub values: Vec<Candidate>,
}

#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Candidate {
    /// Missing where this version cannot read it.
    pub value: Option<FieldValue>,
    pub author: Option<PersonId>,
    pub author_name: Option<String>,
}

#[uniffi::export]
impl Clients {
    /// Every field of the profile that is understood, by key; contacts, dates and places that were removed are left out.
    pub fn profile(&self, client: ClientId) -> Result<Vec<Field>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let fields = query::of_client(conn, &client)?;
            Ok(fields
                .into_iter()
                .map(|(key, value)| Field { key: key.to_string(), value: value.into() })
                .collect())
        })
    }

    /// Changes fields, all or none. What the ERP owns is asked of the office instead: those requests are the answer.
    pub fn edit(&self, client: ClientId, edits: Vec<Edit>) -> Result<Vec<Saved>, CarteraError> {
        self.shared.run(|engine| {
            let (client, edits) = (client.read()?, each(edits, Edit::read)?);
            Ok(engine.edit_client(&client, edits)?.into_iter().map(Into::into).collect())
        })
    }

    pub fn conflicts(&self, client: ClientId) -> Result<Vec<Conflict>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let mut names = Names::new(conn);
            let mut conflict = |found: cartera_core::document::conflict::Conflict<Option<PersonCore>>| {
                let key = Key::parse(found.key.as_str());
                let value = |scalar: &Scalar| Some(key.as_ref()?.read(scalar).ok()?.into());
                let mut values = Vec::with_capacity(found.values.len());
                for said in &found.values {
                    let (value, author) = (value(&said.value), said.author.map(Into::into));
                    values.push(Candidate { value, author, author_name: names.of(said.author)? });
                }
                Ok(Conflict { key: found.key.as_str().to_owned(), values })
            };
            conflicts::of_client(conn, &client)?.into_iter().map(&mut conflict).collect()
        })
    }
}

impl Edit {
    pub(crate) fn read(self) -> Answer<ClientEdit> {
        let key = Key::parse(&self.key).ok_or_else(|| CarteraError::invalid(&self.key, Code::Form))?;
        Ok(match self.value {
            Some(value) => ClientEdit::put(&key, &value.read(&key)?),
            None => ClientEdit::clear(&key),
        })
    }
}

impl FieldValue {
    /// As the field takes it: a text that was typed becomes the phone number or tax id that it is.
    fn read(self, key: &Key) -> Answer<Value> {
        Ok(match (self, key.sort()) {
            (Self::Text { text }, Some(Sort::Phone)) => Value::Phone(phone::Phone::parse(&text, None)),
            (Self::Text { text }, _) => Value::Text(text),
            (Self::Number { number }, _) => Value::Number(number),
            (Self::Bool { yes }, _) => Value::Bool(yes),
            (Self::Date { date }, _) => Value::Date(date.read()?),
            (Self::Address { address }, _) => Value::Address(address.into()),
            (Self::Point { point }, _) => Value::Point(point.read()?),
            (Self::TaxId { country, number }, _) => {
                let parsed = tax_id::TaxId::parse(&number, &country);
                Value::TaxId(parsed.ok_or_else(|| CarteraError::invalid("tax_id", Code::Form))?)
            }
            // The country of what was typed is in the number, or the raw text is kept alone.
            (Self::Phone { raw, e164 }, _) => {
                Value::Phone(phone::Phone { raw, e164, ..phone::Phone::parse("", None) })
            }
            (Self::Hours { spans }, _) => Value::Hours(profile::Hours::new(
                spans
                    .into_iter()
                    .map(|span| profile::OpenSpan::new(span.weekday.number(), span.from, span.to))
                    .collect(),
            )),
            (Self::ShutDays { weekdays, spans }, _) => {
                let span = |span: ShutSpan| {
                    Ok(profile::ShutSpan::new(span.from.read()?, span.to.read()?, span.yearly))
                };
                let weekdays = weekdays.into_iter().map(Weekday::number).collect();
                Value::ShutDays(profile::ShutDays::new(weekdays, each(spans, span)?))
            }
        })
    }
}

impl From<Value> for FieldValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::Text { text },
            Value::Number(number) => Self::Number { number },
            Value::Bool(yes) => Self::Bool { yes },
            Value::Date(date) => Self::Date { date: date.into() },
            Value::Address(address) => Self::Address { address: address.into() },
            Value::Point(fix) => Self::Point { point: fix.into() },
            Value::TaxId(id) => Self::TaxId { country: id.country, number: id.number },
            Value::Phone(phone) => Self::Phone { raw: phone.raw, e164: phone.e164 },
            Value::Hours(hours) => Self::Hours { spans: spans(hours) },
            Value::ShutDays(days) => {
                let (weekdays, spans) = shut(days);
                Self::ShutDays { weekdays, spans }
            }
        }
    }
}

pub(crate) fn spans(hours: profile::Hours) -> Vec<OpenSpan> {
    let span = |span: profile::OpenSpan| {
        Some(OpenSpan { weekday: Weekday::of_number(span.weekday)?, from: span.from, to: span.to })
    };
    hours.spans.into_iter().filter_map(span).collect()
}

pub(crate) fn shut(days: profile::ShutDays) -> (Vec<Weekday>, Vec<ShutSpan>) {
    let span = |span: profile::ShutSpan| ShutSpan {
        from: span.from.into(),
        to: span.to.into(),
        yearly: span.yearly,
    };
    (Weekday::of_numbers(&days.weekdays), days.spans.into_iter().map(span).collect())
}

impl From<CoreAddress> for Address {
    fn from(address: CoreAddress) -> Self {
        Self {
            street: address.street,
            detail: address.detail,
            postcode: address.postcode,
            city: address.city,
            region: address.region,
            country: address.country,
        }
    }
}

impl From<Address> for CoreAddress {
    fn from(address: Address) -> Self {
        Self {
            street: address.street,
            detail: address.detail,
            postcode: address.postcode,
            city: address.city,
            region: address.region,
            country: address.country,
            ..Self::empty()
        }
    }
}
