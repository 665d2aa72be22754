//! One item of a batch: read, checked against the model, not yet written.

use cartera_core::model::office::{About, Item as Record, KeyRule, KnownKind, Scope, Value};
use cartera_core::model::{ClientId, TerritoryId, problem};
use cartera_core::portfolio::segments::Rule;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::error::{Code, Errors, ItemError};
use super::json;
use super::schema::ValueSchema;
use crate::storage::office::OfficeWrite;

/// Bytes of one item as it is sent.
pub const ITEM_BYTES_MAX: usize = 1 << 20;

/// A record to be written, or deleted, as it is sent.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ItemBody)]
pub struct Sent {
    /// Its name at the source. Credit has none: there is one a client. Of an order's state: the order's id.
    pub key: Option<String>,
    /// The client that it is about, by id,
    pub client_id: Option<String>,
    /// or as the source knows it: its code in an import from there, else its ERP code.
    pub client_code: Option<String>,
    pub territory_id: Option<String>,
    /// By name.
    pub territory: Option<String>,
    /// The source does not have it any more.
    #[serde(default)]
    pub deleted: bool,
    #[schema(value_type = Option<ValueSchema>)]
    pub value: Option<Map<String, Json>>,
}

impl Sent {
    pub fn read(raw: &str) -> Result<Self, ItemError> {
        if raw.len() > ITEM_BYTES_MAX {
            let detail = format!("{} bytes, at most {ITEM_BYTES_MAX}", raw.len());
            return Err(ItemError::new("", Code::ItemTooLarge, detail));
        }
        serde_json::from_str(raw).map_err(|error| ItemError::new("", Code::Malformed, error.to_string()))
    }
}

/// What the names in a batch stand for.
pub trait Names {
    /// The client that the source knows by this code.
    fn client(&self, code: &str) -> Option<ClientId>;
    fn territory(&self, name: &str) -> Option<TerritoryId>;
    /// The client whose order it is.
    fn order(&self, id: &str) -> Option<ClientId>;
}

/// The record that an item asks for.
pub fn resolve(
    kind: KnownKind,
    source: &str,
    sent: Sent,
    names: &dyn Names,
) -> Result<OfficeWrite, Vec<ItemError>> {
    let mut errors = Errors::default();
    let about = kind.about();
    let is_order = kind == KnownKind::OrderState;
    let client = client(&sent, about, names, &mut errors);
    let client = match (client, is_order) {
        (None, true) => sent.key.as_deref().and_then(|id| {
            let found = names.order(id);
            if found.is_none() {
                errors.add("key", Code::UnknownOrder, "the id of an order that the relay has");
            }
            found
        }),
        (client, _) => client,
    };
    let territory = territory(&sent, about, names, &mut errors);
    // There is one of these a client, so the client is its name.
    let own_key = (kind.key_rule() == KeyRule::Ulid && !is_order).then(|| client.map(|id| id.to_string()));
    let key = match (sent.key, own_key.flatten()) {
        (Some(key), Some(own)) if key != own => {
            errors.add("key", Code::Contradiction, "the key is the client's id; leave it out");
            key
        }
        (key, own) => key.or(own).unwrap_or_default(),
    };
    if client.is_none() && about == [About::Client] && !sent.deleted && errors.is_empty() {
        errors.add("client_code", Code::Required, "client_code or client_id");
    }
    let value = match (sent.value, sent.deleted) {
        (Some(json), false) => json::decode(kind, &json, &mut errors),
        (None, true) if is_order => {
            errors.add("deleted", Code::OrderBackwards, "the state of an order stays");
            None
        }
        (None, true) => None,
        (Some(_), true) => {
            errors.add("value", Code::Contradiction, "a deleted record has no value");
            None
        }
        (None, false) => {
            errors.add("value", Code::Required, "a value, or `\"deleted\": true`");
            None
        }
    };
    if !errors.is_empty() {
        return Err(errors.into_list());
    }
    let scope = match (client, territory) {
        (Some(client), _) => Scope::Client(client),
        (None, Some(territory)) => Scope::Territory(territory),
        (None, None) => Scope::Workspace,
    };
    let source = if is_order { "" } else { source };
    let record = Record { kind: kind.into(), source: source.to_owned(), key, scope, value };
    // A tombstone finds its record by name, and stands where that does.
    let is_placed = client.is_some() || territory.is_some() || about.contains(&About::Workspace);
    let broken = record.validate().into_iter().filter(|broken| is_placed || broken.field != "scope");
    broken.for_each(|broken| errors.push(broken.into()));
    if let Some(Value::Segment(segment)) = &record.value
        && let Some(Err(wrong)) = segment.filter.as_ref().map(|filter| filter.parse::<Rule>())
    {
        errors.add("filter", Code::Rule(problem::Code::Form), wrong.to_string());
    }
    if !errors.is_empty() {
        return Err(errors.into_list());
    }
    Ok(OfficeWrite {
        kind: kind.name().to_owned(),
        source: record.source,
        key: record.key,
        client,
        territory,
        value: record.value.map(|value| value.encode()),
    })
}

fn client(sent: &Sent, about: &[About], names: &dyn Names, errors: &mut Errors) -> Option<ClientId> {
    let (field, found) = match (&sent.client_id, &sent.client_code) {
        (None, None) => return None,
        (Some(_), Some(_)) => {
            errors.add("client_id", Code::Contradiction, "client_id or client_code, not both");
            return None;
        }
        (Some(id), None) => ("client_id", id.parse().ok()),
        (None, Some(code)) => ("client_code", names.client(code)),
    };
    if !about.contains(&About::Client) {
        errors.add(field, Code::Contradiction, "records of this kind are about no client");
    } else if found.is_none() {
        errors.add(field, Code::UnknownClient, "");
    }
    found
}

fn territory(sent: &Sent, about: &[About], names: &dyn Names, errors: &mut Errors) -> Option<TerritoryId> {
    let (field, found) = match (&sent.territory_id, &sent.territory) {
        (None, None) => return None,
        (Some(_), Some(_)) => {
            errors.add("territory_id", Code::Contradiction, "territory_id or territory, not both");
            return None;
        }
        (Some(id), None) => ("territory_id", id.parse().ok()),
        (None, Some(name)) => ("territory", names.territory(name)),
    };
    if !about.contains(&About::Territory) {
        errors.add(field, Code::Contradiction, "records of this kind are about no territory");
    } else if sent.client_id.is_some() || sent.client_code.is_some() {
        errors.add(field, Code::Contradiction, "a client or a territory, not both");
    } else if found.is_none() {
        errors.add(field, Code::UnknownTerritory, "");
    }
    found
}
