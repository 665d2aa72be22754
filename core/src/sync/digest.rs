//! One number that two sides with the same data share: the sum modulo 2^128 of a term for each document and each
//! office record.
//!
//! A sum does not mind the order, and is kept step by step: subtract the old term of what changed, add the new one.
//! So both sides keep it as they write, per client and per part of the scope, and comparing costs nothing. Where the
//! sums differ, bucket sums and then (name, fingerprint) find what differs ([`super::wire::digest`]).
//!
//! A term is the first 16 bytes of SHA-256, big-endian, over a domain byte and fields of fixed length or with their
//! length (4 bytes, big-endian) before them:
//!
//! - document: `'d'`, id (16), generation (4), effective territory (16; zeros: none), alias (16; zeros: none), number of
//!   heads (4), acknowledged heads in ascending order (32 each);
//! - office record: `'o'`, kind, source, key (each with its length), SHA-256 of the value's bytes. A tombstone has no
//!   term.

use std::ops::{AddAssign, SubAssign};

use automerge::ChangeHash;
use sha2::{Digest, Sha256};

use super::wire::{DigestBytes, Fingerprint};
use crate::model::{ClientId, DocumentId, TerritoryId};

/// A term, or a sum of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Sum(pub u128);

/// What a document's term is made of.
#[derive(Debug, Clone, Copy)]
pub struct DocumentTerm<'a> {
    pub document: DocumentId,
    pub generation: u32,
    /// The one that decides who sees it: while merged, the kept client's.
    pub territory: Option<TerritoryId>,
    pub alias_of: Option<ClientId>,
    /// Acknowledged, ascending.
    pub heads: &'a [ChangeHash],
}

impl DocumentTerm<'_> {
    pub fn sum(&self) -> Sum {
        debug_assert!(self.heads.is_sorted());
        let mut hash = Sha256::new();
        hash.update(b"d");
        hash.update(self.document.as_bytes());
        hash.update(self.generation.to_be_bytes());
        hash.update(self.territory.as_ref().map_or(&[0; 16], TerritoryId::as_bytes));
        hash.update(self.alias_of.as_ref().map_or(&[0; 16], ClientId::as_bytes));
        hash.update((self.heads.len() as u32).to_be_bytes());
        self.heads.iter().for_each(|head| hash.update(head.0));
        first_16(hash)
    }
}

/// An office record's term; nought for a tombstone.
pub fn office_term(kind: &str, source: &str, key: &str, value: Option<&[u8]>) -> Sum {
    let Some(value) = value else { return Sum::default() };
    let mut hash = Sha256::new();
    hash.update(b"o");
    office_name_into(&mut hash, kind, source, key);
    hash.update(Sha256::digest(value));
    first_16(hash)
}

/// By what name an office record goes in a digest: 8 bytes of SHA-256 over `'n'` and kind, source, key, each with its
/// length before it.
pub fn office_name(kind: &str, source: &str, key: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(b"n");
    office_name_into(&mut hash, kind, source, key);
    first_16(hash).fingerprint()
}

/// The bucket of a document: the last byte of its id, since the first ones are time.
pub fn document_bucket(document: &DocumentId) -> u8 {
    document.as_bytes()[15]
}

/// The bucket of an office record: the first byte of its name.
pub fn office_bucket(name: &Fingerprint) -> u8 {
    name.0[0]
}

fn office_name_into(hash: &mut Sha256, kind: &str, source: &str, key: &str) {
    for text in [kind, source, key] {
        hash.update((text.len() as u32).to_be_bytes());
        hash.update(text);
    }
}

fn first_16(hash: Sha256) -> Sum {
    let hash: [u8; 32] = hash.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    Sum(u128::from_be_bytes(first))
}

impl Sum {
    pub fn to_bytes(self) -> DigestBytes {
        DigestBytes(self.0.to_be_bytes())
    }

    pub fn from_bytes(bytes: DigestBytes) -> Self {
        Self(u128::from_be_bytes(bytes.0))
    }

    /// The first 8 bytes: enough to see that one item differs.
    pub fn fingerprint(self) -> Fingerprint {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0.to_be_bytes()[..8]);
        Fingerprint(first)
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, term: Self) {
        self.0 = self.0.wrapping_add(term.0);
    }
}

impl SubAssign for Sum {
    fn sub_assign(&mut self, term: Self) {
        self.0 = self.0.wrapping_sub(term.0);
    }
}

impl rusqlite::ToSql for Sum {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::from(self.0.to_be_bytes().to_vec()))
    }
}

impl rusqlite::types::FromSql for Sum {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        DigestBytes::column_result(value).map(Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(heads: &[ChangeHash]) -> DocumentTerm<'_> {
        DocumentTerm {
            document: DocumentId::from_bytes([1; 16]),
            generation: 0,
            territory: Some(TerritoryId::from_bytes([2; 16])),
            alias_of: None,
            heads,
        }
    }

    #[test]
    fn terms_are_pinned() {
        let heads = [ChangeHash([3; 32]), ChangeHash([4; 32])];
        insta::assert_snapshot!(format!(
            "document {:032x}\noffice {:032x}\nname {:?}",
            document(&heads).sum().0,
            office_term("due", "erp", "F-2026/7", Some(&[0xa0])).0,
            office_name("due", "erp", "F-2026/7"),
        ));
    }

    #[test]
    fn every_field_of_a_term_counts() {
        let heads = [ChangeHash([3; 32])];
        let base = document(&heads);
        let zero = TerritoryId::from_bytes([0; 16]);
        let others = [
            DocumentTerm { document: DocumentId::from_bytes([9; 16]), ..base },
            DocumentTerm { generation: 1, ..base },
            DocumentTerm { territory: None, ..base },
            DocumentTerm { alias_of: Some(ClientId::from_bytes([2; 16])), ..base },
            DocumentTerm { heads: &[], ..base },
        ];
        for other in others {
            assert_ne!(other.sum(), base.sum());
        }
        // No territory reads as zeros: an id of zeros is no territory's.
        assert_eq!(
            DocumentTerm { territory: Some(zero), ..base }.sum(),
            DocumentTerm { territory: None, ..base }.sum()
        );
        let office = |kind, key| office_term(kind, "", key, Some(&[1]));
        assert_ne!(office("ab", "c"), office("a", "bc"));
        assert_eq!(office_term("a", "", "b", None), Sum::default());
    }

    #[test]
    fn a_sum_kept_step_by_step_is_the_sum_of_what_is_there() {
        let terms: Vec<_> = (0..50u8).map(|n| office_term("k", "", "x", Some(&[n]))).collect();
        let mut kept = Sum::default();
        terms.iter().for_each(|term| kept += *term);
        terms[..49].iter().for_each(|term| kept -= *term);
        assert_eq!(kept, terms[49]);
        assert_eq!(Sum::from_bytes(kept.to_bytes()), kept);
    }
}
