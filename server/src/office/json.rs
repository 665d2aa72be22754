//! The values of office records in JSON: fields by the names that the model gives them, driven by its own tables, so
//! that whatever the model learns can be written.
//!
//! An amount is written in its currency as `net` (a decimal, best as a string) or `net_minor` (whole minor units), as
//! the export does; the currency stands once, in the value's own `currency`. Decimals may be strings or numbers, dates
//! are `2026-09-21`, enumerations are words, ids are ULIDs. `null` is as good as leaving a field out.

use std::fmt::Display;
use std::str::FromStr;

use cartera_core::model::cbor::{self, CborError, Field, FieldShape, Reader, Shape, Writer};
use cartera_core::model::office::{KnownKind, Value};
use cartera_core::model::{BusinessDate, Currency, Decimal, Money, RecordId};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::error::{Code, Errors};

/// The fields of a kind's value.
pub fn fields(kind: KnownKind) -> &'static [FieldShape] {
    Value::fields(kind)
}

/// A value as the model reads it; `None` if something is wrong, which is then among `errors`.
pub fn decode(kind: KnownKind, json: &Map<String, Json>, errors: &mut Errors) -> Option<Value> {
    let before = errors.len();
    let currency = currency(json, errors);
    let pairs = Object { currency, errors }.pairs(fields(kind), json, "", true);
    if errors.len() > before {
        return None;
    }
    let mut out = Writer::default();
    out.map(pairs.len() + 1);
    out.uint(0);
    out.uint(Value::VERSION.into());
    write_pairs(&mut out, &pairs);
    match Value::decode(&kind.into(), &out.into_bytes()) {
        Ok(value) => Some(value),
        Err(error) => {
            errors.add("value", Code::WrongType, error.to_string());
            None
        }
    }
}

/// A stored map as JSON, in the form in which [`decode`] reads it; amounts in both forms.
///
/// # Errors
/// The bytes are not a map of these fields.
pub fn encode(fields: &[FieldShape], bytes: &[u8]) -> Result<Map<String, Json>, CborError> {
    let currency = currency_of(fields, bytes)?;
    let mut out = Map::new();
    encode_into(&mut out, fields, bytes, currency)?;
    if let Some(currency) = currency {
        out.entry("currency").or_insert_with(|| currency.to_string().into());
    }
    Ok(out)
}

/// Names under which a field is written.
pub fn names(field: &FieldShape) -> (String, Option<String>) {
    let minor = field.is_minor() || field.shape == Shape::Money;
    (field.name.to_owned(), minor.then(|| format!("{}_minor", field.name)))
}

/// Whether values of these fields name one currency for all their amounts.
pub fn has_currency(fields: &[FieldShape]) -> bool {
    fields.iter().any(|field| matches!(field.shape, Shape::Money | Shape::Currency))
}

fn currency(json: &Map<String, Json>, errors: &mut Errors) -> Option<Currency> {
    let text = json.get("currency").filter(|value| !value.is_null())?;
    let currency = text.as_str().and_then(|text| text.parse().ok());
    if currency.is_none() {
        errors.add("currency", Code::WrongType, "three capital letters of ISO 4217, such as EUR");
    }
    currency
}

type Pair = (u64, Vec<u8>);

fn write_pairs(out: &mut Writer, pairs: &[Pair]) {
    for (key, value) in pairs {
        out.uint(*key);
        out.raw(value);
    }
}

struct Object<'a> {
    currency: Option<Currency>,
    errors: &'a mut Errors,
}

