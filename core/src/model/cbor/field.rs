//! How the value of one key is written and read.

use super::{CborError, Reader, Shape, Writer};
use crate::model::id;

/// A value that can stand under a key.
pub trait Field: Sized {
    const SHAPE: Shape;

    fn write(&self, out: &mut Writer);

    /// # Errors
    /// The bytes are not the one deterministic form of such a value.
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError>;

    /// What a missing key stands for; `None` where the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether the value is said by leaving the key out.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T: Field> Field for Option<T> {
    const SHAPE: Shape = T::SHAPE;

    fn write(&self, out: &mut Writer) {
        if let Some(value) = self {
            value.write(out);
        }
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        T::read(input).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Field> Field for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn write(&self, out: &mut Writer) {
        out.array(self.len());
        for item in self {
            item.write(out);
        }
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let len = input.array()?;
        let mut items = Vec::new(); // grows with what is really there, not with what a head claims
        for _ in 0..len {
            items.push(T::read(input)?);
        }
        input.leave();
        Ok(items)
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Field for String {
    const SHAPE: Shape = Shape::Text;

    fn write(&self, out: &mut Writer) {
        out.text(self);
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        input.text().map(str::to_owned)
    }
}

impl Field for bool {
    const SHAPE: Shape = Shape::Bool;

    fn write(&self, out: &mut Writer) {
        out.bool(*self);
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        input.bool()
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn is_absent(&self) -> bool {
        !*self
    }
}

impl Field for i64 {
    const SHAPE: Shape = Shape::Int;

    fn write(&self, out: &mut Writer) {
        out.int(*self);
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        input.int()
    }
}

impl Field for u64 {
    const SHAPE: Shape = Shape::Int;

    fn write(&self, out: &mut Writer) {
        out.uint(*self);
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        input.uint()
    }
}

/// Exactly so many bytes, as a byte string.
impl<const N: usize> Field for [u8; N] {
    const SHAPE: Shape = Shape::Bytes;

    fn write(&self, out: &mut Writer) {
        out.bytes(self);
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let at = input.position();
        let wrong = CborError::WrongType { at, expected: "a byte string of another length" };
        input.bytes()?.try_into().map_err(|_| wrong)
    }
}

macro_rules! narrow {
    ($($ty:ident from $wide:ident, $expected:literal);*) => { $(
        impl Field for $ty {
            const SHAPE: Shape = Shape::Int;

            fn write(&self, out: &mut Writer) {
                $wide::from(*self).write(out);
            }

            fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
                let at = input.position();
                $ty::try_from($wide::read(input)?).map_err(|_| CborError::OutOfRange { at, expected: $expected })
            }
        }
    )* };
}

narrow! {
    u8 from u64, "0 to 255";
    u16 from u64, "0 to 65,535";
    u32 from u64, "0 to 4,294,967,295";
    i32 from i64, "a signed 32-bit integer"
}

macro_rules! id_fields {
    ($($ty:ident),*) => { $(
        impl Field for id::$ty {
            const SHAPE: Shape = Shape::Id;

            fn write(&self, out: &mut Writer) {
                out.bytes(self.as_bytes());
            }

            fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
                let at = input.position();
                Self::from_slice(input.bytes()?).ok_or(CborError::WrongType { at, expected: "an id of 16 bytes" })
            }
        }
    )* };
}

id_fields!(ClientId, DocumentId, RecordId, PartId, PersonId, DeviceId, TerritoryId);
