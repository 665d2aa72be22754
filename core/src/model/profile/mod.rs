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
//! A slug is what [`Key::slug`] makes of a label; any other part that a document admits is read too. An id is a ULID
//! of 26 characters. Other keys of legal shape, and values that are not understood, come from newer versions: carried,
//! never shown, never dropped.

mod key;
mod scalar;
mod section;
mod value;
mod week;

pub use key::{
    ClientField, ContactField, DateField, KEY_BYTES_MAX, KEY_PARTS_MAX, Key, PART_BYTES_MAX, PlaceField,
    SLUG_CHARS_MAX,
};
pub use scalar::Scalar;
pub use section::Section;
pub use value::{Sort, Value, ValueError};
pub use week::{Hours, OpenSpan, ShutDays, ShutSpan};
