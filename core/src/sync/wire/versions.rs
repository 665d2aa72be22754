//! The protocol versions that an end speaks.

use minicbor::{Decode, Encode};

/// From the oldest to the newest; an array of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Versions {
    #[n(0)]
    pub oldest: u16,
    #[n(1)]
    pub newest: u16,
}

impl Versions {
    /// What this program speaks.
    pub const SPOKEN: Self = Self { oldest: 1, newest: 1 };

    /// The newest version that both ends speak.
    pub fn agree(self, other: Self) -> Option<u16> {
        let newest = self.newest.min(other.newest);
        (newest >= self.oldest.max(other.oldest)).then_some(newest)
    }
}

impl Default for Versions {
    fn default() -> Self {
        Self::SPOKEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ends_agree_on_the_newest_that_both_speak() {
        let of = |oldest, newest| Versions { oldest, newest };
        assert_eq!(of(1, 3).agree(of(2, 5)), Some(3));
        assert_eq!(of(1, 1).agree(of(1, 1)), Some(1));
        assert_eq!(of(1, 2).agree(of(3, 4)), None);
        assert_eq!(of(5, 1).agree(of(1, 9)), None);
    }
}
