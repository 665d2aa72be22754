//! The client's profile: one scalar a field, each at a key of its own, so that two people who change different
//! fields never meet.
//!
//! | key | what stands there |
//! |---|---|
//! | `<field>` | a field of the client: `name`, `tax_id`, `address`, ... |
//! | `tag/<slug>` | a tag; the value is its label |
//! | `pref/<slug>` | a preference: text, whole number or yes/no |
//! | `contact/<id>/<field>` | a person at the client |
//! | `date/<id>/<field>` | a date worth remembering |
//! | `place/<id>/<field>` | a delivery point |
//! | `<contact, date or place>/<id>/removed` | it is no longer shown; its fields stay |
//!
//! A slug is 1 to 48 of `a-z 0-9 _ -`, an id a ULID of 26 characters, a field a lower-case word. Other keys of up to
//! three such parts, and values that are not understood, come from newer versions: carried, never shown, never
//! dropped.

mod key;

pub use key::{ClientField, ContactField, DateField, KEY_CHARS_MAX, Key, PlaceField, SLUG_CHARS_MAX};
