//! The rows that columns are got from.

use cartera_core::model::profile::{ClientField, Key, Value as Field};
use cartera_core::rows::client::Profile;

use super::column::Family;
use super::fields::Fields;
use super::value::Value;
use crate::storage::export::{StoredClient, StoredRecord};

/// A record: one row of its kind's resource.
#[derive(Debug)]
pub(super) struct Record<'r> {
    pub(super) stored: &'r StoredRecord<'r>,
    pub(super) fields: Fields<'r>,
}

#[derive(Debug)]
pub(super) struct Records;

impl Family for Records {
    type Row<'r> = Record<'r>;
}

impl<'r> Record<'r> {
    pub(super) fn new(stored: &'r StoredRecord<'r>) -> Self {
        Self { stored, fields: Fields::new(stored.value) }
    }

    /// `None` where the row is deleted.
    pub(super) fn unless_deleted<T>(&self, value: T) -> Option<T> {
        (!self.stored.deleted).then_some(value)
    }
}

/// A client: one row of `clients`.
#[derive(Debug)]
pub(super) struct Client<'r> {
    pub(super) stored: &'r StoredClient<'r>,
}

#[derive(Debug)]
pub(super) struct Clients;

impl Family for Clients {
    type Row<'r> = Client<'r>;
}

impl<'r> Client<'r> {
    pub(super) fn profile(&self) -> Option<&'r Profile> {
        self.stored.profile
    }

    /// A field of the profile that is understood.
    pub(super) fn field(&self, field: ClientField) -> Option<Field> {
        Key::Client(field).read(self.profile()?.fields.get(field.as_str())?).ok()
    }

    pub(super) fn text(&self, field: ClientField) -> Value<'r> {
        match self.field(field) {
            Some(Field::Text(text)) => text.into(),
            _ => Value::Null,
        }
    }

    pub(super) fn phone(&self, field: ClientField) -> Value<'r> {
        match self.field(field) {
            Some(Field::Phone(phone)) => phone.e164.unwrap_or(phone.raw).into(),
            _ => Value::Null,
        }
    }
}
