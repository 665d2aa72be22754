//! Lists, byte strings and texts that carry their limit in their type.
//!
//! Decoding stops at the limit, before anything of what is past it is kept; encoding past it is an error too, so that
//! a sender notices first. An empty one is not written at all, and its absence reads as empty.

use std::ops::{Deref, DerefMut};

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

/// At most `MAX` items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const MAX: usize>(pub Vec<T>);

/// At most `MAX` bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Bytes<const MAX: usize>(pub Vec<u8>);

/// UTF-8 text of at most `MAX` bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(pub String);

fn past<const MAX: usize>(what: &str, len: u64) -> String {
    format!("{what} of {len}, the limit is {MAX}")
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<C, T: Encode<C>, const MAX: usize> Encode<C> for List<T, MAX> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        if self.0.len() > MAX {
            return Err(EncodeError::message(past::<MAX>("list", self.0.len() as u64)));
        }
        e.array(self.0.len() as u64)?;
        self.0.iter().try_for_each(|item| item.encode(e, ctx))
    }

    fn is_nil(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'b, C, T: Decode<'b, C>, const MAX: usize> Decode<'b, C> for List<T, MAX> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let at = d.position();
        let len = d.array()?.ok_or_else(|| DecodeError::message("a list of indefinite length").at(at))?;
        if len > MAX as u64 {
            return Err(DecodeError::message(past::<MAX>("list", len)).at(at));
        }
        // Every item takes a byte at least; memory grows with what is there, not with what is claimed.
        let left = d.input().len() - d.position();
        if len > left as u64 {
            return Err(DecodeError::end_of_input().at(at));
        }
        let mut items = Vec::with_capacity((len as usize).min(64));
        for _ in 0..len {
            items.push(T::decode(d, ctx)?);
        }
        Ok(Self(items))
    }

    fn nil() -> Option<Self> {
        Some(Self::default())
    }
}

impl<C, const MAX: usize> Encode<C> for Bytes<MAX> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        if self.0.len() > MAX {
            return Err(EncodeError::message(past::<MAX>("byte string", self.0.len() as u64)));
        }
        e.bytes(&self.0)?.ok()
    }

    fn is_nil(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'b, C, const MAX: usize> Decode<'b, C> for Bytes<MAX> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let at = d.position();
        let bytes = d.bytes()?;
        if bytes.len() > MAX {
            return Err(DecodeError::message(past::<MAX>("byte string", bytes.len() as u64)).at(at));
        }
        Ok(Self(bytes.to_vec()))
    }

    fn nil() -> Option<Self> {
        Some(Self::default())
    }
}

impl<C, const MAX: usize> Encode<C> for Text<MAX> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        if self.0.len() > MAX {
            return Err(EncodeError::message(past::<MAX>("text", self.0.len() as u64)));
        }
        e.str(&self.0)?.ok()
    }

    fn is_nil(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'b, C, const MAX: usize> Decode<'b, C> for Text<MAX> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let at = d.position();
        let text = d.str()?;
        if text.len() > MAX {
            return Err(DecodeError::message(past::<MAX>("text", text.len() as u64)).at(at));
        }
        Ok(Self(text.to_owned()))
    }

    fn nil() -> Option<Self> {
        Some(Self::default())
    }
}

impl<const MAX: usize> Text<MAX> {
    /// As much of `text` as fits, cut between characters.
    pub fn cut(text: &str) -> Self {
        let mut end = text.len().min(MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self(text[..end].to_owned())
    }
}

impl<T, const MAX: usize> From<Vec<T>> for List<T, MAX> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T, const MAX: usize> FromIterator<T> for List<T, MAX> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T, const MAX: usize> IntoIterator for List<T, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const MAX: usize> IntoIterator for &'a List<T, MAX> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<const MAX: usize> From<Vec<u8>> for Bytes<MAX> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl<const MAX: usize> From<&str> for Text<MAX> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<const MAX: usize> From<String> for Text<MAX> {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T, const MAX: usize> DerefMut for List<T, MAX> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<const MAX: usize> Deref for Bytes<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_passes_and_one_more_does_not() {
        let bytes = minicbor::to_vec(Bytes::<3>(vec![1, 2, 3])).unwrap();
        assert_eq!(minicbor::decode::<Bytes<3>>(&bytes).unwrap().0, [1, 2, 3]);
        assert!(minicbor::decode::<Bytes<2>>(&bytes).unwrap_err().to_string().contains("the limit is 2"));
        assert!(minicbor::to_vec(Bytes::<2>(vec![1, 2, 3])).is_err());

        let text = minicbor::to_vec(Text::<4>::from("añb")).unwrap();
        assert_eq!(&*minicbor::decode::<Text<4>>(&text).unwrap(), "añb");
        assert!(minicbor::decode::<Text<3>>(&text).is_err());
        assert!(minicbor::to_vec(Text::<3>::from("añb")).is_err());

        let list = minicbor::to_vec(List::<u8, 2>(vec![1, 2])).unwrap();
        assert_eq!(minicbor::decode::<List<u8, 2>>(&list).unwrap().0, [1, 2]);
        assert!(minicbor::decode::<List<u8, 1>>(&list).is_err());
        assert!(minicbor::to_vec(List::<u8, 1>(vec![1, 2])).is_err());
    }

    #[test]
    fn a_list_that_claims_more_than_there_is_takes_no_memory() {
        let claims_a_million = [0x9a, 0x00, 0x0f, 0x42, 0x40, 0x00];
        assert!(minicbor::decode::<List<u64, 2_000_000>>(&claims_a_million).is_err());
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(&*Text::<2>::cut("añb"), "a");
        assert_eq!(&*Text::<3>::cut("añb"), "añ");
    }
}
