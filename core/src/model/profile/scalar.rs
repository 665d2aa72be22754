//! What can stand at a key of a profile.

use crate::model::cbor::{CborError, Field, Reader, Shape, Writer};

/// A scalar, as Automerge keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scalar {
    Text(String),
    Int(i64),
    Bool(bool),
    /// Milliseconds since 1970-01-01 UTC.
    Timestamp(i64),
    /// Deterministic CBOR of what is only true together: an address, a point.
    Cbor(Vec<u8>),
}

impl Scalar {
    /// Bytes of a text or of CBOR; 0 for a number.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Cbor(bytes) => bytes.len(),
            Self::Int(_) | Self::Bool(_) | Self::Timestamp(_) => 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Field for Scalar {
    const SHAPE: Shape = Shape::Scalar;

    /// A text, integer, boolean or byte string as such; an instant as a list of one integer.
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Text(text) => out.text(text),
            Self::Int(int) => out.int(*int),
            Self::Bool(bool) => out.bool(*bool),
            Self::Timestamp(ms) => {
                out.array(1);
                out.int(*ms);
            }
            Self::Cbor(bytes) => out.bytes(bytes),
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let at = input.position();
        Ok(match input.peek_major() {
            Some(0 | 1) => Self::Int(input.int()?),
            Some(2) => Self::Cbor(input.bytes()?.to_vec()),
            Some(3) => Self::Text(input.text()?.to_owned()),
            Some(4) => {
                if input.array()? != 1 {
                    return Err(CborError::WrongType { at, expected: "an instant [milliseconds]" });
                }
                let ms = input.int()?;
                input.leave();
                Self::Timestamp(ms)
            }
            _ => Self::Bool(input.bool()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cbor::{from_slice, to_vec};

    #[test]
    fn every_scalar_comes_back() {
        for scalar in [
            Scalar::Text("x".into()),
            Scalar::Int(-7),
            Scalar::Bool(false),
            Scalar::Bool(true),
            Scalar::Timestamp(1_790_000_000_000),
            Scalar::Cbor(vec![0xa0]),
        ] {
            assert_eq!(from_slice(&to_vec(&scalar)), Ok(scalar));
        }
        assert!(from_slice::<Scalar>(&[0x82, 1, 2]).is_err());
        assert!(from_slice::<Scalar>(&[0xf6]).is_err());
    }
}