impl Object<'_> {
    /// Keys and encoded values, ascending, without what is absent.
    fn pairs(
        &mut self,
        fields: &[FieldShape],
        json: &Map<String, Json>,
        path: &str,
        root: bool,
    ) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut known = 0;
        let mut count = |name: &str| known += usize::from(json.contains_key(name));
        if root && has_currency(fields) && !fields.iter().any(|field| field.shape == Shape::Currency) {
            count("currency");
        }
        for field in fields {
            let (name, minor) = names(field);
            count(&name);
            if let Some(minor) = &minor {
                count(minor);
            }
        }
        if known < json.len() {
            self.unknown(fields, json, path, root);
        }
        for field in fields {
            let (name, minor) = names(field);
            let given = json.get(&name).filter(|value| !value.is_null());
            let at = join(path, &name);
            let encoded = match minor {
                Some(minor) => {
                    let minor_given = json.get(&minor).filter(|value| !value.is_null());
                    self.amount(field, (given, minor_given), &at, path)
                }
                None => given.and_then(|given| self.value(field.shape, given, &at)),
            };
            match encoded {
                Some(encoded) => pairs.push((field.key, encoded)),
                None if field.is_required() && given.is_none() && !self.errors.has(&at) => {
                    self.errors.add(&at, Code::Required, "");
                }
                None => {}
            }
        }
        pairs
    }

    fn unknown(&mut self, fields: &[FieldShape], json: &Map<String, Json>, path: &str, root: bool) {
        for name in json.keys() {
            let is_field = fields.iter().any(|field| {
                let (own, minor) = names(field);
                own == *name || minor.as_ref() == Some(name)
            });
            let is_currency = root && name == "currency" && has_currency(fields);
            if !is_field && !is_currency {
                let shown: String = name.chars().take(40).collect();
                let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
                self.errors.add(&join(path, &shown), Code::UnknownField, names.join(", "));
            }
        }
    }

    fn amount(
        &mut self,
        field: &FieldShape,
        given: (Option<&Json>, Option<&Json>),
        at: &str,
        path: &str,
    ) -> Option<Vec<u8>> {
        let wanted = match given {
            (None, None) => return None,
            (Some(_), Some(_)) => {
                self.errors.add(at, Code::Contradiction, format!("{at} or {at}_minor, not both"));
                return None;
            }
            (Some(decimal), None) => Ok(decimal),
            (None, Some(minor)) => Err(minor),
        };
        let Some(currency) = self.currency else {
            let root = if path.is_empty() { "currency" } else { "currency of the whole" };
            self.errors.add("currency", Code::Required, format!("{root}: {at} is an amount"));
            return None;
        };
        let minor = match wanted {
            Ok(decimal) => match Money::parse(&plain(decimal), currency) {
                Ok(money) => money.minor,
                Err(error) => {
                    self.errors.add(at, Code::WrongType, error.to_string());
                    return None;
                }
            },
            Err(minor) => match minor.as_i64() {
                Some(minor) => minor,
                None => return self.wrong(&format!("{at}_minor"), "a whole number of minor units"),
            },
        };
        Some(match field.shape {
            Shape::Money => cbor::to_vec(&Money::new(minor, currency)),
            _ => cbor::to_vec(&minor),
        })
    }

    /// One value, encoded; `None` for what is said by leaving it out, or if it is wrong.
    fn value(&mut self, shape: Shape, json: &Json, at: &str) -> Option<Vec<u8>> {
        match shape {
            Shape::Bool => match json.as_bool() {
                Some(value) => value.then(|| cbor::to_vec(&true)),
                None => self.wrong(at, "true or false"),
            },
            Shape::Int => match (json.as_i64(), json.as_u64()) {
                (Some(int), _) => Some(cbor::to_vec(&int)),
                (None, Some(uint)) => Some(cbor::to_vec(&uint)),
                (None, None) if at.ends_with("_ms") => match json.as_str().map(str::parse::<Timestamp>) {
                    Some(Ok(instant)) => Some(cbor::to_vec(&instant.as_millisecond())),
                    _ => self
                        .wrong(at, "milliseconds since 1970 UTC, or an instant such as 2026-09-21T10:00:00Z"),
                },
                (None, None) => self.wrong(at, "a whole number"),
            },
            Shape::Text => match json.as_str() {
                Some(text) => Some(cbor::to_vec(&text.to_owned())),
                None => self.wrong(at, "a text"),
            },
            Shape::Id => self.parsed::<RecordId>(json, at, "an id of 26 characters"),
            Shape::Date => self.parsed::<BusinessDate>(json, at, "a date such as 2026-09-21"),
            Shape::Currency => self.parsed::<Currency>(json, at, "three capital letters of ISO 4217"),
            Shape::Decimal => match plain(json).parse::<Decimal>() {
                Ok(decimal) => Some(cbor::to_vec(&decimal)),
                Err(_) => self.wrong(at, "a decimal such as \"1.25\""),
            },
            Shape::Code(values) => {
                let found = json.as_str().and_then(|word| values.iter().find(|(_, known, _)| *known == word));
                match found {
                    Some((code, ..)) => Some(cbor::to_vec(code)),
                    None => {
                        let words: Vec<&str> = values.iter().map(|(_, word, _)| *word).collect();
                        self.wrong(at, &format!("one of {}", words.join(", ")))
                    }
                }
            }
            Shape::List(inner) => self.list(*inner, json, at),
            Shape::Map(fields) => match json.as_object() {
                Some(object) => {
                    let pairs = self.pairs(fields, object, at, false);
                    let mut out = Writer::default();
                    out.map(pairs.len());
                    write_pairs(&mut out, &pairs);
                    Some(out.into_bytes())
                }
                None => self.wrong(at, "an object"),
            },
            // Amounts have a way of their own, and nobody but the relay writes the others.
            Shape::Money | Shape::Bytes | Shape::Float | Shape::Scalar => {
                self.wrong(at, "nothing: the relay writes it")
            }
        }
    }

    fn list(&mut self, inner: Shape, json: &Json, at: &str) -> Option<Vec<u8>> {
        let Some(items) = json.as_array() else { return self.wrong(at, "a list") };
        let mut out = Writer::default();
        out.array(items.len());
        for (index, item) in items.iter().enumerate() {
            if let Some(encoded) = self.value(inner, item, &format!("{at}[{index}]")) {
                out.raw(&encoded);
            }
            if self.errors.is_full() {
                return None;
            }
        }
        (!items.is_empty()).then(|| out.into_bytes())
    }

    fn parsed<T: FromStr + Field>(&mut self, json: &Json, at: &str, expected: &str) -> Option<Vec<u8>>
    where
        T::Err: Display,
    {
        match json.as_str().and_then(|text| text.parse::<T>().ok()) {
            Some(value) => Some(cbor::to_vec(&value)),
            None => self.wrong(at, expected),
        }
    }

    fn wrong(&mut self, at: &str, expected: &str) -> Option<Vec<u8>> {
        self.errors.add(at, Code::WrongType, format!("expected {expected}"));
        None
    }
}

