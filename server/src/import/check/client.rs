//! A client's row as a profile: the document's keys, and values as the model has them.

use cartera_core::model::PartId;
use cartera_core::model::phone::Phone;
use cartera_core::model::place::{Address, Fix};
use cartera_core::model::problem;
use cartera_core::model::profile::{ClientField, ContactField, Key, Value};
use cartera_core::model::tax_id::TaxId;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sha2::{Digest, Sha256};

use super::build::Builder;
use crate::import::finding::Code;
use crate::import::map::{Bound, normal_title};
use crate::import::profile::Covered;
use crate::import::record::Client;
use crate::import::target::Reference;

/// Where a field's value goes in the profile.
#[derive(Debug, Clone, Copy)]
enum To {
    Client(ClientField),
    /// A field of the one contact that a row can have.
    Contact(ContactField),
}

use To::{Client as C, Contact as P};

/// Fields that have a key of their own.
const KEYS: &[(&str, To)] = &[
    ("id", C(ClientField::ErpCode)),
    ("name", C(ClientField::Name)),
    ("legal_name", C(ClientField::LegalName)),
    ("tax_id", C(ClientField::TaxId)),
    ("sector", C(ClientField::Sector)),
    ("phone", C(ClientField::Phone)),
    ("mobile", C(ClientField::Mobile)),
    ("email", C(ClientField::Email)),
    ("web", C(ClientField::Web)),
    ("language", C(ClientField::Language)),
    ("currency", C(ClientField::Currency)),
    ("price_list", C(ClientField::PriceList)),
    ("payment_terms", C(ClientField::PaymentTerms)),
    ("fiscal_group", C(ClientField::FiscalGroup)),
    ("visit_every", C(ClientField::VisitEvery)),
    ("warning", C(ClientField::Warning)),
    ("contact_name", P(ContactField::Name)),
    ("contact_role", P(ContactField::Role)),
    ("contact_phone", P(ContactField::Phone)),
    ("contact_email", P(ContactField::Email)),
];

/// Fields that make one value together.
const ADDRESS: [&str; 5] = ["street", "detail", "postal_code", "city", "province"];

/// Which keys of the profile the file speaks of.
pub(in crate::import) fn covered(bound: &Bound) -> Covered {
    let mut covered = Covered::default();
    for bound in bound.fields.iter().filter(|bound| bound.is_mapped()) {
        match bound.field.name {
            "tags" => covered.add(&Key::Tag(String::new())),
            "territory" => covered.territory = true,
            "latitude" | "longitude" => covered.add(&Key::Client(ClientField::Point)),
            // A country, which may be a default, is no address by itself.
            "country" => {}
            name if ADDRESS.contains(&name) => covered.add(&Key::Client(ClientField::Address)),
            name => {
                if let Some((_, to)) = KEYS.iter().find(|(field, _)| *field == name) {
                    covered.add(&key(*to, PartId::from_bytes([0; 16])));
                }
            }
        }
    }
    covered
}

pub(super) fn build(builder: &mut Builder<'_>) -> Client {
    let mut client = Client::default();
    let address = address(builder);
    let country = address.country.clone();
    if address != (Address { country: country.clone(), ..Address::empty() }) {
        set(builder, &mut client, "street", &Key::Client(ClientField::Address), &Value::Address(address));
    }
    let mut contact = PartId::from_bytes([0; 16]);
    for (field, to) in KEYS {
        if *field == "visit_every" {
            let days = builder.number(field).and_then(|days| days.to_i64());
            if let Some(days) = days {
                set(builder, &mut client, field, &key(*to, contact), &Value::Number(days));
            }
            continue;
        }
        let Some(text) = builder.text(field) else { continue };
        if *field == "id" {
            contact = contact_id(&builder.mapping().source, &text);
            client.id.clone_from(&text);
        }
        let value = match field {
            &"tax_id" => tax_id(builder, &text, country.as_deref()),
            &"phone" | &"mobile" | &"contact_phone" => Some(phone(builder, field, &text, country.as_deref())),
            _ => Some(Value::Text(text)),
        };
        if let Some(value) = value {
            set(builder, &mut client, field, &key(*to, contact), &value);
        }
    }
    point(builder, &mut client);
    for label in builder.text("tags").unwrap_or_default().split([',', ';', '|']).map(str::trim) {
        if let Some(slug) = Key::slug(label) {
            set(builder, &mut client, "tags", &Key::Tag(slug), &Value::Text(label.to_owned()));
        }
    }
    client.row.territory = builder.text("territory");
    builder.want(Reference::Territory, client.row.territory.as_ref(), "territory");
    client
}

