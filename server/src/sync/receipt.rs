//! Proof that this relay admitted a change, which a phone can show after the relay forgot it.
//!
//! The first 16 bytes of HMAC-SHA-256 under the recovery key over (document, generation, change hash). A change's
//! hash covers its ancestors, so the receipt of one head proves all of them.

use cartera_core::model::DocumentId;
use cartera_core::sync::wire::{ActorBytes, Hash, Receipt};
use subtle::ConstantTimeEq;

use crate::devices::Device;
use crate::keys::Keys;

const DOMAIN: &str = "cartera receipt 1";
const ACTOR_DOMAIN: &str = "cartera actor 1";

pub fn receipt(keys: &Keys, document: &DocumentId, generation: u32, hash: &Hash) -> Receipt {
    let mac = keys.mac(DOMAIN, &[document.as_bytes(), &generation.to_be_bytes(), &hash.0]);
    let mut bytes = [0; Receipt::LEN];
    bytes.copy_from_slice(&mac[..Receipt::LEN]);
    Receipt(bytes)
}

/// Proof that this relay registered an actor to a device.
pub fn of_actor(keys: &Keys, device: &Device, actor: &ActorBytes) -> Receipt {
    let mac = keys.mac(ACTOR_DOMAIN, &[&actor.0, device.id.as_bytes(), device.person.as_bytes()]);
    let mut bytes = [0; Receipt::LEN];
    bytes.copy_from_slice(&mac[..Receipt::LEN]);
    Receipt(bytes)
}

pub fn is_genuine(
    keys: &Keys,
    document: &DocumentId,
    generation: u32,
    hash: &Hash,
    claimed: &Receipt,
) -> bool {
    receipt(keys, document, generation, hash).0.ct_eq(&claimed.0).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::env::SeededEnv;

    #[test]
    fn a_receipt_is_for_one_change_of_one_document() {
        let keys = Keys::generate(&SeededEnv::new(1, 0));
        let (document, other) = (DocumentId::from_bytes([1; 16]), DocumentId::from_bytes([2; 16]));
        let given = receipt(&keys, &document, 0, &Hash([3; 32]));
        assert!(is_genuine(&keys, &document, 0, &Hash([3; 32]), &given));
        assert!(!is_genuine(&keys, &other, 0, &Hash([3; 32]), &given));
        assert!(!is_genuine(&keys, &document, 1, &Hash([3; 32]), &given));
        assert!(!is_genuine(&keys, &document, 0, &Hash([4; 32]), &given));
        let elsewhere = Keys::generate(&SeededEnv::new(2, 0));
        assert!(!is_genuine(&elsewhere, &document, 0, &Hash([3; 32]), &given));
    }
}
