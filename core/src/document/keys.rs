//! What may stand at the root of a document: its id, a record, or a profile field.
//!
//! | key | what it is |
//! |---|---|
//! | `id` | the document's own id, put by its first change alone |
//! | `<1-8 lower-case letters>/<ULID>` | a record, unless the letters are one of [`NEVER_KINDS`] |
//! | `<name>` or `<name>/<part>[/<part>[/<part>]]` | a profile field |
//!
//! A name is a lower-case letter and then lower-case letters, digits or `_`. A part is text without `/`, control
//! characters, or white space at its ends. A two-part key whose name could be a kind is a record or nothing, so that
//! a mistyped record never passes for a field. `erased/...` is kept for documents founded anew.

use std::fmt;
use std::str::FromStr;

use super::limits::{MAX_KEY_BYTES, MAX_KEY_PART_BYTES, MAX_KEY_PARTS, MAX_KIND_LETTERS};
use crate::model::RecordId;

/// Names that look like a kind and never are one.
pub const NEVER_KINDS: [&str; 6] = ["tag", "pref", "contact", "date", "place", "erased"];

/// The key of the document's own id.
pub const ID: &str = "id";

/// No key of any of the three shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a key has 1 to {MAX_KEY_BYTES} bytes")]
    Length,
    #[error(
        "a key begins with a lower-case letter, then lower-case letters, digits and _ up to its first slash"
    )]
    Name,
    #[error("a key has at most {MAX_KEY_PARTS} parts of 1 to {MAX_KEY_PART_BYTES} bytes")]
    Parts,
    #[error("a part of a key holds no control character and neither begins nor ends with white space")]
    Text,
    #[error("a kind of record is followed by a ULID")]
    RecordId,
    #[error("a record kind has 1 to {MAX_KIND_LETTERS} lower-case letters and is none of {NEVER_KINDS:?}")]
    Kind,
    #[error("keys under erased/ are written by the relay when it founds a document anew")]
    Erased,
}

/// The letters that say what a record is; not every kind of this shape is known to this program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// Zero after the last letter.
    letters: [u8; MAX_KIND_LETTERS],
}

impl Kind {
    /// # Errors
    /// Unless `letters` are 1 to 8 of a-z and none of [`NEVER_KINDS`].
    pub fn new(letters: &str) -> Result<Self, KeyError> {
        let shape = (1..=MAX_KIND_LETTERS).contains(&letters.len())
            && letters.bytes().all(|letter| letter.is_ascii_lowercase());
        if !shape || NEVER_KINDS.contains(&letters) {
            return Err(KeyError::Kind);
        }
        let mut kind = [0; MAX_KIND_LETTERS];
        kind[..letters.len()].copy_from_slice(letters.as_bytes());
        Ok(Self { letters: kind })
    }

    pub fn as_str(&self) -> &str {
        let end = self.letters.iter().position(|letter| *letter == 0).unwrap_or(MAX_KIND_LETTERS);
        std::str::from_utf8(&self.letters[..end]).unwrap_or_default() // letters are ASCII, see `new`
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({self})")
    }
}

/// A record's key; unique in a workspace, whichever document holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    pub kind: Kind,
    pub id: RecordId,
}

