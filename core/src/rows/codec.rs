//! How hashes and profile values stand in a column.

use automerge::ChangeHash;

use super::RowsError;
use crate::document::FieldValue;

pub(super) fn hashes_to_blob(hashes: &[ChangeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

pub(super) fn hashes_from_blob(blob: &[u8]) -> rusqlite::Result<Vec<ChangeHash>> {
    let (hashes, rest) = blob.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(rusqlite::types::FromSqlError::InvalidBlobSize {
            expected_size: 32,
            blob_size: rest.len(),
        }
        .into());
    }
    Ok(hashes.iter().map(|hash| ChangeHash(*hash)).collect())
}

/// A profile value: a letter for its type, then its bytes; integers big-endian.
pub(crate) fn value_to_blob(value: &FieldValue) -> Vec<u8> {
    let tagged = |tag: u8, bytes: &[u8]| [&[tag], bytes].concat();
    match value {
        FieldValue::Text(text) => tagged(b't', text.as_bytes()),
        FieldValue::Int(int) => tagged(b'i', &int.to_be_bytes()),
        FieldValue::Bool(bool) => tagged(b'b', &[u8::from(*bool)]),
        FieldValue::Timestamp(ms) => tagged(b'm', &ms.to_be_bytes()),
        FieldValue::Cbor(bytes) => tagged(b'c', bytes),
    }
}

pub(super) fn value_from_blob(blob: &[u8]) -> Result<FieldValue, RowsError> {
    let int = |bytes: &[u8]| bytes.try_into().ok().map(i64::from_be_bytes);
    let read = match blob {
        [b't', text @ ..] => std::str::from_utf8(text).ok().map(|text| FieldValue::Text(text.to_owned())),
        [b'i', bytes @ ..] => int(bytes).map(FieldValue::Int),
        [b'b', bool] => Some(FieldValue::Bool(*bool != 0)),
        [b'm', bytes @ ..] => int(bytes).map(FieldValue::Timestamp),
        [b'c', bytes @ ..] => Some(FieldValue::Cbor(bytes.to_vec())),
        _ => None,
    };
    read.ok_or(RowsError::Corrupt("a profile value cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_with_their_type() {
        for value in [
            FieldValue::Text("Bar Ñandú".into()),
            FieldValue::Int(-7),
            FieldValue::Bool(true),
            FieldValue::Timestamp(1_790_000_000_000),
            FieldValue::Cbor(vec![0xa0]),
        ] {
            assert_eq!(value_from_blob(&value_to_blob(&value)).unwrap(), value);
        }
        assert!(value_from_blob(&[]).is_err());
    }
}
