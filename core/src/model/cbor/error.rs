//! What can be wrong with bytes that claim to be deterministic CBOR.

/// Why bytes were refused; `at` counts bytes from the start of what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    #[error("the bytes end before the value does, at byte {at}")]
    Truncated { at: usize },
    #[error("bytes follow after the end of the value, from byte {at}")]
    Trailing { at: usize },
    #[error(
        "byte {at}: not the deterministic form (shortest heads, definite lengths, ascending keys, nothing absent written)"
    )]
    NotCanonical { at: usize },
    #[error("byte {at}: expected {expected}")]
    WrongType { at: usize, expected: &'static str },
    #[error("byte {at}: text is not UTF-8")]
    NotUtf8 { at: usize },
    #[error("byte {at}: the value is out of the range of {expected}")]
    OutOfRange { at: usize, expected: &'static str },
    #[error("byte {at}: nested deeper than {limit} levels")]
    TooDeep { at: usize, limit: usize },
    #[error("byte {at}: more than {limit} unknown keys in one map")]
    TooManyExtras { at: usize, limit: usize },
    #[error("key {key} is required and missing")]
    Missing { key: u64 },
    #[error("{bytes} bytes are more than the {limit} that one value may have")]
    TooLarge { bytes: usize, limit: usize },
}

impl CborError {
    /// Stable name of the error, for logs, verdicts and the words shown.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "cbor_truncated",
            Self::Trailing { .. } => "cbor_trailing",
            Self::NotCanonical { .. } => "cbor_not_canonical",
            Self::WrongType { .. } => "cbor_wrong_type",
            Self::NotUtf8 { .. } => "cbor_not_utf8",
            Self::OutOfRange { .. } => "cbor_out_of_range",
            Self::TooDeep { .. } => "cbor_too_deep",
            Self::TooManyExtras { .. } => "cbor_too_many_extras",
            Self::Missing { .. } => "cbor_missing_key",
            Self::TooLarge { .. } => "cbor_too_large",
        }
    }
}