fn key(to: To, contact: PartId) -> Key {
    match to {
        To::Client(field) => Key::Client(field),
        To::Contact(field) => Key::Contact(contact, field),
    }
}

/// The contact that a row has is the same one at every import.
fn contact_id(source: &str, client: &str) -> PartId {
    let hash = Sha256::new().chain_update("import contact\0").chain_update(source).chain_update("\0");
    let hash: [u8; 32] = hash.chain_update(client).finalize().into();
    let mut id = [0; 16];
    // The time of an id means nothing; zero keeps these apart from those that phones make.
    id[6..].copy_from_slice(&hash[..10]);
    PartId::from_bytes(id)
}

/// Puts a value into the profile, unless the model does not take it.
fn set(builder: &mut Builder<'_>, client: &mut Client, field: &'static str, key: &Key, value: &Value) {
    let scalar = value.to_scalar();
    let problems = key.validate(&scalar);
    for broken in &problems {
        let shown = match value {
            Value::Text(text) => text.as_str(),
            Value::Phone(phone) => &phone.raw,
            Value::TaxId(id) => &id.number,
            _ => "",
        };
        let limit = broken.limit.map(|limit| limit.to_string());
        let code = match broken.code {
            problem::Code::TooLong => Code::TooLong,
            problem::Code::ControlCharacter => Code::ControlCharacter,
            problem::Code::TooSmall => Code::TooSmall,
            problem::Code::TooLarge => Code::TooLarge,
            _ => match value {
                Value::TaxId(_) => Code::TaxId,
                Value::Phone(_) => Code::Phone,
                _ if field.ends_with("email") => Code::Email,
                _ => Code::NotTaken,
            },
        };
        builder.fail(field, code, shown, limit);
    }
    if problems.is_empty() {
        client.row.profile.insert(key.to_string(), scalar);
    } else {
        client.unsaid.push(key.to_string());
    }
}

fn address(builder: &mut Builder<'_>) -> Address {
    let mut address = Address::empty();
    address.street = builder.text("street");
    address.detail = builder.text("detail");
    address.postcode = builder.text("postal_code");
    address.city = builder.text("city");
    address.region = builder.text("province");
    if let Some(text) = builder.text("country") {
        address.country = country(&text);
        if address.country.is_none() {
            builder.fail("country", Code::NotTaken, &text, None);
        }
    }
    address
}

/// The code of a country (ISO 3166-1) by itself, or by the names that it has here.
fn country(text: &str) -> Option<String> {
    let code = match normal_title(text).as_str() {
        "espana" | "spain" | "esp" => "ES",
        "portugal" | "prt" => "PT",
        "francia" | "france" | "fra" => "FR",
        "andorra" | "and" => "AD",
        "italia" | "italy" | "ita" => "IT",
        "alemania" | "germany" | "deu" => "DE",
        "reino unido" | "united kingdom" | "uk" | "gbr" => "GB",
        "estados unidos" | "united states" | "usa" => "US",
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()) => {
            return Some(code.to_ascii_uppercase());
        }
        _ => return None,
    };
    Some(code.to_owned())
}

fn tax_id(builder: &mut Builder<'_>, text: &str, country: Option<&str>) -> Option<Value> {
    let id = TaxId::parse(text, country.unwrap_or("ES"));
    if id.as_ref().is_none_or(|id| id.warning().is_some()) {
        builder.fail("tax_id", Code::TaxId, text, None);
    }
    id.map(Value::TaxId)
}

fn phone(builder: &mut Builder<'_>, field: &'static str, text: &str, country: Option<&str>) -> Value {
    let phone = Phone::parse(text, country);
    if phone.e164.is_none() {
        builder.fail(field, Code::Phone, text, None);
    }
    Value::Phone(phone)
}

fn point(builder: &mut Builder<'_>, client: &mut Client) {
    let degrees = |degrees: Decimal| (degrees * Decimal::from(10_000_000)).round().to_i32();
    let (latitude, longitude) = (builder.number("latitude"), builder.number("longitude"));
    match (latitude.and_then(degrees), longitude.and_then(degrees)) {
        (Some(latitude), Some(longitude)) => {
            let value = Value::Point(Fix::new(latitude, longitude, None));
            set(builder, client, "latitude", &Key::Client(ClientField::Point), &value);
        }
        (None, None) => {}
        _ if builder.failed() => {}
        _ => {
            builder.fail("latitude", Code::HalfPoint, "", None);
            client.unsaid.push(Key::Client(ClientField::Point).to_string());
        }
    }
}
