//! Maps with ascending unsigned integer keys, and the keys that a reader does not know.

use super::{CborError, Field, Reader, Writer};

/// How many keys unknown to the reader one map may carry.
pub const EXTRA_KEYS_MAX: usize = 64;

/// Keys that this version does not know, with their values as they came; ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras(Vec<(u64, Vec<u8>)>);

impl Extras {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keys and their encoded values, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.0.iter().map(|(key, value)| (*key, value.as_slice()))
    }

    /// The encoded value of `key`.
    pub fn get(&self, key: u64) -> Option<&[u8]> {
        self.0.binary_search_by_key(&key, |(key, _)| *key).ok().map(|index| self.0[index].1.as_slice())
    }

    /// Puts a key before all others.
    pub(crate) fn insert_first(&mut self, key: u64, value: Vec<u8>) {
        debug_assert!(self.0.first().is_none_or(|(first, _)| key < *first));
        self.0.insert(0, (key, value));
    }

    fn push(&mut self, key: u64, value: &[u8], at: usize) -> Result<(), CborError> {
        if self.0.len() == EXTRA_KEYS_MAX {
            return Err(CborError::TooManyExtras { at, limit: EXTRA_KEYS_MAX });
        }
        self.0.push((key, value.to_vec()));
        Ok(())
    }
}

/// Something that is written as a map with integer keys.
pub trait Map: Sized {
    /// Number of pairs that [`Map::write_entries`] writes, extras included.
    fn entries(&self) -> usize;

    /// Writes the known keys; the writer puts the extras between them.
    fn write_entries(&self, out: &mut MapWriter<'_>);

    /// Reads what is left of the map; `extras` holds unknown keys met before.
    ///
    /// # Errors
    /// A required key is missing, or a value is not what its key promises.
    fn read_entries(input: &mut MapReader<'_, '_>, extras: Extras) -> Result<Self, CborError>;

    fn extras(&self) -> &Extras;
}

/// Writes pairs in ascending order, the extras in their places.
#[derive(Debug)]
pub struct MapWriter<'a> {
    out: &'a mut Writer,
    extras: &'a [(u64, Vec<u8>)],
}

impl<'a> MapWriter<'a> {
    /// Opens a map of `entries` pairs, `extras` among them.
    pub fn new(out: &'a mut Writer, entries: usize, extras: &'a Extras) -> Self {
        out.map(entries);
        Self { out, extras: &extras.0 }
    }

    /// Writes one pair, unless its value is said by leaving it out. Keys must come in ascending order.
    pub fn field<T: Field>(&mut self, key: u64, value: &T) {
        if value.is_absent() {
            return;
        }
        self.extras_below(key);
        self.out.uint(key);
        value.write(self.out);
    }

    fn extras_below(&mut self, key: u64) {
        while let [(extra, value), rest @ ..] = self.extras
            && *extra < key
        {
            self.out.uint(*extra);
            self.out.raw(value);
            self.extras = rest;
        }
    }

    /// Writes the extras that are left.
    pub fn finish(mut self) {
        self.extras_below(u64::MAX);
    }
}

/// Reads pairs and checks that keys ascend.
#[derive(Debug)]
pub struct MapReader<'r, 'b> {
    input: &'r mut Reader<'b>,
    left: usize,
    last: Option<u64>,
    peeked: Option<u64>,
}

impl<'r, 'b> MapReader<'r, 'b> {
    /// Opens the map that comes next.
    ///
    /// # Errors
    /// No map comes next.
    #[inline]
    pub fn new(input: &'r mut Reader<'b>) -> Result<Self, CborError> {
        let left = input.map()?;
        Ok(Self { input, left, last: None, peeked: None })
    }

    /// The key of the next pair, without reading past it; `None` at the end of the map.
    ///
    /// # Errors
    /// The key is no unsigned integer or not greater than the one before.
    #[inline]
    pub fn peek_key(&mut self) -> Result<Option<u64>, CborError> {
        if self.peeked.is_some() || self.left == 0 {
            return Ok(self.peeked);
        }
        let at = self.input.position();
        let key = self.input.uint()?;
        if self.last.is_some_and(|last| key <= last) {
            return Err(CborError::NotCanonical { at });
        }
        self.left -= 1;
        self.last = Some(key);
        self.peeked = Some(key);
        Ok(self.peeked)
    }