impl RecordKey {
    /// # Errors
    /// As [`Kind::new`].
    pub fn new(kind: &str, id: RecordId) -> Result<Self, KeyError> {
        Ok(Self { kind: Kind::new(kind)?, id })
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
        let (kind, id) = text.split_once('/').ok_or(KeyError::RecordId)?;
        Self::new(kind, id.parse().map_err(|_| KeyError::RecordId)?)
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
        match Key::shape(&key)? {
            Shape::Field => Ok(Self(key)),
            Shape::Id | Shape::Record(_) => Err(KeyError::Name),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
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

enum Shape {
    Id,
    Field,
    Record(RecordKey),
}

impl Key {
    /// # Errors
    /// When `key` has none of the three shapes.
    pub fn parse(key: String) -> Result<Self, KeyError> {
        Ok(match Self::shape(&key)? {
            Shape::Id => Self::Id,
            Shape::Field => Self::Field(FieldKey(key)),
            Shape::Record(record) => Self::Record(record),
        })
    }

    fn shape(key: &str) -> Result<Shape, KeyError> {
        if key == ID {
            return Ok(Shape::Id);
        }
        if key.is_empty() || key.len() > MAX_KEY_BYTES {
            return Err(KeyError::Length);
        }
        let (name, rest) = match key.split_once('/') {
            Some((name, rest)) => (name, Some(rest)),
            None => (key, None),
        };
        let mut letters = name.bytes();
        if !letters.next().is_some_and(|first| first.is_ascii_lowercase())
            || !letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
        {
            return Err(KeyError::Name);
        }
        if name == "erased" {
            return Err(KeyError::Erased);
        }
        if name.len() > MAX_KEY_PART_BYTES {
            return Err(KeyError::Parts);
        }
        let Some(rest) = rest else { return Ok(Shape::Field) };
        if !rest.contains('/')
            && let Ok(kind) = Kind::new(name)
        {
            let id = rest.parse().map_err(|_| KeyError::RecordId)?;
            return Ok(Shape::Record(RecordKey { kind, id }));
        }
        let mut parts = 1;
        for part in rest.split('/') {
            parts += 1;
            if parts > MAX_KEY_PARTS || part.is_empty() || part.len() > MAX_KEY_PART_BYTES {
                return Err(KeyError::Parts);
            }
            if part.trim() != part || part.chars().any(char::is_control) {
                return Err(KeyError::Text);
            }
        }
        Ok(Shape::Field)
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

    const ULID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn parse(key: &str) -> Result<Key, KeyError> {
        Key::parse(key.into())
    }

    #[test]
    fn known_and_unknown_keys_of_legal_shape_pass_and_print_as_they_were() {
        for key in [
            "id",
            "name",
            "legal_name",
            "field_of_version_7",
            "tag/terraza",
            "tag/a pie de playa",
            "pref/horario",
            "contact/01ARZ3NDEKTSV4RRFFQ69G5FAV/phone",
            "place/01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "place/01ARZ3NDEKTSV4RRFFQ69G5FAV/hours/monday",
            "a_group/x",
            "somegroup/x",
            "v/01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "abcdefgh/01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "tag/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ] {
            assert_eq!(parse(key).map(|parsed| parsed.to_string()), Ok(key.to_owned()));
        }
        assert!(matches!(parse(&format!("v/{ULID}")), Ok(Key::Record(key)) if key.kind.as_str() == "v"));
        assert!(matches!(parse(&format!("abcdefgh/{ULID}")), Ok(Key::Record(_))));
        assert!(matches!(parse(&format!("abcdefghi/{ULID}")), Ok(Key::Field(_))));
        assert!(matches!(parse(&format!("tag/{ULID}")), Ok(Key::Field(_))));
        assert!(matches!(parse(&format!("v/{ULID}/x")), Ok(Key::Field(_))));
    }

    #[test]
    fn what_has_no_legal_shape_is_refused_with_its_reason() {
        for (key, error) in [
            ("", KeyError::Length),
            ("Name", KeyError::Name),
            ("1st", KeyError::Name),
            ("_x", KeyError::Name),
            ("/v", KeyError::Name),
            ("naïve", KeyError::Name),
            ("v/1", KeyError::RecordId),
            ("v/01arz3ndektsv4rrffq69g5fav", KeyError::RecordId),
            ("v/", KeyError::RecordId),
            ("tag/", KeyError::Parts),
            ("tag//x", KeyError::Parts),
            ("tag/ x", KeyError::Text),
            ("tag/x\u{7}", KeyError::Text),
            ("erased", KeyError::Erased),
            ("erased/1", KeyError::Erased),
        ] {
            assert_eq!(parse(key), Err(error), "{key:?}");
        }
    }

    #[test]
    fn lengths_hold_at_the_edge_and_not_past_it() {
        let part = "p".repeat(MAX_KEY_PART_BYTES);
        assert!(parse(&part).is_ok());
        assert_eq!(parse(&format!("{part}p")), Err(KeyError::Parts));
        assert!(parse(&format!("tag/{part}")).is_ok());
        assert_eq!(parse(&format!("tag/{part}p")), Err(KeyError::Parts));
        assert!(parse("place/a/b/c").is_ok());
        assert_eq!(parse("place/a/b/c/d"), Err(KeyError::Parts));
        let longest = format!("{part}/{part}/{}", "q".repeat(MAX_KEY_BYTES - 2 - 2 * MAX_KEY_PART_BYTES));
        assert_eq!(longest.len(), MAX_KEY_BYTES);
        assert!(parse(&longest).is_ok());
        assert_eq!(parse(&format!("{longest}q")), Err(KeyError::Length));
    }

    #[test]
    fn a_field_key_is_neither_the_id_nor_a_record() {
        assert_eq!(FieldKey::new("id"), Err(KeyError::Name));
        assert_eq!(FieldKey::new(format!("v/{ULID}")), Err(KeyError::Name));
        assert_eq!(FieldKey::new("name").map(|key| key.to_string()), Ok("name".into()));
        for kind in NEVER_KINDS {
            assert_eq!(Kind::new(kind), Err(KeyError::Kind));
        }
    }
}
