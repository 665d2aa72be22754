//! Where a phone stands in the log, sealed so that only this relay could have written it.
//!
//! ```text
//! epoch: 8 bytes | chain: 8 | tag: 8 | number: 1 to 8 bytes, big-endian, no leading zero (0 is one zero byte)
//! ```
//!
//! `chain` is the beginning of the running hash over entry hashes at `number`. `tag` is the beginning of HMAC-SHA-256
//! under the recovery key over (device, epoch, chain, number). So three things can be told apart: a cursor that
//! somebody made up (bad tag), one of before a restore (another epoch), and one that the relay gave and that does
//! not fit its log any more: the proof that it was rolled back without knowing.

use cartera_core::model::DeviceId;
use cartera_core::sync::wire::{self, Epoch};
use subtle::ConstantTimeEq;

use crate::keys::Keys;

const DOMAIN: &str = "cartera cursor 1";
const CHAIN_BYTES: usize = 8;
const TAG_BYTES: usize = 8;

/// A cursor, opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: Epoch,
    /// The last entry that the phone has; 0: none.
    pub number: u64,
    pub chain: [u8; CHAIN_BYTES],
}

/// The bytes were not sealed by this relay for this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor was not made by this relay for this device")]
pub struct Forged;

impl Cursor {
    pub fn seal(&self, keys: &Keys, device: DeviceId) -> wire::Cursor {
        let digits = digits(self.number);
        let mut bytes = Vec::with_capacity(24 + digits.len());
        bytes.extend(self.epoch.0);
        bytes.extend(self.chain);
        bytes.extend(self.tag(keys, device));
        bytes.extend(digits);
        wire::Cursor(bytes.into())
    }

    pub fn open(sealed: &wire::Cursor, keys: &Keys, device: DeviceId) -> Result<Self, Forged> {
        let (epoch, rest) = sealed.0.split_first_chunk().ok_or(Forged)?;
        let (chain, rest) = rest.split_first_chunk().ok_or(Forged)?;
        let (tag, digits_read) = rest.split_first_chunk::<TAG_BYTES>().ok_or(Forged)?;
        if digits_read.len() > 8 {
            return Err(Forged);
        }
        let number = digits_read.iter().fold(0, |number, digit| number << 8 | u64::from(*digit));
        let cursor = Self { epoch: Epoch(*epoch), number, chain: *chain };
        let genuine = bool::from(cursor.tag(keys, device).ct_eq(tag)) && digits(number) == digits_read;
        if genuine { Ok(cursor) } else { Err(Forged) }
    }

    fn tag(&self, keys: &Keys, device: DeviceId) -> [u8; TAG_BYTES] {
        let mac =
            keys.mac(DOMAIN, &[device.as_bytes(), &self.epoch.0, &self.chain, &self.number.to_be_bytes()]);
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&mac[..TAG_BYTES]);
        tag
    }
}

/// Big-endian without leading zeros, at least one byte.
fn digits(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    bytes[first..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::env::SeededEnv;

    fn keys(seed: u64) -> Keys {
        Keys::generate(&SeededEnv::new(seed, 1_790_000_000_000))
    }

    fn device(byte: u8) -> DeviceId {
        DeviceId::from_bytes([byte; 16])
    }

    fn cursor(number: u64) -> Cursor {
        Cursor { epoch: Epoch([7; 8]), number, chain: [9; 8] }
    }

    #[test]
    fn a_sealed_cursor_opens_for_its_device_and_relay_alone() {
        let keys_here = keys(1);
        for number in [0, 1, 255, 256, u64::from(u32::MAX), u64::MAX] {
            let sealed = cursor(number).seal(&keys_here, device(1));
            assert_eq!(Cursor::open(&sealed, &keys_here, device(1)), Ok(cursor(number)));
            assert_eq!(Cursor::open(&sealed, &keys_here, device(2)), Err(Forged));
            assert_eq!(Cursor::open(&sealed, &keys(2), device(1)), Err(Forged));
        }
        assert_eq!(cursor(70_000).seal(&keys_here, device(1)).0.len(), 27);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let keys = keys(1);
        let sealed = cursor(70_000).seal(&keys, device(1));
        for at in 0..sealed.0.len() {
            let mut forged = sealed.clone();
            forged.0.0[at] ^= 1;
            assert_eq!(Cursor::open(&forged, &keys, device(1)), Err(Forged), "byte {at}");
        }
        for len in 0..sealed.0.len() {
            let cut = wire::Cursor(sealed.0[..len].to_vec().into());
            assert_eq!(Cursor::open(&cut, &keys, device(1)), Err(Forged), "{len} bytes");
        }
        // One form for one cursor: a longer way to write the number is no cursor.
        let mut padded = sealed.0.to_vec();
        padded.insert(24, 0);
        assert_eq!(Cursor::open(&wire::Cursor(padded.into()), &keys, device(1)), Err(Forged));
    }
}
