//! A record's CBOR map, read lazily: one pass notes where each value lies, and only what a column asks for is decoded.
//!
//! Records were admitted, so what cannot be read here is of a newer version or kind: such a value is absent.

use cartera_core::model::cbor::{Field, Reader, from_slice};

/// Keys that a known record can have; others are skipped.
const KEYS: usize = 32;

/// Where a map's values lie in its bytes.
#[derive(Debug, Clone)]
pub(super) struct Fields<'r> {
    bytes: &'r [u8],
    places: [(u32, u32); KEYS],
}

impl<'r> Fields<'r> {
    /// No values at all.
    pub(super) const EMPTY: Self = Self { bytes: &[], places: [(0, 0); KEYS] };

    pub(super) fn new(bytes: &'r [u8]) -> Self {
        let mut fields = Self { bytes, places: [(0, 0); KEYS] };
        let mut reader = Reader::new(bytes);
        let Ok(pairs) = reader.map() else { return Self::EMPTY };
        for _ in 0..pairs {
            let Ok(key) = reader.uint() else { break };
            let from = reader.position();
            if reader.raw().is_err() {
                break;
            }
            if let Some(place) = usize::try_from(key).ok().and_then(|key| fields.places.get_mut(key)) {
                *place = (from as u32, reader.position() as u32); // a record is far below 4 GB
            }
        }
        fields
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The encoded value of `key`.
    pub(super) fn raw(&self, key: usize) -> Option<&'r [u8]> {
        let (from, to) = *self.places.get(key)?;
        (to > from).then(|| &self.bytes[from as usize..to as usize])
    }

    pub(super) fn text(&self, key: usize) -> Option<&'r str> {
        Reader::new(self.raw(key)?).text().ok()
    }

    pub(super) fn int(&self, key: usize) -> Option<i64> {
        Reader::new(self.raw(key)?).int().ok()
    }

    pub(super) fn bool(&self, key: usize) -> bool {
        self.raw(key).is_some_and(|raw| Reader::new(raw).bool().unwrap_or(false))
    }

    /// Bytes of an id.
    pub(super) fn id(&self, key: usize) -> Option<[u8; 16]> {
        Reader::new(self.raw(key)?).bytes().ok()?.try_into().ok()
    }

    pub(super) fn read<T: Field>(&self, key: usize) -> Option<T> {
        from_slice(self.raw(key)?).ok()
    }

    /// The value of a map inside the map.
    pub(super) fn inner(&self, key: usize) -> Fields<'r> {
        self.raw(key).map_or(Self::EMPTY, Self::new)
    }

    /// The values of a list.
    pub(super) fn list<T: Field>(&self, key: usize) -> Vec<T> {
        self.read(key).unwrap_or_default()
    }

    /// The maps in a list.
    pub(super) fn maps(&self, key: usize) -> Vec<Fields<'r>> {
        let mut reader = Reader::new(self.raw(key).unwrap_or_default());
        let count = reader.array().unwrap_or(0);
        (0..count).map_while(|_| reader.raw().ok()).map(Fields::new).collect()
    }

    /// A business date, in days.
    pub(super) fn date(&self, key: usize) -> Option<i32> {
        self.int(key).and_then(|days| i32::try_from(days).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::model::cbor::Writer;

    #[test]
    fn values_are_found_by_key_whatever_stands_between() {
        let mut out = Writer::default();
        out.map(4);
        out.uint(1);
        out.int(-5);
        out.uint(8);
        out.text("Ñandú");
        out.uint(9);
        out.map(1);
        out.uint(0);
        out.text("inside");
        out.uint(40);
        out.bool(true);
        let bytes = out.into_bytes();
        let fields = Fields::new(&bytes);
        assert_eq!((fields.int(1), fields.text(8)), (Some(-5), Some("Ñandú")));
        assert_eq!(fields.inner(9).text(0), Some("inside"));
        assert_eq!((fields.text(1), fields.raw(40), fields.raw(2)), (None, None, None));
    }

    #[test]
    fn bytes_that_are_no_map_have_no_values() {
        for bytes in [&[][..], &[0xff], &[0x01], &[0xa1, 0x01]] {
            assert_eq!(Fields::new(bytes).raw(1), None);
        }
    }
}
