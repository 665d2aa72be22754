//! The body of a batch: a JSON object with `items`, or one item a line (NDJSON). Items are cut out first and read one by
//! one, so that one that cannot be read is refused alone.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::ITEMS_MAX;
use super::error::ItemError;
use super::item::Sent;

/// Why a body could not be taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    Malformed(String),
    TooMany,
}

pub(super) type Items = Vec<Result<Sent, ItemError>>;

/// One item a line; blank lines are none.
pub(super) fn lines(bytes: &[u8]) -> Result<Items, BodyError> {
    let text = std::str::from_utf8(bytes).map_err(|error| BodyError::Malformed(error.to_string()))?;
    let mut items = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if items.len() == ITEMS_MAX {
            return Err(BodyError::TooMany);
        }
        items.push(Sent::read(line));
    }
    Ok(items)
}

/// `{"items": [...]}`.
pub(super) fn object(bytes: &[u8]) -> Result<Items, BodyError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body<'a> {
        #[serde(borrow)]
        items: Raw<'a>,
    }
    let body: Body<'_> =
        serde_json::from_slice(bytes).map_err(|error| BodyError::Malformed(error.to_string()))?;
    if body.items.too_many {
        return Err(BodyError::TooMany);
    }
    Ok(body.items.items.into_iter().map(|raw| Sent::read(raw.get())).collect())
}

/// Items as they stand; none are kept past the limit.
struct Raw<'a> {
    items: Vec<&'a RawValue>,
    too_many: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cut<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Cut<'a> {
            type Value = Raw<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of items")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw<'a>, A::Error> {
                let mut raw = Raw { items: Vec::new(), too_many: false };
                while let Some(item) = seq.next_element::<&'a RawValue>()? {
                    raw.too_many = raw.items.len() == ITEMS_MAX;
                    if !raw.too_many {
                        raw.items.push(item);
                    }
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_seq(Cut(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_at_the_limit_passes_and_one_item_more_does_not() {
        let of = |count: usize| vec![r#"{"key":"a"}"#; count];
        let json = |count| format!(r#"{{"items":[{}]}}"#, of(count).join(","));
        let ndjson = |count| of(count).join("\n\n");
        assert_eq!(object(json(ITEMS_MAX).as_bytes()).map(|items| items.len()), Ok(ITEMS_MAX));
        assert_eq!(lines(ndjson(ITEMS_MAX).as_bytes()).map(|items| items.len()), Ok(ITEMS_MAX));
        assert!(matches!(object(json(ITEMS_MAX + 1).as_bytes()), Err(BodyError::TooMany)));
        assert!(matches!(object(json(ITEMS_MAX + 2).as_bytes()), Err(BodyError::TooMany)));
        assert!(matches!(lines(ndjson(ITEMS_MAX + 1).as_bytes()), Err(BodyError::TooMany)));
    }

    #[test]
    fn an_item_that_cannot_be_read_is_refused_alone() {
        let items = object(br#"{"items":[{"key":"a"},{"kee":"b"},7,{"key":"c"}]}"#).unwrap();
        assert_eq!(items.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
        let items = lines(b"{\"key\":\"a\"}\nnonsense\r\n\r\n{\"key\":\"c\"}\n").unwrap();
        assert_eq!(items.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        for body in [&b"[]"[..], b"{}", b"{\"items\":[1}", b"\xff"] {
            assert!(matches!(object(body), Err(BodyError::Malformed(_))), "{body:?}");
        }
    }
}