/// The value's own currency, or that of its first amount.
fn currency_of(fields: &[FieldShape], bytes: &[u8]) -> Result<Option<Currency>, CborError> {
    let mut found = None;
    each_pair(fields, bytes, |field, raw| {
        match field.shape {
            Shape::Currency => found = Some(cbor::from_slice(raw)?),
            Shape::Money => found = found.or(Some(cbor::from_slice::<Money>(raw)?.currency)),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// The known fields of a map; what this version does not know is passed over.
fn each_pair(
    fields: &[FieldShape],
    bytes: &[u8],
    mut each: impl FnMut(&FieldShape, &[u8]) -> Result<(), CborError>,
) -> Result<(), CborError> {
    let mut input = Reader::new(bytes);
    for _ in 0..input.map()? {
        let key = input.uint()?;
        let raw = input.raw()?;
        if let Some(field) = fields.iter().find(|field| field.key == key) {
            each(field, raw)?;
        }
    }
    Ok(())
}

fn encode_into(
    out: &mut Map<String, Json>,
    fields: &[FieldShape],
    bytes: &[u8],
    currency: Option<Currency>,
) -> Result<(), CborError> {
    each_pair(fields, bytes, |field, raw| {
        let (name, minor) = names(field);
        let Some(minor_name) = minor else {
            out.insert(name, encode_value(field.shape, raw, currency)?);
            return Ok(());
        };
        let minor = match field.shape {
            Shape::Money => cbor::from_slice::<Money>(raw)?.minor,
            _ => cbor::from_slice(raw)?,
        };
        if let Some(currency) = currency {
            out.insert(name, Money::new(minor, currency).to_decimal_string().into());
        }
        out.insert(minor_name, minor.into());
        Ok(())
    })
}

fn encode_value(shape: Shape, raw: &[u8], currency: Option<Currency>) -> Result<Json, CborError> {
    Ok(match shape {
        Shape::Bool => cbor::from_slice::<bool>(raw)?.into(),
        Shape::Int => match cbor::from_slice::<i64>(raw) {
            Ok(int) => int.into(),
            Err(_) => cbor::from_slice::<u64>(raw)?.into(),
        },
        Shape::Text => cbor::from_slice::<String>(raw)?.into(),
        Shape::Id => cbor::from_slice::<RecordId>(raw)?.to_string().into(),
        Shape::Decimal => cbor::from_slice::<Decimal>(raw)?.to_string().into(),
        Shape::Date => cbor::from_slice::<BusinessDate>(raw)?.to_string().into(),
        Shape::Currency => cbor::from_slice::<Currency>(raw)?.to_string().into(),
        Shape::Code(values) => {
            let code = cbor::from_slice::<u32>(raw)?;
            let word =
                values.iter().find(|(known, ..)| *known == code).map_or("unknown", |(_, word, _)| *word);
            word.into()
        }
        Shape::List(inner) => {
            let mut input = Reader::new(raw);
            let len = input.array()?;
            let items = (0..len).map(|_| encode_value(*inner, input.raw()?, currency));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Shape::Map(fields) => {
            let mut inner = Map::new();
            encode_into(&mut inner, fields, raw, currency)?;
            Json::Object(inner)
        }
        // Nothing that is shown has these.
        Shape::Money | Shape::Bytes | Shape::Float | Shape::Scalar => Json::Null,
    })
}

/// A decimal as it was written; a number's digits are taken as they are shortest.
fn plain(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use cartera_core::model::office::{DueItem, Price, Sale, SaleLine, SaleSort};
    use serde_json::json;

    use super::*;

    fn read(kind: KnownKind, value: Json) -> Result<Value, Vec<(String, &'static str)>> {
        let mut errors = Errors::default();
        let value = decode(kind, value.as_object().unwrap(), &mut errors);
        value.ok_or_else(|| errors.iter().map(|error| (error.field.clone(), error.code.as_str())).collect())
    }

    #[test]
    fn a_sale_is_read_with_amounts_in_either_form() {
        let date = BusinessDate::from_ymd(2026, 9, 21).unwrap();
        let mut sale = Sale::new(SaleSort::CreditNote, date, Currency::EUR, -1230);
        sale.corrects = Some("F-1".into());
        sale.lines = vec![SaleLine {
            quantity: "-1.5".parse().ok(),
            price: "8.2".parse().ok(),
            discounts: vec!["10".parse().unwrap()],
            ..SaleLine::new(Some("A1".into()), -1230)
        }];
        for (net, of_line) in [
            (("net", json!("-12.30")), ("net_minor", json!(-1230))),
            (("net_minor", json!(-1230)), ("net", json!(-12.3))),
        ] {
            let json = json!({
                "sort": "credit_note", "date": "2026-09-21", "currency": "EUR", net.0: net.1, "voided": false,
                "corrects": "F-1", "total": null,
                "lines": [{"article": "A1", "quantity": "-1.5", "price": 8.2, "discounts": [10], of_line.0: of_line.1}],
            });
            assert_eq!(read(KnownKind::Sale, json), Ok(sale.clone().into()));
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let date = BusinessDate::from_ymd(2026, 9, 21).unwrap();
        let mut sale = Sale::new(SaleSort::Invoice, date, Currency::EUR, 1230);
        sale.lines = vec![SaleLine {
            quantity: "1.5".parse().ok(),
            discounts: vec!["10".parse().unwrap()],
            ..SaleLine::new(Some("A1".into()), 1230)
        }];
        let item = DueItem { returned: true, ..DueItem::new(date, Money::new(1500, Currency::EUR), 500) };
        for (kind, value) in [(KnownKind::Sale, Value::from(sale)), (KnownKind::DueItem, item.into())] {
            let mut json = encode(fields(kind), &value.encode()).unwrap();
            let both: Vec<String> = json.keys().filter(|name| name.ends_with("_minor")).cloned().collect();
            both.iter().for_each(|name| drop(json.remove(name)));
            if let Some(Json::Array(lines)) = json.get_mut("lines") {
                lines.iter_mut().for_each(|line| drop(line.as_object_mut().unwrap().remove("net_minor")));
            }
            assert_eq!(read(kind, Json::Object(json)), Ok(value));
        }
    }

    #[test]
    fn money_takes_the_values_currency() {
        let date = BusinessDate::from_ymd(2026, 9, 30).unwrap();
        let item = DueItem::new(date, Money::new(1500, "JPY".parse().unwrap()), 500);
        let json = json!({"due": "2026-09-30", "currency": "JPY", "amount": "1500", "open_minor": 500});
        assert_eq!(read(KnownKind::DueItem, json), Ok(item.into()));
        let price =
            Price { article: Some("A".into()), price: "0.123456".parse().ok(), ..Price::new(Currency::EUR) };
        let json = json!({"article": "A", "price": "0.123456", "currency": "EUR"});
        assert_eq!(read(KnownKind::Price, json), Ok(price.into()));
    }

    #[test]
    fn each_wrong_field_is_named() {
        let wrong = json!({
            "sort": "bill", "date": "21/09/2026", "currency": "EUR", "net": "12.345", "colour": "red",
            "lines": [{"net": "1", "net_minor": 100}, {"quantity": "1,5"}, 7],
        });
        assert_eq!(
            read(KnownKind::Sale, wrong),
            Err(vec![
                ("colour".into(), "unknown_field"),
                ("sort".into(), "wrong_type"),
                ("date".into(), "wrong_type"),
                ("net".into(), "wrong_type"),
                ("lines[0].net".into(), "contradiction"),
                ("lines[1].quantity".into(), "wrong_type"),
                ("lines[1].net".into(), "required"),
                ("lines[2]".into(), "wrong_type"),
            ])
        );
        let no_currency = json!({"due": "2026-09-30", "amount": "1", "open": "1"});
        assert_eq!(read(KnownKind::DueItem, no_currency).unwrap_err()[0], ("currency".into(), "required"));
    }
}
