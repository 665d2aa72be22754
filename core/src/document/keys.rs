//! What may stand at the root of a document: its id, a record, or a profile field.
//!
//! | key | what it is |
//! |---|---|
//! | `id` | the document's own id, put by its first change alone |
//! | `<1-8 lower-case letters>/<ULID>` | a record, unless the letters are reserved ([`RESERVED`](crate::model::record::RESERVED)) |
//! | one to four parts | a profile field of legal shape, known or not ([`profile::Key`]) |
//!
//! Shapes are the model's to say; this is what a document makes of them.

use std::fmt;
use std::str::FromStr;

use crate::model::record::Kind;
use crate::model::{RecordId, profile};

/// The key of the document's own id.
pub const ID: &str = "id";

/// No key of any of the three shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is neither `id`, nor a kind and a ULID, nor a profile field of legal shape")]
pub struct KeyError;

/// A record's key; unique in a workspace, whichever document holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    pub kind: Kind,
    pub id: RecordId,
}

impl RecordKey {
    /// # Errors
    /// Unless `letters` are those of a kind, known or not.
    pub fn new(letters: &str, id: RecordId) -> Result<Self, KeyError> {
        Ok(Self { kind: Kind::parse(letters).ok_or(KeyError)?, id })
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

impl FromStr for RecordKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (kind, id) = Kind::parse_key(text).ok_or(KeyError)?;
        Ok(Self { kind, id })
    }
}

/// A profile field's key, of legal shape whether or not this program knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldKey(String);

impl FieldKey {
    /// # Errors
    /// Unless `key` has the shape of a profile field.
    pub fn new(key: impl Into<String>) -> Result<Self, KeyError> {
        let key = key.into();
        if profile::Key::parse(&key).is_some() { Ok(Self(key)) } else { Err(KeyError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&profile::Key> for FieldKey {
    fn from(key: &profile::Key) -> Self {
        Self(key.to_string())
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key at the root of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    Id,
    Field(FieldKey),
    Record(RecordKey),
}

impl Key {
    /// # Errors
    /// When `key` has none of the three shapes.
    pub fn parse(key: &str) -> Result<Self, KeyError> {
        if key == ID {
            Ok(Self::Id)
        } else if let Ok(record) = key.parse() {
            Ok(Self::Record(record))
        } else {
            FieldKey::new(key).map(Self::Field)
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str(ID),
            Self::Field(key) => key.fmt(f),
            Self::Record(key) => key.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::RESERVED;

    const ULID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    #[test]
    fn keys_of_the_three_shapes_are_told_apart_and_print_as_they_were() {
        for key in
            ["name", "field_of_version_7", "tag/terraza", "tag/x y", "vehicle_2/van 1", "vehicle/van-1/plate"]
        {
            assert_eq!(Key::parse(key).map(|parsed| parsed.to_string()), Ok(key.to_owned()));
            assert!(matches!(Key::parse(key), Ok(Key::Field(_))), "{key}");
        }
        for kind in ["v", "absence", "abcdefgh"] {
            let key = format!("{kind}/{ULID}");
            assert_eq!(Key::parse(&key).map(|parsed| parsed.to_string()), Ok(key.clone()));
            assert!(matches!(Key::parse(&key), Ok(Key::Record(record)) if record.kind.letters() == kind));
        }
        assert_eq!(Key::parse("id"), Ok(Key::Id));
    }

    #[test]
    fn what_has_no_legal_shape_is_refused() {
        let lower = format!("v/{}", ULID.to_lowercase());
        for key in ["", "Name", "tag/", "tag/ x", "tag/x\u{7}", "a//b", "erased/1", "id/", "v/1", &lower] {
            assert_eq!(Key::parse(key), Err(KeyError), "{key:?}");
        }
        for kind in RESERVED {
            assert_eq!(RecordKey::new(kind, ULID.parse().unwrap()), Err(KeyError));
        }
    }

    #[test]
    fn a_field_key_is_neither_the_id_nor_a_record() {
        assert_eq!(FieldKey::new("id"), Err(KeyError));
        assert_eq!(FieldKey::new(format!("v/{ULID}")), Err(KeyError));
        assert_eq!(FieldKey::new("name").map(|key| key.to_string()), Ok("name".into()));
    }
}