    /// The value of the key just peeked at.
    ///
    /// # Errors
    /// The value is not what was expected, or written although leaving it out says the same.
    #[inline]
    pub fn value<T: Field>(&mut self) -> Result<T, CborError> {
        self.peeked = None;
        let at = self.input.position();
        let value = T::read(self.input)?;
        if value.is_absent() { Err(CborError::NotCanonical { at }) } else { Ok(value) }
    }

    /// Keeps the pair just peeked at as unknown.
    ///
    /// # Errors
    /// The value is not well-formed, or there are too many.
    pub fn keep(&mut self, key: u64, extras: &mut Extras) -> Result<(), CborError> {
        self.peeked = None;
        let at = self.input.position();
        let value = self.input.raw()?;
        extras.push(key, value, at)
    }

    /// Keeps everything that is left as unknown.
    ///
    /// # Errors
    /// A value is not well-formed, or there are too many.
    pub fn keep_rest(&mut self, extras: &mut Extras) -> Result<(), CborError> {
        while let Some(key) = self.peek_key()? {
            self.keep(key, extras)?;
        }
        Ok(())
    }

    /// Closes the map; all its pairs have been read.
    #[inline]
    pub fn finish(self) {
        self.input.leave();
    }
}

#[inline]
pub(crate) fn required<T: Field>(value: Option<T>, key: u64) -> Result<T, CborError> {
    value.or_else(T::absent).ok_or(CborError::Missing { key })
}

pub(crate) const fn ascending(keys: &[u64]) -> bool {
    let mut index = 1;
    while index < keys.len() {
        if keys[index - 1] >= keys[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Declares a structure that is a CBOR map: `key field: Type`, keys ascending. Unknown keys land in `extras`.
macro_rules! cbor_map {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $( $(#[doc = $doc:literal])* $key:literal $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis struct $name {
            $( $(#[doc = $doc])* pub $field: $ty, )*
            /// Keys that this version does not know, kept as they came.
            pub extras: $crate::model::cbor::Extras,
        }

        const _: () = assert!($crate::model::cbor::ascending(&[$($key),*]));

        impl $name {
            /// Every field, for other forms of the structure and for its written description.
            pub const FIELDS: &'static [$crate::model::cbor::FieldShape] = &[$(
                $crate::model::cbor::FieldShape {
                    key: $key,
                    name: stringify!($field),
                    type_name: stringify!($ty),
                    about: concat!($( $doc, )*),
                    shape: <$ty as $crate::model::cbor::Field>::SHAPE,
                }
            ),*];
        }

        impl $crate::model::cbor::Map for $name {
            fn entries(&self) -> usize {
                use $crate::model::cbor::Field as _;
                self.extras.len() $( + usize::from(!self.$field.is_absent()) )*
            }

            fn write_entries(&self, out: &mut $crate::model::cbor::MapWriter<'_>) {
                $( out.field($key, &self.$field); )*
            }

            fn read_entries(
                input: &mut $crate::model::cbor::MapReader<'_, '_>,
                mut extras: $crate::model::cbor::Extras,
            ) -> Result<Self, $crate::model::cbor::CborError> {
                $( let mut $field: Option<$ty> = None; )*
                while let Some(key) = input.peek_key()? {
                    match key {
                        $( $key => $field = Some(input.value()?), )*
                        _ => input.keep(key, &mut extras)?,
                    }
                }
                Ok(Self { $( $field: $crate::model::cbor::required($field, $key)?, )* extras })
            }

            fn extras(&self) -> &$crate::model::cbor::Extras {
                &self.extras
            }
        }

        impl $crate::model::cbor::Field for $name {
            const SHAPE: $crate::model::cbor::Shape = $crate::model::cbor::Shape::Map(Self::FIELDS);

            fn write(&self, out: &mut $crate::model::cbor::Writer) {
                use $crate::model::cbor::Map as _;
                let mut map = $crate::model::cbor::MapWriter::new(out, self.entries(), &self.extras);
                self.write_entries(&mut map);
                map.finish();
            }

            fn read(
                input: &mut $crate::model::cbor::Reader<'_>,
            ) -> Result<Self, $crate::model::cbor::CborError> {
                use $crate::model::cbor::Map as _;
                let mut map = $crate::model::cbor::MapReader::new(input)?;
                let value = Self::read_entries(&mut map, Default::default())?;
                map.finish();
                Ok(value)
            }
        }
    };
}
pub(crate) use cbor_map;
